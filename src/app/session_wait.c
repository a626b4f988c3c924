/* Waiting for commands: the loop turns until what was asked for is so. */
#include "app/session_state.h"

static bool
never(void *self)
{
	(void)self;
	return false;
}

enum status
session_wait(struct session *session, bool (*done)(void *self), void *self, int64_t timeout_ms)
{
	int64_t deadline = clock_mono_us() + timeout_ms * 1000;

	while (!done(self)) {
		if (clock_mono_us() >= deadline)
			return STATUS_UNAVAILABLE;
		session_turn(session, deadline);
	}
	return STATUS_OK;
}

enum status
session_retry(struct session *session, enum status (*again)(void *self, struct error *err), void *self,
              struct error *err)
{
	int64_t deadline = clock_mono_us() + BUSY_WAIT_MS * 1000;
	enum status status;

	while ((status = again(self, err)) == STATUS_BUSY && clock_mono_us() < deadline)
		if (session_wait(session, never, NULL, 5) == STATUS_OK)
			break;
	return status;
}

enum status
session_wait_facts(struct session *session, const char *symbol, int64_t timeout_ms, struct error *err)
{
	int64_t deadline = clock_mono_us() + timeout_ms * 1000;
	struct feed_status feed = { 0 };

	enum status status = desk_watch(session->desk, symbol, err);
	if (status != STATUS_OK)
		return status;
	for (;;) {
		char name[SYMBOL_SIZE];
		if ((status = symbol_parse(symbol, name, err)) != STATUS_OK)
			return status;
		status = desk_facts(session->desk, name, err);
		session->feed->ops->status(session->feed, &feed);
		if (status != STATUS_UNAVAILABLE || feed.is_ended || clock_mono_us() >= deadline)
			return status;
		session_turn(session, deadline);
	}
}

enum status
session_wait_account(struct session *session, const char *symbol, int64_t timeout_ms, struct error *err)
{
	int64_t deadline = clock_mono_us() + timeout_ms * 1000;
	enum status status;

	while ((status = desk_account(session->desk, symbol, err)) == STATUS_UNAVAILABLE &&
	       session->live != NULL && clock_mono_us() < deadline)
		session_turn(session, deadline);
	return status;
}

/* Nobody took it: take it back, so that it is not acted on after its asker has gone. */
static enum status
give_up(struct session *session, int64_t wish, struct error *err)
{
	struct holder_model holder;
	struct error ignored = { 0 };
	enum status status;
	int64_t deadline = clock_mono_us() + BUSY_WAIT_MS * 1000;

	while ((status = desk_wish_withdraw(session->desk, wish, &ignored)) == STATUS_BUSY && clock_mono_us() < deadline)
		if (session_wait(session, never, NULL, 5) == STATUS_OK)
			break;
	session_watcher(session, &holder);
	if (status != STATUS_OK) {
		error_set(err, STATUS_UNKNOWN, "the wish was taken and has not ended yet: its outcome is not known");
		error_hint(err, "robson log shows what came of it");
		err->retryable = true;
		return STATUS_UNKNOWN;
	}
	error_set(err, STATUS_UNAVAILABLE, "nobody acted in time: the lease is held by %s %lld%s; the wish was withdrawn",
	          holder.kind, (long long)holder.pid, holder.is_hung ? ", which hangs" : "");
	error_hint(err, "robson doctor shows who holds the lease");
	err->retryable = true;
	return STATUS_UNAVAILABLE;
}

/* Whoever holds the lease lives and does not act: waiting longer only keeps the person from acting. */
static bool
is_in_vain(struct session *session)
{
	struct holder_model holder;

	if (session_holds(session))
		return false;
	session_watcher(session, &holder);
	return holder.is_held && holder.is_hung;
}

enum status
session_wait_wish(struct session *session, int64_t wish, int64_t timeout_ms, struct error *err)
{
	int64_t began = clock_mono_us(), deadline = began + timeout_ms * 1000, look = began + HUNG_PATIENCE_US;
	struct error outcome = { 0 }, ignored = { 0 };
	enum wish_state state = WISH_WAITING;

	if (!session_holds(session) && wake_knock(session->db_path, &ignored) == STATUS_OK)
		session->next_try_us = clock_mono_us() + 20000;   /* somebody listens: give it a moment */
	for (;;) {
		enum status status = desk_wish_look(session->desk, wish, &state, &outcome, err);
		if (status != STATUS_OK && status != STATUS_BUSY)
			return status;
		if (status == STATUS_OK && state == WISH_DONE) {
			*err = outcome;
			return outcome.status;
		}
		if (status == STATUS_OK && state == WISH_LAPSED)
			return error_set(err, STATUS_UNAVAILABLE, "the wish lapsed before anybody acted on it");
		int64_t now = clock_mono_us();
		if (session->is_book_gone)
			return error_set(err, STATUS_IO, "%s was removed or replaced meanwhile: what came of the wish stands in the old one",
			                 session->db_path);
		if (now >= deadline)
			return give_up(session, wish, err);
		if (now >= look) {
			look = now + HUNG_PATIENCE_US / 4;
			if (is_in_vain(session))
				return give_up(session, wish, err);
		}
		if (session->paper != NULL)
			session_want(session, now);
		int64_t next = session_holds(session) ? now + 100000 : now + 10000;
		session_turn(session, next < deadline ? next : deadline);
	}
}
