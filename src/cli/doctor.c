/* robson doctor: what could hurt at three in the morning.  The desk knows the book, the feed and
 * the machine; the terminal is looked at here. */
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/print.h"

static void
add(struct health_model *health, const char *name, enum verdict_status status, const char *message,
    const char *hint)
{
	if (health->count >= (int)ARRAY_LEN(health->checks))
		return;
	struct health_check *check = &health->checks[health->count++];
	*check = (struct health_check){ .status = status };
	text_copy(check->name, sizeof check->name, name);
	text_copy(check->message, sizeof check->message, message);
	text_copy(check->hint, sizeof check->hint, hint);
}

static void
check_terminal(struct health_model *health)
{
	const char *term = getenv("TERM");
	char message[160];
	struct winsize size;

	if (term == NULL || term[0] == '\0' || strcmp(term, "dumb") == 0)
		add(health, "terminal", VERDICT_WARN, "TERM names no terminal that can show the screen",
		    "commands and the monitor work; for the screen set TERM, e.g. xterm-256color");
	else if (isatty(STDOUT_FILENO) == 1 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
	         (size.ws_col < 60 || size.ws_row < 16)) {
		text_format(message, sizeof message, "%s, %d by %d", term, size.ws_col, size.ws_row);
		add(health, "terminal", VERDICT_WARN, message, "the screen needs at least 60 by 16");
	} else {
		text_format(message, sizeof message, "%s", term);
		add(health, "terminal", VERDICT_PASS, message, "");
	}
	setlocale(LC_CTYPE, "");
	const char *codeset = nl_langinfo(CODESET);
	text_format(message, sizeof message, "characters are %s", codeset);
	add(health, "locale", strcmp(codeset, "UTF-8") == 0 ? VERDICT_PASS : VERDICT_WARN, message,
	    strcmp(codeset, "UTF-8") == 0 ? "" : "the screen draws with ASCII; for more use a UTF-8 locale");
}

static void
answer(struct cli *cli, const struct health_model *health)
{
	struct json_out json;
	int counts[3] = { 0 };
	for (int i = 0; i < health->count; i++)
		counts[health->checks[i].status]++;
	if (cli->is_json) {
		json_line_open(cli, &json);
		json_bool(&json, "ok", counts[VERDICT_FAIL] == 0);
		json_array_open(&json, "checks");
		for (int i = 0; i < health->count; i++) {
			const struct health_check *check = &health->checks[i];
			json_object_open(&json, NULL);
			json_text(&json, "name", check->name);
			json_text(&json, "status", verdict_status_name(check->status));
			json_text(&json, "message", check->message);
			json_text_or_null(&json, "hint", check->hint);
			json_object_close(&json);
		}
		json_array_close(&json);
		json_line_close(cli, &json);
		return;
	}
	for (int i = 0; i < health->count; i++) {
		const struct health_check *check = &health->checks[i];
		put(cli, "%-4s  %-13s  %s", verdict_status_name(check->status), check->name, check->message);
		if (check->hint[0] != '\0')
			put(cli, "                     %s", check->hint);
	}
	put(cli, "%d pass, %d warn, %d fail", counts[VERDICT_PASS], counts[VERDICT_WARN],
	    counts[VERDICT_FAIL]);
}

static bool
feed_has_spoken(void *self)
{
	struct cli *cli = self;
	struct desk_status_model now;
	desk_status(cli->desk, &now);
	return now.feed.quotes > 0 || now.feed.trouble[0] != '\0';
}

/* The feed is asked for nothing while nothing is watched: what is open, else what was planned last. */
static void
wake_feed(struct cli *cli)
{
	struct intent_filter last = { .limit = 1 };
	struct intent_list intents;
	struct operation_filter active = { .has_status = true, .status = OPERATION_ACTIVE };
	struct operation_list operations;
	struct error ignored = { 0 };
	bool is_watching = false;

	if (desk_operations(cli->desk, &active, &operations, &ignored) == STATUS_OK) {
		for (size_t i = 0; i < operations.count; i++)
			is_watching |= desk_watch(cli->desk, operations.rows[i].op.symbol, &ignored) == STATUS_OK;
		operation_list_done(&operations);
	}
	if (!is_watching && desk_intents(cli->desk, &last, &intents, &ignored) == STATUS_OK) {
		if (intents.count > 0)
			is_watching = desk_watch(cli->desk, intents.rows[0].symbol, &ignored) == STATUS_OK;
		intent_list_done(&intents);
	}
	if (!is_watching)
		is_watching = desk_watch(cli->desk, "BTCUSDC", &ignored) == STATUS_OK;
	if (is_watching && session_wait(cli->session, feed_has_spoken, cli, LOOK_TIMEOUT_MS) != STATUS_OK)
		return;      /* the desk says that it is silent */
}

enum status
run_doctor(struct cli *cli, struct error *err)
{
	struct health_model health = { .count = 0 };
	enum status status = cli_open_session(cli, cli->command->needs, "command", err);
	if (status == STATUS_OK) {
		struct error ignored = { 0 };   /* the desk says it, in its own words */
		wake_feed(cli);
		(void)!session_wait_account(cli->session, NULL, LOOK_TIMEOUT_MS, &ignored);
		status = desk_health(cli->desk, &health, err);
	}
	if (status != STATUS_OK)
		/* What keeps Robson from opening at all is the first thing to say. */
		add(&health, status == STATUS_CONFIG ? "settings" : "database", VERDICT_FAIL, err->message,
		    err->hint);
	check_terminal(&health);
	answer(cli, &health);
	cli->is_answered = true;
	for (int i = 0; status == STATUS_OK && i < health.count; i++)
		if (health.checks[i].status == VERDICT_FAIL)
			status = STATUS_NO;
	return status;
}
