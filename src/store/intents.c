/* Intents: insert, find by id or prefix, compare-and-set update, lists. */
#include "store/sql.h"

#include <string.h>

#define I struct intent
static const struct column columns[] = {
	COLUMN_OF_TEXT(I, "id", id),
	COLUMN_OF_INT64(I, "client_id", client_id),
	COLUMN_OF_TEXT(I, "symbol", symbol),
	COLUMN_OF_ENUM(I, "side", side, side_names),
	COLUMN_OF_TEXT(I, "strategy", strategy),
	COLUMN_OF_ENUM(I, "status", status, intent_status_names),
	COLUMN_OF_ENUM(I, "mode", mode, mode_names),
	COLUMN_OF_ENUM(I, "source", source, source_names),
	COLUMN_OF_LINK_TEXT(I, "pattern_event_id", pattern_event_id),
	COLUMN_OF_LINK_TEXT(I, "parent_id", parent_id),
	COLUMN_OF_ENUM(I, "entry_kind", entry_kind, entry_kind_names),
	COLUMN_OF_DECIMAL(I, "entry_price", entry_price),
	COLUMN_OF_DECIMAL(I, "planned_quote", planned_quote),
	COLUMN_OF_DECIMAL(I, "stop_price", stop_price),
	COLUMN_OF_ENUM(I, "stop_origin", stop_origin, stop_origin_names),
	COLUMN_OF_TEXT(I, "stop_evidence", stop_evidence),
	COLUMN_OF_TEXT(I, "target_typed", target_typed),
	COLUMN_OF_MAYBE_DECIMAL(I, "target_price", target_price, has_target),
	COLUMN_OF_DECIMAL(I, "capital", capital),
	COLUMN_OF_MAYBE_DECIMAL(I, "typed_quantity", typed_quantity, has_typed_quantity),
	COLUMN_OF_DECIMAL(I, "quantity", quantity),
	COLUMN_OF_DECIMAL(I, "quantity_by_rule", quantity_by_rule),
	COLUMN_OF_ENUM(I, "bound_by", bound_by, size_bound_names),
	COLUMN_OF_DECIMAL(I, "position_value", position_value),
	COLUMN_OF_DECIMAL(I, "risk_amount", risk_amount),
	COLUMN_OF_DECIMAL(I, "risk_percent", risk_percent),
	COLUMN_OF_DECIMAL(I, "stop_distance", stop_distance),
	COLUMN_OF_DECIMAL(I, "stop_distance_percent", stop_distance_percent),
	COLUMN_OF_DECIMAL(I, "fee_percent", fee_percent),
	COLUMN_OF_DECIMAL(I, "gap_percent", gap_percent),
	COLUMN_OF_TEXT(I, "regime", regime),
	COLUMN_OF_MAYBE_DECIMAL(I, "confidence", confidence, has_confidence),
	COLUMN_OF_TEXT(I, "reason", reason),
	COLUMN_OF_TEXT(I, "feed", feed),
	COLUMN_OF_INT64(I, "created_at_ms", created_at_ms),
	COLUMN_OF_INT64(I, "validated_at_ms", validated_at_ms),
	COLUMN_OF_INT64(I, "executed_at_ms", executed_at_ms),
	COLUMN_OF_INT64(I, "ended_at_ms", ended_at_ms),
	COLUMN_OF_TEXT(I, "execution_result", execution_result),
	COLUMN_OF_TEXT(I, "error", error),
};
#undef I
const struct record intent_record = { "intents", "intent", columns, ARRAY_LEN(columns) };

enum { PREFIX_MIN = 4 };

enum status
store_intent_insert(struct store *store, const struct intent *intent, struct error *err)
{
	return record_insert(store, &intent_record, intent, err);
}

/* Lower-case hex and dashes; an id that can't be one finds nothing. */
static bool
clean_prefix(const char *text, char ret[INTENT_ID_SIZE])
{
	size_t len = strlen(text);

	if (len >= INTENT_ID_SIZE)
		return false;
	for (size_t i = 0; i <= len; i++) {
		char c = text[i];
		if (c >= 'A' && c <= 'F')
			c = (char)(c - 'A' + 'a');
		if (c != '\0' && c != '-' && !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
			return false;
		ret[i] = c;
	}
	return true;
}

/* Every id with this prefix lies in [prefix, prefix with its last character one higher). */
static enum status
find_by_prefix(struct store *store, int64_t client_id, const char *prefix, struct intent *ret,
               struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	char end[INTENT_ID_SIZE];
	struct intent found;
	bool row;

	text_copy(end, sizeof(end), prefix);
	end[strlen(end) - 1]++;
	enum status status = record_select(store, &intent_record,
	                                   " WHERE id >= :low AND id < :high AND "
	                                   "(:client = 0 OR client_id = :client) ORDER BY id LIMIT 2",
	                                   &query, err);
	if (status != STATUS_OK)
		return status;
	query_text(&query, ":low", prefix);
	query_text(&query, ":high", end);
	query_int(&query, ":client", client_id);
	status = query_step(&query, &row, "looking for the intent", err);
	if (status != STATUS_OK)
		return status;
	if (!row) {
		error_set(err, STATUS_NOT_FOUND, "there is no intent %s", prefix);
		error_hint(err, "`robson intents' lists them.");
		return STATUS_NOT_FOUND;
	}
	status = record_read(&query, &intent_record, 0, &found, err);
	if (status == STATUS_OK)
		status = query_step(&query, &row, "looking for the intent", err);
	if (status != STATUS_OK)
		return status;
	if (row) {
		error_set(err, STATUS_AMBIGUOUS, "more than one intent begins with %s: %s, %s, ...", prefix,
		          found.id, query_get_text(&query, 0));
		error_hint(err, "Give more of it; `robson intents' lists them.");
		return STATUS_AMBIGUOUS;
	}
	*ret = found;
	return STATUS_OK;
}

enum status
store_intent_find(struct store *store, int64_t client_id, const char *id_or_prefix,
                  struct intent *ret, struct error *err)
{
	char prefix[INTENT_ID_SIZE];

	if (!clean_prefix(id_or_prefix, prefix)) {
		error_set(err, STATUS_NOT_FOUND, "there is no intent %s", id_or_prefix);
		error_hint(err, "`robson intents' lists them.");
		return STATUS_NOT_FOUND;
	}
	if (strlen(prefix) < PREFIX_MIN)
		return error_set(err, STATUS_INVALID, "'%s' is too short for an intent: at least %d characters",
		                 prefix, PREFIX_MIN);
	return find_by_prefix(store, client_id, prefix, ret, err);
}

enum status
store_intent_update(struct store *store, const struct intent *intent, enum intent_status from,
                    struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	int64_t changes;
	enum status status = record_update(store, &intent_record, intent,
	                                   " WHERE id = :id AND status = :from", &query, err);

	if (status != STATUS_OK)
		return status;
	query_text(&query, ":id", intent->id);
	query_text(&query, ":from", intent_status_name(from));
	status = query_run(&query, &changes, "changing the intent", err);
	if (status != STATUS_OK || changes == 1)
		return status;
	struct intent now;
	status = store_intent_find(store, 0, intent->id, &now, err);
	if (status != STATUS_OK)
		return status;
	return error_set(err, STATUS_CONFLICT, "intent %s is %s, no longer %s", intent->id,
	                 intent_status_name(now.status), intent_status_name(from));
}

/* Each combination of conditions is a statement of its own, so that each can use its index; "+" keeps
 * the client's index out where walking the newest rows is shorter than sorting all. */
enum status
store_intents(struct store *store, const struct intent_query *what, store_intent_fn each, void *self,
              struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	char tail[200];
	bool row;

	text_format(tail, sizeof(tail), " WHERE 1%s%s%s ORDER BY n DESC LIMIT :limit",
	            what->client_id == 0 ? "" : what->has_status ? " AND client_id = :client"
	                                                         : " AND +client_id = :client",
	            what->has_status ? " AND status = :status" : "",
	            what->has_mode ? " AND mode = :mode" : "");
	enum status status = record_select(store, &intent_record, tail, &query, err);
	if (status != STATUS_OK)
		return status;
	if (what->client_id != 0)
		query_int(&query, ":client", what->client_id);
	if (what->has_status)
		query_text(&query, ":status", intent_status_name(what->status));
	if (what->has_mode)
		query_text(&query, ":mode", mode_name(what->mode));
	query_int(&query, ":limit", what->limit > 0 ? what->limit : -1);
	while ((status = query_step(&query, &row, "listing intents", err)) == STATUS_OK && row) {
		struct intent intent;
		status = record_read(&query, &intent_record, 0, &intent, err);
		if (status != STATUS_OK || !each(self, &intent))
			break;
	}
	return status;
}

/* A market entry's price moves with every quote: for those the same kind of entry is the same entry. */
enum status
store_intent_duplicates(struct store *store, const struct intent *intent, int *ret_count,
                        char ret_first[INTENT_ID_SIZE], struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	bool row;
	enum status status = query_open(store,
		"SELECT count(*), min(id) FROM intents WHERE client_id = :client "
		"AND status IN ('VALIDATED', 'EXECUTING') AND symbol = :symbol AND side = :side "
		"AND mode = :mode AND entry_kind = :kind AND (entry_kind = 'MARKET' OR entry_price = :entry) "
		"AND id <> :id", &query, err);

	if (status != STATUS_OK)
		return status;
	query_int(&query, ":client", intent->client_id);
	query_text(&query, ":symbol", intent->symbol);
	query_text(&query, ":side", side_name(intent->side));
	query_text(&query, ":mode", mode_name(intent->mode));
	query_text(&query, ":kind", entry_kind_name(intent->entry_kind));
	query_decimal(&query, ":entry", intent->entry_price);
	query_text(&query, ":id", intent->id);
	status = query_step(&query, &row, "looking for duplicates", err);
	if (status != STATUS_OK)
		return status;
	*ret_count = (int)query_get_int(&query, 0);
	text_copy(ret_first, INTENT_ID_SIZE, query_get_text(&query, 1));
	return STATUS_OK;
}
