/* Help, in words from the two tables, and the same as JSON for whoever checks manuals. */
#include "config.h"

#include <string.h>

#include "cli/print.h"
#include "cli/retired.h"

static const struct { int code; const char *meaning; } exits[] = {
	{ 0, "done" },
	{ 1, "the answer is no: a guard failed, PAUSED, the intent is already final, a fault was found" },
	{ 64, "usage: something required is missing; an unknown or ambiguous id" },
	{ 65, "input that can't be read: a file, a number" },
	{ 69, "the exchange or the feed can't be reached; a fact is missing" },
	{ 70, "a fault inside Robson" },
	{ 74, "the database can't be read or written" },
	{ 75, "the outcome is not known yet: an order awaits reconciliation" },
	{ 77, "refused: LIVE, --readonly, FLATTEN not given" },
	{ 78, "settings or keys are wrong" },
};

static void
put_option(struct text *out, enum option_id id)
{
	const struct option_spec *spec = option_spec(id);
	char name[64];
	text_format(name, sizeof name, "--%s%s%s", spec->name, spec->argument != NULL ? " " : "",
	            spec->argument != NULL ? spec->argument : "");
	text_appendf(out, "  %-28s %s\n", name, spec->help);
}

void
help_all(struct text *out)
{
	text_append(out, "robson [options]                       the screen\n"
	                 "robson [options] COMMAND [arguments]\n\n");
	for (size_t i = 0; i < commands_count(); i++) {
		const struct command *command = commands_at(i);
		char name[64];
		text_format(name, sizeof name, "%s%s%s", command->name, command->arguments[0] != '\0' ? " " : "",
		            command->arguments);
		text_appendf(out, "  %-35s %s\n", name, command->summary);
	}
	text_append(out, "\nOptions, before or after the command:\n");
	for (int id = 0; id < OPT_GLOBAL_COUNT; id++)
		put_option(out, (enum option_id)id);
	text_append(out, "\nrobson COMMAND --help says what a command takes; robson(1) is the manual.\n");
}

void
help_command(const struct command *command, struct text *out)
{
	text_appendf(out, "robson %s%s%s", command->name, command->arguments[0] != '\0' ? " " : "",
	             command->arguments);
	text_appendf(out, "%s\n\n%s\n", command->options != 0 ? " [options]" : "", command->summary);
	if (command->more != NULL)
		text_appendf(out, "\n%s", command->more);
	if (command->options != 0)
		text_append(out, "\n");
	for (int id = OPT_GLOBAL_COUNT; id < OPT_COUNT; id++)
		if ((command->options & OPT_BIT(id)) != 0)
			put_option(out, (enum option_id)id);
}

bool
help_family(const char *word, struct text *out)
{
	size_t len = strlen(word), found = 0;
	for (size_t i = 0; i < commands_count(); i++) {
		const struct command *command = commands_at(i);
		if (strncmp(command->name, word, len) != 0 ||
		    (command->name[len] != ' ' && command->name[len] != '\0'))
			continue;
		if (found++ > 0)
			text_append(out, "\n");
		help_command(command, out);
	}
	return found > 0;
}

void
help_version(bool is_json, struct text *out)
{
	if (is_json) {
		struct json_out json;
		json_out_init(&json, out);
		json_object_open(&json, NULL);
		json_text(&json, "name", PACKAGE_NAME);
		json_text(&json, "version", PACKAGE_VERSION);
		json_object_close(&json);
		text_append(out, "\n");
	} else {
		text_append(out, PACKAGE_NAME " " PACKAGE_VERSION "\n");
	}
}

static void
json_option_list(struct json_out *json, int first, int end, uint64_t wanted)
{
	json_array_open(json, "options");
	for (int id = first; id < end; id++) {
		const struct option_spec *spec = option_spec((enum option_id)id);
		if ((wanted & OPT_BIT(id)) == 0)
			continue;
		json_object_open(json, NULL);
		json_text(json, "name", spec->name);
		json_text(json, "argument", spec->argument);
		json_text(json, "help", spec->help);
		json_object_close(json);
	}
	json_array_close(json);
}

static void
json_guards(struct json_out *json)
{
	json_array_open(json, "guards");
	for (size_t i = 0; i < guards_count(); i++) {
		struct guard_entry guard = guards_entry(i);
		json_object_open(json, NULL);
		json_text(json, "name", guard.name);
		json_text(json, "rule", guard.rule);
		json_object_close(json);
	}
	json_array_close(json);
	json_array_open(json, "reasons");
	for (size_t i = 0; i < guards_reason_count(); i++) {
		struct guard_reason reason = guards_reason(i);
		json_object_open(json, NULL);
		json_text(json, "code", reason.code);
		json_text(json, "status", verdict_status_name(reason.status));
		json_text(json, "meaning", reason.meaning);
		json_object_close(json);
	}
	json_array_close(json);
}

/* The tables themselves: the manual and the completions are checked against them. */
static void
help_json(struct cli *cli)
{
	struct json_out json;
	json_line_open(cli, &json);
	json_array_open(&json, "commands");
	for (size_t i = 0; i < commands_count(); i++) {
		const struct command *command = commands_at(i);
		json_object_open(&json, NULL);
		json_text(&json, "name", command->name);
		json_text(&json, "arguments", command->arguments);
		json_text(&json, "summary", command->summary);
		json_bool(&json, "writes", (command->flags & COMMAND_WRITES) != 0);
		json_option_list(&json, OPT_GLOBAL_COUNT, OPT_COUNT, command->options);
		json_object_close(&json);
	}
	json_array_close(&json);
	json_option_list(&json, 0, OPT_GLOBAL_COUNT, UINT64_MAX);
	json_array_open(&json, "exits");
	for (size_t i = 0; i < ARRAY_LEN(exits); i++) {
		json_object_open(&json, NULL);
		json_int(&json, "code", exits[i].code);
		json_text(&json, "meaning", exits[i].meaning);
		json_object_close(&json);
	}
	json_array_close(&json);
	json_guards(&json);
	json_array_open(&json, "retired");
	for (size_t i = 0; retired_command_at(i) != NULL; i++)
		json_text(&json, NULL, retired_command_at(i));
	for (size_t i = 0; retired_option_at(i) != NULL; i++)
		json_text(&json, NULL, retired_option_at(i));
	json_array_close(&json);
	json_line_close(cli, &json);
}

enum status
run_help(struct cli *cli, struct error *err)
{
	struct command_line line = *cli->line;
	if (line.word_count == 1 && help_family(line.words[0], &cli->out))
		return STATUS_OK;
	const struct command *command;
	enum status status = commands_find(&line, &command, err);
	if (status != STATUS_OK)
		return status;
	if (command == NULL && cli->is_json)
		help_json(cli);
	else if (command == NULL)
		help_all(&cli->out);
	else
		help_command(command, &cli->out);
	return STATUS_OK;
}

enum status
run_version(struct cli *cli, struct error *err)
{
	(void)err;
	help_version(cli->is_json, &cli->out);
	return STATUS_OK;
}
