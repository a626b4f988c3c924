/* http.h over a simulated network.  See network.h.
 *
 * A request is a `wire': it reaches the exchange at one moment (or never), and its sender hears of it
 * at another (or gives up).  What becomes of it is drawn when it is sent: by the cell of the matrix
 * that this seed is about, else by the noise. */
#include "tests/simulation/network.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "http/http.h"
#include "tests/simulation/sim.h"
#include "tests/simulation/venue.h"

struct http { int64_t next_id; };

struct wire {
	struct wire *next;
	int64_t id;
	struct http *owner;                    /* NULL: nobody waits for it any more */
	http_callback callback;
	void *context;
	char method[8], path[192], *query, *body, key[128];
	enum step step;
	enum mishap fault;
	bool dies_after;
	int64_t sent_us, arrives_us, ends_us;  /* arrives: INT64_MAX, never */
	bool has_arrived;
	enum http_outcome outcome;
	bool not_sent;
	struct venue_reply reply;
	const char *message;
};

static struct wire *wires;
static int64_t down_until_us, heard_us;

/* ---- what is asked ---- */

static bool
says(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

static enum step
step_of(const struct wire *wire)
{
	const char *path = wire->path, *body = wire->body;
	bool is_stop = says(body, "type=STOP_LOSS");

	if (wire->key[0] == '\0')
		return STEP_PUBLIC;
	if (strcmp(wire->method, "GET") == 0 || says(path, "order/test"))
		return STEP_LOOK;
	if (strcmp(wire->method, "DELETE") == 0)
		return STEP_CANCEL;
	if (says(path, "cancelReplace"))
		return is_stop ? STEP_MOVE : STEP_EXIT;
	if (says(path, "orderList/oco") || is_stop)
		return STEP_PROTECTION;
	if (says(path, "orderList/") || says(body, "side=BUY"))
		return STEP_ENTRY;
	return STEP_EXIT;
}

/* ---- what becomes of it ---- */

static enum mishap
draw_mishap(struct wire *wire)
{
	static const enum mishap often[] = {
		MISHAP_LOST_REQUEST, MISHAP_LOST_REPLY, MISHAP_LATE_REPLY, MISHAP_5XX_DONE, MISHAP_5XX_NOT, MISHAP_NOT_SENT,
	};

	if (sim.is_quiet)
		return MISHAP_NONE;
	if (wire->step == sim.step && !sim.has_struck && sim.let_pass-- <= 0) {
		sim.has_struck = true;
		sim.totals.struck[sim.step][sim.fault][sim.death]++;
		trace("** the matrix strikes: %s, %s, %s", step_names[sim.step], mishap_names[sim.fault], death_names[sim.death]);
		wire->dies_after = sim.death == DEATH_AFTER;
		if (sim.death == DEATH_BEFORE)
			die("before a request");
		if (sim.death == DEATH_DURING)
			sim.hooks_left = chance_between(CHANCE_DEATH, 1, 6);
		return sim.fault;
	}
	if (!chance_permille(CHANCE_NETWORK, sim.noise_permille))
		return MISHAP_NONE;
	return chance_permille(CHANCE_NETWORK, 500) ? often[chance(CHANCE_NETWORK) % ARRAY_LEN(often)]
	                                            : (enum mishap)chance_between(CHANCE_NETWORK, 1, MISHAP_COUNT - 1);
}

static void
give_up(struct wire *wire, int64_t at_us, const char *message)
{
	wire->outcome = HTTP_TIMED_OUT;
	wire->ends_us = at_us;
	wire->message = message;
}

static void
break_off(struct wire *wire, int64_t at_us)
{
	wire->outcome = HTTP_BROKEN;
	wire->ends_us = at_us;
	wire->message = "the connection was closed before the answer";
}

static void
plan(struct wire *wire, const struct http_limits *limits)
{
	int64_t up = chance_between(CHANCE_NETWORK, 3, 60) * 1000, down = chance_between(CHANCE_NETWORK, 3, 60) * 1000;
	int64_t total = (int64_t)limits->total_ms * 1000, now = sim.now_us;

	if (chance_permille(CHANCE_NETWORK, sim.is_quiet ? 0 : 15))
		down += chance_between(CHANCE_NETWORK, 100, 2500) * 1000;
	wire->outcome = HTTP_ANSWERED;
	wire->message = "";
	wire->sent_us = now + 500;
	wire->arrives_us = now + up;
	wire->ends_us = now + up + down;
	if (now < down_until_us) {
		wire->fault = chance_permille(CHANCE_NETWORK, 700) ? MISHAP_NOT_SENT : MISHAP_LOST_REQUEST;
		sim_disturbed();
	} else {
		wire->fault = draw_mishap(wire);
	}
	switch (wire->fault) {
	case MISHAP_NOT_SENT:
		wire->outcome = HTTP_NO_CONNECTION;
		wire->not_sent = true;
		wire->sent_us = 0;
		wire->arrives_us = INT64_MAX;
		wire->ends_us = now + chance_between(CHANCE_NETWORK, 1, limits->connect_ms) * 1000;
		wire->message = "connection refused";
		break;
	case MISHAP_LOST_REQUEST:
		wire->arrives_us = INT64_MAX;
		if (chance_permille(CHANCE_NETWORK, 500))
			give_up(wire, now + total, "no answer in time");
		else
			break_off(wire, now + up);
		break;
	case MISHAP_LATE_REQUEST:
		wire->arrives_us = now + total + chance_between(CHANCE_NETWORK, 0, 20000) * 1000;
		give_up(wire, now + total, "no answer in time");
		break;
	case MISHAP_LOST_REPLY:
		break_off(wire, wire->ends_us);
		break;
	case MISHAP_LATE_REPLY:
		give_up(wire, now + total, "no answer in time");
		break;
	case MISHAP_TRUNCATED:
		break_off(wire, wire->ends_us);
		break;
	case MISHAP_CLOCK:
		sim.exchange_offset_ms += chance_between(CHANCE_NETWORK, -8000, 8000);
		trace("the exchange's clock is %lld ms off now", (long long)sim.exchange_offset_ms);
		break;
	case MISHAP_LEGS_DIE: venue_legs_die((int)chance_between(CHANCE_NETWORK, 1, 2)); break;
	case MISHAP_PARTIAL:
		venue_partial((int)chance_between(CHANCE_NETWORK, 1, 3), (int)chance_between(CHANCE_NETWORK, 100, 900));
		break;
	case MISHAP_QUERY_LAG: venue_query_lag(chance_between(CHANCE_NETWORK, 500, 6000)); break;
	default: break;
	}
	if (wire->ends_us > now + total)
		give_up(wire, now + total, "no answer in time");
	if (wire->fault != MISHAP_NONE) {
		sim.totals.faults += sim.now_us >= down_until_us;
		sim_disturbed();
	}
}

/* ---- at the exchange ---- */

static void
answer_with(struct wire *wire, int status, int64_t retry_after_s, const char *body)
{
	free(wire->reply.body);
	wire->reply = (struct venue_reply){
		.status = status, .body = strdup(body), .body_len = strlen(body), .weight = -1, .orders_10s = -1,
		.orders_day = -1, .retry_after_s = retry_after_s,
	};
}

static void
garble(struct wire *wire)
{
	static const char *const hostile[] = { "empty", "html", "numbers", "types", "utf8", "nul", "array", "half" };

	venue_hostile(hostile[chance(CHANCE_NETWORK) % ARRAY_LEN(hostile)], &wire->reply);
}

static void
process(struct wire *wire)
{
	struct venue_request request = { wire->method, wire->path, wire->query, wire->body, wire->key };

	venue_answer(wire->arrives_us, &request, &wire->reply);
	if (sim.mutant == MUTANT_REPEATED_POST && strcmp(wire->method, "POST") == 0 && wire->fault == MISHAP_LOST_REPLY) {
		free(wire->reply.body);
		venue_answer(wire->arrives_us, &request, &wire->reply);
	}
	if (wire->step == STEP_PUBLIC)
		return;
	if (sim.is_tracing)
		trace_shown("%s %s%s%s %s -> %d %.*s", wire->method, wire->path, wire->query[0] ? "?" : "", wire->query, wire->body,
		            wire->reply.status, 700, wire->reply.body);
	trace_bytes(wire->query, strlen(wire->query));
	trace_bytes(wire->body, strlen(wire->body));
	trace_bytes(wire->reply.body, wire->reply.body_len);
}

static void
reach(struct wire *wire)
{
	bool is_done = wire->fault != MISHAP_5XX_NOT && wire->fault != MISHAP_1007_NOT && wire->fault != MISHAP_429 &&
	               wire->fault != MISHAP_418;

	wire->has_arrived = true;
	sim.totals.requests++;
	if (is_done)
		process(wire);
	switch (wire->fault) {
	case MISHAP_5XX_DONE: case MISHAP_5XX_NOT:
		answer_with(wire, (int)chance_between(CHANCE_NETWORK, 502, 504), -1, "<html>try again</html>");
		break;
	case MISHAP_1007_DONE: case MISHAP_1007_NOT:
		answer_with(wire, 500, -1, chance_permille(CHANCE_NETWORK, 700)
		            ? "{\"code\":-1007,\"msg\":\"Timeout waiting for response from backend server. Send status unknown; "
		              "execution status unknown.\"}"
		            : "{\"code\":-1006,\"msg\":\"An unexpected response was received from the message bus. Execution "
		              "status unknown.\"}");
		break;
	case MISHAP_429:
		answer_with(wire, 429, chance_between(CHANCE_NETWORK, 1, 20), "{\"code\":-1003,\"msg\":\"Too many requests.\"}");
		break;
	case MISHAP_418:
		answer_with(wire, 418, chance_between(CHANCE_NETWORK, 2, 40), "{\"code\":-1003,\"msg\":\"Banned.\"}");
		break;
	case MISHAP_GARBAGE: garble(wire); break;
	case MISHAP_QUERY_LAG: venue_query_lag(0); break;
	default: break;
	}
	if (wire->fault != MISHAP_NONE && wire->step != STEP_PUBLIC)
		trace("   (%s)", mishap_names[wire->fault]);
	if (wire->fault == MISHAP_429 || wire->fault == MISHAP_418)   /* no news until it may ask again */
		sim_disturbed_until(wire->ends_us + wire->reply.retry_after_s * 1000000);
}

int64_t
network_next_us(void)
{
	int64_t next = INT64_MAX;

	for (struct wire *wire = wires; wire != NULL; wire = wire->next)
		if (!wire->has_arrived && wire->arrives_us < next)
			next = wire->arrives_us;
	return next;
}

static void
release(struct wire *wire)
{
	free(wire->query);
	free(wire->body);
	free(wire->reply.body);
	free(wire);
}

void
network_run(int64_t until_us)
{
	for (;;) {
		struct wire *first = NULL;
		for (struct wire *wire = wires; wire != NULL; wire = wire->next)
			if (!wire->has_arrived && wire->arrives_us <= until_us && (first == NULL || wire->arrives_us < first->arrives_us))
				first = wire;
		if (first == NULL)
			break;
		reach(first);
	}
	for (struct wire **at = &wires; *at != NULL;) {
		struct wire *wire = *at;
		if (wire->owner == NULL && (wire->has_arrived || wire->arrives_us == INT64_MAX)) {
			*at = wire->next;
			release(wire);
		} else {
			at = &wire->next;
		}
	}
}

void
network_death(void)
{
	for (struct wire *wire = wires; wire != NULL; wire = wire->next)
		wire->owner = NULL;
}

void
network_down_until(int64_t us)
{
	trace("the line is down for %lld ms", (long long)(us - sim.now_us) / 1000);
	down_until_us = us;
	for (struct wire *wire = wires; wire != NULL; wire = wire->next)
		if (wire->owner != NULL && wire->outcome == HTTP_ANSWERED)
			break_off(wire, sim.now_us + 1000);
}

bool network_is_down(void) { return sim.now_us < down_until_us; }
int64_t network_heard_us(void) { return heard_us; }

/* ---- http.h ---- */

struct http *
http_new(const struct http_config *config)
{
	(void)config;
	return calloc(1, sizeof(struct http));
}

void
http_free(struct http *http)
{
	for (struct wire *wire = wires; http != NULL && wire != NULL; wire = wire->next)
		if (wire->owner == http)
			wire->owner = NULL;
	free(http);
}

size_t
http_active(const struct http *http)
{
	size_t count = 0;

	for (const struct wire *wire = wires; wire != NULL; wire = wire->next)
		count += wire->owner == http;
	return count;
}

static void
read_key(struct wire *wire, const char *const *headers)
{
	static const char name[] = "X-MBX-APIKEY: ";

	for (; headers != NULL && *headers != NULL; headers++)
		if (strncmp(*headers, name, sizeof name - 1) == 0)
			text_copy(wire->key, sizeof wire->key, *headers + sizeof name - 1);
}

static const char *
path_of(const char *url)
{
	const char *host = strstr(url, "://"), *path = strchr(host != NULL ? host + 3 : url, '/');

	return path != NULL ? path : "/";
}

enum status
http_send(struct http *http, const struct http_request *request, http_callback callback, void *context,
          int64_t *ret_id, struct error *err)
{
	struct wire *wire;
	bool has_body = strcmp(request->method, "POST") == 0 || strcmp(request->method, "PUT") == 0;
	const char *path = path_of(request->url), *mark = strchr(path, '?');
	size_t most = HTTP_MAX_ACTIVE;

	enum status status = http_check_url(request->url, err);
	if (status != STATUS_OK)
		return status;
	if (http_active(http) >= most)
		return error_set(err, STATUS_BUSY, "too many requests are under way");
	if ((wire = calloc(1, sizeof *wire)) == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory");
	wire->id = ++http->next_id;
	wire->owner = http;
	wire->callback = callback;
	wire->context = context;
	text_copy(wire->method, sizeof wire->method, request->method);
	text_format(wire->path, sizeof wire->path, "%.*s", (int)(mark != NULL ? mark - path : (long)strlen(path)), path);
	wire->query = strdup(mark != NULL ? mark + 1 : has_body ? "" : request->query);
	wire->body = strdup(has_body ? request->query : "");
	read_key(wire, request->headers);
	wire->step = step_of(wire);
	if (wire->step < STEP_LOOK)
		hook("before a request");
	plan(wire, &request->limits);
	struct wire **end = &wires;
	while (*end != NULL)
		end = &(*end)->next;
	*end = wire;
	if (ret_id != NULL)
		*ret_id = wire->id;
	if (wire->step < STEP_LOOK)
		hook("after a request");
	return STATUS_OK;
}

enum status
http_get(struct http *http, const char *url, const char *const *headers, const struct http_limits *limits,
         http_callback callback, void *context, int64_t *ret_id, struct error *err)
{
	struct http_request request = {
		.method = "GET", .url = url, .query = "", .headers = headers, .limits = *limits, .may_repeat = true,
	};

	return http_send(http, &request, callback, context, ret_id, err);
}

void
http_cancel(struct http *http, int64_t id)
{
	for (struct wire *wire = wires; wire != NULL; wire = wire->next)
		if (wire->owner == http && wire->id == id)
			wire->owner = NULL;
}

void
http_prepare(struct http *http, struct wait *wait, int64_t now_mono_us)
{
	(void)now_mono_us;
	for (const struct wire *wire = wires; wire != NULL; wire = wire->next)
		if (wire->owner == http)
			wait_until(wait, wire->ends_us);
}

static void
finish(struct wire *wire)
{
	struct http_response response = {
		.outcome = wire->outcome, .not_sent = wire->not_sent, .body = "", .used_weight_1m = -1,
		.order_count_10s = -1, .order_count_1d = -1, .retry_after_s = -1,
		.sent_mono_us = wire->sent_us, .received_mono_us = clock_mono_us(), .message = wire->message,
	};
	bool is_private = wire->step != STEP_PUBLIC;

	if (wire->outcome == HTTP_ANSWERED) {
		response.status = wire->reply.status;
		response.body = wire->reply.body;
		response.body_len = wire->reply.body_len;
		response.used_weight_1m = wire->reply.weight;
		response.order_count_10s = wire->reply.orders_10s;
		response.order_count_1d = wire->reply.orders_day;
		response.retry_after_s = wire->reply.retry_after_s;
		response.date_ms = sim_exchange_ms(wire->arrives_us) / 1000 * 1000;
	} else if (is_private) {
		trace("%s %s: %s", wire->method, wire->path, wire->message);
	}
	if (is_private && wire->outcome == HTTP_ANSWERED)
		heard_us = sim.now_us;
	if (wire->step < STEP_LOOK)
		hook("before an answer");
	wire->callback(wire->context, &response);
	if (wire->dies_after)                  /* at once, or while what it said is written down */
		sim.hooks_left = chance_between(CHANCE_DEATH, 1, 12);
	if (wire->step < STEP_LOOK)
		hook("after an answer");
}

void
http_dispatch(struct http *http, const struct wait *wait, int64_t now_mono_us)
{
	(void)wait;
	for (;;) {
		struct wire *due = NULL, **at;
		for (struct wire *wire = wires; wire != NULL; wire = wire->next)
			if (wire->owner == http && wire->ends_us <= now_mono_us && (due == NULL || wire->ends_us < due->ends_us))
				due = wire;
		if (due == NULL)
			return;
		/* What waits for its answer has been there by now, also when the machine slept meanwhile. */
		if (due->outcome == HTTP_ANSWERED && !due->has_arrived) {
			due->ends_us = now_mono_us + 1;
			return;
		}
		struct wire *ended = calloc(1, sizeof *ended);
		if (ended == NULL)
			abort();
		*ended = *due;
		ended->reply.body = due->reply.body != NULL ? strdup(due->reply.body) : NULL;
		if (due->reply.body_len > 0 && ended->reply.body != NULL) {   /* it may hold zeros */
			free(ended->reply.body);
			ended->reply.body = calloc(1, due->reply.body_len + 1);
			if (ended->reply.body == NULL)
				abort();
			for (size_t i = 0; i < due->reply.body_len; i++)
				ended->reply.body[i] = due->reply.body[i];
		}
		ended->query = ended->body = NULL;
		due->owner = NULL;
		if (due->has_arrived || due->arrives_us == INT64_MAX) {
			for (at = &wires; *at != due; at = &(*at)->next)
				continue;
			*at = due->next;
			release(due);
		}
		finish(ended);
		release(ended);
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
