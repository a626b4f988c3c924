/* Settings: defaults, under the INI file, under the environment, under options.  One table of keys
 * drives reading, `robson settings`, the sample and the check of robson.ini(5).
 *
 * Every value knows where it came from.  A key that Robson does not know, a value out of its range
 * or a line that is none is STATUS_CONFIG and names its file and line (or variable, or option), the
 * key, and what is allowed.  (cli.md, "Settings") */
#ifndef APP_SETTINGS_H
#define APP_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/error.h"
#include "core/decimal.h"

enum { SETTING_TEXT_SIZE = 1024, SETTING_ORIGIN_SIZE = 1200, SETTINGS_MAX = 48 };

enum setting_source { SETTING_FROM_DEFAULT, SETTING_FROM_FILE, SETTING_FROM_ENVIRONMENT,
                      SETTING_FROM_OPTION };
struct setting_origin {
	enum setting_source source;
	int line;                         /* of the file */
	char option[32];                  /* "--feed" */
};

struct settings {
	struct { bool has_capital;
	         struct decimal capital, risk_percent, monthly_budget_percent; } book;
	struct { char source[SETTING_TEXT_SIZE];       /* "binance" or "replay:FILE[@SPEED]" */
	         int64_t interval_ms, stale_ms; } feed;
	struct { char url[SETTING_TEXT_SIZE];          /* without a slash at its end */
	         char ca_file[SETTING_TEXT_SIZE];      /* "": the system's */
	         char key_file[SETTING_TEXT_SIZE];     /* "": none */
	         int64_t recv_window_ms; } exchange;
	struct { struct decimal fee_percent, gap_percent; } costs;
	struct { struct decimal stop_limit_percent; } exits;
	struct { struct decimal balance, slippage_percent, partial_fill_percent;
	         int64_t latency_ms; } paper;
	struct { struct decimal slippage_percent, max_drift_percent; } entry;
	struct { bool has_orders_per_day, has_notional_per_day, has_loss_per_day;
	         int64_t orders_per_day;
	         struct decimal notional_per_day, loss_per_day; } limits;
	struct { bool auto_dry_run; int64_t per_day; } patterns;
	struct { char command[SETTING_TEXT_SIZE];      /* "": none */
	         bool bell;
	         int64_t interval_ms;                  /* at most one message of a kind in it */
	         char level[SETTING_TEXT_SIZE]; } notify;   /* "note", "warning", "alarm": from here on */
	struct { struct decimal tick, lot_step, min_notional; } replay;   /* min_notional 0: none */
	struct { bool ascii, mouse;
	         char theme[SETTING_TEXT_SIZE]; } ui;   /* "default", "classic", "mono" */
	struct { char level[SETTING_TEXT_SIZE];         /* "error", "warning", "info", "debug" */
	         int64_t max_kb; } log;

	char file[SETTING_TEXT_SIZE];     /* the file that was read; "" if none was */
	struct setting_origin origins[SETTINGS_MAX];
};

/* ---- the table ---- */
enum setting_type { SETTING_DECIMAL, SETTING_INTEGER, SETTING_SWITCH, SETTING_CHOICE, SETTING_TEXT,
                    SETTING_FEED, SETTING_URL };
struct setting_key {
	const char *name;                 /* "book.capital" */
	enum setting_type type;
	const char *initial;              /* the default as one would write it; "none" if there is none */
	const char *min, *max;            /* of numbers; NULL: no bound */
	bool is_min_excluded;             /* above min, not from min */
	bool may_be_none;                 /* "none" and nothing at all are values too */
	const char *choices;              /* "note|warning|alarm" */
	const char *help;                 /* one line */
	size_t at;                        /* where in struct settings */
	bool has_flag;                    /* of those that may be none: whether it is set is said at */
	size_t flag_at;
};
size_t settings_count(void);
const struct setting_key *settings_key(size_t index);
const struct setting_key *settings_find(const char *name);            /* NULL: no such key */
/* "above 0, at most 1", "on or off", "one of note, warning, alarm": what a key takes, for people. */
void settings_range_text(const struct setting_key *key, char *ret_text, size_t size);
/* The value as one would write it in the file; "none" where nothing is set. */
void settings_value_text(const struct settings *settings, size_t index, char *ret_text, size_t size);
/* "default", "/path/robson.ini:12", "environment ROBSON_BOOK_CAPITAL", "option --feed". */
void settings_origin_text(const struct settings *settings, size_t index, char *ret_text, size_t size);

/* ---- reading, in this order ---- */
void settings_init(struct settings *settings);                        /* the defaults */
/* A file that is not there is STATUS_OK unless it must be.  On any error settings is untouched. */
MUST_USE enum status settings_read_file(struct settings *settings, const char *path, bool must_exist,
                                        struct error *err);
/* Variables ROBSON_<SECTION>_<KEY> of a list like `environ`. */
MUST_USE enum status settings_read_environment(struct settings *settings, char *const *environment,
                                               struct error *err);
/* option: "--feed"; named in errors and shown as the value's origin. */
MUST_USE enum status settings_set_option(struct settings *settings, const char *key,
                                         const char *value, const char *option, struct error *err);
/* What no single value shows: rules between keys.  Called last. */
MUST_USE enum status settings_check(const struct settings *settings, struct error *err);

/* Change one key in the file, whose comments and order stay.  The new file is read as a whole first
 * and put in place only if it is right; atomically, so a reader sees the old or the new one.  Makes
 * the file and its folder if need be. */
MUST_USE enum status settings_set_file(const char *path, const char *key, const char *value,
                                       struct error *err);

/* ---- where things are ----
 * environment: like `environ`.  $XDG_DATA_HOME/robson/robson.db, $XDG_CONFIG_HOME/robson/robson.ini,
 * with ~/.local/share and ~/.config where those are not set (a relative one counts as not set). */
MUST_USE enum status settings_default_db_path(char *const *environment, char *ret_path, size_t size,
                                              struct error *err);
MUST_USE enum status settings_default_config_path(char *const *environment, char *ret_path, size_t size,
                                                  struct error *err);
/* Makes every folder above path (0700 for those that are made). */
MUST_USE enum status settings_make_folders(const char *path, struct error *err);

#endif
