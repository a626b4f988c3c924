/* The screen's process: it holds the lease while somebody looks, and watches on when the line is
 * gone. */
#include "app/session_state.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Ctrl-Z: the lease is given away first.  If nobody else takes it while something is open, the
 * screen stays: a stopped process watches nothing. */
static void
suspend(struct session *session)
{
	const struct session_screen *screen = session->screen;
	bool held = session_holds(session), open = desk_watched_count(session->desk) > 0;
	struct error err = { 0 };

	session_give(session);
	if (held && open) {
		int64_t until = clock_mono_us() + 500000;
		while (clock_mono_us() < until)
			session_turn(session, until);
		if (session_take(session, &err) == STATUS_OK) {
			screen->refuse_suspend(screen->self, "nobody else would watch the open operations: start robson monitor first");
			return;
		}
	}
	screen->suspend(screen->self);
	raise(SIGSTOP);
	(void)session_signal_take(SIGNAL_CONTINUE);
	screen->resume(screen->self);
	session->next_try_us = session->asked_us = 0;
}

/* The person leaves and wants the stops watched: a monitor of its own takes over, in a session of its
 * own, so that the shell's end does not reach it. */
static enum status
leave_monitor(struct session *session, struct error *err)
{
	char client[32], from[32], feed[SETTING_TEXT_SIZE];
	const char *argv[24];
	size_t count = 0;

	text_format(client, sizeof client, "%lld", (long long)session->options.client_id);
	text_format(from, sizeof from, "%lld", (long long)desk_now_ms(session->desk));
	text_copy(feed, sizeof feed, session->settings.feed.source);
	argv[count++] = "robson";
	argv[count++] = "--db", argv[count++] = session->db_path;
	argv[count++] = "--client-id", argv[count++] = client;
	argv[count++] = "--feed", argv[count++] = feed;
	if (session->options.config != NULL)
		argv[count++] = "--config", argv[count++] = session->options.config;
	if (session->options.exchange_url != NULL)
		argv[count++] = "--exchange-url", argv[count++] = session->options.exchange_url;
	if (strncmp(feed, "replay:", 7) == 0)
		argv[count++] = "--tape-from", argv[count++] = from;
	argv[count++] = "monitor";
	argv[count++] = "--until-flat";
	argv[count] = NULL;

	char **environment = session_environment(session);
	if (environment == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory for a monitor");
	pid_t child = fork();
	if (child != 0)
		free(environment);
	if (child < 0)
		return error_set(err, STATUS_IO, "no process for a monitor could be made");
	if (child > 0)
		return STATUS_OK;
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	int null = open("/dev/null", O_RDWR);
	if (null >= 0) {
		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
	}
	union { const char **given; char *const *wanted; } arguments = { .given = argv };
	execve("/proc/self/exe", arguments.wanted, environment);
	_exit(70);
}

/* Waits, for a moment, until the monitor has the lease: then leaving is safe. */
static bool
hand_over(struct session *session)
{
	struct error err = { 0 };
	struct holder_model holder;
	int64_t until = clock_mono_us() + 3000000;

	session_give(session);
	if (leave_monitor(session, &err) != STATUS_OK)
		return false;
	while (clock_mono_us() < until) {
		session_turn(session, clock_mono_us() + 50000);
		holder_read(session->store, &holder);
		if (holder.is_held && holder.pid != getpid())
			return true;
	}
	return false;
}

/* Without a terminal: until a screen asks for the lease, or nothing is left to watch. */
static void
watch_on(struct session *session)
{
	session->screen = NULL;
	session->is_headless = true;
	while (session_holds(session)) {
		if (session_signal_take(SIGNAL_END))
			break;
		if (session->is_yield_wanted && desk_is_quiet(session->desk))
			break;
		if (desk_watched_count(session->desk) == 0 && desk_open_orders(session->desk) == 0 && desk_is_quiet(session->desk))
			break;
		session_turn(session, INT64_MAX);
	}
	session_give(session);
}

enum status
session_run_screen(struct session *session, const struct session_screen *screen, struct error *err)
{
	(void)err;
	session->screen = screen;
	session_catch_signals();
	session_want(session, clock_mono_us());   /* re-armed before the first frame */
	for (;;) {
		session_turn(session, session_holds(session) ? INT64_MAX : session->next_try_us);
		session_want(session, clock_mono_us());
		if (session_signal_take(SIGNAL_RESIZE))
			screen->resized(screen->self);
		if (session_signal_take(SIGNAL_CONTINUE))
			screen->resume(screen->self);
		if (session_signal_take(SIGNAL_STOP))
			suspend(session);
		if (session_signal_take(SIGNAL_HANGUP) || screen->is_lost(screen->self)) {
			screen->let_go(screen->self);
			watch_on(session);
			return STATUS_OK;
		}
		if (screen->wants_headless(screen->self)) {
			if (!session_holds(session) || hand_over(session))
				break;
			session->next_try_us = 0;
			screen->refuse_suspend(screen->self, "no monitor could take over: the screen stays");
			continue;
		}
		if (screen->wants_quit(screen->self) || session_signal_take(SIGNAL_END))
			break;
	}
	session_give(session);
	session->screen = NULL;   /* its owner closes it now */
	return STATUS_OK;
}
