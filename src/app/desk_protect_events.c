/* What makes a LIVE position's next step due: reports about its orders, prices at its levels, a start.
 * Nothing is decided here; what is noted are the ages and counts that core/protection.h asks for. */
#include "app/desk_account.h"

#include <string.h>

enum { LAST_PRICE_YOUNG_MS = 2000 };   /* a last price may be older than the stop that it is held against */

void
protect_touch(struct desk *desk, struct position *position)
{
	position->protecting.is_due = true;
	desk->is_protection_due = true;
}

void
protect_taken(struct desk *desk, struct position *position)
{
	struct protecting *timers = &position->protecting;
	int64_t now = desk_mono_ms(desk), open_ms = desk_now_ms(desk) - position->op.opened_at_ms;

	/* A new holder does not begin the patience with a part anew: its first fill opened the operation. */
	if (timers->partial_mono_ms != 0)
		timers->partial_mono_ms = open_ms > 0 && open_ms < now ? now - open_ms : 1;
	timers->touched_mono_ms = timers->touched_mono_ms != 0 ? now : 0;
	timers->bare_since_us = clock_mono_us();   /* nothing was seen by this process yet */
	timers->is_new_here = true;
	protect_touch(desk, position);
}

static bool
rests(const struct desk *desk, const struct operation *op, enum order_purpose purpose)
{
	return desk_order_of(desk, "", op->id, purpose) != NULL;
}

void
protect_crossed(struct desk *desk, struct position *position)
{
	struct market *market = desk_market(desk, position->op.symbol);
	struct protecting *timers = &position->protecting;
	bool is_stop = position->crossing.reason == EXIT_STOP_LOSS;
	struct error ignored = { 0 };
	/* A copied or restored book wants nothing: it may speak of what another one has sold already. */
	bool may_act = account_may_act(desk, position->op.exchange_host, position->op.account, &ignored);

	if (may_act && !rests(desk, &position->op, is_stop ? PURPOSE_STOP : PURPOSE_TARGET)) {
		if (!desk->is_blocked)
			monitor_fire(desk, position);
		return;
	}
	position->is_fire_due = false;
	market->fires_due--;
	if (is_stop && timers->beyond_mono_ms == 0)
		timers->beyond_mono_ms = desk_mono_ms(desk);
	if (!is_stop && timers->touched_mono_ms == 0)
		timers->touched_mono_ms = desk_mono_ms(desk);
	for (size_t i = 0; i < desk->order_count; i++)   /* it may have been filled this very moment */
		if (desk->orders[i]->order.operation_id == position->op.id && desk->orders[i]->order.state != ORDER_PENDING)
			orders_must_look(desk->orders[i]);
	protect_touch(desk, position);
}

/* The price went on: is it still beyond the stop?  The ladder gave the level up when it was crossed. */
void
protect_price(struct desk *desk, struct market *market)
{
	for (size_t i = 0; i < desk->position_count; i++) {
		struct position *position = desk->positions[i];
		struct protecting *timers = &position->protecting;
		const struct operation *op = &position->op;
		if (op->mode != MODE_LIVE || position->is_foreign || strcmp(op->symbol, market->symbol) != 0)
			continue;
		if (timers->beyond_mono_ms != 0 && decimal_cmp(market->quote.bid, op->stop_price) > 0) {
			timers->beyond_mono_ms = 0;
			desk_position_arm(desk, position);
		}
		if (timers->beyond_mono_ms != 0 || timers->touched_mono_ms != 0 || timers->partial_mono_ms != 0)
			protect_touch(desk, position);
	}
}

/* The exchange's stop is set off by the last price: one that stays beyond it says that it should have
 * been, and one from before the stop was there says nothing. */
void
protect_last(struct desk *desk, struct market *market)
{
	for (size_t i = 0; i < desk->position_count; i++) {
		struct position *position = desk->positions[i];
		const struct operation *op = &position->op;
		if (op->mode != MODE_LIVE || position->is_foreign || strcmp(op->symbol, market->symbol) != 0)
			continue;
		const struct live_order *stop = desk_order_of(desk, "", op->id, PURPOSE_STOP);
		bool counts = stop != NULL && stop->order.seen_at_ms != 0 &&
		              desk_mono_ms(desk) - stop->added_mono_ms > LAST_PRICE_YOUNG_MS &&
		              decimal_cmp(market->last, op->stop_price) <= 0;
		position->protecting.beyond_lasts = counts ? position->protecting.beyond_lasts + 1 : 0;
		if (counts)
			protect_touch(desk, position);
	}
}

static void
wake_siblings(struct desk *desk, const struct order *order)
{
	for (size_t i = 0; i < desk->order_count; i++) {
		struct live_order *other = desk->orders[i];
		bool same_list = order->list_id[0] != '\0' && strcmp(other->order.list_id, order->list_id) == 0;
		if (same_list && strcmp(other->order.client_order_id, order->client_order_id) != 0 &&
		    other->order.state != ORDER_PENDING)
			orders_must_look(other);
	}
}

static int64_t
back_off_ms(int failures)
{
	int64_t wait = EXIT_RETRY_FIRST_MS;

	if (failures <= 1)
		return 0;   /* a first refusal may be a moment's: what is naked acts at once */
	for (int i = 2; i < failures && wait < EXIT_RETRY_LAST_MS; i++)
		wait *= 2;
	return wait < EXIT_RETRY_LAST_MS ? wait : EXIT_RETRY_LAST_MS;
}

/* Its rest, left over: the operation has ended, and what rests of it could only sell what is not there. */
static void
end_orphan(struct desk *desk, const struct order *order)
{
	struct live_order *live = desk_order(desk, order->client_order_id);
	struct operation op;
	struct intent intent;
	struct error err = { 0 };

	if (live == NULL || order->purpose == PURPOSE_ENTRY || order->state == ORDER_UNKNOWN)
		return;
	bool is_over = order->operation_id != 0
		? store_operation_find(desk->setup.store, 0, order->operation_id, &op, &err) == STATUS_OK && op.status == OPERATION_CLOSED
		: store_intent_find(desk->setup.store, 0, order->intent_id, &intent, &err) == STATUS_OK && intent.status == INTENT_FAILED;
	if (is_over && orders_want_cancel(desk, live, "nothing of its operation is left", &err) != STATUS_OK)
		orders_must_look(live);   /* and then again */
}

void
protect_heard(struct desk *desk, struct position *position, const struct order *order, enum order_state was,
              const struct exchange_report *report)
{
	bool has_ended = order_is_final(order->state), has_changed = order->state != was;
	bool is_refused = has_ended && (order->state == ORDER_REJECTED || order->state == ORDER_NOT_SENT ||
	                                order->state == ORDER_NEVER_ARRIVED);

	if (has_changed && (has_ended || order->state == ORDER_PARTIALLY_FILLED || order->purpose != PURPOSE_ENTRY))
		wake_siblings(desk, order);
	if (position == NULL) {
		if (!has_ended)
			end_orphan(desk, order);
		return;
	}
	struct protecting *timers = &position->protecting;
	if (order->purpose == PURPOSE_ENTRY) {
		if (has_ended)
			timers->partial_mono_ms = 0;
		else if (decimal_is_positive(order->filled_quantity) && timers->partial_mono_ms == 0)
			timers->partial_mono_ms = desk_mono_ms(desk);
	}
	if (order->purpose == PURPOSE_TARGET && decimal_is_positive(order->filled_quantity) && timers->touched_mono_ms == 0)
		timers->touched_mono_ms = desk_mono_ms(desk);
	if (order->purpose == PURPOSE_STOP && order->state == ORDER_NEW && order->seen_at_ms != 0) {
		timers->failures = 0;
		timers->retry_mono_ms = 0;
		timers->is_stop_refused = false;
	}
	if (has_changed && strcmp(order->client_order_id, timers->replacement_id) == 0)
		timers->lost_replacements = order->state == ORDER_NEVER_ARRIVED ? timers->lost_replacements + 1
		                          : order->state == ORDER_UNKNOWN       ? timers->lost_replacements : 0;
	timers->is_hindered |= is_refused;   /* the exchange's reason stays said until the next try */
	if (is_refused && (order->purpose == PURPOSE_STOP || order->purpose == PURPOSE_TARGET)) {
		timers->failures++;
		timers->retry_mono_ms = desk_mono_ms(desk) + back_off_ms(timers->failures);
		timers->is_stop_refused |= strstr(report->reason, "immediately") != NULL;
	}
	if (order->purpose == PURPOSE_EXIT && has_ended) {
		position->exit_failures = is_refused ? position->exit_failures + 1 : 0;
		position->exit_retry_mono_ms = is_refused ? desk_mono_ms(desk) + back_off_ms(position->exit_failures) : 0;
	}
	if (is_refused && report->code == EXCHANGE_CODE_NEW_ORDER_REJECTED)
		reconcile_want(desk, "an order was refused");
	protect_touch(desk, position);
}
