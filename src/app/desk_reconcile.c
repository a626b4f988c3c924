/* Reconciliation, its course: when a run begins, what it asks for, how long it waits, how it ends.
 *
 *   RESTS -> ASKS       every open order, the balances, the fills of symbols with something open
 *     ^        |        all answers are there: compare (desk_compare.c)
 *     |        v
 *     '---- SETTLES     what differs is being looked at; then ASKS again, a few times at most
 *
 * A run that gets no answers says so and tries again later; what it could not settle is a blocker. */
#include "app/desk_reconcile.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- life ---- */

static void
forget_answers(struct reconcile *run)
{
	free(run->open);
	run->open = NULL;
	run->open_count = 0;
	for (size_t i = 0; i < run->trade_count; i++)
		free(run->trades[i].rows);
	free(run->trades);
	run->trades = NULL;
	run->trade_count = 0;
	run->is_open_asked = run->has_open = run->is_account_wanted = false;
}

enum status
reconcile_open(struct desk *desk, struct error *err)
{
	desk->account->reconcile = calloc(1, sizeof *desk->account->reconcile);
	return desk->account->reconcile != NULL ? STATUS_OK : error_set(err, STATUS_NO_MEMORY, "no memory for the desk");
}

void
reconcile_close(struct desk *desk)
{
	if (desk->account->reconcile != NULL)
		forget_answers(desk->account->reconcile);
	free(desk->account->reconcile);
	desk->account->reconcile = NULL;
}

void
reconcile_restart(struct desk *desk, const char *why)
{
	struct reconcile *run = desk->account->reconcile;

	forget_answers(run);
	run->phase = RECONCILE_RESTS;
	reconcile_want(desk, why);
}

void
reconcile_forget(struct desk *desk)
{
	struct reconcile *run = desk->account->reconcile;

	forget_answers(run);
	run->phase = RECONCILE_RESTS;
	run->shortage_count = 0;
	run->is_wanted = false;
	run->next_mono_ms = 0;
}

void
reconcile_want(struct desk *desk, const char *why)
{
	struct reconcile *run = desk->account->reconcile;

	if (!run->is_wanted)
		text_copy(run->why, sizeof run->why, why);
	run->is_wanted = true;
}

/* ---- whose orders ---- */

bool
reconcile_is_bound_here(const struct desk *desk, const char *host, const char *account)
{
	struct exchange_status status = { 0 };

	if (desk->setup.live == NULL)
		return false;
	desk->setup.live->ops->status(desk->setup.live, &status);
	const char *uid = account_uid(desk, &status);
	return strcmp(host, status.host) == 0 && uid[0] != '\0' && strcmp(account, uid) == 0;
}

static int
count_unknown(const struct desk *desk)
{
	int count = 0;

	for (size_t i = 0; i < desk->order_count; i++) {
		const struct order *order = &desk->orders[i]->order;
		count += order->mode == MODE_LIVE && (order->state == ORDER_UNKNOWN || order->state == ORDER_PENDING ||
		                                      order->state == ORDER_SENT);
	}
	return count;
}

void
reconcile_doubt(struct desk *desk, struct live_order *live)
{
	struct reconcile *run = desk->account->reconcile;

	if (!live->must_look)
		orders_must_look(live);
	run->is_more_to_do = true;
	for (size_t i = 0; i < run->doubt_count; i++)
		if (strcmp(run->doubts[i].client_order_id, live->order.client_order_id) == 0)
			return;
	if (run->doubt_count == ARRAY_LEN(run->doubts))
		return;
	struct reconcile_doubt *doubt = &run->doubts[run->doubt_count++];
	*doubt = (struct reconcile_doubt){ .state = live->order.state, .filled = live->order.filled_quantity };
	text_copy(doubt->client_order_id, sizeof doubt->client_order_id, live->order.client_order_id);
}

/* Those that the looking has changed since. */
static void
count_repaired(struct desk *desk, struct reconcile *run)
{
	for (size_t i = 0; i < run->doubt_count; ) {
		struct reconcile_doubt *doubt = &run->doubts[i];
		const struct live_order *live = desk_order(desk, doubt->client_order_id);
		if (live != NULL && live->order.state == doubt->state &&
		    decimal_cmp(live->order.filled_quantity, doubt->filled) == 0) {
			i++;
			continue;
		}
		run->repaired++;
		*doubt = run->doubts[--run->doubt_count];
	}
}

/* ---- asking ---- */

static struct reconcile_trades *
want_trades(struct reconcile *run, const char *symbol, int64_t from_ms)
{
	for (size_t i = 0; i < run->trade_count; i++)
		if (strcmp(run->trades[i].symbol, symbol) == 0) {
			if (from_ms < run->trades[i].from_ms)
				run->trades[i].from_ms = from_ms;
			return &run->trades[i];
		}
	struct reconcile_trades *grown = realloc(run->trades, (run->trade_count + 1) * sizeof *grown);
	if (grown == NULL)
		return NULL;
	run->trades = grown;
	run->trades[run->trade_count] = (struct reconcile_trades){ .from_ms = from_ms };
	text_copy(run->trades[run->trade_count].symbol, SYMBOL_SIZE, symbol);
	return &run->trades[run->trade_count++];
}

static void
begin_pass(struct desk *desk, struct reconcile *run)
{
	forget_answers(run);
	run->phase = RECONCILE_ASKS;
	run->pass++;
	run->pass_mono_ms = desk_mono_ms(desk);
	run->began_ms = desk_now_ms(desk);
	run->retry_mono_ms = 0;
	run->is_more_to_do = false;
	run->agreed = run->waiting = 0;
	for (size_t i = 0; i < desk->position_count; i++) {
		const struct operation *op = &desk->positions[i]->op;
		if (op->mode == MODE_LIVE && reconcile_is_bound_here(desk, op->exchange_host, op->account))
			(void)want_trades(run, op->symbol, op->opened_at_ms - 60000);
	}
}

static void
begin_run(struct desk *desk, struct reconcile *run)
{
	run->is_wanted = false;
	run->pass = 0;
	run->repaired = 0;
	run->doubt_count = 0;
	run->began_us = clock_mono_us();
	begin_pass(desk, run);
}

static void
ask(struct desk *desk, struct reconcile *run)
{
	struct exchange *live = desk->setup.live;
	struct error ignored = { 0 };   /* not now: it is asked for again until the patience ends */
	int64_t now = desk_mono_ms(desk);
	bool was_refused = false;

	if (now < run->retry_mono_ms)
		return;
	if (!run->is_open_asked) {
		run->is_open_asked = live->ops->look_open(live, NULL, &ignored) == STATUS_OK;
		was_refused = !run->is_open_asked;
	}
	if (!run->is_account_wanted) {
		run->is_account_wanted = true;
		account_changed(desk);
	}
	for (size_t i = 0; i < run->trade_count; i++) {
		struct reconcile_trades *trades = &run->trades[i];
		if (trades->is_asked)
			continue;
		trades->is_asked = live->ops->look_trades(live, trades->symbol, trades->from_ms, &ignored) == STATUS_OK;
		was_refused = was_refused || !trades->is_asked;
	}
	if (was_refused)
		run->retry_mono_ms = now + ACCOUNT_RETRY_MS;
}

void
reconcile_see_open(struct desk *desk, const struct exchange_order *orders, size_t count,
                   int64_t asked_at_mono_ms, const struct error *error)
{
	struct reconcile *run = desk->account->reconcile;
	struct exchange_order *copy = NULL;

	if (run->phase != RECONCILE_ASKS || !run->is_open_asked || run->has_open)
		return;
	if (error == NULL && count > 0 && (copy = malloc(count * sizeof *copy)) != NULL)
		memcpy(copy, orders, count * sizeof *copy);
	if (error != NULL || (count > 0 && copy == NULL) || asked_at_mono_ms < run->pass_mono_ms) {
		free(copy);
		run->is_open_asked = false;
		run->retry_mono_ms = desk_mono_ms(desk) + 4 * ACCOUNT_RETRY_MS;
		return;
	}
	run->open = copy;
	run->open_count = count;
	run->has_open = true;
}

void
reconcile_see_trades(struct desk *desk, const char *symbol, const struct exchange_trade *rows, size_t count,
                     const struct error *error)
{
	struct reconcile *run = desk->account->reconcile;

	for (size_t i = 0; run->phase == RECONCILE_ASKS && i < run->trade_count; i++) {
		struct reconcile_trades *trades = &run->trades[i];
		if (strcmp(trades->symbol, symbol) != 0 || !trades->is_asked || trades->has_answer)
			continue;
		struct exchange_trade *copy = count > 0 && error == NULL ? malloc(count * sizeof *copy) : NULL;
		if (error != NULL || (count > 0 && copy == NULL)) {
			trades->is_asked = false;
			run->retry_mono_ms = desk_mono_ms(desk) + 4 * ACCOUNT_RETRY_MS;
			return;
		}
		if (count > 0)
			memcpy(copy, rows, count * sizeof *copy);
		trades->rows = copy;
		trades->count = count;
		trades->has_answer = true;
	}
}

static bool
has_everything(const struct desk *desk, const struct reconcile *run)
{
	const struct account *account = desk->account;

	if (!run->has_open || !account->is_known || account->known_mono_ms < run->pass_mono_ms)
		return false;
	for (size_t i = 0; i < run->trade_count; i++)
		if (!run->trades[i].has_answer)
			return false;
	return true;
}

/* ---- the course ---- */

static void
end_run(struct desk *desk, struct reconcile *run, bool is_whole, const char *trouble)
{
	int64_t now = desk_mono_ms(desk);

	count_repaired(desk, run);
	run->last = (struct reconcile_result){
		.is_whole = is_whole, .agreed = run->agreed, .repaired = run->repaired,
		.unknown = count_unknown(desk), .waiting = run->waiting,
	};
	text_copy(run->last.trouble, sizeof run->last.trouble, trouble);
	forget_answers(run);
	run->phase = RECONCILE_RESTS;
	run->next_mono_ms = now + (!is_whole ? RECONCILE_AGAIN_MS : run->shortage_count > 0 ? ELSEWHERE_MS : RECONCILE_EVERY_MS);
	desk->are_wishes_dirty = true;
	desk_touch(desk);
}

/* Every order that was found to differ has been looked at. */
static bool
has_looked(const struct desk *desk, const struct reconcile *run)
{
	for (size_t i = 0; i < run->doubt_count; i++) {
		const struct live_order *live = desk_order(desk, run->doubts[i].client_order_id);
		if (live != NULL && live->must_look)
			return false;
	}
	return desk->reports == NULL;
}

static void
end_pass(struct desk *desk, struct reconcile *run)
{
	struct error err = { 0 };

	enum status status = reconcile_compare(desk, &err);
	if (status == STATUS_BUSY || status == STATUS_IO) {
		desk_blocked(desk, &err);   /* somebody writes: compared again with the same answers */
		return;
	}
	if (status != STATUS_OK) {
		end_run(desk, run, false, err.message);
		return;
	}
	/* What moved while it was looked at will have come to rest by then. */
	bool is_moving = run->waiting > 0 && run->shortage_count == 0;
	if ((!run->is_more_to_do && !is_moving) || run->pass >= RECONCILE_PASSES) {
		end_run(desk, run, true, "");
		return;
	}
	run->phase = RECONCILE_SETTLES;
	run->pass_mono_ms = desk_mono_ms(desk);
	run->settled_mono_ms = run->pass_mono_ms + (is_moving ? RECONCILE_SKEW_MS + 500 : 0);
}

static void
go_on(struct desk *desk, struct reconcile *run)
{
	int64_t now = desk_mono_ms(desk);
	struct exchange_status status = { 0 };

	switch (run->phase) {
	case RECONCILE_ASKS:
		ask(desk, run);
		if (has_everything(desk, run)) {
			end_pass(desk, run);
			return;
		}
		if (now - run->pass_mono_ms < RECONCILE_PATIENCE_MS)
			return;
		desk->setup.live->ops->status(desk->setup.live, &status);
		end_run(desk, run, false, status.trouble[0] != '\0' ? status.trouble
		        : desk->account->trouble[0] != '\0' ? desk->account->trouble : "the exchange has not answered");
		return;
	case RECONCILE_SETTLES:
		if (now < run->settled_mono_ms ||
		    (!has_looked(desk, run) && now - run->pass_mono_ms < RECONCILE_SETTLE_MS))
			return;
		count_repaired(desk, run);
		begin_pass(desk, run);
		return;
	case RECONCILE_RESTS:
	default:
		return;
	}
}

/* An order that is only on its way is no unknown outcome: a run after each would use the limits up. */
static void
notice_settled(struct desk *desk, struct reconcile *run)
{
	int unknown = 0;

	for (size_t i = 0; i < desk->order_count; i++)
		unknown += desk->orders[i]->order.mode == MODE_LIVE && desk->orders[i]->order.state == ORDER_UNKNOWN;
	if (run->unknown_before > 0 && unknown == 0)
		reconcile_want(desk, "an unknown outcome was settled");
	run->unknown_before = unknown;
}

void
reconcile_turn(struct desk *desk)
{
	struct reconcile *run = desk->account->reconcile;
	struct exchange_status status = { 0 };

	if (!desk->is_holder || desk->is_blocked)
		return;
	notice_settled(desk, run);
	if (run->phase == RECONCILE_RESTS) {
		if (!run->is_wanted && desk_mono_ms(desk) < run->next_mono_ms)
			return;
		desk->setup.live->ops->status(desk->setup.live, &status);
		if (!status.is_ready && status.uid[0] == '\0' && desk->account->uid[0] == '\0')
			return;   /* whose account this is has to be known first */
		begin_run(desk, run);
	}
	go_on(desk, run);
}

void
reconcile_prepare(const struct desk *desk, struct wait *wait, int64_t now_us)
{
	const struct reconcile *run = desk->account->reconcile;
	int64_t now = desk_mono_ms(desk), due = run->next_mono_ms;

	if (!desk->is_holder || desk->is_blocked)
		return;
	if (run->phase == RECONCILE_ASKS)
		due = run->retry_mono_ms > now ? run->retry_mono_ms : run->pass_mono_ms + RECONCILE_PATIENCE_MS;
	else if (run->phase == RECONCILE_SETTLES)
		due = has_looked(desk, run) ? run->settled_mono_ms : run->pass_mono_ms + RECONCILE_SETTLE_MS;
	else if (run->is_wanted || due <= now)
		due = now + 100;   /* it begins as soon as the account is known */
	wait_until(wait, now_us + (due > now ? due - now : 0) * 1000);
}
