/* Plays a written trading day in one process: a real session on a tape, and a list of steps, each
 * done at its own moment of the tape.
 *
 *     day DB SETTINGS FEED SCRIPT [TAPE-FROM]
 *
 * SCRIPT has one step a line, in order of time, fields separated by tabs:
 *
 *     TIME LABEL plan side=buy symbol=BTCUSD stop=... [entry= target= quantity= capital= strategy=]
 *     TIME LABEL validate | execute | cancel | close | stop PRICE [widen] | target PRICE
 *     TIME LABEL release REASON | pause REASON | resume
 *
 * A label names one trade: it is the reason of its intent, and so the book itself says how far a
 * trade has come.  That is what a restart goes by (TAPE-FROM last): steps before the moment at which
 * the book last stood were done; those of that very moment are done if the book does not show them.
 *
 * Prints one line for each step: TIME LABEL VERB status, and why not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/session_state.h"

enum { LABEL_SIZE = 32, FIELDS_MAX = 16, STEPS_MAX = 20000, WISH_MS = 20000 };

struct trade_state {
	char label[LABEL_SIZE];
	char intent[INTENT_ID_SIZE];      /* "": not planned yet */
};

struct step {
	int64_t time_ms;
	char *fields[FIELDS_MAX];         /* into the script's text; [0] is the label, [1] the verb */
	int field_count;
};

struct day {
	struct session *session;
	struct desk *desk;
	char *script;
	struct step *steps; size_t step_count, next_step;
	struct trade_state *trades; size_t trade_count;
	int64_t from_ms;
};

static int
die(const char *what, const struct error *err)
{
	fprintf(stderr, "day: %s: %s\n", what, err->message);
	return 1;
}

static char *
read_whole(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t len = 0, got;

	if (file == NULL)
		return NULL;
	do {
		char *grown = realloc(text, len + 65536 + 1);
		if (grown == NULL)
			break;
		text = grown;
		got = fread(text + len, 1, 65536, file);
		len += got;
		text[len] = '\0';
	} while (got > 0);
	fclose(file);
	return text;
}

static bool
read_script(struct day *day, const char *path)
{
	day->script = read_whole(path);
	day->steps = calloc(STEPS_MAX, sizeof *day->steps);
	day->trades = calloc(STEPS_MAX, sizeof *day->trades);
	if (day->script == NULL || day->steps == NULL || day->trades == NULL)
		return false;
	char *line_end, *field_end;
	for (char *line = strtok_r(day->script, "\n", &line_end); line != NULL && day->step_count < STEPS_MAX;
	     line = strtok_r(NULL, "\n", &line_end)) {
		struct step *step = &day->steps[day->step_count];
		char *field = strtok_r(line, "\t", &field_end);
		if (field == NULL)
			continue;
		step->time_ms = strtoll(field, NULL, 10);
		while ((field = strtok_r(NULL, "\t", &field_end)) != NULL && step->field_count < FIELDS_MAX)
			step->fields[step->field_count++] = field;
		if (step->field_count < 2)
			return false;
		day->step_count++;
	}
	return true;
}

static struct trade_state *
trade_of(struct day *day, const char *label)
{
	for (size_t i = 0; i < day->trade_count; i++)
		if (strcmp(day->trades[i].label, label) == 0)
			return &day->trades[i];
	struct trade_state *trade = &day->trades[day->trade_count++];
	text_copy(trade->label, sizeof trade->label, label);
	return trade;
}

static bool
read_book(struct day *day, struct error *err)
{
	struct intent_filter all = { .limit = 0 };
	struct intent_list list = { 0 };

	if (desk_intents(day->desk, &all, &list, err) != STATUS_OK)
		return false;
	for (size_t i = 0; i < list.count; i++)
		text_copy(trade_of(day, list.rows[i].reason)->intent, INTENT_ID_SIZE, list.rows[i].id);
	intent_list_done(&list);
	return true;
}

/* ---- the steps ---- */

static const char *
value_of(const struct step *step, const char *key)
{
	size_t len = strlen(key);

	for (int i = 2; i < step->field_count; i++)
		if (strncmp(step->fields[i], key, len) == 0 && step->fields[i][len] == '=')
			return step->fields[i] + len + 1;
	return NULL;
}

struct attempt {
	struct day *day;
	const struct step *step;
	struct trade_state *trade;
};

static enum status
try_plan(void *self, struct error *err)
{
	struct attempt *attempt = self;
	const struct step *step = attempt->step;
	struct plan_input input = {
		.side = value_of(step, "side"), .symbol = value_of(step, "symbol"), .stop = value_of(step, "stop"),
		.entry = value_of(step, "entry"), .target = value_of(step, "target"),
		.quantity = value_of(step, "quantity"), .capital = value_of(step, "capital"),
		.strategy = value_of(step, "strategy"), .reason = attempt->trade->label,
	};
	struct intent intent;

	enum status status = desk_plan(attempt->day->desk, &input, &intent, err);
	if (status == STATUS_OK)
		text_copy(attempt->trade->intent, sizeof attempt->trade->intent, intent.id);
	return status;
}

static enum status
try_validate(void *self, struct error *err)
{
	struct attempt *attempt = self;
	struct intent intent;
	struct report report = { .count = 0 };

	enum status status = desk_validate(attempt->day->desk, attempt->trade->intent, false, &intent, &report, err);
	for (int i = 0; status == STATUS_NO && i < report.count; i++)
		if (report.checks[i].status == VERDICT_FAIL)
			return error_set(err, STATUS_NO, "%s: %s", report.checks[i].code, report.checks[i].message);
	return status;
}

static enum status
try_pause(void *self, struct error *err)
{
	struct attempt *attempt = self;

	return strcmp(attempt->step->fields[1], "pause") == 0
	       ? desk_pause(attempt->day->desk, attempt->step->fields[2], err)
	       : desk_resume(attempt->day->desk, err);
}

/* A wish, to its end; *wish 0: done at once. */
static enum status
state_wish(struct attempt *attempt, const struct intent_model *model, int64_t *wish, struct error *err)
{
	const struct step *step = attempt->step;
	struct desk *desk = attempt->day->desk;
	const char *verb = step->fields[1], *word = step->field_count > 2 ? step->fields[2] : "";
	int64_t operation = model->has_operation ? model->operation.op.id : 0;

	*wish = 0;
	if (strcmp(verb, "execute") == 0)
		return desk_wish_execute(desk, model->intent.id, false, false, WISH_MS, wish, err);
	if (strcmp(verb, "cancel") == 0)
		return desk_wish_cancel(desk, model->intent.id, WISH_MS, wish, err);
	if (operation == 0)
		return error_set(err, STATUS_NO, "there is no operation");
	if (strcmp(verb, "close") == 0)
		return desk_wish_close(desk, operation, WISH_MS, wish, err);
	if (strcmp(verb, "stop") == 0)
		return desk_wish_stop(desk, operation, word, step->field_count > 3, WISH_MS, wish, err);
	if (strcmp(verb, "target") == 0)
		return desk_wish_target(desk, operation, word, WISH_MS, wish, err);
	if (strcmp(verb, "release") == 0)
		return desk_wish_release(desk, operation, word, false, WISH_MS, wish, err);
	return error_set(err, STATUS_USAGE, "there is no step '%s'", verb);
}

static enum status
act(struct attempt *attempt, struct error *err)
{
	struct intent_model model;
	int64_t wish = 0;

	enum status status = desk_intent(attempt->day->desk, attempt->trade->intent, &model, err);
	if (status != STATUS_OK)
		return status;
	int64_t deadline = clock_mono_us() + BUSY_WAIT_MS * 1000;
	while ((status = state_wish(attempt, &model, &wish, err)) == STATUS_BUSY && clock_mono_us() < deadline)
		error_clear(err);
	intent_model_done(&model);
	if (status == STATUS_OK && wish != 0)
		status = session_wait_wish(attempt->day->session, wish, WISH_MS, err);
	return status;
}

static enum status
do_step(struct day *day, const struct step *step, struct error *err)
{
	const char *verb = step->fields[1];
	struct attempt attempt = { day, step, trade_of(day, step->fields[0]) };

	if (strcmp(verb, "pause") == 0 || strcmp(verb, "resume") == 0)
		return session_retry(day->session, try_pause, &attempt, err);
	if (strcmp(verb, "plan") == 0) {
		if (attempt.trade->intent[0] != '\0')
			return STATUS_OK;   /* before the restart */
		return session_retry(day->session, try_plan, &attempt, err);
	}
	if (attempt.trade->intent[0] == '\0')
		return error_set(err, STATUS_NO, "it was never planned");
	if (strcmp(verb, "validate") == 0)
		return session_retry(day->session, try_validate, &attempt, err);
	return act(&attempt, err);
}

static void
do_due_steps(struct day *day)
{
	while (day->next_step < day->step_count) {
		struct step *step = &day->steps[day->next_step];
		struct error err = { 0 };
		if (step->time_ms > desk_now_ms(day->desk))
			return;
		day->next_step++;
		if (step->time_ms < day->from_ms)
			continue;
		enum status status = do_step(day, step, &err);
		printf("%lld\t%s\t%s\t%s\t%s\n", (long long)step->time_ms, step->fields[0], step->fields[1],
		       status_name(status), status == STATUS_OK ? "" : err.message);
		fflush(stdout);
	}
}

/* Every symbol of the script is watched: a tape at full speed stands still for nobody. */
static bool
watch_all(struct day *day, struct error *err)
{
	char seen[8][SYMBOL_SIZE] = { "" };
	size_t count = 0;

	for (size_t i = 0; i < day->step_count; i++) {
		const char *symbol = value_of(&day->steps[i], "symbol");
		bool is_new = symbol != NULL;
		for (size_t j = 0; is_new && j < count; j++)
			is_new = strcmp(seen[j], symbol) != 0;
		if (!is_new || count == ARRAY_LEN(seen))
			continue;
		text_copy(seen[count++], SYMBOL_SIZE, symbol);
		if (desk_watch(day->desk, symbol, err) != STATUS_OK)
			return false;
	}
	return true;
}

static void
play(struct day *day)
{
	struct feed_status feed = { 0 };

	/* The first moment is played before its steps are done; what a dead run left is finished. */
	do {
		session_turn(day->session, clock_mono_us() + 100000);
		day->session->feed->ops->status(day->session->feed, &feed);
	} while (feed.quotes == 0 && !feed.is_ended);
	for (;;) {
		if (desk_is_quiet(day->desk))
			do_due_steps(day);
		day->session->feed->ops->status(day->session->feed, &feed);
		if (feed.is_ended && desk_is_quiet(day->desk))
			return;
		session_turn(day->session, clock_mono_us() + 100000);
	}
}

static bool
hold(struct day *day, struct error *err)
{
	int64_t deadline = clock_mono_us() + BUSY_WAIT_MS * 1000;
	enum status status;

	/* A killed holder's lock is free once the kernel has buried it. */
	while ((status = session_take(day->session, err)) == STATUS_BUSY && clock_mono_us() < deadline)
		error_clear(err);
	return status == STATUS_OK;
}

int
main(int argc, char **argv)
{
	struct error err = { 0 };
	struct day day = { 0 };
	int code = 0;

	if (argc < 5 || argc > 6) {
		fprintf(stderr, "usage: day DB SETTINGS FEED SCRIPT [TAPE-FROM]\n");
		return 64;
	}
	struct session_options options = { .db = argv[1], .config = argv[2], .feed = argv[3], .client_id = 1,
	                                   .tape_from = argc > 5 ? argv[5] : NULL };
	if (!read_script(&day, argv[4]))
		return die("the script", &(struct error){ .message = "can't be read" });
	if (session_open(&options, NEEDS_PRICES | NEEDS_HAND, "command", &day.session, &err) != STATUS_OK)
		return die("opening", &err);
	day.desk = session_desk(day.session);
	day.from_ms = argc > 5 ? desk_now_ms(day.desk) : 0;
	if (!hold(&day, &err) || !read_book(&day, &err) || !watch_all(&day, &err))
		code = die("beginning", &err);
	else
		play(&day);
	session_close(day.session);
	free(day.script);
	free(day.steps);
	free(day.trades);
	return code;
}
