/* See binance_symbols.h. */
#include <stdlib.h>
#include <string.h>
#include "feed/binance_symbols.h"
#include "http/http.h"

enum { SYMBOLS_MAX = 256 };

void
binance_symbols_init(struct binance_symbols *symbols)
{
	*symbols = (struct binance_symbols){ .groups = 1 };
}

void
binance_symbols_done(struct binance_symbols *symbols)
{
	free(symbols->all);
	binance_symbols_init(symbols);
}

struct binance_symbol *
binance_symbols_find(const struct binance_symbols *symbols, const char *name)
{
	for (size_t i = 0; i < symbols->count; i++)
		if (strcmp(symbols->all[i].name, name) == 0)
			return &symbols->all[i];
	return NULL;
}

struct binance_symbol *
binance_symbols_add(struct binance_symbols *symbols, const char *name)
{
	struct binance_symbol *symbol = binance_symbols_find(symbols, name);
	if (symbol != NULL) {
		symbol->is_unknown = symbol->was_told_unknown = false;
		return symbol;
	}
	if (symbols->count == SYMBOLS_MAX)
		return NULL;
	if (symbols->count == symbols->capacity) {
		size_t capacity = symbols->capacity ? symbols->capacity * 2 : 8;
		struct binance_symbol *all = realloc(symbols->all, capacity * sizeof *all);
		if (all == NULL)
			return NULL;
		symbols->all = all;
		symbols->capacity = capacity;
	}
	symbol = &symbols->all[symbols->count++];
	*symbol = (struct binance_symbol){ .group = 0 };
	text_copy(symbol->name, sizeof symbol->name, name);
	return symbol;
}

void
binance_symbols_remove(struct binance_symbols *symbols, const char *name)
{
	struct binance_symbol *symbol = binance_symbols_find(symbols, name);
	if (symbol != NULL)
		*symbol = symbols->all[--symbols->count];
}

void
binance_symbols_append(struct text *query, const char *name, bool is_first)
{
	char encoded[3 * SYMBOL_SIZE];
	if (http_encode(name, encoded, sizeof encoded))
		text_appendf(query, "%s%%22%s%%22", is_first ? "" : ",", encoded);
}

static size_t
ask_group(struct binance_symbols *symbols, int group, struct text *query)
{
	size_t asked = 0;
	for (size_t i = 0; i < symbols->count; i++) {
		struct binance_symbol *symbol = &symbols->all[i];
		symbol->is_asked = !symbol->is_unknown && symbol->group == group;
		symbol->is_answered = false;
		if (!symbol->is_asked)
			continue;
		text_append(query, asked == 0 ? "%5B" : "");
		binance_symbols_append(query, symbol->name, asked == 0);
		asked++;
	}
	if (asked > 0)
		text_append(query, "%5D");
	return asked;
}

size_t
binance_symbols_next(struct binance_symbols *symbols, int64_t now_us, struct text *query)
{
	for (size_t i = 0; symbols->cursor == 0 && i < symbols->count; i++)
		if (symbols->all[i].is_unknown && symbols->all[i].recheck_us <= now_us) {
			symbols->all[i].is_unknown = false;
			symbols->all[i].group = symbols->groups++;
		}
	for (; symbols->cursor < symbols->groups; symbols->cursor++) {
		size_t asked = ask_group(symbols, symbols->cursor, query);
		if (asked > 0)
			return asked;
	}
	symbols->cursor = 0;
	return 0;
}

/* To the next group; at the end of a round that nothing spoilt, all are one group again. */
static bool
advance(struct binance_symbols *symbols)
{
	while (++symbols->cursor < symbols->groups)
		for (size_t i = 0; i < symbols->count; i++)
			if (!symbols->all[i].is_unknown && symbols->all[i].group == symbols->cursor)
				return false;
	if (!symbols->has_failed) {
		for (size_t i = 0; i < symbols->count; i++)
			symbols->all[i].group = 0;
		symbols->groups = 1;
	}
	symbols->has_failed = false;
	symbols->cursor = 0;
	return true;
}

bool
binance_symbols_passed(struct binance_symbols *symbols)
{
	for (size_t i = 0; i < symbols->count; i++)
		if (symbols->all[i].is_asked)
			symbols->all[i].was_told_unknown = false;
	return advance(symbols);
}

static const char *
mark_unknown(struct binance_symbol *symbol, int64_t recheck_us)
{
	bool was_told = symbol->was_told_unknown;
	symbol->is_unknown = symbol->was_told_unknown = true;
	symbol->recheck_us = recheck_us;
	return was_told ? NULL : symbol->name;
}

const char *
binance_symbols_refused(struct binance_symbols *symbols, int64_t recheck_us, bool *ret_ended)
{
	size_t asked = 0, moved = 0;
	struct binance_symbol *only = NULL;
	for (size_t i = 0; i < symbols->count; i++)
		if (symbols->all[i].is_asked) {
			only = &symbols->all[i];
			asked++;
		}
	*ret_ended = false;
	if (asked <= 1) {   /* none: what was asked is not watched any more */
		const char *name = asked == 1 ? mark_unknown(only, recheck_us) : NULL;
		*ret_ended = advance(symbols);
		return name;
	}
	symbols->has_failed = true;
	for (size_t i = 0; i < symbols->count && moved < asked / 2; i++)
		if (symbols->all[i].is_asked) {
			symbols->all[i].group = symbols->groups;
			moved++;
		}
	symbols->groups++;
	return NULL;
}

const char *
binance_symbols_unknown(struct binance_symbols *symbols, const char *name, int64_t recheck_us)
{
	struct binance_symbol *symbol = binance_symbols_find(symbols, name);
	return symbol != NULL ? mark_unknown(symbol, recheck_us) : NULL;
}
