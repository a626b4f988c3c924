/* Every key, where it works, what it does and what help says of it: one table, which dispatch, the
 * key line and the help screen all read.  A key that is not in it does nothing. */
#ifndef UI_KEYS_H
#define UI_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include "ui/input.h"

/* Where the keys go. */
enum context {
	CONTEXT_ANYWHERE,         /* all but text fields and questions */
	CONTEXT_FORM,             /* the form, while no field is being edited */
	CONTEXT_FIELD,            /* a field of the form is being edited: letters are text */
	CONTEXT_REPORT,
	CONTEXT_LIST,             /* whatever is a list of rows: scrolling and choosing */
	CONTEXT_OPERATIONS,       /* the lists of the lower pane ... */
	CONTEXT_TRADES,
	CONTEXT_INTENTS,
	CONTEXT_DETAILS,          /* views that fill the screen */
	CONTEXT_LOG,
	CONTEXT_VIEW,             /* those without keys of their own: help, health, portfolio */
	CONTEXT_STRATEGIES,
	CONTEXT_SETTINGS,
	CONTEXT_PROMPT,           /* the line for commands, filters and levels */
	CONTEXT_COUNT
};

enum command {
	COMMAND_NONE,
	/* anywhere */
	COMMAND_HELP, COMMAND_QUIT, COMMAND_REPAINT, COMMAND_FREEZE, COMMAND_COPY, COMMAND_SETTINGS,
	COMMAND_NEXT_PANE, COMMAND_PREVIOUS_PANE, COMMAND_BACK, COMMAND_COMMAND_LINE, COMMAND_NEW,
	COMMAND_LOG, COMMAND_STRATEGIES, COMMAND_PORTFOLIO, COMMAND_HEALTH, COMMAND_SHOW_ACTIVE,
	COMMAND_SHOW_CLOSED, COMMAND_SHOW_INTENTS, COMMAND_PAUSE, COMMAND_SUSPEND,
	/* the form */
	COMMAND_VALIDATE, COMMAND_EXECUTE, COMMAND_CLEAR, COMMAND_CANCEL_INTENT, COMMAND_EDIT,
	COMMAND_UP, COMMAND_DOWN, COMMAND_LEFT, COMMAND_RIGHT,
	COMMAND_TOGGLE_LIVE,
	/* a field */
	COMMAND_LEAVE, COMMAND_ACCEPT, COMMAND_NEXT_FIELD, COMMAND_PREVIOUS_FIELD,
	COMMAND_MORE, COMMAND_LESS,
	/* lists and views */
	COMMAND_OPEN, COMMAND_PAGE_UP, COMMAND_PAGE_DOWN, COMMAND_FIRST, COMMAND_LAST,
	COMMAND_FILTER, COMMAND_SORT, COMMAND_CLOSE, COMMAND_STOP, COMMAND_TARGET, COMMAND_CLONE,
	COMMAND_OPERATION, COMMAND_FOLLOW,
	/* the line */
	COMMAND_COMPLETE
};

struct key_binding {
	enum context context;
	enum ui_kind kind;
	int code;                 /* enum ui_code, or the character */
	enum command command;
	const char *name;         /* "F4", "c", "Ctrl-L" */
	const char *hint;         /* one or two words for the key line; NULL: only in the help */
	const char *help;         /* a sentence */
};

/* What the key means there; falls back to CONTEXT_LIST where the context is one, and to
 * CONTEXT_ANYWHERE where letters are commands. */
enum command keys_command(enum context context, const struct ui_key *key);

size_t keys_count(void);
const struct key_binding *keys_at(size_t index);
const char *context_name(enum context context);       /* "Intent form" */
/* Whether `context` also takes the keys of `wider`. */
bool context_takes(enum context context, enum context wider);

#endif
