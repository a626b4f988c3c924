/* Does what is stored agree with itself?  The schema with the one that is built in, links with what
 * they link to, states with the synchronization table, and every sum with the fills that it was made
 * of: nothing is taken from the column that is being checked. */
#include "store/verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void
verify_begin(struct verifier *v)
{
	v->looked_at = v->bad = 0;
	v->first[0] = '\0';
	v->status = STATUS_OK;
}

void
verify_wrong(struct verifier *v, const char *format, ...)
{
	va_list args;

	if (v->bad++ > 0)
		return;
	va_start(args, format);
	text_vformat(v->first, sizeof(v->first), format, args);
	va_end(args);
	text_make_harmless(v->first);
}

/* A check that could not look is one that failed, except where trying again may help. */
enum status
verify_end(struct verifier *v, const char *group, const char *name, const char *things,
           enum status status)
{
	struct store_check check = { .group = group, .name = name };

	if (status == STATUS_OK)
		status = v->status;
	if (status == STATUS_BUSY || status == STATUS_NO_MEMORY)
		return status;
	if (status != STATUS_OK)
		verify_wrong(v, "%s", v->err->message);
	check.ok = v->bad == 0;
	if (check.ok)
		text_format(check.message, sizeof(check.message), "%" PRId64 " %s", v->looked_at, things);
	else if (v->bad == 1)
		text_copy(check.message, sizeof(check.message), v->first);
	else
		text_format(check.message, sizeof(check.message), "%s; and %" PRId64 " more", v->first, v->bad - 1);
	v->each(v->self, &check);
	return STATUS_OK;
}

/* ---- the file and its schema ---- */

static enum status
check_pragma(struct verifier *v, const char *sql, bool ok_is_a_row, const char *name, const char *things)
{
	CLEANUP(query_done) struct query query = { .store = v->store };
	bool row;

	verify_begin(v);
	enum status status = query_open(v->store, sql, &query, v->err);
	while (status == STATUS_OK) {
		status = query_step(&query, &row, "verifying", v->err);
		if (status != STATUS_OK || !row)
			break;
		if (ok_is_a_row && strcmp(query_get_text(&query, 0), "ok") == 0)
			v->looked_at = 1;
		else if (ok_is_a_row)
			verify_wrong(v, "%s", query_get_text(&query, 0));
		else
			verify_wrong(v, "a row of %s names a %s that is not there", query_get_text(&query, 0),
			      query_get_text(&query, 2));
	}
	return verify_end(v, "Schema", name, things, status);
}

static const char schema_sql[] = "SELECT type, name, coalesce(sql, '') FROM sqlite_schema "
	"WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name";

static void
name_thing(struct verifier *v, struct query *query, const char *how)
{
	verify_wrong(v, "%s %s %s", query_get_text(query, 0), query_get_text(query, 1), how);
}

static enum status
compare_schemas(struct verifier *v, struct store *model)
{
	CLEANUP(query_done) struct query ours = { .store = v->store };
	CLEANUP(query_done) struct query right = { .store = model };
	bool our_row, right_row;
	enum status status = query_open(v->store, schema_sql, &ours, v->err);

	if (status == STATUS_OK)
		status = query_open(model, schema_sql, &right, v->err);
	if (status == STATUS_OK)
		status = query_step(&ours, &our_row, "verifying", v->err);
	if (status == STATUS_OK)
		status = query_step(&right, &right_row, "verifying", v->err);
	while (status == STATUS_OK && (our_row || right_row)) {
		int order = !our_row ? 1 : !right_row ? -1
		          : strcmp(query_get_text(&ours, 0), query_get_text(&right, 0));
		if (order == 0)
			order = strcmp(query_get_text(&ours, 1), query_get_text(&right, 1));
		if (order < 0)
			name_thing(v, &ours, "is not Robson's");
		else if (order > 0)
			name_thing(v, &right, "is missing");
		else if (strcmp(query_get_text(&ours, 2), query_get_text(&right, 2)) != 0)
			name_thing(v, &ours, "was changed");
		v->looked_at++;
		if (order <= 0)
			status = query_step(&ours, &our_row, "verifying", v->err);
		if (status == STATUS_OK && order >= 0)
			status = query_step(&right, &right_row, "verifying", v->err);
	}
	return status;
}

static enum status
check_schema(struct verifier *v)
{
	const struct store_options options = { .migrations = schema_built_in() };
	struct store *model;
	enum status status = store_open_with(":memory:", false, 0, &options, &model, NULL, v->err);

	if (status != STATUS_OK)
		return status;
	verify_begin(v);
	status = compare_schemas(v, model);
	status = verify_end(v, "Schema", "tables and triggers", "as built in", status);
	store_close(model);
	return status;
}

/* ---- links ---- */

struct link_query { const char *what; const char *sql; bool is_orphan; };
static const struct link_query links[] = {
	{ "operation %s has no intent", "SELECT id FROM operations WHERE is_legacy = 0 AND NOT EXISTS "
	  "(SELECT 1 FROM intents WHERE intents.id = operations.intent_id)", false },
	{ "order %s has neither intent nor operation", "SELECT client_order_id FROM orders WHERE NOT EXISTS "
	  "(SELECT 1 FROM intents WHERE intents.id = orders.intent_id) AND NOT EXISTS "
	  "(SELECT 1 FROM operations WHERE operations.id = orders.operation_id)", true },
	{ "fill %s has no order", "SELECT exchange_trade_id FROM fills WHERE NOT EXISTS "
	  "(SELECT 1 FROM orders WHERE orders.client_order_id = fills.client_order_id)", true },
	{ "trade %s has no operation that is CLOSED", "SELECT id FROM trades WHERE NOT EXISTS "
	  "(SELECT 1 FROM operations WHERE operations.id = trades.operation_id AND status = 'CLOSED')", true },
	{ "report %s has no intent", "SELECT n FROM reports WHERE NOT EXISTS "
	  "(SELECT 1 FROM intents WHERE intents.id = reports.intent_id)", false },
	{ "order %s names another intent than its operation", "SELECT client_order_id FROM orders JOIN "
	  "operations ON operations.id = orders.operation_id WHERE orders.intent_id IS NOT "
	  "operations.intent_id", false },
};

static enum status
check_links(struct verifier *v)
{
	enum status status = STATUS_OK;

	verify_begin(v);
	for (size_t i = 0; status == STATUS_OK && i < ARRAY_LEN(links); i++) {
		CLEANUP(query_done) struct query query = { .store = v->store };
		bool row = true;
		status = query_open(v->store, links[i].sql, &query, v->err);
		while (status == STATUS_OK && row) {
			status = query_step(&query, &row, "verifying", v->err);
			if (status != STATUS_OK || !row)
				break;
			char message[160];
			const char *at = strstr(links[i].what, "%s");
			text_format(message, sizeof(message), "%.*s%.60s%s", (int)(at - links[i].what),
			            links[i].what, query_get_text(&query, 0), at + 2);
			verify_wrong(v, "%s", message);
			if (links[i].is_orphan)
				v->health.orphans++;
		}
		v->looked_at++;
	}
	return verify_end(v, "Schema", "links", "kinds of links whole", status);
}

static enum status
count_health(struct verifier *v)
{
	enum status status = sql_int(v->store, "SELECT count(*) FROM operations WHERE NOT EXISTS "
	                             "(SELECT 1 FROM intents WHERE intents.id = operations.intent_id)",
	                             &v->health.operations_without_intent, v->err);

	if (status == STATUS_OK)
		status = sql_int(v->store, "SELECT count(*) FROM operations WHERE status = 'ACTIVE'",
		                 &v->health.active_operations, v->err);
	return status;
}

/* ---- states: the synchronization table ---- */

static enum status
check_states(struct verifier *v)
{
	CLEANUP(query_done) struct query query = { .store = v->store };
	bool row;

	verify_begin(v);
	enum status status = query_open(v->store,
		"SELECT intents.id, intents.status, operations.id, coalesce(operations.status, 'ACTIVE') "
		"FROM intents LEFT JOIN operations ON operations.intent_id = intents.id", &query, v->err);
	while (status == STATUS_OK) {
		int intent, operation;
		status = query_step(&query, &row, "verifying", v->err);
		if (status != STATUS_OK || !row)
			break;
		bool has = sqlite3_column_type(query.stmt, 2) != SQLITE_NULL;
		v->looked_at++;
		if (!enum_parse(&intent_status_names, query_get_text(&query, 1), &intent) ||
		    !enum_parse(&operation_status_names, query_get_text(&query, 3), &operation))
			verify_wrong(v, "intent %s has a state that does not exist", query_get_text(&query, 0));
		else if (!operation_agrees_with_intent((enum intent_status)intent, has,
		                                       (enum operation_status)operation))
			verify_wrong(v, "intent %s is %s and %s%s", query_get_text(&query, 0), query_get_text(&query, 1),
			      has ? "its operation is " : "has no operation", has ? query_get_text(&query, 3) : "");
	}
	return verify_end(v, "Schema", "states", "intents agree with their operations", status);
}

static enum status
check_all(struct verifier *v)
{
	static enum status (*const checks[])(struct verifier *v) = {
		check_schema, check_links, count_health, check_states, verify_orders, verify_operations,
		verify_trades, verify_books, verify_strategies, verify_places, verify_ids, verify_lists,
		verify_stops, verify_blockers
	};
	enum status status = check_pragma(v, "PRAGMA integrity_check(20)", true, "file", "whole file");

	if (status == STATUS_OK)
		status = check_pragma(v, "PRAGMA foreign_key_check", false, "foreign keys", "dangling");
	for (size_t i = 0; status == STATUS_OK && i < ARRAY_LEN(checks); i++)
		status = checks[i](v);
	return status;
}

enum status
store_verify(struct store *store, store_verify_fn each, void *self, struct store_health *ret,
             struct error *err)
{
	struct error own;
	struct verifier v = { .store = store, .each = each, .self = self, .err = err != NULL ? err : &own };
	bool is_own = !store->in_transaction;

	error_clear(v.err);
	if (is_own) {                                /* all checks see the same moment */
		enum status status = store_begin_read(store, err);
		if (status != STATUS_OK)
			return status;
	}
	enum status status = check_all(&v);
	if (is_own)
		store_rollback(store);
	if (status == STATUS_OK)
		*ret = v.health;
	return status;
}
