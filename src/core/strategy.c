/* The words of a strategy.  Its rules live where they are used: sizing, guards, track records. */
#include "core/strategy.h"

#include <assert.h>

#include "core/names.h"

static const char *const bias_names[] = { "neutral", "bullish", "bearish" };

const char *
bias_name(enum bias bias)
{
	assert((size_t)bias < ARRAY_LEN(bias_names));
	return bias_names[bias];
}

enum status
bias_parse(const char *text, enum bias *ret)
{
	int found = names_find(bias_names, ARRAY_LEN(bias_names), text);
	if (found < 0)
		return STATUS_INVALID;
	*ret = (enum bias)found;
	return STATUS_OK;
}
