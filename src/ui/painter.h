/* Curses, kept in a box: it paints a grid into memory, and says what the terminal is called upon to
 * say.  It never touches a terminal.  painter.c is the one file that includes curses. */
#ifndef UI_PAINTER_H
#define UI_PAINTER_H

#include "base/error.h"
#include "ui/canvas.h"
#include "ui/input.h"
#include "ui/outbox.h"

struct painter;

/* term: as of TERM.  STATUS_UNAVAILABLE if it is not known, or can't be painted on.  At most one in
 * a process: curses has globals. */
MUST_USE enum status painter_open(const char *term, bool no_color, enum glyphs glyphs, int rows,
                                  int cols, struct painter **ret, struct error *err);
void painter_close(struct painter *painter);      /* accepts NULL */

enum theme painter_theme(const struct painter *painter);
void painter_size(const struct painter *painter, int *ret_rows, int *ret_cols);
/* False: no memory, it stays as it was. */
bool painter_resize(struct painter *painter, int rows, int cols);
void painter_repaint(struct painter *painter);    /* the next frame is whole */
/* Appends what turns the last frame into this one.  A grid of another size is painted as far as it
 * fits. */
void painter_paint(struct painter *painter, const struct grid *grid, struct outbox *out);
/* The terminal was given back meanwhile: the next frame enters it anew. */
void painter_left(struct painter *painter);

/* What the terminal's description says, without its padding marks; "" if nothing. */
void painter_capability(const char *name, char *ret_bytes, size_t size);
void painter_learn_keys(struct input *input);

#endif
