/* Who may execute what.  (domain.md, "Who may execute") */
#ifndef CORE_POLICY_H
#define CORE_POLICY_H

#include "core/intent.h"

struct policy_facts {
	enum source source;
	enum mode mode;                   /* asked for */
	enum side side;
	bool is_paused;
	char pause_reason[REASON_SIZE];
	bool is_live_switch_on;           /* the book's */
	bool is_readonly;
	bool is_acknowledged;             /* typed CONFIRM, or --acknowledge-risk */
	bool is_replay;                   /* a process on a replay never acts on LIVE */
	bool has_live_exchange;           /* an adapter that can send LIVE orders is there, with a key */
	bool patterns_auto_dry_run;
	int64_t pattern_executions_today, patterns_per_day;
};

/* The gates of an execution, in order, each with its own text:  readonly, pattern asks for LIVE,
 * pattern DRY-RUN not allowed by the setting, pattern limit of the day (all STATUS_REFUSED), PAUSED
 * (STATUS_NO), and for LIVE: replay, LIVE switch off, SELL on Spot, not acknowledged, no exchange
 * (STATUS_REFUSED).  STATUS_OK: may be executed.  REFUSED outranks NO. */
MUST_USE enum status policy_may_execute(const struct policy_facts *facts, struct error *err);

/* The name of the gate that refused, stable, for the audit trail: "live.switch_off", ...; "" if none. */
const char *policy_gate(const struct policy_facts *facts);

#endif
