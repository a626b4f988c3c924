/* The status line's figures and the portfolio: sums over the book, per mode, never across modes. */
#include "app/desk_account.h"
#include "app/holder.h"

#include <stdlib.h>
#include <string.h>

enum { STATUS_REFRESH_US = 250000 };

void
view_holder(struct desk *desk, struct holder_model *ret)
{
	struct desk_status_model status;

	desk_status(desk, &status);
	*ret = status.holder;
}

/* ---- sums ---- */

struct sums {
	struct desk *desk;
	enum mode mode;
	char asset[ASSET_SIZE];       /* the one that is summed; "" until the first row names it */
	char others[64];              /* assets that are not in the sums, for people */
	struct decimal unrealized, exposure, open_risk, executing_risk, realized, peak;
	bool is_whole;
	int open_count, naked_count, alarm_count;
	char alarm[256];
	int64_t stale_age_ms;
	enum status status;
};

static void
sum(struct sums *sums, struct decimal *total, struct decimal more)
{
	if (sums->status == STATUS_OK)
		sums->status = decimal_add(*total, more, total);
}

/* Sums are of one quote asset: dollars and bitcoins do not add up.  The newest row chooses it. */
static bool
counts(struct sums *sums, const char *symbol)
{
	char base[ASSET_SIZE], quote[ASSET_SIZE];
	const struct symbol_rules *rules = desk_rules(sums->desk, symbol);

	if (rules != NULL)
		text_copy(quote, sizeof quote, rules->quote);
	else
		symbol_split(symbol, base, quote);
	if (sums->asset[0] == '\0')
		text_copy(sums->asset, sizeof sums->asset, quote);
	if (strcmp(sums->asset, quote) == 0)
		return true;
	if (strstr(sums->others, quote) == NULL) {
		size_t used = strlen(sums->others);
		text_format(sums->others + used, sizeof sums->others - used, "%s%s", used > 0 ? " " : "", quote);
	}
	return false;
}

static void
sum_operation(struct sums *sums, const struct operation_model *row)
{
	const struct operation *op = &row->op;
	struct decimal value;

	sums->open_count++;
	if (op->alarm[0] != '\0') {
		sums->alarm_count++;
		text_format(sums->alarm, sizeof sums->alarm, "op %lld: %s", (long long)op->id, op->alarm);
	}
	sums->naked_count += row->protection == PROTECTION_NAKED;
	if (row->has_price && row->price_age_ms > sums->stale_age_ms)
		sums->stale_age_ms = row->price_age_ms;
	if (!counts(sums, op->symbol))
		return;
	if (row->has_unrealized)
		sum(sums, &sums->unrealized, row->unrealized);
	if (!row->has_price || row->is_stale)
		sums->is_whole = false;
	sum(sums, &sums->open_risk, row->open_risk);
	if (decimal_mul(operation_open_quantity(op), leg_average(&op->entry), ROUND_UP, &value) == STATUS_OK)
		sum(sums, &sums->exposure, value);
}

static enum status
sum_operations(struct desk *desk, struct sums *sums, struct error *err)
{
	struct operation_filter active = { .has_status = true, .status = OPERATION_ACTIVE };
	struct operation_list list;

	enum status status = desk_operations(desk, &active, &list, err);
	for (size_t i = 0; status == STATUS_OK && i < list.count; i++)
		if (list.rows[i].op.mode == sums->mode)
			sum_operation(sums, &list.rows[i]);
	operation_list_done(&list);
	return status;
}

/* ---- the status line ---- */

static struct decimal
capital_base(struct desk *desk, enum mode mode)
{
	struct decimal base = DECIMAL_ZERO;

	if (store_month_base(desk->setup.store, desk->setup.client_id, mode, clock_month_start(desk_now_ms(desk)),
	                     NULL, &base, NULL) != STATUS_OK && desk->setup.settings->book.has_capital)
		base = desk->setup.settings->book.capital;
	return base;
}

static int
compare_latency(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

int64_t
status_latency_p99(const struct desk *desk)
{
	int64_t sorted[LATENCY_KEEP];
	size_t count = desk->latency_count < LATENCY_KEEP ? desk->latency_count : LATENCY_KEEP;

	if (count == 0)
		return 0;
	memcpy(sorted, desk->latencies_us, count * sizeof sorted[0]);
	qsort(sorted, count, sizeof sorted[0], compare_latency);
	return sorted[(count * 99 + 99) / 100 - 1];
}

static void
refresh(struct desk *desk)
{
	struct desk_status_model *model = &desk->status_cache;
	struct sums sums = { .desk = desk, .mode = MODE_DRY_RUN, .is_whole = true };
	struct book book;
	struct error err = { 0 };

	desk->seen_at_us = clock_mono_us();   /* first: what is summed below asks for the holder */
	model->mode = MODE_DRY_RUN;
	model->is_readonly = desk->setup.is_readonly;
	text_copy(model->database, sizeof model->database, store_path(desk->setup.store));
	holder_read(desk->setup.store, &model->holder);
	if (desk->is_holder) {
		model->holder.is_held = model->holder.is_me = true;
		model->holder.is_hung = false;
		model->holder.watched = (int64_t)desk_watched_count(desk);
		if (model->holder.kind[0] == '\0')
			text_copy(model->holder.kind, sizeof model->holder.kind, "process");
	}
	if (store_book(desk->setup.store, desk->setup.client_id, MODE_DRY_RUN, &book, &err) == STATUS_OK) {
		model->is_paused = book.is_paused;
		text_copy(model->pause_reason, sizeof model->pause_reason, book.pause_reason);
		model->is_live_on = book.is_live_on;
	}
	/* What is open, naked or alarming counts in both modes; money is of one, and never summed across. */
	struct sums live = { .desk = desk, .mode = MODE_LIVE, .is_whole = true };
	if (sum_operations(desk, &sums, &err) == STATUS_OK && sum_operations(desk, &live, &err) == STATUS_OK) {
		bool has_live = live.open_count > 0 || (model->is_live_on && desk->setup.live != NULL);
		model->mode = has_live ? MODE_LIVE : MODE_DRY_RUN;
		model->live_count = live.open_count;
		model->active_count = sums.open_count + live.open_count;
		model->naked_count = sums.naked_count + live.naked_count;
		model->alarm_count = sums.alarm_count + live.alarm_count;
		model->stale_age_ms = live.stale_age_ms > sums.stale_age_ms ? live.stale_age_ms : sums.stale_age_ms;
		text_copy(model->alarm, sizeof model->alarm, live.alarm[0] != '\0' ? live.alarm : sums.alarm);
	}
	struct sums *shown = model->mode == MODE_LIVE ? &live : &sums;
	struct decimal base = capital_base(desk, model->mode);
	model->has_open_risk = decimal_is_positive(base) &&
	    decimal_mul_div(shown->open_risk, decimal_from_int(100), base, ROUND_UP, &model->open_risk_percent) == STATUS_OK;
	model->has_day = facts_net_pnl(desk, desk->setup.client_id, model->mode, clock_day_start(desk_now_ms(desk)),
	                               shown->asset, &model->realized_day, &err) == STATUS_OK;
	status_live(desk, model);
	model->stop_latency_p99_us = status_latency_p99(desk);
	model->stops_fired = desk->stops_fired;
}

void
desk_status(struct desk *desk, struct desk_status_model *ret)
{
	int64_t changes = store_change_count(desk->setup.store);

	if (changes != desk->seen_changes) {
		desk->seen_changes = changes;
		desk->revision++;
		desk->seen_at_us = 0;
	}
	if (desk->seen_at_us == 0 || clock_mono_us() - desk->seen_at_us >= STATUS_REFRESH_US)
		refresh(desk);
	*ret = desk->status_cache;
	text_copy(ret->trouble, sizeof ret->trouble, desk->trouble);
	if (desk->setup.feed != NULL)
		desk->setup.feed->ops->status(desk->setup.feed, &ret->feed);
	ret->has_live = desk->setup.live != NULL && desk->setup.live->ops->status != NULL;
	if (ret->has_live)
		desk->setup.live->ops->status(desk->setup.live, &ret->live);
}

/* ---- the portfolio ---- */

static bool
sum_trade(void *self, const struct trade *trade)
{
	struct sums *sums = self;

	if (counts(sums, trade->symbol)) {
		sum(sums, &sums->realized, trade->net_pnl);
		sums->peak = decimal_max(sums->peak, sums->realized);
	}
	return sums->status == STATUS_OK;
}

/* The budget is spoken for from the moment that an entry is under way. */
static bool
sum_entry(void *self, const struct order *order)
{
	struct sums *sums = self;
	struct intent owner;
	struct decimal risk;
	enum status status;

	if (order->mode != sums->mode || !facts_entry_risk(sums->desk, order, &owner, &risk, &status))
		return true;
	if (sums->status == STATUS_OK)
		sums->status = status;
	sum(sums, &sums->executing_risk, risk);
	return sums->status == STATUS_OK;
}

enum status
desk_portfolio(struct desk *desk, enum mode mode, struct portfolio_model *ret, struct error *err)
{
	struct sums sums = { .desk = desk, .mode = mode, .is_whole = true };
	struct store *store = desk->setup.store;
	int64_t client = desk->setup.client_id, now = desk_now_ms(desk);
	struct trade_query trades = { .client_id = client, .has_mode = true, .mode = mode };
	struct order_query under_way = { .client_id = client, .only_open = true };
	struct decimal start = DECIMAL_ZERO, equity, peak;
	struct ledger ledger;
	struct budget budget;

	*ret = (struct portfolio_model){ .mode = mode };
	enum status status = sum_operations(desk, &sums, err);
	if (status == STATUS_OK)
		status = store_trades(store, &trades, sum_trade, &sums, err);
	if (status == STATUS_OK)
		status = store_orders(store, &under_way, sum_entry, &sums, err);
	if (status == STATUS_OK)
		status = facts_net_pnl(desk, client, mode, clock_day_start(now), sums.asset, &ret->realized_day, err);
	if (status == STATUS_OK)
		status = facts_net_pnl(desk, client, mode, clock_month_start(now), sums.asset, &ret->realized_month, err);
	if (status == STATUS_OK && sums.status != STATUS_OK)
		status = error_set(err, sums.status, "the portfolio's sums do not fit a number");
	if (status != STATUS_OK)
		return status;
	if (sums.asset[0] == '\0')
		text_copy(sums.asset, sizeof sums.asset, "USDC");
	text_copy(ret->quote, sizeof ret->quote, sums.asset);
	text_copy(ret->others, sizeof ret->others, sums.others);
	if (mode == MODE_DRY_RUN) {
		if ((status = facts_ledger(desk, client, &ledger, err)) != STATUS_OK)
			return status;
		start = ledger.start;
		ret->has_account = ledger_free(&ledger, sums.asset, &ret->free) == STATUS_OK &&
		                   ledger_locked(&ledger, sums.asset, &ret->locked) == STATUS_OK;
	} else {
		/* The account may hold more than this book trades with: equity is of the book's own capital. */
		start = desk->setup.settings->book.has_capital ? desk->setup.settings->book.capital : capital_base(desk, mode);
		ret->has_account = account_balance(desk, sums.asset, &ret->free, &ret->locked);
	}
	ret->exposure = sums.exposure;
	ret->open_risk = sums.open_risk;
	ret->unrealized_pnl = sums.unrealized;
	ret->is_unrealized_whole = sums.is_whole;
	ret->realized_all = sums.realized;
	ret->open_count = sums.open_count;
	if (decimal_add(start, sums.realized, &equity) != STATUS_OK ||
	    decimal_add(equity, sums.unrealized, &equity) != STATUS_OK ||
	    decimal_add(start, sums.peak, &peak) != STATUS_OK ||
	    pnl_drawdown_percent(decimal_max(peak, equity), equity, &ret->drawdown_percent) != STATUS_OK)
		return error_set(err, STATUS_RANGE, "the portfolio's sums do not fit a number");
	ret->equity = equity;
	struct budget_facts month = {
		.base = capital_base(desk, mode), .month_net = ret->realized_month, .open_risk = ret->open_risk,
		.budget_percent = decimal_min(decimal_from_int(4), desk->setup.settings->book.monthly_budget_percent),
	};
	if (decimal_add(month.open_risk, sums.executing_risk, &month.open_risk) != STATUS_OK)
		return error_set(err, STATUS_RANGE, "the portfolio's sums do not fit a number");
	ret->has_month_base = decimal_is_positive(month.base);
	if (ret->has_month_base && budget_compute(&month, &budget) == STATUS_OK) {
		ret->month_base = month.base;
		ret->month_budget = budget.total;
		ret->month_left = budget.left;
	}
	return STATUS_OK;
}
