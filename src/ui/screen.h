/* The screen: form, validation report and operations on one terminal, with everything that opens
 * from there.  It talks to the desk alone and takes part in the loop as a session_screen. */
#ifndef UI_SCREEN_H
#define UI_SCREEN_H

#include "app/session.h"

struct screen;

struct screen_options {
	bool is_ascii, is_no_color;
	bool is_scratch;                      /* say that the database is a scratch one */
	const struct settings *settings;      /* borrowed; for ui.*, notify.bell and the settings view */
};

/* Takes the terminal.  setlocale(LC_CTYPE, "") has been called.  The desk is borrowed. */
MUST_USE enum status screen_open(struct desk *desk, const struct screen_options *options,
                                 struct screen **ret, struct error *err);
void screen_close(struct screen *screen);         /* gives the terminal back; accepts NULL */
/* For session_run_screen; valid until screen_close. */
struct session_screen screen_for_session(struct screen *screen);

#endif
