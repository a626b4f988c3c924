/* The catalogue of strategies.  A strategy's record is written by booking a trade and by nothing
 * else: an edit leaves it alone, so that an old copy can't undo a trade. */
#include "store/sql.h"

#define S struct strategy
#define RECORD_COLUMNS(prefix, at) \
	COLUMN_OF_INT64(S, prefix "_trades", record[at].trades), \
	COLUMN_OF_INT64(S, prefix "_wins", record[at].wins), \
	COLUMN_OF_DECIMAL(S, prefix "_net_pnl", record[at].net_pnl), \
	COLUMN_OF_DECIMAL(S, prefix "_peak", record[at].peak)
static const struct column columns[] = {
	COLUMN_OF_LINK_INT64(S, "id", id),           /* NULL at birth: SQLite gives it */
	COLUMN_OF_INT64(S, "client_id", client_id),
	COLUMN_OF_TEXT(S, "name", name),
	COLUMN_OF_TEXT(S, "description", description),
	COLUMN_OF_TEXT(S, "config", config),
	COLUMN_OF_ENUM(S, "bias", bias, bias_names),
	COLUMN_OF_BOOL(S, "is_active", is_active),
	COLUMN_OF_MAYBE_DECIMAL(S, "risk_percent", risk_percent, has_risk_percent),
	COLUMN_OF_MAYBE_DECIMAL(S, "max_drawdown_percent", max_drawdown_percent, has_max_drawdown_percent),
	COLUMN_OF_MAYBE_DECIMAL(S, "stop_loss_percent", stop_loss_percent, has_stop_loss_percent),
	COLUMN_OF_MAYBE_DECIMAL(S, "max_position_percent", max_position_percent, has_max_position_percent),
	COLUMN_OF_INT64(S, "created_at_ms", created_at_ms),
	RECORD_COLUMNS("dry_run", 0),
	RECORD_COLUMNS("live", 1),
};
enum { RECORD_COLUMN_COUNT = 4 };
#undef S
const struct record strategy_record = { "strategies", "strategy", columns, ARRAY_LEN(columns) };
static const struct record edited_record = {
	"strategies", "strategy", columns, ARRAY_LEN(columns) - 2 * RECORD_COLUMN_COUNT
};

enum status
store_strategy_find(struct store *store, int64_t client_id, const char *name, struct strategy *ret,
                    struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	struct strategy strategy;
	bool row;
	enum status status = record_select(store, &strategy_record,
	                                   " WHERE client_id = :client AND name = :name", &query, err);

	if (status != STATUS_OK)
		return status;
	query_int(&query, ":client", client_id);
	query_text(&query, ":name", name);
	status = query_step(&query, &row, "looking for the strategy", err);
	if (status != STATUS_OK)
		return status;
	if (!row) {
		error_set(err, STATUS_NOT_FOUND, "there is no strategy '%s'", name);
		error_hint(err, "`robson strategies' lists them.");
		return STATUS_NOT_FOUND;
	}
	status = record_read(&query, &strategy_record, 0, &strategy, err);
	if (status == STATUS_OK)
		*ret = strategy;
	return status;
}

enum status
store_strategies(struct store *store, int64_t client_id, store_strategy_fn each, void *self,
                 struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	bool row;
	enum status status = record_select(store, &strategy_record, " WHERE client_id = :client ORDER BY id",
	                                   &query, err);

	if (status != STATUS_OK)
		return status;
	query_int(&query, ":client", client_id);
	while ((status = query_step(&query, &row, "listing strategies", err)) == STATUS_OK && row) {
		struct strategy strategy;
		status = record_read(&query, &strategy_record, 0, &strategy, err);
		if (status != STATUS_OK || !each(self, &strategy))
			break;
	}
	return status;
}

enum status
store_strategy_insert(struct store *store, struct strategy *strategy, struct error *err)
{
	struct strategy fresh = *strategy;

	fresh.id = 0;
	fresh.record[0] = fresh.record[1] = (struct track_record){ 0 };
	enum status status = record_insert(store, &strategy_record, &fresh, err);
	if (status == STATUS_OK)
		strategy->id = sqlite3_last_insert_rowid(store->db);
	return status;
}

static enum status
update(struct store *store, const struct record *record, const struct strategy *strategy,
       struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	int64_t changes;
	enum status status = record_update(store, record, strategy, " WHERE id = :strategy", &query, err);

	if (status != STATUS_OK)
		return status;
	query_int(&query, ":strategy", strategy->id);
	status = query_run(&query, &changes, "changing the strategy", err);
	if (status == STATUS_OK && changes == 0)
		return error_set(err, STATUS_NOT_FOUND, "there is no strategy '%s'", strategy->name);
	return status;
}

enum status
store_strategy_update(struct store *store, const struct strategy *strategy, struct error *err)
{
	return update(store, &edited_record, strategy, err);
}

enum status
strategy_save_record(struct store *store, const struct strategy *strategy, enum mode mode,
                     struct error *err)
{
	const struct record record = {
		"strategies", "strategy",
		columns + ARRAY_LEN(columns) - (mode == MODE_DRY_RUN ? 2 : 1) * RECORD_COLUMN_COUNT,
		RECORD_COLUMN_COUNT
	};

	return update(store, &record, strategy, err);
}

/* ---- the seeds ---- */

static bool
seed_percent(const char *text, bool *ret_has, struct decimal *ret)
{
	*ret_has = text != NULL && *text != '\0';
	return !*ret_has || decimal_parse(text, ret) == STATUS_OK;
}

static bool
from_seed(const struct strategy_seed *seed, struct strategy *ret)
{
	struct strategy s = { .is_active = true };
	int bias;
	bool good = text_copy(s.name, sizeof(s.name), seed->name) &&
	            text_copy(s.description, sizeof(s.description), seed->description) &&
	            text_copy(s.config, sizeof(s.config), seed->config) &&
	            enum_parse(&bias_names, seed->bias, &bias) &&
	            seed_percent(seed->risk_percent, &s.has_risk_percent, &s.risk_percent) &&
	            seed_percent(seed->max_drawdown_percent, &s.has_max_drawdown_percent,
	                         &s.max_drawdown_percent) &&
	            seed_percent(seed->stop_loss_percent, &s.has_stop_loss_percent, &s.stop_loss_percent) &&
	            seed_percent(seed->max_position_percent, &s.has_max_position_percent,
	                         &s.max_position_percent);

	if (!good)
		return false;
	s.bias = (enum bias)bias;
	*ret = s;
	return true;
}

enum status
strategies_seed(struct store *store, int64_t client_id, struct error *err)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; status == STATUS_OK && i < strategy_seed_count; i++) {
		struct strategy strategy;
		if (!from_seed(&strategy_seeds[i], &strategy))
			return error_set(err, STATUS_BUG, "the built-in strategy '%s' can't be read",
			                 strategy_seeds[i].name);
		strategy.client_id = client_id;
		status = store_strategy_insert(store, &strategy, err);
	}
	return status;
}
