/* A symbol's rules out of Binance's exchangeInfo, which is also the form of the file that may lie
 * beside a tape.  Pure: text in, struct out.  The feed reads rules because the feed is what asks
 * for them; the exchange gets them from the desk, so no room needs to know the other. */
#ifndef FEED_RULES_JSON_H
#define FEED_RULES_JSON_H

#include <jansson.h>
#include "core/symbol.h"

/* One element of "symbols".  Every filter that is not known is named in unknown_filters; a known
 * one that can't be read is an error, since a rule that is left out would be a rule broken. */
MUST_USE enum status rules_from_json(const json_t *symbol_object, int64_t learnt_at_ms,
                                     struct symbol_rules *ret, struct error *err);

/* The element for `symbol` in a whole exchangeInfo; STATUS_NOT_FOUND if it has none. */
MUST_USE enum status rules_find(const json_t *exchange_info, const char *symbol,
                                int64_t learnt_at_ms, struct symbol_rules *ret, struct error *err);

/* The request weight that the exchange grants for a minute; 0 if it doesn't say. */
int rules_weight_limit(const json_t *exchange_info);

#endif
