/* Who may execute what: the gates of domain.md ("Who may execute"), one line each.  The first that
 * is shut answers.  PAUSED and blockers stand last, because a refusal (exit 77) outranks a no (1). */
#include "core/policy.h"

#include <stddef.h>

static bool
is_live(const struct policy_facts *facts)
{
	return facts->mode == MODE_LIVE;
}

static bool
is_pattern(const struct policy_facts *facts)
{
	return facts->source == SOURCE_PATTERN;
}

static bool
shut_readonly(const struct policy_facts *facts)
{
	return facts->is_readonly;
}

static bool
shut_pattern_live(const struct policy_facts *facts)
{
	return is_pattern(facts) && is_live(facts);
}

static bool
shut_pattern_setting(const struct policy_facts *facts)
{
	return is_pattern(facts) && !facts->patterns_auto_dry_run;
}

static bool
shut_pattern_limit(const struct policy_facts *facts)
{
	return is_pattern(facts) && facts->pattern_executions_today >= facts->patterns_per_day;
}

static bool
shut_replay(const struct policy_facts *facts)
{
	return is_live(facts) && facts->is_replay;
}

static bool
shut_live_switch(const struct policy_facts *facts)
{
	return is_live(facts) && !facts->is_live_switch_on;
}

static bool
shut_live_sell(const struct policy_facts *facts)
{
	return is_live(facts) && facts->side == SIDE_SELL;
}

static bool
shut_not_acknowledged(const struct policy_facts *facts)
{
	return is_live(facts) && !facts->is_acknowledged;
}

static bool
shut_no_exchange(const struct policy_facts *facts)
{
	return is_live(facts) && !facts->has_live_exchange;
}

static bool
shut_key(const struct policy_facts *facts)
{
	return is_live(facts) && facts->key.status != STATUS_OK;
}

static bool
shut_elsewhere(const struct policy_facts *facts)
{
	return is_live(facts) && facts->elsewhere.status != STATUS_OK;
}

static bool
shut_machine(const struct policy_facts *facts)
{
	return is_live(facts) && facts->machine.status != STATUS_OK;
}

static bool
shut_blocker(const struct policy_facts *facts)
{
	return is_live(facts) && facts->blocker.status != STATUS_OK;
}

static bool
shut_paused(const struct policy_facts *facts)
{
	return facts->is_paused;
}

#define AT(member) offsetof(struct policy_facts, member)

static const struct gate {
	const char *name;
	bool (*is_shut)(const struct policy_facts *facts);
	enum status status;
	const char *message, *hint;       /* NULL: composed with numbers, or in the facts' own words */
	size_t words;                     /* where those are; 0: nowhere */
} gates[] = {
	{ "readonly", shut_readonly, STATUS_REFUSED,
	  "this Robson was started with --readonly: it looks and never acts",
	  "start it without --readonly", 0 },
	{ "pattern.live", shut_pattern_live, STATUS_REFUSED,
	  "a pattern never goes LIVE", "a person may clone its intent and execute that", 0 },
	{ "pattern.not_allowed", shut_pattern_setting, STATUS_REFUSED,
	  "a pattern may not execute, not even as DRY-RUN, while patterns.auto_dry_run is off",
	  "robson settings set patterns.auto_dry_run on", 0 },
	{ "pattern.day_limit", shut_pattern_limit, STATUS_REFUSED,
	  NULL, "a person may clone the intent and execute that", 0 },
	{ "live.replay", shut_replay, STATUS_REFUSED,
	  "prices come from a tape: a process on a replay never acts on LIVE",
	  "use --feed binance", 0 },
	{ "live.switch_off", shut_live_switch, STATUS_REFUSED,
	  "the LIVE switch of this book is off", "robson live on", 0 },
	{ "live.sell", shut_live_sell, STATUS_REFUSED,
	  "a SELL entry can't be LIVE: on Spot nothing can be sold that is not owned",
	  "as DRY-RUN it can be tried", 0 },
	{ "live.not_acknowledged", shut_not_acknowledged, STATUS_REFUSED,
	  "LIVE was not acknowledged: real money would be sent",
	  "type CONFIRM on the screen, or give --live --acknowledge-risk", 0 },
	{ "live.key", shut_key, STATUS_CONFIG, NULL, NULL, AT(key) },
	{ "live.no_exchange", shut_no_exchange, STATUS_REFUSED,
	  "no exchange is connected that could take LIVE orders; nothing was sent",
	  "execute it as DRY-RUN", 0 },
	{ "live.elsewhere", shut_elsewhere, STATUS_REFUSED, NULL, NULL, AT(elsewhere) },
	{ "live.machine", shut_machine, STATUS_REFUSED, NULL, NULL, AT(machine) },
	{ "paused", shut_paused, STATUS_NO, NULL, "robson resume", 0 },
	{ "live.blocker", shut_blocker, STATUS_NO, NULL, NULL, AT(blocker) },
};

#undef AT

static const struct gate *
first_shut(const struct policy_facts *facts)
{
	for (size_t i = 0; i < ARRAY_LEN(gates); i++)
		if (gates[i].is_shut(facts))
			return &gates[i];
	return NULL;
}

enum status
policy_may_execute(const struct policy_facts *facts, struct error *err)
{
	const struct gate *gate = first_shut(facts);

	if (gate == NULL)
		return STATUS_OK;
	if (gate->words != 0) {
		const struct error *why = (const void *)((const char *)facts + gate->words);
		error_set(err, gate->status, "%s", why->message);
		error_hint(err, "%s", why->hint);
		return gate->status;
	}
	if (gate->is_shut == shut_pattern_limit)
		error_set(err, gate->status,
		          "patterns have executed %lld intents today, and %lld a day is their limit",
		          (long long)facts->pattern_executions_today, (long long)facts->patterns_per_day);
	else if (gate->is_shut == shut_paused)
		error_set(err, gate->status, "PAUSED: %s",
		          facts->pause_reason[0] != '\0' ? facts->pause_reason : "no reason given");
	else
		error_set(err, gate->status, "%s", gate->message);
	error_hint(err, "%s", gate->hint);
	return gate->status;
}

const char *
policy_gate(const struct policy_facts *facts)
{
	const struct gate *gate = first_shut(facts);
	return gate == NULL ? "" : gate->name;
}
