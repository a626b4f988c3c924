/* What becomes of a submit, a cancel, a query. */
#include "exchange/paper/state.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "exchange/paper/matching.h"

enum { CODE_OVERFLOW = -1108, CODE_NO_DEPTH = -1112, CODE_REJECTED = -2010,
       CODE_CANCEL_REJECTED = -2011, CODE_NO_ORDER = -2013 };

static size_t
resting_on(const struct paper *paper, const char *symbol)
{
	size_t count = 0;
	for (const struct paper_order *each = paper->open.first; each != NULL; each = each->next)
		count += strcmp(each->order.symbol, symbol) == 0;
	return count;
}

/* Does the client have what an entry costs?  Longs and shorts alike put its value down; an exit was
 * not asked about (paper_submit). */
static bool
refuse_balance(const struct paper *paper, const struct paper_request *request,
               const struct market *market, const struct quote *quote, struct paper_refusal *ret)
{
	const struct order *order = &request->order;
	struct decimal price, value, fee, cost;

	if (request->is_balance_unknown)
		return paper_refuse(ret, CODE_REJECTED, "The balance of the paper account is not known.");
	if (!request->has_free)
		return false;
	enum status status = STATUS_OK;
	if (order->has_recovered_price)
		price = order->recovered_price;
	else if (order->type == ORDER_LIMIT)
		price = order->price;
	else
		status = paper_taker_price(&market->rules, quote, order->side,
		                           paper->settings.slippage_percent, &price);
	if (status == STATUS_OK)
		status = decimal_mul(price, order->quantity, ROUND_UP, &value);
	if (status == STATUS_OK)
		status = decimal_percent_of(value, paper->settings.fee_percent, ROUND_UP, &fee);
	if (status == STATUS_OK)
		status = decimal_add(value, fee, &cost);
	if (status == STATUS_OK && decimal_cmp(cost, request->free) <= 0)
		return false;
	return paper_refuse(ret, CODE_REJECTED, "Account has insufficient balance for requested action.");
}

static bool
refuse(struct paper *paper, const struct paper_request *request, const struct market *market,
       const struct quote *quote, struct paper_refusal *ret)
{
	const struct order *order = &request->order;

	if (paper->is_refusal_set) {
		*ret = paper->refusal;
		return true;
	}
	if (paper_find_order(paper, order->client_order_id) != NULL)
		return paper_refuse(ret, CODE_REJECTED, "Duplicate order sent.");
	const struct symbol_rules *rules = market != NULL && market->has_rules ? &market->rules : NULL;
	if (paper_filters_refuse(rules, order, quote, resting_on(paper, order->symbol), ret))
		return true;
	if (quote == NULL && !order->has_recovered_price && order->tif != TIF_GTC)
		return paper_refuse(ret, CODE_NO_DEPTH, "No price for %s that is fresh enough to fill at.",
		                    order->symbol);
	return refuse_balance(paper, request, market, quote, ret);
}

static enum status
take_submit(struct paper *paper, const struct paper_request *request)
{
	const struct market *market = markets_find(&paper->markets, request->order.symbol);
	const struct quote *quote = paper_fresh_quote(paper, market);
	struct paper_refusal refusal;

	if (refuse(paper, request, market, quote, &refusal)) {
		enum status status = paper_report_refusal(paper, request->order.client_order_id, &refusal);
		if (status == STATUS_OK)
			paper->is_refusal_set = false;
		return status;
	}
	struct paper_order *order = paper_order_new(&request->order);
	struct paper_report *report = paper_report_new(ASKED_SUBMIT, OUTCOME_ACCEPTED,
	                                               request->order.client_order_id, 1);
	if (order == NULL || report == NULL) {
		paper_order_free(order);
		free(report);
		return STATUS_NO_MEMORY;
	}
	order->order.filled_quantity = order->order.filled_value = order->order.fees = DECIMAL_ZERO;
	enum status status = paper_match_new(paper, order, market, quote);
	if (status != STATUS_OK) {
		paper_order_free(order);
		free(report);
		if (status == STATUS_NO_MEMORY)
			return status;
		paper_refuse(&refusal, CODE_OVERFLOW, "Parameter 'quantity' overflowed.");
		return paper_report_refusal(paper, request->order.client_order_id, &refusal);
	}
	paper_report_state(paper, report, order);
	if (paper_is_open(order->order.state))
		paper_list_append(&paper->open, order);
	else
		paper_remember_ended(paper, order);
	return STATUS_OK;
}

static enum status
take_cancel(struct paper *paper, const struct paper_request *request)
{
	const char *id = request->order.client_order_id;
	struct paper_order **at = paper_list_find(&paper->open, id);
	struct paper_report *report = paper_report_new(
	        ASKED_CANCEL, at != NULL ? OUTCOME_ACCEPTED : OUTCOME_NOT_FOUND, id,
	        at != NULL ? (*at)->fill_count : 0);
	if (report == NULL)
		return STATUS_NO_MEMORY;
	if (at == NULL) {
		report->report.code = CODE_CANCEL_REJECTED;
		text_copy(report->reason, sizeof report->reason, "Unknown order sent.");
		paper_report_queue(paper, report);
		return STATUS_OK;
	}
	struct paper_order *order = paper_list_remove(&paper->open, at);
	order->order.state = ORDER_CANCELLED;
	paper_report_state(paper, report, order);
	paper_remember_ended(paper, order);
	return STATUS_OK;
}

static enum status
take_query(struct paper *paper, const struct paper_request *request)
{
	const char *id = request->order.client_order_id;
	const struct paper_order *order = paper_find_order(paper, id);
	struct paper_report *report = paper_report_new(
	        ASKED_QUERY, order != NULL ? OUTCOME_ACCEPTED : OUTCOME_NOT_FOUND, id,
	        order != NULL ? order->fill_count : 0);
	if (report == NULL)
		return STATUS_NO_MEMORY;
	if (order != NULL) {
		paper_report_state(paper, report, order);
		return STATUS_OK;
	}
	report->report.code = CODE_NO_ORDER;
	text_copy(report->reason, sizeof report->reason, "Order does not exist.");
	paper_report_queue(paper, report);
	return STATUS_OK;
}

enum status
paper_take(struct paper *paper, const struct paper_request *request)
{
	switch (request->kind) {
	case ASKED_SUBMIT: return take_submit(paper, request);
	case ASKED_CANCEL: return take_cancel(paper, request);
	case ASKED_QUERY:  return take_query(paper, request);
	case ASKED_NOTHING: break;
	}
	return STATUS_BUG;
}
