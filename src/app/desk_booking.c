/* Booking what an exchange reported.
 *
 * A report changes the book in one transaction: fills, order, operation, intent, trade, strategy
 * record and events land together or not at all.  It is worked out on copies; memory follows only
 * after the commit. */
#include "app/desk_account.h"
#include "app/desk_booking.h"

#include <stdlib.h>
#include <string.h>

/* ---- writing an order's row ---- */

/* The row may be a step behind memory: SENT is written after the sending, and may have met a lock.
 * The schema takes arrows only, so the missing step is made first. */
static enum status
store_order(struct desk *desk, struct order *next, enum order_state stored, struct error *err)
{
	enum order_state between;

	if (stored == ORDER_PENDING && next->state != ORDER_SENT &&
	    !order_may_become(ORDER_PENDING, next->state)) {
		struct order sent = *next;
		sent.state = between = ORDER_SENT;
		enum status status = store_order_update(desk->setup.store, &sent, stored, err);
		if (status != STATUS_OK)
			return status;
		stored = between;
	}
	return store_order_update(desk->setup.store, next, stored, err);
}

enum status
booking_next_state(const struct order *order, const struct exchange_report *report, enum order_state *ret)
{
	enum order_event event;
	enum order_state from = order->state;
	enum status status;

	/* A word of the exchange proves that it had left. */
	if (from == ORDER_PENDING && (report->outcome == OUTCOME_ACCEPTED || report->outcome == OUTCOME_REFUSED))
		from = ORDER_SENT;
	switch (report->outcome) {
	case OUTCOME_ACCEPTED:
		if (report->state == order->state)
			return STATUS_CONFLICT;
		if ((status = order_event_for(report->state, &event)) != STATUS_OK)
			return status;
		break;
	case OUTCOME_REFUSED:
		if (report->request != ASKED_SUBMIT)
			return STATUS_CONFLICT;
		event = ORDER_ON_REJECTED;
		break;
	case OUTCOME_NOT_SENT:
		if (report->request != ASKED_SUBMIT)
			return STATUS_CONFLICT;
		event = ORDER_ON_NOT_SENT;
		break;
	case OUTCOME_NOT_FOUND:
		if (report->request != ASKED_QUERY || (order->mode == MODE_LIVE && order->state != ORDER_UNKNOWN))
			return STATUS_CONFLICT;
		/* The paper exchange lives in this process: what it does not know can't be under way.  Of a LIVE
		 * one the asker knows when it is final. */
		event = order->state == ORDER_UNKNOWN ? ORDER_ON_NOT_FOUND
		      : order->is_cancel_wanted       ? ORDER_ON_CANCELLED : ORDER_ON_EXPIRED;
		break;
	case OUTCOME_UNKNOWN:
	default:
		/* A lost answer about an order that is known leaves it known. */
		if (order->mode == MODE_LIVE && report->request != ASKED_SUBMIT)
			return STATUS_CONFLICT;
		event = ORDER_ON_LOST;
		break;
	}
	return order_next(from, event, ret);
}

bool
booking_take_look(struct desk *desk, struct booking *booking, const struct exchange_report *report)
{
	struct order *order = &booking->order;
	bool is_news = false;

	if (order->mode != MODE_LIVE || report->outcome != OUTCOME_ACCEPTED)
		return false;
	if (report->has_quantity && order->is_quantity_open && report->state != ORDER_PENDING_NEW &&
	    decimal_is_positive(report->quantity))
		is_news = order_settle_quantity(order, report->quantity) == STATUS_OK;
	if (report->request == ASKED_QUERY && report->state == ORDER_NEW && order->seen_at_ms == 0) {
		order->seen_at_ms = desk_now_ms(desk);
		is_news = true;
	}
	return is_news;
}

bool
booking_can_land(const struct booking *booking)
{
	const struct order *order = &booking->order;

	return order->purpose == PURPOSE_ENTRY || booking->fill_count == 0 || order->operation_id != 0;
}

enum status
booking_take_fills(struct desk *desk, struct booking *booking, const struct exchange_report *report,
                   struct error *err)
{
	for (size_t i = 0; i < report->fill_count; i++) {
		struct fill fill = report->fills[i];
		text_copy(fill.client_order_id, sizeof fill.client_order_id, booking->order.client_order_id);
		if (store_fill_exists(desk->setup.store, fill.client_order_id, fill.exchange_trade_id))
			continue;
		if (order_add_fill(&booking->order, &fill) != STATUS_OK)
			return error_set(err, STATUS_INVALID,
			                 "order %s was reported with a fill that does not fit it: not believed",
			                 booking->order.client_order_id);
		booking->new_fills[booking->fill_count++] = fill;
	}
	return STATUS_OK;
}

enum status
booking_check_fills(const struct order *order, enum order_state next, struct error *err)
{
	char filled[DECIMAL_TEXT_SIZE], quantity[DECIMAL_TEXT_SIZE];
	bool whole = decimal_cmp(order->filled_quantity, order->quantity) == 0;

	if (next == ORDER_FILLED ? whole : next != ORDER_PARTIALLY_FILLED || decimal_is_positive(order->filled_quantity))
		return STATUS_OK;
	decimal_text(order->filled_quantity, filled);
	decimal_text(order->quantity, quantity);
	return error_set(err, STATUS_INVALID, "order %s was reported %s with fills of %s, and its quantity is %s",
	                 order->client_order_id, order_state_name(next), filled, quantity);
}

/* The artifact of execution: made by the first fill, and by nothing else. */
static void
operation_from_intent(struct desk *desk, const struct intent *intent, const struct order *order,
                      struct operation *ret)
{
	*ret = (struct operation){
		.client_id = intent->client_id, .mode = order->mode, .side = intent->side,
		.status = OPERATION_ACTIVE, .initial_stop = intent->stop_price, .stop_price = intent->stop_price,
		.has_target = intent->has_target, .target_price = intent->target_price,
		.fee_percent = intent->fee_percent, .gap_percent = intent->gap_percent,
		.leverage = 1, .opened_at_ms = desk_now_ms(desk),
	};
	text_copy(ret->intent_id, sizeof ret->intent_id, intent->id);
	text_copy(ret->symbol, sizeof ret->symbol, intent->symbol);
	text_copy(ret->strategy, sizeof ret->strategy, intent->strategy);
	text_copy(ret->feed, sizeof ret->feed, order->feed);
	text_copy(ret->margin_type, sizeof ret->margin_type, "NONE");
	text_copy(ret->exchange_host, sizeof ret->exchange_host, order->exchange_host);
	text_copy(ret->account, sizeof ret->account, order->account);
}

/* Commission that was taken out of what was bought: it was not received, and can't be sold. */
static enum status
add_base_fees(struct desk *desk, const struct booking *booking, struct operation *op)
{
	char base[ASSET_SIZE];
	enum status status = STATUS_OK;

	desk_base_of(desk, op->symbol, base);
	for (size_t i = 0; op->mode == MODE_LIVE && i < booking->fill_count && status == STATUS_OK; i++)
		if (strcmp(booking->new_fills[i].commission_asset, base) == 0)
			status = decimal_add(op->base_fees, booking->new_fills[i].commission, &op->base_fees);
	return status;
}

/* What was sent with the entry belongs to what it opened. */
static enum status
adopt_legs(struct desk *desk, const struct booking *booking, struct error *err)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < desk->order_count && status == STATUS_OK; i++) {
		const struct live_order *live = desk->orders[i];
		if (live->order.operation_id != 0 || live->order.purpose == PURPOSE_ENTRY ||
		    strcmp(live->order.intent_id, booking->order.intent_id) != 0)
			continue;
		struct order leg = live->order;
		leg.operation_id = booking->op.id;
		status = store_order_update(desk->setup.store, &leg, live->stored, err);
	}
	return status;
}

enum status
booking_add_to_leg(struct leg *leg, const struct booking *booking)
{
	for (size_t i = 0; i < booking->fill_count; i++) {
		const struct fill *fill = &booking->new_fills[i];
		enum status status = leg_add(leg, fill->price, fill->quantity, fill->fee_quote);
		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}

static enum status
book_entry(struct desk *desk, struct booking *booking, const struct exchange_report *report, struct error *err)
{
	struct store *store = desk->setup.store;
	struct order *order = &booking->order;
	enum status status;

	if ((status = store_intent_find(store, 0, order->intent_id, &booking->intent, err)) != STATUS_OK)
		return status;
	struct position *position = desk_position(desk, order->operation_id);
	/* One intent, one operation: what is filled after that one ended is kept, and is loud. */
	booking->is_late = order->mode == MODE_LIVE && booking->fill_count > 0 && order->operation_id != 0 && position == NULL;
	if (booking->fill_count > 0 && !booking->is_late) {
		booking->has_operation = true;
		if (position != NULL) {
			booking->op = position->op;
		} else {
			booking->is_opened = true;
			operation_from_intent(desk, &booking->intent, order, &booking->op);
		}
		if ((status = booking_add_to_leg(&booking->op.entry, booking)) != STATUS_OK ||
		    (status = add_base_fees(desk, booking, &booking->op)) != STATUS_OK)
			return error_set(err, status, "the fills of order %s do not fit a number", order->client_order_id);
		status = booking->is_opened ? store_operation_insert(store, &booking->op, err)
		                            : store_operation_update(store, &booking->op, OPERATION_ACTIVE, err);
		if (status != STATUS_OK)
			return status;
		order->operation_id = booking->op.id;
		if (booking->is_opened && (status = adopt_legs(desk, booking, err)) != STATUS_OK)
			return status;
	}
	if (!order_is_final(order->state))
		return STATUS_OK;
	/* Refused for its timestamp alone: the exchange looked at nothing else, and it is signed anew, once. */
	if (report->outcome == OUTCOME_REFUSED && report->code == EXCHANGE_CODE_TIMESTAMP && order->generation == 1 &&
	    order->mode == MODE_LIVE && desk->resign_count < (int)ARRAY_LEN(desk->resign)) {
		booking->is_resigned = true;
		return STATUS_OK;
	}
	/* A fill that is told of after the end: it belongs to what was opened. */
	if (order_is_final(booking->stored) && booking->intent.status == INTENT_EXECUTED && !booking->is_opened)
		return STATUS_OK;
	/* The entry has ended: so does the intent's execution. */
	bool filled = decimal_is_positive(order->filled_quantity);
	struct intent *intent = &booking->intent;
	if ((status = intent_next(intent->status, filled ? INTENT_ON_FILLED : INTENT_ON_UNFILLED,
	                          &intent->status)) != STATUS_OK)
		return error_set(err, status, "intent %s is %s: the end of its entry does not fit", intent->id,
		                 intent_status_name(intent->status));
	booking->has_intent = true;
	intent->ended_at_ms = desk_now_ms(desk);
	char filled_text[DECIMAL_TEXT_SIZE], wanted_text[DECIMAL_TEXT_SIZE];
	decimal_text(order->filled_quantity, filled_text);
	decimal_text(order->quantity, wanted_text);
	if (filled) {
		intent->executed_at_ms = intent->ended_at_ms;
		text_format(intent->execution_result, sizeof intent->execution_result,
		            "operation %lld: %s of %s filled, entry order %s",
		            (long long)order->operation_id, filled_text, wanted_text, order_state_name(order->state));
	} else {
		/* In words of ours where the exchange's are about a lookup or a cancel. */
		const char *why = order->state == ORDER_NEVER_ARRIVED ? "the entry order never arrived: nothing was filled"
		    : order->state == ORDER_CANCELLED && order->is_cancel_wanted ? "entry cancelled"
		    : order->error[0] != '\0'         ? order->error
		    : order->is_cancel_wanted         ? "entry cancelled"
		    : order->state == ORDER_EXPIRED   ? "the price moved beyond the slippage cap: nothing was filled"
		                                      : "nothing was filled";
		text_format(intent->execution_result, sizeof intent->execution_result, "entry order %s: %s",
		            order_state_name(order->state), why);
		text_copy(intent->error, sizeof intent->error, why);
	}
	return store_intent_update(store, intent, INTENT_EXECUTING, err);
}

/* Is nothing left that could be sold?  What commission or the lot step leave over is dust. */
static bool
is_flat(struct desk *desk, const struct operation *op)
{
	const struct symbol_rules *rules = desk_rules(desk, op->symbol);
	struct decimal step = op->mode == MODE_LIVE && rules != NULL ? rules->lot_step : DECIMAL_ZERO;

	if (decimal_is_positive(operation_sellable(op, step)))
		return false;
	/* A LIVE entry that still rests, or is looked up, may bring more. */
	return op->mode == MODE_DRY_RUN || desk_order_of(desk, op->intent_id, 0, PURPOSE_ENTRY) == NULL;
}

enum status
booking_close(struct desk *desk, struct booking *booking, enum exit_reason reason, struct error *err)
{
	struct operation *op = &booking->op;
	enum status status;

	booking->is_closed = true;
	op->closed_at_ms = desk_now_ms(desk);
	op->exit_reason = op->exit_wish.reason != EXIT_NONE ? op->exit_wish.reason : reason;
	op->alarm[0] = '\0';
	op->dust = operation_open_quantity(op);
	if ((status = operation_next(op->status, OPERATION_ON_FLAT, &op->status)) != STATUS_OK ||
	    (status = trade_from_operation(op, op->closed_at_ms, &booking->trade)) != STATUS_OK)
		return error_set(err, status, "operation %lld can't be booked: a figure does not fit",
		                 (long long)op->id);
	op->realized_pnl = booking->trade.net_pnl;
	if ((status = store_operation_update(desk->setup.store, op, OPERATION_ACTIVE, err)) != STATUS_OK)
		return status;
	return store_trade_book(desk->setup.store, &booking->trade, err);
}

static enum exit_reason
reason_of(enum order_purpose purpose)
{
	return purpose == PURPOSE_STOP ? EXIT_STOP_LOSS : purpose == PURPOSE_TARGET ? EXIT_TAKE_PROFIT : EXIT_MANUAL;
}

static enum status
book_exit(struct desk *desk, struct booking *booking, struct error *err)
{
	struct position *position = desk_position(desk, booking->order.operation_id);
	const struct order *order = &booking->order;
	enum status status;

	if (position == NULL) {
		/* On an exchange the other leg of a list ends after the operation did, and a leg before there is
		 * one; what is filled then is kept, and is loud. */
		if (order->mode == MODE_LIVE) {
			booking->is_late = order->operation_id != 0 && booking->fill_count > 0;
			return STATUS_OK;
		}
		return error_set(err, STATUS_CONFLICT, "order %s exits operation %lld, which is not open",
		                 order->client_order_id, (long long)order->operation_id);
	}
	booking->has_operation = true;
	booking->op = position->op;
	struct operation *op = &booking->op;
	if ((status = booking_add_to_leg(&op->exit, booking)) != STATUS_OK)
		return error_set(err, status, "the fills of order %s do not fit a number", order->client_order_id);
	if (booking->fill_count > 0 && is_flat(desk, op))
		return booking_close(desk, booking, reason_of(order->purpose), err);
	/* A stop that has begun to sell is an exit that is wanted, for all that is held. */
	if (op->mode == MODE_LIVE && order->purpose == PURPOSE_STOP && decimal_is_positive(order->filled_quantity) &&
	    op->exit_wish.reason == EXIT_NONE)
		op->exit_wish = (struct exit_wish){ .reason = EXIT_STOP_LOSS, .level = order->stop_price,
		                                    .wanted_at_ms = desk_now_ms(desk) };
	if (order->state == ORDER_REJECTED || order->state == ORDER_NOT_SENT)
		text_format(op->alarm, sizeof op->alarm, "the %s was refused: %s; trying again",
		            order_purpose_name(order->purpose), order->error);
	else if (op->mode == MODE_LIVE && order->purpose == PURPOSE_STOP && order_is_final(order->state))
		text_format(op->alarm, sizeof op->alarm, "its stop on the exchange ended (%s): looking at what is left",
		            order_state_name(order->state));
	return store_operation_update(desk->setup.store, op, OPERATION_ACTIVE, err);
}

static void
remember_closed(struct desk *desk, const struct booking *booking)
{
	for (int i = 0; i < desk->pass.fired_count; i++)
		if (desk->pass.fired[i].operation_id == booking->op.id) {
			desk->pass.fired[i].has_exit_price = true;
			desk->pass.fired[i].exit_price = booking->trade.exit_price;
		}
	desk_position_drop(desk, booking->op.id);
	desk->are_wishes_dirty = true;
	desk_touch(desk);
}

void
booking_remember(struct desk *desk, const struct booking *booking, const struct exchange_report *report)
{
	struct live_order *live = desk_order(desk, booking->order.client_order_id);
	struct position *position = NULL;

	if (booking->fill_count > 0 && booking->order.mode == MODE_LIVE)
		account_changed(desk);
	if (booking->is_opened && desk_position_add(desk, &booking->op) != STATUS_OK)
		desk_blocked(desk, &(struct error){ .status = STATUS_NO_MEMORY,
			.message = "no memory to watch a new operation: restart Robson" });
	if (booking->has_operation)
		position = desk_position(desk, booking->op.id);
	if (position != NULL) {
		position->op = booking->op;
		desk_position_arm(desk, position);
	}
	if (booking->is_opened)
		for (size_t i = 0; i < desk->order_count; i++)
			if (desk->orders[i]->order.operation_id == 0 &&
			    strcmp(desk->orders[i]->order.intent_id, booking->op.intent_id) == 0)
				desk->orders[i]->order.operation_id = booking->op.id;
	if (booking->is_resigned) {
		text_copy(desk->resign[desk->resign_count].intent_id, INTENT_ID_SIZE, booking->order.intent_id);
		desk->resign[desk->resign_count++].until_mono_ms = desk_mono_ms(desk) + RESIGN_WAIT_MS;
	}
	if (booking->is_closed) {
		remember_closed(desk, booking);
		position = NULL;
	}
	if (live != NULL) {
		live->order = booking->order;
		live->stored = booking->order.state;
		live->is_disbelief_told = false;
		if (order_is_final(booking->order.state))
			desk_order_drop(desk, booking->order.client_order_id);
	}
	if (booking->order.purpose == PURPOSE_ENTRY)
		position = desk_position(desk, booking->order.operation_id);
	if (booking->is_opened && position != NULL)
		position->protecting.bare_since_us = clock_mono_us();
	if (booking->order.mode == MODE_LIVE)
		protect_heard(desk, position, &booking->order, booking->was, report);
	else if (position != NULL && position->op.exit_wish.reason != EXIT_NONE) {
		desk->are_exits_due = true;   /* the entry has ended, or the exit is not whole */
		if (booking->order.purpose != PURPOSE_ENTRY && order_is_final(booking->order.state)) {
			bool refused = booking->order.state == ORDER_REJECTED || booking->order.state == ORDER_NOT_SENT;
			int64_t wait = EXIT_RETRY_FIRST_MS;
			for (int i = 0; refused && i < position->exit_failures && wait < EXIT_RETRY_LAST_MS; i++)
				wait *= 2;
			position->exit_failures += refused;
			position->exit_retry_mono_ms = refused ? desk_mono_ms(desk) + (wait < EXIT_RETRY_LAST_MS ? wait : EXIT_RETRY_LAST_MS) : 0;
		}
	}
	if (booking->is_opened && position != NULL && position->op.mode == MODE_DRY_RUN) {
		/* The price that filled it may already lie beyond its stop. */
		struct market *market = desk_market(desk, position->op.symbol);
		if (desk_is_fresh(desk, market) && !market->is_gap_open)
			monitor_judge(desk, market);
	}
	for (size_t i = 0; i < booking->note_count; i++) {
		const char *kind = booking->notes[i].event.kind;
		bool alarm = strcmp(kind, "order.reported") == 0 && booking->order.state == ORDER_REJECTED &&
		             booking->order.purpose != PURPOSE_ENTRY;
		desk_tell(desk, alarm || booking->is_late ? URGENCY_ALARM : URGENCY_NOTE, &booking->notes[i].event);
	}
	desk->are_wishes_dirty = true;
	desk_touch(desk);
}

enum status
booking_write(struct desk *desk, struct booking *booking, const struct exchange_report *report,
              struct error *err)
{
	enum status status = store_begin(desk->setup.store, err);

	if (status != STATUS_OK)
		return status;
	booking->was = booking->stored;
	status = booking->order.purpose == PURPOSE_ENTRY ? book_entry(desk, booking, report, err)
	                                                 : book_exit(desk, booking, err);
	if (status == STATUS_OK)
		status = store_order(desk, &booking->order, booking->stored, err);
	for (size_t i = 0; status == STATUS_OK && i < booking->fill_count; i++)
		status = store_fill_insert(desk->setup.store, &booking->new_fills[i], err);
	if (status == STATUS_OK)
		status = booking_write_notes(desk, booking, report, err);
	if (status == STATUS_OK)
		return store_commit(desk->setup.store, err);
	store_rollback(desk->setup.store);
	return status;
}

enum status
booking_close_as_dust(struct desk *desk, struct position *position, struct error *err)
{
	struct booking *booking = calloc(1, sizeof *booking);
	struct operation op = position->op;
	enum status status;

	if (booking == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory to close operation %lld", (long long)op.id);
	booking->op = op;
	booking->has_operation = true;
	if ((status = store_begin(desk->setup.store, err)) == STATUS_OK) {
		status = booking_close(desk, booking, EXIT_MANUAL, err);
		if (status == STATUS_OK)
			status = booking_note_closed(desk, booking, err);
		if (status == STATUS_OK)
			status = store_commit(desk->setup.store, err);
		else
			store_rollback(desk->setup.store);
	}
	if (status == STATUS_OK)
		remember_closed(desk, booking);
	for (size_t i = 0; i < booking->note_count; i++) {
		if (status == STATUS_OK)
			desk_tell(desk, URGENCY_NOTE, &booking->notes[i].event);
		note_done(&booking->notes[i]);
	}
	free(booking);
	return status;
}
