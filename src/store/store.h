/* The book on disk: one SQLite database in WAL mode, synchronous=FULL, STRICT tables, decimals as
 * canonical text, times as UTC milliseconds.  The schema itself refuses what must never be.
 *
 * Nothing here waits for a lock: a write that finds one returns STATUS_BUSY, with nothing changed,
 * and is tried again by the loop.  Every write of a use case is one transaction together with its
 * audit events.  Prepared once, bound each time.  Records are copied out into the caller's storage;
 * list functions call back once per row and stop early if the callback returns false.
 *
 * Common answers: STATUS_BUSY (somebody else writes), STATUS_IO (disk, damage; err says what),
 * STATUS_CONFLICT (compare-and-set found something else, or the schema refused), STATUS_NOT_FOUND. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "core/event.h"
#include "core/guards.h"
#include "core/operation.h"
#include "core/order.h"
#include "core/pattern.h"
#include "core/strategy.h"
#include "core/symbol.h"
#include "store/request.h"

struct store;

/* Open or create; creates parent folders (0700) and the file (0600).  Migrates an older schema, with
 * a backup beside it first (FILE.before-vN).  A newer schema: STATUS_IO, message names both versions.
 * now_ms stamps migrations.  readonly never writes, not even a migration (STATUS_IO if one is due).
 * *ret_is_new tells that the book was just made; may be NULL. */
MUST_USE enum status store_open(const char *path, bool readonly, int64_t now_ms, struct store **ret,
                                bool *ret_is_new, struct error *err);
void store_close(struct store *store);                    /* accepts NULL; rolls back what is open */
const char *store_path(const struct store *store);

/* BEGIN IMMEDIATE / COMMIT / ROLLBACK.  Not nested.  A failed commit has rolled back. */
MUST_USE enum status store_begin(struct store *store, struct error *err);
MUST_USE enum status store_commit(struct store *store, struct error *err);
void store_rollback(struct store *store);                 /* harmless without a transaction */
bool store_in_transaction(const struct store *store);
/* BEGIN (deferred) … ROLLBACK around several reads that must agree with each other. */
MUST_USE enum status store_begin_read(struct store *store, struct error *err);

/* Changes whenever anybody has changed something, this connection included: cheap enough to poll. */
int64_t store_change_count(struct store *store);
/* The file at the path is not the one that is open any more: somebody removed, moved or replaced it.
 * Then nothing begins to be written: it would be lost with the last process that has it open. */
bool store_is_gone(const struct store *store);
/* Random id of this database file: changes with restore and adopt; client order ids carry 8 of it. */
enum { BOOK_ID_SIZE = 17 };
struct book {                          /* one client's records of one mode */
	int64_t client_id;
	enum mode mode;
	char id[BOOK_ID_SIZE];             /* random lower-case hex */
	struct decimal realized_net;       /* of all CLOSED operations */
	bool is_paused;                    /* of the client: the same in both modes */
	char pause_reason[REASON_SIZE], paused_by[EVENT_ACTOR_SIZE];
	int64_t paused_at_ms;
	bool is_live_on;                   /* the LIVE switch; off by default */
};
/* Makes the client's books (and seeds the strategies) if they do not exist: needs a transaction then
 * and opens its own if none is open. */
MUST_USE enum status store_book(struct store *store, int64_t client_id, enum mode mode,
                                struct book *ret, struct error *err);
/* Every id that the client's book of this mode ever had, the one in force first: what rests on the
 * exchange under an old one is the book's, too. */
typedef bool (*store_book_id_fn)(void *self, const char *id, int64_t from_ms /* 0: since it was made */);
MUST_USE enum status store_book_ids(struct store *store, int64_t client_id, enum mode mode,
                                    store_book_id_fn each, void *self, struct error *err);
/* A fresh id for it from now on: its client order ids can't meet any that it ever sent. */
MUST_USE enum status store_book_renew_id(struct store *store, int64_t client_id, enum mode mode,
                                         int64_t now_ms, char ret_id[BOOK_ID_SIZE], struct error *err);
MUST_USE enum status store_set_paused(struct store *store, int64_t client_id, bool paused,
                                      const char *reason, const char *actor, int64_t now_ms,
                                      struct error *err);
MUST_USE enum status store_set_live(struct store *store, int64_t client_id, bool on, struct error *err);
/* The month's base (budget): inserted once per (client, mode, month), read ever after. */
MUST_USE enum status store_month_base(struct store *store, int64_t client_id, enum mode mode,
                                      int64_t month_start_ms, const struct decimal *insert_if_none,
                                      struct decimal *ret, struct error *err);   /* NOT_FOUND */

/* ---- intents ---- */
MUST_USE enum status store_intent_insert(struct store *store, const struct intent *intent, struct error *err);
/* By id or unambiguous prefix (at least 4 characters): NOT_FOUND, AMBIGUOUS.  An exact id of another
 * client is NOT_FOUND too; client_id 0 means any. */
MUST_USE enum status store_intent_find(struct store *store, int64_t client_id, const char *id_or_prefix,
                                       struct intent *ret, struct error *err);
/* Write every field of *intent if the row still has the status `from`; else STATUS_CONFLICT. */
MUST_USE enum status store_intent_update(struct store *store, const struct intent *intent,
                                         enum intent_status from, struct error *err);
struct intent_query { int64_t client_id; bool has_status; enum intent_status status; int limit; /* 0: all */
                      bool has_mode; enum mode mode; };
typedef bool (*store_intent_fn)(void *self, const struct intent *intent);
MUST_USE enum status store_intents(struct store *store, const struct intent_query *query,
                                   store_intent_fn each, void *self, struct error *err);  /* newest first */
/* Other VALIDATED or EXECUTING intents with the same symbol, side, entry and mode. */
MUST_USE enum status store_intent_duplicates(struct store *store, const struct intent *intent,
                                             int *ret_count, char ret_first[INTENT_ID_SIZE], struct error *err);

/* The report of a validation; the newest is the intent's.  occasion is kept with it. */
MUST_USE enum status store_report_insert(struct store *store, const char *intent_id,
                                         enum guard_occasion occasion, int64_t now_ms,
                                         const struct report *report, struct error *err);
MUST_USE enum status store_report_latest(struct store *store, const char *intent_id,
                                         enum guard_occasion occasion, struct report *ret,
                                         int64_t *ret_at_ms, struct error *err);

/* ---- what patterns triggered ---- */
/* STATUS_CONFLICT: the client's event has its trigger already, or the intent is not its own. */
MUST_USE enum status store_trigger_insert(struct store *store, const struct pattern_trigger *trigger, struct error *err);
MUST_USE enum status store_trigger_find(struct store *store, int64_t client_id, const char *event_id,
                                        struct pattern_trigger *ret, struct error *err);
typedef bool (*store_trigger_fn)(void *self, const struct pattern_trigger *trigger);
MUST_USE enum status store_triggers(struct store *store, int64_t client_id, int limit /* 0: all */,
                                    store_trigger_fn each, void *self, struct error *err);  /* newest first */

/* ---- orders and fills ---- */
MUST_USE enum status store_order_insert(struct store *store, const struct order *order, struct error *err);
MUST_USE enum status store_order_update(struct store *store, const struct order *order,
                                        enum order_state from, struct error *err);
MUST_USE enum status store_order_find(struct store *store, const char *client_order_id,
                                      struct order *ret, struct error *err);
struct order_query { int64_t client_id; /* 0: any */ const char *intent_id; int64_t operation_id;
                     bool only_open; int limit; int64_t from_ms, to_ms;
                     bool has_mode; enum mode mode; };
typedef bool (*store_order_fn)(void *self, const struct order *order);
MUST_USE enum status store_orders(struct store *store, const struct order_query *query,
                                  store_order_fn each, void *self, struct error *err);     /* oldest first */
/* STATUS_CONFLICT for a fill that is there already (same order and exchange_trade_id). */
MUST_USE enum status store_fill_insert(struct store *store, const struct fill *fill, struct error *err);
bool store_fill_exists(struct store *store, const char *client_order_id, const char *exchange_trade_id);
struct fill_row { struct fill fill; struct order order; };
typedef bool (*store_fill_fn)(void *self, const struct fill_row *row);
MUST_USE enum status store_fills(struct store *store, const struct order_query *query,
                                 store_fill_fn each, void *self, struct error *err);       /* oldest first */

/* ---- operations and trades ---- */
/* Sets op->id.  STATUS_CONFLICT if the intent has one already. */
MUST_USE enum status store_operation_insert(struct store *store, struct operation *op, struct error *err);
MUST_USE enum status store_operation_update(struct store *store, const struct operation *op,
                                            enum operation_status from, struct error *err);
MUST_USE enum status store_operation_find(struct store *store, int64_t client_id, int64_t id,
                                          struct operation *ret, struct error *err);       /* client 0: any */
MUST_USE enum status store_operation_of_intent(struct store *store, const char *intent_id,
                                               struct operation *ret, struct error *err);
struct operation_query { int64_t client_id; bool has_status; enum operation_status status; int limit;
                         bool has_mode; enum mode mode; };
typedef bool (*store_operation_fn)(void *self, const struct operation *op);
MUST_USE enum status store_operations(struct store *store, const struct operation_query *query,
                                      store_operation_fn each, void *self, struct error *err); /* newest first */
/* Inserts the trade, adds net to the book's realized_net and to the strategy's record: one call, so
 * that the closing transaction can't forget one of them.  Sets trade->id. */
MUST_USE enum status store_trade_book(struct store *store, struct trade *trade, struct error *err);
struct trade_query { int64_t client_id; bool has_mode; enum mode mode; int64_t from_ms, to_ms; /* 0: open */
                     int64_t operation_id; int limit; bool newest_first;
                     int64_t after_id; /* only younger ones */ };
typedef bool (*store_trade_fn)(void *self, const struct trade *trade);
MUST_USE enum status store_trades(struct store *store, const struct trade_query *query,
                                  store_trade_fn each, void *self, struct error *err);     /* oldest first,
                                                                                           unless asked otherwise */

/* ---- strategies ---- */
MUST_USE enum status store_strategy_find(struct store *store, int64_t client_id, const char *name,
                                         struct strategy *ret, struct error *err);         /* any case */
typedef bool (*store_strategy_fn)(void *self, const struct strategy *strategy);
MUST_USE enum status store_strategies(struct store *store, int64_t client_id, store_strategy_fn each,
                                      void *self, struct error *err);
MUST_USE enum status store_strategy_insert(struct store *store, struct strategy *strategy, struct error *err);
MUST_USE enum status store_strategy_update(struct store *store, const struct strategy *strategy, struct error *err);

/* ---- the day, for limits and policy ---- */
struct day_counts { int64_t orders; struct decimal notional; struct decimal net_pnl; int64_t pattern_executions; };
MUST_USE enum status store_day_counts(struct store *store, int64_t client_id, enum mode mode,
                                      int64_t day_start_ms, struct day_counts *ret, struct error *err);
/* Net P&L of trades closed in [from, to); exact sum. */
MUST_USE enum status store_net_pnl(struct store *store, int64_t client_id, enum mode mode,
                                   int64_t from_ms, int64_t to_ms, struct decimal *ret, struct error *err);

/* ---- rules that were learnt, and where watching last stood ---- */
MUST_USE enum status store_rules_save(struct store *store, const char *feed, const struct symbol_rules *rules, struct error *err);
MUST_USE enum status store_rules_find(struct store *store, const char *feed, const char *symbol, struct symbol_rules *ret, struct error *err);
struct price_check { char feed[FEED_ID_SIZE]; char symbol[SYMBOL_SIZE]; int64_t checked_at_ms;
                     struct decimal bid, ask; int64_t checks; };
MUST_USE enum status store_check_save(struct store *store, const struct price_check *check, struct error *err);
MUST_USE enum status store_check_find(struct store *store, const char *feed, const char *symbol, struct price_check *ret, struct error *err);

/* ---- requests to the holder of the lease (store/request.h) ---- */
MUST_USE enum status store_request_insert(struct store *store, struct request *request, struct error *err); /* sets id */
MUST_USE enum status store_request_find(struct store *store, int64_t id, struct request *ret, struct error *err);
/* The oldest WANTED one: NOT_FOUND if there is none. */
MUST_USE enum status store_request_next(struct store *store, struct request *ret, struct error *err);
/* The oldest TAKEN one with an id above after_id: NOT_FOUND if there is none. */
MUST_USE enum status store_request_taken(struct store *store, int64_t after_id, struct request *ret, struct error *err);
/* Writes state, result and error if the row still has the state `from`; else STATUS_CONFLICT. */
MUST_USE enum status store_request_update(struct store *store, const struct request *request,
                                          enum request_state from, struct error *err);

/* ---- the machine that the book lives on ---- */
enum { MACHINE_ID_SIZE = 72 };
struct machine { char id[MACHINE_ID_SIZE]; int64_t inode; int64_t adopted_at_ms;
                 char adopted_by[EVENT_ACTOR_SIZE]; };
/* NOT_FOUND: it lives nowhere.  *ret_was_restored (may be NULL) tells why: nobody adopted it since it
 * was restored; else it is a book that never acted LIVE. */
MUST_USE enum status store_machine_find(struct store *store, struct machine *ret, bool *ret_was_restored,
                                        struct error *err);
/* It lives there from now on; where it lived before is kept. */
MUST_USE enum status store_machine_save(struct store *store, const struct machine *machine, struct error *err);
/* This place, as it would be saved: a digest of what the system calls the machine, which itself stays
 * where it is, and the file's inode.  adopted_at_ms and adopted_by are empty. */
MUST_USE enum status store_machine_here(const struct store *store, const char *system_id, struct machine *ret,
                                        struct error *err);
/* The inode of the book's file; 0 if that can't be told. */
int64_t store_file_inode(const struct store *store);
/* What binds the book to its place: ACTIVE LIVE operations and open LIVE orders, of all clients. */
MUST_USE enum status store_live_business(struct store *store, int64_t *ret_count, struct error *err);

/* ---- blockers: differences that a person must look at ---- */
enum { BLOCKER_KIND_SIZE = 48, BLOCKER_TEXT_SIZE = 512, BLOCKER_EVIDENCE_SIZE = 2048 };
struct blocker {
	int64_t n;                            /* its number; set by store_blocker_put */
	int64_t client_id;
	char kind[BLOCKER_KIND_SIZE];         /* "order.unknown", ... */
	/* Its subject: there is one open blocker of a kind for each.  "" and 0 where it has none. */
	char exchange_host[128], account[64], symbol[SYMBOL_SIZE];
	char client_order_id[64];             /* a stranger's may be longer than ours */
	char exchange_order_id[EXCHANGE_ORDER_ID_SIZE];
	int64_t operation_id;
	char text[BLOCKER_TEXT_SIZE];         /* what it is and what to do, in words */
	char evidence[BLOCKER_EVIDENCE_SIZE]; /* JSON, or "" */
	int64_t first_seen_ms, last_seen_ms, looks;
	int64_t resolved_at_ms;               /* 0: it is open */
	char resolved_by[EVENT_ACTOR_SIZE], resolution[REASON_SIZE];
};
/* It was seen at now_ms.  A new one is inserted; an open one of the same client, kind and subject is
 * touched: its looks and last_seen_ms grow, text and evidence become the new ones.  Afterwards *blocker
 * is the row; *ret_is_new may be NULL. */
MUST_USE enum status store_blocker_put(struct store *store, struct blocker *blocker, int64_t now_ms,
                                       bool *ret_is_new, struct error *err);
MUST_USE enum status store_blocker_find(struct store *store, int64_t n, struct blocker *ret, struct error *err);
/* Final.  STATUS_CONFLICT: it is resolved already. */
MUST_USE enum status store_blocker_resolve(struct store *store, int64_t n, const char *actor,
                                           const char *resolution, int64_t now_ms, struct error *err);
struct blocker_query { int64_t client_id; /* 0: any */ bool only_open; int64_t operation_id; /* 0: any */
                       const char *kind; /* NULL: any */ int limit; };
typedef bool (*store_blocker_fn)(void *self, const struct blocker *blocker);
MUST_USE enum status store_blockers(struct store *store, const struct blocker_query *query,
                                    store_blocker_fn each, void *self, struct error *err);   /* oldest first */

/* ---- the lease's heartbeat row (the lease itself is a flock, app/lease) ---- */
struct heartbeat { int64_t pid; char kind[16]; /* "screen", "monitor", "command" */ char host[64];
                   int64_t started_at_ms, beat_at_ms, beat_mono_ms; char boot_id[40];
                   char feed[FEED_ID_SIZE]; int64_t watched, stale /* of those, without a fresh price */, unseen /* whose stop was not seen lately */; bool is_released; };
MUST_USE enum status store_heartbeat_save(struct store *store, const struct heartbeat *beat, struct error *err);
MUST_USE enum status store_heartbeat_find(struct store *store, struct heartbeat *ret, struct error *err);

/* ---- the audit trail ---- */
/* Inside a transaction: sets seq and hashes.  The head is also written outside the database
 * (FILE.audit-head) by store_commit. */
MUST_USE enum status store_event_append(struct store *store, struct event *event, struct error *err);
struct event_query { int64_t client_id; const char *intent_id; int64_t operation_id; int64_t after_seq;
                     int limit; bool newest_first; };
/* An operation's query also yields the events of its intent, so that a trade's story is whole. */
typedef bool (*store_event_fn)(void *self, const struct event *event);
MUST_USE enum status store_events(struct store *store, const struct event_query *query,
                                  store_event_fn each, void *self, struct error *err);
struct chain_result { bool ok, has_head; int64_t length; int64_t broken_seq; /* 0: none */ char what[256]; };
MUST_USE enum status store_verify_chain(struct store *store, struct chain_result *ret, struct error *err);

/* Schema, links and states as stored: one line per check. */
struct store_check { const char *group; const char *name; bool ok; char message[200]; };
typedef void (*store_verify_fn)(void *self, const struct store_check *check);
struct store_health {
	int64_t operations_without_intent, orphans, active_operations;
	/* Of the ACTIVE ones: LIVE, and of these with a stop that was seen resting for all that can be sold. */
	int64_t live_operations, live_stops_resting;
	int64_t open_blockers;
};
MUST_USE enum status store_verify(struct store *store, store_verify_fn each, void *self,
                                  struct store_health *ret, struct error *err);

/* ---- backup, restore, space ---- */
/* SQLite's online backup into a new file (STATUS_CONFLICT if it exists), checked before it counts. */
MUST_USE enum status store_backup(struct store *store, const char *file, struct error *err);
/* Puts a backup in the place of the database at path (which nobody may have open for writing: the
 * caller holds the lease); the old one is kept as PATH.before-restore-N.  The book gets new ids, and
 * lives on no machine until it is adopted.
 * STATUS_INVALID: file can't be read as a book's backup; nothing was changed. */
MUST_USE enum status store_restore(const char *path, const char *file, int64_t now_ms, struct error *err);
/* The reserve file beside the database: kept at size while all is well, given up so that a full disk
 * still leaves room to write an exit. */
bool store_reserve_keep(struct store *store);   /* false: there is no room for it */
void store_reserve_release(struct store *store);

#endif
