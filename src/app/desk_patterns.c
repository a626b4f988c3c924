/* What a pattern triggers: one trigger and one intent, validated at once, in one transaction; the same
 * event again finds the first.  A pattern never goes LIVE, and nothing that it does is silent: what it
 * could not plan and what it was refused are events, too. */
#include "app/desk_state.h"

#include <stdlib.h>
#include <string.h>

/* A word for scripts, logs and messages: nothing that could be mistaken for anything else. */
static enum status
check_event_id(const char *id, struct error *err)
{
	size_t len = id != NULL ? strlen(id) : 0;

	if (len == 0 || len >= PATTERN_EVENT_SIZE)
		return error_field(err, STATUS_USAGE, "event_id", "the id of an event has 1 to %d characters",
		                   PATTERN_EVENT_SIZE - 1);
	for (size_t i = 0; i < len; i++)
		if (id[i] <= ' ' || id[i] > '~')
			return error_field(err, STATUS_USAGE, "event_id",
			                   "the id of an event is made of ASCII letters, digits and signs, without spaces");
	return STATUS_OK;
}

static enum status
read_first(struct desk *desk, const struct pattern_trigger *trigger, struct trigger_model *ret,
           struct error *err)
{
	struct error none = { 0 };

	ret->trigger = *trigger;
	ret->is_repeated = true;
	enum status status = store_intent_find(desk->setup.store, trigger->client_id, trigger->intent_id,
	                                       &ret->intent, err);
	if (status != STATUS_OK)
		return status;
	status = store_report_latest(desk->setup.store, trigger->intent_id, OCCASION_VALIDATE, &ret->report, NULL, &none);
	if (status == STATUS_OK || status == STATUS_NOT_FOUND)
		return STATUS_OK;
	*err = none;
	return status;
}

/* Inside the transaction: the intent, its report, and the trigger that binds them to the event. */
static enum status
write_first(struct desk *desk, const struct trigger_input *input, struct trigger_model *ret, struct error *err)
{
	struct preview preview;
	struct note note;

	enum status status = plan_read(desk, &input->plan, &preview, err);
	if (status != STATUS_OK)
		return status;
	struct intent *intent = &preview.intent;
	intent->source = SOURCE_PATTERN;
	text_copy(intent->pattern_event_id, sizeof intent->pattern_event_id, input->event_id);
	if ((status = plan_write(desk, &preview, err)) != STATUS_OK ||
	    (status = validate_write(desk, intent, &ret->report, err)) != STATUS_OK)
		return status;
	struct pattern_trigger *trigger = &ret->trigger;
	*trigger = (struct pattern_trigger){
		.client_id = intent->client_id, .pattern = input->pattern, .created_at_ms = intent->created_at_ms,
		.status = intent->status == INTENT_FAILED ? TRIGGER_FAILED : TRIGGER_PROCESSED,
	};
	text_copy(trigger->event_id, sizeof trigger->event_id, input->event_id);
	text_copy(trigger->intent_id, sizeof trigger->intent_id, intent->id);
	if ((status = store_trigger_insert(desk->setup.store, trigger, err)) != STATUS_OK)
		return status;
	note_open(&note, desk, "pattern.triggered");
	note_intent(&note, intent);
	json_text(&note.json, "event_id", trigger->event_id);
	json_text(&note.json, "pattern", pattern_name(trigger->pattern));
	json_text(&note.json, "status", trigger_status_name(trigger->status));
	status = note_write(&note, desk, err, "%s %s: %s", pattern_name(trigger->pattern), trigger->event_id,
	                    trigger_status_name(trigger->status));
	note_done(&note);
	ret->intent = *intent;
	return status;
}

static enum status
trigger_once(struct desk *desk, const struct trigger_input *input, struct trigger_model *ret, struct error *err)
{
	struct store *store = desk->setup.store;
	struct pattern_trigger first;
	struct error none = { 0 };

	/* The lock is taken before looking: of two processes one is first, and the other sees that. */
	enum status status = store_begin(store, err);
	if (status != STATUS_OK)
		return status;
	status = store_trigger_find(store, desk->setup.client_id, input->event_id, &first, &none);
	if (status == STATUS_OK) {
		status = read_first(desk, &first, ret, err);
		store_rollback(store);
		return status;
	}
	if (status == STATUS_NOT_FOUND)
		status = write_first(desk, input, ret, err);
	else
		*err = none;
	if (status == STATUS_OK)
		return store_commit(store, err);
	store_rollback(store);
	return status;
}

/* In a transaction of its own, where there is no intent that could tell. */
static enum status
tell(struct desk *desk, const struct trigger_input *input, const char *kind, enum status verdict,
     struct error *err)
{
	struct error failure = { 0 };
	struct note note;

	note_open(&note, desk, kind);
	json_text(&note.json, "event_id", input->event_id);
	json_text(&note.json, "pattern", pattern_name(input->pattern));
	json_text(&note.json, "why", err->message);
	json_int(&note.json, "exit", status_exit_code(verdict));
	enum status status = note_alone(&note, desk, &failure, "%s %s: %s", pattern_name(input->pattern),
	                                input->event_id, err->message);
	note_done(&note);
	if (status == STATUS_BUSY) {
		*err = failure;
		return STATUS_BUSY;
	}
	return verdict;
}

enum status
desk_pattern_trigger(struct desk *desk, const struct trigger_input *input, struct trigger_model *ret,
                     struct error *err)
{
	struct book book;

	*ret = (struct trigger_model){ 0 };
	if (desk->setup.is_readonly)
		return error_set(err, STATUS_REFUSED, "--readonly looks and never acts: nothing was triggered");
	enum status status = check_event_id(input->event_id, err);
	if (status == STATUS_OK)
		status = store_book(desk->setup.store, desk->setup.client_id, MODE_DRY_RUN, &book, err);
	if (status != STATUS_OK)
		return status;
	text_copy(desk->actor_now, sizeof desk->actor_now, "pattern");
	status = trigger_once(desk, input, ret, err);
	/* Whatever was not planned leaves its event id free: the next try may be a better one. */
	if (status != STATUS_OK && status != STATUS_BUSY && status != STATUS_IO && status != STATUS_NO_MEMORY)
		status = tell(desk, input, "pattern.not_planned", status, err);
	desk->actor_now[0] = '\0';
	desk_touch(desk);
	return status;
}

enum status
desk_pattern_refuse_live(struct desk *desk, const struct trigger_input *input, struct error *err)
{
	error_set(err, STATUS_REFUSED, "a pattern never goes LIVE");
	error_hint(err, "a person may clone its intent and execute that");
	text_copy(desk->actor_now, sizeof desk->actor_now, "pattern");
	enum status status = tell(desk, input, "pattern.live_refused", STATUS_REFUSED, err);
	desk->actor_now[0] = '\0';
	return status;
}

struct growing { struct desk *desk; struct trigger_list *list; struct error *err; enum status status; };

static bool
add_trigger(void *self, const struct pattern_trigger *trigger)
{
	struct growing *growing = self;
	struct trigger_list *list = growing->list;
	struct trigger_model *rows = realloc(list->rows, (list->count + 1) * sizeof *rows);

	if (rows == NULL) {
		growing->status = error_set(growing->err, STATUS_NO_MEMORY, "no memory for the list");
		return false;
	}
	list->rows = rows;
	rows[list->count] = (struct trigger_model){ .trigger = *trigger };
	growing->status = store_intent_find(growing->desk->setup.store, trigger->client_id, trigger->intent_id,
	                                    &rows[list->count].intent, growing->err);
	list->count++;
	return growing->status == STATUS_OK;
}

enum status
desk_patterns(struct desk *desk, int limit, struct trigger_list *ret, struct error *err)
{
	struct growing growing = { .desk = desk, .list = ret, .err = err };

	*ret = (struct trigger_list){ 0 };
	enum status status = store_triggers(desk->setup.store, desk->setup.client_id, limit, add_trigger, &growing, err);
	if (status == STATUS_OK)
		status = growing.status;
	if (status != STATUS_OK)
		trigger_list_done(ret);
	return status;
}

void
trigger_list_done(struct trigger_list *list)
{
	free(list->rows);
	*list = (struct trigger_list){ 0 };
}
