/* Purpose: what the screen says where the money is real: the question before an order, what rests on
 * the exchange, and the exchange's health, as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "ui/screen_parts.h"
#include "ui/words.h"

static struct decimal
d(const char *text)
{
	struct decimal ret = DECIMAL_ZERO;
	assert_int_equal(decimal_parse(text, &ret), STATUS_OK);
	return ret;
}

static void
look(struct grid *grid, const char *expected)
{
	struct text text = { 0 };

	grid_dump(grid, &text);
	if (strcmp(text.data, expected) != 0)
		fprintf(stderr, "%s", text.data);
	assert_string_equal(text.data, expected);
	text_done(&text);
}

static struct grid
make_grid(int rows, int cols)
{
	struct grid grid;

	grid_init(&grid, GLYPHS_FULL);
	assert_int_equal(grid_resize(&grid, rows, cols), STATUS_OK);
	return grid;
}

static bool
holds(const struct lines *lines, const char *text)
{
	for (int i = 0; i < lines->count; i++)
		if (strstr(lines->rows[i].text, text) != NULL)
			return true;
	for (int i = 0; i < lines->count; i++)
		fprintf(stderr, "%s\n", lines->rows[i].text);
	return false;
}

/* ---- the question before an order ---- */

static struct confirm_model
make_confirm(void)
{
	struct confirm_model model;

	memset(&model, 0, sizeof model);
	model.intent.side = SIDE_BUY;
	model.intent.entry_kind = ENTRY_MARKET;
	model.intent.quantity = d("0.05905");
	model.intent.position_value = d("5751.47");
	model.intent.risk_amount = d("99.99");
	model.intent.risk_percent = d("1");
	model.intent.stop_price = d("95900");
	model.intent.has_target = true;
	model.intent.target_price = d("101900");
	text_copy(model.base, sizeof model.base, "BTC");
	text_copy(model.quote, sizeof model.quote, "USDC");
	text_copy(model.exchange, sizeof model.exchange, "Binance Spot");
	text_copy(model.key_tail, sizeof model.key_tail, "q7Xa");
	model.price_places = 2;
	model.quantity_places = 5;
	model.has_fees = model.has_rules = model.has_price = model.has_drift = model.is_target_resting = true;
	model.fees = d("11.41");
	model.protection = INSTRUCT_OPOCO;
	model.price = d("97412.35");
	model.price_age_ms = 300;
	model.drift_percent = d("0.02");
	model.drift_limit_percent = d("0.5");
	return model;
}

static void
the_question_before_a_live_order_names_everything_at_stake(void **state)
{
	(void)state;
	struct confirm_model model = make_confirm();
	struct grid grid = make_grid(13, 80);
	struct canvas all = canvas_whole(&grid);
	struct dialog dialog;

	dialog_word(&dialog, "LIVE order: real money", "CONFIRM", 0);
	confirm_view(&dialog, &model);
	dialog_draw(&dialog, &all, 2000000);
	look(&grid,
	     "\n"
	     "   ╔═ LIVE order: real money ═══════════════════════════════════════════════╗\n"
	     "   ║ BUY 0.05905 BTC on Binance Spot, key …q7Xa, about 5,751.47 USDC        ║\n"
	     "   ║ If the stop is hit you lose about 99.99, fees 11.41 in it = 1.00 %     ║\n"
	     "   ║ Protection on the exchange: stop 95,900.00, target 101,900.00          ║\n"
	     "   ║   in one request with the entry (OPOCO)                                ║\n"
	     "   ║ Price 97,412.35, 0.3 s old, moved +0.02 % since planning (limit 0.5)   ║\n"
	     "   ║                                                                        ║\n"
	     "   ║ Type CONFIRM, then Enter.  [        ]                                  ║\n"
	     "   ║ Esc goes back.                                                    28 s ║\n"
	     "   ╚════════════════════════════════════════════════════════════════════════╝\n"
	     "\n\n");
	grid_done(&grid);
}

static void
its_figures_go_on_moving_and_a_guard_that_fails_closes_it(void **state)
{
	(void)state;
	struct confirm_model model = make_confirm();
	struct dialog dialog;

	dialog_word(&dialog, "LIVE order: real money", "CONFIRM", 0);
	confirm_view(&dialog, &model);
	assert_string_equal(dialog.blocked, "");
	model.price = d("97500");
	model.price_age_ms = 12000;
	model.is_stale = true;
	model.report.missing = MISSING_FRESH_QUOTE;
	text_copy(model.report.missing_text, sizeof model.report.missing_text, "a fresh price");
	confirm_view(&dialog, &model);
	assert_non_null(strstr(dialog.lines[4], "97,500.00, 12s old"));
	assert_int_equal(dialog.line_style[4], STYLE_ALARM);
	assert_string_equal(dialog.waits, "a fresh price");
	model.report.missing = 0;
	model.report.count = 1;
	model.report.failures = 1;
	model.report.checks[0].status = VERDICT_FAIL;
	text_copy(model.report.checks[0].name, GUARD_NAME_SIZE, "price");
	text_copy(model.report.checks[0].message, sizeof model.report.checks[0].message, "moved 0.61 %");
	confirm_view(&dialog, &model);
	assert_string_equal(dialog.waits, "");
	assert_string_equal(dialog.blocked, "price: moved 0.61 %");
	/* It stays shut, whatever the guard says next. */
	model.report.count = model.report.failures = 0;
	confirm_view(&dialog, &model);
	assert_string_equal(dialog.blocked, "price: moved 0.61 %");
}

static void
a_gate_that_stays_shut_asks_for_no_word(void **state)
{
	(void)state;
	struct confirm_model model = make_confirm();
	struct grid grid = make_grid(14, 80);
	struct canvas all = canvas_whole(&grid);
	struct dialog dialog;
	struct text text = { 0 };

	error_set(&model.shut, STATUS_REFUSED, "this book was copied here from another machine: it does nothing LIVE "
	          "until it is adopted");
	error_hint(&model.shut, "robson adopt");
	dialog_word(&dialog, "LIVE order: real money", "CONFIRM", 0);
	confirm_view(&dialog, &model);
	dialog_draw(&dialog, &all, 2000000);
	grid_dump(&grid, &text);
	assert_non_null(strstr(text.data, "another machine"));
	assert_non_null(strstr(text.data, "robson adopt"));    /* in full: wrapped, not cut */
	assert_non_null(strstr(text.data, "Nothing is sent"));
	assert_null(strstr(text.data, "Type CONFIRM"));
	text_done(&text);
	grid_done(&grid);
}

static void
how_it_will_be_protected_is_said_before(void **state)
{
	(void)state;
	static const struct { enum instruction_kind kind; bool target; const char *words; } cases[] = {
		{ INSTRUCT_OPO, false, "in one request with the entry (OPO)" },
		{ INSTRUCT_OTO, true, "in one request with the entry (OTO); Robson watches the target" },
		{ INSTRUCT_OTOCO, true, "in one request with the entry (OTOCO)" },
		{ INSTRUCT_ORDER, false, "entry first, protection in the next request" },
	};
	char words[160];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct confirm_model model = make_confirm();
		model.intent.has_target = cases[i].target;
		model.protection = cases[i].kind;
		model.is_target_resting = cases[i].kind == INSTRUCT_OTOCO;
		confirm_protection_words(&model, words, sizeof words);
		assert_string_equal(words, cases[i].words);
	}
	struct confirm_model unknown = make_confirm();
	unknown.has_rules = false;
	confirm_protection_words(&unknown, words, sizeof words);
	assert_non_null(strstr(words, "not known"));
}

/* ---- operations ---- */

static struct operation_model
make_operation(int64_t id, enum protection protection)
{
	struct operation_model model;

	memset(&model, 0, sizeof model);
	model.op.id = id;
	model.op.mode = MODE_LIVE;
	text_copy(model.op.symbol, sizeof model.op.symbol, "BTCUSDC");
	text_copy(model.op.exchange_host, sizeof model.op.exchange_host, "api.binance.com");
	text_copy(model.op.account, sizeof model.op.account, "354937868");
	model.op.side = SIDE_BUY;
	assert_int_equal(leg_add(&model.op.entry, d("97400"), d("0.05905"), d("5.75")), STATUS_OK);
	model.op.initial_stop = model.op.stop_price = d("95900");
	model.op.has_target = true;
	model.op.target_price = d("101900");
	model.op.opened_at_ms = 1000;
	text_copy(model.base, sizeof model.base, "BTC");
	text_copy(model.quote, sizeof model.quote, "USDC");
	model.has_price = model.has_unrealized = model.has_r = true;
	model.price = d("97412.35");
	model.price_places = 2;
	model.quantity_places = 5;
	model.unrealized = d("-10.77");
	model.r = d("-0.108");
	model.protection = protection;
	model.is_watched = protection == PROTECTION_EXCH_LOCAL || protection == PROTECTION_LOCAL;
	return model;
}

static void
protection_is_told_by_words_and_marks_before_colours(void **state)
{
	(void)state;
	struct operation_model rows[] = {
		make_operation(5, PROTECTION_EXCH_LOCAL), make_operation(4, PROTECTION_EXCH),
		make_operation(3, PROTECTION_LOCAL), make_operation(2, PROTECTION_NAKED),
		make_operation(1, PROTECTION_EXCH_LOCAL) };
	struct operation_list list = { rows, 5 };
	struct table table;

	text_copy(rows[4].op.alarm, sizeof rows[4].op.alarm, "something");
	rows[3].op.exit_wish.reason = EXIT_STOP_LOSS;   /* wanted, and still nothing stands */
	operations_view_init(&table);
	operations_view(&table, &list, 14000);
	enum { PROTECTION_COLUMN = 12 };
	static const struct { const char *text; unsigned style; } wanted[] = {
		{ "EXCH+LOCAL", STYLE_GOOD }, { "EXCH ○", STYLE_WARN }, { "LOCAL ⚠", STYLE_WARN },
		{ "NAKED ⚠", STYLE_ALARM }, { "EXCH+LOCAL ⚠", STYLE_ALARM } };
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
		assert_string_equal(table.rows[i].cells[PROTECTION_COLUMN].text, wanted[i].text);
		assert_int_equal(table.rows[i].cells[PROTECTION_COLUMN].style, wanted[i].style);
	}
	/* Never left out, however narrow. */
	for (int cols = 56; cols < 140; cols += 3) {
		struct grid grid = make_grid(7, cols);
		struct canvas all = canvas_whole(&grid);
		struct text text = { 0 };
		table_draw(&table, &all, true);
		grid_dump(&grid, &text);
		assert_non_null(strstr(text.data, "NAKED ⚠"));
		assert_non_null(strstr(text.data, "EXCH+LOCAL"));
		text_done(&text);
		grid_done(&grid);
	}
	table_done(&table);
}

static struct order_model
make_order(const char *id, enum order_purpose purpose, enum order_type type, enum order_state state)
{
	struct order_model model;

	memset(&model, 0, sizeof model);
	text_copy(model.order.client_order_id, sizeof model.order.client_order_id, id);
	text_copy(model.order.exchange_host, sizeof model.order.exchange_host, "api.binance.com");
	model.order.mode = MODE_LIVE;
	model.order.purpose = purpose;
	model.order.side = purpose == PURPOSE_ENTRY ? SIDE_BUY : SIDE_SELL;
	model.order.type = type;
	model.order.state = state;
	model.order.quantity = d("0.05899");
	model.order.changed_at_ms = 2000;
	model.next_look_ms = -1;
	return model;
}

static void
what_rests_on_the_exchange_is_told_with_when_it_was_seen(void **state)
{
	(void)state;
	struct details *details = calloc(1, sizeof *details);
	struct order_model orders[] = {
		make_order("rab-1-s1", PURPOSE_STOP, ORDER_STOP_LOSS_LIMIT, ORDER_NEW),
		make_order("rab-1-t1", PURPOSE_TARGET, ORDER_LIMIT, ORDER_NEW),
		make_order("rab-1-e1", PURPOSE_ENTRY, ORDER_LIMIT, ORDER_FILLED) };
	struct lines lines = { .count = 0 };

	assert_non_null(details);
	details->operation = make_operation(1, PROTECTION_EXCH_LOCAL);
	details->has_intent = true;
	details->intent.orders = (struct order_list){ orders, 3 };
	orders[0].order.has_stop_price = orders[0].order.has_price = true;
	orders[0].order.stop_price = d("95900");
	orders[0].order.price = d("94941");
	orders[0].order.seen_at_ms = 13600;
	orders[0].is_seen_here = true;
	text_copy(orders[0].order.list_id, sizeof orders[0].order.list_id, "rab-1-l1");
	text_copy(orders[0].order.exchange_order_id, sizeof orders[0].order.exchange_order_id, "4711");
	orders[1].order.has_price = true;
	orders[1].order.price = d("101900");
	details_say_resting(details, &lines, 14000, 76);
	assert_true(holds(&lines, "On api.binance.com"));
	assert_true(holds(&lines, "stop   STOP_LOSS_LIMIT 0.05899, triggers at 95,900.00, limit 94,941.00"));
	assert_true(holds(&lines, "NEW, seen 0.4 s ago"));
	assert_true(holds(&lines, "id rab-1-s1 / 4711, list rab-1-l1"));
	assert_true(holds(&lines, "target LIMIT 0.05899 at 101,900.00"));
	assert_true(holds(&lines, "not seen resting yet"));
	free(details);
}

static void
an_order_without_an_answer_says_since_when_and_what_comes_next(void **state)
{
	(void)state;
	struct order_model order = make_order("rab-1-s1", PURPOSE_STOP, ORDER_STOP_LOSS, ORDER_UNKNOWN);
	char words[400];

	order.next_look_ms = 2100;
	order_unknown_words(&order, 14000, words, sizeof words);
	assert_string_equal(words, "unknown since 12s: asking api.binance.com by its id, next look in 3 s; it is not "
	                    "sent again. A person may look for client id rab-1-s1 there");
	order.next_look_ms = -1;               /* only the holder knows */
	order_unknown_words(&order, 14000, words, sizeof words);
	assert_null(strstr(words, "next look"));
}

static void
fees_are_told_by_asset_and_estimates_are_marked(void **state)
{
	(void)state;
	struct details *details = calloc(1, sizeof *details);
	struct fill fills[2];
	struct order_model order = make_order("rab-1-e1", PURPOSE_ENTRY, ORDER_LIMIT, ORDER_FILLED);
	struct lines lines = { .count = 0 };

	assert_non_null(details);
	memset(fills, 0, sizeof fills);
	text_copy(fills[0].commission_asset, ASSET_SIZE, "BNB");
	fills[0].commission = d("0.0078");
	text_copy(fills[1].commission_asset, ASSET_SIZE, "BTC");
	fills[1].commission = d("0.00005905");
	fills[1].is_fee_estimated = true;
	order.fills = fills;
	order.fill_count = 2;
	details->operation = make_operation(1, PROTECTION_EXCH_LOCAL);
	details->has_intent = true;
	details->intent.orders = (struct order_list){ &order, 1 };
	details_say_fees(details, &lines);
	assert_true(holds(&lines, "fees     5.75 USDC est.: 0.0078 BNB + 0.00005905 BTC"));
	details->operation.op.base_fees = d("0.00005905");
	details_say_dust(&details->operation, d("0.00001"), &lines);
	assert_true(holds(&lines, "dust     0.00000095 BTC, less than a lot of 0.00001"));
	free(details);
}

static void
flatten_names_every_live_position(void **state)
{
	(void)state;
	struct operation_model rows[] = { make_operation(2, PROTECTION_EXCH_LOCAL), make_operation(1, PROTECTION_PAPER) };
	struct operation_list list = { rows, 2 };
	struct dialog dialog;

	rows[1].op.mode = MODE_DRY_RUN;
	dialog_word(&dialog, "Close everything at market", "FLATTEN", 0);
	flatten_view(&dialog, &list, 1);
	assert_non_null(strstr(dialog.lines[1], "1 LIVE"));
	assert_non_null(strstr(dialog.lines[2], "1 on paper"));
	assert_string_equal(dialog.lines[3], "  LIVE 2: sell 0.05905 BTC, about -10.77");
	list.count = 1;
	flatten_view(&dialog, &list, 1);
	assert_int_equal(dialog.line_count, 4);
}

/* ---- the status line ---- */

static struct screen *
make_screen(void)
{
	struct screen *screen = calloc(1, sizeof *screen);

	assert_non_null(screen);
	screen->has_status = true;
	screen->wall_ms = 1767571200000ll;
	struct desk_status_model *status = &screen->status;
	status->mode = MODE_LIVE;
	status->is_live_on = status->has_live = true;
	status->feed.is_reachable = true;
	status->holder.is_held = status->holder.is_me = true;
	status->has_open_risk = status->has_day = true;
	status->open_risk_percent = d("1");
	status->realized_day = d("142.1");
	text_copy(status->live.label, sizeof status->live.label, "Binance Spot");
	status->live.is_ready = status->live.is_reachable = true;
	status->live.round_trip_us = 45000;
	status->live.weight_used = 120;
	status->live.weight_limit = 6000;
	status->live.has_clock_offset = true;
	status->live.clock_offset_ms = -12;
	return screen;
}

static void
status_line(const struct screen *screen, int cols, char *ret, size_t size)
{
	struct grid grid = make_grid(1, cols);
	struct canvas all = canvas_whole(&grid);
	struct text text = { 0 };

	status_line_draw(screen, &all);
	grid_dump(&grid, &text);
	text_copy(ret, size, text.data);
	text_done(&text);
	grid_done(&grid);
}

static void
live_is_loud_and_the_exchange_is_told_with_its_figures(void **state)
{
	(void)state;
	struct screen *screen = make_screen();
	struct grid grid = make_grid(1, 160);
	struct canvas all = canvas_whole(&grid);
	char line[600];

	status_line(screen, 160, line, sizeof line);
	assert_string_equal(line, "▌robson  ! LIVE !  │ feed │ ● watching 0 │ risk open 1.0% │ day +142.10 │ exch 45 ms "
	                    "│ weight 120/6000 │ clock -12 ms │ 00:00:00\n");
	status_line_draw(screen, &all);
	const struct cell *cell = grid_cell(&grid, 0, 10);
	assert_int_equal(cell->style, STYLE_LIVE);
	assert_int_equal(theme_look(THEME_MONO, STYLE_LIVE).weight, LOOK_REVERSE | LOOK_BOLD);
	text_copy(screen->status.live.label, sizeof screen->status.live.label, "Binance Spot testnet");
	status_line(screen, 160, line, sizeof line);
	assert_non_null(strstr(line, " LIVE testnet "));
	grid_done(&grid);
	free(screen);
}

static void
at_80_columns_nothing_is_cut_that_must_be_seen(void **state)
{
	(void)state;
	struct screen *screen = make_screen();
	struct desk_status_model *status = &screen->status;
	char line[600];

	status->unknown_count = 1;
	status->unknown_since_ms = screen->wall_ms - 12000;
	status->blocker_count = 2;
	status->naked_count = 1;
	status->live.is_reachable = false;
	status->feed.is_reachable = false;
	screen->form.has_price = true;
	screen->form.price.age_ms = 7200;
	text_copy(status->feed.trouble, sizeof status->feed.trouble, "no prices: Failed to connect to api.binance.com");
	text_copy(status->live.trouble, sizeof status->live.trouble, "no answer within 10 s from api.binance.com");
	status_line(screen, 80, line, sizeof line);
	for (size_t i = 0; i < 5; i++) {
		static const char *const words[] = { "! LIVE !", "1 NAKED", "1 UNKNOWN 12s", "NO EXCHANGE",
		                                     "NO PRICES 7.2 s" };
		if (strstr(line, words[i]) == NULL)
			fail_msg("%s is not in %s", words[i], line);
	}
	status->live.is_key_refused = true;
	text_copy(status->live.waits, sizeof status->live.waits, "polling waits for the weight of the next minute");
	status_line(screen, 80, line, sizeof line);
	assert_non_null(strstr(line, "KEY REFUSED"));
	free(screen);
}

static void
figures_that_are_not_well_come_before_others(void **state)
{
	(void)state;
	struct screen *screen = make_screen();
	char line[600];

	status_line(screen, 70, line, sizeof line);
	assert_null(strstr(line, "clock"));
	screen->status.live.clock_offset_ms = 4200;
	screen->status.live.weight_used = 5500;
	status_line(screen, 80, line, sizeof line);
	assert_non_null(strstr(line, "clock +4200 ms"));
	assert_non_null(strstr(line, "w 91%"));
	free(screen);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_question_before_a_live_order_names_everything_at_stake),
		cmocka_unit_test(its_figures_go_on_moving_and_a_guard_that_fails_closes_it),
		cmocka_unit_test(a_gate_that_stays_shut_asks_for_no_word),
		cmocka_unit_test(how_it_will_be_protected_is_said_before),
		cmocka_unit_test(protection_is_told_by_words_and_marks_before_colours),
		cmocka_unit_test(what_rests_on_the_exchange_is_told_with_when_it_was_seen),
		cmocka_unit_test(an_order_without_an_answer_says_since_when_and_what_comes_next),
		cmocka_unit_test(fees_are_told_by_asset_and_estimates_are_marked),
		cmocka_unit_test(flatten_names_every_live_position),
		cmocka_unit_test(live_is_loud_and_the_exchange_is_told_with_its_figures),
		cmocka_unit_test(at_80_columns_nothing_is_cut_that_must_be_seen),
		cmocka_unit_test(figures_that_are_not_well_come_before_others),
	};
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
