/* One request on its way.
 *
 *   ask_new -> [ask_sign] -> ask_send -> on_response -> its reader -> ask_free
 *                                                          |
 *                                        settle: children of its own first (fills, prices)
 *
 * Whatever an answer is about, it is also heard for the limits, the clock, the key and the line. */
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "exchange/binance/state.h"

enum { CONNECT_MS = 3000 };
#define KEY_REFUSED_US (INT64_C(60) * 1000000)

int64_t
binance_now_ms(const struct binance *self, int64_t now_us)
{
	return self->time.is_known ? server_time_ms(&self->time, now_us) : clock_wall_ms();
}

/* A key that may not trade is believed to be so for a while, and then tried again: permissions change. */
bool
binance_is_key_refused(const struct binance *self)
{
	return self->is_read_refused ||
	       (self->is_trade_refused && clock_mono_us() - self->trade_refused_at_us < KEY_REFUSED_US);
}

struct ask *
ask_new(struct binance *self, enum ask_kind kind)
{
	struct ask *ask = calloc(1, sizeof *ask);
	if (ask == NULL)
		return NULL;
	ask->self = self;
	ask->kind = kind;
	ask->method = "GET";
	payload_init(&ask->payload);
	ask->next = self->asks;
	self->asks = ask;
	return ask;
}

void
ask_detach(struct ask *ask)
{
	for (struct ask **link = &ask->self->asks; *link != NULL; link = &(*link)->next)
		if (*link == ask) {
			*link = ask->next;
			return;
		}
}

void
ask_free(struct ask *ask)
{
	struct binance *self = ask->self;
	for (struct ask *each = self->asks, *next; each != NULL; each = next) {
		next = each->next;
		if (each->parent == ask) {
			each->parent = NULL;
			ask_free(each);
			next = self->asks;      /* the list has changed: from its beginning */
		}
	}
	ask_detach(ask);
	if (ask->http_id != 0)
		http_cancel(self->http, ask->http_id);
	for (size_t i = 0; i < ask->part_count; i++)
		order_answer_done(&ask->parts[i].answer);
	told_trades_done(&ask->trades);
	payload_cleanse(&ask->payload);
	free(ask);
}

static bool
is_own(enum ask_kind kind)
{
	return kind == ASK_TIME || kind == ASK_INFO || kind == ASK_ACCOUNT;
}

void
asks_forget(struct binance *self)
{
	for (struct ask *each = self->asks, *next; each != NULL; each = next) {
		next = each->next;
		if (!is_own(each->kind)) {
			ask_free(each);
			next = self->asks;
		}
	}
}

bool
asks_have(const struct binance *self, enum ask_kind kind, const char *symbol)
{
	for (const struct ask *each = self->asks; each != NULL; each = each->next)
		if (each->kind == kind && each->parent == NULL && strcmp(each->symbol, symbol) == 0)
			return true;
	return false;
}

enum status
ask_sign(struct ask *ask, struct error *err)
{
	struct binance *self = ask->self;
	if (self->keys == NULL)
		return error_set(err, STATUS_CONFIG, "there is no API key for %s", self->host);
	if (!self->time.is_known)
		return error_set(err, STATUS_UNAVAILABLE, "the clock of %s is not known yet", self->host);
	ask->is_signed = true;
	ask->asked_at_ms = server_time_ms(&self->time, clock_mono_us());
	payload_add_int(&ask->payload, "recvWindow", self->recv_window_ms);
	payload_add_int(&ask->payload, "timestamp", ask->asked_at_ms);
	return payload_sign(&ask->payload, self->keys, err);
}

/* ---- hearing ---- */

static void
hear_line(struct binance *self, const struct http_response *response)
{
	bool is_answer = response->outcome == HTTP_ANSWERED;
	if (is_answer && self->was_trouble) {
		self->reconnects++;
		self->was_trouble = false;
	}
	if (!is_answer)
		self->was_trouble = true;
	self->is_reachable = is_answer;
	self->trouble[0] = '\0';
	if (is_answer && response->sent_mono_us > 0)
		self->round_trip_us = response->received_mono_us - response->sent_mono_us;
	if (!is_answer)
		text_format(self->trouble, sizeof self->trouble, "%.60s: %.180s", self->host,
		            response->message != NULL ? response->message : "no answer");
	text_make_harmless(self->trouble);
}

static void
hear_key(struct ask *ask, const struct outcome *outcome)
{
	struct binance *self = ask->self;
	bool is_trade = ask->kind == ASK_INSTRUCTION || ask->kind == ASK_CANCEL;
	bool *is_refused = is_trade ? &self->is_trade_refused : &self->is_read_refused;
	if (outcome_is_key_refused(outcome->code)) {
		*is_refused = true;
		if (is_trade)
			self->trade_refused_at_us = clock_mono_us();
		text_format(self->key_trouble, sizeof self->key_trouble, "%s: %.90s (%d)",
		            is_trade && !self->is_read_refused && self->has_account
		                ? "the key may read but not trade"
		                : "the API key was refused: it is wrong, expired, not for this address, or lacks a permission",
		            outcome->reason, outcome->code);
		return;
	}
	/* Any other answer to a signed request came after its key was looked at. */
	if (outcome->verdict == VERDICT_OK || outcome->verdict == VERDICT_REFUSED)
		*is_refused = false;
	if (!self->is_read_refused && !self->is_trade_refused)
		self->key_trouble[0] = '\0';
}

static void
hear(struct ask *ask, const struct http_response *response, const struct outcome *outcome)
{
	struct binance *self = ask->self;
	int64_t now_us = response->received_mono_us > 0 ? response->received_mono_us : clock_mono_us();
	int64_t now_ms = binance_now_ms(self, now_us);
	hear_line(self, response);
	if (response->outcome != HTTP_ANSWERED)
		return;
	self->last_traffic_us = now_us;
	limits_heard(&self->limits, LIMIT_WEIGHT, response->used_weight_1m, now_ms);
	limits_heard(&self->limits, LIMIT_ORDERS_10S, response->order_count_10s, now_ms);
	limits_heard(&self->limits, LIMIT_ORDERS_DAY, response->order_count_1d, now_ms);
	limits_turned_away(&self->limits, response->status, response->retry_after_s, now_us, now_ms);
	http_allowance_hold(self->allowance, self->limits.hold_until_us, self->limits.hold_status);
	http_allowance_weight(self->allowance, response->used_weight_1m, now_us);
	if (ask->is_signed)
		hear_key(ask, outcome);
	if (outcome->code == EXCHANGE_CODE_TIMESTAMP)
		questions_resync(self);
}

static void
on_response(void *context, const struct http_response *response)
{
	struct ask *ask = context;
	struct outcome outcome;
	ask->http_id = 0;
	outcome_read(response, &outcome);
	hear(ask, response, &outcome);
	switch (ask->kind) {
	case ASK_INSTRUCTION:
	case ASK_CANCEL:
	case ASK_QUERY:
		trading_heard(ask, &outcome);
		break;
	case ASK_FILLS:
		settle_fills_heard(ask, &outcome);
		break;
	case ASK_PRICE:
		settle_price_heard(ask, &outcome);
		break;
	default:
		questions_heard(ask, &outcome, response);
	}
	outcome_done(&outcome);
}

void
binance_share_allowance(struct binance *self)
{
	const struct http_allowance *allowance = self->allowance;
	int64_t now_us = clock_mono_us();
	if (allowance == NULL)
		return;
	if (allowance->hold_until_us > self->limits.hold_until_us) {
		self->limits.hold_until_us = allowance->hold_until_us;
		self->limits.hold_until_ms = binance_now_ms(self, now_us) + (allowance->hold_until_us - now_us) / 1000;
		self->limits.hold_status = allowance->hold_status;
	}
	if (allowance->weight_us != 0)
		limits_heard(&self->limits, LIMIT_WEIGHT, allowance->weight_used,
		             binance_now_ms(self, allowance->weight_us));
}

enum status
ask_send(struct ask *ask, struct error *err)
{
	struct binance *self = ask->self;
	int64_t now_us = clock_mono_us(), now_ms = binance_now_ms(self, now_us);
	char url[sizeof self->url + 64];
	bool is_trade = strcmp(ask->method, "GET") != 0;
	bool is_list = ask->kind == ASK_OPEN || ask->kind == ASK_TRADES || ask->kind == ASK_FILLS ||
	               ask->kind == ASK_INFO || ask->kind == ASK_ACCOUNT;
	binance_share_allowance(self);
	enum status status = limits_room(&self->limits, ask->weight, ask->order_count, ask->is_urgent, now_us,
	                                 now_ms, err);
	if (status != STATUS_OK)
		return status;
	text_format(url, sizeof url, "%s%s", self->url, ask->path);
	const struct http_request request = {
		.method = ask->method, .url = url, .query = ask->payload.text,
		.headers = ask->is_signed ? self->key_header : NULL,
		.limits = { .connect_ms = CONNECT_MS, .total_ms = self->answer_ms,
		            .max_bytes = is_list ? LIST_ANSWER_MAX : ANSWER_MAX },
		.may_repeat = !is_trade, .is_urgent = ask->is_urgent,
	};
	ask->asked_at_mono_us = now_us;
	status = http_send(self->http, &request, on_response, ask, &ask->http_id, err);
	if (status != STATUS_OK)
		return status;
	limits_sent(&self->limits, ask->weight, ask->order_count, now_ms);
	payload_cleanse(&ask->payload);
	return STATUS_OK;
}
