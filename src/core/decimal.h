/* Exact decimal numbers: 18 digits before the point and 16 after it, so that a price with 8 places
 * times a quantity with 8 places loses nothing.  The one number type for prices, quantities, fees,
 * percentages and money.  By value, a struct, so that it cannot be mixed with counters; never a
 * binary float.
 *
 * What can overflow returns STATUS_RANGE and leaves its output untouched.  What can lose digits
 * takes a direction.  Round against ourselves: quantities down, costs up. */
#ifndef CORE_DECIMAL_H
#define CORE_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/status.h"

__extension__ typedef __int128 i128;

struct decimal {
	i128 e16;            /* the value times 10^16; |e16| < 10^34 */
};

enum { DECIMAL_PLACES = 16, DECIMAL_DIGITS = 18, DECIMAL_TEXT_SIZE = 40 };

enum rounding {
	ROUND_DOWN,          /* towards zero */
	ROUND_UP,            /* away from zero */
	ROUND_FLOOR,         /* towards minus infinity */
	ROUND_CEILING,       /* towards plus infinity */
	ROUND_HALF_UP        /* to nearest, halves away from zero: for people's eyes */
};

#define DECIMAL_ZERO ((struct decimal){ 0 })

/* A whole number; any int64_t below 10^18 in size fits, more is a bug. */
struct decimal decimal_from_int(int64_t whole);

/* Strict canonical-ish text: optional sign, digits, optional point and digits; no spaces, exponent,
 * grouping or empty text.  STATUS_INVALID for anything else, STATUS_RANGE if it does not fit (more
 * than 18 digits before the point after leading zeros, or non-zero digits beyond the 16th place).
 * For machine text: JSON strings, the database, tapes. */
MUST_USE enum status decimal_parse(const char *text, struct decimal *ret);

/* What a person types: as decimal_parse, but `,` `_` and spaces between digits are passed over and
 * one trailing or leading space is ignored.  The comma groups thousands and is never the decimal
 * point: it stands before the point only, with one to three digits before it (not "0") and three
 * after it.  So "1,000.5" is read, and "0,5" and "0,500" are refused instead of being read as 5 and
 * 500. */
MUST_USE enum status decimal_parse_human(const char *text, struct decimal *ret);

/* Canonical text: no exponent, no trailing zeros, no "+", no "-0", "0.5" not ".5".  Returns length. */
size_t decimal_text(struct decimal d, char ret_text[DECIMAL_TEXT_SIZE]);

/* For people: exactly `places` digits (beyond 0..16: the nearer of them) after the point, rounded
 * half-up, with `,` between groups of three if grouped; what rounds to zero has no sign.  Returns
 * the length. */
enum { DECIMAL_FORMAT_SIZE = 56 };
size_t decimal_format(struct decimal d, int places, bool grouped, char ret_text[DECIMAL_FORMAT_SIZE]);

/* How many places the value needs: 0.0100 needs 2.  For steps and ticks. */
int decimal_places(struct decimal d);

/* Comparing is what every price tick does, so it is inline and needs no call. */
static inline int
decimal_cmp(struct decimal a, struct decimal b)                 /* <0, 0, >0 */
{
	return (a.e16 > b.e16) - (a.e16 < b.e16);
}

static inline bool
decimal_is_zero(struct decimal d)
{
	return d.e16 == 0;
}

static inline bool
decimal_is_positive(struct decimal d)                           /* above zero */
{
	return d.e16 > 0;
}

static inline bool
decimal_is_negative(struct decimal d)
{
	return d.e16 < 0;
}

static inline struct decimal
decimal_neg(struct decimal d)
{
	return (struct decimal){ -d.e16 };
}

static inline struct decimal
decimal_abs(struct decimal d)
{
	return d.e16 < 0 ? decimal_neg(d) : d;
}

static inline struct decimal
decimal_min(struct decimal a, struct decimal b)
{
	return a.e16 < b.e16 ? a : b;
}

static inline struct decimal
decimal_max(struct decimal a, struct decimal b)
{
	return a.e16 > b.e16 ? a : b;
}

MUST_USE enum status decimal_add(struct decimal a, struct decimal b, struct decimal *ret);
MUST_USE enum status decimal_sub(struct decimal a, struct decimal b, struct decimal *ret);
MUST_USE enum status decimal_mul(struct decimal a, struct decimal b, enum rounding rounding,
                                 struct decimal *ret);
/* STATUS_RANGE also for a divisor of zero.  The intermediate is exact (256 bits). */
MUST_USE enum status decimal_div(struct decimal a, struct decimal b, enum rounding rounding,
                                 struct decimal *ret);
/* a × b ÷ c with one rounding at the end: percentages without a lost digit in the middle. */
MUST_USE enum status decimal_mul_div(struct decimal a, struct decimal b, struct decimal c,
                                     enum rounding rounding, struct decimal *ret);
/* percent of d: d × percent ÷ 100. */
MUST_USE enum status decimal_percent_of(struct decimal d, struct decimal percent,
                                        enum rounding rounding, struct decimal *ret);

/* To `places` digits after the point; STATUS_RANGE also for places outside 0..16. */
MUST_USE enum status decimal_round(struct decimal d, int places, enum rounding rounding,
                                   struct decimal *ret);
/* To a multiple of step (a lot step, a price tick); STATUS_RANGE also for a step not above zero. */
MUST_USE enum status decimal_to_step(struct decimal d, struct decimal step, enum rounding rounding,
                                     struct decimal *ret);
bool decimal_is_multiple(struct decimal d, struct decimal step);  /* false for a step not above 0 */

/* For columns and pixels only (a gauge, a chart): where d lies between low and high, in 1/scale,
 * rounded down and clamped to 0..scale (scale >= 0).  Where low is not below high, scale from high
 * on and 0 below it.  Keeps binary floats out of every room. */
int decimal_position(struct decimal d, struct decimal low, struct decimal high, int scale);

#endif
