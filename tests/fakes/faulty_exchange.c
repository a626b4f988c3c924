/* Requests are counted per kind as they come; the fault planned for one is remembered with its order
 * until the inner exchange answers it. */
#include "tests/fakes/faulty_exchange.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { PLANS = 32, KINDS = ASKED_NOTHING + 1 };

struct plan {
	enum exchange_request request;
	int nth;                          /* counted down; 0: each */
	enum fault fault;
	int turns;
};
struct awaited {                          /* a request whose answer meets a fault */
	struct awaited *next;
	enum exchange_request request;
	char client_order_id[CLIENT_ORDER_ID_SIZE];
	enum fault fault;
	int turns;
};
struct held {                             /* a report that is still to come */
	struct held *next;
	int turns;
	struct exchange_report report;
	char client_order_id[CLIENT_ORDER_ID_SIZE], exchange_order_id[EXCHANGE_ORDER_ID_SIZE];
	char reason[256];
	struct fill fills[];
};
struct faulty {
	struct exchange base;
	struct exchange *inner;
	struct plan plans[PLANS];
	int plan_count, counts[KINDS];
	struct awaited *awaited;
	struct held *held;
};

static struct faulty *
self_of(struct exchange *exchange)
{
	return (struct faulty *)exchange;
}

static void *
must(void *memory)
{
	assert(memory != NULL);
	return memory;
}

/* ---- plans ---- */

static struct plan
next_fault(struct faulty *faulty, enum exchange_request request)
{
	struct plan met = { .fault = FAULT_NONE };
	faulty->counts[request]++;
	for (int i = 0; i < faulty->plan_count; i++) {
		struct plan *plan = &faulty->plans[i];
		if (plan->request != request || plan->nth < 0)
			continue;
		if (plan->nth == 0) {
			met = *plan;
		} else if (--plan->nth == 0) {
			met = *plan;
			plan->nth = -1;          /* done */
		}
	}
	return met;
}

/* ---- reports ---- */

static void
hold(struct faulty *faulty, const struct exchange_report *report, int turns)
{
	struct held *held = must(calloc(1, sizeof *held + report->fill_count * sizeof *report->fills));
	held->turns = turns;
	held->report = *report;
	text_copy(held->client_order_id, sizeof held->client_order_id, report->client_order_id);
	text_copy(held->exchange_order_id, sizeof held->exchange_order_id, report->exchange_order_id);
	text_copy(held->reason, sizeof held->reason, report->reason);
	if (report->fill_count > 0)
		memcpy(held->fills, report->fills, report->fill_count * sizeof *report->fills);
	held->report.client_order_id = held->client_order_id;
	held->report.exchange_order_id = held->exchange_order_id;
	held->report.reason = held->reason;
	held->report.fills = held->fills;
	struct held **end = &faulty->held;
	while (*end != NULL)
		end = &(*end)->next;
	*end = held;
}

static void
tell(struct faulty *faulty, const struct exchange_report *report)
{
	if (faulty->base.listener.on_report != NULL)
		faulty->base.listener.on_report(faulty->base.listener.self, report);
}

static struct exchange_report
made_up(enum exchange_request request, enum exchange_outcome outcome, const char *client_order_id)
{
	return (struct exchange_report){
		.request = request, .outcome = outcome, .client_order_id = client_order_id,
		.exchange_order_id = "", .reason = "",
	};
}

static void
on_report(void *self, const struct exchange_report *report)
{
	struct faulty *faulty = self;
	enum fault fault = FAULT_NONE;
	int turns = 0;

	if (report->request == ASKED_NOTHING) {
		struct plan plan = next_fault(faulty, ASKED_NOTHING);
		fault = plan.fault;
		turns = plan.turns;
	}
	for (struct awaited **at = &faulty->awaited; *at != NULL; at = &(*at)->next) {
		struct awaited *awaited = *at;
		if (awaited->request != report->request ||
		    strcmp(awaited->client_order_id, report->client_order_id) != 0)
			continue;
		fault = awaited->fault;
		turns = awaited->turns;
		*at = awaited->next;
		free(awaited);
		break;
	}
	struct exchange_report unknown = made_up(report->request, OUTCOME_UNKNOWN, report->client_order_id);
	switch (fault) {
	case FAULT_SILENT_AFTER:
		return;
	case FAULT_LOST_AFTER:
		tell(faulty, &unknown);
		return;
	case FAULT_DELAY:
		hold(faulty, report, turns);
		return;
	case FAULT_REPEAT:
		hold(faulty, report, 1);
		tell(faulty, report);
		return;
	default:
		tell(faulty, report);
		return;
	}
}

/* ---- requests ---- */

typedef enum status (*request_fn)(struct exchange *, const struct order *, struct error *);

static enum status
request(struct exchange *exchange, enum exchange_request kind, request_fn inner, const struct order *order,
        struct error *err)
{
	struct faulty *faulty = self_of(exchange);
	struct plan plan = next_fault(faulty, kind);
	struct exchange_report report = made_up(kind, OUTCOME_UNKNOWN, order->client_order_id);

	switch (plan.fault) {
	case FAULT_NOT_SENT:
		return error_set(err, STATUS_UNAVAILABLE, "the exchange is out of reach");
	case FAULT_SILENT_BEFORE:
		return STATUS_OK;
	case FAULT_LOST_BEFORE:
		hold(faulty, &report, 0);
		return STATUS_OK;
	case FAULT_REFUSE:
		report.outcome = OUTCOME_REFUSED;
		report.state = ORDER_REJECTED;
		report.code = -2010;
		report.reason = "refused by the test";
		hold(faulty, &report, 0);
		return STATUS_OK;
	default:
		break;
	}
	enum status status = inner(faulty->inner, order, err);
	if (status != STATUS_OK || plan.fault == FAULT_NONE)
		return status;
	struct awaited *awaited = must(calloc(1, sizeof *awaited)), **end = &faulty->awaited;
	awaited->request = kind;
	awaited->fault = plan.fault;
	awaited->turns = plan.turns;
	text_copy(awaited->client_order_id, sizeof awaited->client_order_id, order->client_order_id);
	while (*end != NULL)
		end = &(*end)->next;
	*end = awaited;
	return STATUS_OK;
}

static enum status
submit(struct exchange *exchange, const struct order *order, struct error *err)
{
	return request(exchange, ASKED_SUBMIT, self_of(exchange)->inner->ops->submit, order, err);
}

static enum status
cancel(struct exchange *exchange, const struct order *order, struct error *err)
{
	return request(exchange, ASKED_CANCEL, self_of(exchange)->inner->ops->cancel, order, err);
}

static enum status
query(struct exchange *exchange, const struct order *order, struct error *err)
{
	return request(exchange, ASKED_QUERY, self_of(exchange)->inner->ops->query, order, err);
}

/* ---- the rest goes through ---- */

static void
quote(struct exchange *exchange, const struct quote *now)
{
	struct exchange *inner = self_of(exchange)->inner;
	if (inner->ops->quote != NULL)
		inner->ops->quote(inner, now);
}

static void
rules(struct exchange *exchange, const struct symbol_rules *learnt)
{
	struct exchange *inner = self_of(exchange)->inner;
	if (inner->ops->rules != NULL)
		inner->ops->rules(inner, learnt);
}

static enum status
restore(struct exchange *exchange, const struct order *order, struct error *err)
{
	struct exchange *inner = self_of(exchange)->inner;
	if (inner->ops->restore == NULL)
		return error_set(err, STATUS_INVALID, "nothing is restored there");
	return inner->ops->restore(inner, order, err);
}

static void
drop_all(struct faulty *faulty)
{
	while (faulty->awaited != NULL) {
		struct awaited *next = faulty->awaited->next;
		free(faulty->awaited);
		faulty->awaited = next;
	}
	while (faulty->held != NULL) {
		struct held *next = faulty->held->next;
		free(faulty->held);
		faulty->held = next;
	}
}

static void
forget(struct exchange *exchange)
{
	struct exchange *inner = self_of(exchange)->inner;
	drop_all(self_of(exchange));
	if (inner->ops->forget != NULL)
		inner->ops->forget(inner);
}

static bool
holds_something_to_come(const struct faulty *faulty)
{
	for (const struct held *each = faulty->held; each != NULL; each = each->next)
		if (each->turns != FAULT_UNTIL_RELEASED)
			return true;
	return false;
}

static bool
is_busy(const struct exchange *exchange)
{
	const struct faulty *faulty = (const struct faulty *)exchange;
	return holds_something_to_come(faulty) || faulty->inner->ops->is_busy(faulty->inner);
}

static void
prepare(struct exchange *exchange, struct wait *wait, int64_t now_mono_us)
{
	struct faulty *faulty = self_of(exchange);
	if (holds_something_to_come(faulty))
		wait_until(wait, now_mono_us);
	faulty->inner->ops->prepare(faulty->inner, wait, now_mono_us);
}

static void
dispatch(struct exchange *exchange, const struct wait *wait, int64_t now_mono_us)
{
	struct faulty *faulty = self_of(exchange);
	struct held *due = NULL, **due_end = &due;

	for (struct held **at = &faulty->held; *at != NULL; ) {
		struct held *held = *at;
		if (held->turns > 0)
			held->turns--;
		if (held->turns != 0) {
			at = &held->next;
			continue;
		}
		*at = held->next;
		held->next = NULL;
		*due_end = held;
		due_end = &held->next;
	}
	while (due != NULL) {
		struct held *held = due;
		due = held->next;
		tell(faulty, &held->report);
		free(held);
	}
	faulty->inner->ops->dispatch(faulty->inner, wait, now_mono_us);
}

static void
close_both(struct exchange *exchange)
{
	struct faulty *faulty = self_of(exchange);
	if (faulty == NULL)
		return;
	drop_all(faulty);
	faulty->inner->ops->close(faulty->inner);
	free(faulty);
}

static const struct exchange_ops faulty_ops = {
	.submit = submit, .cancel = cancel, .query = query, .quote = quote, .rules = rules,
	.restore = restore, .forget = forget, .is_busy = is_busy, .prepare = prepare,
	.dispatch = dispatch, .close = close_both,
};

struct exchange *
faulty_open(struct exchange *inner)
{
	struct faulty *faulty = must(calloc(1, sizeof *faulty));
	faulty->base.ops = &faulty_ops;
	faulty->inner = inner;
	inner->listener = (struct exchange_listener){ .self = faulty, .on_report = on_report };
	return &faulty->base;
}

struct exchange *
faulty_inner(struct exchange *exchange)
{
	return self_of(exchange)->inner;
}

void
faulty_plan(struct exchange *exchange, enum exchange_request kind, int nth, enum fault fault, int turns)
{
	struct faulty *faulty = self_of(exchange);
	assert(faulty->plan_count < PLANS);
	faulty->plans[faulty->plan_count++] =
	        (struct plan){ .request = kind, .nth = nth, .fault = fault, .turns = turns };
}

void
faulty_heal(struct exchange *exchange)
{
	self_of(exchange)->plan_count = 0;
}

void
faulty_release(struct exchange *exchange)
{
	for (struct held *each = self_of(exchange)->held; each != NULL; each = each->next)
		each->turns = 0;
}

int
faulty_count(const struct exchange *exchange, enum exchange_request kind)
{
	return ((const struct faulty *)exchange)->counts[kind];
}
