/* Everything a paper exchange needs, and nothing that moves by itself. */
#include "tests/exchange/paper_bench.h"

#include "base/text.h"
#include "tests/exchange/recorder.h"

static int64_t
wall_ms(void *self)
{
	return ((const struct bench_clock *)self)->wall_ms;
}

static int64_t
mono_ms(void *self)
{
	return ((const struct bench_clock *)self)->mono_ms;
}

struct desk_clock
bench_desk_clock(struct bench_clock *clock)
{
	return (struct desk_clock){ .wall_ms = wall_ms, .mono_ms = mono_ms, .self = clock };
}

struct paper_settings
bench_settings(void)
{
	return (struct paper_settings){ .fee_percent = dec("0.1"), .partial_fill_percent = dec("100"),
	                                .stale_ms = 10000 };
}

struct symbol_rules
bench_rules(void)
{
	struct symbol_rules rules = {
		.status = SYMBOL_TRADING, .can_limit = true, .can_market = true, .can_stop_loss = true,
		.tick = dec("0.01"), .price_min = dec("0.01"), .price_max = dec("1000000"),
		.lot_step = dec("0.00001"), .lot_min = dec("0.00001"), .lot_max = dec("9000"),
		.market_max = dec("100"), .notional_min = dec("5"), .notional_max = dec("9000000"),
		.notional_min_on_market = true,
	};
	text_copy(rules.symbol, sizeof rules.symbol, "BTCUSDC");
	text_copy(rules.base, sizeof rules.base, "BTC");
	text_copy(rules.quote, sizeof rules.quote, "USDC");
	text_copy(rules.status_text, sizeof rules.status_text, "TRADING");
	return rules;
}

void
bench_quote(struct exchange *exchange, const struct bench_clock *clock, const char *bid, const char *ask)
{
	struct quote quote = { .bid = dec(bid), .ask = dec(ask), .asked_mono_ms = clock->mono_ms,
	                       .at_ms = clock->wall_ms };
	text_copy(quote.symbol, sizeof quote.symbol, "BTCUSDC");
	exchange->ops->quote(exchange, &quote);
}

void
bench_turn(struct exchange *exchange, const struct bench_clock *clock)
{
	struct wait wait;
	wait_init(&wait);
	exchange->ops->prepare(exchange, &wait, clock->mono_ms * 1000);
	exchange->ops->dispatch(exchange, &wait, clock->mono_ms * 1000);
}
