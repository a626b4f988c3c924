/* The market is a table of orders with their fills.  Answers are made at once, kept in a queue, and
 * told at the next dispatch, never during a call. */
#include "tests/fakes/fake_live.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "base/text.h"

enum { ORDERS = 256, FILLS = 16, TRADES = 512, REQUESTS = 2048, ASSETS = 16, PLANS = 32, TICKETS = 512 };

struct there {                            /* one order on the exchange */
	struct order order;
	char client_order_id[64], type[24];
	bool is_pays_itself;              /* a leg of OPO: sized by what the entry brought */
	char list_id[CLIENT_ORDER_ID_SIZE];
	struct fill fills[FILLS]; size_t fill_count;
	int64_t updated_at_ms;
};
enum told_kind { TOLD_REPORT, TOLD_OPEN, TOLD_ACCOUNT, TOLD_FEES, TOLD_TRADES, TOLD_TESTED };
struct told {
	struct told *next;
	enum told_kind kind;
	char symbol[SYMBOL_SIZE];
	int64_t asked_mono_ms, from_ms;
	bool has_error; struct error error;
	struct exchange_report report;
	char client_order_id[64], exchange_order_id[EXCHANGE_ORDER_ID_SIZE], reason[256];
	struct fill fills[FILLS];
};
struct plan { enum exchange_request request; int nth; enum fault fault; };
struct signed_one { int64_t ticket; struct fake_live_request request; };

struct fake_live {
	struct exchange base;
	struct exchange_status status;
	bool is_awake, is_by_hand, kills_legs;
	int64_t clock_offset_ms, next_ticket, next_order, next_trade;
	struct there orders[ORDERS]; size_t order_count;
	struct exchange_trade trades[TRADES]; char trade_symbols[TRADES][SYMBOL_SIZE]; size_t trade_count;
	struct { char asset[ASSET_SIZE]; struct decimal total; } assets[ASSETS]; size_t asset_count;
	struct { char symbol[SYMBOL_SIZE]; struct decimal bid, ask; } prices[16]; size_t price_count;
	struct decimal commission_percent, taker_percent;
	char commission_asset[ASSET_SIZE];
	struct fake_live_request requests[REQUESTS]; size_t request_count;
	struct signed_one tickets[TICKETS]; size_t ticket_count;
	struct plan plans[PLANS]; int plan_count;
	enum status sign_status; char sign_why[200];
	bool do_looks_fail; char look_why[200];
	int refuse_code; char refuse_why[200];     /* what FAULT_REFUSE says */
	int refused_placements;                    /* so many of the next new orders it does not take */
	fake_live_fn watcher; void *watcher_self;
	struct told *told, **told_end;
};

static struct fake_live *
self_of(struct exchange *exchange)
{
	return (struct fake_live *)exchange;
}

static const struct fake_live *
look_at(const struct exchange *exchange)
{
	return (const struct fake_live *)exchange;
}

static struct decimal
number(const char *text)
{
	struct decimal d;
	enum status status = decimal_parse(text, &d);

	assert(status == STATUS_OK);
	(void)status;
	return d;
}

static struct decimal
plus(struct decimal a, struct decimal b)
{
	struct decimal sum = a;

	assert(decimal_add(a, b, &sum) == STATUS_OK);
	return sum;
}

static struct decimal
minus(struct decimal a, struct decimal b)
{
	return plus(a, decimal_neg(b));
}

static struct decimal
times(struct decimal a, struct decimal b)
{
	struct decimal product = a;

	assert(decimal_mul(a, b, ROUND_DOWN, &product) == STATUS_OK);
	return product;
}

static int64_t
now_there_ms(const struct fake_live *live)
{
	return clock_wall_ms() + live->clock_offset_ms;
}

/* ---- what was asked ---- */

static struct fake_live_request *
remember(struct fake_live *live, enum fake_live_kind kind)
{
	if (live->watcher != NULL)
		live->watcher(live->watcher_self, kind);
	assert(live->request_count < REQUESTS);
	struct fake_live_request *request = &live->requests[live->request_count++];
	*request = (struct fake_live_request){ .kind = kind, .at_mono_us = clock_mono_us() };
	return request;
}

int
fake_live_count(const struct exchange *exchange, enum fake_live_kind kind)
{
	const struct fake_live *live = look_at(exchange);
	int count = 0;

	for (size_t i = 0; i < live->request_count; i++)
		count += live->requests[i].kind == kind;
	return count;
}

const struct fake_live_request *
fake_live_last(const struct exchange *exchange, enum fake_live_kind kind, int n)
{
	const struct fake_live *live = look_at(exchange);

	for (size_t i = live->request_count; i > 0; i--)
		if (live->requests[i - 1].kind == kind && n-- == 0)
			return &live->requests[i - 1];
	return NULL;
}

int
fake_live_acts(const struct exchange *live)
{
	return fake_live_count(live, FAKE_SEND) + fake_live_count(live, FAKE_CANCEL);
}

/* ---- answers ---- */

static struct told *
tell_later(struct fake_live *live, enum told_kind kind)
{
	struct told *told = calloc(1, sizeof *told);

	assert(told != NULL);
	told->kind = kind;
	*live->told_end = told;
	live->told_end = &told->next;
	return told;
}

void
fake_live_report(struct exchange *exchange, const struct exchange_report *report)
{
	struct told *told = tell_later(self_of(exchange), TOLD_REPORT);

	assert(report->fill_count <= FILLS);
	told->report = *report;
	text_copy(told->client_order_id, sizeof told->client_order_id, report->client_order_id);
	text_copy(told->exchange_order_id, sizeof told->exchange_order_id, report->exchange_order_id);
	text_copy(told->reason, sizeof told->reason, report->reason);
	if (report->fill_count > 0)
		memcpy(told->fills, report->fills, report->fill_count * sizeof *report->fills);
	told->report.client_order_id = told->client_order_id;
	told->report.exchange_order_id = told->exchange_order_id;
	told->report.reason = told->reason;
	told->report.fills = told->fills;
}

static void
report_outcome(struct fake_live *live, enum exchange_request request, enum exchange_outcome outcome,
               const char *client_order_id, int code, const char *reason)
{
	struct exchange_report report = {
		.request = request, .outcome = outcome, .client_order_id = client_order_id, .exchange_order_id = "",
		.state = ORDER_REJECTED, .asked_at_ms = now_there_ms(live), .code = code, .reason = reason,
	};

	fake_live_report(&live->base, &report);
}

static void
report_there(struct fake_live *live, enum exchange_request request, const struct there *there)
{
	struct exchange_report report = {
		.request = request, .outcome = OUTCOME_ACCEPTED, .client_order_id = there->client_order_id,
		.exchange_order_id = there->order.exchange_order_id, .state = there->order.state,
		.fills = there->fills, .fill_count = there->fill_count, .has_quantity = true,
		.quantity = there->order.quantity, .asked_at_ms = now_there_ms(live), .reason = "",
	};

	fake_live_report(&live->base, &report);
}

/* ---- the market ---- */

static struct there *
find(const struct fake_live *live, const char *client_order_id)
{
	for (size_t i = live->order_count; i > 0; i--)       /* an id may be used again: the newest */
		if (strcmp(live->orders[i - 1].client_order_id, client_order_id) == 0)
			return (struct there *)(uintptr_t)&live->orders[i - 1];
	return NULL;
}

static bool
may_fill(enum order_state state)
{
	return state == ORDER_NEW || state == ORDER_PARTIALLY_FILLED;
}

static struct there *
place(struct fake_live *live, const struct order *order, enum order_state state, const char *list_id)
{
	assert(live->order_count < ORDERS);
	struct there *there = &live->orders[live->order_count++];
	*there = (struct there){ .order = *order, .updated_at_ms = now_there_ms(live) };
	there->order.state = state;
	there->order.filled_quantity = there->order.filled_value = there->order.fees = DECIMAL_ZERO;
	text_format(there->order.exchange_order_id, sizeof there->order.exchange_order_id, "%lld",
	            (long long)++live->next_order);
	text_copy(there->client_order_id, sizeof there->client_order_id, order->client_order_id);
	text_copy(there->type, sizeof there->type,
	          order->purpose == PURPOSE_TARGET && list_id[0] != '\0' ? "LIMIT_MAKER" : order_type_name(order->type));
	text_copy(there->list_id, sizeof there->list_id, list_id);
	return there;
}

static void
end(struct fake_live *live, struct there *there, enum order_state state)
{
	there->order.state = state;
	there->updated_at_ms = now_there_ms(live);
}

static void
add_asset(struct fake_live *live, const char *asset, struct decimal more)
{
	for (size_t i = 0; i < live->asset_count; i++)
		if (strcmp(live->assets[i].asset, asset) == 0) {
			live->assets[i].total = plus(live->assets[i].total, more);
			return;
		}
	assert(live->asset_count < ASSETS);
	text_copy(live->assets[live->asset_count].asset, ASSET_SIZE, asset);
	live->assets[live->asset_count++].total = more;
}

/* An end of one leg ends the other; an entry that has ended without its whole fill ends its legs; a
 * whole one makes them rest. */
static void
follow(struct fake_live *live, const struct there *moved)
{
	bool is_entry = moved->order.purpose == PURPOSE_ENTRY;
	enum order_state state = moved->order.state;

	for (size_t i = 0; moved->list_id[0] != '\0' && i < live->order_count; i++) {
		struct there *leg = &live->orders[i];
		if (leg == moved || strcmp(leg->list_id, moved->list_id) != 0 || order_is_final(leg->order.state))
			continue;
		if (is_entry && state == ORDER_FILLED && leg->order.state == ORDER_PENDING_NEW) {
			if (leg->is_pays_itself) {
				struct decimal brought = moved->order.filled_quantity;
				char base[ASSET_SIZE], quote[ASSET_SIZE];
				symbol_split(moved->order.symbol, base, quote);
				for (size_t n = 0; n < moved->fill_count; n++)
					if (strcmp(moved->fills[n].commission_asset, base) == 0)
						brought = minus(brought, moved->fills[n].commission);
				leg->order.quantity = decimal_min(leg->order.quantity, brought);
				assert(decimal_to_step(leg->order.quantity, number("0.00001"), ROUND_DOWN,
				                       &leg->order.quantity) == STATUS_OK);
			}
			end(live, leg, live->kills_legs ? ORDER_EXPIRED : ORDER_NEW);
		} else if (is_entry ? order_is_final(state) && state != ORDER_FILLED
		                    : order_is_final(state) || state == ORDER_PARTIALLY_FILLED) {
			end(live, leg, state == ORDER_CANCELLED ? ORDER_CANCELLED : ORDER_EXPIRED);
		}
	}
}

static void
fill(struct fake_live *live, struct there *there, struct decimal quantity, struct decimal price)
{
	char base[ASSET_SIZE], quote[ASSET_SIZE];
	struct order *order = &there->order;
	bool is_buy = order->side == SIDE_BUY;
	struct decimal value = times(quantity, price), rate = live->commission_percent;

	symbol_split(order->symbol, base, quote);
	assert(there->fill_count < FILLS && live->trade_count < TRADES);
	struct fill *new = &there->fills[there->fill_count++];
	*new = (struct fill){ .price = price, .quantity = quantity, .at_ms = now_there_ms(live) };
	text_copy(new->client_order_id, sizeof new->client_order_id, order->client_order_id);
	text_format(new->exchange_trade_id, sizeof new->exchange_trade_id, "%lld", (long long)++live->next_trade);
	struct decimal per_cent = number("0.01");
	new->fee_quote = times(times(value, rate), per_cent);
	bool is_other = live->commission_asset[0] != '\0';
	new->commission = is_buy && !is_other ? times(times(quantity, rate), per_cent) : new->fee_quote;
	text_copy(new->commission_asset, ASSET_SIZE, is_other ? live->commission_asset : is_buy ? base : quote);
	add_asset(live, base, is_buy ? quantity : decimal_neg(quantity));
	add_asset(live, quote, is_buy ? decimal_neg(value) : value);
	add_asset(live, new->commission_asset, decimal_neg(new->commission));
	order->filled_quantity = plus(order->filled_quantity, quantity);
	struct exchange_trade *trade = &live->trades[live->trade_count];
	*trade = (struct exchange_trade){ .fill = *new, .side = order->side };
	text_copy(trade->exchange_order_id, sizeof trade->exchange_order_id, order->exchange_order_id);
	text_copy(live->trade_symbols[live->trade_count++], SYMBOL_SIZE, order->symbol);
	end(live, there, decimal_cmp(order->filled_quantity, order->quantity) == 0 ? ORDER_FILLED : ORDER_PARTIALLY_FILLED);
	follow(live, there);
}

static bool
price_of(const struct fake_live *live, const char *symbol, struct decimal *bid, struct decimal *ask)
{
	for (size_t i = 0; i < live->price_count; i++)
		if (strcmp(live->prices[i].symbol, symbol) == 0) {
			*bid = live->prices[i].bid;
			*ask = live->prices[i].ask;
			return true;
		}
	return false;
}

/* Would trigger, or fill, at this price; *at is what it then fills at. */
static bool
is_crossed(const struct order *order, struct decimal bid, struct decimal ask, struct decimal *at)
{
	bool is_buy = order->side == SIDE_BUY;

	*at = is_buy ? ask : bid;
	if (order->type == ORDER_MARKET)
		return true;
	if (order->has_stop_price)
		return is_buy ? decimal_cmp(ask, order->stop_price) >= 0 : decimal_cmp(bid, order->stop_price) <= 0;
	return is_buy ? decimal_cmp(ask, order->price) <= 0 : decimal_cmp(bid, order->price) >= 0;
}

/* A new order meets the market.  NULL: it was refused. */
static struct there *
meet(struct fake_live *live, const struct order *order, const char *list_id)
{
	struct decimal bid, ask, at;

	if (!price_of(live, order->symbol, &bid, &ask))
		return place(live, order, ORDER_NEW, list_id);
	bool crossed = is_crossed(order, bid, ask, &at);
	if (crossed && order->has_stop_price)
		return NULL;
	struct there *there = place(live, order, ORDER_NEW, list_id);
	if (crossed)
		fill(live, there, order->quantity, at);
	else if (order->tif == TIF_FOK || order->tif == TIF_IOC)
		end(live, there, ORDER_EXPIRED);
	return there;
}

static void
process(struct fake_live *live, const struct fake_live_request *request, bool is_told)
{
	static const char trigger[] = "Stop price would trigger immediately.";
	bool is_list = request->instruction == INSTRUCT_OCO;
	bool is_after = request->instruction == INSTRUCT_OTO || request->instruction == INSTRUCT_OTOCO ||
	                request->instruction == INSTRUCT_OPO || request->instruction == INSTRUCT_OPOCO;
	struct there *made[3] = { NULL, NULL, NULL };
	bool refused = false;

	if (request->instruction == INSTRUCT_TEST) {
		if (is_told)
			text_copy(tell_later(live, TOLD_TESTED)->client_order_id, CLIENT_ORDER_ID_SIZE,
			          request->orders[0].client_order_id);
		return;
	}
	if (request->instruction == INSTRUCT_REPLACE) {
		struct there *old = find(live, request->replaced.client_order_id);
		if (old == NULL || old->order.state != ORDER_NEW) {
			if (is_told) {
				report_outcome(live, ASKED_CANCEL, OUTCOME_NOT_FOUND, request->replaced.client_order_id,
				               EXCHANGE_CODE_CANCEL_REJECTED, "Unknown order sent.");
				report_outcome(live, ASKED_SUBMIT, OUTCOME_REFUSED, request->orders[0].client_order_id,
				               EXCHANGE_CODE_REPLACE_FAILED, "Order cancel-replace failed.");
			}
			return;
		}
		end(live, old, ORDER_CANCELLED);
		follow(live, old);
		if (is_told)
			report_there(live, ASKED_CANCEL, old);
	}
	bool is_unwanted = live->refused_placements > 0 && live->refused_placements-- > 0;
	for (size_t i = 0; i < request->count && !refused; i++) {
		const struct order *order = &request->orders[i];
		if (is_unwanted) {
			refused = true;
		} else if (is_after && i > 0) {
			made[i] = place(live, order, ORDER_PENDING_NEW, request->list_id);
			made[i]->is_pays_itself = request->instruction == INSTRUCT_OPO || request->instruction == INSTRUCT_OPOCO;
		} else if (is_after) {
			made[i] = place(live, order, ORDER_NEW, request->list_id);
		} else {
			made[i] = meet(live, order, is_list ? request->list_id : "");
			refused = made[i] == NULL;
		}
	}
	struct decimal bid, ask, at;
	if (is_after && !refused && price_of(live, made[0]->order.symbol, &bid, &ask)) {
		if (is_crossed(&made[0]->order, bid, ask, &at)) {
			fill(live, made[0], made[0]->order.quantity, at);
		} else if (made[0]->order.tif == TIF_FOK) {
			end(live, made[0], ORDER_EXPIRED);
			follow(live, made[0]);
		}
	}
	bool is_replace = request->instruction == INSTRUCT_REPLACE;
	for (size_t i = 0; i < request->count; i++) {
		if (refused && made[i] != NULL)
			made[i]->client_order_id[0] = '\0';   /* a list is taken whole or not at all */
		if (!is_told)
			continue;
		if (refused)
			report_outcome(live, ASKED_SUBMIT, OUTCOME_REFUSED, request->orders[i].client_order_id,
			               is_replace ? EXCHANGE_CODE_REPLACE_PARTIAL
			               : is_unwanted ? live->refuse_code : EXCHANGE_CODE_NEW_ORDER_REJECTED,
			               is_unwanted ? live->refuse_why : trigger);
		else
			report_there(live, ASKED_SUBMIT, made[i]);
	}
	for (size_t i = 0; refused && i < request->count; i++)
		if (made[i] != NULL)
			end(live, made[i], ORDER_REJECTED);
}

/* ---- faults ---- */

static enum fault
next_fault(struct fake_live *live, enum exchange_request request)
{
	enum fault met = FAULT_NONE;

	for (int i = 0; i < live->plan_count; i++) {
		struct plan *plan = &live->plans[i];
		if (plan->request != request || plan->nth < 0)
			continue;
		if (plan->nth == 0) {
			met = plan->fault;
		} else if (--plan->nth == 0) {
			met = plan->fault;
			plan->nth = -1;           /* done */
		}
	}
	return met;
}

/* ---- the port ---- */

static enum status
sign(struct exchange *exchange, const struct instruction *instruction, struct signed_request *ret, struct error *err)
{
	struct fake_live *live = self_of(exchange);
	struct fake_live_request *request = remember(live, FAKE_SIGN);

	assert(instruction->count >= 1 && instruction->count <= 3 && live->ticket_count < TICKETS);
	request->instruction = instruction->kind;
	request->count = instruction->count;
	for (size_t i = 0; i < instruction->count; i++)
		request->orders[i] = *instruction->orders[i];
	text_copy(request->list_id, sizeof request->list_id, instruction->list_id);
	request->has_replaced = instruction->replaced != NULL;
	if (request->has_replaced)
		request->replaced = *instruction->replaced;
	if (live->sign_status != STATUS_OK)
		return error_set(err, live->sign_status, "%s", live->sign_why);
	request->ticket = ++live->next_ticket;
	live->tickets[live->ticket_count++] = (struct signed_one){ request->ticket, *request };
	*ret = (struct signed_request){ .ticket = request->ticket, .signed_at_ms = now_there_ms(live), .recv_window_ms = 5000 };
	return STATUS_OK;
}

static bool
take_ticket(struct fake_live *live, int64_t ticket, enum fake_live_kind kind, struct fake_live_request *ret)
{
	for (size_t i = 0; i < live->ticket_count; i++) {
		if (live->tickets[i].ticket != ticket)
			continue;
		*ret = live->tickets[i].request;
		live->tickets[i] = live->tickets[--live->ticket_count];
		struct fake_live_request *request = remember(live, kind);
		int64_t at_mono_us = request->at_mono_us;
		*request = *ret;
		request->kind = kind;
		request->at_mono_us = at_mono_us;
		return true;
	}
	assert(ticket == 0);   /* it was used twice, or never given */
	return false;
}

static enum status
send_it(struct exchange *exchange, int64_t ticket, struct error *err)
{
	struct fake_live *live = self_of(exchange);
	struct fake_live_request request;

	if (!take_ticket(live, ticket, FAKE_SEND, &request))
		return error_set(err, STATUS_BUG, "no such ticket");
	if (live->is_by_hand)
		return STATUS_OK;
	enum fault fault = next_fault(live, ASKED_SUBMIT);
	if (fault == FAULT_NOT_SENT)
		return error_set(err, STATUS_UNAVAILABLE, "the exchange is out of reach");
	if (fault == FAULT_NONE || fault == FAULT_LOST_AFTER || fault == FAULT_SILENT_AFTER)
		process(live, &request, fault == FAULT_NONE);
	if (fault == FAULT_NONE || fault == FAULT_SILENT_AFTER || fault == FAULT_SILENT_BEFORE)
		return STATUS_OK;
	enum exchange_outcome outcome = fault == FAULT_REFUSE ? OUTCOME_REFUSED : OUTCOME_UNKNOWN;
	const char *why = fault == FAULT_REFUSE ? live->refuse_why : "the answer was lost";
	int code = fault == FAULT_REFUSE ? live->refuse_code : 0;
	if (request.has_replaced)
		report_outcome(live, ASKED_CANCEL, outcome, request.replaced.client_order_id, code, why);
	for (size_t i = 0; i < request.count; i++)
		report_outcome(live, ASKED_SUBMIT, outcome, request.orders[i].client_order_id, code, why);
	return STATUS_OK;
}

static void
drop(struct exchange *exchange, int64_t ticket)
{
	struct fake_live_request request;

	(void)take_ticket(self_of(exchange), ticket, FAKE_DROP, &request);
}

static void
cancel_there(struct fake_live *live, const struct order *order, bool is_told)
{
	struct there *there = find(live, order->client_order_id);

	if (there == NULL || order_is_final(there->order.state)) {
		if (is_told)
			report_outcome(live, ASKED_CANCEL, OUTCOME_NOT_FOUND, order->client_order_id,
			               EXCHANGE_CODE_CANCEL_REJECTED, "Unknown order sent.");
		return;
	}
	for (size_t i = 0; i < live->order_count; i++) {
		struct there *each = &live->orders[i];
		bool is_one = each == there || (there->list_id[0] != '\0' && strcmp(each->list_id, there->list_id) == 0);
		if (!is_one || order_is_final(each->order.state))
			continue;
		end(live, each, ORDER_CANCELLED);
		if (is_told)
			report_there(live, ASKED_CANCEL, each);
	}
}

static enum status
cancel(struct exchange *exchange, const struct order *order, struct error *err)
{
	struct fake_live *live = self_of(exchange);
	struct fake_live_request *request = remember(live, FAKE_CANCEL);

	request->orders[0] = *order;
	request->count = 1;
	if (live->is_by_hand)
		return STATUS_OK;
	enum fault fault = next_fault(live, ASKED_CANCEL);
	if (fault == FAULT_NOT_SENT)
		return error_set(err, STATUS_UNAVAILABLE, "the exchange is out of reach");
	if (fault == FAULT_NONE || fault == FAULT_LOST_AFTER || fault == FAULT_SILENT_AFTER)
		cancel_there(live, order, fault == FAULT_NONE);
	if (fault == FAULT_LOST_AFTER || fault == FAULT_LOST_BEFORE || fault == FAULT_REFUSE)
		report_outcome(live, ASKED_CANCEL, fault == FAULT_REFUSE ? OUTCOME_REFUSED : OUTCOME_UNKNOWN,
		               order->client_order_id, 0, "by the test");
	return STATUS_OK;
}

static enum status
query(struct exchange *exchange, const struct order *order, struct error *err)
{
	struct fake_live *live = self_of(exchange);
	struct fake_live_request *request = remember(live, FAKE_QUERY);

	request->orders[0] = *order;
	request->count = 1;
	if (live->is_by_hand)
		return STATUS_OK;
	enum fault fault = next_fault(live, ASKED_QUERY);
	if (fault == FAULT_NOT_SENT)
		return error_set(err, STATUS_UNAVAILABLE, "the exchange is out of reach");
	const struct there *there = find(live, order->client_order_id);
	if (fault == FAULT_SILENT_BEFORE || fault == FAULT_SILENT_AFTER)
		return STATUS_OK;
	if (fault != FAULT_NONE)
		report_outcome(live, ASKED_QUERY, OUTCOME_UNKNOWN, order->client_order_id, 0, "by the test");
	else if (there == NULL)
		report_outcome(live, ASKED_QUERY, OUTCOME_NOT_FOUND, order->client_order_id, EXCHANGE_CODE_NO_SUCH_ORDER,
		               "Order does not exist.");
	else
		report_there(live, ASKED_QUERY, there);
	return STATUS_OK;
}

static enum status
look(struct exchange *exchange, enum fake_live_kind kind, enum told_kind told_kind, const char *symbol, int64_t from_ms)
{
	struct fake_live *live = self_of(exchange);

	text_copy(remember(live, kind)->symbol, SYMBOL_SIZE, symbol);
	if (live->is_by_hand)
		return STATUS_OK;
	struct told *told = tell_later(live, told_kind);
	text_copy(told->symbol, sizeof told->symbol, symbol);
	told->asked_mono_ms = clock_mono_ms();
	told->from_ms = from_ms;
	told->has_error = live->do_looks_fail;
	if (told->has_error)
		(void)error_set(&told->error, STATUS_UNAVAILABLE, "%s", live->look_why);
	return STATUS_OK;
}

static enum status
look_open(struct exchange *exchange, const char *symbol, struct error *err)
{
	(void)err;
	return look(exchange, FAKE_LOOK_OPEN, TOLD_OPEN, symbol, 0);
}

static enum status
look_account(struct exchange *exchange, struct error *err)
{
	(void)err;
	return look(exchange, FAKE_LOOK_ACCOUNT, TOLD_ACCOUNT, "", 0);
}

static enum status
look_fees(struct exchange *exchange, const char *symbol, struct error *err)
{
	(void)err;
	return look(exchange, FAKE_LOOK_FEES, TOLD_FEES, symbol, 0);
}

static enum status
look_trades(struct exchange *exchange, const char *symbol, int64_t from_ms, struct error *err)
{
	(void)err;
	return look(exchange, FAKE_LOOK_TRADES, TOLD_TRADES, symbol, from_ms);
}

static void
tell_open(struct fake_live *live, const struct told *told)
{
	struct exchange_order *orders = calloc(ORDERS, sizeof *orders);
	size_t count = 0;

	assert(orders != NULL);
	for (size_t i = 0; i < live->order_count && !told->has_error; i++) {
		const struct there *there = &live->orders[i];
		if (!may_fill(there->order.state) || (told->symbol[0] != '\0' && strcmp(there->order.symbol, told->symbol) != 0))
			continue;
		struct exchange_order *row = &orders[count++];
		*row = (struct exchange_order){
			.side = there->order.side, .state = there->order.state, .quantity = there->order.quantity,
			.filled = there->order.filled_quantity, .price = there->order.price,
			.stop_price = there->order.stop_price, .updated_at_ms = there->updated_at_ms,
		};
		text_copy(row->client_order_id, sizeof row->client_order_id, there->client_order_id);
		text_copy(row->exchange_order_id, sizeof row->exchange_order_id, there->order.exchange_order_id);
		text_copy(row->symbol, sizeof row->symbol, there->order.symbol);
		text_copy(row->type, sizeof row->type, there->type);
	}
	if (live->base.listener.on_open != NULL)
		live->base.listener.on_open(live->base.listener.self, told->symbol, orders, count, told->asked_mono_ms,
		                            told->has_error ? &told->error : NULL);
	free(orders);
}

/* What resting orders lock of an asset; the legs of one list lock it once. */
static struct decimal
locked_of(const struct fake_live *live, const char *asset)
{
	struct decimal locked = DECIMAL_ZERO;

	for (size_t i = 0; i < live->order_count; i++) {
		const struct there *there = &live->orders[i];
		char base[ASSET_SIZE], quote[ASSET_SIZE];
		bool is_counted = false;
		symbol_split(there->order.symbol, base, quote);
		if (!may_fill(there->order.state) || strcmp(there->order.side == SIDE_SELL ? base : quote, asset) != 0)
			continue;
		for (size_t j = 0; j < i; j++)
			is_counted |= there->list_id[0] != '\0' && may_fill(live->orders[j].order.state) &&
			              strcmp(live->orders[j].list_id, there->list_id) == 0;
		struct decimal rest = minus(there->order.quantity, there->order.filled_quantity);
		if (!is_counted)
			locked = plus(locked, there->order.side == SIDE_SELL ? rest : times(rest, there->order.price));
	}
	return locked;
}

static void
tell_account(struct fake_live *live, const struct told *told)
{
	struct exchange_balance balances[ASSETS];
	struct exchange_account account = { .can_trade = true, .balances = balances };

	text_copy(account.uid, sizeof account.uid, live->status.uid);
	for (size_t i = 0; i < live->asset_count; i++) {
		struct exchange_balance *row = &balances[account.balance_count];
		struct decimal total = live->assets[i].total;
		if (!decimal_is_positive(total))
			continue;
		text_copy(row->asset, sizeof row->asset, live->assets[i].asset);
		row->locked = decimal_min(total, locked_of(live, row->asset));
		row->free = minus(total, row->locked);
		account.balance_count++;
	}
	if (live->base.listener.on_account != NULL)
		live->base.listener.on_account(live->base.listener.self, told->has_error ? NULL : &account,
		                               told->has_error ? &told->error : NULL);
}

static void
tell_trades(struct fake_live *live, const struct told *told)
{
	struct exchange_trade *trades = calloc(TRADES, sizeof *trades);
	size_t count = 0;

	assert(trades != NULL);
	for (size_t i = 0; i < live->trade_count && !told->has_error; i++)
		if (strcmp(live->trade_symbols[i], told->symbol) == 0 && live->trades[i].fill.at_ms >= told->from_ms)
			trades[count++] = live->trades[i];
	if (live->base.listener.on_trades != NULL)
		live->base.listener.on_trades(live->base.listener.self, told->symbol, trades, count,
		                              told->has_error ? &told->error : NULL);
	free(trades);
}

static void
tell(struct fake_live *live, const struct told *told)
{
	const struct exchange_listener *listener = &live->base.listener;
	const struct error *error = told->has_error ? &told->error : NULL;
	struct exchange_fees fees = { .taker_percent = live->taker_percent, .maker_percent = live->taker_percent };

	switch (told->kind) {
	case TOLD_REPORT:
		if (listener->on_report != NULL)
			listener->on_report(listener->self, &told->report);
		break;
	case TOLD_OPEN:
		tell_open(live, told);
		break;
	case TOLD_ACCOUNT:
		tell_account(live, told);
		break;
	case TOLD_FEES:
		text_copy(fees.symbol, sizeof fees.symbol, told->symbol);
		if (listener->on_fees != NULL)
			listener->on_fees(listener->self, &fees, error);
		break;
	case TOLD_TRADES:
		tell_trades(live, told);
		break;
	case TOLD_TESTED:
	default:
		if (listener->on_tested != NULL)
			listener->on_tested(listener->self, told->client_order_id, error);
		break;
	}
}

static void
status(const struct exchange *exchange, struct exchange_status *ret)
{
	const struct fake_live *live = look_at(exchange);

	*ret = live->status;
	ret->has_clock_offset = true;
	ret->clock_offset_ms = live->clock_offset_ms;
}

static bool
is_busy(const struct exchange *exchange)
{
	return look_at(exchange)->told != NULL;
}

static void
prepare(struct exchange *exchange, struct wait *wait, int64_t now_mono_us)
{
	if (self_of(exchange)->told != NULL)
		wait_until(wait, now_mono_us);
}

static void
dispatch(struct exchange *exchange, const struct wait *wait, int64_t now_mono_us)
{
	struct fake_live *live = self_of(exchange);
	struct told *due = live->told;

	(void)wait;
	(void)now_mono_us;
	live->told = NULL;                        /* what is asked meanwhile is answered next time */
	live->told_end = &live->told;
	while (due != NULL) {
		struct told *next = due->next;
		tell(live, due);
		free(due);
		due = next;
	}
}

static void
forget(struct exchange *exchange)
{
	struct fake_live *live = self_of(exchange);

	while (live->told != NULL) {
		struct told *next = live->told->next;
		free(live->told);
		live->told = next;
	}
	live->told_end = &live->told;
	live->ticket_count = 0;
}

static void
close_it(struct exchange *exchange)
{
	if (exchange == NULL)
		return;
	forget(exchange);
	munmap(exchange, sizeof(struct fake_live));
}

static const struct exchange_ops ops = {
	.sign = sign, .send = send_it, .drop = drop, .cancel = cancel, .query = query, .look_open = look_open,
	.look_account = look_account, .look_fees = look_fees, .look_trades = look_trades, .status = status,
	.forget = forget, .is_busy = is_busy, .prepare = prepare, .dispatch = dispatch, .close = close_it,
};

struct exchange *
fake_live_open(void)
{
	/* Shared with every process that the test forks off: the exchange outlives those that trade on it. */
	struct fake_live *live = mmap(NULL, sizeof *live, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert(live != MAP_FAILED);
	live->base.ops = &ops;
	live->refuse_code = EXCHANGE_CODE_NEW_ORDER_REJECTED;
	text_copy(live->refuse_why, sizeof live->refuse_why, "refused by the test");
	live->told_end = &live->told;
	live->commission_percent = DECIMAL_ZERO;
	live->taker_percent = number("0.1");
	live->status = (struct exchange_status){ .is_ready = true, .is_reachable = true, .weight_limit = 6000 };
	text_copy(live->status.host, sizeof live->status.host, "fake.exchange");
	text_copy(live->status.label, sizeof live->status.label, "fake exchange");
	text_copy(live->status.key_tail, sizeof live->status.key_tail, "wxyz");
	text_copy(live->status.uid, sizeof live->status.uid, "1000001");
	return &live->base;
}

/* ---- the test's hand ---- */

void
fake_live_client_died(struct exchange *exchange)
{
	struct fake_live *live = self_of(exchange);

	live->told = NULL;                        /* the dead one's memory, and its tickets */
	live->told_end = &live->told;
	live->ticket_count = 0;
	live->watcher = NULL;
	live->base.listener = (struct exchange_listener){ 0 };
}

void
fake_live_watch(struct exchange *exchange, fake_live_fn watcher, void *self)
{
	self_of(exchange)->watcher = watcher;
	self_of(exchange)->watcher_self = self;
}

void
fake_live_refuse_with(struct exchange *exchange, int code, const char *why)
{
	self_of(exchange)->refuse_code = code;
	text_copy(self_of(exchange)->refuse_why, sizeof self_of(exchange)->refuse_why, why);
}

void fake_live_refuse_placements(struct exchange *exchange, int count) { self_of(exchange)->refused_placements = count; }

const struct order *
fake_live_at(const struct exchange *exchange, size_t n, const char **ret_client_order_id)
{
	const struct fake_live *live = look_at(exchange);

	if (n >= live->order_count)
		return NULL;
	*ret_client_order_id = live->orders[n].client_order_id;
	return &live->orders[n].order;
}

void
fake_live_price(struct exchange *exchange, const char *symbol, const char *bid, const char *ask)
{
	struct fake_live *live = self_of(exchange);
	struct decimal at;
	size_t n = 0;

	while (n < live->price_count && strcmp(live->prices[n].symbol, symbol) != 0)
		n++;
	assert(n < ARRAY_LEN(live->prices));
	if (n == live->price_count)
		live->price_count++;
	text_copy(live->prices[n].symbol, SYMBOL_SIZE, symbol);
	live->prices[n].bid = number(bid);
	live->prices[n].ask = number(ask);
	for (size_t i = 0; i < live->order_count && !live->is_by_hand; i++) {
		struct there *there = &live->orders[i];
		if (strcmp(there->order.symbol, symbol) == 0 && may_fill(there->order.state) &&
		    is_crossed(&there->order, live->prices[n].bid, live->prices[n].ask, &at))
			fill(live, there, minus(there->order.quantity, there->order.filled_quantity), at);
	}
}

void
fake_live_balance(struct exchange *exchange, const char *asset, const char *total)
{
	struct fake_live *live = self_of(exchange);

	for (size_t i = 0; i < live->asset_count; i++)
		if (strcmp(live->assets[i].asset, asset) == 0) {
			live->assets[i].total = number(total);
			return;
		}
	add_asset(live, asset, number(total));
}

void
fake_live_commission(struct exchange *exchange, const char *percent, const char *asset)
{
	self_of(exchange)->commission_percent = number(percent);
	text_copy(self_of(exchange)->commission_asset, ASSET_SIZE, asset);
}

void
fake_live_taker(struct exchange *exchange, const char *percent)
{
	self_of(exchange)->taker_percent = number(percent);
}

void
fake_live_stranger(struct exchange *exchange, const char *client_order_id, const char *symbol, enum side side,
                   const char *type, const char *quantity, const char *price)
{
	struct order order = { .mode = MODE_LIVE, .side = side, .type = ORDER_LIMIT, .tif = TIF_GTC, .has_price = true,
	                       .purpose = PURPOSE_EXIT };

	text_copy(order.symbol, sizeof order.symbol, symbol);
	order.quantity = number(quantity);
	order.price = number(price);
	order.has_stop_price = strncmp(type, "STOP", 4) == 0;
	order.stop_price = order.has_stop_price ? order.price : DECIMAL_ZERO;
	struct there *there = place(self_of(exchange), &order, ORDER_NEW, "");
	text_copy(there->client_order_id, sizeof there->client_order_id, client_order_id);
	text_copy(there->type, sizeof there->type, type);
}

void
fake_live_fill(struct exchange *exchange, const char *client_order_id, const char *quantity, const char *price)
{
	struct there *there = find(self_of(exchange), client_order_id);

	assert(there != NULL && may_fill(there->order.state));
	struct decimal rest = minus(there->order.quantity, there->order.filled_quantity);
	fill(self_of(exchange), there, quantity != NULL ? number(quantity) : rest, number(price));
}

void
fake_live_end(struct exchange *exchange, const char *client_order_id, enum order_state state)
{
	struct there *there = find(self_of(exchange), client_order_id);

	assert(there != NULL);
	end(self_of(exchange), there, state);
	follow(self_of(exchange), there);
}

enum order_state
fake_live_state(const struct exchange *exchange, const char *client_order_id)
{
	const struct there *there = find(look_at(exchange), client_order_id);

	return there != NULL ? there->order.state : ORDER_NEVER_ARRIVED;
}

struct decimal
fake_live_filled(const struct exchange *exchange, const char *client_order_id)
{
	const struct there *there = find(look_at(exchange), client_order_id);

	return there != NULL ? there->order.filled_quantity : DECIMAL_ZERO;
}

int
fake_live_resting(const struct exchange *exchange)
{
	int count = 0;

	for (size_t i = 0; i < look_at(exchange)->order_count; i++)
		count += may_fill(look_at(exchange)->orders[i].order.state);
	return count;
}

void fake_live_kill_legs(struct exchange *exchange, bool kill) { self_of(exchange)->kills_legs = kill; }

void
fake_live_plan(struct exchange *exchange, enum exchange_request request, int nth, enum fault fault)
{
	struct fake_live *live = self_of(exchange);

	assert(live->plan_count < PLANS);
	live->plans[live->plan_count++] = (struct plan){ .request = request, .nth = nth, .fault = fault };
}

void fake_live_heal(struct exchange *exchange) { self_of(exchange)->plan_count = 0; }

void
fake_live_refuse_to_sign(struct exchange *exchange, enum status why_status, const char *why)
{
	self_of(exchange)->sign_status = why_status;
	text_copy(self_of(exchange)->sign_why, sizeof self_of(exchange)->sign_why, why);
}

void
fake_live_fail_looks(struct exchange *exchange, const char *why)
{
	self_of(exchange)->do_looks_fail = why != NULL;
	text_copy(self_of(exchange)->look_why, sizeof self_of(exchange)->look_why, why);
}

void fake_live_by_hand(struct exchange *exchange, bool by_hand) { self_of(exchange)->is_by_hand = by_hand; }
void fake_live_clock_offset(struct exchange *exchange, int64_t ms) { self_of(exchange)->clock_offset_ms = ms; }
struct exchange_status *fake_live_status(struct exchange *exchange) { return &self_of(exchange)->status; }
void fake_live_wake(struct exchange *exchange) { self_of(exchange)->is_awake = true; }
bool fake_live_is_awake(const struct exchange *exchange) { return look_at(exchange)->is_awake; }
