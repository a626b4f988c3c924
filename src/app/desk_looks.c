/* Asking after what nobody tells of: orders whose answer stays away, what the exchange lists as open, and
 * the fills of orders that can't be found any more.  What is learnt comes back as reports, like any other
 * answer (desk_orders.c). */
#include "app/desk_account.h"

#include <string.h>

/* ---- one order ---- */

/* Handed over, and no answer in all this time: it may or may not have happened. */
static void
doubt(struct desk *desk, struct live_order *live)
{
	struct exchange_report report = {
		.request = ASKED_SUBMIT, .outcome = OUTCOME_UNKNOWN, .client_order_id = live->order.client_order_id,
		.exchange_order_id = "", .reason = "no answer came: asking the exchange",
	};

	orders_ask_again(desk, live);   /* if even this can't be noted now */
	orders_queue_report(desk, &report);
}

static bool
is_cancel_due(const struct live_order *live, int64_t now_mono_ms)
{
	return live->order.is_cancel_wanted && live->order.state != ORDER_UNKNOWN &&
	       live->order.state != ORDER_PENDING && now_mono_ms >= live->cancel_mono_ms;
}

/* A copied book may ask, and not act. */
static bool
orders_may_look(struct desk *desk, const struct order *order, struct error *err)
{
	return order->mode == MODE_DRY_RUN ||
	       account_may_look(desk, order->exchange_host, order->account, err);
}

void
orders_lookups(struct desk *desk)
{
	int64_t now = desk_mono_ms(desk);

	for (size_t i = 0; i < desk->order_count; i++) {
		struct live_order *live = desk->orders[i];
		struct exchange *exchange = desk_exchange(desk, live->order.mode);
		struct error ignored = { 0 };
		if (exchange == NULL || !orders_may_look(desk, &live->order, &ignored))
			continue;
		if (is_cancel_due(live, now))
			orders_cancel(desk, live);
		bool wanted = live->order.state == ORDER_UNKNOWN || live->lookup_mono_ms != 0 || live->must_look;
		if (!wanted || now < live->lookup_mono_ms)
			continue;
		bool is_waiting = live->order.state == ORDER_SENT || (live->order.state == ORDER_PENDING && !live->must_look);
		if (is_waiting && live->order.sent_at_ms != 0) {
			doubt(desk, live);
			continue;
		}
		orders_ask_again(desk, live);
		live->lookups++;
		if (exchange->ops->query(exchange, &live->order, &ignored) != STATUS_OK) {
			if (live->order.mode == MODE_LIVE)   /* it was not asked: no time, or no room in the limits, yet */
				live->lookup_mono_ms = now + LOOKUP_SOON_MS;
			continue;
		}
		live->is_asked = true;
		live->is_answer_old = false;
	}
}

/* ---- LIVE: what the exchange lists as open ---- */

static const struct exchange_order *
find_listed(const struct exchange_order *orders, size_t count, const char *client_order_id)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(orders[i].client_order_id, client_order_id) == 0)
			return &orders[i];
	return NULL;
}

void
orders_see_open(struct desk *desk, const char *symbol, const struct exchange_order *orders, size_t count,
                int64_t asked_mono_ms)
{
	for (size_t i = 0; i < desk->order_count; i++) {
		struct live_order *live = desk->orders[i];
		const struct order *order = &live->order;
		struct error ignored = { 0 };   /* one of another account is not missing here */
		if (order->mode != MODE_LIVE || !orders_may_look(desk, order, &ignored) || (symbol[0] != '\0' && strcmp(order->symbol, symbol) != 0) ||
		    live->added_mono_ms >= asked_mono_ms || order->state == ORDER_PENDING || order->state == ORDER_UNKNOWN)
			continue;
		const struct exchange_order *listed = find_listed(orders, count, order->client_order_id);
		/* A leg that waits for its entry is not on the book of orders yet. */
		if (listed == NULL ? order->state != ORDER_PENDING_NEW
		                   : listed->state != order->state ||
		                     decimal_cmp(listed->filled, order->filled_quantity) != 0) {
			if (!live->must_look)
				orders_must_look(live);
		} else if (listed != NULL && order->seen_at_ms != 0) {
			live->order.seen_at_ms = desk_now_ms(desk);   /* its row keeps the first time */
			live->seen_mono_ms = asked_mono_ms;
		}
	}
}

void
orders_see_trades(struct desk *desk, const char *symbol, const struct exchange_trade *trades, size_t count)
{
	for (size_t i = 0; i < desk->order_count; i++) {
		struct live_order *live = desk->orders[i];
		struct order sum = live->order;
		struct fill fills[64];
		size_t found = 0;
		if (!live->is_lost || strcmp(sum.symbol, symbol) != 0)
			continue;
		for (size_t j = 0; j < count && found < ARRAY_LEN(fills); j++)
			if (strcmp(trades[j].exchange_order_id, sum.exchange_order_id) == 0 &&
			    !store_fill_exists(desk->setup.store, sum.client_order_id, trades[j].fill.exchange_trade_id) &&
			    order_add_fill(&sum, &trades[j].fill) == STATUS_OK)
				fills[found++] = trades[j].fill;
		if (found == 0)
			continue;
		bool is_whole = decimal_cmp(sum.filled_quantity, sum.quantity) == 0;
		struct exchange_report report = {
			.request = ASKED_NOTHING, .outcome = OUTCOME_ACCEPTED, .client_order_id = live->order.client_order_id,
			.exchange_order_id = live->order.exchange_order_id, .fills = fills, .fill_count = found,
			.state = is_whole ? ORDER_FILLED : ORDER_PARTIALLY_FILLED, .reason = "by its fills: the order itself is not found",
		};
		orders_queue_report(desk, &report);
	}
}

/* A leg whose entry is filled comes to life, or dies, without a word: no list of open orders has one
 * that died. */
static bool
is_overdue(const struct desk *desk, const struct live_order *live)
{
	return live->order.state == ORDER_PENDING_NEW && !live->must_look &&
	       desk_order_of(desk, live->order.intent_id, 0, PURPOSE_ENTRY) == NULL;
}

/* Fills and triggered stops are noticed within one poll of prices. */
void
orders_watch_open(struct desk *desk)
{
	struct exchange *exchange = desk->setup.live;
	int64_t now = desk_mono_ms(desk), interval = desk->setup.settings->feed.interval_ms;

	if (exchange == NULL)
		return;
	for (size_t i = 0; i < desk->order_count; i++) {
		struct live_order *live = desk->orders[i];
		struct market *market = desk_market(desk, live->order.symbol);
		struct error ignored = { 0 };   /* no room in the limits: at the next turn */
		if (live->order.mode != MODE_LIVE || market == NULL || !orders_may_look(desk, &live->order, &ignored))
			continue;
		if (live->lookup_mono_ms == 0 && is_overdue(desk, live))
			live->lookup_mono_ms = now + interval;
		if (now - market->open_asked_mono_ms >= interval &&
		    exchange->ops->look_open(exchange, live->order.symbol, &ignored) == STATUS_OK)
			market->open_asked_mono_ms = now;
	}
}

bool
orders_have_questions(const struct desk *desk)
{
	for (size_t i = 0; i < desk->order_count; i++) {
		const struct live_order *live = desk->orders[i];
		if (live->order.state == ORDER_UNKNOWN || live->lookup_mono_ms != 0 || live->must_look ||
		    live->order.is_cancel_wanted || live->order.mode == MODE_LIVE)
			return true;
	}
	return false;
}
