/* What a function that can fail says.  One list for the whole house, so that every status has one
 * exit code (see status_exit_code) and one meaning, wherever it was found. */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(at, first) __attribute__((format(printf, at, first)))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

enum status {
	STATUS_OK = 0,
	STATUS_NO,          /* the answer is no: a guard failed, PAUSED, already final (exit 1) */
	STATUS_USAGE,       /* something required is missing or contradicts itself (64) */
	STATUS_NOT_FOUND,   /* no such intent, operation, strategy, symbol (64) */
	STATUS_AMBIGUOUS,   /* a prefix that more than one thing has (64) */
	STATUS_INVALID,     /* input that can't be read: a number, a file, a field (65) */
	STATUS_RANGE,       /* a number that does not fit, or that no limit allows (65) */
	STATUS_UNAVAILABLE, /* feed or exchange out of reach, a fact is missing (69) */
	STATUS_BUG,         /* a fault inside Robson (70) */
	STATUS_NO_MEMORY,   /* (70) */
	STATUS_IO,          /* the database or a file can't be read or written (74) */
	STATUS_BUSY,        /* somebody else holds the database's lock: try again soon (74) */
	STATUS_CONFLICT,    /* compare-and-set found another state: somebody was faster (1) */
	STATUS_UNKNOWN,     /* the outcome is not known yet: awaits reconciliation (75) */
	STATUS_REFUSED,     /* policy: LIVE not acknowledged, --readonly, FLATTEN not given (77) */
	STATUS_CONFIG,      /* settings or keys are wrong (78) */
	STATUS_COUNT
};

/* The kind of an error as --json prints it: "usage", "refused", ...  Never NULL. */
const char *status_name(enum status status);

/* sysexits as the command line promises them: 0, 1, 64, 65, 69, 70, 74, 75, 77, 78. */
int status_exit_code(enum status status);

#endif
