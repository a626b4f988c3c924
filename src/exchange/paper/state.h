/* The inside of the paper exchange, shared by its files and nobody else: book.c has the orders, their
 * fills and the reports; requests.c decides on what is asked; paper.c is the port. */
#ifndef EXCHANGE_PAPER_STATE_H
#define EXCHANGE_PAPER_STATE_H

#include "exchange/paper/filters.h"
#include "exchange/paper/markets.h"
#include "exchange/paper/paper.h"

struct paper_order {
	struct paper_order *next;
	struct order order;              /* its state and sums are kept up to date here */
	struct fill *fills;              /* those made since it came here */
	size_t fill_count, fill_capacity;
	bool waits_for_price;            /* restored: nothing ended it while nobody was looking */
};
struct order_list {
	struct paper_order *first, **end;
	size_t count;
};
struct paper_request {
	struct paper_request *next;
	enum exchange_request kind;
	struct order order;
	int64_t due_mono_ms;
	bool has_free;                   /* what was free when it was submitted; entries only */
	struct decimal free;
	bool is_balance_unknown;
};
struct paper_report {
	struct paper_report *next;
	struct exchange_report report;   /* its texts and fills are the ones below */
	char client_order_id[CLIENT_ORDER_ID_SIZE], exchange_order_id[EXCHANGE_ORDER_ID_SIZE];
	char reason[200];
	struct fill fills[];
};
struct paper {
	struct exchange base;
	struct paper_settings settings;
	struct desk_clock clock;
	struct markets markets;
	struct order_list open, ended;   /* ended: oldest first */
	struct paper_request *requests, **requests_end;
	struct paper_report *reports, **reports_end;
	size_t report_count;
	bool is_refusal_set;
	struct paper_refusal refusal;
};

/* ---- orders ---- */
void paper_list_append(struct order_list *list, struct paper_order *order);
struct paper_order *paper_list_remove(struct order_list *list, struct paper_order **at);
/* Where the order hangs in the list; NULL: nowhere. */
struct paper_order **paper_list_find(struct order_list *list, const char *client_order_id);
void paper_list_done(struct order_list *list);
struct paper_order *paper_order_new(const struct order *order);          /* NULL: no memory */
void paper_order_free(struct paper_order *order);                        /* accepts NULL */
struct paper_order *paper_find_order(struct paper *paper, const char *client_order_id);
void paper_forget_order(struct paper *paper, const char *client_order_id);
void paper_remember_ended(struct paper *paper, struct paper_order *order);
bool paper_is_open(enum order_state state);

/* ---- reports ---- */
/* NULL: no memory.  Owned by the caller until it is queued. */
struct paper_report *paper_report_new(enum exchange_request request, enum exchange_outcome outcome,
                                const char *client_order_id, size_t fill_room);
void paper_report_queue(struct paper *paper, struct paper_report *report);
/* Fill in what the exchange says of an order now, with every fill that it knows, and queue it. */
void paper_report_state(struct paper *paper, struct paper_report *report,
                        const struct paper_order *order);
MUST_USE enum status paper_report_refusal(struct paper *paper, const char *client_order_id,
                                          const struct paper_refusal *refusal);

/* ---- matching; on failure nothing has changed ---- */
const struct quote *paper_fresh_quote(const struct paper *paper, const struct market *market);
/* One part of an open order, if the quote reaches it. */
MUST_USE enum status paper_match_part(struct paper *paper, struct paper_order *order,
                                      const struct market *market, const struct quote *quote);
/* The first look at an order that was let in; quote NULL: no price. */
MUST_USE enum status paper_match_new(struct paper *paper, struct paper_order *order,
                                     const struct market *market, const struct quote *quote);

/* ---- requests ---- */
/* Decide on it and queue the report.  STATUS_NO_MEMORY: nothing has changed, try again. */
MUST_USE enum status paper_take(struct paper *paper, const struct paper_request *request);

#endif
