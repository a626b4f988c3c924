/* A request as it goes out.
 *
 * Sent once.  When a kept-alive connection dies before the first byte of an answer, libcurl connects
 * anew and sends the same again (transfer.c, Curl_retry_request): a GET asks twice, an order buys
 * twice.  There is no option against it.  Three things are held against it here, each of which would
 * do, for a request that must not be repeated:
 *   - the pre-request callback runs before the first byte of each sending, also of one that libcurl
 *     starts by itself, and refuses the second; this holds for DELETE as well, which has no body
 *   - no socket is opened for a second sending, so that the failure is told at once
 *   - the body is read through a callback that can't be rewound
 *
 * Kept secret.  Queries carry signatures, headers carry keys: our copies are wiped here, and those
 * of libcurl by its allocator (curl_api.c). */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/text.h"
#include "http/state.h"

static bool
is_loopback_address(const char *ip)
{
	struct in_addr v4;
	if (inet_pton(AF_INET, ip, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == 127;
	return strcmp(ip, "::1") == 0;
}

static bool
is_repeated(struct request *req)
{
	if (req->sendings > 0 && !req->may_repeat)
		req->is_kept_from_repeating = true;
	return req->is_kept_from_repeating;
}

static int
before_request(void *context, char *remote_ip, char *local_ip, int remote_port, int local_port)
{
	struct request *req = context;
	(void)local_ip, (void)remote_port, (void)local_port;
	if (is_repeated(req))
		return CURL_PREREQFUNC_ABORT;
	if (req->is_plain && !is_loopback_address(remote_ip)) {
		req->is_elsewhere = true;
		return CURL_PREREQFUNC_ABORT;
	}
	req->sendings++;
	req->query_read = 0;
	req->sent_mono_us = clock_mono_us();
	return CURL_PREREQFUNC_OK;
}

/* Not inherited by programs that Robson starts, and never one that select can't hold. */
static curl_socket_t
open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	(void)purpose;
	if (is_repeated(context))
		return CURL_SOCKET_BAD;
	int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
	if (fd >= FD_SETSIZE) {
		close(fd);
		return CURL_SOCKET_BAD;
	}
	return fd < 0 ? CURL_SOCKET_BAD : fd;
}

static size_t
read_query(char *buffer, size_t size, size_t count, void *context)
{
	struct request *req = context;
	size_t len = req->query_len - req->query_read;
	if (len > size * count)
		len = size * count;
	memcpy(buffer, req->query + req->query_read, len);
	req->query_read += len;
	return len;
}

static int
rewind_query(void *context, curl_off_t offset, int origin)
{
	struct request *req = context;
	if (!req->may_repeat || origin != SEEK_SET || offset < 0 || (size_t)offset > req->query_len) {
		req->is_kept_from_repeating = !req->may_repeat;
		return CURL_SEEKFUNC_FAIL;
	}
	req->query_read = (size_t)offset;
	return CURL_SEEKFUNC_OK;
}

static void
set_method(struct http *http, struct request *req, const char *method)
{
	const struct curl_api *curl = &http->curl;
	CURL *easy = req->easy;
	if (req->query != NULL) {
		curl->easy_setopt(easy, CURLOPT_POST, 1L);
		curl->easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)req->query_len);
		curl->easy_setopt(easy, CURLOPT_READFUNCTION, read_query);
		curl->easy_setopt(easy, CURLOPT_READDATA, (void *)req);
		curl->easy_setopt(easy, CURLOPT_SEEKFUNCTION, rewind_query);
		curl->easy_setopt(easy, CURLOPT_SEEKDATA, (void *)req);
	}
	if (!text_equal(method, "GET") && !text_equal(method, "POST"))
		curl->easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
	/* A connection that was idle for longer may be dead without anybody having said so: a trade on
	 * it would end unknown. */
	if (!req->may_repeat)
		curl->easy_setopt(easy, CURLOPT_MAXAGE_CONN, (long)HTTP_TRADE_IDLE_S);
}

static void
set_options(struct http *http, struct request *req, const struct http_limits *limits)
{
	const struct curl_api *curl = &http->curl;
	CURL *easy = req->easy;
	/* Options that this libcurl doesn't know (7.85, 7.87) fail without harm to the others. */
	curl->easy_setopt(easy, CURLOPT_URL, req->url);
	curl->easy_setopt(easy, CURLOPT_PRIVATE, (void *)req);
	curl->easy_setopt(easy, CURLOPT_ERRORBUFFER, req->message);
	curl->easy_setopt(easy, CURLOPT_USERAGENT, http->user_agent);
	curl->easy_setopt(easy, CURLOPT_HTTPHEADER, req->headers);
	curl->easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl->easy_setopt(easy, CURLOPT_PROTOCOLS_STR, req->is_plain ? "http" : "https");
	curl->easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl->easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl->easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	if (req->is_loopback)   /* whatever proxy the environment names */
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

	curl->easy_setopt(easy, CURLOPT_WRITEFUNCTION, answer_on_body);
	curl->easy_setopt(easy, CURLOPT_WRITEDATA, (void *)req);
	curl->easy_setopt(easy, CURLOPT_HEADERFUNCTION, answer_on_header);
	curl->easy_setopt(easy, CURLOPT_HEADERDATA, (void *)req);
	curl->easy_setopt(easy, CURLOPT_PREREQFUNCTION, before_request);
	curl->easy_setopt(easy, CURLOPT_PREREQDATA, (void *)req);
	curl->easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl->easy_setopt(easy, CURLOPT_OPENSOCKETDATA, (void *)req);
}

static enum status
add_header(struct http *http, struct request *req, const char *line)
{
	struct curl_slist *longer = http->curl.slist_append(req->headers, line);
	if (longer == NULL)
		return STATUS_NO_MEMORY;
	req->headers = longer;
	return STATUS_OK;
}

/* Printable ASCII alone; a line's end in a header would begin another one.  Returns false without a
 * word of what it was. */
static bool
is_printable(const char *text, bool may_have_space)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < (may_have_space ? ' ' : '!') || (unsigned char)*text > '~')
			return false;
	return true;
}

static enum status
copy_query(struct request *req, const struct http_request *wanted, bool in_body)
{
	const char *query = wanted->query != NULL ? wanted->query : "";
	bool is_behind = req->is_query_in_url = !in_body && query[0] != '\0';
	size_t url_len = strlen(wanted->url), query_len = strlen(query);

	req->url = malloc(url_len + 1 + (is_behind ? query_len : 0) + 1);
	if (req->url == NULL)
		return STATUS_NO_MEMORY;
	memcpy(req->url, wanted->url, url_len + 1);
	if (is_behind) {
		req->url[url_len] = strchr(wanted->url, '?') == NULL ? '?' : '&';
		memcpy(req->url + url_len + 1, query, query_len + 1);
	}
	if (!in_body)
		return STATUS_OK;
	req->query = malloc(query_len + 1);
	if (req->query == NULL)
		return STATUS_NO_MEMORY;
	memcpy(req->query, query, query_len + 1);
	req->query_len = query_len;
	return STATUS_OK;
}

enum status
request_fill(struct http *http, struct request *req, const struct http_request *wanted,
             struct error *err)
{
	bool in_body = text_equal(wanted->method, "POST") || text_equal(wanted->method, "PUT");
	if (!in_body && !text_equal(wanted->method, "GET") && !text_equal(wanted->method, "DELETE"))
		return error_set(err, STATUS_BUG, "no request is made by '%.16s'", wanted->method);
	if (wanted->query != NULL && (!is_printable(wanted->query, false) || strchr(wanted->query, '#')))
		return error_set(err, STATUS_BUG, "a query that is not percent-encoded");

	req->may_repeat = wanted->may_repeat;
	req->is_plain = text_has_prefix(wanted->url, "http://");
	req->is_loopback = http_is_loopback(wanted->url);
	req->body_max = wanted->limits.max_bytes;
	answer_begin(req);
	enum status status = copy_query(req, wanted, in_body);
	for (size_t i = 0; status == STATUS_OK && wanted->headers != NULL && wanted->headers[i] != NULL; i++) {
		if (!is_printable(wanted->headers[i], true))
			return error_set(err, STATUS_BUG, "a header that is no single line of ASCII");
		status = add_header(http, req, wanted->headers[i]);
	}
	if (status == STATUS_OK && in_body)           /* the body never waits for leave to come */
		status = add_header(http, req, "Expect:");
	if (status != STATUS_OK)
		return error_set(err, status, "no memory for a request");
	set_options(http, req, &wanted->limits);
	set_method(http, req, wanted->method);
	return STATUS_OK;
}

static void
wipe(char *text)
{
	if (text != NULL)
		explicit_bzero(text, strlen(text));
	free(text);
}

void
request_clear(const struct http *http, struct request *req)
{
	http->curl.easy_reset(req->easy);
	for (struct curl_slist *line = req->headers; line != NULL; line = line->next)
		explicit_bzero(line->data, strlen(line->data));
	http->curl.slist_free_all(req->headers);
	wipe(req->url);
	wipe(req->query);
	free(req->body);
	*req = (struct request){ .easy = req->easy };
}
