/* Operation: a position that came from exactly one intent, watched until it is flat.
 *
 *   first fill -> ACTIVE -> CLOSED      when flat
 *                    |
 *                    CANCELLED          only by a person, with a reason: handed over
 *
 * Quantity and average entry are from fills, never from what was asked for. */
#ifndef CORE_OPERATION_H
#define CORE_OPERATION_H

#include "core/order.h"
#include "core/pnl.h"

enum operation_status { OPERATION_ACTIVE, OPERATION_CLOSED, OPERATION_CANCELLED, OPERATION_STATUS_COUNT };
enum operation_event { OPERATION_ON_FLAT, OPERATION_ON_RELEASE, OPERATION_EVENT_COUNT };
enum exit_reason {
	EXIT_NONE, EXIT_STOP_LOSS, EXIT_TAKE_PROFIT, EXIT_MANUAL, EXIT_EMERGENCY, EXIT_CLOSED_ELSEWHERE,
	EXIT_HANDED_OVER, EXIT_REASON_COUNT
};
enum protection { PROTECTION_PAPER, PROTECTION_EXCH_LOCAL, PROTECTION_EXCH, PROTECTION_LOCAL,
                  PROTECTION_NAKED };

/* "Exit wanted": written, with the quote that caused it, before anything is sent. */
struct exit_wish {
	enum exit_reason reason;              /* EXIT_NONE: nothing is wanted */
	struct decimal level;                 /* the stop or target that was crossed; zero for a person's wish */
	struct decimal bid, ask;              /* the quote that caused it; zero if none did */
	int64_t quote_at_ms, wanted_at_ms;
	bool is_recovered;                    /* crossed in a gap; recovered_price is what paper fills at */
	struct decimal recovered_price;
};

struct operation {
	int64_t id;
	int64_t client_id;
	char intent_id[INTENT_ID_SIZE];       /* "" only for imported legacy rows */
	enum mode mode;
	char symbol[SYMBOL_SIZE];
	enum side side;                       /* of the entry: BUY is long */
	char strategy[STRATEGY_NAME_SIZE];
	enum operation_status status;
	struct leg entry, exit;               /* sums over fills */
	/* Commission of the entry that was taken in the base asset: bought, and not received.  Its value is
	 * in entry.fees, too. */
	struct decimal base_fees;
	struct decimal dust;                  /* with CLOSED: what was too little to be sold */
	struct decimal initial_stop;          /* immutable */
	struct decimal stop_price;            /* in force */
	bool has_target;
	struct decimal target_price;
	struct decimal fee_percent, gap_percent;   /* the intent's, for R and open risk */
	struct exit_wish exit_wish;
	enum exit_reason exit_reason;         /* with CLOSED and CANCELLED */
	char note[REASON_SIZE];               /* the person's reason for a release */
	struct decimal realized_pnl;          /* net, when CLOSED */
	char feed[FEED_ID_SIZE];              /* the only feed that it is judged on */
	char exchange_host[128], account[64]; /* LIVE: where it lives */
	char margin_type[16];                 /* "NONE" */
	int leverage;                         /* 1 */
	int64_t opened_at_ms, closed_at_ms;
	int64_t stop_latency_us;              /* price arrived -> exit order handed over; 0: not measured */
	char alarm[256];                      /* why a person should look; "" if all is well */
};

const char *operation_status_name(enum operation_status status);
MUST_USE enum status operation_status_parse(const char *text, enum operation_status *ret);
const char *exit_reason_name(enum exit_reason reason);       /* "STOP_LOSS", ...; "" for none */
MUST_USE enum status exit_reason_parse(const char *text, enum exit_reason *ret);
const char *protection_name(enum protection protection);     /* "PAPER", "EXCH+LOCAL", ... */

MUST_USE enum status operation_next(enum operation_status from, enum operation_event on,
                                    enum operation_status *ret);
bool operation_may_become(enum operation_status from, enum operation_status to);

/* What is held now: entry minus what commission took of it minus exit quantity, never below zero. */
struct decimal operation_open_quantity(const struct operation *op);
/* What of it can be sold: down to the lot step (zero step: all). */
struct decimal operation_sellable(const struct operation *op, struct decimal lot_step);
/* Filled quantity × cost per unit at the real average entry and the initial stop. */
MUST_USE enum status operation_initial_risk(const struct operation *op, struct decimal *ret);
/* The loss at the stop in force with fees, never below zero: what the month's budget counts. */
MUST_USE enum status operation_open_risk(const struct operation *op, struct decimal *ret);
MUST_USE enum status operation_unrealized(const struct operation *op, struct decimal price,
                                          struct decimal *ret);

/* The synchronization table of domain.md: does an operation of this status (has_operation false:
 * none) go with an intent of this status? */
bool operation_agrees_with_intent(enum intent_status intent, bool has_operation,
                                  enum operation_status operation);

/* The booked round trip. */
struct trade {
	int64_t id, operation_id, client_id;
	char intent_id[INTENT_ID_SIZE];
	enum mode mode;
	char symbol[SYMBOL_SIZE];
	enum side side;
	char strategy[STRATEGY_NAME_SIZE];
	struct decimal quantity, entry_price, exit_price;   /* exited (entered, if nothing was); volume-weighted */
	struct decimal entry_fees, exit_fees, gross_pnl, net_pnl, initial_risk, r_multiple;
	bool has_r_multiple;
	enum exit_reason exit_reason;
	int64_t opened_at_ms, closed_at_ms, duration_ms;
	char feed[FEED_ID_SIZE];
};
/* The trade of an operation that is flat: nothing is held but what op->dust names.  STATUS_CONFLICT if
 * it is not flat.  Dust stays in the account at its cost; fees count whole. */
MUST_USE enum status trade_from_operation(const struct operation *op, int64_t closed_at_ms,
                                          struct trade *ret);
bool trade_is_win(const struct trade *trade);            /* net above zero */

/* Add a trade to the record of its mode. */
MUST_USE enum status track_record_add(struct track_record *record, const struct trade *trade);

#endif
