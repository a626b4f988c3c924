/* robson panic: no more entries, and out of everything, at once. */
#include <stdlib.h>
#include <string.h>

#include "cli/print.h"
#include "cli/wishes.h"

static enum status
get_word(struct cli *cli, const struct operation_list *list, struct error *err)
{
	size_t open = list->count, live = 0;
	const char *typed = cli_value(cli, OPT_YES);
	if (typed != NULL) {
		if (strcmp(typed, "FLATTEN") == 0)
			return STATUS_OK;
		return error_set(err, STATUS_REFUSED, "panic needs the word FLATTEN, not \"%s\"; nothing was done",
		                 typed);
	}
	if (!cli_can_ask()) {
		error_set(err, STATUS_REFUSED, "panic needs the typed word FLATTEN, and there is no terminal");
		error_hint(err, "from a script: robson panic --yes FLATTEN");
		return STATUS_REFUSED;
	}
	char question[256];
	for (size_t i = 0; i < open; i++)
		live += list->rows[i].op.mode == MODE_LIVE;
	text_format(question, sizeof question,
	            "This pauses the book, cancels its resting entries and closes %zu open operation%s at the market",
	            open, open == 1 ? "" : "s");
	text_format(question + strlen(question), sizeof question - strlen(question),
	            live > 0 ? "; %zu of them LIVE, with real money." : ".", live);
	if (cli_ask_word(question, "FLATTEN"))
		return STATUS_OK;
	return error_set(err, STATUS_REFUSED, "FLATTEN was not typed; nothing was done");
}

/* How each of them stands now; how many are still open. */
static size_t
answer(struct cli *cli, const struct operation_list *open)
{
	size_t left = 0;
	struct json_out json;
	struct desk_status_model now;
	desk_status(cli->desk, &now);

	if (cli->is_json) {
		json_line_open(cli, &json);
		json_bool(&json, "paused", now.is_paused);
		json_array_open(&json, "operations");
	} else {
		put(cli, "%s", now.is_paused ? "PAUSED: no entry is made" : "not paused");
	}
	for (size_t i = 0; i < open->count; i++) {
		struct operation_model model;
		struct error ignored = { 0 };
		if (desk_operation(cli->desk, open->rows[i].op.id, &model, &ignored) != STATUS_OK)
			model = open->rows[i];
		left += model.op.status == OPERATION_ACTIVE;
		if (cli->is_json)
			json_operation(&json, NULL, &model, NULL);
		else
			put_operation(cli, &model);
	}
	if (cli->is_json) {
		json_array_close(&json);
		json_line_close(cli, &json);
	} else if (open->count == 0) {
		put(cli, "no operation was open");
	}
	return left;
}

enum status
run_panic(struct cli *cli, struct error *err)
{
	struct operation_filter active = { .has_status = true, .status = OPERATION_ACTIVE };
	struct operation_list open;
	struct wishing wishing = { .state = wish_panic, .text = "panic" };

	enum status status = desk_operations(cli->desk, &active, &open, err);
	if (status != STATUS_OK)
		return status;
	status = get_word(cli, &open, err);
	if (status == STATUS_OK)
		status = wish_and_wait(cli, &wishing, err);
	if (status == STATUS_OK || status == STATUS_UNKNOWN || status == STATUS_UNAVAILABLE) {
		for (size_t i = 0; status == STATUS_OK && i < open.count; i++)
			wait_for_exit(cli, open.rows[i].op.id, WISH_TIMEOUT_MS);
		size_t left = answer(cli, &open);
		if (status == STATUS_OK && left > 0)
			status = error_set(err, STATUS_UNKNOWN, "%zu of %zu operations are not left yet", left,
			                   open.count);
		if (left > 0)
			cli_tell_watcher(cli, "what is still open");
	}
	operation_list_done(&open);
	return status;
}
