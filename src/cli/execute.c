/* robson execute: from VALIDATED to an operation, in DRY-RUN unless --live. */
#include <string.h>

#include "base/clock.h"
#include "cli/print.h"
#include "cli/wishes.h"

enum { WAIT_MAX_MS = 24 * 3600 * 1000, PROTECTION_WAIT_MS = 10000 };

/* The figures of the question on the screen, line by line. */
static void
tell_stakes(const struct confirm_model *model)
{
	const struct intent *intent = &model->intent;
	char text[128], price[256] = "no price is known now", key[32] = "", fees[96] = "";

	if (model->key_tail[0] != '\0')
		text_format(key, sizeof key, ", key ...%s", model->key_tail);
	cli_say("LIVE order, real money: %s %s %s on %s%s, about %s %s", side_name(intent->side),
	        show_quantity(intent->quantity).text, model->base,
	        model->exchange[0] != '\0' ? model->exchange : "the exchange", key,
	        show_money(intent->position_value).text, model->quote);
	if (model->has_fees)
		text_format(fees, sizeof fees, ", fees %s in it", show_money(model->fees).text);
	cli_say("If the stop is hit you lose about %s %s%s = %s %%", show_money(intent->risk_amount).text,
	        model->quote, fees, show_percent(intent->risk_percent).text);
	confirm_protection_words(model, text, sizeof text);
	cli_say("Protection on the exchange: stop %s, target %s; %s", show_price(intent->stop_price).text,
	        intent->has_target ? show_price(intent->target_price).text : "none", text);
	if (model->has_price)
		text_format(price, sizeof price, "Price %s, %s old", show_price(model->price).text,
		            show_age(model->price_age_ms).text);
	if (model->has_drift)
		text_format(price + strlen(price), sizeof price - strlen(price),
		            ", moved %s %% since planning (limit %s)", show_signed(model->drift_percent).text,
		            show_quantity(model->drift_limit_percent).text);
	cli_say("%s", price);
	for (int i = 0; i < model->report.count; i++)
		if (model->report.checks[i].status == VERDICT_WARN)
			cli_say("! %s: %s", model->report.checks[i].name, model->report.checks[i].message);
}

/* What is at stake, and the typed word.  Where it was not typed, or no word could help, ret_why says
 * so; the desk, which refuses what is not confirmed, writes that down like every attempt. */
static void
ask_for_live(struct cli *cli, const struct intent *intent, bool *ret_confirmed, struct error *ret_why)
{
	struct confirm_model model;
	struct error ignored = { 0 };
	char failure[320];

	*ret_confirmed = false;
	if (desk_confirm(cli->desk, intent->id, &model, &ignored) != STATUS_OK)
		return;
	report_failure_words(&model.report, failure, sizeof failure);
	if (model.shut.status != STATUS_OK) {
		*ret_why = model.shut;
	} else if (failure[0] != '\0') {
		error_set(ret_why, STATUS_NO, "refused by guard %s", failure);
		error_hint(ret_why, "the intent stays VALIDATED");
	} else if (!cli_can_ask()) {
		error_set(ret_why, STATUS_REFUSED, "LIVE needs the typed word CONFIRM, and there is no terminal");
		error_hint(ret_why, "from a script: --live --acknowledge-risk");
	} else {
		tell_stakes(&model);
		*ret_confirmed = cli_ask_word("The guards run again on the price of that moment.", "CONFIRM");
		if (!*ret_confirmed)
			error_set(ret_why, STATUS_REFUSED, "LIVE was not confirmed; nothing was sent");
	}
}

static int64_t
last_event(struct cli *cli)
{
	struct event_filter filter = { .limit = 1, .newest_first = true };
	struct event_list events;
	struct error ignored = { 0 };
	int64_t seq = 0;
	if (desk_events(cli->desk, &filter, &events, &ignored) == STATUS_OK) {
		if (events.count > 0)
			seq = events.rows[0].seq;
		event_list_done(&events);
	}
	return seq;
}

/* What was done, in order: the audit trail's own words since the command began. */
static void
answer_actions(struct cli *cli, struct json_out *json, const char *intent, int64_t after_seq)
{
	struct event_filter filter = { .intent = intent, .after_seq = after_seq };
	struct event_list events;
	struct error ignored = { 0 };
	if (json != NULL)
		json_array_open(json, "actions");
	if (desk_events(cli->desk, &filter, &events, &ignored) == STATUS_OK) {
		for (size_t i = 0; i < events.count; i++) {
			if (json != NULL)
				json_text(json, NULL, events.rows[i].summary);
			else
				put(cli, "  %s  %s", show_time(events.rows[i].at_ms).text + 11,
				    events.rows[i].summary);
		}
		event_list_done(&events);
	}
	if (json != NULL)
		json_array_close(json);
}

static void
answer_json(struct cli *cli, const struct intent_model *model, int64_t after_seq, enum mode mode,
            const struct error *refusal)
{
	struct json_out json;
	json_line_open(cli, &json);
	json_text(&json, "intent_id", model->intent.id);
	json_text(&json, "status", intent_status_name(model->intent.status));
	json_text(&json, "mode", mode_name(mode));
	json_id_or_null(&json, "operation_id", model->has_operation ? model->operation.op.id : 0);
	if (model->has_operation)
		json_operation(&json, "operation", &model->operation, &model->orders);
	else
		json_out_null(&json, "operation");
	json_array_open(&json, "orders");
	for (size_t i = 0; i < model->orders.count; i++)
		json_order(&json, NULL, &model->orders.rows[i], false);
	json_array_close(&json);
	answer_actions(cli, &json, model->intent.id, after_seq);
	if (refusal != NULL) {
		static const struct report none = { .count = 0 };
		json_checks(&json, "checks", model->has_report ? &model->report : &none);
		json_error(&json, refusal);
	}
	json_line_close(cli, &json);
}

static void
answer_text(struct cli *cli, const struct intent_model *model, int64_t after_seq)
{
	put(cli, "intent %s  %s  %s", model->intent.id, intent_status_name(model->intent.status),
	    mode_name(model->intent.mode));
	answer_actions(cli, NULL, model->intent.id, after_seq);
	if (model->has_operation)
		put_operation(cli, &model->operation);
	else if (model->intent.status == INTENT_EXECUTING)
		put(cli, "  the entry rests; robson cancel %s takes it back", show_id(model->intent.id).text);
	else if (model->intent.execution_result[0] != '\0')
		put_pair(cli, "result", "%s", model->intent.execution_result);
}

/* What the intent's own state says of the command that executed it. */
static enum status
judge(const struct intent_model *model, int64_t now_ms, struct error *err)
{
	for (size_t i = 0; i < model->orders.count; i++)
		if (model->orders.rows[i].order.state == ORDER_UNKNOWN) {
			const struct order_model *row = &model->orders.rows[i];
			char words[320];
			order_unknown_words(row, now_ms, words, sizeof words);
			error_set(err, STATUS_UNKNOWN, "%s order %s: %s", order_purpose_name(row->order.purpose),
			          row->order.client_order_id, words);
			error_hint(err, "robson, robson monitor and robson reconcile go on asking until it is known");
			return STATUS_UNKNOWN;
		}
	if (model->intent.status == INTENT_FAILED)
		return error_set(err, STATUS_NO, "%s", model->intent.execution_result[0] != '\0'
		                 ? model->intent.execution_result : "nothing was filled");
	return STATUS_OK;
}

static void
tell_watcher(struct cli *cli, const struct intent_model *model)
{
	char what[96];
	if (model->has_operation && model->operation.op.status == OPERATION_ACTIVE)
		text_format(what, sizeof what, "operation %lld", (long long)model->operation.op.id);
	else if (model->intent.status == INTENT_EXECUTING)
		text_format(what, sizeof what, "the entry of %s", show_id(model->intent.id).text);
	else
		return;
	cli_tell_watcher(cli, what);
}

static enum status
answer(struct cli *cli, const char *id, int64_t after_seq, bool live, enum status status,
       struct error *err)
{
	struct intent_model model;
	struct error look_err = { 0 };
	enum status looked = desk_intent(cli->desk, id, &model, &look_err);
	if (looked != STATUS_OK) {
		if (status == STATUS_OK) {
			*err = look_err;
			status = looked;
		}
		return status;
	}
	bool has_begun = model.intent.status != INTENT_PENDING && model.intent.status != INTENT_VALIDATED;
	/* Not ended in time is no refusal: an order without an answer says more than that. */
	bool is_refused = status != STATUS_OK && status != STATUS_UNKNOWN;
	struct error judged = { 0 };
	enum status verdict = judge(&model, desk_now_ms(cli->desk), &judged);
	if (!is_refused && (status == STATUS_OK || verdict == STATUS_UNKNOWN)) {
		status = verdict;
		*err = judged;
	}
	err->status = status;
	/* What was asked for is the mode of a refusal; what was done, of an execution. */
	enum mode mode = has_begun ? model.intent.mode : live ? MODE_LIVE : MODE_DRY_RUN;
	if (cli->is_json) {
		answer_json(cli, &model, after_seq, mode, status != STATUS_OK ? err : NULL);
		cli->is_answered = true;
	} else if (is_refused) {
		/* A VALIDATED intent with a FAIL in its newest report: the guards refused just now. */
		if (model.intent.status == INTENT_VALIDATED && model.has_report && model.report.failures > 0)
			put_report(cli, &model.report);
	} else {
		answer_text(cli, &model, after_seq);
	}
	cli_flush(cli);
	tell_watcher(cli, &model);
	intent_model_done(&model);
	return status;
}

enum status
run_execute(struct cli *cli, struct error *err)
{
	struct wishing wishing = {
		.state = wish_execute, .live = cli_has(cli, OPT_LIVE),
		.is_acknowledged = cli_has(cli, OPT_ACKNOWLEDGE_RISK),
	};
	struct error why = { 0 };
	int64_t wait_ms = 30000;
	if (wishing.is_acknowledged && !wishing.live) {
		error_set(err, STATUS_USAGE, "--acknowledge-risk goes with --live");
		error_hint(err, "without --live it is a DRY-RUN, and nothing is at risk");
		return STATUS_USAGE;
	}
	enum status status = cli_seconds_ms(cli, OPT_WAIT, 0, WAIT_MAX_MS, &wait_ms, err);
	if (status != STATUS_OK)
		return status;

	struct intent_model before;
	status = cli_find_intent(cli, cli_word(cli, 0), &before, err);
	if (status != STATUS_OK)
		return status;
	struct intent intent = before.intent;
	intent_model_done(&before);
	int64_t after_seq = last_event(cli), began_ms = clock_mono_ms();

	if (intent.status == INTENT_VALIDATED) {
		/* The desk refuses what a key that can't be used would refuse, and writes it down. */
		struct error ignored = { 0 };
		if (wishing.live)
			(void)!cli_try_account(cli, intent.symbol, &ignored);
		/* Another process may hold the lease and know the price: without it here, go on. */
		bool has_price = cli_try_price(cli, intent.symbol, FACTS_TIMEOUT_MS);
		wishing.wait_ms = cli_patience_ms(cli, has_price, wait_ms);
		if (wishing.live && !wishing.is_acknowledged)
			ask_for_live(cli, &intent, &wishing.is_acknowledged, &why);
	}
	if (status == STATUS_OK) {
		wishing.intent = intent.id;
		status = wish_and_wait(cli, &wishing, err);
	}
	if (status == STATUS_REFUSED && why.status != STATUS_OK) {
		*err = why;
		status = why.status;
	}
	if (status == STATUS_OK)
		wait_for_entry(cli, intent.id, wait_ms - (clock_mono_ms() - began_ms));
	if (status == STATUS_OK && wishing.live)
		wait_for_protection(cli, intent.id, PROTECTION_WAIT_MS);
	return answer(cli, intent.id, after_seq, wishing.live, status, err);
}
