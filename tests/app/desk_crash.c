/* The process dies at every step of every walk: before and after each transaction, before each call
 * of the exchange.  A child plays the walk and ends there without a word; the parent opens the same
 * book, takes the hold, lets the world go on, and compares. */
#include "tests/app/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"

static const struct plan_input market_buy = { .side = "buy", .symbol = BTC, .stop = "98", .target = "106", .reason = "t" };
static const struct plan_input limit_buy = { .side = "buy", .symbol = BTC, .entry = "99.5", .stop = "98", .reason = "t" };

struct walk {
	const char *name;
	const char *partial;              /* percent of each fill; NULL: whole */
	void (*play)(struct world *world);
	/* What must be so at the end, wherever it died. */
	const char *(*judge)(struct world *world);
};

/* ---- dying ---- */

struct death { int countdown; };

static void
die(void *self, enum step step)
{
	struct death *death = self;

	(void)step;
	if (--death->countdown == 0)
		_exit(7);                     /* no destructor, no rollback, no good-bye */
}

static void
begin_world(struct world *world)
{
	seat_open(world, &world->a, 1, "person/test");
	seat_take(&world->a);
	assert_ok(world, desk_watch(world->a.desk, BTC, &world->err));
	world_price(world, BTC, "100.00", "100.01");
}

/* True if the child died at that step, false if it came to the end of the walk. */
static bool
play_until(struct world *world, const struct walk *walk, int step)
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		struct death death = { .countdown = step };
		begin_world(world);
		watch_steps(die, &death);
		walk->play(world);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (!WIFEXITED(status) || (WEXITSTATUS(status) != 7 && WEXITSTATUS(status) != 0))
		fail_msg("%s, step %d: the walk itself failed", walk->name, step);
	return WEXITSTATUS(status) == 7;
}

/* ---- the walks; nothing in them may fail a test: they run in the child ---- */

static void
try_execute(struct world *world, const struct plan_input *input)
{
	struct intent intent;
	struct report report;
	int64_t wish;

	if (desk_plan(world->a.desk, input, &intent, &world->err) != STATUS_OK ||
	    desk_validate(world->a.desk, intent.id, false, &intent, &report, &world->err) != STATUS_OK ||
	    desk_wish_execute(world->a.desk, intent.id, false, false, WAIT_MS, &wish, &world->err) != STATUS_OK)
		_exit(9);
	world_settle(world);
}

static void
enter_and_stop(struct world *world)
{
	try_execute(world, &market_buy);
	world_pass_seconds(world, 2, BTC, "97.50", "97.51");
}

static void
rest_fill_and_take(struct world *world)
{
	try_execute(world, &limit_buy);
	world_pass_seconds(world, 2, BTC, "99.30", "99.40");
	world_pass_seconds(world, 2, BTC, "97.50", "97.51");
}

static void
rest_and_cancel(struct world *world)
{
	int64_t wish;

	try_execute(world, &limit_buy);
	if (desk_wish_cancel(world->a.desk, world_text(world, "SELECT id FROM intents"), WAIT_MS, &wish, &world->err) != STATUS_OK)
		_exit(9);
	world_settle(world);
}

static void
enter_move_and_close(struct world *world)
{
	int64_t wish;

	try_execute(world, &market_buy);
	if (desk_wish_stop(world->a.desk, 1, "99", false, WAIT_MS, &wish, &world->err) != STATUS_OK)
		_exit(9);
	world_settle(world);
	if (desk_wish_close(world->a.desk, 1, WAIT_MS, &wish, &world->err) != STATUS_OK)
		_exit(9);
	world_settle(world);
}

static void
enter_and_panic(struct world *world)
{
	int64_t wish;

	try_execute(world, &market_buy);
	try_execute(world, &limit_buy);
	if (desk_wish_panic(world->a.desk, "out", WAIT_MS, &wish, &world->err) != STATUS_OK)
		_exit(9);
	world_settle(world);
}

static void
enter_and_release(struct world *world)
{
	int64_t wish;

	try_execute(world, &market_buy);
	if (desk_wish_release(world->a.desk, 1, "mine now", false, WAIT_MS, &wish, &world->err) != STATUS_OK)
		_exit(9);
	world_settle(world);
}

/* ---- what must be so ---- */

static const char *
nothing_waits(struct world *world)
{
	if (world_count(world, "SELECT count(*) FROM requests WHERE state IN ('WANTED', 'TAKEN')") != 0)
		return "a wish was never answered";
	if (world_count(world, "SELECT count(*) FROM orders WHERE state IN ('PENDING', 'SENT', 'UNKNOWN')") != 0)
		return "an order is not known to have ended";
	return NULL;
}

/* The price ended below every stop: whatever was opened is closed. */
static const char *
all_is_flat(struct world *world)
{
	if (world_count(world, "SELECT count(*) FROM operations WHERE status = 'ACTIVE'") != 0)
		return "an operation is open below its stop";
	if (world_count(world, "SELECT count(*) FROM intents WHERE status = 'EXECUTING'") != 0)
		return "an intent is still EXECUTING";
	return nothing_waits(world);
}

static const char *
panic_is_finished(struct world *world)
{
	if (world_count(world, "SELECT count(*) FROM requests WHERE kind = 'PANIC'") == 0 &&
	    world_count(world, "SELECT is_paused FROM clients WHERE id = 1") == 0)
		return nothing_waits(world);      /* it died before the panic */
	if (world_count(world, "SELECT count(*) FROM orders WHERE purpose = 'entry' AND state IN ('NEW', 'PARTIALLY_FILLED')") != 0)
		return "an entry rests in a paused book";
	if (world_count(world, "SELECT count(*) FROM requests WHERE kind = 'PANIC'") == 1 &&
	    world_count(world, "SELECT count(*) FROM operations WHERE status = 'ACTIVE'") != 0)
		return "who panicked is still in";
	return nothing_waits(world);
}

/* A wish answered with OK is done. */
static const char *
words_are_kept(struct world *world)
{
	if (world_count(world, "SELECT count(*) FROM requests WHERE kind = 'RELEASE' AND state = 'DONE' AND answer_status = 'ok'") !=
	    world_count(world, "SELECT count(*) FROM operations WHERE status = 'CANCELLED'"))
		return "a release was answered with OK and not made, or made and not said";
	return nothing_waits(world);
}

static const char *
moves_are_kept(struct world *world)
{
	if (world_count(world, "SELECT count(*) FROM requests r JOIN operations o ON o.id = r.operation_id "
	                "WHERE r.kind = 'MOVE_STOP' AND r.state = 'DONE' AND r.answer_status = 'ok' AND o.stop_price <> r.price") != 0)
		return "a stop was said to be moved and is not";
	return nothing_waits(world);
}

static void
run(const struct walk *walk, const char *bid, const char *ask)
{
	for (int step = 1; ; step++) {
		struct world *world = world_new();
		if (walk->partial != NULL)
			world->settings.paper.partial_fill_percent = dec(walk->partial);
		bool died = play_until(world, walk, step);
		seat_open(world, &world->a, 1, "person/test");
		seat_take(&world->a);
		assert_ok(world, desk_watch(world->a.desk, BTC, &world->err));
		world_pass_seconds(world, 5, BTC, bid, ask);
		const char *wrong = world_unsound(world);
		if (wrong == NULL)
			wrong = walk->judge(world);
		if (wrong != NULL)
			fail_msg("%s, died at step %d: %s", walk->name, step, wrong);
		world_free(world);
		if (!died)
			return;
	}
}

#define WALK(function, percent, how, bid, ask) \
	static void \
	dying_anywhere_in_##function##_##how##_##percent(void **state) \
	{ \
		const struct walk walk = { #function, #percent, function, how }; \
		(void)state; \
		run(&walk, bid, ask); \
	}
WALK(enter_and_stop, 100, all_is_flat, "97.50", "97.51")
WALK(enter_and_stop, 40, all_is_flat, "97.50", "97.51")
WALK(rest_fill_and_take, 100, all_is_flat, "97.50", "97.51")
WALK(rest_fill_and_take, 40, all_is_flat, "97.50", "97.51")
WALK(rest_and_cancel, 100, nothing_waits, "100.00", "100.01")
WALK(enter_move_and_close, 100, moves_are_kept, "100.00", "100.01")
WALK(enter_move_and_close, 40, moves_are_kept, "100.00", "100.01")
WALK(enter_and_panic, 100, panic_is_finished, "100.00", "100.01")
WALK(enter_and_panic, 40, panic_is_finished, "100.00", "100.01")
WALK(enter_and_release, 100, words_are_kept, "100.00", "100.01")

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dying_anywhere_in_enter_and_stop_all_is_flat_100),
		cmocka_unit_test(dying_anywhere_in_enter_and_stop_all_is_flat_40),
		cmocka_unit_test(dying_anywhere_in_rest_fill_and_take_all_is_flat_100),
		cmocka_unit_test(dying_anywhere_in_rest_fill_and_take_all_is_flat_40),
		cmocka_unit_test(dying_anywhere_in_rest_and_cancel_nothing_waits_100),
		cmocka_unit_test(dying_anywhere_in_enter_move_and_close_moves_are_kept_100),
		cmocka_unit_test(dying_anywhere_in_enter_move_and_close_moves_are_kept_40),
		cmocka_unit_test(dying_anywhere_in_enter_and_panic_panic_is_finished_100),
		cmocka_unit_test(dying_anywhere_in_enter_and_panic_panic_is_finished_40),
		cmocka_unit_test(dying_anywhere_in_enter_and_release_words_are_kept_100),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
