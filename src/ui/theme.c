/* Purpose: the colours.  Good and bad are blue and orange, which the common kinds of colour
 * blindness tell apart; red is kept for alarms and real money, and is always reversed or bold
 * besides, so that it is seen without its hue.  Backgrounds are the terminal's own, except for
 * the few marks that must stand out on light and dark screens alike. */
#include "ui/theme.h"
#include "base/status.h"

#include <stddef.h>

struct shade {
	int c8, c16, c256;
	unsigned weight;          /* with colours */
	unsigned mono;            /* without */
	int back8, back256;       /* -1: the terminal's own */
};

enum { DEFAULT = -1, BLACK = 0, RED = 1, YELLOW = 3, BLUE = 4, CYAN = 6, WHITE = 7,
       GREY16 = 8, RED16 = 9, YELLOW16 = 11, BLUE16 = 12, CYAN16 = 14 };

static const struct shade shades[STYLE_COUNT] = {
	[STYLE_PLAIN]         = { DEFAULT, DEFAULT,  DEFAULT, 0, 0, -1, -1 },
	[STYLE_DIM]           = { DEFAULT, GREY16,   245, 0, 0, -1, -1 },
	[STYLE_STRONG]        = { DEFAULT, DEFAULT,  DEFAULT, LOOK_BOLD, LOOK_BOLD, -1, -1 },
	[STYLE_TITLE]         = { DEFAULT, DEFAULT,  DEFAULT, LOOK_BOLD, LOOK_BOLD, -1, -1 },
	[STYLE_FRAME]         = { DEFAULT, GREY16,   241, 0, 0, -1, -1 },
	[STYLE_FRAME_FOCUS]   = { CYAN,    CYAN,     38, LOOK_BOLD, LOOK_BOLD, -1, -1 },
	[STYLE_LABEL]         = { DEFAULT, GREY16,   245, 0, 0, -1, -1 },
	[STYLE_FIELD]         = { DEFAULT, DEFAULT,  DEFAULT, 0, 0, -1, -1 },
	[STYLE_FIELD_FOCUS]   = { DEFAULT, DEFAULT,  DEFAULT, LOOK_UNDERLINE | LOOK_BOLD,
	                          LOOK_UNDERLINE | LOOK_BOLD, -1, -1 },
	[STYLE_GHOST]         = { DEFAULT, GREY16,   243, 0, LOOK_DIM, -1, -1 },
	[STYLE_KEY]           = { CYAN,    CYAN,     38, LOOK_BOLD, LOOK_BOLD, -1, -1 },
	[STYLE_GOOD]          = { CYAN,    CYAN16,   39, 0, 0, -1, -1 },
	[STYLE_WARN]          = { YELLOW,  YELLOW16, 220, 0, LOOK_BOLD, -1, -1 },
	[STYLE_BAD]           = { YELLOW,  YELLOW,   208, LOOK_BOLD, LOOK_BOLD, -1, -1 },
	[STYLE_ALARM]         = { WHITE,   15,       231, LOOK_BOLD, LOOK_REVERSE | LOOK_BOLD,
	                          RED, 160 },
	[STYLE_STALE]         = { DEFAULT, GREY16,   243, LOOK_DIM, LOOK_DIM, -1, -1 },
	[STYLE_DRY_RUN]       = { BLACK,   BLACK,    16, LOOK_BOLD, LOOK_REVERSE, CYAN, 38 },
	[STYLE_LIVE]          = { WHITE,   15,       231, LOOK_BOLD, LOOK_REVERSE | LOOK_BOLD,
	                          RED, 160 },
	[STYLE_LINE_ENTRY]    = { DEFAULT, DEFAULT,  250, LOOK_BOLD, LOOK_BOLD, -1, -1 },
	[STYLE_LINE_STOP]     = { YELLOW,  YELLOW,   208, LOOK_BOLD, LOOK_BOLD, -1, -1 },
	[STYLE_LINE_TARGET]   = { CYAN,    CYAN16,   39, LOOK_BOLD, LOOK_BOLD, -1, -1 },
	[STYLE_RISE]          = { CYAN,    CYAN16,   39, 0, 0, -1, -1 },
	[STYLE_FALL]          = { YELLOW,  YELLOW,   208, 0, 0, -1, -1 },
	[STYLE_DIALOG]        = { CYAN,    CYAN,     38, LOOK_BOLD, LOOK_BOLD, -1, -1 },
	[STYLE_DIALOG_DANGER] = { RED,     RED16,    196, LOOK_BOLD, LOOK_BOLD, -1, -1 },
};

enum theme
theme_for_colors(int colors, bool no_color)
{
	if (no_color || colors < 8)
		return THEME_MONO;
	return colors >= 256 ? THEME_256 : colors >= 16 ? THEME_16 : THEME_8;
}

struct look
theme_look(enum theme theme, unsigned style)
{
	unsigned base = style & STYLE_MASK;
	const struct shade *shade = &shades[base < STYLE_COUNT ? base : STYLE_PLAIN];
	struct look look = { DEFAULT, DEFAULT, shade->weight };

	switch (theme) {
	case THEME_MONO:
		look.weight = shade->mono;
		break;
	case THEME_8:
		look.foreground = shade->c8;
		look.background = shade->back8;
		break;
	case THEME_16:
		look.foreground = shade->c16;
		look.background = shade->back8;
		break;
	case THEME_256:
		look.foreground = shade->c256;
		look.background = shade->back256;
		break;
	}
	/* A mark turns the look over; what is reversed already is told apart by its weight. */
	if (style & STYLE_MARKED)
		look.weight ^= LOOK_REVERSE;
	return look;
}
