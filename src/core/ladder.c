/* The ladder of one symbol: four heaps (stops and targets of longs and of shorts), each with the
 * level that a moving price reaches first on top.  A quote looks at the four tops, so that one which
 * crosses nothing costs the same with 10 operations and with 10,000; putting in, moving and taking
 * out cost O(log n).  Every operation knows its places in the heaps, and is found by its id through
 * a hash.
 *
 * Invariants: places[h] of a rung is the index of its node in heap h, or NOWHERE; a rung is in one
 * stops' heap, and in the targets' heap of the same side if it has a target. */
#include "core/stops.h"

#include <stdlib.h>

enum heap_name { LONG_STOPS, SHORT_STOPS, LONG_TARGETS, SHORT_TARGETS, HEAP_COUNT };
enum { FIRST_CAPACITY = 16 };
static const size_t NOWHERE = SIZE_MAX;

struct rung {
	int64_t id;
	size_t next;                      /* in its bucket, or in the list of free rungs */
	size_t places[2];                 /* of its stop, of its target */
	bool is_short;
};

struct node {
	struct decimal level;
	size_t rung;
};

struct ladder {
	struct rung *rungs;               /* capacity of them; the unused ones in a list from `free` */
	size_t *buckets;                  /* capacity of them, a power of two: first rung of each */
	struct node *heaps[HEAP_COUNT];   /* capacity nodes each */
	size_t lengths[HEAP_COUNT];
	size_t capacity, count, free;
};

/* Levels that are crossed by a falling price are best when high, and the others when low. */
static bool
is_crossed_falling(enum heap_name heap)
{
	return heap == LONG_STOPS || heap == SHORT_TARGETS;
}

static bool
comes_before(const struct ladder *ladder, enum heap_name heap, const struct node *a,
             const struct node *b)
{
	int order = decimal_cmp(a->level, b->level);
	if (order == 0)                   /* the older operation first, so that order is decided */
		return ladder->rungs[a->rung].id < ladder->rungs[b->rung].id;
	return is_crossed_falling(heap) ? order > 0 : order < 0;
}

static void
put_node(struct ladder *ladder, enum heap_name heap, size_t at, struct node node)
{
	ladder->heaps[heap][at] = node;
	ladder->rungs[node.rung].places[heap >= LONG_TARGETS] = at;
}

/* Let node find its place from the hole at `at`, upwards or downwards. */
static void
settle(struct ladder *ladder, enum heap_name heap, size_t at, struct node node)
{
	struct node *nodes = ladder->heaps[heap];
	size_t len = ladder->lengths[heap];

	while (at > 0 && comes_before(ladder, heap, &node, &nodes[(at - 1) / 2])) {
		put_node(ladder, heap, at, nodes[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	for (size_t child; (child = 2 * at + 1) < len; at = child) {
		if (child + 1 < len && comes_before(ladder, heap, &nodes[child + 1], &nodes[child]))
			child++;
		if (!comes_before(ladder, heap, &nodes[child], &node))
			break;
		put_node(ladder, heap, at, nodes[child]);
	}
	put_node(ladder, heap, at, node);
}

static void
heap_add(struct ladder *ladder, enum heap_name heap, size_t rung, struct decimal level)
{
	size_t at = ladder->lengths[heap]++;
	settle(ladder, heap, at, (struct node){ .level = level, .rung = rung });
}

static void
heap_remove(struct ladder *ladder, enum heap_name heap, size_t rung)
{
	size_t *place = &ladder->rungs[rung].places[heap >= LONG_TARGETS];
	size_t at = *place;
	if (at == NOWHERE)
		return;
	*place = NOWHERE;
	size_t last = --ladder->lengths[heap];
	if (at != last)
		settle(ladder, heap, at, ladder->heaps[heap][last]);
}

static enum heap_name
stops_of(const struct rung *rung)
{
	return rung->is_short ? SHORT_STOPS : LONG_STOPS;
}

static enum heap_name
targets_of(const struct rung *rung)
{
	return rung->is_short ? SHORT_TARGETS : LONG_TARGETS;
}

static size_t *
bucket_of(const struct ladder *ladder, int64_t id)
{
	/* Ids count upwards; Fibonacci's multiplier spreads them whatever their stride. */
	uint64_t hash = (uint64_t)id * UINT64_C(0x9E3779B97F4A7C15);
	return &ladder->buckets[(size_t)(hash >> 32) & (ladder->capacity - 1)];
}

/* The link (bucket or next) that leads to the rung of this id, or to NOWHERE. */
static size_t *
find_link(const struct ladder *ladder, int64_t id)
{
	size_t *link = bucket_of(ladder, id);
	while (*link != NOWHERE && ladder->rungs[*link].id != id)
		link = &ladder->rungs[*link].next;
	return link;
}

/* Twice the room.  Heaps and rungs may have grown when a later one fails: only `capacity` says what
 * counts, and it is set last. */
static bool
grow(struct ladder *ladder)
{
	size_t capacity = ladder->capacity == 0 ? FIRST_CAPACITY : ladder->capacity * 2;

	for (int i = 0; i < HEAP_COUNT; i++) {
		struct node *nodes = realloc(ladder->heaps[i], capacity * sizeof *nodes);
		if (nodes == NULL)
			return false;
		ladder->heaps[i] = nodes;
	}
	struct rung *rungs = realloc(ladder->rungs, capacity * sizeof *rungs);
	if (rungs == NULL)
		return false;
	ladder->rungs = rungs;
	size_t *buckets = malloc(capacity * sizeof *buckets);
	if (buckets == NULL)
		return false;
	free(ladder->buckets);
	ladder->buckets = buckets;

	size_t used = ladder->capacity;   /* it grows only when full: all rungs are in use */
	ladder->capacity = capacity;
	for (size_t i = 0; i < capacity; i++)
		buckets[i] = NOWHERE;
	for (size_t i = 0; i < used; i++) {
		size_t *bucket = bucket_of(ladder, rungs[i].id);
		rungs[i].next = *bucket;
		*bucket = i;
	}
	for (size_t i = capacity; i > used; i--) {
		rungs[i - 1].next = ladder->free;
		ladder->free = i - 1;
	}
	return true;
}

struct ladder *
ladder_new(void)
{
	struct ladder *ladder = calloc(1, sizeof *ladder);
	if (ladder != NULL)
		ladder->free = NOWHERE;
	return ladder;
}

void
ladder_free(struct ladder *ladder)
{
	if (ladder == NULL)
		return;
	for (int i = 0; i < HEAP_COUNT; i++)
		free(ladder->heaps[i]);
	free(ladder->rungs);
	free(ladder->buckets);
	free(ladder);
}

enum status
ladder_set(struct ladder *ladder, int64_t operation_id, enum side entry_side, struct decimal stop,
           bool has_target, struct decimal target)
{
	size_t at = ladder->capacity == 0 ? NOWHERE : *find_link(ladder, operation_id);
	if (at == NOWHERE) {
		if (ladder->free == NOWHERE && !grow(ladder))
			return STATUS_NO_MEMORY;
		at = ladder->free;
		ladder->free = ladder->rungs[at].next;
		size_t *bucket = bucket_of(ladder, operation_id);
		ladder->rungs[at] = (struct rung){ .id = operation_id, .next = *bucket };
		*bucket = at;
		ladder->count++;
	} else {
		heap_remove(ladder, stops_of(&ladder->rungs[at]), at);
		heap_remove(ladder, targets_of(&ladder->rungs[at]), at);
	}
	struct rung *rung = &ladder->rungs[at];
	rung->is_short = entry_side == SIDE_SELL;
	rung->places[0] = rung->places[1] = NOWHERE;
	heap_add(ladder, stops_of(rung), at, stop);
	if (has_target)
		heap_add(ladder, targets_of(rung), at, target);
	return STATUS_OK;
}

void
ladder_remove(struct ladder *ladder, int64_t operation_id)
{
	if (ladder->capacity == 0)
		return;
	size_t *link = find_link(ladder, operation_id), at = *link;
	if (at == NOWHERE)
		return;
	struct rung *rung = &ladder->rungs[at];
	heap_remove(ladder, stops_of(rung), at);
	heap_remove(ladder, targets_of(rung), at);
	*link = rung->next;
	rung->next = ladder->free;
	ladder->free = at;
	ladder->count--;
}

size_t
ladder_count(const struct ladder *ladder)
{
	return ladder->count;
}

/* The top of a heap if the price has reached it; how far beyond it the price is. */
static const struct node *
top_crossed(const struct ladder *ladder, enum heap_name heap, struct decimal price,
            struct decimal *ret_beyond)
{
	if (ladder->lengths[heap] == 0)
		return NULL;
	const struct node *top = &ladder->heaps[heap][0];
	int order = decimal_cmp(price, top->level);
	if (is_crossed_falling(heap) ? order > 0 : order < 0)
		return NULL;
	/* Both are prices above zero, or the level is not: the difference always fits an i128. */
	ret_beyond->e16 = price.e16 - top->level.e16;
	*ret_beyond = decimal_abs(*ret_beyond);
	return top;
}

/* Of the tops of a long's and a short's heap, the one that was crossed further. */
static const struct node *
first_crossed(const struct ladder *ladder, enum heap_name of_longs, enum heap_name of_shorts,
              const struct quote *quote)
{
	struct decimal long_beyond, short_beyond;
	const struct node *a = top_crossed(ladder, of_longs, quote->bid, &long_beyond);
	const struct node *b = top_crossed(ladder, of_shorts, quote->ask, &short_beyond);
	if (a == NULL || b == NULL)
		return a != NULL ? a : b;
	int order = decimal_cmp(long_beyond, short_beyond);
	if (order == 0)
		return ladder->rungs[a->rung].id < ladder->rungs[b->rung].id ? a : b;
	return order > 0 ? a : b;
}

bool
ladder_take_crossed(struct ladder *ladder, const struct quote *quote, struct crossing *ret)
{
	if (!quote_is_sane(quote))
		return false;                    /* a bid of zero would fire everything */
	enum exit_reason reason = EXIT_STOP_LOSS;
	const struct node *node = first_crossed(ladder, LONG_STOPS, SHORT_STOPS, quote);
	if (node == NULL) {
		reason = EXIT_TAKE_PROFIT;
		node = first_crossed(ladder, LONG_TARGETS, SHORT_TARGETS, quote);
	}
	if (node == NULL)
		return false;
	*ret = (struct crossing){ .operation_id = ladder->rungs[node->rung].id, .reason = reason,
	                          .level = node->level };
	ladder_remove(ladder, ret->operation_id);
	return true;
}
