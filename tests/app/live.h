/* LIVE trading in a world: what a person would do, time that goes on, and what must hold between the
 * book and the exchange whatever happened. */
#ifndef TESTS_APP_LIVE_H
#define TESTS_APP_LIVE_H

#include "tests/app/world.h"

/* What a symbol's rules allow. */
struct live_shape { bool oto, opo, oco, cancel_replace, stop_loss; };

/* The feed's price from now on, and the exchange's. */
void live_price(struct world *world, const char *bid, const char *ask);
/* The feed's alone: the exchange's own orders do not see it. */
void live_feed_price(const char *bid, const char *ask);
void live_be_silent(bool silent);                 /* the feed brings nothing */
/* Turns with time between them, so that answers, looks and timers come about. */
void live_pass(struct world *world, int ms);
void live_rules(struct world *world, bool oto, bool opo, bool oco);
void live_shape(struct world *world, struct live_shape shape);
void live_shape_set(struct live_shape shape);      /* told at the next live_take_over */
/* A new process takes the hold, with rules and prices as they were. */
void live_restart(struct world *world);
void live_take_over(struct world *world);         /* the same where seat a is not open */

/* plan, validate, execute LIVE.  WISH_DONE: what came of it is in world->err. */
enum wish_state live_execute(struct world *world, const struct plan_input *input, char ret_id[INTENT_ID_SIZE]);
/* A market entry with its stop at 98, at 100.00 / 100.01: an operation, or the test fails. */
struct operation_model live_open(struct world *world, const char *target);
struct operation_model live_operation(struct world *world, int64_t id);
/* A limit entry at 99.50 that rests. */
void live_rest(struct world *world, const char *target, char ret_id[INTENT_ID_SIZE]);
/* States, passes, and says what came of a wish. */
enum status live_wished(struct world *world, enum status stated, int64_t wish, int ms);
/* The client order id of the newest order of this purpose: "entry", "stop", ...  Valid until the next. */
const char *live_id(struct world *world, const char *purpose);

/* NULL: never more sold than bought, one entry, the book's orders are the exchange's, and what is held is
 * protected, being sold, or an alarm. */
const char *live_wrong(struct world *world);
void live_assert_right(struct world *world);      /* and the book is sound */

#endif
