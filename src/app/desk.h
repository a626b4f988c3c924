/* The desk: every use case of Robson, for the screen, the command line and the monitor alike.
 *
 * It owns no time, no randomness, no file and no socket: given the same events (wishes, quotes,
 * reports, clock readings) it makes the same decisions and writes the same records.  Nothing here
 * blocks.  STATUS_BUSY from any use case means that somebody else is writing this very moment and
 * that nothing was changed: ask again a little later (session_retry does).
 *
 * What only changes the book (plan, validate, cancel before execution, pause, the LIVE switch,
 * strategies) is done at once by whoever asks.  What acts on the market is a wish (desk_wish_*): a
 * request row that the holder of the lease acts on.  (architecture.md, "One hand on the exchange") */
#ifndef APP_DESK_H
#define APP_DESK_H

#include "app/models.h"
#include "app/settings.h"
#include "base/random.h"
#include "base/wait.h"
#include "core/ports/exchange.h"
#include "core/ports/notifier.h"
#include "core/ports/price_feed.h"

struct store;
struct desk;

struct desk_setup {
	struct store *store;                  /* borrowed, like everything here; outlives the desk */
	struct price_feed *feed;              /* NULL: a command that needs no prices */
	struct exchange *paper;               /* NULL: likewise */
	struct exchange *live;                /* NULL: no key, so nothing can be LIVE here */
	void (*wake_live)(struct exchange *live);   /* it may ask the network from now on; NULL: no need to say so */
	const char *key_origin;               /* where the key came from, in words; NULL: there is none */
	const char *key_trouble;              /* why the key that there is can't be used; NULL: it can */
	const char *machine;                  /* what the system calls this machine; NULL: unknown */
	const struct notifier *notifier;      /* NULL: nobody to tell */
	const struct settings *settings;
	random_fill_fn random; void *random_self;
	int64_t client_id;
	const char *actor;                    /* "person/screen", "person/command", "monitor" */
	bool is_readonly;
	bool is_brief;                        /* a command: that it takes the lease is no event by itself */
};
MUST_USE enum status desk_open(const struct desk_setup *setup, struct desk **ret, struct error *err);
void desk_close(struct desk *desk);               /* accepts NULL */
int64_t desk_client(const struct desk *desk);
int64_t desk_now_ms(const struct desk *desk);     /* the clock of its feed, or the machine's */

/* ---- holding the lease ----
 * take: every PENDING and SENT order becomes UNKNOWN and is looked up; positions are loaded and
 * their watches re-armed, before anything else happens; gaps in prices are asked for. */
MUST_USE enum status desk_take_hold(struct desk *desk, struct error *err);
void desk_release_hold(struct desk *desk);
bool desk_is_holder(const struct desk *desk);
/* Rows may be waiting: the wake-up socket was knocked on, or the database changed. */
void desk_wake(struct desk *desk);
/* Nothing is under way that a moment's patience would not end: the lease may be given away. */
bool desk_is_quiet(const struct desk *desk);
size_t desk_watched_count(const struct desk *desk);   /* operations judged here */
size_t desk_unseen_count(const struct desk *desk);    /* LIVE ones with a stop that was not seen resting lately */
size_t desk_stale_count(const struct desk *desk);     /* those of them whose price is too old to judge by */
/* The n-th open operation that is judged on another feed, so not here; NULL: there are no more.
 * Borrowed until the next turn; only a holder knows any. */
const struct operation *desk_foreign(const struct desk *desk, size_t n);
size_t desk_open_orders(const struct desk *desk);     /* orders that may still be filled */
/* For the paper exchange: what a client has free of a quote asset, without the order that is being
 * sent right now.  self is the desk. */
enum status desk_paper_balance(void *self, int64_t client_id, const char *asset, struct decimal *ret);

/* ---- the loop ---- */
void desk_prepare(struct desk *desk, struct wait *wait, int64_t now_mono_us);
/* Feed and exchange first, stops before orders before wishes; bounded work per call. */
void desk_dispatch(struct desk *desk, const struct wait *wait, int64_t now_mono_us);
/* Changes whenever something that a screen shows may have changed. */
uint64_t desk_revision(const struct desk *desk);

/* ---- prices ---- */
MUST_USE enum status desk_watch(struct desk *desk, const char *symbol, struct error *err);
void desk_unwatch(struct desk *desk, const char *symbol);     /* positions keep theirs */
/* STATUS_OK: rules are known and a quote fresh enough to decide on is there.  STATUS_NOT_FOUND: the
 * exchange knows no such symbol.  STATUS_UNAVAILABLE: not (yet); err says what is missing. */
enum status desk_facts(const struct desk *desk, const char *symbol, struct error *err);
bool desk_price(const struct desk *desk, const char *symbol, struct price_model *ret);
const struct symbol_rules *desk_rules(const struct desk *desk, const char *symbol);   /* NULL: unknown */
size_t desk_complete(struct desk *desk, const char *prefix, char (*ret_names)[SYMBOL_SIZE], size_t max);
/* Candles for the chart, oldest first: history where the feed has it (asked for at the first call)
 * and what was seen since.  Returns how many were copied. */
size_t desk_candles(struct desk *desk, const char *symbol, struct candle *ret, size_t max);
/* Of the LIVE account: STATUS_OK: its balances, and the fees of the symbol if one is named, are known
 * and young.  Else the asking itself makes the desk ask the exchange: STATUS_UNAVAILABLE: not (yet);
 * STATUS_CONFIG: the key can't be used. */
enum status desk_account(struct desk *desk, const char *symbol, struct error *err);
/* Does the book live on this machine?  STATUS_OK: it does, or may; STATUS_REFUSED: it has to be adopted. */
MUST_USE enum status desk_home(struct desk *desk, struct error *err);
/* Is anything LIVE in the book, or its switch on? */
bool desk_has_live_business(struct desk *desk);
/* What a person must look at: the client's open blockers, oldest first. */
MUST_USE enum status desk_blockers(struct desk *desk, struct blocker_list *ret, struct error *err);
/* A person has looked, and says what came of it. */
MUST_USE enum status desk_blocker_resolve(struct desk *desk, int64_t number, const char *reason, struct error *err);

/* ---- planning ----
 * All members are what a person typed; NULL or "" means not given.  Errors name the member. */
struct plan_input {
	const char *from;             /* clone of this intent, with what is given changed */
	const char *side, *symbol, *quantity, *entry, *stop, *target, *capital, *strategy, *regime,
	           *confidence, *reason;
	bool live;
};
/* What a plan would be, at this very moment: size, loss, win, fees.  Touches nothing on disk and is
 * cheap enough for every keystroke.  ret->errors has one entry per field that is wrong. */
void desk_preview(struct desk *desk, const struct plan_input *input, struct preview *ret);
MUST_USE enum status desk_plan(struct desk *desk, const struct plan_input *input, struct intent *ret,
                               struct error *err);
/* Runs every guard.  STATUS_OK: VALIDATED.  STATUS_NO: FAILED.  STATUS_UNAVAILABLE: a fact is
 * missing, still PENDING.  ret_report is filled in all three. */
MUST_USE enum status desk_validate(struct desk *desk, const char *intent, bool live,
                                   struct intent *ret, struct report *ret_report, struct error *err);
/* The guards on fresh numbers, written nowhere: for the CONFIRM dialog. */
MUST_USE enum status desk_recheck(struct desk *desk, const char *intent, bool live,
                                  struct report *ret_report, struct error *err);
/* The same with every figure of the question that a LIVE order has to pass.  Written nowhere. */
MUST_USE enum status desk_confirm(struct desk *desk, const char *intent, struct confirm_model *ret,
                                  struct error *err);

/* ---- patterns ----
 * One trigger and one intent, validated at once, in one transaction.  An event that has its trigger
 * already yields the first one, whatever else is given.  STATUS_OK: there is a trigger; its intent
 * says how it stands.  Else nothing was triggered, which is an event of its own. */
struct trigger_input { const char *event_id; enum pattern pattern; struct plan_input plan; };
MUST_USE enum status desk_pattern_trigger(struct desk *desk, const struct trigger_input *input,
                                          struct trigger_model *ret, struct error *err);
/* Always STATUS_REFUSED, and written down: for what was asked for LIVE and has no intent.  (STATUS_BUSY:
 * not written yet.) */
MUST_USE enum status desk_pattern_refuse_live(struct desk *desk, const struct trigger_input *input,
                                              struct error *err);
MUST_USE enum status desk_patterns(struct desk *desk, int limit, struct trigger_list *ret,
                                   struct error *err);                              /* newest first */

/* ---- the switchboard ---- */
MUST_USE enum status desk_pause(struct desk *desk, const char *reason, struct error *err);
MUST_USE enum status desk_resume(struct desk *desk, struct error *err);
MUST_USE enum status desk_live_switch(struct desk *desk, bool on, struct error *err);
struct strategy_input { const char *name, *description, *bias, *risk_percent, *max_drawdown_percent,
                                   *stop_loss_percent, *max_position_percent, *active; };
MUST_USE enum status desk_strategy_add(struct desk *desk, const struct strategy_input *input,
                                       struct strategy *ret, struct error *err);
MUST_USE enum status desk_strategy_edit(struct desk *desk, const struct strategy_input *input,
                                        struct strategy *ret, struct error *err);

/* ---- wishes: what acts on the market ----
 * Each states a request row and returns its id; the holder (this desk or another process) acts on
 * it.  What can be refused at once (unknown id, wrong status, policy, bad level) is refused at once:
 * no row is written then, but the refusal of an execution is an event all the same.
 * wait_ms: after this long an untaken wish lapses. */
MUST_USE enum status desk_wish_execute(struct desk *desk, const char *intent, bool live,
                                       bool is_acknowledged, int64_t wait_ms, int64_t *ret_wish,
                                       struct error *err);
/* A PENDING or VALIDATED intent is cancelled at once (*ret_wish = 0); EXECUTING is a wish. */
MUST_USE enum status desk_wish_cancel(struct desk *desk, const char *intent, int64_t wait_ms,
                                      int64_t *ret_wish, struct error *err);
MUST_USE enum status desk_wish_close(struct desk *desk, int64_t operation, int64_t wait_ms,
                                     int64_t *ret_wish, struct error *err);
/* price: as typed, "95,900" or "-1.5%"; target also "3R". */
MUST_USE enum status desk_wish_stop(struct desk *desk, int64_t operation, const char *price, bool widen,
                                    int64_t wait_ms, int64_t *ret_wish, struct error *err);
MUST_USE enum status desk_wish_target(struct desk *desk, int64_t operation, const char *price,
                                      int64_t wait_ms, int64_t *ret_wish, struct error *err);
/* What rests on an exchange for it is left there, or cancelled, as the person says. */
MUST_USE enum status desk_wish_release(struct desk *desk, int64_t operation, const char *reason,
                                       bool cancels_protection, int64_t wait_ms, int64_t *ret_wish,
                                       struct error *err);
MUST_USE enum status desk_wish_panic(struct desk *desk, const char *reason, int64_t wait_ms,
                                     int64_t *ret_wish, struct error *err);
MUST_USE enum status desk_wish_check(struct desk *desk, int64_t wait_ms, int64_t *ret_wish,
                                     struct error *err);
/* The book against the exchange, now.  What came of it is in the outcome's message: reconcile_read. */
MUST_USE enum status desk_wish_reconcile(struct desk *desk, int64_t wait_ms, int64_t *ret_wish, struct error *err);
/* A copied or restored book is compared with the exchange, and then lives and acts here. */
MUST_USE enum status desk_wish_adopt(struct desk *desk, int64_t wait_ms, int64_t *ret_wish, struct error *err);
/* The counts out of such a message; what can't be read is zero. */
void reconcile_read(const char *message, struct reconcile_model *ret);

/* How a wish stands.  WISH_DONE: err holds what came of it (STATUS_OK or why not). */
enum wish_state { WISH_WAITING, WISH_TAKEN, WISH_DONE, WISH_LAPSED };
MUST_USE enum status desk_wish_look(struct desk *desk, int64_t wish, enum wish_state *ret,
                                    struct error *ret_outcome, struct error *err);
/* Withdraw it if nobody has taken it: STATUS_CONFLICT if somebody has. */
MUST_USE enum status desk_wish_withdraw(struct desk *desk, int64_t wish, struct error *err);
/* What `monitor --once` reports of the last pass of this desk. */
void desk_last_pass(const struct desk *desk, struct pass_model *ret);

/* ---- looking ---- (each list is filled into `ret`, which *_list_done frees) */
MUST_USE enum status desk_intent(struct desk *desk, const char *id_or_prefix, struct intent_model *ret,
                                 struct error *err);
void intent_model_done(struct intent_model *model);
MUST_USE enum status desk_operation(struct desk *desk, int64_t id, struct operation_model *ret,
                                    struct error *err);
struct intent_filter { bool has_status; enum intent_status status; int limit; };
MUST_USE enum status desk_intents(struct desk *desk, const struct intent_filter *filter,
                                  struct intent_list *ret, struct error *err);      /* newest first */
struct operation_filter { bool has_status; enum operation_status status; int limit; };
MUST_USE enum status desk_operations(struct desk *desk, const struct operation_filter *filter,
                                     struct operation_list *ret, struct error *err); /* newest first */
struct order_filter { const char *intent; int64_t operation; bool only_open; int limit; int64_t from_ms, to_ms; };
MUST_USE enum status desk_orders(struct desk *desk, const struct order_filter *filter,
                                 struct order_list *ret, struct error *err);        /* oldest first, with fills */
struct trade_filter { int64_t from_ms, to_ms; int64_t operation; int limit; bool newest_first; };
MUST_USE enum status desk_trades(struct desk *desk, const struct trade_filter *filter,
                                 struct trade_list *ret, struct error *err);        /* oldest first, unless
                                                                                       asked otherwise */
MUST_USE enum status desk_strategies(struct desk *desk, struct strategy_list *ret, struct error *err);
MUST_USE enum status desk_strategy(struct desk *desk, const char *name, struct strategy *ret, struct error *err);
struct event_filter { const char *intent; int64_t operation; int64_t after_seq; int limit; bool newest_first; };
MUST_USE enum status desk_events(struct desk *desk, const struct event_filter *filter,
                                 struct event_list *ret, struct error *err);
MUST_USE enum status desk_portfolio(struct desk *desk, enum mode mode, struct portfolio_model *ret,
                                    struct error *err);
void desk_status(struct desk *desk, struct desk_status_model *ret);    /* from memory; cheap */
/* Everything that could hurt at three in the morning, each PASS, WARN or FAIL with what to do. */
MUST_USE enum status desk_health(struct desk *desk, struct health_model *ret, struct error *err);
MUST_USE enum status desk_verify(struct desk *desk, struct verify_model *ret, struct error *err);
MUST_USE enum status desk_backup(struct desk *desk, const char *file, struct error *err);

#endif
