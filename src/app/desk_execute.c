/* Execution: policy, guards again on fresh numbers, one transaction that writes EXECUTING and the
 * entry order, and only then the sending.  Nothing else makes an entry order. */
#include "app/desk_reconcile.h"

#include <string.h>

/* Every refusal is in the audit trail, with the gate or the checks that said no. */
static enum status
refuse(struct desk *desk, const struct intent *intent, const struct report *report, const char *gate,
       enum status verdict, struct error *err)
{
	struct note note;
	struct error ignored = { 0 };

	note_open(&note, desk, "intent.execution_refused");
	note_intent(&note, intent);
	json_text(&note.json, "gate", gate);
	json_text(&note.json, "why", err->message);
	json_int(&note.json, "exit", status_exit_code(verdict));
	for (int i = 0; report != NULL && i < report->count; i++)
		if (report->checks[i].status == VERDICT_FAIL)
			json_text(&note.json, report->checks[i].code, report->checks[i].message);
	if (note_alone(&note, desk, &ignored, "execution refused: %s", err->message) == STATUS_BUSY) {
		note_done(&note);
		return error_set(err, STATUS_BUSY, "%s", ignored.message);
	}
	desk_tell(desk, URGENCY_NOTE, &note.event);
	note_done(&note);
	return verdict;
}

/* The statuses that can't be executed, each with the step that is missing or the end that it met. */
static enum status
check_status(const struct intent *intent, struct error *err)
{
	switch (intent->status) {
	case INTENT_VALIDATED:
		return STATUS_OK;
	case INTENT_PENDING:
		error_set(err, STATUS_USAGE, "intent %s was never validated", intent->id);
		error_hint(err, "robson validate %.13s comes first", intent->id);
		return STATUS_USAGE;
	case INTENT_EXECUTING:
		return error_set(err, STATUS_NO, "intent %s is EXECUTING already: one intent, one entry", intent->id);
	case INTENT_EXECUTED:
		error_set(err, STATUS_NO, "intent %s is EXECUTED already: one intent, one entry", intent->id);
		error_hint(err, "robson plan --from %.13s makes a clone", intent->id);
		return STATUS_NO;
	default:
		error_set(err, STATUS_NO, "intent %s is %s, which is final", intent->id,
		          intent_status_name(intent->status));
		error_hint(err, "robson plan --from %.13s makes a clone", intent->id);
		return STATUS_NO;
	}
}

/* What else stands in the way of LIVE.  Asked only where every other gate is open: it makes the desk
 * ask the exchange. */
static void
add_live_facts(struct desk *desk, const struct intent *intent, struct policy_facts *facts)
{
	struct error why = { 0 };
	char blocker[400];

	if (desk_account(desk, intent->symbol, &why) == STATUS_CONFIG)
		facts->key = why;
	/* What is open lives where it was opened: a book is not spread over accounts. */
	for (size_t i = 0; i < desk->position_count; i++) {
		const struct operation *op = &desk->positions[i]->op;
		if (op->mode == MODE_LIVE && !account_may_look(desk, op->exchange_host, op->account, &why) &&
		    why.status == STATUS_REFUSED)
			facts->elsewhere = why;
	}
	if (!account_may_act(desk, "", "", &why) && why.status == STATUS_REFUSED)
		facts->machine = why;
	if (blocker_of_symbol(desk, intent->client_id, intent->symbol, blocker, sizeof blocker)) {
		error_set(&facts->blocker, STATUS_NO, "no entry in %s while blocker %s", intent->symbol, blocker);
		error_hint(&facts->blocker, "robson reconcile lists it; --resolve N --reason TEXT says that you have looked");
	}
}

/* Who may, and in which mode; *ret_gate: which gate said no. */
enum status
execute_may(struct desk *desk, const struct intent *intent, enum mode mode, bool is_acknowledged,
            const char **ret_gate, struct error *err)
{
	struct policy_facts facts;

	*ret_gate = "";
	enum status status = facts_policy(desk, intent, mode, is_acknowledged, &facts, err);
	if (status != STATUS_OK)
		return status;
	status = policy_may_execute(&facts, err);
	if (mode == MODE_LIVE && (status == STATUS_OK || strcmp(policy_gate(&facts), "live.no_exchange") == 0)) {
		add_live_facts(desk, intent, &facts);
		status = policy_may_execute(&facts, err);
	}
	*ret_gate = policy_gate(&facts);
	return status;
}

/* The same, asked by whoever wishes, and again by the holder: a no is written down. */
static enum status
check_policy(struct desk *desk, const struct intent *intent, enum mode mode, bool is_acknowledged,
             struct error *err)
{
	const char *gate;

	enum status status = execute_may(desk, intent, mode, is_acknowledged, &gate, err);
	return status == STATUS_OK || gate[0] == '\0' ? status : refuse(desk, intent, NULL, gate, status, err);
}

enum status
desk_wish_execute(struct desk *desk, const char *id, bool live, bool is_acknowledged, int64_t wait_ms,
                  int64_t *ret_wish, struct error *err)
{
	struct intent intent;

	if (is_acknowledged && !live)
		return error_field(err, STATUS_USAGE, "acknowledge-risk", "acknowledging the risk goes with --live");
	enum status status = store_intent_find(desk->setup.store, desk->setup.client_id, id, &intent, err);
	if (status != STATUS_OK)
		return status;
	/* Refusals by policy outrank what else is wrong. */
	struct error other = { 0 };
	enum status other_status = check_status(&intent, &other);
	if (desk->setup.is_readonly)
		return error_set(err, STATUS_REFUSED, "--readonly looks and never acts: nothing was executed");
	enum mode mode = live ? MODE_LIVE : MODE_DRY_RUN;
	if (intent.source == SOURCE_PATTERN || live || other_status == STATUS_OK) {
		status = check_policy(desk, &intent, mode, is_acknowledged, err);
		if (status != STATUS_OK && (status == STATUS_REFUSED || other_status == STATUS_OK))
			return status;
	}
	if (other_status != STATUS_OK) {
		*err = other;
		return refuse(desk, &intent, NULL, "status", other_status, err);
	}
	struct request request = { .kind = REQUEST_EXECUTE, .is_live = live, .is_acknowledged = is_acknowledged };
	text_copy(request.intent_id, sizeof request.intent_id, intent.id);
	return wishes_state(desk, &request, wait_ms, ret_wish, err);
}

/* The figures of this moment: a market entry's price is today's, and the size is the smaller of what
 * was validated and what the rule gives now. */
static enum status
refresh(struct desk *desk, struct intent *intent, struct fact_sheet *sheet, struct error *err)
{
	struct market *market = desk_market(desk, intent->symbol);

	if (intent->entry_kind == ENTRY_MARKET && market != NULL && market->has_quote && market->has_rules) {
		enum status status = sizing_worst_fill(intent->side, quote_entry_price(&market->quote, intent->side),
		                                       desk->setup.settings->entry.slippage_percent,
		                                       market->rules.tick, &intent->entry_price);
		if (status != STATUS_OK)
			return error_field(err, status, "entry", "the price of %s does not fit a number", intent->symbol);
	}
	return facts_gather(desk, intent, OCCASION_EXECUTE, sheet, err);
}

static enum status
shrink(struct intent *intent, const struct sizing *sizing, struct decimal validated, struct error *err)
{
	struct risk_terms terms = { intent->fee_percent, intent->gap_percent };

	intent->quantity = decimal_min(validated, sizing->final);
	intent->stop_distance = sizing->stop_distance;
	intent->stop_distance_percent = sizing->stop_distance_percent;
	if (decimal_mul(intent->quantity, intent->entry_price, ROUND_UP, &intent->position_value) != STATUS_OK ||
	    sizing_risk_of(intent->side, intent->quantity, intent->entry_price, intent->stop_price, &terms,
	                   &intent->risk_amount) != STATUS_OK ||
	    decimal_mul_div(intent->risk_amount, decimal_from_int(100), intent->capital, ROUND_DOWN,
	                    &intent->risk_percent) != STATUS_OK)
		return error_field(err, STATUS_RANGE, "quantity", "the size does not fit a number");
	return STATUS_OK;
}

enum status
execute_rehearse(struct desk *desk, struct intent *intent, struct fact_sheet *sheet, struct report *ret_report,
                 struct error *err)
{
	struct decimal validated = intent->quantity;

	enum status status = refresh(desk, intent, sheet, err);
	if (status != STATUS_OK)
		return status;
	guards_run(&sheet->facts, ret_report);
	return sheet->facts.sizing != NULL ? shrink(intent, sheet->facts.sizing, validated, err) : STATUS_OK;
}

static enum status
write_execution(struct desk *desk, struct intent *intent, const struct intent *before,
                const struct fact_sheet *sheet, const struct report *report, const struct batch *batch,
                struct error *err)
{
	struct store *store = desk->setup.store;
	const struct order *entry = &batch->orders[0];
	struct book book;
	struct note note;
	char price[DECIMAL_TEXT_SIZE], was[DECIMAL_TEXT_SIZE], now[DECIMAL_TEXT_SIZE];

	enum status status = store_begin(store, err);
	if (status != STATUS_OK)
		return status;
	note_open(&note, desk, "intent.executing");
	status = store_book(store, intent->client_id, intent->mode, &book, err);
	/* Read again inside the transaction: a pause of another process holds at once. */
	if (status == STATUS_OK && book.is_paused)
		status = error_set(err, STATUS_NO, "PAUSED: %s", book.pause_reason);
	if (status == STATUS_OK)
		status = intent_next(intent->status, INTENT_ON_EXECUTE, &intent->status);
	if (status == STATUS_OK)
		status = store_intent_update(store, intent, INTENT_VALIDATED, err);
	if (status == STATUS_OK && intent->mode == MODE_LIVE)
		status = account_join_machine(desk, err);
	if (status == STATUS_OK)
		status = batch_write(desk, batch, err);
	/* Its exits will need the rules, whoever holds the lease then and before any feed says them. */
	if (status == STATUS_OK && sheet->facts.rules != NULL)
		status = store_rules_save(store, desk->feed_id, sheet->facts.rules, err);
	if (status == STATUS_OK)
		status = store_report_insert(store, intent->id, OCCASION_EXECUTE, desk_now_ms(desk), report, err);
	if (status == STATUS_OK) {
		decimal_text(before->quantity, was);
		decimal_text(intent->quantity, now);
		decimal_text(entry->price, price);
		note_intent(&note, intent);
		text_copy(note.event.client_order_id, sizeof note.event.client_order_id, entry->client_order_id);
		json_text(&note.json, "mode", mode_name(intent->mode));
		json_decimal(&note.json, "quantity", intent->quantity);
		json_decimal(&note.json, "validated_quantity", before->quantity);
		json_decimal(&note.json, "limit", entry->price);
		json_decimal(&note.json, "risk_amount", intent->risk_amount);
		if (sheet->facts.quote != NULL)
			note_quote(&note, sheet->facts.quote);
		json_int(&note.json, "warnings", report->warnings);
		bool reduced = decimal_cmp(intent->quantity, before->quantity) < 0;
		status = note_write(&note, desk, err, "entry order written: %s %s %s, limit %s%s%s%s",
		                    side_name(intent->side), now, intent->symbol, price,
		                    reduced ? ", reduced from " : "", reduced ? was : "", reduced ? " by the fresh price" : "");
	}
	if (status == STATUS_OK)
		status = store_commit(store, err);
	else
		store_rollback(store);
	note_done(&note);
	return status;
}

/* The sender looks once more: between the writing and the sending somebody may have paused. */
static enum status
send_entry(struct desk *desk, struct batch *batch, struct error *err)
{
	const struct order *order = &batch->orders[0];
	struct book book;

	if (store_book(desk->setup.store, order->client_id, order->mode, &book, err) == STATUS_OK && !book.is_paused)
		return batch_send(desk, batch, err);
	return batch_refrain(desk, batch, "PAUSED before it was sent", err);
}

enum status
execute_begin(struct desk *desk, struct request *request, struct error *err)
{
	struct intent intent, before;
	struct fact_sheet sheet;
	struct report report;
	struct batch batch;

	enum status status = store_intent_find(desk->setup.store, request->client_id, request->intent_id, &intent, err);
	if (status == STATUS_OK && (status = check_status(&intent, err)) != STATUS_OK)
		return refuse(desk, &intent, NULL, "status", status, err);   /* another wish was faster */
	if (status != STATUS_OK)
		return status;
	enum mode mode = request->is_live ? MODE_LIVE : MODE_DRY_RUN;
	if ((status = check_policy(desk, &intent, mode, request->is_acknowledged, err)) != STATUS_OK)
		return status;
	/* When room runs out, entries stop first: what is left is for exits. */
	if (!store_reserve_keep(desk->setup.store)) {
		error_set(err, STATUS_IO, "the disk is full: no entry is made, so that exits can still be written");
		error_hint(err, "make room beside %s", store_path(desk->setup.store));
		return STATUS_IO;
	}
	struct market *market = desk_market(desk, intent.symbol);
	if ((market == NULL || (market->watchers == 0 && market->position_count == 0)) &&   /* asked at every try */
	    (status = desk_watch(desk, intent.symbol, err)) != STATUS_OK)
		return status;
	if ((status = desk_facts(desk, intent.symbol, err)) != STATUS_OK)
		return status;   /* UNAVAILABLE: the wish waits, the intent stays VALIDATED */
	intent.mode = mode;
	before = intent;
	if ((status = refresh(desk, &intent, &sheet, err)) != STATUS_OK)
		return status;
	guards_run(&sheet.facts, &report);
	if (report.missing != 0 && report.failures == 0)
		return error_set(err, STATUS_UNAVAILABLE, "intent %s stays VALIDATED: %s", intent.id, report.missing_text);
	if (report.failures > 0) {
		for (int i = 0; i < report.count; i++)
			if (report.checks[i].status == VERDICT_FAIL) {
				error_field(err, STATUS_NO, report.checks[i].name, "refused by guard %s: %s",
				            report.checks[i].name, report.checks[i].message);
				break;
			}
		error_hint(err, "the intent stays VALIDATED; robson intent %.13s shows the report", intent.id);
		return refuse(desk, &intent, &report, "guards", STATUS_NO, err);
	}
	if ((status = shrink(&intent, &sheet.sizing, before.quantity, err)) != STATUS_OK)
		return status;
	if ((status = entry_batch(desk, &intent, 1, &batch, err)) != STATUS_OK)
		return status;
	if ((status = entry_test(desk, &batch, err)) != STATUS_OK)
		return status == STATUS_NO || status == STATUS_CONFIG ? refuse(desk, &before, NULL, "exchange.test", status, err) : status;
	if ((status = batch_sign(desk, &batch, err)) != STATUS_OK)
		return status;
	status = write_execution(desk, &intent, &before, &sheet, &report, &batch, err);
	if (status != STATUS_OK)
		batch_drop(desk, &batch);
	if (status == STATUS_NO)
		return refuse(desk, &before, NULL, "trading-state", status, err);
	if (status != STATUS_OK)
		return status;
	desk_touch(desk);
	return send_entry(desk, &batch, err);
}
