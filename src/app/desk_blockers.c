/* Blockers: differences between the book and the exchange that Robson may not mend by itself.  Each is
 * a row with its evidence; an alarm when it appears; resolved when its reason is gone, or by a person. */
#include "app/desk_reconcile.h"

#include <string.h>

/* Who resolves what has gone by itself. */
static const char RECONCILED[] = "reconcile";

struct finding {
	const struct blocker *like;
	bool is_settled;                 /* the newest of the same subject was resolved by a person */
};

static bool
is_same(const struct blocker *a, const struct blocker *b)
{
	return a->client_id == b->client_id && strcmp(a->exchange_host, b->exchange_host) == 0 &&
	       strcmp(a->account, b->account) == 0 && strcmp(a->symbol, b->symbol) == 0 &&
	       strcmp(a->client_order_id, b->client_order_id) == 0 &&
	       strcmp(a->exchange_order_id, b->exchange_order_id) == 0 && a->operation_id == b->operation_id;
}

/* Oldest first, so that the newest of them has the last word. */
static bool
see_earlier(void *self, const struct blocker *row)
{
	struct finding *finding = self;

	if (is_same(row, finding->like))
		finding->is_settled = row->resolved_at_ms != 0 && strcmp(row->resolved_by, RECONCILED) != 0 &&
		                      strcmp(row->evidence, finding->like->evidence) == 0;
	return true;
}

static enum status
write_raised(struct desk *desk, struct blocker *blocker, bool *ret_is_new, struct note *note, struct error *err)
{
	enum status status = store_begin(desk->setup.store, err);

	if (status != STATUS_OK)
		return status;
	status = store_blocker_put(desk->setup.store, blocker, desk_now_ms(desk), ret_is_new, err);
	if (status == STATUS_OK && *ret_is_new) {
		note->event.client_id = blocker->client_id;
		note->event.operation_id = blocker->operation_id;
		json_int(&note->json, "blocker", blocker->n);
		json_text(&note->json, "what", blocker->kind);
		json_text(&note->json, "symbol", blocker->symbol);
		json_text(&note->json, "order", blocker->client_order_id);
		if (blocker->evidence[0] != '\0')
			json_raw(&note->json, "evidence", blocker->evidence);
		status = note_write(note, desk, err, "needs a person (blocker %lld): %s", (long long)blocker->n, blocker->text);
	}
	if (status == STATUS_OK)
		return store_commit(desk->setup.store, err);
	store_rollback(desk->setup.store);
	return status;
}

enum status
blocker_raise(struct desk *desk, struct blocker *blocker, struct error *err)
{
	struct finding finding = { .like = blocker };
	struct blocker_query query = { .client_id = blocker->client_id, .kind = blocker->kind };
	struct note note;
	bool is_new = false;

	text_make_harmless(blocker->text);
	enum status status = store_blockers(desk->setup.store, &query, see_earlier, &finding, err);
	if (status != STATUS_OK || finding.is_settled)
		return status;
	note_open(&note, desk, "blocker.raised");
	status = write_raised(desk, blocker, &is_new, &note, err);
	if (status == STATUS_OK && is_new)
		desk_tell(desk, URGENCY_ALARM, &note.event);
	note_done(&note);
	desk_touch(desk);
	return status;
}

/* ---- resolving ---- */

static enum status
resolve(struct desk *desk, const struct blocker *blocker, const char *by, const char *why, struct error *err)
{
	struct note note;

	enum status status = store_begin(desk->setup.store, err);
	if (status != STATUS_OK)
		return status;
	note_open(&note, desk, "blocker.resolved");
	note.event.client_id = blocker->client_id;
	note.event.operation_id = blocker->operation_id;
	json_int(&note.json, "blocker", blocker->n);
	json_text(&note.json, "what", blocker->kind);
	json_text(&note.json, "by", by);
	json_text(&note.json, "why", why);
	status = store_blocker_resolve(desk->setup.store, blocker->n, by, why, desk_now_ms(desk), err);
	if (status == STATUS_OK)
		status = note_write(&note, desk, err, "blocker %lld is resolved: %s", (long long)blocker->n, why);
	if (status == STATUS_OK)
		status = store_commit(desk->setup.store, err);
	else
		store_rollback(desk->setup.store);
	if (status == STATUS_OK)
		desk_tell(desk, URGENCY_NOTE, &note.event);
	note_done(&note);
	desk_touch(desk);
	return status;
}

struct gone {
	struct desk *desk;
	int64_t seen_since_ms;
	struct blocker rows[32]; size_t count;
};

/* Those that comparing raises, and so may take back. */
static bool
is_compared(const struct blocker *row)
{
	static const char *const kinds[] = { "order.entry_rests", "order.ended_here", "order.without_record",
	                                     "order.stranger", "coins.locked", "coins.missing", "account.foreign" };

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (strcmp(row->kind, kinds[i]) == 0)
			return true;
	return false;
}

static bool
see_gone(void *self, const struct blocker *row)
{
	struct gone *gone = self;

	/* What was found in another account can't be seen to be gone from here. */
	bool is_in_sight = strcmp(row->kind, "account.foreign") == 0 ||
	                   reconcile_is_bound_here(gone->desk, row->exchange_host, row->account);
	if (row->last_seen_ms < gone->seen_since_ms && is_compared(row) && is_in_sight)
		gone->rows[gone->count++] = *row;
	return gone->count < ARRAY_LEN(gone->rows);
}

enum status
blockers_resolve_gone(struct desk *desk, int64_t seen_since_ms, struct error *err)
{
	struct gone gone = { .desk = desk, .seen_since_ms = seen_since_ms };
	struct blocker_query query = { .only_open = true };

	enum status status = store_blockers(desk->setup.store, &query, see_gone, &gone, err);
	for (size_t i = 0; status == STATUS_OK && i < gone.count; i++) {
		status = resolve(desk, &gone.rows[i], RECONCILED, "what it spoke of is no longer so", err);
		if (status == STATUS_CONFLICT)   /* a person was faster */
			status = STATUS_OK;
	}
	return status;
}

enum status
desk_blocker_resolve(struct desk *desk, int64_t n, const char *reason, struct error *err)
{
	struct blocker blocker;
	char harmless[REASON_SIZE];

	if (desk->setup.is_readonly)
		return error_set(err, STATUS_REFUSED, "--readonly looks and never acts");
	if (reason == NULL || reason[0] == '\0')
		return error_field(err, STATUS_USAGE, "reason", "what a person resolves needs a reason");
	if (!text_copy(harmless, sizeof harmless, reason))
		return error_field(err, STATUS_RANGE, "reason", "the reason is too long");
	text_make_harmless(harmless);
	enum status status = store_blocker_find(desk->setup.store, n, &blocker, err);
	if (status == STATUS_OK && blocker.client_id != desk->setup.client_id)
		return error_set(err, STATUS_NOT_FOUND, "there is no blocker %lld", (long long)n);
	if (status == STATUS_OK && blocker.resolved_at_ms != 0)
		return error_set(err, STATUS_NO, "blocker %lld is resolved already: %s", (long long)n, blocker.resolution);
	if (status != STATUS_OK)
		return status;
	return resolve(desk, &blocker, desk->actor, harmless, err);
}

/* ---- looking ---- */

struct standing {
	const char *symbol;              /* NULL: of one operation */
	char *text;
	size_t size;
	bool found;
};

static bool
stands(void *self, const struct blocker *row)
{
	struct standing *standing = self;

	/* What lives in another account keeps nothing from being done in this one. */
	if (standing->symbol != NULL && (strcmp(row->symbol, standing->symbol) != 0 || strcmp(row->kind, "account.foreign") == 0))
		return true;
	standing->found = true;
	if (standing->text != NULL)
		text_format(standing->text, standing->size, "%lld: %s", (long long)row->n, row->text);
	return true;
}

bool
blocker_of_symbol(struct desk *desk, int64_t client_id, const char *symbol, char *ret_text, size_t size)
{
	struct standing standing = { .symbol = symbol, .text = ret_text, .size = size };
	struct blocker_query query = { .client_id = client_id, .only_open = true };

	return store_blockers(desk->setup.store, &query, stands, &standing, NULL) == STATUS_OK && standing.found;
}

bool
blocker_says_foreign(struct desk *desk, const struct operation *op)
{
	struct standing standing = { .symbol = NULL };
	struct blocker_query query = { .client_id = op->client_id, .only_open = true, .operation_id = op->id,
	                               .kind = "account.foreign" };

	return store_blockers(desk->setup.store, &query, stands, &standing, NULL) == STATUS_OK && standing.found;
}

static bool
list_one(void *self, const struct blocker *row)
{
	struct blocker_list *list = self;

	if (list->count == ARRAY_LEN(list->rows)) {
		list->more++;
		return true;
	}
	struct blocker_model *model = &list->rows[list->count++];
	*model = (struct blocker_model){
		.number = row->n, .operation_id = row->operation_id, .first_seen_ms = row->first_seen_ms,
		.last_seen_ms = row->last_seen_ms, .looks = row->looks,
	};
	text_copy(model->kind, sizeof model->kind, row->kind);
	text_copy(model->symbol, sizeof model->symbol, row->symbol);
	text_copy(model->client_order_id, sizeof model->client_order_id, row->client_order_id);
	text_copy(model->exchange_order_id, sizeof model->exchange_order_id, row->exchange_order_id);
	text_copy(model->text, sizeof model->text, row->text);
	return true;
}

enum status
desk_blockers(struct desk *desk, struct blocker_list *ret, struct error *err)
{
	struct blocker_query query = { .client_id = desk->setup.client_id, .only_open = true };

	*ret = (struct blocker_list){ 0 };
	return store_blockers(desk->setup.store, &query, list_one, ret, err);
}
