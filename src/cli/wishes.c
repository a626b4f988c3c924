/* Stating wishes and waiting for them. */
#include "cli/wishes.h"

#include "base/clock.h"
#include "cli/print.h"

enum status
wish_execute(struct wishing *w, struct error *err)
{
	return desk_wish_execute(w->desk, w->intent, w->live, w->is_acknowledged, w->wait_ms, &w->wish, err);
}

enum status
wish_cancel(struct wishing *w, struct error *err)
{
	return desk_wish_cancel(w->desk, w->intent, w->wait_ms, &w->wish, err);
}

enum status
wish_close(struct wishing *w, struct error *err)
{
	return desk_wish_close(w->desk, w->operation, w->wait_ms, &w->wish, err);
}

enum status
wish_stop(struct wishing *w, struct error *err)
{
	return desk_wish_stop(w->desk, w->operation, w->text, w->widen, w->wait_ms, &w->wish, err);
}

enum status
wish_target(struct wishing *w, struct error *err)
{
	return desk_wish_target(w->desk, w->operation, w->text, w->wait_ms, &w->wish, err);
}

enum status
wish_release(struct wishing *w, struct error *err)
{
	return desk_wish_release(w->desk, w->operation, w->text, w->cancels_protection, w->wait_ms, &w->wish, err);
}

enum status
wish_panic(struct wishing *w, struct error *err)
{
	return desk_wish_panic(w->desk, w->text, w->wait_ms, &w->wish, err);
}

enum status
wish_check(struct wishing *w, struct error *err)
{
	return desk_wish_check(w->desk, w->wait_ms, &w->wish, err);
}

enum status
wish_reconcile(struct wishing *w, struct error *err)
{
	return desk_wish_reconcile(w->desk, w->wait_ms, &w->wish, err);
}

enum status
wish_adopt(struct wishing *w, struct error *err)
{
	return desk_wish_adopt(w->desk, w->wait_ms, &w->wish, err);
}

static enum status
try_wish(void *self, struct error *err)
{
	struct wishing *wishing = self;
	return wishing->state(wishing, err);
}

enum status
wish_and_wait(struct cli *cli, struct wishing *wishing, struct error *err)
{
	wishing->desk = cli->desk;
	wishing->wish = 0;
	if (wishing->wait_ms <= 0)
		wishing->wait_ms = WISH_TIMEOUT_MS;
	enum status status = session_retry(cli->session, try_wish, wishing, err);
	if (status != STATUS_OK || wishing->wish == 0)
		return status;
	return session_wait_wish(cli->session, wishing->wish, wishing->wait_ms, err);
}

/* The book is read again when it changed, or a tenth of a second has gone by. */
struct waiting {
	struct desk *desk;
	const char *intent;
	int64_t operation;
	uint64_t revision;
	int64_t looked_ms;
};

static bool
may_look(struct waiting *waiting)
{
	uint64_t revision = desk_revision(waiting->desk);
	int64_t now_ms = clock_mono_ms();
	if (waiting->looked_ms != 0 && revision == waiting->revision && now_ms - waiting->looked_ms < 100)
		return false;
	waiting->revision = revision;
	waiting->looked_ms = now_ms;
	return true;
}

/* The last price of a tape has been played: nothing more will happen by itself. */
static bool
no_more_prices(struct desk *desk)
{
	struct desk_status_model now;
	desk_status(desk, &now);
	return now.feed.is_ended && desk_is_quiet(desk);
}

static bool
entry_has_ended(void *self)
{
	struct waiting *waiting = self;
	struct intent_model model;
	struct error ignored = { 0 };
	if (!may_look(waiting))
		return false;
	if (desk_intent(waiting->desk, waiting->intent, &model, &ignored) != STATUS_OK)
		return false;
	bool has_ended = model.intent.status != INTENT_EXECUTING;
	intent_model_done(&model);
	return has_ended || no_more_prices(waiting->desk);
}

void
wait_for_entry(struct cli *cli, const char *intent, int64_t timeout_ms)
{
	struct waiting waiting = { .desk = cli->desk, .intent = intent };
	/* The time being up is no failure: the intent says how it stands. */
	if (session_wait(cli->session, entry_has_ended, &waiting, timeout_ms) != STATUS_OK)
		return;
}

static bool
stop_rests(void *self)
{
	struct waiting *waiting = self;
	struct intent_model model;
	struct error ignored = { 0 };
	if (!may_look(waiting))
		return false;
	if (desk_intent(waiting->desk, waiting->intent, &model, &ignored) != STATUS_OK)
		return false;
	bool rests = !model.has_operation || model.operation.op.status != OPERATION_ACTIVE ||
	             model.operation.protection == PROTECTION_EXCH ||
	             model.operation.protection == PROTECTION_EXCH_LOCAL;
	intent_model_done(&model);
	return rests;
}

void
wait_for_protection(struct cli *cli, const char *intent, int64_t timeout_ms)
{
	struct waiting waiting = { .desk = cli->desk, .intent = intent };
	if (session_wait(cli->session, stop_rests, &waiting, timeout_ms) != STATUS_OK)
		return;
}

static bool
position_is_left(void *self)
{
	struct waiting *waiting = self;
	struct operation_model model;
	struct error ignored = { 0 };
	if (!may_look(waiting))
		return false;
	if (desk_operation(waiting->desk, waiting->operation, &model, &ignored) != STATUS_OK)
		return false;
	return model.op.status != OPERATION_ACTIVE || no_more_prices(waiting->desk);
}

void
wait_for_exit(struct cli *cli, int64_t operation, int64_t timeout_ms)
{
	struct waiting waiting = { .desk = cli->desk, .operation = operation };
	if (session_wait(cli->session, position_is_left, &waiting, timeout_ms) != STATUS_OK)
		return;
}

bool
cli_try_price(struct cli *cli, const char *symbol, int64_t timeout_ms)
{
	struct error ignored = { 0 };
	return session_wait_facts(cli->session, symbol, timeout_ms, &ignored) == STATUS_OK;
}

enum status
cli_try_account(struct cli *cli, const char *symbol, struct error *err)
{
	struct error why = { 0 };
	enum status status = session_wait_account(cli->session, symbol, FACTS_TIMEOUT_MS, &why);

	if (status != STATUS_CONFIG)
		return STATUS_OK;
	*err = why;
	return status;
}

int64_t
cli_patience_ms(struct cli *cli, bool has_price, int64_t wait_ms)
{
	enum { LAST_TRY_MS = 1000 };
	struct holder_model holder;
	session_watcher(cli->session, &holder);
	if (wait_ms < LAST_TRY_MS || (!has_price && !holder.is_held))
		return LAST_TRY_MS;
	return wait_ms;
}

enum status
cli_try_open_prices(struct cli *cli, struct error *err)
{
	struct operation_filter active = { .has_status = true, .status = OPERATION_ACTIVE };
	struct operation_list list;
	struct error ignored = { 0 };
	enum status status = desk_operations(cli->desk, &active, &list, err);
	if (status != STATUS_OK)
		return status;
	/* All are asked for first, so that one request can bring them all. */
	size_t watched = 0;
	for (size_t i = 0; i < list.count; i++)
		watched += desk_watch(cli->desk, list.rows[i].op.symbol, &ignored) == STATUS_OK;
	for (size_t i = 0; watched > 0 && i < list.count; i++)
		if (!cli_try_price(cli, list.rows[i].op.symbol, LOOK_TIMEOUT_MS))
			break;
	operation_list_done(&list);
	return STATUS_OK;
}

void
cli_tell_watcher(struct cli *cli, const char *what)
{
	struct holder_model holder;
	session_watcher(cli->session, &holder);
	char line[256];
	/* This process is about to end: what it holds is held by nobody in a moment. */
	if (!holder.is_held || holder.is_me)
		text_format(line, sizeof line, "nobody watches %s now: start `robson` or `robson monitor`", what);
	else if (holder.is_hung)
		text_format(line, sizeof line, "%s is watched by a %s (process %lld) that has not moved for %s",
		            what, holder.kind, (long long)holder.pid, show_age(holder.beat_age_ms).text);
	else
		text_format(line, sizeof line, "%s is watched by a %s (process %lld)", what, holder.kind,
		            (long long)holder.pid);
	if (cli->is_json)
		cli_say("robson: %s", line);
	else
		put(cli, "%s", line);
}
