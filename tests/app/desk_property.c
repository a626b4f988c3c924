/* Random days: wishes, prices, faults, locks and restarts in any order, by seed; after each step the
 * book must be sound, and at the end of each day, with everything healed, nothing may hang. */
#include "tests/app/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { DAYS = 20, STEPS = 90 };

struct dice { uint64_t state; };

static unsigned
roll(struct dice *dice, unsigned sides)
{
	dice->state = dice->state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(dice->state >> 33) % sides;
}

struct day {
	struct world *world;
	struct dice dice;
	int64_t cents;                    /* the bid */
	bool is_locked;
	int plans;
};

static void
price(struct day *day, int64_t cents)
{
	char bid[32], ask[32];

	day->cents = cents < 5000 ? 5000 : cents > 20000 ? 20000 : cents;
	text_format(bid, sizeof bid, "%lld.%02lld", (long long)day->cents / 100, (long long)day->cents % 100);
	text_format(ask, sizeof ask, "%lld.%02lld", (long long)(day->cents + 1) / 100, (long long)(day->cents + 1) % 100);
	world_price(day->world, BTC, bid, ask);
}

/* Any intent or operation that is there, whatever its state: refusals are part of the game. */
static void
some_intent(struct day *day, char ret_id[INTENT_ID_SIZE])
{
	text_copy(ret_id, INTENT_ID_SIZE, world_text(day->world, "SELECT id FROM intents ORDER BY n DESC LIMIT 1 OFFSET %u",
	                                             roll(&day->dice, 4)));
	if (ret_id[0] == '\0')
		text_copy(ret_id, INTENT_ID_SIZE, "00000000-0000-7000-8000-000000000000");
}

static int64_t
some_operation(struct day *day)
{
	return world_count(day->world, "SELECT max(1, coalesce(max(id), 1) - %u) FROM operations", roll(&day->dice, 5));
}

static void
plan_something(struct day *day)
{
	char entry[32], stop[32], target[32];
	bool is_buy = roll(&day->dice, 2) == 0;
	int64_t away = 60 + (int64_t)roll(&day->dice, 300), gap = (int64_t)roll(&day->dice, 40);
	int64_t at = is_buy ? day->cents - gap : day->cents + gap;
	struct plan_input input = { .side = is_buy ? "buy" : "sell", .symbol = BTC, .stop = stop, .reason = "random" };
	struct intent intent;
	struct report report;

	text_format(stop, sizeof stop, "%lld.%02lld", (long long)(is_buy ? at - away : at + away) / 100,
	            (long long)(is_buy ? at - away : at + away) % 100);
	text_format(entry, sizeof entry, "%lld.%02lld", (long long)at / 100, (long long)at % 100);
	text_format(target, sizeof target, "%uR", 1 + roll(&day->dice, 3));
	if (roll(&day->dice, 3) == 0)
		input.entry = entry;
	if (roll(&day->dice, 2) == 0)
		input.target = target;
	struct desk *desk = day->world->a.desk;
	struct error *err = &day->world->err;
	int64_t wish;
	if (desk_plan(desk, &input, &intent, err) == STATUS_OK && roll(&day->dice, 8) != 0 &&
	    desk_validate(desk, intent.id, false, &intent, &report, err) == STATUS_OK && roll(&day->dice, 4) != 0)
		(void)!desk_wish_execute(desk, intent.id, false, false, WAIT_MS, &wish, err);
}

static void
fault_something(struct day *day)
{
	static const enum fault faults[] = { FAULT_NOT_SENT, FAULT_LOST_BEFORE, FAULT_LOST_AFTER, FAULT_SILENT_BEFORE,
	                                     FAULT_SILENT_AFTER, FAULT_REFUSE, FAULT_REPEAT, FAULT_DELAY };
	static const enum exchange_request requests[] = { ASKED_SUBMIT, ASKED_CANCEL, ASKED_QUERY, ASKED_NOTHING };
	enum fault fault = faults[roll(&day->dice, ARRAY_LEN(faults))];
	enum exchange_request request = requests[roll(&day->dice, ARRAY_LEN(requests))];

	faulty_heal(day->world->a.faulty);
	/* What nobody asked for can only be told late or twice, here: paper does not tell it again. */
	if (request == ASKED_NOTHING && fault != FAULT_REPEAT)
		fault = FAULT_DELAY;
	faulty_plan(day->world->a.faulty, request, 1 + (int)roll(&day->dice, 2), fault, 1 + (int)roll(&day->dice, 5));
}

static void
step(struct day *day)
{
	struct world *world = day->world;
	struct desk *desk = world->a.desk;
	struct error *err = &world->err;
	char id[INTENT_ID_SIZE], level[32];
	int64_t wish;

	switch (roll(&day->dice, 22)) {
	case 0: case 1: case 2: case 3:
		plan_something(day);
		break;
	case 4: case 5: case 6:
		some_intent(day, id);
		(void)!desk_wish_execute(desk, id, false, false, WAIT_MS, &wish, err);
		break;
	case 7:
		some_intent(day, id);
		(void)!desk_wish_cancel(desk, id, WAIT_MS, &wish, err);
		break;
	case 8:
		(void)!desk_wish_close(desk, some_operation(day), WAIT_MS, &wish, err);
		break;
	case 9:
		text_format(level, sizeof level, "%lld", (long long)(day->cents + (int64_t)roll(&day->dice, 600) - 300) / 100);
		(void)!desk_wish_stop(desk, some_operation(day), level, roll(&day->dice, 2) == 0, WAIT_MS, &wish, err);
		break;
	case 10:
		(void)!desk_wish_target(desk, some_operation(day), "1R", WAIT_MS, &wish, err);
		break;
	case 11:
		if (roll(&day->dice, 3) == 0)
			(void)!desk_wish_release(desk, some_operation(day), "random", false, WAIT_MS, &wish, err);
		break;
	case 12:
		if (roll(&day->dice, 4) == 0)
			(void)!desk_wish_panic(desk, "random", WAIT_MS, &wish, err);
		(void)!desk_resume(desk, err);
		break;
	case 13: case 14:
		fault_something(day);
		break;
	case 15:
		if (!day->is_locked)
			world_lock(world);
		else
			world_unlock(world);
		day->is_locked = !day->is_locked;
		break;
	case 16:
		if (day->is_locked)
			world_unlock(world);
		day->is_locked = false;
		world_restart(world);
		assert_ok(world, desk_watch(world->a.desk, BTC, err));
		break;
	case 17:
		fail_steps(roll(&day->dice, 2) == 0 ? STEP_BEGIN : STEP_COMMIT, 1 + (int)roll(&day->dice, 4), false,
		           roll(&day->dice, 2) == 0 ? STATUS_IO : STATUS_BUSY);
		break;
	case 18:
		world_advance_ms(world, (int64_t)roll(&day->dice, 30000));
		break;
	case 19:   /* a jump */
		price(day, day->cents + (int64_t)roll(&day->dice, 1000) - 500);
		break;
	default:
		break;
	}
	if (day->is_locked && roll(&day->dice, 2) == 0) {
		world_unlock(world);
		day->is_locked = false;
	}
	world_advance_ms(world, 200 + (int64_t)roll(&day->dice, 1500));
	price(day, day->cents + (int64_t)roll(&day->dice, 60) - 30);
}

static const char *
hangs(struct world *world)
{
	if (world_count(world, "SELECT count(*) FROM orders WHERE state IN ('PENDING', 'SENT', 'UNKNOWN')") != 0)
		return "an order is not known to have ended";
	if (world_count(world, "SELECT count(*) FROM orders WHERE is_cancel_wanted = 1 AND state IN ('NEW', 'PARTIALLY_FILLED')") != 0)
		return "a cancel was wanted and never came";
	if (world_count(world, "SELECT count(*) FROM operations WHERE status = 'ACTIVE' AND wish_reason <> ''") != 0)
		return "an exit was wanted and never came";
	if (world_count(world, "SELECT count(*) FROM requests WHERE state IN ('WANTED', 'TAKEN')") != 0)
		return "a wish was never answered";
	return NULL;
}

static void
live_through(uint64_t seed, int64_t *trades)
{
	struct world *world = world_new();
	struct day day = { .world = world, .dice = { seed }, .cents = 10000 };

	world->settings.paper.partial_fill_percent = dec(roll(&day.dice, 2) == 0 ? "100" : "35");
	world->settings.paper.latency_ms = roll(&day.dice, 3) == 0 ? 700 : 0;
	world->settings.book.risk_percent = dec("0.2");
	seat_open(world, &world->a, 1, "person/test");
	seat_take(&world->a);
	assert_ok(world, desk_watch(world->a.desk, BTC, &world->err));
	price(&day, 10000);
	for (int i = 0; i < STEPS; i++) {
		step(&day);
		const char *wrong = i % 3 == 0 ? world_unsound(world) : NULL;
		if (wrong != NULL)
			fail_msg("seed %llu, step %d: %s", (unsigned long long)seed, i, wrong);
	}
	if (day.is_locked)
		world_unlock(world);
	fail_steps(STEP_BEGIN, 0, false, STATUS_OK);
	fail_steps(STEP_COMMIT, 0, false, STATUS_OK);
	faulty_heal(world->a.faulty);
	for (int i = 0; i < 100; i++) {
		world_advance_ms(world, 1500);
		price(&day, day.cents);
	}
	const char *wrong = world_unsound(world);
	if (wrong == NULL)
		wrong = hangs(world);
	if (wrong != NULL && getenv("ROBSON_TEST_SEED") != NULL)
		print_message("%s\n", world_text(world, "SELECT group_concat(id || ' ' || kind || ' ' || state || ' ' || coalesce(intent_id, '-') || ' ' || "
		              "coalesce(operation_id, 0), '; ') FROM requests WHERE state IN ('WANTED', 'TAKEN')"));
	if (wrong != NULL)
		fail_msg("seed %llu, at the end of the day: %s", (unsigned long long)seed, wrong);
	*trades += world_count(world, "SELECT count(*) FROM trades");
	world_free(world);
}

static void
whatever_happens_the_book_is_sound_and_nothing_hangs(void **state)
{
	const char *one = getenv("ROBSON_TEST_SEED");
	int64_t trades = 0;

	(void)state;
	if (one != NULL) {
		live_through((uint64_t)strtoull(one, NULL, 10), &trades);
		return;
	}
	for (int i = 1; i <= DAYS * test_scale(); i++)
		live_through((uint64_t)i * 7919, &trades);
	print_message("# %d days, %lld trades\n", DAYS * test_scale(), (long long)trades);
	assert_true(trades > DAYS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whatever_happens_the_book_is_sound_and_nothing_hangs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
