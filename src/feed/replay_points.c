/* See replay_points.h. */
#include <stdlib.h>
#include "feed/replay_points.h"

static bool
comes_before(const struct point *a, const struct point *b)
{
	return a->time_ms != b->time_ms ? a->time_ms < b->time_ms : a->order < b->order;
}

static void
swap_points(struct point *a, struct point *b)
{
	struct point kept = *a;
	*a = *b;
	*b = kept;
}

static void
sift_up(struct replay_points *points, size_t at)
{
	while (at > 0 && comes_before(&points->all[at], &points->all[(at - 1) / 2])) {
		swap_points(&points->all[at], &points->all[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
}

static void
sift_down(struct replay_points *points, size_t at)
{
	for (;;) {
		size_t least = at, left = 2 * at + 1, right = left + 1;
		if (left < points->count && comes_before(&points->all[left], &points->all[least]))
			least = left;
		if (right < points->count && comes_before(&points->all[right], &points->all[least]))
			least = right;
		if (least == at)
			return;
		swap_points(&points->all[at], &points->all[least]);
		at = least;
	}
}

bool
replay_points_push(struct replay_points *points, struct point point)
{
	if (points->count == points->capacity) {
		size_t capacity = points->capacity ? points->capacity * 2 : 64;
		struct point *all = realloc(points->all, capacity * sizeof *all);
		if (all == NULL)
			return false;
		points->all = all;
		points->capacity = capacity;
	}
	point.order = ++points->last_order;
	points->all[points->count] = point;
	sift_up(points, points->count++);
	return true;
}

struct point
replay_points_pop(struct replay_points *points)
{
	struct point first = points->all[0];
	points->all[0] = points->all[--points->count];
	sift_down(points, 0);
	return first;
}

void
replay_points_hurry(struct replay_points *points, size_t symbol, int64_t time_ms)
{
	bool moved = false;
	for (size_t i = 0; i < points->count; i++)
		if (points->all[i].symbol == symbol && points->all[i].time_ms > time_ms) {
			points->all[i].time_ms = time_ms;
			moved = true;
		}
	for (size_t i = points->count; moved && i-- > 0;)
		sift_down(points, i);
}

void
replay_points_done(struct replay_points *points)
{
	free(points->all);
	*points = (struct replay_points){ 0 };
}
