/* robson operation close | stop | target | release: what acts on one open position. */
#include "cli/print.h"
#include "cli/wishes.h"

/* The wish, the wait, and how the operation stands afterwards. */
static enum status
act(struct cli *cli, struct wishing *wishing, bool until_left, struct error *err)
{
	struct operation_model model;
	enum status status = cli_operation_id(cli_word(cli, 0), &wishing->operation, err);
	if (status == STATUS_OK)
		status = desk_operation(cli->desk, wishing->operation, &model, err);
	if (status != STATUS_OK)
		return status;
	/* Whoever holds the lease may know the price even if nobody tells it here. */
	if (model.op.status == OPERATION_ACTIVE) {
		bool has_price = cli_try_price(cli, model.op.symbol, FACTS_TIMEOUT_MS);
		wishing->wait_ms = cli_patience_ms(cli, has_price, WISH_TIMEOUT_MS);
	}
	status = wish_and_wait(cli, wishing, err);
	if (status != STATUS_OK)
		return status;
	if (until_left)
		wait_for_exit(cli, wishing->operation, WISH_TIMEOUT_MS);
	status = desk_operation(cli->desk, wishing->operation, &model, err);
	if (status != STATUS_OK)
		return status;

	if (cli->is_json) {
		struct json_out json;
		json_line_open(cli, &json);
		json_operation_keys(&json, &model, NULL);
		json_line_close(cli, &json);
	} else {
		put_operation(cli, &model);
	}
	cli_flush(cli);
	if (model.op.status == OPERATION_ACTIVE) {
		char what[64];
		text_format(what, sizeof what, "operation %lld", (long long)model.op.id);
		cli_tell_watcher(cli, what);
	}
	if (until_left && model.op.status == OPERATION_ACTIVE) {
		error_set(err, STATUS_UNKNOWN, "operation %lld is not left yet: its exit is under way",
		          (long long)model.op.id);
		error_hint(err, "robson operation status %lld", (long long)model.op.id);
		return STATUS_UNKNOWN;
	}
	return STATUS_OK;
}

enum status
run_operation_close(struct cli *cli, struct error *err)
{
	struct wishing wishing = { .state = wish_close };
	return act(cli, &wishing, true, err);
}

enum status
run_operation_stop(struct cli *cli, struct error *err)
{
	struct wishing wishing = { .state = wish_stop, .text = cli_word(cli, 1),
	                           .widen = cli_has(cli, OPT_WIDEN) };
	enum status status = cli_check_level("stop", wishing.text, false, err);
	return status != STATUS_OK ? status : act(cli, &wishing, false, err);
}

enum status
run_operation_target(struct cli *cli, struct error *err)
{
	struct wishing wishing = { .state = wish_target, .text = cli_word(cli, 1) };
	enum status status = cli_check_level("target", wishing.text, true, err);
	return status != STATUS_OK ? status : act(cli, &wishing, false, err);
}

enum status
run_operation_release(struct cli *cli, struct error *err)
{
	struct wishing wishing = { .state = wish_release, .text = cli_value(cli, OPT_REASON) };
	if (wishing.text == NULL)
		return error_set(err, STATUS_USAGE, "operation release needs a reason: --reason T");
	return act(cli, &wishing, false, err);
}
