/* Exact decimals.  A value is an integer count of 10^-16, below 10^34 in size, so that sums and
 * doubles of two values fit an i128 with room to spare (2^127 is 1.7 x 10^38); products take 256
 * bits.  All rounding happens in one place, round_quotient, on sizes without sign. */
#include "core/decimal.h"

#include <assert.h>
#include <string.h>

__extension__ typedef unsigned __int128 u128;

#define ONE_E16 ((i128)INT64_C(10000000000000000))                    /* 1 */
#define LIMIT_E16 (ONE_E16 * INT64_C(1000000000000000000))            /* 10^18, the first too large */

static u128
size_of(i128 e16)
{
	return e16 < 0 ? (u128)-e16 : (u128)e16;
}

static enum status
store_e16(i128 e16, struct decimal *ret)
{
	if (e16 <= -LIMIT_E16 || e16 >= LIMIT_E16)
		return STATUS_RANGE;
	ret->e16 = e16;
	return STATUS_OK;
}

/* The quotient as it was cut, and what was left of the divisor's size: one more, or not? */
static u128
round_quotient(u128 quotient, u128 rest, u128 divisor, bool negative, enum rounding rounding)
{
	const bool up[] = {
		[ROUND_DOWN] = false,
		[ROUND_UP] = true,
		[ROUND_FLOOR] = negative,
		[ROUND_CEILING] = !negative,
		[ROUND_HALF_UP] = rest >= divisor - rest,
	};
	return rest != 0 && up[rounding] ? quotient + 1 : quotient;
}

struct u256 {
	u128 high, low;
};

static struct u256
multiply(u128 a, u128 b)
{
	u128 a_high = a >> 64, a_low = (uint64_t)a;
	u128 b_high = b >> 64, b_low = (uint64_t)b;
	u128 low = a_low * b_low;
	u128 middle = a_high * b_low + (low >> 64);          /* (2^64-1)^2 + 2^64-1 fits */
	u128 middle2 = a_low * b_high + (uint64_t)middle;
	struct u256 product = {
		.high = a_high * b_high + (middle >> 64) + (middle2 >> 64),
		.low = (middle2 << 64) | (uint64_t)low,
	};
	return product;
}

/* One digit (to the base of 2^64) of a long division: (rest, digit) by divisor, whose highest bit is
 * set and which is above rest.  Knuth's algorithm D: the guess from the leading digits is at most two
 * too large, and at most 2^64 + 1, so that guess * low fits. */
static uint64_t
divide_digit(u128 *rest, uint64_t digit, u128 divisor)
{
	u128 high = divisor >> 64, low = (uint64_t)divisor;
	u128 guess = *rest / high, left = *rest % high;

	while (guess * low > ((left << 64) | digit)) {
		guess--;
		left += high;
		if (left >> 64 != 0)
			break;
	}
	*rest = ((*rest << 64) | digit) - guess * divisor;   /* modulo 2^128, as the result fits */
	return (uint64_t)guess;
}

/* The quotient of 256 by 128 bits; needs product.high < divisor, or it would not fit.  Divisors here
 * are below 2^115, so that shift is never 0. */
static u128
divide(struct u256 product, u128 divisor, u128 *ret_rest)
{
	if (product.high == 0) {
		*ret_rest = product.low % divisor;
		return product.low / divisor;
	}
	int shift = divisor >> 64 != 0 ? __builtin_clzll((uint64_t)(divisor >> 64))
	                               : 64 + __builtin_clzll((uint64_t)divisor);
	divisor <<= shift;
	u128 rest = (product.high << shift) | (product.low >> (128 - shift));
	u128 low = product.low << shift;
	u128 high_digit = divide_digit(&rest, (uint64_t)(low >> 64), divisor);
	u128 low_digit = divide_digit(&rest, (uint64_t)low, divisor);
	*ret_rest = rest >> shift;
	return (high_digit << 64) | low_digit;
}

/* a x b / c of raw counts. */
static enum status
rescale(i128 a, i128 b, i128 c, enum rounding rounding, struct decimal *ret)
{
	if (c == 0)
		return STATUS_RANGE;
	struct u256 product = multiply(size_of(a), size_of(b));
	u128 divisor = size_of(c);
	if (product.high >= divisor)
		return STATUS_RANGE;
	bool negative = (a < 0) ^ (b < 0) ^ (c < 0);
	u128 rest, quotient = divide(product, divisor, &rest);
	if (quotient >= (u128)LIMIT_E16)
		return STATUS_RANGE;
	quotient = round_quotient(quotient, rest, divisor, negative, rounding);
	return store_e16(negative ? -(i128)quotient : (i128)quotient, ret);
}

/* To a multiple of unit. */
static enum status
round_to(i128 e16, i128 unit, enum rounding rounding, struct decimal *ret)
{
	u128 size = size_of(e16), divisor = (u128)unit;
	u128 quotient = round_quotient(size / divisor, size % divisor, divisor, e16 < 0, rounding);
	i128 rounded = (i128)(quotient * divisor);           /* below size + unit: fits */
	return store_e16(e16 < 0 ? -rounded : rounded, ret);
}

static i128
unit_of_place(int places)
{
	i128 unit = ONE_E16;
	while (places-- > 0)
		unit /= 10;
	return unit;
}

struct decimal
decimal_from_int(int64_t whole)
{
	i128 e16 = whole * ONE_E16;
	assert(e16 > -LIMIT_E16 && e16 < LIMIT_E16);
	return (struct decimal){ e16 };
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads digits one by one.  What does not fit is remembered, not returned at once, so that text that
 * is no number at all is called that, whatever stands before. */
struct reader {
	i128 e16;
	i128 unit;       /* what a digit is worth here; 0 before the point */
	bool too_large;
};

static void
read_digit(struct reader *reader, char c)
{
	int digit = c - '0';
	if (reader->unit == 0) {
		reader->e16 = reader->e16 * 10 + digit * ONE_E16;
		if (reader->e16 >= LIMIT_E16) {
			reader->too_large = true;
			reader->e16 = 0;
		}
	} else {
		reader->unit /= 10;
		reader->e16 += digit * reader->unit;
		if (reader->unit == 0) {
			/* Beyond the last place: from here on only zeros lose nothing. */
			reader->too_large |= digit != 0;
			reader->unit = 1;
		}
	}
}

static enum status
read_end(const struct reader *reader, bool negative, struct decimal *ret)
{
	if (reader->too_large)
		return STATUS_RANGE;
	ret->e16 = negative ? -reader->e16 : reader->e16;
	return STATUS_OK;
}

/* May the separator at `at` stand there?  It is known that a digit is before it. */
static bool
separates(const char *at, bool may_group)
{
	switch (*at) {
	case '_':
	case ' ':
		return is_digit(at[1]);
	case ',':
		return may_group && is_digit(at[1]) && is_digit(at[2]) && is_digit(at[3]) &&
		       !is_digit(at[4]);
	default:
		return false;
	}
}

static enum status
parse(const char *text, bool human, struct decimal *ret)
{
	if (text == NULL)
		return STATUS_INVALID;
	const char *at = text;
	if (human && *at == ' ')
		at++;
	bool negative = *at == '-';
	if (*at == '-' || *at == '+')
		at++;
	if (!is_digit(*at))
		return STATUS_INVALID;

	/* Half of the world writes its decimal point as a comma.  "0,500", "1234,567" and "1.000,5"
	 * can't be groups of thousands, and must not be read as something a thousand times larger. */
	bool may_group = *at != '0';
	int run = 0;                                         /* digits since the last separator */
	bool after_point = false;
	struct reader reader = { .e16 = 0 };
	for (; *at != '\0'; at++) {
		if (is_digit(*at)) {
			read_digit(&reader, *at);
			run++;
			continue;
		}
		if (*at == '.' && !after_point && is_digit(at[1])) {
			after_point = true;
			reader.unit = ONE_E16;
		} else if (human && at[0] == ' ' && at[1] == '\0') {
			break;
		} else if (!human || !separates(at, may_group && !after_point && run <= 3)) {
			return STATUS_INVALID;
		}
		run = 0;
	}
	return read_end(&reader, negative, ret);
}

enum status
decimal_parse(const char *text, struct decimal *ret)
{
	return parse(text, false, ret);
}

enum status
decimal_parse_human(const char *text, struct decimal *ret)
{
	return parse(text, true, ret);
}

/* Writes the whole part, then `places` digits; returns where it ended. */
static char *
write_number(char *to, u128 size, int places, bool grouped)
{
	char digits[40];
	int count = 0;

	for (u128 whole = size / (u128)ONE_E16; whole > 0 || count == 0; whole /= 10)
		digits[count++] = (char)('0' + (int)(whole % 10));
	while (count > 0) {
		*to++ = digits[--count];
		if (grouped && count > 0 && count % 3 == 0)
			*to++ = ',';
	}
	u128 rest = size % (u128)ONE_E16;
	if (places > 0)
		*to++ = '.';
	for (u128 unit = (u128)ONE_E16 / 10; places > 0; places--, unit /= 10) {
		*to++ = (char)('0' + (int)(rest / unit));
		rest %= unit;
	}
	*to = '\0';
	return to;
}

size_t
decimal_text(struct decimal d, char ret_text[DECIMAL_TEXT_SIZE])
{
	char *to = ret_text;
	if (d.e16 < 0)
		*to++ = '-';
	return (size_t)(write_number(to, size_of(d.e16), decimal_places(d), false) - ret_text);
}

size_t
decimal_format(struct decimal d, int places, bool grouped, char ret_text[DECIMAL_FORMAT_SIZE])
{
	if (places < 0)
		places = 0;
	if (places > DECIMAL_PLACES)
		places = DECIMAL_PLACES;
	/* Not decimal_round: what is shown may round up to 10^18. */
	u128 unit = (u128)unit_of_place(places), size = size_of(d.e16);
	size = round_quotient(size / unit, size % unit, unit, false, ROUND_HALF_UP) * unit;
	char *to = ret_text;
	if (d.e16 < 0 && size > 0)
		*to++ = '-';
	return (size_t)(write_number(to, size, places, grouped) - ret_text);
}

int
decimal_places(struct decimal d)
{
	int places = 0;
	for (i128 rest = d.e16 % ONE_E16; rest != 0; rest = rest * 10 % ONE_E16)
		places++;
	return places;
}

enum status
decimal_add(struct decimal a, struct decimal b, struct decimal *ret)
{
	return store_e16(a.e16 + b.e16, ret);
}

enum status
decimal_sub(struct decimal a, struct decimal b, struct decimal *ret)
{
	return store_e16(a.e16 - b.e16, ret);
}

enum status
decimal_mul(struct decimal a, struct decimal b, enum rounding rounding, struct decimal *ret)
{
	return rescale(a.e16, b.e16, ONE_E16, rounding, ret);
}

enum status
decimal_div(struct decimal a, struct decimal b, enum rounding rounding, struct decimal *ret)
{
	return rescale(a.e16, ONE_E16, b.e16, rounding, ret);
}

enum status
decimal_mul_div(struct decimal a, struct decimal b, struct decimal c, enum rounding rounding,
                struct decimal *ret)
{
	return rescale(a.e16, b.e16, c.e16, rounding, ret);
}

enum status
decimal_percent_of(struct decimal d, struct decimal percent, enum rounding rounding,
                   struct decimal *ret)
{
	return rescale(d.e16, percent.e16, 100 * ONE_E16, rounding, ret);
}

enum status
decimal_round(struct decimal d, int places, enum rounding rounding, struct decimal *ret)
{
	if (places < 0 || places > DECIMAL_PLACES)
		return STATUS_RANGE;
	return round_to(d.e16, unit_of_place(places), rounding, ret);
}

enum status
decimal_to_step(struct decimal d, struct decimal step, enum rounding rounding, struct decimal *ret)
{
	if (step.e16 <= 0)
		return STATUS_RANGE;
	return round_to(d.e16, step.e16, rounding, ret);
}

bool
decimal_is_multiple(struct decimal d, struct decimal step)
{
	return step.e16 > 0 && d.e16 % step.e16 == 0;
}

int
decimal_position(struct decimal d, struct decimal low, struct decimal high, int scale)
{
	if (d.e16 >= high.e16)
		return scale;
	if (d.e16 <= low.e16)
		return 0;
	u128 rest;
	struct u256 product = multiply((u128)(d.e16 - low.e16), (u128)scale);
	return (int)divide(product, (u128)(high.e16 - low.e16), &rest);
}
