#ifndef EXCHANGE_STANDIN_HTTP_H
#define EXCHANGE_STANDIN_HTTP_H

#include "server.h"

enum http_state { HTTP_MORE, HTTP_CONTINUE, HTTP_WHOLE, HTTP_BAD };

/* Reads one request from the start of what came; HTTP_CONTINUE: its sender waits for "100
 * Continue".  With HTTP_WHOLE, *ret_used bytes are its own and ret is to be cleared. */
enum http_state http_read(const char *from, size_t len, struct request *ret, size_t *ret_used);
void http_clear(struct request *request);
/* The whole answer as it goes over the wire; owned by the caller. */
char *http_answer(const struct reply *reply, bool keep_alive, size_t *ret_len, size_t *ret_head);

#endif
