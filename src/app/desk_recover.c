/* Taking the lease: what a dead or a polite holder left is picked up before anything else happens.
 * Positions are loaded and their watches re-armed; every PENDING and SENT order becomes UNKNOWN and
 * is looked up; what the prices did meanwhile is asked for. */
#include "app/desk_state.h"

#include <string.h>

struct loading {
	struct desk *desk;
	enum status status;
};

static bool
load_position(void *self, const struct operation *op)
{
	struct loading *loading = self;

	loading->status = desk_position_add(loading->desk, op);
	return loading->status == STATUS_OK;
}

static bool
load_order(void *self, const struct order *order)
{
	struct loading *loading = self;

	loading->status = desk_order_add(loading->desk, order);
	if (loading->status == STATUS_OK)
		desk_order(loading->desk, order->client_order_id)->stored = order->state;
	return loading->status == STATUS_OK;
}

/* How many orders of a purpose an operation has had: the next one's generation follows, so that no
 * client order id is ever used twice. */
static bool
see_order(void *self, const struct order *order)
{
	struct position *position = self;
	int *generation = position_generation(position, order->purpose);

	if (generation != NULL && order->generation > *generation)
		*generation = order->generation;
	/* Since when is not known to the millisecond: patience begins anew (protect_taken). */
	if (order->purpose == PURPOSE_ENTRY && order->mode == MODE_LIVE && order_is_open(order->state) &&
	    decimal_is_positive(order->filled_quantity))
		position->protecting.partial_mono_ms = 1;
	if (order->purpose == PURPOSE_TARGET && decimal_is_positive(order->filled_quantity))
		position->protecting.touched_mono_ms = 1;
	return true;
}

static enum status
doubt_orders(struct desk *desk, struct error *err)
{
	enum status status = STATUS_OK;
	size_t doubtful = 0;

	for (size_t i = 0; i < desk->order_count; i++) {
		/* What rested may have been filled, and what was being replaced may be gone: all are asked for. */
		if (desk->orders[i]->order.mode == MODE_LIVE) {
			orders_must_look(desk->orders[i]);
			desk->orders[i]->added_mono_ms = 0;
		}
		doubtful += desk->orders[i]->order.state == ORDER_PENDING || desk->orders[i]->order.state == ORDER_SENT;
	}
	if (doubtful == 0)
		return STATUS_OK;
	if ((status = store_begin(desk->setup.store, err)) != STATUS_OK)
		return status;
	for (size_t i = 0; i < desk->order_count && status == STATUS_OK; i++) {
		struct live_order *live = desk->orders[i];
		struct order next = live->order;
		if (next.state != ORDER_PENDING && next.state != ORDER_SENT)
			continue;
		struct note note;
		status = order_next(next.state, ORDER_ON_LOST, &next.state);
		next.changed_at_ms = desk_now_ms(desk);
		if (status == STATUS_OK)
			status = store_order_update(desk->setup.store, &next, live->stored, err);
		note_open(&note, desk, "order.unknown");
		note_order(&note, &next);
		json_text(&note.json, "was", order_state_name(live->order.state));
		if (status == STATUS_OK)
			status = note_write(&note, desk, err, "%s order was under way when its sender ended: asking the exchange",
			                    order_purpose_name(next.purpose));
		note_done(&note);
		if (status == STATUS_OK) {
			live->order = next;
			live->stored = next.state;
		}
	}
	if (status == STATUS_OK)
		return store_commit(desk->setup.store, err);
	store_rollback(desk->setup.store);
	return status;
}

/* The paper exchange ended with its process: what rested rests again; of what it was filling in
 * parts the rest has expired, as it would on an exchange that was restarted. */
static void
restore_paper(struct desk *desk)
{
	for (size_t i = 0; i < desk->order_count; i++) {
		const struct order *order = &desk->orders[i]->order;
		struct error err = { 0 };
		if (order->mode != MODE_DRY_RUN || order->state == ORDER_UNKNOWN)
			continue;
		if (strcmp(order->feed, desk->feed_id) != 0)
			continue;   /* prices of this feed must not fill it: it waits for its own */
		struct market *market = desk_market_make(desk, order->symbol);
		if (market != NULL && market->has_rules)
			desk->setup.paper->ops->rules(desk->setup.paper, &market->rules);
		if (desk_watch(desk, order->symbol, &err) != STATUS_OK)
			text_copy(desk->trouble, sizeof desk->trouble, err.message);
		if (desk->setup.paper->ops->restore == NULL ||
		    desk->setup.paper->ops->restore(desk->setup.paper, order, &err) == STATUS_OK)
			continue;
		struct exchange_report report = {
			.request = ASKED_NOTHING, .outcome = OUTCOME_ACCEPTED, .client_order_id = order->client_order_id,
			.exchange_order_id = order->exchange_order_id, .state = ORDER_EXPIRED,
			.reason = "the rest expired when its exchange was restarted",
		};
		orders_queue_report(desk, &report);
	}
}

static void
look_back(struct desk *desk)
{
	int64_t now = desk_now_ms(desk);

	for (size_t i = 0; i < desk->market_count; i++) {
		struct market *market = desk->markets[i];
		int64_t oldest = INT64_MAX, since = 0;
		struct price_check check;
		for (size_t j = 0; j < desk->position_count; j++) {
			const struct position *position = desk->positions[j];
			if (!position->is_foreign && strcmp(position->op.symbol, market->symbol) == 0 &&
			    position->op.opened_at_ms < oldest)
				oldest = position->op.opened_at_ms;
		}
		if (oldest == INT64_MAX)
			continue;
		since = oldest;
		if (store_check_find(desk->setup.store, desk->feed_id, market->symbol, &check, NULL) == STATUS_OK) {
			market->checks = check.checks;
			market->checked_at_ms = check.checked_at_ms;
			if (check.checked_at_ms > since)
				since = check.checked_at_ms;
		}
		market->check_saved_us = clock_mono_us();
		if (now - since > desk->setup.settings->feed.stale_ms)
			monitor_open_gap(desk, market, since);
	}
}

/* Who stays to watch says so; a command that comes every minute does when somebody left it work. */
static bool
is_worth_a_line(const struct desk *desk)
{
	if (!desk->setup.is_brief)
		return desk->position_count + desk->order_count > 0;
	for (size_t i = 0; i < desk->order_count; i++)
		if (desk->orders[i]->order.state == ORDER_UNKNOWN)
			return true;
	return desk->are_exits_due || desk->wish_count > 0;
}

static void
note_taking(struct desk *desk)
{
	struct note note;
	struct error ignored = { 0 };   /* a busy moment may lose this line and nothing else */

	note_open(&note, desk, "lease.taken");
	json_int(&note.json, "operations", (int64_t)desk->position_count);
	json_int(&note.json, "open_orders", (int64_t)desk->order_count);
	json_text(&note.json, "feed", desk->feed_id);
	if (note_alone(&note, desk, &ignored, "watching %zu operation(s), %zu order(s) open",
	               desk->position_count, desk->order_count) != STATUS_OK)
		text_copy(desk->trouble, sizeof desk->trouble, ignored.message);
	note_done(&note);
}

enum status
desk_take_hold(struct desk *desk, struct error *err)
{
	struct loading loading = { .desk = desk };
	struct operation_query active = { .has_status = true, .status = OPERATION_ACTIVE };
	struct order_query open = { .only_open = true };

	if (desk->is_holder)
		return STATUS_OK;
	if (desk->setup.is_readonly)
		return error_set(err, STATUS_REFUSED, "--readonly looks and never acts");
	enum status status = store_operations(desk->setup.store, &active, load_position, &loading, err);
	if (status == STATUS_OK)
		status = loading.status;
	if (status == STATUS_OK)
		status = store_orders(desk->setup.store, &open, load_order, &loading, err);
	if (status == STATUS_OK)
		status = loading.status;
	for (size_t i = 0; i < desk->position_count && status == STATUS_OK; i++) {
		struct order_query mine = { .operation_id = desk->positions[i]->op.id };
		status = store_orders(desk->setup.store, &mine, see_order, desk->positions[i], err);
		if (desk->positions[i]->op.exit_wish.reason != EXIT_NONE)
			desk->are_exits_due = true;
		if (desk->positions[i]->op.mode == MODE_LIVE)
			protect_taken(desk, desk->positions[i]);
	}
	if (status == STATUS_OK)
		status = doubt_orders(desk, err);
	if (status == STATUS_OK)
		status = entry_settle_left(desk, err);
	if (status == STATUS_OK)
		status = wishes_reload(desk, err);
	if (status != STATUS_OK) {
		desk->is_holder = true;   /* so that what was loaded is forgotten */
		desk_release_hold(desk);
		return status;
	}
	desk->is_holder = true;
	store_reserve_keep(desk->setup.store);
	for (size_t i = 0; i < desk->market_count; i++)   /* learnt while only looking */
		desk_keep_rules(desk, desk->markets[i]);
	if (is_worth_a_line(desk))
		note_taking(desk);
	if (desk->setup.paper != NULL)
		restore_paper(desk);
	if (desk->setup.feed != NULL)
		look_back(desk);
	desk_touch(desk);
	return STATUS_OK;
}
