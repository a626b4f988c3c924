/* Opening, closing and moving a world, and the use cases as a person would call them. */
#define _XOPEN_SOURCE 700                         /* nftw */
#include "tests/app/world.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "exchange/paper/paper.h"
#include "tests/app/steps.h"

/* 2026-01-15T12:00:00Z */
static const int64_t START_WALL_MS = 1768478400000;

/* ---- the machine's clocks ---- */

/* Of the machine, so shared with the processes that a test forks off. */
struct clocks { int64_t wall_us, mono_us; uint64_t random_state; };
static struct clocks *clocks;
#define now_wall_us (clocks->wall_us)
#define now_mono_us (clocks->mono_us)

int64_t __wrap_clock_wall_ms(void);
int64_t __wrap_clock_mono_ms(void);
int64_t __wrap_clock_mono_us(void);
int64_t __wrap_clock_wall_ms(void) { return now_wall_us / 1000; }
int64_t __wrap_clock_mono_ms(void) { return now_mono_us / 1000; }
int64_t __wrap_clock_mono_us(void) { return now_mono_us; }
void __wrap_random_fill(void *context, void *buffer, size_t size);
int64_t machine_wall_ms(void) { return now_wall_us / 1000; }
int64_t machine_mono_us(void) { return now_mono_us; }

void
machine_advance_us(int64_t us)
{
	now_wall_us += us;
	now_mono_us += us;
}

/* ---- randomness: the same in every run, and never the same twice in one ---- */

#define random_state (clocks->random_state)

void
__wrap_random_fill(void *context, void *buffer, size_t size)
{
	unsigned char *at = buffer;

	(void)context;
	for (size_t i = 0; i < size; i++) {
		random_state = random_state * 6364136223846793005u + 1442695040888963407u;
		at[i] = (unsigned char)(random_state >> 33);
	}
}

/* ---- asserting ---- */

struct decimal
dec(const char *text)
{
	struct decimal d;

	if (decimal_parse(text, &d) != STATUS_OK)
		fail_msg("%s is no decimal", text);
	return d;
}

void
assert_decimal_at(struct decimal a, const char *text, const char *file, int line)
{
	char shown[DECIMAL_TEXT_SIZE];

	if (decimal_cmp(a, dec(text)) == 0)
		return;
	decimal_text(a, shown);
	print_error("wanted %s, got %s\n", text, shown);
	_fail(file, line);
}

void
world_check(struct world *world, enum status status, enum status wanted, const char *file, int line)
{
	if (status != wanted) {
		print_error("wanted %s, got %s: %s\n", status_name(wanted), status_name(status),
		            world->err.message);
		_fail(file, line);
	}
	if (status == STATUS_OK)
		error_clear(&world->err);
}

int
test_scale(void)
{
	const char *text = getenv("ROBSON_TEST_SCALE");
	int scale = text != NULL ? atoi(text) : 1;

	return scale < 1 ? 1 : scale;
}

/* ---- seats ---- */

struct spy {
	struct exchange base;
	struct exchange *inner;
	struct world *world;
};

static void
spy_on(struct exchange *ex, enum exchange_request request, const struct order *order)
{
	struct world *world = ((struct spy *)ex)->world;
	enum step step = request == ASKED_SUBMIT ? STEP_SUBMIT : request == ASKED_CANCEL ? STEP_CANCEL : STEP_QUERY;

	if (world->spy != NULL)
		world->spy(world->spy_self, request, order);
	steps_reached(step);
}

#define INNER(ex) (((struct spy *)(ex))->inner)
static enum status
spy_submit(struct exchange *ex, const struct order *order, struct error *err)
{
	spy_on(ex, ASKED_SUBMIT, order);
	return INNER(ex)->ops->submit(INNER(ex), order, err);
}
static enum status
spy_cancel(struct exchange *ex, const struct order *order, struct error *err)
{
	spy_on(ex, ASKED_CANCEL, order);
	return INNER(ex)->ops->cancel(INNER(ex), order, err);
}
static enum status
spy_query(struct exchange *ex, const struct order *order, struct error *err)
{
	spy_on(ex, ASKED_QUERY, order);
	return INNER(ex)->ops->query(INNER(ex), order, err);
}
static enum status
spy_restore(struct exchange *ex, const struct order *order, struct error *err)
{
	return INNER(ex)->ops->restore(INNER(ex), order, err);
}
static void spy_forget(struct exchange *ex) { INNER(ex)->ops->forget(INNER(ex)); }
static void spy_quote(struct exchange *ex, const struct quote *quote) { INNER(ex)->ops->quote(INNER(ex), quote); }
static void
spy_rules(struct exchange *ex, const struct symbol_rules *rules)
{
	INNER(ex)->ops->rules(INNER(ex), rules);
}
static bool
spy_is_busy(const struct exchange *ex)
{
	const struct spy *spy = (const struct spy *)ex;
	return spy->inner->ops->is_busy(spy->inner);
}
static void
spy_prepare(struct exchange *ex, struct wait *wait, int64_t now_us)
{
	INNER(ex)->ops->prepare(INNER(ex), wait, now_us);
}
static void
spy_dispatch(struct exchange *ex, const struct wait *wait, int64_t now_us)
{
	INNER(ex)->listener = ex->listener;
	INNER(ex)->ops->dispatch(INNER(ex), wait, now_us);
}
static void
spy_close(struct exchange *ex)
{
	INNER(ex)->ops->close(INNER(ex));
	free(ex);
}
static const struct exchange_ops spy_ops = {
	.submit = spy_submit, .cancel = spy_cancel, .query = spy_query, .restore = spy_restore,
	.forget = spy_forget, .quote = spy_quote, .rules = spy_rules, .is_busy = spy_is_busy,
	.prepare = spy_prepare, .dispatch = spy_dispatch, .close = spy_close,
};

static void
notify(void *self, enum urgency urgency, const struct event *event)
{
	struct seat *seat = self;

	if (seat->told_count == (int)ARRAY_LEN(seat->told))
		return;
	struct told *told = &seat->told[seat->told_count++];
	told->urgency = urgency;
	text_copy(told->kind, sizeof told->kind, event->kind);
	text_copy(told->summary, sizeof told->summary, event->summary);
}

int
told_count(const struct seat *seat, const char *kind)
{
	int count = 0;

	for (int i = 0; i < seat->told_count; i++)
		count += strcmp(seat->told[i].kind, kind) == 0;
	return count;
}

int
told_alarms(const struct seat *seat)
{
	int count = 0;

	for (int i = 0; i < seat->told_count; i++)
		count += seat->told[i].urgency == URGENCY_ALARM;
	return count;
}

static void
teach(struct price_feed *feed, const char *symbol)
{
	struct symbol_rules rules;

	symbol_rules_default(&rules, symbol, dec("0.01"));
	rules.lot_step = rules.lot_min = dec("0.00001");
	rules.lot_max = dec("9000");
	rules.notional_min = dec("5");
	fake_feed_rules(feed, &rules);
}

static void
open_exchange(struct seat *seat)
{
	const struct settings *settings = &seat->world->settings;
	struct paper_settings paper = {
		.fee_percent = settings->costs.fee_percent, .slippage_percent = settings->paper.slippage_percent,
		.partial_fill_percent = settings->paper.partial_fill_percent,
		.latency_ms = settings->paper.latency_ms, .stale_ms = settings->feed.stale_ms,
	};
	struct spy *spy = calloc(1, sizeof *spy);

	seat->paper = paper_open(&paper, &seat->feed->clock, &seat->world->err);
	assert_non_null(seat->paper);
	assert_non_null(spy);
	seat->faulty = faulty_open(seat->paper);
	spy->base.ops = &spy_ops;
	spy->inner = seat->faulty;
	spy->world = seat->world;
	seat->exchange = &spy->base;
}

void
seat_open(struct world *world, struct seat *seat, int64_t client_id, const char *actor)
{
	struct book book;

	*seat = (struct seat){ .world = world };
	seat->notifier = (struct notifier){ .self = seat, .notify = notify };
	assert_ok(world, steps_open_store(world->path, world->vfs, machine_wall_ms(), &seat->store, &world->err));
	/* The first look makes a client's books: not what any test is about. */
	assert_ok(world, store_book(seat->store, client_id, MODE_DRY_RUN, &book, &world->err));
	seat->feed = fake_feed_open(machine_wall_ms());
	teach(seat->feed, BTC);
	teach(seat->feed, ETH);
	open_exchange(seat);
	struct desk_setup setup = {
		.live = world->live, .machine = world->machine != NULL ? world->machine : "a machine of the tests", .wake_live = world->live != NULL ? fake_live_wake : NULL,
		.store = seat->store, .feed = seat->feed, .paper = seat->exchange, .notifier = &seat->notifier,
		.settings = &world->settings, .random = __wrap_random_fill,
		.client_id = client_id, .actor = actor,
	};
	assert_ok(world, desk_open(&setup, &seat->desk, &world->err));
	paper_set_balance(seat->paper, desk_paper_balance, seat->desk);
}

void
seat_close(struct seat *seat)
{
	if (seat->world == NULL)
		return;
	desk_close(seat->desk);
	seat->exchange->ops->close(seat->exchange);
	seat->feed->ops->close(seat->feed);
	store_close(seat->store);
	*seat = (struct seat){ 0 };
}

void
seat_take(struct seat *seat)
{
	assert_ok(seat->world, desk_take_hold(seat->desk, &seat->world->err));
}

void
world_restart(struct world *world)
{
	seat_close(&world->a);
	seat_open(world, &world->a, 1, "person/test");
	seat_take(&world->a);
}

/* ---- the world ---- */

struct world *
world_new(void)
{
	struct world *world = calloc(1, sizeof *world);
	/* In memory where there is such a place: what dies here is a process, never the machine, and
	 * thousands of durable commits need no disk to turn. */
	const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : getenv("top_builddir");

	assert_non_null(world);
	text_format(world->folder, sizeof world->folder, "%s/robson-desk-XXXXXX", base != NULL ? base : "/tmp");
	assert_non_null(mkdtemp(world->folder));
	text_format(world->path, sizeof world->path, "%s/book.db", world->folder);
	if (clocks == NULL)
		clocks = mmap(NULL, sizeof *clocks, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(clocks != MAP_FAILED);
	now_wall_us = START_WALL_MS * 1000;
	now_mono_us = 5000000000;
	random_state = 42;
	steps_reset();
	settings_init(&world->settings);
	world->settings.book.has_capital = true;
	world->settings.book.capital = dec("1000");
	return world;
}

static int
remove_one(const char *path, const struct stat *info, int type, struct FTW *walk)
{
	(void)info;
	(void)type;
	(void)walk;
	return remove(path);
}

void
world_free(struct world *world)
{
	steps_reset();
	seat_close(&world->a);
	seat_close(&world->b);
	if (world->live != NULL)
		world->live->ops->close(world->live);
	sqlite3_close(world->stranger);
	nftw(world->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(world);
}

int
world_setup(void **state)
{
	struct world *world = world_new();

	*state = world;
	seat_open(world, &world->a, 1, "person/test");
	seat_take(&world->a);
	assert_ok(world, desk_watch(world->a.desk, BTC, &world->err));
	world_price(world, BTC, "100.00", "100.01");
	return 0;
}

int
world_setup_live(void **state)
{
	struct world *world = world_new();

	world->live = fake_live_open();
	fake_live_balance(world->live, "USDC", "100000");
	fake_live_balance(world->live, "BTC", "10");   /* so that a sale of what is not held would succeed */
	seat_open(world, &world->a, 1, "person/test");
	seat_take(&world->a);
	assert_ok(world, desk_live_switch(world->a.desk, true, &world->err));
	assert_ok(world, desk_watch(world->a.desk, BTC, &world->err));
	world_price(world, BTC, "100.00", "100.01");
	*state = world;
	return 0;
}

int
world_teardown(void **state)
{
	world_free(*state);
	return 0;
}

/* ---- time ---- */

void
world_advance_ms(struct world *world, int64_t ms)
{
	machine_advance_us(ms * 1000);
	if (world->a.feed != NULL)
		fake_feed_advance_ms(world->a.feed, ms);
	if (world->b.feed != NULL)
		fake_feed_advance_ms(world->b.feed, ms);
}

void
seat_turn(struct seat *seat)
{
	struct wait wait;

	wait_init(&wait);
	desk_prepare(seat->desk, &wait, now_mono_us);
	desk_dispatch(seat->desk, &wait, now_mono_us);
}

void
seat_settle(struct seat *seat)
{
	for (int i = 0; i < 500; i++) {
		struct wait wait;
		wait_init(&wait);
		desk_prepare(seat->desk, &wait, now_mono_us);
		if (i > 0 && wait.deadline_mono_us > now_mono_us)
			return;
		desk_dispatch(seat->desk, &wait, now_mono_us);
	}
	fail_msg("the desk never comes to rest: its loop would spin");
}

void
world_settle(struct world *world)
{
	if (world->b.desk != NULL) {      /* as the wake-up socket would */
		desk_wake(world->a.desk);
		desk_wake(world->b.desk);
		seat_settle(&world->b);
	}
	seat_settle(&world->a);
}

void
world_price(struct world *world, const char *symbol, const char *bid, const char *ask)
{
	if (world->live != NULL)
		fake_live_price(world->live, symbol, bid, ask);
	fake_feed_quote(world->a.feed, symbol, bid, ask);
	seat_settle(&world->a);
}

void
world_pass_seconds(struct world *world, int n, const char *symbol, const char *bid, const char *ask)
{
	for (int i = 0; i < n; i++) {
		world_advance_ms(world, 1000);
		world_price(world, symbol, bid, ask);
	}
}

/* ---- use cases ---- */

struct intent
world_plan(struct world *world, const struct plan_input *input)
{
	struct intent intent;

	assert_ok(world, desk_plan(world->a.desk, input, &intent, &world->err));
	return intent;
}

enum status
world_validate(struct world *world, const char *id)
{
	struct intent intent;
	struct report report;

	return desk_validate(world->a.desk, id, false, &intent, &report, &world->err);
}

void
world_validated(struct world *world, const struct plan_input *input, char ret_id[INTENT_ID_SIZE])
{
	struct intent intent = world_plan(world, input);

	assert_ok(world, world_validate(world, intent.id));
	text_copy(ret_id, INTENT_ID_SIZE, intent.id);
}

enum wish_state
world_wish(struct world *world, enum status stated, int64_t wish)
{
	enum wish_state state;
	struct error outcome = { 0 };

	assert_ok(world, stated);
	world_settle(world);
	assert_ok(world, desk_wish_look(world->a.desk, wish, &state, &outcome, &world->err));
	world->err = outcome;
	return state;
}

enum wish_state
world_execute(struct world *world, const char *id)
{
	int64_t wish = 0;
	enum status status = desk_wish_execute(world->a.desk, id, false, false, WAIT_MS, &wish, &world->err);

	return world_wish(world, status, wish);
}

static int64_t
open_position(struct world *world, const struct plan_input *input)
{
	char id[INTENT_ID_SIZE];
	struct operation op;

	world_validated(world, input, id);
	if (world_execute(world, id) != WISH_DONE || world->err.status != STATUS_OK)
		fail_msg("not executed: %s", world->err.message);
	assert_ok(world, store_operation_of_intent(world->a.store, id, &op, &world->err));
	assert_int_equal(op.status, OPERATION_ACTIVE);
	return op.id;
}

int64_t
world_open_long(struct world *world, const char *stop, const char *target)
{
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = stop, .target = target, .reason = "a test" };

	return open_position(world, &input);
}

int64_t
world_open_short(struct world *world, const char *stop, const char *target)
{
	struct plan_input input = { .side = "sell", .symbol = BTC, .stop = stop, .target = target, .reason = "a test" };

	return open_position(world, &input);
}
