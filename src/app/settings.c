/* The table of keys, and what one value may be.  Everything else about settings (files, places,
 * listings, the manual's check) walks this table. */
#include "app/settings.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "app/notify.h"
#include "app/settings_inner.h"
#include "base/text.h"

#define AT(member) .at = offsetof(struct settings, member)
#define FLAG(member) .may_be_none = true, .has_flag = true, .flag_at = offsetof(struct settings, member)

static const struct setting_key keys[] = {
	{ "book.capital", SETTING_DECIMAL, "none", .min = "0", .is_min_excluded = true, .max = "1000000000000",
	  AT(book.capital), FLAG(book.has_capital),
	  .help = "capital of a plan that names none; never guessed" },
	{ "book.risk_percent", SETTING_DECIMAL, "1", .min = "0", .is_min_excluded = true, .max = "1",
	  AT(book.risk_percent),
	  .help = "what one operation may lose, percent of capital; may be lowered, never raised" },
	{ "book.monthly_budget_percent", SETTING_DECIMAL, "4", .min = "0", .is_min_excluded = true, .max = "4",
	  AT(book.monthly_budget_percent),
	  .help = "what a month may lose, percent of capital; may be lowered, never raised" },

	{ "feed.source", SETTING_FEED, "binance", AT(feed.source),
	  .help = "where prices come from: binance, or replay:FILE with @SPEED after it if wanted" },
	{ "feed.interval_ms", SETTING_INTEGER, "1000", .min = "200", .max = "60000", AT(feed.interval_ms),
	  .help = "how often prices are asked for" },
	{ "feed.stale_ms", SETTING_INTEGER, "10000", .min = "1000", .max = "60000", AT(feed.stale_ms),
	  .help = "a price older than this decides nothing" },

	{ "exchange.url", SETTING_URL, "https://api.binance.com", AT(exchange.url),
	  .help = "base of the exchange's REST API, or testnet; http only to this machine itself" },
	{ "exchange.ca_file", SETTING_TEXT, "none", .may_be_none = true, AT(exchange.ca_file),
	  .help = "certificates to trust instead of the system's" },
	{ "exchange.key_file", SETTING_TEXT, "none", .may_be_none = true, AT(exchange.key_file),
	  .help = "file with the key for LIVE, readable by its owner alone" },
	{ "exchange.recv_window_ms", SETTING_INTEGER, "5000", .min = "100", .max = "5000",
	  AT(exchange.recv_window_ms),
	  .help = "how long a signed request may be under way" },

	{ "costs.fee_percent", SETTING_DECIMAL, "0.1", .min = "0", .max = "10", AT(costs.fee_percent),
	  .help = "taker fee of one side, where the account's own is not known" },
	{ "costs.gap_percent", SETTING_DECIMAL, "0", .min = "0", .max = "10", AT(costs.gap_percent),
	  .help = "how far below its stop an exit is expected to fill, percent of the stop" },

	{ "exits.stop_limit_percent", SETTING_DECIMAL, "1", .min = "0", .is_min_excluded = true, .max = "20",
	  AT(exits.stop_limit_percent),
	  .help = "how far below its stop a stop-limit order is priced" },

	{ "entry.slippage_percent", SETTING_DECIMAL, "0.1", .min = "0", .max = "5", AT(entry.slippage_percent),
	  .help = "how much worse than the quote a market entry may fill" },
	{ "entry.max_drift_percent", SETTING_DECIMAL, "0.5", .min = "0", .is_min_excluded = true, .max = "10",
	  AT(entry.max_drift_percent),
	  .help = "how far the price may have moved since planning" },

	{ "limits.orders_per_day", SETTING_INTEGER, "none", .min = "1", .max = "1000000",
	  AT(limits.orders_per_day), FLAG(limits.has_orders_per_day),
	  .help = "entries of a day, per mode" },
	{ "limits.notional_per_day", SETTING_DECIMAL, "none", .min = "0", .is_min_excluded = true,
	  .max = "1000000000000", AT(limits.notional_per_day), FLAG(limits.has_notional_per_day),
	  .help = "value of the entries of a day, per mode" },
	{ "limits.loss_per_day", SETTING_DECIMAL, "none", .min = "0", .is_min_excluded = true,
	  .max = "1000000000000", AT(limits.loss_per_day), FLAG(limits.has_loss_per_day),
	  .help = "net loss of a day from which no entry is let through, per mode" },

	{ "patterns.auto_dry_run", SETTING_SWITCH, "off", AT(patterns.auto_dry_run),
	  .help = "whether a pattern may execute its intent in DRY-RUN by itself" },
	{ "patterns.per_day", SETTING_INTEGER, "10", .min = "0", .max = "10", AT(patterns.per_day),
	  .help = "how often it may in a day; may be lowered, never raised" },

	{ "paper.balance", SETTING_DECIMAL, "10000", .min = "0", .is_min_excluded = true,
	  .max = "1000000000000", AT(paper.balance),
	  .help = "what the DRY-RUN account starts with, of each quote asset" },
	{ "paper.slippage_percent", SETTING_DECIMAL, "0", .min = "0", .max = "10", AT(paper.slippage_percent),
	  .help = "how much worse than bid and ask DRY-RUN orders fill" },
	{ "paper.partial_fill_percent", SETTING_DECIMAL, "100", .min = "1", .max = "100",
	  AT(paper.partial_fill_percent),
	  .help = "the share of an order that one DRY-RUN fill takes at most" },
	{ "paper.latency_ms", SETTING_INTEGER, "0", .min = "0", .max = "60000", AT(paper.latency_ms),
	  .help = "how long the DRY-RUN exchange takes to look at an order" },

	{ "replay.tick", SETTING_DECIMAL, "0", .min = "0", .max = "1000000",
	  AT(replay.tick),
	  .help = "price step of the symbols of a tape; 0 is that of its own digits" },
	{ "replay.lot_step", SETTING_DECIMAL, "0.00000001", .min = "0", .is_min_excluded = true,
	  .max = "1000000", AT(replay.lot_step),
	  .help = "quantity step of the symbols of a tape" },
	{ "replay.min_notional", SETTING_DECIMAL, "0", .min = "0", .max = "1000000", AT(replay.min_notional),
	  .help = "least value of an order on a symbol of a tape; 0 is none" },

	{ "notify.command", SETTING_TEXT, "none", .may_be_none = true, AT(notify.command),
	  .help = "program that is told of alarms; run without a shell, the event as JSON on its input" },
	{ "notify.level", SETTING_CHOICE, "warning", .choices = "note|warning|alarm", AT(notify.level),
	  .help = "how urgent an event must be to be told" },
	{ "notify.interval_ms", SETTING_INTEGER, "10000", .min = "0", .max = "3600000", AT(notify.interval_ms),
	  .help = "events of one kind are told once in this time" },
	{ "notify.bell", SETTING_SWITCH, "on", AT(notify.bell),
	  .help = "whether alarms ring the terminal's bell" },

	{ "ui.ascii", SETTING_SWITCH, "off", AT(ui.ascii),
	  .help = "draw with ASCII alone" },
	{ "ui.theme", SETTING_CHOICE, "default", .choices = "default|classic|mono", AT(ui.theme),
	  .help = "colours: safe for the colour-blind, green and red, or none" },
	{ "ui.mouse", SETTING_SWITCH, "on", AT(ui.mouse),
	  .help = "whether the mouse works in the screen" },

	{ "log.level", SETTING_CHOICE, "info", .choices = "error|warning|info|debug", AT(log.level),
	  .help = "how much the log beside the database holds" },
	{ "log.max_kb", SETTING_INTEGER, "1024", .min = "16", .max = "1048576", AT(log.max_kb),
	  .help = "how large the log grows before it is put aside; one older one is kept" },
};
_Static_assert(ARRAY_LEN(keys) <= SETTINGS_MAX, "struct settings has room for every key's origin");

size_t
settings_count(void)
{
	return ARRAY_LEN(keys);
}

const struct setting_key *
settings_key(size_t index)
{
	assert(index < ARRAY_LEN(keys));
	return &keys[index];
}

size_t
settings_index(const char *name)
{
	size_t index = 0;
	while (index < ARRAY_LEN(keys) && strcmp(keys[index].name, name) != 0)
		index++;
	return index;
}

const struct setting_key *
settings_find(const char *name)
{
	size_t index = settings_index(name);
	return index < ARRAY_LEN(keys) ? &keys[index] : NULL;
}

bool
settings_has_section(const char *section, size_t len)
{
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (strncmp(keys[i].name, section, len) == 0 && keys[i].name[len] == '.')
			return true;
	return false;
}

/* ---- values in words ---- */

void
settings_range_text(const struct setting_key *key, char *ret_text, size_t size)
{
	const char *none = key->may_be_none ? ", or none" : "";

	switch (key->type) {
	case SETTING_DECIMAL:
	case SETTING_INTEGER:
		text_format(ret_text, size, "%s%s %s, at most %s%s",
		            key->type == SETTING_INTEGER ? "a whole number, " : "",
		            key->is_min_excluded ? "above" : "at least", key->min, key->max, none);
		return;
	case SETTING_SWITCH:
		text_copy(ret_text, size, "on or off");
		return;
	case SETTING_CHOICE: {
		char list[96];
		size_t at = 0;
		for (const char *c = key->choices; *c != '\0' && at + 3 < sizeof list; c++) {
			list[at++] = *c == '|' ? ',' : *c;
			if (*c == '|')
				list[at++] = ' ';
		}
		list[at] = '\0';
		text_format(ret_text, size, "one of %s", list);
		return;
	}
	case SETTING_FEED:
		text_copy(ret_text, size, "binance, or replay:FILE[@SPEED]");
		return;
	case SETTING_URL:
		text_copy(ret_text, size, "https://HOST[:PORT][/PATH], testnet, or http:// to localhost, 127.0.0.1 or [::1]");
		return;
	case SETTING_TEXT:
		text_format(ret_text, size, "a text of at most %d bytes without control characters%s",
		            SETTING_TEXT_SIZE - 1, none);
		return;
	}
}

static const char *
text_at(const struct settings *settings, const struct setting_key *key)
{
	return (const char *)settings + key->at;
}

static void
copy_out(const struct settings *settings, const struct setting_key *key, void *ret, size_t size)
{
	memcpy(ret, (const char *)settings + key->at, size);
}

void
settings_value_text(const struct settings *settings, size_t index, char *ret_text, size_t size)
{
	const struct setting_key *key = settings_key(index);
	char number[DECIMAL_TEXT_SIZE];
	struct decimal decimal;
	int64_t integer;
	bool on;

	if (key->has_flag) {
		memcpy(&on, (const char *)settings + key->flag_at, sizeof on);
		if (!on) {
			text_copy(ret_text, size, "none");
			return;
		}
	}
	switch (key->type) {
	case SETTING_DECIMAL:
		copy_out(settings, key, &decimal, sizeof decimal);
		decimal_text(decimal, number);
		text_copy(ret_text, size, number);
		return;
	case SETTING_INTEGER:
		copy_out(settings, key, &integer, sizeof integer);
		text_format(ret_text, size, "%lld", (long long)integer);
		return;
	case SETTING_SWITCH:
		copy_out(settings, key, &on, sizeof on);
		text_copy(ret_text, size, on ? "on" : "off");
		return;
	case SETTING_CHOICE:
	case SETTING_TEXT:
	case SETTING_FEED:
	case SETTING_URL:
		text_copy(ret_text, size, text_at(settings, key)[0] != '\0' ? text_at(settings, key) : "none");
		return;
	}
}

void
settings_origin_text(const struct settings *settings, size_t index, char *ret_text, size_t size)
{
	const struct setting_origin *origin = &settings->origins[index];
	char name[64];

	switch (origin->source) {
	case SETTING_FROM_DEFAULT:
		text_copy(ret_text, size, "default");
		return;
	case SETTING_FROM_FILE:
		text_format(ret_text, size, "%s:%d", settings->file, origin->line);
		return;
	case SETTING_FROM_ENVIRONMENT:
		settings_variable(settings_key(index), name);
		text_format(ret_text, size, "environment %s", name);
		return;
	case SETTING_FROM_OPTION:
		text_format(ret_text, size, "option %s", origin->option);
		return;
	}
}

/* ---- one value ---- */

static bool
is_none(const char *value)
{
	return value[0] == '\0' || text_equal_nocase(value, "none");
}

static enum status
parse_bound(const char *text, struct decimal *ret)
{
	enum status status = decimal_parse(text, ret);
	assert(status == STATUS_OK);             /* the table is ours */
	return status;
}

static bool
read_number(const struct setting_key *key, const char *value, struct decimal *ret)
{
	struct decimal min, max;
	if (decimal_parse_human(value, ret) != STATUS_OK ||
	    parse_bound(key->min, &min) != STATUS_OK || parse_bound(key->max, &max) != STATUS_OK)
		return false;
	int above = decimal_cmp(*ret, min);
	return (key->is_min_excluded ? above > 0 : above >= 0) && decimal_cmp(*ret, max) <= 0;
}

static bool
read_switch(const char *value, bool *ret)
{
	static const struct { const char *word; bool on; } words[] = {
		{ "on", true }, { "off", false }, { "yes", true }, { "no", false },
		{ "true", true }, { "false", false }, { "1", true }, { "0", false },
	};
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (text_equal_nocase(value, words[i].word)) {
			*ret = words[i].on;
			return true;
		}
	return false;
}

static bool
read_choice(const struct setting_key *key, const char *value, char ret[SETTING_TEXT_SIZE])
{
	for (const char *at = key->choices; ; at++) {
		size_t len = strcspn(at, "|");
		char each[32];
		text_format(each, sizeof each, "%.*s", (int)len, at);
		if (text_equal_nocase(value, each)) {
			text_copy(ret, SETTING_TEXT_SIZE, each);
			return true;
		}
		at += len;
		if (*at == '\0')
			return false;
	}
}

static bool
read_text(const char *value, char ret[SETTING_TEXT_SIZE])
{
	char copy[SETTING_TEXT_SIZE];
	if (!text_copy(copy, sizeof copy, value) || text_make_harmless(copy) > 0)
		return false;
	text_copy(ret, SETTING_TEXT_SIZE, copy);
	return true;
}

static bool
read_feed(const char *value, char ret[SETTING_TEXT_SIZE])
{
	if (text_equal_nocase(value, "binance"))
		return read_text("binance", ret);
	return text_has_prefix(value, "replay:") && value[strlen("replay:")] != '\0' &&
	       value[strlen("replay:")] != '@' && read_text(value, ret);
}

enum status
settings_assign(struct settings *settings, size_t index, const char *value,
                const struct setting_origin *origin, const char *place, struct error *err)
{
	const struct setting_key *key = settings_key(index);
	char *at = (char *)settings + key->at, text[SETTING_TEXT_SIZE];
	struct decimal number, one = decimal_from_int(1);
	bool on = true, good = true;
	int64_t integer;

	if (key->may_be_none && is_none(value)) {
		on = false;
		if (key->has_flag)
			memcpy((char *)settings + key->flag_at, &on, sizeof on);
		else
			*at = '\0';
		settings->origins[index] = *origin;
		return STATUS_OK;
	}
	switch (key->type) {
	case SETTING_DECIMAL:
		if ((good = read_number(key, value, &number)))
			memcpy(at, &number, sizeof number);
		break;
	case SETTING_INTEGER:
		if ((good = read_number(key, value, &number) && decimal_is_multiple(number, one))) {
			integer = (int64_t)(number.e16 / one.e16);
			memcpy(at, &integer, sizeof integer);
		}
		break;
	case SETTING_SWITCH:
		if ((good = read_switch(value, &on)))
			memcpy(at, &on, sizeof on);
		on = true;
		break;
	case SETTING_CHOICE:
		good = read_choice(key, value, text);
		break;
	case SETTING_TEXT:
		good = read_text(value, text);
		break;
	case SETTING_FEED:
		good = read_feed(value, text);
		break;
	case SETTING_URL:
		good = settings_read_url(value, text);
		break;
	}
	if (!good) {
		char range[160];
		settings_range_text(key, range, sizeof range);
		error_field(err, STATUS_CONFIG, key->name, "%s: %s is %s, not '%.200s'", place, key->name, range,
		            value);
		error_hint(err, "%s: %s", key->name, key->help);
		return STATUS_CONFIG;
	}
	if (key->type >= SETTING_CHOICE)
		memcpy(at, text, sizeof text);
	if (key->has_flag)
		memcpy((char *)settings + key->flag_at, &on, sizeof on);
	settings->origins[index] = *origin;
	return STATUS_OK;
}

/* ---- defaults, options, rules between keys ---- */

void
settings_init(struct settings *settings)
{
	struct setting_origin origin = { .source = SETTING_FROM_DEFAULT };
	*settings = (struct settings){ .file = "" };
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		enum status status = settings_assign(settings, i, keys[i].initial, &origin, "default", NULL);
		assert(status == STATUS_OK);
		(void)status;
	}
}

enum status
settings_set_option(struct settings *settings, const char *key, const char *value, const char *option,
                    struct error *err)
{
	struct setting_origin origin = { .source = SETTING_FROM_OPTION };
	size_t index = settings_index(key);

	text_copy(origin.option, sizeof origin.option, option);
	if (index == settings_count())
		return error_field(err, STATUS_CONFIG, key, "option %s: there is no setting %s", option, key);
	char place[64];
	text_format(place, sizeof place, "option %s", option);
	return settings_assign(settings, index, value, &origin, place, err);
}

static enum status
check_command(const struct settings *settings, struct error *err)
{
	char text[NOTIFY_TEXT_SIZE], *words[NOTIFY_WORDS], origin[SETTING_ORIGIN_SIZE];
	struct error why = { 0 };

	if (settings->notify.command[0] == '\0' ||
	    notify_split(settings->notify.command, text, words, &why) == STATUS_OK)
		return STATUS_OK;
	settings_origin_text(settings, settings_index("notify.command"), origin, sizeof origin);
	return error_field(err, STATUS_CONFIG, "notify.command", "%.300s: %s", origin, why.message);
}

enum status
settings_check(const struct settings *settings, struct error *err)
{
	if (settings->feed.stale_ms <= settings->feed.interval_ms) {
		char origin[SETTING_ORIGIN_SIZE];
		settings_origin_text(settings, settings_index("feed.stale_ms"), origin, sizeof origin);
		error_field(err, STATUS_CONFIG, "feed.stale_ms",
		            "%.300s: feed.stale_ms (%lld) must be above feed.interval_ms (%lld)", origin,
		            (long long)settings->feed.stale_ms, (long long)settings->feed.interval_ms);
		error_hint(err, "otherwise every price would be too old to decide on before the next comes");
		return STATUS_CONFIG;
	}
	return check_command(settings, err);
}
