/* Binance Spot behind the exchange port: its life, its turn of the loop, its status.  See state.h for
 * the other files. */
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "exchange/binance/state.h"

/* Past recvWindow an order could not be accepted any more: why wait longer to look for it? */
enum { ANSWER_MS = 6000 };

static void
ops_rules(struct exchange *ex, const struct symbol_rules *rules)
{
	struct symbol_assets *assets = (struct symbol_assets *)binance_assets((struct binance *)ex, rules->symbol);
	if (assets == NULL)
		return;
	text_copy(assets->base, sizeof assets->base, rules->base);
	text_copy(assets->quote, sizeof assets->quote, rules->quote);
}

static bool
is_business(enum ask_kind kind)
{
	return kind == ASK_INSTRUCTION || kind == ASK_CANCEL || kind == ASK_QUERY || kind == ASK_FILLS ||
	       kind == ASK_PRICE;
}

static bool
ops_is_busy(const struct exchange *ex)
{
	const struct binance *self = (const struct binance *)ex;
	for (const struct ask *each = self->asks; each != NULL; each = each->next)
		if (is_business(each->kind) && each->ticket == 0)
			return true;
	return false;
}

static void
ops_forget(struct exchange *ex)
{
	asks_forget((struct binance *)ex);
}

static void
ops_prepare(struct exchange *ex, struct wait *wait, int64_t now_mono_us)
{
	struct binance *self = (struct binance *)ex;
	binance_share_allowance(self);
	http_prepare(self->http, wait, now_mono_us);
	int64_t due_us = questions_due_us(self);
	if (due_us != INT64_MAX)
		wait_until(wait, due_us);
}

static void
ops_dispatch(struct exchange *ex, const struct wait *wait, int64_t now_mono_us)
{
	struct binance *self = (struct binance *)ex;
	http_dispatch(self->http, wait, now_mono_us);
	binance_share_allowance(self);
	questions_upkeep(self, now_mono_us);
}

static void
ops_status(const struct exchange *ex, struct exchange_status *ret)
{
	const struct binance *self = (const struct binance *)ex;
	int64_t now_us = clock_mono_us(), now_ms = binance_now_ms(self, now_us);
	bool is_held = self->limits.hold_until_us > now_us;
	struct error waits = { 0 };
	*ret = (struct exchange_status){
		.is_reachable = self->is_reachable,
		.is_key_refused = binance_is_key_refused(self),
		.is_ready = self->keys != NULL && self->time.is_known && self->has_account && !is_held &&
		            !binance_is_key_refused(self),
		.next_try_mono_us = is_held ? self->limits.hold_until_us : 0,
		.round_trip_us = self->round_trip_us,
		.has_clock_offset = self->time.is_known,
		.clock_offset_ms = self->time.is_known ? now_ms - clock_wall_ms() : 0,
		.weight_used = limits_used(&self->limits, LIMIT_WEIGHT, now_ms),
		.weight_limit = limits_most(&self->limits, LIMIT_WEIGHT),
		.orders_10s = limits_used(&self->limits, LIMIT_ORDERS_10S, now_ms),
		.orders_10s_limit = limits_most(&self->limits, LIMIT_ORDERS_10S),
		.orders_day = limits_used(&self->limits, LIMIT_ORDERS_DAY, now_ms),
		.orders_day_limit = limits_most(&self->limits, LIMIT_ORDERS_DAY),
		.reconnects = self->reconnects,
	};
	text_copy(ret->host, sizeof ret->host, self->host);
	text_copy(ret->label, sizeof ret->label, self->label);
	text_copy(ret->uid, sizeof ret->uid, self->uid);
	if (self->keys != NULL)
		text_copy(ret->key_tail, sizeof ret->key_tail, binance_keys_tail(self->keys));
	if (limits_room(&self->limits, 1, 1, false, now_us, now_ms, &waits) != STATUS_OK)
		text_copy(ret->waits, sizeof ret->waits, waits.message);
	if (self->keys == NULL)
		text_format(ret->trouble, sizeof ret->trouble, "there is no API key for %s", self->host);
	else if (binance_is_key_refused(self))
		text_copy(ret->trouble, sizeof ret->trouble, self->key_trouble);
	else if (self->trouble[0] != '\0' || !self->is_awake)
		text_copy(ret->trouble, sizeof ret->trouble, self->trouble);
	else if (!self->has_account)
		text_format(ret->trouble, sizeof ret->trouble, "%s has not answered yet", self->host);
	else if (!self->can_trade)
		text_copy(ret->trouble, sizeof ret->trouble, "the exchange does not let this account trade");
}

static void
ops_close(struct exchange *ex)
{
	struct binance *self = (struct binance *)ex;
	if (self == NULL)
		return;
	while (self->asks != NULL)
		ask_free(self->asks);
	http_free(self->http);
	binance_keys_free(self->keys);
	free(self->symbols);
	free(self);
}

static const struct exchange_ops binance_ops = {
	.sign = trading_sign, .send = trading_send, .drop = trading_drop, .cancel = trading_cancel,
	.query = trading_query, .look_open = questions_open, .look_account = questions_account,
	.look_fees = questions_fees, .look_trades = questions_trades, .status = ops_status,
	.forget = ops_forget, .rules = ops_rules, .is_busy = ops_is_busy, .prepare = ops_prepare,
	.dispatch = ops_dispatch, .close = ops_close,
};

static void
name_host(struct binance *self)
{
	/* rest-api.md, "General API Information", lists the hosts; the testnet is testnet.binance.vision. */
	static const char *const spot[] = { "api.binance.com", "api-gcp.binance.com", "api1.binance.com",
	                                    "api2.binance.com", "api3.binance.com", "api4.binance.com" };
	const char *host = strstr(self->url, "://") + 3;
	text_copy(self->host, sizeof self->host, host);
	self->host[strcspn(self->host, "/")] = '\0';
	text_copy(self->label, sizeof self->label, self->host);
	if (strcmp(self->host, "testnet.binance.vision") == 0)
		text_copy(self->label, sizeof self->label, "Binance Spot testnet");
	for (size_t i = 0; i < ARRAY_LEN(spot); i++)
		if (strcmp(self->host, spot[i]) == 0)
			text_copy(self->label, sizeof self->label, "Binance Spot");
}

static enum status
check_config(const struct binance_config *config, struct error *err)
{
	enum status status = http_check_url(config->url, err);
	if (status != STATUS_OK)
		return status;
	if (strlen(config->url) >= sizeof ((struct binance *)NULL)->url)
		return error_field(err, STATUS_CONFIG, "url", "the exchange's address is too long");
	if (config->recv_window_ms < 1 || config->recv_window_ms > 5000)
		return error_field(err, STATUS_CONFIG, "recv_window_ms", "recvWindow must be from 1 to 5000 ms");
	return STATUS_OK;
}

enum status
binance_open(const struct binance_config *config, struct exchange **ret, struct error *err)
{
	enum status status = check_config(config, err);
	if (status != STATUS_OK) {
		binance_keys_free(config->keys);
		return status;
	}
	struct binance *self = calloc(1, sizeof *self);
	const struct http_config http_config = { .ca_file = config->ca_file };
	struct http *http = http_new(&http_config);
	if (self == NULL || http == NULL) {
		free(self);
		http_free(http);
		binance_keys_free(config->keys);
		return error_set(err, STATUS_NO_MEMORY, "no memory for the exchange");
	}
	self->base.ops = &binance_ops;
	self->http = http;
	self->keys = config->keys;
	self->recv_window_ms = config->recv_window_ms;
	self->allowance = config->allowance;
	self->answer_ms = config->answer_ms > 0 ? config->answer_ms : ANSWER_MS;
	self->fee_percent = config->fee_percent;
	self->key_header[0] = self->keys != NULL ? binance_keys_header(self->keys) : NULL;
	text_copy(self->url, sizeof self->url, config->url);
	for (size_t len = strlen(self->url); len > 0 && self->url[len - 1] == '/'; len--)
		self->url[len - 1] = '\0';
	name_host(self);
	*ret = &self->base;
	return STATUS_OK;
}

void
binance_wake(struct exchange *exchange)
{
	struct binance *self = (struct binance *)exchange;
	if (self->is_awake)
		return;
	self->is_awake = true;
	self->wall_ahead_ms = clock_wall_ms() - clock_mono_ms();
	self->last_traffic_us = clock_mono_us();
	questions_resync(self);
}
