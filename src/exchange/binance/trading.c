/* Orders out, reports in.
 *
 * An instruction is signed before it is written down and sent after (sign, send); what is sent are the very
 * bytes that were signed.  A cancel and a query are signed and sent at once.  Each order of a request
 * gets one report, whatever came back; siblings that a cancelled list took with it are told, too. */
#include <string.h>
#include "base/clock.h"
#include "exchange/binance/state.h"

enum { QUERY_WEIGHT = 4 };
enum { CODE_ARCHIVED = -2026 };

/* An order is acted on only where it lives: on another host or account its id means nothing, and "no such
 * order" there would be taken for the truth. */
static enum status
check_home(const struct binance *self, const struct order *order, struct error *err)
{
	if (order->exchange_host[0] != '\0' && strcmp(order->exchange_host, self->host) != 0)
		return error_set(err, STATUS_CONFLICT, "order %s belongs to %s, not to %s", order->client_order_id,
		                 order->exchange_host, self->host);
	if (order->account[0] != '\0' && self->uid[0] != '\0' && strcmp(order->account, self->uid) != 0)
		return error_set(err, STATUS_CONFLICT, "order %s belongs to account %s, not to %s",
		                 order->client_order_id, order->account, self->uid);
	return STATUS_OK;
}

static enum status
check_ready(const struct binance *self, bool is_entry, struct error *err)
{
	if (self->keys == NULL)
		return error_set(err, STATUS_CONFIG, "there is no API key for %s", self->host);
	/* An exit is tried all the same: a key service that errs for a moment must not hold it back. */
	if (is_entry && binance_is_key_refused(self))
		return error_set(err, STATUS_CONFIG, "%s", self->key_trouble);
	if (!self->time.is_known)
		return error_set(err, STATUS_UNAVAILABLE, "the clock of %s is not known yet%s%.150s", self->host,
		                 self->trouble[0] != '\0' ? ": " : "", self->trouble);
	if (!self->has_account)
		return error_set(err, STATUS_UNAVAILABLE, "the account at %s is not known yet%s%.150s", self->host,
		                 self->trouble[0] != '\0' ? ": " : "", self->trouble);
	return STATUS_OK;
}

static enum status
prepare_instruction(struct ask *ask, const struct instruction *in, struct error *err)
{
	ask->instruction = in->kind;
	ask->method = "POST";
	ask->path = request_path(in->kind);
	ask->weight = 1;
	ask->order_count = request_order_count(in->kind);
	ask->is_urgent = in->kind != INSTRUCT_TEST && in->orders[0]->purpose != PURPOSE_ENTRY;
	text_copy(ask->symbol, sizeof ask->symbol, in->orders[0]->symbol);
	if (in->replaced != NULL)
		part_add(ask, ASKED_CANCEL, in->replaced);
	for (size_t i = 0; i < in->count; i++)
		part_add(ask, ASKED_SUBMIT, in->orders[i]);
	int64_t now_us = clock_mono_us();
	binance_share_allowance(ask->self);
	enum status status = limits_room(&ask->self->limits, ask->weight, ask->order_count, ask->is_urgent,
	                                 now_us, binance_now_ms(ask->self, now_us), err);
	if (status != STATUS_OK)
		return status;
	request_write(in, &ask->payload);
	return ask_sign(ask, err);
}

enum status
trading_sign(struct exchange *ex, const struct instruction *in, struct signed_request *ret,
             struct error *err)
{
	struct binance *self = (struct binance *)ex;
	enum status status = request_check(in, err);
	if (status == STATUS_OK)
		status = check_ready(self, in->orders[0]->purpose == PURPOSE_ENTRY, err);
	for (size_t i = 0; status == STATUS_OK && i < in->count; i++)
		status = check_home(self, in->orders[i], err);
	if (status == STATUS_OK && in->replaced != NULL)
		status = check_home(self, in->replaced, err);
	if (status != STATUS_OK)
		return status;
	struct ask *ask = ask_new(self, ASK_INSTRUCTION);
	if (ask == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory for an order");
	status = prepare_instruction(ask, in, err);
	if (status != STATUS_OK) {
		ask_free(ask);
		return status;
	}
	ask->ticket = ++self->last_ticket;
	*ret = (struct signed_request){ .ticket = ask->ticket, .signed_at_ms = ask->asked_at_ms,
	                                .recv_window_ms = self->recv_window_ms };
	return STATUS_OK;
}

static struct ask *
find_ticket(struct binance *self, int64_t ticket)
{
	for (struct ask *each = self->asks; ticket > 0 && each != NULL; each = each->next)
		if (each->ticket == ticket)
			return each;
	return NULL;
}

enum status
trading_send(struct exchange *ex, int64_t ticket, struct error *err)
{
	struct binance *self = (struct binance *)ex;
	struct ask *ask = find_ticket(self, ticket);
	if (ask == NULL)
		return error_set(err, STATUS_BUG, "nothing was signed under this ticket");
	ask->ticket = 0;
	enum status status = STATUS_OK;
	if (self->time.is_known &&
	    server_time_ms(&self->time, clock_mono_us()) > ask->asked_at_ms + self->recv_window_ms)
		status = error_set(err, STATUS_UNAVAILABLE, "it was signed too long ago to be accepted");
	if (status == STATUS_OK)
		status = ask_send(ask, err);
	if (status != STATUS_OK)
		ask_free(ask);
	return status;
}

void
trading_drop(struct exchange *ex, int64_t ticket)
{
	struct ask *ask = find_ticket((struct binance *)ex, ticket);
	if (ask != NULL)
		ask_free(ask);
}

static enum status
ask_about(struct exchange *ex, enum ask_kind kind, const struct order *order, struct error *err)
{
	struct binance *self = (struct binance *)ex;
	enum status status = check_ready(self, false, err);
	if (status == STATUS_OK)
		status = check_home(self, order, err);
	if (status != STATUS_OK)
		return status;
	struct ask *ask = ask_new(self, kind);
	if (ask == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory for a request");
	ask->method = kind == ASK_CANCEL ? "DELETE" : "GET";
	ask->path = request_path(INSTRUCT_ORDER);
	ask->weight = kind == ASK_CANCEL ? 1 : QUERY_WEIGHT;
	ask->is_urgent = true;
	text_copy(ask->symbol, sizeof ask->symbol, order->symbol);
	part_add(ask, kind == ASK_CANCEL ? ASKED_CANCEL : ASKED_QUERY, order);
	payload_add(&ask->payload, "symbol", order->symbol);
	payload_add(&ask->payload, "origClientOrderId", order->client_order_id);
	status = ask_sign(ask, err);
	if (status == STATUS_OK)
		status = ask_send(ask, err);
	if (status != STATUS_OK)
		ask_free(ask);
	return status;
}

enum status
trading_cancel(struct exchange *ex, const struct order *order, struct error *err)
{
	return ask_about(ex, ASK_CANCEL, order, err);
}

enum status
trading_query(struct exchange *ex, const struct order *order, struct error *err)
{
	return ask_about(ex, ASK_QUERY, order, err);
}

/* ---- answers ---- */

static enum exchange_outcome
outcome_of(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_REFUSED:
		return OUTCOME_REFUSED;
	case VERDICT_TURNED_AWAY:
	case VERDICT_NOT_SENT:
		return OUTCOME_NOT_SENT;
	default:
		return OUTCOME_UNKNOWN;
	}
}

static void
fail_all(struct ask *ask, enum exchange_outcome outcome, int code, const char *reason)
{
	for (size_t i = 0; i < ask->part_count; i++)
		part_fail(&ask->parts[i], outcome, code, reason);
}

/* "Canceling an individual order from an order list will cancel the entire order list": the answer is
 * then the list's, with a report of each order (web-socket-api.md, "Cancel order"). */
static void
add_siblings(struct ask *ask, const struct order *asked, const json_t *reports)
{
	for (size_t i = 0; i < json_array_size(reports); i++) {
		const json_t *object = json_array_get(reports, i);
		const char *id = json_string_value(json_object_get(object, "origClientOrderId"));
		const char *side = json_string_value(json_object_get(object, "side"));
		struct order sibling = *asked;
		if (id == NULL || side == NULL || strcmp(id, asked->client_order_id) == 0 ||
		    !text_copy(sibling.client_order_id, sizeof sibling.client_order_id, id) ||
		    text_make_harmless(sibling.client_order_id) > 0 || side_parse(side, &sibling.side) != STATUS_OK)
			continue;
		sibling.exchange_order_id[0] = '\0';
		sibling.quantity = DECIMAL_ZERO;       /* how much it was for is not known here */
		sibling.is_quantity_open = true;
		struct part *part = part_add(ask, ASKED_NOTHING, &sibling);
		if (part == NULL)
			return;
		part_read(part, object);
	}
}

/* An answer to a cancel: one order, or a list.  Parts are added behind the asked one. */
static void
read_cancelled(struct ask *ask, size_t index, const json_t *object)
{
	const struct order asked = ask->parts[index].order;
	const json_t *reports = json_object_get(object, "orderReports");
	if (!json_is_array(reports)) {
		part_read(&ask->parts[index], object);
		return;
	}
	const json_t *own = NULL;
	for (size_t i = 0; own == NULL && i < json_array_size(reports); i++)
		if (order_json_is_of(json_array_get(reports, i), &asked))
			own = json_array_get(reports, i);
	if (own != NULL)
		part_read(&ask->parts[index], own);
	else
		part_fail(&ask->parts[index], OUTCOME_UNKNOWN, 0, "the answer does not speak of this order");
	add_siblings(ask, &asked, reports);
}

static void
cancel_refused(struct part *part, const json_t *object)
{
	int code = 0;
	char reason[sizeof part->reason] = "";
	if (!outcome_refusal(object, &code, reason, sizeof reason)) {
		part_fail(part, OUTCOME_UNKNOWN, 0, "the answer does not say why the cancel failed");
		return;
	}
	/* -2011 has two meanings: there is nothing to cancel, or it is there and ONLY_NEW forbids it. */
	bool is_gone = code == EXCHANGE_CODE_CANCEL_REJECTED && strstr(reason, "restrictions") == NULL;
	part_fail(part, is_gone ? OUTCOME_NOT_FOUND : outcome_of(outcome_of_code(code, reason)), code, reason);
}

static void
read_replaced(struct ask *ask, const json_t *data)
{
	const char *cancelled = json_string_value(json_object_get(data, "cancelResult"));
	const char *placed = json_string_value(json_object_get(data, "newOrderResult"));
	const json_t *answer = json_object_get(data, "newOrderResponse");
	int code = 0;
	char reason[sizeof ask->parts[0].reason] = "";
	struct part made = ask->parts[1];
	ask->part_count = 1;                          /* siblings come before the new order */
	if (cancelled != NULL && strcmp(cancelled, "SUCCESS") == 0)
		read_cancelled(ask, 0, json_object_get(data, "cancelResponse"));
	else if (cancelled != NULL && strcmp(cancelled, "FAILURE") == 0)
		cancel_refused(&ask->parts[0], json_object_get(data, "cancelResponse"));
	else
		part_fail(&ask->parts[0], OUTCOME_UNKNOWN, 0, "the answer does not say whether it was cancelled");
	if (ask->part_count == PARTS_MAX)
		order_answer_done(&ask->parts[--ask->part_count].answer);
	ask->parts[ask->part_count++] = made;
	struct part *part = &ask->parts[ask->part_count - 1];
	if (placed != NULL && strcmp(placed, "SUCCESS") == 0) {
		part_read(part, answer);
	} else if (placed != NULL && strcmp(placed, "FAILURE") == 0 &&
	           outcome_refusal(answer, &code, reason, sizeof reason)) {
		part_fail(part, outcome_of(outcome_of_code(code, reason)), code, reason);
	} else if (placed != NULL && strcmp(placed, "NOT_ATTEMPTED") == 0) {
		text_format(reason, sizeof reason, "not attempted: %.200s", ask->parts[0].reason);
		part_fail(part, OUTCOME_REFUSED, EXCHANGE_CODE_REPLACE_FAILED, reason);
	} else {
		part_fail(part, OUTCOME_UNKNOWN, 0, "the answer does not say what became of the new order");
	}
}

static void
instruction_heard(struct ask *ask, const struct outcome *outcome)
{
	bool is_replace = ask->instruction == INSTRUCT_REPLACE;
	const json_t *data = outcome->verdict == VERDICT_OK ? outcome->root
	                                                    : json_object_get(outcome->root, "data");
	bool is_definite = outcome->verdict != VERDICT_UNKNOWN && outcome->verdict != VERDICT_NOT_SENT;
	if (is_replace && is_definite && json_is_object(data)) {
		read_replaced(ask, data);
	} else if (outcome->verdict != VERDICT_OK) {
		/* "Partially failed" without its parts tells nothing. */
		bool is_half = outcome->code == EXCHANGE_CODE_REPLACE_PARTIAL;
		fail_all(ask, is_half ? OUTCOME_UNKNOWN : outcome_of(outcome->verdict), outcome->code,
		         outcome->reason);
	} else if (ask->part_count == 1) {
		part_read(&ask->parts[0], outcome->root);
	} else {
		const json_t *reports = json_object_get(outcome->root, "orderReports");
		for (size_t i = 0; i < ask->part_count; i++) {
			part_fail(&ask->parts[i], OUTCOME_UNKNOWN, 0, "the answer does not speak of this order");
			for (size_t r = 0; r < json_array_size(reports); r++)
				if (order_json_is_of(json_array_get(reports, r), &ask->parts[i].order)) {
					part_read(&ask->parts[i], json_array_get(reports, r));
					break;
				}
		}
	}
	settle(ask);
}

static void
tested(struct ask *ask, const struct outcome *outcome)
{
	const struct exchange_listener *listener = &ask->self->base.listener;
	struct error err = { 0 };
	bool is_good = outcome->verdict == VERDICT_OK;
	/* A clock that has run away says nothing of the order: it is being set. */
	bool is_of_order = outcome->verdict == VERDICT_REFUSED && outcome->code != EXCHANGE_CODE_TIMESTAMP;
	if (!is_good)
		error_set(&err, outcome_is_key_refused(outcome->code) ? STATUS_CONFIG
		          : is_of_order ? STATUS_NO : STATUS_UNAVAILABLE, "%s", outcome->reason);
	ask_detach(ask);
	if (listener->on_tested != NULL)
		listener->on_tested(listener->self, ask->parts[0].order.client_order_id, is_good ? NULL : &err);
	ask_free(ask);
}

static void
cancel_heard(struct ask *ask, const struct outcome *outcome)
{
	struct part *part = &ask->parts[0];
	if (outcome->verdict == VERDICT_OK)
		read_cancelled(ask, 0, outcome->root);
	else if (outcome->verdict == VERDICT_REFUSED)
		cancel_refused(part, outcome->root);
	else
		part_fail(part, outcome_of(outcome->verdict), outcome->code, outcome->reason);
	settle(ask);
}

static void
query_heard(struct ask *ask, const struct outcome *outcome)
{
	struct part *part = &ask->parts[0];
	if (outcome->verdict == VERDICT_OK) {
		part_read(part, outcome->root);
	} else if (outcome->verdict == VERDICT_REFUSED && outcome->code == EXCHANGE_CODE_NO_SUCH_ORDER) {
		part_fail(part, OUTCOME_NOT_FOUND, outcome->code, outcome->reason);
	} else if (outcome->verdict == VERDICT_REFUSED && outcome->code == CODE_ARCHIVED) {
		/* "Order was canceled or expired with no executed qty over 90 days ago" (errors.md). */
		part_fail(part, OUTCOME_ACCEPTED, outcome->code, outcome->reason);
		part->answer.state = ORDER_CANCELLED;
	} else {
		/* No answer to a question tells anything of the order. */
		part_fail(part, OUTCOME_UNKNOWN, outcome->code, outcome->reason);
	}
	settle(ask);
}

void
trading_heard(struct ask *ask, const struct outcome *outcome)
{
	if (ask->kind == ASK_CANCEL)
		cancel_heard(ask, outcome);
	else if (ask->kind == ASK_QUERY)
		query_heard(ask, outcome);
	else if (ask->instruction == INSTRUCT_TEST)
		tested(ask, outcome);
	else
		instruction_heard(ask, outcome);
}
