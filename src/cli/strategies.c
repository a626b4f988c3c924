/* robson strategies, robson strategy show | add | edit: the catalogue and its track record. */
#include "cli/print.h"

#include <string.h>

/* A name of several words needs no quotes. */
static enum status
read_name(struct cli *cli, char name[STRATEGY_NAME_SIZE], struct error *err)
{
	size_t used = 0;
	name[0] = '\0';
	for (int i = 0; i < cli->line->word_count; i++) {
		if (!text_format(name + used, STRATEGY_NAME_SIZE - used, "%s%s", used > 0 ? " " : "",
		                 cli->line->words[i]))
			return error_field(err, STATUS_RANGE, "name", "a strategy's name has at most %d bytes",
			                   STRATEGY_NAME_SIZE - 1);
		used = strlen(name);
	}
	return STATUS_OK;
}

static void
json_record(struct json_out *json, const char *key, const struct track_record *record)
{
	json_object_open(json, key);
	json_int(json, "trades", record->trades);
	json_int(json, "wins", record->wins);
	json_decimal(json, "net_pnl", record->net_pnl);
	json_object_close(json);
}

static void
json_strategy(struct cli *cli, const struct strategy *s)
{
	struct json_out json;
	json_line_open(cli, &json);
	json_text(&json, "name", s->name);
	json_text_or_null(&json, "description", s->description);
	json_text(&json, "bias", bias_name(s->bias));
	json_bool(&json, "active", s->is_active);
	json_decimal_if(&json, "risk_percent", s->has_risk_percent, s->risk_percent);
	json_decimal_if(&json, "max_drawdown_percent", s->has_max_drawdown_percent, s->max_drawdown_percent);
	json_decimal_if(&json, "stop_loss_percent", s->has_stop_loss_percent, s->stop_loss_percent);
	json_decimal_if(&json, "max_position_percent", s->has_max_position_percent, s->max_position_percent);
	json_record(&json, "dry_run", &s->record[MODE_DRY_RUN]);
	json_record(&json, "live", &s->record[MODE_LIVE]);
	json_time(&json, "created_at", s->created_at_ms);
	json_line_close(cli, &json);
}

static void
put_limit(struct cli *cli, const char *name, bool has, struct decimal percent)
{
	if (has)
		put_pair(cli, name, "%s %%", show_percent(percent).text);
	else
		put_pair(cli, name, "none");
}

static void
put_strategy(struct cli *cli, const struct strategy *s)
{
	static const struct { enum mode mode; const char *name; } modes[] = {
		{ MODE_DRY_RUN, "DRY-RUN" }, { MODE_LIVE, "LIVE" },
	};
	put(cli, "%s  %s%s", s->name, bias_name(s->bias), s->is_active ? "" : "  inactive");
	if (s->description[0] != '\0')
		put_pair(cli, "what", "%s", s->description);
	put_limit(cli, "risk", s->has_risk_percent, s->risk_percent);
	put_limit(cli, "drawdown", s->has_max_drawdown_percent, s->max_drawdown_percent);
	put_limit(cli, "stop", s->has_stop_loss_percent, s->stop_loss_percent);
	put_limit(cli, "position", s->has_max_position_percent, s->max_position_percent);
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		const struct track_record *record = &s->record[modes[i].mode];
		put_pair(cli, modes[i].name, "%lld trades, %lld won, net %s", (long long)record->trades,
		         (long long)record->wins, show_signed(record->net_pnl).text);
	}
}

enum status
run_strategies(struct cli *cli, struct error *err)
{
	struct strategy_list list;
	struct table table;
	enum status status = desk_strategies(cli->desk, &list, err);
	if (status != STATUS_OK)
		return status;
	if (cli->is_json) {
		for (size_t i = 0; i < list.count; i++)
			json_strategy(cli, &list.rows[i]);
	} else {
		table_open(&table, "NAME|BIAS|ACTIVE|RISK %>|STOP %>|POSITION %>|TRADES>|WON>|NET>|LIVE>|WON>|NET>|WHAT");
		for (size_t i = 0; i < list.count; i++) {
			const struct strategy *s = &list.rows[i];
			table_cell(&table, s->name);
			table_cell(&table, bias_name(s->bias));
			table_cell(&table, s->is_active ? "yes" : "no");
			table_cell(&table, s->has_risk_percent ? show_percent(s->risk_percent).text : "-");
			table_cell(&table, s->has_stop_loss_percent ? show_percent(s->stop_loss_percent).text : "-");
			table_cell(&table, s->has_max_position_percent
			                   ? show_percent(s->max_position_percent).text : "-");
			for (int mode = MODE_DRY_RUN; mode <= MODE_LIVE; mode++) {
				table_cellf(&table, "%lld", (long long)s->record[mode].trades);
				table_cellf(&table, "%lld", (long long)s->record[mode].wins);
				table_cell(&table, show_signed(s->record[mode].net_pnl).text);
			}
			table_cell(&table, s->description);
		}
		table_close(&table, cli);
	}
	strategy_list_done(&list);
	return STATUS_OK;
}

static void
answer(struct cli *cli, const struct strategy *strategy)
{
	if (cli->is_json)
		json_strategy(cli, strategy);
	else
		put_strategy(cli, strategy);
}

enum status
run_strategy_show(struct cli *cli, struct error *err)
{
	char name[STRATEGY_NAME_SIZE];
	struct strategy strategy;
	enum status status = read_name(cli, name, err);
	if (status == STATUS_OK)
		status = desk_strategy(cli->desk, name, &strategy, err);
	if (status == STATUS_OK)
		answer(cli, &strategy);
	return status;
}

struct changing {
	struct desk *desk;
	bool is_new;
	struct strategy_input input;
	struct strategy strategy;
};

static enum status
try_change(void *self, struct error *err)
{
	struct changing *c = self;
	return c->is_new ? desk_strategy_add(c->desk, &c->input, &c->strategy, err)
	                 : desk_strategy_edit(c->desk, &c->input, &c->strategy, err);
}

static enum status
check_input(const struct strategy_input *input, struct error *err)
{
	enum bias ignored;
	enum status status = cli_check_number("--risk-percent", input->risk_percent, err);
	if (status == STATUS_OK)
		status = cli_check_number("--max-drawdown-percent", input->max_drawdown_percent, err);
	if (status == STATUS_OK)
		status = cli_check_number("--stop-loss-percent", input->stop_loss_percent, err);
	if (status == STATUS_OK)
		status = cli_check_number("--max-position-percent", input->max_position_percent, err);
	if (status == STATUS_OK && input->bias != NULL && bias_parse(input->bias, &ignored) != STATUS_OK)
		status = error_field(err, STATUS_USAGE, "bias", "--bias: bullish, bearish or neutral, not \"%s\"",
		                     input->bias);
	if (status == STATUS_OK && input->active != NULL && !text_equal(input->active, "on") &&
	    !text_equal(input->active, "off"))
		status = error_field(err, STATUS_USAGE, "active", "--active: on or off, not \"%s\"",
		                     input->active);
	return status;
}

static enum status
change(struct cli *cli, bool is_new, struct error *err)
{
	char name[STRATEGY_NAME_SIZE];
	struct changing c = { .desk = cli->desk, .is_new = is_new };
	enum status status = read_name(cli, name, err);
	c.input = (struct strategy_input){
		.name = name, .description = cli_value(cli, OPT_DESCRIPTION), .bias = cli_value(cli, OPT_BIAS),
		.risk_percent = cli_value(cli, OPT_RISK_PERCENT),
		.max_drawdown_percent = cli_value(cli, OPT_MAX_DRAWDOWN_PERCENT),
		.stop_loss_percent = cli_value(cli, OPT_STOP_LOSS_PERCENT),
		.max_position_percent = cli_value(cli, OPT_MAX_POSITION_PERCENT),
		.active = cli_value(cli, OPT_ACTIVE),
	};
	if (status == STATUS_OK)
		status = check_input(&c.input, err);
	if (status == STATUS_OK)
		status = session_retry(cli->session, try_change, &c, err);
	if (status == STATUS_OK)
		answer(cli, &c.strategy);
	return status;
}

enum status
run_strategy_add(struct cli *cli, struct error *err)
{
	return change(cli, true, err);
}

enum status
run_strategy_edit(struct cli *cli, struct error *err)
{
	return change(cli, false, err);
}
