/* What the benchmarks share: clocks, medians, a scratch folder, a program on a pseudo-terminal, and
 * a book that holds operations.  A benchmark that can't do its work says why and ends with 1.
 *
 * ROBSON_BENCH_SCALE=N makes every measurement N times as long; without it they are short. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include "base/status.h"
#include "base/text.h"

int bench_scale(void);
int64_t bench_ns(void);
void bench_die(const char *format, ...) PRINTF_LIKE(1, 2);

/* ---- samples ---- */
struct samples { double *values; size_t count, capacity; };
void samples_add(struct samples *samples, double value);
/* share 0.5 is the median, 0.99 the 99th percentile; sorts. */
double samples_at(struct samples *samples, double share);
void samples_done(struct samples *samples);

/* ---- printing: figures stand under each other, each with its baseline ---- */
void bench_title(const char *text);
void bench_note(const char *format, ...) PRINTF_LIKE(1, 2);
/* "name   1.23 ms   4.1 x baseline_name 0.30 ms" */
void bench_row(const char *name, double value, const char *unit, const char *than, double base);

/* ---- a folder that goes away at the end ---- */
const char *bench_folder(void);
void bench_path(char *ret_path, size_t size, const char *name);
void bench_write_file(const char *path, const char *text);
/* The path of something that was built: "tests/bench/floor_screen". */
void bench_built(char *ret_path, size_t size, const char *name);
const char *bench_robson(void);

/* ---- a program on a pseudo-terminal ---- */
struct line { pid_t pid; int fd; int64_t started_ns, last_byte_ns; uint64_t bytes; bool has_ended;
              char tail[8192]; size_t tail_len; };
void line_start(struct line *line, int rows, int cols, char *const argv[]);
/* Reads what comes for so long. */
void line_read_for(struct line *line, int ms);
/* Reads until nothing has come for quiet_ms; false if it went on for longer than limit_ms. */
bool line_settle(struct line *line, int quiet_ms, int limit_ms);
bool line_wait_text(struct line *line, const char *text, int limit_ms);
void line_send(struct line *line, const char *bytes);
/* From the key to the first byte that comes after it, in microseconds; below zero: nothing came. */
double line_key_us(struct line *line, const char *bytes);
void line_stop(struct line *line);

struct usage { double cpu_ms; int64_t rss_kb, wakeups; };
struct usage usage_of(pid_t pid);

/* ---- a book with operations ---- */
struct store;
/* Active long operations, one after the other over the symbols, at an entry of 100 with a stop at
 * stop_from + number × stop_step, by every step of the way, in the open store. */
struct book_of { const char *feed; const char *const *symbols; size_t symbol_count; size_t count;
                 const char *stop_from, *stop_step; int64_t now_ms; };
void bench_fill_book(struct store *store, const struct book_of *what);

#endif
