/* Wishes: the rows in which others state what they want done on the market (desk_ask.c), and what the
 * holder of the lease makes of them.  It takes the oldest by compare-and-set, begins it, and answers
 * when the book shows how it ended.  A row past its deadline is never acted on: its asker has gone,
 * and the market has moved. */
#include "app/desk_reconcile.h"

#include <stdlib.h>
#include <string.h>

/* How long before its asker gives up a wish that still waits is answered with what is known. */
enum { ANSWER_MARGIN_MS = 300 };

/* One step of a row, in a transaction of its own. */
enum status
wishes_move_row(struct desk *desk, struct request *request, enum request_state to, struct error *err)
{
	enum request_state from = request->state;
	struct request next = *request;

	next.state = to;
	if (to == REQUEST_TAKEN)
		next.taken_at_ms = clock_wall_ms();
	else
		next.done_at_ms = clock_wall_ms();
	enum status status = store_begin(desk->setup.store, err);
	if (status != STATUS_OK)
		return status;
	status = store_request_update(desk->setup.store, &next, from, err);
	if (status == STATUS_OK)
		status = store_commit(desk->setup.store, err);
	else
		store_rollback(desk->setup.store);
	if (status == STATUS_OK)
		*request = next;
	return status;
}

static bool
remember_wish(struct desk *desk, const struct request *request)
{
	if (desk->wish_count == desk->wish_capacity) {
		size_t wanted = desk->wish_capacity == 0 ? 8 : desk->wish_capacity * 2;
		struct open_wish *grown = realloc(desk->wishes, wanted * sizeof *grown);
		if (grown == NULL)
			return false;
		desk->wishes = grown;
		desk->wish_capacity = wanted;
	}
	desk->wishes[desk->wish_count++] = (struct open_wish){ .request = *request };
	return true;
}

/* Of wishes that are one transaction: does the book show what was wanted? */
static bool
wish_is_done(struct desk *desk, const struct request *request, struct error *outcome)
{
	struct operation op;
	bool done = true;

	if (request->kind != REQUEST_MOVE_STOP && request->kind != REQUEST_MOVE_TARGET && request->kind != REQUEST_RELEASE)
		return false;
	enum status status = store_operation_find(desk->setup.store, request->client_id, request->operation_id, &op, outcome);
	if (status != STATUS_OK)
		return true;
	if (request->kind == REQUEST_MOVE_STOP)
		done = decimal_cmp(op.stop_price, request->price) == 0;
	else if (request->kind == REQUEST_MOVE_TARGET)
		done = op.has_target && decimal_cmp(op.target_price, request->price) == 0;
	else
		done = op.status == OPERATION_CANCELLED;
	if (!done)
		error_set(outcome, STATUS_UNAVAILABLE, "operation %lld was not changed: its holder ended first",
		          (long long)op.id);
	return done;
}

/* What a dead holder had taken is judged by what the book shows.  An execution is never begun a second
 * time; what only takes risk away, or has no effect twice, is begun again while its asker waits. */
static bool
may_begin_again(const struct request *request)
{
	return request->kind != REQUEST_EXECUTE && clock_wall_ms() <= request->deadline_at_ms;
}

enum status
wishes_reload(struct desk *desk, struct error *err)
{
	struct request request = { 0 };
	int64_t after = 0;
	enum status status;

	while ((status = store_request_taken(desk->setup.store, after, &request, err)) == STATUS_OK) {
		after = request.id;
		if (!remember_wish(desk, &request))
			return error_set(err, STATUS_NO_MEMORY, "no memory for requests");
		struct open_wish *wish = &desk->wishes[desk->wish_count - 1];
		struct error ignored = { 0 };
		wish->is_begun = !may_begin_again(&request) || wish_is_done(desk, &request, &ignored);
	}
	if (status != STATUS_NOT_FOUND)
		return status;
	error_clear(err);
	desk->are_wishes_due = desk->are_wishes_dirty = true;
	return STATUS_OK;
}

static enum status
begin_close(struct desk *desk, const struct request *request, enum exit_reason reason, int64_t id, struct error *err)
{
	struct operation op;
	struct position *position = desk_position(desk, id);

	enum status status = store_operation_find(desk->setup.store, request->client_id, id, &op, err);
	if (status != STATUS_OK)
		return status;
	if (op.status != OPERATION_ACTIVE || position == NULL)
		return error_set(err, STATUS_NO, "operation %lld is %s already", (long long)id, operation_status_name(op.status));
	if (position->is_foreign)
		return error_set(err, STATUS_NO, "operation %lld is judged on %s, and this is %s: it can't be priced here",
		                 (long long)id, op.feed, desk->feed_id);
	if (position->op.exit_wish.reason != EXIT_NONE)
		return STATUS_OK;   /* its exit is wanted already: this wish waits for the same end */
	if (op.mode == MODE_LIVE && !account_may_act(desk, op.exchange_host, op.account, err))
		return err->status != STATUS_OK ? err->status : STATUS_REFUSED;
	struct market *market = desk_market(desk, op.symbol);
	struct exit_wish wish = { .reason = reason };
	if (desk_is_fresh(desk, market)) {
		wish.bid = market->quote.bid;
		wish.ask = market->quote.ask;
		wish.quote_at_ms = market->quote.at_ms;
	} else if (reason != EXIT_EMERGENCY && op.mode == MODE_DRY_RUN) {
		return error_set(err, STATUS_UNAVAILABLE, "no fresh price of %s to close at", op.symbol);
	}   /* who panics wants out at any price, at the first that comes; an exchange needs none of ours */
	return exit_want(desk, position, &wish, err);
}

static enum status
begin_cancel(struct desk *desk, const char *intent_id, struct error *err)
{
	struct live_order *live = desk_order_of(desk, intent_id, 0, PURPOSE_ENTRY);

	if (live == NULL)
		return error_set(err, STATUS_NO, "nothing of intent %s rests any more", intent_id);
	return orders_want_cancel(desk, live, "", err);
}

static enum status
cancel_entries(struct desk *desk, int64_t client_id, struct error *err)
{
	for (size_t i = 0; i < desk->order_count; i++) {
		const struct order *order = &desk->orders[i]->order;
		if (order->purpose != PURPOSE_ENTRY || order->client_id != client_id || order->is_cancel_wanted)
			continue;
		enum status status = begin_cancel(desk, order->intent_id, err);
		if (status != STATUS_OK && status != STATUS_NO)
			return status;
	}
	return STATUS_OK;
}

/* A pause cancels what rests, whoever set it; the holder looks at every wake-up. */
static void
enforce_pause(struct desk *desk)
{
	struct error err = { 0 };

	for (size_t i = 0; i < desk->order_count; i++) {
		const struct order *order = &desk->orders[i]->order;
		struct book book;
		if (order->purpose != PURPOSE_ENTRY || order->is_cancel_wanted || order->state == ORDER_UNKNOWN)
			continue;
		if (store_book(desk->setup.store, order->client_id, order->mode, &book, &err) != STATUS_OK || !book.is_paused)
			continue;
		enum status status = begin_cancel(desk, order->intent_id, &err);
		if (status == STATUS_BUSY || status == STATUS_IO)
			desk_blocked(desk, &err);
		return;   /* the rest at the next turn */
	}
}

static enum status
begin_panic(struct desk *desk, const struct request *request, struct error *err)
{
	enum status status = cancel_entries(desk, request->client_id, err), first = STATUS_OK;
	int64_t foreign = 0;

	if (status != STATUS_OK)
		return status;
	for (size_t i = 0; i < desk->position_count; i++) {
		struct position *position = desk->positions[i];
		if (position->op.client_id != request->client_id || position->op.exit_wish.reason != EXIT_NONE)
			continue;
		if (position->is_foreign) {
			foreign = position->op.id;
			continue;
		}
		/* One that can't leave yet does not keep the others from leaving. */
		status = begin_close(desk, request, EXIT_EMERGENCY, position->op.id, err);
		if (status == STATUS_BUSY || status == STATUS_IO)
			return status;
		if (status != STATUS_OK)
			first = status;
	}
	if (first == STATUS_OK && foreign != 0)
		return error_set(err, STATUS_NO, "everything on this feed is being closed; operation %lld is judged on another one",
		                 (long long)foreign);
	return first;
}

static enum status
begin(struct desk *desk, struct open_wish *wish, struct error *err)
{
	struct request *request = &wish->request;

	switch (request->kind) {
	case REQUEST_EXECUTE:
		if (request->feed[0] != '\0' && strcmp(request->feed, desk->feed_id) != 0) {
			return error_set(err, STATUS_NO, "the one who holds the lease sees other prices (%s) than you do (%s)",
			                 desk->feed_id, request->feed);
		}
		return execute_begin(desk, request, err);
	case REQUEST_CANCEL_ENTRY:
		return begin_cancel(desk, request->intent_id, err);
	case REQUEST_CLOSE:
		return begin_close(desk, request, EXIT_MANUAL, request->operation_id, err);
	case REQUEST_MOVE_STOP:
		return levels_move_stop(desk, request, err);
	case REQUEST_MOVE_TARGET:
		return levels_move_target(desk, request, err);
	case REQUEST_RELEASE:
		return levels_release(desk, request, err);
	case REQUEST_PANIC:
		return begin_panic(desk, request, err);
	case REQUEST_CHECK_ONCE:
		desk->pass = (struct pass_model){ 0 };
		return STATUS_OK;
	case REQUEST_RECONCILE:
	case REQUEST_ADOPT:
		return reconcile_begin(desk, request, err);
	default:
		return error_set(err, STATUS_BUG, "a request of no known kind");
	}
}

/* Has what was begun come to its end?  err holds the outcome then. */
static bool
execute_settled(struct desk *desk, const struct request *request, struct error *outcome)
{
	struct intent intent;
	struct error err = { 0 };

	if (store_intent_find(desk->setup.store, request->client_id, request->intent_id, &intent, &err) != STATUS_OK)
		return false;
	if (intent.status == INTENT_EXECUTING) {
		struct live_order *live = desk_order_of(desk, intent.id, 0, PURPOSE_ENTRY);
		return live != NULL && live->order.tif == TIF_GTC &&
		       (live->order.state == ORDER_NEW || live->order.state == ORDER_PARTIALLY_FILLED);
	}
	/* What was opened is left to itself only when its protection stands, or has been shown not to. */
	if (intent.status == INTENT_EXECUTED && !protect_has_settled(desk, &intent) &&
	    clock_wall_ms() < request->deadline_at_ms - ANSWER_MARGIN_MS)
		return false;
	if (intent.status == INTENT_FAILED)
		error_set(outcome, STATUS_NO, "intent %s FAILED: %s", intent.id, intent.error);
	else if (intent.status == INTENT_VALIDATED)   /* a holder died before it wrote anything */
		error_set(outcome, STATUS_UNAVAILABLE, "intent %s was not executed: its holder ended first", intent.id);
	return true;
}

static bool
operation_settled(struct desk *desk, int64_t id, int64_t deadline_at_ms, struct error *outcome)
{
	struct position *position = desk_position(desk, id);

	if (position == NULL)
		return true;
	if (position->op.exit_wish.reason == EXIT_NONE) {
		error_set(outcome, STATUS_UNAVAILABLE, "operation %lld was not closed: its holder ended first", (long long)id);
		return true;
	}
	/* A wanted exit is tried for as long as it takes; its asker is told when its time is up. */
	if (position->exit_failures == 0 && clock_wall_ms() < deadline_at_ms - ANSWER_MARGIN_MS)
		return false;
	error_set(outcome, STATUS_UNAVAILABLE, "operation %lld is still open: %s", (long long)id, position->op.alarm);
	return true;
}

/* What was opened, or came to rest, after the panic began is no part of it. */
static bool
panic_settled(struct desk *desk, const struct open_wish *wish, struct error *outcome)
{
	const struct request *request = &wish->request;
	bool was_begun_here = wish->begun_us != 0;

	for (size_t i = 0; i < desk->position_count; i++) {
		const struct position *position = desk->positions[i];
		if (position->op.client_id != request->client_id || position->is_foreign ||
		    (was_begun_here && position->op.exit_wish.reason == EXIT_NONE))
			continue;
		if (!operation_settled(desk, position->op.id, request->deadline_at_ms, outcome))
			return false;
	}
	for (size_t i = 0; i < desk->order_count; i++) {
		const struct order *order = &desk->orders[i]->order;
		if (order->client_id == request->client_id && order->purpose == PURPOSE_ENTRY && order->is_cancel_wanted)
			return false;
	}
	return true;
}

/* Does an entry rest that has not been held against a price since the asking? */
static bool
has_entry_to_price(const struct desk *desk, const struct open_wish *wish)
{
	for (size_t i = 0; i < desk->order_count; i++) {
		const struct order *order = &desk->orders[i]->order;
		const struct market *market = desk_market(desk, order->symbol);
		if (order->purpose != PURPOSE_ENTRY || market == NULL || market->is_unknown ||
		    strcmp(order->feed, desk->feed_id) != 0)
			continue;
		if (!market->has_quote || (!desk->is_replay && market->quote.arrived_mono_us < wish->begun_us))
			return true;
	}
	return false;
}

/* One pass: every watched symbol was priced after the asking, and all that this caused has ended. */
static bool
check_settled(struct desk *desk, const struct open_wish *wish, struct error *outcome)
{
	int64_t stale = 0;
	bool is_late = clock_wall_ms() >= wish->request.deadline_at_ms;

	if (!is_late && (has_entry_to_price(desk, wish) || !desk_is_quiet(desk)))
		return false;
	for (size_t i = 0; i < desk->market_count; i++) {
		struct market *market = desk->markets[i];
		if (market->position_count == 0)
			continue;
		bool seen = market->has_quote && !market->is_gap_open && market->checks > 0 &&
		            (desk->is_replay || market->quote.arrived_mono_us >= wish->begun_us);
		if (!seen && !is_late)
			return false;
		if (!seen || !desk_is_fresh(desk, market))
			stale += (int64_t)market->position_count;
	}
	for (size_t i = 0; i < desk->position_count; i++)
		if (desk->positions[i]->is_fire_due ||
		    (desk->positions[i]->op.exit_wish.reason != EXIT_NONE && desk->positions[i]->exit_failures == 0))
			return false;
	desk->pass.stale = stale;
	desk->pass.checked = (int64_t)desk_watched_count(desk);
	for (int i = 0; i < desk->pass.fired_count; i++)   /* those that left were checked, too */
		desk->pass.checked += desk_position(desk, desk->pass.fired[i].operation_id) == NULL;
	desk->pass.checked += desk->pass.fired_more;
	desk->pass.alarms = stale;
	for (size_t i = 0; i < desk->position_count; i++) {
		const struct operation *op = &desk->positions[i]->op;
		if (op->alarm[0] == '\0')
			continue;
		desk->pass.alarms++;
		text_format(desk->pass.alarm_text, sizeof desk->pass.alarm_text, "operation %lld: %s",
		            (long long)op->id, op->alarm);
	}
	pass_write(&desk->pass, outcome->message, sizeof outcome->message);
	return true;
}

/* On an exchange a level has moved when its stop is seen resting there. */
static bool
level_settled(struct desk *desk, const struct request *request, struct error *outcome)
{
	const struct position *position = desk_position(desk, request->operation_id);

	if (position == NULL || position->op.mode == MODE_DRY_RUN || position->op.exit_wish.reason != EXIT_NONE ||
	    protect_is_level_in_force(desk, position)) {
		(void)wish_is_done(desk, request, outcome);   /* a step of its own: it is done, or it never was */
		return true;
	}
	if (clock_wall_ms() < request->deadline_at_ms - ANSWER_MARGIN_MS)
		return false;
	error_set(outcome, STATUS_UNAVAILABLE,
	          "operation %lld is watched at the new level here; the exchange's own stop has not followed yet%s%s",
	          (long long)request->operation_id, position->op.alarm[0] != '\0' ? ": " : "", position->op.alarm);
	return true;
}

static bool
settled(struct desk *desk, const struct open_wish *wish, struct error *outcome)
{
	const struct request *request = &wish->request;

	switch (request->kind) {
	case REQUEST_EXECUTE:
		return execute_settled(desk, request, outcome);
	case REQUEST_CANCEL_ENTRY:
		return desk_order_of(desk, request->intent_id, 0, PURPOSE_ENTRY) == NULL;
	case REQUEST_CLOSE:
		return operation_settled(desk, request->operation_id, request->deadline_at_ms, outcome);
	case REQUEST_PANIC:
		return panic_settled(desk, wish, outcome);
	case REQUEST_CHECK_ONCE:
		return check_settled(desk, wish, outcome);
	case REQUEST_RECONCILE:
	case REQUEST_ADOPT:
		return reconcile_settled(desk, wish, outcome);
	case REQUEST_MOVE_STOP:
	case REQUEST_MOVE_TARGET:
		return level_settled(desk, request, outcome);
	default:
		(void)wish_is_done(desk, request, outcome);   /* a step of its own: it is done, or it never was */
		return true;
	}
}

/* Answer the asker.  False: could not be written now. */
static bool
answer(struct desk *desk, size_t index, const struct error *outcome)
{
	struct open_wish *wish = &desk->wishes[index];
	struct error err = { 0 };

	wish->request.status = outcome->status;
	wish->request.retryable = outcome->retryable;
	text_copy(wish->request.field, sizeof wish->request.field, outcome->field);
	text_copy(wish->request.message, sizeof wish->request.message, outcome->message);
	text_copy(wish->request.hint, sizeof wish->request.hint, outcome->hint);
	enum status status = wishes_move_row(desk, &wish->request, REQUEST_DONE, &err);
	if (status == STATUS_BUSY || status == STATUS_IO) {
		desk_blocked(desk, &err);
		return false;
	}
	desk->wishes[index] = desk->wishes[--desk->wish_count];
	desk_touch(desk);
	return true;
}

static void
take_rows(struct desk *desk)
{
	struct request request;
	struct error err = { 0 };

	for (int i = 0; i < 16; i++) {
		enum status status = store_request_next(desk->setup.store, &request, &err);
		if (status == STATUS_NOT_FOUND) {
			desk->are_wishes_due = false;
			return;
		}
		if (status == STATUS_OK) {
			bool late = clock_wall_ms() > request.deadline_at_ms;
			status = wishes_move_row(desk, &request, late ? REQUEST_WITHDRAWN : REQUEST_TAKEN, &err);
			if (status == STATUS_OK && !late && !remember_wish(desk, &request))
				status = error_set(&err, STATUS_NO_MEMORY, "no memory for requests");
		}
		if (status != STATUS_OK && status != STATUS_CONFLICT) {
			desk_blocked(desk, &err);
			return;
		}
	}
}

void
wishes_turn(struct desk *desk)
{
	if (desk->are_wishes_due)
		take_rows(desk);
	if (!desk->is_blocked)
		enforce_pause(desk);
	for (size_t i = 0; i < desk->wish_count && !desk->is_blocked; i++) {
		struct open_wish *wish = &desk->wishes[i];
		struct error outcome = { 0 };
		if (!wish->is_begun) {
			if (wish->begun_us == 0)
				wish->begun_us = clock_mono_us();
			text_copy(desk->actor_now, sizeof desk->actor_now, wish->request.actor);
			enum status status = begin(desk, wish, &outcome);
			desk->actor_now[0] = '\0';
			if (status == STATUS_BUSY) {
				desk_blocked(desk, &outcome);
				return;
			}
			if (status == STATUS_UNAVAILABLE && clock_wall_ms() < wish->request.deadline_at_ms - ANSWER_MARGIN_MS)
				continue;   /* a fact is missing: it may come in time */
			if (status != STATUS_OK) {
				outcome.status = status;
				if (answer(desk, i, &outcome))
					i--;
				continue;
			}
			wish->is_begun = true;
		}
		if (settled(desk, wish, &outcome) && answer(desk, i, &outcome))
			i--;
	}
	desk->are_wishes_dirty = false;
}

void
desk_wake(struct desk *desk)
{
	desk->are_wishes_due = desk->is_holder;
}
