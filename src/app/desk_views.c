/* Looking: rows of the store and figures of memory made into models for screens and commands. */
#include "app/desk_reconcile.h"
#include "app/lease.h"

#include <stdlib.h>
#include <string.h>

/* ---- lists ---- */

/* One growing array of rows for every kind of list. */
struct rows {
	void *data;
	size_t count, capacity, size;
	bool failed;
};

static void *
add_row(struct rows *rows)
{
	if (rows->count == rows->capacity) {
		size_t wanted = rows->capacity == 0 ? 32 : rows->capacity * 2;
		void *grown = realloc(rows->data, wanted * rows->size);
		if (grown == NULL) {
			rows->failed = true;
			return NULL;
		}
		rows->data = grown;
		rows->capacity = wanted;
	}
	return (char *)rows->data + rows->size * rows->count++;
}

static enum status
finish_rows(struct rows *rows, enum status status, struct error *err)
{
	if (status == STATUS_OK && rows->failed)
		status = error_set(err, STATUS_NO_MEMORY, "no memory for the list");
	if (status != STATUS_OK) {
		free(rows->data);
		*rows = (struct rows){ 0 };
	}
	return status;
}

static bool
add_intent(void *self, const struct intent *intent)
{
	struct intent *row = add_row(self);
	if (row != NULL)
		*row = *intent;
	return row != NULL;
}

enum status
desk_intents(struct desk *desk, const struct intent_filter *filter, struct intent_list *ret, struct error *err)
{
	struct rows rows = { .size = sizeof(struct intent) };
	struct intent_query query = { .client_id = desk->setup.client_id, .has_status = filter->has_status,
	                              .status = filter->status, .limit = filter->limit };
	enum status status = finish_rows(&rows, store_intents(desk->setup.store, &query, add_intent, &rows, err), err);

	*ret = (struct intent_list){ rows.data, rows.count };
	return status;
}

struct operation_rows { struct rows rows; struct desk *desk; };

static bool
add_operation(void *self, const struct operation *op)
{
	struct operation_rows *list = self;
	struct operation_model *row = add_row(&list->rows);
	if (row == NULL)
		return false;
	*row = (struct operation_model){ .op = *op };
	return true;
}

static void view_with(struct desk *desk, const struct operation *op, const struct holder_model *holder,
                      struct operation_model *ret);

static void
view_all(struct desk *desk, struct operation_list *list)
{
	struct holder_model holder;

	if (list->count > 0)
		view_holder(desk, &holder);
	for (size_t i = 0; i < list->count; i++) {
		struct operation op = list->rows[i].op;
		view_with(desk, &op, &holder, &list->rows[i]);
	}
}

enum status
desk_operations(struct desk *desk, const struct operation_filter *filter, struct operation_list *ret, struct error *err)
{
	struct operation_rows list = { .rows = { .size = sizeof(struct operation_model) }, .desk = desk };

	/* The holder has the open ones in memory: a price costs the screen no query. */
	if (desk->is_holder && filter->has_status && filter->status == OPERATION_ACTIVE) {
		for (size_t i = desk->position_count; i-- > 0;) {
			bool full = filter->limit > 0 && list.rows.count >= (size_t)filter->limit;
			if (!full && desk->positions[i]->op.client_id == desk->setup.client_id &&
			    !add_operation(&list, &desk->positions[i]->op))
				break;
		}
		enum status status = finish_rows(&list.rows, STATUS_OK, err);
		*ret = (struct operation_list){ list.rows.data, list.rows.count };
		view_all(desk, ret);
		return status;
	}
	struct operation_query query = { .client_id = desk->setup.client_id, .has_status = filter->has_status,
	                                 .status = filter->status, .limit = filter->limit };
	enum status status = finish_rows(&list.rows, store_operations(desk->setup.store, &query, add_operation, &list, err), err);

	*ret = (struct operation_list){ list.rows.data, list.rows.count };
	view_all(desk, ret);
	return status;
}

static bool
add_order(void *self, const struct order *order)
{
	struct order_model *row = add_row(self);
	if (row != NULL)
		*row = (struct order_model){ .order = *order, .next_look_ms = -1 };
	return row != NULL;
}

static bool
add_fill(void *self, const struct fill_row *fill_row)
{
	struct order_list *list = self;

	for (size_t i = list->count; i-- > 0;) {
		struct order_model *model = &list->rows[i];
		if (strcmp(model->order.client_order_id, fill_row->fill.client_order_id) != 0)
			continue;
		struct fill *grown = realloc(model->fills, (model->fill_count + 1) * sizeof *grown);
		if (grown == NULL)
			return false;
		model->fills = grown;
		model->fills[model->fill_count++] = fill_row->fill;
		return true;
	}
	return true;
}

/* When it was last seen resting, and when an order without an answer is asked for next: in the holder's
 * memory alone. */
static void
say_looks(struct desk *desk, struct order_list *list)
{
	for (size_t i = 0; desk->is_holder && i < list->count; i++) {
		struct order_model *row = &list->rows[i];
		const struct live_order *live = order_is_open(row->order.state)
			? desk_order(desk, row->order.client_order_id) : NULL;
		if (live == NULL)
			continue;
		row->order.seen_at_ms = live->order.seen_at_ms;
		row->is_seen_here = true;
		if (row->order.state != ORDER_UNKNOWN)
			continue;
		row->looks = live->lookups;
		row->next_look_ms = live->lookup_mono_ms - desk_mono_ms(desk);
		if (row->next_look_ms < 0)
			row->next_look_ms = 0;
	}
}

enum status
desk_orders(struct desk *desk, const struct order_filter *filter, struct order_list *ret, struct error *err)
{
	struct rows rows = { .size = sizeof(struct order_model) };
	struct order_query query = { .client_id = desk->setup.client_id, .intent_id = filter->intent,
	                             .operation_id = filter->operation, .only_open = filter->only_open,
	                             .limit = filter->limit, .from_ms = filter->from_ms, .to_ms = filter->to_ms };
	enum status status = finish_rows(&rows, store_orders(desk->setup.store, &query, add_order, &rows, err), err);

	*ret = (struct order_list){ rows.data, rows.count };
	say_looks(desk, ret);
	query.limit = 0;
	query.only_open = false;
	if (status == STATUS_OK && ret->count > 0)
		status = store_fills(desk->setup.store, &query, add_fill, ret, err);
	return status;
}

static bool
add_trade(void *self, const struct trade *trade)
{
	struct trade *row = add_row(self);
	if (row != NULL)
		*row = *trade;
	return row != NULL;
}

enum status
desk_trades(struct desk *desk, const struct trade_filter *filter, struct trade_list *ret, struct error *err)
{
	struct rows rows = { .size = sizeof(struct trade) };
	struct trade_query query = { .client_id = desk->setup.client_id, .from_ms = filter->from_ms,
	                             .to_ms = filter->to_ms, .operation_id = filter->operation, .limit = filter->limit,
	                             .newest_first = filter->newest_first };
	enum status status = finish_rows(&rows, store_trades(desk->setup.store, &query, add_trade, &rows, err), err);

	*ret = (struct trade_list){ rows.data, rows.count };
	return status;
}

static bool
add_strategy(void *self, const struct strategy *strategy)
{
	struct strategy *row = add_row(self);
	if (row != NULL)
		*row = *strategy;
	return row != NULL;
}

enum status
desk_strategies(struct desk *desk, struct strategy_list *ret, struct error *err)
{
	struct rows rows = { .size = sizeof(struct strategy) };
	struct book book;
	enum status status = STATUS_OK;

	if (!desk->setup.is_readonly)   /* the first look seeds them */
		status = store_book(desk->setup.store, desk->setup.client_id, MODE_DRY_RUN, &book, err);
	if (status == STATUS_OK)
		status = finish_rows(&rows, store_strategies(desk->setup.store, desk->setup.client_id, add_strategy, &rows, err), err);
	*ret = (struct strategy_list){ rows.data, rows.count };
	return status;
}

enum status
desk_strategy(struct desk *desk, const char *name, struct strategy *ret, struct error *err)
{
	struct book book;

	if (!desk->setup.is_readonly) {
		enum status status = store_book(desk->setup.store, desk->setup.client_id, MODE_DRY_RUN, &book, err);
		if (status != STATUS_OK)
			return status;
	}
	return store_strategy_find(desk->setup.store, desk->setup.client_id, name, ret, err);
}

static bool
add_event(void *self, const struct event *event)
{
	struct event *row = add_row(self);
	if (row == NULL)
		return false;
	*row = *event;
	row->data = event->data != NULL ? strdup(event->data) : NULL;
	return true;
}

enum status
desk_events(struct desk *desk, const struct event_filter *filter, struct event_list *ret, struct error *err)
{
	struct rows rows = { .size = sizeof(struct event) };
	struct event_query query = { .client_id = desk->setup.client_id, .intent_id = filter->intent,
	                             .operation_id = filter->operation, .after_seq = filter->after_seq,
	                             .limit = filter->limit, .newest_first = filter->newest_first };
	enum status status = store_events(desk->setup.store, &query, add_event, &rows, err);

	if (status == STATUS_OK && rows.failed)
		status = error_set(err, STATUS_NO_MEMORY, "no memory for the list");
	*ret = (struct event_list){ rows.data, rows.count };
	if (status != STATUS_OK)
		event_list_done(ret);
	return status;
}

void intent_list_done(struct intent_list *list) { free(list->rows); *list = (struct intent_list){ 0 }; }
void operation_list_done(struct operation_list *list) { free(list->rows); *list = (struct operation_list){ 0 }; }
void trade_list_done(struct trade_list *list) { free(list->rows); *list = (struct trade_list){ 0 }; }
void strategy_list_done(struct strategy_list *list) { free(list->rows); *list = (struct strategy_list){ 0 }; }

void
order_list_done(struct order_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->rows[i].fills);
	free(list->rows);
	*list = (struct order_list){ 0 };
}

/* An event's data is the list's own copy, whatever the type says to borrowers. */
void
event_list_done(struct event_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		union { const char *borrowed; char *owned; } data = { .borrowed = list->rows[i].data };
		free(data.owned);
	}
	free(list->rows);
	*list = (struct event_list){ 0 };
}

/* ---- one operation ---- */

static void
name_assets(struct desk *desk, const char *symbol, char base[ASSET_SIZE], char quote[ASSET_SIZE],
            int *price_places, int *quantity_places)
{
	const struct symbol_rules *rules = desk_rules(desk, symbol);
	struct symbol_rules stored;

	if (rules == NULL && store_rules_find(desk->setup.store, desk->feed_id, symbol, &stored, NULL) == STATUS_OK)
		rules = &stored;
	if (rules != NULL) {
		text_copy(base, ASSET_SIZE, rules->base);
		text_copy(quote, ASSET_SIZE, rules->quote);
		*price_places = symbol_price_places(rules);
		*quantity_places = symbol_quantity_places(rules);
	} else {
		symbol_split(symbol, base, quote);
		*price_places = 2;
		*quantity_places = 8;
	}
}

void
view_operation(struct desk *desk, const struct operation *op, struct operation_model *ret)
{
	struct holder_model holder;

	view_holder(desk, &holder);
	view_with(desk, op, &holder, ret);
}

static bool
add_order_row(void *self, const struct order *order)
{
	struct order *row = add_row(self);

	if (row != NULL)
		*row = *order;
	return row != NULL;
}

/* The holder knows what it saw lately; others read the rows, and whether the holder can see. */
static enum protection
view_protection(struct desk *desk, const struct operation *op, bool is_watched, bool is_unseen)
{
	struct rows rows = { .size = sizeof(struct order) };
	struct order_query open = { .operation_id = op->id, .only_open = true };
	const struct order *orders[16];
	const struct symbol_rules *rules = desk_rules(desk, op->symbol);
	struct symbol_rules stored;
	size_t count = 0;

	if (rules == NULL && store_rules_find(desk->setup.store, op->feed, op->symbol, &stored, NULL) == STATUS_OK)
		rules = &stored;
	if (desk->is_holder) {
		count = protect_orders(desk, op, orders, ARRAY_LEN(orders));
	} else if (!is_unseen && finish_rows(&rows, store_orders(desk->setup.store, &open, add_order_row, &rows, NULL), NULL) == STATUS_OK) {
		for (; count < rows.count && count < ARRAY_LEN(orders); count++)
			orders[count] = &((const struct order *)rows.data)[count];
	}
	if (blocker_says_foreign(desk, op))
		count = 0;   /* never better than what can be seen */
	enum protection state = protection_state(op, orders, count, rules != NULL ? rules->lot_step : DECIMAL_ZERO, is_watched);
	free(rows.data);
	return state;
}

static void
view_with(struct desk *desk, const struct operation *op, const struct holder_model *holder,
          struct operation_model *ret)
{
	struct market *market = desk_market(desk, op->symbol);
	bool ours = strcmp(op->feed, desk->feed_id) == 0;

	*ret = (struct operation_model){ .op = *op, .protection = PROTECTION_PAPER };
	name_assets(desk, op->symbol, ret->base, ret->quote, &ret->price_places, &ret->quantity_places);
	ret->has_initial_risk = operation_initial_risk(op, &ret->initial_risk) == STATUS_OK;
	if (op->status != OPERATION_ACTIVE || operation_open_risk(op, &ret->open_risk) != STATUS_OK)
		ret->open_risk = DECIMAL_ZERO;
	/* Prices of another feed say nothing about it. */
	if (op->status == OPERATION_ACTIVE && ours && market != NULL && market->has_quote) {
		ret->has_price = true;
		ret->price = quote_exit_price(&market->quote, op->side);
		ret->price_age_ms = quote_age_ms(&market->quote, desk_mono_ms(desk));
		ret->is_stale = !desk_is_fresh(desk, market);
		ret->has_unrealized = operation_unrealized(op, ret->price, &ret->unrealized) == STATUS_OK;
		if (ret->has_unrealized && ret->has_initial_risk)
			ret->has_r = pnl_r_multiple(ret->unrealized, ret->initial_risk, &ret->r) == STATUS_OK;
	}
	if (op->status == OPERATION_CLOSED) {
		struct rows rows = { .size = sizeof(struct trade) };
		struct trade_query query = { .client_id = op->client_id, .operation_id = op->id, .limit = 1 };
		if (finish_rows(&rows, store_trades(desk->setup.store, &query, add_trade, &rows, NULL), NULL) == STATUS_OK &&
		    rows.count > 0) {
			ret->trade = *(struct trade *)rows.data;
			ret->has_trade = true;
			ret->has_r = ret->trade.has_r_multiple;
			ret->r = ret->trade.r_multiple;
			ret->has_slippage = op->exit_reason == EXIT_STOP_LOSS &&
			    pnl_slippage_percent(op->side, op->exit_wish.level, ret->trade.exit_price,
			                         &ret->stop_slippage_percent) == STATUS_OK;
		}
		free(rows.data);
	}
	if (op->status != OPERATION_ACTIVE)
		return;
	if (market != NULL && desk->is_holder) {
		ret->checked_at_ms = market->checked_at_ms;
		ret->checks = market->checks;
	} else {
		struct price_check check;
		if (store_check_find(desk->setup.store, op->feed, op->symbol, &check, NULL) == STATUS_OK) {
			ret->checked_at_ms = check.checked_at_ms;
			ret->checks = check.checks;
		}
	}
	bool same_feed = holder->is_me ? ours : strcmp(op->feed, holder->feed) == 0;
	/* A command ends in a moment: what it opened is watched by whoever comes after it. */
	bool stays = strcmp(holder->kind, "command") != 0;
	ret->is_watched = holder->is_held && stays && !holder->is_hung && same_feed &&
	                  (holder->is_me ? ret->has_price && !ret->is_stale : holder->stale == 0);
	if (op->mode == MODE_LIVE)
		ret->protection = view_protection(desk, op, ret->is_watched, holder->is_held && !holder->is_me && holder->unseen > 0);
	if (ret->is_watched)
		text_format(ret->watched_by, sizeof ret->watched_by, holder->is_me ? "this %s" : "%s %lld", holder->kind,
		            (long long)holder->pid);
}

enum status
desk_operation(struct desk *desk, int64_t id, struct operation_model *ret, struct error *err)
{
	struct operation op;

	enum status status = store_operation_find(desk->setup.store, desk->setup.client_id, id, &op, err);
	if (status == STATUS_OK)
		view_operation(desk, &op, ret);
	return status;
}

/* ---- one intent ---- */

static void
say_outcome(struct intent_model *model)
{
	const struct operation_model *operation = &model->operation;
	char net[DECIMAL_FORMAT_SIZE], r[DECIMAL_FORMAT_SIZE] = "";

	if (!model->has_operation) {
		text_copy(model->outcome, sizeof model->outcome,
		          model->intent.error[0] != '\0' ? model->intent.error : model->intent.execution_result);
		return;
	}
	if (operation->op.status == OPERATION_ACTIVE) {
		text_format(model->outcome, sizeof model->outcome, "operation %lld is ACTIVE", (long long)operation->op.id);
		return;
	}
	decimal_format(operation->op.realized_pnl, 2, true, net);
	if (operation->has_r)
		decimal_format(operation->r, 2, false, r);
	if (operation->op.status == OPERATION_CANCELLED)
		text_format(model->outcome, sizeof model->outcome, "operation %lld was handed over: %s",
		            (long long)operation->op.id, operation->op.note);
	else
		text_format(model->outcome, sizeof model->outcome, "closed by %s, net %s%s%s%s",
		            exit_reason_name(operation->op.exit_reason),
		            decimal_is_positive(operation->op.realized_pnl) ? "+" : "", net,
		            operation->has_r ? ", R " : "", r);
}

enum status
desk_intent(struct desk *desk, const char *id, struct intent_model *ret, struct error *err)
{
	struct operation op;

	*ret = (struct intent_model){ 0 };
	enum status status = store_intent_find(desk->setup.store, desk->setup.client_id, id, &ret->intent, err);
	if (status != STATUS_OK)
		return status;
	name_assets(desk, ret->intent.symbol, ret->base, ret->quote, &ret->price_places, &ret->quantity_places);
	ret->has_report = store_report_latest(desk->setup.store, ret->intent.id, OCCASION_VALIDATE, &ret->report,
	                                      &ret->report_at_ms, NULL) == STATUS_OK;
	if (store_operation_of_intent(desk->setup.store, ret->intent.id, &op, NULL) == STATUS_OK) {
		ret->has_operation = true;
		view_operation(desk, &op, &ret->operation);
	}
	struct order_filter filter = { .intent = ret->intent.id };
	status = desk_orders(desk, &filter, &ret->orders, err);
	say_outcome(ret);
	return status;
}

void
intent_model_done(struct intent_model *model)
{
	order_list_done(&model->orders);
}
