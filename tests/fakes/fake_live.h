/* A LIVE exchange on a script: it signs, remembers every request, and answers at the next dispatch,
 * from a small market of its own or with exactly what the test says.  Like Binance Spot by REST it
 * tells nobody anything unasked: what the test does to an order is news only to who looks.
 *
 * It trusts its client: what would be sold twice is sold twice, so that a test can see it. */
#ifndef TESTS_FAKES_FAKE_LIVE_H
#define TESTS_FAKES_FAKE_LIVE_H

#include "core/ports/exchange.h"
#include "tests/fakes/faulty_exchange.h"

/* Host "fake.exchange", account "1000001", ready, in reach; its clock is the machine's. */
struct exchange *fake_live_open(void);

/* ---- what was asked ---- */
enum fake_live_kind { FAKE_SIGN, FAKE_SEND, FAKE_DROP, FAKE_CANCEL, FAKE_QUERY, FAKE_LOOK_OPEN, FAKE_LOOK_ACCOUNT,
                      FAKE_LOOK_FEES, FAKE_LOOK_TRADES, FAKE_KINDS };
struct fake_live_request {
	enum fake_live_kind kind;
	int64_t at_mono_us, ticket;
	enum instruction_kind instruction;        /* SIGN, SEND, DROP */
	struct order orders[3]; size_t count;     /* as they were; of CANCEL and QUERY the first */
	char list_id[CLIENT_ORDER_ID_SIZE];
	bool has_replaced; struct order replaced;
	char symbol[SYMBOL_SIZE];                 /* of LOOK_...: "" for all */
};
int fake_live_count(const struct exchange *live, enum fake_live_kind kind);
/* The nth of a kind from the last one backwards: 0 is the last.  NULL: there is none. */
const struct fake_live_request *fake_live_last(const struct exchange *live, enum fake_live_kind kind, int n);
/* Every request that trades or cancels, so far. */
int fake_live_acts(const struct exchange *live);

/* Called before each request is looked at. */
typedef void (*fake_live_fn)(void *self, enum fake_live_kind kind);
void fake_live_watch(struct exchange *live, fake_live_fn watcher, void *self);
/* The process that traded on it is gone, in the middle of anything: what it asked is answered to nobody. */
void fake_live_client_died(struct exchange *live);

/* ---- its market ---- */
/* Where market orders fill and limits are judged; resting stops and limits that it crosses fill. */
void fake_live_price(struct exchange *live, const char *symbol, const char *bid, const char *ask);
/* What the account has, all in all; orders lock of it by themselves. */
void fake_live_balance(struct exchange *live, const char *asset, const char *total);
/* Commission in percent of what a fill brings, and of which asset: "" for the one it brings. */
void fake_live_commission(struct exchange *live, const char *percent, const char *asset);
/* The taker fee that it tells when asked (0.1). */
void fake_live_taker(struct exchange *live, const char *percent);
/* An order of its own accord, which the book does not know. */
void fake_live_stranger(struct exchange *live, const char *client_order_id, const char *symbol, enum side side,
                        const char *type, const char *quantity, const char *price);
/* Fills so much of an order (all: NULL) at this price; what follows for its list follows. */
void fake_live_fill(struct exchange *live, const char *client_order_id, const char *quantity, const char *price);
/* The exchange, or a person on its website, ends it: EXPIRED, CANCELLED, REJECTED. */
void fake_live_end(struct exchange *live, const char *client_order_id, enum order_state state);
/* How it stands there: ORDER_NEVER_ARRIVED if it is not there. */
enum order_state fake_live_state(const struct exchange *live, const char *client_order_id);
struct decimal fake_live_filled(const struct exchange *live, const char *client_order_id);
int fake_live_resting(const struct exchange *live);          /* orders that may fill, strangers' too */
/* The nth order that ever came, its id apart (a list's that was refused is ""); NULL: no more. */
const struct order *fake_live_at(const struct exchange *live, size_t n, const char **ret_client_order_id);
/* Legs of the next lists die when they are due. */
void fake_live_kill_legs(struct exchange *live, bool kill);

/* ---- faults ---- */
/* As faulty_plan.  SUBMIT is of send (all orders of the instruction), CANCEL and QUERY as named. */
void fake_live_plan(struct exchange *live, enum exchange_request request, int nth, enum fault fault);
/* What FAULT_REFUSE says instead of -2010; it concerns the request whole, so nothing is cancelled. */
void fake_live_refuse_with(struct exchange *live, int code, const char *why);
/* So many of the next requests have their new orders refused so, after what they replace is cancelled. */
void fake_live_refuse_placements(struct exchange *live, int count);
void fake_live_heal(struct exchange *live);
/* sign fails so (STATUS_OK: works again). */
void fake_live_refuse_to_sign(struct exchange *live, enum status status, const char *why);
/* Every look (open, account, fees, trades) is answered with this error; NULL: works again. */
void fake_live_fail_looks(struct exchange *live, const char *why);
/* Nothing is answered, and nothing happens there, by itself: the test says what comes. */
void fake_live_by_hand(struct exchange *live, bool by_hand);
void fake_live_report(struct exchange *live, const struct exchange_report *report);
/* exchange minus machine */
void fake_live_clock_offset(struct exchange *live, int64_t ms);
/* To be changed as one likes. */
struct exchange_status *fake_live_status(struct exchange *live);
/* binance_wake's stand-in, for desk_setup.wake_live. */
void fake_live_wake(struct exchange *live);
bool fake_live_is_awake(const struct exchange *live);

#endif
