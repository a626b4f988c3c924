/* Inside the store's room: what the checks of verify.c, verify_sums.c and verify_live.c
 * share. */
#ifndef STORE_VERIFY_H
#define STORE_VERIFY_H

#include "store/sql.h"

struct verifier {
	struct store *store;
	store_verify_fn each;
	void *self;
	struct store_health health;
	struct error *err;
	enum status status;               /* of a callback that had to stop */
	/* the check that is running */
	int64_t looked_at, bad;
	char first[160];                  /* the first thing that was wrong */
};

/* A check: begin, look at things (looked_at++) and say what is wrong with them, end.  A check that
 * could not look is one that failed, except where trying again may help: BUSY and NO_MEMORY. */
void verify_begin(struct verifier *v);
void verify_wrong(struct verifier *v, const char *format, ...) PRINTF_LIKE(2, 3);
MUST_USE enum status verify_end(struct verifier *v, const char *group, const char *name,
                                const char *things, enum status status);

MUST_USE enum status verify_orders(struct verifier *v);
MUST_USE enum status verify_operations(struct verifier *v);
MUST_USE enum status verify_trades(struct verifier *v);
MUST_USE enum status verify_books(struct verifier *v);
MUST_USE enum status verify_strategies(struct verifier *v);
MUST_USE enum status verify_places(struct verifier *v);
MUST_USE enum status verify_lists(struct verifier *v);
MUST_USE enum status verify_stops(struct verifier *v);
MUST_USE enum status verify_ids(struct verifier *v);
MUST_USE enum status verify_blockers(struct verifier *v);

#endif
