/* The life of an intent: the arrows of domain.md ("States"), and none besides.  What keeps an intent
 * where it is (a missing fact, a guard that fails at execution, an unknown outcome) is no arrow. */
#include "core/intent.h"

#include <assert.h>

#include "core/names.h"

static const char *const status_names[] = {
	[INTENT_PENDING] = "PENDING", [INTENT_VALIDATED] = "VALIDATED",
	[INTENT_EXECUTING] = "EXECUTING", [INTENT_EXECUTED] = "EXECUTED",
	[INTENT_FAILED] = "FAILED", [INTENT_CANCELLED] = "CANCELLED",
};
static_assert(ARRAY_LEN(status_names) == INTENT_STATUS_COUNT, "a name for every status");
static const char *const entry_kind_names[] = { "MARKET", "LIMIT" };
static const char *const stop_origin_names[] = { "typed", "percent", "technical" };
static const char *const source_names[] = { "manual", "pattern" };

/* `inline intent_next' of tests/model/robson.pml.  There "the branch that writes E" executes, with all
 * orders of the intent in the same transaction; settle ends it, once the entry's own record has: FILLED
 * if anything was, and never before its outcome is known (MUTANT_TIMEOUT_IS_FAILURE). */
static const struct {
	enum intent_status from;
	enum intent_event on;
	enum intent_status to;
} moves[] = {
	{ INTENT_PENDING,   INTENT_ON_APPROVED,    INTENT_VALIDATED },
	{ INTENT_PENDING,   INTENT_ON_DISAPPROVED, INTENT_FAILED    },
	{ INTENT_PENDING,   INTENT_ON_CANCEL,      INTENT_CANCELLED },
	{ INTENT_VALIDATED, INTENT_ON_EXECUTE,     INTENT_EXECUTING },
	{ INTENT_VALIDATED, INTENT_ON_CANCEL,      INTENT_CANCELLED },
	{ INTENT_EXECUTING, INTENT_ON_FILLED,      INTENT_EXECUTED  },
	{ INTENT_EXECUTING, INTENT_ON_UNFILLED,    INTENT_FAILED    },
};

enum status
intent_next(enum intent_status from, enum intent_event on, enum intent_status *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(moves); i++)
		if (moves[i].from == from && moves[i].on == on) {
			*ret = moves[i].to;
			return STATUS_OK;
		}
	return STATUS_CONFLICT;
}

bool
intent_may_become(enum intent_status from, enum intent_status to)
{
	for (size_t i = 0; i < ARRAY_LEN(moves); i++)
		if (moves[i].from == from && moves[i].to == to)
			return true;
	return false;
}

bool
intent_is_final(enum intent_status status)
{
	return status == INTENT_EXECUTED || status == INTENT_FAILED || status == INTENT_CANCELLED;
}

const char *
intent_status_name(enum intent_status status)
{
	assert((size_t)status < ARRAY_LEN(status_names));
	return status_names[status];
}

enum status
intent_status_parse(const char *text, enum intent_status *ret)
{
	int found = names_find(status_names, ARRAY_LEN(status_names), text);
	if (found < 0)
		return STATUS_INVALID;
	*ret = (enum intent_status)found;
	return STATUS_OK;
}

const char *
entry_kind_name(enum entry_kind kind)
{
	assert((size_t)kind < ARRAY_LEN(entry_kind_names));
	return entry_kind_names[kind];
}

enum status
entry_kind_parse(const char *text, enum entry_kind *ret)
{
	int found = names_find(entry_kind_names, ARRAY_LEN(entry_kind_names), text);
	if (found < 0)
		return STATUS_INVALID;
	*ret = (enum entry_kind)found;
	return STATUS_OK;
}

const char *
stop_origin_name(enum stop_origin origin)
{
	assert((size_t)origin < ARRAY_LEN(stop_origin_names));
	return stop_origin_names[origin];
}

enum status
stop_origin_parse(const char *text, enum stop_origin *ret)
{
	int found = names_find(stop_origin_names, ARRAY_LEN(stop_origin_names), text);
	if (found < 0)
		return STATUS_INVALID;
	*ret = (enum stop_origin)found;
	return STATUS_OK;
}

const char *
source_name(enum source source)
{
	assert((size_t)source < ARRAY_LEN(source_names));
	return source_names[source];
}

enum status
source_parse(const char *text, enum source *ret)
{
	int found = names_find(source_names, ARRAY_LEN(source_names), text);
	if (found < 0)
		return STATUS_INVALID;
	*ret = (enum source)found;
	return STATUS_OK;
}
