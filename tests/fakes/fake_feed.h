/* A price feed on a script: nothing comes but what the test says, nothing moves but when the test
 * moves it.  Its clock is the desk's. */
#ifndef TESTS_FAKES_FAKE_FEED_H
#define TESTS_FAKES_FAKE_FEED_H

#include "core/ports/price_feed.h"

struct price_feed *fake_feed_open(int64_t wall_ms);

/* ---- the clock ---- */
void fake_feed_advance_ms(struct price_feed *feed, int64_t ms);
void fake_feed_jump_wall_ms(struct price_feed *feed, int64_t ms);   /* the wall clock alone */

/* ---- what comes at the next dispatch, if the symbol is watched then ---- */
void fake_feed_quote(struct price_feed *feed, const char *symbol, const char *bid, const char *ask);
void fake_feed_ticker(struct price_feed *feed, const char *symbol, const char *last,
                      const char *change_percent);

/* ---- the script ---- */
/* Rules come at the first dispatch after the first watch: these, or symbol_rules_default with a
 * tick of 0.01.  Set while the symbol is watched, they come (again) at the next dispatch. */
void fake_feed_rules(struct price_feed *feed, const struct symbol_rules *rules);
void fake_feed_unknown(struct price_feed *feed, const char *symbol);     /* there is no such symbol */
void fake_feed_without_rules(struct price_feed *feed, const char *symbol);   /* they never come */
/* Candles that history answers with, from the time asked for on; at most 4 per call.  Times in wall
 * milliseconds, a minute long. */
void fake_feed_candle(struct price_feed *feed, const char *symbol, int64_t open_ms, const char *open,
                      const char *high, const char *low, const char *close);
void fake_feed_fail_history(struct price_feed *feed, const char *why);   /* NULL: works again */
void fake_feed_hold_history(struct price_feed *feed, bool hold);         /* answers when let go */
void fake_feed_set_status(struct price_feed *feed, const struct feed_status *status);
void fake_feed_name(struct price_feed *feed, const char *symbol);        /* for completion */

/* ---- what was asked ---- */
int fake_feed_watches(const struct price_feed *feed, const char *symbol);   /* watch minus unwatch */
int fake_feed_histories(const struct price_feed *feed, const char *symbol);

#endif
