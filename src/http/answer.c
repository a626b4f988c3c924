/* What a server says, taken down: the body up to its limit, the headers that Robson knows, and how
 * the request ended.  Everything here comes from a stranger. */
#include <stdlib.h>
#include <string.h>
#include "http/state.h"

enum { FIRST_BODY = 4096, COUNT_MAX = 1000 * 1000 * 1000 };

size_t
answer_on_body(char *data, size_t size, size_t count, void *context)
{
	struct request *req = context;
	size_t len = size * count;
	if (len > req->body_max - req->body_len) {
		req->is_too_large = true;
		return 0;
	}
	if (req->body_len + len >= req->body_capacity) {
		size_t capacity = req->body_capacity == 0 ? FIRST_BODY : req->body_capacity;
		while (req->body_len + len >= capacity)
			capacity *= 2;
		char *body = realloc(req->body, capacity);
		if (body == NULL)
			return 0;
		req->body = body;
		req->body_capacity = capacity;
	}
	memcpy(req->body + req->body_len, data, len);
	req->body_len += len;
	req->body[req->body_len] = '\0';
	return len;
}

/* True if line is the named header; *ret_value holds its value, cut to size. */
static bool
header_is(const char *line, size_t len, const char *name, char *ret_value, size_t size)
{
	size_t name_len = strlen(name);
	if (len <= name_len || line[name_len] != ':' || strncasecmp(line, name, name_len) != 0)
		return false;
	line += name_len + 1;
	len -= name_len + 1;
	while (len > 0 && (*line == ' ' || *line == '\t'))
		line++, len--;
	while (len > 0 && (line[len - 1] == '\r' || line[len - 1] == '\n' || line[len - 1] == ' '))
		len--;
	if (len >= size)
		len = size - 1;
	memcpy(ret_value, line, len);
	ret_value[len] = '\0';
	return true;
}

/* A whole number that is not negative; what is larger than most is most.  -1: not a number. */
static int64_t
read_count(const char *text, int64_t most)
{
	int64_t count = 0;
	if (*text == '\0')
		return -1;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		count = count * 10 + (*text - '0');
		if (count > most)
			return most;
	}
	return count;
}

void
answer_begin(struct request *req)
{
	req->used_weight_1m = -1;
	req->order_count_10s = -1;
	req->order_count_1d = -1;
	req->retry_after_s = -1;
	req->has_retry_after = false;
	req->date_ms = 0;
}

size_t
answer_on_header(char *data, size_t size, size_t count, void *context)
{
	struct request *req = context;
	size_t len = size * count;
	char value[64];
	if (len > 5 && memcmp(data, "HTTP/", 5) == 0) {   /* a new answer: an interim one is void */
		answer_begin(req);
	} else if (header_is(data, len, "X-MBX-USED-WEIGHT-1M", value, sizeof value)) {
		req->used_weight_1m = (int)read_count(value, COUNT_MAX);
	} else if (header_is(data, len, "X-MBX-ORDER-COUNT-10S", value, sizeof value)) {
		req->order_count_10s = (int)read_count(value, COUNT_MAX);
	} else if (header_is(data, len, "X-MBX-ORDER-COUNT-1D", value, sizeof value)) {
		req->order_count_1d = (int)read_count(value, COUNT_MAX);
	} else if (header_is(data, len, "Retry-After", value, sizeof value)) {
		req->has_retry_after = true;
		req->retry_after_s = read_count(value, INT64_C(7) * 86400);
	} else if (header_is(data, len, "Date", value, sizeof value)) {
		time_t when = req->curl->getdate(value, NULL);
		req->date_ms = when > 0 ? (int64_t)when * 1000 : 0;
	}
	return len;
}

static enum http_outcome
outcome_of_code(const struct request *req, CURLcode code)
{
	switch (code) {
	case CURLE_OK:
		return HTTP_ANSWERED;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_CONNECT:
		return HTTP_NO_CONNECTION;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
		return HTTP_TLS_FAILED;
	case CURLE_OPERATION_TIMEDOUT:
		return HTTP_TIMED_OUT;
	case CURLE_FILESIZE_EXCEEDED:
		return HTTP_TOO_LARGE;
	case CURLE_WRITE_ERROR:
		return req->is_too_large ? HTTP_TOO_LARGE : HTTP_FAILED;
	case CURLE_GOT_NOTHING:
	case CURLE_PARTIAL_FILE:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_SEND_FAIL_REWIND:       /* it was read once, and is not read again */
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_BAD_CONTENT_ENCODING:
	case CURLE_UNSUPPORTED_PROTOCOL:   /* an answer of HTTP/0.9, that is: without a header */
		return HTTP_BROKEN;
	default:
		return HTTP_FAILED;
	}
}

enum http_outcome
answer_outcome(const struct request *req, CURLcode code)
{
	enum http_outcome outcome = outcome_of_code(req, code);
	/* It was about to go out again, and perhaps no connection was to be had for that: what counts
	 * is that the first one broke. */
	if (req->is_kept_from_repeating ||
	    (req->sendings > 0 && (outcome == HTTP_NO_CONNECTION || outcome == HTTP_TLS_FAILED)))
		return HTTP_BROKEN;
	return outcome;
}
