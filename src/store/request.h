/* A wish that acts on the market, stated as a row, for the holder of the lease to act on.
 *
 *   WANTED -> TAKEN -> DONE      the answer is in status, message, operation_id
 *      |         `---> (a holder that dies leaves TAKEN; the next one finishes it from the records)
 *      `-> WITHDRAWN             by the asker who waits no longer, or past its deadline
 */
#ifndef STORE_REQUEST_H
#define STORE_REQUEST_H

#include "base/error.h"
#include "core/event.h"

enum request_kind {
	REQUEST_EXECUTE, REQUEST_CANCEL_ENTRY, REQUEST_CLOSE, REQUEST_MOVE_STOP, REQUEST_MOVE_TARGET,
	REQUEST_RELEASE, REQUEST_PANIC, REQUEST_CHECK_ONCE,
	REQUEST_RECONCILE,                   /* the book against the exchange, now */
	REQUEST_ADOPT,                       /* the same, and then the book lives on this machine */
	REQUEST_KIND_COUNT
};
enum request_state { REQUEST_WANTED, REQUEST_TAKEN, REQUEST_DONE, REQUEST_WITHDRAWN };

struct request {
	int64_t id;
	int64_t client_id;
	enum request_kind kind;
	enum request_state state;
	char actor[EVENT_ACTOR_SIZE];
	char intent_id[INTENT_ID_SIZE];      /* EXECUTE, CANCEL_ENTRY */
	int64_t operation_id;                /* CLOSE, MOVE_*, RELEASE */
	struct decimal price;                /* MOVE_* */
	bool widen;                          /* MOVE_STOP */
	bool cancels_protection;             /* RELEASE: what rests on the exchange for it goes, too */
	bool is_live, is_acknowledged;       /* EXECUTE */
	char reason[REASON_SIZE];            /* RELEASE, PANIC */
	char feed[FEED_ID_SIZE];             /* the asker's; a holder on another feed refuses */
	int64_t created_at_ms, deadline_at_ms;   /* machine's wall clock; not acted on past it */
	int64_t taken_at_ms, done_at_ms;
	/* the answer */
	enum status status;
	char field[48], message[512], hint[256];
	bool retryable;
};
const char *request_kind_name(enum request_kind kind);
const char *request_state_name(enum request_state state);

#endif
