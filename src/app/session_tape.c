/* Where a tape begins.  Time must not run backwards for what is open: a process that goes on with a
 * book on a tape begins where the book last stood on it, and at the tape's first row otherwise. */
#include "app/session_state.h"

#include <stdlib.h>
#include <string.h>

#include "feed/replay.h"

struct last_time {
	struct session *session;
	char feed[FEED_ID_SIZE];
	int64_t at_ms;                /* the latest moment that the book knows of on this tape */
	bool is_open;                 /* something of it is open */
};

static void
take_later(struct last_time *last, int64_t at_ms)
{
	if (at_ms > last->at_ms)
		last->at_ms = at_ms;
}

static bool
see_operation(void *self, const struct operation *op)
{
	struct last_time *last = self;
	struct price_check check;

	if (strcmp(op->feed, last->feed) != 0)
		return true;
	last->is_open = last->is_open || op->status == OPERATION_ACTIVE;
	take_later(last, op->opened_at_ms);
	take_later(last, op->closed_at_ms);
	if (store_check_find(last->session->store, op->feed, op->symbol, &check, NULL) == STATUS_OK)
		take_later(last, check.checked_at_ms);
	return true;
}

static bool
see_order(void *self, const struct order *order)
{
	struct last_time *last = self;

	if (strcmp(order->feed, last->feed) == 0) {
		last->is_open = true;
		take_later(last, order->changed_at_ms);
	}
	return true;
}

/* 0 if nothing of this tape is open and only what is open counts. */
static enum status
find_last(struct session *session, const char *feed, bool only_if_open, int64_t *ret_ms, struct error *err)
{
	struct last_time last = { .session = session };
	struct operation_query operations = { .has_status = only_if_open, .status = OPERATION_ACTIVE };
	struct order_query orders = { .only_open = true };

	text_copy(last.feed, sizeof last.feed, feed);
	enum status status = store_operations(session->store, &operations, see_operation, &last, err);
	if (status == STATUS_OK)
		status = store_orders(session->store, &orders, see_order, &last, err);
	if (status == STATUS_OK)
		*ret_ms = !only_if_open || last.is_open ? last.at_ms : 0;
	return status;
}

enum status
session_tape_start(struct session *session, const char *path, int64_t *ret_ms, struct error *err)
{
	const char *text = session->options.tape_from;
	bool asked_last = text != NULL && strcmp(text, "last") == 0;
	char feed[FEED_ID_SIZE];

	*ret_ms = 0;
	if (text != NULL && strcmp(text, "start") == 0)
		return STATUS_OK;
	if (text != NULL && !asked_last) {
		if (clock_parse(text, ret_ms) == STATUS_OK)
			return STATUS_OK;
		return error_field(err, STATUS_INVALID, "tape-from",
		                   "'%.60s' is no time: use 2026-01-31T14:00:00Z, milliseconds, start or last", text);
	}
	char *real = realpath(path, NULL);
	if (real == NULL)
		return STATUS_OK;   /* replay_open says what is wrong with it */
	text_format(feed, sizeof feed, "replay:%s", real);
	free(real);
	return find_last(session, feed, !asked_last, ret_ms, err);
}

enum status
session_tape_catch_up(struct session *session, struct error *err)
{
	const char *text = session->options.tape_from;
	struct feed_status feed = { 0 };
	int64_t last_ms;

	if (session->feed == NULL)
		return STATUS_OK;
	/* Who asked for a moment gets it, unless others played meanwhile. */
	if (!session->has_waited && text != NULL && strcmp(text, "last") != 0)
		return STATUS_OK;
	session->feed->ops->status(session->feed, &feed);
	if (!feed.is_replay)
		return STATUS_OK;
	enum status status = find_last(session, feed.id, true, &last_ms, err);
	if (status == STATUS_OK && last_ms > 0)
		replay_seek_to(session->feed, last_ms);
	return status;
}
