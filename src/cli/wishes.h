/* Wishes that act on the market, seen from a command: state one, wait, and look what came of it. */
#ifndef CLI_WISHES_H
#define CLI_WISHES_H

#include "cli/cli.h"

struct wishing {
	struct desk *desk;
	/* States the wish once; called again while somebody else is writing. */
	enum status (*state)(struct wishing *wishing, struct error *err);
	const char *intent;
	int64_t operation;
	const char *text;                     /* a level, a reason */
	bool live, is_acknowledged, widen, cancels_protection;
	int64_t wait_ms;
	int64_t wish;                         /* 0: done at once */
};
/* States it and waits until it is done.  STATUS_OK or its outcome. */
MUST_USE enum status wish_and_wait(struct cli *cli, struct wishing *wishing, struct error *err);

enum status wish_execute(struct wishing *wishing, struct error *err);
enum status wish_cancel(struct wishing *wishing, struct error *err);
enum status wish_close(struct wishing *wishing, struct error *err);
enum status wish_stop(struct wishing *wishing, struct error *err);
enum status wish_target(struct wishing *wishing, struct error *err);
enum status wish_release(struct wishing *wishing, struct error *err);
enum status wish_panic(struct wishing *wishing, struct error *err);
enum status wish_check(struct wishing *wishing, struct error *err);
enum status wish_reconcile(struct wishing *wishing, struct error *err);
enum status wish_adopt(struct wishing *wishing, struct error *err);

/* Turn the loop until the intent's entry has ended, its outcome is unknown and stays so, or no
 * more price will come; at most timeout_ms. */
void wait_for_entry(struct cli *cli, const char *intent, int64_t timeout_ms);
/* After an entry that was LIVE: until a stop was seen resting on the exchange, or the position is
 * left again. */
void wait_for_protection(struct cli *cli, const char *intent, int64_t timeout_ms);
/* The same for an operation that is to be left. */
void wait_for_exit(struct cli *cli, int64_t operation, int64_t timeout_ms);

#endif
