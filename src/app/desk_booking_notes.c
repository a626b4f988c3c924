/* What a booking says in the audit trail: the order's report, and what it opened, closed or ended. */
#include "app/desk_booking.h"

enum { FILLS_TEXT_SIZE = 2 * DECIMAL_TEXT_SIZE + 8 };

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

/* ": 0.05 @ 90000.01", what this report brought at its average price; "" if nothing. */
static void
say_new_fills(const struct booking *booking, char ret_text[FILLS_TEXT_SIZE])
{
	char quantity[DECIMAL_TEXT_SIZE], price[DECIMAL_TEXT_SIZE];
	struct leg leg = { 0 };

	ret_text[0] = '\0';
	if (booking->fill_count == 0 || booking_add_to_leg(&leg, booking) != STATUS_OK)
		return;
	decimal_text(leg.quantity, quantity);
	decimal_text(leg_average(&leg), price);
	text_format(ret_text, FILLS_TEXT_SIZE, ": %s @ %s", quantity, price);
}

enum status
booking_note_closed(struct desk *desk, struct booking *booking, struct error *err)
{
	char price[DECIMAL_TEXT_SIZE], net[DECIMAL_FORMAT_SIZE];
	const struct trade *trade = &booking->trade;
	struct note *note = add_note(booking, desk, "operation.closed");
	note_operation(note, &booking->op);
	json_text(&note->json, "reason", exit_reason_name(trade->exit_reason));
	json_decimal(&note->json, "entry_price", trade->entry_price);
	json_decimal(&note->json, "exit_price", trade->exit_price);
	json_decimal(&note->json, "fees_entry", trade->entry_fees);
	json_decimal(&note->json, "fees_exit", trade->exit_fees);
	json_decimal(&note->json, "net", trade->net_pnl);
	if (trade->has_r_multiple)
		json_decimal(&note->json, "r", trade->r_multiple);
	if (decimal_is_positive(booking->op.dust))
		json_decimal(&note->json, "dust", booking->op.dust);
	json_text(&note->json, "strategy", trade->strategy);
	decimal_text(trade->exit_price, price);
	decimal_format(trade->net_pnl, 2, true, net);
	return note_write(note, desk, err, "op %lld closed @ %s by %s: net %s%s", (long long)booking->op.id,
	                    price, exit_reason_name(trade->exit_reason),
	                    decimal_is_positive(trade->net_pnl) ? "+" : "", net);
}

enum status
booking_write_notes(struct desk *desk, struct booking *booking, const struct exchange_report *report,
            struct error *err)
{
	char quantity[DECIMAL_TEXT_SIZE], price[DECIMAL_TEXT_SIZE], filled[FILLS_TEXT_SIZE];
	struct order *order = &booking->order;
	enum status status;

	struct note *note = add_note(booking, desk, "order.reported");
	report_note_order(note, booking, report);
	say_new_fills(booking, filled);
	if (booking->is_late)
		json_bool(&note->json, "after_close", true);
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
	if (booking->is_closed && (status = booking_note_closed(desk, booking, err)) != STATUS_OK)
		return status;
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
