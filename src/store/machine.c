/* The machine that the book lives on.  A copy of the file elsewhere, or the same file put back from a
 * backup, holds the same LIVE operations; only one of them may act.  Rows are only ever added: the
 * last one is in force, and an empty id in it means that the book was restored. */
#include "store/sql.h"

#include <openssl/evp.h>
#include <string.h>
#include <sys/stat.h>

int64_t
store_file_inode(const struct store *store)
{
	struct stat info;

	return stat(store->path, &info) == 0 ? (int64_t)info.st_ino : 0;
}

enum status
store_machine_here(const struct store *store, const char *system_id, struct machine *ret, struct error *err)
{
	struct machine here = { .inode = store_file_inode(store) };
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int len = 0;
	char text[512];

	if (system_id == NULL || system_id[0] == '\0' || !text_format(text, sizeof(text), "robson machine %s", system_id))
		return error_set(err, STATUS_UNAVAILABLE, "this machine has no id (see machine-id(5))");
	if (EVP_Digest(text, strlen(text), digest, &len, EVP_sha256(), NULL) != 1 || len < 32)
		return error_set(err, STATUS_BUG, "the machine's id can't be hashed");
	for (size_t i = 0; i < 32; i++)
		text_format(here.id + 2 * i, 3, "%02x", digest[i]);
	*ret = here;
	return STATUS_OK;
}

static enum status
add(struct store *store, const struct machine *machine, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	enum status status = query_open(store,
		"INSERT INTO machines (n, machine_id, inode, adopted_at_ms, adopted_by) "
		"SELECT coalesce(max(n), 0) + 1, :id, :inode, :now, :actor FROM machines", &query, err);

	if (status != STATUS_OK)
		return status;
	query_text(&query, ":id", machine->id);
	query_int(&query, ":inode", machine->inode);
	query_int(&query, ":now", machine->adopted_at_ms);
	query_text(&query, ":actor", machine->adopted_by);
	return query_run(&query, NULL, "recording the book's machine", err);
}

enum status
store_machine_save(struct store *store, const struct machine *machine, struct error *err)
{
	if (machine->id[0] == '\0' || machine->adopted_by[0] == '\0')
		return error_set(err, STATUS_INVALID, "a book is adopted by somebody, on a machine that has an id");
	return add(store, machine, err);
}

enum status
machine_clear(struct store *store, int64_t now_ms, struct error *err)
{
	const struct machine nowhere = { .adopted_at_ms = now_ms, .adopted_by = "store" };

	return add(store, &nowhere, err);
}

enum status
store_machine_find(struct store *store, struct machine *ret, bool *ret_was_restored, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	struct machine machine = { .inode = 0 };
	bool row;
	enum status status = query_open(store, "SELECT machine_id, inode, adopted_at_ms, adopted_by "
	                                "FROM machines ORDER BY n DESC LIMIT 1", &query, err);

	if (status == STATUS_OK)
		status = query_step(&query, &row, "reading the book's machine", err);
	if (status != STATUS_OK)
		return status;
	if (ret_was_restored != NULL)
		*ret_was_restored = row && *query_get_text(&query, 0) == '\0';
	if (!row || *query_get_text(&query, 0) == '\0')
		return error_set(err, STATUS_NOT_FOUND, row ? "the book was restored and adopted by nobody"
		                                            : "the book was adopted by no machine yet");
	if (!text_copy(machine.id, sizeof(machine.id), query_get_text(&query, 0)))
		return error_set(err, STATUS_IO, "the id of the book's machine can't be read");
	machine.inode = query_get_int(&query, 1);
	machine.adopted_at_ms = query_get_int(&query, 2);
	text_copy(machine.adopted_by, sizeof(machine.adopted_by), query_get_text(&query, 3));
	*ret = machine;
	return STATUS_OK;
}

enum status
store_live_business(struct store *store, int64_t *ret_count, struct error *err)
{
	return sql_int(store, "SELECT (SELECT count(*) FROM operations WHERE status = 'ACTIVE' AND mode = 'LIVE') "
	               "+ (SELECT count(*) FROM orders WHERE mode = 'LIVE' AND state IN ('PENDING', 'SENT', "
	               "'UNKNOWN', 'PENDING_NEW', 'NEW', 'PARTIALLY_FILLED'))", ret_count, err);
}
