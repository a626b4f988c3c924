/* robson verify: is what is written whole, linked and unedited?  With --comprehensive the program
 * also has to prove on a scratch database that a trade still goes through. */
#include <stdarg.h>
#include <string.h>

#include "cli/comprehensive.h"
#include "cli/print.h"

static const char *const groups[] = { "Schema", "Service", "API", "CLI", "Screen", "Integration" };

void
report_check(struct verify_model *report, const char *group, const char *name, bool ok,
             const char *format, ...)
{
	va_list args;
	if (report->count >= (int)ARRAY_LEN(report->checks))
		return;
	struct verify_check *check = &report->checks[report->count++];
	*check = (struct verify_check){ .ok = ok };
	text_copy(check->group, sizeof check->group, group);
	text_copy(check->name, sizeof check->name, name);
	va_start(args, format);
	text_vformat(check->message, sizeof check->message, format, args);
	va_end(args);
	report->ok = report->ok && ok;
}

static const char *
status_word(const struct verify_check *check)
{
	return verdict_status_name(!check->ok ? VERDICT_FAIL : check->is_warning ? VERDICT_WARN : VERDICT_PASS);
}

static void
answer_json(struct cli *cli, const struct verify_model *report)
{
	struct json_out json;
	json_line_open(cli, &json);
	json_bool(&json, "ok", report->ok);
	json_array_open(&json, "checks");
	for (int i = 0; i < report->count; i++) {
		const struct verify_check *check = &report->checks[i];
		json_object_open(&json, NULL);
		json_text(&json, "group", check->group);
		json_text(&json, "name", check->name);
		json_text(&json, "status", status_word(check));
		json_text(&json, "message", check->message);
		json_object_close(&json);
	}
	json_array_close(&json);
	json_int(&json, "operations_without_intent", report->operations_without_intent);
	json_int(&json, "orphans", report->orphans);
	json_decimal(&json, "stop_coverage_percent", report->stop_coverage_percent);
	json_int(&json, "chain_length", report->chain_length);
	json_bool(&json, "chain_ok", report->chain_ok);
	json_line_close(cli, &json);
}

static void
put_group(struct cli *cli, const struct verify_model *report, const char *group)
{
	bool is_first = true;
	for (int i = 0; i < report->count; i++) {
		const struct verify_check *check = &report->checks[i];
		if (strcmp(check->group, group) != 0)
			continue;
		if (is_first)
			put(cli, "%s", group);
		is_first = false;
		put(cli, "  %-4s  %-28s %s", status_word(check),
		    check->name, check->message);
	}
}

static void
answer_text(struct cli *cli, const struct verify_model *report)
{
	int faults = 0;
	for (size_t i = 0; i < ARRAY_LEN(groups); i++)
		put_group(cli, report, groups[i]);
	for (int i = 0; i < report->count; i++)
		faults += !report->checks[i].ok;
	put(cli, "operations without intent  %lld", (long long)report->operations_without_intent);
	put(cli, "orphans                    %lld", (long long)report->orphans);
	put(cli, "stop coverage              %s %%", show_percent(report->stop_coverage_percent).text);
	put(cli, "audit chain                %lld events, %s", (long long)report->chain_length,
	    report->chain_ok ? "whole" : "BROKEN");
	if (report->ok)
		put(cli, "all %d checks pass", report->count);
	else
		put(cli, "%d of %d checks fail", faults, report->count);
}

enum status
run_verify(struct cli *cli, struct error *err)
{
	struct verify_model report;
	enum status status = cli_open_session(cli, NEEDS_BOOK, "command", err);
	if (status == STATUS_OK)
		status = desk_verify(cli->desk, &report, err);
	if (status == STATUS_OK && cli_has(cli, OPT_COMPREHENSIVE)) {
		/* One process, one session: the scratch book is played with this one closed. */
		session_close(cli->session);
		cli->session = NULL;
		cli->desk = NULL;
		status = comprehensive_play(&report, err);
	}
	if (status != STATUS_OK)
		return status;
	if (cli->is_json)
		answer_json(cli, &report);
	else
		answer_text(cli, &report);
	cli->is_answered = true;
	return report.ok ? STATUS_OK : STATUS_NO;
}
