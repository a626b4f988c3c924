/* Holding the lease: taking it, keeping it, giving it away.
 *
 * The lock is the right; the wake-up socket and the heartbeat row only tell others.  Whoever finds
 * that the locked file is no longer the one at its path stops acting at once. */
#include "app/session_state.h"

#include <string.h>
#include <unistd.h>

bool
session_holds(const struct session *session)
{
	return session->desk != NULL && desk_is_holder(session->desk);
}

static void
on_wake(void *self)
{
	struct session *session = self;

	desk_wake(session->desk);
}

/* Only who has no person in front of it gives way, and only to a screen. */
static void
on_yield(void *self, const char *kind, int64_t pid)
{
	struct session *session = self;

	(void)pid;
	if (session->is_headless && strcmp(kind, "screen") == 0)
		session->is_yield_wanted = true;
}

/* A lost heartbeat is written again a moment later. */
static enum status
beat(struct session *session, bool is_released, struct error *err)
{
	struct heartbeat row = {
		.pid = getpid(), .started_at_ms = session->started_at_ms, .beat_at_ms = clock_wall_ms(),
		.beat_mono_ms = clock_mono_ms(), .watched = (int64_t)desk_watched_count(session->desk),
		.stale = (int64_t)desk_stale_count(session->desk),
		.unseen = (int64_t)desk_unseen_count(session->desk),
		.is_released = is_released,
	};
	struct feed_status feed = { 0 };

	text_copy(row.kind, sizeof row.kind, session->kind);
	text_copy(row.boot_id, sizeof row.boot_id, session->boot_id);
	if (gethostname(row.host, sizeof row.host - 1) != 0)
		row.host[0] = '\0';
	if (session->feed != NULL) {
		session->feed->ops->status(session->feed, &feed);
		text_copy(row.feed, sizeof row.feed, feed.id);
	}
	enum status status = store_begin(session->store, err);
	if (status != STATUS_OK)
		return status;
	status = store_heartbeat_save(session->store, &row, err);
	if (status == STATUS_OK)
		return store_commit(session->store, err);
	store_rollback(session->store);
	return status;
}

/* Once for each trouble, and on the screen again and again: it must not fade. */
static void
say_trouble(struct session *session, const char *trouble)
{
	bool is_new = strcmp(session->hold_trouble, trouble) != 0;

	text_copy(session->hold_trouble, sizeof session->hold_trouble, trouble);
	if (is_new)
		logfile_write(session->log, LOGFILE_ERROR, "%s", trouble);
	if (is_new && session->say != NULL)
		session->say(session->say_self, trouble);
	if (session->screen != NULL)
		session->screen->refuse_suspend(session->screen->self, trouble);
}

/* What can't be written is said: others will take this holder for one that hangs. */
static void
keep_beating(struct session *session, int64_t now_us)
{
	enum { BUSY_AGAIN_US = 50000, TROUBLE_AGAIN_US = 1000000 };
	struct error err = { 0 };
	enum status status = beat(session, false, &err);

	if (status == STATUS_OK || status == STATUS_BUSY) {
		session->next_beat_us = now_us + (status == STATUS_OK ? HEARTBEAT_MS * 1000 : BUSY_AGAIN_US);
	} else {
		session->next_beat_us = now_us + TROUBLE_AGAIN_US;
		session->is_beat_lost = true;
		say_trouble(session, err.message);
	}
	if (status != STATUS_OK || !desk_is_quiet(session->desk))
		return;
	(void)store_reserve_keep(session->store);   /* given up for an exit, it is wanted again */
	if (session->is_beat_lost)
		say_trouble(session, "the database can be written again");
	session->is_beat_lost = false;
}

enum status
session_take(struct session *session, struct error *err)
{
	static const int64_t soon_us = 20000;
	struct wake_listener listener = { .self = session, .on_wake = on_wake, .on_yield = on_yield };

	if (session_holds(session))
		return STATUS_OK;
	enum status status = lease_try(&session->lease, session->kind, err);
	session->has_waited = session->has_waited || status == STATUS_BUSY;
	if (status != STATUS_OK)
		return status;
	/* A knock only saves the wait until the next look: a folder without sockets keeps nobody from
	 * watching stops. */
	struct error deaf = { 0 };
	if (wake_open(session->db_path, &listener, &session->wake, &deaf) != STATUS_OK) {
		session->wake = NULL;
		logfile_error(session->log, "nobody can knock", &deaf);
	}
	status = session_tape_catch_up(session, err);
	if (status == STATUS_OK)
		status = desk_take_hold(session->desk, err);
	if (status != STATUS_OK) {
		wake_close(session->wake);
		session->wake = NULL;
		lease_release(&session->lease);
		return status;
	}
	session->is_yield_wanted = false;
	session->hold_trouble[0] = '\0';
	logfile_write(session->log, LOGFILE_INFO, "%s holds the lease, %zu operation(s)", session->kind,
	              desk_watched_count(session->desk));
	/* A screen that has just started shows its first frame before it waits for a disk that may be busy:
	 * its stops are watched already, and the lease is the kernel's lock.  The row tells others. */
	bool is_starting = !session->is_headless && session->next_beat_us == 0;
	session->counted = (int64_t)desk_watched_count(session->desk);
	session->next_beat_us = clock_mono_us() +
	                        (!is_starting && beat(session, false, NULL) == STATUS_OK ? HEARTBEAT_MS * 1000 : soon_us);
	return STATUS_OK;
}

static void
let_go(struct session *session)
{
	desk_release_hold(session->desk);
	if (lease_still_ours(&session->lease))   /* else the row may be the next holder's already */
		(void)beat(session, true, NULL); /* lost: the next holder's beat, or our end, says it too */
	wake_close(session->wake);
	session->wake = NULL;
	lease_release(&session->lease);
	session->is_yield_wanted = false;
	session->next_try_us = clock_mono_us() + YIELD_GRACE_US;
}

/* What was begun is ended first, within a moment: an order that the paper exchange has and has not
 * answered dies with its process. */
void
session_give(struct session *session)
{
	int64_t deadline = clock_mono_us() + SETTLE_US;

	while (session_holds(session) && !desk_is_quiet(session->desk) && clock_mono_us() < deadline)
		session_turn(session, deadline);
	if (session_holds(session))
		let_go(session);
}

void
session_keep(struct session *session, int64_t now_us)
{
	if (now_us >= session->next_look_us) {
		int64_t changes = store_change_count(session->store);
		session->next_look_us = now_us + LOOK_US;
		if (store_is_gone(session->store)) {
			/* Whoever opens what is at the path now may have the lease: it is not this book's. */
			if (session_holds(session))
				let_go(session);
			session->is_book_gone = true;
			say_trouble(session, "the database was removed or replaced: nothing is watched or written here any more; "
			            "put it back, or end this Robson and start it again");
		} else if (session->is_book_gone) {
			session->is_book_gone = false;
			session->hold_trouble[0] = '\0';
		}
		if (changes != session->seen_changes) {
			desk_wake(session->desk);
			session_look_on(session);
		}
		session->seen_changes = changes;
	}
	if (!session_holds(session))
		return;
	/* Somebody replaced the file: two may hold now, so this one does not. */
	if (!lease_still_ours(&session->lease)) {
		let_go(session);
		say_trouble(session, "the file of the lease was removed or replaced: this process stops acting until it has the new one");
		return;
	}
	int64_t count = (int64_t)desk_watched_count(session->desk);
	if (count != session->counted)   /* others see at once that something more is watched */
		session->next_beat_us = now_us;
	session->counted = count;
	if (now_us >= session->next_beat_us)
		keep_beating(session, now_us);
}

void
session_want(struct session *session, int64_t now_us)
{
	struct error err = { 0 };

	if (session_holds(session) || now_us < session->next_try_us || session->options.is_readonly)
		return;
	if (store_is_gone(session->store)) {
		session->next_try_us = now_us + LEASE_TRY_US;
		return;
	}
	enum status status = session_take(session, &err);
	if (status == STATUS_OK)
		return;
	if (status == STATUS_BUSY)
		text_copy(session->hold_trouble, sizeof session->hold_trouble, err.message);
	else
		say_trouble(session, err.message);
	/* A screen asks a headless holder to give way, and tries often while it may be doing so.  Another
	 * one may have been faster, or the holder may have lost its terminal since: it is asked again. */
	if (!session->is_headless) {
		struct lease_note note = { 0 };
		if (!lease_read_note(&session->lease, &note))
			note.pid = 0;
		if (session->asked_us == 0 || note.pid != session->asked_pid ||
		    now_us >= session->asked_us + LEASE_ASK_AGAIN_US) {
			session->asked_us = now_us;
			session->asked_pid = note.pid;
			if (wake_ask_yield(session->db_path, session->kind, &err) != STATUS_OK)
				text_copy(session->hold_trouble, sizeof session->hold_trouble, err.message);
		}
	}
	bool is_soon = !session->is_headless && now_us < session->asked_us + LEASE_ASK_FOR_US;
	session->next_try_us = now_us + (is_soon ? LEASE_ASK_US : LEASE_TRY_US);
}
