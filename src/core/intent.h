/* TradingIntent: what to trade and why, and its way from PENDING to its end.  It orchestrates; an
 * operation is only ever the artifact of its execution.  (domain.md, "Records" and "States")
 *
 *   plan -> PENDING -> VALIDATED -> EXECUTING -> EXECUTED
 *              |  \        |            |
 *              |   FAILED  |            FAILED      (nothing was filled)
 *              CANCELLED   CANCELLED
 */
#ifndef CORE_INTENT_H
#define CORE_INTENT_H

#include "core/quote.h"
#include "core/sizing.h"
#include "core/strategy.h"
#include "base/random.h"

enum { INTENT_ID_SIZE = UUID_TEXT_SIZE, REASON_SIZE = 512, EVIDENCE_SIZE = 512 };

enum intent_status {
	INTENT_PENDING, INTENT_VALIDATED, INTENT_EXECUTING, INTENT_EXECUTED, INTENT_FAILED,
	INTENT_CANCELLED, INTENT_STATUS_COUNT
};
enum intent_event {
	INTENT_ON_APPROVED,      /* validation: no guard FAILs */
	INTENT_ON_DISAPPROVED,   /* validation: a guard FAILs */
	INTENT_ON_EXECUTE,       /* guards ran again on fresh numbers and none FAILs */
	INTENT_ON_FILLED,        /* the entry has ended and something was filled */
	INTENT_ON_UNFILLED,      /* the entry has ended and nothing was filled */
	INTENT_ON_CANCEL,        /* a person, before execution */
	INTENT_EVENT_COUNT
};
enum entry_kind { ENTRY_MARKET, ENTRY_LIMIT };
enum stop_origin { STOP_TYPED, STOP_PERCENT, STOP_TECHNICAL };
enum source { SOURCE_MANUAL, SOURCE_PATTERN };

struct intent {
	char id[INTENT_ID_SIZE];
	int64_t client_id;
	char symbol[SYMBOL_SIZE];
	enum side side;
	char strategy[STRATEGY_NAME_SIZE];    /* "" if none was chosen */
	enum intent_status status;
	enum mode mode;                       /* asked for; the last one given holds */
	enum source source;
	char pattern_event_id[64];            /* "" unless source is pattern */
	char parent_id[INTENT_ID_SIZE];       /* cloned from; "" if none */

	enum entry_kind entry_kind;
	struct decimal entry_price;           /* the limit, or a market entry's worst permitted fill */
	struct decimal planned_quote;         /* what the market said at planning; zero if unknown */
	struct decimal stop_price;            /* on the tick */
	enum stop_origin stop_origin;
	char stop_evidence[EVIDENCE_SIZE];    /* what was typed, or the technical stop's evidence */
	bool has_target;
	struct decimal target_price;
	char target_typed[48];                /* what was typed: a clone's "3R" is one of its own entry */
	struct decimal capital;

	bool has_typed_quantity;
	struct decimal typed_quantity;
	struct decimal quantity, quantity_by_rule;
	enum size_bound bound_by;
	struct decimal position_value, risk_amount, risk_percent;
	struct decimal stop_distance, stop_distance_percent;
	/* The costs it was sized with, so that any figure can be recomputed later. */
	struct decimal fee_percent, gap_percent;

	char regime[64];                      /* why, never computed with */
	bool has_confidence;
	struct decimal confidence;            /* 0..1 */
	char reason[REASON_SIZE];

	char feed[FEED_ID_SIZE];              /* the feed that it was planned on */
	int64_t created_at_ms, validated_at_ms, executed_at_ms, ended_at_ms;   /* 0: not yet */
	char execution_result[REASON_SIZE];   /* written once, with the final status */
	char error[REASON_SIZE];
};

const char *intent_status_name(enum intent_status status);
MUST_USE enum status intent_status_parse(const char *text, enum intent_status *ret);
const char *entry_kind_name(enum entry_kind kind);       /* "MARKET", "LIMIT" */
MUST_USE enum status entry_kind_parse(const char *text, enum entry_kind *ret);
const char *stop_origin_name(enum stop_origin origin);   /* "typed", "percent", "technical" */
MUST_USE enum status stop_origin_parse(const char *text, enum stop_origin *ret);
const char *source_name(enum source source);             /* "manual", "pattern" */
MUST_USE enum status source_parse(const char *text, enum source *ret);
bool intent_is_final(enum intent_status status);

/* One step of the table in domain.md.  STATUS_CONFLICT, and *ret untouched, for a non-arrow. */
MUST_USE enum status intent_next(enum intent_status from, enum intent_event on,
                                 enum intent_status *ret);
/* Whether the table has any arrow between the two; for verify and the schema's test. */
bool intent_may_become(enum intent_status from, enum intent_status to);

#endif
