/* Lines, numbers and tables for people. */
#include "cli/print.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"

/* ---- numbers and times ---- */

static struct shown
show_places(struct decimal d, int places)
{
	struct shown shown;
	char text[DECIMAL_FORMAT_SIZE];
	decimal_format(d, places, true, text);
	text_copy(shown.text, sizeof shown.text, text);
	return shown;
}

struct shown
show_money(struct decimal d)
{
	return show_places(d, 2);
}

struct shown
show_signed(struct decimal d)
{
	struct shown plain = show_places(d, 2), shown = plain;
	/* What rounds to zero has no sign. */
	if (decimal_is_positive(d) && strcmp(plain.text, "0.00") != 0)
		text_format(shown.text, sizeof shown.text, "+%s", plain.text);
	return shown;
}

struct shown
show_percent(struct decimal d)
{
	return show_places(d, 2);
}

struct shown
show_price(struct decimal d)
{
	int places = decimal_places(d);
	return show_places(d, places < 2 ? 2 : places > 8 ? 8 : places);
}

struct shown
show_quantity(struct decimal d)
{
	struct shown shown;
	char text[DECIMAL_TEXT_SIZE];
	decimal_text(d, text);
	text_copy(shown.text, sizeof shown.text, text);
	return shown;
}

struct shown
show_time(int64_t ms)
{
	struct shown shown = { "-" };
	char iso[CLOCK_TEXT_SIZE];
	if (ms == 0)
		return shown;
	clock_format_iso(ms, iso);
	iso[10] = ' ';
	iso[19] = '\0';
	text_copy(shown.text, sizeof shown.text, iso);
	return shown;
}

struct shown
show_age(int64_t ms)
{
	struct shown shown;
	char age[CLOCK_TEXT_SIZE];
	clock_format_age(ms, age);
	text_copy(shown.text, sizeof shown.text, age);
	return shown;
}

struct shown
show_id(const char *intent_id)
{
	struct shown shown;
	/* 48 bits of time and 12 of chance or sequence: two plans of one millisecond differ. */
	text_format(shown.text, sizeof shown.text, "%.18s", intent_id);
	return shown;
}

/* ---- lines ---- */

static void
append_harmless(struct text *out, const char *line)
{
	size_t at = out->len;
	text_append(out, line);
	if (!out->failed) {
		text_make_harmless(out->data + at);
		out->len = at + strlen(out->data + at);
	}
}

void
put(struct cli *cli, const char *format, ...)
{
	char line[2048];
	va_list args;
	va_start(args, format);
	text_vformat(line, sizeof line, format, args);
	va_end(args);
	append_harmless(&cli->out, line);
	text_append(&cli->out, "\n");
}

void
put_pair(struct cli *cli, const char *name, const char *format, ...)
{
	char value[2048];
	va_list args;
	va_start(args, format);
	text_vformat(value, sizeof value, format, args);
	va_end(args);
	put(cli, "  %-11s %s", name, value);
}

/* ---- tables ----
 * Cells are kept one after the other, each with its NUL; the headers are the first row. */

static int
columns_of(const char *text)
{
	int columns = 0;
	for (; *text != '\0'; text++)
		columns += ((unsigned char)*text & 0xC0) != 0x80;
	return columns;
}

void
table_cell(struct table *table, const char *text)
{
	size_t at = table->cells.len;
	text_append(&table->cells, text);
	if (table->cells.failed)
		return;
	text_make_harmless(table->cells.data + at);
	table->cells.len = at + strlen(table->cells.data + at);
	text_append_len(&table->cells, "", 1);
}

void
table_cellf(struct table *table, const char *format, ...)
{
	char cell[512];
	va_list args;
	va_start(args, format);
	text_vformat(cell, sizeof cell, format, args);
	va_end(args);
	table_cell(table, cell);
}

void
table_open(struct table *table, const char *headers)
{
	*table = (struct table){ 0 };
	while (*headers != '\0') {
		char name[64];
		size_t len = strcspn(headers, "|");
		text_format(name, sizeof name, "%.*s", (int)len, headers);
		table_cell(table, name);
		table->columns++;
		headers += len + (headers[len] == '|');
	}
}

static int
terminal_columns(void)
{
	struct winsize size;
	if (isatty(STDOUT_FILENO) == 1 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return 0;
}

/* At most `columns` characters of text, and blanks up to width, on the side that is told. */
static void
put_cell(struct text *out, const char *text, int width, bool right, bool is_last)
{
	int columns = columns_of(text), blanks = columns < width ? width - columns : 0;
	if (right)
		text_appendf(out, "%*s", blanks, "");
	if (columns <= width) {
		text_append(out, text);
	} else {
		int kept = 0;
		const char *end = text;
		while (*end != '\0' && kept < width - 1) {
			end++;
			while (((unsigned char)*end & 0xC0) == 0x80)
				end++;
			kept++;
		}
		text_append_len(out, text, (size_t)(end - text));
		text_append(out, "~");
	}
	if (!right && !is_last)
		text_appendf(out, "%*s", blanks, "");
}

void
table_close(struct table *table, struct cli *cli)
{
	int widths[TABLE_COLUMNS] = { 0 }, total = 0, flexible = -1, column = 0;
	bool right[TABLE_COLUMNS] = { false };
	const char *end = table->cells.data + table->cells.len;

	if (table->cells.failed) {
		cli->out.failed = true;
		text_done(&table->cells);
		return;
	}
	char *cell = table->cells.data;
	for (int i = 0; i < table->columns; i++, cell += strlen(cell) + 1) {
		size_t len = strlen(cell);
		right[i] = len > 0 && cell[len - 1] == '>';
		if (!right[i])
			flexible = i;
	}
	column = 0;
	for (const char *c = table->cells.data; c < end; c += strlen(c) + 1) {
		int columns = columns_of(c) - (c < cell && right[column] ? 1 : 0);
		if (columns > widths[column])
			widths[column] = columns;
		column = (column + 1) % table->columns;
	}
	for (int i = 0; i < table->columns; i++)
		total += widths[i] + (i > 0 ? 2 : 0);
	int room = terminal_columns();
	if (room > 0 && total > room && flexible >= 0) {
		widths[flexible] -= total - room;
		if (widths[flexible] < 8)
			widths[flexible] = 8;
	}
	column = 0;
	for (char *c = table->cells.data; c < end; ) {
		size_t len = strlen(c);
		if (c < cell && right[column])
			c[len - 1] = '\0';
		if (column > 0)
			text_append(&cli->out, "  ");
		put_cell(&cli->out, c, widths[column], right[column], column == table->columns - 1);
		c += len + 1;
		column = (column + 1) % table->columns;
		if (column == 0)
			text_append(&cli->out, "\n");
	}
	text_done(&table->cells);
}

/* ---- intents, reports, operations ---- */

void
put_intent(struct cli *cli, const struct intent *intent)
{
	char base[ASSET_SIZE], quote[ASSET_SIZE];
	symbol_split(intent->symbol, base, quote);

	put(cli, "intent %s  %s  %s", intent->id, intent_status_name(intent->status),
	    mode_name(intent->mode));
	put_pair(cli, "trade", "%s %s %s, %s %s", side_name(intent->side),
	         show_quantity(intent->quantity).text, intent->symbol,
	         intent->entry_kind == ENTRY_LIMIT ? "limit entry at" : intent->side == SIDE_BUY
	         ? "market entry at no more than" : "market entry at no less than",
	         show_price(intent->entry_price).text);
	put_pair(cli, "worth", "%s %s of a capital of %s", show_money(intent->position_value).text, quote,
	         show_money(intent->capital).text);
	put_pair(cli, "stop", "%s, %s %% away", show_price(intent->stop_price).text,
	         show_percent(intent->stop_distance_percent).text);
	if (intent->has_target)
		put_pair(cli, "target", "%s", show_price(intent->target_price).text);
	put_pair(cli, "risk", "%s %s with costs = %s %% of the capital; bound by %s",
	         show_money(intent->risk_amount).text, quote, show_percent(intent->risk_percent).text,
	         size_bound_name(intent->bound_by));
	if (intent->strategy[0] != '\0')
		put_pair(cli, "strategy", "%s", intent->strategy);
	if (intent->regime[0] != '\0')
		put_pair(cli, "regime", "%s", intent->regime);
	if (intent->reason[0] != '\0')
		put_pair(cli, "reason", "%s", intent->reason);
	if (intent->parent_id[0] != '\0')
		put_pair(cli, "clone of", "%s", intent->parent_id);
}

void
put_report(struct cli *cli, const struct report *report)
{
	for (int i = 0; i < report->count; i++) {
		const struct verdict *verdict = &report->checks[i];
		put(cli, "  %-4s %-13s %s", verdict_status_name(verdict->status), verdict->name,
		    verdict->message);
	}
	put(cli, "  %d pass, %d warn, %d fail%s%s", report->passed, report->warnings, report->failures,
	    report->missing != 0 ? "; missing: " : "", report->missing != 0 ? report->missing_text : "");
}

static void
put_result(struct cli *cli, const struct operation_model *model, const char *quote)
{
	const struct operation *op = &model->op;
	struct shown shown = show_signed(model->r);
	const char *r = model->has_r ? shown.text : "";
	if (op->status == OPERATION_CLOSED) {
		put_pair(cli, "exit", "%s, %s%s", show_price(leg_average(&op->exit)).text,
		         exit_reason_name(op->exit_reason),
		         op->exit_wish.is_recovered ? ", recovered from a gap in prices" : "");
		if (model->has_slippage)
			put_pair(cli, "slippage", "%s %% beyond the stop", show_percent(model->stop_slippage_percent).text);
		if (op->stop_latency_us != 0)
			put_pair(cli, "latency", "%lld us from the price to the exit order", (long long)op->stop_latency_us);
		put_pair(cli, "result", "%s %s net%s%s%s", show_signed(op->realized_pnl).text, quote,
		         model->has_r ? ", " : "", r, model->has_r ? " R" : "");
	} else if (op->status == OPERATION_CANCELLED) {
		put_pair(cli, "released", "%s", op->note);
	} else if (model->has_unrealized) {
		put_pair(cli, "result", "%s %s so far, net%s%s%s", show_signed(model->unrealized).text, quote,
		         model->has_r ? ", " : "", r, model->has_r ? " R" : "");
	}
}

void
put_operation(struct cli *cli, const struct operation_model *model)
{
	const struct operation *op = &model->op;

	put(cli, "operation %lld  %s  %s", (long long)op->id, operation_status_name(op->status),
	    mode_name(op->mode));
	put_pair(cli, "position", "%s %s %s at %s", side_position_name(op->side),
	         show_quantity(op->entry.quantity).text, op->symbol,
	         show_price(leg_average(&op->entry)).text);
	if (op->status == OPERATION_ACTIVE) {
		if (model->has_price)
			put_pair(cli, "price", "%s, %s old%s", show_price(model->price).text,
			         show_age(model->price_age_ms).text,
			         model->is_stale ? ": too old to decide anything" : "");
		else
			put_pair(cli, "price", "unknown");
	}
	if (decimal_cmp(op->initial_stop, op->stop_price) == 0)
		put_pair(cli, "stop", "%s", show_price(op->stop_price).text);
	else
		put_pair(cli, "stop", "%s, at first %s", show_price(op->stop_price).text,
		         show_price(op->initial_stop).text);
	if (op->has_target)
		put_pair(cli, "target", "%s", show_price(op->target_price).text);
	put_result(cli, model, model->quote);
	struct decimal fees;
	if (decimal_add(op->entry.fees, op->exit.fees, &fees) == STATUS_OK)
		put_pair(cli, "fees", "%s %s", show_money(fees).text, model->quote);
	if (op->status == OPERATION_ACTIVE)
		put_pair(cli, "protection", "%s, %s%s", protection_name(model->protection),
		         model->is_watched ? "watched by " : "not watched",
		         model->is_watched ? model->watched_by : "");
	if (op->status == OPERATION_CLOSED && decimal_is_positive(op->dust))
		put_pair(cli, "dust", "%s %s stays in the account: too little to be sold", show_quantity(op->dust).text,
		         model->base);
	if (op->exchange_host[0] != '\0')
		put_pair(cli, "account", "%s on %s", op->account, op->exchange_host);
	put_pair(cli, "opened", "%s", show_time(op->opened_at_ms).text);
	if (op->closed_at_ms != 0)
		put_pair(cli, "closed", "%s", show_time(op->closed_at_ms).text);
	if (op->intent_id[0] != '\0')
		put_pair(cli, "intent", "%s", op->intent_id);
	if (op->alarm[0] != '\0')
		put_pair(cli, "ALARM", "%s", op->alarm);
}

void
put_resting(struct cli *cli, const struct order_list *orders, int64_t now_ms)
{
	for (size_t i = 0; i < orders->count; i++) {
		const struct order *order = &orders->rows[i].order;
		char words[400], seen[64] = "not seen resting yet";
		if (order->mode != MODE_LIVE || !order_is_open(order->state))
			continue;
		if (order->state == ORDER_UNKNOWN) {
			order_unknown_words(&orders->rows[i], now_ms, words, sizeof words);
			put_pair(cli, order_purpose_name(order->purpose), "UNKNOWN: %s", words);
			continue;
		}
		if (order->seen_at_ms != 0 && orders->rows[i].is_seen_here)
			text_format(seen, sizeof seen, "seen %s ago", show_age(now_ms - order->seen_at_ms).text);
		else if (order->seen_at_ms != 0)
			text_format(seen, sizeof seen, "resting since it was seen at %s", show_time(order->seen_at_ms).text);
		put_pair(cli, order_purpose_name(order->purpose), "%s %s%s%s%s%s %s, %s; %s", order_type_name(order->type),
		         show_quantity(order->quantity).text, order->has_stop_price ? ", triggers at " : "",
		         order->has_stop_price ? show_price(order->stop_price).text : "",
		         order->has_price ? ", limit " : "", order->has_price ? show_price(order->price).text : "",
		         order_state_name(order->state), seen, order->client_order_id);
	}
}

void
put_order_table(struct cli *cli, const struct order_list *orders)
{
	struct table table;
	/* What lies on an exchange has a trigger, a list and a time when it was last seen there. */
	bool has_live = false;
	for (size_t i = 0; i < orders->count; i++)
		has_live = has_live || orders->rows[i].order.mode == MODE_LIVE;
	table_open(&table, has_live ? "TIME|ORDER|PURPOSE|SIDE|TYPE|QUANTITY>|TRIGGER>|PRICE>|STATUS|FILLED>|AT>|SEEN|LIST"
	                            : "TIME|ORDER|PURPOSE|SIDE|TYPE|QUANTITY>|PRICE>|STATUS|FILLED>|AT>");
	for (size_t i = 0; i < orders->count; i++) {
		const struct order *order = &orders->rows[i].order;
		struct leg leg = { order->filled_quantity, order->filled_value, order->fees };
		table_cell(&table, show_time(order->created_at_ms).text);
		table_cell(&table, order->client_order_id);
		table_cell(&table, order_purpose_name(order->purpose));
		table_cell(&table, side_name(order->side));
		table_cell(&table, order_type_name(order->type));
		table_cell(&table, show_quantity(order->quantity).text);
		if (has_live)
			table_cell(&table, order->has_stop_price ? show_price(order->stop_price).text : "-");
		table_cell(&table, order->has_price ? show_price(order->price).text : "-");
		table_cell(&table, order_state_name(order->state));
		table_cell(&table, show_quantity(order->filled_quantity).text);
		table_cell(&table, decimal_is_zero(order->filled_quantity)
		                   ? "-" : show_price(leg_average(&leg)).text);
		if (has_live) {
			table_cell(&table, show_time(order->seen_at_ms).text);
			table_cell(&table, order->list_id[0] != '\0' ? order->list_id : "-");
		}
	}
	table_close(&table, cli);
}
