/* HTTP against the stand-in over real sockets: what a good server does, and what a bad one does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/text.h"
#include "http/http.h"
#include "tests/http/asking.h"
#include "standin/standin.h"

static struct standin server;

static struct result
get(struct http *http, const char *path, const struct http_limits *with)
{
	struct result result = { 0 };
	char url[512];
	struct error err = { 0 };
	text_format(url, sizeof url, "%s%s", server.url, path);
	assert_int_equal(http_get(http, url, NULL, with, keep, &result, NULL, &err), STATUS_OK);
	turn(http, &result.calls, 8000);
	assert_int_equal(result.calls, 1);
	return result;
}

static struct http *
fresh(void)
{
	struct http *http = http_new(NULL);
	assert_non_null(http);
	standin_order(&server, "{\"reset\": true}");
	return http;
}

static void
behave(const char *what)
{
	standin_order(&server, "{\"behave\": [{\"path\": \"/\", %s}]}", what);
}

static void
an_answer_comes_back_whole_with_its_headers(void **state)
{
	(void)state;
	struct http *http = fresh();
	standin_order(&server, "{\"weight\": 1234}");
	int64_t before = clock_mono_us();
	struct result got = get(http, "/api/v3/time", &limits);
	assert_int_equal(got.outcome, HTTP_ANSWERED);
	assert_int_equal(got.status, 200);
	assert_int_equal(got.weight, 1234);
	assert_int_equal(got.retry_after_s, -1);
	assert_int_equal(got.len, strlen(got.body));
	assert_non_null(strstr(got.body, "serverTime"));
	assert_true(llabs((long long)(got.date_ms - clock_wall_ms())) < 5000);
	assert_true(before <= got.sent_us && got.sent_us <= got.received_us);
	assert_false(got.not_sent);
	assert_string_equal(got.message, "");
	http_free(http);
}

static void
the_connection_is_kept_alive(void **state)
{
	(void)state;
	struct http *http = fresh();
	for (int i = 0; i < 5; i++)
		assert_int_equal(get(http, "/api/v3/ping", &limits).status, 200);
	assert_int_equal(standin_count(&server, "/api/v3/ping", ""), 5);
	assert_int_equal(standin_connections(&server, "/api/v3/ping"), 1);
	http_free(http);
}

static void
a_kept_connection_that_died_meanwhile_is_replaced(void **state)
{
	(void)state;
	struct http *http = fresh();
	behave("\"do\": \"idle_close\"");
	assert_int_equal(get(http, "/api/v3/ping", &limits).status, 200);
	assert_int_equal(get(http, "/api/v3/ping", &limits).status, 200);
	assert_int_equal(standin_connections(&server, "/api/v3/ping"), 2);
	http_free(http);
}

static void
refusals_are_answers_with_their_retry_after(void **state)
{
	(void)state;
	struct http *http = fresh();
	behave("\"do\": \"status\", \"status\": 429, \"headers\": {\"Retry-After\": \"17\"}, \"body\": \"x\"");
	struct result got = get(http, "/api/v3/ping", &limits);
	assert_int_equal(got.outcome, HTTP_ANSWERED);
	assert_int_equal(got.status, 429);
	assert_int_equal(got.retry_after_s, 17);
	assert_string_equal(got.body, "x");
	behave("\"do\": \"status\", \"status\": 503, \"body\": \"\"");
	got = get(http, "/api/v3/ping", &limits);
	assert_int_equal(got.status, 503);
	assert_int_equal(got.retry_after_s, -1);
	assert_string_equal(got.body, "");
	http_free(http);
}

static void
a_redirect_is_not_followed(void **state)
{
	(void)state;
	struct http *http = fresh();
	behave("\"do\": \"status\", \"status\": 302, \"headers\": {\"Location\": \"/api/v3/time\"}");
	struct result got = get(http, "/api/v3/ping", &limits);
	assert_int_equal(got.status, 302);
	assert_int_equal(standin_count(&server, "/api/v3/time", ""), 0);
	http_free(http);
}

static void
a_broken_server_is_told_from_an_answer(void **state)
{
	static const struct { const char *how; enum http_outcome outcome; } cases[] = {
		{ "\"do\": \"garbage\"", HTTP_BROKEN },
		{ "\"do\": \"truncate\"", HTTP_BROKEN },
		{ "\"do\": \"chunked_cut\"", HTTP_BROKEN },
		{ "\"do\": \"drop\"", HTTP_BROKEN },
		{ "\"do\": \"stall_before\", \"seconds\": 1", HTTP_TIMED_OUT },
		{ "\"do\": \"stall_after\", \"seconds\": 1", HTTP_TIMED_OUT },
		{ "\"do\": \"drip\", \"seconds\": 0.05", HTTP_TIMED_OUT },
	};
	(void)state;
	struct http *http = fresh();
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		behave(cases[i].how);
		struct result got = get(http, "/api/v3/time", &quick);
		if (got.outcome != cases[i].outcome)
			fail_msg("%s: outcome %d, %s", cases[i].how, (int)got.outcome, got.message);
		assert_false(got.not_sent);
		assert_int_equal(got.len, 0);
		assert_string_not_equal(got.message, "");
	}
	assert_int_equal(get(http, "/api/v3/ping", &limits).status, 200);
	http_free(http);
}

static void
a_body_beyond_the_limit_is_not_read(void **state)
{
	(void)state;
	struct http *http = fresh();
	behave("\"do\": \"huge\"");
	assert_int_equal(get(http, "/api/v3/ping", &limits).outcome, HTTP_TOO_LARGE);
	behave("\"do\": \"huge\", \"unsaid\": true");
	assert_int_equal(get(http, "/api/v3/ping", &limits).outcome, HTTP_TOO_LARGE);
	http_free(http);
}

static void
a_body_of_exactly_the_limit_passes(void **state)
{
	(void)state;
	struct http *http = fresh();
	struct http_limits tight = { 2000, 4000, 2 };
	assert_int_equal(get(http, "/api/v3/ping", &tight).outcome, HTTP_ANSWERED);
	tight.max_bytes = 1;
	assert_int_equal(get(http, "/api/v3/ping", &tight).outcome, HTTP_TOO_LARGE);
	http_free(http);
}

static void
no_connection_is_proof_that_nothing_was_sent(void **state)
{
	(void)state;
	struct http *http = http_new(NULL);
	struct result got = { 0 };
	/* Port 1 of the loopback: nobody listens there. */
	assert_int_equal(http_get(http, "http://127.0.0.1:1/", NULL, &limits, keep, &got, NULL, NULL),
	                 STATUS_OK);
	turn(http, &got.calls, 4000);
	assert_int_equal(got.outcome, HTTP_NO_CONNECTION);
	assert_true(got.not_sent);
	assert_int_equal(got.sent_us, 0);
	http_free(http);
}

static void
only_safe_addresses_are_accepted(void **state)
{
	static const char *const good[] = {
		"https://api.binance.com", "https://api.binance.com:443/api?x=%20", "http://127.0.0.1/",
		"http://127.9.8.7:8080", "http://localhost:1/x", "http://[::1]:99/", "https://[2001:db8::1]/",
	};
	static const char *const bad[] = {
		"", "api.binance.com", "ftp://api.binance.com", "file:///etc/passwd", "HTTP://127.0.0.1",
		"http://api.binance.com", "http://127.0.0.1.evil.com/", "http://localhost.evil.com",
		"http://127.0.0.1@evil.com/", "http://evil.com#127.0.0.1", "http://evil.com\\@127.0.0.1/",
		"http://[::2]/", "http://[::1", "http://0.0.0.0/", "http://0x7f000001/", "http://128.0.0.1",
		"https://user:pass@api.binance.com/", "https://", "https://:443/", "https://a b/",
		"https://a/\r\nX: y", "https://a:0/", "https://a:65536/", "https://a:/", "https://a:1x/",
		"https://b\303\274cher.example/", "http://2130706433/", "https://[::1]:99999/",
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		if (http_check_url(good[i], NULL) != STATUS_OK)
			fail_msg("refused: %s", good[i]);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct error err = { 0 };
		if (http_check_url(bad[i], &err) != STATUS_CONFIG)
			fail_msg("accepted: %s", bad[i]);
		assert_string_equal(err.field, "url");
	}
}

static void
the_loopback_is_known_by_name_and_number(void **state)
{
	(void)state;
	assert_true(http_is_loopback("http://127.0.0.1:80/x"));
	assert_true(http_is_loopback("https://localhost"));
	assert_true(http_is_loopback("https://[::1]:8443/"));
	assert_false(http_is_loopback("https://127.0.0.1.example"));
	assert_false(http_is_loopback("https://api.binance.com"));
	assert_false(http_is_loopback("localhost"));
}

static void
a_cancelled_request_calls_nobody(void **state)
{
	(void)state;
	struct http *http = fresh();
	struct result cancelled = { 0 }, other = { 0 };
	char url[512];
	int64_t id = 0;
	behave("\"do\": \"stall_before\", \"seconds\": 0.3");
	text_format(url, sizeof url, "%s/api/v3/ping", server.url);
	assert_int_equal(http_get(http, url, NULL, &limits, keep, &cancelled, &id, NULL), STATUS_OK);
	assert_true(id > 0);
	turn(http, &cancelled.calls, 50);
	http_cancel(http, id);
	http_cancel(http, id);
	assert_int_equal(http_active(http), 0);
	assert_int_equal(http_get(http, url, NULL, &limits, keep, &other, NULL, NULL), STATUS_OK);
	turn(http, &other.calls, 4000);
	assert_int_equal(other.status, 200);
	assert_int_equal(cancelled.calls, 0);
	http_free(http);
}

static void
what_is_urgent_finds_a_place_when_all_others_are_taken(void **state)
{
	(void)state;
	struct http *http = fresh();
	struct result got = { 0 };
	char url[512];
	text_format(url, sizeof url, "%s/api/v3/ping", server.url);
	struct http_request urgent = {
		.method = "GET", .url = url, .limits = limits, .may_repeat = true, .is_urgent = true,
	};
	for (int i = 0; i < HTTP_MAX_ACTIVE - HTTP_KEPT_URGENT; i++)
		assert_int_equal(http_get(http, url, NULL, &limits, keep, &got, NULL, NULL), STATUS_OK);
	assert_int_equal(http_get(http, url, NULL, &limits, keep, &got, NULL, NULL), STATUS_BUSY);
	for (int i = 0; i < HTTP_KEPT_URGENT; i++)
		assert_int_equal(http_send(http, &urgent, keep, &got, NULL, NULL), STATUS_OK);
	assert_int_equal(http_send(http, &urgent, keep, &got, NULL, NULL), STATUS_BUSY);
	for (int i = 0; i < 200 && got.calls < HTTP_MAX_ACTIVE; i++)
		turn(http, &(int){ 0 }, 20);
	assert_int_equal(got.calls, HTTP_MAX_ACTIVE);
	assert_int_equal(http_active(http), 0);
	assert_int_equal(http_get(http, url, NULL, &limits, keep, &got, NULL, NULL), STATUS_OK);
	http_free(http);
}

struct chain { struct http *http; const char *url; int calls; };

static void
ask_again(void *context, const struct http_response *response)
{
	struct chain *chain = context;
	assert_int_equal(response->status, 200);
	if (++chain->calls < 3)
		assert_int_equal(http_get(chain->http, chain->url, NULL, &limits, ask_again, chain, NULL,
		                          NULL), STATUS_OK);
}

static void
a_callback_may_ask_anew(void **state)
{
	(void)state;
	char url[512];
	struct chain chain = { fresh(), url, 0 };
	text_format(url, sizeof url, "%s/api/v3/ping", server.url);
	assert_int_equal(http_get(chain.http, url, NULL, &limits, ask_again, &chain, NULL, NULL),
	                 STATUS_OK);
	for (int i = 0; i < 200 && chain.calls < 3; i++)
		turn(chain.http, &(int){ 0 }, 20);
	assert_int_equal(chain.calls, 3);
	http_free(chain.http);
}

/* Stands before the C library's: libcurl's resolver thread comes here.  A name server that does
 * not answer. */
int
getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
            struct addrinfo **ret)
{
	(void)service, (void)hints, (void)ret;
	if (node != NULL && strcmp(node, "slow.example") == 0)
		nanosleep(&(struct timespec){ 1, 500 * 1000 * 1000 }, NULL);
	return EAI_AGAIN;
}

static void
a_silent_name_server_never_stops_the_loop(void **state)
{
	(void)state;
	struct http *http = http_new(NULL);
	struct result got = { 0 };
	int64_t longest, before = clock_mono_us();
	assert_int_equal(http_get(http, "https://slow.example/", NULL, &quick, keep, &got, NULL, NULL),
	                 STATUS_OK);
	longest = turn(http, &got.calls, 4000);
	assert_int_equal(got.outcome, HTTP_TIMED_OUT);
	assert_true(got.not_sent);
	assert_true(clock_mono_us() - before < 1000 * 1000);
	assert_true(longest < 200 * 1000);

	got = (struct result){ 0 };
	int64_t id = 0;
	before = clock_mono_us();
	assert_int_equal(http_get(http, "https://slow.example/", NULL, &limits, keep, &got, &id, NULL),
	                 STATUS_OK);
	turn(http, &got.calls, 50);
	http_cancel(http, id);
	http_free(http);
	assert_true(clock_mono_us() - before < 1000 * 1000);
	/* The thread that still waits owns what it uses; let it end before the program does. */
	nanosleep(&(struct timespec){ 1, 700 * 1000 * 1000 }, NULL);
}

static void
a_certificate_is_trusted_only_when_it_is_named(void **state)
{
	(void)state;
	char dir[] = "/tmp/robson-http-XXXXXX", file[64], key[64], url[128];
	struct standin tls;
	struct result got = { 0 };
	assert_non_null(mkdtemp(dir));
	text_format(file, sizeof file, "%s/cert.pem", dir);
	text_format(key, sizeof key, "%s/key.pem", dir);
	if (!standin_start(&tls, dir)) {
		rmdir(dir);
		skip();
	}
	text_format(url, sizeof url, "%s/api/v3/ping", tls.url);
	struct http *stranger = http_new(NULL);
	struct http *friend = http_new(&(struct http_config){ .ca_file = file });
	assert_int_equal(http_get(stranger, url, NULL, &limits, keep, &got, NULL, NULL), STATUS_OK);
	turn(stranger, &got.calls, 4000);
	assert_int_equal(got.outcome, HTTP_TLS_FAILED);
	assert_true(got.not_sent);

	got = (struct result){ 0 };
	assert_int_equal(http_get(friend, url, NULL, &limits, keep, &got, NULL, NULL), STATUS_OK);
	turn(friend, &got.calls, 4000);
	assert_int_equal(got.outcome, HTTP_ANSWERED);
	assert_int_equal(got.status, 200);
	http_free(stranger);
	http_free(friend);
	standin_stop(&tls);
	unlink(file);
	unlink(key);
	rmdir(dir);
}

static void
a_query_is_percent_encoded(void **state)
{
	(void)state;
	char text[32];
	assert_true(http_encode("[\"BTC\",\"\xc3\xa9\"]", text, sizeof text));
	assert_string_equal(text, "%5B%22BTC%22%2C%22%C3%A9%22%5D");
	assert_true(http_encode("a-b_c.d~9", text, 10));
	assert_string_equal(text, "a-b_c.d~9");
	assert_false(http_encode("a-b_c.d~9", text, 9));
	assert_false(http_encode(" ", text, 3));
	assert_true(http_encode(" ", text, 4));
}

static int
start(void **state)
{
	(void)state;
	unsetenv("https_proxy"), unsetenv("HTTPS_PROXY"), unsetenv("all_proxy"), unsetenv("ALL_PROXY");
	return standin_start(&server, NULL) ? 0 : -1;
}

static int
stop(void **state)
{
	(void)state;
	standin_stop(&server);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_comes_back_whole_with_its_headers),
		cmocka_unit_test(the_connection_is_kept_alive),
		cmocka_unit_test(a_kept_connection_that_died_meanwhile_is_replaced),
		cmocka_unit_test(refusals_are_answers_with_their_retry_after),
		cmocka_unit_test(a_redirect_is_not_followed),
		cmocka_unit_test(a_broken_server_is_told_from_an_answer),
		cmocka_unit_test(a_body_beyond_the_limit_is_not_read),
		cmocka_unit_test(a_body_of_exactly_the_limit_passes),
		cmocka_unit_test(no_connection_is_proof_that_nothing_was_sent),
		cmocka_unit_test(only_safe_addresses_are_accepted),
		cmocka_unit_test(the_loopback_is_known_by_name_and_number),
		cmocka_unit_test(a_cancelled_request_calls_nobody),
		cmocka_unit_test(what_is_urgent_finds_a_place_when_all_others_are_taken),
		cmocka_unit_test(a_callback_may_ask_anew),
		cmocka_unit_test(a_silent_name_server_never_stops_the_loop),
		cmocka_unit_test(a_certificate_is_trusted_only_when_it_is_named),
		cmocka_unit_test(a_query_is_percent_encoded),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
