/* What an answer, or its absence, means for the request.  Pure.
 * (rest-api.md, "HTTP Return Codes"; errors.md; exchange.md, "Unknown outcomes") */
#ifndef EXCHANGE_BINANCE_OUTCOMES_H
#define EXCHANGE_BINANCE_OUTCOMES_H

#include "http/http.h"
#include "http/json.h"

enum verdict {
	VERDICT_OK,              /* 200 with JSON; whether it makes sense is for its reader to say */
	VERDICT_REFUSED,         /* a definite no, with a code */
	VERDICT_TURNED_AWAY,     /* 429, 418, 403: before anybody looked at it */
	VERDICT_NOT_SENT,        /* nothing left this machine */
	VERDICT_UNKNOWN
};
struct outcome {
	enum verdict verdict;
	int code;                /* the exchange's; 0: none */
	char reason[256];        /* harmless; "" with VERDICT_OK */
	json_t *root;            /* the body, owned; NULL if it was not JSON */
};
void outcome_read(const struct http_response *response, struct outcome *ret);
void outcome_done(struct outcome *outcome);

/* What a refusal inside or as a body means: VERDICT_REFUSED, or VERDICT_UNKNOWN for codes that say so. */
enum verdict outcome_of_code(int code, const char *reason);
/* {"code": -1013, "msg": "..."}: false if it is nothing of the kind. */
bool outcome_refusal(const json_t *object, int *ret_code, char *ret_reason, size_t size);
/* The key, not the request, was refused. */
bool outcome_is_key_refused(int code);

#endif
