/* The reports of validations and executions, check by check. */
#include "store/sql.h"

#include <string.h>

static enum status
insert_check(struct store *store, int64_t report, int position, const struct verdict *verdict,
             struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	enum status status = query_open(store,
		"INSERT INTO report_checks (report, position, name, status, code, message, details) "
		"VALUES (:report, :position, :name, :status, :code, :message, :details)", &query, err);

	if (status != STATUS_OK)
		return status;
	query_int(&query, ":report", report);
	query_int(&query, ":position", position);
	query_text(&query, ":name", verdict->name);
	query_text(&query, ":status", verdict_status_name(verdict->status));
	query_text(&query, ":code", verdict->code);
	query_text(&query, ":message", verdict->message);
	query_text(&query, ":details", verdict->details);
	return query_run(&query, NULL, "recording the report", err);
}

static enum status
insert_report(struct store *store, const char *intent_id, enum guard_occasion occasion, int64_t now_ms,
              const struct report *report, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	enum status status = query_open(store,
		"INSERT INTO reports (intent_id, occasion, at_ms, passed, warnings, failures, missing, "
		"missing_text) VALUES (:intent, :occasion, :at, :passed, :warnings, :failures, :missing, "
		":missing_text)", &query, err);

	if (status != STATUS_OK)
		return status;
	query_text(&query, ":intent", intent_id);
	query_text(&query, ":occasion", occasion_names.name((int)occasion));
	query_int(&query, ":at", now_ms);
	query_int(&query, ":passed", report->passed);
	query_int(&query, ":warnings", report->warnings);
	query_int(&query, ":failures", report->failures);
	query_int(&query, ":missing", report->missing);
	query_text(&query, ":missing_text", report->missing_text);
	status = query_run(&query, NULL, "recording the report", err);
	int64_t id = sqlite3_last_insert_rowid(store->db);
	for (int i = 0; status == STATUS_OK && i < report->count && i < REPORT_MAX; i++)
		status = insert_check(store, id, i, &report->checks[i], err);
	return status;
}

enum status
store_report_insert(struct store *store, const char *intent_id, enum guard_occasion occasion,
                    int64_t now_ms, const struct report *report, struct error *err)
{
	bool is_own;
	enum status status = transaction_join(store, &is_own, err);

	if (status != STATUS_OK)
		return status;
	status = insert_report(store, intent_id, occasion, now_ms, report, err);
	return transaction_end(store, is_own, status, err);
}

static enum status
read_checks(struct store *store, int64_t id, struct report *report, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	bool row;
	enum status status = query_open(store, "SELECT name, status, code, message, details "
	                                "FROM report_checks WHERE report = :report ORDER BY position",
	                                &query, err);

	if (status != STATUS_OK)
		return status;
	query_int(&query, ":report", id);
	while ((status = query_step(&query, &row, "reading the report", err)) == STATUS_OK && row) {
		struct verdict verdict = { 0 };
		int verdict_status;
		if (report->count == REPORT_MAX ||
		    !enum_parse(&verdict_status_names, query_get_text(&query, 1), &verdict_status))
			return error_set(err, STATUS_IO, "the book's report %lld can't be read", (long long)id);
		verdict.status = (enum verdict_status)verdict_status;
		text_copy(verdict.name, sizeof(verdict.name), query_get_text(&query, 0));
		text_copy(verdict.code, sizeof(verdict.code), query_get_text(&query, 2));
		text_copy(verdict.message, sizeof(verdict.message), query_get_text(&query, 3));
		text_copy(verdict.details, sizeof(verdict.details), query_get_text(&query, 4));
		report->checks[report->count++] = verdict;
	}
	return status;
}

enum status
store_report_latest(struct store *store, const char *intent_id, enum guard_occasion occasion,
                    struct report *ret, int64_t *ret_at_ms, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	struct report report = { .count = 0 };
	bool row;
	enum status status = query_open(store,
		"SELECT n, at_ms, passed, warnings, failures, missing, missing_text FROM reports "
		"WHERE intent_id = :intent AND occasion = :occasion ORDER BY n DESC LIMIT 1", &query, err);

	if (status != STATUS_OK)
		return status;
	query_text(&query, ":intent", intent_id);
	query_text(&query, ":occasion", occasion_names.name((int)occasion));
	status = query_step(&query, &row, "reading the report", err);
	if (status != STATUS_OK)
		return status;
	if (!row)
		return error_set(err, STATUS_NOT_FOUND, "intent %s has no report of that kind", intent_id);
	report.passed = (int)query_get_int(&query, 2);
	report.warnings = (int)query_get_int(&query, 3);
	report.failures = (int)query_get_int(&query, 4);
	report.missing = (unsigned)query_get_int(&query, 5);
	text_copy(report.missing_text, sizeof(report.missing_text), query_get_text(&query, 6));
	status = read_checks(store, query_get_int(&query, 0), &report, err);
	if (status != STATUS_OK)
		return status;
	*ret = report;
	if (ret_at_ms != NULL)
		*ret_at_ms = query_get_int(&query, 1);
	return STATUS_OK;
}
