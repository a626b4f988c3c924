/* What a session is made of, for the session's own files. */
#ifndef APP_SESSION_STATE_H
#define APP_SESSION_STATE_H

#include "http/allowance.h"
#include "app/holder.h"
#include "app/keeping.h"
#include "app/lease.h"
#include "app/logfile.h"
#include "app/notify.h"
#include "app/session.h"
#include "app/wake.h"
#include "base/clock.h"
#include "base/text.h"

enum {
	LEASE_TRY_US = 200000,         /* how often those who wait try the kernel's lock */
	LEASE_ASK_US = 20000,          /* and while a headless holder is giving it up */
	LEASE_ASK_FOR_US = 300000,
	LEASE_ASK_AGAIN_US = 2000000,  /* a holder that did not hear it, or has become headless since */
	YIELD_GRACE_US = 500000,       /* who gave it up leaves it alone for so long */
	HUNG_PATIENCE_US = 2000000,    /* a command waits no longer for a holder that hangs */
	LOOK_US = 300000,              /* how often the database is looked at for others' changes */
	SETTLE_US = 2000000,           /* how long who gives the lease up waits for what is under way */
	BUSY_WAIT_MS = 5000
};

struct session {
	struct session_options options;
	struct settings settings;
	char config_path[KEEPING_PATH_SIZE], db_path[KEEPING_PATH_SIZE];
	char kind[16];
	struct store *store;
	struct http_allowance allowance;   /* of this address, for feed and exchange together */
	struct price_feed *feed;
	struct exchange *paper;
	struct exchange *live;         /* NULL: no key, or a replay */
	struct binance_keys *keys;     /* borrowed from live; NULL: none */
	char key_origin[KEEPING_PATH_SIZE], key_trouble[512];   /* "": there is none */
	char machine[256];             /* what the system calls this machine; "": unknown */
	struct desk *desk;
	struct lease lease;
	struct wake *wake;             /* while holding */
	struct notifier notifier;      /* ours: passes on to the program, the log and whoever looks */
	struct notify *notify;
	struct logfile *log;
	void (*say)(void *self, const char *line);
	void *say_self;

	bool is_tape_max;              /* the feed is a tape at full speed */
	bool is_headless;              /* no person at a terminal: gives the lease to a screen that asks */
	bool has_waited;               /* somebody else held the lease when this process wanted it */
	bool is_yield_wanted;          /* somebody asked */
	bool is_beat_lost;             /* the heartbeat could not be written */
	bool is_book_gone;             /* the database at the path is not the one that is open */
	int64_t next_try_us, next_beat_us, next_look_us;
	int64_t asked_us, asked_pid;   /* when a headless holder was asked to give way, and which */
	int64_t started_at_ms, seen_changes, counted;
	char boot_id[40];
	char looked[32][SYMBOL_SIZE];  /* what a viewer asks prices of, for its rows alone */
	size_t looked_count;
	char hold_trouble[256];        /* why the lease could not be taken, for people */
	const struct session_screen *screen;   /* NULL: none */
};

/* ---- session_live.c ---- */
/* The key and the exchange of LIVE, if there is a key.  One that can't be used is no error here. */
MUST_USE enum status session_open_live(struct session *session, struct error *err);
/* For Robson to run itself anew: with the key of the environment, which was taken out of it.  To be
 * given to free(); NULL: no memory. */
char **session_environment(const struct session *session);
void session_live_setup(const struct session *session, struct desk_setup *setup);

/* ---- session_tape.c ---- */
/* Where the replay of this file begins: 0, its first row; see --tape-from. */
MUST_USE enum status session_tape_start(struct session *session, const char *path, int64_t *ret_ms,
                                        struct error *err);

/* Before taking the lease: others may have played the tape on while this process waited. */
MUST_USE enum status session_tape_catch_up(struct session *session, struct error *err);

/* ---- session_loop.c ---- */
/* Signals wait except inside the loop's pselect; flags tell what came. */
enum session_signal { SIGNAL_END, SIGNAL_HANGUP, SIGNAL_RESIZE, SIGNAL_STOP, SIGNAL_CONTINUE, SIGNAL_KINDS };
void session_catch_signals(void);
bool session_signal_take(enum session_signal which);
/* One turn: wait at most until deadline_us, then stops before orders before keys before paint. */
void session_turn(struct session *session, int64_t deadline_us);

/* ---- session_hold.c ---- */
bool session_holds(const struct session *session);
/* Tries once.  STATUS_OK: held, positions loaded and watched.  STATUS_BUSY: somebody else has it. */
MUST_USE enum status session_take(struct session *session, struct error *err);
void session_give(struct session *session);
/* Called every turn: heartbeat, the locked file, others' changes. */
void session_keep(struct session *session, int64_t now_us);
/* ---- session_look.c ---- */
/* A viewer asks for the prices of what is open; to be called when the book has changed. */
void session_look_on(struct session *session);

/* For those who want the lease: tries when it is time to. */
void session_want(struct session *session, int64_t now_us);

#endif
