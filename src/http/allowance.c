/* What one is told holds for all: the longest wait, the newest weight. */
#include "http/allowance.h"

#include <stddef.h>

void
http_allowance_hold(struct http_allowance *allowance, int64_t until_us, int status)
{
	if (allowance == NULL || until_us <= allowance->hold_until_us)
		return;
	allowance->hold_until_us = until_us;
	allowance->hold_status = status;
}

void
http_allowance_weight(struct http_allowance *allowance, int used, int64_t now_us)
{
	if (allowance == NULL || used < 0)
		return;
	allowance->weight_used = used;
	allowance->weight_us = now_us;
}
