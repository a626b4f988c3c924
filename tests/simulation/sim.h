/* One simulated world.  Robson's own desk, store, exchange and feed run in it against the stand-in's
 * exchange; the network, the clocks, the disk and the kernel's randomness are the world's, drawn from
 * one seed, in virtual time.  Each world has a process of its own, so what it keeps is global here. */
#ifndef TESTS_SIMULATION_SIM_H
#define TESTS_SIMULATION_SIM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_PRINTF(text, args) __attribute__((format(printf, text, args)))

/* ---- chance.c: one stream for each kind of decision, so that they do not disturb each other ---- */
enum stream { CHANCE_MARKET, CHANCE_NETWORK, CHANCE_TRADER, CHANCE_DEATH, CHANCE_DISK, CHANCE_KERNEL,
              CHANCE_SHAPE, CHANCE_STREAMS };
uint64_t chance(enum stream stream);
int64_t chance_between(enum stream stream, int64_t low, int64_t high);   /* both may come */
bool chance_permille(enum stream stream, int permille);

/* ---- what goes wrong, and where: the matrix ---- */
enum step { STEP_ENTRY, STEP_PROTECTION, STEP_MOVE, STEP_EXIT, STEP_CANCEL, STEP_LOOK, STEP_COUNT,
            STEP_PUBLIC = STEP_COUNT };
enum mishap {
	MISHAP_NONE,
	MISHAP_NOT_SENT,          /* no connection: proven */
	MISHAP_LOST_REQUEST,      /* the line dies, nothing was processed; nobody can know */
	MISHAP_LATE_REQUEST,      /* it arrives when its sender has given up */
	MISHAP_LOST_REPLY,        /* processed, and the line dies */
	MISHAP_LATE_REPLY,        /* processed, and the answer comes after the time-out */
	MISHAP_TRUNCATED, MISHAP_GARBAGE,
	MISHAP_5XX_DONE, MISHAP_5XX_NOT,
	MISHAP_1007_DONE, MISHAP_1007_NOT,
	MISHAP_429, MISHAP_418,
	MISHAP_CLOCK,             /* the exchange's clock jumps */
	MISHAP_LEGS_DIE,          /* pending orders die when they are due */
	MISHAP_PARTIAL,           /* the next executions fill a part */
	MISHAP_QUERY_LAG,         /* an order stays unknown to lookups for a while */
	MISHAP_COUNT
};
enum death { DEATH_NONE, DEATH_BEFORE, DEATH_DURING, DEATH_AFTER, DEATH_COUNT };
extern const char *const step_names[STEP_COUNT + 1], *const mishap_names[MISHAP_COUNT], *const death_names[DEATH_COUNT];

/* Ways to break the world, to see the oracle fail. */
enum mutant {
	MUTANT_NONE,
	MUTANT_REPEATED_POST,    /* the network sends a request twice */
	MUTANT_LYING_DISK,       /* syncs do nothing, and the power fails */
	MUTANT_TIMEOUT_IS_FAILURE,   /* the adapter takes a lost answer for proof that nothing happened */
	MUTANT_TRUSTS_REPLY,     /* the adapter says that legs rest which only were taken */
	MUTANT_GONE_IS_CANCELLED,/* the adapter takes "nothing to cancel" for a cancel that worked */
	MUTANT_FALSE_PRICE,      /* the adapter tells fills at another price */
	MUTANT_NO_LOOKS,         /* the adapter's lookups are never answered */
	MUTANT_COUNT
};
extern const char *const mutant_names[MUTANT_COUNT];

struct totals {
	int64_t worlds, failed, virtual_us, requests, orders, fills, faults, deaths, power_losses, opened, steps, events, alarms;
	int64_t struck[STEP_COUNT][MISHAP_COUNT][DEATH_COUNT];
};

struct sim {
	uint64_t seed;
	bool is_tracing;
	enum mutant mutant;

	/* time */
	int64_t now_us;                  /* of the machine since it was switched on; never goes back */
	int64_t machine_offset_ms, exchange_offset_ms;

	/* the cell of the matrix that this seed is about */
	enum step step;
	enum mishap fault;
	enum death death;
	int let_pass;                    /* so many requests of that step first */
	bool has_struck;
	int noise_permille;              /* of requests that go wrong besides */
	bool is_live;                    /* orders go to the exchange, not only to the paper one */
	bool is_quiet;                   /* the end: nothing goes wrong any more */

	/* death */
	bool is_watching;                /* the process alive watches what the trader trades */
	bool is_alive;                   /* a Robson runs; hooks may kill it */
	jmp_buf *way_out;
	int64_t hooks_left;              /* until it dies; 0: it does not */
	int64_t sleep_hooks_left, sleep_us;   /* until the machine sleeps, and how long */

	char failure[1024];              /* what the oracle found first; "" if nothing */
	int64_t clean_since_us;          /* since when nothing went wrong */
	int64_t hindered_us;             /* when the exchange last let nobody sell: a halt, a key that may not trade */
	uint64_t trace_hash;
	struct totals totals;
};
extern struct sim sim;

/* ---- time.c ---- */
int64_t sim_exchange_ms(int64_t at_us);
int64_t sim_wall_ms(void);

/* ---- trace.c ---- */
void trace(const char *format, ...) SIM_PRINTF(1, 2);
void trace_shown(const char *format, ...) SIM_PRINTF(1, 2);   /* shown alone, and not hashed */
void trace_bytes(const char *text, size_t len);   /* into the hash alone */
/* The first one counts: the rest follows from it. */
void sim_fail(const char *format, ...) SIM_PRINTF(1, 2);
void sim_disturbed(void);                /* something went wrong just now */
void sim_disturbed_until(int64_t us);

/* ---- death.c: places where a Robson may die or its machine fall asleep ---- */
void hook(const char *where);
void die(const char *where) __attribute__((noreturn));
void death_draw(void);                   /* for a new process */

#endif
