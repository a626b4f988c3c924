/* Sizes, results and budgets line by line, for test_trade_oracle.py.  A line is tab-separated:
 * operation, then its arguments, "-" where one is not given; the answer is tab-separated too, or "!"
 * and the name of a status.  Fills are PRICE*QUANTITY*FEE, one after another with blanks between. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/budget.h"
#include "core/pnl.h"
#include "core/sizing.h"

enum { MOST_FIELDS = 16 };

static void
give_up(const char *what)
{
	fprintf(stderr, "cannot read '%s'\n", what);
	exit(2);
}

static struct decimal
number(const char *text)
{
	struct decimal d = DECIMAL_ZERO;
	if (decimal_parse(text, &d) != STATUS_OK)
		give_up(text);
	return d;
}

static enum side
side(const char *text)
{
	return strcmp(text, "SELL") == 0 ? SIDE_SELL : SIDE_BUY;
}

static struct leg
fills(char *text)
{
	struct leg leg = { .quantity = DECIMAL_ZERO };
	char *rest = text;
	for (char *fill; (fill = strtok_r(rest, " ", &rest)) != NULL; ) {
		char *parts = fill, *price = strtok_r(parts, "*", &parts);
		char *quantity = strtok_r(parts, "*", &parts), *fee = strtok_r(parts, "*", &parts);
		if (leg_add(&leg, number(price), number(quantity), number(fee)) != STATUS_OK)
			give_up("a fill");
	}
	return leg;
}

static void
put(struct decimal d)
{
	char text[DECIMAL_TEXT_SIZE];
	decimal_text(d, text);
	printf("%s\t", text);
}

static enum status
answer_size(char **f)
{
	struct sizing_request req = {
		.side = side(f[1]), .entry = number(f[2]), .stop = number(f[3]), .capital = number(f[4]),
		.risk_percent = number(f[5]), .fee_percent = number(f[6]), .gap_percent = number(f[7]),
		.lot_step = number(f[8]), .has_balance = true, .balance = number(f[10]),
	};
	struct sizing size;
	if (strcmp(f[9], "-") != 0) {
		req.has_max_position_percent = true;
		req.max_position_percent = number(f[9]);
	}
	if (strcmp(f[11], "-") != 0) {
		req.has_typed_quantity = true;
		req.typed_quantity = number(f[11]);
	}
	enum status status = sizing_compute(&req, &size, NULL);
	if (status != STATUS_OK)
		return status;
	const struct decimal figures[] = {
		size.quantity, size.final, size.quantity_by_rule, size.position_value, size.cost_per_unit,
		size.gap_per_unit, size.fees_at_stop, size.risk_amount, size.risk_percent,
		size.risk_allowed, size.stop_distance, size.stop_distance_percent,
	};
	for (size_t i = 0; i < ARRAY_LEN(figures); i++)
		put(figures[i]);
	printf("%s\t%d\t%d", size_bound_name(size.bound_by), size.typed_too_large, size.typed_off_step);
	return STATUS_OK;
}

static enum status
answer_budget(char **f)
{
	struct budget_facts facts = { number(f[1]), number(f[2]), number(f[3]), number(f[4]) };
	struct budget budget;
	enum status status = budget_compute(&facts, &budget);
	if (status != STATUS_OK)
		return status;
	put(budget.total);
	put(budget.consumed);
	put(budget.left);
	return STATUS_OK;
}

static enum status
answer_one(char **f, struct decimal *ret)
{
	const char *op = f[0];
	if (strcmp(op, "worst") == 0)
		return sizing_worst_fill(side(f[1]), number(f[2]), number(f[3]), number(f[4]), ret);
	if (strcmp(op, "risk") == 0) {
		struct risk_terms terms = { number(f[5]), number(f[6]) };
		return sizing_risk_of(side(f[1]), number(f[2]), number(f[3]), number(f[4]), &terms, ret);
	}
	if (strcmp(op, "realized") == 0 || strcmp(op, "unrealized") == 0) {
		struct leg entry = fills(f[2]), exit = fills(f[3]);
		if (strcmp(op, "realized") == 0)
			return pnl_realized(side(f[1]), &entry, &exit, ret);
		return pnl_unrealized(side(f[1]), &entry, &exit, number(f[4]), number(f[5]), ret);
	}
	if (strcmp(op, "average") == 0) {
		struct leg leg = fills(f[1]);
		*ret = leg_average(&leg);
		return STATUS_OK;
	}
	if (strcmp(op, "level") == 0)
		return pnl_price_at_r(side(f[1]), number(f[2]), number(f[3]), number(f[4]), number(f[5]),
		                      ret);
	if (strcmp(op, "slippage") == 0)
		return pnl_slippage_percent(side(f[1]), number(f[2]), number(f[3]), ret);
	if (strcmp(op, "r") == 0)
		return pnl_r_multiple(number(f[1]), number(f[2]), ret);
	if (strcmp(op, "drawdown") != 0)
		give_up(op);
	return pnl_drawdown_percent(number(f[1]), number(f[2]), ret);
}

int
main(void)
{
	static char line[8192];

	while (fgets(line, sizeof line, stdin) != NULL) {
		char *f[MOST_FIELDS] = { line };
		int count = 1;
		line[strcspn(line, "\n")] = '\0';
		for (char *at = line; count < MOST_FIELDS && (at = strchr(at, '\t')) != NULL; ) {
			*at++ = '\0';
			f[count++] = at;
		}
		struct decimal d = DECIMAL_ZERO;
		enum status status;
		if (strcmp(f[0], "size") == 0) {
			status = answer_size(f);
		} else if (strcmp(f[0], "budget") == 0) {
			status = answer_budget(f);
		} else {
			status = answer_one(f, &d);
			if (status == STATUS_OK)
				put(d);
		}
		if (status != STATUS_OK)
			printf("!%s", status_name(status));
		putchar('\n');
	}
	return 0;
}
