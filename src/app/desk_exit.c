/* Wanting an exit: why is written down with the quote that caused it, before anything is sent, exactly
 * once; and on paper the exit itself with it.  What a LIVE exit has to step around is desk_protect.c's. */
#include "app/desk_state.h"

/* ---- saying why ---- */

static const char *
wish_kind(enum exit_reason reason)
{
	switch (reason) {
	case EXIT_STOP_LOSS: return "operation.stop_fired";
	case EXIT_TAKE_PROFIT: return "operation.target_fired";
	case EXIT_EMERGENCY: return "operation.panic_close_wanted";
	default: return "operation.close_wanted";
	}
}

static void
wish_note(struct note *note, struct desk *desk, const struct operation *op)
{
	const struct exit_wish *wish = &op->exit_wish;

	note_open(note, desk, wish_kind(wish->reason));
	note_operation(note, op);
	json_text(&note->json, "reason", exit_reason_name(wish->reason));
	if (decimal_is_positive(wish->level))
		json_decimal(&note->json, "level", wish->level);
	if (decimal_is_positive(wish->bid)) {
		json_decimal(&note->json, "bid", wish->bid);
		json_decimal(&note->json, "ask", wish->ask);
		json_time(&note->json, "quote_at", wish->quote_at_ms);
	}
	json_bool(&note->json, "recovered", wish->is_recovered);
	if (wish->is_recovered) {
		json_decimal(&note->json, "recovered_price", wish->recovered_price);
		json_time(&note->json, "crossed_at", wish->quote_at_ms);
	}
	json_text(&note->json, "feed", op->feed);
}

enum status
exit_write_wish(struct desk *desk, const struct operation *op, struct note *note, struct error *err)
{
	char level[DECIMAL_TEXT_SIZE], price[DECIMAL_TEXT_SIZE], crossed[CLOCK_TEXT_SIZE];
	const struct exit_wish *wish = &op->exit_wish;

	wish_note(note, desk, op);
	decimal_text(wish->level, level);
	decimal_text(op->side == SIDE_BUY ? wish->bid : wish->ask, price);
	if (wish->is_recovered) {
		clock_format_iso(wish->quote_at_ms, crossed);
		return note_write(note, desk, err, "op %lld: %s level %s was crossed while nobody watched, at %s",
		                  (long long)op->id, exit_reason_name(wish->reason), level, crossed);
	}
	if (decimal_is_positive(wish->level))
		return note_write(note, desk, err, "op %lld: %s at %s, %s %s", (long long)op->id,
		                  exit_reason_name(wish->reason), level, op->side == SIDE_BUY ? "bid" : "ask", price);
	return note_write(note, desk, err, "op %lld: exit wanted, %s", (long long)op->id,
	                  exit_reason_name(wish->reason));
}

void
exit_wish_written(struct desk *desk, struct position *position, struct note *note)
{
	const struct operation *op = &position->op;
	const struct exit_wish *wish = &op->exit_wish;
	struct market *market = desk_market(desk, op->symbol);

	if (position->is_fire_due && market != NULL)
		market->fires_due--;
	position->is_fire_due = false;
	desk_position_arm(desk, position);
	if (wish->reason == EXIT_STOP_LOSS || wish->reason == EXIT_TAKE_PROFIT)
		desk->stops_fired++;
	if (desk->pass.fired_count < (int)ARRAY_LEN(desk->pass.fired))
		desk->pass.fired[desk->pass.fired_count++] = (struct fired){
			.operation_id = op->id, .reason = wish->reason, .trigger_price = wish->level,
			.price = wish->is_recovered ? wish->recovered_price : op->side == SIDE_BUY ? wish->bid : wish->ask,
		};
	else
		desk->pass.fired_more++;
	desk_tell(desk, wish->reason == EXIT_TAKE_PROFIT ? URGENCY_NOTE : URGENCY_WARNING, &note->event);
	desk_touch(desk);
}

enum status
exit_join_check(struct desk *desk, const struct position *position, struct error *err)
{
	struct market *market = desk_market(desk, position->op.symbol);

	return market != NULL && market->fires_due <= position->is_fire_due ? monitor_join_check(desk, market, err) : STATUS_OK;
}

/* ---- paper ---- */

static void
market_order(const struct operation *op, struct order *ret)
{
	*ret = (struct order){
		.side = side_opposite(op->side), .type = ORDER_MARKET, .tif = TIF_NONE,
		.quantity = operation_open_quantity(op), .has_recovered_price = op->exit_wish.is_recovered,
		.recovered_price = op->exit_wish.recovered_price,
	};
}

/* The paper exchange fills at prices that it was shown: without one an exit would only be refused. */
bool
exit_can_send(const struct desk *desk, const struct operation *op)
{
	const struct market *market = desk_market(desk, op->symbol);

	return market != NULL && market->has_rules && (op->exit_wish.is_recovered || desk_is_fresh(desk, market));
}

static enum status
write_want(struct desk *desk, struct position *position, const struct operation *op, struct live_order *entry,
           const struct batch *batch, struct note *note, struct error *err)
{
	struct store *store = desk->setup.store;

	enum status status = store_operation_update(store, op, OPERATION_ACTIVE, err);
	if (status == STATUS_OK)
		status = exit_write_wish(desk, op, note, err);
	if (status == STATUS_OK && entry != NULL) {
		/* What still rests of the entry ends first; its end sets the exit off. */
		struct order cancelled = entry->order;
		cancelled.is_cancel_wanted = true;
		status = store_order_update(store, &cancelled, entry->stored, err);
	}
	if (status == STATUS_OK)
		status = batch_write(desk, batch, err);
	return status == STATUS_OK ? exit_join_check(desk, position, err) : status;
}

enum status
exit_want(struct desk *desk, struct position *position, const struct exit_wish *wish, struct error *err)
{
	if (position->op.exit_wish.reason != EXIT_NONE)
		return STATUS_OK;   /* it is wanted already: once is enough */
	if (position->op.mode == MODE_LIVE)
		return protect_want(desk, position, wish, err);
	struct live_order *entry = desk_order_of(desk, position->op.intent_id, 0, PURPOSE_ENTRY);
	struct operation op = position->op;
	struct batch batch = { 0 };
	struct order terms;
	struct note note = { 0 };

	op.exit_wish = *wish;
	op.exit_wish.wanted_at_ms = desk_now_ms(desk);
	bool can_send = exit_can_send(desk, &op), sends = entry == NULL && can_send;
	if (!can_send)
		text_format(op.alarm, sizeof op.alarm, "its exit waits for a fresh price of %s", op.symbol);
	market_order(&op, &terms);
	enum status status = store_begin(desk->setup.store, err);
	if (status != STATUS_OK)
		return status;
	if (sends)
		status = batch_add(desk, &batch, &op, PURPOSE_EXIT, position->exit_generation + 1, &terms, err);
	if (status == STATUS_OK)
		status = write_want(desk, position, &op, entry, &batch, &note, err);
	if (status == STATUS_OK)
		status = store_commit(desk->setup.store, err);
	else
		store_rollback(desk->setup.store);
	if (status != STATUS_OK) {
		note_done(&note);
		return status;
	}
	position->op = op;
	exit_wish_written(desk, position, &note);
	note_done(&note);
	desk->are_exits_due = true;
	if (entry != NULL) {
		entry->order.is_cancel_wanted = true;
		entry->stored = entry->order.state;
		orders_cancel(desk, entry);
	} else if (sends) {
		position->exit_generation++;
		status = batch_send(desk, &batch, err);
	}
	return status;
}

enum status
exit_send_next(struct desk *desk, struct position *position, struct error *err)
{
	struct batch batch = { 0 };
	struct order terms;
	enum status status = store_begin(desk->setup.store, err);

	if (status != STATUS_OK)
		return status;
	market_order(&position->op, &terms);
	status = batch_add(desk, &batch, &position->op, PURPOSE_EXIT, position->exit_generation + 1, &terms, err);
	if (status == STATUS_OK)
		status = batch_write(desk, &batch, err);
	if (status == STATUS_OK)
		status = store_commit(desk->setup.store, err);
	else
		store_rollback(desk->setup.store);
	if (status != STATUS_OK)
		return status;
	position->exit_generation++;
	position->exit_retry_mono_ms = 0;
	return batch_send(desk, &batch, err);
}
