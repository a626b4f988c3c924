/* Purpose: the audit trail, the health checks, the settings and the guards' verdicts as rows. */
#include "ui/screen_parts.h"
#include "ui/words.h"

#include <stdio.h>
#include <string.h>

/* ---- the audit trail ---- */

enum { L_SEQ, L_WHEN, L_WHO, L_WHOSE, L_TEXT, L_COLUMNS };

static const struct table_column log_columns[L_COLUMNS] = {
	[L_SEQ]   = { "#", 3, ALIGN_RIGHT, 2, false },
	[L_WHEN]  = { "WHEN", 8, ALIGN_RIGHT, 0, false },
	[L_WHO]   = { "WHO", 6, ALIGN_LEFT, 3, false },
	[L_WHOSE] = { "OF", 4, ALIGN_LEFT, 1, false },
	[L_TEXT]  = { "WHAT", 0, ALIGN_LEFT, 0, false },
};

void
log_view_init(struct table *table)
{
	table_init(table, log_columns, L_COLUMNS, "no event yet");
}

void
log_view(struct table *table, const struct event_list *list, int64_t now_ms)
{
	char text[WORDS_SIZE], key[TABLE_KEY_SIZE];

	table_begin(table);
	for (size_t i = 0; i < list->count; i++) {
		const struct event *event = &list->rows[i];
		text_format(key, sizeof key, "%lld", (long long)event->seq);
		struct table_row *row = table_add(table, key);
		if (row == NULL)
			break;
		table_set(row, L_SEQ, STYLE_DIM, "%s", key);
		table_set_number(row, L_SEQ, decimal_from_int(event->seq));
		words_when(event->at_ms, now_ms, text);
		table_set(row, L_WHEN, STYLE_PLAIN, "%s", text);
		table_set_number(row, L_WHEN, decimal_from_int(event->at_ms));
		table_set(row, L_WHO, STYLE_DIM, "%.39s", event->actor);
		if (event->operation_id != 0) {
			table_set(row, L_WHOSE, STYLE_PLAIN, "op %lld", (long long)event->operation_id);
		} else if (event->intent_id[0] != 0) {
			words_id(event->intent_id, text);
			table_set(row, L_WHOSE, STYLE_PLAIN, "%s", text);
		}
		text_copy(row->wide, sizeof row->wide, event->summary[0] != 0 ? event->summary
		                                                              : event->kind);
		row->wide_style = strstr(event->kind, "refus") != NULL ||
		                  strstr(event->kind, "fail") != NULL ||
		                  strstr(event->kind, "alarm") != NULL ? STYLE_WARN : STYLE_PLAIN;
		text_format(row->detail, sizeof row->detail, "%s; %s", event->kind,
		            event->data != NULL ? event->data : "no numbers");
		/* JSON members on lines of their own, where they fit. */
		for (char *p = row->detail; *p != 0; p++)
			if (*p == ',')
				*p = ';';
	}
	table_end(table);
}

/* ---- verdicts ---- */

static const struct {
	const char *sign;
	unsigned style;
} verdicts[] = {
	[VERDICT_PASS] = { "✓", STYLE_GOOD },
	[VERDICT_WARN] = { "!", STYLE_WARN },
	[VERDICT_FAIL] = { "✗", STYLE_BAD },
};

enum { V_SIGN, V_NAME, V_TEXT, V_COLUMNS };

static const struct table_column verdict_columns[V_COLUMNS] = {
	[V_SIGN] = { "", 1, ALIGN_LEFT, 0, false },
	[V_NAME] = { "guard", 8, ALIGN_LEFT, 1, false },
	[V_TEXT] = { "what it saw", 0, ALIGN_LEFT, 0, false },
};

static const struct table_column health_columns[V_COLUMNS] = {
	[V_SIGN] = { "", 1, ALIGN_LEFT, 0, false },
	[V_NAME] = { "check", 8, ALIGN_LEFT, 0, false },
	[V_TEXT] = { "how it is, and what to do", 0, ALIGN_LEFT, 0, false },
};

void
checks_view_init(struct table *table)
{
	table_init(table, verdict_columns, V_COLUMNS, "v validates what the form holds");
	table->least = 34;            /* what a guard saw says more than its name, which the opened row shows */
}

void
checks_view(struct table *table, const struct report *report)
{
	table_begin(table);
	/* What failed stands first, then what warns: they are what a person has to read. */
	for (int wanted = VERDICT_FAIL; wanted >= VERDICT_PASS; wanted--)
		for (int i = 0; i < report->count; i++) {
			const struct verdict *check = &report->checks[i];
			if ((int)check->status != wanted)
				continue;
			struct table_row *row = table_add(table, check->name);
			if (row == NULL)
				break;
			table_set(row, V_SIGN, verdicts[check->status].style, "%s",
			          verdicts[check->status].sign);
			table_set(row, V_NAME, wanted == VERDICT_PASS ? STYLE_PLAIN : STYLE_STRONG, "%s",
			          check->name);
			text_copy(row->wide, sizeof row->wide, check->message);
			row->wide_style = wanted == VERDICT_PASS ? STYLE_PLAIN : verdicts[check->status].style;
			/* The name and the message too: on a narrow screen they are left out or cut above. */
			text_format(row->detail, sizeof row->detail, "%s: %s; %s", check->name, check->message,
			            check->details[0] != 0 ? check->details : check->code);
		}
	table_end(table);
}

void
health_view_init(struct table *table)
{
	table_init(table, health_columns, V_COLUMNS, "nothing is known yet");
}

static void
add_figure(struct table *table, const char *name, const char *text)
{
	struct table_row *row = table_add(table, name);

	if (row == NULL)
		return;
	table_set(row, V_SIGN, STYLE_DIM, "·");
	table_set(row, V_NAME, STYLE_PLAIN, "%.39s", name);
	text_copy(row->wide, sizeof row->wide, text);
}

static void
add_trouble(struct table *table, const char *name, const char *text)
{
	struct table_row *row = text[0] != 0 ? table_add(table, name) : NULL;

	if (row == NULL)
		return;
	table_set(row, V_SIGN, STYLE_ALARM, "!");
	table_set(row, V_NAME, STYLE_STRONG, "%.39s", name);
	text_copy(row->wide, sizeof row->wide, text);
	text_copy(row->detail, sizeof row->detail, text);
	row->wide_style = STYLE_ALARM;
}

/* LIVE's exchange: who it is, how fast, how much of its limits is used, what waits and why. */
static void
add_exchange(struct table *table, const struct desk_status_model *status)
{
	const struct exchange_status *live = &status->live;
	char text[TABLE_WIDE_SIZE], orders[64] = "";

	add_trouble(table, "adopt", status->binding);
	add_trouble(table, "blocker", status->blocker);
	if (status->unknown_count > 0) {
		text_format(text, sizeof text, "%d without an answer, the oldest is %s", status->unknown_count,
		            status->unknown_id);
		add_trouble(table, "orders", text);
	}
	if (!status->has_live)
		return;
	add_trouble(table, "exchange", live->trouble);
	text_format(text, sizeof text, "%s at %s, key …%s%s%s%s", live->label, live->host, live->key_tail,
	            live->uid[0] != 0 ? ", account " : "", live->uid, live->is_ready ? "" : ", not ready yet");
	add_figure(table, "LIVE goes to", text);
	if (live->orders_10s_limit > 0)
		text_format(orders, sizeof orders, ", orders %d of %d in 10 s, %d of %d today", live->orders_10s,
		            live->orders_10s_limit, live->orders_day, live->orders_day_limit);
	text_format(text, sizeof text, "%lld ms there and back, weight %d of %d%s%s%s",
	            (long long)(live->round_trip_us / 1000), live->weight_used, live->weight_limit, orders,
	            live->waits[0] != 0 ? "; waits: " : "", live->waits);
	add_figure(table, "LIVE limits", text);
}

void
health_view(struct table *table, const struct health_model *model,
            const struct desk_status_model *status)
{
	char text[TABLE_WIDE_SIZE];

	table_begin(table);
	for (int i = 0; i < model->count; i++) {
		const struct health_check *check = &model->checks[i];
		struct table_row *row = table_add(table, check->name);
		if (row == NULL)
			break;
		table_set(row, V_SIGN, verdicts[check->status].style, "%s", verdicts[check->status].sign);
		table_set(row, V_NAME, STYLE_STRONG, "%.39s", check->name);
		text_format(row->wide, sizeof row->wide, "%s%s%s", check->message,
		            check->status != VERDICT_PASS && check->hint[0] != 0 ? " → " : "",
		            check->status != VERDICT_PASS ? check->hint : "");
		row->wide_style = check->status == VERDICT_PASS ? STYLE_PLAIN
		                                                : verdicts[check->status].style;
		text_format(row->detail, sizeof row->detail, "%s; %s", check->message, check->hint);
	}
	add_exchange(table, status);
	text_format(text, sizeof text, "%lld fired; price seen to exit handed over, 99 of 100 within "
	            "%lld µs", (long long)status->stops_fired, (long long)status->stop_latency_p99_us);
	add_figure(table, "stops", text);
	if (status->feed.round_trip_us > 0) {
		text_format(text, sizeof text, "%lld ms for the last request, weight %d of %d",
		            (long long)(status->feed.round_trip_us / 1000), status->feed.weight_used,
		            status->feed.weight_limit);
		add_figure(table, "round trip", text);
	}
	if (status->feed.has_clock_offset) {
		text_format(text, sizeof text, "exchange minus this machine: %lld ms",
		            (long long)status->feed.clock_offset_ms);
		add_figure(table, "clock offset", text);
	}
	text_format(text, sizeof text, "%llu received from %s",
	            (unsigned long long)status->feed.quotes, status->feed.label);
	add_figure(table, "prices", text);
	add_figure(table, "database file", status->database);
	table_end(table);
}

/* ---- settings ---- */

enum { G_KEY, G_VALUE, G_FROM, G_COLUMNS };

static const struct table_column settings_columns[G_COLUMNS] = {
	[G_KEY]   = { "SETTING", 12, ALIGN_LEFT, 0, false },
	[G_VALUE] = { "VALUE", 6, ALIGN_LEFT, 0, false },
	[G_FROM]  = { "FROM; Enter says what it does|FROM", 0, ALIGN_LEFT, 0, false },
};

void
settings_view_init(struct table *table)
{
	table_init(table, settings_columns, G_COLUMNS, "no settings are known");
}

void
settings_view(struct table *table, const struct settings *settings)
{
	table_begin(table);
	for (size_t i = 0; settings != NULL && i < settings_count(); i++) {
		const struct setting_key *key = settings_key(i);
		char value[SETTING_TEXT_SIZE], range[200];
		struct table_row *row = table_add(table, key->name);
		if (row == NULL)
			break;
		settings_value_text(settings, i, value, sizeof value);
		table_set(row, G_KEY, STYLE_PLAIN, "%.39s", key->name);
		table_set(row, G_VALUE, STYLE_STRONG, "%.39s", value);
		settings_origin_text(settings, i, row->wide, sizeof row->wide);
		row->wide_style = STYLE_DIM;
		settings_range_text(key, range, sizeof range);
		text_format(row->detail, sizeof row->detail, "%s; %s; change it with: robson settings set "
		            "%s VALUE", key->help, range, key->name);
	}
	table_end(table);
}
