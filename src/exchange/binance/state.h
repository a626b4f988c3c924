/* The adapter's inside, shared by its files.
 *
 *   binance.c     its life, its turn of the loop, its status
 *   asks.c        one request on its way: sent, answered, ended
 *   trading.c     sign, send, drop, cancel, query: from order to request, from answer to reports
 *   settle.c      reports that wait for the fills and fees that they speak of
 *   questions.c   time, limits, account, fees, open orders, trades
 *   instructions.c, outcomes.c, orders_json.c, account_json.c, server_time.c, limits.c   are pure
 */
#ifndef EXCHANGE_BINANCE_STATE_H
#define EXCHANGE_BINANCE_STATE_H

#include "base/text.h"
#include "exchange/binance/account_json.h"
#include "exchange/binance/binance.h"
#include "exchange/binance/limits.h"
#include "exchange/binance/orders_json.h"
#include "exchange/binance/outcomes.h"
#include "exchange/binance/instructions.h"
#include "exchange/binance/server_time.h"

enum ask_kind {
	ASK_TIME, ASK_INFO, ASK_ACCOUNT, ASK_FEES, ASK_OPEN, ASK_TRADES,
	ASK_INSTRUCTION, ASK_CANCEL, ASK_QUERY,
	ASK_FILLS,               /* of one order, for a report that speaks of them */
	ASK_PRICE                /* of an asset that a commission was taken in */
};

enum { PARTS_MAX = 6, PRICES_MAX = 8, ANSWER_MAX = 1 << 19, LIST_ANSWER_MAX = 8 << 20 };

/* One report in the making. */
struct part {
	struct order order;              /* what it is about, as the desk told it */
	enum exchange_request request;
	enum exchange_outcome outcome;
	struct order_answer answer;
	int code;
	char reason[256];
	bool wants_fills;
};

/* One request: from its signing to its reports. */
struct ask {
	struct ask *next;
	struct binance *self;
	enum ask_kind kind;
	int64_t ticket;                  /* signed, waiting for send or drop; 0: sent, or never to be */
	int64_t http_id;                 /* 0: not on its way */
	const char *method, *path;
	struct payload payload;          /* cleansed once it was handed over */
	bool is_signed;
	int weight, order_count;
	bool is_urgent;
	int64_t asked_at_ms, asked_at_mono_us;

	enum instruction_kind instruction;
	struct part parts[PARTS_MAX];
	size_t part_count;

	char symbol[SYMBOL_SIZE];        /* "" : all */
	char asset[ASSET_SIZE];          /* ASK_PRICE: what is priced, in which quote asset, and whether it */
	char quote[ASSET_SIZE];          /*            is asked for the other way round */
	bool is_inverse;
	struct told_trades trades;        /* ASK_TRADES, ASK_FILLS */
	int64_t last_trade_id;
	int pages;

	struct ask *parent;              /* ASK_FILLS, ASK_PRICE: whom it is for */
	size_t part;                     /* ASK_FILLS: which of its parts */
	int children;                    /* answers that it waits for */
};

struct symbol_assets { char symbol[SYMBOL_SIZE], base[ASSET_SIZE], quote[ASSET_SIZE]; };

/* What one unit of an asset is worth; kept for a minute. */
struct price_note { char asset[ASSET_SIZE], quote[ASSET_SIZE]; struct decimal price; bool is_missing; int64_t at_us; };

/* When something is asked next by the adapter itself. */
struct upkeep { int64_t due_us; int failures; };

struct binance {
	struct exchange base;
	struct http *http;
	struct binance_keys *keys;           /* NULL: none */
	const char *key_header[2];           /* for http: borrowed from keys */
	char url[256], host[128], label[64];
	int64_t recv_window_ms;
	int answer_ms;
	struct decimal fee_percent;

	bool is_awake;
	struct server_time time;
	int64_t wall_ahead_ms;               /* wall minus monotonic, to notice a sleep of the machine */
	int time_samples;                    /* still wanted in this round */
	struct http_allowance *allowance;   /* what the feed was told from the same address; NULL: none */
	struct limits limits;
	struct upkeep time_next, info_next, account_next;
	int64_t last_traffic_us;

	char uid[64];                        /* "" until the account answered */
	bool can_trade, has_account;
	bool is_read_refused, is_trade_refused;   /* by the key */
	int64_t trade_refused_at_us;
	char key_trouble[200];
	bool is_reachable, was_trouble;
	char trouble[256];
	uint64_t reconnects;
	int64_t round_trip_us;

	struct ask *asks;
	int64_t last_ticket;
	struct symbol_assets *symbols;       /* owned */
	size_t symbol_count, symbol_capacity;
	struct price_note prices[PRICES_MAX];
	size_t price_next;
};

/* ---- asks.c ---- */
/* Zeroed, in the list of asks; NULL without memory. */
struct ask *ask_new(struct binance *self, enum ask_kind kind);
/* Out of the list and gone, its children with it. */
void ask_free(struct ask *ask);
/* Out of the list only: what is told from now on may forget all others. */
void ask_detach(struct ask *ask);
/* Adds recvWindow, timestamp and signature to its payload. */
enum status ask_sign(struct ask *ask, struct error *err);
/* What others who ask from this address were told. */
void binance_share_allowance(struct binance *self);
enum status ask_send(struct ask *ask, struct error *err);
/* Drops every ask but those that the adapter needs itself. */
void asks_forget(struct binance *self);
bool asks_have(const struct binance *self, enum ask_kind kind, const char *symbol);
/* The exchange's clock, or the machine's own while it is not known (for windows of limits only). */
bool binance_is_key_refused(const struct binance *self);
int64_t binance_now_ms(const struct binance *self, int64_t now_us);

/* ---- trading.c ---- */
enum status trading_sign(struct exchange *ex, const struct instruction *instruction,
                         struct signed_request *ret, struct error *err);
enum status trading_send(struct exchange *ex, int64_t ticket, struct error *err);
void trading_drop(struct exchange *ex, int64_t ticket);
enum status trading_cancel(struct exchange *ex, const struct order *order, struct error *err);
enum status trading_query(struct exchange *ex, const struct order *order, struct error *err);
void trading_heard(struct ask *ask, const struct outcome *outcome);

/* ---- settle.c ---- */
struct part *part_add(struct ask *ask, enum exchange_request request, const struct order *order);
void part_fail(struct part *part, enum exchange_outcome outcome, int code, const char *reason);
/* From an order in an answer; UNKNOWN if it can't be believed. */
void part_read(struct part *part, const json_t *object);
/* Asks for what the parts lack; when nothing is lacking they are reported and the ask is freed. */
void settle(struct ask *ask);
void settle_fills_heard(struct ask *ask, const struct outcome *outcome);
void settle_price_heard(struct ask *ask, const struct outcome *outcome);
const struct symbol_assets *binance_assets(struct binance *self, const char *symbol);

/* ---- questions.c ---- */
void questions_upkeep(struct binance *self, int64_t now_us);
int64_t questions_due_us(const struct binance *self);
void questions_resync(struct binance *self);
void questions_heard(struct ask *ask, const struct outcome *outcome, const struct http_response *response);
void questions_report_trades(struct ask *ask, const struct error *error);
enum status questions_open(struct exchange *ex, const char *symbol, struct error *err);
enum status questions_account(struct exchange *ex, struct error *err);
enum status questions_fees(struct exchange *ex, const char *symbol, struct error *err);
enum status questions_trades(struct exchange *ex, const char *symbol, int64_t from_ms, struct error *err);

#endif
