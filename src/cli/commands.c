/* Every command, in one table: finding, checking, `--help`, the manual's check and the completions
 * all read it. */
#include <string.h>

#include "base/text.h"
#include "cli/cli.h"
#include "cli/retired.h"

#define ACCOUNT (NEEDS_PRICES | NEEDS_ACCOUNT)
#define MARKET (NEEDS_PRICES | NEEDS_HAND)
#define PLAN_OPTIONS (OPT_BIT(OPT_STOP) | OPT_BIT(OPT_ENTRY) | OPT_BIT(OPT_TARGET) | \
	OPT_BIT(OPT_CAPITAL) | OPT_BIT(OPT_STRATEGY) | OPT_BIT(OPT_REGIME) | \
	OPT_BIT(OPT_CONFIDENCE) | OPT_BIT(OPT_REASON) | OPT_BIT(OPT_LIVE) | OPT_BIT(OPT_FROM))
#define STRATEGY_OPTIONS (OPT_BIT(OPT_DESCRIPTION) | OPT_BIT(OPT_BIAS) | \
	OPT_BIT(OPT_RISK_PERCENT) | OPT_BIT(OPT_MAX_DRAWDOWN_PERCENT) | \
	OPT_BIT(OPT_STOP_LOSS_PERCENT) | OPT_BIT(OPT_MAX_POSITION_PERCENT) | OPT_BIT(OPT_ACTIVE))

static const struct command commands[] = {
	{ "plan", "buy|sell SYMBOL [QTY]", "plan a trade: creates a PENDING intent",
	  "Without QTY the 1 % rule sizes it.  With --entry it is a limit entry, without it a market\n"
	  "entry at the current price.  `plan --from INTENT` makes a clone, with what is given\n"
	  "changed: the way from a DRY-RUN to LIVE.\n",
	  0, 3, COMMAND_WRITES, ACCOUNT, PLAN_OPTIONS, run_plan },
	{ "validate", "INTENT", "run every guard on an intent: VALIDATED or FAILED",
	  "It stays PENDING (exit 69) when a fact is missing: a fresh price, the exchange's rules, and\n"
	  "with --live the account's balance.\n",
	  1, 1, COMMAND_WRITES, ACCOUNT, OPT_BIT(OPT_LIVE), run_validate },
	{ "execute", "INTENT", "execute a validated intent, in DRY-RUN unless --live",
	  "The guards run again on fresh numbers.  On a terminal --live asks for the typed word\n"
	  "CONFIRM; from a script it needs --acknowledge-risk.\n",
	  1, 1, COMMAND_WRITES, MARKET,
	  OPT_BIT(OPT_LIVE) | OPT_BIT(OPT_ACKNOWLEDGE_RISK) | OPT_BIT(OPT_WAIT), run_execute },
	{ "cancel", "INTENT", "cancel an intent, or the entry of it that rests", NULL,
	  1, 1, COMMAND_WRITES, MARKET, 0, run_cancel },
	{ "intents", "", "list intents, newest first", NULL,
	  0, 0, 0, NEEDS_BOOK, OPT_BIT(OPT_STATUS) | OPT_BIT(OPT_LIMIT), run_intents },
	{ "intent", "INTENT", "show one intent with its report, orders and operation", NULL,
	  1, 1, 0, NEEDS_PRICES, 0, run_intent },
	{ "operations", "", "list operations, newest first", NULL,
	  0, 0, 0, NEEDS_PRICES, OPT_BIT(OPT_STATUS) | OPT_BIT(OPT_LIMIT), run_operations },
	{ "operation status", "ID", "show one operation: levels, protection, P&L, R", NULL,
	  1, 1, 0, NEEDS_PRICES, 0, run_operation_status },
	{ "operation close", "ID", "leave a position at the market, now", NULL,
	  1, 1, COMMAND_WRITES, MARKET, 0, run_operation_close },
	{ "operation stop", "ID PRICE", "move a stop towards the market; away only with --widen",
	  "PRICE is a price, or a distance from the entry such as -1.5%.  Wider on LIVE asks for the\n"
	  "typed word CONFIRM; from a script it needs --acknowledge-risk.\n",
	  2, 2, COMMAND_WRITES, MARKET, OPT_BIT(OPT_WIDEN) | OPT_BIT(OPT_ACKNOWLEDGE_RISK), run_operation_stop },
	{ "operation target", "ID PRICE", "move or set a target",
	  "PRICE is a price, a distance from the entry such as 3%, or 3R.\n",
	  2, 2, COMMAND_WRITES, MARKET, 0, run_operation_target },
	{ "operation release", "ID", "hand a position over to a person: Robson watches it no more", NULL,
	  1, 1, COMMAND_WRITES, MARKET, OPT_BIT(OPT_REASON) | OPT_BIT(OPT_CANCEL_PROTECTION), run_operation_release },
	{ "monitor", "", "watch the stops without a screen",
	  "It waits while another process watches, and takes over when that one ends.  --once makes\n"
	  "one pass over fresh prices, or asks the process that watches for one.\n",
	  0, 0, COMMAND_WRITES | COMMAND_ALONE, MARKET,
	  OPT_BIT(OPT_ONCE) | OPT_BIT(OPT_INTERVAL) | OPT_BIT(OPT_UNTIL_FLAT), run_monitor },
	{ "pause", "REASON", "block every entry of the book, in every process, at once",
	  "Stops and exits go on.\n",
	  1, WORDS_MAX, COMMAND_WRITES, NEEDS_BOOK, 0, run_pause },
	{ "resume", "", "let entries happen again", NULL,
	  0, 0, COMMAND_WRITES, NEEDS_BOOK, 0, run_resume },
	{ "live", "on|off", "the book's LIVE switch; off by default", NULL,
	  1, 1, COMMAND_WRITES, NEEDS_BOOK, 0, run_live },
	{ "panic", "", "pause, cancel resting entries, close every operation at the market",
	  "Asks for the typed word FLATTEN; from a script: --yes FLATTEN.\n",
	  0, 0, COMMAND_WRITES, MARKET, OPT_BIT(OPT_YES), run_panic },
	{ "reconcile", "", "compare the book with the exchange now",
	  "What agreed, what was repaired, and what needs a person (exit 1).  A person who has looked\n"
	  "says so with --resolve N --reason TEXT.\n",
	  0, 0, COMMAND_WRITES, MARKET, OPT_BIT(OPT_RESOLVE) | OPT_BIT(OPT_REASON), run_reconcile },
	{ "doctor", "", "everything that could hurt at three in the morning, and what to do", NULL,
	  0, 0, COMMAND_ALONE, ACCOUNT, 0, run_doctor },
	{ "patterns trigger", "EVENT_ID PATTERN buy|sell SYMBOL", "a pattern's intent, validated at once",
	  "An event id triggers once: again, it answers with its first intent.  With --execute it goes on\n"
	  "in DRY-RUN if patterns.auto_dry_run is on.  --live is always refused.\n",
	  4, 4, COMMAND_WRITES, MARKET, OPT_BIT(OPT_STOP) | OPT_BIT(OPT_ENTRY) | OPT_BIT(OPT_TARGET) |
	  OPT_BIT(OPT_CAPITAL) | OPT_BIT(OPT_STRATEGY) | OPT_BIT(OPT_EXECUTE) | OPT_BIT(OPT_LIVE),
	  run_patterns_trigger },
	{ "patterns list", "", "what patterns triggered, newest first", NULL,
	  0, 0, 0, NEEDS_BOOK, 0, run_patterns_list },
	{ "strategies", "", "list the catalogue of strategies with its track record", NULL,
	  0, 0, 0, NEEDS_BOOK, 0, run_strategies },
	{ "strategy show", "NAME", "show one strategy", NULL,
	  1, WORDS_MAX, 0, NEEDS_BOOK, 0, run_strategy_show },
	{ "strategy add", "NAME", "add a strategy to the catalogue", NULL,
	  1, WORDS_MAX, COMMAND_WRITES, NEEDS_BOOK, STRATEGY_OPTIONS, run_strategy_add },
	{ "strategy edit", "NAME", "change what is given of a strategy", NULL,
	  1, WORDS_MAX, COMMAND_WRITES, NEEDS_BOOK, STRATEGY_OPTIONS, run_strategy_edit },
	{ "orders", "", "list orders and their fills, oldest first", NULL,
	  0, 0, 0, NEEDS_BOOK, OPT_BIT(OPT_INTENT) | OPT_BIT(OPT_OPERATION) | OPT_BIT(OPT_OPEN) |
	  OPT_BIT(OPT_LIMIT), run_orders },
	{ "trades", "", "list booked trades, oldest first", NULL,
	  0, 0, 0, NEEDS_BOOK, OPT_BIT(OPT_FROM) | OPT_BIT(OPT_TO), run_trades },
	{ "portfolio", "", "equity, exposure, open risk, P&L, drawdown and the month's budget", NULL,
	  0, 0, 0, NEEDS_PRICES | NEEDS_ACCOUNT, 0, run_portfolio },
	{ "log", "", "tell the story of the audit trail", NULL,
	  0, 0, 0, NEEDS_BOOK, OPT_BIT(OPT_INTENT) | OPT_BIT(OPT_OPERATION) | OPT_BIT(OPT_FOLLOW) |
	  OPT_BIT(OPT_LIMIT), run_log },
	{ "export", "trades|orders|fills|events", "write records for a spreadsheet", NULL,
	  1, 1, 0, NEEDS_BOOK, OPT_BIT(OPT_FORMAT), run_export },
	{ "backup", "FILE", "copy the database, safely while Robson runs", NULL,
	  1, 1, COMMAND_WRITES, NEEDS_BOOK, 0, run_backup },
	{ "restore", "FILE", "put a backup in the database's place; the old one is kept beside it", NULL,
	  1, 1, COMMAND_WRITES | COMMAND_ALONE, NEEDS_BOOK, 0, run_restore },
	{ "adopt", "", "take a copied or restored book over for LIVE",
	  "It is compared with the exchange first, by reading alone.  Asks for the typed word ADOPT;\n"
	  "from a script: --yes ADOPT.\n",
	  0, 0, COMMAND_WRITES, MARKET, OPT_BIT(OPT_YES), run_adopt },
	{ "settings", "", "list every setting and where it comes from", NULL,
	  0, 0, COMMAND_ALONE, NEEDS_BOOK, 0, run_settings },
	{ "settings set", "KEY VALUE", "change one setting in the file", NULL,
	  2, 2, COMMAND_WRITES | COMMAND_ALONE, NEEDS_BOOK, 0, run_settings_set },
	{ "verify", "", "check schema, links, states and the audit chain", NULL,
	  0, 0, COMMAND_ALONE, NEEDS_BOOK, OPT_BIT(OPT_COMPREHENSIVE), run_verify },
	{ "version", "", "say which Robson this is", NULL,
	  0, 0, COMMAND_ALONE, NEEDS_BOOK, 0, run_version },
	{ "help", "[COMMAND]", "say what can be done, or what a command takes",
	  "With --json: every command, option, exit status and guard reason.\n",
	  0, 2, COMMAND_ALONE, NEEDS_BOOK, 0, run_help },
};

size_t
commands_count(void)
{
	return ARRAY_LEN(commands);
}

const struct command *
commands_at(size_t index)
{
	return index < ARRAY_LEN(commands) ? &commands[index] : NULL;
}

static const struct command *
find_exact(const char *first, const char *second)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		const char *name = commands[i].name;
		size_t len = strlen(first);
		if (strncmp(name, first, len) != 0)
			continue;
		if (second == NULL ? name[len] == '\0'
		                   : name[len] == ' ' && strcmp(name + len + 1, second) == 0)
			return &commands[i];
	}
	return NULL;
}

/* "operation" alone, and "operation foo": say which verbs there are. */
static enum status
unknown_verb(const char *first, const char *second, struct error *err)
{
	char verbs[128] = "";
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		const char *name = commands[i].name;
		size_t len = strlen(first);
		if (strncmp(name, first, len) == 0 && name[len] == ' ') {
			size_t used = strlen(verbs);
			text_format(verbs + used, sizeof verbs - used, "%s%s", used > 0 ? ", " : "",
			            name + len + 1);
		}
	}
	if (verbs[0] == '\0')
		return STATUS_OK;
	if (second == NULL)
		return error_set(err, STATUS_USAGE, "%s what? %s", first, verbs);
	return error_set(err, STATUS_USAGE, "%s has no \"%s\"; there is: %s", first, second, verbs);
}

static enum status
unknown_command(const char *first, const char *second, struct error *err)
{
	const char *nearest = NULL;
	int least = 3;

	if (unknown_verb(first, second, err) != STATUS_OK)
		return STATUS_USAGE;
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		char name[32];
		text_copy(name, sizeof name, commands[i].name);
		name[strcspn(name, " ")] = '\0';
		int distance = word_distance(first, name);
		if (distance < least) {
			least = distance;
			nearest = commands[i].name;
		}
	}
	error_set(err, STATUS_USAGE, "there is no command \"%s\"", first);
	if (nearest != NULL)
			error_hint(err, "did you mean %s?", nearest);
		else
			error_hint(err, "robson --help lists them");
		return STATUS_USAGE;
}

enum status
commands_find(struct command_line *line, const struct command **ret, struct error *err)
{
	*ret = NULL;
	if (line->word_count == 0)
		return STATUS_OK;
	const char *first = line->words[0], *second = line->word_count > 1 ? line->words[1] : NULL;
	const char *answer = retired_command(first, second);
	if (answer != NULL)
		return error_set(err, STATUS_USAGE, "%s%s%s: %s", first,
		                 second != NULL && strcmp(first, "operation") == 0 ? " " : "",
		                 second != NULL && strcmp(first, "operation") == 0 ? second : "", answer);

	int taken = 2;
	const struct command *found = second != NULL ? find_exact(first, second) : NULL;
	if (found == NULL) {
		taken = 1;
		found = find_exact(first, NULL);
	}
	if (found == NULL)
		return unknown_command(first, second, err);
	line->word_count -= taken;
	memmove(line->words, line->words + taken, (size_t)line->word_count * sizeof line->words[0]);
	*ret = found;
	return STATUS_OK;
}
