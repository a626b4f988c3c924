/* Reports that wait for what they speak of.
 *
 * A report brings every fill that its state speaks of, or says UNKNOWN.  Where an answer has more
 * executed than it has fills (a query, a cancel, an order that fills while it is placed), the order's
 * trades are asked for first (rest-api.md, "Account trade list").  "FILLED" with nothing executed and a
 * price of 0 is on record, too: the trades settle it.
 *
 * Then each commission is told in the quote asset: as it is; from the base asset at the fill's price; from
 * another (BNB) at the price of now.  If that can't be had, the fee is estimated from the settings. */
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "exchange/binance/state.h"

enum { TRADES_WEIGHT = 5, PRICE_WEIGHT = 2, PAGE = 1000, PAGES_MAX = 20 };
#define PRICE_KEPT_US (INT64_C(60) * 1000000)

struct part *
part_add(struct ask *ask, enum exchange_request request, const struct order *order)
{
	if (ask->part_count == PARTS_MAX)
		return NULL;
	struct part *part = &ask->parts[ask->part_count++];
	*part = (struct part){ .order = *order, .request = request, .outcome = OUTCOME_UNKNOWN };
	text_copy(part->answer.exchange_order_id, sizeof part->answer.exchange_order_id,
	          order->exchange_order_id);
	return part;
}

void
part_fail(struct part *part, enum exchange_outcome outcome, int code, const char *reason)
{
	fill_list_done(&part->answer.fills);
	part->outcome = outcome;
	part->code = code;
	part->wants_fills = false;
	text_copy(part->reason, sizeof part->reason, reason);
	text_make_harmless(part->reason);
}

/* ---- fills ---- */

static bool
sum_fills(const struct fill_list *list, struct decimal *ret)
{
	struct decimal sum = DECIMAL_ZERO;
	for (size_t i = 0; i < list->count; i++)
		if (decimal_add(sum, list->all[i].quantity, &sum) != STATUS_OK)
			return false;
	*ret = sum;
	return true;
}

/* Do the fills add up to the state?  *ret_more: not yet, and the trades may tell. */
static bool
adds_up(struct part *part, bool *ret_more)
{
	struct order_answer *answer = &part->answer;
	struct decimal sum, whole = answer->has_quantity ? answer->quantity : part->order.quantity;
	bool is_whole_known = answer->has_quantity || !part->order.is_quantity_open;
	bool is_live = !order_is_final(answer->state);
	*ret_more = false;
	if (!sum_fills(&answer->fills, &sum))
		return false;
	bool is_filled = answer->state == ORDER_FILLED;
	if (decimal_cmp(sum, answer->executed) < 0 || (is_filled && decimal_cmp(sum, whole) < 0) ||
	    (answer->state == ORDER_PARTIALLY_FILLED && decimal_is_zero(sum))) {
		*ret_more = true;
		return false;
	}
	if (is_whole_known && decimal_cmp(sum, whole) > 0)
		return false;
	if (is_filled)
		return decimal_is_positive(sum);
	if (decimal_cmp(sum, answer->executed) > 0 && !is_live)
		return false;                  /* an end that is older than its trades */
	if (is_live && decimal_is_positive(sum))
		answer->state = is_whole_known && decimal_cmp(sum, whole) == 0 ? ORDER_FILLED
		                                                              : ORDER_PARTIALLY_FILLED;
	return true;
}

void
part_read(struct part *part, const json_t *object)
{
	struct error err = { 0 };
	bool more = false;
	struct order_answer answer;
	if (!order_json_is_of(object, &part->order)) {
		part_fail(part, OUTCOME_UNKNOWN, 0, "the answer speaks of another order");
		return;
	}
	if (order_json_read(object, &part->order, &answer, &err) != STATUS_OK) {
		part_fail(part, OUTCOME_UNKNOWN, 0, err.message);
		return;
	}
	order_answer_done(&part->answer);
	part->answer = answer;
	part->outcome = OUTCOME_ACCEPTED;
	if (answer.expiry_reason[0] != '\0')
		text_format(part->reason, sizeof part->reason, "expired: %s", answer.expiry_reason);
	if (!answer.has_state)
		part_fail(part, OUTCOME_UNKNOWN, 0, "the answer does not say what became of the order");
	else if (!adds_up(part, &more) && !more)
		part_fail(part, OUTCOME_UNKNOWN, 0, "the answer contradicts itself");
	else
		part->wants_fills = more;
}

static enum status
ask_fills(struct ask *parent, size_t index, int64_t from_id, struct ask *again)
{
	struct part *part = &parent->parts[index];
	struct ask *ask = again != NULL ? again : ask_new(parent->self, ASK_FILLS);
	struct error err = { 0 };
	if (ask == NULL)
		return STATUS_NO_MEMORY;
	payload_init(&ask->payload);
	ask->parent = parent;
	ask->part = index;
	ask->path = "/api/v3/myTrades";
	ask->weight = TRADES_WEIGHT;
	ask->is_urgent = true;
	text_copy(ask->symbol, sizeof ask->symbol, part->order.symbol);
	payload_add(&ask->payload, "symbol", part->order.symbol);
	payload_add(&ask->payload, "orderId", part->answer.exchange_order_id);
	if (from_id >= 0)
		payload_add_int(&ask->payload, "fromId", from_id);
	payload_add_int(&ask->payload, "limit", PAGE);
	enum status status = ask_sign(ask, &err);
	if (status == STATUS_OK)
		status = ask_send(ask, &err);
	if (status == STATUS_OK)
		return STATUS_OK;
	part_fail(part, OUTCOME_UNKNOWN, 0, err.message);
	ask->parent = NULL;
	ask_free(ask);
	return status;
}

static void
take_trades(struct part *part, const struct told_trades *trades)
{
	bool more = false;
	fill_list_done(&part->answer.fills);
	for (size_t i = 0; i < trades->count; i++) {
		struct fill fill = trades->all[i].fill;
		text_copy(fill.client_order_id, sizeof fill.client_order_id, part->order.client_order_id);
		if (trades->all[i].side != part->order.side || !fill_list_add(&part->answer.fills, &fill)) {
			part_fail(part, OUTCOME_UNKNOWN, 0, "the trades are not this order's");
			return;
		}
	}
	if (!adds_up(part, &more))
		part_fail(part, OUTCOME_UNKNOWN, 0, more ? "its trades are not all told yet"
		                                         : "its trades contradict its state");
}

void
settle_fills_heard(struct ask *ask, const struct outcome *outcome)
{
	struct ask *parent = ask->parent;
	struct part *part = &parent->parts[ask->part];
	struct error err = { 0 };
	size_t rows = 0;
	if (outcome->verdict != VERDICT_OK)
		part_fail(part, OUTCOME_UNKNOWN, outcome->code, outcome->reason);
	else if (trades_json_read(outcome->root, ask->symbol, part->answer.exchange_order_id, &ask->trades,
	                          &ask->last_trade_id, &rows, &err) != STATUS_OK)
		part_fail(part, OUTCOME_UNKNOWN, 0, err.message);
	else if (rows >= PAGE && ++ask->pages < PAGES_MAX) {
		/* "If fromId is set, it will get trades >= that fromId.  Otherwise most recent trades are
		 * returned": so one full page says only that they have to be read from the beginning. */
		int64_t from_id = ask->pages == 1 ? 0 : ask->last_trade_id + 1;
		ask->last_trade_id = 0;
		if (ask_fills(parent, ask->part, from_id, ask) == STATUS_OK)
			return;
		ask = NULL;                    /* it is gone already */
	} else {
		take_trades(part, &ask->trades);
	}
	parent->children--;
	if (ask != NULL) {
		ask->parent = NULL;
		ask_free(ask);
	}
	settle(parent);
}

/* ---- fees ---- */

const struct symbol_assets *
binance_assets(struct binance *self, const char *symbol)
{
	for (size_t i = 0; i < self->symbol_count; i++)
		if (strcmp(self->symbols[i].symbol, symbol) == 0)
			return &self->symbols[i];
	if (self->symbol_count == self->symbol_capacity) {
		size_t wanted = self->symbol_capacity == 0 ? 8 : self->symbol_capacity * 2;
		struct symbol_assets *more = realloc(self->symbols, wanted * sizeof *more);
		if (more == NULL)
			return NULL;
		self->symbols = more;
		self->symbol_capacity = wanted;
	}
	/* Until its rules say which is which. */
	struct symbol_assets *assets = &self->symbols[self->symbol_count++];
	*assets = (struct symbol_assets){ 0 };
	text_copy(assets->symbol, sizeof assets->symbol, symbol);
	symbol_split(symbol, assets->base, assets->quote);
	return assets;
}

static struct price_note *
price_find(struct binance *self, const char *asset, const char *quote)
{
	for (size_t i = 0; i < PRICES_MAX; i++)
		if (strcmp(self->prices[i].asset, asset) == 0 && strcmp(self->prices[i].quote, quote) == 0 &&
		    self->prices[i].at_us != 0)
			return &self->prices[i];
	return NULL;
}

static void
price_keep(struct binance *self, const char *asset, const char *quote, const struct decimal *price)
{
	struct price_note *note = price_find(self, asset, quote);
	if (note == NULL)
		note = &self->prices[self->price_next++ % PRICES_MAX];
	*note = (struct price_note){ .price = price ? *price : DECIMAL_ZERO, .is_missing = price == NULL,
	                             .at_us = clock_mono_us() };
	text_copy(note->asset, sizeof note->asset, asset);
	text_copy(note->quote, sizeof note->quote, quote);
}

static void
estimate(struct binance *self, struct fill *fill)
{
	struct decimal value;
	fill->is_fee_estimated = true;
	if (decimal_mul(fill->price, fill->quantity, ROUND_UP, &value) != STATUS_OK ||
	    decimal_percent_of(value, self->fee_percent, ROUND_UP, &fill->fee_quote) != STATUS_OK)
		fill->fee_quote = DECIMAL_ZERO;
}

/* False if the price of its commission's asset has to be asked for. */
static bool
tell_fee(struct binance *self, const char *symbol, struct fill *fill)
{
	const struct symbol_assets *assets = binance_assets(self, symbol);
	if (decimal_is_zero(fill->commission)) {
		fill->fee_quote = DECIMAL_ZERO;
	} else if (assets == NULL) {
		estimate(self, fill);
	} else if (strcmp(fill->commission_asset, assets->quote) == 0) {
		fill->fee_quote = fill->commission;
	} else if (strcmp(fill->commission_asset, assets->base) == 0) {
		if (decimal_mul(fill->commission, fill->price, ROUND_UP, &fill->fee_quote) != STATUS_OK)
			estimate(self, fill);
	} else {
		const struct price_note *note = price_find(self, fill->commission_asset, assets->quote);
		if (note == NULL || clock_mono_us() - note->at_us > PRICE_KEPT_US)
			return false;
		fill->is_fee_estimated = true;
		if (note->is_missing ||
		    decimal_mul(fill->commission, note->price, ROUND_UP, &fill->fee_quote) != STATUS_OK)
			estimate(self, fill);
	}
	return true;
}

static bool
is_priced_already(const struct ask *parent, const char *asset, const char *quote)
{
	for (const struct ask *each = parent->self->asks; each != NULL; each = each->next)
		if (each->kind == ASK_PRICE && each->parent == parent && strcmp(each->asset, asset) == 0 &&
		    strcmp(each->quote, quote) == 0)
			return true;
	return false;
}

static bool
ask_price(struct ask *parent, const char *asset, const char *quote, bool is_inverse)
{
	struct ask *ask = ask_new(parent->self, ASK_PRICE);
	struct error err = { 0 };
	if (ask == NULL)
		return false;
	ask->parent = parent;
	ask->path = "/api/v3/ticker/price";
	ask->weight = PRICE_WEIGHT;
	ask->is_urgent = true;
	ask->is_inverse = is_inverse;
	text_copy(ask->asset, sizeof ask->asset, asset);
	text_copy(ask->quote, sizeof ask->quote, quote);
	text_format(ask->symbol, sizeof ask->symbol, "%s%s", is_inverse ? quote : asset,
	            is_inverse ? asset : quote);
	payload_add(&ask->payload, "symbol", ask->symbol);
	if (payload_check(&ask->payload, &err) == STATUS_OK && ask_send(ask, &err) == STATUS_OK) {
		parent->children++;
		return true;
	}
	ask->parent = NULL;
	ask_free(ask);
	return false;
}

static void
tell_fees(struct ask *ask, const char *symbol, struct fill *fill)
{
	struct binance *self = ask->self;
	if (tell_fee(self, symbol, fill))
		return;
	const struct symbol_assets *assets = binance_assets(self, symbol);
	if (is_priced_already(ask, fill->commission_asset, assets->quote))
		return;
	if (!ask_price(ask, fill->commission_asset, assets->quote, false)) {
		price_keep(self, fill->commission_asset, assets->quote, NULL);
		estimate(self, fill);
	}
}

void
settle_price_heard(struct ask *ask, const struct outcome *outcome)
{
	struct ask *parent = ask->parent;
	struct decimal price;
	struct error err = { 0 };
	bool is_told = outcome->verdict == VERDICT_OK &&
	               price_json_read(outcome->root, ask->symbol, &price, &err) == STATUS_OK;
	if (is_told && ask->is_inverse)
		is_told = decimal_div(decimal_from_int(1), price, ROUND_UP, &price) == STATUS_OK;
	parent->children--;
	/* "Invalid symbol.": perhaps it is listed the other way round. */
	if (is_told || ask->is_inverse || outcome->code != -1121 ||
	    !ask_price(parent, ask->asset, ask->quote, true))
		price_keep(ask->self, ask->asset, ask->quote, is_told ? &price : NULL);
	ask->parent = NULL;
	ask_free(ask);
	settle(parent);
}

/* ---- telling ---- */

static void
tell(struct ask *ask)
{
	const struct exchange_listener *listener = &ask->self->base.listener;
	for (size_t i = 0; i < ask->part_count; i++) {
		const struct part *part = &ask->parts[i];
		bool is_accepted = part->outcome == OUTCOME_ACCEPTED;
		const struct exchange_report report = {
			.request = part->request, .outcome = part->outcome,
			.client_order_id = part->order.client_order_id,
			.exchange_order_id = part->answer.exchange_order_id,
			.state = part->answer.state,
			.fills = is_accepted ? part->answer.fills.all : NULL,
			.fill_count = is_accepted ? part->answer.fills.count : 0,
			.has_quantity = is_accepted && part->answer.has_quantity,
			.quantity = part->answer.quantity,
			.asked_at_ms = ask->asked_at_ms, .code = part->code, .reason = part->reason,
		};
		if (listener->on_report != NULL)
			listener->on_report(listener->self, &report);
	}
}

void
settle(struct ask *ask)
{
	for (size_t i = 0; i < ask->part_count; i++)
		if (ask->parts[i].wants_fills) {
			ask->parts[i].wants_fills = false;
			if (ask_fills(ask, i, -1, NULL) == STATUS_OK)
				ask->children++;
		}
	if (ask->children > 0)
		return;
	for (size_t i = 0; i < ask->part_count; i++)
		for (size_t f = 0; ask->parts[i].outcome == OUTCOME_ACCEPTED && f < ask->parts[i].answer.fills.count; f++)
			tell_fees(ask, ask->parts[i].order.symbol, &ask->parts[i].answer.fills.all[f]);
	for (size_t i = 0; ask->kind == ASK_TRADES && i < ask->trades.count; i++)
		tell_fees(ask, ask->symbol, &ask->trades.all[i].fill);
	if (ask->children > 0)
		return;
	ask_detach(ask);
	if (ask->kind == ASK_TRADES)
		questions_report_trades(ask, NULL);
	else
		tell(ask);
	ask_free(ask);
}
