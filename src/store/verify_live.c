/* What LIVE asks of the book: every row says where it lives, lists belong together, each position's
 * stop rests on the exchange or somebody was told, the books' ids are the newest that they had, and
 * what a person has to look at is counted. */
#include "store/verify.h"

#include <inttypes.h>
#include "core/protection.h"

struct rule { const char *what; const char *sql; };

/* Every row that a rule's question finds is wrong; what names it by its first column. */
static enum status
check_rules(struct verifier *v, const struct rule *rules, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		CLEANUP(query_done) struct query query = { .store = v->store };
		bool row = true;
		enum status status = query_open(v->store, rules[i].sql, &query, v->err);
		while (status == STATUS_OK && row) {
			status = query_step(&query, &row, "verifying", v->err);
			if (status == STATUS_OK && row)
				verify_wrong(v, "%.60s %s", query_get_text(&query, 0), rules[i].what);
		}
		if (status != STATUS_OK)
			return status;
		v->looked_at++;
	}
	return STATUS_OK;
}

/* ---- places ---- */

enum status
verify_places(struct verifier *v)
{
	static const struct rule rules[] = {
		{ "is LIVE and does not say where it lives",
		  "SELECT 'operation ' || id FROM operations WHERE mode = 'LIVE' AND "
		  "(exchange_host = '' OR account = '')" },
		{ "is LIVE and does not say where it went",
		  "SELECT 'order ' || client_order_id FROM orders WHERE mode = 'LIVE' AND "
		  "(exchange_host = '' OR account = '')" },
		{ "went elsewhere than its operation lives",
		  "SELECT 'order ' || client_order_id FROM orders JOIN operations ON operations.id = "
		  "orders.operation_id WHERE orders.mode = 'LIVE' AND (orders.exchange_host <> "
		  "operations.exchange_host OR orders.account <> operations.account)" },
		{ "has orders in more than one place",
		  "SELECT 'intent ' || intent_id FROM orders WHERE mode = 'LIVE' AND intent_id IS NOT NULL "
		  "GROUP BY intent_id HAVING min(exchange_host) <> max(exchange_host) OR "
		  "min(account) <> max(account)" },
	};

	verify_begin(v);
	enum status status = check_rules(v, rules, ARRAY_LEN(rules));
	return verify_end(v, "Schema", "places", "rules on where LIVE records live hold", status);
}

/* ---- lists ---- */

enum status
verify_lists(struct verifier *v)
{
	static const struct rule rules[] = {
		{ "does not hold two or three orders, each for a purpose of its own",
		  "SELECT 'list ' || list_id FROM orders WHERE list_id <> '' GROUP BY list_id "
		  "HAVING count(*) NOT BETWEEN 2 AND 3 OR count(DISTINCT purpose) <> count(*)" },
		{ "holds orders that do not belong together",
		  "SELECT 'list ' || list_id FROM orders WHERE list_id <> '' GROUP BY list_id "
		  "HAVING count(DISTINCT client_id) > 1 OR count(DISTINCT mode) > 1 OR "
		  "count(DISTINCT coalesce(intent_id, '')) > 1 OR count(DISTINCT symbol) > 1 OR "
		  "count(DISTINCT exchange_host) > 1 OR count(DISTINCT account) > 1 OR "
		  "count(DISTINCT signed_at_ms) > 1" },
		/* What an adopted book asks for, because another copy may have sent it, is not known to exist. */
		{ "has an open quantity and is no leg of a list",
		  "SELECT 'order ' || client_order_id FROM orders WHERE is_quantity_open = 1 AND "
		  "(list_id = '' OR purpose NOT IN ('stop', 'target')) AND state NOT IN ('UNKNOWN', 'NEVER_ARRIVED')" },
	};

	verify_begin(v);
	enum status status = check_rules(v, rules, ARRAY_LEN(rules));
	return verify_end(v, "Service", "lists", "rules on lists of orders hold", status);
}

/* ---- stops of LIVE positions ---- */

enum { OPEN_ORDERS_MAX = 16 };        /* a position has a handful: entry, stop, target, an exit */

struct cover {
	struct order orders[OPEN_ORDERS_MAX];
	const struct order *list[OPEN_ORDERS_MAX];
	size_t count;
	bool is_under_way;                /* an open order that is, or may become, protection or the exit */
};

static bool
add_cover(void *self, const struct order *order)
{
	struct cover *cover = self;

	cover->is_under_way |= order->purpose != PURPOSE_TARGET;
	cover->orders[cover->count] = *order;
	cover->list[cover->count] = &cover->orders[cover->count];
	return ++cover->count < OPEN_ORDERS_MAX;
}

/* Without the symbol's rules all that is held has to be covered. */
static enum status
look_at_stop(struct verifier *v, const struct operation *op, struct cover *cover, bool *ret_rests)
{
	const struct order_query open = {
		.intent_id = op->intent_id[0] != '\0' ? op->intent_id : NULL,
		.operation_id = op->intent_id[0] != '\0' ? 0 : op->id, .only_open = true
	};
	struct symbol_rules rules = { .lot_step = DECIMAL_ZERO };
	enum status status = store_orders(v->store, &open, add_cover, cover, v->err);

	if (status == STATUS_OK)
		status = store_rules_find(v->store, op->feed, op->symbol, &rules, v->err);
	if (status == STATUS_NOT_FOUND) {
		error_clear(v->err);
		status = STATUS_OK;
	}
	*ret_rests = protection_state(op, cover->list, cover->count, rules.lot_step, false) == PROTECTION_EXCH;
	return status;
}

static bool
check_stop(void *self, const struct operation *op)
{
	struct verifier *v = self;
	struct cover cover = { .count = 0 };
	bool rests = false;

	if (op->mode != MODE_LIVE)
		return true;
	v->looked_at++;
	v->health.live_operations++;
	v->status = look_at_stop(v, op, &cover, &rests);
	v->health.live_stops_resting += rests;
	if (v->status == STATUS_OK && !rests && !cover.is_under_way && op->alarm[0] == '\0' &&
	    op->exit_wish.reason == EXIT_NONE)
		verify_wrong(v, "operation %" PRId64 " is LIVE without a stop, and no alarm says so", op->id);
	return v->status == STATUS_OK;
}

enum status
verify_stops(struct verifier *v)
{
	const struct operation_query active = { .has_status = true, .status = OPERATION_ACTIVE };

	verify_begin(v);
	enum status status = store_operations(v->store, &active, check_stop, v, v->err);
	char things[80];
	text_format(things, sizeof(things), "LIVE operations are open; of %" PRId64 " the stop was seen resting",
	            v->health.live_stops_resting);
	return verify_end(v, "Service", "stops", things, status);
}

/* ---- ids ---- */

enum status
verify_ids(struct verifier *v)
{
	static const struct rule rules[] = {
		{ "does not have the newest of its ids",
		  "SELECT 'book ' || n FROM books WHERE id IS NOT (SELECT id FROM book_ids WHERE "
		  "book_ids.client_id = books.client_id AND book_ids.mode = books.mode ORDER BY n DESC LIMIT 1)" },
		{ "begins like another one",
		  "SELECT 'id ' || max(id) FROM book_ids GROUP BY substr(id, 1, 8) HAVING count(*) > 1" },
		{ "has a number that does not follow",
		  "SELECT 'machine ' || n FROM machines WHERE n > (SELECT count(*) FROM machines)" },
	};

	verify_begin(v);
	enum status status = check_rules(v, rules, ARRAY_LEN(rules));
	return verify_end(v, "Schema", "ids", "rules on the books' ids and machines hold", status);
}

/* ---- blockers ---- */

static bool
count_blocker(void *self, const struct blocker *blocker)
{
	struct verifier *v = self;

	v->looked_at++;
	v->health.open_blockers += blocker->resolved_at_ms == 0;
	if (blocker->last_seen_ms < blocker->first_seen_ms || blocker->looks < 1 ||
	    (blocker->resolved_at_ms == 0) != (blocker->resolved_by[0] == '\0'))
		verify_wrong(v, "blocker %" PRId64 " contradicts itself", blocker->n);
	return true;
}

/* That somebody has to look at one is no fault of the book's. */
enum status
verify_blockers(struct verifier *v)
{
	const struct blocker_query all = { 0 };
	char things[80];

	verify_begin(v);
	enum status status = store_blockers(v->store, &all, count_blocker, v, v->err);
	text_format(things, sizeof(things), "blockers; %" PRId64 " wait for a person", v->health.open_blockers);
	return verify_end(v, "Service", "blockers", things, status);
}
