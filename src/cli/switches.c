/* robson pause, resume, live: the book's switches. */
#include <string.h>

#include "cli/print.h"

struct switching {
	struct desk *desk;
	const char *reason;
	bool on;
};

static enum status
try_pause(void *self, struct error *err)
{
	struct switching *s = self;
	return desk_pause(s->desk, s->reason, err);
}

static enum status
try_resume(void *self, struct error *err)
{
	struct switching *s = self;
	return desk_resume(s->desk, err);
}

static enum status
try_live(void *self, struct error *err)
{
	struct switching *s = self;
	return desk_live_switch(s->desk, s->on, err);
}

static void
answer(struct cli *cli)
{
	struct desk_status_model now;
	desk_status(cli->desk, &now);
	if (cli->is_json) {
		struct json_out json;
		json_line_open(cli, &json);
		json_int(&json, "client_id", desk_client(cli->desk));
		json_bool(&json, "paused", now.is_paused);
		json_text_or_null(&json, "reason", now.is_paused ? now.pause_reason : NULL);
		json_bool(&json, "live", now.is_live_on);
		json_line_close(cli, &json);
	} else if (now.is_paused) {
		put(cli, "PAUSED: %s; no entry is made, stops and exits go on; LIVE is %s", now.pause_reason,
		    now.is_live_on ? "on" : "off");
	} else {
		put(cli, "entries may be made; LIVE is %s", now.is_live_on ? "on" : "off");
	}
}

enum status
run_pause(struct cli *cli, struct error *err)
{
	char reason[REASON_SIZE] = "";
	size_t used = 0;
	for (int i = 0; i < cli->line->word_count; i++) {
		if (!text_format(reason + used, sizeof reason - used, "%s%s", used > 0 ? " " : "",
		                 cli->line->words[i]))
			return error_field(err, STATUS_RANGE, "reason", "the reason is longer than %d bytes",
			                   REASON_SIZE - 1);
		used = strlen(reason);
	}
	if (reason[strspn(reason, " \t\n")] == '\0')
		return error_field(err, STATUS_USAGE, "reason", "pause needs a reason");
	struct switching s = { .desk = cli->desk, .reason = reason };
	enum status status = session_retry(cli->session, try_pause, &s, err);
	if (status == STATUS_OK)
		answer(cli);
	return status;
}

enum status
run_resume(struct cli *cli, struct error *err)
{
	struct switching s = { .desk = cli->desk };
	enum status status = session_retry(cli->session, try_resume, &s, err);
	if (status == STATUS_OK)
		answer(cli);
	return status;
}

enum status
run_live(struct cli *cli, struct error *err)
{
	const char *word = cli_word(cli, 0);
	struct switching s = { .desk = cli->desk, .on = text_equal(word, "on") };
	if (!s.on && !text_equal(word, "off"))
		return error_set(err, STATUS_USAGE, "live on or live off, not \"%s\"", word);
	enum status status = session_retry(cli->session, try_live, &s, err);
	if (status == STATUS_OK)
		answer(cli);
	return status;
}
