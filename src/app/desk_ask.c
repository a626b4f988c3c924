/* Wishing: what somebody wants done on the market is checked as far as it can be checked at once, and
 * stated as a row for the holder of the lease (desk_wishes.c) to act on. */
#include "app/desk_state.h"

#include <string.h>

enum status
wishes_state(struct desk *desk, struct request *request, int64_t wait_ms, int64_t *ret_wish, struct error *err)
{
	if (desk->setup.is_readonly)
		return error_set(err, STATUS_REFUSED, "--readonly looks and never acts");
	request->client_id = desk->setup.client_id;
	request->state = REQUEST_WANTED;
	request->created_at_ms = clock_wall_ms();
	request->deadline_at_ms = request->created_at_ms + wait_ms;
	text_copy(request->actor, sizeof request->actor, desk->actor);
	text_copy(request->feed, sizeof request->feed, desk->feed_id);
	enum status status = store_begin(desk->setup.store, err);
	if (status != STATUS_OK)
		return status;
	status = store_request_insert(desk->setup.store, request, err);
	if (status == STATUS_OK)
		status = store_commit(desk->setup.store, err);
	else
		store_rollback(desk->setup.store);
	if (status == STATUS_OK) {
		*ret_wish = request->id;
		desk->are_wishes_due = desk->is_holder;
	}
	return status;
}

static enum status
cancel_at_once(struct desk *desk, struct intent *intent, struct error *err)
{
	enum intent_status from = intent->status;
	struct note note;

	enum status status = intent_next(from, INTENT_ON_CANCEL, &intent->status);
	if (status != STATUS_OK)
		return error_set(err, status, "intent %s is %s and can't be cancelled", intent->id, intent_status_name(from));
	intent->ended_at_ms = desk_now_ms(desk);
	if ((status = store_begin(desk->setup.store, err)) != STATUS_OK)
		return status;
	note_open(&note, desk, "intent.cancelled");
	note_intent(&note, intent);
	json_text(&note.json, "was", intent_status_name(from));
	status = store_intent_update(desk->setup.store, intent, from, err);
	if (status == STATUS_OK)
		status = note_write(&note, desk, err, "cancelled while %s", intent_status_name(from));
	if (status == STATUS_OK)
		status = store_commit(desk->setup.store, err);
	else
		store_rollback(desk->setup.store);
	note_done(&note);
	desk_touch(desk);
	return status;
}

enum status
desk_wish_cancel(struct desk *desk, const char *id, int64_t wait_ms, int64_t *ret_wish, struct error *err)
{
	struct intent intent;

	*ret_wish = 0;
	if (desk->setup.is_readonly)
		return error_set(err, STATUS_REFUSED, "--readonly looks and never acts: nothing was cancelled");
	enum status status = store_intent_find(desk->setup.store, desk->setup.client_id, id, &intent, err);
	if (status != STATUS_OK)
		return status;
	if (intent_is_final(intent.status))
		return error_set(err, STATUS_NO, "intent %s is %s, which is final", intent.id,
		                 intent_status_name(intent.status));
	if (intent.status != INTENT_EXECUTING)
		return cancel_at_once(desk, &intent, err);
	struct request request = { .kind = REQUEST_CANCEL_ENTRY };
	text_copy(request.intent_id, sizeof request.intent_id, intent.id);
	return wishes_state(desk, &request, wait_ms, ret_wish, err);
}

static enum status
find_active(struct desk *desk, int64_t id, struct operation *ret, struct error *err)
{
	if (desk->setup.is_readonly)
		return error_set(err, STATUS_REFUSED, "--readonly looks and never acts");
	enum status status = store_operation_find(desk->setup.store, desk->setup.client_id, id, ret, err);
	if (status == STATUS_OK && ret->status != OPERATION_ACTIVE)
		return error_set(err, STATUS_NO, "operation %lld is %s already", (long long)id,
		                 operation_status_name(ret->status));
	return status;
}

enum status
desk_wish_close(struct desk *desk, int64_t id, int64_t wait_ms, int64_t *ret_wish, struct error *err)
{
	struct operation op;

	enum status status = find_active(desk, id, &op, err);
	if (status != STATUS_OK)
		return status;
	struct request request = { .kind = REQUEST_CLOSE, .operation_id = id };
	return wishes_state(desk, &request, wait_ms, ret_wish, err);
}

/* A command that watches nothing finds the rules in the book. */
static struct decimal
tick_of(struct desk *desk, const struct operation *op)
{
	const struct symbol_rules *rules = desk_rules(desk, op->symbol);
	struct symbol_rules stored;

	if (rules == NULL && store_rules_find(desk->setup.store, op->feed, op->symbol, &stored, NULL) == STATUS_OK)
		rules = &stored;
	return rules != NULL ? rules->tick : (struct decimal){ 100000000 };
}

enum status
desk_wish_stop(struct desk *desk, int64_t id, const char *price, bool widen, int64_t wait_ms,
               int64_t *ret_wish, struct error *err)
{
	struct operation op;
	enum stop_origin origin;
	struct request request = { .kind = REQUEST_MOVE_STOP, .operation_id = id, .widen = widen };

	enum status status = find_active(desk, id, &op, err);
	if (status == STATUS_OK)
		status = level_parse_stop(price, op.side, leg_average(&op.entry), tick_of(desk, &op),
		                          &request.price, &origin, err);
	if (status != STATUS_OK)
		return status;
	struct market *market = desk_market(desk, op.symbol);
	if (desk_is_fresh(desk, market) && strcmp(op.feed, desk->feed_id) == 0 &&
	    (status = stop_move_check(&op, request.price, widen, &market->quote, err)) != STATUS_OK)
		return status;
	return wishes_state(desk, &request, wait_ms, ret_wish, err);
}

enum status
desk_wish_target(struct desk *desk, int64_t id, const char *price, int64_t wait_ms, int64_t *ret_wish,
                 struct error *err)
{
	struct operation op;
	struct request request = { .kind = REQUEST_MOVE_TARGET, .operation_id = id };

	enum status status = find_active(desk, id, &op, err);
	if (status == STATUS_OK)
		status = level_parse_target(price, op.side, leg_average(&op.entry), op.initial_stop,
		                            tick_of(desk, &op), &request.price, err);
	if (status != STATUS_OK)
		return status;
	struct market *market = desk_market(desk, op.symbol);
	if (desk_is_fresh(desk, market) && strcmp(op.feed, desk->feed_id) == 0 &&
	    (status = target_move_check(&op, request.price, &market->quote, err)) != STATUS_OK)
		return status;
	return wishes_state(desk, &request, wait_ms, ret_wish, err);
}

enum status
desk_wish_release(struct desk *desk, int64_t id, const char *reason, bool cancels_protection, int64_t wait_ms,
                  int64_t *ret_wish, struct error *err)
{
	struct operation op;
	struct request request = { .kind = REQUEST_RELEASE, .operation_id = id, .cancels_protection = cancels_protection };

	if (reason == NULL || reason[0] == '\0')
		return error_field(err, STATUS_USAGE, "reason", "a release needs its reason");
	enum status status = find_active(desk, id, &op, err);
	if (status != STATUS_OK)
		return status;
	if (!text_copy(request.reason, sizeof request.reason, reason))
		return error_field(err, STATUS_RANGE, "reason", "the reason is too long");
	text_make_harmless(request.reason);
	return wishes_state(desk, &request, wait_ms, ret_wish, err);
}

enum status
desk_wish_panic(struct desk *desk, const char *reason, int64_t wait_ms, int64_t *ret_wish, struct error *err)
{
	struct request request = { .kind = REQUEST_PANIC };

	/* The pause holds at once, whoever is to do the rest. */
	enum status status = desk_pause(desk, reason != NULL && reason[0] != '\0' ? reason : "panic", err);
	if (status != STATUS_OK)
		return status;
	text_copy(request.reason, sizeof request.reason, reason);
	return wishes_state(desk, &request, wait_ms, ret_wish, err);
}

enum status
desk_wish_check(struct desk *desk, int64_t wait_ms, int64_t *ret_wish, struct error *err)
{
	struct request request = { .kind = REQUEST_CHECK_ONCE };

	return wishes_state(desk, &request, wait_ms, ret_wish, err);
}

enum status
desk_wish_look(struct desk *desk, int64_t wish, enum wish_state *ret, struct error *ret_outcome, struct error *err)
{
	struct request request;

	enum status status = store_request_find(desk->setup.store, wish, &request, err);
	if (status != STATUS_OK)
		return status;
	*ret = request.state == REQUEST_WANTED ? WISH_WAITING : request.state == REQUEST_TAKEN ? WISH_TAKEN
	     : request.state == REQUEST_DONE   ? WISH_DONE : WISH_LAPSED;
	error_clear(ret_outcome);
	if (request.state != REQUEST_DONE)
		return STATUS_OK;
	if (request.kind == REQUEST_CHECK_ONCE && !desk->is_holder)
		pass_read(request.message, &desk->pass);   /* another process made it: its answer tells */
	ret_outcome->status = request.status;
	ret_outcome->retryable = request.retryable;
	text_copy(ret_outcome->field, sizeof ret_outcome->field, request.field);
	text_copy(ret_outcome->message, sizeof ret_outcome->message, request.message);
	text_copy(ret_outcome->hint, sizeof ret_outcome->hint, request.hint);
	return STATUS_OK;
}

enum status
desk_wish_withdraw(struct desk *desk, int64_t wish, struct error *err)
{
	struct request request;

	enum status status = store_request_find(desk->setup.store, wish, &request, err);
	if (status != STATUS_OK)
		return status;
	if (request.state != REQUEST_WANTED)
		return error_set(err, STATUS_CONFLICT, "the wish was taken already");
	return wishes_move_row(desk, &request, REQUEST_WITHDRAWN, err);
}
