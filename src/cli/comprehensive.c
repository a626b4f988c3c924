/* A trade from plan to stop on a scratch database and a fixed tape, through the same use cases that
 * a person's commands call, with its figures checked against what they must be.
 *
 * The tape stands still at 90,000.00 / 90,000.01 for as long as plan, validate and execute may take,
 * then falls through the stop.  It is played in two sittings: one that stands, one that falls. */
#include "cli/comprehensive.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/print.h"
#include "cli/wishes.h"

enum { PATH_SIZE = 512, PLAY_TIMEOUT_MS = 20000 };
#define TAPE_START_MS INT64_C(1767225600000)     /* 2026-01-01T00:00:00Z */

struct scratch {
	char folder[PATH_SIZE], db[PATH_SIZE + 16], tape[PATH_SIZE + 16], config[PATH_SIZE + 16];
	char feed[PATH_SIZE + 32], from[24];
};

static bool
write_file(const char *path, const char *content, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	bool ok = write(fd, content, len) == (ssize_t)len;
	return close(fd) == 0 && ok;
}

/* Ten minutes at rest, a row each 100 ms, then a fall through the stop in ten steps. */
static bool
write_tape(const char *path)
{
	struct text tape = { 0 };
	text_append(&tape, "time,symbol,bid,ask\n");
	int64_t at_ms = TAPE_START_MS;
	for (int i = 0; i < 6000; i++, at_ms += 100)
		text_appendf(&tape, "%lld,BTCUSDC,90000.00,90000.01\n", (long long)at_ms);
	for (int i = 1; i <= 10; i++, at_ms += 100)
		text_appendf(&tape, "%lld,BTCUSDC,%d.00,%d.01\n", (long long)at_ms, 90000 - 200 * i,
		             90000 - 200 * i);
	bool ok = !tape.failed && write_file(path, tape.data, tape.len);
	text_done(&tape);
	return ok;
}

static enum status
scratch_make(struct scratch *s, struct error *err)
{
	const char *parent = getenv("TMPDIR");
	static const char config[] = "[book]\ncapital = 10000\n";
	if (parent == NULL || parent[0] != '/')
		parent = "/tmp";
	if (!text_format(s->folder, sizeof s->folder, "%s/robson-verify-XXXXXX", parent) ||
	    mkdtemp(s->folder) == NULL)
		return error_set(err, STATUS_IO, "no scratch folder can be made in %s: %s", parent,
		                 strerror(errno));
	text_format(s->db, sizeof s->db, "%s/scratch.db", s->folder);
	text_format(s->tape, sizeof s->tape, "%s/tape.csv", s->folder);
	text_format(s->config, sizeof s->config, "%s/robson.ini", s->folder);
	text_format(s->feed, sizeof s->feed, "replay:%s@1", s->tape);
	if (!write_tape(s->tape) || !write_file(s->config, config, sizeof config - 1))
		return error_set(err, STATUS_IO, "%s can't be written: %s", s->folder, strerror(errno));
	return STATUS_OK;
}

static void
scratch_remove(const struct scratch *s)
{
	DIR *folder = opendir(s->folder);
	const struct dirent *entry;
	char path[PATH_SIZE + 264];
	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		text_format(path, sizeof path, "%s/%s", s->folder, entry->d_name);
		(void)unlink(path);
	}
	if (folder != NULL)
		closedir(folder);
	(void)rmdir(s->folder);
}

/* ---- the trade ---- */

struct play {
	struct verify_model *report;
	struct cli cli;
	struct intent intent;
	struct report guards;
	struct plan_input input;
	int64_t operation;
	bool is_live_refused;
};

static enum status
try_plan(void *self, struct error *err)
{
	struct play *play = self;
	return desk_plan(play->cli.desk, &play->input, &play->intent, err);
}

static enum status
try_validate(void *self, struct error *err)
{
	struct play *play = self;
	return desk_validate(play->cli.desk, play->intent.id, false, &play->intent, &play->guards, err);
}

static void
check_status(struct play *play, const char *group, const char *name, enum status status,
             const struct error *err, const char *good)
{
	report_check(play->report, group, name, status == STATUS_OK, "%s",
	             status == STATUS_OK ? good : err->message);
}

static bool
is_decimal(struct decimal d, const char *text)
{
	struct decimal wanted;
	return decimal_parse(text, &wanted) == STATUS_OK && decimal_cmp(d, wanted) == 0;
}

/* S1 of the worked numbers: 1 % of 1000 over a stop of 1800 is 0.00555555 at no costs. */
static void
check_sizing(struct play *play)
{
	struct sizing_request request = {
		.side = SIDE_BUY, .entry = decimal_from_int(90000), .stop = decimal_from_int(88200),
		.capital = decimal_from_int(1000), .risk_percent = decimal_from_int(1),
		.has_balance = true, .balance = decimal_from_int(1000000),
	};
	struct sizing sizing;
	struct error err = { 0 };
	char text[DECIMAL_TEXT_SIZE] = "";
	bool ok = decimal_parse("0.00000001", &request.lot_step) == STATUS_OK &&
	          sizing_compute(&request, &sizing, &err) == STATUS_OK &&
	          is_decimal(sizing.quantity, "0.00555555") && is_decimal(sizing.risk_amount, "9.99999");
	if (ok)
		decimal_text(sizing.quantity, text);
	report_check(play->report, "Service", "one sizing function", ok,
	             "1000 at 90000 with a stop at 88200 buys %s", ok ? text : "something else");
}

static void
check_screen(struct play *play)
{
	/* The screen's form and the command's plan come from the same figures. */
	struct preview preview;
	desk_preview(play->cli.desk, &play->input, &preview);
	bool ok = preview.is_complete && preview.has_sizing &&
	          decimal_cmp(preview.intent.quantity, play->intent.quantity) == 0;
	report_check(play->report, "Screen", "form agrees with plan", ok, "%s",
	             ok ? "the preview sizes as the plan does" : "the preview sizes differently");
	struct desk_status_model status;
	desk_status(play->cli.desk, &status);
	report_check(play->report, "Screen", "status line",
	             status.feed.is_replay && status.mode == MODE_DRY_RUN, "mode %s, feed %s",
	             mode_name(status.mode), status.feed.label);
}

static bool
plan_and_validate(struct play *play)
{
	struct error err = { 0 };
	play->input = (struct plan_input){ .side = "buy", .symbol = "BTCUSDC", .stop = "88500",
	                                   .reason = "verify --comprehensive" };
	enum status status = session_wait_facts(play->cli.session, "BTCUSDC", PLAY_TIMEOUT_MS, &err);
	check_status(play, "API", "price feed port", status, &err, "prices and rules arrive");
	if (status != STATUS_OK)
		return false;
	status = session_retry(play->cli.session, try_plan, play, &err);
	check_status(play, "CLI", "plan", status, &err, play->intent.id);
	if (status != STATUS_OK)
		return false;
	check_screen(play);
	status = session_retry(play->cli.session, try_validate, play, &err);
	report_check(play->report, "CLI", "validate", status == STATUS_OK,
	             status == STATUS_OK ? "%d guards pass, %d warn" : "%d guards pass, %d warn, %d fail",
	             play->guards.passed, play->guards.warnings, play->guards.failures);
	return status == STATUS_OK;
}

/* LIVE needs more than a wish; the gates are tried here, where nothing can be sent. */
static void
check_live_gate(struct play *play)
{
	struct error err = { 0 };
	int64_t wish = 0;
	enum status status = desk_wish_execute(play->cli.desk, play->intent.id, true, true, 1000, &wish, &err);
	report_check(play->report, "Service", "LIVE gate", status == STATUS_REFUSED, "%s",
	             status == STATUS_REFUSED ? err.message : "LIVE was not refused on a replay");
}

static bool
execute(struct play *play)
{
	struct error err = { 0 };
	struct intent_model model;
	struct wishing wishing = { .state = wish_execute, .intent = play->intent.id };
	enum status status = wish_and_wait(&play->cli, &wishing, &err);
	if (status == STATUS_OK) {
		wait_for_entry(&play->cli, play->intent.id, PLAY_TIMEOUT_MS);
		status = desk_intent(play->cli.desk, play->intent.id, &model, &err);
	}
	check_status(play, "CLI", "execute", status, &err, "the intent was executed in DRY-RUN");
	if (status != STATUS_OK)
		return false;
	bool is_linked = model.intent.status == INTENT_EXECUTED && model.has_operation &&
	                 text_equal(model.operation.op.intent_id, play->intent.id);
	play->operation = model.has_operation ? model.operation.op.id : 0;
	report_check(play->report, "Integration", "intent and operation linked", is_linked,
	             "intent %s, operation %lld", intent_status_name(model.intent.status),
	             (long long)play->operation);
	report_check(play->report, "API", "exchange port", model.orders.count == 1 &&
	             model.orders.rows[0].order.state == ORDER_FILLED, "the entry is %s",
	             model.orders.count > 0 ? order_state_name(model.orders.rows[0].order.state) : "missing");
	intent_model_done(&model);
	return is_linked;
}

/* Executing it again must change nothing. */
static void
check_once(struct play *play)
{
	struct error err = { 0 };
	int64_t wish = 0;
	enum status status = desk_wish_execute(play->cli.desk, play->intent.id, false, false, 1000, &wish, &err);
	report_check(play->report, "Service", "never twice", status != STATUS_OK, "%s",
	             status != STATUS_OK ? err.message : "a second execution was accepted");
}

static void
check_stop(struct play *play)
{
	struct error err = { 0 };
	struct operation_model model;
	enum status status = desk_operation(play->cli.desk, play->operation, &model, &err);
	bool ok = status == STATUS_OK && model.op.status == OPERATION_CLOSED &&
	          model.op.exit_reason == EXIT_STOP_LOSS && model.has_trade;
	report_check(play->report, "Integration", "stop fires and is booked", ok,
	             "operation %lld is %s, %s", (long long)play->operation,
	             status == STATUS_OK ? operation_status_name(model.op.status) : err.message,
	             status == STATUS_OK ? exit_reason_name(model.op.exit_reason) : "");
	if (!ok)
		return;
	report_check(play->report, "Service", "risk promise",
	             decimal_cmp(decimal_abs(model.op.realized_pnl), decimal_from_int(110)) < 0,
	             "planned to lose %s, lost %s", show_money(play->intent.risk_amount).text,
	             show_money(decimal_abs(model.op.realized_pnl)).text);
}

static void
check_book(struct play *play)
{
	struct error err = { 0 };
	struct verify_model book;
	struct event_filter filter = { .operation = play->operation };
	struct event_list events;
	bool is_told = false;
	if (desk_events(play->cli.desk, &filter, &events, &err) == STATUS_OK) {
		is_told = events.count >= 5;
		report_check(play->report, "Integration", "audit trail complete", is_told,
		             "%zu events tell the trade", events.count);
		event_list_done(&events);
	}
	enum status status = desk_verify(play->cli.desk, &book, &err);
	bool ok = status == STATUS_OK && book.ok && book.orphans == 0 && book.operations_without_intent == 0;
	report_check(play->report, "Integration", "no orphaned records", ok,
	             "%lld orphans, chain of %lld events %s", (long long)book.orphans,
	             (long long)book.chain_length, book.chain_ok ? "whole" : "broken");
}

static void
check_commands(struct play *play)
{
	bool ok = true;
	for (size_t i = 0; i < commands_count(); i++)
		ok = ok && commands_at(i)->run != NULL && commands_at(i)->summary[0] != '\0';
	report_check(play->report, "CLI", "commands", ok, "%zu commands, each with its help", commands_count());
}

static enum status
sit(struct play *play, const struct scratch *s, bool falls, struct error *err)
{
	struct session_options options = {
		.db = s->db, .config = s->config, .feed = s->feed, .client_id = 1, .is_scratch = true,
		.tape_from = falls ? s->from : NULL,
	};
	struct invocation invocation = { .session = options };
	play->cli = (struct cli){ .invocation = &invocation, .line = &invocation.line };
	enum status status = cli_open_session(&play->cli, NEEDS_PRICES | NEEDS_HAND, "command", err);
	if (status != STATUS_OK)
		return status;
	if (!falls) {
		check_commands(play);
		check_sizing(play);
		if (plan_and_validate(play)) {
			check_live_gate(play);
			if (execute(play))
				check_once(play);
		}
	} else {
		struct wishing wishing = { .state = wish_check };
		struct error check_err = { 0 };
		/* The check takes hold of the book; the tape does the rest. */
		enum status held = wish_and_wait(&play->cli, &wishing, &check_err);
		check_status(play, "Service", "monitor", held, &check_err, "one pass over fresh prices");
		wait_for_exit(&play->cli, play->operation, PLAY_TIMEOUT_MS);
		check_stop(play);
		check_book(play);
	}
	session_close(play->cli.session);
	text_done(&play->cli.out);
	return STATUS_OK;
}

enum status
comprehensive_play(struct verify_model *report, struct error *err)
{
	struct scratch scratch;
	struct play play = { .report = report };
	enum status status = scratch_make(&scratch, err);
	if (status != STATUS_OK)
		return status;
	text_format(scratch.from, sizeof scratch.from, "%lld", (long long)(TAPE_START_MS + 599000));
	status = sit(&play, &scratch, false, err);
	if (status == STATUS_OK && play.operation != 0)
		status = sit(&play, &scratch, true, err);
	scratch_remove(&scratch);
	return status;
}
