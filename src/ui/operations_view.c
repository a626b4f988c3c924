/* Purpose: open operations as rows of words. */
#include "ui/screen_parts.h"
#include "ui/words.h"

#include <stdio.h>

enum { ID, SYMBOL, SIDE, QTY, ENTRY, PRICE, STOP, GAUGE, TARGET, PNL, R, AGE, PROTECTION, COLUMNS };

static const struct table_column columns[COLUMNS] = {
	[ID]         = { "ID", 2, ALIGN_RIGHT, 0, false },
	[SYMBOL]     = { "SYMBOL", 7, ALIGN_LEFT, 0, false },
	[SIDE]       = { "SIDE", 4, ALIGN_LEFT, 0, false },
	[QTY]        = { "QTY", 5, ALIGN_RIGHT, 6, false },
	[ENTRY]      = { "ENTRY", 6, ALIGN_RIGHT, 5, false },
	[PRICE]      = { "PRICE", 8, ALIGN_RIGHT, 0, false },
	[STOP]       = { "STOP", 6, ALIGN_RIGHT, 2, false },
	[GAUGE]      = { "to target|", 8, ALIGN_LEFT, 4, true },
	[TARGET]     = { "TARGET", 6, ALIGN_RIGHT, 3, false },
	[PNL]        = { "P&L", 6, ALIGN_RIGHT, 0, false },
	[R]          = { "R", 5, ALIGN_RIGHT, 0, false },
	[AGE]        = { "AGE", 3, ALIGN_RIGHT, 7, false },
	[PROTECTION] = { "PROTECTION|GUARD", 5, ALIGN_LEFT, 0, false },
};

void
operations_view_init(struct table *table)
{
	table_init(table, columns, COLUMNS, "nothing is open: n starts an intent, ? helps");
}

/* Without a target the gauge ends as far above the entry as the stop lies below it. */
static bool
gauge(const struct operation_model *model, struct table_row *row)
{
	struct decimal entry = leg_average(&model->op.entry), distance;

	if (!model->has_price)
		return false;
	row->value = model->price;
	row->low = model->op.stop_price;
	row->high = model->op.target_price;
	if (!model->op.has_target &&
	    (decimal_sub(entry, model->op.initial_stop, &distance) != STATUS_OK ||
	     decimal_add(entry, distance, &row->high) != STATUS_OK))
		return false;
	return decimal_cmp(row->low, row->high) != 0;
}

/* Words, marks and weight say it before any colour does. */
static void
say_protection(struct table_row *row, const struct operation_model *model)
{
	const struct operation *op = &model->op;
	const char *name = protection_name(model->protection), *mark = op->alarm[0] != 0 ? " ⚠" : "";

	/* A position without a stop is said first, whatever else goes on. */
	if (op->exit_wish.reason != EXIT_NONE && model->protection != PROTECTION_NAKED) {
		table_set(row, PROTECTION, STYLE_WARN, "exiting%s", mark);
		return;
	}
	switch (model->protection) {
	case PROTECTION_NAKED:
		table_set(row, PROTECTION, STYLE_ALARM, "NAKED ⚠");
		break;
	case PROTECTION_LOCAL:
		table_set(row, PROTECTION, STYLE_WARN, "LOCAL ⚠");
		break;
	case PROTECTION_EXCH:
		table_set(row, PROTECTION, STYLE_WARN, "EXCH ○%s", mark);
		break;
	case PROTECTION_EXCH_LOCAL:
		table_set(row, PROTECTION, mark[0] != 0 ? STYLE_ALARM : STYLE_GOOD, "%s%s", name, mark);
		break;
	case PROTECTION_PAPER:
		if (model->is_watched)
			table_set(row, PROTECTION, STYLE_PLAIN, "%s%s", name, mark);
		else
			table_set(row, PROTECTION, STYLE_ALARM, "%s unwatched", name);
		break;
	}
}

static void
fill_row(struct table_row *row, const struct operation_model *model, int64_t now_ms)
{
	const struct operation *op = &model->op;
	unsigned style = model->is_stale ? STYLE_STALE : STYLE_PLAIN;
	char text[WORDS_SIZE];
	struct decimal entry = leg_average(&op->entry);

	table_set(row, ID, STYLE_STRONG, "%lld", (long long)op->id);
	table_set_number(row, ID, decimal_from_int(op->id));
	table_set(row, SYMBOL, STYLE_STRONG, "%s", op->symbol);
	table_set(row, SIDE, STYLE_PLAIN, "%s", side_position_name(op->side));
	words_quantity(operation_open_quantity(op), model->quantity_places, text);
	table_set(row, QTY, STYLE_PLAIN, "%s", text);
	table_set_number(row, QTY, operation_open_quantity(op));
	words_price(entry, model->price_places, text);
	table_set(row, ENTRY, STYLE_PLAIN, "%s", text);
	table_set_number(row, ENTRY, entry);
	if (model->has_price) {
		words_price(model->price, model->price_places, text);
		table_set(row, PRICE, style, "%s", text);
		table_set_number(row, PRICE, model->price);
	} else {
		table_set(row, PRICE, STYLE_WARN, "no price");
	}
	/* A stale price carries its age, in the place of the gauge that it can't feed. */
	if (model->has_price && model->is_stale) {
		words_age(model->price_age_ms, text);
		table_set(row, GAUGE, STYLE_STALE, "%s old", text);
	} else {
		row->has_gauge = gauge(model, row);
	}
	words_price(op->stop_price, model->price_places, text);
	table_set(row, STOP, STYLE_PLAIN, "%s", text);
	table_set_number(row, STOP, op->stop_price);
	if (op->has_target) {
		words_price(op->target_price, model->price_places, text);
		table_set(row, TARGET, STYLE_PLAIN, "%s", text);
		table_set_number(row, TARGET, op->target_price);
	}
	if (model->has_unrealized) {
		words_money(model->unrealized, true, text);
		table_set(row, PNL, style == STYLE_STALE ? style : words_style(model->unrealized), "%s", text);
		table_set_number(row, PNL, model->unrealized);
		row->gauge_style = words_style(model->unrealized);
	}
	if (model->has_r) {
		words_number(model->r, 2, true, text);
		table_set(row, R, style == STYLE_STALE ? style : words_style(model->r), "%s", text);
		table_set_number(row, R, model->r);
	}
	words_age(now_ms - op->opened_at_ms, text);
	table_set(row, AGE, STYLE_DIM, "%s", text);
	table_set_number(row, AGE, decimal_from_int(now_ms - op->opened_at_ms));

	say_protection(row, model);
}

void
operations_view(struct table *table, const struct operation_list *list, int64_t now_ms)
{
	table_begin(table);
	for (size_t i = 0; i < list->count; i++) {
		char key[TABLE_KEY_SIZE];
		text_format(key, sizeof key, "%lld", (long long)list->rows[i].op.id);
		struct table_row *row = table_add(table, key);
		if (row != NULL)
			fill_row(row, &list->rows[i], now_ms);
	}
	table_end(table);
}
