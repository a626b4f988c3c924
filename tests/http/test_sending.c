/* Requests that trade, against the stand-in over real sockets: sent once, whatever dies under them;
 * and in the form that the exchange reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/text.h"
#include "tests/http/asking.h"
#include "standin/standin.h"

static struct standin server, secure;
static bool has_tls;
static char tls_dir[] = "/tmp/robson-sending-XXXXXX", ca_file[64];

static const char *const methods[] = { "POST", "DELETE", "PUT" };
static const char order[] = "/api/v3/order", ping[] = "/api/v3/ping";
static const char query[] = "symbol=BTCUSDC&quantity=1&signature=5ec2e7";

static struct http *
fresh(const struct standin *at)
{
	struct http *http = http_new(&(struct http_config){ .ca_file = at == &secure ? ca_file : NULL });
	assert_non_null(http);
	standin_order(at, "{\"reset\": true}");
	return http;
}

static void
ask(struct http *http, const struct standin *at, const char *method, const char *path, bool may_repeat,
    struct result *ret)
{
	static const char *const headers[] = { "X-MBX-APIKEY: the-key", NULL };
	char url[512];
	text_format(url, sizeof url, "%s%s", at->url, path);
	struct http_request request = {
		.method = method, .url = url, .query = query, .headers = headers, .limits = limits,
		.may_repeat = may_repeat,
	};
	*ret = (struct result){ 0 };
	assert_int_equal(http_send(http, &request, keep, ret, NULL, NULL), STATUS_OK);
	turn(http, &ret->calls, 8000);
	assert_int_equal(ret->calls, 1);
}

static void
behave(const struct standin *at, const char *what)
{
	standin_order(at, "{\"behave\": [{\"path\": \"%s\", \"times\": 1, %s}]}", order, what);
}

/* The server has taken the request, and the kept-alive connection ends without a byte of an answer. */
static void
check_sent_once(const struct standin *at, const char *method, const char *death)
{
	struct http *http = fresh(at);
	struct result got;
	ask(http, at, "GET", ping, true, &got);
	behave(at, death);
	ask(http, at, method, order, false, &got);
	assert_int_equal(got.outcome, HTTP_BROKEN);
	assert_false(got.not_sent);
	assert_true(got.sent_us > 0);
	assert_int_equal(standin_count(at, order, ""), 1);
	assert_null(strstr(got.message, "5ec2e7"));

	ask(http, at, method, order, false, &got);        /* the next one is another matter */
	assert_int_equal(got.outcome, HTTP_ANSWERED);
	assert_int_equal(standin_count(at, order, ""), 2);
	http_free(http);
}

static void
a_trade_is_sent_once_when_its_kept_connection_ends_without_an_answer(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		check_sent_once(&server, methods[i], "\"do\": \"drop\"");
		if (has_tls)
			check_sent_once(&secure, methods[i], "\"do\": \"drop\"");
	}
	check_sent_once(&server, "GET", "\"do\": \"drop\"");
}

static void
a_trade_is_sent_once_when_its_kept_connection_is_reset(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		check_sent_once(&server, methods[i], "\"do\": \"reset\"");
		if (has_tls)
			check_sent_once(&secure, methods[i], "\"do\": \"reset\"");
	}
}

static void
the_same_death_makes_libcurl_repeat_what_may_be_repeated(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		struct http *http = fresh(&server);
		struct result got;
		char last[2048];
		ask(http, &server, "GET", ping, true, &got);
		behave(&server, "\"do\": \"drop\"");
		ask(http, &server, methods[i], order, true, &got);
		assert_int_equal(got.outcome, HTTP_ANSWERED);
		assert_int_equal(standin_count(&server, order, ""), 2);
		standin_last(&server, order, last, sizeof last);
		assert_non_null(strstr(last, query));
		http_free(http);
	}
}

static void
a_trade_on_a_new_connection_that_ends_is_sent_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		struct http *http = fresh(&server);
		struct result got;
		behave(&server, "\"do\": \"drop\"");
		ask(http, &server, methods[i], order, false, &got);
		assert_int_equal(got.outcome, HTTP_BROKEN);
		assert_false(got.not_sent);
		assert_int_equal(standin_count(&server, order, ""), 1);
		http_free(http);
	}
}

/* It was idle, and the server closed it: that is seen before anything goes out. */
static void
a_trade_takes_a_new_connection_when_the_kept_one_was_closed_before(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		struct http *http = fresh(&server);
		struct result got;
		standin_order(&server, "{\"behave\": [{\"path\": \"%s\", \"times\": 1, \"do\": \"idle_close\"}]}", ping);
		ask(http, &server, "GET", ping, true, &got);
		turn(http, &(int){ 0 }, 50);
		ask(http, &server, methods[i], order, false, &got);
		assert_int_equal(got.outcome, HTTP_ANSWERED);
		assert_int_equal(standin_count(&server, order, ""), 1);
		http_free(http);
	}
}

static void
a_trade_uses_the_connection_that_a_small_question_kept_warm(void **state)
{
	(void)state;
	struct http *http = fresh(&server);
	struct result got;
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		ask(http, &server, "GET", order, true, &got);
		ask(http, &server, methods[i], order, false, &got);
		assert_int_equal(got.outcome, HTTP_ANSWERED);
	}
	assert_int_equal(standin_connections(&server, order), 1);
	http_free(http);
}

static void
an_answer_that_nobody_asked_for_is_not_taken_for_the_next_ones(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		struct http *http = fresh(&server);
		struct result got;
		behave(&server, "\"do\": \"twice\", \"body\": \"{\\\"stale\\\": 1}\"");
		ask(http, &server, "GET", order, true, &got);
		assert_non_null(strstr(got.body, "stale"));
		turn(http, &(int){ 0 }, 50);
		ask(http, &server, methods[i], order, false, &got);
		assert_int_equal(got.outcome, HTTP_ANSWERED);
		assert_null(strstr(got.body, "stale"));
		http_free(http);
	}
}

static void
the_query_is_the_body_of_post_and_put_and_stands_behind_the_url_of_others(void **state)
{
	(void)state;
	struct http *http = fresh(&server);
	struct result got;
	char last[2048];
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		bool in_body = methods[i][0] == 'P';
		char expected[256];
		ask(http, &server, methods[i], order, false, &got);
		standin_last(&server, order, last, sizeof last);
		text_format(expected, sizeof expected, "%s %s?%s\n", methods[i], order, in_body ? "" : query);
		assert_memory_equal(last, expected, strlen(expected));
		text_format(expected, sizeof expected, "\n%s\n", in_body ? query : "");
		assert_string_equal(last + strlen(last) - strlen(expected), expected);
		assert_non_null(strstr(last, "X-MBX-APIKEY: the-key\n"));
		assert_true(in_body == (strstr(last, "Content-Type: application/x-www-form-urlencoded\n") != NULL));
		assert_null(strstr(last, "Expect"));
	}
	ask(http, &server, "GET", order, true, &got);
	standin_last(&server, order, last, sizeof last);
	assert_non_null(strstr(last, query));
	http_free(http);
}

static void
a_post_without_a_query_has_an_empty_body(void **state)
{
	(void)state;
	struct http *http = fresh(&server);
	struct result got = { 0 };
	char url[256], last[2048];
	text_format(url, sizeof url, "%s%s", server.url, order);
	struct http_request request = { .method = "POST", .url = url, .limits = limits };
	assert_int_equal(http_send(http, &request, keep, &got, NULL, NULL), STATUS_OK);
	turn(http, &got.calls, 4000);
	assert_int_equal(got.outcome, HTTP_ANSWERED);
	standin_last(&server, order, last, sizeof last);
	assert_non_null(strstr(last, "Content-Length: 0\n"));
	http_free(http);
}

static void
counts_of_orders_come_from_the_headers(void **state)
{
	(void)state;
	struct http *http = fresh(&server);
	struct result got;
	behave(&server, "\"do\": \"status\", \"status\": 200, \"headers\": {"
	       "\"X-MBX-ORDER-COUNT-10S\": \"7\", \"X-MBX-ORDER-COUNT-1D\": \"199999\"}");
	ask(http, &server, "POST", order, false, &got);
	assert_int_equal(got.orders_10s, 7);
	assert_int_equal(got.orders_1d, 199999);
	ask(http, &server, "POST", order, false, &got);
	assert_int_equal(got.orders_10s, -1);
	assert_int_equal(got.orders_1d, -1);
	http_free(http);
}

static void
a_trade_that_waits_too_long_for_its_answer_may_have_arrived(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		struct http *http = fresh(&server);
		struct result got = { 0 };
		char url[256];
		text_format(url, sizeof url, "%s%s", server.url, order);
		struct http_request request = {
			.method = methods[i], .url = url, .query = query, .limits = quick };
		behave(&server, "\"do\": \"stall_before\", \"seconds\": 0.6");
		assert_int_equal(http_send(http, &request, keep, &got, NULL, NULL), STATUS_OK);
		turn(http, &got.calls, 4000);
		assert_int_equal(got.outcome, HTTP_TIMED_OUT);
		assert_false(got.not_sent);
		assert_int_equal(standin_count(&server, order, ""), 1);
		http_free(http);
	}
}

static void
a_trade_that_found_no_connection_was_not_sent(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		struct http *http = fresh(&server);
		struct result got;
		struct standin nobody = { .url = "http://127.0.0.1:1" };
		ask(http, &nobody, methods[i], order, false, &got);
		assert_int_equal(got.outcome, HTTP_NO_CONNECTION);
		assert_true(got.not_sent);
		assert_int_equal(got.sent_us, 0);
		http_free(http);
	}
}

/* Without the file of its authority: the handshake ends, and nothing of the trade has left. */
static void
a_trade_to_a_stranger_with_a_certificate_of_its_own_was_not_sent(void **state)
{
	(void)state;
	if (!has_tls)
		skip();
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		struct http *http = http_new(NULL);
		struct result got;
		standin_order(&secure, "{\"reset\": true}");
		ask(http, &secure, methods[i], order, false, &got);
		assert_int_equal(got.outcome, HTTP_TLS_FAILED);
		assert_true(got.not_sent);
		assert_int_equal(standin_count(&secure, order, ""), 0);
		http_free(http);
	}
}

static void
what_is_not_written_as_it_must_be_is_refused_without_being_said(void **state)
{
	(void)state;
	static const char *const wrong_queries[] = { "a=b c", "a=\xc3\xa9", "a=b#5ec2e7", "a=b\r\nX: 5ec2e7", "a=\x7f" };
	static const char *const wrong_headers[] = { "X: 5ec2e7\r\nY: z", "X: 5ec2e7\n", "X: \xc3\xa9 5ec2e7" };
	struct http *http = fresh(&server);
	struct result got = { 0 };
	struct error err;
	char url[256];
	text_format(url, sizeof url, "%s%s", server.url, order);
	for (size_t i = 0; i < ARRAY_LEN(wrong_queries); i++) {
		struct http_request request = {
			.method = "POST", .url = url, .query = wrong_queries[i], .limits = limits };
		assert_int_equal(http_send(http, &request, keep, &got, NULL, &err), STATUS_BUG);
		assert_null(strstr(err.message, "5ec2e7"));
	}
	for (size_t i = 0; i < ARRAY_LEN(wrong_headers); i++) {
		const char *headers[] = { wrong_headers[i], NULL };
		struct http_request request = {
			.method = "DELETE", .url = url, .headers = headers, .limits = limits };
		assert_int_equal(http_send(http, &request, keep, &got, NULL, &err), STATUS_BUG);
		assert_null(strstr(err.message, "5ec2e7"));
	}
	struct http_request odd = { .method = "BREW", .url = url, .limits = limits };
	assert_int_equal(http_send(http, &odd, keep, &got, NULL, &err), STATUS_BUG);
	struct http_request plain = { .method = "POST", .url = "http://example.com/", .limits = limits };
	assert_int_equal(http_send(http, &plain, keep, &got, NULL, &err), STATUS_CONFIG);
	assert_int_equal(http_active(http), 0);
	assert_int_equal(got.calls, 0);
	http_free(http);
}

enum { MAPPING_MAX = 1 << 26 };

/* How often a text, given backwards, stands in the memory that this process can write to.  Stacks are
 * left out: what libcurl left there goes with its next calls. */
static int
count_in_memory(const char *backwards)
{
	size_t len = strlen(backwards);
	FILE *maps = fopen("/proc/self/maps", "r");
	int memory = open("/proc/self/mem", O_RDONLY), found = 0;
	static char line[512], piece[1 << 16];   /* itself searched, and emptied each time */
	uintptr_t from, to;
	assert_non_null(maps);
	assert_true(memory >= 0);
	while (fgets(line, sizeof line, maps) != NULL) {
		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR, &from, &to) != 2 || strstr(line, " rw") == NULL ||
		    strstr(line, "[stack]") != NULL)
			continue;
		if (to - from > MAPPING_MAX)
			continue;   /* a sanitizer's shadow, terabytes of it */
		for (uintptr_t at = from; at < to; at += sizeof piece / 2) {
			ssize_t got = pread(memory, piece, sizeof piece, (off_t)at);
			for (ssize_t i = 0; i + (ssize_t)len <= got && i < (ssize_t)sizeof piece / 2; i++) {
				size_t same = 0;
				while (same < len && piece[i + (ssize_t)same] == backwards[len - 1 - same])
					same++;
				found += same == len;
			}
			memset(piece, 0, sizeof piece);
		}
	}
	fclose(maps);
	close(memory);
	return found;
}

/* volatile: the optimiser may not unroll it into a constant that stands in memory. */
static void
turn_round(const char *backwards, char *ret)
{
	const volatile char *from = backwards;
	size_t len = strlen(backwards);
	for (size_t i = 0; i < len; i++)
		ret[i] = from[len - 1 - i];
	ret[len] = '\0';
}

static void
nothing_of_keys_and_signatures_stays_in_memory(void **state)
{
	(void)state;
	static const char signature[] = "9f5d40e6ac31b27f8d=erutangis", key[] = "WFrAp3DtYx8Qe2L0:YEKIPA-XBM-X";
	for (size_t with_tls = 0; with_tls <= has_tls; with_tls++)
		for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
			const struct standin *at = with_tls ? &secure : &server;
			struct http *http = fresh(at);
			struct result got = { 0 };
			char url[256], secret_query[64], secret_header[64];
			const char *headers[] = { secret_header, NULL };
			text_format(url, sizeof url, "%s%s", at->url, order);
			turn_round(signature, secret_query);
			turn_round(key, secret_header);
			struct http_request request = { .method = methods[i], .url = url, .query = secret_query,
			                                .headers = headers, .limits = limits };
			assert_int_equal(http_send(http, &request, keep, &got, NULL, NULL), STATUS_OK);
			explicit_bzero(secret_query, sizeof secret_query);
			explicit_bzero(secret_header, sizeof secret_header);
			assert_true(count_in_memory(signature) > 0);      /* the search can find */
			turn(http, &got.calls, 4000);
			assert_int_equal(got.outcome, HTTP_ANSWERED);
			assert_int_equal(count_in_memory(signature), 0);
			assert_int_equal(count_in_memory(key), 0);
			http_free(http);
		}
}

static int
start(void **state)
{
	(void)state;
	unsetenv("https_proxy"), unsetenv("HTTPS_PROXY"), unsetenv("all_proxy"), unsetenv("ALL_PROXY");
	if (mkdtemp(tls_dir) == NULL)
		return -1;
	text_format(ca_file, sizeof ca_file, "%s/cert.pem", tls_dir);
	has_tls = standin_start(&secure, tls_dir);
	return standin_start(&server, NULL) ? 0 : -1;
}

static int
stop(void **state)
{
	char key_file[64];
	(void)state;
	standin_stop(&server);
	if (has_tls)
		standin_stop(&secure);
	text_format(key_file, sizeof key_file, "%s/key.pem", tls_dir);
	unlink(ca_file), unlink(key_file), rmdir(tls_dir);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_trade_is_sent_once_when_its_kept_connection_ends_without_an_answer),
		cmocka_unit_test(a_trade_is_sent_once_when_its_kept_connection_is_reset),
		cmocka_unit_test(the_same_death_makes_libcurl_repeat_what_may_be_repeated),
		cmocka_unit_test(a_trade_on_a_new_connection_that_ends_is_sent_once),
		cmocka_unit_test(a_trade_takes_a_new_connection_when_the_kept_one_was_closed_before),
		cmocka_unit_test(a_trade_uses_the_connection_that_a_small_question_kept_warm),
		cmocka_unit_test(an_answer_that_nobody_asked_for_is_not_taken_for_the_next_ones),
		cmocka_unit_test(the_query_is_the_body_of_post_and_put_and_stands_behind_the_url_of_others),
		cmocka_unit_test(a_post_without_a_query_has_an_empty_body),
		cmocka_unit_test(counts_of_orders_come_from_the_headers),
		cmocka_unit_test(a_trade_that_waits_too_long_for_its_answer_may_have_arrived),
		cmocka_unit_test(a_trade_that_found_no_connection_was_not_sent),
		cmocka_unit_test(a_trade_to_a_stranger_with_a_certificate_of_its_own_was_not_sent),
		cmocka_unit_test(nothing_of_keys_and_signatures_stays_in_memory),
		cmocka_unit_test(what_is_not_written_as_it_must_be_is_refused_without_being_said),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
