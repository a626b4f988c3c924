/* The month's budget.  Profit of the month does not raise it: only losses count. */
#include "core/budget.h"

enum status
budget_compute(const struct budget_facts *facts, struct budget *ret)
{
	struct budget budget = { .left = DECIMAL_ZERO };

	if (decimal_is_negative(facts->base) || decimal_is_negative(facts->budget_percent) ||
	    decimal_cmp(facts->budget_percent, decimal_from_int(4)) > 0 ||
	    decimal_is_negative(facts->open_risk))
		return STATUS_INVALID;
	budget.consumed = decimal_max(DECIMAL_ZERO, decimal_neg(facts->month_net));
	bool ok = decimal_percent_of(facts->base, facts->budget_percent, ROUND_DOWN, &budget.total) ==
	          STATUS_OK;
	ok &= decimal_sub(budget.total, budget.consumed, &budget.left) == STATUS_OK;
	ok &= decimal_sub(budget.left, facts->open_risk, &budget.left) == STATUS_OK;
	if (!ok)
		return STATUS_RANGE;
	*ret = budget;
	return STATUS_OK;
}
