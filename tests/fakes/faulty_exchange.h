/* A decorator on the exchange port that loses, delays, repeats and refuses: what networks and
 * exchanges do to those who trust them.  Everything else goes through to the inner exchange. */
#ifndef TESTS_FAKES_FAULTY_EXCHANGE_H
#define TESTS_FAKES_FAULTY_EXCHANGE_H

#include "core/ports/exchange.h"

enum fault {
	FAULT_NONE,
	FAULT_NOT_SENT,       /* the call itself fails: proof that nothing left */
	FAULT_LOST_BEFORE,    /* never arrives; reported as OUTCOME_UNKNOWN */
	FAULT_LOST_AFTER,     /* is processed; its answer is lost and reported as OUTCOME_UNKNOWN */
	FAULT_SILENT_BEFORE,  /* never arrives, and nobody ever says so */
	FAULT_SILENT_AFTER,   /* is processed, and nobody ever says so */
	FAULT_REFUSE,         /* refused with code -2010 and "refused by the test"; never arrives */
	FAULT_REPEAT,         /* the answer comes now and once more at the next dispatch */
	FAULT_DELAY           /* the answer comes `turns` dispatches later, or when released */
};
enum { FAULT_UNTIL_RELEASED = -1 };

/* Owns inner: closing this closes it. */
struct exchange *faulty_open(struct exchange *inner);
struct exchange *faulty_inner(struct exchange *faulty);

/* The nth request of this kind from now on (1 is the next, 0 is each) meets this fault.  turns is for
 * FAULT_DELAY.  For ASKED_NOTHING it is the nth update that nobody asked for: only SILENT_AFTER,
 * REPEAT and DELAY mean anything there. */
void faulty_plan(struct exchange *faulty, enum exchange_request request, int nth, enum fault fault,
                 int turns);
void faulty_heal(struct exchange *faulty);        /* forgets all plans; what is held stays held */
void faulty_release(struct exchange *faulty);     /* what is delayed comes at the next dispatch */
/* How many requests of this kind came, whatever became of them. */
int faulty_count(const struct exchange *faulty, enum exchange_request request);

#endif
