/* What others sold of our position: somebody closed it on the exchange's website, or another program
 * did.  It is booked from the fills of those orders and from nothing else, and only where they explain
 * exactly what is missing: the account may hold coins of the person's own, whose sale is no business of
 * Robson's.
 *
 * Each such order gets a row of its own, as an exit of the operation that this book did not send. */
#include "app/desk_booking.h"
#include "app/desk_reconcile.h"

#include <stdlib.h>
#include <string.h>

enum { STRANGERS_MAX = 32 };

struct stranger {
	char exchange_order_id[EXCHANGE_ORDER_ID_SIZE];
	struct decimal sold;
};
struct elsewhere {
	struct desk *desk;
	const struct reconcile_trades *trades;
	struct stranger strangers[STRANGERS_MAX]; size_t count;
	struct decimal sold;
	bool is_bought;
};

static bool
is_base(const struct desk *desk, const char *symbol, const char *asset)
{
	char base[ASSET_SIZE];

	desk_base_of(desk, symbol, base);
	return strcmp(base, asset) == 0;
}

/* The one operation that holds the asset; NULL: none, or whose coins are missing can't be told. */
static struct position *
holder_of(struct desk *desk, const char *asset)
{
	struct position *found = NULL;

	for (size_t i = 0; i < desk->position_count; i++) {
		struct position *position = desk->positions[i];
		const struct operation *op = &position->op;
		if (op->mode != MODE_LIVE || !is_base(desk, op->symbol, asset) ||
		    !reconcile_is_bound_here(desk, op->exchange_host, op->account))
			continue;
		if (found != NULL)
			return NULL;
		found = position;
	}
	return found;
}

static const struct reconcile_trades *
trades_of(const struct desk *desk, const char *symbol)
{
	const struct reconcile *run = desk->account->reconcile;

	for (size_t i = 0; i < run->trade_count; i++)
		if (strcmp(run->trades[i].symbol, symbol) == 0 && run->trades[i].has_answer)
			return &run->trades[i];
	return NULL;
}

/* ---- whose fills ---- */

static struct stranger *
stranger_of(struct elsewhere *e, const char *exchange_order_id)
{
	for (size_t i = 0; i < e->count; i++)
		if (strcmp(e->strangers[i].exchange_order_id, exchange_order_id) == 0)
			return &e->strangers[i];
	return NULL;
}

/* Orders of the book are no strangers: neither those that it sent, nor those that it has booked so. */
static bool
forget_ours(void *self, const struct order *order)
{
	struct elsewhere *e = self;
	struct stranger *ours = order->exchange_order_id[0] != '\0' ? stranger_of(e, order->exchange_order_id) : NULL;

	if (ours != NULL)
		*ours = e->strangers[--e->count];
	return true;
}

static enum status
find_strangers(struct elsewhere *e, const struct operation *op, struct error *err)
{
	struct order_query live = { .has_mode = true, .mode = MODE_LIVE };
	enum status status = STATUS_OK;

	for (size_t i = 0; i < e->trades->count; i++) {
		const struct exchange_trade *row = &e->trades->rows[i];
		if (row->fill.at_ms < op->opened_at_ms || stranger_of(e, row->exchange_order_id) != NULL)
			continue;
		if (e->count == STRANGERS_MAX)
			return error_set(err, STATUS_NO, "too many other orders were filled since it was opened");
		text_copy(e->strangers[e->count++].exchange_order_id, EXCHANGE_ORDER_ID_SIZE, row->exchange_order_id);
	}
	status = store_orders(e->desk->setup.store, &live, forget_ours, e, err);
	for (size_t i = 0; status == STATUS_OK && i < e->trades->count; i++) {
		const struct exchange_trade *row = &e->trades->rows[i];
		struct stranger *stranger = row->fill.at_ms >= op->opened_at_ms ? stranger_of(e, row->exchange_order_id) : NULL;
		if (stranger == NULL)
			continue;
		e->is_bought = e->is_bought || row->side == SIDE_BUY;
		status = decimal_add(stranger->sold, row->fill.quantity, &stranger->sold);
		if (status == STATUS_OK)
			status = decimal_add(e->sold, row->fill.quantity, &e->sold);
	}
	return status;
}

/* ---- booking ---- */

static enum status
write_fill(struct elsewhere *e, struct order *order, struct operation *op, const struct exchange_trade *row,
           struct error *err)
{
	struct fill fill = row->fill;

	text_copy(fill.client_order_id, sizeof fill.client_order_id, order->client_order_id);
	enum status status = order_add_fill(order, &fill);
	if (status == STATUS_OK)
		status = leg_add(&op->exit, fill.price, fill.quantity, fill.fee_quote);
	if (status != STATUS_OK)
		return error_set(err, status, "the fills of order %s do not fit a number", row->exchange_order_id);
	return store_fill_insert(e->desk->setup.store, &fill, err);
}

static enum status
write_order(struct elsewhere *e, const struct stranger *stranger, struct operation *op, int generation,
            struct error *err)
{
	struct store *store = e->desk->setup.store;
	struct book book;
	struct order order = {
		.client_id = op->client_id, .mode = op->mode, .operation_id = op->id, .purpose = PURPOSE_EXIT,
		.generation = generation, .side = side_opposite(op->side), .type = ORDER_MARKET,
		.quantity = stranger->sold, .state = ORDER_PENDING, .created_at_ms = desk_now_ms(e->desk),
	};

	text_copy(order.intent_id, sizeof order.intent_id, op->intent_id);
	text_copy(order.symbol, sizeof order.symbol, op->symbol);
	text_copy(order.feed, sizeof order.feed, op->feed);
	text_copy(order.exchange_host, sizeof order.exchange_host, op->exchange_host);
	text_copy(order.account, sizeof order.account, op->account);
	text_copy(order.exchange_order_id, sizeof order.exchange_order_id, stranger->exchange_order_id);
	text_copy(order.error, sizeof order.error, "not sent by Robson: booked from the fills of somebody else's order");
	order.changed_at_ms = order.created_at_ms;
	enum status status = store_book(store, op->client_id, op->mode, &book, err);
	if (status != STATUS_OK)
		return status;
	order_make_client_id(book.id, &order, order.client_order_id);
	if ((status = store_order_insert(store, &order, err)) != STATUS_OK)
		return status;
	order.state = ORDER_SENT;   /* the schema takes no shorter way */
	if ((status = store_order_update(store, &order, ORDER_PENDING, err)) != STATUS_OK)
		return status;
	for (size_t i = 0; status == STATUS_OK && i < e->trades->count; i++)
		if (strcmp(e->trades->rows[i].exchange_order_id, stranger->exchange_order_id) == 0)
			status = write_fill(e, &order, op, &e->trades->rows[i], err);
	order.state = ORDER_FILLED;
	order.ended_at_ms = order.created_at_ms;
	return status == STATUS_OK ? store_order_update(store, &order, ORDER_SENT, err) : status;
}

/* All of it in one transaction: a half-written exit would be taken for one of ours that is under way. */
static enum status
write_all(struct elsewhere *e, struct position *position, struct booking *booking, struct note *note, struct error *err)
{
	struct desk *desk = e->desk;
	struct operation *op = &booking->op;
	const struct symbol_rules *rules = desk_rules(desk, op->symbol);
	char sold[DECIMAL_TEXT_SIZE];

	enum status status = store_begin(desk->setup.store, err);
	if (status != STATUS_OK)
		return status;
	for (size_t i = 0; status == STATUS_OK && i < e->count; i++)
		status = write_order(e, &e->strangers[i], op, position->exit_generation + 1 + (int)i, err);
	decimal_text(e->sold, sold);
	note_operation(note, op);
	json_decimal(&note->json, "sold", e->sold);
	json_int(&note->json, "orders", (int64_t)e->count);
	if (status == STATUS_OK)
		status = note_write(note, desk, err, "op %lld: %s were sold by orders that are not Robson's", (long long)op->id, sold);
	bool is_flat = !decimal_is_positive(operation_sellable(op, rules != NULL ? rules->lot_step : DECIMAL_ZERO));
	if (status == STATUS_OK && is_flat) {
		op->exit_wish.reason = EXIT_CLOSED_ELSEWHERE;
		status = booking_close(desk, booking, EXIT_CLOSED_ELSEWHERE, err);
		if (status == STATUS_OK)
			status = booking_note_closed(desk, booking, err);
	} else if (status == STATUS_OK) {
		status = store_operation_update(desk->setup.store, op, OPERATION_ACTIVE, err);
	}
	if (status == STATUS_OK)
		return store_commit(desk->setup.store, err);
	store_rollback(desk->setup.store);
	return status;
}

static enum status
book(struct elsewhere *e, struct position *position, struct error *err)
{
	struct desk *desk = e->desk;
	struct booking *booking = calloc(1, sizeof *booking);
	struct note note;

	if (booking == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory to book what was sold elsewhere");
	booking->op = position->op;
	booking->has_operation = true;
	note_open(&note, desk, "operation.sold_elsewhere");
	enum status status = write_all(e, position, booking, &note, err);
	if (status == STATUS_OK) {
		desk_tell(desk, URGENCY_ALARM, &note.event);
		for (size_t i = 0; i < booking->note_count; i++)
			desk_tell(desk, URGENCY_WARNING, &booking->notes[i].event);
		position->exit_generation += (int)e->count;
		position->op = booking->op;
		if (booking->is_closed)
			desk_position_drop(desk, booking->op.id);
		else
			protect_touch(desk, position);
		desk->are_wishes_dirty = true;
		desk_touch(desk);
	}
	note_done(&note);
	for (size_t i = 0; i < booking->note_count; i++)
		note_done(&booking->notes[i]);
	free(booking);
	return status;
}

enum status
elsewhere_book(struct desk *desk, const char *asset, struct decimal missing, struct error *err)
{
	struct position *position = holder_of(desk, asset);
	struct elsewhere e = { .desk = desk };
	struct decimal off;

	if (position == NULL)
		return error_set(err, STATUS_NO, "more than one operation holds %s, so whose they are can't be told", asset);
	if (desk_order_of(desk, position->op.intent_id, 0, PURPOSE_ENTRY) != NULL)
		return error_set(err, STATUS_NO, "its entry is not over yet");
	e.trades = trades_of(desk, position->op.symbol);
	if (e.trades == NULL)
		return error_set(err, STATUS_NO, "its fills are not known");
	enum status status = find_strangers(&e, &position->op, err);
	if (status != STATUS_OK)
		return status;
	const struct symbol_rules *rules = desk_rules(desk, position->op.symbol);
	if (e.count == 0)
		return error_set(err, STATUS_NO, "no other order sold them");
	if (e.is_bought || decimal_sub(e.sold, missing, &off) != STATUS_OK ||
	    (!decimal_is_zero(off) && (rules == NULL || decimal_cmp(decimal_abs(off), rules->lot_step) >= 0)) ||
	    decimal_cmp(e.sold, operation_open_quantity(&position->op)) > 0) {
		char sold[DECIMAL_TEXT_SIZE];
		decimal_text(e.sold, sold);
		return error_set(err, STATUS_NO, "the fills of other orders (%s%s) do not explain them", sold,
		                 e.is_bought ? ", buys among them" : "");
	}
	return book(&e, position, err);
}
