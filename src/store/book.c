/* The client's two books (DRY-RUN and LIVE), its PAUSED state and LIVE switch, and the base of each
 * month's budget. */
#include "store/sql.h"

static enum status
read_book(struct store *store, int64_t client_id, enum mode mode, bool *ret_there, struct book *ret,
          struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	struct book book = { .client_id = client_id, .mode = mode };
	bool row;
	enum status status = query_open(store,
		"SELECT books.id, realized_net, is_paused, pause_reason, paused_by, paused_at_ms, is_live_on "
		"FROM books JOIN clients ON clients.id = books.client_id "
		"WHERE books.client_id = :client AND mode = :mode", &query, err);

	if (status != STATUS_OK)
		return status;
	query_int(&query, ":client", client_id);
	query_text(&query, ":mode", mode_name(mode));
	status = query_step(&query, &row, "reading the book", err);
	*ret_there = row;
	if (status != STATUS_OK || !row)
		return status;
	text_copy(book.id, sizeof(book.id), query_get_text(&query, 0));
	status = query_get_decimal(&query, 1, &book.realized_net, err);
	if (status != STATUS_OK)
		return status;
	book.is_paused = query_get_int(&query, 2) != 0;
	text_copy(book.pause_reason, sizeof(book.pause_reason), query_get_text(&query, 3));
	text_copy(book.paused_by, sizeof(book.paused_by), query_get_text(&query, 4));
	book.paused_at_ms = query_get_int(&query, 5);
	book.is_live_on = query_get_int(&query, 6) != 0;
	*ret = book;
	return STATUS_OK;
}

static enum status
insert_book(struct store *store, int64_t client_id, enum mode mode, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	char id[BOOK_ID_SIZE];
	enum status status = query_open(store, "INSERT INTO books (client_id, mode, id) "
	                                "VALUES (:client, :mode, :id)", &query, err);

	if (status != STATUS_OK)
		return status;
	book_make_id(id);
	query_int(&query, ":client", client_id);
	query_text(&query, ":mode", mode_name(mode));
	query_text(&query, ":id", id);
	return query_run(&query, NULL, "making the book", err);
}

/* Inside a transaction, which looks again: another process may have been faster. */
static enum status
make_books(struct store *store, int64_t client_id, struct error *err)
{
	struct book book;
	bool there;
	enum status status = read_book(store, client_id, MODE_DRY_RUN, &there, &book, err);

	if (status != STATUS_OK || there)
		return status;
	CLEANUP(query_done) struct query query = { .store = store };
	status = query_open(store, "INSERT INTO clients (id) VALUES (:client)", &query, err);
	if (status != STATUS_OK)
		return status;
	query_int(&query, ":client", client_id);
	status = query_run(&query, NULL, "making the book", err);
	if (status == STATUS_OK)
		status = insert_book(store, client_id, MODE_DRY_RUN, err);
	if (status == STATUS_OK)
		status = insert_book(store, client_id, MODE_LIVE, err);
	return status == STATUS_OK ? strategies_seed(store, client_id, err) : status;
}

enum status
store_book(struct store *store, int64_t client_id, enum mode mode, struct book *ret, struct error *err)
{
	bool there, is_own;

	if (client_id <= 0)
		return error_field(err, STATUS_INVALID, "client", "a client's id is above zero, not %lld",
		                   (long long)client_id);
	enum status status = read_book(store, client_id, mode, &there, ret, err);
	if (status != STATUS_OK || there)
		return status;
	status = transaction_join(store, &is_own, err);
	if (status != STATUS_OK)
		return status;
	status = make_books(store, client_id, err);
	status = transaction_end(store, is_own, status, err);
	if (status == STATUS_OK)
		status = read_book(store, client_id, mode, &there, ret, err);
	if (status == STATUS_OK && !there)
		return error_set(err, STATUS_IO, "client %lld has no book of that mode", (long long)client_id);
	return status;
}

enum status
book_save_realized(struct store *store, const struct book *book, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	enum status status = query_open(store, "UPDATE books SET realized_net = :net "
	                                "WHERE client_id = :client AND mode = :mode", &query, err);

	if (status != STATUS_OK)
		return status;
	query_decimal(&query, ":net", book->realized_net);
	query_int(&query, ":client", book->client_id);
	query_text(&query, ":mode", mode_name(book->mode));
	return query_run(&query, NULL, "changing the book", err);
}

static enum status
run_on_client(struct query *query, int64_t client_id, struct error *err)
{
	int64_t changes;

	query_int(query, ":client", client_id);
	enum status status = query_run(query, &changes, "changing the book", err);
	if (status == STATUS_OK && changes == 0)
		return error_set(err, STATUS_NOT_FOUND, "client %lld has no book yet", (long long)client_id);
	return status;
}

enum status
store_set_paused(struct store *store, int64_t client_id, bool paused, const char *reason,
                 const char *actor, int64_t now_ms, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	enum status status = query_open(store,
		"UPDATE clients SET is_paused = :paused, pause_reason = :reason, paused_by = :actor, "
		"paused_at_ms = :now WHERE id = :client", &query, err);

	if (status != STATUS_OK)
		return status;
	query_int(&query, ":paused", paused);
	query_text(&query, ":reason", paused && reason != NULL ? reason : "");
	query_text(&query, ":actor", paused && actor != NULL ? actor : "");
	query_int(&query, ":now", paused ? now_ms : 0);
	return run_on_client(&query, client_id, err);
}

enum status
store_set_live(struct store *store, int64_t client_id, bool on, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	enum status status = query_open(store, "UPDATE clients SET is_live_on = :on WHERE id = :client",
	                                &query, err);

	if (status != STATUS_OK)
		return status;
	query_int(&query, ":on", on);
	return run_on_client(&query, client_id, err);
}

static enum status
read_month_base(struct store *store, int64_t client_id, enum mode mode, int64_t month_start_ms,
                bool *ret_there, struct decimal *ret, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	enum status status = query_open(store, "SELECT base FROM month_bases WHERE client_id = :client "
	                                "AND mode = :mode AND month_start_ms = :month", &query, err);

	if (status != STATUS_OK)
		return status;
	query_int(&query, ":client", client_id);
	query_text(&query, ":mode", mode_name(mode));
	query_int(&query, ":month", month_start_ms);
	status = query_step(&query, ret_there, "reading the month's base", err);
	return status == STATUS_OK && *ret_there ? query_get_decimal(&query, 0, ret, err) : status;
}

enum status
store_month_base(struct store *store, int64_t client_id, enum mode mode, int64_t month_start_ms,
                 const struct decimal *insert_if_none, struct decimal *ret, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	bool there = false;
	enum status status = read_month_base(store, client_id, mode, month_start_ms, &there, ret, err);

	if (status != STATUS_OK || there)
		return status;
	if (insert_if_none == NULL)
		return error_set(err, STATUS_NOT_FOUND, "nothing was validated in this month yet");
	struct decimal base = *insert_if_none;
	status = query_open(store, "INSERT INTO month_bases (client_id, mode, month_start_ms, base) "
	                    "VALUES (:client, :mode, :month, :base)", &query, err);
	if (status != STATUS_OK)
		return status;
	query_int(&query, ":client", client_id);
	query_text(&query, ":mode", mode_name(mode));
	query_int(&query, ":month", month_start_ms);
	query_decimal(&query, ":base", base);
	status = query_run(&query, NULL, "recording the month's base", err);
	if (status == STATUS_OK)
		*ret = base;
	return status;
}
