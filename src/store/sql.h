/* Inside the store's room: the connection, statements that are prepared once, and records as lists
 * of columns, so that a record's columns are written down in one place only. */
#ifndef STORE_SQL_H
#define STORE_SQL_H

#include <sqlite3.h>
#include "base/text.h"
#include "store/schema.h"
#include "store/store.h"

#define CLEANUP(fn) __attribute__((cleanup(fn)))

enum { STATEMENT_SLOTS = 256 };
struct statement {
	char *sql;                        /* owned; NULL: the slot is free */
	uint32_t hash;
	sqlite3_stmt *stmt;
};

struct store {
	sqlite3 *db;
	char *path;
	bool readonly;
	bool in_transaction;              /* we said BEGIN; SQLite may have rolled back by itself */
	bool is_reading;                  /* ... and it is one for reading only */
	struct statement statements[STATEMENT_SLOTS];
	struct text sql;                  /* for putting statements together */
	/* The audit trail's last event that this connection appended and committed or will. */
	int64_t head_seq;                 /* 0: none in this transaction */
	char head_hash[EVENT_HASH_SIZE];
};

struct store_options {
	const char *vfs;                  /* NULL: the system's */
	struct migrations migrations;
	bool is_plain;                    /* neither migrated nor made: for looking into a file */
};
/* store_open with what only tests and restore change. */
MUST_USE enum status store_open_with(const char *path, bool readonly, int64_t now_ms,
                                     const struct store_options *options, struct store **ret,
                                     bool *ret_is_new, struct error *err);

/* ---- errors ---- */

/* The status for a SQLite code, with a message that begins with what was tried. */
enum status sql_error(struct store *store, int code, const char *what, struct error *err);

/* sqlite3_open_v2 of a plain file name.  *ret is to be closed even after a failure. */
int sql_open(const char *path, int flags, const char *vfs, sqlite3 **ret);
/* The same for looking at a file that nobody changes: nothing is made beside it. */
int sql_open_still(const char *path, const char *vfs, sqlite3 **ret);

/* ---- statements ---- */

struct query {
	struct store *store;
	sqlite3_stmt *stmt;
	bool is_owned;                    /* prepared for this use alone; its twin is busy */
	int code;                         /* the first binding that failed */
};
/* sql is copied when it is new; the same text finds the same statement again. */
MUST_USE enum status query_open(struct store *store, const char *sql, struct query *ret,
                                struct error *err);
void query_done(struct query *query);                     /* also for CLEANUP; accepts a zeroed one */
void query_int(struct query *query, const char *name, int64_t value);
void query_text(struct query *query, const char *name, const char *value);   /* not copied */
void query_decimal(struct query *query, const char *name, struct decimal value);
MUST_USE enum status query_step(struct query *query, bool *ret_row, const char *what, struct error *err);
/* For statements that change something: to the end, and how many rows it changed. */
MUST_USE enum status query_run(struct query *query, int64_t *ret_changes, const char *what,
                               struct error *err);
int64_t query_get_int(struct query *query, int column);
const char *query_get_text(struct query *query, int column);                 /* never NULL */
MUST_USE enum status query_get_decimal(struct query *query, int column, struct decimal *ret,
                                       struct error *err);
/* One statement without parameters or rows. */
MUST_USE enum status sql_run(struct store *store, const char *sql, const char *what, struct error *err);
/* The first column of the first row; NOT_FOUND if there is none. */
MUST_USE enum status sql_int(struct store *store, const char *sql, int64_t *ret, struct error *err);

/* ---- records ---- */

struct enum_names { const char *(*name)(int value); int count; };

enum column_type {
	COLUMN_TEXT,              /* char array of `size` */
	COLUMN_LINK_TEXT,         /* the same; "" is NULL */
	COLUMN_INT64,
	COLUMN_LINK_INT64,        /* the same; 0 is NULL */
	COLUMN_INT,
	COLUMN_BOOL,
	COLUMN_DECIMAL,
	COLUMN_MAYBE_DECIMAL,     /* NULL unless the bool at `flag` is set */
	COLUMN_ENUM,
	COLUMN_IS_EMPTY           /* 1 if the text at `offset` is ""; written only */
};
struct column {
	const char *name;
	enum column_type type;
	size_t offset, size, flag;
	const struct enum_names *names;
};
struct record {
	const char *table;
	const char *noun;                 /* for messages: "intent" */
	const struct column *columns;
	size_t count;
};

#define MEMBER_SIZE(type, member) sizeof(((type *)0)->member)
#define COLUMN_OF_TEXT(type, name, member) \
	{ name, COLUMN_TEXT, offsetof(type, member), MEMBER_SIZE(type, member), 0, NULL }
#define COLUMN_OF_LINK_TEXT(type, name, member) \
	{ name, COLUMN_LINK_TEXT, offsetof(type, member), MEMBER_SIZE(type, member), 0, NULL }
#define COLUMN_OF_INT64(type, name, member) \
	{ name, COLUMN_INT64, offsetof(type, member), 0, 0, NULL }
#define COLUMN_OF_LINK_INT64(type, name, member) \
	{ name, COLUMN_LINK_INT64, offsetof(type, member), 0, 0, NULL }
#define COLUMN_OF_INT(type, name, member) { name, COLUMN_INT, offsetof(type, member), 0, 0, NULL }
#define COLUMN_OF_BOOL(type, name, member) { name, COLUMN_BOOL, offsetof(type, member), 0, 0, NULL }
#define COLUMN_OF_DECIMAL(type, name, member) \
	{ name, COLUMN_DECIMAL, offsetof(type, member), 0, 0, NULL }
#define COLUMN_OF_MAYBE_DECIMAL(type, name, member, has) \
	{ name, COLUMN_MAYBE_DECIMAL, offsetof(type, member), 0, offsetof(type, has), NULL }
#define COLUMN_OF_ENUM(type, name, member, names) \
	{ name, COLUMN_ENUM, offsetof(type, member), 0, 0, &(names) }
#define COLUMN_OF_IS_EMPTY(type, name, member) \
	{ name, COLUMN_IS_EMPTY, offsetof(type, member), 0, 0, NULL }

/* CONFLICT with the schema's own words where it refuses. */
MUST_USE enum status record_insert(struct store *store, const struct record *record,
                                   const void *object, struct error *err);
/* Insert, or write over the row with the same key (column names, separated by commas). */
MUST_USE enum status record_upsert(struct store *store, const struct record *record,
                                   const char *key, const void *object, struct error *err);
/* UPDATE of every column, ended by `tail` (" WHERE id = :id"), whose parameters are still to be
 * bound, then query_run. */
MUST_USE enum status record_update(struct store *store, const struct record *record,
                                   const void *object, const char *tail, struct query *ret,
                                   struct error *err);
/* SELECT of every column, ended by `tail`; read each row with record_read. */
MUST_USE enum status record_select(struct store *store, const struct record *record,
                                   const char *tail, struct query *ret, struct error *err);
/* Two records side by side: "a JOIN b"'s columns, first those of `first`. */
MUST_USE enum status record_select_two(struct store *store, const struct record *first,
                                       const struct record *second, const char *tail,
                                       struct query *ret, struct error *err);
/* STATUS_IO if the row holds what this record can't: damage, or a stranger's hand. */
MUST_USE enum status record_read(struct query *query, const struct record *record, int first_column,
                                 void *object, struct error *err);

/* ---- the records ---- */

extern const struct record intent_record, order_record, fill_record, operation_record, trade_record,
	strategy_record, rules_record, check_record, request_record, heartbeat_record, event_record,
	blocker_record, pattern_record;
extern const struct enum_names side_names, mode_names, bias_names, intent_status_names,
	entry_kind_names, stop_origin_names, source_names, size_bound_names, order_state_names,
	order_purpose_names, order_type_names, time_in_force_names, operation_status_names,
	exit_reason_names, verdict_status_names, symbol_status_names, request_kind_names,
	request_state_names, occasion_names, status_names,
	pattern_names, trigger_status_names;
/* False if the text is none of them. */
bool enum_parse(const struct enum_names *names, const char *text, int *ret);

/* ---- transactions that a single call needs ---- */

/* Join the caller's transaction, or begin one that transaction_end commits or rolls back. */
MUST_USE enum status transaction_join(struct store *store, bool *ret_is_own, struct error *err);
MUST_USE enum status transaction_end(struct store *store, bool is_own, enum status status,
                                     struct error *err);

/* ---- what entities do for each other ---- */

void book_make_id(char ret_id[BOOK_ID_SIZE]);
/* What the other book, an older or younger self of this one, was called: nothing if it is another book. */
MUST_USE enum status book_inherit_ids(struct store *store, struct store *from, struct error *err);
/* Nobody's machine any more: somebody has to adopt the book. */
MUST_USE enum status machine_clear(struct store *store, int64_t now_ms, struct error *err);
MUST_USE enum status book_save_realized(struct store *store, const struct book *book, struct error *err);
MUST_USE enum status strategies_seed(struct store *store, int64_t client_id, struct error *err);
MUST_USE enum status strategy_save_record(struct store *store, const struct strategy *strategy,
                                          enum mode mode, struct error *err);

/* ---- the audit trail's head outside the database ---- */

/* PATH.audit-head; false if it can't be read. */
bool head_read(const char *path, int64_t *ret_seq, char ret_hash[EVENT_HASH_SIZE]);
bool head_write(const char *path, int64_t seq, const char *hash);
void head_after_commit(struct store *store);

/* ---- files ---- */

/* path + suffix in memory of its own, or NULL. */
char *path_with(const char *path, const char *suffix);
/* No room for even a little: what fails then fails for that. */
bool store_disk_is_full(const char *path);
/* On a full disk: give a part of the reserve up so that the book can be opened.  False: not full, or
 * nothing left to give. */
bool store_reserve_lend(const char *path);
/* PATH.SUFFIX, or with -2, -3, ... after it if that is taken; -1 too if always_numbered. */
char *path_unused(const char *path, const char *suffix, bool always_numbered);
MUST_USE enum status path_sync_folder(const char *path, struct error *err);
/* The backup itself: from's pages into a new file of this name. */
MUST_USE enum status backup_to(struct store *from, const char *file, struct error *err);
/* integrity_check and foreign_key_check: STATUS_IO with the first complaint. */
MUST_USE enum status database_check(struct store *store, struct error *err);

#endif
