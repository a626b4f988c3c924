/* A strategy: how a person trades, with risk settings that lower limits, and its track record. */
#ifndef CORE_STRATEGY_H
#define CORE_STRATEGY_H

#include "core/quote.h"

enum { STRATEGY_NAME_SIZE = 64 };
enum bias { BIAS_NEUTRAL, BIAS_BULLISH, BIAS_BEARISH };
const char *bias_name(enum bias bias);           /* "neutral", "bullish", "bearish" */
MUST_USE enum status bias_parse(const char *text, enum bias *ret);

/* DRY-RUN and LIVE are counted apart and never summed. */
struct track_record {
	int64_t trades, wins;
	struct decimal net_pnl;
	struct decimal peak;          /* highest net_pnl so far, at least zero: drawdown is from here */
};

struct strategy {
	int64_t id, client_id;
	char name[STRATEGY_NAME_SIZE];
	char description[512];
	char config[1024];            /* the person's own reference settings, JSON text, not computed with */
	enum bias bias;
	bool is_active;
	/* Risk settings in percent; each may be absent, which is not the same as zero. */
	bool has_risk_percent, has_max_drawdown_percent, has_stop_loss_percent, has_max_position_percent;
	struct decimal risk_percent, max_drawdown_percent, stop_loss_percent, max_position_percent;
	struct track_record record[2];        /* by enum mode */
	int64_t created_at_ms;
};

#endif
