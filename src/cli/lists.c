/* robson orders, robson trades. */
#include "cli/print.h"
#include "cli/records.h"

enum status
run_orders(struct cli *cli, struct error *err)
{
	struct order_filter filter = { .intent = cli_value(cli, OPT_INTENT),
	                               .only_open = cli_has(cli, OPT_OPEN) };
	struct order_list list;
	int64_t limit = 0;
	enum status status = cli_number(cli, OPT_LIMIT, 1, 1000000, &limit, err);
	if (status == STATUS_OK && cli_has(cli, OPT_OPERATION))
		status = cli_operation_id(cli_value(cli, OPT_OPERATION), &filter.operation, err);
	filter.limit = (int)limit;
	if (status == STATUS_OK)
		status = desk_orders(cli->desk, &filter, &list, err);
	if (status != STATUS_OK)
		return status;
	if (cli->is_json) {
		for (size_t i = 0; i < list.count; i++)
			record_order(cli, &list.rows[i]);
	} else if (list.count == 0) {
		put(cli, "no orders");
	} else {
		put_order_table(cli, &list);
	}
	order_list_done(&list);
	return STATUS_OK;
}

static void
trades_text(struct cli *cli, const struct trade_list *list)
{
	struct table table;
	if (list->count == 0) {
		put(cli, "no trades");
		return;
	}
	table_open(&table, "CLOSED|OP>|SYMBOL|SIDE|QTY>|ENTRY>|EXIT>|FEES>|NET>|R>|WHY|MODE|STRATEGY");
	for (size_t i = 0; i < list->count; i++) {
		const struct trade *trade = &list->rows[i];
		struct decimal fees = DECIMAL_ZERO;
		bool has_fees = decimal_add(trade->entry_fees, trade->exit_fees, &fees) == STATUS_OK;
		table_cell(&table, show_time(trade->closed_at_ms).text);
		table_cellf(&table, "%lld", (long long)trade->operation_id);
		table_cell(&table, trade->symbol);
		table_cell(&table, side_position_name(trade->side));
		table_cell(&table, show_quantity(trade->quantity).text);
		table_cell(&table, show_price(trade->entry_price).text);
		table_cell(&table, show_price(trade->exit_price).text);
		table_cell(&table, has_fees ? show_money(fees).text : "-");
		table_cell(&table, show_signed(trade->net_pnl).text);
		table_cell(&table, trade->has_r_multiple ? show_signed(trade->r_multiple).text : "-");
		table_cell(&table, exit_reason_name(trade->exit_reason));
		table_cell(&table, mode_name(trade->mode));
		table_cell(&table, trade->strategy[0] != '\0' ? trade->strategy : "-");
	}
	table_close(&table, cli);
}

enum status
run_trades(struct cli *cli, struct error *err)
{
	struct trade_filter filter = { .limit = 0 };
	struct trade_list list;
	enum status status = cli_time(cli, OPT_FROM, false, &filter.from_ms, err);
	if (status == STATUS_OK)
		status = cli_time(cli, OPT_TO, true, &filter.to_ms, err);
	if (status == STATUS_OK && filter.to_ms != 0 && filter.from_ms > filter.to_ms)
		status = error_set(err, STATUS_USAGE, "--from lies after --to");
	if (status == STATUS_OK)
		status = desk_trades(cli->desk, &filter, &list, err);
	if (status != STATUS_OK)
		return status;
	if (cli->is_json) {
		for (size_t i = 0; i < list.count; i++)
			record_trade(cli, &list.rows[i]);
	} else {
		trades_text(cli, &list);
	}
	trade_list_done(&list);
	return STATUS_OK;
}
