#include "tests/simulation/trader.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tests/simulation/seat.h"
#include "tests/simulation/sim.h"
#include "tests/simulation/venue.h"

enum { WAIT_MS = 20000 };

static int64_t next_us;

int64_t
trader_next_us(void)
{
	return next_us;
}

/* A price at so many thousandths of a percent from the bid, to the cent. */
static void
price_at(const char *symbol, int64_t milli_percent, char ret[32])
{
	amount price = venue_bid(symbol);

	price += price * milli_percent / 100000;
	long long cents = (long long)(price / 1000000);
	snprintf(ret, 32, "%lld.%02lld", cents / 100, cents % 100);
}

static bool
switch_on(void)
{
	struct desk_status_model model;
	struct error err = { 0 };

	desk_status(seat.desk, &model);
	return model.is_live_on || desk_live_switch(seat.desk, true, &err) == STATUS_OK;
}

static void
enter(void)
{
	const char *symbol = venue_symbols[chance_between(CHANCE_TRADER, 0, VENUE_SYMBOLS - 1)];
	int64_t distance = chance_between(CHANCE_TRADER, 250, 3000);
	bool is_limit = chance_permille(CHANCE_TRADER, sim.step == STEP_CANCEL ? 800 : 400), has_target = chance_permille(CHANCE_TRADER, 500);
	bool is_live = seat.live != NULL && sim.is_live && chance_permille(CHANCE_TRADER, 920);
	char entry[32], stop[32], target[32];
	struct plan_input input = { .side = "buy", .symbol = symbol, .stop = stop, .reason = "simulated", .live = is_live };
	struct error err = { 0 };
	struct intent intent;
	struct report report;
	int64_t wish = 0;

	if (desk_watch(seat.desk, symbol, &err) != STATUS_OK || desk_facts(seat.desk, symbol, &err) != STATUS_OK ||
	    (is_live && desk_account(seat.desk, symbol, &err) != STATUS_OK)) {
		trace("trader: wants to buy %s: %s", symbol, err.message);
		next_us = sim.now_us + 1000000;
		return;
	}
	if (is_live && !switch_on())
		return;
	price_at(symbol, -chance_between(CHANCE_TRADER, -100, 400), entry);
	price_at(symbol, -distance - (is_limit ? 400 : 0), stop);
	price_at(symbol, chance_between(CHANCE_TRADER, 200, 4000), target);
	if (is_limit)
		input.entry = entry;
	if (has_target)
		input.target = target;
	enum status status = desk_plan(seat.desk, &input, &intent, &err);
	if (status == STATUS_OK)
		status = desk_validate(seat.desk, intent.id, is_live, &intent, &report, &err);
	for (int i = 0; status == STATUS_NO && i < report.count; i++)
		if (report.checks[i].status == VERDICT_FAIL)
			trace("   %s: %s", report.checks[i].name, report.checks[i].message);
	if (status == STATUS_OK)
		status = desk_wish_execute(seat.desk, intent.id, is_live, is_live, WAIT_MS, &wish, &err);
	trace("trader: %s buy %s at %s, stop %s, target %s: %s %s", is_live ? "LIVE" : "DRY-RUN", symbol,
	      is_limit ? entry : "market", stop, has_target ? target : "none", status_name(status), err.message);
	sim.totals.opened += status == STATUS_OK;
}

static bool
pick_operation(struct operation *ret)
{
	struct operation_filter filter = { .has_status = true, .status = OPERATION_ACTIVE };
	struct operation_list list = { 0 };
	struct error err = { 0 };
	bool found = false;

	if (desk_operations(seat.desk, &filter, &list, &err) == STATUS_OK && list.count > 0) {
		*ret = list.rows[chance(CHANCE_TRADER) % list.count].op;
		found = true;
	}
	operation_list_done(&list);
	return found;
}

static void
move_stop(void)
{
	struct operation op;
	struct error err = { 0 };
	char price[32];
	int64_t wish;

	if (!pick_operation(&op))
		return;
	bool widen = chance_permille(CHANCE_TRADER, 150);
	price_at(op.symbol, -chance_between(CHANCE_TRADER, 50, widen ? 4000 : 1500), price);
	enum status status = desk_wish_stop(seat.desk, op.id, price, widen, WAIT_MS, &wish, &err);
	trace("trader: stop of %lld to %s: %s %s", (long long)op.id, price, status_name(status), err.message);
}

static void
move_target(void)
{
	struct operation op;
	struct error err = { 0 };
	char price[32];
	int64_t wish;

	if (!pick_operation(&op))
		return;
	price_at(op.symbol, chance_between(CHANCE_TRADER, 50, 3000), price);
	enum status status = desk_wish_target(seat.desk, op.id, price, WAIT_MS, &wish, &err);
	trace("trader: target of %lld to %s: %s %s", (long long)op.id, price, status_name(status), err.message);
}

static void
close_one(void)
{
	struct operation op;
	struct error err = { 0 };
	int64_t wish;

	if (!pick_operation(&op))
		return;
	enum status status = desk_wish_close(seat.desk, op.id, WAIT_MS, &wish, &err);
	trace("trader: close %lld: %s %s", (long long)op.id, status_name(status), err.message);
}

static void
cancel_one(void)
{
	struct intent_filter filter = { .has_status = true, .status = INTENT_EXECUTING };
	struct intent_list list = { 0 };
	struct error err = { 0 };
	int64_t wish;

	if (desk_intents(seat.desk, &filter, &list, &err) == STATUS_OK && list.count > 0) {
		const struct intent *intent = &list.rows[chance(CHANCE_TRADER) % list.count];
		enum status status = desk_wish_cancel(seat.desk, intent->id, WAIT_MS, &wish, &err);
		trace("trader: cancel %.8s: %s %s", intent->id, status_name(status), err.message);
	}
	intent_list_done(&list);
}

void
trader_panic(void)
{
	struct error err = { 0 };
	int64_t wish;
	enum status status = desk_wish_panic(seat.desk, "simulated", WAIT_MS, &wish, &err);

	trace("trader: panic: %s %s", status_name(status), err.message);
}

static void
pause_or_resume(void)
{
	struct desk_status_model model;
	struct error err = { 0 };

	desk_status(seat.desk, &model);
	enum status status = model.is_paused ? desk_resume(seat.desk, &err) : desk_pause(seat.desk, "simulated", &err);
	trace("trader: %s: %s %s", model.is_paused ? "resume" : "pause", status_name(status), err.message);
}

static void
check(void)
{
	struct error err = { 0 };
	int64_t wish;
	enum status status = desk_wish_check(seat.desk, WAIT_MS, &wish, &err);

	trace("trader: check: %s %s", status_name(status), err.message);
}

enum act { ENTER, MOVE_STOP, MOVE_TARGET, CLOSE, CANCEL, PAUSE, PANIC, CHECK, ACTS };

void
trader_act(void)
{
	static void (*const acts[ACTS])(void) = {
		enter, move_stop, move_target, close_one, cancel_one, pause_or_resume, trader_panic, check,
	};
	/* Whoever wants to see what a fault in a step does takes that step often. */
	static const enum act favourites[STEP_COUNT] = {
		[STEP_ENTRY] = ENTER, [STEP_PROTECTION] = ENTER, [STEP_MOVE] = MOVE_STOP, [STEP_EXIT] = CLOSE,
		[STEP_CANCEL] = CANCEL, [STEP_LOOK] = ENTER,
	};
	int shares[ACTS] = { 420, 180, 80, 100, 70, 20, 15, 20 }, sum = 0;
	struct desk_status_model model;
	struct error err = { 0 };

	for (int i = 0; i < VENUE_SYMBOLS; i++)
		if (!sim.is_watching)
			(void)!desk_watch(seat.desk, venue_symbols[i], &err);
	sim.is_watching = true;
	next_us = sim.now_us + chance_between(CHANCE_TRADER, 300, 12000) * 1000;
	desk_status(seat.desk, &model);
	if (model.is_paused && chance_permille(CHANCE_TRADER, 500)) {   /* a panic pauses, too */
		pause_or_resume();
		return;
	}
	shares[favourites[sim.step]] += 200;
	for (int i = 0; i < ACTS; i++)
		sum += shares[i];
	int64_t draw = chance_between(CHANCE_TRADER, 0, sum - 1);
	for (int i = 0; i < ACTS; i++) {
		if (draw < shares[i]) {
			acts[i]();
			return;
		}
		draw -= shares[i];
	}
}
