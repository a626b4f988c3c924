/* What an execution sends: the entry, and on an exchange with lists its protection in the same request;
 * the exchange's own check of it before; and the one new signature after a refused timestamp.
 * (exchange.md, "Protection that never lapses", point 1; "Time") */
#include "app/desk_account.h"

#include <string.h>

enum { TEST_WAIT_MS = 2500 };    /* how long the exchange's check is waited for; it is a comfort, not a gate */

/* ---- the shape ---- */

static void
entry_terms(const struct intent *intent, struct order *ret)
{
	*ret = (struct order){
		.side = intent->side, .type = ORDER_LIMIT,
		/* A market entry is a limit at the slippage cap that fills whole or not at all. */
		.tif = intent->entry_kind == ENTRY_MARKET ? TIF_FOK : TIF_GTC,
		.quantity = intent->quantity, .has_price = true, .price = intent->entry_price,
	};
}

/* What will be there to sell: a list without OPO sells a quantity that is fixed now, so it must be what
 * is left when commission was taken from it. */
static enum status
leg_quantity(const struct intent *intent, const struct symbol_rules *rules, bool pays_itself, struct decimal *ret)
{
	struct decimal kept = intent->quantity, fee;

	if (!pays_itself) {
		enum status status = decimal_mul_div(intent->quantity, intent->fee_percent, decimal_from_int(100), ROUND_UP, &fee);
		if (status != STATUS_OK || (status = decimal_sub(intent->quantity, fee, &kept)) != STATUS_OK)
			return status;
	}
	if (!decimal_is_positive(rules->lot_step)) {
		*ret = kept;
		return STATUS_OK;
	}
	return decimal_to_step(kept, rules->lot_step, ROUND_DOWN, ret);
}

enum instruction_kind
entry_shape(enum side side, bool wants_target, const struct symbol_rules *rules, bool *ret_has_target)
{
	*ret_has_target = wants_target && rules->oco_allowed;
	if (!rules->oto_allowed || side != SIDE_BUY)
		return INSTRUCT_ORDER;
	if (rules->opo_allowed)
		return *ret_has_target ? INSTRUCT_OPOCO : INSTRUCT_OPO;
	return *ret_has_target ? INSTRUCT_OTOCO : INSTRUCT_OTO;
}

enum status
entry_batch(struct desk *desk, const struct intent *intent, int generation, struct batch *ret, struct error *err)
{
	struct operation owner = { .client_id = intent->client_id, .mode = intent->mode };
	const struct symbol_rules *rules = desk_rules(desk, intent->symbol);
	struct order terms;
	struct book book;
	bool has_target = false;

	*ret = (struct batch){ .kind = INSTRUCT_ORDER };
	text_copy(owner.intent_id, sizeof owner.intent_id, intent->id);
	text_copy(owner.symbol, sizeof owner.symbol, intent->symbol);
	text_copy(owner.feed, sizeof owner.feed, desk->feed_id);
	if (intent->mode == MODE_LIVE) {
		struct exchange_status status = { 0 };
		if (desk->setup.live == NULL || rules == NULL)
			return error_set(err, STATUS_UNAVAILABLE, "the rules of %s are not known yet", intent->symbol);
		desk->setup.live->ops->status(desk->setup.live, &status);
		text_copy(owner.exchange_host, sizeof owner.exchange_host, status.host);
		text_copy(owner.account, sizeof owner.account, status.uid);
		ret->kind = entry_shape(intent->side, intent->has_target, rules, &has_target);
	}
	entry_terms(intent, &terms);
	enum status status = batch_add(desk, ret, &owner, PURPOSE_ENTRY, generation, &terms, err);
	if (status != STATUS_OK || ret->kind == INSTRUCT_ORDER)
		return status;

	bool pays_itself = ret->kind == INSTRUCT_OPO || ret->kind == INSTRUCT_OPOCO;
	struct decimal quantity;
	if (leg_quantity(intent, rules, pays_itself, &quantity) != STATUS_OK)
		return error_field(err, STATUS_RANGE, "quantity", "the size of the exits does not fit a number");
	terms = (struct order){ 0 };
	status = protection_make_stop(rules, intent->side, intent->stop_price, quantity,
	                              desk->setup.settings->exits.stop_limit_percent, &terms, err);
	terms.is_quantity_open = pays_itself;
	if (status == STATUS_OK)
		status = batch_add(desk, ret, &owner, PURPOSE_STOP, generation, &terms, err);
	if (status == STATUS_OK && has_target) {
		terms = (struct order){ .side = side_opposite(intent->side), .type = ORDER_LIMIT, .tif = TIF_GTC,
		                        .quantity = quantity, .has_price = true, .price = intent->target_price,
		                        .is_quantity_open = pays_itself };
		status = batch_add(desk, ret, &owner, PURPOSE_TARGET, generation, &terms, err);
	}
	if (status == STATUS_OK)
		status = store_book(desk->setup.store, intent->client_id, intent->mode, &book, err);
	if (status == STATUS_OK)
		order_make_list_id(book.id, &ret->orders[0], ret->list_id);
	return status;
}

/* ---- the exchange's own check ---- */

enum status
entry_test(struct desk *desk, const struct batch *batch, struct error *err)
{
	struct exchange *live = desk->setup.live;
	const struct order *order = &batch->orders[0];
	struct instruction instruction = { .kind = INSTRUCT_TEST, .orders = { order }, .count = 1, .list_id = "" };
	struct signed_request request;
	int64_t now = desk_mono_ms(desk);

	if (order->mode != MODE_LIVE)
		return STATUS_OK;
	if (strcmp(desk->test.client_order_id, order->client_order_id) != 0 || now - desk->test.asked_mono_ms > 4 * TEST_WAIT_MS) {
		memset(&desk->test, 0, sizeof desk->test);
		text_copy(desk->test.client_order_id, sizeof desk->test.client_order_id, order->client_order_id);
		desk->test.asked_mono_ms = now;
		enum status status = live->ops->sign(live, &instruction, &request, err);
		if (status != STATUS_OK) {
			desk->test.client_order_id[0] = '\0';
			return status;
		}
		desk->test.is_asked = live->ops->send(live, request.ticket, err) == STATUS_OK;
	}
	if (desk->test.is_asked && !desk->test.is_answered && now - desk->test.asked_mono_ms < TEST_WAIT_MS)
		return error_set(err, STATUS_UNAVAILABLE, "the exchange is asked whether it would take the order");
	enum status answer = desk->test.answer.status;
	if (!desk->test.is_answered || (answer != STATUS_NO && answer != STATUS_CONFIG))
		return STATUS_OK;
	*err = desk->test.answer;
	desk->test.client_order_id[0] = '\0';
	return answer;
}

void
entry_tested(void *self, const char *client_order_id, const struct error *error)
{
	struct desk *desk = self;

	if (strcmp(desk->test.client_order_id, client_order_id) != 0)
		return;
	desk->test.is_answered = true;
	desk->test.answer = error != NULL ? *error : (struct error){ 0 };
	desk->are_wishes_dirty = true;
	desk_touch(desk);
}

/* ---- entries that end without an answer of their own ---- */

static enum status
end_unfilled(struct desk *desk, struct intent *intent, const char *why, struct error *err)
{
	struct note note;

	enum status status = intent_next(intent->status, INTENT_ON_UNFILLED, &intent->status);
	if (status != STATUS_OK)
		return error_set(err, status, "intent %s is %s", intent->id, intent_status_name(intent->status));
	intent->ended_at_ms = desk_now_ms(desk);
	text_copy(intent->execution_result, sizeof intent->execution_result, why);
	text_copy(intent->error, sizeof intent->error, why);
	if ((status = store_begin(desk->setup.store, err)) != STATUS_OK)
		return status;
	note_open(&note, desk, "intent.failed");
	note_intent(&note, intent);
	json_text(&note.json, "result", why);
	status = store_intent_update(desk->setup.store, intent, INTENT_EXECUTING, err);
	if (status == STATUS_OK)
		status = note_write(&note, desk, err, "intent FAILED: %s", why);
	if (status == STATUS_OK)
		status = store_commit(desk->setup.store, err);
	else
		store_rollback(desk->setup.store);
	note_done(&note);
	desk->are_wishes_dirty = true;
	desk_touch(desk);
	return status;
}

/* The same order, next generation, with a timestamp that the exchange will take.  STATUS_UNAVAILABLE:
 * its clock is not known anew yet. */
static enum status
sign_anew(struct desk *desk, const struct intent *intent, struct error *err)
{
	struct batch batch;
	struct book book;
	struct note note;

	enum status status = entry_batch(desk, intent, 2, &batch, err);
	if (status == STATUS_OK)
		status = batch_sign(desk, &batch, err);
	if (status != STATUS_OK)
		return status;
	if ((status = store_begin(desk->setup.store, err)) != STATUS_OK) {
		batch_drop(desk, &batch);
		return status;
	}
	status = store_book(desk->setup.store, intent->client_id, intent->mode, &book, err);
	if (status == STATUS_OK && book.is_paused)
		status = error_set(err, STATUS_NO, "PAUSED: %s", book.pause_reason);
	if (status == STATUS_OK)
		status = batch_write(desk, &batch, err);
	if (status == STATUS_OK) {
		note_open(&note, desk, "order.signed_anew");
		note_order(&note, &batch.orders[0]);
		status = note_write(&note, desk, err, "the entry's timestamp was refused: signed anew, once");
		note_done(&note);
	}
	if (status == STATUS_OK)
		status = store_commit(desk->setup.store, err);
	else
		store_rollback(desk->setup.store);
	if (status != STATUS_OK) {
		batch_drop(desk, &batch);
		return status;
	}
	return batch_send(desk, &batch, err);
}

/* Do its legs still wait for the end of what was refused? */
static bool
has_orders(const struct desk *desk, const char *intent_id)
{
	for (size_t i = 0; i < desk->order_count; i++)
		if (strcmp(desk->orders[i]->order.intent_id, intent_id) == 0)
			return true;
	return false;
}

void
entry_resign(struct desk *desk)
{
	for (int i = 0; i < desk->resign_count && !desk->is_blocked; i++) {
		struct intent intent;
		struct error err = { 0 };
		if (has_orders(desk, desk->resign[i].intent_id))
			continue;
		enum status status = store_intent_find(desk->setup.store, 0, desk->resign[i].intent_id, &intent, &err);
		bool is_found = status == STATUS_OK;
		if (is_found)
			status = sign_anew(desk, &intent, &err);
		if (status == STATUS_UNAVAILABLE && desk_mono_ms(desk) < desk->resign[i].until_mono_ms)
			continue;
		if (is_found && status != STATUS_OK && status != STATUS_BUSY && status != STATUS_IO)
			status = end_unfilled(desk, &intent, err.message, &err);
		if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
			desk_blocked(desk, &err);
			return;
		}
		desk->resign[i--] = desk->resign[--desk->resign_count];
	}
}

/* Intents that no entry order works for any more. */
struct left { struct desk *desk; struct intent intents[16]; size_t count; };

static bool
see_executing(void *self, const struct intent *intent)
{
	struct left *left = self;

	if (desk_order_of(left->desk, intent->id, 0, PURPOSE_ENTRY) == NULL)
		left->intents[left->count++] = *intent;
	return left->count < ARRAY_LEN(left->intents);
}

enum status
entry_settle_left(struct desk *desk, struct error *err)
{
	static const char why[] = "the entry's timestamp was refused, and its sender ended before it was signed anew";
	struct intent_query executing = { .has_status = true, .status = INTENT_EXECUTING };
	struct left left = { .desk = desk };
	struct operation op;

	enum status status = store_intents(desk->setup.store, &executing, see_executing, &left, err);
	for (size_t i = 0; i < left.count && status == STATUS_OK; i++) {
		struct intent *intent = &left.intents[i];
		if (store_operation_of_intent(desk->setup.store, intent->id, &op, NULL) == STATUS_NOT_FOUND)
			status = end_unfilled(desk, intent, why, err);
	}
	return status;
}
