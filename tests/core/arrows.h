/* A state machine as a table to compare with: every pair that is not listed must be refused. */
#ifndef TESTS_CORE_ARROWS_H
#define TESTS_CORE_ARROWS_H

#include <stdbool.h>
#include <stddef.h>

struct arrow {
	int from, on, to;
};

/* Where the list leads from here; -1 for a non-arrow. */
static inline int
arrow_leads(const struct arrow *arrows, size_t count, int from, int on)
{
	for (size_t i = 0; i < count; i++)
		if (arrows[i].from == from && arrows[i].on == on)
			return arrows[i].to;
	return -1;
}

static inline bool
arrow_between(const struct arrow *arrows, size_t count, int from, int to)
{
	for (size_t i = 0; i < count; i++)
		if (arrows[i].from == from && arrows[i].to == to)
			return true;
	return false;
}

#endif
