/* robson operation close | stop | target | release: what acts on one open position. */
#include "cli/print.h"
#include "cli/wishes.h"
#include "core/stops.h"

/* An order without an answer says what is being asked, and what a person may do. */
static void
say_unknown(struct cli *cli, int64_t operation, char *ret_words, size_t size)
{
	struct order_filter open = { .operation = operation, .only_open = true };
	struct order_list list;
	struct error ignored = { 0 };

	if (desk_orders(cli->desk, &open, &list, &ignored) != STATUS_OK)
		return;
	for (size_t i = 0; i < list.count; i++)
		if (list.rows[i].order.state == ORDER_UNKNOWN) {
			order_unknown_words(&list.rows[i], desk_now_ms(cli->desk), ret_words, size);
			break;
		}
	order_list_done(&list);
}

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
		char words[320] = "its exit is under way";
		say_unknown(cli, model.op.id, words, sizeof words);
		error_set(err, STATUS_UNKNOWN, "operation %lld is not left yet: %s", (long long)model.op.id, words);
		error_hint(err, "robson operation status %lld", (long long)model.op.id);
		return STATUS_UNKNOWN;
	}
	return STATUS_OK;
}

/* Wider on LIVE: more real money can be lost, and a person says so like for an order. */
static enum status
ask_for_width(struct cli *cli, const char *text, struct error *err)
{
	struct operation_model model;
	struct operation wider;
	struct decimal stop, loss;
	enum stop_origin origin;
	int64_t id;
	struct error ignored = { 0 };

	enum status status = cli_operation_id(cli_word(cli, 0), &id, err);
	if (status == STATUS_OK)
		status = desk_operation(cli->desk, id, &model, err);
	if (status != STATUS_OK || model.op.mode != MODE_LIVE || model.op.status != OPERATION_ACTIVE ||
	    cli_has(cli, OPT_ACKNOWLEDGE_RISK))
		return status;
	if (!cli_can_ask()) {
		error_set(err, STATUS_REFUSED, "widening a LIVE stop needs the typed word CONFIRM, and there is no terminal");
		error_hint(err, "from a script: --widen --acknowledge-risk");
		return STATUS_REFUSED;
	}
	cli_say("LIVE operation %lld, real money: %s %s, stop from %s to %s: more can be lost", (long long)id,
	        show_quantity(operation_open_quantity(&model.op)).text, model.base,
	        show_price(model.op.stop_price).text, text);
	wider = model.op;
	if (level_parse_stop(text, model.op.side, leg_average(&model.op.entry), DECIMAL_ZERO, &stop, &origin,
	                     &ignored) == STATUS_OK) {
		wider.stop_price = stop;
		if (operation_open_risk(&wider, &loss) == STATUS_OK)
			cli_say("If it is hit you lose about %s %s, fees in it (now %s)", show_money(loss).text,
			        model.quote, show_money(model.open_risk).text);
	}
	return cli_ask_word("The guards on its risk run again.", "CONFIRM") ? STATUS_OK
	       : error_set(err, STATUS_REFUSED, "it was not confirmed; the stop stands where it was");
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
	if (status == STATUS_OK && cli_has(cli, OPT_ACKNOWLEDGE_RISK) && !wishing.widen) {
		error_set(err, STATUS_USAGE, "--acknowledge-risk goes with --widen");
		error_hint(err, "a stop that moves towards the market risks nothing more");
		return STATUS_USAGE;
	}
	if (status == STATUS_OK && wishing.widen)
		status = ask_for_width(cli, wishing.text, err);
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
	struct wishing wishing = { .state = wish_release, .text = cli_value(cli, OPT_REASON),
	                           .cancels_protection = cli_has(cli, OPT_CANCEL_PROTECTION) };
	if (wishing.text == NULL)
		return error_set(err, STATUS_USAGE, "operation release needs a reason: --reason T");
	return act(cli, &wishing, false, err);
}
