/* The desk itself: opening and closing it, what it keeps in memory, and one turn of its work.
 * The use cases are in desk_*.c, a subject each. */
#include "app/desk_account.h"

#include <stdlib.h>
#include <string.h>

/* ---- time ---- */

int64_t
desk_now_ms(const struct desk *desk)
{
	const struct price_feed *feed = desk->setup.feed;

	return feed != NULL ? feed->clock.wall_ms(feed->clock.self) : clock_wall_ms();
}

int64_t
desk_mono_ms(const struct desk *desk)
{
	const struct price_feed *feed = desk->setup.feed;

	return feed != NULL ? feed->clock.mono_ms(feed->clock.self) : clock_mono_ms();
}

/* ---- memory: markets, positions, orders ---- */

/* Room for one more pointer in a growing array of them. */
static bool
make_room(void **array, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return true;
	size_t wanted = *capacity == 0 ? 16 : *capacity * 2;
	void *grown = realloc(*array, wanted * size);
	if (grown == NULL)
		return false;
	*array = grown;
	*capacity = wanted;
	return true;
}

struct market *
desk_market(const struct desk *desk, const char *symbol)
{
	for (size_t i = 0; i < desk->market_count; i++)
		if (strcmp(desk->markets[i]->symbol, symbol) == 0)
			return desk->markets[i];
	return NULL;
}

struct market *
desk_market_make(struct desk *desk, const char *symbol)
{
	struct market *market = desk_market(desk, symbol);
	if (market != NULL)
		return market;
	void *array = desk->markets;
	if (!make_room(&array, desk->market_count, &desk->market_capacity, sizeof *desk->markets))
		return NULL;
	desk->markets = array;
	market = calloc(1, sizeof *market);
	if (market == NULL || (market->ladder = ladder_new()) == NULL) {
		free(market);
		return NULL;
	}
	text_copy(market->symbol, sizeof market->symbol, symbol);
	/* What was learnt of it before serves until the feed says it anew. */
	if (store_rules_find(desk->setup.store, desk->feed_id, symbol, &market->rules, NULL) == STATUS_OK) {
		market->has_rules = market->are_rules_stored = true;
		if (desk->setup.live != NULL && desk->setup.live->ops->rules != NULL)
			desk->setup.live->ops->rules(desk->setup.live, &market->rules);
		/* The exchange, too: after a restart candles may ask for an exit before the feed says them. */
		if (desk->setup.paper != NULL && desk->setup.paper->ops->rules != NULL)
			desk->setup.paper->ops->rules(desk->setup.paper, &market->rules);
	}
	desk->ledger_seen = (struct ledger_seen){ 0 };   /* what its trades were booked in is known anew */
	desk->markets[desk->market_count++] = market;
	return market;
}

void
desk_base_of(const struct desk *desk, const char *symbol, char ret_base[ASSET_SIZE])
{
	const struct symbol_rules *rules = desk_rules(desk, symbol);
	char quote[ASSET_SIZE];

	if (rules != NULL)
		text_copy(ret_base, ASSET_SIZE, rules->base);
	else
		symbol_split(symbol, ret_base, quote);
}

static void
market_free(struct market *market)
{
	ladder_free(market->ladder);
	free(market->candles);
	free(market);
}

/* Index of the first position whose id is not below this one. */
static size_t
position_index(const struct desk *desk, int64_t id)
{
	size_t low = 0, high = desk->position_count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (desk->positions[middle]->op.id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct position *
desk_position(const struct desk *desk, int64_t id)
{
	size_t at = position_index(desk, id);

	return at < desk->position_count && desk->positions[at]->op.id == id ? desk->positions[at] : NULL;
}

int *
position_generation(struct position *position, enum order_purpose purpose)
{
	switch (purpose) {
	case PURPOSE_STOP: return &position->protecting.stop_generation;
	case PURPOSE_TARGET: return &position->protecting.target_generation;
	case PURPOSE_EXIT: return &position->exit_generation;
	default: return NULL;
	}
}

void
desk_position_arm(struct desk *desk, struct position *position)
{
	struct market *market = desk_market(desk, position->op.symbol);

	if (market == NULL)
		return;
	/* Once an exit is wanted, the levels have done their work: a second pass finds nothing. */
	if (position->is_foreign || position->is_fire_due || position->op.exit_wish.reason != EXIT_NONE) {
		ladder_remove(market->ladder, position->op.id);
		return;
	}
	if (ladder_set(market->ladder, position->op.id, position->op.side, position->op.stop_price,
	               position->op.has_target, position->op.target_price) != STATUS_OK)
		text_copy(position->op.alarm, sizeof position->op.alarm,
		          "no memory to watch this operation: close other programs, or close the operation");
}

enum status
desk_position_add(struct desk *desk, const struct operation *op)
{
	if (desk_position(desk, op->id) != NULL)
		return STATUS_OK;
	void *array = desk->positions;
	if (!make_room(&array, desk->position_count, &desk->position_capacity, sizeof *desk->positions))
		return STATUS_NO_MEMORY;
	desk->positions = array;
	struct market *market = desk_market_make(desk, op->symbol);
	struct position *position = market == NULL ? NULL : calloc(1, sizeof *position);
	if (position == NULL)
		return STATUS_NO_MEMORY;
	position->op = *op;
	position->is_foreign = strcmp(op->feed, desk->feed_id) != 0;
	size_t at = position_index(desk, op->id);
	memmove(desk->positions + at + 1, desk->positions + at,
	        (desk->position_count - at) * sizeof *desk->positions);
	desk->positions[at] = position;
	desk->position_count++;
	if (!position->is_foreign && market->position_count++ == 0)
		market->watched_since_mono_ms = desk_mono_ms(desk);
	if (!position->is_foreign && desk->setup.feed != NULL) {
		struct error ignored;   /* an unwatchable symbol shows as one without a price */
		(void)desk->setup.feed->ops->watch(desk->setup.feed, op->symbol, &ignored);
	}
	desk_position_arm(desk, position);
	return STATUS_OK;
}

void
desk_position_drop(struct desk *desk, int64_t id)
{
	size_t at = position_index(desk, id);

	if (at == desk->position_count || desk->positions[at]->op.id != id)
		return;
	struct position *position = desk->positions[at];
	struct market *market = desk_market(desk, position->op.symbol);
	if (market != NULL && !position->is_foreign) {
		ladder_remove(market->ladder, id);
		market->position_count--;
		market->fires_due -= position->is_fire_due;
		if (market->position_count == 0 && market->watchers == 0 && desk->setup.feed != NULL)
			desk->setup.feed->ops->unwatch(desk->setup.feed, market->symbol);
	}
	desk->position_count--;
	memmove(desk->positions + at, desk->positions + at + 1,
	        (desk->position_count - at) * sizeof *desk->positions);
	free(position);
}

struct live_order *
desk_order(const struct desk *desk, const char *client_order_id)
{
	for (size_t i = 0; i < desk->order_count; i++)
		if (strcmp(desk->orders[i]->order.client_order_id, client_order_id) == 0)
			return desk->orders[i];
	return NULL;
}

struct live_order *
desk_order_of(const struct desk *desk, const char *intent_id, int64_t operation_id,
              enum order_purpose purpose)
{
	for (size_t i = 0; i < desk->order_count; i++) {
		struct live_order *live = desk->orders[i];
		if (live->order.purpose != purpose || !order_is_open(live->order.state))
			continue;
		if (operation_id != 0 ? live->order.operation_id == operation_id
		                      : strcmp(live->order.intent_id, intent_id) == 0)
			return live;
	}
	return NULL;
}

enum status
desk_order_add(struct desk *desk, const struct order *order)
{
	void *array = desk->orders;
	if (!make_room(&array, desk->order_count, &desk->order_capacity, sizeof *desk->orders))
		return STATUS_NO_MEMORY;
	desk->orders = array;
	struct live_order *live = calloc(1, sizeof *live);
	if (live == NULL)
		return STATUS_NO_MEMORY;
	live->order = *order;
	live->added_mono_ms = desk_mono_ms(desk);
	desk->orders[desk->order_count++] = live;
	return STATUS_OK;
}

void
desk_order_drop(struct desk *desk, const char *client_order_id)
{
	for (size_t i = 0; i < desk->order_count; i++)
		if (strcmp(desk->orders[i]->order.client_order_id, client_order_id) == 0) {
			free(desk->orders[i]);
			desk->orders[i] = desk->orders[--desk->order_count];
			return;
		}
}

/* ---- what the feed says ---- */

static void
on_quote(void *self, const struct quote *quote)
{
	struct desk *desk = self;
	struct market *market = desk_market(desk, quote->symbol);

	if (market == NULL || !quote_is_sane(quote))
		return;
	monitor_quote(desk, market, quote);
	desk_touch(desk);
}

/* Kept so that a dead feed leaves the rules known, and that the next holder can exit before its feed
 * says them; losing this write costs nothing. */
void
desk_keep_rules(struct desk *desk, struct market *market)
{
	if (!market->has_rules || market->are_rules_stored || desk->setup.is_readonly || !desk->is_holder ||
	    store_begin(desk->setup.store, NULL) != STATUS_OK)
		return;
	market->are_rules_stored =
		store_rules_save(desk->setup.store, desk->feed_id, &market->rules, NULL) == STATUS_OK &&
		store_commit(desk->setup.store, NULL) == STATUS_OK;
	if (!market->are_rules_stored)
		store_rollback(desk->setup.store);
}

static void
on_rules(void *self, const struct symbol_rules *rules)
{
	struct desk *desk = self;
	struct market *market = desk_market(desk, rules->symbol);

	if (market == NULL)
		return;
	/* A start brings the rules of every symbol, nearly always those that are known: no need to write. */
	bool are_kept = market->are_rules_stored && symbol_rules_equal(&market->rules, rules);
	if (!market->has_rules || strcmp(market->rules.quote, rules->quote) != 0)
		desk->ledger_seen = (struct ledger_seen){ 0 };   /* what trades were booked in is known anew */
	market->rules = *rules;
	market->has_rules = true;
	market->are_rules_stored = are_kept;
	market->is_unknown = false;
	if (desk->setup.paper != NULL && desk->setup.paper->ops->rules != NULL)
		desk->setup.paper->ops->rules(desk->setup.paper, rules);
	if (desk->setup.live != NULL && desk->setup.live->ops->rules != NULL)
		desk->setup.live->ops->rules(desk->setup.live, rules);
	desk_keep_rules(desk, market);
	desk_touch(desk);
}

static void
on_unknown_symbol(void *self, const char *symbol)
{
	struct desk *desk = self;
	struct market *market = desk_market(desk, symbol);

	if (market != NULL)
		market->is_unknown = true;
	desk_touch(desk);
}

static void
on_history(void *self, const char *symbol, const struct candle *candles, size_t count, bool is_last,
           const struct error *error)
{
	struct desk *desk = self;
	struct market *market = desk_market(desk, symbol);

	if (market != NULL)
		monitor_history(desk, market, candles, count, is_last, error);
	desk_touch(desk);
}

static void
on_ticker(void *self, const char *symbol, struct decimal last, struct decimal change_percent)
{
	struct desk *desk = self;
	struct market *market = desk_market(desk, symbol);

	if (market == NULL)
		return;
	market->last = last;
	market->change_percent = change_percent;
	market->has_ticker = true;
	protect_last(desk, market);
	desk_touch(desk);
}

/* ---- life ---- */

enum status
desk_open(const struct desk_setup *setup, struct desk **ret, struct error *err)
{
	if (setup->client_id <= 0)
		return error_field(err, STATUS_USAGE, "client-id", "the client id must be positive, not %lld",
		                   (long long)setup->client_id);
	struct desk *desk = calloc(1, sizeof *desk);
	if (desk == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory for the desk");
	desk->setup = *setup;
	desk->reports_tail = &desk->reports;
	desk->seen_changes = -1;
	text_copy(desk->actor, sizeof desk->actor, setup->actor);
	if (setup->feed != NULL) {
		struct feed_status status = { 0 };
		setup->feed->ops->status(setup->feed, &status);
		text_copy(desk->feed_id, sizeof desk->feed_id, status.id);
		desk->is_replay = status.is_replay;
		setup->feed->listener = (struct feed_listener){
			.self = desk, .on_quote = on_quote, .on_rules = on_rules,
			.on_unknown_symbol = on_unknown_symbol, .on_history = on_history, .on_ticker = on_ticker,
		};
	}
	if (setup->paper != NULL)
		setup->paper->listener = (struct exchange_listener){ .self = desk, .on_report = orders_queue_report };
	enum status status = account_open(desk, err);
	if (status != STATUS_OK) {
		desk_close(desk);
		return status;
	}
	*ret = desk;
	return STATUS_OK;
}

static void
forget_hold(struct desk *desk)
{
	for (size_t i = 0; i < desk->position_count; i++)
		free(desk->positions[i]);
	for (size_t i = 0; i < desk->order_count; i++)
		free(desk->orders[i]);
	for (struct queued_report *queued = desk->reports, *next; queued != NULL; queued = next) {
		next = queued->next;
		free(queued);
	}
	desk->position_count = desk->order_count = desk->wish_count = 0;
	desk->resign_count = 0;
	desk->reports = NULL;
	desk->reports_tail = &desk->reports;
	for (size_t i = 0; i < desk->market_count; i++) {
		struct market *market = desk->markets[i];
		market->position_count = market->fires_due = 0;
		market->is_gap_open = false;
		struct ladder *fresh = ladder_new();
		if (fresh != NULL) {
			ladder_free(market->ladder);
			market->ladder = fresh;
		}
	}
	desk->is_holder = false;
}

void
desk_release_hold(struct desk *desk)
{
	if (desk->is_holder) {
		monitor_save_checks(desk);   /* so that the next holder begins where this one stopped looking */
		forget_hold(desk);
	}
	/* Another process moves what rests here from now on; taken back, the rows are the truth. */
	if (desk->setup.paper != NULL && desk->setup.paper->ops->forget != NULL)
		desk->setup.paper->ops->forget(desk->setup.paper);
	account_forget(desk);
	desk_touch(desk);
}

void
desk_close(struct desk *desk)
{
	if (desk == NULL)
		return;
	forget_hold(desk);
	for (size_t i = 0; i < desk->market_count; i++)
		market_free(desk->markets[i]);
	free(desk->markets);
	free(desk->positions);
	free(desk->orders);
	free(desk->wishes);
	if (desk->setup.feed != NULL)
		desk->setup.feed->listener = (struct feed_listener){ 0 };
	if (desk->setup.paper != NULL)
		desk->setup.paper->listener = (struct exchange_listener){ 0 };
	account_close(desk);
	free(desk);
}

int64_t desk_client(const struct desk *desk) { return desk->setup.client_id; }
bool desk_is_holder(const struct desk *desk) { return desk->is_holder; }
uint64_t desk_revision(const struct desk *desk) { return desk->revision; }
void desk_touch(struct desk *desk) { desk->revision++; }

size_t
desk_watched_count(const struct desk *desk)
{
	size_t count = 0;

	for (size_t i = 0; i < desk->position_count; i++)
		count += !desk->positions[i]->is_foreign;
	return count;
}

size_t
desk_stale_count(const struct desk *desk)
{
	size_t count = 0;

	for (size_t i = 0; i < desk->position_count; i++)
		count += !desk->positions[i]->is_foreign &&
		         !desk_is_fresh(desk, desk_market(desk, desk->positions[i]->op.symbol));
	return count;
}

const struct operation *
desk_foreign(const struct desk *desk, size_t n)
{
	for (size_t i = 0; i < desk->position_count; i++)
		if (desk->positions[i]->is_foreign && n-- == 0)
			return &desk->positions[i]->op;
	return NULL;
}

size_t desk_open_orders(const struct desk *desk) { return desk->order_count; }

bool
desk_must_finish(const struct desk *desk)
{
	if (desk->reports != NULL || desk->is_blocked || desk->are_wishes_due)
		return true;
	if (desk->are_exits_due && monitor_is_exit_ready(desk))
		return true;
	return desk->setup.paper != NULL && desk->setup.settings->paper.latency_ms == 0 &&
	       desk->setup.paper->ops->is_busy(desk->setup.paper);
}

bool
desk_is_fresh(const struct desk *desk, const struct market *market)
{
	return market != NULL && market->has_quote &&
	       quote_age_ms(&market->quote, desk_mono_ms(desk)) <= desk->setup.settings->feed.stale_ms;
}

bool
desk_is_quiet(const struct desk *desk)
{
	if (desk_must_finish(desk))
		return false;
	for (size_t i = 0; i < desk->order_count; i++) {
		enum order_state state = desk->orders[i]->order.state;
		if (state == ORDER_PENDING || state == ORDER_SENT)
			return false;
	}
	return desk->setup.paper == NULL || !desk->setup.paper->ops->is_busy(desk->setup.paper);
}

void
desk_blocked(struct desk *desk, const struct error *err)
{
	/* At the first failure room is made below, and an exit need not wait. */
	bool is_soon = err->status == STATUS_BUSY || desk->trouble[0] == '\0';
	int64_t wait_us = is_soon ? BUSY_RETRY_US : 1000000;

	desk->is_blocked = true;
	desk->retry_us = clock_mono_us() + wait_us;
	if (err->status == STATUS_BUSY)
		return;
	/* The last room on the disk is for exits. */
	store_reserve_release(desk->setup.store);
	if (strcmp(desk->trouble, err->message) != 0)
		desk_touch(desk);
	text_copy(desk->trouble, sizeof desk->trouble, err->message);
}

void
desk_tell(struct desk *desk, enum urgency urgency, const struct event *event)
{
	if (desk->setup.notifier != NULL)
		desk->setup.notifier->notify(desk->setup.notifier->self, urgency, event);
}

/* ---- one turn ---- */

void
desk_prepare(struct desk *desk, struct wait *wait, int64_t now_us)
{
	if (desk->setup.feed != NULL)
		desk->setup.feed->ops->prepare(desk->setup.feed, wait, now_us);
	if (desk->setup.paper != NULL)
		desk->setup.paper->ops->prepare(desk->setup.paper, wait, now_us);
	account_prepare(desk, wait, now_us);
	if (desk->is_blocked)
		wait_until(wait, desk->retry_us);
	else if (desk->reports != NULL || desk->are_wishes_due || desk->are_wishes_dirty)
		wait_until(wait, now_us);
	if (desk->is_holder && !desk->is_blocked) {   /* nothing of theirs is done before the retry */
		wait_until(wait, monitor_deadline_us(desk, now_us));
		if (desk->setup.live != NULL)
			wait_until(wait, protect_deadline_us(desk, now_us));
	}
	for (size_t i = 0; i < desk->wish_count; i++)
		if (!desk->wishes[i].is_begun)   /* a fact is missing: it comes in time, or time ends it */
			wait_until(wait, now_us + 100000);
}

void
desk_dispatch(struct desk *desk, const struct wait *wait, int64_t now_us)
{
	/* While a write waits for somebody else's lock, a replay stands still: what a price caused is
	 * finished before the next price is looked at. */
	bool can_go_on = !(desk->is_replay && desk->is_holder && desk_must_finish(desk));

	if (desk->is_blocked && now_us >= desk->retry_us)
		desk->is_blocked = false;
	if (desk->setup.feed != NULL && can_go_on)
		desk->setup.feed->ops->dispatch(desk->setup.feed, wait, now_us);
	if (!desk->is_blocked)
		monitor_due(desk);
	if (desk->setup.paper != NULL)
		desk->setup.paper->ops->dispatch(desk->setup.paper, wait, now_us);
	account_dispatch(desk, wait, now_us);
	if (desk->is_holder && !desk->is_blocked)
		orders_drain(desk);
	if (desk->is_holder && !desk->is_blocked)
		protect_turn(desk);
	if (desk->is_holder && !desk->is_blocked) {
		entry_resign(desk);
		orders_lookups(desk);
		orders_watch_open(desk);
		wishes_turn(desk);
	}
	if (!desk->is_blocked)
		desk->trouble[0] = '\0';
}
