/* Patterns by name, and what each of their events triggered.  (domain.md, "Patterns") */
#ifndef CORE_PATTERN_H
#define CORE_PATTERN_H

#include "core/intent.h"

enum { PATTERN_EVENT_SIZE = 64 };
enum pattern {
	PATTERN_HAMMER, PATTERN_INVERTED_HAMMER, PATTERN_BULLISH_ENGULFING, PATTERN_BEARISH_ENGULFING,
	PATTERN_MORNING_STAR, PATTERN_MA_CROSSOVER, PATTERN_COUNT
};
/* FAILED: a guard refused its intent at once. */
enum trigger_status { TRIGGER_PROCESSED, TRIGGER_FAILED };

struct pattern_trigger {
	int64_t n;                            /* set by the store */
	int64_t client_id;
	char event_id[PATTERN_EVENT_SIZE];    /* unique for the client */
	enum pattern pattern;
	enum trigger_status status;
	char intent_id[INTENT_ID_SIZE];
	int64_t created_at_ms;
};

const char *pattern_name(enum pattern pattern);                  /* "HAMMER", ... */
MUST_USE enum status pattern_parse(const char *text, enum pattern *ret);   /* any case */
const char *trigger_status_name(enum trigger_status status);     /* "PROCESSED", "FAILED" */

#endif
