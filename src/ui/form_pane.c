/* Purpose: the form on the screen: fields, what they come to, and what is wrong with them. */
#include "ui/form.h"
#include "ui/words.h"

#include <string.h>

enum { LABEL_COLS = 11, VALUE_COLS = 15 };

static const char *const labels[FORM_FIELDS] = {
	"Symbol", "Side", "Strategy", "Entry", "Stop", "Target", "Capital", "Size", "Reason", "Regime",
	"Confidence",
};

/* Fields above the first line that is shown; the last two lines are the sums and the words. */
static int
first_shown(const struct form *form, int rows)
{
	int lines = rows - 2, last = lines < FORM_FIELDS ? FORM_FIELDS - lines : 0;
	int first = (int)form->at - lines + 1;

	/* Regime and confidence may stay below the edge until somebody goes there. */
	if (first < 0)
		first = 0;
	return first > last ? last : first;
}

int
form_field_at(const struct form *form, int line, int rows)
{
	int field = first_shown(form, rows) + line;

	return line >= 0 && line < rows - 2 && field < FORM_FIELDS ? field : -1;
}

static void
draw_side(const struct form *form, const struct canvas *canvas, int row, bool focused)
{
	bool buys = form->fields[FORM_SIDE].text[0] == 'B';
	unsigned chosen = focused ? STYLE_FIELD_FOCUS : STYLE_STRONG;
	int col = LABEL_COLS;

	col += canvas_text(canvas, row, col, chosen, buys ? "‹ BUY ›" : "‹ SELL ›") + 2;
	canvas_text(canvas, row, col, STYLE_DIM, buys ? "sell" : "buy");
}

static void
draw_strategy(const struct form *form, const struct canvas *canvas, int row, bool focused)
{
	const char *name = form->fields[FORM_STRATEGY].text;
	char text[STRATEGY_NAME_SIZE + 8];

	text_format(text, sizeof text, "‹ %s ›", name[0] != 0 ? name : "none");
	canvas_column(canvas, row, LABEL_COLS, canvas->cols - LABEL_COLS, ALIGN_LEFT,
	              focused ? STYLE_FIELD_FOCUS : name[0] != 0 ? STYLE_FIELD : STYLE_DIM, text);
}

/* "-1.54 %" beside a price, or the price beside a percentage. */
static void
say_level(const struct form *form, enum form_field field, char *ret, size_t size)
{
	const struct preview *preview = &form->preview;
	const struct intent *intent = &preview->intent;
	const char *text = form->fields[field].text;
	bool typed_price = strchr(text, '%') == NULL && strpbrk(text, "rR") == NULL;
	struct decimal level = field == FORM_STOP ? intent->stop_price : intent->target_price;
	struct decimal distance;
	char number[WORDS_SIZE];

	ret[0] = 0;
	if (!form->has_preview || text[0] == 0 || form_error(form, field) != NULL ||
	    !decimal_is_positive(level))
		return;
	if (!typed_price) {
		words_price(level, preview->price_places, number);
		text_format(ret, size, "%s", number);
		return;
	}
	if (field == FORM_TARGET && preview->has_target_r) {
		words_number(preview->target_r, 1, false, number);
		text_format(ret, size, "%s R", number);
		return;
	}
	if (!decimal_is_positive(intent->entry_price) ||
	    decimal_sub(level, intent->entry_price, &distance) != STATUS_OK ||
	    decimal_mul_div(distance, decimal_from_int(100), intent->entry_price, ROUND_HALF_UP,
	                    &distance) != STATUS_OK)
		return;
	words_number(distance, 2, true, number);
	text_format(ret, size, "%s %%", number);
}

static void
say_entry(const struct form *form, char *ret, size_t size)
{
	char price[WORDS_SIZE];

	if (form->fields[FORM_ENTRY].text[0] != 0) {
		text_copy(ret, size, "limit");
	} else if (form->has_preview && decimal_is_positive(form->preview.intent.entry_price)) {
		words_price(form->preview.intent.entry_price, form->preview.price_places, price);
		text_format(ret, size, "market, at most %s", price);
		if (form->fields[FORM_SIDE].text[0] == 'S')
			text_format(ret, size, "market, at least %s", price);
	} else {
		text_copy(ret, size, "market");
	}
}

static void
say_size(const struct form *form, char *ret, size_t size)
{
	const struct preview *preview = &form->preview;
	char quantity[WORDS_SIZE], value[WORDS_SIZE];

	ret[0] = 0;
	if (!form->has_preview || !preview->has_sizing)
		return;
	words_number(preview->sizing.quantity, preview->quantity_places, false, quantity);
	words_money(preview->sizing.position_value, false, value);
	const char *bound = preview->sizing.bound_by == BOUND_BALANCE ? ", all that is free"
	                  : preview->sizing.bound_by == BOUND_CAPITAL ? ", all of the capital"
	                  : preview->sizing.bound_by == BOUND_POSITION ? ", the strategy's most" : "";
	if (form->fields[FORM_SIZE].text[0] != 0)
		text_format(ret, size, "%s %s", value, preview->quote);
	else
		text_format(ret, size, "%s %s  %s%s", quantity, preview->base, value, bound);
}

static void
say_symbol(const struct form *form, char *ret, size_t size)
{
	char bid[WORDS_SIZE], age[WORDS_SIZE];

	ret[0] = 0;
	if (!form->has_price)
		return;
	words_price(form->price.quote.bid, form->price.price_places, bid);
	words_age(form->price.age_ms, age);
	if (form->price.is_stale)
		text_format(ret, size, "%s  %s old", bid, age);
	else
		text_format(ret, size, "%s", bid);
}

static void
draw_field(const struct form *form, const struct canvas *canvas, int row, enum form_field field,
           bool focused)
{
	const struct field_error *error = form_error(form, field);
	bool here = focused && form->at == field, edits = here && form->editing;
	char beside[96] = "";
	int value_cols = VALUE_COLS, beside_col;
	unsigned style = STYLE_DIM;

	if (here)
		canvas_glyph(canvas, row, 0, STYLE_STRONG, 0x25b8);
	if (error != NULL)
		canvas_glyph(canvas, row, LABEL_COLS - 1, STYLE_BAD, 0x2717);
	canvas_text(canvas, row, 1, here ? STYLE_STRONG : STYLE_LABEL, labels[field]);
	switch (field) {
	case FORM_SIDE: draw_side(form, canvas, row, edits); return;
	case FORM_STRATEGY: draw_strategy(form, canvas, row, edits); return;
	case FORM_REASON: case FORM_REGIME: case FORM_CONFIDENCE: value_cols = canvas->cols; break;
	case FORM_SYMBOL:
		say_symbol(form, beside, sizeof beside);
		style = form->has_price && form->price.is_stale ? STYLE_STALE : STYLE_PLAIN;
		break;
	case FORM_ENTRY: say_entry(form, beside, sizeof beside); break;
	case FORM_STOP: case FORM_TARGET: say_level(form, field, beside, sizeof beside); break;
	case FORM_CAPITAL:
		if (form->fields[field].text[0] == 0 && form->has_preview &&
		    decimal_is_positive(form->preview.intent.capital)) {
			char capital[WORDS_SIZE];
			words_money(form->preview.intent.capital, false, capital);
			text_format(beside, sizeof beside, "%s, the book's", capital);
		}
		break;
	case FORM_SIZE: say_size(form, beside, sizeof beside); break;
	case FORM_FIELDS: return;
	}
	/* An empty field that nobody edits gives its place to what it means. */
	if (!edits && form->fields[field].text[0] == 0 && beside[0] != 0)
		value_cols = 0;
	beside_col = LABEL_COLS + value_cols + (value_cols > 0);
	if (value_cols > canvas->cols - LABEL_COLS)
		value_cols = canvas->cols - LABEL_COLS;
	if (value_cols > 0)
		field_draw(&form->fields[field], canvas, row, LABEL_COLS, value_cols, edits,
		           field == FORM_SYMBOL ? form->ghost : NULL);
	if (beside[0] != 0 && beside_col < canvas->cols)
		canvas_column(canvas, row, beside_col, canvas->cols - beside_col, ALIGN_LEFT, style, beside);
}

/* What is at stake; the fees give way where it is narrow. */
static void
draw_sums(const struct form *form, const struct canvas *canvas, int row)
{
	const struct preview *preview = &form->preview;
	char loss[WORDS_SIZE], win[WORDS_SIZE] = "", fees[WORDS_SIZE];
	int col = 1;

	if (!form->has_preview || !preview->has_sizing)
		return;
	words_money(preview->loss, false, loss);
	words_money(preview->fees, false, fees);
	if (preview->has_win)
		words_money(preview->win, false, win);
	col += canvas_text(canvas, row, col, STYLE_PLAIN, "loses ");
	col += canvas_text(canvas, row, col, STYLE_STRONG, loss);
	if (win[0] != 0) {
		col += canvas_text(canvas, row, col, STYLE_PLAIN, "  wins ");
		col += canvas_text(canvas, row, col, STYLE_STRONG, win);
	}
	if (col + 18 + canvas_width(fees) <= canvas->cols)
		canvas_printf(canvas, row, col, STYLE_DIM, "  (fees %s in it)", fees);
	else if (col + 7 + canvas_width(fees) <= canvas->cols)
		canvas_printf(canvas, row, col, STYLE_DIM, "  fees %s", fees);
}

void
form_draw(const struct form *form, const struct canvas *canvas, bool focused)
{
	char title[64], trouble[240];
	int first;

	text_format(title, sizeof title, "Intent · %s", form->live ? "LIVE" : "DRY-RUN");
	canvas_frame(canvas, FRAME_ROUND, focused ? STYLE_FRAME_FOCUS : STYLE_FRAME, title,
	             form->editing ? "Esc leaves the field" : "v validate  x execute  F4 clear");
	struct canvas inside = canvas_inside(canvas);
	first = first_shown(form, inside.rows);
	for (int line = 0; line < inside.rows - 2 && first + line < FORM_FIELDS; line++)
		draw_field(form, &inside, line, (enum form_field)(first + line), focused);
	draw_sums(form, &inside, inside.rows - 2);
	if (form_trouble(form, trouble, sizeof trouble))
		canvas_column(&inside, inside.rows - 1, 1, inside.cols - 1, ALIGN_LEFT, STYLE_BAD, trouble);
}
