/* The socket beside the database (`<db>-wake`): the holder of the lease listens, everybody else
 * knocks.  What is wanted stands in the database; a knock only saves the wait until the holder
 * looks there by itself, so a lost one does no harm. */
#ifndef APP_WAKE_H
#define APP_WAKE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "base/error.h"
#include "base/wait.h"

/* Called from dispatch; neither may close the socket from inside: remember, and close afterwards. */
struct wake_listener {
	void *self;
	void (*on_wake)(void *self);                 /* look for requests; once for many knocks */
	/* A process asks the holder to give the lease up; its pid is the kernel's word. */
	void (*on_yield)(void *self, const char *kind, int64_t pid);
};

struct wake;                                         /* the holder's end */

/* Only while holding the lease of the same database: what a dead holder left is replaced. */
MUST_USE enum status wake_open(const char *db_path, const struct wake_listener *listener,
                               struct wake **ret, struct error *err);
/* Before the lease is released: removes the socket if it is still this one.  Accepts NULL. */
void wake_close(struct wake *wake);
/* Waits for knocks; dispatch takes a bounded number of them. */
struct wait_source wake_source(struct wake *wake);
int64_t wake_refused_count(const struct wake *wake);  /* from other users, or unreadable */

/* The sender's end; never blocks.  STATUS_OK: told, or the holder has more knocks waiting than it
 * needs.  STATUS_NOT_FOUND: nobody listens.  STATUS_IO: could not be sent. */
MUST_USE enum status wake_knock(const char *db_path, struct error *err);
/* Asks a headless holder to give the lease up; kind is the asker's own.  May get lost like any other
 * knock: ask again while the lease is not free. */
MUST_USE enum status wake_ask_yield(const char *db_path, const char *kind, struct error *err);

#endif
