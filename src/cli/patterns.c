/* robson patterns trigger, robson patterns list: what patterns ask for, and what came of it. */
#include "base/clock.h"
#include "cli/print.h"
#include "cli/wishes.h"

enum { ENTRY_WAIT_MS = 30000 };

struct triggering {
	struct desk *desk;
	struct trigger_input input;
	struct trigger_model model;
};

static enum status
try_trigger(void *self, struct error *err)
{
	struct triggering *t = self;
	return desk_pattern_trigger(t->desk, &t->input, &t->model, err);
}

static enum status
try_refuse(void *self, struct error *err)
{
	struct triggering *t = self;
	return desk_pattern_refuse_live(t->desk, &t->input, err);
}

static bool
has_trigger(const struct triggering *t)
{
	return t->model.trigger.intent_id[0] != '\0';
}

/* What the intent's state says to somebody who triggers it for the first time. */
static enum status
judge(const struct trigger_model *model, struct error *err)
{
	if (model->intent.status == INTENT_FAILED)
		return error_set(err, STATUS_NO, "intent %s FAILED: %s", model->intent.id, model->intent.error);
	if (model->intent.status == INTENT_PENDING) {
		error_set(err, STATUS_UNAVAILABLE, "intent %s stays PENDING: %s", model->intent.id,
		          model->report.missing_text);
		error_hint(err, "robson validate %.13s asks again", model->intent.id);
		return STATUS_UNAVAILABLE;
	}
	return STATUS_OK;
}

static const char *
answer_name(const struct trigger_model *model)
{
	return model->is_repeated ? "ALREADY_PROCESSED" : trigger_status_name(model->trigger.status);
}

static int64_t
operation_of(struct cli *cli, const char *intent)
{
	struct intent_model model;
	struct error ignored = { 0 };
	if (desk_intent(cli->desk, intent, &model, &ignored) != STATUS_OK)
		return 0;
	int64_t id = model.has_operation ? model.operation.op.id : 0;
	intent_model_done(&model);
	return id;
}

static void
answer(struct cli *cli, const struct trigger_model *model, int64_t operation, enum status status,
       const struct error *err)
{
	if (cli->is_json) {
		struct json_out json;
		json_line_open(cli, &json);
		json_text(&json, "event_id", model->trigger.event_id);
		json_text(&json, "pattern", pattern_name(model->trigger.pattern));
		json_text(&json, "status", answer_name(model));
		json_text(&json, "intent_id", model->trigger.intent_id);
		json_checks(&json, "checks", &model->report);
		json_id_or_null(&json, "operation_id", operation);
		if (status != STATUS_OK)
			json_error(&json, err);
		json_line_close(cli, &json);
		cli->is_answered = true;
		return;
	}
	put(cli, "%s %s  %s", pattern_name(model->trigger.pattern), model->trigger.event_id, answer_name(model));
	put_intent(cli, &model->intent);
	if (!model->is_repeated)
		put_report(cli, &model->report);
	if (operation != 0)
		put(cli, "operation %lld", (long long)operation);
}

static enum status
execute(struct cli *cli, const struct triggering *t, bool live, struct error *err)
{
	struct wishing wishing = { .state = wish_execute, .live = live, .intent = t->model.intent.id };
	int64_t began_ms = clock_mono_ms();
	bool has_price = !live && cli_try_price(cli, t->model.intent.symbol, FACTS_TIMEOUT_MS);

	wishing.wait_ms = cli_patience_ms(cli, has_price, ENTRY_WAIT_MS);
	enum status status = wish_and_wait(cli, &wishing, err);
	if (status == STATUS_OK)
		wait_for_entry(cli, t->model.intent.id, ENTRY_WAIT_MS - (clock_mono_ms() - began_ms));
	return status;
}

static enum status
read_trigger(struct cli *cli, struct trigger_input *input, struct error *err)
{
	*input = (struct trigger_input){
		.event_id = cli_word(cli, 0),
		.plan = { .side = cli_word(cli, 2), .symbol = cli_word(cli, 3), .stop = cli_value(cli, OPT_STOP),
		          .entry = cli_value(cli, OPT_ENTRY), .target = cli_value(cli, OPT_TARGET),
		          .capital = cli_value(cli, OPT_CAPITAL), .strategy = cli_value(cli, OPT_STRATEGY) },
	};
	if (pattern_parse(cli_word(cli, 1), &input->pattern) == STATUS_OK) {
		input->plan.reason = pattern_name(input->pattern);
		return STATUS_OK;
	}
	error_field(err, STATUS_USAGE, "pattern", "there is no pattern \"%s\"", cli_word(cli, 1));
	error_hint(err, "HAMMER, INVERTED_HAMMER, BULLISH_ENGULFING, BEARISH_ENGULFING, MORNING_STAR or MA_CROSSOVER");
	return STATUS_USAGE;
}

enum status
run_patterns_trigger(struct cli *cli, struct error *err)
{
	struct triggering t = { .desk = cli->desk };
	bool live = cli_has(cli, OPT_LIVE);
	char symbol[SYMBOL_SIZE];
	struct error ignored = { 0 };
	int64_t operation = 0;

	enum status status = read_trigger(cli, &t.input, err);
	if (status != STATUS_OK)
		return status;
	/* Without a price a limit entry stays PENDING, and a market entry can't be planned: the desk says so. */
	if (symbol_parse(t.input.plan.symbol, symbol, &ignored) == STATUS_OK)
		cli_try_price(cli, symbol, FACTS_TIMEOUT_MS);
	status = session_retry(cli->session, try_trigger, &t, err);
	if (!has_trigger(&t))   /* nothing was triggered; LIVE would not have been, either */
		return live && status != STATUS_IO ? session_retry(cli->session, try_refuse, &t, err) : status;
	if (status != STATUS_OK)
		return status;
	if (live) {
		status = execute(cli, &t, true, err);
	} else if (!t.model.is_repeated) {
		status = judge(&t.model, err);
		if (status == STATUS_OK && cli_has(cli, OPT_EXECUTE))
			status = execute(cli, &t, false, err);
	}
	operation = operation_of(cli, t.model.intent.id);
	answer(cli, &t.model, operation, status, err);
	cli_flush(cli);
	if (operation != 0 && !t.model.is_repeated)
		cli_tell_watcher(cli, "what it opened");
	return status;
}

enum status
run_patterns_list(struct cli *cli, struct error *err)
{
	struct trigger_list list;
	struct table table;

	enum status status = desk_patterns(cli->desk, 0, &list, err);
	if (status != STATUS_OK)
		return status;
	if (!cli->is_json && list.count == 0)
		put(cli, "no pattern has triggered anything");
	else if (!cli->is_json)
		table_open(&table, "TRIGGERED|EVENT|PATTERN|STATUS|INTENT|NOW|SYMBOL|SIDE|WHY");
	for (size_t i = 0; i < list.count; i++) {
		const struct pattern_trigger *trigger = &list.rows[i].trigger;
		const struct intent *intent = &list.rows[i].intent;
		if (cli->is_json) {
			struct json_out json;
			json_line_open(cli, &json);
			json_text(&json, "event_id", trigger->event_id);
			json_text(&json, "pattern", pattern_name(trigger->pattern));
			json_text(&json, "status", trigger_status_name(trigger->status));
			json_text(&json, "intent_id", trigger->intent_id);
			json_text(&json, "intent_status", intent_status_name(intent->status));
			json_text(&json, "symbol", intent->symbol);
			json_text(&json, "side", side_name(intent->side));
			json_text_or_null(&json, "reason", intent->error);
			json_time(&json, "created_at", trigger->created_at_ms);
			json_line_close(cli, &json);
			continue;
		}
		table_cell(&table, show_time(trigger->created_at_ms).text);
		table_cell(&table, trigger->event_id);
		table_cell(&table, pattern_name(trigger->pattern));
		table_cell(&table, trigger_status_name(trigger->status));
		table_cell(&table, show_id(intent->id).text);
		table_cell(&table, intent_status_name(intent->status));
		table_cell(&table, intent->symbol);
		table_cell(&table, side_name(intent->side));
		table_cell(&table, intent->error);
	}
	if (!cli->is_json && list.count > 0)
		table_close(&table, cli);
	trigger_list_done(&list);
	return STATUS_OK;
}
