/* One report on its way into the book; for desk_orders.c and desk_booking.c. */
#ifndef APP_DESK_BOOKING_H
#define APP_DESK_BOOKING_H

#include "app/desk_state.h"

/* What one report changes, worked out on copies; memory follows only after the commit. */
struct booking {
	struct order order;
	enum order_state stored, was;  /* what its row says; what it said before this */
	bool has_operation, is_opened, is_closed, has_intent;
	bool is_resigned;              /* an entry whose timestamp was refused: its intent goes on */
	bool is_late;                  /* filled after its operation had ended */
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
/* LIVE: what a look at the order shows besides state and fills: that it rests, and for how much.  True:
 * something that the row does not say yet. */
bool booking_take_look(struct desk *desk, struct booking *booking, const struct exchange_report *report);
/* False: it exits what is not booked as opened yet. */
bool booking_can_land(const struct booking *booking);
MUST_USE enum status booking_add_to_leg(struct leg *leg, const struct booking *booking);
/* booking->op is flat: end it and book its trade, in the open transaction. */
MUST_USE enum status booking_close(struct desk *desk, struct booking *booking, enum exit_reason reason,
                                   struct error *err);
MUST_USE enum status booking_write_notes(struct desk *desk, struct booking *booking,
                                         const struct exchange_report *report, struct error *err);
MUST_USE enum status booking_note_closed(struct desk *desk, struct booking *booking, struct error *err);
/* The transaction. */
MUST_USE enum status booking_write(struct desk *desk, struct booking *booking,
                                   const struct exchange_report *report, struct error *err);
/* Nothing that could be sold is left of an operation that no report ends: close it. */
MUST_USE enum status booking_close_as_dust(struct desk *desk, struct position *position, struct error *err);
/* After the commit: memory follows what was written. */
void booking_remember(struct desk *desk, const struct booking *booking, const struct exchange_report *report);

#endif
