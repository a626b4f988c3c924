/* See account_json.h. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "exchange/binance/account_json.h"

#define READ(call) do { enum status s_ = (call); if (s_ != STATUS_OK) return s_; } while (0)

enum { BALANCES_MAX = 20000 };

static enum status
read_uid(const json_t *root, char *ret, size_t size, struct error *err)
{
	int64_t uid = 0;
	ret[0] = '\0';
	if (json_object_get(root, "uid") == NULL)
		return STATUS_OK;
	READ(json_get_int(root, "uid", &uid, err));
	if (uid <= 0 || !text_format(ret, size, "%lld", (long long)uid))
		return error_field(err, STATUS_RANGE, "uid", "an account without a number");
	return STATUS_OK;
}

static enum status
read_balance(const json_t *row, struct exchange_balance *ret, struct error *err)
{
	const char *asset = "";
	READ(json_get_text(row, "asset", &asset, err));
	READ(json_get_decimal(row, "free", &ret->free, err));
	READ(json_get_decimal(row, "locked", &ret->locked, err));
	if (decimal_is_negative(ret->free) || decimal_is_negative(ret->locked))
		return error_field(err, STATUS_INVALID, "free", "a balance below zero");
	/* An asset whose name does not fit is none that Robson trades in: its balance would be taken for
	 * another's, so it is left out. */
	if (asset[0] == '\0' || !text_copy(ret->asset, sizeof ret->asset, asset))
		ret->asset[0] = '\0';
	text_make_harmless(ret->asset);
	return STATUS_OK;
}

enum status
account_json_read(const json_t *root, struct exchange_account *ret, struct error *err)
{
	struct exchange_account account = { 0 };
	const json_t *rows = NULL;
	READ(read_uid(root, account.uid, sizeof account.uid, err));
	/* Older exchanges do not say it; an order will. */
	account.can_trade = true;
	READ(json_may_flag(root, "canTrade", &account.can_trade, err));
	READ(json_get_array(root, "balances", &rows, err));
	size_t count = json_array_size(rows);
	if (count > BALANCES_MAX)
		return error_field(err, STATUS_RANGE, "balances", "too many balances to believe");
	struct exchange_balance *all = calloc(count > 0 ? count : 1, sizeof *all);
	if (all == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory for the balances");
	for (size_t i = 0; i < count; i++) {
		struct exchange_balance *each = &all[account.balance_count];
		enum status status = read_balance(json_array_get(rows, i), each, err);
		if (status != STATUS_OK) {
			free(all);
			return status;
		}
		if (each->asset[0] != '\0' && (decimal_is_positive(each->free) || decimal_is_positive(each->locked)))
			account.balance_count++;
	}
	account.balances = all;
	*ret = account;
	return STATUS_OK;
}

/* faqs/commission_faq.md: a buyer's rate is maker or taker + buyer, a seller's + seller. */
static enum status
add_rates(const json_t *root, const char *name, struct decimal *taker, struct decimal *maker,
          struct error *err)
{
	const json_t *rates = json_object_get(root, name);
	struct decimal sides[4];
	static const char *const keys[4] = { "taker", "maker", "buyer", "seller" };
	for (size_t i = 0; i < 4; i++) {
		sides[i] = DECIMAL_ZERO;
		READ(i < 2 ? json_get_decimal(rates, keys[i], &sides[i], err)
		           : json_may_decimal(rates, keys[i], &sides[i], err));
	}
	struct decimal dearer = decimal_max(sides[2], sides[3]);
	READ(decimal_add(*taker, sides[0], taker));
	READ(decimal_add(*taker, dearer, taker));
	READ(decimal_add(*maker, sides[1], maker));
	return decimal_add(*maker, dearer, maker);
}

enum status
fees_json_read(const json_t *root, const char *symbol, struct exchange_fees *ret, struct error *err)
{
	struct exchange_fees fees = { 0 };
	struct decimal taker = DECIMAL_ZERO, maker = DECIMAL_ZERO, hundred = decimal_from_int(100);
	const char *name = "";
	READ(json_get_text(root, "symbol", &name, err));
	if (strcmp(name, symbol) != 0 || !text_copy(fees.symbol, sizeof fees.symbol, name))
		return error_field(err, STATUS_INVALID, "symbol", "the fees of another symbol");
	READ(add_rates(root, "standardCommission", &taker, &maker, err));
	if (json_object_get(root, "specialCommission") != NULL)
		READ(add_rates(root, "specialCommission", &taker, &maker, err));
	if (json_object_get(root, "taxCommission") != NULL)
		READ(add_rates(root, "taxCommission", &taker, &maker, err));
	/* Rebates may be below zero; a fee of a tenth of the value is not believed. */
	if (decimal_is_negative(taker) || decimal_mul(taker, hundred, ROUND_UP, &fees.taker_percent) != STATUS_OK ||
	    decimal_mul(maker, hundred, ROUND_UP, &fees.maker_percent) != STATUS_OK ||
	    decimal_cmp(fees.taker_percent, decimal_from_int(10)) > 0)
		return error_field(err, STATUS_RANGE, "taker", "fees that can't be");
	*ret = fees;
	return STATUS_OK;
}

enum status
time_json_read(const json_t *root, int64_t *ret_ms, struct error *err)
{
	int64_t ms = 0;
	READ(json_get_int(root, "serverTime", &ms, err));
	if (ms < INT64_C(1483228800000) || ms > INT64_C(253402300799999))   /* 2017: there was no Binance before */
		return error_field(err, STATUS_RANGE, "serverTime", "no time of this world");
	*ret_ms = ms;
	return STATUS_OK;
}

static void
read_limit(const json_t *row, struct limits *limits)
{
	const char *type = "", *interval = "";
	int64_t num = 0, most = 0;
	if (json_get_text(row, "rateLimitType", &type, NULL) != STATUS_OK ||
	    json_get_text(row, "interval", &interval, NULL) != STATUS_OK ||
	    json_get_int(row, "intervalNum", &num, NULL) != STATUS_OK ||
	    json_get_int(row, "limit", &most, NULL) != STATUS_OK || most < 1 || most > 100000000)
		return;
	if (strcmp(type, "REQUEST_WEIGHT") == 0 && strcmp(interval, "MINUTE") == 0 && num == 1)
		limits->all[LIMIT_WEIGHT].most = (int)most;
	if (strcmp(type, "ORDERS") == 0 && strcmp(interval, "SECOND") == 0 && num == 10)
		limits->all[LIMIT_ORDERS_10S].most = (int)most;
	if (strcmp(type, "ORDERS") == 0 && strcmp(interval, "DAY") == 0 && num == 1)
		limits->all[LIMIT_ORDERS_DAY].most = (int)most;
}

void
limits_json_read(const json_t *root, struct limits *limits)
{
	const json_t *rows = NULL;
	if (json_get_array(root, "rateLimits", &rows, NULL) != STATUS_OK)
		return;
	for (size_t i = 0; i < json_array_size(rows) && i < 64; i++)
		read_limit(json_array_get(rows, i), limits);
}

enum status
price_json_read(const json_t *root, const char *symbol, struct decimal *ret, struct error *err)
{
	const char *name = "";
	struct decimal price = DECIMAL_ZERO;
	READ(json_get_text(root, "symbol", &name, err));
	READ(json_get_decimal(root, "price", &price, err));
	if (strcmp(name, symbol) != 0 || !decimal_is_positive(price))
		return error_field(err, STATUS_INVALID, "price", "no price of %.40s", symbol);
	*ret = price;
	return STATUS_OK;
}
