#include "tests/app/steps.h"

#include "store/sql.h"

static step_fn watcher;
static void *watcher_self;
static struct { bool is_armed, is_for_ever; int countdown; enum status status; } plans[STEP_LOOK + 1];

enum status __real_store_begin(struct store *store, struct error *err);
enum status __real_store_commit(struct store *store, struct error *err);
enum status __wrap_store_begin(struct store *store, struct error *err);
enum status __wrap_store_commit(struct store *store, struct error *err);

static bool is_suspended;

void
steps_suspend(bool suspended)
{
	is_suspended = suspended;
}

void
steps_reset(void)
{
	watcher = NULL;
	is_suspended = false;
	for (size_t i = 0; i < ARRAY_LEN(plans); i++)
		plans[i].is_armed = false;
}

void
watch_steps(step_fn on_step, void *self)
{
	watcher = on_step;
	watcher_self = self;
}

void
fail_steps(enum step step, int countdown, bool for_ever, enum status status)
{
	plans[step].is_armed = countdown > 0;
	plans[step].is_for_ever = for_ever;
	plans[step].countdown = countdown;
	plans[step].status = status;
}

void
steps_reached(enum step step)
{
	if (watcher != NULL && !is_suspended)
		watcher(watcher_self, step);
}

static enum status
fault_at(enum step step)
{
	steps_reached(step);
	if (!plans[step].is_armed || is_suspended)
		return STATUS_OK;
	if (plans[step].countdown > 1) {
		plans[step].countdown--;
		return STATUS_OK;
	}
	plans[step].is_armed = plans[step].is_for_ever;
	return plans[step].status;
}

enum status
__wrap_store_begin(struct store *store, struct error *err)
{
	enum status status = fault_at(STEP_BEGIN);

	if (status != STATUS_OK)
		return error_set(err, status, "the test lets no transaction begin");
	return __real_store_begin(store, err);
}

enum status
__wrap_store_commit(struct store *store, struct error *err)
{
	enum status status = fault_at(STEP_COMMIT);

	if (status != STATUS_OK) {
		store_rollback(store);
		return error_set(err, status, "the test's disk is full");
	}
	status = __real_store_commit(store, err);
	if (status == STATUS_OK)
		steps_reached(STEP_COMMITTED);
	return status;
}

enum status
steps_open_store(const char *path, const char *vfs, int64_t now_ms, struct store **ret, struct error *err)
{
	const struct store_options options = { .vfs = vfs, .migrations = schema_built_in() };

	return store_open_with(path, false, now_ms, &options, ret, NULL, err);
}
