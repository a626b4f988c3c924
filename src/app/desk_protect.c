/* LIVE positions: what core/protection.h says is next is signed, written and sent.  It is asked again
 * after every report, price and timer; nothing else places, moves or sells for a LIVE position.
 *
 *   facts of this moment -> protection_next -> one transaction (why, and the orders) -> sent
 *
 * A step that can't be made now (a lock, a limit, no server time) leaves everything as it is; the next
 * turn asks again. */
#include "app/desk_account.h"
#include "app/desk_booking.h"

#include <stdlib.h>
#include <string.h>

enum { PROTECT_CHECK_MS = 200,         /* how often a position with a timer asks */
       PROTECT_REST_MS = 2000,         /* and one without */
       PROTECT_GRACE_MS = 1000,        /* how long an answer may take before nothing resting is an alarm */
       PROTECT_ORDERS_MAX = 16 };

struct protect_sheet {                 /* storage for protection_facts' pointers */
	struct protection_facts facts;
	struct protection_order orders[PROTECT_ORDERS_MAX];
	size_t order_count;
	struct symbol_rules rules;
	bool is_crowded;                   /* more than there is room for: never decided on a part */
};

static bool
is_of(const struct operation *op, const struct order *order)
{
	return order->operation_id == op->id ||
	       (order->operation_id == 0 && op->intent_id[0] != '\0' && strcmp(order->intent_id, op->intent_id) == 0);
}

static void
gather(struct desk *desk, const struct position *position, const struct operation *op, struct protect_sheet *ret)
{
	const struct market *market = desk_market(desk, op->symbol);
	const struct protecting *timers = &position->protecting;
	int64_t now = desk_mono_ms(desk);

	*ret = (struct protect_sheet){ 0 };
	for (size_t i = 0; i < desk->order_count; i++) {
		const struct live_order *live = desk->orders[i];
		if (!is_of(op, &live->order))
			continue;
		if (ret->order_count == PROTECT_ORDERS_MAX) {
			ret->is_crowded = true;
			break;
		}
		ret->orders[ret->order_count++] = (struct protection_order){ &live->order, live->must_look };
	}
	if (market != NULL)
		ret->rules = market->rules;
	/* An exit does not wait for a request that never arrives; a move does, for the old stop rests. */
	if (op->exit_wish.reason != EXIT_NONE && timers->lost_replacements >= REPLACEMENTS_LOST_MAX)
		ret->rules.cancel_replace_allowed = false;
	ret->facts = (struct protection_facts){
		.op = op, .orders = ret->orders, .order_count = ret->order_count,
		.rules = market != NULL && market->has_rules ? &ret->rules : NULL,
		.is_fresh = desk_is_fresh(desk, market),
		.partial_age_ms = timers->partial_mono_ms != 0 ? now - timers->partial_mono_ms : 0,
		.beyond_age_ms = timers->beyond_mono_ms != 0 ? now - timers->beyond_mono_ms : 0,
		.beyond_lasts = timers->beyond_lasts,
		.touched_age_ms = timers->touched_mono_ms != 0 ? now - timers->touched_mono_ms : 0,
		.is_target_touched = timers->touched_mono_ms != 0,
		.may_place = now >= timers->retry_mono_ms,
		.is_stop_refused = timers->is_stop_refused,
		.is_exit_backing_off = now < position->exit_retry_mono_ms,
	};
	if (ret->facts.is_fresh)
		ret->facts.bid = market->quote.bid;
	if (ret->facts.rules != NULL)
		ret->facts.has_free = account_free_now(desk, market->rules.base, &ret->facts.free);
}

/* ---- one step ---- */

static enum status
add_stop(struct desk *desk, struct position *position, const struct operation *op, struct decimal quantity,
         struct batch *batch, struct error *err)
{
	struct order terms = { 0 };
	const struct symbol_rules *rules = desk_rules(desk, op->symbol);

	enum status status = protection_make_stop(rules, op->side, op->stop_price, quantity,
	                                          desk->setup.settings->exits.stop_limit_percent, &terms, err);
	return status != STATUS_OK ? status
	     : batch_add(desk, batch, op, PURPOSE_STOP, position->protecting.stop_generation + 1, &terms, err);
}

static enum status
add_target(struct desk *desk, struct position *position, const struct operation *op, struct decimal quantity,
           struct batch *batch, struct error *err)
{
	struct order terms = {
		.side = side_opposite(op->side), .type = ORDER_LIMIT, .tif = TIF_GTC, .quantity = quantity,
		.has_price = true, .price = op->target_price,
	};
	return batch_add(desk, batch, op, PURPOSE_TARGET, position->protecting.target_generation + 1, &terms, err);
}

static enum status
add_exit(struct desk *desk, struct position *position, const struct operation *op, struct decimal quantity,
         struct batch *batch, struct error *err)
{
	struct order terms = {
		.side = side_opposite(op->side), .type = ORDER_MARKET, .tif = TIF_NONE, .quantity = quantity,
	};
	return batch_add(desk, batch, op, PURPOSE_EXIT, position->exit_generation + 1, &terms, err);
}

/* The orders of a step; an empty batch for steps that place nothing. */
static enum status
make_batch(struct desk *desk, struct position *position, const struct operation *op,
           const struct protection_step *step, struct batch *batch, struct error *err)
{
	struct book book;
	enum status status = STATUS_OK;

	*batch = (struct batch){ .kind = INSTRUCT_ORDER };
	if (step->order != NULL && (step->action == PROTECT_REPLACE_STOP || step->action == PROTECT_REPLACE_BY_MARKET)) {
		batch->kind = INSTRUCT_REPLACE;
		batch->replaced = desk_order(desk, step->order->client_order_id);
	}
	switch (step->action) {
	case PROTECT_PLACE_STOP:
	case PROTECT_REPLACE_STOP:
		return add_stop(desk, position, op, step->quantity, batch, err);
	case PROTECT_SELL:
	case PROTECT_REPLACE_BY_MARKET:
		return add_exit(desk, position, op, step->quantity, batch, err);
	case PROTECT_PLACE_OCO:
		batch->kind = INSTRUCT_OCO;
		status = add_stop(desk, position, op, step->quantity, batch, err);
		if (status == STATUS_OK)
			status = add_target(desk, position, op, step->quantity, batch, err);
		if (status == STATUS_OK)
			status = store_book(desk->setup.store, op->client_id, op->mode, &book, err);
		if (status == STATUS_OK)
			order_make_list_id(book.id, &batch->orders[0], batch->list_id);
		return status;
	default:
		return STATUS_OK;
	}
}

/* What is wanted, and the alarm or its end, as the operation's row has to say it. */
static bool
update_row(struct desk *desk, struct operation *op, const struct protection_step *step,
           const struct protection_facts *facts, bool is_hindered)
{
	bool is_wish_new = false;

	if (step->exit_reason != EXIT_NONE && op->exit_wish.reason == EXIT_NONE) {
		const struct market *market = desk_market(desk, op->symbol);
		op->exit_wish = (struct exit_wish){
			.reason = step->exit_reason, .wanted_at_ms = desk_now_ms(desk),
			.level = step->exit_reason == EXIT_STOP_LOSS ? op->stop_price
			       : step->exit_reason == EXIT_TAKE_PROFIT ? op->target_price : DECIMAL_ZERO,
		};
		if (facts->is_fresh) {
			op->exit_wish.bid = market->quote.bid;
			op->exit_wish.ask = market->quote.ask;
			op->exit_wish.quote_at_ms = market->quote.at_ms;
		}
		is_wish_new = true;
	}
	/* Waiting for the next try, why it can't be made yet stays said: an alarm is not told again. */
	bool is_waiting_on = step->action == PROTECT_WAIT && is_hindered && op->alarm[0] != '\0';
	if (is_waiting_on)
		return is_wish_new;
	if (step->is_alarm)
		text_copy(op->alarm, sizeof op->alarm, step->why);
	else if (step->action == PROTECT_NOTHING)
		op->alarm[0] = '\0';
	return is_wish_new;
}

static enum status
write_step(struct desk *desk, struct position *position, const struct operation *op, bool is_wish_new,
           const struct batch *batch, struct note *note, struct error *err)
{
	struct store *store = desk->setup.store;
	bool is_row_new = is_wish_new || strcmp(op->alarm, position->op.alarm) != 0;

	if (!is_row_new && batch->count == 0)
		return STATUS_OK;
	enum status status = store_begin(store, err);
	if (status != STATUS_OK)
		return status;
	if (is_row_new)
		status = store_operation_update(store, op, OPERATION_ACTIVE, err);
	if (status == STATUS_OK && is_wish_new)
		status = exit_write_wish(desk, op, note, err);
	if (status == STATUS_OK)
		status = batch_write(desk, batch, err);
	if (status == STATUS_OK && is_wish_new)
		status = exit_join_check(desk, position, err);
	if (status == STATUS_OK)
		return store_commit(store, err);
	store_rollback(store);
	return status;
}

static void
remember_step(struct desk *desk, struct position *position, const struct operation *op, bool is_wish_new,
              struct note *note)
{
	struct protecting *timers = &position->protecting;
	/* A refusal that is tried again and again changes the words and back: each is told once. */
	bool is_alarm_new = op->alarm[0] != '\0' && strcmp(op->alarm, timers->alarm_told) != 0 &&
	                    (timers->is_hindered || strcmp(op->alarm, position->op.alarm) != 0);

	position->op = *op;
	if (is_alarm_new || op->alarm[0] == '\0')
		text_copy(timers->alarm_told, sizeof timers->alarm_told, op->alarm);
	if (is_wish_new)
		exit_wish_written(desk, position, note);
	if (is_alarm_new) {
		struct note alarm;
		struct error ignored = { 0 };   /* it stands in the operation's row already */
		note_open(&alarm, desk, "operation.alarm");
		note_operation(&alarm, op);
		json_text(&alarm.json, "alarm", op->alarm);
		if (note_alone(&alarm, desk, &ignored, "op %lld: %s", (long long)op->id, op->alarm) != STATUS_OK)
			text_copy(desk->trouble, sizeof desk->trouble, ignored.message);
		desk_tell(desk, URGENCY_ALARM, &alarm.event);
		note_done(&alarm);
	}
	desk_touch(desk);
}

static enum status
cancel_what_stands_in_the_way(struct desk *desk, const struct protection_step *step, struct error *err)
{
	struct live_order *live = step->order != NULL ? desk_order(desk, step->order->client_order_id) : NULL;

	return live != NULL ? orders_want_cancel(desk, live, step->why, err) : STATUS_OK;
}

static bool
is_unknown(const struct protect_sheet *sheet)
{
	for (size_t i = 0; i < sheet->order_count; i++)
		if (sheet->orders[i].order->state == ORDER_UNKNOWN)
			return true;
	return false;
}

/* Ask what is next for this version of the operation, and do it; but for an end as dust, which takes the
 * position away: whoever holds it here does that at its own time. */
static enum status
take_step(struct desk *desk, struct position *position, struct operation *op, bool is_wish_new,
          enum protection_action *ret_action, struct error *err)
{
	struct protecting *timers = &position->protecting;
	struct protect_sheet sheet;
	struct protection_step step;
	struct batch batch = { 0 };
	struct note note = { 0 };
	int64_t now = desk_mono_ms(desk);

	*ret_action = PROTECT_NOTHING;
	gather(desk, position, op, &sheet);
	if (sheet.is_crowded || sheet.facts.rules == NULL)
		step = (struct protection_step){ .action = PROTECT_WAIT, .is_alarm = true,
			.why = sheet.is_crowded ? "too many orders are under way at once" : "the symbol's rules are not known yet" };
	else
		protection_next(&sheet.facts, &step);
	if (step.action == PROTECT_WAIT && !is_unknown(&sheet) &&
	    clock_mono_us() - timers->bare_since_us < PROTECT_GRACE_MS * 1000)
		step.is_alarm = false;   /* an answer is a moment away; it is an alarm if it stays away */
	is_wish_new |= update_row(desk, op, &step, &sheet.facts, timers->is_hindered);

	struct error cant = { 0 };
	enum status made = make_batch(desk, position, op, &step, &batch, &cant);
	if (made == STATUS_OK && batch.count > 0)
		made = batch_sign(desk, &batch, &cant);
	if (made == STATUS_BUSY || made == STATUS_IO) {
		*err = cant;
		return made;
	}
	if (made != STATUS_OK) {   /* not now: what is wanted is written all the same */
		text_copy(op->alarm, sizeof op->alarm, cant.message);
		timers->is_hindered = true;
		timers->retry_mono_ms = position->exit_retry_mono_ms = now + EXIT_RETRY_FIRST_MS;
		batch = (struct batch){ 0 };
	}
	enum status status = write_step(desk, position, op, is_wish_new, &batch, &note, err);
	if (status != STATUS_OK) {
		if (batch.count > 0)
			batch_drop(desk, &batch);
		note_done(&note);
		return status;
	}
	remember_step(desk, position, op, is_wish_new, &note);
	note_done(&note);
	if (made == STATUS_OK && step.action != PROTECT_WAIT)
		timers->is_hindered = false;
	if (batch.count > 0) {
		for (size_t i = 0; i < batch.count; i++)
			*position_generation(position, batch.orders[i].purpose) = batch.orders[i].generation;
		if (batch.kind == INSTRUCT_REPLACE)
			text_copy(timers->replacement_id, sizeof timers->replacement_id, batch.orders[0].client_order_id);
		return batch_send(desk, &batch, err);
	}
	if (step.action == PROTECT_CANCEL_ENTRY || step.action == PROTECT_CANCEL_ORDER)
		return cancel_what_stands_in_the_way(desk, &step, err);
	*ret_action = step.action;
	return STATUS_OK;
}

enum status
protect_want(struct desk *desk, struct position *position, const struct exit_wish *wish, struct error *err)
{
	struct operation op = position->op;
	enum protection_action ignored;   /* what is only dust is closed by the next turn */

	op.exit_wish = *wish;
	op.exit_wish.wanted_at_ms = desk_now_ms(desk);
	protect_touch(desk, position);
	return take_step(desk, position, &op, true, &ignored, err);
}

/* ---- what a person is told of ---- */

size_t
protect_orders(const struct desk *desk, const struct operation *op, const struct order **ret, size_t max)
{
	int64_t now = desk_mono_ms(desk);
	size_t count = 0;

	for (size_t i = 0; i < desk->order_count && count < max; i++) {
		const struct live_order *live = desk->orders[i];
		bool is_unseen = live->order.purpose == PURPOSE_STOP && live->order.state == ORDER_NEW &&
		                 (live->seen_mono_ms == 0 ||
		                  now - live->seen_mono_ms > desk->setup.settings->feed.stale_ms);
		if (is_of(op, &live->order) && !is_unseen)
			ret[count++] = &live->order;
	}
	return count;
}

size_t
desk_unseen_count(const struct desk *desk)
{
	size_t unseen = 0;

	for (size_t i = 0; i < desk->position_count; i++) {
		const struct operation *op = &desk->positions[i]->op;
		const struct order *orders[PROTECT_ORDERS_MAX];
		size_t all = 0;
		for (size_t j = 0; j < desk->order_count; j++)
			all += is_of(op, &desk->orders[j]->order);
		unseen += op->mode == MODE_LIVE && protect_orders(desk, op, orders, ARRAY_LEN(orders)) < all;
	}
	return unseen;
}

static bool
is_on_exchange(struct desk *desk, const struct operation *op)
{
	const struct symbol_rules *rules = desk_rules(desk, op->symbol);
	const struct order *orders[PROTECT_ORDERS_MAX];
	size_t count = protect_orders(desk, op, orders, ARRAY_LEN(orders));
	enum protection state = protection_state(op, orders, count, rules != NULL ? rules->lot_step : DECIMAL_ZERO, true);
	return state == PROTECTION_EXCH || state == PROTECTION_EXCH_LOCAL;
}

static void
note_change(struct desk *desk, struct position *position, bool is_on, int64_t bare_us)
{
	struct protecting *timers = &position->protecting;
	struct error err = { 0 };
	struct note note;

	note_open(&note, desk, is_on ? "operation.protected" : "operation.unprotected");
	note_operation(&note, &position->op);
	json_decimal(&note.json, "stop", position->op.stop_price);
	json_int(&note.json, "bare_us", bare_us);
	/* "27 ms" is the gap that a moved or a late stop left. */
	enum status status = is_on && bare_us < 1000
		? note_alone(&note, desk, &err, "op %lld: its stop rests on the exchange, without a gap",
		             (long long)position->op.id)
		: is_on
		? note_alone(&note, desk, &err, "op %lld: its stop rests on the exchange, after %lld ms without",
		             (long long)position->op.id, (long long)(bare_us / 1000))
		: note_alone(&note, desk, &err, "op %lld: no stop rests on the exchange, for %lld ms now",
		             (long long)position->op.id, (long long)(bare_us / 1000));
	if (status == STATUS_BUSY) {
		desk_blocked(desk, &err);
	} else {
		timers->is_loss_told = !is_on;
		timers->bare_since_us = is_on ? 0 : timers->bare_since_us;
		desk_tell(desk, is_on ? URGENCY_NOTE : URGENCY_WARNING, &note.event);
	}
	note_done(&note);
}

/* How long nothing was seen resting is an event when it ends, and sooner when it lasts: a move is gone
 * in a moment, and nobody need be woken for it. */
static void
tell_change(struct desk *desk, struct position *position)
{
	struct protecting *timers = &position->protecting;
	bool is_on = is_on_exchange(desk, &position->op);
	int64_t now_us = clock_mono_us();

	if (!is_on && timers->bare_since_us == 0)
		timers->bare_since_us = now_us;
	int64_t bare_us = timers->bare_since_us != 0 ? now_us - timers->bare_since_us : 0;
	if (is_on && timers->is_new_here && bare_us < PROTECT_GRACE_MS * 1000)
		timers->bare_since_us = 0;   /* it rested all the time, and was only looked at */
	timers->is_new_here = timers->is_new_here && !is_on;
	if (is_on && timers->bare_since_us != 0)
		note_change(desk, position, true, bare_us);
	else if (!is_on && !timers->is_loss_told && bare_us > PROTECT_REST_MS * 1000 &&
	         position->op.exit_wish.reason == EXIT_NONE)
		note_change(desk, position, false, bare_us);
}

bool
protect_has_settled(struct desk *desk, const struct intent *intent)
{
	for (size_t i = 0; i < desk->position_count; i++) {
		const struct operation *op = &desk->positions[i]->op;
		if (op->mode == MODE_LIVE && strcmp(op->intent_id, intent->id) == 0)
			return op->exit_wish.reason != EXIT_NONE || is_on_exchange(desk, op);
	}
	return true;
}

/* What rests is where the book says, and nothing of it is under way. */
bool
protect_is_level_in_force(const struct desk *desk, const struct position *position)
{
	const struct operation *op = &position->op;
	bool rests_there = false;

	for (size_t i = 0; i < desk->order_count; i++) {
		const struct live_order *live = desk->orders[i];
		const struct order *order = &live->order;
		if (order->operation_id != op->id)
			continue;
		if (live->must_look || order->state == ORDER_PENDING || order->state == ORDER_UNKNOWN)
			return false;
		if (order->purpose == PURPOSE_TARGET && (!op->has_target || decimal_cmp(order->price, op->target_price) != 0))
			return false;
		rests_there |= order->purpose == PURPOSE_STOP && order->state == ORDER_NEW && order->seen_at_ms != 0 &&
		               decimal_cmp(order->stop_price, op->stop_price) == 0;
	}
	return rests_there;
}

/* ---- the turn ---- */

static bool
has_timer(const struct position *position)
{
	const struct protecting *timers = &position->protecting;

	return timers->partial_mono_ms != 0 || timers->beyond_mono_ms != 0 || timers->touched_mono_ms != 0 ||
	       timers->retry_mono_ms != 0 || timers->bare_since_us != 0 || position->op.exit_wish.reason != EXIT_NONE || position->op.alarm[0] != '\0';
}

void
protect_turn(struct desk *desk)
{
	int64_t now = desk_mono_ms(desk);

	if (desk->setup.live == NULL || desk->reports != NULL)
		return;   /* first what is known already */
	desk->is_protection_due = false;
	for (size_t i = 0; i < desk->position_count && !desk->is_blocked; i++) {
		struct position *position = desk->positions[i];
		struct protecting *timers = &position->protecting;
		struct error err = { 0 };
		if (position->op.mode != MODE_LIVE || position->is_foreign ||
		    (!timers->is_due && now < timers->check_mono_ms))
			continue;
		if (!account_may_act(desk, position->op.exchange_host, position->op.account, &err)) {
			timers->check_mono_ms = now + PROTECT_REST_MS;
			continue;
		}
		struct operation op = position->op;
		enum protection_action action;
		timers->is_due = false;
		timers->check_mono_ms = now + (has_timer(position) ? PROTECT_CHECK_MS : PROTECT_REST_MS);
		enum status status = take_step(desk, position, &op, false, &action, &err);
		if (status == STATUS_OK && action == PROTECT_CLOSE_AS_DUST &&
		    (status = booking_close_as_dust(desk, position, &err)) == STATUS_OK) {
			i--;   /* the next one has moved to its place */
			continue;
		}
		if (status != STATUS_OK) {
			protect_touch(desk, position);
			desk_blocked(desk, &err);
		} else {
			tell_change(desk, position);
		}
	}
}

int64_t
protect_deadline_us(const struct desk *desk, int64_t now_us)
{
	int64_t deadline = INT64_MAX, now = desk_mono_ms(desk);

	if (desk->is_protection_due && !desk->is_blocked)
		return now_us;
	for (size_t i = 0; i < desk->position_count; i++) {
		const struct position *position = desk->positions[i];
		int64_t at = now_us + (position->protecting.check_mono_ms - now) * 1000;
		if (position->op.mode == MODE_LIVE && !position->is_foreign && at < deadline)
			deadline = at > now_us ? at : now_us;
	}
	return deadline;
}
