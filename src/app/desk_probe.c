/* What another copy of this book may have sent.
 *
 * Client order ids are derived: whoever went on with the same book would have called its next exit, stop
 * and target by names that this one can work out.  Before an adopted book acts, those names are written
 * down as orders whose outcome is not known, and asked for like any other: what is found is booked from
 * its fills, the rest never arrived.  Until then nothing is sold, however many coins the account has. */
#include "app/desk_account.h"

#include <stdlib.h>
#include <string.h>

enum { PROBE_IDS = 3, PROBE_EXITS = 2, PROBE_STOPS = 3, PROBE_TARGETS = 2 };

struct probing {
	struct desk *desk;
	struct probe *probe;
	const struct operation *op;
	char ids[PROBE_IDS][BOOK_ID_SIZE]; int id_count;
};

static bool
see_id(void *self, const char *id, int64_t from_ms)
{
	struct probing *p = self;

	(void)from_ms;
	text_copy(p->ids[p->id_count++], BOOK_ID_SIZE, id);
	return p->id_count < PROBE_IDS;
}

static bool
make_room(struct probe *probe)
{
	if (probe->count < probe->capacity)
		return true;
	size_t wanted = probe->capacity == 0 ? 16 : probe->capacity * 2;
	struct order *grown = realloc(probe->orders, wanted * sizeof *grown);
	if (grown == NULL)
		return false;
	probe->orders = grown;
	probe->capacity = wanted;
	return true;
}

static enum status
write_one(struct probing *p, const char *id, enum order_purpose purpose, int generation, struct error *err)
{
	struct desk *desk = p->desk;
	const struct operation *op = p->op;
	struct order known, order = {
		.client_id = op->client_id, .mode = MODE_LIVE, .operation_id = op->id, .purpose = purpose,
		.generation = generation, .side = side_opposite(op->side), .quantity = operation_open_quantity(op),
		.is_quantity_open = true, .state = ORDER_PENDING, .signed_at_ms = op->opened_at_ms,
		.created_at_ms = desk_now_ms(desk), .changed_at_ms = desk_now_ms(desk),
	};

	order.type = purpose == PURPOSE_EXIT ? ORDER_MARKET : purpose == PURPOSE_STOP ? ORDER_STOP_LOSS : ORDER_LIMIT;
	order.tif = purpose == PURPOSE_TARGET ? TIF_GTC : TIF_NONE;
	order.has_stop_price = purpose == PURPOSE_STOP;
	order.stop_price = order.has_stop_price ? op->stop_price : DECIMAL_ZERO;
	order.has_price = purpose == PURPOSE_TARGET;
	order.price = order.has_price ? op->target_price : DECIMAL_ZERO;
	text_copy(order.intent_id, sizeof order.intent_id, op->intent_id);
	text_copy(order.symbol, sizeof order.symbol, op->symbol);
	text_copy(order.feed, sizeof order.feed, op->feed);
	text_copy(order.exchange_host, sizeof order.exchange_host, op->exchange_host);
	text_copy(order.account, sizeof order.account, op->account);
	text_copy(order.error, sizeof order.error, "asked for: another copy of this book may have sent it");
	order_make_client_id(id, &order, order.client_order_id);
	if (store_order_find(desk->setup.store, order.client_order_id, &known, NULL) == STATUS_OK)
		return STATUS_OK;
	if (!make_room(p->probe))
		return error_set(err, STATUS_NO_MEMORY, "no memory to ask for what another copy may have sent");
	enum status status = store_order_insert(desk->setup.store, &order, err);
	if (status == STATUS_OK)
		status = order_next(order.state, ORDER_ON_LOST, &order.state);
	if (status == STATUS_OK)
		status = store_order_update(desk->setup.store, &order, ORDER_PENDING, err);
	if (status == STATUS_OK)
		p->probe->orders[p->probe->count++] = order;
	return status;
}

static enum status
write_purpose(struct probing *p, enum order_purpose purpose, int known, int count, struct error *err)
{
	enum status status = STATUS_OK;

	for (int i = 0; i < p->id_count; i++)
		for (int generation = known + 1; status == STATUS_OK && generation <= known + count; generation++)
			status = write_one(p, p->ids[i], purpose, generation, err);
	return status;
}

static enum status
write_position(struct probing *p, const struct position *position, struct error *err)
{
	p->op = &position->op;
	p->id_count = 0;
	enum status status = store_book_ids(p->desk->setup.store, p->op->client_id, MODE_LIVE, see_id, p, err);
	if (status == STATUS_OK)
		status = write_purpose(p, PURPOSE_EXIT, position->exit_generation, PROBE_EXITS, err);
	if (status == STATUS_OK)
		status = write_purpose(p, PURPOSE_STOP, position->protecting.stop_generation, PROBE_STOPS, err);
	if (status == STATUS_OK && p->op->has_target)
		status = write_purpose(p, PURPOSE_TARGET, position->protecting.target_generation, PROBE_TARGETS, err);
	return status;
}

enum status
probe_write(struct desk *desk, struct probe *ret, struct error *err)
{
	struct probing probing = { .desk = desk, .probe = ret };
	enum status status = STATUS_OK;

	*ret = (struct probe){ 0 };
	for (size_t i = 0; status == STATUS_OK && i < desk->position_count; i++)
		if (desk->positions[i]->op.mode == MODE_LIVE)
			status = write_position(&probing, desk->positions[i], err);
	return status;
}

void
probe_remember(struct desk *desk, const struct probe *probe)
{
	for (size_t i = 0; i < probe->count; i++) {
		const struct order *order = &probe->orders[i];
		struct position *position = desk_position(desk, order->operation_id);
		if (desk_order_add(desk, order) != STATUS_OK)
			continue;   /* the next start finds it in the book */
		struct live_order *live = desk_order(desk, order->client_order_id);
		live->stored = order->state;
		live->added_mono_ms = 0;
		orders_must_look(live);
		if (position == NULL)
			continue;
		int *generation = position_generation(position, order->purpose);
		if (generation != NULL && order->generation > *generation)
			*generation = order->generation;
	}
}

void
probe_done(struct probe *probe)
{
	free(probe->orders);
	*probe = (struct probe){ 0 };
}
