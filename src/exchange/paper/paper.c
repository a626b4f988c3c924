/* The port: requests come in, are looked at (at once, or after the latency of the settings), and
 * what came of them is queued as reports, which only dispatch hands out.
 *
 *   submit, cancel, query ─► requests ─► accept / refuse ─► reports ─► dispatch ─► listener
 *   quote ─► resting orders ─► fills ──────────────────────────┘
 *   dispatch ─► the next part of each market order ────────────┘
 */
#include "exchange/paper/paper.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "exchange/paper/state.h"

enum { REPORTS_PER_DISPATCH = 256, REQUESTS_PER_DISPATCH = 64 };

static struct paper *
self_of(struct exchange *exchange)
{
	return (struct paper *)exchange;
}

static enum status
hand_over(struct paper *paper, struct paper_request *request, struct error *err)
{
	const char *id = request->order.client_order_id;

	if (paper->settings.latency_ms == 0 && paper->requests == NULL) {
		enum status status = paper_take(paper, request);
		if (status != STATUS_OK)
			error_set(err, status, "the paper exchange could not take order %s", id);
		return status;
	}
	struct paper_request *queued = malloc(sizeof *queued);
	if (queued == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory for a request about order %s", id);
	*queued = *request;
	queued->next = NULL;
	queued->due_mono_ms = paper->clock.mono_ms(paper->clock.self) + paper->settings.latency_ms;
	*paper->requests_end = queued;
	paper->requests_end = &queued->next;
	return STATUS_OK;
}

static enum status
paper_submit(struct exchange *exchange, const struct order *order, struct error *err)
{
	struct paper *paper = self_of(exchange);
	struct paper_request request = { .kind = ASKED_SUBMIT, .order = *order };

	if (order->mode != MODE_DRY_RUN)
		return error_set(err, STATUS_REFUSED, "order %s is LIVE: the paper exchange does not take it",
		                 order->client_order_id);
	if (order->client_order_id[0] == '\0')
		return error_set(err, STATUS_BUG, "an order without a client order id was submitted");
	if (order->purpose == PURPOSE_ENTRY && paper->settings.free_balance != NULL) {
		char base[ASSET_SIZE], quote[ASSET_SIZE];
		const struct market *market = markets_find(&paper->markets, order->symbol);
		if (market != NULL && market->has_rules)
			text_copy(quote, sizeof quote, market->rules.quote);
		else
			symbol_split(order->symbol, base, quote);
		request.has_free = paper->settings.free_balance(paper->settings.free_balance_self,
		                                                order->client_id, quote,
		                                                &request.free) == STATUS_OK;
		request.is_balance_unknown = !request.has_free;
	}
	return hand_over(paper, &request, err);
}

static enum status
paper_cancel(struct exchange *exchange, const struct order *order, struct error *err)
{
	struct paper_request request = { .kind = ASKED_CANCEL, .order = *order };
	return hand_over(self_of(exchange), &request, err);
}

static enum status
paper_query(struct exchange *exchange, const struct order *order, struct error *err)
{
	struct paper_request request = { .kind = ASKED_QUERY, .order = *order };
	return hand_over(self_of(exchange), &request, err);
}

/* ---- prices ---- */

/* One more part of an open order, and the report of it, or nothing.  Returns where the next order of
 * the list is found. */
static struct paper_order **
step_open(struct paper *paper, struct paper_order **at, const struct market *market,
          const struct quote *quote)
{
	struct paper_order *order = *at;
	size_t before = order->fill_count;
	struct paper_report *report = paper_report_new(ASKED_NOTHING, OUTCOME_ACCEPTED,
	                                               order->order.client_order_id,
	                                               order->fill_count + 1);

	if (report == NULL)
		return &order->next;             /* the next quote tries again */
	if (quote == NULL) {
		order->order.state = ORDER_EXPIRED;
	} else if (paper_match_part(paper, order, market, quote) != STATUS_OK ||
	           order->fill_count == before) {
		free(report);
		return &order->next;
	}
	order->waits_for_price = false;
	paper_report_state(paper, report, order);
	if (paper_is_open(order->order.state))
		return &order->next;
	paper_remember_ended(paper, paper_list_remove(&paper->open, at));
	return at;
}

static void
paper_quote(struct exchange *exchange, const struct quote *quote)
{
	struct paper *paper = self_of(exchange);

	if (quote->is_recovered || !quote_is_sane(quote))
		return;
	struct market *market = markets_get(&paper->markets, quote->symbol);
	if (market == NULL || (market->has_quote && quote->asked_mono_ms < market->quote.asked_mono_ms))
		return;
	market->quote = *quote;
	market->has_quote = true;
	const struct quote *fresh = paper_fresh_quote(paper, market);
	if (fresh == NULL || !market->has_rules || market->rules.status != SYMBOL_TRADING)
		return;
	for (struct paper_order **at = &paper->open.first; *at != NULL; ) {
		if ((*at)->order.type == ORDER_LIMIT && strcmp((*at)->order.symbol, quote->symbol) == 0)
			at = step_open(paper, at, market, fresh);
		else
			at = &(*at)->next;
	}
}

static void
paper_rules(struct exchange *exchange, const struct symbol_rules *rules)
{
	struct market *market = markets_get(&self_of(exchange)->markets, rules->symbol);
	if (market == NULL)
		return;                          /* orders are refused until they come again */
	market->rules = *rules;
	market->has_rules = true;
}

/* A market order takes one part at each dispatch; what finds no price any more is EXPIRED, as on an
 * exchange whose book is empty. */
static bool
can_step(const struct paper *paper, const struct paper_order *order)
{
	if (order->order.type != ORDER_MARKET)
		return false;
	const struct market *market = markets_find(&paper->markets, order->order.symbol);
	bool has_price = market != NULL && market->has_rules && paper_fresh_quote(paper, market) != NULL;
	return has_price || !order->waits_for_price;
}

static void
step_market_orders(struct paper *paper)
{
	for (struct paper_order **at = &paper->open.first; *at != NULL; ) {
		if (!can_step(paper, *at)) {
			at = &(*at)->next;
			continue;
		}
		const struct market *market = markets_find(&paper->markets, (*at)->order.symbol);
		at = step_open(paper, at, market, paper_fresh_quote(paper, market));
	}
}

/* ---- the loop ---- */

static bool
is_due(const struct paper *paper)
{
	return paper->requests != NULL &&
	       paper->requests->due_mono_ms <= paper->clock.mono_ms(paper->clock.self);
}

static bool
paper_is_busy(const struct exchange *exchange)
{
	const struct paper *paper = (const struct paper *)exchange;

	if (paper->reports != NULL || is_due(paper))
		return true;
	for (const struct paper_order *each = paper->open.first; each != NULL; each = each->next)
		if (can_step(paper, each))
			return true;
	return false;
}

static void
paper_prepare(struct exchange *exchange, struct wait *wait, int64_t now_mono_us)
{
	struct paper *paper = self_of(exchange);

	if (paper_is_busy(exchange)) {
		wait_until(wait, now_mono_us);
	} else if (paper->requests != NULL) {
		/* The desk's clock and the machine's run alike, except in a replay, where the tape's next
		 * price comes first or the look is a little early and repeated. */
		int64_t left_ms = paper->requests->due_mono_ms - paper->clock.mono_ms(paper->clock.self);
		wait_until(wait, now_mono_us + left_ms * 1000);
	}
}

static void
take_due(struct paper *paper)
{
	for (int done = 0; done < REQUESTS_PER_DISPATCH && is_due(paper); done++) {
		struct paper_request *request = paper->requests;
		if (paper_take(paper, request) != STATUS_OK)
			return;                      /* no memory: it stays first and is tried again */
		paper->requests = request->next;
		if (paper->requests == NULL)
			paper->requests_end = &paper->requests;
		free(request);
	}
}

static void
paper_dispatch(struct exchange *exchange, const struct wait *wait, int64_t now_mono_us)
{
	struct paper *paper = self_of(exchange);
	(void)wait;
	(void)now_mono_us;

	step_market_orders(paper);
	take_due(paper);
	/* Reports that the listener's own wishes cause now wait for the next turn. */
	size_t count = paper->report_count;
	if (count > REPORTS_PER_DISPATCH)
		count = REPORTS_PER_DISPATCH;
	if (exchange->listener.on_report == NULL)
		return;
	while (count-- > 0 && paper->reports != NULL) {
		struct paper_report *report = paper->reports;
		paper->reports = report->next;
		if (paper->reports == NULL)
			paper->reports_end = &paper->reports;
		paper->report_count--;
		exchange->listener.on_report(exchange->listener.self, &report->report);
		free(report);
	}
}

static void
forget(struct exchange *exchange)
{
	struct paper *paper = self_of(exchange);

	paper_list_done(&paper->open);
	paper_list_done(&paper->ended);
	while (paper->requests != NULL) {
		struct paper_request *next = paper->requests->next;
		free(paper->requests);
		paper->requests = next;
	}
	while (paper->reports != NULL) {
		struct paper_report *next = paper->reports->next;
		free(paper->reports);
		paper->reports = next;
	}
	paper->requests_end = &paper->requests;
	paper->reports_end = &paper->reports;
	paper->report_count = 0;
	paper->is_refusal_set = false;
}

static void
paper_close(struct exchange *exchange)
{
	struct paper *paper = self_of(exchange);

	if (paper == NULL)
		return;
	forget(exchange);
	markets_done(&paper->markets);
	free(paper);
}

static enum status
restore(struct exchange *exchange, const struct order *order, struct error *err)
{
	struct paper *paper = self_of(exchange);
	bool can_rest = order->type == ORDER_MARKET ||
	                (order->type == ORDER_LIMIT && order->tif == TIF_GTC);

	if (order->mode != MODE_DRY_RUN || !paper_is_open(order->state) || !can_rest ||
	    decimal_cmp(order->filled_quantity, order->quantity) >= 0)
		return error_set(err, STATUS_INVALID, "order %s is none that rests on the paper exchange",
		                 order->client_order_id);
	struct paper_order *made = paper_order_new(order);
	if (made == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory for order %s", order->client_order_id);
	paper_forget_order(paper, order->client_order_id);
	made->waits_for_price = true;
	paper_list_append(&paper->open, made);
	return STATUS_OK;
}

static const struct exchange_ops paper_ops = {
	.submit = paper_submit, .cancel = paper_cancel, .query = paper_query, .restore = restore,
	.forget = forget, .quote = paper_quote, .rules = paper_rules, .is_busy = paper_is_busy,
	.prepare = paper_prepare,
	.dispatch = paper_dispatch, .close = paper_close,
};

struct exchange *
paper_open(const struct paper_settings *settings, const struct desk_clock *clock, struct error *err)
{
	if (!decimal_is_positive(settings->partial_fill_percent) || settings->latency_ms < 0 ||
	    decimal_is_negative(settings->fee_percent) || decimal_is_negative(settings->slippage_percent)) {
		error_set(err, STATUS_INVALID, "the settings of the paper exchange are out of range");
		return NULL;
	}
	struct paper *paper = calloc(1, sizeof *paper);
	if (paper == NULL) {
		error_set(err, STATUS_NO_MEMORY, "no memory for the paper exchange");
		return NULL;
	}
	paper->base.ops = &paper_ops;
	paper->settings = *settings;
	paper->clock = *clock;
	paper->open.end = &paper->open.first;
	paper->ended.end = &paper->ended.first;
	paper->requests_end = &paper->requests;
	paper->reports_end = &paper->reports;
	return &paper->base;
}

void
paper_set_balance(struct exchange *exchange,
                  enum status (*free_balance)(void *self, int64_t client_id, const char *asset,
                                              struct decimal *ret),
                  void *self)
{
	self_of(exchange)->settings.free_balance = free_balance;
	self_of(exchange)->settings.free_balance_self = self;
}

enum status
paper_restore(struct exchange *exchange, const struct order *order, struct error *err)
{
	return exchange->ops->restore(exchange, order, err);
}

void
paper_forget(struct exchange *exchange)
{
	exchange->ops->forget(exchange);
}

void
paper_refuse_next(struct exchange *exchange, int code, const char *reason)
{
	struct paper *paper = self_of(exchange);
	paper_refuse(&paper->refusal, code, "%s", reason);
	paper->is_refusal_set = true;
}

size_t
paper_resting_count(const struct exchange *exchange)
{
	return ((const struct paper *)exchange)->open.count;
}

size_t
paper_ended_count(const struct exchange *exchange)
{
	return ((const struct paper *)exchange)->ended.count;
}
