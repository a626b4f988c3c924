/* Whatever an exchange answers to a trade, it is read without harm: no order, fill, trade or balance that
 * can't be comes out as good, "not sent" is never read from an answer, and what is shown holds no
 * control code.  The first byte chooses the HTTP status. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "exchange/binance/account_json.h"
#include "exchange/binance/orders_json.h"
#include "exchange/binance/outcomes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool truth)
{
	if (!truth)
		abort();
}

static void
must_be_harmless(const char *text)
{
	char copy[1024];
	must(text_copy(copy, sizeof copy, text));
	must(text_make_harmless(copy) == 0);
}

static void
must_be_a_fill(const struct fill *fill)
{
	must(decimal_is_positive(fill->price) && decimal_is_positive(fill->quantity));
	must(!decimal_is_negative(fill->commission) && fill->exchange_trade_id[0] != '\0');
	must(fill->commission_asset[0] != '\0');
	must_be_harmless(fill->commission_asset);
}

static void
read_order(const json_t *object)
{
	struct order order = { .side = SIDE_SELL, .symbol = "BTCUSDC", .client_order_id = "a",
	                       .quantity = decimal_from_int(1) };
	struct order_answer answer;
	struct error err = { 0 };
	order.is_quantity_open = json_object_size(object) % 2 == 0;
	(void)order_json_is_of(object, &order);
	if (order_json_read(object, &order, &answer, &err) != STATUS_OK) {
		must_be_harmless(err.message);
		return;
	}
	must(answer.exchange_order_id[0] != '\0' && !decimal_is_negative(answer.executed));
	must(!answer.has_quantity || decimal_cmp(answer.executed, answer.quantity) <= 0);
	must(!answer.has_quantity || decimal_cmp(answer.quantity, order.quantity) <= 0);
	must(!answer.has_state || (answer.state != ORDER_UNKNOWN && answer.state != ORDER_NOT_SENT &&
	                           answer.state != ORDER_NEVER_ARRIVED && answer.state != ORDER_PENDING));
	must_be_harmless(answer.expiry_reason);
	for (size_t i = 0; i < answer.fills.count; i++)
		must_be_a_fill(&answer.fills.all[i]);
	order_answer_done(&answer);
}

static void
read_lists(const json_t *root)
{
	struct exchange_order *orders = NULL;
	struct told_trades trades = { 0 };
	struct error err = { 0 };
	int64_t last_id = 0;
	size_t count = 0, rows = 0;
	if (open_json_read(root, "", &orders, &count, &err) == STATUS_OK) {
		for (size_t i = 0; i < count; i++) {
			must(!decimal_is_negative(orders[i].quantity) && !decimal_is_negative(orders[i].filled));
			must_be_harmless(orders[i].client_order_id);
			must_be_harmless(orders[i].symbol);
			must_be_harmless(orders[i].type);
		}
		free(orders);
	}
	if (trades_json_read(root, "BTCUSDC", "", &trades, &last_id, &rows, &err) == STATUS_OK)
		must(trades.count <= rows);
	for (size_t i = 0; i < trades.count; i++)
		must_be_a_fill(&trades.all[i].fill);
	told_trades_done(&trades);
}

static void
read_rest(const json_t *root)
{
	struct exchange_account account;
	struct exchange_fees fees;
	struct limits limits = { 0 };
	struct decimal price;
	struct error err = { 0 };
	int64_t ms = 0;
	if (account_json_read(root, &account, &err) == STATUS_OK) {
		must(account.uid[0] != '\0');
		for (size_t i = 0; i < account.balance_count; i++) {
			must(!decimal_is_negative(account.balances[i].free) && !decimal_is_negative(account.balances[i].locked));
			must_be_harmless(account.balances[i].asset);
		}
		free((void *)account.balances);
	}
	if (fees_json_read(root, "BTCUSDC", &fees, &err) == STATUS_OK)
		must(!decimal_is_negative(fees.taker_percent));
	if (time_json_read(root, &ms, &err) == STATUS_OK)
		must(ms > 0);
	if (price_json_read(root, "BNBUSDC", &price, &err) == STATUS_OK)
		must(decimal_is_positive(price));
	limits_json_read(root, &limits);
	must(limits_most(&limits, LIMIT_WEIGHT) > 0 && limits_most(&limits, LIMIT_ORDERS_10S) > 0);
	must_be_harmless(err.message);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = { 200, 400, 401, 403, 408, 409, 418, 429, 500, 503 };
	struct outcome outcome;
	if (size == 0)
		return 0;
	const struct http_response response = {
		.outcome = HTTP_ANSWERED, .status = statuses[data[0] % ARRAY_LEN(statuses)], .message = "",
		.body = (const char *)data + 1, .body_len = size - 1,
	};
	outcome_read(&response, &outcome);
	must(outcome.verdict != VERDICT_NOT_SENT);
	must(outcome.verdict != VERDICT_OK || (outcome.root != NULL && response.status == 200));
	must(outcome.verdict != VERDICT_REFUSED || outcome.code != 0);
	must(response.status < 500 || outcome.verdict == VERDICT_UNKNOWN);
	must_be_harmless(outcome.reason);
	if (outcome.root != NULL) {
		read_order(outcome.root);
		read_lists(outcome.root);
		read_rest(outcome.root);
	}
	outcome_done(&outcome);
	return 0;
}
