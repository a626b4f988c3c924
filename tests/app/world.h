/* A desk's whole world in one process: the real core, store and paper exchange, a scripted feed, an
 * exchange that can misbehave, a notifier that remembers, and clocks that only the test moves (the
 * machine's too: linked with --wrap).  A seat is what one process has; several may share the book. */
#ifndef TESTS_APP_WORLD_H
#define TESTS_APP_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sqlite3.h>
#include "app/desk.h"
#include "core/pnl.h"
#include "store/store.h"
#include "tests/fakes/fake_feed.h"
#include "tests/fakes/fake_live.h"
#include "tests/fakes/faulty_exchange.h"

#define BTC "BTCUSDC"
#define ETH "ETHUSDC"
enum { WAIT_MS = 30000 };

struct told { enum urgency urgency; char kind[EVENT_KIND_SIZE]; char summary[256]; };

struct seat {
	struct world *world;
	struct store *store;
	struct price_feed *feed;
	struct exchange *exchange;        /* spy over faulty over paper */
	struct exchange *faulty, *paper;
	struct desk *desk;
	struct notifier notifier;
	struct told told[512]; int told_count;
};

/* Asked at every call of the exchange's port, before it goes through. */
typedef void (*spy_fn)(void *self, enum exchange_request request, const struct order *order);

struct world {
	char folder[512], path[600];
	const char *vfs;
	struct settings settings;
	const char *machine;              /* what the system calls it; NULL: always the same */
	struct exchange *live;            /* the LIVE exchange, which outlives every process; NULL: none */
	struct seat a, b;                 /* b is opened by tests that need a second process */
	sqlite3 *stranger;                /* a connection of nobody's, for looking and for locking */
	spy_fn spy; void *spy_self;
	struct error err;
};

int world_setup(void **state);
int world_teardown(void **state);
struct world *world_new(void);
void world_free(struct world *world);

/* A world with a LIVE exchange and a book whose LIVE switch is on. */
int world_setup_live(void **state);

/* ---- seats ---- */
void seat_open(struct world *world, struct seat *seat, int64_t client_id, const char *actor);
void seat_close(struct seat *seat);               /* accepts one that is not open */
void seat_take(struct seat *seat);                /* the hold */
/* The process ends without a word, and another one starts and takes the hold. */
void world_restart(struct world *world);

/* ---- time and prices; those without a seat concern seat a ---- */
void world_advance_ms(struct world *world, int64_t ms);          /* the machine's and each feed's */
void machine_advance_us(int64_t us);                              /* the machine's alone */
int64_t machine_wall_ms(void);
int64_t machine_mono_us(void);
void seat_turn(struct seat *seat);
void seat_settle(struct seat *seat);              /* until nothing is due; fails if that never comes */
void world_settle(struct world *world);
void world_price(struct world *world, const char *symbol, const char *bid, const char *ask);   /* and settle */
/* n whole seconds of settled turns, with this price every second. */
void world_pass_seconds(struct world *world, int n, const char *symbol, const char *bid, const char *ask);

/* ---- use cases ---- */
struct intent world_plan(struct world *world, const struct plan_input *input);
enum status world_validate(struct world *world, const char *intent);
/* States the wish, settles, and says how it stands: WISH_DONE's outcome is in world->err. */
enum wish_state world_execute(struct world *world, const char *intent);
enum wish_state world_wish(struct world *world, enum status stated, int64_t wish);
/* plan, validate, execute: an ACTIVE operation at 100.01 / 100.00, or the test fails. */
int64_t world_open_long(struct world *world, const char *stop, const char *target);
int64_t world_open_short(struct world *world, const char *stop, const char *target);
/* plan and validate: the id of a VALIDATED intent. */
void world_validated(struct world *world, const struct plan_input *input, char ret_id[INTENT_ID_SIZE]);

/* ---- looking ---- */
struct intent world_intent(struct world *world, const char *id);
struct operation world_operation(struct world *world, int64_t id);
int64_t world_count(struct world *world, const char *sql, ...) PRINTF_LIKE(2, 3);
/* The first column of the first row as text; "" if there is none.  Valid until the next call. */
const char *world_text(struct world *world, const char *sql, ...) PRINTF_LIKE(2, 3);
int64_t world_events(struct world *world, const char *kind);
int told_count(const struct seat *seat, const char *kind);
int told_alarms(const struct seat *seat);
/* Every row of every table as text, to compare; owned by the caller. */
char *world_dump(struct world *world);
/* The book holds what it must, whatever happened (see world_check.c). */
void world_assert_sound(struct world *world);
const char *world_unsound(struct world *world);   /* NULL: sound */

/* ---- faults ---- */
void world_lock(struct world *world);             /* somebody else writes */
void world_unlock(struct world *world);
/* The nth store_begin (or commit) from now on fails: countdown 1 is the next; for_ever: all after. */
enum step { STEP_BEGIN, STEP_COMMIT, STEP_COMMITTED, STEP_SUBMIT, STEP_CANCEL, STEP_QUERY,
            STEP_SIGN, STEP_SEND, STEP_DROP, STEP_LOOK };   /* the last four of LIVE */
void fail_steps(enum step step, int countdown, bool for_ever, enum status status);
/* Called at every step of the store and of the exchange, in order. */
typedef void (*step_fn)(void *self, enum step step);
void watch_steps(step_fn on_step, void *self);

/* ---- asserting ---- */
struct decimal dec(const char *text);
#define assert_decimal(a, text) assert_decimal_at((a), (text), __FILE__, __LINE__)
void assert_decimal_at(struct decimal a, const char *text, const char *file, int line);
void world_check(struct world *world, enum status status, enum status wanted, const char *file, int line);
#define assert_ok(world, call) world_check((world), (call), STATUS_OK, __FILE__, __LINE__)
#define assert_status(world, call, wanted) world_check((world), (call), (wanted), __FILE__, __LINE__)
#define assert_has_text(text, part) assert_non_null(strstr((text), (part)))
int test_scale(void);                             /* ROBSON_TEST_SCALE, at least 1 */

#endif
