/* Faults on command: which request is struck, and what its sender gets to see. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "grow.h"
#include "server.h"

static const char *const kinds[FAULT_KINDS] = { "delay", "lost_request", "lost_reply", "hang",
                                                "reply", "truncate", "reset_mid", "hostile",
                                                "forge", "drip" };
static const char *const hostiles[] = { "empty", "html", "nesting", "huge", "nul", "utf8",
                                        "numbers", "types", "half", "array", "header", NULL };

static void
text_of(const json_t *from, const char *name, char *to, size_t size)
{
	const char *text = json_string_value(json_object_get(from, name));
	snprintf(to, size, "%s", text ? text : "");
}

static int
int_of(const json_t *from, const char *name, int otherwise)
{
	const json_t *value = json_object_get(from, name);
	return json_is_integer(value) ? (int)json_integer_value(value) : otherwise;
}

static bool
bool_of(const json_t *from, const char *name, bool otherwise)
{
	const json_t *value = json_object_get(from, name);
	return json_is_boolean(value) ? json_is_true(value) : otherwise;
}

bool
fault_read(const json_t *from, struct fault *ret, struct refusal *no)
{
	char kind[32];
	memset(ret, 0, sizeof *ret);
	text_of(from, "fault", kind, sizeof kind);
	int found = name_index(kinds, FAULT_KINDS, kind);
	if (found < 0)
		return refuse(no, 400, -1, "unknown fault '%s'", kind);
	ret->kind = (enum fault_kind)found;
	text_of(from, "method", ret->method, sizeof ret->method);
	text_of(from, "path", ret->path, sizeof ret->path);
	text_of(from, "contains", ret->contains, sizeof ret->contains);
	text_of(from, "hostile", ret->hostile, sizeof ret->hostile);
	ret->skip = int_of(from, "skip", 0);
	ret->count = int_of(from, "count", 1);
	ret->before_ms = int_of(from, "before_ms", 0);
	ret->after_ms = int_of(from, "after_ms", 0);
	ret->bytes = (size_t)int_of(from, "bytes", 10);
	ret->every_ms = int_of(from, "every_ms", 10);
	ret->status = int_of(from, "status", 503);
	ret->reset = bool_of(from, "reset", false);
	ret->process = bool_of(from, "process",
	                       found != FAULT_LOST_REQUEST && found != FAULT_REPLY);
	if (found == FAULT_LOST_REQUEST)
		ret->process = false;
	if (found == FAULT_LOST_REPLY || found == FAULT_DELAY || found == FAULT_TRUNCATE)
		ret->process = true;
	if (found == FAULT_HOSTILE && name_index(hostiles, 11, ret->hostile) < 0)
		return refuse(no, 400, -1, "unknown hostile body '%s'", ret->hostile);
	const json_t *body = json_object_get(from, "body");
	if (json_is_string(body)) {
		text_of(from, "body", ret->body, sizeof ret->body);
	} else if (json_object_get(from, "code") != NULL) {
		json_t *made = json_pack("{sO sO?}", "code", json_object_get(from, "code"), "msg",
		                         json_object_get(from, "msg"));
		char *text = made ? json_dumps(made, JSON_COMPACT) : NULL;
		snprintf(ret->body, sizeof ret->body, "%s", text ? text : "");
		free(text);
		json_decref(made);
	}
	if (found == FAULT_FORGE) {
		char *text = json_dumps(json_object_get(from, "members"), JSON_COMPACT);
		if (text == NULL || strlen(text) >= sizeof ret->body) {
			free(text);
			return refuse(no, 400, -1, "forge needs members, and not too many");
		}
		snprintf(ret->body, sizeof ret->body, "%s", text);
		free(text);
	}
	int retry = int_of(from, "retry_after", -1);
	if (retry >= 0)
		snprintf(ret->headers, sizeof ret->headers, "Retry-After: %d\r\n", retry);
	const char *said = json_string_value(json_object_get(from, "retry_after"));
	if (said != NULL)
		snprintf(ret->headers, sizeof ret->headers, "Retry-After: %s\r\n", said);
	return true;
}

bool
fault_take(struct server *server, const struct request *request, struct fault *ret)
{
	for (size_t i = 0; i < server->faults_len; i++) {
		struct fault *fault = &server->faults[i];
		if ((*fault->method != '\0' && strcmp(fault->method, request->method) != 0) ||
		    (*fault->path != '\0' && strcmp(fault->path, request->path) != 0) ||
		    (*fault->contains != '\0' && strstr(request->query, fault->contains) == NULL &&
		     strstr(request->body, fault->contains) == NULL))
			continue;
		if (fault->skip > 0) {
			fault->skip--;
			continue;
		}
		*ret = *fault;
		if (fault->count > 0 && --fault->count == 0) {
			memmove(fault, fault + 1, (server->faults_len - i - 1) * sizeof *fault);
			server->faults_len--;
		}
		return true;
	}
	return false;
}

void
fault_reply(const struct fault *fault, struct reply *reply)
{
	free(reply->body);
	reply->status = fault->status;
	reply->body = strdup(fault->body);
	reply->body_len = strlen(fault->body);
	*reply->headers = '\0';
	reply_header(reply, "Content-Type", *fault->body == '{' ? "application/json;charset=UTF-8"
	                                                        : "text/html");
	size_t len = strlen(reply->headers);
	snprintf(reply->headers + len, sizeof reply->headers - len, "%s", fault->headers);
}

static char *
repeated(const char *text, size_t times, size_t *ret_len)
{
	size_t len = strlen(text);
	char *all = malloc(len * times + 1);
	if (all == NULL)
		abort();
	for (size_t i = 0; i < times; i++)
		memcpy(all + i * len, text, len);
	all[len * times] = '\0';
	*ret_len = len * times;
	return all;
}

/* Bodies that nobody should send: the status stays what it was. */
void
hostile_body(const char *name, struct reply *reply)
{
	static const char nul[] = "{\"orderId\":1,\"status\":\"NEW\"\0,\"x\":1}";
	const char *text = "";
	char *old = reply->body;
	if (strcmp(name, "nesting") == 0) {
		reply->body = repeated("[", 200000, &reply->body_len);
	} else if (strcmp(name, "huge") == 0) {
		reply->body = repeated("{\"orderId\":1} ", 1 << 20, &reply->body_len);
	} else if (strcmp(name, "half") == 0) {
		reply->body = strndup(old, reply->body_len / 2);
		reply->body_len /= 2;
	} else if (strcmp(name, "nul") == 0) {
		reply->body = malloc(sizeof nul);
		memcpy(reply->body, nul, sizeof nul);
		reply->body_len = sizeof nul - 1;
	} else {
		if (strcmp(name, "html") == 0)
			text = "<html><head><title>503 Service Temporarily Unavailable</title></head></html>";
		else if (strcmp(name, "utf8") == 0)
			text = "{\"status\":\"\xff\xfe\xc3(\",\"orderId\":1}";
		else if (strcmp(name, "numbers") == 0)
			text = "{\"orderId\":1e999,\"executedQty\":\"NaN\",\"price\":\"-1e400\","
			       "\"cummulativeQuoteQty\":99999999999999999999999999,\"status\":\"FILLED\"}";
		else if (strcmp(name, "types") == 0)
			text = "{\"orderId\":\"seven\",\"status\":[\"FILLED\"],\"executedQty\":{},"
			       "\"fills\":\"none\",\"clientOrderId\":null,\"code\":\"x\"}";
		else if (strcmp(name, "array") == 0)
			text = "[[],[[]],null]";
		else if (strcmp(name, "header") == 0)
			reply_header(reply, "X-MBX-USED-WEIGHT-1M", "-99999999999999999999");
		reply->body = strdup(text);
		reply->body_len = strlen(text);
	}
	free(old);
}

static void
forge(json_t *value, const json_t *members, bool twice)
{
	const char *key;
	json_t *each;
	size_t i, len = json_array_size(value);
	for (i = 0; i < len; i++) {
		forge(json_array_get(value, i), members, twice);
		if (twice)
			json_array_append(value, json_array_get(value, i));
	}
	json_object_foreach(value, key, each) {
		json_t *with = json_object_get(members, key);
		if (with != NULL)
			json_object_set(value, key, with);
		else
			forge(each, members, twice);
	}
}

void
forge_body(const char *members, struct reply *reply)
{
	json_t *with = json_loads(members, 0, NULL);
	json_t *body = json_loadb(reply->body, reply->body_len, 0, NULL);
	if (with != NULL && body != NULL) {
		bool twice = json_is_true(json_object_get(with, "twice"));
		forge(body, with, twice);
		free(reply->body);
		reply->body = json_dumps(body, JSON_COMPACT);
		reply->body_len = strlen(reply->body);
	}
	json_decref(with);
	json_decref(body);
}

json_t *
faults_json(const struct server *server)
{
	json_t *all = json_array();
	for (size_t i = 0; i < server->faults_len; i++) {
		const struct fault *fault = &server->faults[i];
		json_array_append_new(all, json_pack("{ss ss ss si si}", "fault", kinds[fault->kind],
		                                     "method", fault->method, "path", fault->path, "skip",
		                                     fault->skip, "count", fault->count));
	}
	return all;
}
