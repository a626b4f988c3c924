/* Starting and ordering about the stand-in server from a C test.  Its control calls block: they are
 * for tests alone. */
#ifndef TESTS_STANDIN_H
#define TESTS_STANDIN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct standin {
	pid_t pid;
	int stdin_fd;             /* closing it ends the server */
	int port;
	char url[64];             /* "http://127.0.0.1:NNNN", or https://localhost:NNNN */
};

/* tls_dir: NULL for plain http, else the folder for its certificate.  False if it can't start (for
 * TLS: there is no openssl program). */
bool standin_start(struct standin *server, const char *tls_dir);
void standin_stop(struct standin *server);

/* Give an order (see standin.py); printf-like.  Ends the test if the server doesn't take it. */
void standin_order(const struct standin *server, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* How many requests so far had this path and this in their query ("" for any). */
int standin_count(const struct standin *server, const char *path, const char *query_part);
/* The newest request there, as "METHOD path?query", its header lines and its body, a line each. */
void standin_last(const struct standin *server, const char *path, char *ret, size_t size);
/* How many different connections they came on. */
int standin_connections(const struct standin *server, const char *path);

#endif
