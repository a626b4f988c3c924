/* One order's life: paid for, filled, ended; commissions (commission_faq.md) and the count of
 * unfilled orders (order_count_decrement.md). */
#include <stdlib.h>
#include <string.h>
#include "engine.h"
#include "grow.h"

static const int64_t window_ms[WINDOWS] = { 10000, 86400000 };

static void
order_count_roll(struct exchange *ex, struct account *account)
{
	for (int i = 0; i < WINDOWS; i++)
		if (account->window[i] != ex->now_ms / window_ms[i]) {
			account->window[i] = ex->now_ms / window_ms[i];
			account->count[i] = 0;
		}
}

void
order_count_add(struct exchange *ex, size_t account, int by)
{
	struct account *who = &ex->accounts[account];
	order_count_roll(ex, who);
	for (int i = 0; i < WINDOWS; i++) {
		who->count[i] += by;
		if (who->count[i] < 0)
			who->count[i] = 0;
	}
}

bool
order_count_room(struct exchange *ex, size_t account, int more, struct refusal *no)
{
	struct account *who = &ex->accounts[account];
	order_count_roll(ex, who);
	for (int i = 0; i < WINDOWS; i++)
		if (who->count[i] + more > ex->order_limit[i])
			return refuse(no, 429, -1015,
			              "Too many new orders; current limit is %d orders per %s.",
			              ex->order_limit[i], i == 0 ? "10 SECOND" : "1 DAY");
	return true;
}

int64_t
hold_new(struct exchange *ex, size_t account, const char *asset, num amount, int64_t order_id)
{
	ex->holds = grow(ex->holds, ex->holds_len, sizeof *ex->holds);
	struct hold *hold = &ex->holds[ex->holds_len];
	memset(hold, 0, sizeof *hold);
	hold->account = account;
	hold->left = amount;
	memccpy(hold->asset, asset, '\0', sizeof hold->asset - 1);
	balance_change(ex, account, asset, -amount, amount, "lock", order_id);
	return (int64_t)ex->holds_len++;
}

void
hold_take(struct exchange *ex, struct order *order)
{
	ex->holds[order->hold].users++;
}

void
hold_release(struct exchange *ex, struct order *order)
{
	if (order->hold < 0)
		return;
	struct hold *hold = &ex->holds[order->hold];
	if (--hold->users == 0) {
		balance_change(ex, hold->account, hold->asset, hold->left, -hold->left, "unlock",
		               order->id);
		hold->left = 0;
	}
	order->hold = -1;
}

static json_t *
order_facts(const struct order *order)
{
	return json_pack("{sI ss ss ss ss so so so so ss ss}", "orderId", (json_int_t)order->id, "symbol",
	                 order->symbol->name, "clientOrderId", order->terms.client_id, "side",
	                 side_names[order->terms.side], "type", type_names[order->terms.type], "origQty",
	                 num_json(order->terms.qty), "executedQty", num_json(order->executed), "price",
	                 num_json(order->terms.price), "stopPrice", num_json(order->terms.stop),
	                 "status", status_names[order->status], "expiryReason",
	                 expiry_names[order->expiry]);
}

struct order *
order_new(struct exchange *ex, size_t account, struct symbol *symbol, const struct terms *terms,
          enum order_status status)
{
	struct order *order = calloc(1, sizeof *order);
	if (order == NULL)
		abort();
	order->terms = *terms;
	if (*order->terms.client_id == '\0')
		make_id(ex, order->terms.client_id);
	order->id = (int64_t)ex->orders_len + 1;
	order->list_id = order->hold = -1;
	order->account = account;
	order->symbol = symbol;
	order->status = status;
	order->time_ms = order->update_ms = ex->now_ms;
	order->working_ms = order->trailing_ms = -1;
	order->visible_ms = ex->now_ms + ex->query_lag_ms;
	ex->orders = grow(ex->orders, ex->orders_len, sizeof(struct order *));
	ex->orders[ex->orders_len++] = order;
	ex->open = grow(ex->open, ex->open_len, sizeof(struct order *));
	ex->open[ex->open_len++] = order;
	ledger_add(ex, "placed", order_facts(order));
	return order;
}

/* Locks what the order may spend. */
void
fund_order(struct exchange *ex, struct order *order)
{
	const char *asset;
	num needed = funds_needed(ex, order->symbol, &order->terms, &asset);
	order->hold = hold_new(ex, order->account, asset, needed, order->id);
	hold_take(ex, order);
}

void
order_start(struct exchange *ex, struct order *order)
{
	order->status = ORDER_NEW;
	order->update_ms = ex->now_ms;
	ledger_add(ex, "rests", order_facts(order));
	if (type_is_algo(order->terms.type)) {
		if (order->terms.trailing_delta > 0 && order->terms.stop == 0) {
			order->trailing_ms = ex->now_ms;
			order->extreme = order->symbol->last;
		}
		return;
	}
	order_execute(ex, order);
}

static num
rate_of(const struct rates *rates, bool maker, bool buy)
{
	return (maker ? rates->maker : rates->taker) + (buy ? rates->buyer : rates->seller);
}

/* What an amount of an asset is in BNB; -1 when no market says. */
static num
in_bnb(const struct exchange *ex, const char *asset, num amount)
{
	if (strcmp(asset, "BNB") == 0)
		return amount;
	for (size_t i = 0; i < ex->symbols_len; i++) {
		const struct symbol *symbol = ex->symbols[i];
		if (symbol->last == 0)
			continue;
		if (strcmp(symbol->base, "BNB") == 0 && strcmp(symbol->quote, asset) == 0)
			return num_div(amount, symbol->last);
		if (strcmp(symbol->quote, "BNB") == 0 && strcmp(symbol->base, asset) == 0)
			return num_mul(amount, symbol->last);
	}
	return -1;
}

/* commission_faq.md shows 0.040229875 as 0.04022988. */
static num
part_of(num amount, num rate)
{
	return (amount * rate + NUM_ONE / 2) / NUM_ONE;
}

/* "If you do not have enough BNB to pay the discounted commission, the full commission will be
 * taken out of your received amount" (commission_faq.md). */
static num
commission(struct exchange *ex, const struct order *order, const char *received_asset,
           num received, bool maker, const char **ret_asset)
{
	struct account *account = &ex->accounts[order->account];
	bool buy = order->terms.side == SIDE_BUY;
	num standard = part_of(received, rate_of(&account->standard, maker, buy));
	num others = part_of(received, rate_of(&account->special, maker, buy)) +
	             part_of(received, rate_of(&account->tax, maker, buy));
	if (account->discount_enabled) {
		num bnb = in_bnb(ex, received_asset, part_of(standard, account->discount) + others);
		if (bnb >= 0 && balance_of(account, "BNB")->free >= bnb) {
			*ret_asset = "BNB";
			return bnb;
		}
	}
	*ret_asset = received_asset;
	return standard + others;
}

static void
pay(struct exchange *ex, struct order *order, num price, num qty)
{
	bool buy = order->terms.side == SIDE_BUY;
	const char *asset = buy ? order->symbol->quote : order->symbol->base;
	num spent = buy ? num_mul(price, qty) : qty;
	struct hold *hold = order->hold >= 0 ? &ex->holds[order->hold] : NULL;
	num locked = hold ? num_min(spent, hold->left) : 0;
	if (hold != NULL)
		hold->left -= locked;
	balance_change(ex, order->account, asset, -(spent - locked), -locked, "spent", order->id);
	/* Bought below its limit: what that saves is free at once. */
	num needed = num_mul(order->terms.price, order->terms.qty - order->executed - qty);
	if (buy && hold != NULL && order->terms.price > 0 && hold->users == 1 && hold->left > needed) {
		balance_change(ex, order->account, asset, hold->left - needed, needed - hold->left,
		               "unlock", order->id);
		hold->left = needed;
	}
}

/* opo.md: what an OPO's working order receives is locked; its commission comes from free funds
 * "if the received asset is not BNB and there are enough available funds". */
static void
receive(struct exchange *ex, struct order *order, const char *asset, num received, num fee,
        const char *fee_asset)
{
	struct list *list = order->role == ROLE_WORKING ? list_by_id(ex, order->list_id) : NULL;
	if (list == NULL || !list->opo) {
		balance_change(ex, order->account, asset, received, 0, "received", order->id);
		balance_change(ex, order->account, fee_asset, -fee, 0, "commission", order->id);
		return;
	}
	list->received += received;
	balance_change(ex, order->account, asset, 0, received, "received", order->id);
	bool same = strcmp(asset, fee_asset) == 0;
	num free_funds = balance_of(&ex->accounts[order->account], fee_asset)->free;
	if (same && (strcmp(asset, "BNB") == 0 || free_funds < fee)) {
		list->received -= fee;
		balance_change(ex, order->account, asset, 0, -fee, "commission", order->id);
	} else {
		balance_change(ex, order->account, fee_asset, -fee, 0, "commission", order->id);
	}
}

void
order_fill(struct exchange *ex, struct order *order, num price, num qty, bool maker)
{
	struct symbol *symbol = order->symbol;
	bool buy = order->terms.side == SIDE_BUY, first = order->executed == 0;
	const char *asset = buy ? symbol->base : symbol->quote, *fee_asset;
	num received = buy ? qty : num_mul(price, qty);
	pay(ex, order, price, qty);
	num fee = commission(ex, order, asset, received, maker, &fee_asset);
	receive(ex, order, asset, received, fee, fee_asset);
	order->executed += qty;
	order->quote += num_mul(price, qty);
	order->update_ms = ex->now_ms;
	order->status = order->executed >= order->terms.qty ? ORDER_FILLED : ORDER_PARTIALLY_FILLED;
	ex->trades = grow(ex->trades, ex->trades_len, sizeof *ex->trades);
	struct trade *trade = &ex->trades[ex->trades_len++];
	*trade = (struct trade){
		.id = symbol->next_trade_id - 1, .order_id = order->id, .list_id = order->list_id,
		.time_ms = ex->now_ms, .account = order->account, .symbol = symbol, .price = price,
		.qty = qty, .commission = fee, .buyer = buy, .maker = maker,
	};
	memccpy(trade->commission_asset, fee_asset, '\0', sizeof trade->commission_asset - 1);
	json_t *facts = order_facts(order);
	json_object_set_new(facts, "tradeId", json_integer(trade->id));
	json_object_set_new(facts, "fillPrice", num_json(price));
	json_object_set_new(facts, "fillQty", num_json(qty));
	json_object_set_new(facts, "commission", num_json(fee));
	json_object_set_new(facts, "commissionAsset", json_string(fee_asset));
	json_object_set_new(facts, "maker", json_boolean(maker));
	ledger_add(ex, "fill", facts);
	if (!order->counted) {
		order->counted = true;
		order_count_add(ex, order->account, maker ? -5 : -1);
	}
	if (first && !order->triggered)
		list_order_started(ex, order);
	if (order->status == ORDER_FILLED) {
		hold_release(ex, order);
		list_order_ended(ex, order);
	}
}

void
order_end(struct exchange *ex, struct order *order, enum order_status status, enum expiry expiry)
{
	static const char *const words[ORDER_STATUSES] = { [ORDER_CANCELED] = "canceled",
	                                                   [ORDER_EXPIRED] = "expired",
	                                                   [ORDER_REJECTED] = "rejected" };
	order->status = status;
	order->expiry = expiry;
	order->update_ms = ex->now_ms;
	hold_release(ex, order);
	ledger_add(ex, words[status] ? words[status] : "ended", order_facts(order));
	list_order_ended(ex, order);
}

void
order_cancel(struct exchange *ex, struct order *order, const char *cancel_id)
{
	struct list *list = list_by_id(ex, order->list_id);
	if (list != NULL && !list->done) {
		list_cancel(ex, list, cancel_id);
		return;
	}
	memccpy(order->cancel_id, cancel_id, '\0', sizeof order->cancel_id - 1);
	order_end(ex, order, ORDER_CANCELED, EXPIRY_NONE);
}
