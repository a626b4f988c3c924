/* Health: everything that could hurt at three in the morning, each PASS, WARN or FAIL with what to
 * do.  Shown by `doctor` and by the health view, and the book's own verification. */
#include "app/desk_account.h"
#include "app/holder.h"

#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

/* What is left of the chain agrees with itself; that its end is there can't be seen. */
#define HEAD_MISSING "whole so far; the head beside the database is missing: a cut end would not show"

static void check(struct health_model *model, const char *name, enum verdict_status status,
                  const char *hint, const char *format, ...) PRINTF_LIKE(5, 6);

static void
check(struct health_model *model, const char *name, enum verdict_status status, const char *hint,
      const char *format, ...)
{
	va_list args;

	if (model->count == (int)ARRAY_LEN(model->checks))
		return;
	struct health_check *row = &model->checks[model->count++];
	text_copy(row->name, sizeof row->name, name);
	row->status = status;
	va_start(args, format);
	vsnprintf(row->message, sizeof row->message, format, args);
	va_end(args);
	text_make_harmless(row->message);
	text_copy(row->hint, sizeof row->hint, status == VERDICT_PASS ? "" : hint);
}

static void
check_disk(struct desk *desk, struct health_model *model)
{
	struct statvfs space;
	char folder[512];

	text_copy(folder, sizeof folder, store_path(desk->setup.store));
	char *slash = strrchr(folder, '/');
	if (slash != NULL)
		*(slash == folder ? slash + 1 : slash) = '\0';
	else
		text_copy(folder, sizeof folder, ".");
	if (statvfs(folder, &space) != 0) {
		check(model, "disk", VERDICT_WARN, "look at the folder by hand", "the space beside the database can't be read");
		return;
	}
	uint64_t free_mb = (uint64_t)space.f_bavail * space.f_frsize / (1024 * 1024);
	check(model, "disk", free_mb < 20 ? VERDICT_FAIL : free_mb < 200 ? VERDICT_WARN : VERDICT_PASS,
	      "make room: entries stop first, exits last", "%llu MB free beside the database", (unsigned long long)free_mb);
}

static void
check_book(struct desk *desk, struct health_model *model)
{
	struct chain_result chain;
	struct error err = { 0 };
	const struct desk_status_model *status = &desk->status_cache;

	check(model, "database", desk->trouble[0] == '\0' ? VERDICT_PASS : VERDICT_FAIL, "see robson verify",
	      "%s%s%s", store_path(desk->setup.store), desk->trouble[0] != '\0' ? ": " : "", desk->trouble);
	if (store_verify_chain(desk->setup.store, &chain, &err) != STATUS_OK)
		check(model, "audit", VERDICT_FAIL, "see robson verify", "the audit trail can't be read: %s", err.message);
	else
		check(model, "audit", !chain.ok ? VERDICT_FAIL : chain.has_head ? VERDICT_PASS : VERDICT_WARN,
		      chain.ok ? "the next event writes it anew" : "restore a backup; see robson verify",
		      "%lld events, %s", (long long)chain.length,
		      !chain.ok ? chain.what : chain.has_head ? "chain whole" : HEAD_MISSING);
	check(model, "trading-state", status->is_paused ? VERDICT_WARN : VERDICT_PASS, "robson resume lets entries pass again",
	      "%s%s", status->is_paused ? "PAUSED: " : "entries are possible", status->is_paused ? status->pause_reason : "");
}

static void
check_key(struct desk *desk, struct health_model *model, const struct exchange_status *live)
{
	bool is_live = desk->status_cache.is_live_on || desk->status_cache.live_count > 0;
	const char *origin = desk->setup.key_origin != NULL ? desk->setup.key_origin : "somewhere";

	if (desk->is_replay)
		check(model, "key", VERDICT_PASS, "", "a tape needs no key");
	else if (desk->setup.key_trouble != NULL)
		check(model, "key", VERDICT_FAIL, "mend the key file, or the setting that names it (exchange.key_file)",
		      "%s", desk->setup.key_trouble);
	else if (desk->setup.live == NULL)
		check(model, "key", is_live ? VERDICT_FAIL : VERDICT_PASS, "set exchange.key_file, see robson.ini(5)",
		      is_live ? "there is none, and the book is LIVE" : "none; DRY-RUN needs none");
	else if (live->is_key_refused)
		check(model, "key", VERDICT_FAIL, "make a new key at the exchange, for spot trading and this address",
		      "...%s (%s): %s", live->key_tail, origin, live->trouble);
	else if (desk->account->is_known)
		check(model, "key", desk->account->can_trade ? VERDICT_PASS : VERDICT_FAIL, "look at the account on the exchange",
		      "...%s (%s): account %s, which %s; whether the key may withdraw can't be checked: do not allow it",
		      live->key_tail, origin, desk->account->uid, desk->account->can_trade ? "may trade" : "may NOT trade");
	else
		check(model, "key", is_live ? VERDICT_WARN : VERDICT_PASS, "the account has not answered: look at the line",
		      "...%s (%s), not tried yet", live->key_tail, origin);
}

static void
check_exchange(struct desk *desk, struct health_model *model, const struct exchange_status *live)
{
	char orders[96] = "";

	if (desk->setup.live == NULL || !desk->account->is_awake)
		return;
	check(model, "exchange", live->is_ready ? VERDICT_PASS : live->is_reachable ? VERDICT_WARN : VERDICT_FAIL,
	      "look at the line, and at exchange.url", "%s (%s)%s%s%s%s", live->label, live->host,
	      live->trouble[0] != '\0' ? ": " : "", live->trouble, live->waits[0] != '\0' ? "; waits: " : "", live->waits);
	if (live->has_clock_offset) {
		long long offset = (long long)live->clock_offset_ms, size = offset < 0 ? -offset : offset;
		check(model, "live-clock", size > 5000 ? VERDICT_FAIL : size > 1000 ? VERDICT_WARN : VERDICT_PASS,
		      "let chrony or systemd-timesyncd set the clock", "%lld ms off the exchange's, %lld ms away",
		      offset, (long long)(live->round_trip_us / 1000));
	}
	if (live->orders_10s_limit > 0 || live->orders_day_limit > 0)
		text_format(orders, sizeof orders, "; orders: %d of %d in 10 s, %d of %d today", live->orders_10s,
		            live->orders_10s_limit, live->orders_day, live->orders_day_limit);
	if (live->weight_limit > 0)
		check(model, "live-weight", live->weight_used * 5 > live->weight_limit * 4 ? VERDICT_WARN : VERDICT_PASS,
		      "other programs on this address use the exchange too; a fifth is kept for protection and exits",
		      "%d of %d used this minute%s", live->weight_used, live->weight_limit, orders);
}

/* Orders without an answer: a LIVE one is money that is not known. */
static void
check_unknown(struct desk *desk, struct health_model *model)
{
	struct order_filter open = { .only_open = true };
	struct order_list list;
	struct error err = { 0 };

	if (desk_orders(desk, &open, &list, &err) != STATUS_OK)
		return;
	for (size_t i = 0; i < list.count; i++) {
		const struct order *order = &list.rows[i].order;
		char age[CLOCK_TEXT_SIZE];
		if (order->mode != MODE_LIVE || order->state != ORDER_UNKNOWN)
			continue;
		clock_format_age(desk_now_ms(desk) - order->changed_at_ms, age);
		check(model, "unknown", VERDICT_FAIL, "robson reconcile asks again; it is never sent a second time",
		      "%s order %s of %s has had no answer for %s", order_purpose_name(order->purpose),
		      order->client_order_id, order->symbol, age);
	}
	order_list_done(&list);
}

static void
check_live(struct desk *desk, struct health_model *model)
{
	struct exchange_status live = { 0 };
	struct blocker_list blockers;
	struct error err = { 0 };
	const struct desk_status_model *status = &desk->status_cache;

	if (desk->setup.live != NULL)
		desk->setup.live->ops->status(desk->setup.live, &live);
	check(model, "live", VERDICT_PASS, "", "the LIVE switch is %s; %d LIVE operation(s) open",
	      status->is_live_on ? "on" : "off", status->live_count);
	check_key(desk, model, &live);
	check_exchange(desk, model, &live);
	bool is_home = account_lives_here(desk, &err);
	bool matters = err.status == STATUS_REFUSED || status->is_live_on || status->live_count > 0;
	check(model, "machine", is_home ? VERDICT_PASS : matters ? VERDICT_FAIL : VERDICT_WARN,
	      err.hint[0] != '\0' ? err.hint : "see machine-id(5)", "%s", is_home ? "the book lives here" : err.message);
	check_unknown(desk, model);
	if (desk_blockers(desk, &blockers, &err) != STATUS_OK) {
		check(model, "blockers", VERDICT_FAIL, "see robson verify", "%s", err.message);
		return;
	}
	for (size_t i = 0; i < blockers.count; i++) {
		char name[32];
		text_format(name, sizeof name, "blocker %lld", (long long)blockers.rows[i].number);
		check(model, name, VERDICT_FAIL, "mend it, or: robson reconcile --resolve N --reason TEXT", "%s", blockers.rows[i].text);
	}
	if (blockers.count == 0)
		check(model, "blockers", VERDICT_PASS, "", "nothing waits for a person");
}

static void
check_feed(struct desk *desk, struct health_model *model)
{
	struct feed_status feed = { 0 };

	if (desk->setup.feed == NULL)
		return;
	desk->setup.feed->ops->status(desk->setup.feed, &feed);
	bool ok = feed.is_replay || feed.is_reachable;
	check(model, "feed", feed.is_ended ? VERDICT_WARN : ok ? VERDICT_PASS : VERDICT_FAIL,
	      feed.is_ended ? "the tape has ended: start it again" : "look at the line, and at feed.source",
	      "%s%s%s%s", feed.label, feed.is_ended ? ", ended" : "", feed.trouble[0] != '\0' ? ": " : "", feed.trouble);
	if (feed.is_replay)
		return;
	if (feed.weight_limit > 0)
		check(model, "weight", feed.weight_used * 5 > feed.weight_limit * 4 ? VERDICT_WARN : VERDICT_PASS,
		      "other programs on this address use the exchange too", "%d of %d used this minute",
		      feed.weight_used, feed.weight_limit);
	if (feed.round_trip_us > 0)
		check(model, "round-trip", feed.round_trip_us > 2000000 ? VERDICT_WARN : VERDICT_PASS,
		      "prices arrive late: look at the line", "%lld ms", (long long)(feed.round_trip_us / 1000));
	if (feed.has_clock_offset) {
		long long offset = (long long)feed.clock_offset_ms, size = offset < 0 ? -offset : offset;
		check(model, "clock", size > 5000 ? VERDICT_FAIL : size > 1000 ? VERDICT_WARN : VERDICT_PASS,
		      "let chrony or systemd-timesyncd set the clock", "%lld ms off the exchange's", offset);
	}
}

static void
check_operations(struct desk *desk, struct health_model *model)
{
	struct operation_filter active = { .has_status = true, .status = OPERATION_ACTIVE };
	struct operation_list list;
	struct error err = { 0 };

	if (desk_operations(desk, &active, &list, &err) != STATUS_OK) {
		check(model, "operations", VERDICT_FAIL, "see robson verify", "%s", err.message);
		return;
	}
	if (list.count == 0)
		check(model, "operations", VERDICT_PASS, "", "nothing is open");
	for (size_t i = 0; i < list.count && i < 12; i++) {
		const struct operation_model *row = &list.rows[i];
		char name[32], age[CLOCK_TEXT_SIZE];
		text_format(name, sizeof name, "operation %lld", (long long)row->op.id);
		clock_format_age(row->price_age_ms, age);
		bool alarm = row->op.alarm[0] != '\0' || row->protection == PROTECTION_NAKED;
		check(model, name, alarm ? VERDICT_FAIL : row->is_watched ? VERDICT_PASS : VERDICT_WARN,
		      alarm ? "look at the operation now" : "start robson or robson monitor on its feed",
		      "%s %s, %s, %s%s%s%s", side_position_name(row->op.side), row->op.symbol, protection_name(row->protection),
		      row->is_watched ? "watched by " : "nobody watches its stop", row->is_watched ? row->watched_by : "",
		      row->op.alarm[0] != '\0' ? "; " : "", row->op.alarm);
	}
	size_t alarms = 0, unwatched = 0;
	for (size_t i = 12; i < list.count; i++) {
		alarms += list.rows[i].op.alarm[0] != '\0' || list.rows[i].protection == PROTECTION_NAKED;
		unwatched += !list.rows[i].is_watched;
	}
	if (list.count > 12)
		check(model, "operations", alarms > 0 ? VERDICT_FAIL : unwatched > 0 ? VERDICT_WARN : VERDICT_PASS,
		      "robson operations lists them all", "and %zu more: %zu with an alarm, %zu that nobody watches",
		      list.count - 12, alarms, unwatched);
	operation_list_done(&list);
}

static void
check_around(struct desk *desk, struct health_model *model)
{
	const struct holder_model *holder = &desk->status_cache.holder;

	if (!holder->is_held)
		check(model, "lease", desk->status_cache.active_count > 0 ? VERDICT_FAIL : VERDICT_PASS,
		      "start robson or robson monitor", "nobody holds it");
	else
		check(model, "lease", holder->is_hung ? VERDICT_FAIL : VERDICT_PASS,
		      "the holder is alive and does not act: look at it, end it if need be",
		      "%s %lld holds it%s, %lld operation(s) watched", holder->is_me ? "this process," : holder->kind,
		      (long long)holder->pid, holder->is_hung ? " and HANGS" : "", (long long)holder->watched);
	if (desk->stops_fired > 0)
		check(model, "stop-latency", VERDICT_PASS, "", "p99 %lld us from price to exit order, %lld fired",
		      (long long)status_latency_p99(desk), (long long)desk->stops_fired);
	check(model, "notify", desk->setup.settings->notify.command[0] != '\0' ? VERDICT_PASS : VERDICT_WARN,
	      "set notify.command, so that an alarm reaches you away from the screen", "%s",
	      desk->setup.settings->notify.command[0] != '\0' ? "notify.command is set" : "no notify.command is set");
}

enum status
desk_health(struct desk *desk, struct health_model *ret, struct error *err)
{
	struct desk_status_model status;

	(void)err;
	*ret = (struct health_model){ 0 };
	desk->seen_at_us = 0;
	desk_status(desk, &status);
	check_book(desk, ret);
	check_disk(desk, ret);
	check_feed(desk, ret);
	check_live(desk, ret);
	check_around(desk, ret);
	check_operations(desk, ret);
	return STATUS_OK;
}

/* ---- verification ---- */

static void
add_check(void *self, const struct store_check *row)
{
	struct verify_model *model = self;

	model->ok = model->ok && row->ok;
	if (model->count == (int)ARRAY_LEN(model->checks))
		return;
	struct verify_check *copy = &model->checks[model->count++];
	text_copy(copy->group, sizeof copy->group, row->group);
	text_copy(copy->name, sizeof copy->name, row->name);
	text_copy(copy->message, sizeof copy->message, row->message);
	copy->ok = row->ok;
}

enum status
desk_verify(struct desk *desk, struct verify_model *ret, struct error *err)
{
	struct store_health health = { 0 };
	struct chain_result chain = { 0 };
	struct operation_filter active = { .has_status = true, .status = OPERATION_ACTIVE };
	struct operation_list list;
	int64_t covered = 0;

	*ret = (struct verify_model){ .ok = true };
	enum status status = store_verify(desk->setup.store, add_check, ret, &health, err);
	if (status == STATUS_OK)
		status = store_verify_chain(desk->setup.store, &chain, err);
	if (status == STATUS_OK)
		status = desk_operations(desk, &active, &list, err);
	if (status != STATUS_OK)
		return status;
	struct store_check row = { .group = "Integration", .name = "audit chain", .ok = chain.ok };
	text_format(row.message, sizeof row.message, "%lld events, %s", (long long)chain.length,
	            !chain.ok ? chain.what : chain.has_head ? "whole" : HEAD_MISSING);
	add_check(ret, &row);
	if (ret->count > 0)
		ret->checks[ret->count - 1].is_warning = chain.ok && !chain.has_head;
	for (size_t i = 0; i < list.count; i++)
		covered += decimal_is_positive(list.rows[i].op.stop_price) && list.rows[i].is_watched;
	ret->operations_without_intent = health.operations_without_intent;
	ret->orphans = health.orphans;
	ret->chain_length = chain.length;
	ret->chain_ok = chain.ok;
	ret->stop_coverage_percent = decimal_from_int(100);
	if (list.count > 0 &&
	    decimal_mul_div(decimal_from_int(covered), decimal_from_int(100), decimal_from_int((int64_t)list.count),
	                    ROUND_DOWN, &ret->stop_coverage_percent) != STATUS_OK)
		ret->stop_coverage_percent = DECIMAL_ZERO;
	operation_list_done(&list);
	return STATUS_OK;
}

enum status
desk_backup(struct desk *desk, const char *file, struct error *err)
{
	return store_backup(desk->setup.store, file, err);
}
