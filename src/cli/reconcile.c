/* robson reconcile, adopt: the book against the exchange.
 *
 * Taking hold of the book looks up every order whose outcome is unknown; here one pass over the paper
 * orders is asked for, and where there is LIVE business a whole comparison with the account.  What is
 * left is told: what agreed, what was repaired, what needs a person. */
#include <string.h>

#include "cli/print.h"
#include "cli/wishes.h"

enum { RECONCILE_TIMEOUT_MS = 60000 };

static enum status
count_unknown(struct cli *cli, size_t *ret, struct error *err)
{
	struct order_filter filter = { .only_open = true };
	struct order_list orders;
	enum status status = desk_orders(cli->desk, &filter, &orders, err);
	if (status != STATUS_OK)
		return status;
	*ret = 0;
	for (size_t i = 0; i < orders.count; i++) {
		enum order_state state = orders.rows[i].order.state;
		*ret += state == ORDER_UNKNOWN || state == ORDER_PENDING || state == ORDER_SENT;
	}
	order_list_done(&orders);
	return STATUS_OK;
}

/* ---- what needs a person ---- */

static void
json_blockers(struct json_out *json, const struct blocker_list *blockers)
{
	json_array_open(json, "blockers");
	for (size_t i = 0; i < blockers->count; i++) {
		const struct blocker_model *row = &blockers->rows[i];
		json_object_open(json, NULL);
		json_int(json, "number", row->number);
		json_text(json, "kind", row->kind);
		json_id_or_null(json, "operation_id", row->operation_id);
		json_text_or_null(json, "symbol", row->symbol);
		json_text_or_null(json, "client_order_id", row->client_order_id);
		json_text_or_null(json, "exchange_order_id", row->exchange_order_id);
		json_text(json, "message", row->text);
		json_int(json, "looks", row->looks);
		json_time(json, "first_seen", row->first_seen_ms);
		json_time(json, "last_seen", row->last_seen_ms);
		json_object_close(json);
	}
	json_array_close(json);
}

static void
put_blockers(struct cli *cli, const struct blocker_list *blockers)
{
	for (size_t i = 0; i < blockers->count; i++)
		put(cli, "  needs a person (%lld): %s", (long long)blockers->rows[i].number, blockers->rows[i].text);
	if (blockers->more > 0)
		put(cli, "  and %zu more", blockers->more);
	if (blockers->count > 0)
		put(cli, "when you have looked: robson reconcile --resolve N --reason TEXT");
}

/* ---- reconcile ---- */

struct comparison {
	bool is_live;
	struct verify_model book;
	struct reconcile_model live;
	struct blocker_list blockers;
	size_t before, after;            /* orders without an answer */
};

static void
answer(struct cli *cli, const struct comparison *c)
{
	struct json_out json;
	int64_t agreed = c->live.agreed, faults = 0;
	int64_t repaired = c->live.repaired + (c->before > c->after ? (int64_t)(c->before - c->after) : 0);
	const struct verify_model *book = &c->book;
	for (int i = 0; i < book->count; i++)
		*(book->checks[i].ok ? &agreed : &faults) += 1;
	if (!cli->is_json) {
		put(cli, "%lld checks agree, %lld orders were settled, %zu await an answer", (long long)agreed,
		    (long long)repaired, c->after);
		if (!c->is_live)
			put(cli, "nothing is LIVE: there was no exchange to compare with");
		if (c->live.waiting > 0)
			put(cli, "  %lld things are still moving, or are looked at again in a minute", (long long)c->live.waiting);
		for (int i = 0; i < book->count; i++)
			if (!book->checks[i].ok)
				put(cli, "  needs a person: %s: %s", book->checks[i].name, book->checks[i].message);
		put_blockers(cli, &c->blockers);
		return;
	}
	json_line_open(cli, &json);
	json_bool(&json, "ok", faults == 0 && c->after == 0 && c->live.waiting == 0 && c->blockers.count == 0);
	json_bool(&json, "live", c->is_live);
	json_int(&json, "agreed", agreed);
	json_int(&json, "repaired", repaired);
	json_int(&json, "unknown", (int64_t)c->after);
	json_int(&json, "waiting", c->live.waiting);
	json_array_open(&json, "needs_person");
	for (int i = 0; i < book->count; i++)
		if (!book->checks[i].ok)
			json_text(&json, NULL, book->checks[i].message);
	for (size_t i = 0; i < c->blockers.count; i++)
		json_text(&json, NULL, c->blockers.rows[i].text);
	json_array_close(&json);
	json_blockers(&json, &c->blockers);
	json_line_close(cli, &json);
}

static enum status
compare_live(struct cli *cli, struct reconcile_model *ret, struct error *err)
{
	struct wishing wishing = { .state = wish_reconcile, .wait_ms = RECONCILE_TIMEOUT_MS };
	enum status status = wish_and_wait(cli, &wishing, err);
	if (status != STATUS_OK)
		return status;
	reconcile_read(err->message, ret);
	error_clear(err);
	return STATUS_OK;
}

struct resolving {
	struct desk *desk;
	int64_t number;
	const char *reason;
};

static enum status
try_resolve(void *self, struct error *err)
{
	struct resolving *r = self;
	return desk_blocker_resolve(r->desk, r->number, r->reason, err);
}

static enum status
resolve(struct cli *cli, struct error *err)
{
	struct resolving r = { .desk = cli->desk, .reason = cli_value(cli, OPT_REASON) };
	struct blocker_list left;
	enum status status = cli_number(cli, OPT_RESOLVE, 1, INT64_MAX, &r.number, err);
	if (status == STATUS_OK && r.reason == NULL)
		return error_field(err, STATUS_USAGE, "reason", "--resolve needs what you found: --reason TEXT");
	if (status == STATUS_OK)
		status = session_retry(cli->session, try_resolve, &r, err);
	if (status == STATUS_OK)
		status = desk_blockers(cli->desk, &left, err);
	if (status != STATUS_OK)
		return status;
	if (cli->is_json) {
		struct json_out json;
		json_line_open(cli, &json);
		json_int(&json, "resolved", r.number);
		json_blockers(&json, &left);
		json_line_close(cli, &json);
	} else {
		put(cli, "blocker %lld is resolved", (long long)r.number);
		put_blockers(cli, &left);
	}
	return STATUS_OK;
}

enum status
run_reconcile(struct cli *cli, struct error *err)
{
	struct wishing wishing = { .state = wish_check, .wait_ms = CHECK_TIMEOUT_MS };
	struct comparison c = { .is_live = desk_has_live_business(cli->desk) };

	if (cli_has(cli, OPT_RESOLVE))
		return resolve(cli, err);
	if (cli_has(cli, OPT_REASON))
		return error_field(err, STATUS_USAGE, "reason", "--reason goes with --resolve N");
	enum status status = count_unknown(cli, &c.before, err);
	if (status == STATUS_OK && c.is_live)
		status = compare_live(cli, &c.live, err);
	else if (status == STATUS_OK && (status = wish_and_wait(cli, &wishing, err)) == STATUS_UNAVAILABLE)
		/* A price that is too old decides nothing about a position; the orders can agree all the same. */
		status = STATUS_OK;
	if (status == STATUS_OK)
		status = count_unknown(cli, &c.after, err);
	if (status == STATUS_OK)
		status = desk_verify(cli->desk, &c.book, err);
	if (status == STATUS_OK)
		status = desk_blockers(cli->desk, &c.blockers, err);
	if (status != STATUS_OK)
		return status;
	answer(cli, &c);
	cli->is_answered = true;
	if (c.blockers.count > 0)
		return error_set(err, STATUS_NO, "%zu things need a person", c.blockers.count + c.blockers.more);
	if (!c.book.ok)
		return error_set(err, STATUS_NO, "the book needs a person's look; robson verify says more");
	if (c.after > 0)
		return error_set(err, STATUS_UNKNOWN, "%zu orders await an answer", c.after);
	if (c.live.waiting > 0)
		return error_set(err, STATUS_UNKNOWN, "something is still moving: ask again in a minute");
	return STATUS_OK;
}

/* ---- adopt ---- */

static enum status
get_word(struct cli *cli, const struct error *why, struct error *err)
{
	const char *typed = cli_value(cli, OPT_YES);
	if (typed != NULL) {
		if (strcmp(typed, "ADOPT") == 0)
			return STATUS_OK;
		return error_set(err, STATUS_REFUSED, "adopting needs the word ADOPT, not \"%s\"; nothing was done", typed);
	}
	if (!cli_can_ask()) {
		error_set(err, STATUS_REFUSED, "adopting needs the typed word ADOPT, and there is no terminal");
		error_hint(err, "from a script: robson adopt --yes ADOPT");
		return STATUS_REFUSED;
	}
	char question[640];
	text_format(question, sizeof question, "%s.\nIt will be compared with the exchange, and then act LIVE on this machine. "
	            "No other copy of it may go on anywhere: two that are both adopted can't know of each other.", why->message);
	if (cli_ask_word(question, "ADOPT"))
		return STATUS_OK;
	return error_set(err, STATUS_REFUSED, "ADOPT was not typed; nothing was done");
}

static void
answer_adopt(struct cli *cli, bool was_adopted, const struct reconcile_model *model, const struct blocker_list *blockers)
{
	struct json_out json;
	if (!cli->is_json) {
		if (!was_adopted) {
			put(cli, "nothing is to be adopted: this book lives here");
			return;
		}
		put(cli, "adopted: the book lives here now; %lld agreed, %lld repaired, %lld await an answer",
		    (long long)model->agreed, (long long)model->repaired, (long long)model->unknown);
		put_blockers(cli, blockers);
		return;
	}
	json_line_open(cli, &json);
	json_int(&json, "adopted", was_adopted);
	json_int(&json, "agreed", model->agreed);
	json_int(&json, "repaired", model->repaired);
	json_int(&json, "unknown", model->unknown);
	json_int(&json, "waiting", model->waiting);
	json_blockers(&json, blockers);
	json_line_close(cli, &json);
}

enum status
run_adopt(struct cli *cli, struct error *err)
{
	struct wishing wishing = { .state = wish_adopt, .wait_ms = RECONCILE_TIMEOUT_MS };
	struct reconcile_model model = { 0 };
	struct blocker_list blockers = { .count = 0 };
	struct error why = { 0 };
	if (desk_home(cli->desk, &why) == STATUS_OK) {
		answer_adopt(cli, false, &model, &blockers);
		return STATUS_OK;
	}
	enum status status = why.status;
	if (status != STATUS_REFUSED)
		*err = why;
	else
		status = get_word(cli, &why, err);
	if (status == STATUS_OK)
		status = wish_and_wait(cli, &wishing, err);
	if (status != STATUS_OK)
		return status;
	reconcile_read(err->message, &model);
	error_clear(err);
	status = desk_blockers(cli->desk, &blockers, err);
	if (status == STATUS_OK)
		answer_adopt(cli, true, &model, &blockers);
	return status;
}
