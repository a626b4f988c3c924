/* What each kind of text looks like.  Panes name a meaning (enum style); the theme turns it into
 * colours and weight for what the terminal can do.  Colour is never the only sign: whoever draws
 * a profit also draws its "+". */
#ifndef UI_THEME_H
#define UI_THEME_H

#include <stdbool.h>
#include <stdint.h>

enum style {
	STYLE_PLAIN,
	STYLE_DIM,            /* secondary words, units, hints */
	STYLE_STRONG,
	STYLE_TITLE,          /* a pane's name in its frame */
	STYLE_FRAME,
	STYLE_FRAME_FOCUS,    /* the frame of the pane that has the keys */
	STYLE_LABEL,
	STYLE_FIELD,
	STYLE_FIELD_FOCUS,
	STYLE_GHOST,          /* a completion that is offered, not typed */
	STYLE_KEY,            /* a key in the key line or in help */
	STYLE_GOOD,           /* PASS, profit, done */
	STYLE_WARN,
	STYLE_BAD,            /* FAIL, loss, refused */
	STYLE_ALARM,          /* what must be seen now: stale prices, NAKED, a hung holder */
	STYLE_STALE,
	STYLE_DRY_RUN,
	STYLE_LIVE,
	STYLE_LINE_ENTRY,
	STYLE_LINE_STOP,
	STYLE_LINE_TARGET,
	STYLE_RISE,           /* candles and moves */
	STYLE_FALL,
	STYLE_DIALOG,         /* the frame of a question */
	STYLE_DIALOG_DANGER,
	STYLE_COUNT
};

/* Added to a style: the same text in a selected row. */
enum { STYLE_MARKED = 0x80, STYLE_MASK = 0x7f };

enum look_weight { LOOK_BOLD = 1, LOOK_DIM = 2, LOOK_REVERSE = 4, LOOK_UNDERLINE = 8 };

struct look {
	int foreground;       /* -1: the terminal's own; else 0..255 */
	int background;
	unsigned weight;      /* enum look_weight */
};

enum theme {
	THEME_MONO,           /* NO_COLOR, or a terminal without colours */
	THEME_8,
	THEME_16,
	THEME_256
};

/* The richest theme for a terminal that has this many colours. */
enum theme theme_for_colors(int colors, bool no_color);
struct look theme_look(enum theme theme, unsigned style);

#endif
