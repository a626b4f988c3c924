/* What goes out: orders are signed, written as PENDING in one transaction, and sent after its commit.
 * In that order, so that a process that dies or sleeps anywhere between can neither send what is not
 * written down nor send late.  (exchange.md, "Sending once", "Signing")
 *
 * An order stays PENDING until something is known of it: what libcurl was given has not left yet. */
#include "app/desk_account.h"

#include <string.h>

struct exchange *
desk_exchange(const struct desk *desk, enum mode mode)
{
	return mode == MODE_LIVE ? desk->setup.live : desk->setup.paper;
}

enum status
batch_add(struct desk *desk, struct batch *batch, const struct operation *op, enum order_purpose purpose,
          int generation, const struct order *terms, struct error *err)
{
	struct book book;
	enum status status = store_book(desk->setup.store, op->client_id, op->mode, &book, err);

	if (status != STATUS_OK)
		return status;
	if (batch->count == ARRAY_LEN(batch->orders))
		return error_set(err, STATUS_BUG, "a request of more than %zu orders", batch->count);
	struct order *order = &batch->orders[batch->count++];
	*order = *terms;
	order->client_id = op->client_id;
	order->mode = op->mode;
	order->operation_id = op->id;
	order->purpose = purpose;
	order->generation = generation;
	order->state = ORDER_PENDING;
	order->created_at_ms = order->changed_at_ms = desk_now_ms(desk);
	text_copy(order->intent_id, sizeof order->intent_id, op->intent_id);
	text_copy(order->symbol, sizeof order->symbol, op->symbol);
	text_copy(order->feed, sizeof order->feed, op->feed);
	text_copy(order->exchange_host, sizeof order->exchange_host, op->exchange_host);
	text_copy(order->account, sizeof order->account, op->account);
	order_make_client_id(book.id, order, order->client_order_id);
	return STATUS_OK;
}

static void
describe(const struct batch *batch, struct instruction *ret)
{
	*ret = (struct instruction){ .kind = batch->kind, .count = batch->count, .list_id = batch->list_id };
	for (size_t i = 0; i < batch->count; i++)
		ret->orders[i] = &batch->orders[i];
	if (batch->replaced != NULL)
		ret->replaced = &batch->replaced->order;
}

enum status
batch_sign(struct desk *desk, struct batch *batch, struct error *err)
{
	struct exchange *exchange = desk_exchange(desk, batch->orders[0].mode);
	struct instruction instruction;

	if (exchange == NULL)
		return error_set(err, STATUS_REFUSED, "no exchange for LIVE orders is connected");
	if (exchange->ops->sign == NULL)
		return STATUS_OK;
	/* The one door: whatever wanted it, it goes nowhere from where the book does not live. */
	if (!account_may_act(desk, batch->orders[0].exchange_host, batch->orders[0].account, err))
		return err->status;
	for (size_t i = 0; i < batch->count; i++)
		text_copy(batch->orders[i].list_id, sizeof batch->orders[i].list_id, batch->list_id);
	describe(batch, &instruction);
	enum status status = exchange->ops->sign(exchange, &instruction, &batch->signature, err);
	for (size_t i = 0; status == STATUS_OK && i < batch->count; i++)
		batch->orders[i].signed_at_ms = batch->signature.signed_at_ms;
	return status;
}

static enum status
write_order_note(struct desk *desk, const struct order *order, struct error *err)
{
	struct note note;
	char quantity[DECIMAL_TEXT_SIZE], price[DECIMAL_TEXT_SIZE] = "", trigger[DECIMAL_TEXT_SIZE] = "";

	note_open(&note, desk, "order.written");
	note_order(&note, order);
	json_text(&note.json, "purpose", order_purpose_name(order->purpose));
	json_text(&note.json, "side", side_name(order->side));
	json_text(&note.json, "type", order_type_name(order->type));
	json_decimal(&note.json, "quantity", order->quantity);
	json_int(&note.json, "generation", order->generation);
	decimal_text(order->quantity, quantity);
	if (order->has_price) {
		json_decimal(&note.json, "price", order->price);
		decimal_text(order->price, price);
	}
	if (order->has_stop_price) {
		json_decimal(&note.json, "stop_price", order->stop_price);
		decimal_text(order->stop_price, trigger);
	}
	if (order->list_id[0] != '\0')
		json_text(&note.json, "list", order->list_id);
	if (order->signed_at_ms != 0)
		json_time(&note.json, "signed_at", order->signed_at_ms);
	enum status status = note_write(&note, desk, err, "%s order written: %s %s %s %s%s%s%s%s",
	                                order_purpose_name(order->purpose), side_name(order->side), quantity,
	                                order->symbol, order_type_name(order->type),
	                                trigger[0] != '\0' ? ", trigger " : "", trigger,
	                                price[0] != '\0' ? ", limit " : "", price);
	note_done(&note);
	return status;
}

enum status
batch_write(struct desk *desk, const struct batch *batch, struct error *err)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < batch->count && status == STATUS_OK; i++) {
		status = store_order_insert(desk->setup.store, &batch->orders[i], err);
		/* An entry's line is its execution's. */
		if (status == STATUS_OK && batch->orders[i].purpose != PURPOSE_ENTRY)
			status = write_order_note(desk, &batch->orders[i], err);
	}
	return status;
}

void
batch_drop(struct desk *desk, struct batch *batch)
{
	struct exchange *exchange = desk_exchange(desk, batch->orders[0].mode);

	if (batch->signature.ticket != 0 && exchange != NULL && exchange->ops->drop != NULL)
		exchange->ops->drop(exchange, batch->signature.ticket);
	batch->signature.ticket = 0;
}

/* Proof that nothing left: booked like any other answer. */
static void
report_not_sent(struct desk *desk, const struct batch *batch, const char *why)
{
	for (size_t i = 0; i < batch->count; i++) {
		struct exchange_report report = {
			.request = ASKED_SUBMIT, .outcome = OUTCOME_NOT_SENT, .exchange_order_id = "", .reason = why,
			.client_order_id = batch->orders[i].client_order_id,
		};
		orders_queue_report(desk, &report);
	}
}

static enum status
remember(struct desk *desk, struct batch *batch, struct error *err)
{
	for (size_t i = 0; i < batch->count; i++) {
		if (desk_order_add(desk, &batch->orders[i]) != STATUS_OK) {
			batch_drop(desk, batch);   /* the next start asks for it, and learns that it never left */
			return error_set(err, STATUS_NO_MEMORY, "no memory to send order %s", batch->orders[i].client_order_id);
		}
		desk_order(desk, batch->orders[i].client_order_id)->stored = ORDER_PENDING;
	}
	return STATUS_OK;
}

enum status
batch_send(struct desk *desk, struct batch *batch, struct error *err)
{
	struct exchange *exchange = desk_exchange(desk, batch->orders[0].mode);
	struct position *position = desk_position(desk, batch->orders[0].operation_id);
	int64_t ticket = batch->signature.ticket;

	enum status status = remember(desk, batch, err);
	if (status != STATUS_OK)
		return status;
	if (ticket == 0)
		return orders_send(desk, desk_order(desk, batch->orders[0].client_order_id), err);
	batch->signature.ticket = 0;
	struct error why = { 0 };
	if (exchange->ops->send(exchange, ticket, &why) != STATUS_OK) {
		report_not_sent(desk, batch, why.message);
		return STATUS_OK;
	}
	if (batch->orders[0].purpose == PURPOSE_EXIT)
		desk_measure_latency(desk, position);
	for (size_t i = 0; i < batch->count; i++) {
		struct live_order *live = desk_order(desk, batch->orders[i].client_order_id);
		live->order.sent_at_ms = desk_now_ms(desk);
		live->lookup_mono_ms = desk_mono_ms(desk) + LIVE_ANSWER_WAIT_MS;
	}
	desk_touch(desk);
	return STATUS_OK;
}

enum status
batch_refrain(struct desk *desk, struct batch *batch, const char *why, struct error *err)
{
	enum status status = remember(desk, batch, err);

	batch_drop(desk, batch);
	if (status == STATUS_OK)
		report_not_sent(desk, batch, why);
	return status;
}
