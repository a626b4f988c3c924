/* The LIVE account as the desk knows it: balances, fees, what is open there, and whether this book may
 * act on it.  For the desk's own files.
 *
 * Nothing is asked before there is LIVE business: the LIVE switch is on, a LIVE operation or order is
 * in the book of a holder, or somebody asks a question about LIVE.  What is known is known with its age;
 * what is too old is not known. */
#ifndef APP_DESK_ACCOUNT_H
#define APP_DESK_ACCOUNT_H

#include "app/desk_state.h"

enum {
	ACCOUNT_LOOK_MS = 60000,        /* how often balances are asked for */
	ACCOUNT_OLD_MS = 150000,        /* older ones are not known any more */
	ACCOUNT_PATIENCE_MS = 30000,    /* a look without an answer for so long is asked again */
	ACCOUNT_RETRY_MS = 500,         /* after one that could not be asked, or failed; doubling up to ... */
	ACCOUNT_RETRY_LAST_MS = 30000,
	ACCOUNT_QUESTION_MS = 120000,   /* a question is LIVE business for so long */
	ACCOUNT_FEES_MS = 3600000
};

/* One thing that is asked for again and again. */
struct account_look {
	bool is_wanted, is_under_way;
	int failures;
	int64_t asked_mono_ms, next_mono_ms;
};
struct account_symbol {
	char symbol[SYMBOL_SIZE];
	struct account_look fees;
	bool has_taker; struct decimal taker_percent; int64_t taker_mono_ms;
	/* Its open orders at the last look, whoever placed them. */
	bool has_open; int open_orders, open_algo_orders; int64_t open_mono_ms;
};
struct account {
	bool is_awake, has_business;
	int64_t business_changes, business_us;   /* when the book was last asked for LIVE business */
	int64_t question_until_mono_ms;          /* 0: nobody asked */
	struct account_look look;
	bool is_known, can_trade;
	char uid[64];
	struct exchange_balance *balances; size_t balance_count;
	int64_t known_mono_ms;                   /* when what is known was asked for */
	/* How often it has changed, as far as we know; and up to which of it was asked for, and is known. */
	int64_t changes, asked_changes, known_changes;
	struct account_symbol *symbols; size_t symbol_count, symbol_capacity;
	char trouble[256];                       /* why the last look failed; "" if it did not */
	uint64_t reconnects;                     /* seen so far */
	/* What account_lives_here found last, and when. */
	struct { struct error answer; int64_t changes, looked_us; } home;
	struct reconcile *reconcile;             /* desk_reconcile.h */
};

/* ---- desk_account.c ---- */
MUST_USE enum status account_open(struct desk *desk, struct error *err);   /* also without an exchange */
void account_close(struct desk *desk);
void account_prepare(struct desk *desk, struct wait *wait, int64_t now_us);
void account_dispatch(struct desk *desk, const struct wait *wait, int64_t now_us);
/* The lease is given away: no answer will come any more. */
void account_forget(struct desk *desk);

/* Something happened that changed balances: they are asked for at once. */
void account_changed(struct desk *desk);
/* May this book act there, now?  host and account are of the operation or order that is acted on; ""
 * for what begins now, and that alone a refused key keeps from beginning.  Asked before every LIVE sign,
 * send and cancel.  err: STATUS_CONFIG (the key),
 * STATUS_REFUSED (another account, a copied book, --readonly), STATUS_UNAVAILABLE (not known yet). */
bool account_may_act(struct desk *desk, const char *host, const char *account, struct error *err);
/* The same for a question, which a copied book may ask as well: it learns, and changes nothing there. */
bool account_may_look(struct desk *desk, const char *host, const char *account, struct error *err);
/* The account that is connected; "" before it has answered. */
const char *account_uid(const struct desk *desk, const struct exchange_status *status);

/* Look at orders, fills and balances of the exchange as soon as there is room. */
void reconcile_want(struct desk *desk, const char *why);

/* ---- desk_probe.c: what another copy of this book may have sent ---- */
struct probe { struct order *orders; size_t count, capacity; };
/* In the open transaction: orders by the names that it would have given them, UNKNOWN until asked for. */
MUST_USE enum status probe_write(struct desk *desk, struct probe *ret, struct error *err);
void probe_remember(struct desk *desk, const struct probe *probe);             /* after the commit */
void probe_done(struct probe *probe);

/* ---- desk_machine.c ---- */
/* Is this the file, on the machine, that the book was last LIVE with?  err: what to do if not.  Looked at
 * anew when the book has changed, and once a second. */
bool account_lives_here(struct desk *desk, struct error *err);
/* Inside a transaction: it lives here from now on. */
MUST_USE enum status account_settle_here(struct desk *desk, struct error *err);
/* Inside the transaction of the first LIVE execution: the book lives on this machine from now on.  Does
 * nothing where that is known already. */
MUST_USE enum status account_join_machine(struct desk *desk, struct error *err);

/* ---- desk_account.c: what is known, and young enough.  False: it is not. */
bool account_balance(const struct desk *desk, const char *asset, struct decimal *ret_free, struct decimal *ret_locked);
/* What is free of it, asked for after everything that we know to have changed it. */
bool account_free_now(const struct desk *desk, const char *asset, struct decimal *ret_free);
bool account_taker(const struct desk *desk, const char *symbol, struct decimal *ret_percent);
bool account_open_orders(const struct desk *desk, const char *symbol, int *ret_orders, int *ret_algo_orders);

#endif
