/* Purpose: the screen's wording of numbers, times and states. */
#include "ui/words.h"
#include "base/clock.h"
#include "base/text.h"
#include "ui/canvas.h"
#include "ui/theme.h"

#include <string.h>

void
words_number(struct decimal number, int places, bool with_sign, char ret[WORDS_SIZE])
{
	char text[DECIMAL_FORMAT_SIZE];
	bool shows_more_than_zero = false;

	decimal_format(number, places, true, text);
	for (const char *p = text; *p != 0; p++)
		shows_more_than_zero = shows_more_than_zero || (*p >= '1' && *p <= '9');
	text_format(ret, WORDS_SIZE, "%s%s", with_sign && shows_more_than_zero &&
	            decimal_is_positive(number) ? "+" : "", text);
}

void
words_money(struct decimal amount, bool with_sign, char ret[WORDS_SIZE])
{
	words_number(amount, 2, with_sign, ret);
}

void
words_price(struct decimal price, int places, char ret[WORDS_SIZE])
{
	words_number(price, places, false, ret);
}

void
words_quantity(struct decimal quantity, int places, char ret[WORDS_SIZE])
{
	struct decimal step = decimal_from_int(1), down;

	for (int i = 0; i < places; i++)
		step.e16 /= 10;
	if (decimal_to_step(quantity, step, ROUND_DOWN, &down) != STATUS_OK)
		down = quantity;
	words_number(down, places, false, ret);
}

void
words_id(const char *id, char ret[WORDS_SIZE])
{
	size_t len = strlen(id);

	if (len <= 10)
		text_copy(ret, WORDS_SIZE, id);
	else
		text_format(ret, WORDS_SIZE, "%.4s…%s", id, id + len - 4);
}

void
words_when(int64_t ms, int64_t now_ms, char ret[WORDS_SIZE])
{
	char iso[CLOCK_TEXT_SIZE];

	if (ms == 0) {
		text_copy(ret, WORDS_SIZE, "");
		return;
	}
	if (clock_day_start(ms) == clock_day_start(now_ms)) {
		clock_format_time(ms, iso);
		text_copy(ret, WORDS_SIZE, iso);
		return;
	}
	clock_format_iso(ms, iso);
	text_format(ret, WORDS_SIZE, "%.5s %.5s", iso + 5, iso + 11);
}

void
words_age(int64_t ms, char ret[WORDS_SIZE])
{
	char age[CLOCK_TEXT_SIZE];

	clock_format_age(ms < 0 ? 0 : ms, age);
	text_copy(ret, WORDS_SIZE, age);
}

const char *
words_mode(enum mode mode)
{
	return mode == MODE_LIVE ? "LIVE" : "DRY-RUN";
}

const char *
words_exit(enum exit_reason reason)
{
	switch (reason) {
	case EXIT_STOP_LOSS: return "stop";
	case EXIT_TAKE_PROFIT: return "target";
	case EXIT_MANUAL: return "by hand";
	case EXIT_EMERGENCY: return "emergency";
	case EXIT_CLOSED_ELSEWHERE: return "elsewhere";
	case EXIT_HANDED_OVER: return "handed over";
	default: return "";
	}
}

void
words_cut(const char *text, int width, char *ret_text, size_t size)
{
	size_t used = 0, len;
	int columns = 0;
	char piece[8];
	uint32_t glyph;

	if (canvas_width(text) <= width) {
		text_copy(ret_text, size, text);
		return;
	}
	for (ret_text[0] = 0; (len = utf8_next(text, &glyph)) > 0 && used + len + 4 < size; text += len) {
		text_format(piece, sizeof piece, "%.*s", (int)len, text);
		columns += canvas_width(piece);
		if (columns > width - 1)
			break;
		memcpy(ret_text + used, text, len);
		ret_text[used += len] = 0;
	}
	text_copy(ret_text + used, size - used, "…");
}

unsigned
words_style(struct decimal amount)
{
	return decimal_is_negative(amount) ? STYLE_BAD
	     : decimal_is_positive(amount) ? STYLE_GOOD : STYLE_PLAIN;
}
