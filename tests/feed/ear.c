/* See ear.h. */
#include <string.h>
#include "ear.h"

static void
say_price(struct ear *ear, struct decimal price)
{
	char text[DECIMAL_TEXT_SIZE];
	decimal_text(price, text);
	text_appendf(&ear->said, " %s", text);
}

static void
hear_quote(void *self, const struct quote *quote)
{
	struct ear *ear = self;
	ear->quotes++;
	ear->last = *quote;
	text_appendf(&ear->said, "%lld %s", (long long)quote->at_ms, quote->symbol);
	say_price(ear, quote->bid);
	say_price(ear, quote->ask);
	text_append(&ear->said, "\n");
}

static void
hear_rules(void *self, const struct symbol_rules *rules)
{
	struct ear *ear = self;
	ear->rules_told++;
	ear->rules = *rules;
	text_appendf(&ear->said, "rules %s", rules->symbol);
	say_price(ear, rules->tick);
	say_price(ear, rules->lot_step);
	text_append(&ear->said, "\n");
}

static void
hear_unknown(void *self, const char *symbol)
{
	struct ear *ear = self;
	ear->unknown++;
	text_appendf(&ear->said, "unknown %s\n", symbol);
}

static void
hear_history(void *self, const char *symbol, const struct candle *candles, size_t count,
             bool is_last, const struct error *error)
{
	struct ear *ear = self;
	for (size_t i = 0; i < count && ear->candle_count < ARRAY_LEN(ear->candles); i++)
		ear->candles[ear->candle_count++] = candles[i];
	ear->history_ends += is_last;
	ear->has_history_error = ear->has_history_error || error != NULL;
	text_appendf(&ear->said, "history %s %zu%s%s\n", symbol, count, is_last ? " end" : "",
	             error ? " error" : "");
}

static void
hear_ticker(void *self, const char *symbol, struct decimal last, struct decimal change_percent)
{
	struct ear *ear = self;
	ear->tickers++;
	text_appendf(&ear->said, "ticker %s", symbol);
	say_price(ear, last);
	say_price(ear, change_percent);
	text_append(&ear->said, "\n");
}

struct feed_listener
ear_listener(struct ear *ear)
{
	return (struct feed_listener){ ear, hear_quote, hear_rules, hear_unknown, hear_history,
	                               hear_ticker };
}

void
ear_forget(struct ear *ear)
{
	text_done(&ear->said);
	memset(ear, 0, sizeof *ear);
	text_append(&ear->said, "");
}
