/* robson intents, robson intent. */
#include "cli/print.h"

/* Which operation came from it: a query, since the link is stored once, with the operation. */
static int64_t
operation_of(const struct operation_list *operations, const char *intent_id)
{
	for (size_t i = 0; i < operations->count; i++)
		if (text_equal(operations->rows[i].op.intent_id, intent_id))
			return operations->rows[i].op.id;
	return 0;
}

static void
list_json(struct cli *cli, const struct intent_list *list, const struct operation_list *operations)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct intent *intent = &list->rows[i];
		struct json_out json;
		json_line_open(cli, &json);
		json_plan_keys(&json, intent);
		json_text(&json, "source", source_name(intent->source));
		json_text_or_null(&json, "parent", intent->parent_id);
		json_text_or_null(&json, "regime", intent->regime);
		json_decimal_if(&json, "confidence", intent->has_confidence, intent->confidence);
		json_text_or_null(&json, "reason", intent->reason);
		json_time(&json, "validated_at", intent->validated_at_ms);
		json_time(&json, "executed_at", intent->executed_at_ms);
		json_id_or_null(&json, "operation_id", operation_of(operations, intent->id));
		json_text_or_null(&json, "outcome", intent->execution_result);
		json_line_close(cli, &json);
	}
}

static void
list_text(struct cli *cli, const struct intent_list *list, const struct operation_list *operations)
{
	struct table table;
	if (list->count == 0) {
		put(cli, "no intents");
		return;
	}
	table_open(&table, "CREATED|INTENT|STATUS|MODE|SYMBOL|SIDE|QUANTITY>|ENTRY>|STOP>|RISK>|OP>|REASON");
	for (size_t i = 0; i < list->count; i++) {
		const struct intent *intent = &list->rows[i];
		int64_t operation = operation_of(operations, intent->id);
		table_cell(&table, show_time(intent->created_at_ms).text);
		table_cell(&table, show_id(intent->id).text);
		table_cell(&table, intent_status_name(intent->status));
		table_cell(&table, mode_name(intent->mode));
		table_cell(&table, intent->symbol);
		table_cell(&table, side_name(intent->side));
		table_cell(&table, show_quantity(intent->quantity).text);
		table_cell(&table, show_price(intent->entry_price).text);
		table_cell(&table, show_price(intent->stop_price).text);
		table_cell(&table, show_money(intent->risk_amount).text);
		table_cellf(&table, operation != 0 ? "%lld" : "-", (long long)operation);
		table_cell(&table, intent->reason);
	}
	table_close(&table, cli);
}

enum status
run_intents(struct cli *cli, struct error *err)
{
	struct intent_filter filter = { .has_status = cli_has(cli, OPT_STATUS) };
	struct operation_filter all = { .limit = 0 };
	struct intent_list list;
	struct operation_list operations;
	int64_t limit = 0;

	enum status status = cli_number(cli, OPT_LIMIT, 1, 1000000, &limit, err);
	if (status != STATUS_OK)
		return status;
	filter.limit = (int)limit;
	if (filter.has_status && intent_status_parse(cli_value(cli, OPT_STATUS), &filter.status) != STATUS_OK) {
		error_field(err, STATUS_USAGE, "status", "no intent has a status \"%s\"",
		            cli_value(cli, OPT_STATUS));
		error_hint(err, "PENDING, VALIDATED, EXECUTING, EXECUTED, FAILED or CANCELLED");
		return STATUS_USAGE;
	}
	status = desk_intents(cli->desk, &filter, &list, err);
	if (status != STATUS_OK)
		return status;
	status = desk_operations(cli->desk, &all, &operations, err);
	if (status == STATUS_OK) {
		if (cli->is_json)
			list_json(cli, &list, &operations);
		else
			list_text(cli, &list, &operations);
		operation_list_done(&operations);
	}
	intent_list_done(&list);
	return status;
}

static void
one_json(struct cli *cli, const struct intent_model *model)
{
	const struct intent *intent = &model->intent;
	static const struct report none = { .count = 0 };
	struct json_out json;

	json_line_open(cli, &json);
	json_plan_keys(&json, intent);
	json_text(&json, "source", source_name(intent->source));
	json_text_or_null(&json, "parent", intent->parent_id);
	json_text_or_null(&json, "regime", intent->regime);
	json_decimal_if(&json, "confidence", intent->has_confidence, intent->confidence);
	json_text_or_null(&json, "reason", intent->reason);
	json_time(&json, "validated_at", intent->validated_at_ms);
	json_time(&json, "executed_at", intent->executed_at_ms);
	json_checks(&json, "checks", model->has_report ? &model->report : &none);
	json_id_or_null(&json, "operation_id", model->has_operation ? model->operation.op.id : 0);
	if (model->has_operation)
		json_operation(&json, "operation", &model->operation, &model->orders);
	else
		json_out_null(&json, "operation");
	json_array_open(&json, "orders");
	for (size_t i = 0; i < model->orders.count; i++)
		json_order(&json, NULL, &model->orders.rows[i], false);
	json_array_close(&json);
	json_text_or_null(&json, "outcome", model->outcome);
	json_line_close(cli, &json);
}

enum status
run_intent(struct cli *cli, struct error *err)
{
	struct intent_model model;
	enum status status = cli_find_intent(cli, cli_word(cli, 0), &model, err);
	if (status == STATUS_OK && model.has_operation && model.operation.op.status == OPERATION_ACTIVE) {
		cli_try_price(cli, model.intent.symbol, LOOK_TIMEOUT_MS);
		intent_model_done(&model);
		status = cli_find_intent(cli, cli_word(cli, 0), &model, err);
	}
	if (status != STATUS_OK)
		return status;
	if (cli->is_json) {
		one_json(cli, &model);
	} else {
		put_intent(cli, &model.intent);
		if (model.has_report) {
			put(cli, "report of %s", show_time(model.report_at_ms).text);
			put_report(cli, &model.report);
		}
		if (model.orders.count > 0)
			put_order_table(cli, &model.orders);
		if (model.has_operation)
			put_operation(cli, &model.operation);
		if (model.outcome[0] != '\0')
			put_pair(cli, "outcome", "%s", model.outcome);
	}
	intent_model_done(&model);
	return STATUS_OK;
}
