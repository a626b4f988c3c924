/* exchangeInfo -> struct symbol_rules.  (binance-spot-api-docs, filters.md; rest-api.md, "Exchange
 * information".)  A filter's member that the documentation says is there must be there. */
#include <string.h>
#include "base/text.h"
#include "feed/rules_json.h"
#include "http/json.h"

typedef enum status (*filter_reader)(const json_t *filter, struct symbol_rules *rules,
                                     struct error *err);

/* Run one read after the other until one fails. */
#define READ(call) do { enum status s_ = (call); if (s_ != STATUS_OK) return s_; } while (0)

static enum status
not_negative(struct decimal value, const char *name, struct error *err)
{
	if (decimal_is_negative(value))
		return error_field(err, STATUS_INVALID, name, "'%s' is negative", name);
	return STATUS_OK;
}

static enum status
limit_of(const json_t *filter, const char *name, struct decimal *ret, struct error *err)
{
	READ(json_get_decimal(filter, name, ret, err));
	return not_negative(*ret, name, err);
}

static enum status
count_of(const json_t *filter, const char *name, int *ret, struct error *err)
{
	int64_t count = 0;
	READ(json_get_int(filter, name, &count, err));
	if (count < 0 || count > 1000 * 1000)
		return error_field(err, STATUS_INVALID, name, "'%s' is out of range", name);
	*ret = (int)count;
	return STATUS_OK;
}

static enum status
price_filter(const json_t *filter, struct symbol_rules *rules, struct error *err)
{
	READ(limit_of(filter, "tickSize", &rules->tick, err));
	READ(limit_of(filter, "minPrice", &rules->price_min, err));
	return limit_of(filter, "maxPrice", &rules->price_max, err);
}

static enum status
lot_size(const json_t *filter, struct symbol_rules *rules, struct error *err)
{
	READ(limit_of(filter, "stepSize", &rules->lot_step, err));
	READ(limit_of(filter, "minQty", &rules->lot_min, err));
	return limit_of(filter, "maxQty", &rules->lot_max, err);
}

static enum status
market_lot_size(const json_t *filter, struct symbol_rules *rules, struct error *err)
{
	READ(limit_of(filter, "stepSize", &rules->market_step, err));
	READ(limit_of(filter, "minQty", &rules->market_min, err));
	return limit_of(filter, "maxQty", &rules->market_max, err);
}

static enum status
min_notional(const json_t *filter, struct symbol_rules *rules, struct error *err)
{
	READ(json_may_flag(filter, "applyToMarket", &rules->notional_min_on_market, err));
	return limit_of(filter, "minNotional", &rules->notional_min, err);
}

static enum status
notional(const json_t *filter, struct symbol_rules *rules, struct error *err)
{
	READ(json_may_flag(filter, "applyMinToMarket", &rules->notional_min_on_market, err));
	READ(json_may_flag(filter, "applyMaxToMarket", &rules->notional_max_on_market, err));
	READ(limit_of(filter, "minNotional", &rules->notional_min, err));
	return limit_of(filter, "maxNotional", &rules->notional_max, err);
}

static enum status
percent_price(const json_t *filter, struct symbol_rules *rules, struct error *err)
{
	struct decimal up, down;
	READ(limit_of(filter, "multiplierUp", &up, err));
	READ(limit_of(filter, "multiplierDown", &down, err));
	rules->bid_multiplier_up = rules->ask_multiplier_up = up;
	rules->bid_multiplier_down = rules->ask_multiplier_down = down;
	return STATUS_OK;
}

static enum status
percent_price_by_side(const json_t *filter, struct symbol_rules *rules, struct error *err)
{
	READ(limit_of(filter, "bidMultiplierUp", &rules->bid_multiplier_up, err));
	READ(limit_of(filter, "bidMultiplierDown", &rules->bid_multiplier_down, err));
	READ(limit_of(filter, "askMultiplierUp", &rules->ask_multiplier_up, err));
	return limit_of(filter, "askMultiplierDown", &rules->ask_multiplier_down, err);
}

/* The member is maxNumOrders; earlier versions of the documentation called it limit. */
static enum status
max_num_orders(const json_t *filter, struct symbol_rules *rules, struct error *err)
{
	const char *name = json_object_get(filter, "limit") ? "limit" : "maxNumOrders";
	return count_of(filter, name, &rules->max_orders, err);
}

static enum status
max_num_algo_orders(const json_t *filter, struct symbol_rules *rules, struct error *err)
{
	return count_of(filter, "maxNumAlgoOrders", &rules->max_algo_orders, err);
}

static enum status
max_num_order_lists(const json_t *filter, struct symbol_rules *rules, struct error *err)
{
	return count_of(filter, "maxNumOrderLists", &rules->max_order_lists, err);
}

static enum status
max_position(const json_t *filter, struct symbol_rules *rules, struct error *err)
{
	return limit_of(filter, "maxPosition", &rules->max_position, err);
}

/* Known, and about orders that Robson never sends: icebergs, trailing stops, amendments. */
static enum status
no_concern(const json_t *filter, struct symbol_rules *rules, struct error *err)
{
	(void)filter, (void)rules, (void)err;
	return STATUS_OK;
}

static const struct { const char *name; filter_reader read; } filters[] = {
	{ "PRICE_FILTER",           price_filter },
	{ "LOT_SIZE",               lot_size },
	{ "MARKET_LOT_SIZE",        market_lot_size },
	{ "MIN_NOTIONAL",           min_notional },
	{ "NOTIONAL",               notional },
	{ "PERCENT_PRICE",          percent_price },
	{ "PERCENT_PRICE_BY_SIDE",  percent_price_by_side },
	{ "MAX_NUM_ORDERS",         max_num_orders },
	{ "MAX_NUM_ALGO_ORDERS",    max_num_algo_orders },
	{ "MAX_NUM_ORDER_LISTS",    max_num_order_lists },
	{ "MAX_POSITION",           max_position },
	{ "TRAILING_DELTA",         no_concern },
	{ "ICEBERG_PARTS",          no_concern },
	{ "MAX_NUM_ICEBERG_ORDERS", no_concern },
	{ "MAX_NUM_ORDER_AMENDS",   no_concern },
};

static void
note_unknown(struct symbol_rules *rules, const char *name)
{
	size_t len = strlen(rules->unknown_filters);
	text_format(rules->unknown_filters + len, sizeof rules->unknown_filters - len, "%s%.40s",
	            len > 0 ? " " : "", name);
	text_make_harmless(rules->unknown_filters);
}

static enum status
read_filter(const json_t *filter, struct symbol_rules *rules, struct error *err)
{
	const char *name = NULL;
	READ(json_get_text(filter, "filterType", &name, err));
	for (size_t i = 0; i < ARRAY_LEN(filters); i++)
		if (strcmp(filters[i].name, name) == 0)
			return filters[i].read(filter, rules, err);
	note_unknown(rules, name);
	return STATUS_OK;
}

static enum status
read_order_types(const json_t *object, struct symbol_rules *rules, struct error *err)
{
	const json_t *types = NULL;
	READ(json_get_array(object, "orderTypes", &types, err));
	for (size_t i = 0; i < json_array_size(types); i++) {
		const char *type = json_string_value(json_array_get(types, i));
		if (type == NULL)
			return error_field(err, STATUS_INVALID, "orderTypes", "'orderTypes' holds no text");
		rules->can_limit = rules->can_limit || strcmp(type, "LIMIT") == 0;
		rules->can_market = rules->can_market || strcmp(type, "MARKET") == 0;
		rules->can_stop_loss = rules->can_stop_loss || strcmp(type, "STOP_LOSS") == 0;
		rules->can_stop_loss_limit =
			rules->can_stop_loss_limit || strcmp(type, "STOP_LOSS_LIMIT") == 0;
		rules->can_take_profit = rules->can_take_profit || strcmp(type, "TAKE_PROFIT") == 0;
	}
	return STATUS_OK;
}

static enum status
read_name(const json_t *object, const char *key, char *ret, size_t size, struct error *err)
{
	const char *text = NULL;
	READ(json_get_text(object, key, &text, err));
	if (*text == '\0' || !text_copy(ret, size, text) || text_make_harmless(ret) > 0)
		return error_field(err, STATUS_INVALID, key, "'%s' is not a name", key);
	return STATUS_OK;
}

static enum symbol_status
status_of(const char *text)
{
	if (strcmp(text, "TRADING") == 0)
		return SYMBOL_TRADING;
	if (strcmp(text, "BREAK") == 0)
		return SYMBOL_BREAK;
	return strcmp(text, "HALT") == 0 ? SYMBOL_HALT : SYMBOL_OTHER;
}

enum status
rules_from_json(const json_t *object, int64_t learnt_at_ms, struct symbol_rules *ret,
                struct error *err)
{
	struct symbol_rules rules = { .learnt_at_ms = learnt_at_ms };
	const char *status_text = NULL;
	const json_t *list = NULL;
	READ(read_name(object, "symbol", rules.symbol, sizeof rules.symbol, err));
	READ(read_name(object, "baseAsset", rules.base, sizeof rules.base, err));
	READ(read_name(object, "quoteAsset", rules.quote, sizeof rules.quote, err));
	READ(json_get_text(object, "status", &status_text, err));
	rules.status = status_of(status_text);
	text_copy(rules.status_text, sizeof rules.status_text, status_text);
	text_make_harmless(rules.status_text);

	READ(read_order_types(object, &rules, err));
	READ(json_may_flag(object, "ocoAllowed", &rules.oco_allowed, err));
	READ(json_may_flag(object, "otoAllowed", &rules.oto_allowed, err));
	READ(json_may_flag(object, "opoAllowed", &rules.opo_allowed, err));
	READ(json_may_flag(object, "cancelReplaceAllowed", &rules.cancel_replace_allowed, err));

	READ(json_get_array(object, "filters", &list, err));
	for (size_t i = 0; i < json_array_size(list); i++)
		READ(read_filter(json_array_get(list, i), &rules, err));
	*ret = rules;
	return STATUS_OK;
}

enum status
rules_find(const json_t *exchange_info, const char *symbol, int64_t learnt_at_ms,
           struct symbol_rules *ret, struct error *err)
{
	const json_t *list = NULL;
	READ(json_get_array(exchange_info, "symbols", &list, err));
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *object = json_array_get(list, i);
		const char *name = json_string_value(json_object_get(object, "symbol"));
		if (name != NULL && strcmp(name, symbol) == 0)
			return rules_from_json(object, learnt_at_ms, ret, err);
	}
	return error_field(err, STATUS_NOT_FOUND, "symbol", "no rules for %s", symbol);
}

int
rules_weight_limit(const json_t *exchange_info)
{
	const json_t *list = json_object_get(exchange_info, "rateLimits");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *limit = json_array_get(list, i);
		const char *type = json_string_value(json_object_get(limit, "rateLimitType"));
		const char *unit = json_string_value(json_object_get(limit, "interval"));
		json_int_t count = json_integer_value(json_object_get(limit, "intervalNum"));
		json_int_t weight = json_integer_value(json_object_get(limit, "limit"));
		if (type != NULL && unit != NULL && strcmp(type, "REQUEST_WEIGHT") == 0 &&
		    strcmp(unit, "MINUTE") == 0 && count == 1 && weight > 0 && weight < 1000 * 1000)
			return (int)weight;
	}
	return 0;
}
