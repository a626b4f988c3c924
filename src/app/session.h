/* A session: settings, book, feed, exchange, desk, lease and loop of one process, put together.
 * Screen, monitor and commands differ only in how long they stay and whether they ask for the lease.
 *
 * The loop is here: one thread, one pselect; stops before orders before keys before paint. */
#ifndef APP_SESSION_H
#define APP_SESSION_H

#include "app/desk.h"
#include "app/settings.h"

struct session;

/* What the command line said, before any command; borrowed texts, NULL: not given. */
struct session_options {
	const char *db, *config, *feed, *exchange_url;
	const char *tape_from;            /* --tape-from: where a tape begins: a time, "start" or "last"; NULL:
	                                     last if something of it is open, else its start */
	int64_t interval_ms;              /* monitor --interval; 0: feed.interval_ms */
	int64_t client_id;                /* 1 by default */
	bool is_readonly, is_json, is_ascii, is_no_color;
	bool is_scratch;                  /* say on screen that the database is a scratch one */
};

enum session_needs {
	NEEDS_BOOK = 0,                   /* the database alone */
	NEEDS_PRICES = 1,                 /* and the feed */
	NEEDS_HAND = 2,                   /* and may act: takes the lease if nobody has it */
	NEEDS_ACCOUNT = 4                 /* and asks after the LIVE account, where there is a key */
};
MUST_USE enum status session_open(const struct session_options *options, unsigned needs,
                                  const char *kind /* "screen", "monitor", "command" */,
                                  struct session **ret, struct error *err);
void session_close(struct session *session);
struct desk *session_desk(struct session *session);
const struct settings *session_settings(const struct session *session);
struct store *session_store(struct session *session);
const char *session_db_path(const struct session *session);
const char *session_config_path(const struct session *session);

/* ---- for commands: turn the loop until something is so ---- */
/* Watches the symbol and waits for its rules and a fresh quote; returns what desk_facts says. */
MUST_USE enum status session_wait_facts(struct session *session, const char *symbol,
                                        int64_t timeout_ms, struct error *err);
/* Waits until the LIVE account (and the fees of a symbol, unless NULL) is known; returns what
 * desk_account says. */
MUST_USE enum status session_wait_account(struct session *session, const char *symbol, int64_t timeout_ms,
                                          struct error *err);
/* Waits until the wish is done: by the holder, or by this process, which takes the lease if nobody
 * has it.  STATUS_OK or the wish's own outcome; STATUS_UNAVAILABLE if a holder does not answer (the
 * wish is withdrawn); STATUS_UNKNOWN if it was taken and not finished in time. */
MUST_USE enum status session_wait_wish(struct session *session, int64_t wish, int64_t timeout_ms,
                                       struct error *err);
/* Turn the loop until done(self) says so.  STATUS_OK, or STATUS_UNAVAILABLE when the time is up. */
MUST_USE enum status session_wait(struct session *session, bool (*done)(void *self), void *self,
                                  int64_t timeout_ms);
/* Asks `again` until it stops answering STATUS_BUSY, turning the loop between tries (5 s). */
MUST_USE enum status session_retry(struct session *session, enum status (*again)(void *self, struct error *err),
                                   void *self, struct error *err);
/* Who watches now, for the sentence that commands end with. */
void session_watcher(struct session *session, struct holder_model *ret);

/* ---- for the monitor and the screen: until they end ---- */
/* The monitor: waits for the lease whenever another holds it, watches until SIGTERM or SIGINT, or
 * the end of its tape; until_flat: or until nothing is left to watch.  say(self, line) is called for what a person should read; may be NULL. */
MUST_USE enum status session_monitor(struct session *session, bool until_flat,
                                     void (*say)(void *self, const char *line), void *self,
                                     struct error *err);

/* What the screen must offer to take part in the loop; implemented in ui/. */
struct session_screen {
	void *self;
	struct wait_source source;
	void (*tick)(void *self, int64_t now_mono_us);    /* paint what changed; after everything else */
	void (*resized)(void *self);
	bool (*wants_quit)(void *self);                   /* the person chose to stop */
	bool (*wants_headless)(void *self);               /* the person chose to watch on without a screen */
	bool (*is_lost)(void *self);                      /* the terminal is gone: read gave 0 or EIO */
	void (*let_go)(void *self);                       /* leave the terminal for good, without writing to it */
	void (*suspend)(void *self);                      /* SIGTSTP: restore the terminal */
	void (*resume)(void *self);                       /* SIGCONT: take it back */
	void (*ring)(void *self);                         /* the bell, for alarms; NULL: none */
	/* Something that a person should read.  NULL: not wanted. */
	void (*tell)(void *self, enum urgency urgency, const struct event *event);
	void (*refuse_suspend)(void *self, const char *why);
};
/* Holds the lease (from a headless holder; beside another screen it looks on), runs until the person
 * quits; on SIGHUP or a lost terminal it lets go of the terminal and watches on while positions are
 * open, until another screen asks for the lease or nothing is left to watch. */
MUST_USE enum status session_run_screen(struct session *session, const struct session_screen *screen,
                                        struct error *err);

#endif
