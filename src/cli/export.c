/* robson export: records for the spreadsheet and the tax office.
 *
 * CSV as in RFC 4180: lines end in CR LF, fields with a quote, a comma or a line end are quoted.
 * A text that a spreadsheet would take for a formula gets a leading ' (numbers are left alone).
 * The JSON lines have the same names, so a reader of one can read the other. */
#include <string.h>

#include "base/clock.h"
#include "cli/print.h"
#include "cli/records.h"

/* One row, written either way: each field in turn. */
struct row {
	struct cli *cli;
	bool is_csv, is_header, has_field;
	struct json_out json;
};

static void
row_open(struct row *row)
{
	row->has_field = false;
	if (!row->is_csv)
		json_line_open(row->cli, &row->json);
}

static void
row_close(struct row *row)
{
	if (row->is_csv)
		text_append(&row->cli->out, "\r\n");
	else
		json_line_close(row->cli, &row->json);
}

static void
csv_field(struct row *row, const char *value, bool is_text)
{
	struct text *out = &row->cli->out;
	if (row->has_field)
		text_append(out, ",");
	row->has_field = true;
	bool is_formula = is_text && value[0] != '\0' && strchr("=+-@\t\r", value[0]) != NULL;
	if (!is_formula && strpbrk(value, "\",\r\n") == NULL) {
		text_append(out, value);
		return;
	}
	text_append(out, is_formula ? "\"'" : "\"");
	for (const char *c = value; *c != '\0'; c++)
		text_append_len(out, *c == '"' ? "\"\"" : c, *c == '"' ? 2 : 1);
	text_append(out, "\"");
}

static void
field_text(struct row *row, const char *name, const char *value)
{
	if (row->is_csv)
		csv_field(row, row->is_header ? name : value, !row->is_header);
	else
		json_text_or_null(&row->json, name, value);
}

static void
field_decimal(struct row *row, const char *name, bool has, struct decimal d)
{
	char text[DECIMAL_TEXT_SIZE];
	decimal_text(d, text);
	if (row->is_csv)
		csv_field(row, row->is_header ? name : has ? text : "", false);
	else
		json_decimal_if(&row->json, name, has, d);
}

static void
field_int(struct row *row, const char *name, bool has, int64_t value)
{
	char text[24];
	text_format(text, sizeof text, "%lld", (long long)value);
	if (row->is_csv)
		csv_field(row, row->is_header ? name : has ? text : "", false);
	else if (has)
		json_int(&row->json, name, value);
	else
		json_out_null(&row->json, name);
}

static void
field_time(struct row *row, const char *name, int64_t ms)
{
	char text[CLOCK_TEXT_SIZE] = "";
	if (ms != 0)
		clock_format_iso(ms, text);
	if (row->is_csv)
		csv_field(row, row->is_header ? name : text, false);
	else
		json_text_or_null(&row->json, name, text);
}

/* ---- the records, field by field ---- */

static void
trade_row(struct row *row, const struct trade *t)
{
	row_open(row);
	field_int(row, "trade_id", true, t->id);
	field_int(row, "operation_id", true, t->operation_id);
	field_text(row, "intent_id", t->intent_id);
	field_text(row, "mode", mode_name(t->mode));
	field_text(row, "symbol", t->symbol);
	field_text(row, "side", side_name(t->side));
	field_text(row, "strategy", t->strategy);
	field_decimal(row, "quantity", true, t->quantity);
	field_decimal(row, "entry_price", true, t->entry_price);
	field_decimal(row, "exit_price", true, t->exit_price);
	field_decimal(row, "entry_fees", true, t->entry_fees);
	field_decimal(row, "exit_fees", true, t->exit_fees);
	field_decimal(row, "gross_pnl", true, t->gross_pnl);
	field_decimal(row, "net_pnl", true, t->net_pnl);
	field_decimal(row, "initial_risk", true, t->initial_risk);
	field_decimal(row, "r_multiple", t->has_r_multiple, t->r_multiple);
	field_text(row, "exit_reason", exit_reason_name(t->exit_reason));
	field_time(row, "opened_at", t->opened_at_ms);
	field_time(row, "closed_at", t->closed_at_ms);
	field_int(row, "duration_ms", true, t->duration_ms);
	row_close(row);
}

static void
order_row(struct row *row, const struct order *o)
{
	struct leg leg = { o->filled_quantity, o->filled_value, o->fees };
	row_open(row);
	field_text(row, "client_order_id", o->client_order_id);
	field_text(row, "exchange_order_id", o->exchange_order_id);
	field_text(row, "intent_id", o->intent_id);
	field_int(row, "operation_id", o->operation_id != 0, o->operation_id);
	field_text(row, "mode", mode_name(o->mode));
	field_text(row, "purpose", order_purpose_name(o->purpose));
	field_text(row, "symbol", o->symbol);
	field_text(row, "side", side_name(o->side));
	field_text(row, "type", order_type_name(o->type));
	field_decimal(row, "quantity", true, o->quantity);
	field_decimal(row, "price", o->has_price, o->price);
	field_decimal(row, "stop_price", o->has_stop_price, o->stop_price);
	field_text(row, "status", order_state_name(o->state));
	field_decimal(row, "filled_quantity", true, o->filled_quantity);
	field_decimal(row, "average_price", decimal_is_positive(leg.quantity), leg_average(&leg));
	field_decimal(row, "fees", true, o->fees);
	field_text(row, "reason", o->error);
	field_time(row, "created_at", o->created_at_ms);
	field_time(row, "ended_at", o->ended_at_ms);
	row_close(row);
}

static void
fill_row(struct row *row, const struct order *o, const struct fill *f)
{
	row_open(row);
	field_int(row, "operation_id", o->operation_id != 0, o->operation_id);
	field_text(row, "client_order_id", f->client_order_id);
	field_text(row, "exchange_trade_id", f->exchange_trade_id);
	field_text(row, "mode", mode_name(o->mode));
	field_text(row, "symbol", o->symbol);
	field_text(row, "side", side_name(o->side));
	field_decimal(row, "price", true, f->price);
	field_decimal(row, "quantity", true, f->quantity);
	field_decimal(row, "commission", true, f->commission);
	field_text(row, "commission_asset", f->commission_asset);
	field_time(row, "time", f->at_ms);
	row_close(row);
}

static void
event_row(struct row *row, const struct event *e)
{
	row_open(row);
	field_int(row, "seq", true, e->seq);
	field_time(row, "time", e->at_ms);
	field_int(row, "client_id", true, e->client_id);
	field_text(row, "actor", e->actor);
	field_text(row, "kind", e->kind);
	field_text(row, "intent_id", e->intent_id);
	field_int(row, "operation_id", e->operation_id != 0, e->operation_id);
	field_text(row, "client_order_id", e->client_order_id);
	field_text(row, "summary", e->summary);
	if (row->is_csv)
		field_text(row, "data", e->data != NULL ? e->data : "");
	else if (e->data != NULL && e->data[0] != '\0')
		json_raw(&row->json, "data", e->data);
	else
		json_out_null(&row->json, "data");
	field_text(row, "previous_hash", e->previous_hash);
	field_text(row, "hash", e->hash);
	row_close(row);
}

void
record_order(struct cli *cli, const struct order_model *model)
{
	struct json_out json;
	json_out_init(&json, &cli->out);
	json_order(&json, NULL, model, true);
	text_append(&cli->out, "\n");
}

void
record_trade(struct cli *cli, const struct trade *trade)
{
	struct row row = { .cli = cli };
	trade_row(&row, trade);
}

void
record_event(struct cli *cli, const struct event *event)
{
	struct row row = { .cli = cli };
	event_row(&row, event);
}

/* ---- the command ---- */

static enum status
export_trades(struct row *row, struct error *err)
{
	static const struct trade empty;
	struct trade_filter all = { .limit = 0 };
	struct trade_list list;
	enum status status = desk_trades(row->cli->desk, &all, &list, err);
	if (status != STATUS_OK)
		return status;
	if (row->is_header)
		trade_row(row, &empty);
	row->is_header = false;
	for (size_t i = 0; i < list.count; i++) {
		trade_row(row, &list.rows[i]);
		cli_flush(row->cli);
	}
	trade_list_done(&list);
	return STATUS_OK;
}

static enum status
export_orders(struct row *row, bool fills, struct error *err)
{
	static const struct order empty;
	static const struct fill no_fill;
	struct order_filter all = { .limit = 0 };
	struct order_list list;
	enum status status = desk_orders(row->cli->desk, &all, &list, err);
	if (status != STATUS_OK)
		return status;
	if (row->is_header && fills)
		fill_row(row, &empty, &no_fill);
	else if (row->is_header)
		order_row(row, &empty);
	row->is_header = false;
	for (size_t i = 0; i < list.count; i++) {
		const struct order_model *model = &list.rows[i];
		if (!fills)
			order_row(row, &model->order);
		for (size_t f = 0; fills && f < model->fill_count; f++)
			fill_row(row, &model->order, &model->fills[f]);
		cli_flush(row->cli);
	}
	order_list_done(&list);
	return STATUS_OK;
}

/* The trail can be long: read in portions. */
static enum status
export_events(struct row *row, struct error *err)
{
	static const struct event empty;
	struct event_filter filter = { .limit = 1000 };
	struct event_list list;
	if (row->is_header)
		event_row(row, &empty);
	row->is_header = false;
	for (;;) {
		enum status status = desk_events(row->cli->desk, &filter, &list, err);
		if (status != STATUS_OK)
			return status;
		for (size_t i = 0; i < list.count; i++) {
			event_row(row, &list.rows[i]);
			filter.after_seq = list.rows[i].seq;
		}
		bool is_last = list.count < 1000;
		event_list_done(&list);
		cli_flush(row->cli);
		if (is_last)
			return STATUS_OK;
	}
}

enum status
run_export(struct cli *cli, struct error *err)
{
	const char *what = cli_word(cli, 0), *format = cli_value(cli, OPT_FORMAT);
	struct row row = { .cli = cli, .is_csv = format == NULL ? !cli->is_json : text_equal(format, "csv") };
	row.is_header = row.is_csv;
	if (format != NULL && !row.is_csv && !text_equal(format, "json"))
		return error_set(err, STATUS_USAGE, "--format: csv or json, not \"%s\"", format);
	if (row.is_csv && cli->is_json)
		return error_set(err, STATUS_USAGE, "--json and --format csv contradict each other");
	if (text_equal(what, "trades"))
		return export_trades(&row, err);
	if (text_equal(what, "orders"))
		return export_orders(&row, false, err);
	if (text_equal(what, "fills"))
		return export_orders(&row, true, err);
	if (text_equal(what, "events"))
		return export_events(&row, err);
	return error_set(err, STATUS_USAGE, "export trades, orders, fills or events, not \"%s\"", what);
}
