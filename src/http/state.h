/* Inside the http room: one request and the place that it has.  See http.c. */
#ifndef HTTP_STATE_H
#define HTTP_STATE_H

#include "http/curl_api.h"
#include "http/http.h"

struct request {
	int64_t id;                        /* 0: the slot is free */
	CURL *easy;                        /* owned; kept from request to request */
	struct curl_slist *headers;        /* owned, secret */
	char *url;                         /* owned, secret: with the query, where it belongs there */
	char *query;                       /* owned, secret: the body of a POST or PUT */
	size_t query_len, query_read;
	http_callback callback;
	void *context;
	bool is_urgent, may_repeat;
	bool is_query_in_url;
	int sendings;                      /* how often it was about to go out; 2 is one too many */
	bool is_kept_from_repeating;

	char *body;                        /* of the answer; owned */
	size_t body_len, body_capacity, body_max;
	bool is_too_large, is_plain, is_loopback, is_elsewhere;
	bool has_retry_after;
	int used_weight_1m, order_count_10s, order_count_1d;
	int64_t retry_after_s, date_ms;
	int64_t sent_mono_us;
	const struct curl_api *curl;       /* borrowed from http */
	char message[CURL_ERROR_SIZE];
};

struct http {
	struct curl_api curl;
	CURLM *multi;                      /* NULL until the first request */
	char *ca_dir, *ca_file, *user_agent;
	bool has_hashed_dir;
	int64_t last_id;
	size_t active, ordinary;           /* ordinary: those that are not urgent */
	struct request slots[HTTP_MAX_ACTIVE];
};

/* sending.c: copy what is asked into a slot that is empty but for its handle, and tell libcurl.
 * STATUS_BUG for a request that is not written as http.h says, STATUS_NO_MEMORY. */
MUST_USE enum status request_fill(struct http *http, struct request *req,
                                  const struct http_request *wanted, struct error *err);
/* Empty the slot, and leave nothing of what was secret. */
void request_clear(const struct http *http, struct request *req);

/* answer.c: libcurl's callbacks for what comes back, and what it comes to. */
size_t answer_on_body(char *data, size_t size, size_t count, void *context);
size_t answer_on_header(char *data, size_t size, size_t count, void *context);
void answer_begin(struct request *req);       /* nothing was said yet */
enum http_outcome answer_outcome(const struct request *req, CURLcode code);

#endif
