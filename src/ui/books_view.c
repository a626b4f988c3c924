/* Purpose: closed trades, intents and strategies as rows of words. */
#include "ui/screen_parts.h"
#include "ui/words.h"

/* ---- closed trades ---- */

enum { T_ID, T_SYMBOL, T_SIDE, T_QTY, T_ENTRY, T_EXIT, T_NET, T_R, T_FEES, T_WHY, T_MODE, T_HELD,
       T_WHEN, T_COLUMNS };

static const struct table_column trade_columns[T_COLUMNS] = {
	[T_ID]     = { "ID", 3, ALIGN_RIGHT, 0, false },
	[T_SYMBOL] = { "SYMBOL", 7, ALIGN_LEFT, 0, false },
	[T_SIDE]   = { "SIDE", 5, ALIGN_LEFT, 0, false },
	[T_QTY]    = { "QTY", 5, ALIGN_RIGHT, 6, false },
	[T_ENTRY]  = { "ENTRY", 6, ALIGN_RIGHT, 2, false },
	[T_EXIT]   = { "EXIT", 6, ALIGN_RIGHT, 1, false },
	[T_NET]    = { "NET P&L", 7, ALIGN_RIGHT, 0, false },
	[T_R]      = { "R", 5, ALIGN_RIGHT, 0, false },
	[T_FEES]   = { "FEES", 5, ALIGN_RIGHT, 7, false },
	[T_WHY]    = { "EXIT BY", 7, ALIGN_LEFT, 0, false },
	[T_MODE]   = { "MODE", 7, ALIGN_LEFT, 4, false },
	[T_HELD]   = { "HELD", 5, ALIGN_RIGHT, 5, false },
	[T_WHEN]   = { "CLOSED", 8, ALIGN_RIGHT, 3, false },
};

void
trades_view_init(struct table *table)
{
	table_init(table, trade_columns, T_COLUMNS, "no trade has been closed yet");
}

/* Trades carry no places of their own: as many as the price needs. */
static void
price_words(struct decimal price, char ret[WORDS_SIZE])
{
	int places = decimal_places(price);

	words_price(price, places < 2 ? 2 : places > 8 ? 8 : places, ret);
}

void
trades_view(struct table *table, const struct trade_list *list, int64_t now_ms)
{
	char text[WORDS_SIZE];

	table_begin(table);
	for (size_t i = 0; i < list->count; i++) {
		const struct trade *trade = &list->rows[i];
		struct decimal fees;
		char key[TABLE_KEY_SIZE];
		text_format(key, sizeof key, "%lld", (long long)trade->operation_id);
		struct table_row *row = table_add(table, key);
		if (row == NULL)
			break;
		table_set(row, T_ID, STYLE_STRONG, "%s", key);
		table_set_number(row, T_ID, decimal_from_int(trade->operation_id));
		table_set(row, T_SYMBOL, STYLE_STRONG, "%s", trade->symbol);
		table_set(row, T_SIDE, STYLE_PLAIN, "%s", side_position_name(trade->side));
		words_number(trade->quantity, decimal_places(trade->quantity), false, text);
		table_set(row, T_QTY, STYLE_PLAIN, "%s", text);
		table_set_number(row, T_QTY, trade->quantity);
		price_words(trade->entry_price, text);
		table_set(row, T_ENTRY, STYLE_PLAIN, "%s", text);
		table_set_number(row, T_ENTRY, trade->entry_price);
		price_words(trade->exit_price, text);
		table_set(row, T_EXIT, STYLE_PLAIN, "%s", text);
		table_set_number(row, T_EXIT, trade->exit_price);
		words_money(trade->net_pnl, true, text);
		table_set(row, T_NET, words_style(trade->net_pnl), "%s", text);
		table_set_number(row, T_NET, trade->net_pnl);
		if (trade->has_r_multiple) {
			words_number(trade->r_multiple, 2, true, text);
			table_set(row, T_R, words_style(trade->r_multiple), "%s", text);
			table_set_number(row, T_R, trade->r_multiple);
		}
		if (decimal_add(trade->entry_fees, trade->exit_fees, &fees) == STATUS_OK) {
			words_money(fees, false, text);
			table_set(row, T_FEES, STYLE_DIM, "%s", text);
			table_set_number(row, T_FEES, fees);
		}
		table_set(row, T_WHY, STYLE_PLAIN, "%s", words_exit(trade->exit_reason));
		table_set(row, T_MODE, trade->mode == MODE_LIVE ? STYLE_LIVE : STYLE_DIM, "%s",
		          words_mode(trade->mode));
		words_age(trade->duration_ms, text);
		table_set(row, T_HELD, STYLE_DIM, "%s", text);
		table_set_number(row, T_HELD, decimal_from_int(trade->duration_ms));
		words_when(trade->closed_at_ms, now_ms, text);
		table_set(row, T_WHEN, STYLE_DIM, "%s", text);
		table_set_number(row, T_WHEN, decimal_from_int(trade->closed_at_ms));
	}
	table_end(table);
}

/* ---- intents ---- */

enum { I_ID, I_WHEN, I_STATUS, I_MODE, I_SYMBOL, I_SIDE, I_QTY, I_ENTRY, I_STOP, I_RISK, I_REASON,
       I_COLUMNS };

static const struct table_column intent_columns[I_COLUMNS] = {
	[I_ID]     = { "INTENT", 9, ALIGN_LEFT, 0, false },
	[I_WHEN]   = { "PLANNED", 8, ALIGN_RIGHT, 5, false },
	[I_STATUS] = { "STATUS", 6, ALIGN_LEFT, 0, false },
	[I_MODE]   = { "MODE", 7, ALIGN_LEFT, 4, false },
	[I_SYMBOL] = { "SYMBOL", 7, ALIGN_LEFT, 0, false },
	[I_SIDE]   = { "SIDE", 4, ALIGN_LEFT, 0, false },
	[I_QTY]    = { "QTY", 5, ALIGN_RIGHT, 3, false },
	[I_ENTRY]  = { "ENTRY", 6, ALIGN_RIGHT, 1, false },
	[I_STOP]   = { "STOP", 6, ALIGN_RIGHT, 2, false },
	[I_RISK]   = { "RISK", 6, ALIGN_RIGHT, 6, false },
	[I_REASON] = { "WHY, AND WHAT CAME OF IT|WHY, AND RESULT", 0, ALIGN_LEFT, 0, false },
};

void
intents_view_init(struct table *table)
{
	table_init(table, intent_columns, I_COLUMNS, "nothing has been planned yet: n starts an intent");
}

static unsigned
status_style(enum intent_status status)
{
	switch (status) {
	case INTENT_FAILED: return STYLE_BAD;
	case INTENT_EXECUTING: return STYLE_WARN;
	case INTENT_EXECUTED: case INTENT_VALIDATED: return STYLE_GOOD;
	default: return STYLE_PLAIN;
	}
}

void
intents_view(struct table *table, const struct intent_list *list, int64_t now_ms)
{
	char text[WORDS_SIZE];

	table_begin(table);
	for (size_t i = 0; i < list->count; i++) {
		const struct intent *intent = &list->rows[i];
		struct table_row *row = table_add(table, intent->id);
		if (row == NULL)
			break;
		words_id(intent->id, text);
		table_set(row, I_ID, STYLE_PLAIN, "%s", text);
		words_when(intent->created_at_ms, now_ms, text);
		table_set(row, I_WHEN, STYLE_DIM, "%s", text);
		table_set_number(row, I_WHEN, decimal_from_int(intent->created_at_ms));
		table_set(row, I_STATUS, status_style(intent->status), "%s",
		          intent_status_name(intent->status));
		table_set(row, I_MODE, intent->mode == MODE_LIVE ? STYLE_LIVE : STYLE_DIM, "%s",
		          words_mode(intent->mode));
		table_set(row, I_SYMBOL, STYLE_STRONG, "%s", intent->symbol);
		table_set(row, I_SIDE, STYLE_PLAIN, "%s", side_name(intent->side));
		words_number(intent->quantity, decimal_places(intent->quantity), false, text);
		table_set(row, I_QTY, STYLE_PLAIN, "%s", text);
		table_set_number(row, I_QTY, intent->quantity);
		price_words(intent->entry_price, text);
		table_set(row, I_ENTRY, STYLE_PLAIN, "%s", text);
		table_set_number(row, I_ENTRY, intent->entry_price);
		price_words(intent->stop_price, text);
		table_set(row, I_STOP, STYLE_PLAIN, "%s", text);
		table_set_number(row, I_STOP, intent->stop_price);
		words_money(intent->risk_amount, false, text);
		table_set(row, I_RISK, STYLE_PLAIN, "%s", text);
		table_set_number(row, I_RISK, intent->risk_amount);
		text_format(row->wide, sizeof row->wide, "%s%s%s", intent->reason,
		            intent->reason[0] != 0 && intent->execution_result[0] != 0 ? " · " : "",
		            intent->error[0] != 0 ? intent->error : intent->execution_result);
	}
	table_end(table);
}

/* ---- strategies ---- */

enum { S_NAME, S_ACTIVE, S_BIAS, S_TRADES, S_WINS, S_NET, S_RISK, S_TEXT, S_COLUMNS };

static const struct table_column strategy_columns[S_COLUMNS] = {
	[S_NAME]   = { "STRATEGY", 12, ALIGN_LEFT, 0, false },
	[S_ACTIVE] = { "", 8, ALIGN_LEFT, 3, false },
	[S_BIAS]   = { "BIAS", 7, ALIGN_LEFT, 4, false },
	[S_TRADES] = { "TRADES", 6, ALIGN_RIGHT, 0, false },
	[S_WINS]   = { "WINS", 5, ALIGN_RIGHT, 1, false },
	[S_NET]    = { "NET P&L", 7, ALIGN_RIGHT, 0, false },
	[S_RISK]   = { "RISK %", 6, ALIGN_RIGHT, 2, false },
	[S_TEXT]   = { "DRY-RUN RECORD; LIVE APART|DRY-RUN RECORD", 0, ALIGN_LEFT, 0, false },
};

void
strategies_view_init(struct table *table)
{
	table_init(table, strategy_columns, S_COLUMNS, "the book has no strategies");
}

void
strategies_view(struct table *table, const struct strategy_list *list)
{
	char text[WORDS_SIZE];

	table_begin(table);
	for (size_t i = 0; i < list->count; i++) {
		const struct strategy *strategy = &list->rows[i];
		const struct track_record *dry = &strategy->record[MODE_DRY_RUN];
		const struct track_record *live = &strategy->record[MODE_LIVE];
		struct table_row *row = table_add(table, strategy->name);
		if (row == NULL)
			break;
		table_set(row, S_NAME, STYLE_STRONG, "%.39s", strategy->name);
		table_set(row, S_ACTIVE, strategy->is_active ? STYLE_GOOD : STYLE_WARN, "%s",
		          strategy->is_active ? "active" : "inactive");
		table_set(row, S_BIAS, STYLE_PLAIN, "%s", bias_name(strategy->bias));
		table_set(row, S_TRADES, STYLE_PLAIN, "%lld", (long long)dry->trades);
		table_set_number(row, S_TRADES, decimal_from_int(dry->trades));
		table_set(row, S_WINS, STYLE_PLAIN, "%lld", (long long)dry->wins);
		table_set_number(row, S_WINS, decimal_from_int(dry->wins));
		words_money(dry->net_pnl, true, text);
		table_set(row, S_NET, words_style(dry->net_pnl), "%s", text);
		table_set_number(row, S_NET, dry->net_pnl);
		if (strategy->has_risk_percent) {
			words_number(strategy->risk_percent, 2, false, text);
			table_set(row, S_RISK, STYLE_PLAIN, "%s", text);
			table_set_number(row, S_RISK, strategy->risk_percent);
		}
		if (live->trades > 0) {
			words_money(live->net_pnl, true, text);
			text_format(row->wide, sizeof row->wide, "LIVE %lld trades, %s · %s",
			            (long long)live->trades, text, strategy->description);
		} else {
			text_copy(row->wide, sizeof row->wide, strategy->description);
		}
		text_copy(row->detail, sizeof row->detail, strategy->description);
	}
	table_end(table);
}
