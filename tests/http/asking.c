/* See asking.h. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sys/select.h>
#include <time.h>
#include "base/clock.h"
#include "base/text.h"
#include "tests/http/asking.h"

void
keep(void *context, const struct http_response *response)
{
	struct result *result = context;
	result->calls++;
	result->outcome = response->outcome;
	result->not_sent = response->not_sent;
	result->status = response->status;
	result->weight = response->used_weight_1m;
	result->orders_10s = response->order_count_10s;
	result->orders_1d = response->order_count_1d;
	result->retry_after_s = response->retry_after_s;
	result->date_ms = response->date_ms;
	result->sent_us = response->sent_mono_us;
	result->received_us = response->received_mono_us;
	result->len = response->body_len;
	text_copy(result->body, sizeof result->body, response->body);
	text_copy(result->message, sizeof result->message, response->message);
}

const struct http_limits limits = { 2000, 4000, 1 << 20 };
const struct http_limits quick = { 200, 300, 1 << 20 };

int64_t
turn(struct http *http, const int *done, int64_t ms)
{
	int64_t until = clock_mono_us() + ms * 1000, longest = 0;
	while (*done == 0 && clock_mono_us() < until) {
		struct wait wait;
		int64_t now = clock_mono_us();
		wait_init(&wait);
		http_prepare(http, &wait, now);
		wait_until(&wait, until);
		int64_t left = wait.deadline_mono_us - now;
		struct timespec timeout = { 0, 0 };
		if (left > 0)
			timeout = (struct timespec){ left / 1000000, left % 1000000 * 1000 };
		if (pselect(wait.max_fd + 1, &wait.read, &wait.write, &wait.except, &timeout, NULL) < 0)
			assert_int_equal(errno, EINTR);
		int64_t before = clock_mono_us();
		http_dispatch(http, &wait, before);
		int64_t took = clock_mono_us() - before;
		longest = took > longest ? took : longest;
	}
	return longest;
}
