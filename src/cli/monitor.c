/* robson monitor: the stops watched without a screen, for ever or for one pass. */
#include "base/clock.h"
#include "cli/print.h"
#include "cli/wishes.h"

static void
say_line(void *self, const char *line)
{
	struct cli *cli = self;
	int64_t now_ms = desk_now_ms(cli->desk);
	if (cli->is_json) {
		struct json_out json;
		json_line_open(cli, &json);
		json_time(&json, "time", now_ms);
		json_text(&json, "message", line);
		json_line_close(cli, &json);
	} else {
		put(cli, "%s  %s", show_time(now_ms).text, line);
	}
	cli_flush(cli);
}

static void
put_pass(struct cli *cli, const struct pass_model *pass)
{
	put(cli, "%lld checked, %lld fired, %lld stale, %lld alarms", (long long)pass->checked,
	    (long long)(pass->fired_count + pass->fired_more), (long long)pass->stale, (long long)pass->alarms);
	for (int i = 0; i < pass->fired_count; i++) {
		const struct fired *fired = &pass->fired[i];
		put(cli, "  operation %lld: %s at %s, price %s%s%s", (long long)fired->operation_id,
		    exit_reason_name(fired->reason), show_price(fired->trigger_price).text,
		    show_price(fired->price).text, fired->has_exit_price ? ", left at " : "",
		    fired->has_exit_price ? show_price(fired->exit_price).text : "");
	}
	if (pass->fired_more > 0)
		put(cli, "  and %lld more: see robson trades", (long long)pass->fired_more);
	if (pass->alarm_text[0] != '\0')
		put(cli, "  ALARM %s", pass->alarm_text);
}

static void
put_pass_json(struct cli *cli, const struct pass_model *pass, const struct error *trouble)
{
	struct json_out json;
	json_line_open(cli, &json);
	json_int(&json, "checked", pass->checked);
	json_array_open(&json, "fired");
	for (int i = 0; i < pass->fired_count; i++) {
		const struct fired *fired = &pass->fired[i];
		json_object_open(&json, NULL);
		json_int(&json, "operation_id", fired->operation_id);
		json_text(&json, "reason", exit_reason_name(fired->reason));
		json_decimal(&json, "trigger_price", fired->trigger_price);
		json_decimal(&json, "price", fired->price);
		json_decimal_if(&json, "exit_price", fired->has_exit_price, fired->exit_price);
		json_object_close(&json);
	}
	json_array_close(&json);
	json_int(&json, "fired_more", pass->fired_more);
	json_int(&json, "stale", pass->stale);
	json_int(&json, "alarms", pass->alarms);
	if (trouble != NULL)
		json_error(&json, trouble);
	json_line_close(cli, &json);
}

static enum status
run_once(struct cli *cli, struct error *err)
{
	struct wishing wishing = { .state = wish_check, .wait_ms = CHECK_TIMEOUT_MS };
	struct pass_model pass;
	enum status status = wish_and_wait(cli, &wishing, err);
	if (status != STATUS_OK)
		return status;
	desk_last_pass(cli->desk, &pass);
	/* A pass that had no fresh price decided nothing: a script must not take it for one that did. */
	if (pass.checked > 0 && pass.stale >= pass.checked)
		status = error_set(err, STATUS_UNAVAILABLE, "no fresh price: nothing was decided");
	if (cli->is_json)
		put_pass_json(cli, &pass, status != STATUS_OK ? err : NULL);
	else
		put_pass(cli, &pass);
	cli->is_answered = cli->is_json;
	return status;
}

enum status
run_monitor(struct cli *cli, struct error *err)
{
	bool is_once = cli_has(cli, OPT_ONCE);
	if (is_once && (cli_has(cli, OPT_INTERVAL) || cli_has(cli, OPT_UNTIL_FLAT)))
		return error_set(err, STATUS_USAGE, "--once is one pass: no --interval and no --until-flat to it");
	enum status status = cli_open_session(cli, NEEDS_PRICES | NEEDS_HAND, is_once ? "command" : "monitor", err);
	if (status != STATUS_OK)
		return status;
	if (is_once)
		return run_once(cli, err);
	return session_monitor(cli->session, cli_has(cli, OPT_UNTIL_FLAT), say_line, cli, err);
}
