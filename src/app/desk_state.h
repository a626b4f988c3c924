/* What the desk keeps in memory, and the helpers that its files share.  Only app/desk_*.c and
 * app/desk.c include this; everybody else sees app/desk.h.
 *
 * The rows in the store are the truth.  What is here is a copy that is changed after the commit that
 * made it so, never before. */
#ifndef APP_DESK_STATE_H
#define APP_DESK_STATE_H

#include "app/desk.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "core/decimal_json.h"
#include "core/ledger.h"
#include "core/protection.h"
#include "core/stops.h"
#include "store/store.h"

enum {
	BUSY_RETRY_US = 5000,          /* somebody else is writing: look again */
	EXIT_RETRY_FIRST_MS = 1000,    /* a refused exit: back-off doubles up to ... */
	EXIT_RETRY_LAST_MS = 30000,
	ANSWER_WAIT_MS = 10000,        /* a sent order without an answer becomes UNKNOWN after */
	REPLACEMENTS_LOST_MAX = 2,     /* cancel-replace requests that never arrived in a row, before two steps are taken */
	LIVE_ANSWER_WAIT_MS = 15000,   /* LIVE: the exchange itself gives up after 10 s (rest-api.md, "General API Information") */
	NOT_FOUND_AFTER_MS = 15000,    /* "not found" counts this long after recvWindow (exchange.md, "Unknown outcomes") */
	NOT_FOUND_APART_MS = 2000,
	CLOCKS_APART_MS = 600000,      /* how far a machine's wall clock may be from the exchange's where it is all we have */
	RESIGN_WAIT_MS = 10000,        /* how long an entry waits to be signed anew */
	LOOKUP_RETRY_MS = 2000,        /* between two lookups or cancels of an order, doubling up to ... */
	LOOKUP_LAST_MS = 60000,
	LOOKUP_SOON_MS = 250,          /* until one that could not be asked */
	GAP_WAIT_MS = 5000,            /* how long missed candles are waited for before the live price decides */
	CHECK_SAVE_MS = 60000,         /* where watching stands is stored once a minute */
	STALE_ALARM_MS = 20000,        /* bell and notification */
	CANDLE_MS = 60000, CANDLE_KEEP = 1500, LATENCY_KEEP = 1024
};

struct market {
	char symbol[SYMBOL_SIZE];
	bool has_quote, has_rules, are_rules_stored, is_unknown, has_ticker, is_history_asked;
	struct quote quote;
	struct symbol_rules rules;
	struct decimal last, change_percent;
	int watchers;                  /* screens and commands; positions come on top */
	size_t position_count;         /* judged on this feed */
	int64_t watched_since_mono_ms; /* since when there is a position: silence counts from here, too */
	size_t fires_due;              /* positions that have crossed and are not written down yet */
	struct ladder *ladder;         /* levels of positions judged on this feed */
	bool is_gap_open;              /* candles of a gap were asked for: live prices wait for them */
	int64_t gap_from_ms, gap_deadline_us;
	int64_t open_asked_mono_ms;    /* LIVE orders rest there: when they were last looked at */
	int64_t checks, checked_at_ms, check_saved_us;
	bool is_stale_alarmed;
	struct candle *candles;        /* one-minute bids seen or fetched, for the chart */
	size_t candle_count, candle_capacity;
};

struct position {
	struct operation op;
	bool is_fire_due;              /* crossed, and not yet written down */
	struct crossing crossing;
	struct quote fire_quote;
	bool is_recovered; struct decimal recovered_price;
	int exit_failures, exit_generation;
	int64_t exit_retry_mono_ms;    /* 0: an exit order may go out at once */
	int64_t price_arrived_us;      /* of the quote that fired it, for the latency */
	bool is_foreign;               /* of another feed: not judged here */
	struct protecting {            /* LIVE: what core/protection.h wants to know besides the rows */
		bool is_due;               /* something changed: what is next? */
		int stop_generation, target_generation;
		int64_t partial_mono_ms;   /* the entry's first fill; 0: none */
		int64_t beyond_mono_ms;    /* since when the bid is at or beyond the stop; 0: it is not */
		int beyond_lasts;          /* last prices in a row that are */
		int64_t touched_mono_ms;   /* since when the target is touched; 0: it was not */
		/* A replacement that never arrives, again and again: the exchange does not have that request, and
		 * the two steps without it are better than none. */
		char replacement_id[CLIENT_ORDER_ID_SIZE];
		int lost_replacements;
		int failures;              /* placements that were refused in a row */
		int64_t retry_mono_ms;     /* 0: a placement may go out at once */
		bool is_stop_refused;      /* because it would trigger immediately */
		bool is_hindered;          /* the last step could not be signed, or was refused: why stays said */
		int64_t check_mono_ms;     /* when to ask again by itself */
		int64_t bare_since_us;     /* nothing rests since (machine's monotonic clock); 0: something does */
		bool is_loss_told;         /* and a person was told */
		bool is_new_here;          /* loaded at a start, and not looked at yet */
		char alarm_told[sizeof ((struct operation *)0)->alarm];   /* the last one; "" since all is well */
	} protecting;
};

struct live_order {
	struct order order;
	enum order_state stored;       /* what its row says: the order may be one step ahead of it */
	int64_t lookup_mono_ms;        /* when to ask for it; 0: not, or at once if it is UNKNOWN */
	int64_t cancel_mono_ms;        /* when to cancel it (again), where that is wanted; 0: at once */
	int lookups, cancels;
	/* LIVE: something happened that may have changed it, and it is asked for before anything else. */
	bool must_look;
	bool is_lost;                  /* it was known, and a lookup does not find it: its fills are asked for */
	bool is_disbelief_told;        /* what is said of it does not fit, and a person knows */
	bool is_asked;                 /* a lookup is under way */
	bool is_answer_old;            /* and what it was asked for happened before the newest reason to look */
	int64_t seen_mono_ms;          /* when it was last seen resting, by this process; 0: never */
	int64_t added_mono_ms;         /* what was listed before it was sent tells nothing */
	int64_t not_found_at_ms;       /* exchange's clock: a "not found" that counts was asked at; 0: none yet */
};

struct queued_report {
	struct queued_report *next;
	bool is_heard;                 /* live_order knows that its question was answered: once, however often it is booked */
	struct exchange_report report; /* its texts point into this block */
	char client_order_id[CLIENT_ORDER_ID_SIZE], exchange_order_id[EXCHANGE_ORDER_ID_SIZE];
	char reason[256];
	size_t fill_count;
	struct fill fills[];
};

/* What goes out in one request that trades: signed, then written in one transaction, then sent. */
struct batch {
	enum instruction_kind kind;
	struct order orders[3]; size_t count;
	char list_id[CLIENT_ORDER_ID_SIZE];
	struct live_order *replaced;   /* INSTRUCT_REPLACE */
	struct signed_request signature;
};

struct open_wish {
	struct request request;
	bool is_begun;                 /* its first step was made */
	int64_t begun_us;              /* machine's monotonic clock */
};

struct desk {
	struct desk_setup setup;
	char actor[EVENT_ACTOR_SIZE];
	char feed_id[FEED_ID_SIZE];
	bool is_replay;
	bool is_holder;
	uint64_t revision;

	struct market **markets; size_t market_count, market_capacity;
	struct position **positions; size_t position_count, position_capacity;   /* by id, ascending */
	struct live_order **orders; size_t order_count, order_capacity;
	struct queued_report *reports, **reports_tail;
	const struct order *sending;   /* inside submit: its row is on disk and locks its own money */
	struct open_wish *wishes; size_t wish_count, wish_capacity;

	struct account *account;       /* LIVE's: desk_account.h */

	bool is_blocked;               /* a write met somebody else's lock, or failed: try again */
	int64_t retry_us;
	bool are_exits_due;            /* some position has a fire or an exit that waits */
	bool is_protection_due;        /* some LIVE position asks what is next */
	/* The exchange's own check of an entry, before it is sent. */
	struct { char client_order_id[CLIENT_ORDER_ID_SIZE]; bool is_asked, is_answered; int64_t asked_mono_ms;
	         struct error answer; } test;
	/* Entries that met "timestamp outside of recvWindow": each is signed anew, once. */
	struct { char intent_id[INTENT_ID_SIZE]; int64_t until_mono_ms; } resign[8]; int resign_count;
	bool are_wishes_due;           /* rows may be waiting */
	bool are_wishes_dirty;         /* something happened that may settle one */
	char trouble[256];             /* the database's */
	char actor_now[EVENT_ACTOR_SIZE];   /* whose wish is being acted on; "" the desk's own */

	int64_t latencies_us[LATENCY_KEEP]; size_t latency_count;
	int64_t stops_fired;
	struct pass_model pass;
	/* What the trades up to one added up to: they never change, so only new ones are read. */
	struct ledger_seen { int64_t client_id, trade_id; struct ledger realized; } ledger_seen;
	struct ledger ledger_cache; int64_t ledger_changes, ledger_client;   /* of this state of the book */
	/* for status: refreshed when the store changed */
	int64_t seen_changes, seen_at_us;
	struct desk_status_model status_cache;
};

/* ---- desk.c ---- */
int64_t desk_mono_ms(const struct desk *desk);
void desk_touch(struct desk *desk);                         /* something visible changed */
void desk_measure_latency(struct desk *desk, struct position *position);   /* the price that fired it -> now */
/* A write failed with BUSY or IO inside the loop: remember to try again, and say it. */
void desk_blocked(struct desk *desk, const struct error *err);
void desk_tell(struct desk *desk, enum urgency urgency, const struct event *event);
struct market *desk_market(const struct desk *desk, const char *symbol);       /* NULL */
void desk_keep_rules(struct desk *desk, struct market *market);
struct market *desk_market_make(struct desk *desk, const char *symbol);        /* NULL: no memory */
struct position *desk_position(const struct desk *desk, int64_t operation_id); /* NULL */
MUST_USE enum status desk_position_add(struct desk *desk, const struct operation *op);
void desk_position_drop(struct desk *desk, int64_t operation_id);
void desk_position_arm(struct desk *desk, struct position *position);          /* into its ladder, or out of it */
/* The newest generation of its orders of a purpose; NULL: entries are the intent's. */
int *position_generation(struct position *position, enum order_purpose purpose);
/* What is bought and sold of a symbol, by its rules where they are known. */
void desk_base_of(const struct desk *desk, const char *symbol, char ret_base[ASSET_SIZE]);
struct live_order *desk_order(const struct desk *desk, const char *client_order_id);
MUST_USE enum status desk_order_add(struct desk *desk, const struct order *order);
void desk_order_drop(struct desk *desk, const char *client_order_id);
struct live_order *desk_order_of(const struct desk *desk, const char *intent_id, int64_t operation_id,
                                 enum order_purpose purpose);                  /* open ones only */
bool desk_is_fresh(const struct desk *desk, const struct market *market);
/* What was caused is not finished, and no time has to pass for it: a replay waits. */
bool desk_must_finish(const struct desk *desk);

/* ---- desk_note.c: audit events ---- */
struct note { struct event event; struct text data; struct json_out json; };
void note_open(struct note *note, struct desk *desk, const char *kind);
void note_intent(struct note *note, const struct intent *intent);
void note_operation(struct note *note, const struct operation *op);
void note_order(struct note *note, const struct order *order);
void note_quote(struct note *note, const struct quote *quote);
/* Appends the event inside the open transaction.  The note stays readable until note_done. */
MUST_USE enum status note_write(struct note *note, struct desk *desk, struct error *err,
                                const char *summary, ...) PRINTF_LIKE(4, 5);
void note_done(struct note *note);
/* An event of its own transaction, for what changes nothing else. */
MUST_USE enum status note_alone(struct note *note, struct desk *desk, struct error *err,
                                const char *summary, ...) PRINTF_LIKE(4, 5);

/* ---- desk_facts.c ---- */
MUST_USE enum status facts_ledger(struct desk *desk, int64_t client_id, struct ledger *ret, struct error *err);
struct fact_sheet {                    /* storage for guard_facts' pointers */
	struct guard_facts facts;
	struct strategy strategy; struct symbol_rules rules; struct quote quote;
	struct sizing sizing; struct error sizing_error; struct book book;
};
/* Everything that the guards want to know about this intent, now. */
MUST_USE enum status facts_gather(struct desk *desk, const struct intent *intent,
                                  enum guard_occasion occasion, struct fact_sheet *ret, struct error *err);
/* The policy's facts alone. */
MUST_USE enum status facts_policy(struct desk *desk, const struct intent *intent, enum mode mode,
                                  bool is_acknowledged, struct policy_facts *ret, struct error *err);
/* The size that the intent's own levels allow with these facts. */
enum status facts_size(struct desk *desk, const struct intent *intent, const struct symbol_rules *rules,
                       const struct strategy *strategy, bool has_balance, struct decimal balance,
                       struct sizing *ret, struct error *err);
/* What an entry that is still under way may yet lose.  False: it is no entry, or nobody's. */
bool facts_entry_risk(struct desk *desk, const struct order *order, struct intent *ret_owner,
                      struct decimal *ret_risk, enum status *ret_status);
/* Net P&L of what was closed from from_ms on, in one quote asset: dollars and bitcoins do not add up.
 * An asset of "" is named by the newest trade. */
MUST_USE enum status facts_net_pnl(struct desk *desk, int64_t client_id, enum mode mode, int64_t from_ms,
                                   char asset[ASSET_SIZE], struct decimal *ret, struct error *err);
struct decimal facts_risk_limit(const struct desk *desk, const struct strategy *strategy);
/* The account's own taker fee where it is known, else the setting. */
struct decimal facts_fee_percent(const struct desk *desk, enum mode mode, const char *symbol);
bool facts_balance(struct desk *desk, int64_t client_id, enum mode mode, const char *asset,
                   struct decimal *ret);

/* ---- desk_plan.c, desk_validate.c ---- */
/* A plan as read, or the first of its errors; then, inside a transaction, written; then judged. */
MUST_USE enum status plan_read(struct desk *desk, const struct plan_input *input, struct preview *ret,
                               struct error *err);
MUST_USE enum status plan_write(struct desk *desk, struct preview *preview, struct error *err);
MUST_USE enum status validate_write(struct desk *desk, struct intent *intent, struct report *ret_report,
                                    struct error *err);

/* ---- desk_execute.c ---- */
/* Every gate of an execution, in its order; *ret_gate: the one that said no, "" if none did. */
MUST_USE enum status execute_may(struct desk *desk, const struct intent *intent, enum mode mode,
                                 bool is_acknowledged, const char **ret_gate, struct error *err);
/* What an execution would find now: every guard, then the intent with the price and the size that would
 * be sent, and the facts that they rest on.  Writes nothing. */
MUST_USE enum status execute_rehearse(struct desk *desk, struct intent *intent, struct fact_sheet *sheet,
                                      struct report *ret_report, struct error *err);
/* First step of an EXECUTE wish.  STATUS_UNAVAILABLE: facts are missing, ask again. */
MUST_USE enum status execute_begin(struct desk *desk, struct request *request, struct error *err);

/* ---- desk_send.c: what goes out ---- */
struct exchange *desk_exchange(const struct desk *desk, enum mode mode);   /* NULL: none */
/* An order of an operation, PENDING, with its links, generation and id. */
MUST_USE enum status batch_add(struct desk *desk, struct batch *batch, const struct operation *op,
                               enum order_purpose purpose, int generation, const struct order *terms,
                               struct error *err);
/* Where it goes and when it was signed; STATUS_UNAVAILABLE: not now.  On paper nothing is signed. */
MUST_USE enum status batch_sign(struct desk *desk, struct batch *batch, struct error *err);
MUST_USE enum status batch_write(struct desk *desk, const struct batch *batch, struct error *err);  /* in the transaction */
void batch_drop(struct desk *desk, struct batch *batch);        /* it was not written: it is not sent */
/* After the commit.  Whatever comes of it comes back as reports. */
MUST_USE enum status batch_send(struct desk *desk, struct batch *batch, struct error *err);

/* After the commit: it is not sent after all. */
MUST_USE enum status batch_refrain(struct desk *desk, struct batch *batch, const char *why, struct error *err);

/* ---- desk_entry.c: what an execution sends ---- */
/* Which list an entry goes out in, if any: what pays for itself first; a target only where two exits
 * can share one list, else it is watched here. */
enum instruction_kind entry_shape(enum side side, bool wants_target, const struct symbol_rules *rules,
                                  bool *ret_has_target);
/* The entry, and what protects it, in one request where the symbol allows that. */
MUST_USE enum status entry_batch(struct desk *desk, const struct intent *intent, int generation, struct batch *ret,
                                 struct error *err);
/* STATUS_OK: the exchange would take it, or can't be asked.  STATUS_UNAVAILABLE: being asked. */
MUST_USE enum status entry_test(struct desk *desk, const struct batch *batch, struct error *err);
void entry_tested(void *desk, const char *client_order_id, const struct error *error);   /* the listener */
void entry_resign(struct desk *desk);            /* entries that are signed anew */
/* At start: an intent that is EXECUTING without an entry under way has ended. */
MUST_USE enum status entry_settle_left(struct desk *desk, struct error *err);

/* ---- desk_protect.c: LIVE positions (core/protection.h) ---- */
void protect_touch(struct desk *desk, struct position *position);   /* something changed: what is next? */
/* Open orders of an operation, without those that should rest and were not seen lately: never better
 * than what was seen.  How many were put into ret. */
size_t protect_orders(const struct desk *desk, const struct operation *op, const struct order **ret, size_t max);
void protect_taken(struct desk *desk, struct position *position);   /* after a start: its timers begin anew */
void protect_turn(struct desk *desk);
/* Write why an exit is wanted and, if nothing stands in its way, the exit; send it. */
MUST_USE enum status protect_want(struct desk *desk, struct position *position, const struct exit_wish *wish,
                                  struct error *err);
/* A level of a LIVE position was crossed.  Where something rests on the exchange for it, the exchange
 * sells and the clock says when the monitor does; else the monitor does at once. */
void protect_crossed(struct desk *desk, struct position *position);
void protect_price(struct desk *desk, struct market *market);    /* a quote came */
void protect_last(struct desk *desk, struct market *market);     /* a last price came */
/* After the commit of a report about one of its orders. */
void protect_heard(struct desk *desk, struct position *position, const struct order *order,
                   enum order_state was, const struct exchange_report *report);
/* A stop is seen resting for what the intent opened, or it is on its way out, or there is nothing. */
bool protect_has_settled(struct desk *desk, const struct intent *intent);
bool protect_is_level_in_force(const struct desk *desk, const struct position *position);
int64_t protect_deadline_us(const struct desk *desk, int64_t now_us);

/* ---- desk_orders.c ---- */
MUST_USE enum status orders_send(struct desk *desk, struct live_order *live, struct error *err);   /* paper */
/* That it is wanted is on disk already.  Tried again until the order has ended. */
void orders_cancel(struct desk *desk, struct live_order *live);
/* Write that it is wanted, and cancel it. */
MUST_USE enum status orders_want_cancel(struct desk *desk, struct live_order *live, const char *why, struct error *err);
/* LIVE: look at it before anything else is decided. */
void orders_must_look(struct live_order *live);
/* When the next question is due, should this one stay without an answer. */
void orders_ask_again(struct desk *desk, struct live_order *live);
void orders_queue_report(void *desk, const struct exchange_report *report);    /* the listener */
void orders_drain(struct desk *desk);

/* ---- desk_looks.c: asking for orders that nobody tells of ---- */
void orders_lookups(struct desk *desk);
void orders_watch_open(struct desk *desk);
/* The open orders of a symbol, as the exchange lists them ("": of all). */
void orders_see_open(struct desk *desk, const char *symbol, const struct exchange_order *orders, size_t count,
                     int64_t asked_mono_ms);
/* Fills of the account; those of orders that can't be found any more are their evidence. */
void orders_see_trades(struct desk *desk, const char *symbol, const struct exchange_trade *trades, size_t count);
/* There is an order that is asked for, or a LIVE one that is polled: the loop comes back by itself. */
bool orders_have_questions(const struct desk *desk);

/* ---- desk_monitor.c ---- */
void monitor_quote(struct desk *desk, struct market *market, const struct quote *quote);
void monitor_judge(struct desk *desk, struct market *market);
void monitor_history(struct desk *desk, struct market *market, const struct candle *candles,
                     size_t count, bool is_last, const struct error *error);
void monitor_due(struct desk *desk);                        /* what waits to be written, retries, alarms */
/* An exit can go out, or a firing be written, without any time passing. */
bool monitor_is_exit_ready(const struct desk *desk);
int64_t monitor_deadline_us(const struct desk *desk, int64_t now_us);
/* Ask for what was missed since from_ms; live prices wait for the answer. */
void monitor_open_gap(struct desk *desk, struct market *market, int64_t from_ms);
/* The crossing that was found, written down and acted on. */
void monitor_fire(struct desk *desk, struct position *position);

/* ---- desk_exit.c ---- */
/* Write "exit wanted" and, unless an entry still rests, the exit order; send what was written. */
MUST_USE enum status exit_want(struct desk *desk, struct position *position, const struct exit_wish *wish,
                               struct error *err);
/* Paper: an exit is wanted and no exit order is open: write and send the next one. */
MUST_USE enum status exit_send_next(struct desk *desk, struct position *position, struct error *err);
bool exit_can_send(const struct desk *desk, const struct operation *op);
/* The event of the wish, in the open transaction; and what follows its commit. */
MUST_USE enum status exit_write_wish(struct desk *desk, const struct operation *op, struct note *note, struct error *err);
void exit_wish_written(struct desk *desk, struct position *position, struct note *note);
/* That this price was checked, in the same transaction, unless others that it crossed still wait. */
MUST_USE enum status exit_join_check(struct desk *desk, const struct position *position, struct error *err);

/* ---- desk_checks.c ---- */
void monitor_save_checks(struct desk *desk);                /* where watching stands, all symbols */
/* Where watching stands, into the open transaction: what the next holder looks back to must not lie
 * before a level was moved to where it is. */
MUST_USE enum status monitor_join_checks(struct desk *desk, struct error *err);
MUST_USE enum status monitor_join_check(struct desk *desk, struct market *market, struct error *err);

/* ---- desk_levels.c, desk_wishes.c ---- */
MUST_USE enum status levels_move_stop(struct desk *desk, const struct request *request, struct error *err);
MUST_USE enum status levels_move_target(struct desk *desk, const struct request *request, struct error *err);
MUST_USE enum status levels_release(struct desk *desk, const struct request *request, struct error *err);
/* Write a request row; refused if --readonly. */
MUST_USE enum status wishes_state(struct desk *desk, struct request *request, int64_t wait_ms,
                                  int64_t *ret_wish, struct error *err);
/* One step of a row, in a transaction of its own. */
MUST_USE enum status wishes_move_row(struct desk *desk, struct request *request, enum request_state to,
                                     struct error *err);
void wishes_turn(struct desk *desk);
MUST_USE enum status wishes_reload(struct desk *desk, struct error *err);

/* ---- desk_pass.c ---- */
void pass_write(const struct pass_model *pass, char *ret_text, size_t size);
void pass_read(const char *text, struct pass_model *ret);     /* what can't be read is left out */

/* ---- desk_views.c ---- */
void view_operation(struct desk *desk, const struct operation *op, struct operation_model *ret);
void view_holder(struct desk *desk, struct holder_model *ret);
/* ---- desk_status_live.c ---- */
void status_live(struct desk *desk, struct desk_status_model *model);

int64_t status_latency_p99(const struct desk *desk);   /* 0: nothing fired yet */

#endif
