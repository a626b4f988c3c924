/* The protocol between Robson, its book and the exchange, small enough to be tried in every order.
 *
 * One intent, its entry and what may follow: protection, moving it, the exits, with requests and
 * answers that are lost, late or doubled, and a Robson that dies between any two steps.  How to read
 * it, what was left out and why, and which code each part mirrors: README, beside this file.
 *
 * Bounds and variants come as -D options, see model.sh; so do the mutants (MUTANT_...), each of which
 * leaves out one rule and must be caught. */

#ifndef FAULTS
#define FAULTS 1     /* things that go wrong outside, in one run */
#endif
#ifndef CRASHES
#define CRASHES 1    /* deaths of the holder, at any step */
#endif
#ifndef MOVES
#define MOVES 1      /* a person moves the stop */
#endif
#ifndef CLOSES
#define CLOSES 1     /* a person closes, or panics */
#endif
#ifndef PRICES
#define PRICES 1     /* the price leaves the band between stop and target, or comes back */
#endif
#ifndef QUANTITY
#define QUANTITY 2   /* lots: with two, everything can be filled in part */
#endif

/* ---- the orders: a place for each client order id (purpose and generation) ---- */
#define E  0
#define T  1
#define S1 2
#define S2 3
#define S3 4
#define S4 5
#define S5 6
#define S6 7
#define X1 8
#define X2 9
#define X3 10
#define X4 11
#define X5 12
#define ORDERS 13
#define NONE 13
#define BIT(s) (1 << (s))
#define LATER_STOPS(f) f(S2) f(S3) f(S4) f(S5) f(S6)
#define ALL_STOPS(f) f(S1) LATER_STOPS(f)
#define ALL_EXITS(f) f(X1) f(X2) f(X3) f(X4) f(X5)
#define ALL_SALES(f) f(T) ALL_STOPS(f) ALL_EXITS(f)
#define EVERY(f) f(E) ALL_SALES(f)

mtype = {
	/* src/core/order.h: enum order_state, enum order_event */
	ORDER_PENDING, ORDER_SENT, ORDER_UNKNOWN, ORDER_PENDING_NEW, ORDER_NEW, ORDER_PARTIALLY_FILLED,
	ORDER_FILLED, ORDER_REJECTED, ORDER_EXPIRED, ORDER_EXPIRED_IN_MATCH, ORDER_CANCELLED,
	ORDER_NOT_SENT, ORDER_NEVER_ARRIVED,
	ORDER_ON_SEND, ORDER_ON_NOT_SENT, ORDER_ON_LOST, ORDER_ON_NOT_FOUND, ORDER_ON_PENDING_NEW,
	ORDER_ON_NEW, ORDER_ON_PARTIAL, ORDER_ON_FILLED, ORDER_ON_REJECTED, ORDER_ON_EXPIRED,
	ORDER_ON_EXPIRED_IN_MATCH, ORDER_ON_CANCELLED,
	/* src/core/intent.h */
	INTENT_PENDING, INTENT_VALIDATED, INTENT_EXECUTING, INTENT_EXECUTED, INTENT_FAILED,
	INTENT_CANCELLED,
	INTENT_ON_APPROVED, INTENT_ON_DISAPPROVED, INTENT_ON_CANCEL, INTENT_ON_EXECUTE,
	INTENT_ON_FILLED, INTENT_ON_UNFILLED,
	/* src/core/operation.h */
	OPERATION_ACTIVE, OPERATION_CLOSED, OPERATION_CANCELLED,
	OPERATION_ON_FLAT, OPERATION_ON_RELEASE,
	/* what an answer to a request for a new order says (exchange.md, "Protection", 7 and 9) */
	ANSWER_STATE,          /* accepted, with the order's state at that moment */
	ANSWER_REFUSED,        /* nothing was done */
	ANSWER_WOULD_TRIGGER,  /* nothing was done: the price is beyond this stop */
	ANSWER_NOT_ATTEMPTED,  /* cancelReplace: nothing to cancel, nothing placed */
	ANSWER_HALF,           /* cancelReplace, 409: cancelled, and nothing placed */
	ANSWER_HALF_TRIGGER,   /* the same, because the price is beyond the new stop */
	/* the properties */
	NEVER_TWICE, NEVER_UNPROTECTED, NEVER_LOST, RECONCILIATION_ENDS,
	/* the price */
	BETWEEN, BELOW, ABOVE
};

/* ---- the book: what is on disk, changed in transactions ---- */
mtype intent = INTENT_VALIDATED;
mtype op;                       /* 0: no operation yet */
mtype book[ORDERS];             /* state of each order's row; 0: no row */
byte booked[ORDERS];            /* fills booked, in lots */
byte quantity[ORDERS];
byte replaces[ORDERS] = NONE;   /* the order that this one takes the place of (cancelReplace) */
bit wish;                       /* exit wanted */
bit alarm;                      /* a person was told */

/* ---- the exchange ---- */
mtype there[ORDERS];            /* 0: unknown there */
byte filled[ORDERS];
byte bought, sold;
mtype price = BETWEEN;

/* ---- the wire ---- */
byte wire[ORDERS];              /* requests for this order that are under way */
short cancels;                  /* bits: a cancel of this order is under way */
mtype answer[ORDERS];           /* the answer under way, and what it saw */
mtype answer_state[ORDERS];
byte answer_filled[ORDERS];
short connected;                /* bits: who asked is still there to hear the answer */
byte age[ORDERS];               /* 0 may be accepted, 1 recvWindow is over, 2 and 15 s more */

/* ---- the holder's memory, gone with it ---- */
byte lease = NONE;              /* who holds it */
byte last_holder = NONE;
byte not_found[ORDERS];         /* lookups that said so after the window */
short lied;                     /* bits: the exchange has used up its one wrong "not found" */
short look;                     /* bits: to be asked for before anything is decided */

/* ---- what may still happen ---- */
byte faults = FAULTS, crashes, moves, closes, prices;

/* ---- ghosts: for the properties only ---- */
short seen_new;                 /* bits: this stop did rest at some time */
byte covered;                   /* lots that a stop rested for, since the position was last flat */
bit gap_ok;                     /* the exchange took it away, not Robson */

/* ---- scratch, zero between steps ---- */
byte n, o, which;
mtype on;

/* A property: what broke is the last line that `spin -t' prints.  -DONLY=NAME looks at one alone. */
#ifdef ONLY
#define MATTERS(name) (name == ONLY)
#else
#define MATTERS(name) true
#endif
#define HOLDS(name, that) if \
	:: (that) || !MATTERS(name) \
	:: else -> printf("BROKEN: %e\n", name); assert(false) \
	fi

#define IS_OPEN(st) (st == ORDER_PENDING || st == ORDER_SENT || st == ORDER_UNKNOWN || \
	st == ORDER_PENDING_NEW || st == ORDER_NEW || st == ORDER_PARTIALLY_FILLED)
#define IS_FINAL(st) (st != 0 && !IS_OPEN(st))
#define IS_UNSURE(st) (st == ORDER_PENDING || st == ORDER_SENT || st == ORDER_UNKNOWN || \
	st == ORDER_PENDING_NEW)
#define RESTS(s) (there[s] == ORDER_NEW || there[s] == ORDER_PARTIALLY_FILLED)
#define OPEN_THERE(s) (RESTS(s) || there[s] == ORDER_PENDING_NEW)
#define IS_STOP(s) (s >= S1 && s <= S6)
#define IS_EXIT(s) (s >= X1)
#define PLUS_BOOKED(s) + booked[s]
#define PLUS_FILLED(s) + filled[s]
#define OR_UNSURE(s) || IS_UNSURE(book[s])
#define OR_OPEN(s) || IS_OPEN(book[s])
#define OR_NEW(s) || book[s] == ORDER_NEW
#define OR_PARTLY(s) || book[s] == ORDER_PARTIALLY_FILLED
#define OR_SOLD(s) || booked[s] > 0
#define PLUS_RESTING(s) + (there[s] == ORDER_NEW -> quantity[s] : 0)
#define RESTING_LOTS (0 ALL_STOPS(PLUS_RESTING))
#define OR_ENDED(s) || IS_FINAL(book[s])

#define HELD_BY_BOOK (booked[E] - (0 ALL_SALES(PLUS_BOOKED)))
#define UNSURE_STOP (false ALL_STOPS(OR_UNSURE))
#define OPEN_STOP (false ALL_STOPS(OR_OPEN))
#define NEW_STOP (false ALL_STOPS(OR_NEW))
#define OPEN_EXIT (false ALL_EXITS(OR_OPEN))
#define ENTRY_ENDED IS_FINAL(book[E])
#ifdef LIST
#define LEGS_DECIDED ENTRY_ENDED     /* until then what was received is locked */
#else
#define LEGS_DECIDED true
#endif
#ifdef MUTANT_STOP_BESIDE_TARGET
#define NO_TARGET true
#else
#define NO_TARGET !IS_OPEN(book[T])
#endif
#ifdef MUTANT_EXIT_BEFORE_ENTRY_ENDS
#define MAY_EXIT true
#else
#define MAY_EXIT ENTRY_ENDED
#endif
/* Nothing that sells is in doubt, and nothing is still to be asked for. */
#define QUIET (!(false ALL_SALES(OR_UNSURE)) && look == 0)

/* ---- the code's tables: the same arrows as in src/core, compared by test_model.sh ---- */
#define ARROW(from, by, to) :: (now == from && event == by) -> now = to

inline order_next(now, event) {
	if
	ARROW(ORDER_PENDING, ORDER_ON_SEND, ORDER_SENT)
	ARROW(ORDER_PENDING, ORDER_ON_NOT_SENT, ORDER_NOT_SENT)
	ARROW(ORDER_PENDING, ORDER_ON_LOST, ORDER_UNKNOWN)
	ARROW(ORDER_SENT, ORDER_ON_LOST, ORDER_UNKNOWN)
	ARROW(ORDER_SENT, ORDER_ON_PENDING_NEW, ORDER_PENDING_NEW)
	ARROW(ORDER_SENT, ORDER_ON_NEW, ORDER_NEW)
	ARROW(ORDER_SENT, ORDER_ON_PARTIAL, ORDER_PARTIALLY_FILLED)
	ARROW(ORDER_SENT, ORDER_ON_FILLED, ORDER_FILLED)
	ARROW(ORDER_SENT, ORDER_ON_REJECTED, ORDER_REJECTED)
	ARROW(ORDER_SENT, ORDER_ON_EXPIRED, ORDER_EXPIRED)
	ARROW(ORDER_SENT, ORDER_ON_EXPIRED_IN_MATCH, ORDER_EXPIRED_IN_MATCH)
	ARROW(ORDER_SENT, ORDER_ON_CANCELLED, ORDER_CANCELLED)
	ARROW(ORDER_UNKNOWN, ORDER_ON_PENDING_NEW, ORDER_PENDING_NEW)
	ARROW(ORDER_UNKNOWN, ORDER_ON_NEW, ORDER_NEW)
	ARROW(ORDER_UNKNOWN, ORDER_ON_PARTIAL, ORDER_PARTIALLY_FILLED)
	ARROW(ORDER_UNKNOWN, ORDER_ON_FILLED, ORDER_FILLED)
	ARROW(ORDER_UNKNOWN, ORDER_ON_REJECTED, ORDER_REJECTED)
	ARROW(ORDER_UNKNOWN, ORDER_ON_EXPIRED, ORDER_EXPIRED)
	ARROW(ORDER_UNKNOWN, ORDER_ON_EXPIRED_IN_MATCH, ORDER_EXPIRED_IN_MATCH)
	ARROW(ORDER_UNKNOWN, ORDER_ON_CANCELLED, ORDER_CANCELLED)
	ARROW(ORDER_UNKNOWN, ORDER_ON_NOT_FOUND, ORDER_NEVER_ARRIVED)
	ARROW(ORDER_PENDING_NEW, ORDER_ON_NEW, ORDER_NEW)
	ARROW(ORDER_PENDING_NEW, ORDER_ON_PARTIAL, ORDER_PARTIALLY_FILLED)
	ARROW(ORDER_PENDING_NEW, ORDER_ON_FILLED, ORDER_FILLED)
	ARROW(ORDER_PENDING_NEW, ORDER_ON_CANCELLED, ORDER_CANCELLED)
	ARROW(ORDER_PENDING_NEW, ORDER_ON_EXPIRED, ORDER_EXPIRED)
	ARROW(ORDER_PENDING_NEW, ORDER_ON_REJECTED, ORDER_REJECTED)
	ARROW(ORDER_NEW, ORDER_ON_PARTIAL, ORDER_PARTIALLY_FILLED)
	ARROW(ORDER_NEW, ORDER_ON_FILLED, ORDER_FILLED)
	ARROW(ORDER_NEW, ORDER_ON_CANCELLED, ORDER_CANCELLED)
	ARROW(ORDER_NEW, ORDER_ON_EXPIRED, ORDER_EXPIRED)
	ARROW(ORDER_NEW, ORDER_ON_EXPIRED_IN_MATCH, ORDER_EXPIRED_IN_MATCH)
	ARROW(ORDER_PARTIALLY_FILLED, ORDER_ON_PARTIAL, ORDER_PARTIALLY_FILLED)
	ARROW(ORDER_PARTIALLY_FILLED, ORDER_ON_FILLED, ORDER_FILLED)
	ARROW(ORDER_PARTIALLY_FILLED, ORDER_ON_CANCELLED, ORDER_CANCELLED)
	ARROW(ORDER_PARTIALLY_FILLED, ORDER_ON_EXPIRED, ORDER_EXPIRED)
	ARROW(ORDER_PARTIALLY_FILLED, ORDER_ON_EXPIRED_IN_MATCH, ORDER_EXPIRED_IN_MATCH)
	:: else      /* a late report, or a bug: it changes nothing */
	fi
}
inline intent_next(now, event) {
	if
	ARROW(INTENT_PENDING, INTENT_ON_APPROVED, INTENT_VALIDATED)
	ARROW(INTENT_PENDING, INTENT_ON_DISAPPROVED, INTENT_FAILED)
	ARROW(INTENT_PENDING, INTENT_ON_CANCEL, INTENT_CANCELLED)
	ARROW(INTENT_VALIDATED, INTENT_ON_EXECUTE, INTENT_EXECUTING)
	ARROW(INTENT_VALIDATED, INTENT_ON_CANCEL, INTENT_CANCELLED)
	ARROW(INTENT_EXECUTING, INTENT_ON_FILLED, INTENT_EXECUTED)
	ARROW(INTENT_EXECUTING, INTENT_ON_UNFILLED, INTENT_FAILED)
	:: else
	fi
}
inline operation_next(now, event) {
	if
	ARROW(OPERATION_ACTIVE, OPERATION_ON_FLAT, OPERATION_CLOSED)
	ARROW(OPERATION_ACTIVE, OPERATION_ON_RELEASE, OPERATION_CANCELLED)
	:: else
	fi
}
/* order_event_for of src/core/order.c */
inline event_for(state) {
	if
	:: state == ORDER_PENDING_NEW -> on = ORDER_ON_PENDING_NEW
	:: state == ORDER_NEW -> on = ORDER_ON_NEW
	:: state == ORDER_PARTIALLY_FILLED -> on = ORDER_ON_PARTIAL
	:: state == ORDER_FILLED -> on = ORDER_ON_FILLED
	:: state == ORDER_REJECTED -> on = ORDER_ON_REJECTED
	:: state == ORDER_EXPIRED -> on = ORDER_ON_EXPIRED
	:: state == ORDER_EXPIRED_IN_MATCH -> on = ORDER_ON_EXPIRED_IN_MATCH
	:: state == ORDER_CANCELLED -> on = ORDER_ON_CANCELLED
	fi
}

/* ======================= the exchange: a matching engine for one position ====================== */

/* A fill of an order whose record is closed is one that the book will never see. */
#define NOT_LOST(s) HOLDS(NEVER_LOST, (!IS_FINAL(book[s]) && op != OPERATION_CLOSED && (intent == INTENT_EXECUTING || s != E)))

inline buy(s) {
	filled[s]++; bought++;
	printf("exchange: entry filled, %d bought\n", bought);
	HOLDS(NEVER_TWICE, (bought <= QUANTITY));
	NOT_LOST(s)
}
inline sell(s, lots) {
	filled[s] = filled[s] + lots; sold = sold + lots;
	printf("exchange: order %d sold %d, %d bought, %d sold\n", s, lots, bought, sold);
	HOLDS(NEVER_TWICE, (sold <= bought));
	NOT_LOST(s);
	if
	:: sold == bought -> covered = 0; gap_ok = 0
	:: else -> gap_ok = 1                                /* sold in part: the rest is the monitor's */
	fi
}
inline rest_stop(s) {
	there[s] = ORDER_NEW; seen_new = seen_new | BIT(s);
	if
	:: bought > sold ->
		covered = (quantity[s] > covered -> quantity[s] : covered);
		gap_ok = 0
	:: else
	fi
}
/* Robson's own steps never take a stop away, or make it smaller, before the position is sold. */
inline check_gap() {
	HOLDS(NEVER_UNPROTECTED, (gap_ok || RESTING_LOTS >= (covered < bought - sold -> covered : bought - sold)))
}
/* Two orders of one list: when one goes, the other goes. */
inline end_sibling(s) {
#if defined(LIST) && defined(TARGET)
	if
	:: s == S1 && OPEN_THERE(T) -> there[T] = ORDER_EXPIRED
	:: s == T && OPEN_THERE(S1) -> there[S1] = ORDER_EXPIRED
	:: else
	fi
#else
	skip
#endif
}
inline end_legs() {
#ifdef LIST
	if
	:: there[S1] == ORDER_PENDING_NEW -> there[S1] = ORDER_EXPIRED; there[T] = (there[T] == 0 -> 0 : ORDER_EXPIRED)
	:: else
	fi
#else
	skip
#endif
}
/* The working order is filled whole: what was pending appears, or dies in doing so. */
inline activate_legs() {
#ifdef LIST
	if
	:: price != BELOW ->
		rest_stop(S1);
		there[T] = (there[T] == 0 -> 0 : ORDER_NEW)
	:: price == BELOW || faults > 0 ->
		faults = (price == BELOW -> faults : faults - 1);
		there[S1] = ORDER_EXPIRED;
		there[T] = (there[T] == 0 -> 0 : ORDER_EXPIRED);
		gap_ok = 1
	fi
#else
	skip
#endif
}
inline tell(s, what) {
	if
	:: connected & BIT(s) ->
		if
		:: answer[s] = what; answer_state[s] = there[s]; answer_filled[s] = filled[s]
		:: faults > 0 -> faults--; printf("exchange: the answer on %d is lost\n", s)
		fi
	:: else
	fi
}
inline place_entry() {
#ifdef LIST
	there[S1] = ORDER_PENDING_NEW;
#ifdef TARGET
	there[T] = ORDER_PENDING_NEW;
#endif
#endif
	there[E] = ORDER_NEW; filled[E] = 0;
#ifdef FOK
	if
	:: do
	   :: filled[E] < QUANTITY -> buy(E)
	   :: else -> break
	   od;
	   there[E] = ORDER_FILLED;
	   activate_legs()
	:: there[E] = ORDER_EXPIRED; end_legs()
	fi;
#endif
	tell(E, ANSWER_STATE)
}
inline place_stop(s) {
	if
	:: price == BELOW ->
		gap_ok = 1;
		tell(s, (replaces[s] == NONE -> ANSWER_WOULD_TRIGGER : ANSWER_HALF_TRIGGER))
	:: price != BELOW -> rest_stop(s); tell(s, ANSWER_STATE)
	:: price != BELOW && faults > 0 ->
		faults--; gap_ok = 1;
		tell(s, (replaces[s] == NONE -> ANSWER_REFUSED : ANSWER_HALF))
	fi
}
inline place_exit(s) {
	if
	:: filled[s] = 0; sell(s, quantity[s]); there[s] = ORDER_FILLED; tell(s, ANSWER_STATE)
	:: faults > 0 && quantity[s] > 1 ->      /* a thin book: a market order expires in part */
		faults--; filled[s] = 0; sell(s, 1); there[s] = ORDER_EXPIRED; tell(s, ANSWER_STATE)
	:: faults > 0 ->
		faults--; gap_ok = 1;
		tell(s, (replaces[s] == NONE -> ANSWER_REFUSED : ANSWER_HALF))
	fi
}
#ifdef MUTANT_NOT_ONLY_NEW
#define MAY_REPLACE(s) RESTS(s)
#else
#define MAY_REPLACE(s) (there[s] == ORDER_NEW)       /* cancelRestrictions=ONLY_NEW */
#endif
inline take(s) {
	wire[s]--;
	o = replaces[s];
	if
	:: age[s] > 0 -> tell(s, ANSWER_REFUSED)         /* -1021: too late to be accepted */
	:: age[s] == 0 && OPEN_THERE(s) -> tell(s, ANSWER_REFUSED)     /* "Duplicate order sent." */
	:: age[s] == 0 && !OPEN_THERE(s) && o != NONE && !MAY_REPLACE(o) -> tell(s, ANSWER_NOT_ATTEMPTED)
	:: age[s] == 0 && !OPEN_THERE(s) && (o == NONE || MAY_REPLACE(o)) ->
		if
		:: o != NONE -> there[o] = ORDER_CANCELLED; end_sibling(o)
		:: else
		fi;
#ifdef MUTANT_CANCEL_THEN_CREATE
		if
		:: o != NONE -> replaces[s] = NONE; wire[s]++
		:: else ->
#endif
		if
		:: s == E -> place_entry()
		:: IS_STOP(s) -> place_stop(s)
		:: IS_EXIT(s) -> place_exit(s)
		:: else
		fi
#ifdef MUTANT_CANCEL_THEN_CREATE
		fi
#endif
	fi;
	check_gap();
	o = 0
}
/* One of the orders that a thing may happen to: any. */
#define CHOOSE_ARRIVED(s) :: wire[s] > 0 -> which = s
#define CHOOSE_CANCELLED(s) :: (cancels & BIT(s)) -> which = s
#define CHOOSE_FIRING(s) :: price == BELOW && RESTS(s) -> which = s
/* Time passes for a request only while somebody waits to know what became of it, or by a fault. */
#define CHOOSE_AGING(s) :: book[s] == ORDER_UNKNOWN && age[s] < 2 -> which = s
#define CHOOSE_SLOW(s) :: (book[s] == ORDER_PENDING || book[s] == ORDER_SENT) && there[s] == 0 && \
	age[s] == 0 && faults > 0 -> which = s

inline cancel(s) {
	cancels = cancels & ~BIT(s);
	if
	:: RESTS(s) ->
		there[s] = ORDER_CANCELLED;
		if
		:: s == E -> end_legs()
		:: else -> end_sibling(s)
		fi
	:: else
	fi;
	check_gap()
}

active proctype exchange() {
end:	do
	:: atomic {
		if
		EVERY(CHOOSE_ARRIVED)
		fi;
		if
		:: take(which)
		:: faults > 0 -> faults--; wire[which]--; printf("exchange: request %d is lost\n", which)
		fi;
		which = 0 }
	:: atomic {
		if
		EVERY(CHOOSE_CANCELLED)
		fi;
		if
		:: cancel(which)
		:: faults > 0 -> faults--; cancels = cancels & ~BIT(which)
		fi;
		which = 0 }
	:: atomic { RESTS(E) ->
		buy(E);
		if
		:: filled[E] == QUANTITY -> there[E] = ORDER_FILLED; activate_legs()
		:: else -> there[E] = ORDER_PARTIALLY_FILLED
		fi }
	/* A stop at the market sells whole, or (a fault) expires in part; a stop-limit sells lot by lot. */
	:: atomic {
		if
		ALL_STOPS(CHOOSE_FIRING)
		fi;
#ifdef STOP_LIMIT
		sell(which, 1);
		there[which] = (filled[which] == quantity[which] -> ORDER_FILLED : ORDER_PARTIALLY_FILLED);
#else
		if
		:: sell(which, quantity[which]); there[which] = ORDER_FILLED
		:: quantity[which] > 1 && faults > 0 -> faults--; sell(which, 1); there[which] = ORDER_EXPIRED
		fi;
#endif
		end_sibling(which);
		which = 0 }
#ifdef TARGET
	:: d_step { price == ABOVE && RESTS(T) -> sell(T, 1); end_sibling(T);
		there[T] = (filled[T] == quantity[T] -> ORDER_FILLED : ORDER_PARTIALLY_FILLED) }
#endif
	:: atomic {
		if
		EVERY(CHOOSE_AGING)
		fi;
		age[which] = (wire[which] == 0 -> 2 : age[which] + 1);
		which = 0 }
	:: atomic {
		if
		EVERY(CHOOSE_SLOW)
		fi;
		faults--; age[which] = 1; which = 0 }
	:: d_step { prices > 0 && price == BETWEEN -> prices--; price = BELOW }
	:: d_step { prices > 0 && price == BELOW -> prices--; price = BETWEEN }
#ifdef TARGET
	:: d_step { prices > 0 && price == BETWEEN -> prices--; price = ABOVE }
#endif
	od
}

/* ================== Robson: src/app/desk_*.c, each line of its loop one transaction ============= */

#ifdef MUTANT_TWO_HOLDERS
#define HOLD true
#define THEN } atomic {          /* another one may write between reading and writing */
#else
#define HOLD (lease == me)
#define THEN
#endif

/* booking_write of desk_booking.c: fills, order, operation and intent land together. */
inline settle() {
	if
	:: booked[E] > 0 && op == 0 -> op = OPERATION_ACTIVE
	:: else
	fi;
	if
	:: ENTRY_ENDED && intent == INTENT_EXECUTING ->
		intent_next(intent, (booked[E] > 0 -> INTENT_ON_FILLED : INTENT_ON_UNFILLED))
	:: else
	fi;
	if
	/* A stop or a target that has begun to sell is an exit that is wanted. */
	:: op == OPERATION_ACTIVE && (booked[T] > 0 ALL_STOPS(OR_SOLD)) -> wish = 1
	:: else
	fi;
#ifdef MUTANT_EXIT_BEFORE_ENTRY_ENDS
	if
	:: op == OPERATION_ACTIVE && HELD_BY_BOOK == 0 -> operation_next(op, OPERATION_ON_FLAT)
#else
	if
	:: op == OPERATION_ACTIVE && HELD_BY_BOOK == 0 && ENTRY_ENDED -> operation_next(op, OPERATION_ON_FLAT)
#endif
	:: else
	fi;
#ifndef MUTANT_SILENT
	if
	:: op == OPERATION_ACTIVE && !NEW_STOP && (UNSURE_STOP && ENTRY_ENDED || (false ALL_STOPS(OR_ENDED))) ->
		alarm = 1
	:: op == OPERATION_CLOSED || NEW_STOP -> alarm = 0
	:: else
	fi;
#endif
	/* Never unprotected without an alarm: what a person is shown is never better than what was seen. */
	HOLDS(NEVER_UNPROTECTED, (book[S1] != ORDER_NEW || (seen_new & BIT(S1))));
	HOLDS(NEVER_UNPROTECTED, (!(op == OPERATION_ACTIVE && HELD_BY_BOOK > 0 && !OPEN_STOP && !OPEN_EXIT &&
	         !IS_OPEN(book[T]) && book[S1] != 0 && !alarm)))
}
inline book_order(s, event, lots) {
	if
	:: lots > booked[s] -> booked[s] = lots
	:: else
	fi;
	order_next(book[s], event);
	printf("book: order %d is %e, %d filled\n", s, book[s], booked[s]);
	if
	:: IS_FINAL(book[s]) -> not_found[s] = 0
	:: else
	fi
}
/* The legs of a list go with its request. */
inline book_legs(event) {
#ifdef LIST
	book_order(S1, event, 0);
#ifdef TARGET
	book_order(T, event, 0)
#endif
#else
	skip
#endif
}
inline doubt(s) {
	if
	:: book[s] == ORDER_PENDING || book[s] == ORDER_SENT ->
#ifdef MUTANT_NOT_SENT_AT_START
		if
		:: book[s] == ORDER_PENDING -> book_order(s, ORDER_ON_NOT_SENT, 0)
		:: else -> book_order(s, ORDER_ON_LOST, 0)
		fi
#else
		book_order(s, ORDER_ON_LOST, 0)
#endif
	:: else
	fi;
	if
	:: book[s] == ORDER_PENDING_NEW || book[s] == ORDER_NEW || book[s] == ORDER_PARTIALLY_FILLED ->
		look = look | BIT(s)
	:: else
	fi
}
#define DOUBT(s) doubt(s);

inline write_order(s, lots_wanted, instead) {
	n = s;
	HOLDS(RECONCILIATION_ENDS, (n != NONE));      /* before the generations do */
	if
	:: n == NONE
	:: else ->
#ifdef MUTANT_SIZED_BY_ORDER
		quantity[n] = (IS_EXIT(n) -> QUANTITY : lots_wanted);
#else
		quantity[n] = lots_wanted;
#endif
		replaces[n] = instead;
		book[n] = ORDER_PENDING;         /* written and signed: its age begins here */
		printf("book: order %d is ORDER_PENDING, %d lots, in the place of %d\n", n, quantity[n], instead);
		mine = mine | BIT(n)
	fi;
	n = 0
}
#define FIRST_FREE(s, other) (book[s] == 0 -> s : other)
#define NEXT_STOP FIRST_FREE(S1, FIRST_FREE(S2, FIRST_FREE(S3, FIRST_FREE(S4, FIRST_FREE(S5, FIRST_FREE(S6, NONE))))))
#define NEXT_EXIT FIRST_FREE(X1, FIRST_FREE(X2, FIRST_FREE(X3, FIRST_FREE(X4, FIRST_FREE(X5, NONE)))))
#define IF_NEW(s, other) (book[s] == ORDER_NEW -> s : other)
#define RESTING_STOP IF_NEW(S1, IF_NEW(S2, IF_NEW(S3, IF_NEW(S4, IF_NEW(S5, IF_NEW(S6, IF_NEW(T, NONE)))))))

#ifdef MUTANT_REPEATED_BY_LIBRARY
#define COPIES 2
#else
#define COPIES 1
#endif
/* The legs of a list are sent, answered and missed with their entry. */
#ifdef LIST
#define HAS_REQUEST(s) (s != S1 && s != T)
#else
#define HAS_REQUEST(s) true
#endif
#define CHOOSE_TO_SEND(s) :: HOLD && (mine & BIT(s)) -> which = s
#define CHOOSE_SENT(s) :: HOLD && book[s] == ORDER_PENDING && !(mine & BIT(s)) && HAS_REQUEST(s) -> which = s
#define CHOOSE_ANSWERED(s) :: HOLD && answer[s] != 0 -> which = s
#define CHOOSE_SILENT(s) :: HOLD && book[s] == ORDER_SENT && HAS_REQUEST(s) && \
	((answer[s] == 0 && wire[s] == 0) || faults > 0) -> which = s
#define CHOOSE_TO_SEE(s) :: HOLD && book[s] == ORDER_UNKNOWN && there[s] != 0 -> which = s \
	:: HOLD && (book[s] == ORDER_PENDING_NEW || book[s] == ORDER_NEW || book[s] == ORDER_PARTIALLY_FILLED) && \
		there[s] != 0 && ((look & BIT(s)) || there[s] != book[s] || filled[s] != booked[s]) -> which = s
#define CHOOSE_MISSED(s) :: HOLD && book[s] == ORDER_UNKNOWN && HAS_REQUEST(s) && IS_LATE_ENOUGH(s) && \
	(there[s] == 0 || (faults > 0 && !(lied & BIT(s)))) -> which = s
#define CHOOSE_PARTLY(s) :: HOLD && wish && book[s] == ORDER_PARTIALLY_FILLED && RESTS(s) && !(cancels & BIT(s)) -> which = s
#define CHOOSE_NO_LONGER(s) :: HOLD && (look & BIT(s)) && IS_FINAL(book[s]) -> which = s

inline book_request(s, event) {
	book_order(s, event, 0);
	if
	:: s == E -> book_legs(event)
	:: else
	fi
}
/* process of desk_orders.c */
inline hear(s) {
	n = replaces[s];
	if
	:: book[s] == ORDER_PENDING -> book_request(s, ORDER_ON_SEND)
	:: else
	fi;
	if
	:: answer[s] == ANSWER_STATE ->
		event_for(answer_state[s]);
		book_order(s, on, answer_filled[s]);
		if
		:: n != NONE -> look = (IS_OPEN(book[n]) -> look | BIT(n) : look)
		:: else
		fi;
		if
#ifdef MUTANT_TRUST_REPLY
		:: s == E && answer_state[s] == ORDER_FILLED -> book_legs(ORDER_ON_NEW)
#endif
		:: s == E -> book_legs(ORDER_ON_PENDING_NEW)
		:: else
		fi
	:: else ->
		book_request(s, ORDER_ON_REJECTED);
		if
#ifdef MUTANT_ID_CLEARED
		:: n != NONE && answer[s] == ANSWER_NOT_ATTEMPTED -> book_order(n, ORDER_ON_CANCELLED, 0)
#endif
		/* Cancelled, or gone before: only the exchange's word on that order tells. */
		:: n != NONE -> look = (IS_OPEN(book[n]) -> look | BIT(n) : look)
		:: else
		fi;
		if
		:: answer[s] == ANSWER_WOULD_TRIGGER || answer[s] == ANSWER_HALF_TRIGGER -> wish = 1
		:: else
		fi
	fi;
	settle();
	answer[s] = 0; answer_state[s] = 0; answer_filled[s] = 0;
	n = 0; on = 0
}
inline give_up_waiting(s) {
#ifdef MUTANT_TIMEOUT_IS_FAILURE
	book_request(s, ORDER_ON_REJECTED);
#else
#ifdef MUTANT_BLIND_RESEND
	wire[s]++;
#else
	book_request(s, ORDER_ON_LOST);
#endif
#endif
	if
	:: replaces[s] != NONE -> look = (IS_OPEN(book[replaces[s]]) -> look | BIT(replaces[s]) : look)
	:: else
	fi;
	settle()
}
/* orders_lookups of desk_looks.c, and the polling of what is known to rest. */
inline see(s) {
	event_for(there[s]);
	book_order(s, on, filled[s]);
	look = look & ~BIT(s);
#if defined(LIST) && defined(TARGET) && !defined(MUTANT_STOP_BESIDE_TARGET)
	/* One leg has gone: what its sibling did decides, so it is asked for first. */
	if
	:: s == S1 && IS_FINAL(book[S1]) && IS_OPEN(book[T]) -> look = look | BIT(T)
	:: s == T && book[T] != ORDER_NEW && IS_OPEN(book[S1]) -> look = look | BIT(S1)
	:: else
	fi;
#endif
#if defined(LIST) && !defined(MUTANT_SIZED_BEFORE_LOOKING)
	/* A leg that rests proves that its entry was filled whole: what it is sized by is read again. */
	if
	:: s == S1 && IS_OPEN(book[E]) && book[S1] != ORDER_PENDING_NEW -> look = look | BIT(E)
	:: else
	fi;
#endif
	settle();
	on = 0
}
#ifdef MUTANT_NOT_FOUND_ONCE
#define LOOKUPS_NEEDED 1
#else
#define LOOKUPS_NEEDED 2
#endif
#ifdef MUTANT_NOT_FOUND_EARLY
#define IS_LATE_ENOUGH(s) true
#else
#define IS_LATE_ENOUGH(s) (age[s] == 2)
#endif
inline miss(s) {
	not_found[s]++;
	if
	:: not_found[s] == LOOKUPS_NEEDED ->
#ifdef MUTANT_ASKS_FOR_EVER
		not_found[s] = 0
#else
		book_request(s, ORDER_ON_NOT_FOUND);
		settle()
#endif
	:: else
	fi
}
proctype robson(byte me) {
	short mine;             /* bits: written by this process and not yet handed to the network */
	byte slot = NONE, lots;
waiting:
	/* desk_take_hold of desk_recover.c */
end:	atomic {
#ifdef MUTANT_TWO_HOLDERS
		intent == INTENT_EXECUTING || last_holder == NONE && me == 0 ->
#else
		lease == NONE && last_holder != me && (last_holder != NONE || me == 0) ->
#endif
		lease = me; last_holder = me;
		EVERY(DOUBT)
		settle()
	};
end_loop: do
	/* Death, or the lease given away: what was in memory is gone, the wire is not. */
	:: atomic { HOLD && crashes > 0 -> crashes--;
		printf("process %d ends\n", me);
		mine = 0; connected = 0; look = 0; slot = NONE; lots = 0;
		n = 0;
		do
		:: n < ORDERS -> answer[n] = 0; answer_state[n] = 0; answer_filled[n] = 0; not_found[n] = 0; n++
		:: else -> break
		od;
		n = 0;
		lease = NONE;
		goto waiting }

	/* execute_begin of desk_execute.c: EXECUTING and the orders in one transaction */
	:: atomic { HOLD && intent == INTENT_VALIDATED ->
		intent_next(intent, INTENT_ON_EXECUTE);
		write_order(E, QUANTITY, NONE);
#ifdef LIST
		write_order(S1, QUANTITY, NONE);
		mine = mine & ~BIT(S1);
#ifdef TARGET
		write_order(T, QUANTITY, NONE);
		mine = mine & ~BIT(T)
#endif
#endif
		}
	/* orders_send and write_sent of desk_orders.c: two steps, and a death may lie between */
	:: atomic {
		if
		EVERY(CHOOSE_TO_SEND)
		fi;
		mine = mine & ~BIT(which);
		if
		:: wire[which] = wire[which] + COPIES; connected = connected | BIT(which);
			printf("request %d is sent\n", which)
		:: faults > 0 -> faults--; d_step { book_request(which, ORDER_ON_NOT_SENT); settle() }
		fi;
		which = 0 }
	:: atomic {
		if
		EVERY(CHOOSE_SENT)
		fi;
		d_step { book_request(which, ORDER_ON_SEND); which = 0 } }
	/* process of desk_orders.c, booking_write of desk_booking.c */
	:: atomic {
		if
		EVERY(CHOOSE_ANSWERED)
		fi;
		d_step { hear(which); which = 0 } }
	/* ... and what was lost, or is too late */
	:: atomic {
		if
		EVERY(CHOOSE_SILENT)
		fi;
		if
		:: answer[which] == 0 && wire[which] == 0 -> skip
		:: (answer[which] != 0 || wire[which] > 0) && faults > 0 -> faults--
		fi;
		d_step { give_up_waiting(which); which = 0 } }
	/* orders_lookups of desk_looks.c, and the polling of what is known to rest */
	:: atomic {
		if
		EVERY(CHOOSE_TO_SEE)
		fi;
		d_step { see(which); which = 0 } }
	:: atomic {
		if
		EVERY(CHOOSE_NO_LONGER)
		fi;
		d_step { look = look & ~BIT(which); which = 0 } }
	:: atomic {
		if
		EVERY(CHOOSE_MISSED)
		fi;
		d_step {
			if
			:: there[which] != 0 -> faults--; lied = lied | BIT(which)
			:: else
			fi;
			miss(which);
			which = 0 } }

	/* Protection: nothing that sells is open, and something is held. */
	:: atomic { HOLD && op == OPERATION_ACTIVE && !wish && QUIET && HELD_BY_BOOK > 0 && !OPEN_STOP && !OPEN_EXIT && NO_TARGET && LEGS_DECIDED ->
		lots = HELD_BY_BOOK THEN
		write_order(NEXT_STOP, lots, NONE);
		slot = NONE; lots = 0 }
	/* More was filled than the stop covers: it is replaced by a larger one.  Or a person moves it. */
	:: atomic { HOLD && op == OPERATION_ACTIVE && !wish && QUIET && NEW_STOP && !OPEN_EXIT &&
		(moves > 0 || quantity[RESTING_STOP] < HELD_BY_BOOK) ->
		moves = (quantity[RESTING_STOP] < HELD_BY_BOOK -> moves : moves - 1);
		slot = RESTING_STOP; lots = HELD_BY_BOOK THEN
		write_order(NEXT_STOP, lots, slot);
		slot = NONE; lots = 0 }
	/* A list whose entry stays partly filled: its legs can't appear.  Cancel it. */
#ifdef LIST
	:: d_step { HOLD && book[E] == ORDER_PARTIALLY_FILLED && RESTS(E) && !(cancels & BIT(E)) ->
		cancels = cancels | BIT(E) }
#endif
	/* exit_want of desk_monitor.c: the level was crossed, or a person closes */
	:: d_step { HOLD && op == OPERATION_ACTIVE && !wish && price == BELOW -> wish = 1 }
	:: d_step { HOLD && intent != INTENT_FAILED && (op == OPERATION_ACTIVE || intent == INTENT_EXECUTING) &&
		!wish && closes > 0 -> closes--; wish = 1 }
	/* ... the entry ends first ... */
	:: d_step { HOLD && wish && (book[E] == ORDER_NEW || book[E] == ORDER_PARTIALLY_FILLED) && RESTS(E) &&
		!(cancels & BIT(E)) -> cancels = cancels | BIT(E) }
	/* ... what has begun to sell is cancelled before the rest is sold ... */
	:: atomic {
		if
		ALL_SALES(CHOOSE_PARTLY)
		fi;
		cancels = cancels | BIT(which); which = 0 }
	/* ... and then what is held is sold, in the place of the stop if one rests: exit_send_next. */
	:: atomic { HOLD && op == OPERATION_ACTIVE && wish && HELD_BY_BOOK > 0 && QUIET && !OPEN_EXIT &&
		!(book[T] == ORDER_PARTIALLY_FILLED ALL_STOPS(OR_PARTLY)) && MAY_EXIT ->
		slot = RESTING_STOP; lots = HELD_BY_BOOK THEN
		write_order(NEXT_EXIT, lots, slot);
		slot = NONE; lots = 0 }
	od
}

/* ==================================== the run, and its end ===================================== */

#define SAME(s) && booked[s] == filled[s] && !IS_UNSURE(book[s]) && !(OPEN_THERE(s) && !IS_OPEN(book[s]))
#define COVERS(s) || (there[s] == ORDER_NEW && book[s] == ORDER_NEW && quantity[s] == bought - sold)
#define NOT_OPEN(s) && !OPEN_THERE(s)

init {
	atomic {
		/* Chosen first, so that a run without them comes to its end as well. */
#ifdef ONLY
		crashes = CRASHES; moves = MOVES; closes = CLOSES; prices = PRICES;
#else
		select(crashes : 0 .. CRASHES);
		select(moves : 0 .. MOVES);
		select(closes : 0 .. CLOSES);
		select(prices : 0 .. PRICES);
#endif
		run robson(0);
		run robson(1)
	}
	timeout ->
	d_step {
		printf("the end: %e %e, %d bought, %d sold\n", intent, op, bought, sold);
		/* never lost, and reconciliation has ended: the book is equal to the exchange */
		HOLDS(NEVER_LOST, (true EVERY(SAME)));
		HOLDS(NEVER_LOST, (intent == (bought > 0 -> INTENT_EXECUTED : INTENT_FAILED)));
		HOLDS(NEVER_LOST, ((op == 0) == (bought == 0)));
		HOLDS(NEVER_LOST, ((op == OPERATION_CLOSED) == (bought > 0 && bought == sold)));
		/* flat means that nothing is left that could trade */
		HOLDS(NEVER_TWICE, (bought > sold || (true EVERY(NOT_OPEN))));
		/* never unprotected without an alarm */
		HOLDS(NEVER_UNPROTECTED, (bought == sold || (false ALL_STOPS(COVERS)) || alarm))
	}
}
