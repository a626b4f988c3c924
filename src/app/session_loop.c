/* The loop: one thread, one pselect, on one page.
 *
 *   wait for: terminal, network, wake-up socket, signals, the nearest deadline
 *   then:     feed -> stops -> orders -> wishes -> keys -> paint
 *
 * Nothing that is called here waits, except the durable commit. */
#include "app/session_state.h"

#include <errno.h>
#include <signal.h>

static volatile sig_atomic_t signals_seen[SIGNAL_KINDS];

static const struct { int number; enum session_signal kind; } caught[] = {
	{ SIGTERM, SIGNAL_END },   { SIGINT, SIGNAL_END },     { SIGHUP, SIGNAL_HANGUP },
	{ SIGWINCH, SIGNAL_RESIZE }, { SIGTSTP, SIGNAL_STOP }, { SIGCONT, SIGNAL_CONTINUE },
};

static void
note_signal(int number)
{
	for (size_t i = 0; i < ARRAY_LEN(caught); i++)
		if (caught[i].number == number)
			signals_seen[caught[i].kind] = 1;
}

void
session_catch_signals(void)
{
	struct sigaction action = { .sa_handler = note_signal };
	sigset_t blocked;

	sigemptyset(&action.sa_mask);
	sigemptyset(&blocked);
	for (size_t i = 0; i < ARRAY_LEN(caught); i++) {
		sigaction(caught[i].number, &action, NULL);
		sigaddset(&blocked, caught[i].number);
	}
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
}

bool
session_signal_take(enum session_signal which)
{
	bool seen = signals_seen[which] != 0;

	signals_seen[which] = 0;
	return seen;
}

void
session_turn(struct session *session, int64_t deadline_us)
{
	struct wait wait;
	int64_t now = clock_mono_us();

	wait_init(&wait);
	wait_until(&wait, deadline_us);
	wait_until(&wait, session->next_look_us);
	desk_prepare(session->desk, &wait, now);
	if (session_holds(session))
		wait_until(&wait, session->next_beat_us);
	struct wait_source wake = { 0 };
	if (session->wake != NULL) {
		wake = wake_source(session->wake);
		wake.prepare(wake.self, &wait, now);
	}
	struct wait_source notify = { 0 };
	if (session->notify != NULL) {
		notify = notify_source(session->notify);
		notify.prepare(notify.self, &wait, now);
	}
	if (session->screen != NULL)
		session->screen->source.prepare(session->screen->source.self, &wait, now);

	int64_t left = wait.deadline_mono_us > now ? wait.deadline_mono_us - now : 0;
	struct timespec timeout = { .tv_sec = (time_t)(left / 1000000), .tv_nsec = (long)(left % 1000000) * 1000 };
	sigset_t open;
	sigemptyset(&open);
	if (pselect(wait.max_fd + 1, &wait.read, &wait.write, &wait.except, &timeout, &open) < 0)
		wait_init(&wait);   /* a signal, or a descriptor that closed: nothing is ready */

	now = clock_mono_us();
	if (session->wake != NULL)
		wake.dispatch(wake.self, &wait, now);
	desk_dispatch(session->desk, &wait, now);
	session_keep(session, now);
	if (session->notify != NULL)
		notify.dispatch(notify.self, &wait, now);
	if (session->screen != NULL) {
		session->screen->source.dispatch(session->screen->source.self, &wait, now);
		session->screen->tick(session->screen->self, clock_mono_us());
	}
}
