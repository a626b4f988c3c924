/* The wishes of reconciliation: "compare now", and "this book lives here from now on".
 *
 * A book is adopted after it was compared with the exchange, by reading alone.  Then, in one
 * transaction, it gets fresh ids, so that nothing which its other copy sends can be taken for its own,
 * and the machine; and only after that it acts.  The other copy, if it still runs, no longer lives where
 * it says; but two copies that are both adopted can't know of each other. */
#include "app/desk_reconcile.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { ANSWER_MARGIN_MS = 300 };

static enum status
wish(struct desk *desk, enum request_kind kind, int64_t wait_ms, int64_t *ret_wish, struct error *err)
{
	struct request request = { .kind = kind };

	return wishes_state(desk, &request, wait_ms, ret_wish, err);
}

enum status
desk_wish_reconcile(struct desk *desk, int64_t wait_ms, int64_t *ret_wish, struct error *err)
{
	return wish(desk, REQUEST_RECONCILE, wait_ms, ret_wish, err);
}

enum status
desk_wish_adopt(struct desk *desk, int64_t wait_ms, int64_t *ret_wish, struct error *err)
{
	return wish(desk, REQUEST_ADOPT, wait_ms, ret_wish, err);
}

enum status
desk_home(struct desk *desk, struct error *err)
{
	struct error why = { 0 };

	if (account_lives_here(desk, &why))
		return STATUS_OK;
	if (err != NULL)
		*err = why;
	return why.status;
}

bool
desk_has_live_business(struct desk *desk)
{
	struct book book;
	int64_t count = 0;

	if (store_live_business(desk->setup.store, &count, NULL) == STATUS_OK && count > 0)
		return true;
	return store_book(desk->setup.store, desk->setup.client_id, MODE_LIVE, &book, NULL) == STATUS_OK && book.is_live_on;
}

/* ---- the answer, in one line ---- */

static void
write_result(const struct reconcile_result *result, char *ret_text, size_t size)
{
	text_format(ret_text, size, "agreed=%d repaired=%d unknown=%d waiting=%d", result->agreed, result->repaired,
	            result->unknown, result->waiting);
}

void
reconcile_read(const char *message, struct reconcile_model *ret)
{
	struct reconcile_model model = { 0 };

	if (sscanf(message, "agreed=%" SCNd64 " repaired=%" SCNd64 " unknown=%" SCNd64 " waiting=%" SCNd64,
	           &model.agreed, &model.repaired, &model.unknown, &model.waiting) != 4)
		model = (struct reconcile_model){ 0 };
	*ret = model;
}

/* ---- beginning ---- */

enum status
reconcile_begin(struct desk *desk, const struct request *request, struct error *err)
{
	struct error home = { 0 };
	int64_t business = 0;

	if (request->kind == REQUEST_ADOPT && account_lives_here(desk, &home))
		return STATUS_OK;   /* it does already */
	if (desk->setup.live != NULL) {
		enum status status = desk_account(desk, NULL, err);   /* the asking wakes the exchange */
		if (status == STATUS_CONFIG)
			return status;
		reconcile_restart(desk, "a person asked");
		return STATUS_OK;
	}
	enum status status = store_live_business(desk->setup.store, &business, err);
	if (status != STATUS_OK || (business == 0 && request->kind == REQUEST_RECONCILE))
		return status;
	if (desk->setup.key_trouble != NULL)
		return error_set(err, STATUS_CONFIG, "%s", desk->setup.key_trouble);
	if (desk->is_replay)
		return error_set(err, STATUS_NO, "the one who holds the lease plays a tape: it has no exchange to compare with");
	error_set(err, STATUS_CONFIG, "there is no key to ask the exchange with, so the book can't be compared");
	error_hint(err, "see exchange.key_file in robson.ini(5)");
	return STATUS_CONFIG;
}

/* ---- adopting ---- */

static enum status
renew(struct desk *desk, int64_t client_id, int64_t *done, size_t *count, size_t max, struct error *err)
{
	char id[BOOK_ID_SIZE];

	for (size_t i = 0; i < *count; i++)
		if (done[i] == client_id)
			return STATUS_OK;
	if (*count == max)
		return error_set(err, STATUS_RANGE, "this book has too many clients to be adopted at once");
	done[(*count)++] = client_id;
	return store_book_renew_id(desk->setup.store, client_id, MODE_LIVE, desk_now_ms(desk), id, err);
}

/* Of everybody who has something open here, and of who asks. */
static enum status
renew_ids(struct desk *desk, int64_t client_id, struct error *err)
{
	int64_t done[64];
	size_t count = 0;
	enum status status = renew(desk, client_id, done, &count, ARRAY_LEN(done), err);

	for (size_t i = 0; status == STATUS_OK && i < desk->position_count; i++)
		status = renew(desk, desk->positions[i]->op.client_id, done, &count, ARRAY_LEN(done), err);
	for (size_t i = 0; status == STATUS_OK && i < desk->order_count; i++)
		status = renew(desk, desk->orders[i]->order.client_id, done, &count, ARRAY_LEN(done), err);
	return status;
}

static enum status
adopt(struct desk *desk, const struct request *request, struct error *err)
{
	struct exchange_status place = { 0 };
	struct probe probe = { 0 };
	struct note note;

	desk->setup.live->ops->status(desk->setup.live, &place);
	enum status status = store_begin(desk->setup.store, err);
	if (status != STATUS_OK)
		return status;
	text_copy(desk->actor_now, sizeof desk->actor_now, request->actor);
	note_open(&note, desk, "book.adopted");
	note.event.client_id = request->client_id;
	json_text(&note.json, "host", place.host);
	json_text(&note.json, "account", account_uid(desk, &place));
	status = probe_write(desk, &probe, err);
	json_int(&note.json, "asked_for", (int64_t)probe.count);
	if (status == STATUS_OK)
		status = renew_ids(desk, request->client_id, err);
	if (status == STATUS_OK)
		status = account_settle_here(desk, err);
	if (status == STATUS_OK)
		status = note_write(&note, desk, err, "the book was compared with %s and lives on this machine from now on", place.host);
	if (status == STATUS_OK)
		status = store_commit(desk->setup.store, err);
	else
		store_rollback(desk->setup.store);
	desk->actor_now[0] = '\0';
	if (status == STATUS_OK) {
		desk_tell(desk, URGENCY_WARNING, &note.event);
		probe_remember(desk, &probe);
		reconcile_want(desk, "the book was adopted");
		for (size_t i = 0; i < desk->position_count; i++)
			if (desk->positions[i]->op.mode == MODE_LIVE)
				protect_touch(desk, desk->positions[i]);
	}
	probe_done(&probe);
	note_done(&note);
	desk_touch(desk);
	return status;
}

/* ---- ending ---- */

bool
reconcile_settled(struct desk *desk, const struct open_wish *wish, struct error *outcome)
{
	const struct request *request = &wish->request;
	const struct reconcile *run = desk->account->reconcile;
	struct error err = { 0 };

	if (desk->setup.live == NULL || (request->kind == REQUEST_ADOPT && account_lives_here(desk, &err)))
		return true;
	if (run->is_wanted || run->phase != RECONCILE_RESTS || run->began_us < wish->begun_us) {
		if (clock_wall_ms() < request->deadline_at_ms - ANSWER_MARGIN_MS)
			return false;
		enum status status = desk_account(desk, NULL, &err);
		error_set(outcome, status == STATUS_CONFIG ? status : STATUS_UNAVAILABLE, "%s",
		          status != STATUS_OK ? err.message : "the comparison has not ended in time");
		return true;
	}
	if (!run->last.is_whole) {
		error_set(outcome, STATUS_UNAVAILABLE, "the book could not be compared with the exchange: %s", run->last.trouble);
		return true;
	}
	write_result(&run->last, outcome->message, sizeof outcome->message);
	if (request->kind == REQUEST_RECONCILE)
		return true;
	struct reconcile_result result = run->last;
	enum status status = adopt(desk, request, &err);
	if (status == STATUS_BUSY || status == STATUS_IO) {
		desk_blocked(desk, &err);
		return false;
	}
	if (status != STATUS_OK)
		*outcome = err;
	else
		write_result(&result, outcome->message, sizeof outcome->message);
	return true;
}
