/* What the desk shows: plain values for screens and commands to draw or print.  Nobody below knows
 * them; whoever fills a list owns it until *_list_done. */
#ifndef APP_MODELS_H
#define APP_MODELS_H

#include "core/budget.h"
#include "core/event.h"
#include "core/guards.h"
#include "core/pattern.h"
#include "core/ports/exchange.h"
#include "core/ports/price_feed.h"

struct price_model {
	struct quote quote;
	int64_t age_ms;
	bool is_stale;                    /* older than the limit: decides nothing */
	bool has_change; struct decimal change_percent;   /* of the day */
	int price_places, quantity_places;
};

/* A field of the form that is wrong, and why, in words. */
struct field_error { char field[24]; char message[200]; };
struct preview {
	bool is_complete;                 /* nothing is wrong: could be planned */
	bool has_sizing;
	struct intent intent;             /* as far as it could be read */
	struct sizing sizing;
	bool has_win; struct decimal win; /* net, at the target */
	struct decimal loss;              /* net, at the stop; fees and gap in it */
	struct decimal fees;              /* of that loss */
	bool has_target_r; struct decimal target_r;
	bool has_balance; struct decimal balance;
	char base[ASSET_SIZE], quote[ASSET_SIZE];
	int price_places, quantity_places;
	struct field_error errors[12]; int error_count;
};

struct operation_model {
	struct operation op;
	bool has_price; struct decimal price;     /* where it could be left now */
	int64_t price_age_ms; bool is_stale;
	bool has_unrealized; struct decimal unrealized;   /* net, exit fee estimated */
	bool has_r; struct decimal r;             /* realized when closed, else unrealized */
	bool has_initial_risk; struct decimal initial_risk;
	struct decimal open_risk;
	enum protection protection;
	bool is_watched;                          /* somebody holds the lease and has a fresh quote */
	char watched_by[64];                      /* "this screen", "monitor 1234", "" */
	int64_t checked_at_ms; int64_t checks;    /* of its symbol; 0: unknown */
	bool has_trade; struct trade trade;
	bool has_slippage; struct decimal stop_slippage_percent;
	int price_places, quantity_places;
	char base[ASSET_SIZE], quote[ASSET_SIZE];
};
struct operation_list { struct operation_model *rows; size_t count; };
void operation_list_done(struct operation_list *list);

struct order_model {
	struct order order;
	struct fill *fills; size_t fill_count;
	/* Of an order whose outcome is not known: how often it was asked for, and when next.  Only the
	 * holder knows; elsewhere -1. */
	int looks; int64_t next_look_ms;
	bool is_seen_here;                /* seen_at_ms is of this process' last look; else of its row, which keeps the first */
};
struct order_list { struct order_model *rows; size_t count; };
void order_list_done(struct order_list *list);

struct intent_model {
	struct intent intent;
	bool has_report; struct report report; int64_t report_at_ms;
	bool has_operation; struct operation_model operation;
	struct order_list orders;
	char outcome[200];                        /* "closed by STOP_LOSS, net -10.99, -1.10 R" */
	int price_places, quantity_places;
	char base[ASSET_SIZE], quote[ASSET_SIZE];
};
struct intent_list { struct intent *rows; size_t count; };
void intent_list_done(struct intent_list *list);
struct trigger_model {
	struct pattern_trigger trigger;
	bool is_repeated;                     /* the event had its trigger already: this is that one */
	struct intent intent;
	struct report report;                 /* of its validation; empty in lists */
};
struct trigger_list { struct trigger_model *rows; size_t count; };
void trigger_list_done(struct trigger_list *list);
struct trade_list { struct trade *rows; size_t count; };
void trade_list_done(struct trade_list *list);
struct strategy_list { struct strategy *rows; size_t count; };
void strategy_list_done(struct strategy_list *list);
struct event_list { struct event *rows; size_t count; };     /* owns each row's data */
void event_list_done(struct event_list *list);

struct portfolio_model {
	enum mode mode;
	char quote[ASSET_SIZE];           /* what the sums are in */
	char others[64];                  /* quote assets that are not in the sums; "" if none */
	bool has_account;                 /* free and locked are known */
	struct decimal equity, free, locked, exposure, open_risk, unrealized_pnl;
	bool is_unrealized_whole;                 /* false: some position has no usable price */
	struct decimal realized_day, realized_month, realized_all;
	struct decimal month_base, month_budget, month_left;
	bool has_month_base;
	struct decimal drawdown_percent;
	int open_count;
};

struct holder_model {
	bool is_held, is_me, is_hung;             /* hung: alive, but its heartbeat is old */
	int64_t pid, beat_age_ms; char kind[16]; char host[64]; char feed[FEED_ID_SIZE];
	int64_t watched, stale, unseen;           /* of those, without a fresh price; with a stop that was not seen lately */
};
struct desk_status_model {
	enum mode mode;
	bool is_paused; char pause_reason[REASON_SIZE];
	bool is_live_on, is_readonly, is_scratch;
	char database[256];
	struct feed_status feed;
	struct holder_model holder;
	int active_count, naked_count, alarm_count;
	char alarm[256];                          /* the most urgent, in words */
	bool has_open_risk; struct decimal open_risk_percent;   /* of the month's base or the capital */
	bool has_day; struct decimal realized_day;
	int64_t stale_age_ms;                     /* oldest price of a watched position; 0: none */
	int64_t stop_latency_p99_us; int64_t stops_fired;
	char trouble[256];                        /* the database's trouble, if any */
	/* LIVE.  mode above is LIVE while the switch is on and an exchange is connected, and while a LIVE
	 * operation is open. */
	bool has_live; struct exchange_status live;   /* has_live false: no key, nothing can be LIVE here */
	int live_count;                           /* of active_count */
	int unknown_count;                        /* orders whose outcome is not known */
	char unknown_id[CLIENT_ORDER_ID_SIZE]; int64_t unknown_since_ms, unknown_next_ms;   /* the oldest; next: as order_model */
	int blocker_count; char blocker[256];     /* what a person must look at; the newest in words */
	char binding[256];                        /* why this book may not act LIVE here; "" if it may */
};

/* What executing an intent LIVE would do at this moment, for the question before it. */
struct confirm_model {
	struct intent intent;                     /* price and size as they would be sent now */
	char base[ASSET_SIZE], quote[ASSET_SIZE];
	int price_places, quantity_places;
	char exchange[64], key_tail[8];           /* "Binance Spot", last characters of the public key */
	bool has_fees; struct decimal fees;       /* in the loss at the stop */
	bool has_rules;                           /* false: how it will be protected is not known now */
	enum instruction_kind protection;         /* INSTRUCT_ORDER: entry first, its exits as the next request */
	bool is_target_resting;                   /* false with a target: Robson watches that one */
	bool has_price; struct decimal price; int64_t price_age_ms; bool is_stale;
	bool has_drift; struct decimal drift_percent, drift_limit_percent;   /* since it was planned; market entries */
	struct report report;                     /* every guard, on these numbers */
	struct error shut;                        /* the gate that no word opens: "the LIVE switch is off"; STATUS_OK: none */
};
/* How its exits reach the exchange, in words: "in one request with the entry (OPOCO)". */
void confirm_protection_words(const struct confirm_model *model, char *ret_text, size_t size);
/* Of an order whose outcome is not known: since when, what is being done, what a person may do. */
void order_unknown_words(const struct order_model *order, int64_t now_ms, char *ret_text, size_t size);
/* The guard that says no, and why: "price: moved 0.61 % since planned, ..."; "" if none does. */
void report_failure_words(const struct report *report, char *ret_text, size_t size);

/* What a person must look at, and nobody else may mend. */
struct blocker_model {
	int64_t number, operation_id;
	char kind[48];                    /* "order.stranger", "coins.missing", ... */
	char symbol[SYMBOL_SIZE], client_order_id[64], exchange_order_id[EXCHANGE_ORDER_ID_SIZE];
	char text[512];                   /* what it is, and what to do */
	int64_t first_seen_ms, last_seen_ms, looks;
};
struct blocker_list { struct blocker_model rows[32]; size_t count, more /* there was no room for them */; };

/* What a reconciliation came to. */
struct reconcile_model { int64_t agreed, repaired, unknown, waiting; };

struct health_check { char name[32]; enum verdict_status status; char message[320]; char hint[160]; };
struct health_model { struct health_check checks[48]; int count; };

struct verify_check { char group[24]; char name[64]; bool ok, is_warning; char message[200]; };
struct verify_model {
	bool ok;
	struct verify_check checks[64]; int count;
	int64_t operations_without_intent, orphans;
	struct decimal stop_coverage_percent;
	int64_t chain_length; bool chain_ok;
};

struct fired { int64_t operation_id; enum exit_reason reason; struct decimal trigger_price, price, exit_price; bool has_exit_price; };
struct pass_model { int64_t checked; struct fired fired[64]; int fired_count; int64_t fired_more /* there was no room for them */; int64_t stale; int64_t alarms; char alarm_text[512]; };

#endif
