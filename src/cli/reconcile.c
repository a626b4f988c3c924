/* robson reconcile: the book against the exchange, now.
 *
 * Taking hold of the book looks up every order whose outcome is unknown; here one pass is asked for
 * and what is left is told: what agreed, what was repaired, what needs a person. */
#include "cli/print.h"
#include "cli/wishes.h"

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

static void
answer(struct cli *cli, const struct verify_model *book, size_t before, size_t after)
{
	struct json_out json;
	int agreed = 0, faults = 0;
	for (int i = 0; i < book->count; i++)
		*(book->checks[i].ok ? &agreed : &faults) += 1;
	if (!cli->is_json) {
		put(cli, "%d checks agree, %zu orders were settled, %zu await an answer", agreed,
		    before > after ? before - after : 0, after);
		for (int i = 0; i < book->count; i++)
			if (!book->checks[i].ok)
				put(cli, "  needs a person: %s: %s", book->checks[i].name, book->checks[i].message);
		return;
	}
	json_line_open(cli, &json);
	json_bool(&json, "ok", faults == 0 && after == 0);
	json_int(&json, "agreed", agreed);
	json_int(&json, "repaired", before > after ? (int64_t)(before - after) : 0);
	json_int(&json, "unknown", (int64_t)after);
	json_array_open(&json, "needs_person");
	for (int i = 0; i < book->count; i++)
		if (!book->checks[i].ok)
			json_text(&json, NULL, book->checks[i].message);
	json_array_close(&json);
	json_line_close(cli, &json);
}

enum status
run_reconcile(struct cli *cli, struct error *err)
{
	struct wishing wishing = { .state = wish_check, .wait_ms = CHECK_TIMEOUT_MS };
	struct verify_model book;
	size_t before, after;

	enum status status = count_unknown(cli, &before, err);
	if (status == STATUS_OK)
		status = wish_and_wait(cli, &wishing, err);
	/* A price that is too old decides nothing about a position; the orders can agree all the same. */
	if (status == STATUS_UNAVAILABLE)
		status = STATUS_OK;
	if (status == STATUS_OK)
		status = count_unknown(cli, &after, err);
	if (status == STATUS_OK)
		status = desk_verify(cli->desk, &book, err);
	if (status != STATUS_OK)
		return status;
	answer(cli, &book, before, after);
	if (!book.ok)
		return error_set(err, STATUS_NO, "the book needs a person's look; robson verify says more");
	if (after > 0)
		return error_set(err, STATUS_UNKNOWN, "%zu orders await an answer", after);
	return STATUS_OK;
}
