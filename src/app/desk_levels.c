/* Moving a stop or a target, and handing an operation over to a person. */
#include "app/desk_account.h"

#include <string.h>

static enum status
find_open(struct desk *desk, const struct request *request, struct position **ret, struct error *err)
{
	struct operation op;

	enum status status = store_operation_find(desk->setup.store, request->client_id, request->operation_id, &op, err);
	if (status != STATUS_OK)
		return status;
	if (op.status != OPERATION_ACTIVE)
		return error_set(err, STATUS_NO, "operation %lld is %s already", (long long)op.id,
		                 operation_status_name(op.status));
	struct position *position = desk_position(desk, op.id);
	if (position == NULL)
		return error_set(err, STATUS_BUG, "operation %lld is ACTIVE and not watched", (long long)op.id);
	if (position->op.exit_wish.reason != EXIT_NONE)
		return error_set(err, STATUS_NO, "operation %lld is being closed already (%s)", (long long)op.id,
		                 exit_reason_name(position->op.exit_wish.reason));
	*ret = position;
	return STATUS_OK;
}

/* A level is judged against the price of this moment; without one it is not moved. */
static enum status
fresh_quote(struct desk *desk, const struct position *position, const struct quote **ret, struct error *err)
{
	struct market *market = desk_market(desk, position->op.symbol);

	if (position->is_foreign)
		return error_set(err, STATUS_NO, "operation %lld is judged on %s, and this is %s",
		                 (long long)position->op.id, position->op.feed, desk->feed_id);
	if (!desk_is_fresh(desk, market))
		return error_set(err, STATUS_UNAVAILABLE, "no fresh price of %s to judge the level by", position->op.symbol);
	*ret = &market->quote;
	return STATUS_OK;
}

/* What rests on an exchange that can't be acted on can't follow. */
static enum status
account_may(struct desk *desk, const struct position *position, struct error *err)
{
	if (position->op.mode == MODE_DRY_RUN ||
	    account_may_act(desk, position->op.exchange_host, position->op.account, err))
		return STATUS_OK;
	return err->status != STATUS_OK ? err->status : STATUS_REFUSED;
}

static enum status
write_level(struct desk *desk, struct position *position, const struct operation *op, const char *kind,
            const char *what, struct decimal from, struct decimal to, const struct quote *quote,
            struct error *err)
{
	struct note note;
	char from_text[DECIMAL_TEXT_SIZE], to_text[DECIMAL_TEXT_SIZE];

	enum status status = store_begin(desk->setup.store, err);
	if (status != STATUS_OK)
		return status;
	note_open(&note, desk, kind);
	note_operation(&note, op);
	json_decimal(&note.json, "from", from);
	json_decimal(&note.json, "to", to);
	note_quote(&note, quote);
	decimal_text(from, from_text);
	decimal_text(to, to_text);
	status = store_operation_update(desk->setup.store, op, OPERATION_ACTIVE, err);
	if (status == STATUS_OK)
		status = note_write(&note, desk, err, "op %lld: %s moved from %s to %s", (long long)op->id, what,
		                    decimal_is_zero(from) ? "none" : from_text, to_text);
	if (status == STATUS_OK)
		status = store_commit(desk->setup.store, err);
	else
		store_rollback(desk->setup.store);
	if (status == STATUS_OK) {
		position->op = *op;
		position->protecting.beyond_mono_ms = position->protecting.beyond_lasts = 0;
		desk_position_arm(desk, position);
		if (op->mode == MODE_LIVE)   /* what rests on the exchange follows */
			protect_touch(desk, position);
		desk_tell(desk, URGENCY_NOTE, &note.event);
		desk_touch(desk);
	}
	note_done(&note);
	return status;
}

/* Widening risks more: the risk limit and the month's budget are asked again. */
static enum status
check_widened(struct desk *desk, const struct operation *before, const struct operation *after, struct error *err)
{
	struct intent intent;
	struct fact_sheet sheet;
	struct decimal old_risk, new_risk, more, share;

	enum status status = store_intent_find(desk->setup.store, 0, before->intent_id, &intent, err);
	if (status == STATUS_OK)
		status = facts_gather(desk, &intent, OCCASION_EXECUTE, &sheet, err);
	if (status != STATUS_OK)
		return status;
	if (operation_open_risk(before, &old_risk) != STATUS_OK || operation_open_risk(after, &new_risk) != STATUS_OK ||
	    decimal_sub(new_risk, old_risk, &more) != STATUS_OK ||
	    decimal_mul_div(new_risk, decimal_from_int(100), intent.capital, ROUND_UP, &share) != STATUS_OK)
		return error_field(err, STATUS_RANGE, "stop", "the risk at this stop does not fit a number");
	char risk_text[DECIMAL_FORMAT_SIZE], limit_text[DECIMAL_FORMAT_SIZE], left_text[DECIMAL_FORMAT_SIZE];
	decimal_format(share, 2, true, risk_text);
	decimal_format(sheet.facts.risk_limit_percent, 2, true, limit_text);
	decimal_format(sheet.facts.budget.left, 2, true, left_text);
	if (decimal_cmp(share, sheet.facts.risk_limit_percent) > 0)
		return error_field(err, STATUS_NO, "stop", "refused by guard risk: at this stop %s %% of capital is at risk, the limit is %s %%",
		                   risk_text, limit_text);
	if (decimal_cmp(more, sheet.facts.budget.left) > 0)
		return error_field(err, STATUS_NO, "stop", "refused by guard budget: the month has %s left", left_text);
	if (intent.strategy[0] != '\0' && sheet.facts.strategy != NULL && sheet.facts.strategy->has_stop_loss_percent) {
		struct decimal distance;
		struct decimal average = leg_average(&after->entry);
		if (decimal_sub(average, after->stop_price, &distance) != STATUS_OK ||
		    decimal_mul_div(decimal_abs(distance), decimal_from_int(100), average, ROUND_UP, &share) != STATUS_OK)
			return error_field(err, STATUS_RANGE, "stop", "the distance of this stop does not fit a number");
		if (decimal_cmp(share, sheet.facts.strategy->stop_loss_percent) > 0)
			return error_field(err, STATUS_NO, "stop", "refused by guard stop: further away than the strategy's stop limit");
	}
	return STATUS_OK;
}

enum status
levels_move_stop(struct desk *desk, const struct request *request, struct error *err)
{
	struct position *position;
	const struct quote *quote;

	enum status status = find_open(desk, request, &position, err);
	if (status == STATUS_OK)
		status = account_may(desk, position, err);
	if (status == STATUS_OK)
		status = fresh_quote(desk, position, &quote, err);
	if (status == STATUS_OK)
		status = stop_move_check(&position->op, request->price, request->widen, quote, err);
	if (status != STATUS_OK)
		return status;
	struct operation op = position->op;
	op.stop_price = request->price;
	bool wider = op.side == SIDE_BUY ? decimal_cmp(op.stop_price, position->op.stop_price) < 0
	                                 : decimal_cmp(op.stop_price, position->op.stop_price) > 0;
	if (wider && (status = check_widened(desk, &position->op, &op, err)) != STATUS_OK)
		return status;
	return write_level(desk, position, &op, wider ? "operation.stop_widened" : "operation.stop_moved", "stop",
	                   position->op.stop_price, op.stop_price, quote, err);
}

enum status
levels_move_target(struct desk *desk, const struct request *request, struct error *err)
{
	struct position *position;
	const struct quote *quote;

	enum status status = find_open(desk, request, &position, err);
	if (status == STATUS_OK)
		status = account_may(desk, position, err);
	if (status == STATUS_OK)
		status = fresh_quote(desk, position, &quote, err);
	if (status == STATUS_OK)
		status = target_move_check(&position->op, request->price, quote, err);
	if (status != STATUS_OK)
		return status;
	struct operation op = position->op;
	op.target_price = request->price;
	op.has_target = true;
	return write_level(desk, position, &op, "operation.target_moved", "target",
	                   position->op.has_target ? position->op.target_price : DECIMAL_ZERO, op.target_price,
	                   quote, err);
}

static bool
is_cancelled_with(const struct request *request, const struct live_order *live, int64_t operation_id)
{
	return request->cancels_protection && live->order.operation_id == operation_id && live->order.mode == MODE_LIVE;
}

/* In the release's own transaction: what is written there is tried until it has ended, by whoever holds. */
static enum status
write_cancels(struct desk *desk, const struct request *request, int64_t operation_id, struct error *err)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < desk->order_count && status == STATUS_OK; i++) {
		const struct live_order *live = desk->orders[i];
		struct order wanted = live->order;
		wanted.is_cancel_wanted = true;
		if (is_cancelled_with(request, live, operation_id))
			status = store_order_update(desk->setup.store, &wanted, live->stored, err);
	}
	return status;
}

static void
send_cancels(struct desk *desk, const struct request *request, int64_t operation_id)
{
	for (size_t i = 0; i < desk->order_count; i++) {
		struct live_order *live = desk->orders[i];
		if (!is_cancelled_with(request, live, operation_id))
			continue;
		live->order.is_cancel_wanted = true;
		live->stored = live->order.state;
		orders_cancel(desk, live);
	}
}

enum status
levels_release(struct desk *desk, const struct request *request, struct error *err)
{
	struct position *position;
	struct note note;

	enum status status = find_open(desk, request, &position, err);
	if (status != STATUS_OK)
		return status;
	if (desk_order_of(desk, position->op.intent_id, 0, PURPOSE_ENTRY) != NULL)
		return error_set(err, STATUS_NO, "operation %lld's entry still rests: cancel it first",
		                 (long long)position->op.id);
	struct operation op = position->op;
	op.exit_reason = EXIT_HANDED_OVER;
	op.closed_at_ms = desk_now_ms(desk);
	text_copy(op.note, sizeof op.note, request->reason);
	if ((status = operation_next(op.status, OPERATION_ON_RELEASE, &op.status)) != STATUS_OK)
		return error_set(err, status, "operation %lld can't be released", (long long)op.id);
	if ((status = store_begin(desk->setup.store, err)) != STATUS_OK)
		return status;
	note_open(&note, desk, "operation.released");
	note_operation(&note, &op);
	json_text(&note.json, "reason", request->reason);
	json_bool(&note.json, "cancels_protection", request->cancels_protection);
	json_decimal(&note.json, "quantity", operation_open_quantity(&op));
	status = store_operation_update(desk->setup.store, &op, OPERATION_ACTIVE, err);
	if (status == STATUS_OK)
		status = write_cancels(desk, request, op.id, err);
	if (status == STATUS_OK)
		status = note_write(&note, desk, err, "op %lld handed over: %s", (long long)op.id, request->reason);
	if (status == STATUS_OK)
		status = store_commit(desk->setup.store, err);
	else
		store_rollback(desk->setup.store);
	if (status == STATUS_OK) {
		desk_tell(desk, URGENCY_WARNING, &note.event);
		desk_position_drop(desk, op.id);
		send_cancels(desk, request, op.id);
		desk_touch(desk);
	}
	note_done(&note);
	return status;
}
