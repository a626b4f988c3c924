/* Purpose: the line at the bottom: filters, new levels, and commands with the verbs of the shell.
 * Commands ask the same questions as the keys do. */
#include "ui/screen_parts.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 40 };

static const char *const verbs[] = {
	"adopt", "cancel", "check", "clear", "doctor", "execute", "help", "intent", "intents", "live on",
	"live off", "log", "operation close", "operation release", "operation status",
	"operation stop", "operation target", "operations", "panic", "pause", "plan buy",
	"plan sell", "portfolio", "quit", "reconcile", "resume", "settings", "strategies", "trades",
	"validate",
};

/* ---- words, as a shell would cut them ---- */

struct words {
	char text[FIELD_SIZE];
	const char *word[WORDS_MAX];
	int count;
};

static void
cut_words(const char *line, struct words *words)
{
	char *out = words->text;

	words->count = 0;
	while (words->count < WORDS_MAX) {
		char quote = 0;
		while (*line == ' ')
			line++;
		if (*line == 0)
			return;
		words->word[words->count++] = out;
		while (*line != 0 && (quote != 0 || *line != ' ')) {
			if (quote == 0 && (*line == '"' || *line == '\''))
				quote = *line;
			else if (quote != 0 && *line == quote)
				quote = 0;
			else
				*out++ = *line;
			line++;
		}
		*out++ = 0;
	}
}

static const char *
word(const struct words *words, int index)
{
	return index < words->count ? words->word[index] : "";
}

static bool
says(const struct words *words, int index, const char *what)
{
	return text_equal(word(words, index), what);
}

/* ---- commands ---- */

static void
refuse(struct screen *screen, const char *what, const char *how)
{
	screen_say(screen, STYLE_BAD, "%s%s%s", what, how[0] != 0 ? ": " : "", how);
}

/* plan buy SYMBOL [QTY] --stop P ...: fills the form, where it can be looked at before v. */
static void
command_plan(struct screen *screen, const struct words *words)
{
	static const struct { const char *option; enum form_field field; } options[] = {
		{ "--stop", FORM_STOP }, { "--entry", FORM_ENTRY }, { "--target", FORM_TARGET },
		{ "--capital", FORM_CAPITAL }, { "--strategy", FORM_STRATEGY }, { "--regime", FORM_REGIME },
		{ "--confidence", FORM_CONFIDENCE }, { "--reason", FORM_REASON },
	};
	struct form *form = &screen->form;
	bool buys = text_equal_nocase(word(words, 1), "buy");
	char symbol[SYMBOL_SIZE];
	int i = 3;

	if ((!buys && !text_equal_nocase(word(words, 1), "sell")) || words->count < 3) {
		refuse(screen, "plan", "plan buy|sell SYMBOL [QTY] --stop P [--entry P] [--target P] ...");
		return;
	}
	form_clear(form);
	field_set(&form->fields[FORM_SIDE], buys ? "BUY" : "SELL");
	text_copy(symbol, sizeof symbol, word(words, 2));
	text_upper(symbol);
	field_set(&form->fields[FORM_SYMBOL], symbol);
	if (i < words->count && !text_has_prefix(word(words, i), "--"))
		field_set(&form->fields[FORM_SIZE], word(words, i++));
	while (i < words->count) {
		size_t at = 0;
		if (says(words, i, "--live")) {
			form->live = true;
			i++;
			continue;
		}
		while (at < ARRAY_LEN(options) && !says(words, i, options[at].option))
			at++;
		if (at == ARRAY_LEN(options) || i + 1 >= words->count) {
			refuse(screen, word(words, i), at == ARRAY_LEN(options) ? "no such option of plan"
			                                                        : "takes a value");
			return;
		}
		field_set(&form->fields[options[at].field], word(words, i + 1));
		i += 2;
	}
	screen->view = VIEW_MAIN;
	screen->back_count = 0;
	screen->focus = PANE_FORM;
	models_watch(screen);
	screen->preview_due = true;
	screen_say(screen, STYLE_PLAIN, "look at it in the form; v plans and validates");
}

static bool
operation_id(struct screen *screen, const struct words *words, int index, int64_t *ret)
{
	char *end;
	long long id = strtoll(word(words, index), &end, 10);

	if (words->count <= index || *end != 0 || id <= 0) {
		refuse(screen, "operation", "which? Its number stands in the first column");
		return false;
	}
	*ret = id;
	return true;
}

static void
command_operation(struct screen *screen, const struct words *words)
{
	struct action action = { .kind = ACTION_NONE };

	if (!operation_id(screen, words, 2, &action.operation))
		return;
	if (says(words, 1, "status")) {
		screen_open_operation(screen, action.operation);
		return;
	}
	if (says(words, 1, "close"))
		action.kind = ACTION_CLOSE;
	else if (says(words, 1, "stop"))
		action.kind = ACTION_STOP;
	else if (says(words, 1, "target"))
		action.kind = ACTION_TARGET;
	else if (says(words, 1, "release"))
		action.kind = ACTION_RELEASE;
	if (action.kind == ACTION_NONE) {
		refuse(screen, "operation", "status, close, stop, target or release");
		return;
	}
	if (action.kind == ACTION_RELEASE) {
		text_copy(action.text, sizeof action.text, says(words, 3, "--reason") ? word(words, 4) : "");
		if (action.text[0] == 0) {
			refuse(screen, "operation release", "say why: --reason TEXT");
			return;
		}
	} else if (action.kind != ACTION_CLOSE) {
		if (words->count < 4) {
			refuse(screen, "operation", "to which price?");
			return;
		}
		text_copy(action.text, sizeof action.text, word(words, 3));
		action.may_widen = says(words, 4, "--widen");
	}
	actions_ask(screen, &action);
}

/* validate, execute, cancel: of the intent named, else of the one that is shown. */
static void
command_intent(struct screen *screen, const struct words *words, enum action_kind kind)
{
	struct action action = { .kind = kind };
	struct intent_model model;
	struct error err;
	int at = 1;

	if (words->count > 1 && !text_has_prefix(word(words, 1), "--"))
		at = 2;
	action.live = says(words, at, "--live");
	if (at == 1 && screen->report_id[0] == 0) {
		refuse(screen, word(words, 0), "which intent? Its id, or the beginning of it");
		return;
	}
	error_clear(&err);
	memset(&model, 0, sizeof model);
	if (desk_intent(screen->desk, at == 2 ? word(words, 1) : screen->report_id, &model, &err) !=
	    STATUS_OK) {
		screen_say_error(screen, &err);
		return;
	}
	text_copy(action.intent, sizeof action.intent, model.intent.id);
	if (model.intent.mode == MODE_LIVE)
		action.live = true;
	intent_model_done(&model);
	screen_show_intent(screen, action.intent);
	if (kind == ACTION_VALIDATE)
		actions_start(screen, &action);
	else if (kind == ACTION_EXECUTE || kind == ACTION_CANCEL)
		actions_ask(screen, &action);
}

static void
simple(struct screen *screen, enum action_kind kind, const char *text)
{
	struct action action = { .kind = kind };

	text_copy(action.text, sizeof action.text, text);
	actions_ask(screen, &action);
}

void
command_line_run(struct screen *screen, const char *text)
{
	static const struct { const char *verb; enum command command; } views[] = {
		{ "help", COMMAND_HELP }, { "quit", COMMAND_QUIT }, { "q", COMMAND_QUIT },
		{ "log", COMMAND_LOG }, { "strategies", COMMAND_STRATEGIES },
		{ "portfolio", COMMAND_PORTFOLIO }, { "doctor", COMMAND_HEALTH },
		{ "health", COMMAND_HEALTH }, { "settings", COMMAND_SETTINGS },
		{ "operations", COMMAND_SHOW_ACTIVE }, { "trades", COMMAND_SHOW_CLOSED },
		{ "intents", COMMAND_SHOW_INTENTS }, { "clear", COMMAND_CLEAR }, { "new", COMMAND_NEW },
	};
	struct words words;

	cut_words(text, &words);
	if (words.count == 0)
		return;
	if (says(&words, 0, "robson")) {              /* what hands type by themselves */
		memmove(&words.word[0], &words.word[1], sizeof words.word[0] * (WORDS_MAX - 1));
		if (--words.count == 0)
			return;
	}
	for (size_t i = 0; i < ARRAY_LEN(views); i++)
		if (says(&words, 0, views[i].verb) && words.count == 1) {
			screen_command(screen, views[i].command);
			return;
		}
	if (says(&words, 0, "plan"))
		command_plan(screen, &words);
	else if (says(&words, 0, "operation"))
		command_operation(screen, &words);
	else if (says(&words, 0, "validate"))
		command_intent(screen, &words, ACTION_VALIDATE);
	else if (says(&words, 0, "execute"))
		command_intent(screen, &words, ACTION_EXECUTE);
	else if (says(&words, 0, "cancel"))
		command_intent(screen, &words, ACTION_CANCEL);
	else if (says(&words, 0, "intent"))
		command_intent(screen, &words, ACTION_NONE);
	else if (says(&words, 0, "pause") && words.count > 1)
		simple(screen, ACTION_PAUSE, text + strspn(text, " ") + strlen("pause "));
	else if (says(&words, 0, "pause"))
		refuse(screen, "pause", "say why: pause REASON");
	else if (says(&words, 0, "resume"))
		simple(screen, ACTION_RESUME, "");
	else if (says(&words, 0, "live") && (says(&words, 1, "on") || says(&words, 1, "off")))
		simple(screen, says(&words, 1, "on") ? ACTION_LIVE_ON : ACTION_LIVE_OFF, "");
	else if (says(&words, 0, "panic"))
		simple(screen, ACTION_PANIC, "");
	else if (says(&words, 0, "reconcile"))
		simple(screen, ACTION_RECONCILE, "");
	else if (says(&words, 0, "adopt"))
		simple(screen, ACTION_ADOPT, "");
	else if (says(&words, 0, "check"))
		simple(screen, ACTION_CHECK, "");
	else
		refuse(screen, word(&words, 0), "no such command here; Tab completes, ? helps");
}

bool
command_line_complete(const char *text, char *ret_text, size_t size)
{
	size_t len = strlen(text), common = 0;
	const char *first = NULL;
	int hits = 0;

	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		if (strncmp(verbs[i], text, len) != 0)
			continue;
		if (hits++ == 0) {
			first = verbs[i];
			common = strlen(first);
			continue;
		}
		size_t same = 0;
		while (same < common && verbs[i][same] == first[same])
			same++;
		common = same;
	}
	if (hits == 0 || (common <= len && hits > 1))
		return false;
	text_format(ret_text, size, "%.*s%s", (int)common, first, hits == 1 ? " " : "");
	return true;
}

/* What could come next, where Tab can't decide: behind the cursor, until something is typed. */
static void
say_candidates(const char *text, char *ret, size_t size)
{
	size_t len = strlen(text);

	ret[0] = 0;
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		if (strncmp(verbs[i], text, len) == 0)
			text_format(ret + strlen(ret), size - strlen(ret), "  %s", verbs[i]);
}

/* ---- the line itself ---- */

void
prompt_open(struct screen *screen, enum prompt_kind kind, int64_t operation)
{
	static const char *const labels[] = {
		[PROMPT_COMMAND] = ":", [PROMPT_FILTER] = "/", [PROMPT_PAUSE] = "pause, because: ",
	};
	struct prompt *prompt = &screen->prompt;

	prompt->kind = kind;
	prompt->candidates[0] = 0;
	prompt->operation = operation;
	prompt->history_at = prompt->history_count;
	field_init(&prompt->field, FIELD_SIZE - 1);
	if (kind == PROMPT_STOP)
		text_format(prompt->label, sizeof prompt->label, "new stop of %lld (price, -1.5%%): ",
		            (long long)operation);
	else if (kind == PROMPT_TARGET)
		text_format(prompt->label, sizeof prompt->label, "new target of %lld (price, 3R): ",
		            (long long)operation);
	else
		text_copy(prompt->label, sizeof prompt->label, labels[kind]);
	if (kind == PROMPT_FILTER && screen_list(screen) != NULL)
		field_set(&prompt->field, screen_list(screen)->filter);
	screen->dirty = true;
}

static void
remember(struct prompt *prompt)
{
	if (prompt->history_count == PROMPT_HISTORY) {
		memmove(prompt->history[0], prompt->history[1], sizeof prompt->history[0] *
		        (PROMPT_HISTORY - 1));
		prompt->history_count--;
	}
	text_copy(prompt->history[prompt->history_count++], FIELD_SIZE, prompt->field.text);
}

static void
accept(struct screen *screen)
{
	struct prompt *prompt = &screen->prompt;
	enum prompt_kind kind = prompt->kind;
	struct action action = { .operation = prompt->operation };

	prompt->kind = PROMPT_NONE;
	if (prompt->field.text[0] == 0 && kind != PROMPT_FILTER)
		return;
	switch (kind) {
	case PROMPT_COMMAND:
		remember(prompt);
		command_line_run(screen, prompt->field.text);
		break;
	case PROMPT_STOP:
	case PROMPT_TARGET:
		action.kind = kind == PROMPT_STOP ? ACTION_STOP : ACTION_TARGET;
		text_copy(action.text, sizeof action.text, prompt->field.text);
		action.may_widen = kind == PROMPT_STOP;
		actions_ask(screen, &action);
		break;
	case PROMPT_PAUSE:
		simple(screen, ACTION_PAUSE, prompt->field.text);
		break;
	case PROMPT_FILTER:
	case PROMPT_NONE:
		break;
	}
}

static void
recall(struct prompt *prompt, int step)
{
	int at = prompt->history_at + step;

	if (prompt->kind != PROMPT_COMMAND || at < 0 || at > prompt->history_count)
		return;
	prompt->history_at = at;
	field_set(&prompt->field, at < prompt->history_count ? prompt->history[at] : "");
}

void
prompt_key(struct screen *screen, const struct ui_key *key)
{
	struct prompt *prompt = &screen->prompt;
	struct table *list = screen_list(screen);
	char whole[FIELD_SIZE];

	screen->dirty = true;
	switch (keys_command(CONTEXT_PROMPT, key)) {
	case COMMAND_ACCEPT:
		accept(screen);
		return;
	case COMMAND_LEAVE:
		if (prompt->kind == PROMPT_FILTER && list != NULL)
			table_set_filter(list, "");
		prompt->kind = PROMPT_NONE;
		return;
	case COMMAND_COMPLETE:
		if (prompt->kind != PROMPT_COMMAND)
			return;
		if (command_line_complete(prompt->field.text, whole, sizeof whole))
			field_set(&prompt->field, whole);
		say_candidates(prompt->field.text, prompt->candidates, sizeof prompt->candidates);
		return;
	case COMMAND_UP: recall(prompt, -1); return;
	case COMMAND_DOWN: recall(prompt, 1); return;
	case COMMAND_REPAINT: terminal_repaint(screen->terminal); return;
	default: break;
	}
	prompt->candidates[0] = 0;
	if (field_key(&prompt->field, key) == FIELD_CHANGED && prompt->kind == PROMPT_FILTER &&
	    list != NULL)
		table_set_filter(list, prompt->field.text);
}
