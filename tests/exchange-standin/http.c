/* HTTP/1.1 as far as clients of the exchange speak it: Content-Length, chunks, keep-alive. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "http.h"

enum { HEAD_MAX = 65536, BODY_MAX = 1 << 20 };

/* The value of a header in the head (which ends with an empty line); false: it is not there. */
static bool
header_of(const char *head, const char *name, char *ret, size_t size)
{
	size_t name_len = strlen(name);
	for (const char *line = strstr(head, "\r\n"); line != NULL; line = strstr(line, "\r\n")) {
		line += 2;
		if (strncasecmp(line, name, name_len) != 0 || line[name_len] != ':')
			continue;
		const char *value = line + name_len + 1;
		value += strspn(value, " \t");
		snprintf(ret, size, "%.*s", (int)strcspn(value, "\r\n"), value);
		return true;
	}
	return false;
}

/* Joins chunks into body (which has room for all of them). */
static enum http_state
read_chunks(const char *from, size_t len, char *body, size_t *ret_used)
{
	size_t at = 0, out = 0;
	for (;;) {
		const char *end = memchr(from + at, '\n', len - at);
		if (end == NULL)
			return HTTP_MORE;
		char *stop;
		size_t size = strtoul(from + at, &stop, 16);
		if (stop == from + at || size > BODY_MAX)
			return HTTP_BAD;
		at = (size_t)(end - from) + 1;
		if (len < at + size + 2)
			return HTTP_MORE;
		memcpy(body + out, from + at, size);
		out += size;
		at += size + 2;
		if (size == 0)
			break;
	}
	body[out] = '\0';
	*ret_used = at;
	return HTTP_WHOLE;
}

static const char *
end_of_head(const char *from, size_t len)
{
	for (size_t i = 0; i + 4 <= len; i++)
		if (memcmp(from + i, "\r\n\r\n", 4) == 0)
			return from + i;
	return NULL;
}

static bool
read_line(const char *head, struct request *ret)
{
	char target_path[PATH_LEN];
	size_t method = strcspn(head, " \r"), at = method + 1;
	if (method == 0 || method >= sizeof ret->method || head[method] != ' ')
		return false;
	snprintf(ret->method, sizeof ret->method, "%.*s", (int)method, head);
	size_t target = strcspn(head + at, " \r"), path = strcspn(head + at, "? \r");
	if (head[at + target] != ' ' || path >= sizeof target_path)
		return false;
	snprintf(ret->path, sizeof ret->path, "%.*s", (int)path, head + at);
	ret->query = path < target ? strndup(head + at + path + 1, target - path - 1) : strdup("");
	return ret->query != NULL;
}

enum http_state
http_read(const char *from, size_t len, struct request *ret, size_t *ret_used)
{
	char value[KEY_MAX];
	const char *blank = end_of_head(from, len);
	if (blank == NULL)
		return len > HEAD_MAX ? HTTP_BAD : HTTP_MORE;
	size_t head_len = (size_t)(blank - from) + 4, body_len = 0;
	char *head = strndup(from, head_len);
	enum http_state state = HTTP_WHOLE;
	memset(ret, 0, sizeof *ret);
	if (head == NULL)
		abort();
	bool chunked = header_of(head, "Transfer-Encoding", value, sizeof value) &&
	               strcasecmp(value, "chunked") == 0;
	if (header_of(head, "Content-Length", value, sizeof value))
		body_len = strtoul(value, NULL, 10);
	ret->keep_alive = !header_of(head, "Connection", value, sizeof value) ||
	                  strcasecmp(value, "close") != 0;
	ret->microseconds = header_of(head, "X-MBX-TIME-UNIT", value, sizeof value) &&
	                    strcasecmp(value, "microsecond") == 0;
	bool expects = header_of(head, "Expect", value, sizeof value);
	header_of(head, "X-MBX-APIKEY", ret->key, sizeof ret->key);
	if (body_len > BODY_MAX || !read_line(head, ret)) {
		state = HTTP_BAD;
	} else if (chunked) {
		ret->body = malloc(len - head_len + 1);
		if (ret->body == NULL)
			abort();
		state = read_chunks(from + head_len, len - head_len, ret->body, ret_used);
		*ret_used += head_len;
	} else if (len < head_len + body_len) {
		state = HTTP_MORE;
	} else {
		ret->body = strndup(from + head_len, body_len);
		*ret_used = head_len + body_len;
	}
	free(head);
	if (state != HTTP_WHOLE)
		http_clear(ret);
	if (state == HTTP_MORE && expects && len == head_len)
		return HTTP_CONTINUE;
	return state;
}

void
http_clear(struct request *request)
{
	free(request->query);
	free(request->body);
	request->query = request->body = NULL;
}

static const char *
reason_of(int status)
{
	switch (status) {
	case 200: return "OK";
	case 400: return "Bad Request";
	case 401: return "Unauthorized";
	case 403: return "Forbidden";
	case 404: return "Not Found";
	case 409: return "Conflict";
	case 418: return "I'm a teapot";
	case 429: return "Too Many Requests";
	case 502: return "Bad Gateway";
	case 503: return "Service Unavailable";
	case 504: return "Gateway Timeout";
	default: return status >= 500 ? "Internal Server Error" : "Status";
	}
}

char *
http_answer(const struct reply *reply, bool keep_alive, size_t *ret_len, size_t *ret_head)
{
	size_t room = HEADERS_MAX + 256 + reply->body_len;
	char *text = malloc(room);
	if (text == NULL)
		abort();
	int head = snprintf(text, room,
	                    "HTTP/1.1 %d %s\r\nContent-Length: %zu\r\n%sConnection: %s\r\n\r\n",
	                    reply->status, reason_of(reply->status), reply->body_len, reply->headers,
	                    keep_alive ? "keep-alive" : "close");
	memcpy(text + head, reply->body, reply->body_len);
	*ret_head = (size_t)head;
	*ret_len = (size_t)head + reply->body_len;
	return text;
}
