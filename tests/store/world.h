/* A book in a folder of its own, records that are right in every field, and a stranger's connection
 * to the same file: no settings, foreign keys off, as a foreign shell has it. */
#ifndef TESTS_STORE_WORLD_H
#define TESTS_STORE_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sqlite3.h>
#include "store/sql.h"
#include "store/store.h"

struct world {
	char folder[512], path[600];
	struct store *store;
	sqlite3 *stranger;
	struct error err;
};
int world_setup(void **state);
int world_teardown(void **state);
void world_reopen(struct world *world);
void world_close(struct world *world);           /* the store, not the stranger */
void world_leave(struct world *world);           /* both: before a fork, or before the file is replaced */

/* Fails the test with the error's own words. */
void world_check(struct world *world, enum status status, enum status wanted, const char *file, int line);
#define assert_ok(world, call) world_check((world), (call), STATUS_OK, __FILE__, __LINE__)
#define assert_status(world, call, wanted) world_check((world), (call), (wanted), __FILE__, __LINE__)

struct decimal dec(const char *text);
#define assert_decimal(a, text) assert_int_equal(decimal_cmp((a), dec(text)), 0)

/* Numbered, so that ids are known: intent 7 is "00000000-0000-7000-8000-000000000007". */
void make_intent(int number, struct intent *ret);
void make_order(const struct intent *intent, enum order_purpose purpose, int generation, struct order *ret);
void make_fill(const struct order *order, int number, const char *price, const char *quantity, struct fill *ret);
/* An intent with an ACTIVE operation, its entry filled: 0.1 at 100, fee 0.01.  In its own
 * transaction. */
void world_open_trade(struct world *world, int number, const char *strategy, struct intent *ret_intent,
                      struct operation *ret_op);
/* ... and closed at this price, with its trade. */
void world_close_trade(struct world *world, struct operation *op, const char *price, int64_t now_ms,
                       struct trade *ret);
/* A LIVE one: entry, stop and target in one list; the entry filled with its commission taken in BTC (so
 * 0.0999 are held), the stop seen resting for all of it.  The orders are what is left of them. */
#define LIVE_HOST "api.exchange.test"
#define LIVE_ACCOUNT "uid-1"
struct live_orders { struct order entry, stop, target; };
void world_open_live(struct world *world, int number, struct intent *ret_intent, struct operation *ret_op,
                     struct live_orders *ret_orders);
/* An intent brought to this status, by every step on the way. */
void world_intent_in(struct world *world, int number, enum intent_status status, struct intent *ret);
void world_event(struct world *world, const char *kind, const char *summary);

/* SQLite's code for this, from the stranger: SQLITE_OK, SQLITE_CONSTRAINT, ... */
int stranger_runs(struct world *world, const char *format, ...) PRINTF_LIKE(2, 3);
int64_t stranger_counts(struct world *world, const char *format, ...) PRINTF_LIKE(2, 3);
void stranger_must(struct world *world, const char *format, ...) PRINTF_LIKE(2, 3);
/* So that a row can be damaged: drops every trigger. */
void stranger_drops_triggers(struct world *world);
/* Puts them back as the built-in schema has them. */
void stranger_restores_triggers(struct world *world);

#endif
