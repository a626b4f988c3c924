/* One report on its way into the book; for desk_orders.c and desk_booking.c. */
#ifndef APP_DESK_BOOKING_H
#define APP_DESK_BOOKING_H

#include "app/desk_state.h"

/* What one report changes, worked out on copies; memory follows only after the commit. */
struct booking {
	struct order order;
	enum order_state stored;
	bool has_operation, is_opened, is_closed, has_intent;
	struct operation op;
	struct intent intent;
	struct trade trade;
	enum urgency urgency;
	struct note notes[6]; size_t note_count;
	size_t fill_count;
	struct fill new_fills[];       /* room for all of the report's */
};

/* The order's next state by what was reported.  STATUS_CONFLICT: a late report that is no news. */
MUST_USE enum status booking_next_state(const struct order *order, const struct exchange_report *report,
                                        enum order_state *ret);
/* Adds the fills that the book does not have yet.  STATUS_INVALID: they do not fit the order. */
MUST_USE enum status booking_take_fills(struct desk *desk, struct booking *booking,
                                        const struct exchange_report *report, struct error *err);
/* FILLED with fills that are not all there (or with none at all) is half a report: what is missing
 * would be sold a second time, or taken for a failure.  STATUS_INVALID: ask for it again. */
MUST_USE enum status booking_check_fills(const struct order *order, enum order_state next, struct error *err);
/* The transaction. */
MUST_USE enum status booking_write(struct desk *desk, struct booking *booking,
                                   const struct exchange_report *report, struct error *err);
/* After the commit: memory follows what was written. */
void booking_remember(struct desk *desk, const struct booking *booking);

#endif
