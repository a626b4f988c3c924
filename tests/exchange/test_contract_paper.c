/* The contract of the exchange port, on the paper exchange as it is set by default, and (built with
 * DECORATED) on the same behind the faulty exchange of the tests. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/exchange/contract.h"
#include "tests/exchange/paper_bench.h"
#include "tests/fakes/faulty_exchange.h"

static struct exchange *
open_paper(void *self)
{
	struct bench_clock *clock = self;
	*clock = (struct bench_clock){ .wall_ms = 1700000000000, .mono_ms = 1000 };
	struct paper_settings settings = bench_settings();
	struct desk_clock desk_clock = bench_desk_clock(clock);
	struct symbol_rules rules = bench_rules();
	struct exchange *exchange = paper_open(&settings, &desk_clock, NULL);
	assert_non_null(exchange);
	exchange->ops->rules(exchange, &rules);
	return exchange;
}

#ifdef DECORATED
/* A decorator without orders to break anything breaks nothing. */
static struct exchange *
open_decorated(void *self)
{
	return faulty_open(open_paper(self));
}
#endif

static void
price(void *self, struct exchange *exchange, const char *bid, const char *ask)
{
	struct bench_clock *clock = self;
	clock->mono_ms += 1000;
	clock->wall_ms += 1000;
	bench_quote(exchange, clock, bid, ask);
}

static void
settle(void *self, struct exchange *exchange)
{
	for (int turns = 0; turns < 100 && exchange->ops->is_busy(exchange); turns++)
		bench_turn(exchange, self);
}

int
main(void)
{
	struct bench_clock clock;
	struct contract_bench bench = { .name = "the paper exchange keeps the port's contract",
	                                .self = &clock, .open = open_paper, .price = price,
	                                .settle = settle };
#ifdef DECORATED
	bench.name = "a decorated exchange keeps it as well";
	bench.open = open_decorated;
#endif
	return contract_run(&bench);
}
