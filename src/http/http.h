/* HTTP requests on the house's one loop.  Nothing here blocks: http_send only queues, the network
 * moves in dispatch, and the answer comes back through a callback.
 *
 * https only, with certificates verified; there is no switch for that.  Plain http goes to the
 * loopback alone.  Redirects are an answer like any other and are never followed.
 *
 * libcurl is loaded at the first request and not before, so that a start that needs no network
 * does not pay for it. */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/error.h"
#include "base/wait.h"

struct http;

struct http_config {
	const char *ca_dir;      /* hashed certificates; NULL: /etc/ssl/certs.  Copied. */
	const char *ca_file;     /* trusted as well; NULL or "": none.  Copied. */
	const char *user_agent;  /* NULL: "robson".  Copied. */
};

struct http_limits {
	int connect_ms;          /* name, TCP and TLS together, > 0 */
	int total_ms;            /* all of it, > 0 */
	size_t max_bytes;        /* of the body, > 0 */
};

/* How a request ended.  Only HTTP_ANSWERED has a status and a body. */
enum http_outcome {
	HTTP_ANSWERED,           /* a whole answer, whatever its status */
	HTTP_NO_CONNECTION,      /* name not found, refused, unreachable */
	HTTP_TLS_FAILED,         /* certificate or handshake */
	HTTP_TIMED_OUT,
	HTTP_BROKEN,             /* the connection ended early, or what came is not HTTP */
	HTTP_TOO_LARGE,          /* longer than max_bytes; the rest was not read */
	HTTP_FAILED              /* anything else; message says what */
};

enum {
	HTTP_MAX_ACTIVE = 16,
	HTTP_KEPT_URGENT = 4,    /* of those: never given to what is not urgent */
	/* A connection that was idle for longer is not used for what may not be repeated.  A small GET
	 * to the same host more often than that spares the next order a handshake. */
	HTTP_TRADE_IDLE_S = 60
};

struct http_response {
	enum http_outcome outcome;
	bool not_sent;              /* proven: no byte of the request left this machine */
	int status;                 /* 200, 429, ... */
	const char *body;           /* always ended with a 0 that body_len does not count */
	size_t body_len;
	int used_weight_1m;         /* X-MBX-USED-WEIGHT-1M, -1: not said */
	int order_count_10s, order_count_1d;   /* X-MBX-ORDER-COUNT-10S, -1D; -1: not said */
	int64_t retry_after_s;      /* Retry-After in seconds, -1: not said */
	int64_t date_ms;            /* Date, 0: not said */
	int64_t sent_mono_us;       /* handed to an open connection; 0 if not_sent */
	int64_t received_mono_us;   /* the end of the answer was seen */
	const char *message;        /* what went wrong, for a person; "" if answered */
};

/* Called from http_dispatch, once per request, never from http_send.  What response points to lives
 * until the callback returns.  The callback may start and cancel other requests. */
typedef void (*http_callback)(void *context, const struct http_response *response);

/* Does not touch the network, nor libcurl.  NULL when memory is gone. */
struct http *http_new(const struct http_config *config);
void http_free(struct http *http);            /* pending requests end without their callback */

/* STATUS_OK if a request may go to this URL: https, or http to 127.0.0.0/8, [::1] or localhost; no
 * user name in it.  Needs libcurl no more than http_new does. */
MUST_USE enum status http_check_url(const char *url, struct error *err);

/* True if the URL's host is this machine, written so that no resolver can make it another one. */
bool http_is_loopback(const char *url);

/* Queue a GET.  headers is NULL or an array of "Name: value" lines that ends with NULL; all inputs
 * are copied.  *ret_id (may be NULL) is above zero and names the request for http_cancel.
 * STATUS_CONFIG for a URL that http_check_url refuses, STATUS_BUSY with as many under way as there
 * are places, STATUS_UNAVAILABLE if libcurl is not installed. */
MUST_USE enum status http_get(struct http *http, const char *url, const char *const *headers,
                              const struct http_limits *limits, http_callback callback,
                              void *context, int64_t *ret_id, struct error *err);

/* Queue a request of any method; inputs and errors as with http_get.  Where may_repeat is false, what
 * is sent once stays sent once: libcurl, which repeats a request by itself when a kept-alive connection
 * dies under it, is held from it (sending.c), and the request ends HTTP_BROKEN with not_sent false.
 *   POST, PUT    query goes as an application/x-www-form-urlencoded body
 *   GET, DELETE  query goes behind the "?" of the URL
 * query is percent-encoded by the caller; NULL or "" for none.  It and the headers are cleansed from
 * memory when the request ends, and are in no message.  response.not_sent is exact: false when in
 * doubt.  An answer of 408 is no refusal: servers say it to a connection that they close. */
struct http_request {
	const char *method;                   /* "GET", "POST", "DELETE", "PUT" */
	const char *url;                      /* without a query */
	const char *query;
	const char *const *headers;           /* as with http_get */
	struct http_limits limits;
	bool may_repeat;
	bool is_urgent;                       /* one of the places that are kept for protection and exits */
};
MUST_USE enum status http_send(struct http *http, const struct http_request *request, http_callback callback,
                               void *context, int64_t *ret_id, struct error *err);

/* The callback will not come any more.  An id that has ended is passed over. */
void http_cancel(struct http *http, int64_t id);
size_t http_active(const struct http *http);

/* To be put before a path: "a b" -> "a%20b"; everything but A-Z a-z 0-9 - . _ ~ is encoded.
 * False if it does not fit. */
bool http_encode(const char *raw, char *ret_encoded, size_t size);

void http_prepare(struct http *http, struct wait *wait, int64_t now_mono_us);
void http_dispatch(struct http *http, const struct wait *wait, int64_t now_mono_us);
struct wait_source http_wait_source(struct http *http);

#endif
