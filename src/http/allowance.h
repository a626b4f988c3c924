/* What an exchange lets this address ask, shared by all in this process that ask it: limits are by
 * address, so what one of them is told holds for the others, too.  (rest-api.md, "IP Limits") */
#ifndef HTTP_ALLOWANCE_H
#define HTTP_ALLOWANCE_H

#include <stdint.h>

struct http_allowance {
	int64_t hold_until_us;   /* monotonic; nothing at all is asked before; 0: none */
	int hold_status;         /* 429, 418, 403 */
	int weight_used;         /* of the running minute, as the last answer said */
	int64_t weight_us;       /* when it said so; 0: never */
};

/* allowance may be NULL: nobody shares. */
void http_allowance_hold(struct http_allowance *allowance, int64_t until_us, int status);
void http_allowance_weight(struct http_allowance *allowance, int used, int64_t now_us);

#endif
