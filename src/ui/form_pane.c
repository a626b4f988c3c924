/* Purpose: the form on the screen: fields, what they come to, and what is wrong with them. */
#include "ui/form.h"
#include "ui/words.h"

#include <string.h>

enum { LABEL_COLS = 11, VALUE_COLS = 15, VALUE_LEAST = 6 };

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
	if (field == FORM_TARGET && form_target_is_wrong(form)) {
		text_format(ret, size, "%s the entry", intent->side == SIDE_BUY ? "below" : "above");
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

/* The longest wording that fits the place. */
static void
say_entry(const struct form *form, int cols, char *ret, size_t size)
{
	bool sells = form->fields[FORM_SIDE].text[0] == 'S';
	char price[WORDS_SIZE];

	if (form->fields[FORM_ENTRY].text[0] != 0) {
		text_copy(ret, size, "limit");
	} else if (form->has_preview && decimal_is_positive(form->preview.intent.entry_price)) {
		words_price(form->preview.intent.entry_price, form->preview.price_places, price);
		text_format(ret, size, "market, at %s %s", sells ? "least" : "most", price);
		if (canvas_width(ret) > cols)
			text_format(ret, size, "market, %s %s", sells ? "min" : "max", price);
	} else {
		text_copy(ret, size, "market");
	}
}

static void
say_size(const struct form *form, int cols, char *ret, size_t size)
{
	const struct preview *preview = &form->preview;
	char quantity[WORDS_SIZE], value[WORDS_SIZE];

	ret[0] = 0;
	if (!form->has_preview || !preview->has_sizing)
		return;
	words_number(preview->sizing.quantity, preview->quantity_places, false, quantity);
	words_money(preview->sizing.position_value, false, value);
	/* What bounds it, if it is not the risk: in words, or in one. */
	static const char *const bounds[][2] = {
		[BOUND_RISK] = { "", "" }, [BOUND_TYPED] = { "", "" },
		[BOUND_BALANCE] = { ", all that is free", " free" },
		[BOUND_CAPITAL] = { ", all of the capital", " all" },
		[BOUND_POSITION] = { ", the strategy's most", " most" },
	};
	enum size_bound bound = preview->sizing.bound_by;
	if (preview->sizing.typed_too_large) {
		words_number(preview->sizing.final, preview->quantity_places, false, quantity);
		text_format(ret, size, "at most %s", quantity);
		return;
	}
	if (form->fields[FORM_SIZE].text[0] != 0) {
		text_format(ret, size, "%s %s", value, preview->quote);
		return;
	}
	text_format(ret, size, "%s %s  %s%s", quantity, preview->base, value, bounds[bound][0]);
	if (canvas_width(ret) > cols)
		text_format(ret, size, "%s %s %s%s", quantity, preview->base, value, bounds[bound][1]);
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
	/* The price of a symbol that the field does not name is said with its name. */
	bool is_other = !text_equal(form->fields[FORM_SYMBOL].text, form->price.quote.symbol);
	text_format(ret, size, "%s%s%s%s%s%s", is_other ? form->price.quote.symbol : "", is_other ? " " : "", bid,
	            form->price.is_stale ? "  " : "", form->price.is_stale ? age : "", form->price.is_stale ? " old" : "");
}

/* What stands beside the value of a field, in at most `cols` columns where it can be said shorter. */
static void
say_beside(const struct form *form, enum form_field field, int cols, char *ret, size_t size,
           unsigned *ret_style)
{
	ret[0] = 0;
	*ret_style = STYLE_DIM;
	switch (field) {
	case FORM_SYMBOL:
		say_symbol(form, ret, size);
		*ret_style = form->has_price && form->price.is_stale ? STYLE_STALE : STYLE_PLAIN;
		break;
	case FORM_ENTRY: say_entry(form, cols, ret, size); break;
	case FORM_STOP: say_level(form, field, ret, size); break;
	case FORM_TARGET:
		say_level(form, field, ret, size);
		if (form_target_is_wrong(form))
			*ret_style = STYLE_BAD;
		break;
	case FORM_CAPITAL:
		if (form->fields[field].text[0] == 0 && form->has_preview &&
		    decimal_is_positive(form->preview.intent.capital)) {
			char capital[WORDS_SIZE];
			words_money(form->preview.intent.capital, false, capital);
			text_format(ret, size, "%s, the book's", capital);
		}
		break;
	case FORM_SIZE:
		say_size(form, cols, ret, size);
		if (form->has_preview && form->preview.has_sizing && form->preview.sizing.typed_too_large)
			*ret_style = STYLE_BAD;
		break;
	default: break;
	}
}

static void
draw_field(const struct form *form, const struct canvas *canvas, int row, enum form_field field,
           bool focused)
{
	const struct field_error *error = form_error(form, field);
	bool here = focused && form->at == field, edits = here && form->editing;
	char beside[96] = "";
	int room = canvas->cols - LABEL_COLS, value_cols = VALUE_COLS, beside_cols;
	unsigned style;

	if (here)
		canvas_glyph(canvas, row, 0, STYLE_STRONG, 0x25b8);
	if (error != NULL)
		canvas_glyph(canvas, row, LABEL_COLS - 1, STYLE_BAD, 0x2717);
	canvas_text(canvas, row, 1, here ? STYLE_STRONG : STYLE_LABEL, labels[field]);
	if (field == FORM_SIDE) {
		draw_side(form, canvas, row, edits);
		return;
	}
	if (field == FORM_STRATEGY) {
		draw_strategy(form, canvas, row, edits);
		return;
	}
	say_beside(form, field, room, beside, sizeof beside, &style);
	beside_cols = canvas_width(beside);
	/* An empty field that nobody edits gives its place to what it means; a full one moves over where
	 * it is narrow: what it comes to is a number, and numbers are not cut. */
	if (beside_cols == 0)
		value_cols = room;
	else if (!edits && form->fields[field].text[0] == 0)
		value_cols = 0;
	else if (value_cols + 1 + beside_cols > room)
		value_cols = room - 1 - beside_cols > VALUE_LEAST ? room - 1 - beside_cols : VALUE_LEAST;
	if (value_cols > room)
		value_cols = room;
	if (value_cols > 0)
		field_draw(&form->fields[field], canvas, row, LABEL_COLS, value_cols, edits,
		           field == FORM_SYMBOL ? form->ghost : NULL);
	int col = LABEL_COLS + value_cols + (value_cols > 0);
	if (beside_cols > 0 && col < canvas->cols)
		canvas_column(canvas, row, col, canvas->cols - col, ALIGN_LEFT, style, beside);
}

/* What is at stake, in the widest spacing that fits; nothing of it is cut. */
static void
draw_sums(const struct form *form, const struct canvas *canvas, int row)
{
	const struct preview *preview = &form->preview;
	char loss[WORDS_SIZE], win[WORDS_SIZE] = "", fees[WORDS_SIZE];
	int col = 1, words, gap;

	if (!form->has_preview || !preview->has_sizing || preview->sizing.typed_too_large)
		return;
	words_money(preview->loss, false, loss);
	words_money(preview->fees, false, fees);
	if (preview->has_win && !form_target_is_wrong(form))
		words_money(preview->win, false, win);
	words = 6 + canvas_width(loss) + (win[0] != 0 ? 5 + canvas_width(win) : 0);
	gap = col + words + 2 + 7 + canvas_width(fees) <= canvas->cols ? 2 : 1;
	col += canvas_text(canvas, row, col, STYLE_PLAIN, "loses ");
	col += canvas_text(canvas, row, col, STYLE_STRONG, loss) + gap;
	if (win[0] != 0) {
		col += canvas_text(canvas, row, col, STYLE_PLAIN, "wins ");
		col += canvas_text(canvas, row, col, STYLE_STRONG, win) + gap;
	}
	if (col + 14 + canvas_width(fees) <= canvas->cols)
		canvas_printf(canvas, row, col, STYLE_DIM, "(fees %s in it)", fees);
	else if (col + 5 + canvas_width(fees) <= canvas->cols)
		canvas_printf(canvas, row, col, STYLE_DIM, "fees %s", fees);
	else
		canvas_printf(canvas, row + 1, 1, STYLE_DIM, "fees %s in it", fees);
}

void
form_draw(const struct form *form, const struct canvas *canvas, bool focused)
{
	char title[64], trouble[240];
	int first;

	text_format(title, sizeof title, "Intent · %s%s%s", form->live ? "LIVE" : "DRY-RUN",
	            form->done[0] != 0 ? " · " : "", form->done);
	canvas_frame(canvas, FRAME_ROUND, form->live ? STYLE_DIALOG_DANGER
	             : focused ? STYLE_FRAME_FOCUS : STYLE_FRAME, title,
	             form->editing ? "Esc leaves the field"
	             : form->done[0] != 0 ? "n new  v the same again"
	                                  : "v validate  x execute  F4 clear");
	struct canvas inside = canvas_inside(canvas);
	first = first_shown(form, inside.rows);
	for (int line = 0; line < inside.rows - 2 && first + line < FORM_FIELDS; line++)
		draw_field(form, &inside, line, (enum form_field)(first + line), focused);
	draw_sums(form, &inside, inside.rows - 2);
	if (form_trouble(form, trouble, sizeof trouble))
		canvas_column(&inside, inside.rows - 1, 1, inside.cols - 1, ALIGN_LEFT, STYLE_BAD, trouble);
}
