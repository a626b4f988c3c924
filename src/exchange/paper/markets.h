/* What the paper exchange knows of each symbol: its rules and its latest quote. */
#ifndef EXCHANGE_PAPER_MARKETS_H
#define EXCHANGE_PAPER_MARKETS_H

#include "core/symbol.h"

struct market {
	char symbol[SYMBOL_SIZE];
	bool has_quote, has_rules;
	struct quote quote;
	struct symbol_rules rules;
};
struct markets {
	struct market **sorted;      /* by symbol */
	size_t count, capacity;
};

void markets_done(struct markets *markets);
struct market *markets_find(const struct markets *markets, const char *symbol);   /* NULL: none */
struct market *markets_get(struct markets *markets, const char *symbol);          /* NULL: no memory */

#endif
