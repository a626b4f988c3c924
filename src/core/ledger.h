/* The paper account of one client: what is free and what is locked of each quote asset, worked out
 * from the book's rows, so that every process finds the same figures without asking anybody.
 *
 *   total  = start + realized net of closed operations
 *   locked = value of resting entries with fees + collateral of open positions (their entry value)
 *   free   = total - locked - fees paid on open positions + what partial exits gave back
 */
#ifndef CORE_LEDGER_H
#define CORE_LEDGER_H

#include "core/operation.h"

struct ledger_entry {
	char asset[ASSET_SIZE];           /* a quote asset */
	struct decimal realized;          /* net of CLOSED operations */
	struct decimal locked;            /* by resting entries and open positions */
	struct decimal spent;             /* fees and partial results of open positions, signed */
};
enum { LEDGER_ASSETS = 32 };
struct ledger {
	struct decimal start;             /* paper.balance, of every quote asset */
	struct ledger_entry entries[LEDGER_ASSETS];
	int count;
};

void ledger_init(struct ledger *ledger, struct decimal start);
MUST_USE enum status ledger_add_realized(struct ledger *ledger, const char *asset, struct decimal net);
MUST_USE enum status ledger_add_operation(struct ledger *ledger, const char *asset,
                                          const struct operation *op);     /* ACTIVE ones only count */
/* An entry order that is open: its unfilled rest at its limit price, with the fee. */
MUST_USE enum status ledger_add_order(struct ledger *ledger, const char *asset,
                                      const struct order *order, struct decimal fee_percent);
MUST_USE enum status ledger_free(const struct ledger *ledger, const char *asset, struct decimal *ret);
MUST_USE enum status ledger_locked(const struct ledger *ledger, const char *asset, struct decimal *ret);
MUST_USE enum status ledger_total(const struct ledger *ledger, const char *asset, struct decimal *ret);

#endif
