/* The notifier: a program that a person chose is told of events, and the terminal's bell rings.
 *
 * The program is run without a shell, in a process group of its own, with one JSON object on its
 * standard input and nothing else of ours: no descriptor, no signal mask, no key in its environment.
 * Nothing here waits for it; one that runs longer than 30 seconds is ended.
 *
 * Events of one kind are told once in an interval.  What is held back meanwhile is counted, and the
 * last of them is told at the interval's end, so that the newest is never the one that is lost. */
#ifndef APP_NOTIFY_H
#define APP_NOTIFY_H

#include "base/error.h"
#include "base/wait.h"
#include "core/ports/notifier.h"

struct notify_setup {
	const char *command;              /* "" or NULL: none; copied */
	enum urgency level;               /* events below it are not told */
	int64_t interval_ms;
	bool bell;
	void (*ring)(void *self);         /* the screen's bell, for alarms; may be NULL, may be set later */
	void *ring_self;
	char *const *environment;         /* what the program gets, keys left out; borrowed during open */
	int64_t (*now_us)(void *self);    /* NULL: the machine's monotonic clock */
	void *now_self;
};

struct notify;
MUST_USE enum status notify_open(const struct notify_setup *setup, struct notify **ret, struct error *err);
/* Lets running programs run on; what is held back is told first, if there is room.  Accepts NULL. */
void notify_close(struct notify *notify);
struct notifier notify_port(struct notify *notify);
struct wait_source notify_source(struct notify *notify);
void notify_set_bell(struct notify *notify, void (*ring)(void *self), void *self);

/* For the health view: what became of it. */
struct notify_state {
	bool has_command;
	int running;
	int64_t told, failed, held_back;
	char trouble[200];                /* of the last one that failed; "" if it went well since */
};
void notify_state(const struct notify *notify, struct notify_state *ret);

/* What a command line means: words split at spaces; '…' and "…" keep spaces together, a backslash
 * keeps the next character.  Fills ret_words, ended by NULL, with pointers into ret_text.
 * STATUS_CONFIG: a quote that is not closed, no word at all, or too many. */
enum { NOTIFY_WORDS = 32, NOTIFY_TEXT_SIZE = 1024 };
MUST_USE enum status notify_split(const char *command, char ret_text[NOTIFY_TEXT_SIZE],
                                  char *ret_words[NOTIFY_WORDS], struct error *err);

/* "note", "warning", "alarm". */
const char *urgency_name(enum urgency urgency);
MUST_USE enum status urgency_parse(const char *text, enum urgency *ret);

#endif
