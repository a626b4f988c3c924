/* The six patterns and the two outcomes of a trigger, by name. */
#include "core/pattern.h"

#include <assert.h>

#include "core/names.h"

static const char *const pattern_names[] = {
	[PATTERN_HAMMER] = "HAMMER", [PATTERN_INVERTED_HAMMER] = "INVERTED_HAMMER",
	[PATTERN_BULLISH_ENGULFING] = "BULLISH_ENGULFING", [PATTERN_BEARISH_ENGULFING] = "BEARISH_ENGULFING",
	[PATTERN_MORNING_STAR] = "MORNING_STAR", [PATTERN_MA_CROSSOVER] = "MA_CROSSOVER",
};
static_assert(ARRAY_LEN(pattern_names) == PATTERN_COUNT, "a name for every pattern");
static const char *const trigger_names[] = { "PROCESSED", "FAILED" };

const char *
pattern_name(enum pattern pattern)
{
	return (size_t)pattern < ARRAY_LEN(pattern_names) ? pattern_names[pattern] : "?";
}

enum status
pattern_parse(const char *text, enum pattern *ret)
{
	int found = names_find(pattern_names, ARRAY_LEN(pattern_names), text);

	if (found < 0)
		return STATUS_INVALID;
	*ret = (enum pattern)found;
	return STATUS_OK;
}

const char *
trigger_status_name(enum trigger_status status)
{
	return (size_t)status < ARRAY_LEN(trigger_names) ? trigger_names[status] : "?";
}
