/* The monitor without a screen: waits for the lease, watches, gives way to a screen, waits again. */
#include "app/session_state.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>

static void say(struct session *session, const char *format, ...) PRINTF_LIKE(2, 3);

static void
say(struct session *session, const char *format, ...)
{
	char line[512];
	va_list args;

	if (session->say == NULL)
		return;
	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	session->say(session->say_self, line);
}

/* What is open and not watched here is said one by one: somebody has to watch it elsewhere. */
static void
say_foreign(struct session *session)
{
	const struct operation *op;

	for (size_t n = 0; (op = desk_foreign(session->desk, n)) != NULL; n++)
		say(session, "operation %lld is judged on %s: not watched here", (long long)op->id, op->feed);
}

/* While another holds the lease nothing is watched here: a tape is not played, no price is asked. */
static void
wait_for_lease(struct session *session, bool *ret_said)
{
	int64_t now = clock_mono_us();

	session_want(session, now);
	if (session_holds(session)) {
		*ret_said = false;
		say(session, "watching %zu operation(s) on %s", desk_watched_count(session->desk), session->settings.feed.source);
		say_foreign(session);
		return;
	}
	if (!*ret_said) {
		struct holder_model holder;
		session_watcher(session, &holder);
		if (holder.is_held)
			say(session, "%s %lld holds the lease: waiting for it", holder.kind, (long long)holder.pid);
		else
			say(session, "waiting for the lease");
		*ret_said = true;
	}
	sigset_t open;
	int64_t left = session->next_try_us - now;
	if (left > LEASE_TRY_US)
		left = LEASE_TRY_US;
	struct timespec timeout = { .tv_nsec = (long)(left > 0 ? left : 0) * 1000 };
	sigemptyset(&open);
	pselect(0, NULL, NULL, NULL, &timeout, &open);
}

static bool
is_over(struct session *session)
{
	struct feed_status feed = { 0 };

	session->feed->ops->status(session->feed, &feed);
	return feed.is_ended && desk_is_quiet(session->desk);
}

enum status
session_monitor(struct session *session, bool until_flat, void (*say_line)(void *self, const char *line), void *self,
                struct error *err)
{
	bool said = false, has_held = false;
	struct feed_status feed = { 0 };

	session->say = say_line;
	session->say_self = self;
	if (session->options.is_readonly)
		return error_set(err, STATUS_REFUSED, "--readonly looks and never acts: it can't watch stops");
	session_catch_signals();
	while (!session_signal_take(SIGNAL_END)) {
		(void)session_signal_take(SIGNAL_HANGUP);   /* the line is gone: go on without it */
		if (session->is_book_gone || (!session_holds(session) && store_is_gone(session->store))) {
			session_give(session);
			return error_set(err, STATUS_IO, "%s was removed or replaced: start the monitor again", session->db_path);
		}
		if (!session_holds(session)) {
			if (has_held && until_flat)
				break;
			wait_for_lease(session, &said);
			continue;
		}
		has_held = true;
		session_turn(session, INT64_MAX);
		if (session->is_yield_wanted && desk_is_quiet(session->desk)) {
			say(session, "a screen asked for the lease: giving it");
			session_give(session);
		}
		if (until_flat && desk_watched_count(session->desk) == 0 && desk_open_orders(session->desk) == 0 &&
		    desk_is_quiet(session->desk)) {
			say(session, "nothing is left to watch");
			break;
		}
		session->feed->ops->status(session->feed, &feed);
		bool is_idle = desk_watched_count(session->desk) == 0 && desk_open_orders(session->desk) == 0 &&
		               desk_is_quiet(session->desk);
		if (is_over(session)) {
			say(session, "the tape has ended%s%s", feed.trouble[0] != '\0' ? ": " : "", feed.trouble);
			if (feed.trouble[0] == '\0')
				break;
			session_give(session);
			return error_set(err, STATUS_INVALID, "%s", feed.trouble);
		}
		if (session->is_tape_max && is_idle) {   /* it stands still while nothing is watched */
			say(session, "nothing is open: the rest of the tape is not played");
			break;
		}
	}
	session_give(session);
	return STATUS_OK;
}
