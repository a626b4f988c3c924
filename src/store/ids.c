/* The ids of the books.  Client order ids carry the first eight digits, so that a book recognises its
 * own orders on an exchange; an id is never used twice, and every one that a book had is kept. */
#include "store/sql.h"

#include "base/random.h"

void
book_make_id(char ret_id[BOOK_ID_SIZE])
{
	unsigned char bytes[(BOOK_ID_SIZE - 1) / 2];

	random_fill(NULL, bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++)
		text_format(ret_id + 2 * i, 3, "%02x", bytes[i]);
}

/* For the client's book of this mode: 0 changes mean that there is none. */
static enum status
run_with_id(struct store *store, const char *sql, int64_t client_id, enum mode mode, const char *id,
            const int64_t *from_ms, int64_t *ret_changes, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	enum status status = query_open(store, sql, &query, err);

	if (status != STATUS_OK)
		return status;
	query_int(&query, ":client", client_id);
	query_text(&query, ":mode", mode_name(mode));
	query_text(&query, ":id", id);
	if (from_ms != NULL)
		query_int(&query, ":from", *from_ms);
	return query_run(&query, ret_changes, "giving the book a new id", err);
}

/* Recorded first: the schema takes no other id for a book than the newest that is recorded. */
static enum status
take_id(struct store *store, int64_t client_id, enum mode mode, const char *id, int64_t now_ms,
        struct error *err)
{
	int64_t changes = 0;
	enum status status = run_with_id(store, "INSERT INTO book_ids (client_id, mode, id, from_ms) "
		"SELECT client_id, mode, :id, :from FROM books WHERE client_id = :client AND mode = :mode",
		client_id, mode, id, &now_ms, &changes, err);

	if (status == STATUS_OK && changes == 0)
		return error_set(err, STATUS_NOT_FOUND, "client %lld has no book yet", (long long)client_id);
	if (status == STATUS_OK)
		status = run_with_id(store, "UPDATE books SET id = :id WHERE client_id = :client AND mode = :mode",
		                     client_id, mode, id, NULL, NULL, err);
	return status;
}

enum status
store_book_renew_id(struct store *store, int64_t client_id, enum mode mode, int64_t now_ms,
                    char ret_id[BOOK_ID_SIZE], struct error *err)
{
	char id[BOOK_ID_SIZE];
	bool is_own;
	enum status status = transaction_join(store, &is_own, err);

	if (status != STATUS_OK)
		return status;
	book_make_id(id);
	status = take_id(store, client_id, mode, id, now_ms, err);
	status = transaction_end(store, is_own, status, err);
	if (status == STATUS_OK)
		text_copy(ret_id, BOOK_ID_SIZE, id);
	return status;
}

enum status
store_book_ids(struct store *store, int64_t client_id, enum mode mode, store_book_id_fn each, void *self,
               struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	bool row;
	enum status status = query_open(store, "SELECT id, from_ms FROM book_ids WHERE client_id = :client "
	                                "AND mode = :mode ORDER BY n DESC", &query, err);

	if (status != STATUS_OK)
		return status;
	query_int(&query, ":client", client_id);
	query_text(&query, ":mode", mode_name(mode));
	while ((status = query_step(&query, &row, "reading the book's ids", err)) == STATUS_OK && row)
		if (!each(self, query_get_text(&query, 0), query_get_int(&query, 1)))
			break;
	return status;
}

/* ---- those of a book that is replaced by a backup of itself ---- */

static enum status
insert_inherited(struct store *store, struct query *row, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	enum status status = query_open(store, "INSERT INTO book_ids (client_id, mode, id, from_ms) "
		"SELECT :client, :mode, :id, :from WHERE NOT EXISTS "
		"(SELECT 1 FROM book_ids WHERE substr(id, 1, 8) = substr(:id, 1, 8)) AND EXISTS "
		"(SELECT 1 FROM books WHERE client_id = :client AND mode = :mode)", &query, err);

	if (status != STATUS_OK)
		return status;
	query_int(&query, ":client", query_get_int(row, 0));
	query_text(&query, ":mode", query_get_text(row, 1));
	query_text(&query, ":id", query_get_text(row, 2));
	query_int(&query, ":from", query_get_int(row, 3));
	return query_run(&query, NULL, "keeping the book's ids", err);
}

/* One id in common is enough: ids are random. */
static enum status
knows_any(struct store *store, struct query *ids, bool *ret, struct error *err)
{
	enum status status;
	bool row;

	*ret = false;
	while ((status = query_step(ids, &row, "reading the book's ids", err)) == STATUS_OK && row && !*ret) {
		CLEANUP(query_done) struct query query = { .store = store };
		status = query_open(store, "SELECT 1 FROM book_ids WHERE id = :id", &query, err);
		if (status != STATUS_OK)
			return status;
		query_text(&query, ":id", query_get_text(ids, 2));
		status = query_step(&query, ret, "reading the book's ids", err);
		if (status != STATUS_OK)
			return status;
	}
	return status;
}

enum status
book_inherit_ids(struct store *store, struct store *from, struct error *err)
{
	static const char sql[] = "SELECT client_id, mode, id, from_ms FROM book_ids ORDER BY n";
	bool is_same, row;
	enum status status;
	{
		CLEANUP(query_done) struct query ids = { .store = from };
		status = query_open(from, sql, &ids, err);
		if (status == STATUS_OK)
			status = knows_any(store, &ids, &is_same, err);
	}
	if (status != STATUS_OK || !is_same)
		return status;
	CLEANUP(query_done) struct query ids = { .store = from };
	status = query_open(from, sql, &ids, err);
	while (status == STATUS_OK) {
		status = query_step(&ids, &row, "reading the book's ids", err);
		if (status != STATUS_OK || !row)
			break;
		status = insert_inherited(store, &ids, err);
	}
	return status;
}
