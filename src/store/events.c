/* The audit trail: append-only and hash-chained.
 *
 * hash = SHA-256, in hex, over these fields as netstrings (length in bytes, ':', bytes, ','), numbers
 * in decimal, in this order: seq, at_ms, client_id, actor, kind, intent_id, operation_id,
 * client_order_id, summary, data, previous_hash.  What is missing is "" or 0; the first event's
 * previous_hash is 64 zeros.
 *
 * The last event's seq and hash also stand in FILE.audit-head, written after the commit: a tail that
 * was cut off is noticed there.  A crash between the two leaves that file behind the database, which
 * is no news; it is never moved onto a chain that does not hold what it names. */
#include "store/sql.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/json_out.h"

static const char zero_hash[] = "0000000000000000000000000000000000000000000000000000000000000000";

#define E struct event
static const struct column columns[] = {             /* data, which is no array, is read after them */
	COLUMN_OF_INT64(E, "seq", seq),
	COLUMN_OF_INT64(E, "at_ms", at_ms),
	COLUMN_OF_INT64(E, "client_id", client_id),
	COLUMN_OF_TEXT(E, "actor", actor),
	COLUMN_OF_TEXT(E, "kind", kind),
	COLUMN_OF_LINK_TEXT(E, "intent_id", intent_id),
	COLUMN_OF_LINK_INT64(E, "operation_id", operation_id),
	COLUMN_OF_TEXT(E, "client_order_id", client_order_id),
	COLUMN_OF_TEXT(E, "summary", summary),
	COLUMN_OF_TEXT(E, "previous_hash", previous_hash),
	COLUMN_OF_TEXT(E, "hash", hash),
};
#undef E
const struct record event_record = { "events", "event", columns, ARRAY_LEN(columns) };
/* For verifying: the same, as raw columns. */
static const char raw_columns[] = "SELECT seq, at_ms, client_id, actor, kind, coalesce(intent_id, ''), "
	"coalesce(operation_id, 0), client_order_id, summary, data, previous_hash, hash FROM events";
enum { RAW_HASHED = 11 };

/* ---- hashing ---- */

static void
add_netstring(struct text *text, const char *bytes, size_t len)
{
	text_appendf(text, "%zu:", len);
	text_append_len(text, bytes, len);
	text_append(text, ",");
}

static enum status
sha256_hex(const struct text *text, char ret_hash[EVENT_HASH_SIZE], struct error *err)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	if (text->failed || text->data == NULL)
		return error_set(err, STATUS_NO_MEMORY, "hashing the event: no memory");
	if (EVP_Digest(text->data, text->len, digest, &len, EVP_sha256(), NULL) != 1 ||
	    2 * len + 1 != EVENT_HASH_SIZE)
		return error_set(err, STATUS_BUG, "hashing the event failed");
	for (unsigned i = 0; i < len; i++)
		text_format(ret_hash + 2 * (size_t)i, 3, "%02x", digest[i]);
	return STATUS_OK;
}

static void
add_int(struct text *text, int64_t value)
{
	char digits[24];

	text_format(digits, sizeof(digits), "%" PRId64, value);
	add_netstring(text, digits, strlen(digits));
}

static enum status
hash_event(const struct event *event, char ret_hash[EVENT_HASH_SIZE], struct error *err)
{
	struct text text;

	text_init(&text);
	add_int(&text, event->seq);
	add_int(&text, event->at_ms);
	add_int(&text, event->client_id);
	add_netstring(&text, event->actor, strlen(event->actor));
	add_netstring(&text, event->kind, strlen(event->kind));
	add_netstring(&text, event->intent_id, strlen(event->intent_id));
	add_int(&text, event->operation_id);
	add_netstring(&text, event->client_order_id, strlen(event->client_order_id));
	add_netstring(&text, event->summary, strlen(event->summary));
	add_netstring(&text, event->data, strlen(event->data));
	add_netstring(&text, event->previous_hash, strlen(event->previous_hash));
	enum status status = sha256_hex(&text, ret_hash, err);
	text_done(&text);
	return status;
}

/* ---- appending ---- */

static enum status
read_head(struct store *store, int64_t *ret_seq, char ret_hash[EVENT_HASH_SIZE], struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	bool row;
	enum status status = query_open(store, "SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1",
	                                &query, err);

	if (status == STATUS_OK)
		status = query_step(&query, &row, "reading the audit trail", err);
	if (status != STATUS_OK)
		return status;
	*ret_seq = row ? query_get_int(&query, 0) : 0;
	text_copy(ret_hash, EVENT_HASH_SIZE, row ? query_get_text(&query, 1) : zero_hash);
	return STATUS_OK;
}

/* An event is never refused for the form of its numbers: what is no JSON is kept as a JSON string. */
static enum status
make_json(struct store *store, const char *data, struct text *text, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	bool row;

	if (data == NULL || *data == '\0')
		data = "{}";
	enum status status = query_open(store, "SELECT json_valid(:data)", &query, err);
	if (status != STATUS_OK)
		return status;
	query_text(&query, ":data", data);
	status = query_step(&query, &row, "recording the event", err);
	if (status != STATUS_OK)
		return status;
	if (query_get_int(&query, 0) == 1) {
		text_append(text, data);
	} else {
		struct json_out json;
		json_out_init(&json, text);
		json_text(&json, NULL, data);
	}
	return text->failed ? error_set(err, STATUS_NO_MEMORY, "recording the event: no memory") : STATUS_OK;
}

static enum status
insert_event(struct store *store, const struct event *event, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	enum status status = query_open(store,
		"INSERT INTO events (seq, at_ms, client_id, actor, kind, intent_id, operation_id, "
		"client_order_id, summary, data, previous_hash, hash) VALUES (:seq, :at, :client, :actor, "
		":kind, nullif(:intent, ''), nullif(:operation, 0), :order, :summary, :data, :previous, :hash)",
		&query, err);

	if (status != STATUS_OK)
		return status;
	query_int(&query, ":seq", event->seq);
	query_int(&query, ":at", event->at_ms);
	query_int(&query, ":client", event->client_id);
	query_text(&query, ":actor", event->actor);
	query_text(&query, ":kind", event->kind);
	query_text(&query, ":intent", event->intent_id);
	query_int(&query, ":operation", event->operation_id);
	query_text(&query, ":order", event->client_order_id);
	query_text(&query, ":summary", event->summary);
	query_text(&query, ":data", event->data);
	query_text(&query, ":previous", event->previous_hash);
	query_text(&query, ":hash", event->hash);
	return query_run(&query, NULL, "recording the event", err);
}

enum status
store_event_append(struct store *store, struct event *event, struct error *err)
{
	struct event made = *event;
	struct text data;

	if (!store->in_transaction || store->is_reading)
		return error_set(err, STATUS_BUG, "an event belongs to the transaction that it tells of");
	text_init(&data);
	enum status status = make_json(store, event->data, &data, err);
	if (status == STATUS_OK)
		status = read_head(store, &made.seq, made.previous_hash, err);
	if (status == STATUS_OK) {
		made.seq++;
		made.data = data.data;
		status = hash_event(&made, made.hash, err);
	}
	if (status == STATUS_OK)
		status = insert_event(store, &made, err);
	if (status == STATUS_OK) {
		made.data = event->data;
		*event = made;
		store->head_seq = made.seq;
		text_copy(store->head_hash, sizeof(store->head_hash), made.hash);
	}
	text_done(&data);
	return status;
}

/* ---- the head outside the database: "SEQ HASH\n", the seq in 20 digits ---- */

enum { HEAD_SIZE = 20 + 1 + 64 + 1 };

bool
head_read(const char *path, int64_t *ret_seq, char ret_hash[EVENT_HASH_SIZE])
{
	char line[HEAD_SIZE + 1] = "", *name = path_with(path, ".audit-head"), *end;
	int fd = name != NULL ? open(name, O_RDONLY | O_CLOEXEC) : -1;

	free(name);
	if (fd < 0)
		return false;
	ssize_t got = read(fd, line, HEAD_SIZE);
	close(fd);
	if (got != HEAD_SIZE || line[20] != ' ' || line[HEAD_SIZE - 1] != '\n')
		return false;
	long long seq = strtoll(line, &end, 10);
	if (end != line + 20 || seq < 0)
		return false;
	line[HEAD_SIZE - 1] = '\0';
	*ret_seq = seq;
	return text_copy(ret_hash, EVENT_HASH_SIZE, line + 21) &&
	       strspn(ret_hash, "0123456789abcdef") == EVENT_HASH_SIZE - 1;
}

/* In place and without fsync: it is a witness, not a record, and must cost a commit nothing. */
bool
head_write(const char *path, int64_t seq, const char *hash)
{
	char line[HEAD_SIZE + 1], *name = path_with(path, ".audit-head");
	int fd = name != NULL ? open(name, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600) : -1;

	free(name);
	if (fd < 0)
		return false;
	text_format(line, sizeof(line), "%020" PRId64 " %s\n", seq, hash);
	bool good = pwrite(fd, line, HEAD_SIZE, 0) == HEAD_SIZE;
	close(fd);
	return good;
}

static enum status
hash_of_seq(struct store *store, int64_t seq, char ret_hash[EVENT_HASH_SIZE])
{
	CLEANUP(query_done) struct query query = { .store = store };
	bool row;
	enum status status = query_open(store, "SELECT hash FROM events WHERE seq = :seq", &query, NULL);

	if (status != STATUS_OK)
		return status;
	query_int(&query, ":seq", seq);
	status = query_step(&query, &row, "reading the audit trail", NULL);
	if (status != STATUS_OK)
		return status;
	if (!row)
		return STATUS_NOT_FOUND;
	text_copy(ret_hash, EVENT_HASH_SIZE, query_get_text(&query, 0));
	return STATUS_OK;
}

/* A head that names what this chain does not hold is evidence: it is left as it is.  One that is
 * ahead is another process's that was faster. */
void
head_after_commit(struct store *store)
{
	char seen[EVENT_HASH_SIZE], ours[EVENT_HASH_SIZE];
	int64_t seq;

	if (strcmp(store->path, ":memory:") == 0)
		return;
	if (head_read(store->path, &seq, seen) && seq > 0) {
		if (seq >= store->head_seq || hash_of_seq(store, seq, ours) != STATUS_OK ||
		    strcmp(seen, ours) != 0)
			return;
	}
	(void)head_write(store->path, store->head_seq, store->head_hash);
}

/* ---- reading ---- */

static const char *
conditions_of(const struct event_query *what, char *buffer, size_t size)
{
	const char *story = "";

	/* A trade's story is whole only with both: the plan and what came of it. */
	if (what->operation_id != 0)
		story = " AND (operation_id = :operation OR intent_id = (SELECT intent_id FROM operations "
		        "WHERE id = :operation))";
	else if (what->intent_id != NULL)
		story = " AND (intent_id = :intent OR operation_id = (SELECT id FROM operations "
		        "WHERE intent_id = :intent))";
	text_format(buffer, size, ", data FROM events WHERE seq > :after%s%s ORDER BY seq%s LIMIT :limit",
	            what->client_id != 0 ? " AND +client_id = :client" : "", story,
	            what->newest_first ? " DESC" : "");
	return buffer;
}

enum status
store_events(struct store *store, const struct event_query *what, store_event_fn each, void *self,
             struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	char tail[400];
	bool row;

	text_reset(&store->sql);
	text_append(&store->sql, "SELECT ");
	for (size_t i = 0; i < ARRAY_LEN(columns); i++)
		text_appendf(&store->sql, "%s%s", i > 0 ? ", " : "", columns[i].name);
	text_append(&store->sql, conditions_of(what, tail, sizeof(tail)));
	if (store->sql.failed)
		return error_set(err, STATUS_NO_MEMORY, "reading the audit trail: no memory");
	enum status status = query_open(store, store->sql.data, &query, err);
	if (status != STATUS_OK)
		return status;
	query_int(&query, ":after", what->after_seq);
	if (what->client_id != 0)
		query_int(&query, ":client", what->client_id);
	if (what->operation_id != 0)
		query_int(&query, ":operation", what->operation_id);
	else if (what->intent_id != NULL)
		query_text(&query, ":intent", what->intent_id);
	query_int(&query, ":limit", what->limit > 0 ? what->limit : -1);
	while ((status = query_step(&query, &row, "reading the audit trail", err)) == STATUS_OK && row) {
		struct event event = { 0 };
		status = record_read(&query, &event_record, 0, &event, err);
		event.data = query_get_text(&query, (int)ARRAY_LEN(columns));
		if (status != STATUS_OK || !each(self, &event))
			break;
	}
	return status;
}

/* ---- verifying ---- */

/* From the raw columns, bytes as they are, so that nothing that was changed can hide in a copy. */
static enum status
hash_row(struct query *query, char ret_hash[EVENT_HASH_SIZE], struct error *err)
{
	struct text text;

	text_init(&text);
	for (int i = 0; i < RAW_HASHED; i++) {
		const char *bytes = query_get_text(query, i);
		add_netstring(&text, bytes, (size_t)sqlite3_column_bytes(query->stmt, i));
	}
	enum status status = sha256_hex(&text, ret_hash, err);
	text_done(&text);
	return status;
}

static void
broken(struct chain_result *result, int64_t seq, const char *what)
{
	result->ok = false;
	result->broken_seq = seq;
	text_format(result->what, sizeof(result->what), "event %" PRId64 " %s", seq, what);
}

/* The chain itself; head_at is the hash of the event whose seq is head_seq, if there is one. */
static enum status
walk(struct store *store, struct chain_result *result, int64_t head_seq, char head_at[EVENT_HASH_SIZE],
     struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	char previous[EVENT_HASH_SIZE], hash[EVENT_HASH_SIZE], sql[400];
	bool row;

	text_copy(previous, sizeof(previous), zero_hash);
	text_format(sql, sizeof(sql), "%s ORDER BY seq", raw_columns);
	enum status status = query_open(store, sql, &query, err);
	if (status != STATUS_OK)
		return status;
	while ((status = query_step(&query, &row, "verifying the audit trail", err)) == STATUS_OK && row) {
		int64_t seq = query_get_int(&query, 0);
		status = hash_row(&query, hash, err);
		if (status != STATUS_OK)
			return status;
		if (seq != result->length + 1) {
			broken(result, result->length + 1, "is missing");
			return STATUS_OK;
		}
		result->length = seq;
		bool is_changed = strcmp(hash, query_get_text(&query, 11)) != 0;
		if (strcmp(previous, query_get_text(&query, 10)) != 0) {
			broken(result, seq, is_changed ? "was changed: its hash and its predecessor's do not fit"
			       : "does not follow the one before it: one of the two was changed, moved or put in");
			return STATUS_OK;
		}
		if (is_changed) {
			broken(result, seq, "was changed: its content does not give its hash");
			return STATUS_OK;
		}
		text_copy(previous, sizeof(previous), hash);
		if (seq == head_seq)
			text_copy(head_at, EVENT_HASH_SIZE, hash);
	}
	return status;
}

enum status
store_verify_chain(struct store *store, struct chain_result *ret, struct error *err)
{
	struct chain_result result = { .ok = true };
	char head[EVENT_HASH_SIZE], head_at[EVENT_HASH_SIZE] = "";
	int64_t head_seq = 0;
	/* Read before the walk: an event that arrives meanwhile only makes it older. */
	bool has_head = head_read(store->path, &head_seq, head);
	enum status status = walk(store, &result, head_seq, head_at, err);

	if (status != STATUS_OK)
		return status;
	/* Inside a transaction for reading the head may be newer than what it sees. */
	bool sees_all = !(store->in_transaction && store->is_reading);
	if (result.ok && has_head && sees_all && head_seq > result.length)
		broken(&result, result.length + 1, "is missing at the end: the head beside the database names it");
	else if (result.ok && has_head && head_seq > 0 && head_seq <= result.length &&
	         strcmp(head, head_at) != 0)
		broken(&result, head_seq, "is not the one that the head beside the database names");
	result.has_head = has_head || result.length == 0;
	if (result.ok)
		text_format(result.what, sizeof(result.what), "%" PRId64 " events, every one follows the one "
		            "before it%s", result.length,
		            result.has_head ? "" : "; the head beside the database is missing, "
		            "so a removed end would not be noticed");
	*ret = result;
	return STATUS_OK;
}
