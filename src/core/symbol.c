/* A symbol's name and its rules: what can be said of them without asking an exchange. */
#include "core/symbol.h"

#include <string.h>

#include "base/text.h"

/* Assets that others are quoted in; the longest that fits the end of a name wins. */
static const char *const quote_assets[] = {
	"FDUSD", "USDT", "USDC", "TUSD", "BUSD", "USDP", "USD1", "EURI", "AEUR", "BIDR", "IDRT",
	"DOGE", "USDS", "XUSD", "DAI", "USD", "EUR", "GBP", "TRY", "BRL", "JPY", "AUD", "ARS", "MXN",
	"COP", "PLN", "RON", "UAH", "ZAR", "CZK", "NGN", "RUB", "IDR", "CHF", "CAD", "BTC", "ETH",
	"BNB", "XRP", "SOL", "TRX", "DOT", "VAI", "UST", "PAX",
};

void
symbol_split(const char *symbol, char ret_base[ASSET_SIZE], char ret_quote[ASSET_SIZE])
{
	size_t len = strlen(symbol), best = 0;
	for (size_t i = 0; i < ARRAY_LEN(quote_assets); i++) {
		size_t tail = strlen(quote_assets[i]);
		if (tail < len && tail > best && strcmp(symbol + len - tail, quote_assets[i]) == 0)
			best = tail;
	}
	/* No known asset: the whole name is the base, and the quote stays unknown. */
	char base[SYMBOL_SIZE];
	text_copy(base, sizeof base, symbol);
	if (len - best < sizeof base)
		base[len - best] = '\0';
	text_copy(ret_base, ASSET_SIZE, base);
	text_copy(ret_quote, ASSET_SIZE, symbol + len - best);
}

void
symbol_rules_default(struct symbol_rules *rules, const char *symbol, struct decimal tick)
{
	*rules = (struct symbol_rules){
		.status = SYMBOL_TRADING,
		.can_limit = true, .can_market = true, .can_stop_loss = true,
		.can_stop_loss_limit = true, .can_take_profit = true,
		.oco_allowed = true, .oto_allowed = true, .opo_allowed = true,
		.cancel_replace_allowed = true,
		.tick = tick,
		.lot_step = { 100000000 },               /* 0.00000001 */
	};
	text_copy(rules->symbol, sizeof rules->symbol, symbol);
	text_copy(rules->status_text, sizeof rules->status_text, "TRADING");
	symbol_split(symbol, rules->base, rules->quote);
}

#define AT(field) offsetof(struct symbol_rules, field)

static const char *
member(const struct symbol_rules *rules, size_t offset)
{
	return (const char *)rules + offset;
}

bool
symbol_rules_equal(const struct symbol_rules *a, const struct symbol_rules *b)
{
	static const size_t texts[] = { AT(symbol), AT(base), AT(quote), AT(status_text), AT(unknown_filters) };
	static const size_t flags[] = { AT(can_limit), AT(can_market), AT(can_stop_loss),
		AT(can_stop_loss_limit), AT(can_take_profit), AT(oco_allowed), AT(oto_allowed), AT(opo_allowed),
		AT(cancel_replace_allowed), AT(notional_min_on_market), AT(notional_max_on_market) };
	static const size_t counts[] = { AT(max_orders), AT(max_algo_orders), AT(max_order_lists) };
	static const size_t decimals[] = { AT(tick), AT(price_min), AT(price_max), AT(lot_step), AT(lot_min),
		AT(lot_max), AT(market_step), AT(market_min), AT(market_max), AT(notional_min), AT(notional_max),
		AT(bid_multiplier_up), AT(bid_multiplier_down), AT(ask_multiplier_up), AT(ask_multiplier_down),
		AT(max_position) };
	bool same = a->status == b->status;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		same &= strcmp(member(a, texts[i]), member(b, texts[i])) == 0;
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		same &= memcmp(member(a, flags[i]), member(b, flags[i]), sizeof(bool)) == 0;
	for (size_t i = 0; i < ARRAY_LEN(counts); i++)
		same &= memcmp(member(a, counts[i]), member(b, counts[i]), sizeof(int)) == 0;
	for (size_t i = 0; i < ARRAY_LEN(decimals); i++)
		same &= memcmp(member(a, decimals[i]), member(b, decimals[i]), sizeof(struct decimal)) == 0;
	return same;
}

#undef AT

/* The character's number; text is valid UTF-8 of len bytes. */
static unsigned long
code_point(const char *text, size_t len)
{
	static const unsigned char first_bits[] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
	unsigned long code = (unsigned char)text[0] & first_bits[len];
	for (size_t i = 1; i < len; i++)
		code = code << 6 | ((unsigned char)text[i] & 0x3F);
	return code;
}

/* Letters of other scripts stand in the lists of exchanges; their spaces, punctuation and invisible
 * signs would make two symbols look the same. */
static bool
may_stand_in_symbol(const char *text, size_t len)
{
	if (len == 1)
		return (*text >= 'A' && *text <= 'Z') || (*text >= '0' && *text <= '9');
	unsigned long code = code_point(text, len);
	return code >= 0xC0 && !(code >= 0x2000 && code <= 0x2BFF) &&
	       !(code >= 0x3000 && code <= 0x3004) && !(code >= 0xE000 && code <= 0xF8FF) &&
	       !(code >= 0xFE00 && code <= 0xFEFF) && !(code >= 0xFFF0 && code <= 0x1FFFF) &&
	       code < 0xE0000;
}

enum status
symbol_parse(const char *text, char ret_symbol[SYMBOL_SIZE], struct error *err)
{
	char symbol[SYMBOL_SIZE];

	if (text == NULL || text[0] == '\0')
		return error_field(err, STATUS_INVALID, "symbol", "a symbol is missing");
	if (!text_copy(symbol, sizeof symbol, text))
		return error_field(err, STATUS_INVALID, "symbol",
		                   "'%s' is longer than any symbol (31)", text);
	text_upper(symbol);
	size_t count = 0;
	for (const char *at = symbol; *at != '\0'; count++) {
		size_t len = text_utf8_length(at, strlen(at));
		if (len == 0 || !may_stand_in_symbol(at, len)) {
			error_field(err, STATUS_INVALID, "symbol",
			            "'%s' is no symbol: only letters and digits stand in one", text);
			error_hint(err, "such as BTCUSDC");
			return STATUS_INVALID;
		}
		at += len;
	}
	if (count < 2)
		return error_field(err, STATUS_INVALID, "symbol", "'%s' is shorter than any symbol",
		                   text);
	text_copy(ret_symbol, SYMBOL_SIZE, symbol);
	return STATUS_OK;
}

enum status
symbol_stop_to_tick(const struct symbol_rules *rules, enum side entry_side, struct decimal price,
                    struct decimal *ret)
{
	if (!decimal_is_positive(rules->tick)) {
		*ret = price;
		return STATUS_OK;
	}
	return decimal_to_step(price, rules->tick,
	                       entry_side == SIDE_BUY ? ROUND_FLOOR : ROUND_CEILING, ret);
}

int
symbol_price_places(const struct symbol_rules *rules)
{
	return decimal_is_positive(rules->tick) ? decimal_places(rules->tick) : 8;
}

int
symbol_quantity_places(const struct symbol_rules *rules)
{
	return decimal_is_positive(rules->lot_step) ? decimal_places(rules->lot_step) : 8;
}
