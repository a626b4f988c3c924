/* What one pass of a reconciliation finds: the answers of the exchange against the book.
 *
 *   an open order of ours that the exchange does not list, or lists otherwise   it is asked for
 *   a listed order of this book whose record has ended: an entry                 it is cancelled
 *                                                       anything else, or none   a blocker
 *   a stranger's sell order that locks coins which we hold                       a blocker
 *   fewer coins than the open operations hold                                    our orders are asked for;
 *                              then fills of strangers' orders are booked, or it is a blocker
 *
 * Nothing here cancels an order that is not of this book, and nothing sells. */
#include "app/desk_reconcile.h"

#include <string.h>

enum { IDS_MAX = 64, ASSETS_MAX = 32 };

struct comparing {
	struct desk *desk;
	struct reconcile *run;
	const struct exchange_status *place;
	char uid[64];
	struct { char id[BOOK_ID_SIZE]; int64_t client_id; } ids[IDS_MAX]; size_t id_count;
	int64_t client_id;               /* whose ids are being read */
};

/* ---- whose is it ---- */

static bool
add_id(void *self, const char *id, int64_t from_ms)
{
	struct comparing *c = self;

	(void)from_ms;
	if (c->id_count == IDS_MAX)
		return false;
	text_copy(c->ids[c->id_count].id, BOOK_ID_SIZE, id);
	c->ids[c->id_count++].client_id = c->client_id;
	return true;
}

static enum status
add_ids_of(struct comparing *c, int64_t client_id, struct error *err)
{
	for (size_t i = 0; i < c->id_count; i++)
		if (c->ids[i].client_id == client_id)
			return STATUS_OK;
	c->client_id = client_id;
	return store_book_ids(c->desk->setup.store, client_id, MODE_LIVE, add_id, c, err);
}

/* Those of every client that has anything open, also the ids that a book had before. */
static enum status
read_ids(struct comparing *c, struct error *err)
{
	enum status status = add_ids_of(c, c->desk->setup.client_id, err);

	for (size_t i = 0; status == STATUS_OK && i < c->desk->position_count; i++)
		status = add_ids_of(c, c->desk->positions[i]->op.client_id, err);
	for (size_t i = 0; status == STATUS_OK && i < c->desk->order_count; i++)
		status = add_ids_of(c, c->desk->orders[i]->order.client_id, err);
	return status;
}

static int64_t
client_of(const struct comparing *c, const char *client_order_id)
{
	for (size_t i = 0; i < c->id_count; i++)
		if (order_id_is_of_book(c->ids[i].id, client_order_id))
			return c->ids[i].client_id;
	return 0;
}

static struct blocker
blocker_at(const struct comparing *c, int64_t client_id, const char *kind, const struct exchange_order *order)
{
	struct blocker blocker = { .client_id = client_id };

	text_copy(blocker.kind, sizeof blocker.kind, kind);
	text_copy(blocker.exchange_host, sizeof blocker.exchange_host, c->place->host);
	text_copy(blocker.account, sizeof blocker.account, c->uid);
	if (order != NULL) {
		text_copy(blocker.symbol, sizeof blocker.symbol, order->symbol);
		text_copy(blocker.client_order_id, sizeof blocker.client_order_id, order->client_order_id);
		text_copy(blocker.exchange_order_id, sizeof blocker.exchange_order_id, order->exchange_order_id);
	}
	return blocker;
}

static void
give_evidence(struct blocker *blocker, const struct exchange_order *order)
{
	struct text text;
	struct json_out json;

	text_init(&text);
	json_out_init(&json, &text);
	json_object_open(&json, NULL);
	json_text(&json, "symbol", order->symbol);
	json_text(&json, "order", order->client_order_id);
	json_text(&json, "side", side_name(order->side));
	json_text(&json, "type", order->type);
	json_decimal(&json, "quantity", order->quantity);
	json_decimal(&json, "price", order->price);
	json_decimal(&json, "stop_price", order->stop_price);
	json_object_close(&json);
	if (!text.failed)
		text_copy(blocker->evidence, sizeof blocker->evidence, text.data);
	text_done(&text);
}

/* ---- our open orders ---- */

static const struct exchange_order *
listed(const struct reconcile *run, const char *client_order_id)
{
	for (size_t i = 0; i < run->open_count; i++)
		if (strcmp(run->open[i].client_order_id, client_order_id) == 0)
			return &run->open[i];
	return NULL;
}

static bool
is_here(const struct comparing *c, const char *host, const char *account)
{
	return strcmp(host, c->place->host) == 0 && strcmp(account, c->uid) == 0;
}

/* What changed during the asking, or just before, may be on either side of it. */
static bool
is_settled(const struct comparing *c, const struct order *order)
{
	return order->changed_at_ms < c->run->began_ms - RECONCILE_SKEW_MS;
}

static void
compare_order(struct comparing *c, struct live_order *live)
{
	const struct order *order = &live->order;
	const struct exchange_order *there = listed(c->run, order->client_order_id);
	bool rests = order->state == ORDER_NEW || order->state == ORDER_PARTIALLY_FILLED;

	if (order->state == ORDER_UNKNOWN || order->state == ORDER_SENT || order->state == ORDER_PENDING)
		return;   /* asked for already, until it is known */
	if (there == NULL ? !rests : there->state == order->state &&
	    decimal_cmp(there->filled, order->filled_quantity) == 0) {
		c->run->agreed++;
		return;
	}
	if (there == NULL && !is_settled(c, order)) {
		c->run->waiting++;
		return;
	}
	reconcile_doubt(c->desk, live);
}

/* ---- orders of this book that its records call ended ---- */

static enum status
end_entry(struct comparing *c, const struct order *row, const struct exchange_order *there, struct error *err)
{
	struct desk *desk = c->desk;
	struct blocker blocker;
	struct note note;
	struct error why = { 0 };

	bool may = account_may_act(desk, row->exchange_host, row->account, &why);
	if (may && c->run->pass < RECONCILE_PASSES &&
	    desk->setup.live->ops->cancel(desk->setup.live, row, &why) == STATUS_OK) {
		c->run->is_more_to_do = true;
		c->run->repaired++;
		note_open(&note, desk, "reconcile.entry_cancelled");
		note_order(&note, row);
		json_text(&note.json, "was", order_state_name(row->state));
		enum status status = note_alone(&note, desk, err, "entry %s rests on the exchange and has ended in the book: "
		                                "cancelled", row->client_order_id);
		if (status == STATUS_OK)
			desk_tell(desk, URGENCY_WARNING, &note.event);
		note_done(&note);
		return status;
	}
	blocker = blocker_at(c, row->client_id, "order.entry_rests", there);
	give_evidence(&blocker, there);
	text_format(blocker.text, sizeof blocker.text, "the entry %s still rests on the exchange, its record has ended, and it "
	            "could not be cancelled%s%s: cancel it there", there->client_order_id, why.message[0] != '\0' ? ": " : "", why.message);
	return blocker_raise(desk, &blocker, err);
}

static enum status
compare_listed(struct comparing *c, const struct exchange_order *there, struct error *err)
{
	struct desk *desk = c->desk;
	int64_t client_id = client_of(c, there->client_order_id);
	struct order row;

	if (client_id == 0 || desk_order(desk, there->client_order_id) != NULL)
		return STATUS_OK;   /* a stranger's, or compared from our side */
	enum status status = store_order_find(desk->setup.store, there->client_order_id, &row, err);
	if (status != STATUS_OK && status != STATUS_NOT_FOUND)
		return status;
	if (status == STATUS_OK && (order_is_open(row.state) || row.ended_at_ms >= c->run->began_ms - RECONCILE_SKEW_MS)) {
		c->run->waiting++;   /* it ended while we asked, or its report is on its way */
		return STATUS_OK;
	}
	if (status == STATUS_OK && row.purpose == PURPOSE_ENTRY)
		return end_entry(c, &row, there, err);
	struct blocker blocker = blocker_at(c, client_id, status == STATUS_OK ? "order.ended_here" : "order.without_record", there);
	if (status == STATUS_OK)
		blocker.operation_id = row.operation_id;
	error_clear(err);
	give_evidence(&blocker, there);
	text_format(blocker.text, sizeof blocker.text, status == STATUS_OK
	            ? "%s order %s of %s rests on the exchange, and its record says that it has ended: look there, and cancel it if it is not wanted"
	            : "%s order %s of %s was sent by this book, and the book has no record of it (was it restored?): look there, and cancel it if it is not wanted",
	            side_name(there->side), there->client_order_id, there->symbol);
	return blocker_raise(desk, &blocker, err);
}

/* ---- coins ---- */

struct asset_sum {
	char asset[ASSET_SIZE];
	struct decimal held, tolerance;  /* of the open operations; what is too little to be sold */
	int64_t operation_id, client_id; char symbol[SYMBOL_SIZE];   /* the first of them */
	bool is_moving;                  /* an order of theirs is under way: not compared now */
};

static struct asset_sum *
sum_of(struct comparing *c, struct asset_sum *sums, size_t *count, const char *symbol)
{
	char base[ASSET_SIZE];

	desk_base_of(c->desk, symbol, base);
	for (size_t i = 0; i < *count; i++)
		if (strcmp(sums[i].asset, base) == 0)
			return &sums[i];
	if (*count == ASSETS_MAX)
		return NULL;
	struct asset_sum *sum = &sums[(*count)++];
	*sum = (struct asset_sum){ 0 };
	text_copy(sum->asset, sizeof sum->asset, base);
	return sum;
}

static enum status
sum_operations(struct comparing *c, struct asset_sum *sums, size_t *count)
{
	struct desk *desk = c->desk;
	enum status status = STATUS_OK;

	for (size_t i = 0; i < desk->position_count && status == STATUS_OK; i++) {
		const struct operation *op = &desk->positions[i]->op;
		const struct symbol_rules *rules = desk_rules(desk, op->symbol);
		if (op->mode != MODE_LIVE || op->side != SIDE_BUY || !is_here(c, op->exchange_host, op->account))
			continue;
		struct asset_sum *sum = sum_of(c, sums, count, op->symbol);
		if (sum == NULL)
			return STATUS_RANGE;
		if (sum->operation_id == 0) {
			sum->operation_id = op->id;
			sum->client_id = op->client_id;
			text_copy(sum->symbol, sizeof sum->symbol, op->symbol);
		}
		status = decimal_add(sum->held, operation_open_quantity(op), &sum->held);
		if (status == STATUS_OK && rules != NULL)
			status = decimal_add(sum->tolerance, rules->lot_step, &sum->tolerance);
	}
	for (size_t i = 0; i < desk->order_count && status == STATUS_OK; i++) {
		const struct order *order = &desk->orders[i]->order;
		bool rests = order->state == ORDER_NEW || order->state == ORDER_PARTIALLY_FILLED || order->state == ORDER_PENDING_NEW;
		if (order->mode != MODE_LIVE || !is_here(c, order->exchange_host, order->account) || (rests && is_settled(c, order)))
			continue;
		struct asset_sum *sum = sum_of(c, sums, count, order->symbol);
		if (sum != NULL)
			sum->is_moving = true;
	}
	return status;
}

/* What our own resting orders lock of it: the legs of a list lock it once. */
static enum status
sum_our_locks(struct comparing *c, const char *asset, struct decimal *ret)
{
	struct decimal locks = DECIMAL_ZERO;
	enum status status = STATUS_OK;

	for (size_t i = 0; i < c->run->open_count && status == STATUS_OK; i++) {
		const struct live_order *live = desk_order(c->desk, c->run->open[i].client_order_id);
		char base[ASSET_SIZE];
		bool is_counted = false;
		desk_base_of(c->desk, c->run->open[i].symbol, base);
		if (live == NULL || c->run->open[i].side != SIDE_SELL || strcmp(base, asset) != 0)
			continue;
		for (size_t j = 0; j < i && live->order.list_id[0] != '\0'; j++) {
			const struct live_order *other = desk_order(c->desk, c->run->open[j].client_order_id);
			is_counted |= other != NULL && other->order.side == SIDE_SELL && strcmp(other->order.list_id, live->order.list_id) == 0;
		}
		if (!is_counted)
			status = decimal_add(locks, order_remaining(&live->order), &locks);
	}
	*ret = locks;
	return status;
}

/* Somebody else's order locks coins that are ours to protect. */
static enum status
name_strangers(struct comparing *c, const struct asset_sum *sum, struct decimal lacking, struct error *err)
{
	char lack[DECIMAL_TEXT_SIZE];
	enum status status = STATUS_OK;
	bool is_named = false;

	decimal_text(lacking, lack);
	for (size_t i = 0; i < c->run->open_count && status == STATUS_OK; i++) {
		const struct exchange_order *there = &c->run->open[i];
		char base[ASSET_SIZE];
		desk_base_of(c->desk, there->symbol, base);
		if (there->side != SIDE_SELL || strcmp(base, sum->asset) != 0 || client_of(c, there->client_order_id) != 0)
			continue;
		struct blocker blocker = blocker_at(c, sum->client_id, "order.stranger", there);
		blocker.operation_id = sum->operation_id;
		give_evidence(&blocker, there);
		text_format(blocker.text, sizeof blocker.text, "a sell order that is not Robson's (%s of %s) locks %s %s of operation %lld: "
		            "cancel it on the exchange, or release the operation; Robson will not cancel it",
		            there->client_order_id, there->symbol, lack, sum->asset, (long long)sum->operation_id);
		status = blocker_raise(c->desk, &blocker, err);
		is_named = true;
	}
	if (status != STATUS_OK || is_named)
		return status;
	struct blocker blocker = blocker_at(c, sum->client_id, "coins.locked", NULL);
	blocker.operation_id = sum->operation_id;
	text_copy(blocker.symbol, sizeof blocker.symbol, sum->symbol);
	text_format(blocker.text, sizeof blocker.text, "%s %s of operation %lld are locked on the exchange by something that is no open order: look there",
	            lack, sum->asset, (long long)sum->operation_id);
	return blocker_raise(c->desk, &blocker, err);
}

static struct reconcile_shortage *
shortage_of(struct reconcile *run, const char *asset, bool make)
{
	for (size_t i = 0; i < run->shortage_count; i++)
		if (strcmp(run->shortages[i].asset, asset) == 0)
			return &run->shortages[i];
	if (!make || run->shortage_count == ARRAY_LEN(run->shortages))
		return NULL;
	struct reconcile_shortage *shortage = &run->shortages[run->shortage_count++];
	*shortage = (struct reconcile_shortage){ 0 };
	text_copy(shortage->asset, sizeof shortage->asset, asset);
	return shortage;
}

static void
forget_shortage(struct reconcile *run, const char *asset)
{
	struct reconcile_shortage *shortage = shortage_of(run, asset, false);

	if (shortage != NULL)
		*shortage = run->shortages[--run->shortage_count];
}

/* Before anything is concluded every order of ours is asked for: one that has sold explains it all. */
static void
doubt_orders_of(struct comparing *c, const char *asset)
{
	for (size_t i = 0; i < c->desk->order_count; i++) {
		struct live_order *live = c->desk->orders[i];
		char base[ASSET_SIZE];
		desk_base_of(c->desk, live->order.symbol, base);
		if (live->order.mode == MODE_LIVE && strcmp(base, asset) == 0 &&
		    is_here(c, live->order.exchange_host, live->order.account))
			reconcile_doubt(c->desk, live);
	}
}

static enum status
judge_shortage(struct comparing *c, const struct asset_sum *sum, struct decimal missing, struct error *err)
{
	struct reconcile_shortage *shortage = shortage_of(c->run, sum->asset, true);
	int64_t now = desk_mono_ms(c->desk);
	struct error why = { 0 };
	char lack[DECIMAL_TEXT_SIZE];

	if (shortage == NULL)
		return error_set(err, STATUS_RANGE, "too many assets are short at once");
	if (shortage->looks == 0 || decimal_cmp(shortage->missing, missing) != 0)
		*shortage = (struct reconcile_shortage){ .since_mono_ms = now };
	text_copy(shortage->asset, sizeof shortage->asset, sum->asset);
	shortage->missing = missing;
	if (shortage->looks++ == 0)
		doubt_orders_of(c, sum->asset);
	if (now - shortage->since_mono_ms < ELSEWHERE_MS ||
	    !account_may_act(c->desk, c->place->host, c->uid, &why)) {
		c->run->waiting++;
		return STATUS_OK;
	}
	enum status status = elsewhere_book(c->desk, sum->asset, missing, &why);
	if (status == STATUS_OK) {
		forget_shortage(c->run, sum->asset);
		c->run->repaired++;
		c->run->is_more_to_do = true;
		return STATUS_OK;
	}
	if (status != STATUS_NO) {
		*err = why;
		return status;
	}
	struct blocker blocker = blocker_at(c, sum->client_id, "coins.missing", NULL);
	blocker.operation_id = sum->operation_id;
	text_copy(blocker.symbol, sizeof blocker.symbol, sum->symbol);
	decimal_text(missing, lack);
	text_format(blocker.text, sizeof blocker.text, "the account has %s %s less than the open operations hold (operation %lld), and %s: "
	            "see where they went, then release the operation", lack, sum->asset, (long long)sum->operation_id, why.message);
	text_format(blocker.evidence, sizeof blocker.evidence, "{\"asset\":\"%s\",\"missing\":\"%s\"}", sum->asset, lack);
	return blocker_raise(c->desk, &blocker, err);
}

static enum status
compare_coins(struct comparing *c, const struct asset_sum *sum, struct error *err)
{
	struct decimal free_now, locked, total, missing, ours, lacking;

	if (sum->is_moving) {
		c->run->waiting++;
		return STATUS_OK;
	}
	if (!account_balance(c->desk, sum->asset, &free_now, &locked))
		return error_set(err, STATUS_UNAVAILABLE, "the balances are not known");
	if (decimal_add(free_now, locked, &total) != STATUS_OK || decimal_sub(sum->held, total, &missing) != STATUS_OK ||
	    sum_our_locks(c, sum->asset, &ours) != STATUS_OK || decimal_add(free_now, ours, &ours) != STATUS_OK ||
	    decimal_sub(sum->held, ours, &lacking) != STATUS_OK)
		return error_set(err, STATUS_RANGE, "the balance of %s does not fit a number", sum->asset);
	if (decimal_is_positive(missing) && decimal_cmp(missing, sum->tolerance) >= 0)
		return judge_shortage(c, sum, missing, err);
	forget_shortage(c->run, sum->asset);
	if (decimal_is_positive(lacking) && decimal_cmp(lacking, sum->tolerance) >= 0)
		return name_strangers(c, sum, lacking, err);
	c->run->agreed++;
	return STATUS_OK;
}

/* ---- what lives elsewhere ---- */

static enum status
name_foreign(struct comparing *c, struct error *err)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < c->desk->position_count && status == STATUS_OK; i++) {
		const struct operation *op = &c->desk->positions[i]->op;
		struct blocker blocker = { .client_id = op->client_id, .operation_id = op->id };
		if (op->mode != MODE_LIVE || is_here(c, op->exchange_host, op->account))
			continue;
		text_copy(blocker.kind, sizeof blocker.kind, "account.foreign");
		text_copy(blocker.exchange_host, sizeof blocker.exchange_host, op->exchange_host);
		text_copy(blocker.account, sizeof blocker.account, op->account);
		text_copy(blocker.symbol, sizeof blocker.symbol, op->symbol);
		text_format(blocker.text, sizeof blocker.text, "operation %lld lives at %s, account %s; Robson is connected to %s, account %s, "
		            "and does nothing for it here", (long long)op->id, op->exchange_host, op->account, c->place->host, c->uid);
		status = blocker_raise(c->desk, &blocker, err);
	}
	return status;
}

enum status
reconcile_compare(struct desk *desk, struct error *err)
{
	struct exchange_status place = { 0 };
	struct comparing c = { .desk = desk, .run = desk->account->reconcile, .place = &place };
	struct asset_sum sums[ASSETS_MAX];
	size_t count = 0;

	desk->setup.live->ops->status(desk->setup.live, &place);
	text_copy(c.uid, sizeof c.uid, account_uid(desk, &place));
	c.run->agreed = c.run->waiting = 0;
	enum status status = read_ids(&c, err);
	if (status == STATUS_OK)
		status = name_foreign(&c, err);
	for (size_t i = 0; i < desk->order_count; i++)
		if (desk->orders[i]->order.mode == MODE_LIVE &&
		    is_here(&c, desk->orders[i]->order.exchange_host, desk->orders[i]->order.account))
			compare_order(&c, desk->orders[i]);
	for (size_t i = 0; i < c.run->open_count && status == STATUS_OK; i++)
		status = compare_listed(&c, &c.run->open[i], err);
	if (status == STATUS_OK && (status = sum_operations(&c, sums, &count)) != STATUS_OK)
		return error_set(err, status, "what the open operations hold does not fit a number");
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		if (sums[i].operation_id != 0)
			status = compare_coins(&c, &sums[i], err);
	/* What was left out of this pass may still be so: only a pass without doubt takes anything back. */
	if (status == STATUS_OK && !c.run->is_more_to_do && c.run->waiting == 0)
		status = blockers_resolve_gone(desk, c.run->began_ms, err);
	return status;
}
