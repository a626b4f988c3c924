/* The picture in README, made by the program itself: one trade of a long and one of a short on the
 * bundled tape, typed into the real screen in a pseudo-terminal, printed as it stands.
 *
 *   make picture */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "screens/pty.h"

enum { ROWS = 28, COLS = 100 };

/* One field of the form, then on to the next. */
static void
fill(struct pty *pty, const char *text)
{
	pty_type(pty, text, 5);
	pty_settle(pty, 150, 1500);
	pty_send(pty, "\t");
	pty_settle(pty, 100, 500);
}

static bool
trade(struct pty *pty, const char *symbol, const char *side, const char *stop, const char *target, const char *reason)
{
	pty_send(pty, "n");
	pty_settle(pty, 100, 500);
	fill(pty, symbol);
	pty_settle(pty, 300, 1500);
	fill(pty, side);
	fill(pty, "");          /* strategy */
	fill(pty, "");          /* entry: the market */
	fill(pty, stop);
	fill(pty, target);
	fill(pty, "");          /* capital: the book's */
	fill(pty, "");          /* size: by the rule */
	pty_type(pty, reason, 5);
	pty_send(pty, "\033");
	pty_read_for(pty, 300);
	pty_send(pty, "v");
	if (!pty_wait_text(pty, "VALIDATED", 3000))
		return false;
	pty_send(pty, "x");
	pty_read_for(pty, 900); /* a question does not listen to type-ahead */
	pty_send(pty, "y");
	return pty_wait_text(pty, "EXECUTED", 3000);
}

int
main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: picture ROBSON TAPE FOLDER\n");
		return 64;
	}
	char db[4096], settings[4096], feed[4096];
	snprintf(db, sizeof db, "%s/robson.db", argv[3]);
	snprintf(settings, sizeof settings, "%s/robson.ini", argv[3]);
	snprintf(feed, sizeof feed, "replay:%s", argv[2]);
	FILE *file = fopen(settings, "w");
	if (file == NULL || fputs("[book]\ncapital = 10000\n[paper]\nbalance = 20000\n", file) < 0 || fclose(file) != 0)
		return 74;
	char *command[] = { argv[1], "--db", db, "--config", settings, "--feed", feed, "--scratch", NULL };
	struct pty *pty = pty_start(ROWS, COLS, command, NULL);
	if (pty == NULL || !pty_wait_text(pty, "Operations", 5000))
		return 70;
	bool traded = trade(pty, "ethusdc", "sell", "1.2%", "2R", "lower high under the open") &&
	              trade(pty, "btcusdc", "buy", "-1.5%", "3R", "reclaim of the weekly open");
	pty_read_for(pty, 25000);
	for (int row = 0; row < ROWS; row++)
		printf("    %s\n", pty_row(pty, row));
	pty_stop(pty);
	return traded ? 0 : 70;
}
