/* The least that a curses program can be: a list and a cursor, of which a key repaints two rows.
 * Linked twice: with curses alone, and with every library that Robson uses. */
#include <locale.h>
#include <stdlib.h>

#include <curses.h>

static void
row(int at, int selected)
{
	if (at == selected)
		attron(A_REVERSE);
	mvprintw(at, 0, "%4d  BTCUSDC  LONG  0.05905  97,400.00  97,412.35  95,900.00  +10.77  %s", at,
	         at == LINES - 1 ? "quit" : "live");
	if (at == selected)
		attroff(A_REVERSE);
}

int
main(void)
{
	int at = 1, key, was;

	setlocale(LC_CTYPE, "");
	if (initscr() == NULL)
		return 1;
	raw();
	noecho();
	curs_set(0);
	start_color();
	for (int i = 0; i < LINES; i++)
		row(i, at);
	refresh();
	while ((key = getch()) != ERR && key != 'q') {
		was = at;
		at = key == 'j' ? at + 1 : at - 1;
		if (at < 0 || at >= LINES)
			at = was;
		row(was, at);
		row(at, at);
		refresh();
	}
	endwin();
	return 0;
}
