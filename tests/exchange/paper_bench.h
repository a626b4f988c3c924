/* A paper exchange on a clock that only the test moves. */
#ifndef TESTS_EXCHANGE_PAPER_BENCH_H
#define TESTS_EXCHANGE_PAPER_BENCH_H

#include "exchange/paper/paper.h"

struct bench_clock { int64_t wall_ms, mono_ms; };
struct desk_clock bench_desk_clock(struct bench_clock *clock);
struct paper_settings bench_settings(void);            /* fee 0.1, no slippage, whole, no latency */
struct symbol_rules bench_rules(void);                 /* BTCUSDC, tick 0.01, step 0.00001, min 5 */
void bench_quote(struct exchange *exchange, const struct bench_clock *clock, const char *bid,
                 const char *ask);
/* One turn of the loop. */
void bench_turn(struct exchange *exchange, const struct bench_clock *clock);

#endif
