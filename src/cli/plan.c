/* robson plan: a PENDING intent out of what was typed. */
#include <string.h>

#include "base/text.h"
#include "cli/print.h"

struct planning {
	struct desk *desk;
	struct plan_input input;
	struct intent intent;
};

static enum status
try_plan(void *self, struct error *err)
{
	struct planning *planning = self;
	return desk_plan(planning->desk, &planning->input, &planning->intent, err);
}

/* buy|sell SYMBOL [QTY]; a clone may leave all of it to its parent. */
static enum status
read_words(struct cli *cli, struct plan_input *input, struct error *err)
{
	const char *side = cli_word(cli, 0);
	enum side ignored;
	if (side == NULL && input->from == NULL) {
		error_set(err, STATUS_USAGE, "plan needs buy or sell, a symbol and a stop");
		error_hint(err, "robson plan buy BTCUSDC --stop 88200");
		return STATUS_USAGE;
	}
	if (side != NULL && side_parse(side, &ignored) != STATUS_OK)
		return error_field(err, STATUS_USAGE, "side", "plan buy or plan sell, not \"%s\"", side);
	input->side = side;
	input->symbol = cli_word(cli, 1);
	input->quantity = cli_word(cli, 2);
	if (input->symbol == NULL && input->from == NULL)
		return error_field(err, STATUS_USAGE, "symbol", "plan %s what? A symbol such as BTCUSDC",
		                   side);
	char symbol[SYMBOL_SIZE];
	return input->symbol != NULL ? symbol_parse(input->symbol, symbol, err) : STATUS_OK;
}

static enum status
read_input(struct cli *cli, struct plan_input *input, struct error *err)
{
	*input = (struct plan_input){
		.from = cli_value(cli, OPT_FROM), .entry = cli_value(cli, OPT_ENTRY),
		.stop = cli_value(cli, OPT_STOP), .target = cli_value(cli, OPT_TARGET),
		.capital = cli_value(cli, OPT_CAPITAL), .strategy = cli_value(cli, OPT_STRATEGY),
		.regime = cli_value(cli, OPT_REGIME), .confidence = cli_value(cli, OPT_CONFIDENCE),
		.reason = cli_value(cli, OPT_REASON), .live = cli_has(cli, OPT_LIVE),
	};
	enum status status = read_words(cli, input, err);
	if (status == STATUS_OK && input->stop == NULL && input->from == NULL) {
		error_field(err, STATUS_USAGE, "stop", "a plan needs a stop: --stop P");
		error_hint(err, "P is a price, or a distance from the entry such as -1.5%%");
		return STATUS_USAGE;
	}
	if (status == STATUS_OK)
		status = cli_check_number("quantity", input->quantity, err);
	if (status == STATUS_OK)
		status = cli_check_number("--entry", input->entry, err);
	if (status == STATUS_OK)
		status = cli_check_level("--stop", input->stop, false, err);
	if (status == STATUS_OK)
		status = cli_check_level("--target", input->target, true, err);
	if (status == STATUS_OK)
		status = cli_check_number("--capital", input->capital, err);
	if (status == STATUS_OK)
		status = cli_check_number("--confidence", input->confidence, err);
	return status;
}

/* The market entry of a plan needs a price; a limit entry may do without. */
static enum status
wait_for_price(struct cli *cli, const struct plan_input *input, struct error *err)
{
	char symbol[SYMBOL_SIZE];
	bool is_limit = input->entry != NULL;
	enum status status;

	if (input->symbol != NULL) {
		status = symbol_parse(input->symbol, symbol, err);
	} else {
		struct intent_model parent;
		status = cli_find_intent(cli, input->from, &parent, err);
		if (status == STATUS_OK) {
			text_copy(symbol, sizeof symbol, parent.intent.symbol);
			is_limit = is_limit || parent.intent.entry_kind == ENTRY_LIMIT;
			intent_model_done(&parent);
		}
	}
	if (status == STATUS_OK && input->live)
		status = cli_try_account(cli, symbol, err);
	if (status == STATUS_OK)
		status = session_wait_facts(cli->session, symbol, FACTS_TIMEOUT_MS, err);
	return status == STATUS_UNAVAILABLE && is_limit ? STATUS_OK : status;
}

enum status
run_plan(struct cli *cli, struct error *err)
{
	struct planning planning = { .desk = cli->desk };
	enum status status = read_input(cli, &planning.input, err);
	if (status == STATUS_OK)
		status = wait_for_price(cli, &planning.input, err);
	if (status == STATUS_OK)
		status = session_retry(cli->session, try_plan, &planning, err);
	if (status != STATUS_OK)
		return status;

	if (cli->is_json) {
		struct json_out json;
		json_line_open(cli, &json);
		json_plan_keys(&json, &planning.intent);
		json_line_close(cli, &json);
	} else {
		put_intent(cli, &planning.intent);
		put(cli, "next: robson validate %s", show_id(planning.intent.id).text);
	}
	return STATUS_OK;
}
