/* Copies reports, because their texts and fills live for the call only. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/text.h"
#include "tests/exchange/recorder.h"

static void
on_report(void *self, const struct exchange_report *report)
{
	struct recorder *recorder = self;

	assert_true(recorder->count < RECORDED_REPORTS);
	assert_true(report->fill_count <= RECORDED_FILLS);
	struct recorded *kept = &recorder->reports[recorder->count++];
	kept->report = *report;
	assert_true(text_copy(kept->client_order_id, sizeof kept->client_order_id, report->client_order_id));
	assert_true(text_copy(kept->exchange_order_id, sizeof kept->exchange_order_id,
	                      report->exchange_order_id));
	assert_true(text_copy(kept->reason, sizeof kept->reason, report->reason));
	for (size_t i = 0; i < report->fill_count; i++)
		kept->fills[i] = report->fills[i];
	kept->report.client_order_id = kept->client_order_id;
	kept->report.exchange_order_id = kept->exchange_order_id;
	kept->report.reason = kept->reason;
	kept->report.fills = kept->fills;
}

static void
take_error(struct recorder *recorder, const struct error *error)
{
	recorder->has_error = error != NULL;
	recorder->error = error != NULL ? *error : (struct error){ 0 };
}

static void
on_open(void *self, const char *symbol, const struct exchange_order *orders, size_t count,
        int64_t asked_at_mono_ms, const struct error *error)
{
	struct recorder *recorder = self;
	(void)symbol;
	assert_true(count <= RECORDED_ROWS);
	recorder->opens++;
	recorder->open_count = count;
	recorder->open_asked_at_mono_ms = asked_at_mono_ms;
	for (size_t i = 0; i < count; i++)
		recorder->open[i] = orders[i];
	take_error(recorder, error);
}

static void
on_account(void *self, const struct exchange_account *account, const struct error *error)
{
	struct recorder *recorder = self;
	recorder->accounts++;
	take_error(recorder, error);
	if (error != NULL)
		return;
	text_copy(recorder->uid, sizeof recorder->uid, account->uid);
	recorder->can_trade = account->can_trade;
	assert_true(account->balance_count <= RECORDED_ROWS);
	recorder->balance_count = account->balance_count;
	for (size_t i = 0; i < account->balance_count; i++)
		recorder->balances[i] = account->balances[i];
}

static void
on_fees(void *self, const struct exchange_fees *fees, const struct error *error)
{
	struct recorder *recorder = self;
	recorder->fee_answers++;
	recorder->fees = *fees;
	take_error(recorder, error);
}

static void
on_trades(void *self, const char *symbol, const struct exchange_trade *trades, size_t count,
          const struct error *error)
{
	struct recorder *recorder = self;
	(void)symbol;
	assert_true(count <= RECORDED_ROWS);
	recorder->trade_answers++;
	recorder->trade_count = count;
	for (size_t i = 0; i < count; i++)
		recorder->trades[i] = trades[i];
	take_error(recorder, error);
}

static void
on_tested(void *self, const char *client_order_id, const struct error *error)
{
	struct recorder *recorder = self;
	recorder->tests++;
	text_copy(recorder->tested, sizeof recorder->tested, client_order_id);
	take_error(recorder, error);
}

void
recorder_init(struct recorder *recorder)
{
	*recorder = (struct recorder){ 0 };
	recorder->reports = calloc(RECORDED_REPORTS, sizeof *recorder->reports);
	assert_non_null(recorder->reports);
}

void
recorder_done(struct recorder *recorder)
{
	free(recorder->reports);
	recorder->reports = NULL;
}

struct exchange_listener
recorder_listener(struct recorder *recorder)
{
	return (struct exchange_listener){ .self = recorder, .on_report = on_report, .on_open = on_open,
	                                    .on_account = on_account, .on_fees = on_fees,
	                                    .on_trades = on_trades, .on_tested = on_tested };
}

const struct exchange_report *
recorder_of(const struct recorder *recorder, size_t index)
{
	assert_true(index < recorder->count);
	return &recorder->reports[index].report;
}

const struct exchange_report *
recorder_last(const struct recorder *recorder)
{
	assert_true(recorder->count > 0);
	return recorder_of(recorder, recorder->count - 1);
}

static bool
told_before(const struct recorder *recorder, const char *client_order_id, const char *trade_id,
            size_t report, size_t fill)
{
	for (size_t r = 0; r <= report; r++) {
		const struct exchange_report *each = recorder_of(recorder, r);
		size_t end = r == report ? fill : each->fill_count;
		if (strcmp(each->client_order_id, client_order_id) != 0)
			continue;
		for (size_t f = 0; f < end; f++)
			if (strcmp(each->fills[f].exchange_trade_id, trade_id) == 0)
				return true;
	}
	return false;
}

struct decimal
recorder_filled(const struct recorder *recorder, const char *client_order_id)
{
	struct decimal sum = DECIMAL_ZERO;
	for (size_t r = 0; r < recorder->count; r++) {
		const struct exchange_report *each = recorder_of(recorder, r);
		if (strcmp(each->client_order_id, client_order_id) != 0)
			continue;
		for (size_t f = 0; f < each->fill_count; f++)
			if (!told_before(recorder, client_order_id, each->fills[f].exchange_trade_id, r, f))
				assert_int_equal(decimal_add(sum, each->fills[f].quantity, &sum), STATUS_OK);
	}
	return sum;
}

struct decimal
dec(const char *text)
{
	struct decimal d;
	assert_int_equal(decimal_parse(text, &d), STATUS_OK);
	return d;
}

struct order
make_order(const char *id, enum side side, enum order_type type, enum time_in_force tif,
           const char *quantity, const char *price)
{
	struct order order = { .client_id = 1, .mode = MODE_DRY_RUN, .purpose = PURPOSE_ENTRY,
	                       .generation = 1, .side = side, .type = type, .tif = tif,
	                       .quantity = dec(quantity), .state = ORDER_PENDING };
	text_copy(order.client_order_id, sizeof order.client_order_id, id);
	text_copy(order.symbol, sizeof order.symbol, "BTCUSDC");
	if (price != NULL) {
		order.has_price = true;
		order.price = dec(price);
	}
	return order;
}
