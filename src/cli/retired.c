/* The two lists of retired.h.  Words are compared with `_` taken for `-`, without regard to case. */
#include "cli/retired.h"

#include <stdbool.h>
#include <string.h>

#include "base/status.h"

struct retired { const char *word, *second, *answer; };

#define INSTEAD_OF_CREATING \
	"an operation is only ever the result of an intent: robson plan, then validate, then execute"
#define NO_FLAGS \
	"there is no deprecated way to switch on or off: robson plan, validate, execute is the only one"
#define NO_SUCH_COMMAND "this version has no such command"

static const struct retired commands[] = {
	{ "create-user-operation", NULL, INSTEAD_OF_CREATING },
	{ "create-operation", NULL, INSTEAD_OF_CREATING },
	{ "operation", "create", INSTEAD_OF_CREATING },
	{ "operations", "create", INSTEAD_OF_CREATING },
	{ "margin-buy", NULL, "Robson trades Spot without margin: robson plan buy sizes what your own money can carry" },
	{ "margin-sell", NULL, "Robson trades Spot without margin: robson plan sell, in DRY-RUN" },
	{ "scan-usage", NULL, "nothing is deprecated, so no usage is scanned for; robson verify shows that every operation has its intent" },
	{ "scan-operations-api-usage", NULL, "there is no web interface whose use could be scanned; robson verify shows that every operation has its intent" },
	{ "scan-create-user-operation-usage", NULL, "nothing creates operations directly; robson verify shows that every operation has its intent" },
	{ "monitor-stops", NULL, "robson monitor watches the stops; robson monitor --once makes one pass" },
	{ "technical-stop-buy", NULL, "a stop is given by you: robson plan buy SYMBOL --stop P" },
	{ "validate-unified-model", NULL, "robson verify --comprehensive prints the health report" },
	{ "validate-u1-foundation", NULL, "robson verify checks the schema and its links" },
	{ "validate-u4-stop-monitor", NULL, "robson verify --comprehensive plays a trade up to its stop" },
	{ "migrate", NULL, "the database is migrated when it is opened, after a backup was made" },
	{ "makemigrations", NULL, "the database is migrated when it is opened, after a backup was made" },

	{ "technical-stop", NULL, NO_SUCH_COMMAND },
	{ "import-operations", NULL, NO_SUCH_COMMAND },
};

static const struct retired options[] = {
	{ "--enable-deprecated-operations-api", NULL, NO_FLAGS },
	{ "--disable-deprecated-operations-api", NULL, NO_FLAGS },
	{ "--enable-create-user-operation-command", NULL, NO_FLAGS },
	{ "--disable-create-user-operation-command", NULL, NO_FLAGS },
	{ "--dry-run", NULL, "DRY-RUN is what happens anyway, unless --live is given" },
	{ "--leverage", NULL, "Robson trades Spot without margin: there is no leverage" },
	{ "--margin", NULL, "Robson trades Spot without margin" },
	{ "--margin-type", NULL, "Robson trades Spot without margin" },
};

static bool
same(const char *typed, const char *word)
{
	for (; *typed != '\0' && *word != '\0'; typed++, word++) {
		char c = *typed == '_' ? '-' : *typed;
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c != *word)
			return false;
	}
	return *typed == *word;
}

const char *
retired_command(const char *word, const char *second)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		if (same(word, commands[i].word) &&
		    (commands[i].second == NULL || (second != NULL && same(second, commands[i].second))))
			return commands[i].answer;
	return NULL;
}

const char *
retired_option(const char *option)
{
	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		if (same(option, options[i].word))
			return options[i].answer;
	return NULL;
}

/* What this version merely lacks is not the plan's, and not in its page. */
const char *
retired_command_at(size_t index)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		if (commands[i].second == NULL && strcmp(commands[i].answer, NO_SUCH_COMMAND) != 0 &&
		    index-- == 0)
			return commands[i].word;
	return NULL;
}

const char *
retired_option_at(size_t index)
{
	return index < ARRAY_LEN(options) ? options[index].word : NULL;
}
