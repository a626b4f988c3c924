/* The audit trail: append-only, hash-chained.  An event is a decision or an effect, never a tick.
 * Each carries the SHA-256 of its predecessor and of its own canonical content (store/ hashes). */
#ifndef CORE_EVENT_H
#define CORE_EVENT_H

#include "core/operation.h"

enum { EVENT_HASH_SIZE = 65, EVENT_KIND_SIZE = 48, EVENT_ACTOR_SIZE = 96 };

struct event {
	int64_t seq;                          /* 1, 2, ... without gaps; set by the store */
	int64_t at_ms;                        /* desk clock */
	int64_t client_id;
	char actor[EVENT_ACTOR_SIZE];         /* who: "person/screen", "person/command", "monitor", "pattern", ... */
	char kind[EVENT_KIND_SIZE];           /* "intent.planned", "operation.stop_fired", ... */
	char intent_id[INTENT_ID_SIZE];       /* "" if none */
	int64_t operation_id;                 /* 0 if none */
	char client_order_id[CLIENT_ORDER_ID_SIZE];
	char summary[256];                    /* one line for people, harmless */
	const char *data;                     /* JSON object: the numbers seen; borrowed, may be NULL on the way in */
	char previous_hash[EVENT_HASH_SIZE], hash[EVENT_HASH_SIZE];   /* set by the store */
};

#endif
