/* Prices for those who look: what is on the board, what is known of a symbol, its chart. */
#include "app/desk_state.h"

#include <string.h>

enum status
desk_watch(struct desk *desk, const char *symbol, struct error *err)
{
	char name[SYMBOL_SIZE];

	enum status status = symbol_parse(symbol, name, err);
	if (status != STATUS_OK)
		return status;
	if (desk->setup.feed == NULL)
		return error_set(err, STATUS_UNAVAILABLE, "this command has no price feed");
	struct market *market = desk_market_make(desk, name);
	if (market == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory to watch %s", name);
	market->watchers++;
	return desk->setup.feed->ops->watch(desk->setup.feed, name, err);
}

void
desk_unwatch(struct desk *desk, const char *symbol)
{
	struct market *market = desk_market(desk, symbol);

	if (market == NULL || market->watchers == 0)
		return;
	market->watchers--;
	if (market->watchers == 0 && market->position_count == 0 && desk->setup.feed != NULL)
		desk->setup.feed->ops->unwatch(desk->setup.feed, symbol);
}

enum status
desk_facts(const struct desk *desk, const char *symbol, struct error *err)
{
	const struct market *market = desk_market(desk, symbol);
	struct feed_status feed = { 0 };

	if (desk->setup.feed == NULL || market == NULL)
		return error_set(err, STATUS_UNAVAILABLE, "%s is not watched", symbol);
	if (market->is_unknown)
		return error_field(err, STATUS_NOT_FOUND, "symbol", "the exchange does not list %s", symbol);
	if (market->has_rules && desk_is_fresh(desk, market))
		return STATUS_OK;
	desk->setup.feed->ops->status(desk->setup.feed, &feed);
	error_set(err, STATUS_UNAVAILABLE, "%s of %s%s%s",
	          !market->has_rules ? "the rules" : market->has_quote ? "a fresh price" : "a price", symbol,
	          feed.trouble[0] != '\0' ? " cannot be had: " : feed.is_ended ? " cannot be had: the tape has ended" : " is missing",
	          feed.trouble);
	if (err != NULL)
		err->retryable = true;
	return STATUS_UNAVAILABLE;
}

bool
desk_price(const struct desk *desk, const char *symbol, struct price_model *ret)
{
	const struct market *market = desk_market(desk, symbol);

	if (market == NULL || !market->has_quote)
		return false;
	*ret = (struct price_model){
		.quote = market->quote, .age_ms = quote_age_ms(&market->quote, desk_mono_ms(desk)),
		.is_stale = !desk_is_fresh(desk, market),
		.has_change = market->has_ticker, .change_percent = market->change_percent,
		.price_places = market->has_rules ? symbol_price_places(&market->rules) : 2,
		.quantity_places = market->has_rules ? symbol_quantity_places(&market->rules) : 8,
	};
	return true;
}

const struct symbol_rules *
desk_rules(const struct desk *desk, const char *symbol)
{
	const struct market *market = desk_market(desk, symbol);

	return market != NULL && market->has_rules ? &market->rules : NULL;
}

size_t
desk_complete(struct desk *desk, const char *prefix, char (*ret_names)[SYMBOL_SIZE], size_t max)
{
	return desk->setup.feed == NULL ? 0 : desk->setup.feed->ops->complete(desk->setup.feed, prefix, ret_names, max);
}

size_t
desk_candles(struct desk *desk, const char *symbol, struct candle *ret, size_t max)
{
	struct market *market = desk_market(desk, symbol);

	if (market == NULL)
		return 0;
	if (!market->is_history_asked && desk->setup.feed != NULL && market->has_quote) {
		struct error err;   /* a chart without history is drawn from what is seen */
		int64_t from = desk_now_ms(desk) - (int64_t)CANDLE_KEEP / 3 * CANDLE_MS;
		market->is_history_asked =
			desk->setup.feed->ops->history(desk->setup.feed, symbol, from, &err) == STATUS_OK;
	}
	size_t count = market->candle_count < max ? market->candle_count : max;
	memcpy(ret, market->candles + market->candle_count - count, count * sizeof *ret);
	return count;
}
