/* See replay_symbols.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/text.h"
#include "feed/replay_symbols.h"
#include "feed/rules_json.h"
#include "http/json.h"

enum { SYMBOLS_MAX = 1024, CANDLES_MAX = 50000, CANDLES_DROP = 10000, RULES_MAX = 1 << 20 };

struct replay_symbol *
replay_symbols_find(const struct replay_symbols *symbols, const char *name)
{
	for (size_t i = 0; i < symbols->count; i++)
		if (strcmp(symbols->all[i].name, name) == 0)
			return &symbols->all[i];
	return NULL;
}

struct replay_symbol *
replay_symbols_need(struct replay_symbols *symbols, const char *name)
{
	struct replay_symbol *known = replay_symbols_find(symbols, name);
	if (known != NULL || symbols->count == SYMBOLS_MAX)
		return known;
	if (symbols->count == symbols->capacity) {
		size_t capacity = symbols->capacity ? symbols->capacity * 2 : 8;
		struct replay_symbol *all = realloc(symbols->all, capacity * sizeof *all);
		if (all == NULL)
			return NULL;
		symbols->all = all;
		symbols->capacity = capacity;
	}
	struct replay_symbol *fresh = &symbols->all[symbols->count++];
	*fresh = (struct replay_symbol){ .places = 0 };
	text_copy(fresh->name, sizeof fresh->name, name);
	return fresh;
}

void
replay_symbols_done(struct replay_symbols *symbols)
{
	for (size_t i = 0; i < symbols->count; i++)
		free(symbols->all[i].candles);
	free(symbols->all);
	*symbols = (struct replay_symbols){ 0 };
}

void
replay_symbol_learn(struct replay_symbol *symbol, const struct tape_row *row)
{
	if (row->places > symbol->places)
		symbol->places = row->places;
	int64_t distance = row->time_ms - symbol->last_ms;
	if (symbol->first_ms == 0)
		symbol->first_ms = row->time_ms;
	else if (distance > 0 && (symbol->spacing_ms == 0 || distance < symbol->spacing_ms))
		symbol->spacing_ms = distance;
	symbol->last_ms = row->time_ms;
}

void
replay_symbol_default_rules(struct replay_symbol *symbol, const struct replay_defaults *defaults)
{
	struct decimal tick = decimal_from_int(1);
	for (int i = 0; i < (symbol->places > 2 ? symbol->places : 2); i++)
		tick.e16 /= 10;
	if (decimal_is_positive(defaults->tick))
		tick = defaults->tick;
	symbol_rules_default(&symbol->rules, symbol->name, tick);
	if (decimal_is_positive(defaults->lot_step)) {
		symbol->rules.lot_step = defaults->lot_step;
		symbol->rules.lot_min = defaults->lot_step;
	}
	if (decimal_is_positive(defaults->min_notional)) {
		symbol->rules.notional_min = defaults->min_notional;
		symbol->rules.notional_min_on_market = true;
	}
}

/* The whole file, to be freed; *ret NULL if there is none. */
static enum status
read_whole(const char *path, char **ret, size_t *ret_len, struct error *err)
{
	struct stat about;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	*ret = NULL;
	if (fd < 0 && errno == ENOENT)
		return STATUS_OK;
	if (fd < 0)
		return error_set(err, STATUS_INVALID, "%.200s can't be opened: %s", path, strerror(errno));
	char *body = NULL;
	if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size <= RULES_MAX)
		body = malloc((size_t)about.st_size + 1);
	size_t len = 0;
	for (ssize_t got = 1; body != NULL && got > 0 && len < (size_t)about.st_size; len += (size_t)got) {
		got = read(fd, body + len, (size_t)about.st_size - len);
		if (got < 0) {
			free(body);
			body = NULL;
			break;
		}
	}
	close(fd);
	if (body == NULL)
		return error_set(err, STATUS_INVALID, "%.200s can't be read as rules", path);
	*ret = body;
	*ret_len = len;
	return STATUS_OK;
}

static enum status
rules_of(struct replay_symbol *symbol, const json_t *info, const char *path,
         const struct replay_defaults *defaults, struct error *err)
{
	struct error why = { 0 };
	enum status status = STATUS_NOT_FOUND;
	if (info != NULL)
		status = rules_find(info, symbol->name, 0, &symbol->rules, &why);
	if (status == STATUS_OK && !decimal_is_positive(symbol->rules.tick))
		status = error_field(&why, STATUS_INVALID, "tickSize", "a tape needs a tick");
	if (status == STATUS_OK)
		return STATUS_OK;
	if (status != STATUS_NOT_FOUND)
		return error_field(err, STATUS_INVALID, why.field, "%.200s: %s: %.200s", path,
		                   symbol->name, why.message);
	replay_symbol_default_rules(symbol, defaults);
	return STATUS_OK;
}

enum status
replay_symbols_rules(struct replay_symbols *symbols, const char *tape_path,
                     const struct replay_defaults *defaults, struct error *err)
{
	struct text path = { 0 };
	char *body = NULL;
	size_t len = 0;
	json_t *info = NULL;
	struct error why = { 0 };
	text_appendf(&path, "%s.rules.json", tape_path);
	if (path.failed)
		return error_set(err, STATUS_NO_MEMORY, "no memory for a tape's rules");
	enum status status = read_whole(path.data, &body, &len, err);
	if (status == STATUS_OK && body != NULL && json_read(body, len, &info, &why) != STATUS_OK)
		status = error_set(err, STATUS_INVALID, "%.200s: %.200s", path.data, why.message);
	for (size_t i = 0; status == STATUS_OK && i < symbols->count; i++)
		status = rules_of(&symbols->all[i], info, path.data, defaults, err);
	json_decref(info);
	free(body);
	text_done(&path);
	return status;
}

/* Room for one more; when there are too many, the oldest go. */
static bool
candles_make_room(struct replay_symbol *symbol)
{
	if (symbol->candle_count == CANDLES_MAX) {
		symbol->candle_count -= CANDLES_DROP;
		memmove(symbol->candles, symbol->candles + CANDLES_DROP,
		        symbol->candle_count * sizeof *symbol->candles);
	}
	if (symbol->candle_count < symbol->candle_capacity)
		return true;
	size_t capacity = symbol->candle_capacity ? symbol->candle_capacity * 2 : 64;
	struct candle *candles = realloc(symbol->candles, capacity * sizeof *candles);
	if (candles == NULL)
		return false;
	symbol->candles = candles;
	symbol->candle_capacity = capacity;
	return true;
}

void
replay_symbol_price(struct replay_symbol *symbol, int64_t at_ms, struct decimal bid,
                    struct decimal ask, struct decimal volume, int64_t candle_ms)
{
	int64_t open_ms = at_ms - at_ms % candle_ms;
	symbol->has_price = true;
	symbol->price_ms = at_ms;
	symbol->price_number++;
	symbol->bid = bid;
	symbol->ask = ask;
	struct candle *last = symbol->candle_count ? &symbol->candles[symbol->candle_count - 1] : NULL;
	if (last == NULL || last->open_ms != open_ms) {
		if (!candles_make_room(symbol))   /* a chart without this candle, rather than no stop */
			return;
		last = &symbol->candles[symbol->candle_count++];
		*last = (struct candle){ open_ms, open_ms + candle_ms - 1, bid, bid, bid, bid,
		                         DECIMAL_ZERO };
	}
	last->high = decimal_max(last->high, bid);
	last->low = decimal_min(last->low, bid);
	last->close = bid;
	if (decimal_add(last->volume, volume, &last->volume) != STATUS_OK)
		last->volume = volume;   /* beyond 18 digits: a figure on a chart, no more */
}
