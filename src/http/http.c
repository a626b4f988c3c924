/* HTTP requests over libcurl's multi handle.  See http.h for the promises.
 *
 * A request lives in a slot: free -> under way (http_get) -> ended (the callback, or cancelled) ->
 * free.  The slot is free again before its callback runs, so that a callback can ask anew.  Slots
 * keep their easy handle; connections live in the multi handle and are kept alive.
 *
 * What must hold, and where it is held:
 *   no wait in our thread     names by libcurl's resolver thread; QUICK_EXIT, without which ending
 *                             a request joins that thread and freezes until the name server answers
 *   not_sent is proof         the pre-request callback runs before the first byte is written, on
 *                             new and on kept connections
 *   plain http stays here     url.c by name, and the pre-request callback by the connected address
 *   no second sending         GETs may be repeated by libcurl when a kept connection dies.  What
 *                             must not be repeated (an order) will be a body that is read once
 *                             through a callback that aborts on a second read */
#include <arpa/inet.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/text.h"
#include "http/curl_api.h"
#include "http/http.h"

enum { POLL_WITHOUT_FD_US = 100 * 1000, FIRST_BODY = 4096 };

struct request {
	int64_t id;                        /* 0: the slot is free */
	CURL *easy;                        /* owned; kept from request to request */
	struct curl_slist *headers;        /* owned */
	http_callback callback;
	void *context;
	char *body;                        /* owned */
	size_t body_len, body_capacity, body_max;
	bool is_too_large, is_plain, is_elsewhere;
	bool has_retry_after;
	int used_weight_1m;
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
	size_t active;
	struct request slots[HTTP_MAX_ACTIVE];
};

struct http *
http_new(const struct http_config *config)
{
	struct http *http = calloc(1, sizeof *http);
	if (http == NULL)
		return NULL;
	http->ca_dir = strdup(config && config->ca_dir ? config->ca_dir : "/etc/ssl/certs");
	http->ca_file = strdup(config && config->ca_file ? config->ca_file : "");
	http->user_agent = strdup(config && config->user_agent ? config->user_agent : "robson");
	if (http->ca_dir == NULL || http->ca_file == NULL || http->user_agent == NULL) {
		http_free(http);
		return NULL;
	}
	return http;
}

/* Give the slot back; the easy handle stays in it. */
static void
slot_release(struct http *http, struct request *req)
{
	http->curl.multi_remove_handle(http->multi, req->easy);
	http->curl.easy_reset(req->easy);
	http->curl.slist_free_all(req->headers);
	free(req->body);
	*req = (struct request){ .easy = req->easy };
	http->active--;
}

void
http_free(struct http *http)
{
	if (http == NULL)
		return;
	for (size_t i = 0; i < HTTP_MAX_ACTIVE; i++) {
		struct request *req = &http->slots[i];
		if (req->id != 0)
			slot_release(http, req);
		if (req->easy != NULL)
			http->curl.easy_cleanup(req->easy);
	}
	if (http->multi != NULL)
		http->curl.multi_cleanup(http->multi);
	free(http->ca_dir);
	free(http->ca_file);
	free(http->user_agent);
	free(http);
}

/* OpenSSL finds certificates in a directory by the hash of their subject: "0a1b2c3d.0". */
static bool
dir_has_hashes(const char *path)
{
	DIR *dir = opendir(path);
	bool found = false;
	if (dir == NULL)
		return false;
	for (struct dirent *entry; !found && (entry = readdir(dir)) != NULL;)
		found = strspn(entry->d_name, "0123456789abcdef") == 8 && entry->d_name[8] == '.';
	closedir(dir);
	return found;
}

static enum status
open_multi(struct http *http, struct error *err)
{
	if (http->multi != NULL)
		return STATUS_OK;
	if (http->curl.library == NULL) {
		enum status status = curl_api_load(&http->curl, err);
		if (status != STATUS_OK)
			return status;
	}
	http->has_hashed_dir = dir_has_hashes(http->ca_dir);
	http->multi = http->curl.multi_init();
	if (http->multi == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory for the network");
	http->curl.multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, 8L);
	return STATUS_OK;
}

static size_t
on_body(char *data, size_t size, size_t count, void *context)
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

static size_t
on_header(char *data, size_t size, size_t count, void *context)
{
	struct request *req = context;
	size_t len = size * count;
	char value[64];
	if (len > 5 && memcmp(data, "HTTP/", 5) == 0) {   /* a new answer: an interim one is void */
		req->used_weight_1m = -1;
		req->retry_after_s = -1;
		req->has_retry_after = false;
		req->date_ms = 0;
	} else if (header_is(data, len, "X-MBX-USED-WEIGHT-1M", value, sizeof value)) {
		req->used_weight_1m = (int)read_count(value, 1000 * 1000 * 1000);
	} else if (header_is(data, len, "Retry-After", value, sizeof value)) {
		req->has_retry_after = true;
		req->retry_after_s = read_count(value, INT64_C(7) * 86400);
	} else if (header_is(data, len, "Date", value, sizeof value)) {
		time_t when = req->curl->getdate(value, NULL);
		req->date_ms = when > 0 ? (int64_t)when * 1000 : 0;
	}
	return len;
}

static bool
is_loopback_address(const char *ip)
{
	struct in_addr v4;
	if (inet_pton(AF_INET, ip, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == 127;
	return strcmp(ip, "::1") == 0;
}

static int
before_request(void *context, char *remote_ip, char *local_ip, int remote_port, int local_port)
{
	struct request *req = context;
	(void)local_ip, (void)remote_port, (void)local_port;
	if (req->is_plain && !is_loopback_address(remote_ip)) {
		req->is_elsewhere = true;
		return CURL_PREREQFUNC_ABORT;
	}
	req->sent_mono_us = clock_mono_us();
	return CURL_PREREQFUNC_OK;
}

/* Not inherited by programs that Robson starts, and never one that select can't hold. */
static curl_socket_t
open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	(void)context, (void)purpose;
	int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
	if (fd >= FD_SETSIZE) {
		close(fd);
		return CURL_SOCKET_BAD;
	}
	return fd < 0 ? CURL_SOCKET_BAD : fd;
}

static void
set_options(struct http *http, struct request *req, const char *url,
            const struct http_limits *limits)
{
	const struct curl_api *curl = &http->curl;
	CURL *easy = req->easy;
	/* Options that this libcurl doesn't know (7.85, 7.87) fail without harm to the others. */
	curl->easy_setopt(easy, CURLOPT_URL, url);
	curl->easy_setopt(easy, CURLOPT_PRIVATE, (void *)req);
	curl->easy_setopt(easy, CURLOPT_ERRORBUFFER, req->message);
	curl->easy_setopt(easy, CURLOPT_USERAGENT, http->user_agent);
	curl->easy_setopt(easy, CURLOPT_HTTPHEADER, req->headers);
	curl->easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl->easy_setopt(easy, CURLOPT_PROTOCOLS_STR, req->is_plain ? "http" : "https");
	curl->easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl->easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl->easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	if (http_is_loopback(url))   /* whatever proxy the environment names */
		curl->easy_setopt(easy, CURLOPT_NOPROXY, "*");

	curl->easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl->easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	curl->easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)limits->connect_ms);
	curl->easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)limits->total_ms);
	curl->easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)limits->max_bytes);
	curl->easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);

	curl->easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl->easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl->easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	/* With the bundle libcurl parses every root at each new connection: 20 ms of frozen loop.
	 * From the hashed directory it takes the one that it needs. */
	if (http->has_hashed_dir) {
		curl->easy_setopt(easy, CURLOPT_CAPATH, http->ca_dir);
		curl->easy_setopt(easy, CURLOPT_CAINFO, NULL);
	}
	if (http->ca_file[0] != '\0')
		curl->easy_setopt(easy, CURLOPT_CAINFO, http->ca_file);

	curl->easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl->easy_setopt(easy, CURLOPT_WRITEDATA, (void *)req);
	curl->easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl->easy_setopt(easy, CURLOPT_HEADERDATA, (void *)req);
	curl->easy_setopt(easy, CURLOPT_PREREQFUNCTION, before_request);
	curl->easy_setopt(easy, CURLOPT_PREREQDATA, (void *)req);
	curl->easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
}

static enum status
add_headers(struct http *http, struct request *req, const char *const *headers)
{
	for (size_t i = 0; headers != NULL && headers[i] != NULL; i++) {
		struct curl_slist *longer = http->curl.slist_append(req->headers, headers[i]);
		if (longer == NULL)
			return STATUS_NO_MEMORY;
		req->headers = longer;
	}
	return STATUS_OK;
}

enum status
http_get(struct http *http, const char *url, const char *const *headers,
         const struct http_limits *limits, http_callback callback, void *context,
         int64_t *ret_id, struct error *err)
{
	enum status status = http_check_url(url, err);
	if (status == STATUS_OK)
		status = open_multi(http, err);
	if (status != STATUS_OK)
		return status;

	struct request *req = NULL;
	for (size_t i = 0; req == NULL && i < HTTP_MAX_ACTIVE; i++)
		if (http->slots[i].id == 0)
			req = &http->slots[i];
	if (req == NULL)
		return error_set(err, STATUS_BUSY, "%d requests are under way", (int)HTTP_MAX_ACTIVE);
	if (req->easy == NULL && (req->easy = http->curl.easy_init()) == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory for a request");

	*req = (struct request){
		.id = ++http->last_id, .easy = req->easy, .curl = &http->curl,
		.callback = callback, .context = context, .body_max = limits->max_bytes,
		.used_weight_1m = -1, .retry_after_s = -1,
		.is_plain = text_has_prefix(url, "http://"),
	};
	http->active++;
	status = add_headers(http, req, headers);
	if (status == STATUS_OK) {
		set_options(http, req, url, limits);
		if (http->curl.multi_add_handle(http->multi, req->easy) != CURLM_OK)
			status = STATUS_NO_MEMORY;
	}
	if (status != STATUS_OK) {
		slot_release(http, req);
		return error_set(err, status, "no memory for a request");
	}
	if (ret_id != NULL)
		*ret_id = req->id;
	return STATUS_OK;
}

void
http_cancel(struct http *http, int64_t id)
{
	for (size_t i = 0; id > 0 && i < HTTP_MAX_ACTIVE; i++)
		if (http->slots[i].id == id)
			slot_release(http, &http->slots[i]);
}

size_t
http_active(const struct http *http)
{
	return http->active;
}

static enum http_outcome
outcome_of(const struct request *req, CURLcode code)
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
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_BAD_CONTENT_ENCODING:
	case CURLE_UNSUPPORTED_PROTOCOL:   /* an answer of HTTP/0.9, that is: without a header */
		return HTTP_BROKEN;
	default:
		return HTTP_FAILED;
	}
}

/* Free the slot first, then tell: the callback may want it. */
static void
finish(struct http *http, struct request *req, CURLcode code)
{
	struct request ended = *req;
	long status = 0;
	curl_off_t retry_after = 0;
	http->curl.easy_getinfo(req->easy, CURLINFO_RESPONSE_CODE, &status);
	http->curl.easy_getinfo(req->easy, CURLINFO_RETRY_AFTER, &retry_after);
	req->body = NULL;
	slot_release(http, req);

	if (ended.has_retry_after && ended.retry_after_s < 0 && retry_after > 0)   /* it was a date */
		ended.retry_after_s = retry_after;
	if (ended.is_elsewhere)
		text_copy(ended.message, sizeof ended.message, "plain http, and not to this machine");
	else if (code != CURLE_OK && ended.message[0] == '\0')
		text_copy(ended.message, sizeof ended.message, http->curl.easy_strerror(code));
	text_make_harmless(ended.message);

	struct http_response response = {
		.outcome = outcome_of(&ended, code),
		.not_sent = ended.sent_mono_us == 0,
		.body = "",
		.used_weight_1m = ended.used_weight_1m,
		.retry_after_s = ended.retry_after_s,
		.date_ms = ended.date_ms,
		.sent_mono_us = ended.sent_mono_us,
		.received_mono_us = clock_mono_us(),
		.message = code == CURLE_OK ? "" : ended.message,
	};
	if (response.outcome == HTTP_ANSWERED) {
		response.status = (int)status;
		response.body = ended.body ? ended.body : "";
		response.body_len = ended.body_len;
	}
	ended.callback(ended.context, &response);
	free(ended.body);
}

void
http_prepare(struct http *http, struct wait *wait, int64_t now_mono_us)
{
	if (http->active == 0)
		return;
	int max_fd = -1;
	long timeout_ms = -1;
	http->curl.multi_fdset(http->multi, &wait->read, &wait->write, &wait->except, &max_fd);
	http->curl.multi_timeout(http->multi, &timeout_ms);
	if (max_fd > wait->max_fd)
		wait->max_fd = max_fd;
	if (timeout_ms >= 0)
		wait_until(wait, now_mono_us + (int64_t)timeout_ms * 1000);
	/* libcurl waits for something that it can't show us (a resolver thread): look again soon. */
	if (max_fd < 0)
		wait_until(wait, now_mono_us + POLL_WITHOUT_FD_US);
}

void
http_dispatch(struct http *http, const struct wait *wait, int64_t now_mono_us)
{
	(void)wait, (void)now_mono_us;   /* libcurl looks at its sockets itself, without waiting */
	int running = 0, queued = 0;
	if (http->active == 0)
		return;
	http->curl.multi_perform(http->multi, &running);
	for (CURLMsg *msg; (msg = http->curl.multi_info_read(http->multi, &queued)) != NULL;) {
		struct request *req = NULL;
		CURLcode code = msg->data.result;
		if (msg->msg != CURLMSG_DONE)
			continue;
		http->curl.easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, (void *)&req);
		finish(http, req, code);
	}
}

static void
source_prepare(void *self, struct wait *wait, int64_t now_mono_us)
{
	http_prepare(self, wait, now_mono_us);
}

static void
source_dispatch(void *self, const struct wait *wait, int64_t now_mono_us)
{
	http_dispatch(self, wait, now_mono_us);
}

struct wait_source
http_wait_source(struct http *http)
{
	return (struct wait_source){ source_prepare, source_dispatch, http };
}
