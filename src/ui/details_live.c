/* Purpose: what of one LIVE operation lies on the exchange: each order with when it was last seen there,
 * orders without an answer, fees by asset, dust, and how long a moved stop left a gap. */
#include "ui/screen_parts.h"
#include "ui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "STOP_LOSS_LIMIT 0.05905, triggers at 95,900.00, limit 94,941.00" */
static void
order_words(const struct order *order, int places, char *ret, size_t size)
{
	char quantity[WORDS_SIZE], price[WORDS_SIZE];
	size_t used;

	words_number(order->quantity, decimal_places(order->quantity), false, quantity);
	text_format(ret, size, "%s %s%s", order_type_name(order->type), order->is_quantity_open ? "at most " : "",
	            quantity);
	if (order->has_stop_price) {
		used = strlen(ret);
		words_price(order->stop_price, places, price);
		text_format(ret + used, size - used, ", triggers at %s", price);
	}
	if (order->has_price) {
		used = strlen(ret);
		words_price(order->price, places, price);
		text_format(ret + used, size - used, "%s %s", order->has_stop_price ? ", limit" : " at", price);
	}
}

/* When a lookup last showed it resting: the only thing that makes a stop one that protects. */
static void
seen_words(const struct order_model *model, int64_t now_ms, char *ret, size_t size)
{
	const struct order *order = &model->order;
	char age[WORDS_SIZE];

	if (order->state == ORDER_PENDING || order->state == ORDER_SENT) {
		text_copy(ret, size, "on its way");
	} else if (order->state == ORDER_PENDING_NEW) {
		text_copy(ret, size, "waits for its entry to fill");
	} else if (order->seen_at_ms == 0) {
		text_copy(ret, size, "not seen resting yet");
	} else if (model->is_seen_here) {
		words_age(now_ms - order->seen_at_ms, age);
		text_format(ret, size, "seen %s ago", age);
	} else {
		words_when(order->seen_at_ms, now_ms, age);
		text_format(ret, size, "resting since it was seen at %s", age);
	}
}

static void
say_order(const struct order_model *model, const struct details *details, int64_t now_ms, int width,
          struct lines *lines)
{
	const struct order *order = &model->order;
	char what[160], seen[64], text[400];

	order_words(order, details->operation.price_places, what, sizeof what);
	if (order->state == ORDER_UNKNOWN) {
		order_unknown_words(model, now_ms, text, sizeof text);
		lines_add(lines, STYLE_ALARM, "  %s: %s UNKNOWN", order_purpose_name(order->purpose), what);
		lines_add_wrapped(lines, STYLE_ALARM, text, width);
		return;
	}
	seen_words(model, now_ms, seen, sizeof seen);
	lines_add(lines, STYLE_PLAIN, "  %-6s %s", order_purpose_name(order->purpose), what);
	lines_add(lines, order->seen_at_ms == 0 ? STYLE_WARN : STYLE_PLAIN, "         %s, %s%s",
	          order_state_name(order->state), seen, order->is_cancel_wanted ? ", cancel asked for" : "");
	lines_add(lines, STYLE_DIM, "         id %s%s%s%s%s", order->client_order_id,
	          order->exchange_order_id[0] != 0 ? " / " : "", order->exchange_order_id,
	          order->list_id[0] != 0 ? ", list " : "", order->list_id);
}

void
details_say_resting(const struct details *details, struct lines *lines, int64_t now_ms, int width)
{
	const struct operation *op = &details->operation.op;
	const struct order_list *list = &details->intent.orders;
	int open = 0;

	if (op->mode != MODE_LIVE || !details->has_intent)
		return;
	for (size_t i = 0; i < list->count; i++)
		open += order_is_open(list->rows[i].order.state);
	if (open == 0 && op->status != OPERATION_ACTIVE)
		return;
	lines_add(lines, STYLE_TITLE, "On %s", op->exchange_host[0] != 0 ? op->exchange_host : "the exchange");
	if (open == 0)
		lines_add(lines, STYLE_WARN, "  nothing of this operation rests there");
	for (size_t i = 0; i < list->count; i++)
		if (order_is_open(list->rows[i].order.state))
			say_order(&list->rows[i], details, now_ms, width, lines);
	lines_add(lines, STYLE_PLAIN, "%s", "");
}

/* ---- fees and dust ---- */

enum { FEE_ASSETS = 4 };
struct fee_sums {
	struct { char asset[ASSET_SIZE]; struct decimal sum; } all[FEE_ASSETS];
	int count;
	bool is_estimated;
};

static void
add_fee(struct fee_sums *sums, const struct fill *fill)
{
	int i = 0;

	sums->is_estimated = sums->is_estimated || fill->is_fee_estimated;
	while (i < sums->count && strcmp(sums->all[i].asset, fill->commission_asset) != 0)
		i++;
	if (i == FEE_ASSETS)
		return;
	if (i == sums->count) {
		text_copy(sums->all[i].asset, ASSET_SIZE, fill->commission_asset);
		sums->all[i].sum = DECIMAL_ZERO;
		sums->count++;
	}
	if (decimal_add(sums->all[i].sum, fill->commission, &sums->all[i].sum) != STATUS_OK)
		return;                       /* a sum that fits no number is not worth less than its parts */
}

void
details_say_fees(const struct details *details, struct lines *lines)
{
	const struct operation_model *model = &details->operation;
	const struct order_list *list = &details->intent.orders;
	struct fee_sums sums = { .count = 0 };
	struct decimal total;
	char number[WORDS_SIZE], text[200];

	if (!details->has_intent || decimal_add(model->op.entry.fees, model->op.exit.fees, &total) != STATUS_OK)
		return;
	for (size_t i = 0; i < list->count; i++)
		for (size_t j = 0; j < list->rows[i].fill_count; j++)
			add_fee(&sums, &list->rows[i].fills[j]);
	if (sums.count == 0)
		return;
	words_money(total, false, number);
	text_format(text, sizeof text, "fees     %s %s%s:", number, model->quote,
	            sums.is_estimated ? " est." : "");
	for (int i = 0; i < sums.count; i++) {
		size_t used = strlen(text);
		words_number(sums.all[i].sum, decimal_places(sums.all[i].sum), false, number);
		text_format(text + used, sizeof text - used, "%s %s %s", i > 0 ? " +" : "", number,
		            sums.all[i].asset);
	}
	lines_add(lines, STYLE_PLAIN, "%s", text);
}

/* What is too little to be sold: named, and why. */
void
details_say_dust(const struct operation_model *model, struct decimal lot_step, struct lines *lines)
{
	struct decimal held = operation_open_quantity(&model->op), dust = model->op.dust;
	char number[WORDS_SIZE], step[WORDS_SIZE];

	if (model->op.mode != MODE_LIVE)
		return;
	if (model->op.status == OPERATION_ACTIVE &&
	    decimal_sub(held, operation_sellable(&model->op, lot_step), &dust) != STATUS_OK)
		return;
	if (!decimal_is_positive(dust))
		return;
	words_number(dust, decimal_places(dust), false, number);
	if (decimal_is_positive(lot_step)) {
		words_number(lot_step, decimal_places(lot_step), false, step);
		lines_add(lines, STYLE_DIM, "dust     %s %s, less than a lot of %s", number,
		          model->base, step);
	} else {
		lines_add(lines, STYLE_DIM, "dust     %s %s, too little to be sold", number,
		          model->base);
	}
}

/* How long nothing was seen resting when it last moved, as it was measured; what came before the first
 * stop is no gap of a move, and says so. */
void
details_say_gap(const struct event_list *events, struct lines *lines)
{
	static const char key[] = "\"bare_us\":";
	long long first = -1, last = -1;

	for (size_t i = 0; i < events->count; i++) {
		const char *data = events->rows[i].data, *at = data != NULL ? strstr(data, key) : NULL;
		if (at == NULL || !text_equal(events->rows[i].kind, "operation.protected"))
			continue;
		if (first < 0)
			first = strtoll(at + strlen(key), NULL, 10);
		else
			last = strtoll(at + strlen(key), NULL, 10);
	}
	if (last >= 0)
		lines_add(lines, STYLE_PLAIN, "gap      %lld ms without a stop, when it last moved", last / 1000);
	else if (first > 0)
		lines_add(lines, STYLE_PLAIN, "gap      %lld ms until its stop was first seen", first / 1000);
}
