/* The facts that guards, sizing and policy judge by, gathered from the book, the board and the
 * settings.  What is not known stays not known: nothing is replaced by a default. */
#include "app/desk_account.h"

#include <string.h>

/* ---- the paper account ---- */

struct ledger_build {
	struct desk *desk;
	const struct order *without;     /* NULL: none */
	struct ledger *ledger;
	int64_t trade_id;                /* the last one that was added */
	enum status status;
};

static void
quote_asset(struct desk *desk, const char *symbol, char ret_quote[ASSET_SIZE])
{
	char base[ASSET_SIZE];
	const struct symbol_rules *rules = desk_rules(desk, symbol);

	if (rules != NULL)
		text_copy(ret_quote, ASSET_SIZE, rules->quote);
	else
		symbol_split(symbol, base, ret_quote);
}

static bool
add_operation(void *self, const struct operation *op)
{
	struct ledger_build *build = self;
	char asset[ASSET_SIZE];

	quote_asset(build->desk, op->symbol, asset);
	build->status = ledger_add_operation(build->ledger, asset, op);
	return build->status == STATUS_OK;
}

static bool
add_order(void *self, const struct order *order)
{
	struct ledger_build *build = self;
	char asset[ASSET_SIZE];

	if (order->mode != MODE_DRY_RUN || order->purpose != PURPOSE_ENTRY ||
	    (build->without != NULL && strcmp(build->without->client_order_id, order->client_order_id) == 0))
		return true;
	quote_asset(build->desk, order->symbol, asset);
	build->status = ledger_add_order(build->ledger, asset, order,
	                                 build->desk->setup.settings->costs.fee_percent);
	return build->status == STATUS_OK;
}

static bool
add_trade(void *self, const struct trade *trade)
{
	struct ledger_build *build = self;
	char asset[ASSET_SIZE];

	quote_asset(build->desk, trade->symbol, asset);
	build->status = ledger_add_realized(build->ledger, asset, trade->net_pnl);
	build->trade_id = trade->id;
	return build->status == STATUS_OK;
}

/* What all closed trades made: those that were added up before, and what came since. */
static enum status
add_trades(struct desk *desk, int64_t client_id, struct ledger_build *build, struct error *err)
{
	struct ledger_seen *seen = &desk->ledger_seen;

	if (seen->client_id != client_id) {
		*seen = (struct ledger_seen){ .client_id = client_id };
		ledger_init(&seen->realized, desk->setup.settings->paper.balance);
	}
	struct trade_query newer = { .client_id = client_id, .has_mode = true, .mode = MODE_DRY_RUN,
	                             .after_id = seen->trade_id };
	*build->ledger = seen->realized;
	build->trade_id = seen->trade_id;
	enum status status = store_trades(desk->setup.store, &newer, add_trade, build, err);
	/* What an open transaction shows may yet be rolled back. */
	if (status == STATUS_OK && build->status == STATUS_OK && !store_in_transaction(desk->setup.store)) {
		seen->realized = *build->ledger;
		seen->trade_id = build->trade_id;
	}
	return status;
}

enum status
facts_ledger(struct desk *desk, int64_t client_id, struct ledger *ret, struct error *err)
{
	struct ledger_build build = { .desk = desk, .ledger = ret, .without = desk->sending };
	struct operation_query active = { .client_id = client_id, .has_status = true,
	                                  .status = OPERATION_ACTIVE, .has_mode = true, .mode = MODE_DRY_RUN };
	struct order_query open = { .client_id = client_id, .only_open = true };

	/* Typing asks for it at every key: while the book stands still the answer does too. */
	int64_t changes = store_change_count(desk->setup.store);
	if (changes != -1 && changes == desk->ledger_changes && client_id == desk->ledger_client && desk->sending == NULL) {
		*ret = desk->ledger_cache;
		return STATUS_OK;
	}
	enum status status = add_trades(desk, client_id, &build, err);
	if (status == STATUS_OK && build.status == STATUS_OK)
		status = store_operations(desk->setup.store, &active, add_operation, &build, err);
	if (status == STATUS_OK && build.status == STATUS_OK)
		status = store_orders(desk->setup.store, &open, add_order, &build, err);
	if (status == STATUS_OK && build.status != STATUS_OK)
		status = error_set(err, build.status, "the paper account's figures do not fit");
	if (status == STATUS_OK && desk->sending == NULL) {
		desk->ledger_cache = *ret;
		desk->ledger_changes = changes;
		desk->ledger_client = client_id;
	}
	return status;
}

enum status
desk_paper_balance(void *self, int64_t client_id, const char *asset, struct decimal *ret)
{
	struct ledger ledger;

	enum status status = facts_ledger(self, client_id, &ledger, NULL);
	return status == STATUS_OK ? ledger_free(&ledger, asset, ret) : status;
}

bool
facts_balance(struct desk *desk, int64_t client_id, enum mode mode, const char *asset, struct decimal *ret)
{
	struct ledger ledger;
	struct decimal locked;

	if (mode == MODE_LIVE)   /* the account's own, whoever's book this is */
		return account_balance(desk, asset, ret, &locked);
	return facts_ledger(desk, client_id, &ledger, NULL) == STATUS_OK &&
	       ledger_free(&ledger, asset, ret) == STATUS_OK;
}

struct decimal
facts_fee_percent(const struct desk *desk, enum mode mode, const char *symbol)
{
	struct decimal taker;

	return mode == MODE_LIVE && account_taker(desk, symbol, &taker) ? taker
	                                                                : desk->setup.settings->costs.fee_percent;
}

struct net_sum {
	struct desk *desk;
	char *asset;
	struct decimal sum;
	enum status status;
};

static bool
add_net(void *self, const struct trade *trade)
{
	struct net_sum *net = self;
	char asset[ASSET_SIZE];

	quote_asset(net->desk, trade->symbol, asset);
	if (net->asset[0] == '\0')
		text_copy(net->asset, ASSET_SIZE, asset);
	if (strcmp(asset, net->asset) == 0)
		net->status = decimal_add(net->sum, trade->net_pnl, &net->sum);
	return net->status == STATUS_OK;
}

enum status
facts_net_pnl(struct desk *desk, int64_t client_id, enum mode mode, int64_t from_ms, char asset[ASSET_SIZE],
              struct decimal *ret, struct error *err)
{
	struct net_sum net = { .desk = desk, .asset = asset };
	struct trade_query query = { .client_id = client_id, .has_mode = true, .mode = mode, .from_ms = from_ms,
	                             .newest_first = true };

	enum status status = store_trades(desk->setup.store, &query, add_net, &net, err);
	if (status == STATUS_OK && net.status != STATUS_OK)
		status = error_set(err, net.status, "the net result does not fit a number");
	if (status == STATUS_OK)
		*ret = net.sum;
	return status;
}

/* ---- size ---- */

struct decimal
facts_risk_limit(const struct desk *desk, const struct strategy *strategy)
{
	struct decimal limit = decimal_min(decimal_from_int(1), desk->setup.settings->book.risk_percent);

	if (strategy != NULL && strategy->has_risk_percent)
		limit = decimal_min(limit, strategy->risk_percent);
	return limit;
}

enum status
facts_size(struct desk *desk, const struct intent *intent, const struct symbol_rules *rules,
           const struct strategy *strategy, bool has_balance, struct decimal balance,
           struct sizing *ret, struct error *err)
{
	const struct settings *settings = desk->setup.settings;
	struct sizing_request request = {
		.side = intent->side, .entry = intent->entry_price, .stop = intent->stop_price,
		.capital = intent->capital, .risk_percent = facts_risk_limit(desk, strategy),
		.fee_percent = facts_fee_percent(desk, intent->mode, intent->symbol),
		.gap_percent = settings->costs.gap_percent,
		.lot_step = rules != NULL && decimal_is_positive(rules->lot_step) ? rules->lot_step
		                                                                  : (struct decimal){ 100000000 },
		.has_balance = has_balance, .balance = balance,
		.has_typed_quantity = intent->has_typed_quantity, .typed_quantity = intent->typed_quantity,
	};

	if (strategy != NULL && strategy->has_max_position_percent) {
		request.has_max_position_percent = true;
		request.max_position_percent = strategy->max_position_percent;
	}
	return sizing_compute(&request, ret, err);
}

/* ---- what surrounds an intent in the book ---- */

struct surroundings {
	struct desk *desk;
	const struct intent *intent;
	char asset[ASSET_SIZE];          /* the intent's quote asset: risk in another one is not added */
	struct guard_facts *facts;
	enum status status;
};

static bool
is_same_money(struct surroundings *around, const char *symbol)
{
	char asset[ASSET_SIZE];

	quote_asset(around->desk, symbol, asset);
	return strcmp(asset, around->asset) == 0;
}

static void
add_to(struct surroundings *around, struct decimal *sum, struct decimal more)
{
	if (around->status == STATUS_OK)
		around->status = decimal_add(*sum, more, sum);
}

static bool
see_operation(void *self, const struct operation *op)
{
	struct surroundings *around = self;
	struct decimal risk, value;

	if (!is_same_money(around, op->symbol))
		return true;
	around->status = operation_open_risk(op, &risk);
	add_to(around, &around->facts->open_risk, risk);
	if (strcmp(op->symbol, around->intent->symbol) != 0 || around->status != STATUS_OK)
		return around->status == STATUS_OK;
	around->facts->symbol_open_count++;
	around->status = decimal_mul(operation_open_quantity(op), leg_average(&op->entry), ROUND_UP, &value);
	add_to(around, &around->facts->symbol_exposure, value);
	if (op->side == SIDE_BUY)
		add_to(around, &around->facts->base_held, operation_open_quantity(op));
	return around->status == STATUS_OK;
}

bool
facts_entry_risk(struct desk *desk, const struct order *order, struct intent *ret_owner, struct decimal *ret_risk,
                 enum status *ret_status)
{
	if (order->purpose != PURPOSE_ENTRY ||
	    store_intent_find(desk->setup.store, 0, order->intent_id, ret_owner, NULL) != STATUS_OK)
		return false;
	struct risk_terms terms = { ret_owner->fee_percent, ret_owner->gap_percent };
	*ret_status = sizing_risk_of(ret_owner->side, order_remaining(order), ret_owner->entry_price,
	                             ret_owner->stop_price, &terms, ret_risk);
	return true;
}

/* What an entry that is still under way may yet open. */
static bool
see_order(void *self, const struct order *order)
{
	struct surroundings *around = self;
	struct intent owner;
	struct decimal value, risk, rest = order_remaining(order);

	if (strcmp(order->symbol, around->intent->symbol) == 0 && order->mode == around->intent->mode) {
		around->facts->open_orders++;
		around->facts->open_algo_orders += order->type == ORDER_STOP_LOSS || order->type == ORDER_STOP_LOSS_LIMIT;
		around->facts->open_order_lists += order->purpose == PURPOSE_STOP && order->list_id[0] != '\0';
	}
	if (order->mode != around->intent->mode || strcmp(order->intent_id, around->intent->id) == 0 ||
	    !is_same_money(around, order->symbol) ||
	    !facts_entry_risk(around->desk, order, &owner, &risk, &around->status))
		return true;
	add_to(around, &around->facts->open_risk, risk);
	if (strcmp(order->symbol, around->intent->symbol) == 0 && around->status == STATUS_OK) {
		around->status = decimal_mul(rest, owner.entry_price, ROUND_UP, &value);
		add_to(around, &around->facts->symbol_exposure, value);
	}
	return around->status == STATUS_OK;
}

static enum status
gather_surroundings(struct desk *desk, const struct intent *intent, struct guard_facts *facts,
                    struct error *err)
{
	struct store *store = desk->setup.store;
	struct surroundings around = { .desk = desk, .intent = intent, .facts = facts };
	struct operation_query active = { .client_id = intent->client_id, .has_status = true,
	                                  .status = OPERATION_ACTIVE, .has_mode = true, .mode = intent->mode };
	struct order_query open = { .client_id = intent->client_id, .only_open = true };

	int orders, algo_orders;

	quote_asset(desk, intent->symbol, around.asset);
	enum status status = store_operations(store, &active, see_operation, &around, err);

	if (status == STATUS_OK)
		status = store_orders(store, &open, see_order, &around, err);
	/* Strangers' orders take the same slots of the exchange. */
	/* MAX_POSITION counts all that the account holds of the base asset, whoever bought it, and open buys.
	 * (filters.md, "MAX_POSITION") */
	struct decimal held_free, held_locked, held;
	if (intent->mode == MODE_LIVE && facts->rules != NULL &&
	    account_balance(desk, facts->rules->base, &held_free, &held_locked) &&
	    decimal_add(held_free, held_locked, &held) == STATUS_OK)
		facts->base_held = decimal_max(facts->base_held, held);
	if (intent->mode == MODE_LIVE && account_open_orders(desk, intent->symbol, &orders, &algo_orders)) {
		facts->open_orders = orders > facts->open_orders ? orders : facts->open_orders;
		facts->open_algo_orders = algo_orders > facts->open_algo_orders ? algo_orders : facts->open_algo_orders;
	}
	if (status == STATUS_OK && around.status != STATUS_OK)
		status = error_set(err, around.status, "the open risk of the book does not fit a number");
	if (status == STATUS_OK)
		status = store_intent_duplicates(store, intent, &facts->duplicate_count, facts->duplicate_id, err);
	return status;
}

static enum status
gather_calendar(struct desk *desk, const struct intent *intent, struct guard_facts *facts,
                struct error *err)
{
	const struct settings *settings = desk->setup.settings;
	struct store *store = desk->setup.store;
	int64_t now = facts->now_ms, month = clock_month_start(now);
	struct budget_facts month_facts = { .budget_percent = decimal_min(decimal_from_int(4), settings->book.monthly_budget_percent),
	                                    .open_risk = facts->open_risk };
	struct day_counts day;
	struct decimal day_net = DECIMAL_ZERO;
	char asset[ASSET_SIZE];

	quote_asset(desk, intent->symbol, asset);
	enum status status = store_month_base(store, intent->client_id, intent->mode, month, NULL,
	                                      &month_facts.base, NULL);
	if (status == STATUS_NOT_FOUND) {   /* the first validation of the month will store this */
		month_facts.base = settings->book.has_capital ? settings->book.capital : intent->capital;
		status = STATUS_OK;
	}
	if (status == STATUS_OK)
		status = facts_net_pnl(desk, intent->client_id, intent->mode, month, asset, &month_facts.month_net, err);
	if (status == STATUS_OK && (status = budget_compute(&month_facts, &facts->budget)) != STATUS_OK)
		return error_set(err, status, "the month's budget does not fit a number");
	facts->budget_base = month_facts.base;
	if (status == STATUS_OK)
		status = store_day_counts(store, intent->client_id, intent->mode, clock_day_start(now), &day, err);
	if (status == STATUS_OK)
		status = facts_net_pnl(desk, intent->client_id, intent->mode, clock_day_start(now), asset, &day_net, err);
	if (status != STATUS_OK)
		return status;
	facts->has_orders_limit = settings->limits.has_orders_per_day;
	facts->orders_limit = settings->limits.orders_per_day;
	facts->orders_today = day.orders;
	facts->has_notional_limit = settings->limits.has_notional_per_day;
	facts->notional_limit = settings->limits.notional_per_day;
	facts->notional_today = day.notional;
	facts->has_loss_limit = settings->limits.has_loss_per_day;
	facts->loss_limit = settings->limits.loss_per_day;
	facts->loss_today = decimal_is_negative(day_net) ? decimal_neg(day_net) : DECIMAL_ZERO;
	return STATUS_OK;
}

enum status
facts_policy(struct desk *desk, const struct intent *intent, enum mode mode, bool is_acknowledged,
             struct policy_facts *ret, struct error *err)
{
	const struct settings *settings = desk->setup.settings;
	struct book book;
	struct day_counts day = { 0 };

	enum status status = store_book(desk->setup.store, intent->client_id, mode, &book, err);
	if (status == STATUS_OK && intent->source == SOURCE_PATTERN)
		status = store_day_counts(desk->setup.store, intent->client_id, MODE_DRY_RUN,
		                          clock_day_start(desk_now_ms(desk)), &day, err);
	if (status != STATUS_OK)
		return status;
	*ret = (struct policy_facts){
		.source = intent->source, .mode = mode, .side = intent->side, .is_paused = book.is_paused,
		.is_live_switch_on = book.is_live_on, .is_readonly = desk->setup.is_readonly,
		.is_acknowledged = is_acknowledged, .is_replay = desk->is_replay,
		.has_live_exchange = desk->setup.live != NULL,
		.patterns_auto_dry_run = settings->patterns.auto_dry_run,
		.pattern_executions_today = day.pattern_executions, .patterns_per_day = settings->patterns.per_day,
	};
	text_copy(ret->pause_reason, sizeof ret->pause_reason, book.pause_reason);
	return STATUS_OK;
}

static enum status
gather_strategy(struct desk *desk, const struct intent *intent, struct fact_sheet *sheet, struct error *err)
{
	struct guard_facts *facts = &sheet->facts;

	if (intent->strategy[0] == '\0')
		return STATUS_OK;
	enum status status = store_strategy_find(desk->setup.store, intent->client_id, intent->strategy,
	                                         &sheet->strategy, err);
	if (status == STATUS_NOT_FOUND) {
		facts->is_strategy_missing = true;
		return STATUS_OK;
	}
	if (status != STATUS_OK)
		return status;
	facts->strategy = &sheet->strategy;
	/* Its equity is the capital that it is given plus what it made. */
	const struct track_record *record = &sheet->strategy.record[intent->mode];
	struct decimal peak, equity;
	if (decimal_add(intent->capital, record->peak, &peak) != STATUS_OK ||
	    decimal_add(intent->capital, record->net_pnl, &equity) != STATUS_OK ||
	    pnl_drawdown_percent(peak, equity, &facts->strategy_drawdown_percent) != STATUS_OK)
		return error_set(err, STATUS_RANGE, "the record of strategy %s does not fit a number", intent->strategy);
	return STATUS_OK;
}

enum status
facts_gather(struct desk *desk, const struct intent *intent, enum guard_occasion occasion,
             struct fact_sheet *ret, struct error *err)
{
	const struct settings *settings = desk->setup.settings;
	struct market *market = desk_market(desk, intent->symbol);
	struct guard_facts *facts = &ret->facts;

	*ret = (struct fact_sheet){ 0 };
	if (intent->mode == MODE_LIVE)   /* asking makes the desk ask; what is not known yet is missing below */
		(void)desk_account(desk, intent->symbol, NULL);
	*facts = (struct guard_facts){
		.occasion = occasion, .intent = intent, .client_id = desk->setup.client_id,
		.now_ms = desk_now_ms(desk), .stale_ms = settings->feed.stale_ms,
		.fee_percent = facts_fee_percent(desk, intent->mode, intent->symbol),
		.gap_percent = settings->costs.gap_percent,
		.slippage_percent = settings->entry.slippage_percent,
		.max_drift_percent = settings->entry.max_drift_percent,
		.stop_limit_percent = settings->exits.stop_limit_percent,
	};
	if (market != NULL && market->has_rules) {
		ret->rules = market->rules;
		facts->rules = &ret->rules;
	}
	if (market != NULL && market->has_quote) {
		ret->quote = market->quote;
		facts->quote = &ret->quote;
		facts->quote_age_ms = quote_age_ms(&market->quote, desk_mono_ms(desk));
	}
	facts->is_symbol_unknown = market != NULL && market->is_unknown;
	enum status status = gather_strategy(desk, intent, ret, err);
	if (status == STATUS_OK)
		status = gather_surroundings(desk, intent, facts, err);
	if (status == STATUS_OK)
		status = gather_calendar(desk, intent, facts, err);
	if (status == STATUS_OK)
		status = facts_policy(desk, intent, intent->mode, false, &facts->policy, err);
	if (status != STATUS_OK)
		return status;
	facts->risk_limit_percent = facts_risk_limit(desk, facts->strategy);
	char asset[ASSET_SIZE];
	quote_asset(desk, intent->symbol, asset);
	facts->has_balance = facts_balance(desk, intent->client_id, intent->mode, asset, &facts->balance_free);
	facts->sizing_error = &ret->sizing_error;
	if (facts_size(desk, intent, facts->rules, facts->strategy, facts->has_balance, facts->balance_free,
	               &ret->sizing, &ret->sizing_error) == STATUS_OK) {
		facts->sizing = &ret->sizing;
		facts->sizing_error = NULL;
	}
	return STATUS_OK;
}
