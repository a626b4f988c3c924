/* What a market says now, and which of its two prices concerns whom. */
#include "core/quote.h"

#include <assert.h>

#include "core/names.h"

static const char *const side_names[] = { "BUY", "SELL" };
static const char *const mode_names[] = { "DRY_RUN", "LIVE" };

const char *
side_name(enum side side)
{
	assert((size_t)side < ARRAY_LEN(side_names));
	return side_names[side];
}

const char *
side_position_name(enum side side)
{
	return side == SIDE_BUY ? "LONG" : "SHORT";
}

enum side
side_opposite(enum side side)
{
	return side == SIDE_BUY ? SIDE_SELL : SIDE_BUY;
}

enum status
side_parse(const char *text, enum side *ret)
{
	int found = names_find(side_names, ARRAY_LEN(side_names), text);
	if (found < 0)
		return STATUS_INVALID;
	*ret = (enum side)found;
	return STATUS_OK;
}

const char *
mode_name(enum mode mode)
{
	assert((size_t)mode < ARRAY_LEN(mode_names));
	return mode_names[mode];
}

enum status
mode_parse(const char *text, enum mode *ret)
{
	int found = names_find(mode_names, ARRAY_LEN(mode_names), text);
	if (found < 0)
		return STATUS_INVALID;
	*ret = (enum mode)found;
	return STATUS_OK;
}

int64_t
quote_age_ms(const struct quote *quote, int64_t now_mono_ms)
{
	/* A quote can be asked for after the caller fixed its `now`: that is fresh, not negative. */
	return now_mono_ms > quote->asked_mono_ms ? now_mono_ms - quote->asked_mono_ms : 0;
}

bool
quote_is_sane(const struct quote *quote)
{
	return decimal_is_positive(quote->bid) && decimal_cmp(quote->bid, quote->ask) <= 0;
}

struct decimal
quote_exit_price(const struct quote *quote, enum side entry_side)
{
	return entry_side == SIDE_BUY ? quote->bid : quote->ask;
}

struct decimal
quote_entry_price(const struct quote *quote, enum side entry_side)
{
	return entry_side == SIDE_BUY ? quote->ask : quote->bid;
}
