/* robson operations, robson operation status. */
#include "cli/print.h"

static void
list_text(struct cli *cli, const struct operation_list *list)
{
	struct table table;
	if (list->count == 0) {
		put(cli, "no operations");
		return;
	}
	table_open(&table, "ID>|SYMBOL|SIDE|QTY>|ENTRY>|PRICE>|STOP>|TARGET>|P&L>|R>|STATUS|MODE|PROTECTION");
	for (size_t i = 0; i < list->count; i++) {
		const struct operation_model *row = &list->rows[i];
		const struct operation *op = &row->op;
		bool is_active = op->status == OPERATION_ACTIVE;
		char protection[40];
		text_format(protection, sizeof protection, "%s%s", protection_name(row->protection),
		            row->is_watched ? "" : ", unwatched");
		table_cellf(&table, "%lld", (long long)op->id);
		table_cell(&table, op->symbol);
		table_cell(&table, side_position_name(op->side));
		table_cell(&table, show_quantity(op->entry.quantity).text);
		table_cell(&table, show_price(leg_average(&op->entry)).text);
		if (is_active)
			table_cell(&table, row->has_price ? show_price(row->price).text : "-");
		else
			table_cell(&table, decimal_is_zero(op->exit.quantity)
			                   ? "-" : show_price(leg_average(&op->exit)).text);
		table_cell(&table, show_price(op->stop_price).text);
		table_cell(&table, op->has_target ? show_price(op->target_price).text : "-");
		if (op->status == OPERATION_CLOSED)
			table_cell(&table, show_signed(op->realized_pnl).text);
		else
			table_cell(&table, row->has_unrealized ? show_signed(row->unrealized).text : "-");
		table_cell(&table, row->has_r ? show_signed(row->r).text : "-");
		table_cell(&table, operation_status_name(op->status));
		table_cell(&table, mode_name(op->mode));
		table_cell(&table, !is_active ? exit_reason_name(op->exit_reason)
		                   : op->alarm[0] != '\0' ? op->alarm : protection);
	}
	table_close(&table, cli);
}

enum status
run_operations(struct cli *cli, struct error *err)
{
	struct operation_filter filter = { .has_status = cli_has(cli, OPT_STATUS) };
	struct operation_list list;
	int64_t limit = 0;

	enum status status = cli_number(cli, OPT_LIMIT, 1, 1000000, &limit, err);
	if (status != STATUS_OK)
		return status;
	filter.limit = (int)limit;
	if (filter.has_status &&
	    operation_status_parse(cli_value(cli, OPT_STATUS), &filter.status) != STATUS_OK) {
		error_field(err, STATUS_USAGE, "status", "no operation has a status \"%s\"",
		            cli_value(cli, OPT_STATUS));
		error_hint(err, "ACTIVE, CLOSED or CANCELLED");
		return STATUS_USAGE;
	}
	status = cli_try_open_prices(cli, err);
	if (status == STATUS_OK)
		status = desk_operations(cli->desk, &filter, &list, err);
	if (status != STATUS_OK)
		return status;
	if (cli->is_json) {
		for (size_t i = 0; i < list.count; i++) {
			struct json_out json;
			json_line_open(cli, &json);
			json_operation_keys(&json, &list.rows[i], NULL);
			json_line_close(cli, &json);
		}
	} else {
		list_text(cli, &list);
	}
	operation_list_done(&list);
	return STATUS_OK;
}

enum status
run_operation_status(struct cli *cli, struct error *err)
{
	struct operation_model model;
	int64_t id;
	enum status status = cli_operation_id(cli_word(cli, 0), &id, err);
	if (status == STATUS_OK)
		status = desk_operation(cli->desk, id, &model, err);
	if (status != STATUS_OK)
		return status;
	if (model.op.status == OPERATION_ACTIVE) {
		cli_try_price(cli, model.op.symbol, LOOK_TIMEOUT_MS);
		status = desk_operation(cli->desk, id, &model, err);
		if (status != STATUS_OK)
			return status;
	}
	struct order_filter of_it = { .operation = id, .only_open = true };
	struct order_list orders;
	status = desk_orders(cli->desk, &of_it, &orders, err);
	if (status != STATUS_OK)
		return status;
	if (!cli->is_json) {
		put_operation(cli, &model);
		put_resting(cli, &orders, desk_now_ms(cli->desk));
		order_list_done(&orders);
		return STATUS_OK;
	}
	struct json_out json;
	json_line_open(cli, &json);
	json_operation_keys(&json, &model, &orders);
	json_line_close(cli, &json);
	order_list_done(&orders);
	return STATUS_OK;
}
