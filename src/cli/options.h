/* Every option of the command line, in one table: parsing, `--help`, the manual's check and the
 * completions all read it.  An option means the same, and takes or takes no value, wherever it is
 * given, so it can stand before or after the command. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/error.h"

enum option_id {
	/* of every command */
	OPT_DB, OPT_CONFIG, OPT_CLIENT_ID, OPT_FEED, OPT_TAPE_FROM, OPT_EXCHANGE_URL, OPT_READONLY,
	OPT_SCRATCH, OPT_JSON, OPT_ASCII, OPT_NO_COLOR, OPT_VERSION, OPT_HELP,
	OPT_GLOBAL_COUNT,
	/* of some */
	OPT_STOP = OPT_GLOBAL_COUNT, OPT_ENTRY, OPT_TARGET, OPT_CAPITAL, OPT_STRATEGY, OPT_REGIME,
	OPT_CONFIDENCE, OPT_REASON, OPT_LIVE, OPT_FROM, OPT_TO, OPT_ACKNOWLEDGE_RISK, OPT_WAIT,
	OPT_STATUS, OPT_LIMIT, OPT_WIDEN, OPT_CANCEL_PROTECTION, OPT_ONCE, OPT_INTERVAL, OPT_UNTIL_FLAT, OPT_YES, OPT_INTENT,
	OPT_OPERATION, OPT_FOLLOW, OPT_FORMAT, OPT_COMPREHENSIVE, OPT_DESCRIPTION, OPT_BIAS, OPT_RISK_PERCENT,
	OPT_MAX_DRAWDOWN_PERCENT, OPT_STOP_LOSS_PERCENT, OPT_MAX_POSITION_PERCENT, OPT_ACTIVE,
	OPT_OPEN, OPT_RESOLVE, OPT_EXECUTE,
	OPT_COUNT
};
#define OPT_BIT(id) (UINT64_C(1) << (id))

struct option_spec {
	const char *name;         /* without its dashes */
	const char *argument;     /* what its value is called; NULL: it takes none */
	const char *help;         /* one line */
};
const struct option_spec *option_spec(enum option_id id);

/* A command line taken apart: borrowed texts, nothing judged but its form. */
enum { WORDS_MAX = 64 };
struct command_line {
	const char *values[OPT_COUNT];     /* NULL: not given; "" for a flag that was */
	const char *words[WORDS_MAX];      /* what is no option, in order */
	int word_count;
};
/* STATUS_USAGE: an unknown option (with a suggestion), one without its value, a value for one that
 * takes none, one of a command given twice with two values, too many words.  What could be read so far is in
 * *ret all the same, so that an error can still be told as JSON. */
MUST_USE enum status command_line_read(int argc, char *const *argv, struct command_line *ret,
                                       struct error *err);
bool command_line_has(const struct command_line *line, enum option_id id);

/* How far two words are apart: insertions, deletions, exchanges and swaps of neighbours. */
int word_distance(const char *a, const char *b);

#endif
