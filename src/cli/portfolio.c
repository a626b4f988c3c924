/* robson portfolio: per mode, never summed: what there is, what is at risk, what is left. */
#include "cli/print.h"

static void
json_portfolio(struct cli *cli, const struct portfolio_model *p)
{
	struct json_out json;
	json_line_open(cli, &json);
	json_text(&json, "mode", mode_name(p->mode));
	/* What an account has is not known where none is connected: null, never a zero. */
	json_decimal_if(&json, "equity", p->has_account || p->open_count > 0, p->equity);
	json_decimal_if(&json, "free", p->has_account, p->free);
	json_decimal_if(&json, "locked", p->has_account, p->locked);
	json_decimal(&json, "exposure", p->exposure);
	json_decimal(&json, "open_risk", p->open_risk);
	json_decimal(&json, "unrealized_pnl", p->unrealized_pnl);
	json_decimal(&json, "realized_day", p->realized_day);
	json_decimal(&json, "realized_month", p->realized_month);
	json_decimal_if(&json, "month_budget", p->has_month_base, p->month_budget);
	json_decimal_if(&json, "month_left", p->has_month_base, p->month_left);
	json_decimal_if(&json, "drawdown_percent", p->has_account || p->open_count > 0, p->drawdown_percent);
	json_text(&json, "quote", p->quote);
	json_text(&json, "others", p->others);
	json_line_close(cli, &json);
}

static void
put_portfolio(struct cli *cli, const struct portfolio_model *p)
{
	put(cli, "%s", p->mode == MODE_LIVE ? "LIVE" : "DRY-RUN");
	if (!p->has_account)
		put_pair(cli, "account", "none is connected, so nothing is known of it");
	if (!p->has_account && p->open_count == 0)
		return;
	put_pair(cli, "equity", "%s %s%s", show_money(p->equity).text, p->quote,
	         p->is_unrealized_whole ? "" : "  (some position has no price)");
	if (p->others[0] != '\0')
		put_pair(cli, "", "what is held in %s is not in these sums", p->others);
	if (p->has_account)
		put_pair(cli, "free", "%s, locked %s", show_money(p->free).text, show_money(p->locked).text);
	put_pair(cli, "open", "%d operation%s, exposure %s, risk %s", p->open_count,
	         p->open_count == 1 ? "" : "s", show_money(p->exposure).text, show_money(p->open_risk).text);
	put_pair(cli, "unrealized", "%s", show_signed(p->unrealized_pnl).text);
	put_pair(cli, "realized", "day %s, month %s, all %s", show_signed(p->realized_day).text,
	         show_signed(p->realized_month).text, show_signed(p->realized_all).text);
	if (p->has_month_base)
		put_pair(cli, "budget", "%s of this month's %s left", show_money(p->month_left).text,
		         show_money(p->month_budget).text);
	else
		put_pair(cli, "budget", "set by this month's first validation");
	put_pair(cli, "drawdown", "%s %%", show_percent(p->drawdown_percent).text);
}

enum status
run_portfolio(struct cli *cli, struct error *err)
{
	struct error ignored = { 0 };
	enum status status = cli_try_open_prices(cli, err);
	if (status != STATUS_OK)
		return status;
	/* Where the account can't be reached its figures are left out. */
	if (desk_has_live_business(cli->desk) && cli_try_account(cli, NULL, &ignored) != STATUS_OK)
		error_clear(&ignored);
	for (int mode = MODE_DRY_RUN; mode <= MODE_LIVE; mode++) {
		struct portfolio_model model;
		status = desk_portfolio(cli->desk, (enum mode)mode, &model, err);
		if (status == STATUS_NOT_FOUND)
			continue;                    /* no account of this mode */
		if (status != STATUS_OK)
			return status;
		if (cli->is_json)
			json_portfolio(cli, &model);
		else
			put_portfolio(cli, &model);
	}
	return STATUS_OK;
}
