/* Times and the calendar.  Wall times are UTC milliseconds since 1970 (int64_t ..._ms); the wall
 * clock may jump, so ages and deadlines use the monotonic one (..._mono_ms, ..._mono_us). */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/status.h"

enum { CLOCK_TEXT_SIZE = 32 };

/* The machine's own clocks.  Only main, app and the feeds read them; the core is told the time. */
int64_t clock_wall_ms(void);
int64_t clock_mono_ms(void);
int64_t clock_mono_us(void);

/* "2026-01-31T14:02:11.123Z" and back.  Parsing takes a date alone, seconds without fraction, a
 * space for the T, and Z or an offset; plain digits are UTC milliseconds.  Years 1970 to 9999. */
void clock_format_iso(int64_t ms, char ret_text[CLOCK_TEXT_SIZE]);
MUST_USE enum status clock_parse(const char *text, int64_t *ret_ms);

/* "14:02:11", UTC. */
void clock_format_time(int64_t ms, char ret_text[CLOCK_TEXT_SIZE]);

/* "0.3 s", "13s", "4m", "3h", "1d": how long, in the shortest form that still helps. */
void clock_format_age(int64_t ms, char ret_text[CLOCK_TEXT_SIZE]);

/* First millisecond of the UTC day, and of the UTC month, that holds ms. */
int64_t clock_day_start(int64_t ms);
int64_t clock_month_start(int64_t ms);

#endif
