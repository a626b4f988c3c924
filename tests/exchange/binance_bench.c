/* See binance_bench.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/text.h"
#include "tests/exchange/binance_bench.h"

#define KEY "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"

static void
read_ports(struct standin *standin, int fd)
{
	FILE *out = fdopen(fd, "r");
	char name[16];
	int port = 0;
	assert_non_null(out);
	while (fscanf(out, "%15s", name) == 1 && strcmp(name, "ready") != 0) {
		assert_int_equal(fscanf(out, "%d", &port), 1);
		if (strcmp(name, "http") == 0)
			standin->http_port = port;
		if (strcmp(name, "control") == 0)
			standin->control_port = port;
	}
	fclose(out);
	assert_true(standin->http_port > 0 && standin->control_port > 0);
}

bool
standin_start(struct standin *standin)
{
	char program[4096];
	int in[2], out[2];
	const char *top = getenv("top_builddir");
	*standin = (struct standin){ 0 };
	text_format(program, sizeof program, "%s/tests/exchange-standin/exchange-standin", top ? top : ".");
	if (access(program, X_OK) != 0)
		return false;
	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	standin->pid = fork();
	assert_true(standin->pid >= 0);
	if (standin->pid == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		close(in[0]);
		close(in[1]);
		close(out[0]);
		close(out[1]);
		execl(program, program, "--stdin", (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	standin->stdin_fd = in[1];
	read_ports(standin, out[0]);
	return true;
}

void
standin_stop(struct standin *standin)
{
	close(standin->stdin_fd);          /* it ends with its standard input */
	waitpid(standin->pid, NULL, 0);
}

static char *
exchange_bytes(int port, const char *request, size_t len)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
	                          .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct text got = { 0 };
	char part[65536];
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	assert_int_equal(send(fd, request, len, MSG_NOSIGNAL), (ssize_t)len);
	for (ssize_t n; (n = recv(fd, part, sizeof part, 0)) > 0;)
		text_append_len(&got, part, (size_t)n);
	close(fd);
	assert_false(got.failed);
	assert_non_null(got.data);
	return got.data;
}

static json_t *
control(const struct standin *standin, const char *method, const char *verb, const char *body)
{
	struct text request = { 0 };
	text_appendf(&request, "%s /%s HTTP/1.1\r\nHost: control\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s",
	             method, verb, body ? strlen(body) : (size_t)0, body ? body : "");
	char *answer = exchange_bytes(standin->control_port, request.data, request.len);
	text_done(&request);
	const char *start = strstr(answer, "\r\n\r\n");
	assert_non_null(start);
	json_t *root = json_loads(start + 4, JSON_DECODE_ANY, NULL);
	if (strncmp(answer + 9, "200", 3) != 0 || root == NULL)
		fail_msg("%s %s: %s", verb, body ? body : "", answer);
	free(answer);
	return root;
}

json_t *
standin_control(const struct standin *standin, const char *verb, const char *body)
{
	return control(standin, body ? "POST" : "GET", verb, body);
}

void
standin_heal(const struct standin *standin)
{
	json_decref(control(standin, "DELETE", "faults", NULL));
}

void
standin_tell(const struct standin *standin, const char *verb, const char *body)
{
	json_decref(standin_control(standin, verb, body));
}

static json_t *
find_order(const json_t *ledger, const char *client_order_id, size_t *ret_count)
{
	json_t *orders = json_object_get(ledger, "orders"), *found = NULL;
	*ret_count = 0;
	for (size_t i = 0; i < json_array_size(orders); i++) {
		json_t *each = json_array_get(orders, i);
		const char *id = json_string_value(json_object_get(each, "clientOrderId"));
		if (id == NULL || strcmp(id, client_order_id) != 0)
			continue;
		found = each;
		++*ret_count;
	}
	return found;
}

size_t
standin_orders(const struct standin *standin, const char *client_order_id)
{
	size_t count = 0;
	json_t *ledger = standin_control(standin, "ledger", NULL);
	find_order(ledger, client_order_id, &count);
	json_decref(ledger);
	return count;
}

void
standin_order_text(const struct standin *standin, const char *client_order_id, const char *member,
                   char *ret, size_t size)
{
	size_t count = 0;
	json_t *ledger = standin_control(standin, "ledger", NULL);
	const json_t *value = json_object_get(find_order(ledger, client_order_id, &count), member);
	assert_int_equal(count, 1);
	if (json_is_integer(value))
		text_format(ret, size, "%lld", (long long)json_integer_value(value));
	else
		text_copy(ret, size, json_string_value(value));
	json_decref(ledger);
}

void
standin_small_world(const struct standin *standin)
{
	standin_tell(standin, "symbol",
	             "{\"symbol\":\"BTCUSDC\",\"info\":{\"symbol\":\"BTCUSDC\",\"status\":\"TRADING\","
	             "\"baseAsset\":\"BTC\",\"baseAssetPrecision\":8,\"quoteAsset\":\"USDC\",\"quotePrecision\":8,"
	             "\"quoteAssetPrecision\":8,\"orderTypes\":[\"LIMIT\",\"LIMIT_MAKER\",\"MARKET\",\"STOP_LOSS\","
	             "\"STOP_LOSS_LIMIT\",\"TAKE_PROFIT\",\"TAKE_PROFIT_LIMIT\"],\"icebergAllowed\":true,"
	             "\"ocoAllowed\":true,\"otoAllowed\":true,\"opoAllowed\":true,\"cancelReplaceAllowed\":true,"
	             "\"quoteOrderQtyMarketAllowed\":true,\"allowTrailingStop\":true,\"amendAllowed\":true,"
	             "\"isSpotTradingAllowed\":true,\"permissions\":[],\"permissionSets\":[[\"SPOT\"]],"
	             "\"filters\":[{\"filterType\":\"PRICE_FILTER\",\"minPrice\":\"0.01\",\"maxPrice\":\"1000000\","
	             "\"tickSize\":\"0.01\"},{\"filterType\":\"LOT_SIZE\",\"minQty\":\"0.00001\",\"maxQty\":\"9000\","
	             "\"stepSize\":\"0.00001\"}]}}");
	standin_tell(standin, "account", "{\"balances\":{\"USDC\":\"100000\",\"BTC\":\"100\"},"
	             "\"standard\":{\"maker\":\"0.001\",\"taker\":\"0.001\",\"buyer\":\"0\",\"seller\":\"0\"}}");
	standin_tell(standin, "settings", "{\"order_limit_10s\":1000}");
}

struct exchange *
bench_open_binance(const struct standin *standin, const char *secret)
{
	char url[64], secret_line[128];
	char *const environment[] = { (char *)"ROBSON_API_KEY=" KEY, secret_line, NULL };
	struct binance_keys *keys = NULL;
	struct exchange *exchange = NULL;
	struct error err = { 0 };
	text_format(url, sizeof url, "http://127.0.0.1:%d", standin->http_port);
	text_format(secret_line, sizeof secret_line, "ROBSON_API_SECRET=%s",
	            secret ? secret : "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j");
	if (binance_keys_load(NULL, environment, &keys, &err) != STATUS_OK)
		fail_msg("keys: %s", err.message);
	const struct binance_config config = { .url = url, .recv_window_ms = 5000, .fee_percent = dec("0.1"),
	                                       .answer_ms = BENCH_ANSWER_MS,
	                                       .keys = keys };
	if (binance_open(&config, &exchange, &err) != STATUS_OK)
		fail_msg("open: %s", err.message);
	return exchange;
}

static void
turn(struct exchange *exchange, int64_t until_us)
{
	struct wait wait;
	int64_t now_us = clock_mono_us();
	wait_init(&wait);
	exchange->ops->prepare(exchange, &wait, now_us);
	wait_until(&wait, until_us);
	int64_t left_us = wait.deadline_mono_us - now_us;
	if (left_us < 0)
		left_us = 0;
	if (left_us > 50000)
		left_us = 50000;
	struct timeval timeout = { .tv_sec = 0, .tv_usec = (suseconds_t)left_us };
	if (select(wait.max_fd + 1, &wait.read, &wait.write, &wait.except, &timeout) < 0)
		assert_int_equal(errno, EINTR);
	exchange->ops->dispatch(exchange, &wait, clock_mono_us());
}

void
bench_run(struct exchange *exchange, int ms)
{
	int64_t until_us = clock_mono_us() + (int64_t)ms * 1000;
	while (clock_mono_us() < until_us)
		turn(exchange, until_us);
}

void
bench_settle(struct exchange *exchange, int ms)
{
	int64_t until_us = clock_mono_us() + (int64_t)ms * 1000;
	while (exchange->ops->is_busy(exchange) && clock_mono_us() < until_us)
		turn(exchange, until_us);
}

bool
bench_ready(struct exchange *exchange, int ms)
{
	int64_t until_us = clock_mono_us() + (int64_t)ms * 1000;
	struct exchange_status status;
	do {
		turn(exchange, until_us);
		exchange->ops->status(exchange, &status);
	} while (!status.is_ready && clock_mono_us() < until_us);
	return status.is_ready;
}
