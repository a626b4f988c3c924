/* Orders, their fills and the reports of them.  A fill and the report that tells of it are made
 * together or not at all: memory is got first, and what can't be had now is tried again with the
 * next quote or dispatch. */
#include "exchange/paper/state.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "exchange/paper/matching.h"

enum { REMEMBERED = 1024 };        /* ended orders that a query still finds */

/* ---- orders ---- */

void
paper_list_append(struct order_list *list, struct paper_order *order)
{
	order->next = NULL;
	*list->end = order;
	list->end = &order->next;
	list->count++;
}

struct paper_order *
paper_list_remove(struct order_list *list, struct paper_order **at)
{
	struct paper_order *order = *at;
	*at = order->next;
	if (list->end == &order->next)
		list->end = at;
	order->next = NULL;
	list->count--;
	return order;
}

struct paper_order **
paper_list_find(struct order_list *list, const char *client_order_id)
{
	struct paper_order **at = &list->first;
	while (*at != NULL && strcmp((*at)->order.client_order_id, client_order_id) != 0)
		at = &(*at)->next;
	return *at != NULL ? at : NULL;
}

void
paper_order_free(struct paper_order *order)
{
	if (order == NULL)
		return;
	free(order->fills);
	free(order);
}

void
paper_list_done(struct order_list *list)
{
	while (list->first != NULL)
		paper_order_free(paper_list_remove(list, &list->first));
}

struct paper_order *
paper_find_order(struct paper *paper, const char *client_order_id)
{
	struct paper_order **at = paper_list_find(&paper->open, client_order_id);
	if (at == NULL)
		at = paper_list_find(&paper->ended, client_order_id);
	return at != NULL ? *at : NULL;
}

void
paper_forget_order(struct paper *paper, const char *client_order_id)
{
	struct paper_order **at = paper_list_find(&paper->open, client_order_id);
	if (at != NULL)
		paper_order_free(paper_list_remove(&paper->open, at));
	at = paper_list_find(&paper->ended, client_order_id);
	if (at != NULL)
		paper_order_free(paper_list_remove(&paper->ended, at));
}

void
paper_remember_ended(struct paper *paper, struct paper_order *order)
{
	paper_list_append(&paper->ended, order);
	if (paper->ended.count > REMEMBERED)
		paper_order_free(paper_list_remove(&paper->ended, &paper->ended.first));
}

struct paper_order *
paper_order_new(const struct order *order)
{
	struct paper_order *made = calloc(1, sizeof *made);
	if (made == NULL)
		return NULL;
	made->order = *order;
	if (made->order.exchange_order_id[0] == '\0')
		text_format(made->order.exchange_order_id, sizeof made->order.exchange_order_id, "P%s",
		            order->client_order_id);
	return made;
}

bool
paper_is_open(enum order_state state)
{
	return state == ORDER_NEW || state == ORDER_PARTIALLY_FILLED;
}

/* ---- reports ---- */

struct paper_report *
paper_report_new(enum exchange_request request, enum exchange_outcome outcome,
                 const char *client_order_id, size_t fill_room)
{
	struct paper_report *made = calloc(1, sizeof *made + fill_room * sizeof(struct fill));
	if (made == NULL)
		return NULL;
	text_copy(made->client_order_id, sizeof made->client_order_id, client_order_id);
	made->report = (struct exchange_report){
		.request = request, .outcome = outcome, .client_order_id = made->client_order_id,
		.exchange_order_id = made->exchange_order_id, .fills = made->fills,
		.reason = made->reason,
	};
	return made;
}

void
paper_report_queue(struct paper *paper, struct paper_report *report)
{
	*paper->reports_end = report;
	paper->reports_end = &report->next;
	paper->report_count++;
}

void
paper_report_state(struct paper *paper, struct paper_report *report,
                   const struct paper_order *order)
{
	text_copy(report->exchange_order_id, sizeof report->exchange_order_id,
	          order->order.exchange_order_id);
	report->report.state = order->order.state;
	report->report.fill_count = order->fill_count;
	if (order->fill_count > 0)
		memcpy(report->fills, order->fills, order->fill_count * sizeof *order->fills);
	paper_report_queue(paper, report);
}

enum status
paper_report_refusal(struct paper *paper, const char *client_order_id,
                     const struct paper_refusal *refusal)
{
	struct paper_report *report = paper_report_new(ASKED_SUBMIT, OUTCOME_REFUSED,
	                                               client_order_id, 0);
	if (report == NULL)
		return STATUS_NO_MEMORY;
	report->report.state = ORDER_REJECTED;
	report->report.code = refusal->code;
	text_copy(report->reason, sizeof report->reason, refusal->reason);
	paper_report_queue(paper, report);
	return STATUS_OK;
}

/* ---- matching ---- */

static bool
reserve_fill(struct paper_order *order)
{
	if (order->fill_count < order->fill_capacity)
		return true;
	size_t capacity = order->fill_capacity > 0 ? order->fill_capacity * 2 : 2;
	struct fill *fills = realloc(order->fills, capacity * sizeof *fills);
	if (fills == NULL)
		return false;
	order->fills = fills;
	order->fill_capacity = capacity;
	return true;
}

static struct decimal
what_remains(const struct paper_order *order)
{
	return (struct decimal){ order->order.quantity.e16 - order->order.filled_quantity.e16 };
}

/* Quantity at price, and the state that follows.  On failure nothing has changed. */
static enum status
fill_order(struct paper *paper, struct paper_order *order, const struct symbol_rules *rules,
           struct decimal price, struct decimal quantity)
{
	struct order *o = &order->order;
	struct fill fill;
	struct decimal value, filled_value, fees;

	if (!reserve_fill(order))
		return STATUS_NO_MEMORY;
	enum status status = paper_make_fill(rules, o, price, quantity, paper->settings.fee_percent,
	                                     paper->clock.wall_ms(paper->clock.self), &fill);
	if (status == STATUS_OK)
		status = decimal_mul(price, quantity, ROUND_UP, &value);
	if (status == STATUS_OK)
		status = decimal_add(o->filled_value, value, &filled_value);
	if (status == STATUS_OK)
		status = decimal_add(o->fees, fill.fee_quote, &fees);
	if (status != STATUS_OK)
		return status;
	order->fills[order->fill_count++] = fill;
	o->filled_quantity.e16 += quantity.e16;      /* at most o->quantity, which fits */
	o->filled_value = filled_value;
	o->fees = fees;
	o->state = decimal_is_zero(what_remains(order)) ? ORDER_FILLED : ORDER_PARTIALLY_FILLED;
	return STATUS_OK;
}

const struct quote *
paper_fresh_quote(const struct paper *paper, const struct market *market)
{
	if (market == NULL || !market->has_quote)
		return NULL;
	int64_t now = paper->clock.mono_ms(paper->clock.self);
	return quote_age_ms(&market->quote, now) <= paper->settings.stale_ms ? &market->quote : NULL;
}

/* One part of an order that the quote reaches; ORDER_NEW etc. stay where it does not. */
enum status
paper_match_part(struct paper *paper, struct paper_order *order, const struct market *market,
                 const struct quote *quote)
{
	struct order *o = &order->order;
	struct decimal price;

	enum status status = paper_taker_price(&market->rules, quote, o->side,
	                                       paper->settings.slippage_percent, &price);
	if (status != STATUS_OK)
		return status;
	if (o->type == ORDER_LIMIT && o->tif == TIF_GTC) {
		/* A resting order never gets worse than its limit, whatever the slippage. */
		if (!paper_is_within(o, quote_entry_price(quote, o->side)))
			return STATUS_OK;
		if (!paper_is_within(o, price))
			price = o->price;
	} else if (!paper_is_within(o, price)) {
		return STATUS_OK;
	}
	struct decimal part = o->tif == TIF_FOK
	        ? what_remains(order)
	        : paper_part(&market->rules, o, paper->settings.partial_fill_percent);
	return fill_order(paper, order, &market->rules, price, part);
}

/* The first look at an order that was let in. */
enum status
paper_match_new(struct paper *paper, struct paper_order *order, const struct market *market,
                const struct quote *quote)
{
	struct order *o = &order->order;
	enum status status = STATUS_OK;

	o->state = ORDER_NEW;
	if (o->has_recovered_price)
		return fill_order(paper, order, &market->rules, o->recovered_price, o->quantity);
	if (quote != NULL)
		status = paper_match_part(paper, order, market, quote);
	if (paper_is_open(o->state) && (o->tif == TIF_FOK || o->tif == TIF_IOC))
		o->state = ORDER_EXPIRED;
	return status;
}
