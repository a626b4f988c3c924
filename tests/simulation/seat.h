/* One Robson: what a session puts together, without its screen, its sockets and its lease. */
#ifndef TESTS_SIMULATION_SEAT_H
#define TESTS_SIMULATION_SEAT_H

#include "app/desk.h"
#include "store/store.h"

struct seat {
	struct store *store;
	struct price_feed *feed;
	struct exchange *paper, *live;
	struct desk *desk;
	struct notifier notifier;
	struct settings settings;
};
extern struct seat seat;

/* In the world's folder, where "book.db" lies.  These may die (see death.c). */
void seat_shape(void);                      /* the settings, by the seed */
enum status seat_make_book(struct error *err);
enum status seat_open(struct error *err);
void seat_turn(void);                       /* one turn of the loop, at this very moment */
/* When it wants to turn again. */
int64_t seat_deadline_us(void);

void seat_forget(void);                     /* it has died: nothing of it is touched any more */
void seat_close(void);                      /* it ends as it should */

#endif
