/* Who may execute what.  (domain.md, "Who may execute") */
#ifndef CORE_POLICY_H
#define CORE_POLICY_H

#include "base/error.h"
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
	/* What else stands in the way of LIVE, in words and with what helps; STATUS_OK: nothing. */
	struct error key;                 /* it can't be read, is turned away, or may not trade */
	struct error elsewhere;           /* what is open LIVE lives in another account, or on another host */
	struct error machine;             /* the book lives on another machine, or was restored: adopt */
	struct error blocker;             /* a difference that a person must look at first */
	bool patterns_auto_dry_run;
	int64_t pattern_executions_today, patterns_per_day;
};

/* The gates of an execution, in order, each with its own text:  readonly, pattern asks for LIVE,
 * pattern DRY-RUN not allowed by the setting, pattern limit of the day (all STATUS_REFUSED), and for
 * LIVE: replay, LIVE switch off, SELL on Spot, not acknowledged (STATUS_REFUSED), a key that can't be
 * used (STATUS_CONFIG), no exchange, another account or host, a book that has to be adopted
 * (STATUS_REFUSED); then PAUSED, and a blocker (STATUS_NO).  STATUS_OK: may be executed.  REFUSED
 * outranks NO.  An exchange that is not ready is no gate: that is a missing fact, and is waited for. */
MUST_USE enum status policy_may_execute(const struct policy_facts *facts, struct error *err);

/* The name of the gate that refused, stable, for the audit trail: "live.switch_off", ...; "" if none. */
const char *policy_gate(const struct policy_facts *facts);

#endif
