/* Everything is rounded against the order, so that DRY-RUN does not flatter: prices to the tick
 * away from it, fees up. */
#include "exchange/paper/matching.h"

#include <string.h>

#include "base/text.h"

enum status
paper_taker_price(const struct symbol_rules *rules, const struct quote *quote, enum side side,
                  struct decimal slippage_percent, struct decimal *ret)
{
	struct decimal price = quote_entry_price(quote, side), slip;
	bool is_buy = side == SIDE_BUY;

	if (decimal_is_zero(slippage_percent)) {
		*ret = price;                    /* exactly what the market said, on the tick or not */
		return STATUS_OK;
	}
	enum status status = decimal_percent_of(price, slippage_percent, ROUND_UP, &slip);
	if (status != STATUS_OK)
		return status;
	status = is_buy ? decimal_add(price, slip, &price) : decimal_sub(price, slip, &price);
	if (status != STATUS_OK)
		return status;
	if (decimal_is_positive(rules->tick)) {
		status = decimal_to_step(price, rules->tick, is_buy ? ROUND_CEILING : ROUND_FLOOR, &price);
		if (status != STATUS_OK)
			return status;
		/* Cheap coins have coarse ticks: nothing is ever sold for nothing. */
		price = decimal_max(price, rules->tick);
	}
	*ret = price;
	return STATUS_OK;
}

bool
paper_is_within(const struct order *order, struct decimal price)
{
	if (order->type != ORDER_LIMIT)
		return true;
	int cmp = decimal_cmp(price, order->price);
	return order->side == SIDE_BUY ? cmp <= 0 : cmp >= 0;
}

static struct decimal
remaining(const struct order *order)
{
	return (struct decimal){ order->quantity.e16 - order->filled_quantity.e16 };
}

struct decimal
paper_part(const struct symbol_rules *rules, const struct order *order,
           struct decimal partial_fill_percent)
{
	struct decimal rest = remaining(order), part;
	struct decimal step = rules->lot_step;

	if (!decimal_is_positive(step) && decimal_parse("0.00000001", &step) != STATUS_OK)
		return rest;
	if (decimal_cmp(partial_fill_percent, decimal_from_int(100)) >= 0 ||
	    decimal_percent_of(order->quantity, partial_fill_percent, ROUND_DOWN, &part) != STATUS_OK ||
	    decimal_to_step(part, step, ROUND_DOWN, &part) != STATUS_OK)
		return rest;
	return decimal_min(decimal_max(part, step), rest);
}

static void
make_trade_id(const struct order *order, struct decimal filled, char ret_id[TRADE_ID_SIZE])
{
	char amount[DECIMAL_TEXT_SIZE];
	size_t amount_len = decimal_text(filled, amount), id_len = strlen(order->client_order_id);
	/* The end of a client order id tells orders of one book apart, so its beginning is what goes
	 * when both are long. */
	size_t room = TRADE_ID_SIZE - 2 - amount_len;
	size_t skip = id_len > room ? id_len - room : 0;
	text_format(ret_id, TRADE_ID_SIZE, "%s-%s", order->client_order_id + skip, amount);
}

enum status
paper_make_fill(const struct symbol_rules *rules, const struct order *order, struct decimal price,
                struct decimal quantity, struct decimal fee_percent, int64_t at_ms, struct fill *ret)
{
	struct fill fill = { .price = price, .quantity = quantity, .at_ms = at_ms,
	                     .is_recovered = order->has_recovered_price };
	struct decimal value, filled;

	enum status status = decimal_add(order->filled_quantity, quantity, &filled);
	if (status == STATUS_OK)
		status = decimal_mul(price, quantity, ROUND_UP, &value);
	if (status == STATUS_OK)
		status = decimal_percent_of(value, fee_percent, ROUND_UP, &fill.commission);
	if (status != STATUS_OK)
		return status;
	fill.fee_quote = fill.commission;
	text_copy(fill.client_order_id, sizeof fill.client_order_id, order->client_order_id);
	text_copy(fill.commission_asset, sizeof fill.commission_asset, rules->quote);
	make_trade_id(order, filled, fill.exchange_trade_id);
	*ret = fill;
	return STATUS_OK;
}
