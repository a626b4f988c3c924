/* A listener that keeps what it was told. */
#ifndef TESTS_EXCHANGE_RECORDER_H
#define TESTS_EXCHANGE_RECORDER_H

#include "core/ports/exchange.h"

enum { RECORDED_REPORTS = 512, RECORDED_FILLS = 128 };
struct recorded {
	struct exchange_report report;     /* its texts and fills are the copies below */
	char client_order_id[CLIENT_ORDER_ID_SIZE], exchange_order_id[EXCHANGE_ORDER_ID_SIZE];
	char reason[256];
	struct fill fills[RECORDED_FILLS];
};
enum { RECORDED_ROWS = 64 };
struct recorder {
	struct recorded *reports;
	size_t count;
	/* What LIVE exchanges tell besides: how often, the last of it, and the last error of any. */
	int opens, accounts, fee_answers, trade_answers, tests;
	struct exchange_order open[RECORDED_ROWS]; size_t open_count;
	int64_t open_asked_at_mono_ms;
	char uid[64]; bool can_trade;
	struct exchange_balance balances[RECORDED_ROWS]; size_t balance_count;
	struct exchange_fees fees;
	struct exchange_trade trades[RECORDED_ROWS]; size_t trade_count;
	char tested[CLIENT_ORDER_ID_SIZE];
	bool has_error; struct error error;
};
void recorder_init(struct recorder *recorder);
void recorder_done(struct recorder *recorder);
struct exchange_listener recorder_listener(struct recorder *recorder);
const struct exchange_report *recorder_last(const struct recorder *recorder);  /* fails if none */
const struct exchange_report *recorder_of(const struct recorder *recorder, size_t index);
/* Of all reports on this order: the distinct fills' quantities, added up. */
struct decimal recorder_filled(const struct recorder *recorder, const char *client_order_id);

struct decimal dec(const char *text);
struct order make_order(const char *id, enum side side, enum order_type type, enum time_in_force tif,
                        const char *quantity, const char *price);

#endif
