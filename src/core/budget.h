/* The month's budget: how much may still be put at risk this UTC month.  (domain.md, "Month's
 * budget") */
#ifndef CORE_BUDGET_H
#define CORE_BUDGET_H

#include "core/decimal.h"

struct budget_facts {
	struct decimal base;              /* capital at the month's first validation */
	struct decimal budget_percent;    /* at most 4 */
	struct decimal month_net;         /* net realized P&L of the month, signed */
	struct decimal open_risk;         /* of everything open or executing, >= 0 */
};
struct budget {
	struct decimal total;             /* budget_percent of base */
	struct decimal consumed;          /* max(0, -month_net) */
	struct decimal left;              /* total - consumed - open_risk; may be negative */
};
/* STATUS_INVALID for a negative base, percent or open risk, or a percent above 4. */
MUST_USE enum status budget_compute(const struct budget_facts *facts, struct budget *ret);

#endif
