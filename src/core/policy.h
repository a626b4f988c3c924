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
	/* What of LIVE stands in the way; the text beside each says it in words, "" where there are none. */
	bool is_key_refused;              /* the exchange turns the key away, or it may not trade */
	bool is_elsewhere;                /* another account or host than the book is bound to */
	bool is_unadopted;                /* the book lives on another machine, or was restored */
	bool has_blocker;                 /* a difference that a person must look at first */
	bool is_exchange_unready;         /* no time or no account of it is known yet, or it can't be reached */
	char key_trouble[160], elsewhere[160], unadopted[160], blocker[160], trouble[160];
	bool patterns_auto_dry_run;
	int64_t pattern_executions_today, patterns_per_day;
};

/* The gates of an execution, in order, each with its own text:  readonly, pattern asks for LIVE,
 * pattern DRY-RUN not allowed by the setting, pattern limit of the day (all STATUS_REFUSED), and for
 * LIVE: replay, LIVE switch off, SELL on Spot, not acknowledged, no exchange (STATUS_REFUSED), a key
 * that is turned away (STATUS_CONFIG), another account or host, a book not adopted here, a blocker
 * (STATUS_REFUSED); then PAUSED (STATUS_NO), and an exchange that is not ready (STATUS_UNAVAILABLE: the
 * wish may wait).  STATUS_OK: may be executed.  What no waiting helps comes first. */
MUST_USE enum status policy_may_execute(const struct policy_facts *facts, struct error *err);

/* The name of the gate that refused, stable, for the audit trail: "live.switch_off", ...; "" if none. */
const char *policy_gate(const struct policy_facts *facts);

#endif
