/* What must hold for every size, over millions of random requests by seed.
 *
 * Figures are on the grid of 10^-16, so that "x <= limit" for an exact product x is the same as "x
 * rounded up <= limit": the comparisons below are exact, not nearly so. */
#include "tests/core/decimals.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/sizing.h"

struct dice {
	uint64_t state;
};

/* splitmix64 */
static uint64_t
roll(struct dice *dice)
{
	uint64_t z = dice->state += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

static unsigned
below(struct dice *dice, unsigned limit)
{
	return (unsigned)(roll(dice) % limit);
}

static i128
ten_to(unsigned power)
{
	i128 value = 1;
	while (power-- > 0)
		value *= 10;
	return value;
}

/* Between 10^low and 10^high, any order of magnitude as likely as another, with up to 9 digits that
 * are not zero, or sometimes with all that fit. */
static struct decimal
between(struct dice *dice, int low, int high)
{
	unsigned power = (unsigned)(16 + low) + below(dice, (unsigned)(high - low));
	i128 unit = ten_to(power), digits = 100000000 + below(dice, 900000000);
	i128 value = power > 8 ? digits * ten_to(power - 8) : digits / ten_to(8 - power);
	if (below(dice, 8) == 0)
		value += (i128)(roll(dice) % 1000000007) * (unit / 1000000007);
	return (struct decimal){ value };
}

static struct decimal
percent(struct dice *dice, unsigned most_in_hundredths)
{
	struct decimal d = { (i128)below(dice, most_in_hundredths + 1) * ten_to(14) };
	return d;
}

static struct decimal
up(struct decimal a, struct decimal b)
{
	struct decimal product;
	/* What does not fit is above every limit. */
	if (decimal_mul(a, b, ROUND_UP, &product) != STATUS_OK)
		return (struct decimal){ ten_to(34) };
	return product;
}

static struct decimal
share(struct decimal d, struct decimal of_hundred, enum rounding rounding)
{
	struct decimal result = DECIMAL_ZERO;
	assert_int_equal(decimal_percent_of(d, of_hundred, rounding, &result), STATUS_OK);
	return result;
}

static struct sizing_request
any_request(struct dice *dice)
{
	struct sizing_request req = { .side = below(dice, 2) ? SIDE_SELL : SIDE_BUY };
	struct decimal distance;
	int entry_power = -8 + (int)below(dice, 14);

	req.entry = between(dice, entry_power, entry_power + 1);
	do {
		/* mostly 0.1 to 10 percent away, sometimes next door */
		struct decimal away = between(dice, below(dice, 10) ? -1 : -4, 1);
		distance = share(req.entry, away, ROUND_UP);
		if (below(dice, 2))
			distance.e16 = (distance.e16 / ten_to(8) + 1) * ten_to(8);
	} while (req.side == SIDE_BUY && distance.e16 >= req.entry.e16);
	req.stop.e16 = req.side == SIDE_BUY ? req.entry.e16 - distance.e16
	                                    : req.entry.e16 + distance.e16;
	/* a stop next door to a cheap coin, and millions: the plain rule would have 19 digits */
	req.capital = between(dice, 0, entry_power + 13 < 8 ? entry_power + 13 : 8);
	req.risk_percent = below(dice, 3) ? decimal_from_int(1) : percent(dice, 99);
	if (req.risk_percent.e16 == 0)
		req.risk_percent.e16 = 1 + (i128)below(dice, 1000);
	req.fee_percent = below(dice, 4) ? percent(dice, 100) : DECIMAL_ZERO;
	req.gap_percent = below(dice, 4) ? percent(dice, 200) : DECIMAL_ZERO;
	req.lot_step.e16 = ten_to(below(dice, 18));
	if (below(dice, 5) == 0)
		req.lot_step.e16 = req.lot_step.e16 * 5 / 2 + 1;
	req.has_max_position_percent = below(dice, 3) == 0;
	req.max_position_percent = percent(dice, 10000);
	req.has_balance = true;
	req.balance = below(dice, 3) ? between(dice, 0, 9) : share(req.capital, percent(dice, 20000),
	                                                           ROUND_UP);
	if (req.balance.e16 == 0)
		req.balance.e16 = 1;
	req.has_typed_quantity = below(dice, 4) == 0;
	req.typed_quantity = between(dice, -8, 4);
	return req;
}

/* The limits that a request states, recomputed here from its own words. */
struct limits {
	struct decimal risk, cost, position, money, unit_price;
};

static struct limits
limits_of(const struct sizing_request *req)
{
	struct limits limits = { .position = DECIMAL_ZERO };
	struct decimal distance = { req->entry.e16 - req->stop.e16 };
	struct decimal gap = share(req->stop, req->gap_percent, ROUND_UP);
	struct decimal exit = { req->stop.e16 + (req->side == SIDE_BUY ? -gap.e16 : gap.e16) };
	struct decimal both = { req->entry.e16 + exit.e16 };

	limits.risk = share(req->capital, req->risk_percent, ROUND_DOWN);
	limits.cost.e16 = decimal_abs(distance).e16 + gap.e16 +
	                  share(both, req->fee_percent, ROUND_UP).e16;
	if (req->has_max_position_percent)
		limits.position = share(req->capital, req->max_position_percent, ROUND_DOWN);
	limits.money = decimal_min(req->capital,
	                           share(req->balance, decimal_from_int(99), ROUND_DOWN));
	limits.unit_price.e16 = req->entry.e16 + share(req->entry, req->fee_percent, ROUND_UP).e16;
	return limits;
}

static bool
holds_risk(const struct limits *limits, struct decimal quantity)
{
	return decimal_cmp(up(quantity, limits->cost), limits->risk) <= 0;
}

static bool
holds_position(const struct sizing_request *req, const struct limits *limits, struct decimal quantity)
{
	return !req->has_max_position_percent ||
	       decimal_cmp(up(quantity, req->entry), limits->position) <= 0;
}

static bool
holds_money(const struct limits *limits, struct decimal quantity)
{
	return decimal_cmp(up(quantity, limits->unit_price), limits->money) <= 0;
}

static bool
all_hold(const struct sizing_request *req, const struct limits *limits, struct decimal quantity)
{
	return holds_risk(limits, quantity) && holds_position(req, limits, quantity) &&
	       holds_money(limits, quantity);
}

static void
must(bool truth, const char *what, uint64_t number, const struct sizing_request *req)
{
	char entry[DECIMAL_TEXT_SIZE], stop[DECIMAL_TEXT_SIZE], capital[DECIMAL_TEXT_SIZE];
	if (truth)
		return;
	decimal_text(req->entry, entry);
	decimal_text(req->stop, stop);
	decimal_text(req->capital, capital);
	fail_msg("request %llu (entry %s, stop %s, capital %s): %s", (unsigned long long)number, entry,
	         stop, capital, what);
}

/* How often each bound held, and how often a size was zero or a typed one was cut: a generator that
 * never reaches one of them proves nothing about it. */
static struct {
	uint64_t bound[BOUND_TYPED + 1], zero, too_large;
} seen;

static void
check(const struct sizing_request *req, uint64_t number)
{
	struct sizing size;
	struct limits limits = limits_of(req);

	if (sizing_compute(req, &size, NULL) != STATUS_OK)
		must(false, "was refused", number, req);
	must(decimal_cmp(size.cost_per_unit, limits.cost) == 0, "another cost per unit", number, req);
	must(decimal_cmp(size.risk_allowed, limits.risk) == 0, "another risk", number, req);

	must(!decimal_is_negative(size.final), "below zero", number, req);
	must(decimal_is_multiple(size.final, req->lot_step), "off the step", number, req);
	must(holds_risk(&limits, size.final), "above the risk, costs included", number, req);
	must(holds_money(&limits, size.final), "not affordable", number, req);
	must(holds_position(req, &limits, size.final), "above the position limit", number, req);
	struct decimal more = { size.final.e16 + req->lot_step.e16 };
	must(!all_hold(req, &limits, more), "one step more would have held too", number, req);

	must(decimal_cmp(size.quantity, size.final) <= 0, "more than the final quantity", number, req);
	must(decimal_cmp(size.risk_amount, size.risk_allowed) <= 0, "risks too much", number, req);
	must(decimal_cmp(size.risk_percent, req->risk_percent) <= 0, "risks too many percent", number,
	     req);
	must(decimal_cmp(size.final, size.quantity_by_rule) <= 0, "above the plain rule", number, req);
	must(decimal_cmp(up(size.quantity, size.cost_per_unit), size.risk_amount) == 0,
	     "another risk amount", number, req);
	must(decimal_cmp(up(size.quantity, req->entry), size.position_value) == 0,
	     "another position value", number, req);
	must(decimal_cmp(size.fees_at_stop, size.risk_amount) <= 0, "fees above the risk", number, req);

	bool smaller = req->has_typed_quantity && decimal_cmp(req->typed_quantity, size.final) < 0;
	must(decimal_cmp(size.quantity, smaller ? req->typed_quantity : size.final) == 0,
	     "neither the typed quantity nor the final one", number, req);
	must((size.bound_by == BOUND_TYPED) == smaller, "typed is named wrongly", number, req);
	must(size.typed_too_large == (req->has_typed_quantity &&
	     decimal_cmp(req->typed_quantity, size.final) > 0), "too large is said wrongly", number, req);
	switch (size.bound_by) {
	case BOUND_RISK:
		must(!holds_risk(&limits, more), "the risk did not bound it", number, req);
		break;
	case BOUND_POSITION:
		must(!holds_position(req, &limits, more), "the position did not bound it", number, req);
		break;
	case BOUND_CAPITAL:
	case BOUND_BALANCE:
		must(!holds_money(&limits, more), "the money did not bound it", number, req);
		must((size.bound_by == BOUND_CAPITAL) ==
		     (decimal_cmp(req->capital, limits.money) == 0), "capital or balance?", number, req);
		break;
	case BOUND_TYPED:
		break;
	}
	seen.bound[size.bound_by]++;
	seen.zero += decimal_is_zero(size.quantity);
	seen.too_large += size.typed_too_large;
}

static uint64_t
scaled(uint64_t count)
{
	const char *scale = getenv("ROBSON_TEST_SCALE");
	unsigned long times = scale != NULL ? strtoul(scale, NULL, 10) : 1;
	return count * (times > 0 ? times : 1);
}

static void
two_million_sizes_hold_every_limit_and_no_larger_one_would(void **state)
{
	struct dice dice = { UINT64_C(20260131) };
	uint64_t count = scaled(2000000);
	(void)state;
	for (uint64_t i = 0; i < count; i++) {
		struct sizing_request req = any_request(&dice);
		check(&req, i);
	}
	for (int i = 0; i <= BOUND_TYPED; i++)
		assert_true(seen.bound[i] > count / 1000);
	assert_true(seen.zero > count / 1000);
	assert_true(seen.zero < count / 2);
	assert_true(seen.too_large > count / 1000);
}

static void
a_worse_fill_never_makes_a_size_larger(void **state)
{
	struct dice dice = { UINT64_C(7) };
	(void)state;
	for (uint64_t i = scaled(100000); i > 0; i--) {
		struct sizing_request req = any_request(&dice);
		struct sizing before, after;
		req.has_typed_quantity = false;
		assert_int_equal(sizing_compute(&req, &before, NULL), STATUS_OK);
		switch (below(&dice, 4)) {
		case 0: req.fee_percent.e16 += 1 + (i128)(roll(&dice) % 1000000); break;
		case 1: req.gap_percent.e16 += ten_to(below(&dice, 16)); break;
		case 2: req.capital.e16 -= req.capital.e16 / (2 + below(&dice, 1000)); break;
		default: req.balance.e16 -= req.balance.e16 / (2 + below(&dice, 1000)); break;
		}
		assert_int_equal(sizing_compute(&req, &after, NULL), STATUS_OK);
		must(decimal_cmp(after.final, before.final) <= 0, "grew", i, &req);
	}
}

/* Anything at all, also what no exchange would ever say: an answer or an error, never a wrap. */
static struct decimal
anything(struct dice *dice)
{
	struct decimal d = { (i128)roll(dice) << (below(dice, 50)) };
	if (below(dice, 10) == 0)
		d.e16 = ten_to(34) - 1 - below(dice, 3);
	if (below(dice, 10) == 0)
		d.e16 = below(dice, 3);
	d.e16 %= ten_to(34);
	return below(dice, 20) ? d : decimal_neg(d);
}

static void
nonsense_is_refused_or_holds_too(void **state)
{
	struct dice dice = { UINT64_C(99) };
	uint64_t answered = 0, refused = 0;
	(void)state;
	for (uint64_t i = scaled(200000); i > 0; i--) {
		struct sizing_request req = any_request(&dice);
		struct sizing size;
		struct decimal *const fields[] = { &req.entry, &req.stop, &req.capital, &req.risk_percent,
			&req.fee_percent, &req.gap_percent, &req.lot_step, &req.max_position_percent,
			&req.balance, &req.typed_quantity };
		for (unsigned k = 1 + below(&dice, 3); k > 0; k--)
			*fields[below(&dice, ARRAY_LEN(fields))] = anything(&dice);
		struct error err;
		enum status status = sizing_compute(&req, &size, &err);
		if (status != STATUS_OK) {
			must(status == STATUS_INVALID || status == STATUS_RANGE, "another status", i, &req);
			must(err.field[0] != '\0' && err.message[0] != '\0', "a silent refusal", i, &req);
			refused++;
			continue;
		}
		answered++;
		struct limits limits = limits_of(&req);
		must(all_hold(&req, &limits, size.final), "does not hold", i, &req);
		must(decimal_is_multiple(size.final, req.lot_step), "off the step", i, &req);
		must(decimal_cmp(size.risk_percent, decimal_from_int(1)) <= 0, "above 1 %", i, &req);
	}
	assert_true(answered > refused / 100);
	assert_true(refused > answered / 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_million_sizes_hold_every_limit_and_no_larger_one_would),
		cmocka_unit_test(a_worse_fill_never_makes_a_size_larger),
		cmocka_unit_test(nonsense_is_refused_or_holds_too),
	};
	return cmocka_run_group_tests_name("core/sizing, by seed", tests, NULL, NULL);
}
