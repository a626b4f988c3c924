/* What is built into the program: the migrations of data/schema and the strategies of
 * data/strategies (both turned into C when it is built), and how a database gets its schema. */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include <stddef.h>
#include <stdint.h>
#include "base/error.h"

struct store;

struct migration {
	int version;                      /* 1, 2, ... without gaps */
	const char *name;
	const char *const *lines;         /* SQL, ended by NULL */
};
struct migrations {
	const struct migration *list;
	size_t count;
};
extern const struct migration schema_migrations[];
extern const size_t schema_migration_count;
struct migrations schema_built_in(void);

struct strategy_seed {
	const char *name, *description, *config, *bias;
	const char *risk_percent, *max_drawdown_percent, *stop_loss_percent, *max_position_percent;
};
extern const struct strategy_seed strategy_seeds[];
extern const size_t strategy_seed_count;

/* "Robs": a SQLite file with another id belongs to another program. */
enum { SCHEMA_APPLICATION_ID = 0x526f6273 };

/* What kind of file the open database is. */
enum schema_kind { SCHEMA_NEW, SCHEMA_OURS };
MUST_USE enum status schema_recognise(struct store *store, enum schema_kind *ret_kind,
                                      int *ret_version, struct error *err);

/* Bring it to the newest version: everything in one transaction, a backup beside it first. */
MUST_USE enum status schema_migrate(struct store *store, struct migrations migrations,
                                    int64_t now_ms, struct error *err);
/* Run migrations on an empty database, without a backup; for comparing. */
MUST_USE enum status schema_run(struct store *store, struct migrations migrations, int from_version,
                                int64_t now_ms, struct error *err);

#endif
