/* From a request to its answer: endpoint, parameters, limits, key, signature, time, and then the
 * endpoint's own work. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "grow.h"
#include "server.h"

enum security { SECURITY_NONE, SECURITY_USER_DATA, SECURITY_TRADE };

#define SIGNED "recvWindow timestamp signature "
#define LEG(p) p "Type " p "ClientOrderId " p "Price " p "StopPrice " p "TrailingDelta " \
	p "IcebergQty " p "TimeInForce " p "StrategyId " p "StrategyType " p "PegPriceType " \
	p "PegOffsetType " p "PegOffsetValue "
#define ORDER "symbol side type timeInForce quantity quoteOrderQty price newClientOrderId " \
	"strategyId strategyType stopPrice trailingDelta icebergQty newOrderRespType " \
	"selfTradePreventionMode pegPriceType pegOffsetValue pegOffsetType "
#define LIST "symbol listClientOrderId newOrderRespType selfTradePreventionMode "
#define WORKING LEG("working") "workingSide workingQuantity "

static int
weight_of_symbols(const struct call *call, int one, int some, int all)
{
	return call_text(call, "symbol") ? one : call_text(call, "symbols") ? some : all;
}

static int
weigh_ticker(const struct call *call)
{
	return weight_of_symbols(call, 2, 4, 4);
}

static int
weigh_day(const struct call *call)
{
	const char *symbols = call_text(call, "symbols");
	int count = 1;
	for (const char *p = symbols; p != NULL && *p != '\0'; p++)
		count += *p == ',';
	return weight_of_symbols(call, 2, count <= 20 ? 2 : count <= 100 ? 40 : 80, 80);
}

static int
weigh_depth(const struct call *call)
{
	const char *text = call_text(call, "limit");
	long limit = text ? strtol(text, NULL, 10) : 100;
	return limit <= 100 ? 5 : limit <= 500 ? 25 : limit <= 1000 ? 50 : 250;
}

static int
weigh_open_orders(const struct call *call)
{
	return call_text(call, "symbol") ? 6 : 80;
}

static int
weigh_trades(const struct call *call)
{
	return call_text(call, "orderId") ? 5 : 20;
}

static int
weigh_test(const struct call *call)
{
	const char *rates = call_text(call, "computeCommissionRates");
	return rates && strcmp(rates, "true") == 0 ? 20 : 1;
}

static int
weigh_rules(const struct call *call)
{
	return weight_of_symbols(call, 2, 4, 40);
}

static const struct endpoint {
	const char *method, *path;
	handler *run;
	enum security security;
	int weight;
	int (*weigh)(const struct call *call);
	const char *params;
} endpoints[] = {
	{ "GET", "ping", public_ping, 0, 1, NULL, "" },
	{ "GET", "time", public_time, 0, 1, NULL, "" },
	{ "GET", "exchangeInfo", public_exchange_info, 0, 20, NULL,
	  "symbol symbols permissions showPermissionSets symbolStatus " },
	{ "GET", "executionRules", public_execution_rules, 0, 40, weigh_rules,
	  "symbol symbols symbolStatus " },
	{ "GET", "depth", public_depth, 0, 5, weigh_depth, "symbol limit symbolStatus " },
	{ "GET", "trades", public_trades, 0, 25, NULL, "symbol limit " },
	{ "GET", "klines", public_klines, 0, 2, NULL,
	  "symbol interval startTime endTime timeZone limit " },
	{ "GET", "uiKlines", public_klines, 0, 2, NULL,
	  "symbol interval startTime endTime timeZone limit " },
	{ "GET", "avgPrice", public_avg_price, 0, 2, NULL, "symbol " },
	{ "GET", "ticker/24hr", public_ticker_24hr, 0, 80, weigh_day,
	  "symbol symbols type symbolStatus " },
	{ "GET", "ticker/price", public_ticker_price, 0, 4, weigh_ticker,
	  "symbol symbols symbolStatus " },
	{ "GET", "ticker/bookTicker", public_book_ticker, 0, 4, weigh_ticker,
	  "symbol symbols symbolStatus " },
	{ "POST", "order", trade_new, SECURITY_TRADE, 1, NULL, ORDER SIGNED },
	{ "POST", "order/test", trade_test, SECURITY_TRADE, 1, weigh_test,
	  ORDER SIGNED "computeCommissionRates " },
	{ "GET", "order", account_order, SECURITY_USER_DATA, 4, NULL,
	  "symbol orderId origClientOrderId " SIGNED },
	{ "DELETE", "order", trade_cancel, SECURITY_TRADE, 1, NULL,
	  "symbol orderId origClientOrderId newClientOrderId cancelRestrictions " SIGNED },
	{ "DELETE", "openOrders", trade_cancel_all, SECURITY_TRADE, 1, NULL, "symbol " SIGNED },
	{ "POST", "order/cancelReplace", trade_cancel_replace, SECURITY_TRADE, 1, NULL,
	  ORDER "cancelReplaceMode cancelNewClientOrderId cancelOrigClientOrderId cancelOrderId "
	  "cancelRestrictions orderRateLimitExceededMode " SIGNED },
	{ "PUT", "order/amend/keepPriority", trade_amend, SECURITY_TRADE, 4, NULL,
	  "symbol orderId origClientOrderId newClientOrderId newQty " SIGNED },
	{ "GET", "order/amendments", account_amendments, SECURITY_USER_DATA, 4, NULL,
	  "symbol orderId fromExecutionId limit " SIGNED },
	{ "POST", "orderList/oco", list_oco, SECURITY_TRADE, 1, NULL,
	  LIST "side quantity " LEG("above") LEG("below") SIGNED },
	{ "POST", "orderList/oto", list_oto, SECURITY_TRADE, 1, NULL,
	  LIST WORKING LEG("pending") "pendingSide pendingQuantity " SIGNED },
	{ "POST", "orderList/otoco", list_otoco, SECURITY_TRADE, 1, NULL,
	  LIST WORKING LEG("pendingAbove") LEG("pendingBelow") "pendingSide pendingQuantity " SIGNED },
	{ "POST", "orderList/opo", list_opo, SECURITY_TRADE, 1, NULL,
	  LIST WORKING LEG("pending") "pendingSide pendingQuantity " SIGNED },
	{ "POST", "orderList/opoco", list_opoco, SECURITY_TRADE, 1, NULL,
	  LIST WORKING LEG("pendingAbove") LEG("pendingBelow") "pendingSide pendingQuantity " SIGNED },
	{ "DELETE", "orderList", list_delete, SECURITY_TRADE, 1, NULL,
	  "symbol orderListId listClientOrderId newClientOrderId " SIGNED },
	{ "GET", "orderList", account_list, SECURITY_USER_DATA, 4, NULL,
	  "orderListId origClientOrderId " SIGNED },
	{ "GET", "allOrderList", account_all_lists, SECURITY_USER_DATA, 20, NULL,
	  "fromId startTime endTime limit " SIGNED },
	{ "GET", "openOrderList", account_open_lists, SECURITY_USER_DATA, 6, NULL, SIGNED },
	{ "GET", "openOrders", account_open_orders, SECURITY_USER_DATA, 6, weigh_open_orders,
	  "symbol " SIGNED },
	{ "GET", "allOrders", account_all_orders, SECURITY_USER_DATA, 20, NULL,
	  "symbol orderId startTime endTime limit " SIGNED },
	{ "GET", "account", account_info, SECURITY_USER_DATA, 20, NULL, "omitZeroBalances " SIGNED },
	{ "GET", "account/commission", account_commission, SECURITY_USER_DATA, 20, NULL,
	  "symbol " SIGNED },
	{ "GET", "rateLimit/order", account_order_count, SECURITY_USER_DATA, 40, NULL, SIGNED },
	{ "GET", "myTrades", account_trades, SECURITY_USER_DATA, 20, weigh_trades,
	  "symbol orderId startTime endTime fromId limit " SIGNED },
	{ "GET", "myFilters", account_filters, SECURITY_USER_DATA, 40, NULL, "symbol " SIGNED },
};

static const struct endpoint *
endpoint_of(const struct request *request)
{
	static const char base[] = "/api/v3/";
	if (strncmp(request->path, base, sizeof base - 1) != 0)
		return NULL;
	for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++)
		if (strcmp(endpoints[i].path, request->path + sizeof base - 1) == 0 &&
		    strcmp(endpoints[i].method, request->method) == 0)
			return &endpoints[i];
	return NULL;
}

static char *
decoded(const char *from, size_t len)
{
	char *text = malloc(len + 1), *to = text;
	if (text == NULL)
		abort();
	for (size_t i = 0; i < len; i++) {
		char hex[3] = { 0 };
		if (from[i] == '%' && i + 2 < len && isxdigit((unsigned char)from[i + 1]) &&
		    isxdigit((unsigned char)from[i + 2])) {
			memcpy(hex, from + i + 1, 2);
			*to++ = (char)strtol(hex, NULL, 16);
			i += 2;
		} else {
			*to++ = from[i] == '+' ? ' ' : from[i];
		}
	}
	*to = '\0';
	return text;
}

/* "If a parameter sent in both the query string and request body, the query string parameter will
 * be used"; twice in one of them is an error. */
static bool
read_params(struct call *call, const char *from, bool query)
{
	while (*from != '\0') {
		size_t part = strcspn(from, "&"), name = strcspn(from, "=&");
		struct param param = { decoded(from, name), NULL, query };
		param.value = name < part ? decoded(from + name + 1, part - name - 1) : decoded("", 0);
		from += part + (from[part] == '&');
		bool known = false, twice = false;
		for (size_t i = 0; i < call->params_len; i++)
			if (strcmp(call->params[i].name, param.name) == 0) {
				known = true;
				twice |= call->params[i].from_query == query;
			}
		if (known || *param.name == '\0') {
			free(param.name);
			free(param.value);
			if (twice)
				return refuse(&call->no, 400, -1101, "Duplicate values for a parameter detected.");
			continue;
		}
		call->params = grow(call->params, call->params_len, sizeof *call->params);
		call->params[call->params_len++] = param;
	}
	return true;
}

static bool
check_params(struct call *call, const struct endpoint *endpoint)
{
	size_t read = 0;
	char word[PATH_LEN];
	for (size_t i = 0; i < call->params_len; i++) {
		int len = snprintf(word, sizeof word, "%s ", call->params[i].name);
		const char *at = endpoint->params;
		bool found = false;
		while (len < (int)sizeof word && (at = strstr(at, word)) != NULL && !found) {
			found = at == endpoint->params || at[-1] == ' ';
			at++;
		}
		read += found;
	}
	if (read < call->params_len)
		return refuse(&call->no, 400, -1104,
		              "Not all sent parameters were read; read '%zu' parameter(s) but was sent "
		              "'%zu'.", read, call->params_len);
	return true;
}

void
reply_header(struct reply *reply, const char *name, const char *value)
{
	size_t len = strlen(reply->headers);
	snprintf(reply->headers + len, sizeof reply->headers - len, "%s: %s\r\n", name, value);
}

void
reply_json(struct reply *reply, int status, json_t *body)
{
	free(reply->body);
	reply->status = status;
	reply->body = body ? json_dumps(body, JSON_COMPACT) : NULL;
	/* A text that is not UTF-8 (of a path, say) fits into no JSON. */
	if (reply->body == NULL)
		reply->body = strdup("{\"code\":-1100,\"msg\":\"Illegal characters found in a parameter.\"}");
	reply->body_len = strlen(reply->body);
	reply_header(reply, "Content-Type", "application/json;charset=UTF-8");
	json_decref(body);
}

/* "To receive the information in microseconds, please add the header X-MBX-TIME-UNIT". */
static void
in_microseconds(json_t *value)
{
	static const char *const names[] = { "serverTime", "transactTime", "transactionTime",
	                                     "workingTime", "time", "updateTime", "trailingTime",
	                                     "openTime", "closeTime" };
	const char *key;
	json_t *each;
	size_t i;
	json_array_foreach(value, i, each)
		in_microseconds(each);
	json_object_foreach(value, key, each) {
		in_microseconds(each);
		if (json_is_integer(each) && json_integer_value(each) > 0 &&
		    name_index(names, (int)(sizeof names / sizeof *names), key) >= 0)
			json_integer_set(each, json_integer_value(each) * 1000);
	}
}

static json_t *
run(struct call *call, const struct endpoint *endpoint, const struct request *request)
{
	struct server *server = call->server;
	const struct api_key *key;
	if (endpoint->security != SECURITY_NONE) {
		if (!auth_key(server, request, endpoint->security == SECURITY_TRADE, &key, &call->no))
			return NULL;
		call->account = key->account;
	}
	if (!check_params(call, endpoint) ||
	    (endpoint->security != SECURITY_NONE && (!auth_signature(key, request, &call->no) ||
	                                             !auth_time(call, &call->no))))
		return NULL;
	return endpoint->run(call);
}

void
route(struct server *server, const struct request *request, struct reply *reply)
{
	struct call call = { .server = server, .ex = &server->ex };
	const struct endpoint *endpoint = endpoint_of(request);
	json_t *answer = NULL;
	int retry_s = 0;
	char headers[HEADERS_MAX / 2], seconds[24];
	server_now(server);
	if (read_params(&call, request->query, true))
		read_params(&call, request->body, false);
	int weight = endpoint == NULL ? 1 : endpoint->weigh ? endpoint->weigh(&call) : endpoint->weight;
	if (!limits_take(server, weight, &call.no, &retry_s) || call.no.http != 0)
		;
	else if (endpoint == NULL)
		call_refuse(&call, 404, -5000, "Path %s, Method %s is invalid", request->path,
		            request->method);
	else
		answer = run(&call, endpoint, request);
	if (call.no.http == 429 && call.no.code != -1003)
		retry_s = (int)limits_order_retry_s(&server->ex);
	if (answer != NULL && request->microseconds)
		in_microseconds(answer);
	if (answer == NULL) {
		answer = json_pack("{si ss}", "code", call.no.code, "msg", call.no.msg);
		if (call.data != NULL)
			json_object_set(answer, "data", call.data);
	}
	reply_json(reply, call.no.http ? call.no.http : 200, answer);
	limits_headers(server, &call, headers, sizeof headers);
	snprintf(reply->headers + strlen(reply->headers), HEADERS_MAX - strlen(reply->headers), "%s",
	         headers);
	if (retry_s > 0) {
		snprintf(seconds, sizeof seconds, "%d", retry_s);
		reply_header(reply, "Retry-After", seconds);
	}
	if (endpoint != NULL && endpoint->security == SECURITY_TRADE)
		server->dirty = true;
	json_decref(call.data);
	for (size_t i = 0; i < call.params_len; i++) {
		free(call.params[i].name);
		free(call.params[i].value);
	}
	free(call.params);
	/* What was answered is what was so at that moment; only now do pending orders follow. */
	market_settle(&server->ex);
}
