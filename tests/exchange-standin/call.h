/* One request: what was asked, by whom, and what is answered. */
#ifndef EXCHANGE_STANDIN_CALL_H
#define EXCHANGE_STANDIN_CALL_H

#include "engine.h"

struct server;

struct param {
	char *name, *value;             /* decoded */
	bool from_query;
};

struct call {
	struct server *server;
	struct exchange *ex;
	size_t account;
	struct param *params;
	size_t params_len;
	int weight;                     /* what the request costs */
	struct refusal no;              /* no.http != 0: refused */
	json_t *data;                   /* besides code and msg; owned */
	bool ordered;                   /* the answer tells the order counts */
};

/* All of these return NULL or false after refusing. */
__attribute__((format(printf, 4, 5)))
void *call_refuse(struct call *call, int http, int code, const char *format, ...);
const char *call_text(const struct call *call, const char *name);       /* NULL: not sent */
const char *call_need(struct call *call, const char *name);
struct symbol *call_symbol(struct call *call);
bool call_num(struct call *call, const char *name, num *ret);           /* 0: not sent */
bool call_int(struct call *call, const char *name, int64_t *ret, int64_t otherwise);
bool call_id(struct call *call, const char *name, char *ret);           /* "": not sent */
bool call_enum(struct call *call, const char *name, const char *const names[], int count,
               int code, const char *complaint, int *ret);              /* -1: not sent */
bool call_limit(struct call *call, int otherwise, int most, size_t *ret);
/* Reads the terms of an order whose parameters have that prefix ("", "working", ...).  Shared
 * parameters (side, quantity) are taken from shared when it is not NULL. */
bool terms_read(struct call *call, const char *prefix, const char *shared, bool quantity,
                struct terms *ret);

/* --- report.c --- */
enum detail { DETAIL_ACK, DETAIL_RESULT, DETAIL_FULL };
json_t *report_order(const struct exchange *ex, const struct order *order, enum detail detail);
json_t *report_query(const struct order *order);
json_t *report_canceled(const struct exchange *ex, const struct order *order,
                        const char *orig_client_id);
json_t *report_list(const struct exchange *ex, const struct list *list);
json_t *report_trade(const struct trade *trade);
json_t *report_rates(const struct rates *rates, bool sided, enum side side);
bool call_detail(struct call *call, enum detail otherwise, enum detail *ret);

/* --- the endpoints --- */
typedef json_t *handler(struct call *call);
handler public_ping, public_time, public_exchange_info, public_depth, public_trades, public_klines,
	public_avg_price, public_ticker_24hr, public_ticker_price, public_book_ticker,
	public_execution_rules;
handler trade_new, trade_test, trade_cancel, trade_cancel_all, trade_cancel_replace, trade_amend;
handler list_oco, list_oto, list_otoco, list_opo, list_opoco, list_delete;
handler account_info, account_commission, account_order_count, account_order, account_open_orders,
	account_all_orders, account_list, account_all_lists, account_open_lists, account_trades,
	account_amendments, account_filters;

/* How the new order of a cancelReplace, or one alone, is placed.  NULL: refused. */
struct order *place_order(struct call *call, struct symbol *symbol, struct terms *terms,
                          enum detail detail, json_t **ret_report);
bool place_rules(struct call *call, const struct symbol *symbol, struct terms *terms,
                 const struct room *room);
json_t *cancel_one(struct call *call, struct order *order, const char *cancel_id);
struct order *cancel_target(struct call *call, struct symbol *symbol, const char *id_name,
                            const char *client_id_name, int code, const char *complaint);
bool cancel_restrictions(struct call *call, int *ret);
bool cancel_allowed(const struct order *order, int restrictions, struct refusal *no);

#endif
