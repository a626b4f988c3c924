/* A sorted array: a price of one of two thousand symbols costs eleven comparisons. */
#include "exchange/paper/markets.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Where symbol is, or would be. */
static size_t
position(const struct markets *markets, const char *symbol)
{
	size_t low = 0, high = markets->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(markets->sorted[middle]->symbol, symbol) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct market *
markets_find(const struct markets *markets, const char *symbol)
{
	size_t at = position(markets, symbol);
	if (at == markets->count || strcmp(markets->sorted[at]->symbol, symbol) != 0)
		return NULL;
	return markets->sorted[at];
}

struct market *
markets_get(struct markets *markets, const char *symbol)
{
	struct market *market = markets_find(markets, symbol);
	if (market != NULL)
		return market;
	if (markets->count == markets->capacity) {
		size_t capacity = markets->capacity > 0 ? markets->capacity * 2 : 16;
		struct market **sorted = realloc(markets->sorted, capacity * sizeof *sorted);
		if (sorted == NULL)
			return NULL;
		markets->sorted = sorted;
		markets->capacity = capacity;
	}
	market = calloc(1, sizeof *market);
	if (market == NULL)
		return NULL;
	text_copy(market->symbol, sizeof market->symbol, symbol);
	size_t at = position(markets, symbol);
	memmove(markets->sorted + at + 1, markets->sorted + at,
	        (markets->count - at) * sizeof *markets->sorted);
	markets->sorted[at] = market;
	markets->count++;
	return market;
}

void
markets_done(struct markets *markets)
{
	for (size_t i = 0; i < markets->count; i++)
		free(markets->sorted[i]);
	free(markets->sorted);
	*markets = (struct markets){ .sorted = NULL };
}
