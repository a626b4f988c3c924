/* Reading a command line by one table.  Own code instead of getopt_long: `--stop -1.5%` must be a
 * value, `operation stop 3 -1.5%` a word, and an unknown option must be answered with what was
 * probably meant. */
#include "cli/options.h"

#include <string.h>

#include "base/text.h"
#include "cli/retired.h"

static const struct option_spec specs[OPT_COUNT] = {
	[OPT_DB] = { "db", "FILE", "the database (default: $XDG_DATA_HOME/robson/robson.db)" },
	[OPT_CONFIG] = { "config", "FILE", "the settings (default: $XDG_CONFIG_HOME/robson/robson.ini)" },
	[OPT_CLIENT_ID] = { "client-id", "N", "whose book (default: 1)" },
	[OPT_FEED] = { "feed", "FEED", "where prices come from: binance, or replay:FILE[@SPEED]" },
	[OPT_TAPE_FROM] = { "tape-from", "TIME", "where a tape begins: a time, start, or last (where the book last stood)" },
	[OPT_EXCHANGE_URL] = { "exchange-url", "URL", "base of the exchange's REST API, or testnet" },
	[OPT_READONLY] = { "readonly", NULL, "look, never act" },
	[OPT_SCRATCH] = { "scratch", NULL, "say on screen that the database is a scratch one" },
	[OPT_JSON] = { "json", NULL, "print JSON, and nothing else, on standard output" },
	[OPT_ASCII] = { "ascii", NULL, "draw with ASCII alone" },
	[OPT_NO_COLOR] = { "no-color", NULL, "no colours; NO_COLOR in the environment does the same" },
	[OPT_VERSION] = { "version", NULL, "say which Robson this is" },
	[OPT_HELP] = { "help", NULL, "say what can be done; after a command, what it takes" },

	[OPT_STOP] = { "stop", "P", "the stop: a price, or a distance such as -1.5%" },
	[OPT_ENTRY] = { "entry", "P", "a limit entry at this price; without it, at the market" },
	[OPT_TARGET] = { "target", "P", "the target: a price, a distance such as 3%, or 3R" },
	[OPT_CAPITAL] = { "capital", "C", "the capital that the 1 % rule is taken of" },
	[OPT_STRATEGY] = { "strategy", "NAME", "a strategy of the catalogue" },
	[OPT_REGIME] = { "regime", "T", "what the market is doing, in your words" },
	[OPT_CONFIDENCE] = { "confidence", "X", "how sure you are, 0 to 1" },
	[OPT_REASON] = { "reason", "T", "why, in your words" },
	[OPT_LIVE] = { "live", NULL, "for real money instead of DRY-RUN" },
	[OPT_FROM] = { "from", "X", "plan: the intent to clone; trades: the first day" },
	[OPT_TO] = { "to", "D", "up to this day, and all of it; or up to this moment" },
	[OPT_ACKNOWLEDGE_RISK] = { "acknowledge-risk", NULL, "with --live: instead of the typed word CONFIRM" },
	[OPT_WAIT] = { "wait", "S", "wait up to S seconds for the entry to end (default: 30)" },
	[OPT_STATUS] = { "status", "S", "only those of this status" },
	[OPT_LIMIT] = { "limit", "N", "at most so many" },
	[OPT_CANCEL_PROTECTION] = { "cancel-protection", NULL, "cancel what rests on the exchange for it, too" },
	[OPT_WIDEN] = { "widen", NULL, "let the stop move away from the market, which risks more" },
	[OPT_ONCE] = { "once", NULL, "one pass over fresh prices, then end" },
	[OPT_UNTIL_FLAT] = { "until-flat", NULL, "end when nothing is left to watch" },
	[OPT_INTERVAL] = { "interval", "S", "ask for prices every S seconds" },
	[OPT_YES] = { "yes", "FLATTEN", "the word, instead of typing it" },
	[OPT_INTENT] = { "intent", "I", "only what concerns this intent" },
	[OPT_OPERATION] = { "operation", "O", "only what concerns this operation" },
	[OPT_FOLLOW] = { "follow", NULL, "go on with what happens from now on" },
	[OPT_FORMAT] = { "format", "csv|json", "how to write it (default: csv)" },
	[OPT_COMPREHENSIVE] = { "comprehensive", NULL, "play the whole life of a trade on a scratch database too" },
	[OPT_DESCRIPTION] = { "description", "T", "what the strategy is, in your words" },
	[OPT_BIAS] = { "bias", "B", "bullish, bearish or neutral" },
	[OPT_RISK_PERCENT] = { "risk-percent", "X", "risk of one trade, at most 1" },
	[OPT_MAX_DRAWDOWN_PERCENT] = { "max-drawdown-percent", "X", "no entry from this drawdown on" },
	[OPT_STOP_LOSS_PERCENT] = { "stop-loss-percent", "X", "the farthest stop it allows" },
	[OPT_MAX_POSITION_PERCENT] = { "max-position-percent", "X", "the largest position, of the capital" },
	[OPT_ACTIVE] = { "active", "on|off", "whether it may be used" },
	[OPT_RESOLVE] = { "resolve", "N", "a person has looked at blocker N; needs --reason" },
	[OPT_EXECUTE] = { "execute", NULL, "execute it too, in DRY-RUN, where the settings allow that" },
	[OPT_OPEN] = { "open", NULL, "only those that may still rest on an exchange" },
};
_Static_assert(OPT_COUNT <= 64, "options are kept as bits of 64");

const struct option_spec *
option_spec(enum option_id id)
{
	return &specs[id];
}

bool
command_line_has(const struct command_line *line, enum option_id id)
{
	return line->values[id] != NULL;
}

enum { DISTANCE_MAX = 32 };

int
word_distance(const char *a, const char *b)
{
	/* Optimal string alignment: the last two rows and the one under way are enough. */
	int rows[3][DISTANCE_MAX + 1];
	size_t la = strlen(a), lb = strlen(b);
	if (la > DISTANCE_MAX || lb > DISTANCE_MAX)
		return DISTANCE_MAX;
	for (size_t j = 0; j <= lb; j++)
		rows[0][j] = (int)j;
	for (size_t i = 1; i <= la; i++) {
		int *now = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
		now[0] = (int)i;
		for (size_t j = 1; j <= lb; j++) {
			int best = last[j - 1] + (a[i - 1] != b[j - 1]);
			if (last[j] + 1 < best)
				best = last[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			now[j] = best;
		}
	}
	return rows[la % 3][lb];
}

static enum option_id
find(const char *name, size_t len)
{
	for (int id = 0; id < OPT_COUNT; id++)
		if (strlen(specs[id].name) == len && memcmp(specs[id].name, name, len) == 0)
			return (enum option_id)id;
	return OPT_COUNT;
}

static enum status
unknown(const char *argument, struct error *err)
{
	char name[64];
	text_copy(name, sizeof name, argument);
	name[strcspn(name, "=")] = '\0';
	const char *answer = retired_option(name);
	if (answer != NULL)
		return error_set(err, STATUS_USAGE, "%s: %s", name, answer);

	const char *nearest = NULL;
	int least = 3;
	for (int id = 0; id < OPT_COUNT; id++) {
		int distance = word_distance(name + strspn(name, "-"), specs[id].name);
		if (distance < least) {
			least = distance;
			nearest = specs[id].name;
		}
	}
	error_set(err, STATUS_USAGE, "there is no option %s", name);
	if (nearest != NULL)
			error_hint(err, "did you mean --%s?", nearest);
		else
			error_hint(err, "robson --help lists them");
		return STATUS_USAGE;
}

/* `-1.5%` and `-.5` are numbers, `-` is a word. */
static bool
is_word(const char *argument)
{
	return argument[0] != '-' || argument[1] == '\0' || argument[1] == '.' ||
	       (argument[1] >= '0' && argument[1] <= '9');
}

static enum status
take_option(int argc, char *const *argv, int *at, struct command_line *ret, struct error *err)
{
	const char *argument = argv[*at], *name = argument + 2;
	if (strcmp(argument, "-h") == 0) {
		ret->values[OPT_HELP] = "";
		return STATUS_OK;
	}
	if (argument[1] != '-')
		return unknown(argument, err);
	size_t len = strcspn(name, "=");
	enum option_id id = find(name, len);
	if (id == OPT_COUNT)
		return unknown(argument, err);
	const struct option_spec *spec = &specs[id];
	const char *value = name[len] == '=' ? name + len + 1 : NULL;

	if (spec->argument == NULL) {
		if (value != NULL)
			return error_set(err, STATUS_USAGE, "--%s takes no value", spec->name);
		ret->values[id] = "";
		return STATUS_OK;
	}
	if (value == NULL) {
		if (*at + 1 >= argc || text_has_prefix(argv[*at + 1], "--"))
			return error_set(err, STATUS_USAGE, "--%s needs a value: --%s %s", spec->name,
			                 spec->name, spec->argument);
		value = argv[++*at];
	}
	if (value[0] == '\0')
		return error_set(err, STATUS_USAGE, "--%s needs a value: --%s %s", spec->name,
		                 spec->name, spec->argument);
	/* Of an option of the whole line the last one holds, as where a wrapper sets a default; two
	 * stops are a contradiction. */
	if (id >= OPT_GLOBAL_COUNT && ret->values[id] != NULL && strcmp(ret->values[id], value) != 0)
		return error_set(err, STATUS_USAGE, "--%s is given twice: %s and %s", spec->name,
		                 ret->values[id], value);
	ret->values[id] = value;
	return STATUS_OK;
}

enum status
command_line_read(int argc, char *const *argv, struct command_line *ret, struct error *err)
{
	enum status status = STATUS_OK;
	bool only_words = false;

	*ret = (struct command_line){ 0 };
	for (int at = 1; at < argc; at++) {
		const char *argument = argv[at];
		if (!only_words && strcmp(argument, "--") == 0) {
			only_words = true;
		} else if (only_words || is_word(argument)) {
			if (ret->word_count == WORDS_MAX) {
				if (status == STATUS_OK)
					status = error_set(err, STATUS_USAGE, "too many arguments");
			} else {
				ret->words[ret->word_count++] = argument;
			}
		} else {
			/* The first trouble is told; the rest is still read, for its --json. */
			enum status now = take_option(argc, argv, &at, ret, status == STATUS_OK ? err : NULL);
			if (status == STATUS_OK)
				status = now;
		}
	}
	return status;
}
