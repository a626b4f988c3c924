/* The pure parts of Binance Spot's adapter, with the documentation's own samples (rest-api.md, errors.md). */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/text.h"
#include "exchange/binance/account_json.h"
#include "exchange/binance/instructions.h"
#include "exchange/binance/limits.h"
#include "exchange/binance/orders_json.h"
#include "exchange/binance/outcomes.h"
#include "exchange/binance/server_time.h"
#include "tests/exchange/recorder.h"

static json_t *
json(const char *text)
{
	json_t *root = NULL;
	struct error err = { 0 };
	if (json_read(text, strlen(text), &root, &err) != STATUS_OK)
		fail_msg("%s", err.message);
	return root;
}

/* ---- requests ---- */

static struct order
an_order(const char *id, enum side side, enum order_type type, enum time_in_force tif, const char *price,
         const char *stop)
{
	struct order order = make_order(id, side, type, tif, "0.5", price);
	order.mode = MODE_LIVE;
	text_copy(order.symbol, sizeof order.symbol, "LTCBTC");
	order.has_stop_price = stop != NULL;
	if (stop != NULL)
		order.stop_price = dec(stop);
	return order;
}

static void
expect_written(const struct instruction *instruction, const char *path, const char *wanted)
{
	struct payload payload;
	struct error err = { 0 };
	if (request_check(instruction, &err) != STATUS_OK)
		fail_msg("%s", err.message);
	payload_init(&payload);
	request_write(instruction, &payload);
	assert_int_equal(payload_check(&payload, &err), STATUS_OK);
	assert_string_equal(payload.text, wanted);
	assert_string_equal(request_path(instruction->kind), path);
}

static void
writes_single_orders_with_what_their_type_needs(void **state)
{
	(void)state;
	struct order limit = an_order("a1", SIDE_BUY, ORDER_LIMIT, TIF_FOK, "0.1", NULL);
	struct order market = an_order("a2", SIDE_SELL, ORDER_MARKET, TIF_NONE, NULL, NULL);
	struct order stop = an_order("a3", SIDE_SELL, ORDER_STOP_LOSS, TIF_NONE, NULL, "0.09");
	struct order stop_limit = an_order("a4", SIDE_SELL, ORDER_STOP_LOSS_LIMIT, TIF_NONE, "0.08", "0.09");
	struct order name = an_order("a5", SIDE_SELL, ORDER_MARKET, TIF_NONE, NULL, NULL);
	text_copy(name.symbol, sizeof name.symbol, "\xef\xbc\x91\xef\xbc\x92");
	expect_written(&(struct instruction){ .kind = INSTRUCT_ORDER, .orders = { &limit }, .count = 1 }, "/api/v3/order",
	               "symbol=LTCBTC&side=BUY&quantity=0.5&type=LIMIT&timeInForce=FOK&price=0.1"
	               "&newClientOrderId=a1&newOrderRespType=FULL");
	expect_written(&(struct instruction){ .kind = INSTRUCT_TEST, .orders = { &market }, .count = 1 }, "/api/v3/order/test",
	               "symbol=LTCBTC&side=SELL&quantity=0.5&type=MARKET&newClientOrderId=a2&newOrderRespType=FULL");
	expect_written(&(struct instruction){ .kind = INSTRUCT_ORDER, .orders = { &stop }, .count = 1 }, "/api/v3/order",
	               "symbol=LTCBTC&side=SELL&quantity=0.5&type=STOP_LOSS&stopPrice=0.09&newClientOrderId=a3"
	               "&newOrderRespType=FULL");
	expect_written(&(struct instruction){ .kind = INSTRUCT_ORDER, .orders = { &stop_limit }, .count = 1 }, "/api/v3/order",
	               "symbol=LTCBTC&side=SELL&quantity=0.5&type=STOP_LOSS_LIMIT&timeInForce=GTC&price=0.08"
	               "&stopPrice=0.09&newClientOrderId=a4&newOrderRespType=FULL");
	expect_written(&(struct instruction){ .kind = INSTRUCT_ORDER, .orders = { &name }, .count = 1 }, "/api/v3/order",
	               "symbol=%EF%BC%91%EF%BC%92&side=SELL&quantity=0.5&type=MARKET&newClientOrderId=a5"
	               "&newOrderRespType=FULL");
}

static void
writes_lists_with_the_stop_below_and_the_target_above_a_sale(void **state)
{
	(void)state;
	struct order entry = an_order("e", SIDE_BUY, ORDER_LIMIT, TIF_GTC, "0.1", NULL);
	struct order stop = an_order("s", SIDE_SELL, ORDER_STOP_LOSS_LIMIT, TIF_GTC, "0.08", "0.09");
	struct order target = an_order("t", SIDE_SELL, ORDER_LIMIT, TIF_GTC, "0.2", NULL);
	expect_written(&(struct instruction){ .kind = INSTRUCT_OCO, .orders = { &stop, &target }, .count = 2, .list_id = "l" },
	               "/api/v3/orderList/oco",
	               "symbol=LTCBTC&listClientOrderId=l&side=SELL&quantity=0.5"
	               "&aboveType=LIMIT_MAKER&abovePrice=0.2&aboveClientOrderId=t"
	               "&belowType=STOP_LOSS_LIMIT&belowTimeInForce=GTC&belowPrice=0.08&belowStopPrice=0.09"
	               "&belowClientOrderId=s&newOrderRespType=FULL");
	expect_written(&(struct instruction){ .kind = INSTRUCT_OTO, .orders = { &entry, &stop }, .count = 2, .list_id = "l" },
	               "/api/v3/orderList/oto",
	               "symbol=LTCBTC&listClientOrderId=l&workingSide=BUY&workingQuantity=0.5&workingType=LIMIT"
	               "&workingTimeInForce=GTC&workingPrice=0.1&workingClientOrderId=e"
	               "&pendingSide=SELL&pendingQuantity=0.5&pendingType=STOP_LOSS_LIMIT&pendingTimeInForce=GTC"
	               "&pendingPrice=0.08&pendingStopPrice=0.09&pendingClientOrderId=s&newOrderRespType=FULL");
	expect_written(&(struct instruction){ .kind = INSTRUCT_OPOCO, .orders = { &entry, &stop, &target }, .count = 3,
	                                      .list_id = "l" },
	               "/api/v3/orderList/opoco",
	               "symbol=LTCBTC&listClientOrderId=l&workingSide=BUY&workingQuantity=0.5&workingType=LIMIT"
	               "&workingTimeInForce=GTC&workingPrice=0.1&workingClientOrderId=e&pendingSide=SELL"
	               "&pendingAboveType=LIMIT_MAKER&pendingAbovePrice=0.2&pendingAboveClientOrderId=t"
	               "&pendingBelowType=STOP_LOSS_LIMIT&pendingBelowTimeInForce=GTC&pendingBelowPrice=0.08"
	               "&pendingBelowStopPrice=0.09&pendingBelowClientOrderId=s&newOrderRespType=FULL");
	entry.side = SIDE_SELL;
	stop.side = target.side = SIDE_BUY;
	expect_written(&(struct instruction){ .kind = INSTRUCT_OCO, .orders = { &stop, &target }, .count = 2, .list_id = "l" },
	               "/api/v3/orderList/oco",
	               "symbol=LTCBTC&listClientOrderId=l&side=BUY&quantity=0.5"
	               "&belowType=LIMIT_MAKER&belowPrice=0.2&belowClientOrderId=t"
	               "&aboveType=STOP_LOSS_LIMIT&aboveTimeInForce=GTC&abovePrice=0.08&aboveStopPrice=0.09"
	               "&aboveClientOrderId=s&newOrderRespType=FULL");
}

static void
replaces_only_what_is_new_and_nothing_when_the_cancel_fails(void **state)
{
	(void)state;
	struct order old = an_order("o", SIDE_SELL, ORDER_STOP_LOSS, TIF_NONE, NULL, "0.08");
	struct order stop = an_order("s", SIDE_SELL, ORDER_STOP_LOSS, TIF_NONE, NULL, "0.09");
	text_copy(old.exchange_order_id, sizeof old.exchange_order_id, "77");
	expect_written(&(struct instruction){ .kind = INSTRUCT_REPLACE, .orders = { &stop }, .count = 1, .replaced = &old },
	               "/api/v3/order/cancelReplace",
	               "symbol=LTCBTC&cancelReplaceMode=STOP_ON_FAILURE&cancelRestrictions=ONLY_NEW&cancelOrderId=77"
	               "&cancelOrigClientOrderId=o&side=SELL&quantity=0.5&type=STOP_LOSS&stopPrice=0.09"
	               "&newClientOrderId=s&newOrderRespType=FULL");
}

static void
refuses_lists_that_the_exchange_would_not_take(void **state)
{
	(void)state;
	struct error err = { 0 };
	struct order entry = an_order("e", SIDE_BUY, ORDER_LIMIT, TIF_GTC, "0.1", NULL);
	struct order stop = an_order("s", SIDE_SELL, ORDER_STOP_LOSS, TIF_NONE, NULL, "0.09");
	struct order target = an_order("t", SIDE_SELL, ORDER_LIMIT, TIF_GTC, "0.2", NULL);
	struct instruction list = { .kind = INSTRUCT_OTOCO, .orders = { &entry, &stop, &target }, .count = 3, .list_id = "l" };
	assert_int_equal(request_check(&list, &err), STATUS_OK);
	target.quantity = dec("0.4");
	assert_int_equal(request_check(&list, &err), STATUS_INVALID);
	list.kind = INSTRUCT_OPOCO;                    /* there the legs have no quantity of their own */
	assert_int_equal(request_check(&list, &err), STATUS_OK);
	text_copy(target.client_order_id, sizeof target.client_order_id, "s");
	assert_int_equal(request_check(&list, &err), STATUS_INVALID);
	text_copy(target.client_order_id, sizeof target.client_order_id, "t&x=1");
	assert_int_equal(request_check(&list, &err), STATUS_INVALID);
	text_copy(target.client_order_id, sizeof target.client_order_id, "t");
	text_copy(target.symbol, sizeof target.symbol, "BTCUSDT");
	assert_int_equal(request_check(&list, &err), STATUS_INVALID);
	list.count = 2;
	assert_int_equal(request_check(&list, &err), STATUS_INVALID);
	list.kind = INSTRUCT_OPO;
	assert_int_equal(request_check(&list, &err), STATUS_OK);
	entry.type = ORDER_MARKET;
	assert_int_equal(request_check(&list, &err), STATUS_INVALID);
	entry.type = ORDER_LIMIT;
	entry.side = SIDE_SELL;
	stop.side = SIDE_BUY;
	assert_int_equal(request_check(&list, &err), STATUS_INVALID);   /* opo.md: only purchases */
	list.kind = INSTRUCT_OTO;
	assert_int_equal(request_check(&list, &err), STATUS_OK);
}

/* ---- outcomes ---- */

static enum verdict
verdict(int status, const char *body)
{
	struct outcome outcome;
	const struct http_response response = { .outcome = HTTP_ANSWERED, .status = status, .body = body,
	                                        .body_len = strlen(body), .message = "" };
	outcome_read(&response, &outcome);
	outcome_done(&outcome);
	return outcome.verdict;
}

static void
knows_a_refusal_from_what_may_have_happened(void **state)
{
	(void)state;
	assert_int_equal(verdict(200, "{}"), VERDICT_OK);
	assert_int_equal(verdict(200, "{\"code\":-1121,\"msg\":\"Invalid symbol.\"}"), VERDICT_UNKNOWN);
	assert_int_equal(verdict(200, "<html>"), VERDICT_UNKNOWN);
	assert_int_equal(verdict(200, ""), VERDICT_UNKNOWN);
	assert_int_equal(verdict(400, "{\"code\":-1121,\"msg\":\"Invalid symbol.\"}"), VERDICT_REFUSED);
	assert_int_equal(verdict(400, "{\"code\":\"-1121\",\"msg\":\"Invalid symbol.\"}"), VERDICT_UNKNOWN);
	assert_int_equal(verdict(401, "{\"code\":-2015,\"msg\":\"Invalid API-key.\"}"), VERDICT_REFUSED);
	assert_int_equal(verdict(404, ""), VERDICT_UNKNOWN);
	for (int code = -1000; code >= -1016; code--) {
		char body[64];
		bool is_unknown = code == -1000 || code == -1001 || code == -1006 || code == -1007 || code == -1008 || code == -1016;
		text_format(body, sizeof body, "{\"code\":%d,\"msg\":\"x\"}", code);
		assert_int_equal(verdict(400, body), is_unknown ? VERDICT_UNKNOWN : VERDICT_REFUSED);
		for (int status = 500; status < 600; status++)
			assert_int_equal(verdict(status, body), VERDICT_UNKNOWN);
	}
	assert_int_equal(verdict(429, "{\"code\":-1003,\"msg\":\"Too many requests.\"}"), VERDICT_TURNED_AWAY);
	assert_int_equal(verdict(418, ""), VERDICT_TURNED_AWAY);
	assert_int_equal(verdict(403, "<html>"), VERDICT_TURNED_AWAY);
	assert_int_equal(verdict(302, ""), VERDICT_UNKNOWN);
	assert_int_equal(outcome_of_code(-2010, "Duplicate order sent."), VERDICT_UNKNOWN);
	assert_int_equal(outcome_of_code(-2010, "Market is closed."), VERDICT_REFUSED);
}

static void
believes_not_sent_only_from_the_line(void **state)
{
	(void)state;
	for (int how = HTTP_NO_CONNECTION; how <= HTTP_FAILED; how++)
		for (int proof = 0; proof < 2; proof++) {
			struct outcome outcome;
			const struct http_response response = { .outcome = (enum http_outcome)how, .not_sent = proof,
			                                        .message = "gone", .body = "" };
			outcome_read(&response, &outcome);
			assert_int_equal(outcome.verdict, proof ? VERDICT_NOT_SENT : VERDICT_UNKNOWN);
			assert_string_equal(outcome.reason, "gone");
			outcome_done(&outcome);
		}
}

/* ---- answers ---- */

static const char full[] =
	"{\"symbol\":\"BTCUSDT\",\"orderId\":28,\"orderListId\":-1,\"clientOrderId\":\"6gCrw2kRUAF9CvJDGP16IP\","
	"\"transactTime\":1507725176595,\"price\":\"0.00000000\",\"origQty\":\"10.00000000\",\"executedQty\":\"10.00000000\","
	"\"origQuoteOrderQty\":\"0.000000\",\"cummulativeQuoteQty\":\"10.00000000\",\"status\":\"FILLED\","
	"\"timeInForce\":\"GTC\",\"type\":\"MARKET\",\"side\":\"SELL\",\"workingTime\":1507725176595,"
	"\"selfTradePreventionMode\":\"NONE\",\"fills\":["
	"{\"price\":\"4000.00000000\",\"qty\":\"1.00000000\",\"commission\":\"4.00000000\",\"commissionAsset\":\"USDT\",\"tradeId\":56},"
	"{\"price\":\"3999.00000000\",\"qty\":\"5.00000000\",\"commission\":\"19.99500000\",\"commissionAsset\":\"USDT\",\"tradeId\":57},"
	"{\"price\":\"3998.00000000\",\"qty\":\"2.00000000\",\"commission\":\"7.99600000\",\"commissionAsset\":\"USDT\",\"tradeId\":58},"
	"{\"price\":\"3997.00000000\",\"qty\":\"1.00000000\",\"commission\":\"3.99700000\",\"commissionAsset\":\"USDT\",\"tradeId\":59},"
	"{\"price\":\"3995.00000000\",\"qty\":\"1.00000000\",\"commission\":\"3.99500000\",\"commissionAsset\":\"USDT\",\"tradeId\":60}]}";

static void
reads_the_documentations_full_answer(void **state)
{
	(void)state;
	struct order order = make_order("6gCrw2kRUAF9CvJDGP16IP", SIDE_SELL, ORDER_MARKET, TIF_NONE, "10", NULL);
	struct order_answer answer;
	struct error err = { 0 };
	json_t *root = json(full);
	text_copy(order.symbol, sizeof order.symbol, "BTCUSDT");
	assert_true(order_json_is_of(root, &order));
	assert_int_equal(order_json_read(root, &order, &answer, &err), STATUS_OK);
	assert_string_equal(answer.exchange_order_id, "28");
	assert_int_equal(answer.state, ORDER_FILLED);
	assert_int_equal(answer.fills.count, 5);
	assert_string_equal(answer.fills.all[4].exchange_trade_id, "60");
	assert_int_equal(decimal_cmp(answer.fills.all[1].commission, dec("19.995")), 0);
	assert_int_equal(answer.fills.all[0].at_ms, 1507725176595);
	order_answer_done(&answer);
	/* And of nothing else. */
	text_copy(order.exchange_order_id, sizeof order.exchange_order_id, "29");
	assert_false(order_json_is_of(root, &order));
	json_decref(root);
}

static void
reads_a_cancel_by_the_id_that_was_cancelled(void **state)
{
	(void)state;
	struct order order = make_order("myOrder1", SIDE_BUY, ORDER_LIMIT, TIF_GTC, "1", "2");
	struct order_answer answer;
	struct error err = { 0 };
	json_t *root = json("{\"symbol\":\"LTCBTC\",\"origClientOrderId\":\"myOrder1\",\"orderId\":4,\"orderListId\":-1,"
	                    "\"clientOrderId\":\"cancelMyOrder1\",\"transactTime\":1684804350068,\"price\":\"2.00000000\","
	                    "\"origQty\":\"1.00000000\",\"executedQty\":\"0.00000000\",\"status\":\"CANCELED\","
	                    "\"timeInForce\":\"GTC\",\"type\":\"LIMIT\",\"side\":\"BUY\"}");
	text_copy(order.symbol, sizeof order.symbol, "LTCBTC");
	assert_true(order_json_is_of(root, &order));
	assert_int_equal(order_json_read(root, &order, &answer, &err), STATUS_OK);
	assert_int_equal(answer.state, ORDER_CANCELLED);
	order_answer_done(&answer);
	json_decref(root);
}

static void
reads_a_leg_that_has_no_quantity_yet(void **state)
{
	(void)state;
	struct order order = make_order("leg", SIDE_SELL, ORDER_STOP_LOSS, TIF_NONE, "0.0006", NULL);
	struct order_answer answer;
	struct error err = { 0 };
	json_t *root = json("{\"symbol\":\"BTCUSDC\",\"orderId\":3,\"clientOrderId\":\"leg\",\"price\":\"0.0\","
	                    "\"executedQty\":\"0.0\",\"status\":\"PENDING_NEW\",\"type\":\"STOP_LOSS\",\"side\":\"SELL\"}");
	assert_int_equal(order_json_read(root, &order, &answer, &err), STATUS_OK);
	assert_int_equal(answer.state, ORDER_PENDING_NEW);
	assert_false(answer.has_quantity);
	order_answer_done(&answer);
	/* Once it rests it has one: downwards only, and only where it was open. */
	json_object_set_new(root, "origQty", json_string("0.00059"));
	json_object_set_new(root, "status", json_string("NEW"));
	assert_int_equal(order_json_read(root, &order, &answer, &err), STATUS_INVALID);
	order.is_quantity_open = true;
	assert_int_equal(order_json_read(root, &order, &answer, &err), STATUS_OK);
	assert_true(answer.has_quantity);
	json_object_set_new(root, "origQty", json_string("0.0007"));
	assert_int_equal(order_json_read(root, &order, &answer, &err), STATUS_INVALID);
	json_decref(root);
}

static void
reads_trades_once_and_of_the_order_alone(void **state)
{
	(void)state;
	static const char rows[] =
		"[{\"symbol\":\"BNBBTC\",\"id\":28457,\"orderId\":100234,\"orderListId\":-1,\"price\":\"4.00000100\","
		"\"qty\":\"12.00000000\",\"quoteQty\":\"48.000012\",\"commission\":\"10.10000000\",\"commissionAsset\":\"BNB\","
		"\"time\":1499865549590,\"isBuyer\":true,\"isMaker\":false,\"isBestMatch\":true}]";
	struct told_trades trades = { 0 };
	struct error err = { 0 };
	int64_t last_id = 0;
	size_t count = 0;
	json_t *root = json(rows);
	assert_int_equal(trades_json_read(root, "BNBBTC", "100234", &trades, &last_id, &count, &err), STATUS_OK);
	assert_int_equal(trades_json_read(root, "BNBBTC", "", &trades, &last_id, &count, &err), STATUS_OK);
	assert_int_equal(trades.count, 1);
	assert_int_equal(last_id, 28457);
	assert_int_equal(trades.all[0].side, SIDE_BUY);
	assert_int_equal(decimal_cmp(trades.all[0].fill.quantity, dec("12")), 0);
	assert_int_equal(trades_json_read(root, "BNBBTC", "5", &trades, &last_id, &count, &err), STATUS_INVALID);
	assert_int_equal(trades_json_read(root, "BTCUSDT", "", &trades, &last_id, &count, &err), STATUS_INVALID);
	told_trades_done(&trades);
	json_decref(root);
}

static void
takes_no_list_of_open_orders_that_it_can_read_only_in_part(void **state)
{
	(void)state;
	struct exchange_order *orders = NULL;
	struct error err = { 0 };
	size_t count = 0;
	json_t *root = json("[{\"symbol\":\"LTCBTC\",\"orderId\":1,\"orderListId\":-1,\"clientOrderId\":\"myOrder1\","
	                    "\"price\":\"0.1\",\"origQty\":\"1.0\",\"executedQty\":\"0.0\",\"status\":\"NEW\",\"type\":\"LIMIT\","
	                    "\"side\":\"BUY\",\"stopPrice\":\"0.0\",\"time\":1499827319559,\"updateTime\":1499827319559}]");
	assert_int_equal(open_json_read(root, "LTCBTC", &orders, &count, &err), STATUS_OK);
	assert_int_equal(count, 1);
	assert_string_equal(orders[0].client_order_id, "myOrder1");
	free(orders);
	json_array_append_new(root, json_deep_copy(json_array_get(root, 0)));
	assert_int_equal(open_json_read(root, "", &orders, &count, &err), STATUS_OK);
	assert_int_equal(count, 1);                        /* the same row twice is one order */
	free(orders);
	json_array_append_new(root, json_object());
	assert_int_equal(open_json_read(root, "LTCBTC", &orders, &count, &err), STATUS_INVALID);
	json_decref(root);
}

static void
reads_account_fees_and_limits(void **state)
{
	(void)state;
	struct exchange_account account;
	struct exchange_fees fees;
	struct limits limits = { 0 };
	struct error err = { 0 };
	json_t *root = json("{\"makerCommission\":15,\"canTrade\":true,\"accountType\":\"SPOT\",\"balances\":["
	                    "{\"asset\":\"BTC\",\"free\":\"4723846.89208129\",\"locked\":\"0.00000000\"},"
	                    "{\"asset\":\"ZERO\",\"free\":\"0.0\",\"locked\":\"0.0\"},"
	                    "{\"asset\":\"LTC\",\"free\":\"0.0\",\"locked\":\"1.5\"}],\"permissions\":[\"SPOT\"],\"uid\":354937868}");
	assert_int_equal(account_json_read(root, &account, &err), STATUS_OK);
	assert_string_equal(account.uid, "354937868");
	assert_true(account.can_trade);
	assert_int_equal(account.balance_count, 2);
	assert_string_equal(account.balances[1].asset, "LTC");
	free((void *)account.balances);
	json_object_del(root, "uid");
	json_object_del(root, "canTrade");
	assert_int_equal(account_json_read(root, &account, &err), STATUS_OK);
	assert_string_equal(account.uid, "");
	assert_true(account.can_trade);
	free((void *)account.balances);
	json_object_set_new(root, "uid", json_integer(0));
	assert_int_equal(account_json_read(root, &account, &err), STATUS_RANGE);
	json_decref(root);

	root = json("{\"symbol\":\"BTCUSDT\",\"standardCommission\":{\"maker\":\"0.00000010\",\"taker\":\"0.00000020\","
	            "\"buyer\":\"0.00000030\",\"seller\":\"0.00000040\"},\"specialCommission\":{\"maker\":\"0.01000000\","
	            "\"taker\":\"0.02000000\",\"buyer\":\"0.03000000\",\"seller\":\"0.04000000\"},\"taxCommission\":{"
	            "\"maker\":\"0.00000112\",\"taker\":\"0.00000114\",\"buyer\":\"0.00000118\",\"seller\":\"0.00000116\"},"
	            "\"discount\":{\"enabledForAccount\":true,\"discount\":\"0.75\"}}");
	assert_int_equal(fees_json_read(root, "BTCUSDT", &fees, &err), STATUS_OK);
	/* 2e-7 + 4e-7 + 0.02 + 0.04 + 114e-8 + 118e-8, as percent; no discount. */
	assert_int_equal(decimal_cmp(fees.taker_percent, dec("6.000292")), 0);
	assert_int_equal(fees_json_read(root, "LTCBTC", &fees, &err), STATUS_INVALID);
	json_decref(root);

	root = json("{\"rateLimits\":[{\"rateLimitType\":\"REQUEST_WEIGHT\",\"interval\":\"MINUTE\",\"intervalNum\":1,\"limit\":6000},"
	            "{\"rateLimitType\":\"ORDERS\",\"interval\":\"SECOND\",\"intervalNum\":10,\"limit\":100},"
	            "{\"rateLimitType\":\"ORDERS\",\"interval\":\"DAY\",\"intervalNum\":1,\"limit\":200000},"
	            "{\"rateLimitType\":\"RAW_REQUESTS\",\"interval\":\"MINUTE\",\"intervalNum\":5,\"limit\":61000}]}");
	limits_json_read(root, &limits);
	assert_int_equal(limits_most(&limits, LIMIT_WEIGHT), 6000);
	assert_int_equal(limits_most(&limits, LIMIT_ORDERS_10S), 100);
	assert_int_equal(limits_most(&limits, LIMIT_ORDERS_DAY), 200000);
	json_decref(root);
}

/* ---- limits and time ---- */

static void
leaves_the_last_fifth_of_each_limit_to_exits(void **state)
{
	(void)state;
	struct limits limits = { .all = { [LIMIT_WEIGHT] = { .most = 100 }, [LIMIT_ORDERS_10S] = { .most = 10 } } };
	struct error err = { 0 };
	int64_t now_ms = 1700000000000 / 60000 * 60000;
	limits_heard(&limits, LIMIT_WEIGHT, 79, now_ms);
	assert_int_equal(limits_room(&limits, 1, 0, false, 1, now_ms, &err), STATUS_OK);
	assert_int_equal(limits_room(&limits, 2, 0, false, 1, now_ms, &err), STATUS_UNAVAILABLE);
	assert_int_equal(limits_room(&limits, 21, 0, true, 1, now_ms, &err), STATUS_OK);
	assert_int_equal(limits_room(&limits, 22, 0, true, 1, now_ms, &err), STATUS_UNAVAILABLE);
	limits_sent(&limits, 1, 8, now_ms);
	assert_int_equal(limits_used(&limits, LIMIT_WEIGHT, now_ms), 80);
	assert_int_equal(limits_room(&limits, 0, 1, false, 1, now_ms, &err), STATUS_UNAVAILABLE);
	assert_int_equal(limits_room(&limits, 0, 2, true, 1, now_ms, &err), STATUS_OK);
	/* The next window begins at nothing. */
	assert_int_equal(limits_room(&limits, 0, 8, false, 1, now_ms + 10000, &err), STATUS_OK);
	assert_int_equal(limits_room(&limits, 80, 0, false, 1, now_ms + 60000, &err), STATUS_OK);
	assert_int_equal(limits_used(&limits, LIMIT_ORDERS_DAY, now_ms + 60000), 8);
}

static void
spreads_looks_that_come_again_and_again_over_the_minute(void **state)
{
	(void)state;
	struct limits limits = { .all = { [LIMIT_WEIGHT] = { .most = 1000 } } };
	int64_t now_ms = 1700000000000 / 60000 * 60000;
	/* A quarter of the 800 at once, the rest as the minute goes on. */
	limits_heard(&limits, LIMIT_WEIGHT, 194, now_ms);
	assert_true(limits_keep_pace(&limits, 6, now_ms));
	assert_false(limits_keep_pace(&limits, 7, now_ms));
	limits_heard(&limits, LIMIT_WEIGHT, 494, now_ms);
	assert_true(limits_keep_pace(&limits, 6, now_ms + 30000));
	assert_false(limits_keep_pace(&limits, 7, now_ms + 30000));
	assert_true(limits_keep_pace(&limits, 6, now_ms + 60000));
}

static void
sends_nothing_until_it_may_again(void **state)
{
	(void)state;
	struct limits limits = { 0 };
	struct error err = { 0 };
	int64_t now_ms = 1700000000000 / 60000 * 60000 + 45000;
	limits_turned_away(&limits, 200, 5, 1000000, now_ms);
	assert_int_equal(limits_room(&limits, 1, 1, true, 1000000, now_ms, &err), STATUS_OK);
	limits_turned_away(&limits, 429, 7, 1000000, now_ms);
	assert_int_equal(limits_room(&limits, 1, 1, true, 7999999, now_ms, &err), STATUS_UNAVAILABLE);
	assert_int_equal(limits_room(&limits, 1, 1, true, 8000000, now_ms, &err), STATUS_OK);
	limits_turned_away(&limits, 418, 3600, 8000000, now_ms);
	limits_turned_away(&limits, 429, 1, 8000000, now_ms);          /* never shorter */
	assert_int_equal(limits.hold_until_us, INT64_C(3608000000));
	limits = (struct limits){ 0 };
	limits_turned_away(&limits, 429, -1, 0, now_ms);               /* to the end of its minute */
	assert_int_equal(limits.hold_until_us, 15000000);
	limits_turned_away(&limits, 418, 3 * 86400, 0, now_ms);        /* no ban is longer than three days */
	assert_int_equal(limits.hold_until_us, INT64_C(3) * 86400 * 1000000);
	limits = (struct limits){ 0 };
	limits_turned_away(&limits, 418, INT64_MAX, 0, now_ms);        /* what can't be meant stops nobody for ever */
	assert_in_range(limits.hold_until_us, 1, INT64_C(600) * 1000000);
}

static void
keeps_the_tightest_bound_on_the_exchanges_clock(void **state)
{
	(void)state;
	struct server_time time = { 0 };
	int64_t server_ms = 1700000000000;
	assert_false(server_time_take(&time, server_ms, 0, 5));        /* never sent */
	assert_true(server_time_take(&time, server_ms, 1000000, 1200000));
	assert_in_range(server_time_ms(&time, 1100000), server_ms, server_ms + 1);
	assert_true(server_time_take(&time, server_ms + 1000, 2090000, 2110000));
	assert_in_range(server_time_ms(&time, 2100000), server_ms + 1000, server_ms + 1001);
	/* A slower answer that agrees tells nothing new, until drift has had its time. */
	assert_false(server_time_take(&time, server_ms + 2010, 3000000, 3200000));
	assert_true(server_time_take(&time, server_ms + 1998900 , INT64_C(2000000000), INT64_C(2000200000)));
	/* One that can't agree with what was known says that a clock has changed. */
	assert_true(server_time_take(&time, server_ms + 90000000, INT64_C(2001000000), INT64_C(2001900000)));
	assert_in_range(server_time_ms(&time, INT64_C(2001450000)), server_ms + 90000000, server_ms + 90000001);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_single_orders_with_what_their_type_needs),
		cmocka_unit_test(writes_lists_with_the_stop_below_and_the_target_above_a_sale),
		cmocka_unit_test(replaces_only_what_is_new_and_nothing_when_the_cancel_fails),
		cmocka_unit_test(refuses_lists_that_the_exchange_would_not_take),
		cmocka_unit_test(knows_a_refusal_from_what_may_have_happened),
		cmocka_unit_test(believes_not_sent_only_from_the_line),
		cmocka_unit_test(reads_the_documentations_full_answer),
		cmocka_unit_test(reads_a_cancel_by_the_id_that_was_cancelled),
		cmocka_unit_test(reads_a_leg_that_has_no_quantity_yet),
		cmocka_unit_test(reads_trades_once_and_of_the_order_alone),
		cmocka_unit_test(takes_no_list_of_open_orders_that_it_can_read_only_in_part),
		cmocka_unit_test(reads_account_fees_and_limits),
		cmocka_unit_test(leaves_the_last_fifth_of_each_limit_to_exits),
		cmocka_unit_test(spreads_looks_that_come_again_and_again_over_the_minute),
		cmocka_unit_test(sends_nothing_until_it_may_again),
		cmocka_unit_test(keeps_the_tightest_bound_on_the_exchanges_clock),
	};
	return cmocka_run_group_tests_name("the parts of Binance Spot's adapter", tests, NULL, NULL);
}
