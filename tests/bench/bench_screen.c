/* The program as a person meets it, on a real pseudo-terminal: start, keys, bytes, memory, idling.
 *
 * The baselines run in the same rounds: a program that only writes (floor_echo), and the least that
 * a curses program can be (floor_screen), linked alone and with all of Robson's libraries. */
#include "tests/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/store.h"

enum { ROWS = 24, COLS = 80, LIVE = 10, TAPE_SECONDS = 1200 };

static const char *const symbols[LIVE] = { "AAAUSDC", "BBBUSDC", "CCCUSDC", "DDDUSDC", "EEEUSDC",
                                           "FFFUSDC", "GGGUSDC", "HHHUSDC", "IIIUSDC", "JJJUSDC" };

static char config_path[600], floor_echo[600], floor_alone[600], floor_linked[600];

/* ---- what Robson is started on ---- */

struct stage { char db[600], tape[600], feed[700]; };

static void
write_tape(const char *path, bool moves)
{
	FILE *file = fopen(path, "w");
	unsigned long seed = 1;

	if (file == NULL)
		bench_die("can't write %s", path);
	fputs("time,symbol,bid,ask\n", file);
	for (long second = 0; second < (long)TAPE_SECONDS * bench_scale(); second++)
		for (int i = 0; i < LIVE; i++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			int cents = moves ? (int)(seed >> 33) % 200 : 50;
			fprintf(file, "%lld,%s,100.%02d,100.%02d\n", 1767225600000LL + second * 1000, symbols[i],
			        cents % 99, cents % 99 + 1);
		}
	if (fclose(file) != 0)
		bench_die("can't write %s", path);
}

static void
make_stage(struct stage *stage, const char *name, size_t operations, bool moves)
{
	struct error err = { 0 };
	struct store *store;
	char file[64], *real;

	text_format(file, sizeof file, "%s.db", name);
	bench_path(stage->db, sizeof stage->db, file);
	text_format(file, sizeof file, "%s.csv", name);
	bench_path(stage->tape, sizeof stage->tape, file);
	write_tape(stage->tape, moves);
	real = realpath(stage->tape, NULL);
	if (real == NULL)
		bench_die("no tape");
	text_format(stage->feed, sizeof stage->feed, "replay:%s", real);
	free(real);
	if (store_open(stage->db, false, 1767225600000, &store, NULL, &err) != STATUS_OK)
		bench_die("no book: %s", err.message);
	struct book_of what = { .feed = stage->feed, .symbols = symbols, .symbol_count = LIVE,
		.count = operations, .stop_from = "90", .stop_step = "0.1", .now_ms = 1767225600000 };
	bench_fill_book(store, &what);
	store_close(store);
}

static void
start_robson(struct line *line, const struct stage *stage)
{
	char robson[600], db[600], config[600], feed[720];
	char db_option[] = "--db", config_option[] = "--config", feed_option[] = "--feed";
	char *argv[] = { robson, db_option, db, config_option, config, feed_option, feed, NULL };

	text_copy(robson, sizeof robson, bench_robson());
	text_copy(db, sizeof db, stage->db);
	text_copy(config, sizeof config, config_path);
	text_format(feed, sizeof feed, "%s@1", stage->feed);
	line_start(line, ROWS, COLS, argv);
}

static void
start_program(struct line *line, char *path)
{
	char *argv[] = { path, NULL };

	line_start(line, ROWS, COLS, argv);
}

/* ---- 1: start ---- */

/* From before fork to the last word of the first frame, in its last row. */
static double
first_frame_ms(struct line *line)
{
	if (!line_wait_text(line, "quit", 5000))
		bench_die("no first frame:\n%s", line->tail);
	return (double)(line->last_byte_ns - line->started_ns) / 1e6;
}

static void
bench_start(const struct stage *empty, const struct stage *live)
{
	enum { ECHO, ALONE, LINKED, EMPTY, TEN, KINDS };
	static const char *const names[KINDS] = { "a program that only writes", "least curses program",
		"least curses program, all libraries linked", "robson, empty book", "robson, ten live operations" };
	struct samples taken[KINDS] = { 0 }, cpu[KINDS] = { 0 };
	struct line line;
	int rounds = 25 * bench_scale();

	for (int round = 0; round < rounds + 2; round++)
		for (int kind = 0; kind < KINDS; kind++) {
			switch (kind) {
			case ECHO: start_program(&line, floor_echo); break;
			case ALONE: start_program(&line, floor_alone); break;
			case LINKED: start_program(&line, floor_linked); break;
			case EMPTY: start_robson(&line, empty); break;
			default: start_robson(&line, live); break;
			}
			double ms = first_frame_ms(&line);
			double cpu_ms = usage_of(line.pid).cpu_ms;
			line_stop(&line);
			if (round >= 2) {     /* the first ones fill caches */
				samples_add(&taken[kind], ms);
				samples_add(&cpu[kind], cpu_ms);
			}
		}
	double median[KINDS];
	for (int kind = 0; kind < KINDS; kind++)
		median[kind] = samples_at(&taken[kind], 0.5);
	bench_title("1  Start: exec to the whole first frame, 80x24, medians of paired rounds");
	for (int kind = 0; kind < KINDS; kind++)
		bench_row(names[kind], median[kind], "ms", kind == ECHO ? NULL : kind == ALONE ? "that only writes"
		          : "least, alone", median[kind <= ALONE ? ECHO : ALONE]);
	bench_note("%-46s %.2f x (empty) and %.2f x (ten)", "against the least with all libraries",
	           median[EMPTY] / median[LINKED], median[TEN] / median[LINKED]);
	for (int kind = ALONE; kind < KINDS; kind++) {
		char name[80];
		text_format(name, sizeof name, "processor time of it: %s", names[kind]);
		bench_row(name, samples_at(&cpu[kind], 0.5), "ms", kind == ALONE ? NULL : "least, alone",
		          samples_at(&cpu[ALONE], 0.5));
	}
	for (int kind = 0; kind < KINDS; kind++)
		samples_done(&taken[kind]), samples_done(&cpu[kind]);
}

/* ---- 2: keys ---- */

struct key_taker { struct line line; const char *keys[2]; struct samples taken; double p50, p99; int lost;
                   uint64_t bytes; int sent; double cpu_ms; };

static void
press(struct key_taker *taker, int number)
{
	line_settle(&taker->line, 3, 100);
	double us = line_key_us(&taker->line, taker->keys[number % 2]);
	if (us < 0)
		taker->lost++;
	else
		samples_add(&taker->taken, us);
	taker->sent++;
}

/* The median of all, and the lowest 99th percentile of three runs. */
static void
take_keys(struct key_taker *takers, int count)
{
	int each = 250 * bench_scale();

	for (int i = 0; i < count; i++)
		takers[i].p99 = 1e12;
	for (int run = 0; run < 3; run++) {
		for (int i = 0; i < count; i++)
			takers[i].taken.count = 0;
		for (int number = 0; number < each; number++)
			for (int i = 0; i < count; i++)
				press(&takers[i], number);
		for (int i = 0; i < count; i++) {
			double p99 = samples_at(&takers[i].taken, 0.99), p50 = samples_at(&takers[i].taken, 0.5);
			if (p99 < takers[i].p99)
				takers[i].p99 = p99;
			if (run == 0 || p50 < takers[i].p50)
				takers[i].p50 = p50;
		}
	}
}

static void
key_row(const char *name, struct key_taker *taker, const struct key_taker *base, const char *than)
{
	char text[80];

	text_format(text, sizeof text, "%s, median", name);
	bench_row(text, taker->p50, "us", base != NULL ? than : NULL, base != NULL ? base->p50 : 0);
	text_format(text, sizeof text, "%s, p99", name);
	bench_row(text, taker->p99, "us", base != NULL ? than : NULL, base != NULL ? base->p99 : 0);
	if (taker->lost > 0)
		bench_note("%d keys of %d were not answered", taker->lost, taker->sent);
}

static void
bench_keys(const struct stage *live)
{
	enum { ECHO, LEAST, LIST, FORM, KINDS };
	struct key_taker takers[KINDS] = { 0 };
	struct stage second;

	make_stage(&second, "keys", LIVE, true);
	start_program(&takers[ECHO].line, floor_echo);
	start_program(&takers[LEAST].line, floor_alone);
	start_robson(&takers[LIST].line, live);
	start_robson(&takers[FORM].line, &second);
	for (int i = 0; i < KINDS; i++) {
		takers[i].keys[0] = "j";
		takers[i].keys[1] = "k";
		line_read_for(&takers[i].line, 300);
	}
	line_send(&takers[LIST].line, "\033");
	line_read_for(&takers[LIST].line, 200);
	line_send(&takers[LIST].line, "\t");
	line_read_for(&takers[LIST].line, 100);
	line_send(&takers[LIST].line, "\t");
	line_read_for(&takers[LIST].line, 100);
	/* A new form: the symbol, on to the stop, and then a digit that comes and goes. */
	line_send(&takers[FORM].line, "n");
	line_read_for(&takers[FORM].line, 100);
	line_send(&takers[FORM].line, "AAAUSDC\t\t\t\t9");
	line_read_for(&takers[FORM].line, 300);
	takers[FORM].keys[0] = "5";
	takers[FORM].keys[1] = "\177";
	take_keys(takers, KINDS);
	bench_title("2  Key to the first byte of the answer, prices ticking (p99: the lowest of three runs)");
	key_row("cat", &takers[ECHO], NULL, NULL);
	key_row("least curses program, two rows", &takers[LEAST], &takers[ECHO], "cat");
	key_row("robson, the selected row", &takers[LIST], &takers[LEAST], "least");
	key_row("robson, a digit of the stop: sized anew", &takers[FORM], &takers[LEAST], "least");
	for (int i = 0; i < KINDS; i++) {
		line_stop(&takers[i].line);
		samples_done(&takers[i].taken);
	}
}

/* ---- 3 and 4: idling ---- */

static void
bench_idle(const struct stage *live, const struct stage *still, const struct stage *empty)
{
	enum { LEAST, EMPTY, STILL, TICKING, KINDS };
	static const char *const names[KINDS] = { "least curses program", "robson, empty book",
		"robson, ten rows, nothing moves", "robson, ten rows, all tick each second" };
	struct line lines[KINDS];
	struct usage before[KINDS], after;
	uint64_t bytes[KINDS];
	int seconds = 12 * bench_scale();

	start_program(&lines[LEAST], floor_alone);
	start_robson(&lines[EMPTY], empty);
	start_robson(&lines[STILL], still);
	start_robson(&lines[TICKING], live);
	for (int i = 0; i < KINDS; i++)
		line_read_for(&lines[i], 700);
	for (int i = 0; i < KINDS; i++) {
		bytes[i] = lines[i].bytes;
		before[i] = usage_of(lines[i].pid);
	}
	int64_t from = bench_ns();
	while (bench_ns() - from < (int64_t)seconds * 1000000000)
		for (int i = 0; i < KINDS; i++)
			line_read_for(&lines[i], 20);
	double took = (double)(bench_ns() - from) / 1e9, minute = 60 / took;
	bench_title("3  An idle minute on the terminal, and what it costs");
	for (int i = 0; i < KINDS; i++) {
		line_settle(&lines[i], 5, 50);
		after = usage_of(lines[i].pid);
		bench_note("%-40s %7.0f bytes/min %7.3f %% CPU %6.1f wakeups/s", names[i],
		           (double)(lines[i].bytes - bytes[i]) * minute, (after.cpu_ms - before[i].cpu_ms) / took / 10,
		           (double)(after.wakeups - before[i].wakeups) / took);
	}
	bench_title("4  Resident memory");
	double least = (double)usage_of(lines[LEAST].pid).rss_kb / 1024;
	for (int i = 0; i < KINDS; i++)
		bench_row(names[i], (double)usage_of(lines[i].pid).rss_kb / 1024, "MB", i == LEAST ? NULL : "least", least);
	for (int i = 0; i < KINDS; i++)
		line_stop(&lines[i]);
}

int
main(void)
{
	struct stage empty, live, still;

	bench_built(floor_echo, sizeof floor_echo, "tests/bench/floor_echo");
	bench_built(floor_alone, sizeof floor_alone, "tests/bench/floor_screen");
	bench_built(floor_linked, sizeof floor_linked, "tests/bench/floor_screen_linked");
	bench_path(config_path, sizeof config_path, "robson.ini");
	bench_write_file(config_path, "[book]\ncapital = 10000\n");
	make_stage(&empty, "empty", 0, true);
	make_stage(&live, "live", LIVE, true);
	make_stage(&still, "still", LIVE, false);
	bench_start(&empty, &live);
	bench_keys(&live);
	bench_idle(&live, &still, &empty);
	return 0;
}
