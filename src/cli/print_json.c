/* The JSON objects of the command line's contract.  Every key is always there; what is not known,
 * or does not apply, is null.  Decimals are strings. */
#include <string.h>

#include "cli/print.h"

void
json_line_open(struct cli *cli, struct json_out *json)
{
	json_out_init(json, &cli->out);
	json_object_open(json, NULL);
}

void
json_line_close(struct cli *cli, struct json_out *json)
{
	json_object_close(json);
	text_append(&cli->out, "\n");
}

void
json_text_or_null(struct json_out *json, const char *key, const char *value)
{
	json_text(json, key, value != NULL && value[0] != '\0' ? value : NULL);
}

void
json_id_or_null(struct json_out *json, const char *key, int64_t id)
{
	if (id != 0)
		json_int(json, key, id);
	else
		json_out_null(json, key);
}

void
json_decimal_if(struct json_out *json, const char *key, bool has, struct decimal d)
{
	if (has)
		json_decimal(json, key, d);
	else
		json_out_null(json, key);
}

void
json_plan_keys(struct json_out *json, const struct intent *intent)
{
	json_text(json, "intent_id", intent->id);
	json_text(json, "status", intent_status_name(intent->status));
	json_text(json, "mode", mode_name(intent->mode));
	json_int(json, "client_id", intent->client_id);
	json_text(json, "symbol", intent->symbol);
	json_text(json, "side", side_name(intent->side));
	json_text(json, "entry_kind", entry_kind_name(intent->entry_kind));
	json_decimal(json, "entry_price", intent->entry_price);
	json_decimal(json, "stop_price", intent->stop_price);
	json_decimal_if(json, "target_price", intent->has_target, intent->target_price);
	json_decimal(json, "quantity", intent->quantity);
	json_decimal(json, "quantity_by_rule", intent->quantity_by_rule);
	json_text(json, "bound_by", size_bound_name(intent->bound_by));
	json_decimal(json, "position_value", intent->position_value);
	json_decimal(json, "capital", intent->capital);
	json_decimal(json, "risk_amount", intent->risk_amount);
	json_decimal(json, "risk_percent", intent->risk_percent);
	json_decimal(json, "stop_distance", intent->stop_distance);
	json_decimal(json, "stop_distance_percent", intent->stop_distance_percent);
	json_text_or_null(json, "strategy", intent->strategy);
	json_time(json, "created_at", intent->created_at_ms);
}

/* "a=1; b=2" as an object; a piece without "=" is kept under "note". */
static void
json_details(struct json_out *json, const char *details)
{
	json_object_open(json, "details");
	while (*details != '\0') {
		char piece[512];
		size_t len = strcspn(details, ";");
		text_format(piece, sizeof piece, "%.*s", (int)len, details);
		char *equals = strchr(piece, '=');
		if (equals != NULL && equals > piece) {
			*equals = '\0';
			json_text(json, piece, equals + 1);
		} else if (piece[0] != '\0') {
			json_text(json, "note", piece);
		}
		details += len;
		details += strspn(details, "; ");
	}
	json_object_close(json);
}

void
json_checks(struct json_out *json, const char *key, const struct report *report)
{
	json_array_open(json, key);
	for (int i = 0; i < report->count; i++) {
		const struct verdict *verdict = &report->checks[i];
		json_object_open(json, NULL);
		json_text(json, "name", verdict->name);
		json_text(json, "status", verdict_status_name(verdict->status));
		json_text(json, "code", verdict->code);
		json_text(json, "message", verdict->message);
		json_details(json, verdict->details);
		json_object_close(json);
	}
	json_array_close(json);
}

/* The orders that protect it on an exchange; a paper position has none. */
static void
json_protection(struct json_out *json, const struct operation_model *model,
                const struct order_list *orders)
{
	json_object_open(json, "protection");
	/* Nothing of what is closed is protected, and none of it was on paper. */
	if (model->op.mode == MODE_LIVE && model->op.status != OPERATION_ACTIVE)
		json_out_null(json, "state");
	else
		json_text(json, "state", protection_name(model->protection));
	json_bool(json, "watched", model->is_watched);
	json_array_open(json, "orders");
	for (size_t i = 0; orders != NULL && i < orders->count; i++) {
		const struct order *order = &orders->rows[i].order;
		if (order->operation_id != model->op.id || !order_is_open(order->state) ||
		    (order->purpose != PURPOSE_STOP && order->purpose != PURPOSE_TARGET))
			continue;
		json_object_open(json, NULL);
		json_text(json, "client_order_id", order->client_order_id);
		json_text_or_null(json, "exchange_order_id", order->exchange_order_id);
		json_text(json, "purpose", order_purpose_name(order->purpose));
		json_text(json, "type", order_type_name(order->type));
		json_text(json, "status", order_state_name(order->state));
		json_decimal(json, "quantity", order->quantity);
		json_decimal_if(json, "stop_price", order->has_stop_price, order->stop_price);
		json_decimal_if(json, "price", order->has_price, order->price);
		json_text_or_null(json, "list", order->list_id);
		json_time(json, "seen_at", order->seen_at_ms);
		json_object_close(json);
	}
	json_array_close(json);
	json_object_close(json);
}

void
json_operation_keys(struct json_out *json, const struct operation_model *model,
                    const struct order_list *orders)
{
	const struct operation *op = &model->op;
	struct decimal fees;
	bool is_active = op->status == OPERATION_ACTIVE;
	bool has_exit = decimal_is_positive(op->exit.quantity);
	bool has_fees = decimal_add(op->entry.fees, op->exit.fees, &fees) == STATUS_OK;

	json_int(json, "operation_id", op->id);
	json_text_or_null(json, "intent_id", op->intent_id);
	json_text(json, "status", operation_status_name(op->status));
	json_text(json, "mode", mode_name(op->mode));
	json_text(json, "symbol", op->symbol);
	json_text(json, "side", side_name(op->side));
	json_text_or_null(json, "strategy", op->strategy);
	json_decimal(json, "quantity", op->entry.quantity);
	json_decimal(json, "entry_price", leg_average(&op->entry));
	json_decimal_if(json, "current_price", is_active && model->has_price, model->price);
	if (is_active && model->has_price)
		json_int(json, "price_age_ms", model->price_age_ms);
	else
		json_out_null(json, "price_age_ms");
	json_decimal(json, "initial_stop", op->initial_stop);
	json_decimal(json, "stop_price", op->stop_price);
	json_decimal_if(json, "target_price", op->has_target, op->target_price);
	json_protection(json, model, orders);
	json_decimal_if(json, "unrealized_pnl", is_active && model->has_unrealized, model->unrealized);
	json_decimal_if(json, "realized_pnl", op->status == OPERATION_CLOSED, op->realized_pnl);
	json_decimal_if(json, "fees", has_fees, fees);
	json_decimal_if(json, "r_multiple", model->has_r, model->r);
	json_time(json, "opened_at", op->opened_at_ms);
	json_time(json, "closed_at", op->closed_at_ms);
	json_decimal_if(json, "exit_price", has_exit, leg_average(&op->exit));
	json_text_or_null(json, "exit_reason", exit_reason_name(op->exit_reason));
	if (op->stop_latency_us != 0)
		json_int(json, "stop_latency_us", op->stop_latency_us);
	else
		json_out_null(json, "stop_latency_us");
	json_bool(json, "recovered", op->exit_wish.is_recovered);
	json_decimal_if(json, "dust", op->status == OPERATION_CLOSED && op->mode == MODE_LIVE, op->dust);
	json_text_or_null(json, "exchange", op->exchange_host);
	json_text_or_null(json, "account", op->account);
	json_text_or_null(json, "alarm", op->alarm);
}

void
json_operation(struct json_out *json, const char *key, const struct operation_model *model,
               const struct order_list *orders)
{
	json_object_open(json, key);
	json_operation_keys(json, model, orders);
	json_object_close(json);
}

static void
json_fills(struct json_out *json, const struct order_model *model)
{
	json_array_open(json, "fills");
	for (size_t i = 0; i < model->fill_count; i++) {
		const struct fill *fill = &model->fills[i];
		json_object_open(json, NULL);
		json_decimal(json, "price", fill->price);
		json_decimal(json, "quantity", fill->quantity);
		json_decimal(json, "commission", fill->commission);
		json_text_or_null(json, "commission_asset", fill->commission_asset);
		json_object_close(json);
	}
	json_array_close(json);
}

void
json_order(struct json_out *json, const char *key, const struct order_model *model, bool with_more)
{
	const struct order *order = &model->order;
	struct leg leg = { order->filled_quantity, order->filled_value, order->fees };

	json_object_open(json, key);
	json_text(json, "client_order_id", order->client_order_id);
	json_text_or_null(json, "exchange_order_id", order->exchange_order_id);
	json_text(json, "purpose", order_purpose_name(order->purpose));
	json_text(json, "side", side_name(order->side));
	json_text(json, "type", order_type_name(order->type));
	json_decimal(json, "quantity", order->quantity);
	json_text(json, "status", order_state_name(order->state));
	if (with_more) {
		json_text_or_null(json, "intent_id", order->intent_id);
		json_id_or_null(json, "operation_id", order->operation_id);
		json_text(json, "mode", mode_name(order->mode));
		json_text(json, "symbol", order->symbol);
		json_decimal_if(json, "price", order->has_price, order->price);
		json_decimal_if(json, "stop_price", order->has_stop_price, order->stop_price);
		json_decimal(json, "filled_quantity", order->filled_quantity);
		json_decimal_if(json, "average_price", decimal_is_positive(leg.quantity), leg_average(&leg));
		json_decimal(json, "fees", order->fees);
		json_text_or_null(json, "reason", order->error);
		json_text_or_null(json, "list", order->list_id);
		json_text_or_null(json, "exchange", order->exchange_host);
		json_text_or_null(json, "account", order->account);
		json_time(json, "signed_at", order->signed_at_ms);
		json_time(json, "seen_at", order->seen_at_ms);
		json_time(json, "changed_at", order->changed_at_ms);
		json_time(json, "created_at", order->created_at_ms);
		json_time(json, "ended_at", order->ended_at_ms);
	}
	json_fills(json, model);
	json_object_close(json);
}

void
json_error(struct json_out *json, const struct error *err)
{
	json_object_open(json, "error");
	json_text(json, "kind", status_name(err->status));
	json_text(json, "message", err->message[0] != '\0' ? err->message : status_name(err->status));
	json_text_or_null(json, "hint", err->hint);
	json_bool(json, "retryable", err->retryable);
	json_object_close(json);
}
