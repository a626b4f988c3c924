/* Booking what an exchange reported.
 *
 * A report changes the book in one transaction: fills, order, operation, intent, trade, strategy
 * record and events land together or not at all.  It is worked out on copies; memory follows only
 * after the commit. */
#include "app/desk_booking.h"

#include <stdlib.h>
#include <string.h>

enum { FILLS_TEXT_SIZE = 2 * DECIMAL_TEXT_SIZE + 8 };

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

static struct note *
add_note(struct booking *booking, struct desk *desk, const char *kind)
{
	struct note *note = &booking->notes[booking->note_count++];

	note_open(note, desk, kind);
	return note;
}

static void
report_note_order(struct note *note, const struct booking *booking, const struct exchange_report *report)
{
	note_order(note, &booking->order);
	json_text(&note->json, "purpose", order_purpose_name(booking->order.purpose));
	json_text(&note->json, "state", order_state_name(booking->order.state));
	json_decimal(&note->json, "quantity", booking->order.quantity);
	json_decimal(&note->json, "filled", booking->order.filled_quantity);
	if (report->reason[0] != '\0')
		json_text(&note->json, "reason", report->reason);
	json_array_open(&note->json, "fills");
	for (size_t i = 0; i < booking->fill_count; i++) {
		const struct fill *fill = &booking->new_fills[i];
		json_object_open(&note->json, NULL);
		json_text(&note->json, "trade", fill->exchange_trade_id);
		json_decimal(&note->json, "price", fill->price);
		json_decimal(&note->json, "quantity", fill->quantity);
		json_decimal(&note->json, "fee", fill->fee_quote);
		json_object_close(&note->json);
	}
	json_array_close(&note->json);
}

enum status
booking_next_state(const struct order *order, const struct exchange_report *report, enum order_state *ret)
{
	enum order_event event;
	enum status status;

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
		/* The paper exchange lives in this process: what it does not know can't be under way. */
		if (report->request != ASKED_QUERY || order->mode != MODE_DRY_RUN)
			return STATUS_CONFLICT;
		event = order->state == ORDER_UNKNOWN ? ORDER_ON_NOT_FOUND
		      : order->is_cancel_wanted       ? ORDER_ON_CANCELLED : ORDER_ON_EXPIRED;
		break;
	case OUTCOME_UNKNOWN:
	default:
		event = ORDER_ON_LOST;
		break;
	}
	return order_next(order->state, event, ret);
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
}

static enum status
add_to_leg(struct leg *leg, const struct booking *booking)
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
book_entry(struct desk *desk, struct booking *booking, struct error *err)
{
	struct store *store = desk->setup.store;
	struct order *order = &booking->order;
	enum status status;

	if ((status = store_intent_find(store, 0, order->intent_id, &booking->intent, err)) != STATUS_OK)
		return status;
	if (booking->fill_count > 0) {
		struct position *position = desk_position(desk, order->operation_id);
		booking->has_operation = true;
		if (position != NULL) {
			booking->op = position->op;
		} else {
			booking->is_opened = true;
			operation_from_intent(desk, &booking->intent, order, &booking->op);
		}
		if ((status = add_to_leg(&booking->op.entry, booking)) != STATUS_OK)
			return error_set(err, status, "the fills of order %s do not fit a number", order->client_order_id);
		status = booking->is_opened ? store_operation_insert(store, &booking->op, err)
		                            : store_operation_update(store, &booking->op, OPERATION_ACTIVE, err);
		if (status != STATUS_OK)
			return status;
		order->operation_id = booking->op.id;
	}
	if (!order_is_final(order->state))
		return STATUS_OK;
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

static enum status
book_exit(struct desk *desk, struct booking *booking, struct error *err)
{
	struct store *store = desk->setup.store;
	struct position *position = desk_position(desk, booking->order.operation_id);
	enum status status;

	if (position == NULL)
		return error_set(err, STATUS_CONFLICT, "order %s exits operation %lld, which is not open",
		                 booking->order.client_order_id, (long long)booking->order.operation_id);
	booking->has_operation = true;
	booking->op = position->op;
	struct operation *op = &booking->op;
	if ((status = add_to_leg(&op->exit, booking)) != STATUS_OK)
		return error_set(err, status, "the fills of order %s do not fit a number",
		                 booking->order.client_order_id);
	if (decimal_is_positive(operation_open_quantity(op))) {
		if (booking->order.state == ORDER_REJECTED || booking->order.state == ORDER_NOT_SENT)
			text_format(op->alarm, sizeof op->alarm, "the exit was refused: %s; trying again",
			            booking->order.error);
		return store_operation_update(store, op, OPERATION_ACTIVE, err);
	}
	booking->is_closed = true;
	op->closed_at_ms = desk_now_ms(desk);
	op->exit_reason = op->exit_wish.reason != EXIT_NONE ? op->exit_wish.reason : EXIT_MANUAL;
	op->alarm[0] = '\0';
	if ((status = operation_next(op->status, OPERATION_ON_FLAT, &op->status)) != STATUS_OK ||
	    (status = pnl_realized(op->side, &op->entry, &op->exit, &op->realized_pnl)) != STATUS_OK ||
	    (status = trade_from_operation(op, op->closed_at_ms, &booking->trade)) != STATUS_OK)
		return error_set(err, status, "operation %lld can't be booked: a figure does not fit",
		                 (long long)op->id);
	if ((status = store_operation_update(store, op, OPERATION_ACTIVE, err)) != STATUS_OK)
		return status;
	return store_trade_book(store, &booking->trade, err);
}

/* ": 0.05 @ 90000.01", what this report brought at its average price; "" if nothing. */
static void
say_new_fills(const struct booking *booking, char ret_text[FILLS_TEXT_SIZE])
{
	char quantity[DECIMAL_TEXT_SIZE], price[DECIMAL_TEXT_SIZE];
	struct leg leg = { 0 };

	ret_text[0] = '\0';
	if (booking->fill_count == 0 || add_to_leg(&leg, booking) != STATUS_OK)
		return;
	decimal_text(leg.quantity, quantity);
	decimal_text(leg_average(&leg), price);
	text_format(ret_text, FILLS_TEXT_SIZE, ": %s @ %s", quantity, price);
}

static enum status
write_notes(struct desk *desk, struct booking *booking, const struct exchange_report *report,
            struct error *err)
{
	char quantity[DECIMAL_TEXT_SIZE], price[DECIMAL_TEXT_SIZE], net[DECIMAL_FORMAT_SIZE], filled[FILLS_TEXT_SIZE];
	struct order *order = &booking->order;
	enum status status;

	struct note *note = add_note(booking, desk, "order.reported");
	report_note_order(note, booking, report);
	say_new_fills(booking, filled);
	status = note_write(note, desk, err, "%s order %s%s%s%s", order_purpose_name(order->purpose),
	                    order_state_name(order->state), filled, order->error[0] != '\0' ? ": " : "", order->error);
	if (status != STATUS_OK)
		return status;
	if (booking->is_opened) {
		note = add_note(booking, desk, "operation.opened");
		note_operation(note, &booking->op);
		json_decimal(&note->json, "quantity", booking->op.entry.quantity);
		json_decimal(&note->json, "entry_price", leg_average(&booking->op.entry));
		json_decimal(&note->json, "stop", booking->op.stop_price);
		if (booking->op.has_target)
			json_decimal(&note->json, "target", booking->op.target_price);
		decimal_text(booking->op.entry.quantity, quantity);
		decimal_text(leg_average(&booking->op.entry), price);
		status = note_write(note, desk, err, "op %lld opened: %s %s %s @ %s%s", (long long)booking->op.id,
		                    side_position_name(booking->op.side), quantity, booking->op.symbol, price,
		                    booking->op.mode == MODE_DRY_RUN ? " (dry-run)" : "");
		if (status != STATUS_OK)
			return status;
	}
	if (booking->is_closed) {
		const struct trade *trade = &booking->trade;
		note = add_note(booking, desk, "operation.closed");
		note_operation(note, &booking->op);
		json_text(&note->json, "reason", exit_reason_name(trade->exit_reason));
		json_decimal(&note->json, "entry_price", trade->entry_price);
		json_decimal(&note->json, "exit_price", trade->exit_price);
		json_decimal(&note->json, "fees_entry", trade->entry_fees);
		json_decimal(&note->json, "fees_exit", trade->exit_fees);
		json_decimal(&note->json, "net", trade->net_pnl);
		if (trade->has_r_multiple)
			json_decimal(&note->json, "r", trade->r_multiple);
		json_text(&note->json, "strategy", trade->strategy);
		decimal_text(trade->exit_price, price);
		decimal_format(trade->net_pnl, 2, true, net);
		status = note_write(note, desk, err, "op %lld closed @ %s by %s: net %s%s", (long long)booking->op.id,
		                    price, exit_reason_name(trade->exit_reason),
		                    decimal_is_positive(trade->net_pnl) ? "+" : "", net);
		if (status != STATUS_OK)
			return status;
	}
	if (booking->has_intent) {
		const struct intent *intent = &booking->intent;
		note = add_note(booking, desk, intent->status == INTENT_EXECUTED ? "intent.executed" : "intent.failed");
		note_intent(note, intent);
		note->event.operation_id = booking->has_operation ? booking->op.id : order->operation_id;
		json_text(&note->json, "result", intent->execution_result);
		status = note_write(note, desk, err, "intent %s: %s", intent_status_name(intent->status),
		                    intent->execution_result);
	}
	return status;
}

void
booking_remember(struct desk *desk, const struct booking *booking)
{
	struct live_order *live = desk_order(desk, booking->order.client_order_id);
	struct position *position = NULL;

	if (booking->is_opened && desk_position_add(desk, &booking->op) != STATUS_OK)
		desk_blocked(desk, &(struct error){ .status = STATUS_NO_MEMORY,
			.message = "no memory to watch a new operation: restart Robson" });
	if (booking->has_operation)
		position = desk_position(desk, booking->op.id);
	if (position != NULL) {
		position->op = booking->op;
		desk_position_arm(desk, position);
	}
	if (booking->is_closed) {
		for (int i = 0; i < desk->pass.fired_count; i++)
			if (desk->pass.fired[i].operation_id == booking->op.id) {
				desk->pass.fired[i].has_exit_price = true;
				desk->pass.fired[i].exit_price = booking->trade.exit_price;
			}
		desk_position_drop(desk, booking->op.id);
		position = NULL;
	}
	if (live != NULL) {
		live->order = booking->order;
		live->stored = booking->order.state;
		if (order_is_final(booking->order.state))
			desk_order_drop(desk, booking->order.client_order_id);
	}
	if (booking->order.purpose == PURPOSE_ENTRY)
		position = desk_position(desk, booking->order.operation_id);
	if (position != NULL && position->op.exit_wish.reason != EXIT_NONE) {
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
	if (booking->is_opened && position != NULL) {
		/* The price that filled it may already lie beyond its stop. */
		struct market *market = desk_market(desk, position->op.symbol);
		if (desk_is_fresh(desk, market) && !market->is_gap_open)
			monitor_judge(desk, market);
	}
	for (size_t i = 0; i < booking->note_count; i++) {
		const char *kind = booking->notes[i].event.kind;
		bool alarm = strcmp(kind, "order.reported") == 0 && booking->order.state == ORDER_REJECTED &&
		             booking->order.purpose != PURPOSE_ENTRY;
		desk_tell(desk, alarm ? URGENCY_ALARM : URGENCY_NOTE, &booking->notes[i].event);
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
	status = booking->order.purpose == PURPOSE_ENTRY ? book_entry(desk, booking, err)
	                                                 : book_exit(desk, booking, err);
	if (status == STATUS_OK)
		status = store_order(desk, &booking->order, booking->stored, err);
	for (size_t i = 0; status == STATUS_OK && i < booking->fill_count; i++)
		status = store_fill_insert(desk->setup.store, &booking->new_fills[i], err);
	if (status == STATUS_OK)
		status = write_notes(desk, booking, report, err);
	if (status == STATUS_OK)
		return store_commit(desk->setup.store, err);
	store_rollback(desk->setup.store);
	return status;
}
