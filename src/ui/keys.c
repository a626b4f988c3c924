/* Purpose: the one table of keys. */
#include "ui/keys.h"
#include "base/status.h"

#define TEXT(c) UI_TEXT, c
#define KEY(c)  UI_KEY, c

static const struct key_binding table[] = {
	/* The form */
	{ CONTEXT_FORM, TEXT('v'), COMMAND_VALIDATE, "v", "validate",
	  "Plan what the form holds and run every guard on it." },
	{ CONTEXT_FORM, TEXT('x'), COMMAND_EXECUTE, "x", "execute",
	  "Execute it, after a question. DRY-RUN unless LIVE was chosen." },
	{ CONTEXT_FORM, KEY(UI_F4), COMMAND_CLEAR, "F4", "clear", "Empty the form." },
	{ CONTEXT_FORM, KEY(UI_ENTER), COMMAND_EDIT, "Enter", "edit",
	  "Edit the field. Left and Right change a choice." },
	{ CONTEXT_FORM, TEXT('i'), COMMAND_EDIT, "i", NULL, "The same as Enter." },
	{ CONTEXT_FORM, KEY(UI_UP), COMMAND_UP, "Up", NULL, "Go to the field above." },
	{ CONTEXT_FORM, TEXT('k'), COMMAND_UP, "k", NULL, "The same as Up." },
	{ CONTEXT_FORM, KEY(UI_DOWN), COMMAND_DOWN, "Down", NULL, "Go to the field below." },
	{ CONTEXT_FORM, TEXT('j'), COMMAND_DOWN, "j", NULL, "The same as Down." },
	{ CONTEXT_FORM, KEY(UI_LEFT), COMMAND_LEFT, "Left", NULL, "The choice before (side, strategy)." },
	{ CONTEXT_FORM, KEY(UI_RIGHT), COMMAND_RIGHT, "Right", NULL, "The next choice." },
	{ CONTEXT_FORM, KEY(UI_HOME), COMMAND_FIRST, "Home", NULL, "Go to the first field." },
	{ CONTEXT_FORM, KEY(UI_END), COMMAND_LAST, "End", NULL, "Go to the last field." },
	{ CONTEXT_FORM, TEXT('L'), COMMAND_TOGGLE_LIVE, "L", NULL,
	  "Ask for LIVE instead of DRY-RUN, or go back. Nothing is sent." },
	{ CONTEXT_FORM, TEXT('C'), COMMAND_CANCEL_INTENT, "C", NULL,
	  "Cancel the intent, or its resting entry, after a question." },

	/* A field: letters are text */
	{ CONTEXT_FIELD, KEY(UI_ESCAPE), COMMAND_LEAVE, "Esc", "leave",
	  "Leave the field; then letters are commands." },
	{ CONTEXT_FIELD, KEY(UI_ENTER), COMMAND_ACCEPT, "Enter", "next",
	  "Go on to the next field. Enter never submits." },
	{ CONTEXT_FIELD, KEY(UI_TAB), COMMAND_NEXT_FIELD, "Tab", NULL,
	  "Complete a symbol, or go to the next field." },
	{ CONTEXT_FIELD, KEY(UI_BACKTAB), COMMAND_PREVIOUS_FIELD, "Shift-Tab", NULL,
	  "Go to the field before." },
	{ CONTEXT_FIELD, KEY(UI_UP), COMMAND_MORE, "Up", "tick",
	  "In a price: one tick up. Elsewhere: the field above." },
	{ CONTEXT_FIELD, KEY(UI_DOWN), COMMAND_LESS, "Down", NULL,
	  "In a price: one tick down. Elsewhere: the field below." },
	{ CONTEXT_FIELD, KEY(UI_F4), COMMAND_CLEAR, "F4", "clear", "Empty the form." },
	{ CONTEXT_FIELD, KEY(UI_F1), COMMAND_HELP, "F1", "help", "This help." },
	{ CONTEXT_FIELD, KEY(UI_CTRL('L')), COMMAND_REPAINT, "Ctrl-L", NULL, "Paint the screen anew." },
	{ CONTEXT_FIELD, KEY(UI_CTRL('Z')), COMMAND_SUSPEND, "Ctrl-Z", NULL, "Back to the shell for a while." },

	/* The report */
	{ CONTEXT_REPORT, KEY(UI_ENTER), COMMAND_OPEN, "Enter", "numbers",
	  "Show the numbers behind a line." },
	{ CONTEXT_REPORT, TEXT('v'), COMMAND_VALIDATE, "v", "validate", "Run every guard on the form's plan." },
	{ CONTEXT_REPORT, TEXT('x'), COMMAND_EXECUTE, "x", "execute", "Execute the validated intent, after a question." },
	{ CONTEXT_REPORT, TEXT('L'), COMMAND_TOGGLE_LIVE, "L", NULL,
	  "Ask for LIVE instead of DRY-RUN, or go back. Nothing is sent." },
	{ CONTEXT_REPORT, TEXT('C'), COMMAND_CANCEL_INTENT, "C", NULL,
	  "Cancel the intent, or its resting entry, after a question." },
	{ CONTEXT_REPORT, TEXT('e'), COMMAND_OPERATION, "e", "its operation",
	  "Open the operation that came of this intent." },

	/* Operations */
	{ CONTEXT_OPERATIONS, KEY(UI_ENTER), COMMAND_OPEN, "Enter", "details",
	  "Chart, levels, fills, protection, why, and its timeline." },
	{ CONTEXT_OPERATIONS, TEXT('c'), COMMAND_CLOSE, "c", "close", "Exit the position now, after a question." },
	{ CONTEXT_OPERATIONS, TEXT('s'), COMMAND_STOP, "s", "stop", "Move the stop: a price, or a percentage of the entry." },
	{ CONTEXT_OPERATIONS, TEXT('t'), COMMAND_TARGET, "t", "target", "Move the target: a price, or 3R." },
	{ CONTEXT_TRADES, KEY(UI_ENTER), COMMAND_OPEN, "Enter", "details", "The operation of the trade, in full." },
	{ CONTEXT_INTENTS, KEY(UI_ENTER), COMMAND_OPEN, "Enter", "open",
	  "Take the intent into form and report." },
	{ CONTEXT_INTENTS, TEXT('x'), COMMAND_EXECUTE, "x", "execute", "Execute the intent, after a question." },
	{ CONTEXT_INTENTS, TEXT('C'), COMMAND_CANCEL_INTENT, "C", "cancel", "Cancel the intent, after a question." },
	{ CONTEXT_INTENTS, TEXT('e'), COMMAND_OPERATION, "e", "operation", "Open the operation that came of it." },
	{ CONTEXT_INTENTS, TEXT('d'), COMMAND_CLONE, "d", "clone", "Take a copy of it into the form." },

	/* Any list */
	{ CONTEXT_LIST, KEY(UI_UP), COMMAND_UP, "Up", NULL, "One row up." },
	{ CONTEXT_LIST, TEXT('k'), COMMAND_UP, "k", NULL, "The same as Up." },
	{ CONTEXT_LIST, KEY(UI_DOWN), COMMAND_DOWN, "Down", NULL, "One row down." },
	{ CONTEXT_LIST, TEXT('j'), COMMAND_DOWN, "j", NULL, "The same as Down." },
	{ CONTEXT_LIST, KEY(UI_PAGE_UP), COMMAND_PAGE_UP, "PgUp", NULL, "A page up." },
	{ CONTEXT_LIST, KEY(UI_PAGE_DOWN), COMMAND_PAGE_DOWN, "PgDn", NULL, "A page down." },
	{ CONTEXT_LIST, KEY(UI_HOME), COMMAND_FIRST, "Home", NULL, "The first row." },
	{ CONTEXT_LIST, KEY(UI_END), COMMAND_LAST, "End", NULL, "The last row." },
	{ CONTEXT_LIST, TEXT('/'), COMMAND_FILTER, "/", "filter", "Show only rows that hold a text. Esc shows all again." },
	{ CONTEXT_LIST, TEXT('o'), COMMAND_SORT, "o", "sort", "Sort by the next column." },

	/* Details and log */
	{ CONTEXT_DETAILS, TEXT('c'), COMMAND_CLOSE, "c", "close", "Exit the position now, after a question." },
	{ CONTEXT_DETAILS, TEXT('s'), COMMAND_STOP, "s", "stop", "Move the stop." },
	{ CONTEXT_DETAILS, TEXT('t'), COMMAND_TARGET, "t", "target", "Move the target." },
	{ CONTEXT_LOG, KEY(UI_ENTER), COMMAND_OPEN, "Enter", "numbers", "The numbers that the event was decided on." },
	{ CONTEXT_LOG, TEXT('a'), COMMAND_FOLLOW, "a", "all / selected",
	  "All events, or those of the selected intent or operation." },
	{ CONTEXT_STRATEGIES, KEY(UI_ENTER), COMMAND_OPEN, "Enter", "use", "Use the strategy in the form." },

	/* The line */
	{ CONTEXT_PROMPT, KEY(UI_ENTER), COMMAND_ACCEPT, "Enter", "do it", "Take what was typed." },
	{ CONTEXT_PROMPT, KEY(UI_ESCAPE), COMMAND_LEAVE, "Esc", "leave", "Leave it as it was." },
	{ CONTEXT_PROMPT, KEY(UI_TAB), COMMAND_COMPLETE, "Tab", "complete", "Complete the word." },
	{ CONTEXT_PROMPT, KEY(UI_UP), COMMAND_UP, "Up", NULL, "What was typed before." },
	{ CONTEXT_PROMPT, KEY(UI_DOWN), COMMAND_DOWN, "Down", NULL, "What was typed after that." },
	{ CONTEXT_PROMPT, KEY(UI_CTRL('L')), COMMAND_REPAINT, "Ctrl-L", NULL, "Paint the screen anew." },

	/* Anywhere */
	{ CONTEXT_ANYWHERE, TEXT('n'), COMMAND_NEW, "n", "new", "Start a new intent in the form." },
	{ CONTEXT_ANYWHERE, KEY(UI_TAB), COMMAND_NEXT_PANE, "Tab", "pane", "The next pane of the main screen." },
	{ CONTEXT_ANYWHERE, KEY(UI_BACKTAB), COMMAND_PREVIOUS_PANE, "Shift-Tab", NULL, "The pane before." },
	{ CONTEXT_ANYWHERE, KEY(UI_ESCAPE), COMMAND_BACK, "Esc", NULL, "One step back. Never quits." },
	{ CONTEXT_ANYWHERE, TEXT('1'), COMMAND_SHOW_ACTIVE, "1", "active", "The open operations." },
	{ CONTEXT_ANYWHERE, TEXT('2'), COMMAND_SHOW_CLOSED, "2", "closed", "The closed trades." },
	{ CONTEXT_ANYWHERE, TEXT('3'), COMMAND_SHOW_INTENTS, "3", "intents", "The intents." },
	{ CONTEXT_ANYWHERE, TEXT('l'), COMMAND_LOG, "l", "log", "The audit trail, newest first." },
	{ CONTEXT_ANYWHERE, TEXT('g'), COMMAND_STRATEGIES, "g", "strategies", "The strategies and their track records." },
	{ CONTEXT_ANYWHERE, TEXT('p'), COMMAND_PORTFOLIO, "p", "portfolio", "Equity, exposure, results, the month's budget." },
	{ CONTEXT_ANYWHERE, TEXT('h'), COMMAND_HEALTH, "h", "health", "Everything that could hurt, and what to do." },
	{ CONTEXT_ANYWHERE, TEXT('?'), COMMAND_HELP, "?", "help", "This help." },
	{ CONTEXT_ANYWHERE, KEY(UI_F1), COMMAND_HELP, "F1", NULL, "This help." },
	{ CONTEXT_ANYWHERE, KEY(UI_F2), COMMAND_SETTINGS, "F2", NULL, "The settings and where each comes from." },
	{ CONTEXT_ANYWHERE, KEY(UI_F4), COMMAND_CLEAR, "F4", NULL, "Empty the form." },
	{ CONTEXT_ANYWHERE, TEXT(':'), COMMAND_COMMAND_LINE, ":", NULL, "A command line with the verbs of the shell." },
	{ CONTEXT_ANYWHERE, TEXT('P'), COMMAND_PAUSE, "P", NULL, "PAUSE: no entries, stops and exits go on. Again: resume." },
	{ CONTEXT_ANYWHERE, TEXT('Z'), COMMAND_FREEZE, "Z", NULL, "Freeze the view. The stops go on." },
	{ CONTEXT_ANYWHERE, TEXT('y'), COMMAND_COPY, "y", NULL, "Show the selected id on a line of its own, to copy." },
	{ CONTEXT_ANYWHERE, KEY(UI_CTRL('L')), COMMAND_REPAINT, "Ctrl-L", NULL, "Paint the screen anew." },
	{ CONTEXT_ANYWHERE, KEY(UI_CTRL('Z')), COMMAND_SUSPEND, "Ctrl-Z", NULL,
	  "Back to the shell; refused while nobody else would watch." },
	{ CONTEXT_ANYWHERE, KEY(UI_CTRL('C')), COMMAND_QUIT, "Ctrl-C", NULL, "The same as q." },
	{ CONTEXT_ANYWHERE, TEXT('q'), COMMAND_QUIT, "q", "quit", "Quit; asks while something is open." },
};

static const char *const names[CONTEXT_COUNT] = {
	[CONTEXT_ANYWHERE] = "Anywhere", [CONTEXT_FORM] = "Intent form",
	[CONTEXT_FIELD] = "A field of the form", [CONTEXT_REPORT] = "Validation",
	[CONTEXT_LIST] = "Lists", [CONTEXT_OPERATIONS] = "Operations",
	[CONTEXT_TRADES] = "Closed trades", [CONTEXT_INTENTS] = "Intents",
	[CONTEXT_DETAILS] = "Operation details", [CONTEXT_LOG] = "Log", [CONTEXT_VIEW] = "Views",
	[CONTEXT_STRATEGIES] = "Strategies", [CONTEXT_SETTINGS] = "Settings",
	[CONTEXT_PROMPT] = "The line below",
};

const char *
context_name(enum context context)
{
	return context < CONTEXT_COUNT ? names[context] : "";
}

bool
context_takes(enum context context, enum context wider)
{
	if (context == wider)
		return true;
	if (context == CONTEXT_FIELD || context == CONTEXT_PROMPT)
		return false;
	if (wider == CONTEXT_LIST)
		return context != CONTEXT_FORM && context != CONTEXT_ANYWHERE;
	return wider == CONTEXT_ANYWHERE;
}

static enum command
find(enum context context, const struct ui_key *key)
{
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		const struct key_binding *binding = &table[i];
		if (binding->context != context || binding->kind != key->kind)
			continue;
		if (key->kind == UI_TEXT ? (uint32_t)binding->code == key->codepoint
		                         : binding->code == key->code)
			return binding->command;
	}
	return COMMAND_NONE;
}

enum command
keys_command(enum context context, const struct ui_key *key)
{
	static const enum context wider[] = { CONTEXT_LIST, CONTEXT_ANYWHERE };
	enum command command = find(context, key);

	if (key->pasted)
		return COMMAND_NONE;      /* a paste into the wrong place must not command anything */
	for (size_t i = 0; i < ARRAY_LEN(wider) && command == COMMAND_NONE; i++)
		if (context_takes(context, wider[i]))
			command = find(wider[i], key);
	return command;
}

size_t
keys_count(void)
{
	return ARRAY_LEN(table);
}

const struct key_binding *
keys_at(size_t index)
{
	return index < ARRAY_LEN(table) ? &table[index] : NULL;
}
