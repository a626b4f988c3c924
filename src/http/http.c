/* HTTP requests over libcurl's multi handle.  See http.h for the promises.
 *
 * A request lives in a slot: free -> under way (http_send) -> ended (the callback, or cancelled) ->
 * free.  The slot is free again before its callback runs, so that a callback can ask anew.  Slots
 * keep their easy handle; connections live in the multi handle and are kept alive.
 *
 * What must hold, and where it is held:
 *   no wait in our thread     names by libcurl's resolver thread; QUICK_EXIT, without which ending
 *                             a request joins that thread and freezes until the name server answers
 *   not_sent is proof         the pre-request callback runs before the first byte is written, on
 *                             new and on kept connections (sending.c)
 *   plain http stays here     url.c by name, and the pre-request callback by the connected address
 *   no second sending         sending.c
 *   room for exits            the last places are for urgent requests alone */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "http/state.h"

enum { POLL_WITHOUT_FD_US = 100 * 1000 };

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

/* Give the slot back.  The easy handle stays in it for the next request, but for two things that
 * libcurl (7.88) keeps over a reset:
 *   - that a body is "to be rewound before sending", where a request came to no good end; the next
 *     one would fail
 *   - the parts of its URL, where a query with a signature is one of them */
static void
slot_release(struct http *http, struct request *req, bool is_answered)
{
	http->curl.multi_remove_handle(http->multi, req->easy);
	http->active--;
	http->ordinary -= req->is_urgent ? 0 : 1;
	bool is_clean = is_answered && !req->is_query_in_url;
	request_clear(http, req);
	if (!is_clean) {
		http->curl.easy_cleanup(req->easy);
		req->easy = NULL;
	}
}

void
http_free(struct http *http)
{
	if (http == NULL)
		return;
	for (size_t i = 0; i < HTTP_MAX_ACTIVE; i++) {
		struct request *req = &http->slots[i];
		if (req->id != 0)
			slot_release(http, req, false);
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
	http->curl.multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, (long)HTTP_MAX_ACTIVE);
	return STATUS_OK;
}

static struct request *
free_slot(struct http *http, bool is_urgent)
{
	if (!is_urgent && http->ordinary >= HTTP_MAX_ACTIVE - HTTP_KEPT_URGENT)
		return NULL;
	for (size_t i = 0; i < HTTP_MAX_ACTIVE; i++)
		if (http->slots[i].id == 0)
			return &http->slots[i];
	return NULL;
}

enum status
http_send(struct http *http, const struct http_request *request, http_callback callback,
          void *context, int64_t *ret_id, struct error *err)
{
	enum status status = http_check_url(request->url, err);
	if (status == STATUS_OK)
		status = open_multi(http, err);
	if (status != STATUS_OK)
		return status;

	struct request *req = free_slot(http, request->is_urgent);
	if (req == NULL)
		return error_set(err, STATUS_BUSY, "%zu requests are under way", http->active);
	if (req->easy == NULL && (req->easy = http->curl.easy_init()) == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory for a request");

	*req = (struct request){
		.id = ++http->last_id, .easy = req->easy, .curl = &http->curl,
		.callback = callback, .context = context, .is_urgent = request->is_urgent,
	};
	http->active++;
	http->ordinary += req->is_urgent ? 0 : 1;
	status = request_fill(http, req, request, err);
	if (status == STATUS_OK && http->curl.multi_add_handle(http->multi, req->easy) != CURLM_OK)
		status = error_set(err, STATUS_NO_MEMORY, "no memory for a request");
	if (status != STATUS_OK) {
		slot_release(http, req, false);
		return status;
	}
	if (ret_id != NULL)
		*ret_id = req->id;
	return STATUS_OK;
}

enum status
http_get(struct http *http, const char *url, const char *const *headers,
         const struct http_limits *limits, http_callback callback, void *context,
         int64_t *ret_id, struct error *err)
{
	const struct http_request request = {
		.method = "GET", .url = url, .query = "", .headers = headers, .limits = *limits,
		.may_repeat = true,
	};
	return http_send(http, &request, callback, context, ret_id, err);
}

void
http_cancel(struct http *http, int64_t id)
{
	for (size_t i = 0; id > 0 && i < HTTP_MAX_ACTIVE; i++)
		if (http->slots[i].id == id)
			slot_release(http, &http->slots[i], false);
}

size_t
http_active(const struct http *http)
{
	return http->active;
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
	req->body = NULL;              /* ours now; what was secret goes with the slot */
	slot_release(http, req, code == CURLE_OK);

	if (ended.has_retry_after && ended.retry_after_s < 0 && retry_after > 0)   /* it was a date */
		ended.retry_after_s = retry_after;
	if (ended.is_elsewhere)
		text_copy(ended.message, sizeof ended.message, "plain http, and not to this machine");
	else if (ended.is_kept_from_repeating)
		text_copy(ended.message, sizeof ended.message,
		          "the connection ended before the answer; it was not sent again");
	else if (code != CURLE_OK && ended.message[0] == '\0')
		text_copy(ended.message, sizeof ended.message, http->curl.easy_strerror(code));
	text_make_harmless(ended.message);

	struct http_response response = {
		.outcome = answer_outcome(&ended, code),
		.not_sent = ended.sendings == 0,
		.body = "",
		.used_weight_1m = ended.used_weight_1m,
		.order_count_10s = ended.order_count_10s,
		.order_count_1d = ended.order_count_1d,
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
