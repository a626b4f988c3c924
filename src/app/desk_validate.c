/* Validation: every guard runs on what is known now, and the intent becomes VALIDATED or FAILED with
 * its report, in one transaction.  Where a fact is missing it stays PENDING and says which. */
#include "app/desk_state.h"

#include <string.h>

static void
note_report(struct note *note, const struct report *report)
{
	json_int(&note->json, "passed", report->passed);
	json_int(&note->json, "warnings", report->warnings);
	json_int(&note->json, "failures", report->failures);
	if (report->missing != 0)
		json_text(&note->json, "missing", report->missing_text);
	json_array_open(&note->json, "checks");
	for (int i = 0; i < report->count; i++) {
		const struct verdict *check = &report->checks[i];
		json_object_open(&note->json, NULL);
		json_text(&note->json, "name", check->name);
		json_text(&note->json, "status", verdict_status_name(check->status));
		json_text(&note->json, "code", check->code);
		json_text(&note->json, "message", check->message);
		json_text(&note->json, "details", check->details);
		json_object_close(&note->json);
	}
	json_array_close(&note->json);
}

/* The levels were the person's; the size follows the rules, fees and balance of this moment, and only
 * ever gets smaller.  A typed quantity stays as typed: the size guard says if it is too large. */
static enum status
resize(struct desk *desk, struct intent *intent, const struct symbol_rules *rules, struct error *err)
{
	struct fact_sheet sheet;
	struct decimal smaller;

	enum status status = facts_gather(desk, intent, OCCASION_VALIDATE, &sheet, err);
	if (status != STATUS_OK || rules == NULL)
		return status;
	if (intent->mode == MODE_LIVE)   /* what was planned as a DRY-RUN pays the account's fees from now on */
		intent->fee_percent = sheet.facts.fee_percent;
	if ((status = symbol_stop_to_tick(rules, intent->side, intent->stop_price, &intent->stop_price)) != STATUS_OK)
		return error_field(err, status, "stop", "the stop can't be put on the tick");
	if (intent->has_typed_quantity || sheet.facts.sizing == NULL)
		return STATUS_OK;
	smaller = decimal_min(intent->quantity, sheet.sizing.quantity);
	if (decimal_is_positive(rules->lot_step) &&
	    (status = decimal_to_step(smaller, rules->lot_step, ROUND_DOWN, &smaller)) != STATUS_OK)
		return error_field(err, status, "quantity", "the quantity can't be put on the lot step");
	intent->quantity = smaller;
	intent->bound_by = sheet.sizing.bound_by;
	intent->stop_distance = sheet.sizing.stop_distance;
	intent->stop_distance_percent = sheet.sizing.stop_distance_percent;
	struct risk_terms terms = { intent->fee_percent, intent->gap_percent };
	if (decimal_mul(smaller, intent->entry_price, ROUND_UP, &intent->position_value) != STATUS_OK ||
	    sizing_risk_of(intent->side, smaller, intent->entry_price, intent->stop_price, &terms,
	                   &intent->risk_amount) != STATUS_OK ||
	    decimal_mul_div(intent->risk_amount, decimal_from_int(100), intent->capital, ROUND_DOWN,
	                    &intent->risk_percent) != STATUS_OK)
		return error_field(err, STATUS_RANGE, "quantity", "the size does not fit a number");
	return STATUS_OK;
}

static enum status
check_status(const struct intent *intent, bool live, struct error *err)
{
	const char *name = intent_status_name(intent->status);

	if (intent->status == INTENT_PENDING)
		return STATUS_OK;
	if (intent->status == INTENT_VALIDATED && (live ? MODE_LIVE : intent->mode) == intent->mode)
		return STATUS_OK;
	error_set(err, STATUS_NO, "intent %s is %s: only a PENDING one can be validated", intent->id, name);
	error_hint(err, "robson plan --from %.8s makes a clone that can be", intent->id);
	return STATUS_NO;
}

static enum status
write_validation(struct desk *desk, struct intent *intent, const struct report *report,
                 struct decimal base, struct error *err)
{
	struct store *store = desk->setup.store;
	struct note note;
	bool approved = report->missing == 0 && report->failures == 0;
	/* A guard that says no does not wait for a fact that it never asked for. */
	bool waits = report->missing != 0 && report->failures == 0;
	enum intent_status from = intent->status;
	struct decimal stored_base;

	enum status status = STATUS_OK;
	note_open(&note, desk, waits ? "intent.validation_waits" : approved ? "intent.validated" : "intent.disapproved");
	note_intent(&note, intent);
	json_text(&note.json, "mode", mode_name(intent->mode));
	json_decimal(&note.json, "quantity", intent->quantity);
	note_report(&note, report);
	if (!waits) {
		status = intent_next(from, approved ? INTENT_ON_APPROVED : INTENT_ON_DISAPPROVED, &intent->status);
		intent->validated_at_ms = desk_now_ms(desk);
		if (!approved) {
			intent->ended_at_ms = intent->validated_at_ms;
			for (int i = 0; i < report->count; i++)
				if (report->checks[i].status == VERDICT_FAIL) {
					text_copy(intent->error, sizeof intent->error, report->checks[i].message);
					break;
				}
		}
		if (status == STATUS_OK)
			status = store_month_base(store, intent->client_id, intent->mode,
			                          clock_month_start(desk_now_ms(desk)), &base, &stored_base, err);
		if (status == STATUS_OK)
			status = store_intent_update(store, intent, from, err);
		if (status == STATUS_OK)
			status = store_report_insert(store, intent->id, OCCASION_VALIDATE, desk_now_ms(desk), report, err);
	}
	if (status == STATUS_OK && waits)   /* the mode asked for last holds, also for the next try */
		status = store_intent_update(store, intent, from, err);
	if (status == STATUS_OK && waits)
		status = note_write(&note, desk, err, "validation waits for %s", report->missing_text);
	else if (status == STATUS_OK)
		status = note_write(&note, desk, err, "%s: %d pass, %d warn, %d fail", intent_status_name(intent->status),
		                    report->passed, report->warnings, report->failures);
	note_done(&note);
	return status;
}

/* Resized, judged and written, inside the caller's transaction. */
enum status
validate_write(struct desk *desk, struct intent *intent, struct report *ret_report, struct error *err)
{
	struct fact_sheet sheet;

	enum status status = resize(desk, intent, desk_rules(desk, intent->symbol), err);
	if (status == STATUS_OK)
		status = facts_gather(desk, intent, OCCASION_VALIDATE, &sheet, err);
	if (status != STATUS_OK)
		return status;
	guards_run(&sheet.facts, ret_report);
	return write_validation(desk, intent, ret_report, sheet.facts.budget_base, err);
}

enum status
desk_validate(struct desk *desk, const char *id, bool live, struct intent *ret, struct report *ret_report,
              struct error *err)
{
	struct intent intent;
	struct report report;

	if (desk->setup.is_readonly)
		return error_set(err, STATUS_REFUSED, "--readonly looks and never acts: nothing was validated");
	enum status status = store_intent_find(desk->setup.store, desk->setup.client_id, id, &intent, err);
	if (status == STATUS_OK)
		status = check_status(&intent, live, err);
	if (status != STATUS_OK)
		return status;
	if (intent.status == INTENT_VALIDATED) {   /* asked twice: the answer is the same */
		*ret = intent;
		return store_report_latest(desk->setup.store, intent.id, OCCASION_VALIDATE, ret_report, NULL, err);
	}
	if (live)
		intent.mode = MODE_LIVE;
	if ((status = store_begin(desk->setup.store, err)) != STATUS_OK)
		return status;
	status = validate_write(desk, &intent, &report, err);
	if (status == STATUS_OK)
		status = store_commit(desk->setup.store, err);
	else
		store_rollback(desk->setup.store);
	if (status != STATUS_OK)
		return status;
	desk_touch(desk);
	*ret = intent;
	*ret_report = report;
	if (report.missing != 0 && report.failures == 0) {
		error_set(err, STATUS_UNAVAILABLE, "intent %s stays PENDING: %s", intent.id, report.missing_text);
		if (err != NULL)
			err->retryable = true;
		return STATUS_UNAVAILABLE;
	}
	if (report.failures > 0)
		return error_set(err, STATUS_NO, "intent %s FAILED: %s", intent.id, intent.error);
	return STATUS_OK;
}

enum status
desk_recheck(struct desk *desk, const char *id, bool live, struct report *ret_report, struct error *err)
{
	struct intent intent;
	struct fact_sheet sheet;

	enum status status = store_intent_find(desk->setup.store, desk->setup.client_id, id, &intent, err);
	if (status != STATUS_OK)
		return status;
	if (live)
		intent.mode = MODE_LIVE;
	if ((status = facts_gather(desk, &intent, OCCASION_EXECUTE, &sheet, err)) != STATUS_OK)
		return status;
	guards_run(&sheet.facts, ret_report);
	return STATUS_OK;
}
