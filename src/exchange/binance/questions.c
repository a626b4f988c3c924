/* What the adapter keeps known by itself (time, limits, account), and what the desk asks.
 *
 * The clock is asked in rounds: several times, the best answer counts; again every few minutes, after
 * -1021, after a jump of the machine's wall clock (it may have slept), and whenever nothing else has gone over the
 * line for a while, which keeps a connection warm for the exit that comes suddenly. */
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "exchange/binance/state.h"

enum { ACCOUNT_WEIGHT = 20, FEES_WEIGHT = 20, INFO_WEIGHT = 20, OPEN_WEIGHT = 6, OPEN_ALL_WEIGHT = 80,
       TRADES_WEIGHT = 20, PAGE = 1000, PAGES_MAX = 20, SAMPLES = 4, JUMP_MS = 1000 };
#define SECOND_US INT64_C(1000000)
#define ROUND_US (300 * SECOND_US)
#define WARM_US (20 * SECOND_US)
#define INFO_US (6 * 3600 * SECOND_US)

static int64_t
backoff_us(int failures, int64_t first_us, int64_t most_us)
{
	int64_t pause_us = first_us << (failures > 7 ? 7 : failures < 1 ? 0 : failures - 1);
	return pause_us < most_us ? pause_us : most_us;
}

static void
failed(struct upkeep *next, int64_t first_us, int64_t most_us)
{
	next->failures++;
	next->due_us = clock_mono_us() + backoff_us(next->failures, first_us, most_us);
}

static void
succeeded(struct upkeep *next, int64_t again_us)
{
	next->failures = 0;
	next->due_us = again_us == INT64_MAX ? INT64_MAX : clock_mono_us() + again_us;
}

void
questions_resync(struct binance *self)
{
	server_time_forget(&self->time);
	self->time_samples = SAMPLES;
	self->time_next = (struct upkeep){ 0 };
}

/* Sign if need be, and send; the ask is gone when it fails. */
static enum status
launch(struct ask *ask, const char *path, int weight, bool is_signed, struct error *err)
{
	ask->path = path;
	ask->weight = weight;
	enum status status = is_signed ? ask_sign(ask, err) : payload_check(&ask->payload, err);
	if (status == STATUS_OK)
		status = ask_send(ask, err);
	if (status != STATUS_OK)
		ask_free(ask);
	return status;
}

static enum status
ask_time(struct binance *self, struct error *err)
{
	struct ask *ask = ask_new(self, ASK_TIME);
	if (ask == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory for a request");
	ask->is_urgent = true;
	return launch(ask, "/api/v3/time", 1, false, err);
}

static enum status
ask_info(struct binance *self, struct error *err)
{
	struct ask *ask = ask_new(self, ASK_INFO);
	if (ask == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory for a request");
	payload_add(&ask->payload, "symbol", self->symbols[(size_t)self->info_next.failures % self->symbol_count].symbol);
	return launch(ask, "/api/v3/exchangeInfo", INFO_WEIGHT, false, err);
}

static enum status
ask_account(struct binance *self, struct error *err)
{
	struct ask *ask = ask_new(self, ASK_ACCOUNT);
	if (ask == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory for a request");
	ask->is_urgent = !self->has_account;      /* nothing can be signed before */
	payload_add(&ask->payload, "omitZeroBalances", "true");
	return launch(ask, "/api/v3/account", ACCOUNT_WEIGHT, true, err);
}

/* ---- by itself ---- */

static int64_t
time_due_us(const struct binance *self)
{
	if (asks_have(self, ASK_TIME, ""))
		return INT64_MAX;
	int64_t warm_us = self->last_traffic_us + WARM_US;
	return self->time_next.failures == 0 && warm_us < self->time_next.due_us ? warm_us : self->time_next.due_us;
}

static int64_t
account_due_us(const struct binance *self)
{
	bool is_wanted = self->keys != NULL && self->time.is_known && (!self->has_account || self->is_read_refused);
	return is_wanted && !asks_have(self, ASK_ACCOUNT, "") ? self->account_next.due_us : INT64_MAX;
}

static int64_t
info_due_us(const struct binance *self)
{
	bool is_wanted = self->symbol_count > 0 && self->has_account;
	return is_wanted && !asks_have(self, ASK_INFO, "") ? self->info_next.due_us : INT64_MAX;
}

int64_t
questions_due_us(const struct binance *self)
{
	int64_t due_us = time_due_us(self);
	if (!self->is_awake)
		return INT64_MAX;
	if (account_due_us(self) < due_us)
		due_us = account_due_us(self);
	if (info_due_us(self) < due_us)
		due_us = info_due_us(self);
	return due_us > self->limits.hold_until_us ? due_us : self->limits.hold_until_us;
}

static void
notice_jump(struct binance *self)
{
	int64_t ahead_ms = clock_wall_ms() - clock_mono_ms();
	int64_t moved_ms = ahead_ms > self->wall_ahead_ms ? ahead_ms - self->wall_ahead_ms
	                                                  : self->wall_ahead_ms - ahead_ms;
	if (moved_ms < JUMP_MS)
		return;
	self->wall_ahead_ms = ahead_ms;
	if (self->time.is_known && self->time_samples == 0) {
		self->time_samples = SAMPLES;
		self->time_next = (struct upkeep){ 0 };
	}
}

void
questions_upkeep(struct binance *self, int64_t now_us)
{
	struct error err = { 0 };
	if (!self->is_awake)
		return;
	notice_jump(self);
	if (self->limits.hold_until_us > now_us)
		return;
	if (time_due_us(self) <= now_us && ask_time(self, &err) != STATUS_OK)
		failed(&self->time_next, SECOND_US / 2, 8 * SECOND_US);
	if (account_due_us(self) <= now_us && ask_account(self, &err) != STATUS_OK)
		failed(&self->account_next, SECOND_US, 30 * SECOND_US);
	if (info_due_us(self) <= now_us && ask_info(self, &err) != STATUS_OK)
		failed(&self->info_next, 10 * SECOND_US, 600 * SECOND_US);
	if (err.status != STATUS_OK && self->trouble[0] == '\0' && err.status != STATUS_BUSY)
		text_copy(self->trouble, sizeof self->trouble, err.message);
}

/* ---- by the desk ---- */

/* The port's word for "not now" is BUSY. */
static enum status
as_busy(enum status status, struct error *err)
{
	if (status != STATUS_UNAVAILABLE)
		return status;
	if (err != NULL)
		err->status = STATUS_BUSY;
	return STATUS_BUSY;
}

static enum status
begin(struct binance *self, enum ask_kind kind, const char *symbol, struct ask **ret, struct error *err)
{
	if (asks_have(self, kind, symbol))
		return error_set(err, STATUS_BUSY, "it is being asked already");
	if (self->keys == NULL)
		return error_set(err, STATUS_CONFIG, "there is no API key for %s", self->host);
	struct ask *ask = ask_new(self, kind);
	if (ask == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory for a request");
	text_copy(ask->symbol, sizeof ask->symbol, symbol);
	*ret = ask;
	return STATUS_OK;
}

enum status
questions_open(struct exchange *ex, const char *symbol, struct error *err)
{
	struct ask *ask = NULL;
	const char *of = symbol != NULL ? symbol : "";
	struct binance *self = (struct binance *)ex;

	if (of[0] != '\0' && !limits_keep_pace(&self->limits, OPEN_WEIGHT, binance_now_ms(self, clock_mono_us())))
		return error_set(err, STATUS_BUSY, "looks at open orders are spread over the minute");
	enum status status = begin(self, ASK_OPEN, of, &ask, err);
	if (status != STATUS_OK)
		return status;
	/* Whether a stop still rests is a question of protection, so the last fifth is open to it. */
	ask->is_urgent = symbol != NULL;
	if (of[0] != '\0')
		payload_add(&ask->payload, "symbol", of);
	return as_busy(launch(ask, "/api/v3/openOrders", of[0] != '\0' ? OPEN_WEIGHT : OPEN_ALL_WEIGHT, true, err),
	               err);
}

enum status
questions_account(struct exchange *ex, struct error *err)
{
	struct binance *self = (struct binance *)ex;
	if (asks_have(self, ASK_ACCOUNT, ""))
		return error_set(err, STATUS_BUSY, "it is being asked already");
	if (self->keys == NULL)
		return error_set(err, STATUS_CONFIG, "there is no API key for %s", self->host);
	return as_busy(ask_account(self, err), err);
}

enum status
questions_fees(struct exchange *ex, const char *symbol, struct error *err)
{
	struct ask *ask = NULL;
	enum status status = begin((struct binance *)ex, ASK_FEES, symbol, &ask, err);
	if (status != STATUS_OK)
		return status;
	payload_add(&ask->payload, "symbol", symbol);
	return as_busy(launch(ask, "/api/v3/account/commission", FEES_WEIGHT, true, err), err);
}

static enum status
launch_trades(struct ask *ask, int64_t from_ms, struct error *err)
{
	payload_add(&ask->payload, "symbol", ask->symbol);
	/* "symbol + startTime" gives the oldest from then on; the next page is by id. */
	if (ask->pages == 0)
		payload_add_int(&ask->payload, "startTime", from_ms > 0 ? from_ms : 0);
	else
		payload_add_int(&ask->payload, "fromId", ask->last_trade_id + 1);
	payload_add_int(&ask->payload, "limit", PAGE);
	return launch(ask, "/api/v3/myTrades", TRADES_WEIGHT, true, err);
}

enum status
questions_trades(struct exchange *ex, const char *symbol, int64_t from_ms, struct error *err)
{
	struct ask *ask = NULL;
	enum status status = begin((struct binance *)ex, ASK_TRADES, symbol, &ask, err);
	if (status != STATUS_OK)
		return status;
	return as_busy(launch_trades(ask, from_ms, err), err);
}

/* ---- answers ---- */

static void
time_heard(struct ask *ask, const struct outcome *outcome, const struct http_response *response)
{
	struct binance *self = ask->self;
	struct error err = { 0 };
	int64_t ms = 0;
	if (outcome->verdict != VERDICT_OK || time_json_read(outcome->root, &ms, &err) != STATUS_OK) {
		if (self->trouble[0] == '\0')
			text_format(self->trouble, sizeof self->trouble, "the clock of %.60s: %.150s", self->host,
			            outcome->reason[0] != '\0' ? outcome->reason : err.message);
		failed(&self->time_next, SECOND_US / 2, 8 * SECOND_US);
		return;
	}
	server_time_take(&self->time, ms, response->sent_mono_us, response->received_mono_us);
	/* The last of a round sets the date of the next; one that only kept the line warm changes nothing. */
	if (self->time_next.failures == 0 && self->time_samples == 0 &&
	    self->time_next.due_us > response->received_mono_us)
		return;
	self->time_samples = self->time_samples > 0 ? self->time_samples - 1 : SAMPLES - 1;
	succeeded(&self->time_next, self->time_samples > 0 ? 0 : ROUND_US);
}

static void
tell_account(struct binance *self, const struct exchange_account *account, const struct error *error)
{
	const struct exchange_listener *listener = &self->base.listener;
	if (listener->on_account != NULL)
		listener->on_account(listener->self, account, error);
}

static void
answer_error(const struct outcome *outcome, const struct error *unreadable, struct error *ret)
{
	if (outcome->verdict == VERDICT_OK)
		*ret = *unreadable;
	else
		error_set(ret, outcome_is_key_refused(outcome->code) ? STATUS_CONFIG : STATUS_UNAVAILABLE, "%s",
		          outcome->reason);
}

/* An account that does not tell its number is known by what the key is; one that told it keeps it. */
static bool
name_account(const struct binance *self, struct exchange_account *account, struct error *err)
{
	if (self->has_account)
		return text_copy(account->uid, sizeof account->uid, self->uid);
	if (binance_keys_fingerprint(self->keys, account->uid, sizeof account->uid))
		return true;
	error_set(err, STATUS_UNAVAILABLE, "the account has no number, and the key no fingerprint");
	return false;
}

static void
account_heard(struct ask *ask, const struct outcome *outcome)
{
	struct binance *self = ask->self;
	struct exchange_account account = { 0 };
	struct error err = { 0 }, told = { 0 };
	bool is_good = outcome->verdict == VERDICT_OK &&
	               account_json_read(outcome->root, &account, &err) == STATUS_OK;
	ask_detach(ask);
	if (is_good && account.uid[0] == '\0')
		is_good = name_account(self, &account, &err);
	if (is_good && self->has_account && strcmp(self->uid, account.uid) != 0) {
		is_good = false;
		error_set(&err, STATUS_CONFLICT, "the key answers for another account now: %s instead of %s",
		          account.uid, self->uid);
		text_copy(self->trouble, sizeof self->trouble, err.message);
	}
	if (is_good) {
		text_copy(self->uid, sizeof self->uid, account.uid);
		self->has_account = true;
		self->can_trade = account.can_trade;
		account.can_trade = account.can_trade && !binance_is_key_refused(self);
		succeeded(&self->account_next, 0);
		tell_account(self, &account, NULL);
	} else {
		bool is_key = outcome_is_key_refused(outcome->code);
		answer_error(outcome, &err, &told);
		if (self->trouble[0] == '\0')
			text_format(self->trouble, sizeof self->trouble, "the account: %.200s", told.message);
		failed(&self->account_next, is_key ? 5 * SECOND_US : SECOND_US, is_key ? 60 * SECOND_US : 15 * SECOND_US);
		tell_account(self, NULL, &told);
	}
	free((void *)account.balances);
	ask_free(ask);
}

static void
fees_heard(struct ask *ask, const struct outcome *outcome)
{
	const struct exchange_listener *listener = &ask->self->base.listener;
	struct exchange_fees fees = { 0 };
	struct error err = { 0 }, told = { 0 };
	bool is_good = outcome->verdict == VERDICT_OK &&
	               fees_json_read(outcome->root, ask->symbol, &fees, &err) == STATUS_OK;
	ask_detach(ask);
	if (!is_good) {
		answer_error(outcome, &err, &told);
		fees = (struct exchange_fees){ 0 };
		text_copy(fees.symbol, sizeof fees.symbol, ask->symbol);
	}
	if (listener->on_fees != NULL)
		listener->on_fees(listener->self, &fees, is_good ? NULL : &told);
	ask_free(ask);
}

static void
open_heard(struct ask *ask, const struct outcome *outcome)
{
	const struct exchange_listener *listener = &ask->self->base.listener;
	struct exchange_order *orders = NULL;
	struct error err = { 0 }, told = { 0 };
	size_t count = 0;
	bool is_good = outcome->verdict == VERDICT_OK &&
	               open_json_read(outcome->root, ask->symbol, &orders, &count, &err) == STATUS_OK;
	ask_detach(ask);
	if (!is_good)
		answer_error(outcome, &err, &told);
	if (listener->on_open != NULL)
		listener->on_open(listener->self, ask->symbol, orders, count, ask->asked_at_mono_us / 1000,
		                  is_good ? NULL : &told);
	free(orders);
	ask_free(ask);
}

void
questions_report_trades(struct ask *ask, const struct error *error)
{
	const struct exchange_listener *listener = &ask->self->base.listener;
	if (listener->on_trades != NULL)
		listener->on_trades(listener->self, ask->symbol, error == NULL ? ask->trades.all : NULL,
		                    error == NULL ? ask->trades.count : 0, error);
}

/* The page after this one, by an ask that takes over what was read; the old one is gone then. */
static enum status
next_page(struct ask *ask, struct error *err)
{
	struct ask *again = ask_new(ask->self, ASK_TRADES);
	if (again == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory for a request");
	text_copy(again->symbol, sizeof again->symbol, ask->symbol);
	again->last_trade_id = ask->last_trade_id;
	again->pages = ask->pages;
	again->trades = ask->trades;
	ask->trades = (struct told_trades){ 0 };
	enum status status = launch_trades(again, 0, err);
	if (status == STATUS_OK)
		ask_free(ask);
	return status;
}

static void
trades_heard(struct ask *ask, const struct outcome *outcome)
{
	struct error err = { 0 }, told = { 0 };
	size_t rows = 0;
	bool is_good = outcome->verdict == VERDICT_OK &&
	               trades_json_read(outcome->root, ask->symbol, "", &ask->trades, &ask->last_trade_id, &rows,
	                                &err) == STATUS_OK;
	if (is_good && rows < PAGE) {
		settle(ask);
		return;
	}
	if (!is_good)
		answer_error(outcome, &err, &told);
	else if (++ask->pages >= PAGES_MAX)
		error_set(&told, STATUS_RANGE, "more than %d trades: ask for a shorter time", PAGE * PAGES_MAX);
	else if (next_page(ask, &told) == STATUS_OK)
		return;
	ask_detach(ask);
	questions_report_trades(ask, &told);
	ask_free(ask);
}

void
questions_heard(struct ask *ask, const struct outcome *outcome, const struct http_response *response)
{
	switch (ask->kind) {
	case ASK_ACCOUNT:
		account_heard(ask, outcome);
		return;
	case ASK_FEES:
		fees_heard(ask, outcome);
		return;
	case ASK_OPEN:
		open_heard(ask, outcome);
		return;
	case ASK_TRADES:
		trades_heard(ask, outcome);
		return;
	case ASK_TIME:
		time_heard(ask, outcome, response);
		break;
	default:
		if (outcome->verdict == VERDICT_OK)
			limits_json_read(outcome->root, &ask->self->limits);
		if (outcome->verdict == VERDICT_OK)
			succeeded(&ask->self->info_next, INFO_US);
		else
			failed(&ask->self->info_next, 10 * SECOND_US, 600 * SECOND_US);
	}
	ask_free(ask);
}
