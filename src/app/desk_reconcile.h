/* Reconciliation: the orders, fills and balances of the LIVE account against the book; for the desk's
 * own files.  (exchange.md, "Protection that never lapses", point 10)
 *
 * One run asks for everything, compares it, has what differs looked at, and compares once more.  It
 * ends after a few passes: agreed, repaired, or with blockers, each of which says what it needs. */
#ifndef APP_DESK_RECONCILE_H
#define APP_DESK_RECONCILE_H

#include "app/desk_account.h"

enum {
	RECONCILE_EVERY_MS = 300000,
	RECONCILE_AGAIN_MS = 30000,      /* after a run that got no answers, or was cut short */
	RECONCILE_PATIENCE_MS = 20000,   /* how long one pass waits for its answers */
	RECONCILE_SETTLE_MS = 15000,     /* how long it waits for what differs to be looked at */
	RECONCILE_PASSES = 3,
	ELSEWHERE_MS = 60000,            /* coins that are missing are believed after two looks so far apart */
	RECONCILE_SKEW_MS = 2000         /* what changed so shortly before the asking may not be in the answers */
};

enum reconcile_phase { RECONCILE_RESTS, RECONCILE_ASKS, RECONCILE_SETTLES };

/* The fills of one symbol, by anybody's order. */
struct reconcile_trades {
	char symbol[SYMBOL_SIZE];
	int64_t from_ms;
	bool is_asked, has_answer;
	struct exchange_trade *rows; size_t count;
};
/* An order that was found to differ, and how it stood then. */
struct reconcile_doubt {
	char client_order_id[CLIENT_ORDER_ID_SIZE];
	enum order_state state;
	struct decimal filled;
};
/* Coins of an asset that the account should have and has not. */
struct reconcile_shortage {
	char asset[ASSET_SIZE];
	int64_t since_mono_ms;
	int looks;
	struct decimal missing;
};
struct reconcile_result {
	bool is_whole;                   /* every answer came; else trouble says why not */
	int agreed, repaired, unknown, waiting;
	char trouble[256];
};
struct reconcile {
	enum reconcile_phase phase;
	bool is_wanted; char why[64];
	int pass;
	int64_t next_mono_ms;            /* the next run; 0: at once when there is LIVE business */
	int64_t began_us;                /* machine's monotonic clock: the run; the rest is of its pass */
	int64_t began_ms, pass_mono_ms, retry_mono_ms, settled_mono_ms;
	bool is_open_asked, has_open, is_account_wanted;
	struct exchange_order *open; size_t open_count;
	struct reconcile_trades *trades; size_t trade_count;
	struct reconcile_doubt doubts[64]; size_t doubt_count;
	struct reconcile_shortage shortages[16]; size_t shortage_count;
	bool is_more_to_do;              /* this pass changed something: another one looks at it */
	int agreed, repaired, waiting;
	int unknown_before;              /* orders without an outcome, to notice when the last is settled */
	struct reconcile_result last;
};

/* ---- desk_reconcile.c: when, and in which order ---- */
MUST_USE enum status reconcile_open(struct desk *desk, struct error *err);
void reconcile_close(struct desk *desk);
void reconcile_turn(struct desk *desk);
void reconcile_prepare(const struct desk *desk, struct wait *wait, int64_t now_us);
void reconcile_forget(struct desk *desk);
/* Whatever is under way is given up for a run that begins now. */
void reconcile_restart(struct desk *desk, const char *why);
void reconcile_see_open(struct desk *desk, const struct exchange_order *orders, size_t count,
                        int64_t asked_at_mono_ms, const struct error *error);
void reconcile_see_trades(struct desk *desk, const char *symbol, const struct exchange_trade *trades,
                          size_t count, const struct error *error);
bool reconcile_is_bound_here(const struct desk *desk, const char *host, const char *account);
/* Has this order be asked for at once. */
void reconcile_doubt(struct desk *desk, struct live_order *live);

/* ---- desk_adopt.c: the wishes ---- */
MUST_USE enum status reconcile_begin(struct desk *desk, const struct request *request, struct error *err);
bool reconcile_settled(struct desk *desk, const struct open_wish *wish, struct error *outcome);

/* ---- desk_compare.c: what one pass finds ---- */
MUST_USE enum status reconcile_compare(struct desk *desk, struct error *err);

/* ---- desk_elsewhere.c ---- */
/* What strangers' orders sold of a position is booked from their fills: only where they explain exactly
 * what is missing.  STATUS_NO: they do not; err says why. */
MUST_USE enum status elsewhere_book(struct desk *desk, const char *asset, struct decimal missing, struct error *err);

/* ---- desk_blockers.c ---- */
/* Writes it, and tells it once.  What a person has resolved stays resolved while the same is seen. */
MUST_USE enum status blocker_raise(struct desk *desk, struct blocker *blocker, struct error *err);
/* Those of the comparing that were not seen since then: their reason is gone. */
MUST_USE enum status blockers_resolve_gone(struct desk *desk, int64_t seen_since_ms, struct error *err);
/* Does one stand against a new entry in this symbol?  ret_text: its number and what it says. */
bool blocker_of_symbol(struct desk *desk, int64_t client_id, const char *symbol, char *ret_text, size_t size);
/* The operation was found to live in another account than the one that is connected: what its rows say
 * of resting orders can't be seen. */
bool blocker_says_foreign(struct desk *desk, const struct operation *op);

#endif
