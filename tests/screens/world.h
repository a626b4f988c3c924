/* A book, a tape and the program's own screen in a pseudo-terminal, for the tests of the screen. */
#ifndef SCREENS_WORLD_H
#define SCREENS_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "screens/pty.h"

enum { TAPE_SECONDS = 600 };

struct world {
	char folder[64], db[96], config[96], tape[128];
	struct pty *pty;
};

int world_setup(void **state);
int world_teardown(void **state);
#define SCREEN_TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

/* One quote a second of BTCUSDC, near 10,000; from that second on another price (in tenths). */
void write_tape(struct world *world, const char *name, int falls_at, int falls_to);
/* Ten times as fast, and a unit lower every second of the tape: a stop is crossed some seconds after
 * the trade, whenever that was made. */
enum { SINKING_FROM = 10000, SINKING_SECONDS = 1500 };
void write_sinking_tape(struct world *world, const char *name);
/* env and extra (one more option) may be NULL. */
void open_screen(struct world *world, int rows, int cols, const char *const env[],
                 const char *extra);
/* What a command of the same program prints. */
void shell(const struct world *world, const char *arguments, char *ret, size_t size);

/* Wait for it, and fail with a picture of the screen. */
void must_show(struct world *world, const char *text);
void must_go(struct world *world, const char *text);

void type(struct world *world, const char *text);
/* Esc, with the pause that tells it from the beginning of a sequence. */
void escape(struct world *world);
/* n, then the fields: symbol, side, -, entry -, stop, target. */
void fill_form(struct world *world, const char *stop, const char *target);
void validate(struct world *world);
/* Past the deaf half second, one deliberate key. */
void answer(struct world *world, const char *question, const char *key);
void trade(struct world *world, const char *stop, const char *target);
void quit(struct world *world);

#endif
