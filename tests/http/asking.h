/* Asking over the loop and keeping what comes back, for the tests of the http room. */
#ifndef TESTS_HTTP_ASKING_H
#define TESTS_HTTP_ASKING_H

#include "http/http.h"

struct result {
	int calls;
	enum http_outcome outcome;
	bool not_sent;
	int status, weight, orders_10s, orders_1d;
	int64_t retry_after_s, date_ms, sent_us, received_us;
	size_t len;
	char body[65536];
	char message[256];
};

/* An http_callback; its context is a struct result. */
void keep(void *context, const struct http_response *response);

extern const struct http_limits limits, quick;

/* The loop, until *done or ms have passed; returns the longest time that one dispatch took. */
int64_t turn(struct http *http, const int *done, int64_t ms);

#endif
