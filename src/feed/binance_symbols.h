/* The symbols that are polled, and the hunt for one that the exchange doesn't know.  Pure.
 *
 * All symbols are asked for in one request.  One unknown symbol fails the whole of it (-1121), so a
 * group that fails is halved until the culprit stands alone; the others go on being priced
 * meanwhile.  After a round without a failure there is one group again.  An unknown symbol is tried
 * again now and then, in a group of its own. */
#ifndef FEED_BINANCE_SYMBOLS_H
#define FEED_BINANCE_SYMBOLS_H

#include "base/text.h"
#include "core/quote.h"

struct binance_symbol {
	char name[SYMBOL_SIZE];
	bool is_unknown, was_told_unknown;
	int64_t recheck_us;                /* of an unknown one */
	int group;
	bool is_asked, is_answered;        /* by the request under way */
	int64_t rules_due_us;
	/* A book that stands still while trades go on is frozen, not quiet. */
	struct decimal bid, ask;
	int64_t last_trade_id;
	int still_tickers;                 /* tickers with new trades since the book last changed */
};

struct binance_symbols {
	struct binance_symbol *all;        /* owned; moves when one is added */
	size_t count, capacity;
	int groups, cursor;                /* the group that is asked next */
	bool has_failed;                   /* a group of this round */
};

void binance_symbols_init(struct binance_symbols *symbols);
void binance_symbols_done(struct binance_symbols *symbols);
struct binance_symbol *binance_symbols_find(const struct binance_symbols *symbols,
                                            const char *name);
/* Watch it, or look at it anew if it was unknown; NULL when there is no room. */
struct binance_symbol *binance_symbols_add(struct binance_symbols *symbols, const char *name);
void binance_symbols_remove(struct binance_symbols *symbols, const char *name);

/* Mark the members of the next group that has any as asked, and append their list to query:
 * %5B%22BTCUSDC%22,%22ETHUSDC%22%5D.  Returns how many; 0: nothing is to be asked. */
size_t binance_symbols_next(struct binance_symbols *symbols, int64_t now_us, struct text *query);
/* The group was answered.  True if that ended a round. */
bool binance_symbols_passed(struct binance_symbols *symbols);
/* The group was refused for a symbol that does not exist.  Returns its name once it stands alone
 * and was not told before, else NULL; *ret_ended as binance_symbols_passed. */
const char *binance_symbols_refused(struct binance_symbols *symbols, int64_t recheck_us,
                                    bool *ret_ended);
/* One symbol was refused by itself (its rules were asked for).  As above. */
const char *binance_symbols_unknown(struct binance_symbols *symbols, const char *name,
                                    int64_t recheck_us);

/* Append one symbol to a list for a query, opened and closed by the caller. */
void binance_symbols_append(struct text *query, const char *name, bool is_first);

#endif
