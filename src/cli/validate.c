/* robson validate: every guard on one intent, and what each of them said. */
#include "cli/print.h"

struct validating {
	struct desk *desk;
	const char *id;
	bool live;
	struct intent intent;
	struct report report;
	bool is_judged;
};

static enum status
try_validate(void *self, struct error *err)
{
	struct validating *v = self;
	enum status status = desk_validate(v->desk, v->id, v->live, &v->intent, &v->report, err);
	/* A NO without a single check is no verdict: the intent was final already. */
	v->is_judged = v->report.count > 0 || v->report.missing != 0;
	return status;
}

enum status
run_validate(struct cli *cli, struct error *err)
{
	struct validating v = { .desk = cli->desk, .id = cli_word(cli, 0), .live = cli_has(cli, OPT_LIVE) };
	struct intent_model before;
	enum status status = cli_find_intent(cli, v.id, &before, err);
	if (status != STATUS_OK)
		return status;
	/* Without facts it stays PENDING, and the report says which were missing. */
	if (before.intent.status == INTENT_PENDING && (v.live || before.intent.mode == MODE_LIVE))
		status = cli_try_account(cli, before.intent.symbol, err);
	if (status == STATUS_OK && before.intent.status == INTENT_PENDING)
		cli_try_price(cli, before.intent.symbol, FACTS_TIMEOUT_MS);
	intent_model_done(&before);
	if (status != STATUS_OK)
		return status;

	status = session_retry(cli->session, try_validate, &v, err);
	if (!v.is_judged)
		return status;
	if (cli->is_json) {
		struct json_out json;
		json_line_open(cli, &json);
		json_text(&json, "intent_id", v.intent.id);
		json_text(&json, "status", intent_status_name(v.intent.status));
		json_checks(&json, "checks", &v.report);
		json_int(&json, "passed", v.report.passed);
		json_int(&json, "warnings", v.report.warnings);
		json_int(&json, "failures", v.report.failures);
		if (status != STATUS_OK && status != STATUS_NO)
			json_error(&json, err);
		json_line_close(cli, &json);
		cli->is_answered = true;
		return status;
	}
	put(cli, "intent %s  %s  %s", v.intent.id, intent_status_name(v.intent.status),
	    mode_name(v.intent.mode));
	put_report(cli, &v.report);
	if (status == STATUS_OK)
		put(cli, "next: robson execute %s", show_id(v.intent.id).text);
	else if (status == STATUS_NO)
		put(cli, "a clone can do better: robson plan --from %s ...", show_id(v.intent.id).text);
	cli->is_answered = status == STATUS_OK || status == STATUS_NO;
	return status;
}
