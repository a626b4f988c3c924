/* The command line: reads what was typed, opens a session, calls the desk, prints.
 *
 * What a command answers goes to standard output: short text for people, or with --json one object
 * (or one per line for lists) and nothing else.  Diagnostics go to standard error.  What a command
 * returns becomes the exit status.  (cli.md) */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "app/session.h"
#include "base/json_out.h"
#include "cli/options.h"

struct cli;
typedef enum status (*command_fn)(struct cli *cli, struct error *err);

enum {
	COMMAND_WRITES = 1,      /* refused with --readonly */
	COMMAND_ALONE = 2        /* opens what it needs itself */
};
struct command {
	const char *name;        /* "plan", "operation close" */
	const char *arguments;   /* "ID PRICE"; "" */
	const char *summary;     /* one line */
	const char *more;        /* what else there is to say, or NULL */
	int min_words, max_words;             /* after the name */
	unsigned flags;
	unsigned needs;                       /* of enum session_needs */
	uint64_t options;                     /* OPT_BIT(...) of those that it takes besides the global ones */
	command_fn run;
};
size_t commands_count(void);
const struct command *commands_at(size_t index);
/* The command that the line's first words name, which it takes off; STATUS_USAGE with a suggestion.
 * *ret NULL: no words at all. */
MUST_USE enum status commands_find(struct command_line *line, const struct command **ret,
                                   struct error *err);

/* Where a line leads. */
enum door { DOOR_DONE, DOOR_COMMAND, DOOR_SCREEN };
struct invocation {
	struct command_line line;
	const struct command *command;        /* DOOR_COMMAND */
	struct session_options session;
};

/* Takes the line apart.  DOOR_DONE: all is said (help, version, an error) and *ret_exit set. */
enum door cli_open_door(int argc, char *const *argv, struct invocation *ret, int *ret_exit);
/* Runs the command; returns the exit status. */
int cli_run(const struct invocation *invocation);
/* For main: print an error as a command would and return its exit status. */
int cli_fail(bool is_json, const struct error *err);

/* ---- what a command sees ---- */
struct cli {
	const struct invocation *invocation;
	const struct command *command;
	const struct command_line *line;
	bool is_json;
	struct session *session;              /* NULL for COMMAND_ALONE */
	struct desk *desk;
	struct text out;                      /* standard output, sent at the end or by cli_flush */
	bool is_answered;                     /* what is printed says the failure too: no error object */
	bool is_out_shut;                     /* nobody reads standard output any more */
	int out_errno;                        /* why it can't be written; 0: it can, or nobody reads it */
};
const char *cli_word(const struct cli *cli, int index);             /* NULL: not given */
const char *cli_value(const struct cli *cli, enum option_id id);    /* NULL: not given */
bool cli_has(const struct cli *cli, enum option_id id);
/* Open (and keep in cli) the session of a COMMAND_ALONE. */
MUST_USE enum status cli_open_session(struct cli *cli, unsigned needs, const char *kind,
                                      struct error *err);
void cli_flush(struct cli *cli);
/* One line on standard error, made harmless. */
void cli_say(const char *format, ...) PRINTF_LIKE(1, 2);

/* ---- reading values ---- */
/* A whole number of an option, between min and max; *ret keeps its value if it was not given. */
MUST_USE enum status cli_number(const struct cli *cli, enum option_id id, int64_t min, int64_t max,
                                int64_t *ret, struct error *err);
/* Seconds with up to three places, as milliseconds. */
MUST_USE enum status cli_seconds_ms(const struct cli *cli, enum option_id id, int64_t min_ms,
                                    int64_t max_ms, int64_t *ret_ms, struct error *err);
/* The id of an operation: STATUS_NOT_FOUND for what can be none. */
MUST_USE enum status cli_operation_id(const char *word, int64_t *ret, struct error *err);
/* An intent by its id or the beginning of it: STATUS_NOT_FOUND, STATUS_AMBIGUOUS.  To be ended with
 * intent_model_done. */
MUST_USE enum status cli_find_intent(struct cli *cli, const char *word, struct intent_model *ret,
                                     struct error *err);
/* A number as a person types it; field names the option in the error. */
MUST_USE enum status cli_check_number(const char *field, const char *text, struct error *err);
/* A level: a number, or one that ends in %, or (with_r) in R. */
MUST_USE enum status cli_check_level(const char *field, const char *text, bool with_r,
                                     struct error *err);
/* A day or a moment; a day alone means its beginning, or with is_end the beginning of the next. */
MUST_USE enum status cli_time(const struct cli *cli, enum option_id id, bool is_end, int64_t *ret_ms,
                              struct error *err);

/* ---- typing a word, on a terminal ---- */
bool cli_can_ask(void);
/* Asks on standard error and waits up to 30 s for a line; true if it is exactly word. */
bool cli_ask_word(const char *question, const char *word);

/* ---- acting on the market ---- */
enum { FACTS_TIMEOUT_MS = 6000, LOOK_TIMEOUT_MS = 3000, CHECK_TIMEOUT_MS = 10000,
       WISH_TIMEOUT_MS = 30000 };
/* A quote and the rules of a symbol, if they can be had in that time: whoever needs them says so
 * better than this could.  False: they could not. */
bool cli_try_price(struct cli *cli, const char *symbol, int64_t timeout_ms);
/* The LIVE account and its fees likewise; only a key that can't be used is an error (STATUS_CONFIG). */
MUST_USE enum status cli_try_account(struct cli *cli, const char *symbol, struct error *err);
/* The same for every open operation; gives up at the first symbol that stays silent. */
MUST_USE enum status cli_try_open_prices(struct cli *cli, struct error *err);
/* How long to wait for a wish: where no price came here and nobody else holds the lease, whoever
 * acts is this process, and has waited for that price already. */
int64_t cli_patience_ms(struct cli *cli, bool has_price, int64_t wait_ms);
/* After something was acted on: say who watches an open position or a resting entry. */
void cli_tell_watcher(struct cli *cli, const char *what);

/* ---- the commands ---- */
enum status run_adopt(struct cli *cli, struct error *err);
enum status run_backup(struct cli *cli, struct error *err);
enum status run_cancel(struct cli *cli, struct error *err);
enum status run_doctor(struct cli *cli, struct error *err);
enum status run_execute(struct cli *cli, struct error *err);
enum status run_export(struct cli *cli, struct error *err);
enum status run_help(struct cli *cli, struct error *err);
enum status run_intent(struct cli *cli, struct error *err);
enum status run_intents(struct cli *cli, struct error *err);
enum status run_live(struct cli *cli, struct error *err);
enum status run_log(struct cli *cli, struct error *err);
enum status run_monitor(struct cli *cli, struct error *err);
enum status run_operation_close(struct cli *cli, struct error *err);
enum status run_operation_release(struct cli *cli, struct error *err);
enum status run_operation_status(struct cli *cli, struct error *err);
enum status run_operation_stop(struct cli *cli, struct error *err);
enum status run_operation_target(struct cli *cli, struct error *err);
enum status run_operations(struct cli *cli, struct error *err);
enum status run_orders(struct cli *cli, struct error *err);
enum status run_panic(struct cli *cli, struct error *err);
enum status run_patterns_list(struct cli *cli, struct error *err);
enum status run_patterns_trigger(struct cli *cli, struct error *err);
enum status run_pause(struct cli *cli, struct error *err);
enum status run_plan(struct cli *cli, struct error *err);
enum status run_portfolio(struct cli *cli, struct error *err);
enum status run_reconcile(struct cli *cli, struct error *err);
enum status run_restore(struct cli *cli, struct error *err);
enum status run_resume(struct cli *cli, struct error *err);
enum status run_settings(struct cli *cli, struct error *err);
enum status run_settings_set(struct cli *cli, struct error *err);
enum status run_strategies(struct cli *cli, struct error *err);
enum status run_strategy_add(struct cli *cli, struct error *err);
enum status run_strategy_edit(struct cli *cli, struct error *err);
enum status run_strategy_show(struct cli *cli, struct error *err);
enum status run_trades(struct cli *cli, struct error *err);
enum status run_validate(struct cli *cli, struct error *err);
enum status run_verify(struct cli *cli, struct error *err);
enum status run_version(struct cli *cli, struct error *err);

/* ---- help ---- */
void help_all(struct text *out);
/* Every command that begins with this word; false if none does. */
bool help_family(const char *word, struct text *out);
void help_command(const struct command *command, struct text *out);
void help_version(bool is_json, struct text *out);

#endif
