/* The process dies at every step of every LIVE walk: before and after each transaction, before each
 * request, after each that was sent.  A child plays the walk and ends there without a word; the exchange
 * lives on.  Another process opens the same book, takes the hold, and goes on; then the book is compared
 * with the exchange. */
#include "tests/app/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "tests/app/steps.h"

struct walk {
	const char *name;
	struct live_shape shape;
	const char *target;
	void (*play)(struct world *world, const struct walk *walk);
	const char *bid, *ask;            /* the price that the new process finds */
	bool ends_flat;
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
see_request(void *self, enum fake_live_kind kind)
{
	static const enum step steps[FAKE_KINDS] = {
		[FAKE_SIGN] = STEP_SIGN, [FAKE_SEND] = STEP_SEND, [FAKE_DROP] = STEP_DROP, [FAKE_CANCEL] = STEP_CANCEL,
		[FAKE_QUERY] = STEP_QUERY,
	};

	(void)self;
	if (kind <= FAKE_QUERY)               /* what is only looked at changes nothing */
		steps_reached(steps[kind]);
}

static void
begin_world(struct world *world, const struct walk *walk)
{
	seat_open(world, &world->a, 1, "person/test");
	seat_take(&world->a);
	assert_ok(world, desk_live_switch(world->a.desk, true, &world->err));
	assert_ok(world, desk_watch(world->a.desk, BTC, &world->err));
	world_price(world, BTC, "100.00", "100.01");
	live_shape(world, walk->shape);
}

static struct world *
world_new_live(void)
{
	struct world *world = world_new();

	world->live = fake_live_open();
	fake_live_balance(world->live, "USDC", "100000");
	fake_live_balance(world->live, "BTC", "10");
	return world;
}

static bool
play_until(struct world *world, const struct walk *walk, int step)
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		struct death death = { .countdown = step };
		begin_world(world, walk);
		watch_steps(die, &death);
		fake_live_watch(world->live, see_request, NULL);
		walk->play(world, walk);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (!WIFEXITED(status) || (WEXITSTATUS(status) != 7 && WEXITSTATUS(status) != 0))
		fail_msg("%s, step %d: the walk itself failed", walk->name, step);
	fake_live_client_died(world->live);
	return WEXITSTATUS(status) == 7;
}

/* ---- the walks ---- */

static void
enter(struct world *world, const struct walk *walk, const char *entry)
{
	struct plan_input input = { .side = "buy", .symbol = BTC, .entry = entry, .stop = "98", .target = walk->target, .reason = "t" };
	char id[INTENT_ID_SIZE];

	if (live_execute(world, &input, id) != WISH_DONE)
		_exit(9);
	live_pass(world, 1500);
}

static void
only_enter(struct world *world, const struct walk *walk)
{
	enter(world, walk, NULL);
}

static void
enter_and_be_stopped(struct world *world, const struct walk *walk)
{
	enter(world, walk, NULL);
	live_price(world, "97.50", "97.51");
	live_pass(world, 3000);
}

static void
enter_and_take(struct world *world, const struct walk *walk)
{
	enter(world, walk, NULL);
	live_price(world, "106.50", "106.51");
	live_pass(world, 3000);
}

static void
rest_fill_in_part_and_be_cut_short(struct world *world, const struct walk *walk)
{
	enter(world, walk, "99.5");
	fake_live_fill(world->live, live_id(world, "entry"), "0.5", "99.5");
	live_pass(world, 35000);
}

static void
rest_and_fill(struct world *world, const struct walk *walk)
{
	enter(world, walk, "99.5");
	live_price(world, "99.40", "99.45");
	live_pass(world, 3000);
}

static void
rest_and_cancel(struct world *world, const struct walk *walk)
{
	int64_t wish = 0;

	enter(world, walk, "99.5");
	if (desk_wish_cancel(world->a.desk, world_text(world, "SELECT id FROM intents"), WAIT_MS, &wish, &world->err) != STATUS_OK)
		_exit(9);
	live_pass(world, 3000);
}

static void
move_the_stop(struct world *world, const struct walk *walk)
{
	int64_t wish = 0;

	enter(world, walk, NULL);
	if (desk_wish_stop(world->a.desk, 1, "99", false, WAIT_MS, &wish, &world->err) != STATUS_OK)
		_exit(9);
	live_pass(world, 3000);
}

static void
move_the_target(struct world *world, const struct walk *walk)
{
	int64_t wish = 0;

	enter(world, walk, NULL);
	if (desk_wish_target(world->a.desk, 1, "107", WAIT_MS, &wish, &world->err) != STATUS_OK)
		_exit(9);
	live_pass(world, 3000);
}

static void
close_it(struct world *world, const struct walk *walk)
{
	int64_t wish = 0;

	enter(world, walk, NULL);
	if (desk_wish_close(world->a.desk, 1, WAIT_MS, &wish, &world->err) != STATUS_OK)
		_exit(9);
	live_pass(world, 3000);
}

static void
panic(struct world *world, const struct walk *walk)
{
	int64_t wish = 0;

	enter(world, walk, NULL);
	if (desk_wish_panic(world->a.desk, "out", WAIT_MS, &wish, &world->err) != STATUS_OK)
		_exit(9);
	live_pass(world, 3000);
}

static void
release(struct world *world, const struct walk *walk)
{
	int64_t wish = 0;

	enter(world, walk, NULL);
	if (desk_wish_release(world->a.desk, 1, "mine now", false, WAIT_MS, &wish, &world->err) != STATUS_OK)
		_exit(9);
	live_pass(world, 3000);
}

/* ---- what must be so ---- */

static const char *
judge(struct world *world, const struct walk *walk)
{
	const char *wrong = world_unsound(world);

	if (wrong == NULL)
		wrong = live_wrong(world);
	if (wrong != NULL)
		return wrong;
	if (world_count(world, "SELECT count(*) FROM orders WHERE state IN ('PENDING', 'SENT', 'UNKNOWN')") != 0)
		return "an order is not known to have ended";
	if (world_count(world, "SELECT count(*) FROM requests WHERE state IN ('WANTED', 'TAKEN')") != 0)
		return "a wish was never answered";
	if (walk->ends_flat && world_count(world, "SELECT count(*) FROM operations WHERE status = 'ACTIVE'") != 0)
		return "an operation is open beyond its level";
	if (world_count(world, "SELECT count(*) FROM operations WHERE status = 'ACTIVE'") == 0 &&
	    world_count(world, "SELECT count(*) FROM operations WHERE status = 'CANCELLED'") == 0 &&
	    world_count(world, "SELECT count(*) FROM orders WHERE purpose = 'entry' AND state = 'NEW'") == 0 &&
	    fake_live_resting(world->live) != 0)
		return "something rests on the exchange for nothing";
	return NULL;
}

static void
run(const struct walk *walk)
{
	const char *only = getenv("ROBSON_TEST_STEP");

	/* Every fifteenth step, each walk from another one on; at ROBSON_TEST_SCALE=15 all of them. */
	int stride = test_scale() >= 15 ? 1 : 15 / test_scale();
	int first = 1 + (int)(strlen(walk->name) * 7) % stride;

	for (int step = only != NULL ? atoi(only) : first; ; step += stride) {
		struct world *world = world_new_live();
		bool died = play_until(world, walk, step);
		live_shape_set(walk->shape);
		live_feed_price(walk->bid, walk->ask);
		live_take_over(world);
		if (world_count(world, "SELECT is_live_on FROM clients WHERE id = 1") == 0)
			assert_ok(world, desk_live_switch(world->a.desk, true, &world->err));
		/* Long enough for "not found" to become final, and for what follows from it. */
		live_pass(world, 45000);
		const char *wrong = judge(world, walk);
		if (wrong != NULL)
			fail_msg("%s, died at step %d: %s", walk->name, step, wrong);
		world_free(world);
		if (!died || only != NULL)
			return;
	}
}

#define OPOCO_  { true, true, true, true, true }
#define OPO_    { true, true, false, true, true }
#define OTOCO_  { true, false, true, true, true }
#define OTO_    { true, false, false, true, true }
#define OCO_    { false, false, true, true, true }
#define PLAIN_  { false, false, false, true, true }
#define TWOSTEP_ { false, false, false, false, true }
#define LIMITS_ { true, true, true, true, false }

#define WALK(play, shape, target, bid, ask, flat) \
	static void \
	dying_anywhere_in_##play##_with_##shape(void **state) \
	{ \
		const struct walk walk = { #play " " #shape, shape##_, target, play, bid, ask, flat }; \
		(void)state; \
		run(&walk); \
	}
WALK(only_enter, OPOCO, "106", "100.00", "100.01", false)
WALK(only_enter, OPO, NULL, "100.00", "100.01", false)
WALK(only_enter, OTOCO, "106", "100.00", "100.01", false)
WALK(only_enter, OTO, NULL, "100.00", "100.01", false)
WALK(only_enter, OCO, "106", "100.00", "100.01", false)
WALK(only_enter, PLAIN, NULL, "100.00", "100.01", false)
WALK(enter_and_be_stopped, OPOCO, "106", "97.50", "97.51", true)
WALK(enter_and_be_stopped, PLAIN, NULL, "97.50", "97.51", true)
WALK(enter_and_be_stopped, LIMITS, NULL, "97.50", "97.51", true)
WALK(enter_and_take, OPOCO, "106", "106.50", "106.51", true)
WALK(enter_and_take, PLAIN, "106", "106.50", "106.51", true)
WALK(rest_and_fill, OPOCO, "106", "99.40", "99.45", false)
WALK(rest_and_fill, PLAIN, NULL, "99.40", "99.45", false)
WALK(rest_fill_in_part_and_be_cut_short, OPOCO, "106", "100.00", "100.01", false)
WALK(rest_fill_in_part_and_be_cut_short, PLAIN, NULL, "100.00", "100.01", false)
WALK(rest_and_cancel, OPOCO, "106", "100.00", "100.01", false)
WALK(move_the_stop, OPOCO, "106", "100.00", "100.01", false)
WALK(move_the_stop, PLAIN, NULL, "100.00", "100.01", false)
WALK(move_the_stop, TWOSTEP, NULL, "100.00", "100.01", false)
WALK(move_the_target, OPOCO, "106", "100.00", "100.01", false)
WALK(close_it, OPOCO, "106", "100.00", "100.01", false)
WALK(close_it, TWOSTEP, NULL, "100.00", "100.01", false)
WALK(panic, OPOCO, "106", "100.00", "100.01", false)
WALK(release, OPOCO, "106", "100.00", "100.01", false)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dying_anywhere_in_only_enter_with_OPOCO),
		cmocka_unit_test(dying_anywhere_in_only_enter_with_OPO),
		cmocka_unit_test(dying_anywhere_in_only_enter_with_OTOCO),
		cmocka_unit_test(dying_anywhere_in_only_enter_with_OTO),
		cmocka_unit_test(dying_anywhere_in_only_enter_with_OCO),
		cmocka_unit_test(dying_anywhere_in_only_enter_with_PLAIN),
		cmocka_unit_test(dying_anywhere_in_enter_and_be_stopped_with_OPOCO),
		cmocka_unit_test(dying_anywhere_in_enter_and_be_stopped_with_PLAIN),
		cmocka_unit_test(dying_anywhere_in_enter_and_be_stopped_with_LIMITS),
		cmocka_unit_test(dying_anywhere_in_enter_and_take_with_OPOCO),
		cmocka_unit_test(dying_anywhere_in_enter_and_take_with_PLAIN),
		cmocka_unit_test(dying_anywhere_in_rest_and_fill_with_OPOCO),
		cmocka_unit_test(dying_anywhere_in_rest_and_fill_with_PLAIN),
		cmocka_unit_test(dying_anywhere_in_rest_fill_in_part_and_be_cut_short_with_OPOCO),
		cmocka_unit_test(dying_anywhere_in_rest_fill_in_part_and_be_cut_short_with_PLAIN),
		cmocka_unit_test(dying_anywhere_in_rest_and_cancel_with_OPOCO),
		cmocka_unit_test(dying_anywhere_in_move_the_stop_with_OPOCO),
		cmocka_unit_test(dying_anywhere_in_move_the_stop_with_PLAIN),
		cmocka_unit_test(dying_anywhere_in_move_the_stop_with_TWOSTEP),
		cmocka_unit_test(dying_anywhere_in_move_the_target_with_OPOCO),
		cmocka_unit_test(dying_anywhere_in_close_it_with_OPOCO),
		cmocka_unit_test(dying_anywhere_in_close_it_with_TWOSTEP),
		cmocka_unit_test(dying_anywhere_in_panic_with_OPOCO),
		cmocka_unit_test(dying_anywhere_in_release_with_OPOCO),
	};
	return cmocka_run_group_tests_name("desk_live_crash", tests, NULL, NULL);
}
