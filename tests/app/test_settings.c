/* Settings: the table against itself, the sample and the manual; every source; every refusal. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "app/settings.h"
#include "base/text.h"
#include "tests/app/folder.h"

struct world {
	struct folder folder;
	char path[FOLDER_PATH_SIZE];
	struct settings settings;
	struct error err;
};

static int
set_up(void **state)
{
	struct world *world = calloc(1, sizeof *world);
	assert_non_null(world);
	folder_make(&world->folder);
	folder_path(&world->folder, "robson.ini", world->path);
	settings_init(&world->settings);
	*state = world;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *world = *state;
	folder_remove(&world->folder);
	free(world);
	return 0;
}

static size_t
index_of(const char *name)
{
	size_t i = 0;
	while (i < settings_count() && strcmp(settings_key(i)->name, name) != 0)
		i++;
	assert_true(i < settings_count());
	return i;
}

static void
assert_value(const struct settings *settings, const char *name, const char *wanted)
{
	char text[SETTING_TEXT_SIZE];
	settings_value_text(settings, index_of(name), text, sizeof text);
	assert_string_equal(text, wanted);
}

/* Every value, and where it came from. */
static void
assert_unchanged(const struct settings *before, const struct settings *now)
{
	char one[SETTING_ORIGIN_SIZE], two[SETTING_ORIGIN_SIZE];
	for (size_t i = 0; i < settings_count(); i++) {
		settings_value_text(before, i, one, sizeof one);
		settings_value_text(now, i, two, sizeof two);
		assert_string_equal(one, two);
		settings_origin_text(before, i, one, sizeof one);
		settings_origin_text(now, i, two, sizeof two);
		assert_string_equal(one, two);
	}
	assert_string_equal(before->file, now->file);
}

static void
assert_has(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", part, text);
}

/* ---- the table ---- */

static void
has_the_defaults_of_the_contract(void **state)
{
	struct world *world = *state;
	static const struct { const char *key, *value; } wanted[] = {
		{ "book.capital", "none" }, { "book.risk_percent", "1" }, { "book.monthly_budget_percent", "4" },
		{ "feed.source", "binance" }, { "feed.interval_ms", "1000" }, { "feed.stale_ms", "10000" },
		{ "exchange.url", "https://api.binance.com" }, { "exchange.ca_file", "none" },
		{ "exchange.key_file", "none" }, { "exchange.recv_window_ms", "5000" },
		{ "costs.fee_percent", "0.1" }, { "costs.gap_percent", "0" },
		{ "exits.stop_limit_percent", "1" }, { "paper.balance", "10000" },
		{ "entry.slippage_percent", "0.1" }, { "entry.max_drift_percent", "0.5" },
		{ "limits.orders_per_day", "none" }, { "limits.notional_per_day", "none" },
		{ "limits.loss_per_day", "none" }, { "patterns.auto_dry_run", "off" },
		{ "patterns.per_day", "10" }, { "notify.command", "none" },
	};
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
		assert_value(&world->settings, wanted[i].key, wanted[i].value);
	assert_int_equal(settings_check(&world->settings, &world->err), STATUS_OK);
	assert_false(world->settings.book.has_capital);
	assert_string_equal(world->settings.notify.command, "");
}

static void
names_every_key_once_and_says_what_it_takes(void **state)
{
	char range[256], origin[SETTING_ORIGIN_SIZE];
	struct world *world = *state;
	for (size_t i = 0; i < settings_count(); i++) {
		const struct setting_key *key = settings_key(i);
		assert_ptr_equal(settings_find(key->name), key);
		assert_non_null(strchr(key->name, '.'));
		assert_true(key->help != NULL && key->help[0] != '\0');
		settings_range_text(key, range, sizeof range);
		assert_true(range[0] != '\0' && strlen(range) < 159);
		settings_origin_text(&world->settings, i, origin, sizeof origin);
		assert_string_equal(origin, "default");
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(settings_key(j)->name, key->name);
	}
	assert_null(settings_find("book.nothing"));
	assert_null(settings_find("book"));
}

/* Reading back what is printed gives the same, for every key and source. */
static void
prints_every_value_so_that_it_can_be_read_again(void **state)
{
	struct world *world = *state;
	char text[SETTING_TEXT_SIZE], again[SETTING_TEXT_SIZE];
	for (size_t i = 0; i < settings_count(); i++) {
		settings_value_text(&world->settings, i, text, sizeof text);
		assert_string_equal(text, settings_key(i)->initial);
		assert_int_equal(settings_set_option(&world->settings, settings_key(i)->name, text, "--x",
		                                     &world->err), STATUS_OK);
		settings_value_text(&world->settings, i, again, sizeof again);
		assert_string_equal(again, text);
	}
}

/* Each number: its ends are taken, the next step beyond them is not. */
static void
keeps_every_number_in_its_range_to_the_last_place(void **state)
{
	struct world *world = *state;
	struct decimal step, min, max;
	char text[DECIMAL_TEXT_SIZE];
	int numbers = 0;
	for (size_t i = 0; i < settings_count(); i++) {
		const struct setting_key *key = settings_key(i);
		if (key->type != SETTING_DECIMAL && key->type != SETTING_INTEGER)
			continue;
		numbers++;
		assert_int_equal(decimal_parse(key->type == SETTING_INTEGER ? "1" : "0.0000000000000001", &step),
		                 STATUS_OK);
		assert_int_equal(decimal_parse(key->min, &min), STATUS_OK);
		assert_int_equal(decimal_parse(key->max, &max), STATUS_OK);
		assert_true(decimal_cmp(min, max) < 0);
		struct { struct decimal value; bool good; } tries[] = {
			{ { min.e16 - step.e16 }, false }, { min, !key->is_min_excluded },
			{ { min.e16 + step.e16 }, true }, { max, true }, { { max.e16 + step.e16 }, false },
		};
		for (size_t t = 0; t < ARRAY_LEN(tries); t++) {
			struct settings before = world->settings;
			decimal_text(tries[t].value, text);
			enum status status = settings_set_option(&world->settings, key->name, text, "--x",
			                                         &world->err);
			assert_int_equal(status, tries[t].good ? STATUS_OK : STATUS_CONFIG);
			if (tries[t].good) {
				assert_value(&world->settings, key->name, text);
			} else {
				assert_unchanged(&before, &world->settings);
				assert_string_equal(world->err.field, key->name);
				assert_has(world->err.message, key->max);
			}
		}
		assert_int_equal(settings_set_option(&world->settings, key->name, "abc", "--x", &world->err),
		                 STATUS_CONFIG);
		if (key->type == SETTING_INTEGER)
			assert_int_equal(settings_set_option(&world->settings, key->name, "1000.5", "--x",
			                                     &world->err), STATUS_CONFIG);
	}
	assert_true(numbers > 15);
}

static void
lowers_what_protects_and_never_raises_it(void **state)
{
	struct world *world = *state;
	static const char *const keys[] = { "book.risk_percent", "book.monthly_budget_percent",
	                                    "patterns.per_day" };
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		const struct setting_key *key = settings_find(keys[i]);
		assert_string_equal(key->max, key->initial);
		assert_int_equal(settings_set_option(&world->settings, keys[i], "11", "--x", &world->err),
		                 STATUS_CONFIG);
		assert_has(world->err.hint, "may be lowered, never raised");
	}
}

static void
reads_switches_choices_and_none_in_any_case(void **state)
{
	struct world *world = *state;
	static const struct { const char *key, *value, *wanted; } good[] = {
		{ "ui.ascii", "ON", "on" }, { "ui.ascii", "no", "off" }, { "ui.ascii", "True", "on" },
		{ "ui.ascii", "0", "off" }, { "ui.theme", "Mono", "mono" }, { "log.level", "DEBUG", "debug" },
		{ "book.capital", "12,345.5", "12345.5" }, { "book.capital", "None", "none" },
		{ "limits.orders_per_day", "7", "7" }, { "limits.orders_per_day", "", "none" },
		{ "notify.command", "/bin/x -a", "/bin/x -a" }, { "notify.command", "none", "none" },
		{ "feed.source", "BINANCE", "binance" }, { "feed.source", "replay:/a b/t.csv@max", "replay:/a b/t.csv@max" },
	};
	static const struct { const char *key, *value; } bad[] = {
		{ "ui.ascii", "maybe" }, { "ui.ascii", "" }, { "ui.ascii", "none" }, { "ui.theme", "mon" },
		{ "ui.theme", "mono|classic" }, { "ui.theme", "" }, { "book.risk_percent", "none" },
		{ "feed.source", "replay:" }, { "feed.source", "replay:@2" }, { "feed.source", "kraken" },
		{ "feed.source", "" }, { "notify.command", "a\nb" }, { "notify.command", "a\033[2J" },
		{ "exchange.key_file", "\xff" }, { "book.capital", "1e3" }, { "book.capital", "0,5" },
	};
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		assert_int_equal(settings_set_option(&world->settings, good[i].key, good[i].value, "--x",
		                                     &world->err), STATUS_OK);
		assert_value(&world->settings, good[i].key, good[i].wanted);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(settings_set_option(&world->settings, bad[i].key, bad[i].value, "--x",
		                                     &world->err), STATUS_CONFIG);
	char *large = malloc(SETTING_TEXT_SIZE + 1);
	memset(large, 'x', SETTING_TEXT_SIZE);
	large[SETTING_TEXT_SIZE] = '\0';
	assert_int_equal(settings_set_option(&world->settings, "notify.command", large, "--x", &world->err),
	                 STATUS_CONFIG);
	large[SETTING_TEXT_SIZE - 1] = '\0';
	assert_int_equal(settings_set_option(&world->settings, "notify.command", large, "--x", &world->err),
	                 STATUS_OK);
	free(large);
}

static void
lets_plain_http_go_to_this_machine_alone(void **state)
{
	struct world *world = *state;
	static const struct { const char *url, *wanted; } cases[] = {
		{ "testnet", "https://testnet.binance.vision" }, { "Testnet", NULL },
		{ "https://api.binance.com", "https://api.binance.com" },
		{ "https://api.binance.com/", "https://api.binance.com" },
		{ "https://example.org:8443/base/v1//", "https://example.org:8443/base/v1" },
		{ "https://[2001:db8::1]:443", "https://[2001:db8::1]:443" },
		{ "http://localhost:8080", "http://localhost:8080" },
		{ "http://LOCALHOST", "http://LOCALHOST" },
		{ "http://127.0.0.1:1", "http://127.0.0.1:1" },
		{ "http://127.255.3.4/x", "http://127.255.3.4/x" },
		{ "http://[::1]:65535", "http://[::1]:65535" },
		{ "http://api.binance.com", NULL }, { "http://127.0.0.1.example.org", NULL },
		{ "http://127.0.0.256", NULL }, { "http://127.0.0", NULL }, { "http://127.0.0.1.", NULL },
		{ "http://128.0.0.1", NULL }, { "http://localhost.example.org", NULL },
		{ "http://[::2]", NULL }, { "http://10.0.0.1", NULL }, { "http://1270.0.0.1", NULL },
		{ "http://127.0.0.1@example.org", NULL }, { "https://me:secret@example.org", NULL },
		{ "https://", NULL }, { "https:///x", NULL }, { "ftp://localhost", NULL }, { "localhost", NULL },
		{ "https://example.org:0", NULL }, { "https://example.org:65536", NULL },
		{ "https://example.org:", NULL }, { "https://example.org?x", NULL },
		{ "https://example.org/a b", NULL }, { "https://example.org/#f", NULL },
		{ "https://-x.org", NULL }, { "https://[]", NULL }, { "https://[::1", NULL }, { "", NULL },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		enum status status = settings_set_option(&world->settings, "exchange.url", cases[i].url,
		                                         "--exchange-url", &world->err);
		if (status != (cases[i].wanted != NULL ? STATUS_OK : STATUS_CONFIG))
			fail_msg("%s", cases[i].url);
		if (cases[i].wanted != NULL)
			assert_string_equal(world->settings.exchange.url, cases[i].wanted);
	}
}

/* ---- the file ---- */

static enum status
read_text(struct world *world, const char *text)
{
	folder_write(&world->folder, "robson.ini", text);
	return settings_read_file(&world->settings, world->path, true, &world->err);
}

static void
reads_a_file_with_comments_spaces_and_foreign_line_ends(void **state)
{
	struct world *world = *state;
	char origin[SETTING_ORIGIN_SIZE], wanted[SETTING_ORIGIN_SIZE];
	assert_int_equal(read_text(world, "\xEF\xBB\xBF; mine\r\n\r\n[book] ; the book\r\n"
	                                  "  capital= 5,000 ; enough\r\n\trisk_percent :0.5\r\n"
	                                  "# more\r\n[feed]\r\nsource = replay:/t;x.csv\r\n[ui]\nascii=on"),
	                 STATUS_OK);
	assert_value(&world->settings, "book.capital", "5000");
	assert_value(&world->settings, "book.risk_percent", "0.5");
	assert_value(&world->settings, "feed.source", "replay:/t;x.csv");
	assert_value(&world->settings, "ui.ascii", "on");
	assert_true(world->settings.book.has_capital);
	settings_origin_text(&world->settings, index_of("book.risk_percent"), origin, sizeof origin);
	text_format(wanted, sizeof wanted, "%s:5", world->path);
	assert_string_equal(origin, wanted);
	settings_origin_text(&world->settings, index_of("ui.ascii"), origin, sizeof origin);
	text_format(wanted, sizeof wanted, "%s:10", world->path);
	assert_string_equal(origin, wanted);
	settings_origin_text(&world->settings, index_of("ui.mouse"), origin, sizeof origin);
	assert_string_equal(origin, "default");
}

static void
refuses_a_bad_file_with_its_line_and_changes_nothing(void **state)
{
	struct world *world = *state;
	char long_line[512], place[FOLDER_PATH_SIZE];
	memset(long_line, 'x', sizeof long_line);
	memcpy(long_line, "[notify]\ncommand = ", 19);
	text_copy(long_line + sizeof long_line - 20, 20, "\n[ui]\nascii = on\n");
	const struct { const char *text; int line; const char *what; } cases[] = {
		{ "[book]\ncapital = 5\ncapitall = 3\n", 3, "no setting book.capitall" },
		{ "[book]\n\n[bok]\ncapital = 1\n", 3, "no section [bok]" },
		{ "capital = 1\n", 1, "before the first [section]" },
		{ "[book]\nrisk_percent = 2\n", 2, "book.risk_percent is above 0, at most 1, not '2'" },
		{ "[book]\nrisk_percent\n", 2, "neither [section] nor key = value" },
		{ "[book]\ncapital = 1\nrisk_percent = 1\ncapital = 2\n", 4, "set twice, first in line 2" },
		{ "[book]\ncapital = 1\n  risk_percent = x\n", 3, "not 'x'" },
		{ "[book\ncapital = 1\n", 1, "no ] at its end" },
		{ "[book] capital = 1\n", 1, "something follows" },
		{ "[]\ncapital = 1\n", 1, "no section []" },
		{ "[book]\n= 5\n", 2, "no setting book." },
		{ "[ui]\nascii = on\n[book]\ncapital = ,\n", 4, "book.capital" },
		{ "[ui]\nascii = \033[2J\n", 2, "ui.ascii is on or off, not '?[2J'" },
		{ long_line, 2, "longer than 197 bytes" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		settings_init(&world->settings);
		struct settings before = world->settings;
		enum status status = read_text(world, cases[i].text);
		if (status != STATUS_CONFIG)
			fail_msg("was read: %s", cases[i].text);
		text_format(place, sizeof place, "robson.ini:%d: ", cases[i].line);
		assert_has(world->err.message, place);
		assert_has(world->err.message, cases[i].what);
		assert_unchanged(&before, &world->settings);
	}
	assert_int_equal(status_exit_code(STATUS_CONFIG), 78);
}

static void
does_without_a_file_unless_it_must_be(void **state)
{
	struct world *world = *state;
	assert_int_equal(settings_read_file(&world->settings, world->path, false, &world->err), STATUS_OK);
	assert_string_equal(world->settings.file, "");
	assert_int_equal(settings_read_file(&world->settings, world->path, true, &world->err), STATUS_CONFIG);
	assert_has(world->err.message, "robson.ini");
	assert_int_equal(settings_read_file(&world->settings, world->path, true, NULL), STATUS_CONFIG);
	/* What is there and is no settings file is an error in both. */
	assert_int_equal(settings_read_file(&world->settings, world->folder.path, false, &world->err),
	                 STATUS_CONFIG);
	assert_int_equal(mkfifo(world->path, 0600), 0);
	assert_int_equal(settings_read_file(&world->settings, world->path, false, &world->err), STATUS_CONFIG);
	assert_int_equal(unlink(world->path), 0);
	int fd = open(world->path, O_WRONLY | O_CREAT, 0600);
	assert_int_equal(write(fd, "[ui]\n\0x", 7), 7);
	close(fd);
	assert_int_equal(settings_read_file(&world->settings, world->path, false, &world->err), STATUS_CONFIG);
	assert_has(world->err.message, "zero byte");
	assert_int_equal(truncate(world->path, 300 * 1024), 0);
	assert_int_equal(settings_read_file(&world->settings, world->path, false, &world->err), STATUS_CONFIG);
}

/* ---- the order of the sources ---- */

static void
lets_the_environment_override_the_file_and_options_both(void **state)
{
	struct world *world = *state;
	char origin[SETTING_ORIGIN_SIZE];
	char *const environment[] = {
		"PATH=/bin", "ROBSON_COSTS_FEE_PERCENT=0.2", "ROBSON_FEED_SOURCE=replay:/e.csv",
		"ROBSON_DB=/x", "ROBSON_API_KEY=secret", "ROBSON_TEST_SCALE=3", "ROBSONX=1", "ROBSON_", NULL,
	};
	assert_int_equal(read_text(world, "[costs]\nfee_percent = 0.3\n[feed]\nsource = replay:/f.csv\n"
	                                  "interval_ms = 2000\n"), STATUS_OK);
	assert_int_equal(settings_read_environment(&world->settings, environment, &world->err), STATUS_OK);
	assert_int_equal(settings_set_option(&world->settings, "feed.source", "replay:/o.csv", "--feed",
	                                     &world->err), STATUS_OK);
	assert_value(&world->settings, "feed.interval_ms", "2000");
	assert_value(&world->settings, "costs.fee_percent", "0.2");
	assert_value(&world->settings, "feed.source", "replay:/o.csv");
	settings_origin_text(&world->settings, index_of("costs.fee_percent"), origin, sizeof origin);
	assert_string_equal(origin, "environment ROBSON_COSTS_FEE_PERCENT");
	settings_origin_text(&world->settings, index_of("feed.source"), origin, sizeof origin);
	assert_string_equal(origin, "option --feed");
}

static void
refuses_variables_that_are_wrong_and_changes_nothing(void **state)
{
	struct world *world = *state;
	static const struct { char *variable; const char *what; } cases[] = {
		{ "ROBSON_BOOK_CAPITALL=5", "ROBSON_BOOK_CAPITALL: there is no such setting" },
		{ "ROBSON_BOOK_RISK_PERCENT=1.1", "environment ROBSON_BOOK_RISK_PERCENT: book.risk_percent is above 0" },
		{ "ROBSON_UI_ASCII=", "ui.ascii is on or off, not ''" },
		{ "ROBSON_FEED_=1", "no such setting" },
		{ "ROBSON_NOTIFY_A_NAME_THAT_IS_LONGER_THAN_ANY_OTHER_VARIABLE_OF_ALL_THAT_THERE_ARE=1",
		  "no such setting" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *const environment[] = { "ROBSON_COSTS_FEE_PERCENT=0.2", cases[i].variable, NULL };
		struct settings before = world->settings;
		assert_int_equal(settings_read_environment(&world->settings, environment, &world->err),
		                 STATUS_CONFIG);
		assert_has(world->err.message, cases[i].what);
		assert_unchanged(&before, &world->settings);
	}
	assert_int_equal(settings_read_environment(&world->settings, NULL, &world->err), STATUS_OK);
	assert_int_equal(settings_set_option(&world->settings, "no.such", "1", "--x", &world->err),
	                 STATUS_CONFIG);
}

static void
checks_what_no_single_value_shows(void **state)
{
	struct world *world = *state;
	assert_int_equal(read_text(world, "[feed]\ninterval_ms = 5000\nstale_ms = 5000\n"), STATUS_OK);
	assert_int_equal(settings_check(&world->settings, &world->err), STATUS_CONFIG);
	assert_string_equal(world->err.field, "feed.stale_ms");
	assert_has(world->err.message, "robson.ini:3: ");
	assert_int_equal(settings_set_option(&world->settings, "feed.stale_ms", "5001", "--x", &world->err),
	                 STATUS_OK);
	assert_int_equal(settings_check(&world->settings, &world->err), STATUS_OK);
	assert_int_equal(settings_set_option(&world->settings, "notify.command", "/bin/x 'a b", "--x",
	                                     &world->err), STATUS_OK);
	assert_int_equal(settings_check(&world->settings, &world->err), STATUS_CONFIG);
	assert_string_equal(world->err.field, "notify.command");
	assert_has(world->err.message, "option --x: notify.command has a ' that is not closed");
}

/* ---- changing one key ---- */

static void
assert_file(struct world *world, const char *wanted)
{
	char text[4096];
	folder_read(&world->folder, "robson.ini", text, sizeof text);
	assert_string_equal(text, wanted);
}

static void
changes_one_value_and_leaves_everything_else(void **state)
{
	struct world *world = *state;
	static const struct { const char *before, *key, *value, *after; } cases[] = {
		{ "; top\n[book]\n  capital =  5 ; mine\nrisk_percent=1\n", "book.capital", "6",
		  "; top\n[book]\n  capital =  6 ; mine\nrisk_percent=1\n" },
		{ "[book]\r\nrisk_percent : 1\r\n; end", "book.risk_percent", "0.5",
		  "[book]\r\nrisk_percent : 0.5\r\n; end" },
		{ "[book]\ncapital =\n", "book.capital", "6", "[book]\ncapital = 6\n" },
		{ "[ui]\nascii = on\n\n[book]\n", "ui.mouse", "off",
		  "[ui]\nascii = on\nmouse = off\n\n[book]\n" },
		{ "[ui]\r\nascii = on", "ui.mouse", "off", "[ui]\r\nascii = on\r\nmouse = off\r\n" },
		{ "[ui]\nascii = on", "log.level", "debug", "[ui]\nascii = on\n\n[log]\nlevel = debug\n" },
		{ "[log]\n;level = info\n", "log.level", "debug", "[log]\nlevel = debug\n;level = info\n" },
		{ "", "log.level", "debug", "[log]\nlevel = debug\n" },
		{ "[notify]\nlevel = note\n[log]\nlevel = info\n", "log.level", "error",
		  "[notify]\nlevel = note\n[log]\nlevel = error\n" },
		{ "[book]\ncapital = 5\n", "book.capital", "", "[book]\ncapital = none\n" },
		{ "[book]\nrisk_percent = 7\n", "book.risk_percent", "1", "[book]\nrisk_percent = 1\n" },
		{ "[ui]\nascii = on\n[book]\n[ui]\nmouse = on\n", "ui.mouse", "off",
		  "[ui]\nascii = on\n[book]\n[ui]\nmouse = off\n" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		folder_write(&world->folder, "robson.ini", cases[i].before);
		if (settings_set_file(world->path, cases[i].key, cases[i].value, &world->err) != STATUS_OK)
			fail_msg("%zu: %s", i, world->err.message);
		assert_file(world, cases[i].after);
	}
}

static void
changes_nothing_when_the_new_file_would_be_wrong(void **state)
{
	struct world *world = *state;
	static const struct { const char *before, *key, *value, *what; } cases[] = {
		{ "[book]\ncapital = 5\n", "book.risk_percent", "2", "at most 1" },
		{ "[book]\ncapital = 5\n", "book.nothing", "2", "no setting book.nothing" },
		{ "[book]\ncapital = 5\n", "book", "2", "no setting book" },
		{ "[book]\nrubbish\n", "ui.ascii", "on", "robson.ini:2: neither" },
		{ "[notify]\n", "notify.command", "/bin/x ; rm", "can't be written" },
		{ "[notify]\n", "notify.command", "a\n[ui]\nascii=on", "notify.command" },
		{ "[feed]\ninterval_ms = 5000\n", "feed.stale_ms", "4000", "must be above" },
		{ "[notify]\n", "notify.command", "/a/command/that/is/longer/than/a/line/of/the/file/may/be/"
		  "/a/command/that/is/longer/than/a/line/of/the/file/may/be"
		  "/a/command/that/is/longer/than/a/line/of/the/file/may/be"
		  "/a/command/that/is/longer/than/a/line/of/the/file/may/be", "longer than 197" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		folder_write(&world->folder, "robson.ini", cases[i].before);
		assert_int_equal(settings_set_file(world->path, cases[i].key, cases[i].value, &world->err),
		                 STATUS_CONFIG);
		assert_has(world->err.message, cases[i].what);
		assert_file(world, cases[i].before);
	}
}

static void
makes_file_and_folders_keeps_the_mode_and_follows_a_link(void **state)
{
	struct world *world = *state;
	char path[FOLDER_PATH_SIZE], link_path[FOLDER_PATH_SIZE];
	struct stat st;
	folder_path(&world->folder, "a/b/robson.ini", path);
	assert_int_equal(settings_set_file(path, "ui.ascii", "on", &world->err), STATUS_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	folder_path(&world->folder, "a/b", path);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);

	folder_write(&world->folder, "robson.ini", "[ui]\n");
	assert_int_equal(chmod(world->path, 0644), 0);
	folder_path(&world->folder, "link.ini", link_path);
	assert_int_equal(symlink("robson.ini", link_path), 0);
	assert_int_equal(settings_set_file(link_path, "ui.ascii", "on", &world->err), STATUS_OK);
	assert_file(world, "[ui]\nascii = on\n");
	assert_int_equal(lstat(link_path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(stat(world->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);

	folder_path(&world->folder, "robson.ini/x/robson.ini", path);
	assert_int_equal(settings_set_file(path, "ui.ascii", "on", &world->err), STATUS_IO);
	assert_string_equal(world->settings.file, "");
}

/* ---- places ---- */

static void
finds_its_files_where_the_environment_says(void **state)
{
	struct world *world = *state;
	char path[256], small[16];
	char *const both[] = { "HOME=/srv/me", "XDG_DATA_HOME=/d", "XDG_CONFIG_HOME=/c", NULL };
	char *const home[] = { "HOME=/srv/me", "XDG_DATA_HOME=relative", "XDG_CONFIG_HOME=", NULL };
	char *const none[] = { "HOME=", "XDG_DATA_HOME_X=/x", NULL };
	char *const lost[] = { "HOME=here", NULL };
	assert_int_equal(settings_default_db_path(both, path, sizeof path, &world->err), STATUS_OK);
	assert_string_equal(path, "/d/robson/robson.db");
	assert_int_equal(settings_default_config_path(both, path, sizeof path, &world->err), STATUS_OK);
	assert_string_equal(path, "/c/robson/robson.ini");
	assert_int_equal(settings_default_db_path(home, path, sizeof path, &world->err), STATUS_OK);
	assert_string_equal(path, "/srv/me/.local/share/robson/robson.db");
	assert_int_equal(settings_default_config_path(home, path, sizeof path, &world->err), STATUS_OK);
	assert_string_equal(path, "/srv/me/.config/robson/robson.ini");
	assert_int_equal(settings_default_db_path(none, path, sizeof path, &world->err), STATUS_USAGE);
	assert_has(world->err.message, "HOME is not set");
	assert_has(world->err.hint, "--db FILE");
	assert_int_equal(settings_default_config_path(none, path, sizeof path, &world->err), STATUS_USAGE);
	assert_has(world->err.hint, "--config FILE");
	assert_int_equal(settings_default_config_path(lost, path, sizeof path, &world->err), STATUS_USAGE);
	assert_has(world->err.message, "HOME is not an absolute path");
	assert_int_equal(settings_default_db_path(home, small, sizeof small, &world->err), STATUS_USAGE);
}

/* ---- the manual and the sample ---- */

static void
read_source(const char *name, char *ret_text, size_t size)
{
	char path[FOLDER_PATH_SIZE];
	const char *top = getenv("top_srcdir");
	text_format(path, sizeof path, "%s/%s", top != NULL ? top : ".", name);
	FILE *file = fopen(path, "r");
	if (file == NULL)
		fail_msg("cannot open %s", path);
	size_t len = fread(ret_text, 1, size, file);
	assert_true(len > 0 && len < size);
	ret_text[len] = '\0';
	fclose(file);
}

static void
documents_every_key_in_the_manual_with_its_default(void **state)
{
	(void)state;
	static char manual[64 * 1024];
	char entry[96], line[160];
	int entries = 0;
	read_source("data/man/robson.ini.5", manual, sizeof manual);
	for (size_t i = 0; i < settings_count(); i++) {
		const struct setting_key *key = settings_key(i);
		text_format(entry, sizeof entry, ".TP\n.B %s\n", key->name);
		const char *at = strstr(manual, entry);
		if (at == NULL)
			fail_msg("%s is not in robson.ini(5)", key->name);
		const char *end = strstr(at + 1, "\n.TP\n");
		text_format(line, sizeof line, "Default: %s", key->initial);
		const char *found = strstr(at, line);
		char after = found != NULL ? found[strlen(line)] : 'x';
		if (found == NULL || (end != NULL && found > end) || strchr(".;,", after) == NULL)
			fail_msg("robson.ini(5) does not say the default of %s", key->name);
	}
	for (const char *at = manual; (at = strstr(at, ".TP\n.B ")) != NULL; at++) {
		size_t len = strcspn(at + 7, "\n");
		text_format(line, sizeof line, "%.*s", (int)len, at + 7);
		if (strchr(line, '.') != NULL && strchr(line, ' ') == NULL) {
			entries++;
			if (settings_find(line) == NULL)
				fail_msg("robson.ini(5) has %s, and there is no such key", line);
		}
	}
	assert_int_equal(entries, settings_count());
}

static void
shows_every_key_with_its_default_in_the_sample(void **state)
{
	struct world *world = *state;
	static char sample[32 * 1024];
	char text[SETTING_TEXT_SIZE], line[SETTING_TEXT_SIZE];
	read_source("data/robson.ini.sample", sample, sizeof sample);
	assert_int_equal(read_text(world, sample), STATUS_OK);
	for (size_t i = 0; i < settings_count(); i++) {
		const struct setting_key *key = settings_key(i);
		bool is_none = strcmp(key->initial, "none") == 0;
		settings_value_text(&world->settings, i, text, sizeof text);
		assert_string_equal(text, key->initial);
		if (world->settings.origins[i].source != (is_none ? SETTING_FROM_DEFAULT : SETTING_FROM_FILE))
			fail_msg("the sample does not set %s", key->name);
		text_format(line, sizeof line, "\n%s%s = ", is_none ? ";" : "", strchr(key->name, '.') + 1);
		if (strstr(sample, line) == NULL)
			fail_msg("the sample does not show %s", key->name);
	}
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(has_the_defaults_of_the_contract),
		CASE(names_every_key_once_and_says_what_it_takes),
		CASE(prints_every_value_so_that_it_can_be_read_again),
		CASE(keeps_every_number_in_its_range_to_the_last_place),
		CASE(lowers_what_protects_and_never_raises_it),
		CASE(reads_switches_choices_and_none_in_any_case),
		CASE(lets_plain_http_go_to_this_machine_alone),
		CASE(reads_a_file_with_comments_spaces_and_foreign_line_ends),
		CASE(refuses_a_bad_file_with_its_line_and_changes_nothing),
		CASE(does_without_a_file_unless_it_must_be),
		CASE(lets_the_environment_override_the_file_and_options_both),
		CASE(refuses_variables_that_are_wrong_and_changes_nothing),
		CASE(checks_what_no_single_value_shows),
		CASE(changes_one_value_and_leaves_everything_else),
		CASE(changes_nothing_when_the_new_file_would_be_wrong),
		CASE(makes_file_and_folders_keeps_the_mode_and_follows_a_link),
		CASE(finds_its_files_where_the_environment_says),
		CASE(documents_every_key_in_the_manual_with_its_default),
		CASE(shows_every_key_with_its_default_in_the_sample),
	};
	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
