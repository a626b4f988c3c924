/* The desk from the inside: what a price costs, how soon an exit leaves, what a trade costs in durable
 * writes, and how fast a tape plays.  The real desk, store and paper exchange; only the feed is made. */
#include "tests/bench/desk_bench.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/clock.h"
#include "feed/replay.h"
#include "store/store.h"

static struct decimal
dec(const char *text)
{
	struct decimal value;

	if (decimal_parse(text, &value) != STATUS_OK)
		bench_die("%s is no decimal", text);
	return value;
}

/* ---- 5: a check pass ---- */

/* The floor: look at every position, one after the other. */
static double
array_loop_us(size_t count)
{
	struct flat { int64_t stop; bool is_long; } *positions = calloc(count, sizeof *positions);
	struct samples taken = { 0 };
	volatile size_t crossed = 0;

	if (positions == NULL)
		bench_die("no memory");
	for (size_t i = 0; i < count; i++)
		positions[i] = (struct flat){ .stop = 9000 + (int64_t)i % 500, .is_long = true };
	for (int round = 0; round < 400; round++) {
		int64_t bid = 10000 + round % 7, from = bench_ns();
		size_t found = 0;
		for (size_t i = 0; i < count; i++)
			found += positions[i].is_long ? bid <= positions[i].stop : bid >= positions[i].stop;
		crossed += found;
		samples_add(&taken, (double)(bench_ns() - from) / 1000);
	}
	free(positions);
	double median = samples_at(&taken, 0.5);
	samples_done(&taken);
	return median;
}

static struct decimal
wander(int number)
{
	struct decimal bid = dec("99");

	bid.e16 += (i128)(number * 7919 % 200) * 100000000000000;
	return bid;
}

static double
price_us(struct desk_bench *bench, bool whole_turn)
{
	struct samples taken = { 0 };
	int batches = 100 * bench_scale(), each = 50;

	for (int batch = 0; batch < batches; batch++) {
		int64_t from = bench_ns();
		for (int i = 0; i < each; i++)
			if (whole_turn)
				desk_bench_turn_with(bench, wander(batch * each + i));
			else
				desk_bench_price(bench, wander(batch * each + i));
		samples_add(&taken, (double)(bench_ns() - from) / 1000 / each);
	}
	double median = samples_at(&taken, 0.5);
	samples_done(&taken);
	return median;
}

static void
bench_pass(void)
{
	static const size_t counts[] = { 10, 1000, 10000 };
	double price[ARRAY_LEN(counts)], turn[ARRAY_LEN(counts)];
	char name[80];

	bench_title("5  One check pass, nothing triggers: a price through the desk");
	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		struct desk_bench bench;
		desk_bench_open(&bench, counts[i], "90", "0.0005");
		price[i] = price_us(&bench, false);
		turn[i] = price_us(&bench, true);
		desk_bench_close(&bench);
		text_format(name, sizeof name, "a price, %zu operations", counts[i]);
		bench_row(name, price[i], "us", "array loop over them", array_loop_us(counts[i]));
	}
	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		text_format(name, sizeof name, "a whole turn with it, %zu operations", counts[i]);
		bench_row(name, turn[i], "us", "with 10", turn[0]);
	}
	bench_note("10,000 operations cost %.2f x what 10 cost", price[2] / price[0]);
}

/* ---- a bare commit of so many bytes, in a database of its own, and the same without SQLite ---- */

struct bare { sqlite3 *db; sqlite3_stmt *change; int fd; char *page; int pages; };

static void
run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		bench_die("%s: %s", sql, sqlite3_errmsg(db));
}

static void
bare_open(struct bare *bare, int pages)
{
	static int number;
	char path[600], name[64];

	*bare = (struct bare){ .pages = pages < 1 ? 1 : pages };
	text_format(name, sizeof name, "bare%d.db", ++number);
	bench_path(path, sizeof path, name);
	if (sqlite3_open(path, &bare->db) != SQLITE_OK)
		bench_die("no database");
	run(bare->db, "PRAGMA journal_mode = WAL");
	run(bare->db, "PRAGMA synchronous = FULL");
	run(bare->db, "CREATE TABLE page (id INTEGER PRIMARY KEY, number INTEGER, body BLOB)");
	run(bare->db, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 64) "
	    "INSERT INTO page SELECT i, 0, zeroblob(3900) FROM n");
	if (sqlite3_prepare_v2(bare->db, "UPDATE page SET number = number + 1 WHERE id <= ?1", -1,
	                       &bare->change, NULL) != SQLITE_OK)
		bench_die("%s", sqlite3_errmsg(bare->db));
	text_format(name, sizeof name, "raw%d", number);
	bench_path(path, sizeof path, name);
	bare->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	bare->page = calloc((size_t)bare->pages, 4120);
	if (bare->fd < 0 || bare->page == NULL)
		bench_die("no file for the raw floor");
}

static double
bare_commit_us(struct bare *bare)
{
	int64_t from = bench_ns();

	run(bare->db, "BEGIN IMMEDIATE");
	sqlite3_bind_int(bare->change, 1, bare->pages);
	if (sqlite3_step(bare->change) != SQLITE_DONE)
		bench_die("%s", sqlite3_errmsg(bare->db));
	sqlite3_reset(bare->change);
	run(bare->db, "COMMIT");
	return (double)(bench_ns() - from) / 1000;
}

static double
raw_sync_us(struct bare *bare, int round)
{
	int64_t from = bench_ns();
	size_t size = (size_t)bare->pages * 4120;

	if (pwrite(bare->fd, bare->page, size, (off_t)(round % 8) * (off_t)size) != (ssize_t)size ||
	    fdatasync(bare->fd) != 0)
		bench_die("can't write the raw floor");
	return (double)(bench_ns() - from) / 1000;
}

static void
bare_close(struct bare *bare)
{
	sqlite3_finalize(bare->change);
	sqlite3_close(bare->db);
	close(bare->fd);
	free(bare->page);
}

static int
pages_of(int64_t bytes)
{
	return (int)((bytes + 4119) / 4120);
}

/* ---- 6: price seen -> exit order handed over ---- */

static struct decimal
stop_of(size_t number)
{
	struct decimal stop = dec("90");

	stop.e16 += (i128)number * 100000000000000;
	return stop;
}

static void
turn_until_watched(struct desk_bench *bench, size_t count)
{
	for (int i = 0; i < 1000 && desk_watched_count(bench->desk) != count; i++)
		desk_bench_turn(bench);
	if (desk_watched_count(bench->desk) != count)
		bench_die("an exit was not booked");
}

static void
bench_exit(void)
{
	size_t count = 200 * (size_t)bench_scale();
	struct samples exits = { 0 }, commits = { 0 }, raws = { 0 };
	struct desk_bench bench;
	struct bare bare = { 0 };
	struct writes before = { 0 }, at = { 0 };

	if (count > 900)
		count = 900;                          /* stops stay below the price */
	desk_bench_open(&bench, count, "90", "0.01");
	desk_bench_price(&bench, dec("100"));
	for (size_t i = count; i-- > 0;) {
		before = desk_bench_writes();
		int64_t from = bench_ns();
		desk_bench_price(&bench, stop_of(i));
		int64_t sent = desk_bench_submitted_ns(&at);
		if (sent == 0)
			bench_die("operation %zu did not fire", i + 1);
		turn_until_watched(&bench, i);
		if (bare.db == NULL)
			bare_open(&bare, pages_of(at.bytes - before.bytes));
		if (i + 10 > count)
			continue;                     /* the first ones fill caches */
		samples_add(&exits, (double)(sent - from) / 1000);
		samples_add(&commits, bare_commit_us(&bare));
		samples_add(&raws, raw_sync_us(&bare, (int)i));
	}
	bench_title("6  Price seen to exit order handed to the exchange's port, one durable commit included");
	double raw = samples_at(&raws, 0.5), commit = samples_at(&commits, 0.5);
	bench_row("raw write and fdatasync of as many bytes", raw, "us", NULL, 0);
	bench_row("bare SQLite commit of as many pages", commit, "us", "raw", raw);
	bench_row("price to exit order, median", samples_at(&exits, 0.5), "us", "bare commit", commit);
	bench_row("price to exit order, p99", samples_at(&exits, 0.99), "us", "bare commit's p99", samples_at(&commits, 0.99));
	bench_note("%lld durable write(s), %d pages, before the order leaves",
	           (long long)(at.syncs - before.syncs), pages_of(at.bytes - before.bytes));
	desk_bench_close(&bench);
	bare_close(&bare);
	samples_done(&exits);
	samples_done(&commits);
	samples_done(&raws);
}

/* ---- 7: plan -> validate -> execute ---- */

static void
finish_wish(struct desk_bench *bench, int64_t wish, const char *what)
{
	struct error err = { 0 }, outcome = { 0 };
	enum wish_state state = WISH_WAITING;

	for (int i = 0; i < 1000 && state != WISH_DONE; i++) {
		desk_bench_turn(bench);
		if (desk_wish_look(bench->desk, wish, &state, &outcome, &err) != STATUS_OK)
			bench_die("%s: %s", what, err.message);
	}
	if (state != WISH_DONE || outcome.status != STATUS_OK)
		bench_die("%s: %s", what, state == WISH_DONE ? outcome.message : "it does not end");
}

static void
one_trade(struct desk_bench *bench, struct samples *steps, struct samples *whole, struct writes *ret_writes)
{
	struct plan_input input = { .side = "buy", .symbol = "BTCUSDC", .quantity = "0.01", .stop = "95",
	                            .reason = "a benchmark" };
	struct error err = { 0 };
	struct intent intent;
	struct report report;
	int64_t wish, at[4];
	struct writes before = desk_bench_writes();

	desk_bench_price(bench, dec("100"));
	at[0] = bench_ns();
	if (desk_plan(bench->desk, &input, &intent, &err) != STATUS_OK)
		bench_die("plan: %s", err.message);
	at[1] = bench_ns();
	if (desk_validate(bench->desk, intent.id, false, &intent, &report, &err) != STATUS_OK)
		bench_die("validate: %s", err.message);
	at[2] = bench_ns();
	if (desk_wish_execute(bench->desk, intent.id, false, false, 5000, &wish, &err) != STATUS_OK)
		bench_die("execute: %s", err.message);
	finish_wish(bench, wish, "execute");
	at[3] = bench_ns();
	struct writes after = desk_bench_writes();
	*ret_writes = (struct writes){ after.syncs - before.syncs, after.bytes - before.bytes };
	for (int i = 0; i < 3; i++)
		samples_add(&steps[i], (double)(at[i + 1] - at[i]) / 1000);
	samples_add(whole, (double)(at[3] - at[0]) / 1000);

	struct operation_list list;
	struct operation_filter filter = { .has_status = true, .status = OPERATION_ACTIVE };
	if (desk_operations(bench->desk, &filter, &list, &err) != STATUS_OK || list.count != 1 ||
	    desk_wish_close(bench->desk, list.rows[0].op.id, 5000, &wish, &err) != STATUS_OK)
		bench_die("close: %s", err.message);
	operation_list_done(&list);
	finish_wish(bench, wish, "close");
	turn_until_watched(bench, 0);
}

static void
bench_trade(void)
{
	static const char *const names[] = { "plan, median", "validate, median", "execute, median" };
	struct samples steps[3] = { { 0 } }, whole = { 0 }, commits = { 0 };
	struct desk_bench bench;
	struct bare bare = { 0 };
	struct writes writes = { 0 };
	int rounds = 60 * bench_scale();

	desk_bench_open(&bench, 0, "90", "0.01");
	for (int i = 0; i < rounds; i++) {
		one_trade(&bench, steps, &whole, &writes);
		if (bare.db == NULL)
			bare_open(&bare, pages_of(writes.bytes / (writes.syncs > 0 ? writes.syncs : 1)));
		double three = 0;
		for (int j = 0; j < 3; j++)
			three += bare_commit_us(&bare);
		samples_add(&commits, three);
	}
	bench_title("7  plan, validate, execute until filled: three use cases");
	double three = samples_at(&commits, 0.5);
	bench_row("three bare SQLite commits", three, "us", NULL, 0);
	for (int i = 0; i < 3; i++)
		bench_row(names[i], samples_at(&steps[i], 0.5), "us", "one bare commit", three / 3);
	bench_row("plan, validate, execute, median", samples_at(&whole, 0.5), "us", "three bare commits", three);
	bench_note("%lld durable writes, %lld kB, for the trade", (long long)writes.syncs, (long long)writes.bytes / 1024);
	desk_bench_close(&bench);
	bare_close(&bare);
	for (int i = 0; i < 3; i++)
		samples_done(&steps[i]);
	samples_done(&whole);
	samples_done(&commits);
}

/* ---- 8: a tape at full speed ---- */

/* The floor: every row of the tape read and its numbers parsed. */
static size_t
read_tape(const char *path)
{
	FILE *file = fopen(path, "r");
	char row[256];
	size_t rows = 0;
	struct decimal bid, ask;

	if (file == NULL)
		bench_die("no tape at %s", path);
	while (fgets(row, sizeof row, file) != NULL) {
		char *save = NULL;
		if (row[0] < '0' || row[0] > '9')
			continue;
		const char *time = strtok_r(row, ",", &save), *symbol = strtok_r(NULL, ",", &save);
		const char *first = strtok_r(NULL, ",", &save), *second = strtok_r(NULL, "\n", &save);
		if (time == NULL || symbol == NULL || first == NULL || second == NULL ||
		    strtoll(time, NULL, 10) <= 0 || decimal_parse(first, &bid) != STATUS_OK ||
		    decimal_parse(second, &ask) != STATUS_OK)
			bench_die("a row that can't be read");
		rows++;
	}
	fclose(file);
	return rows;
}

/* The program's own monitor over the whole tape. */
static double
monitor_ms(const char *db, const char *config, const char *feed)
{
	int64_t from = bench_ns();
	int status;
	pid_t child = fork();

	if (child < 0)
		bench_die("no process");
	if (child == 0) {
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);
		dup2(null, 1);
		dup2(null, 2);
		execl(bench_robson(), bench_robson(), "--db", db, "--config", config, "--feed", feed, "monitor", (char *)NULL);
		_exit(127);
	}
	if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		bench_die("robson monitor did not end well: %d", status);
	return (double)(bench_ns() - from) / 1e6;
}

static void
bench_replay(void)
{
	static const char *const symbols[] = { "BTCUSDC", "ETHUSDC" };
	char path[600], db[600], config[600], feed[700], at_max[720], name[64];
	struct samples taken = { 0 }, floors = { 0 };
	struct error err = { 0 };
	size_t rows = 0;

	bench_built(path, sizeof path, "data/demo.csv");
	char *real = realpath(path, NULL);
	if (real == NULL)
		bench_die("no tape at %s", path);
	text_format(feed, sizeof feed, "replay:%s", real);
	text_format(at_max, sizeof at_max, "%s@max", feed);
	bench_path(config, sizeof config, "replay.ini");
	bench_write_file(config, "[book]\ncapital = 10000\n");
	for (int i = 0; i < 3 * bench_scale(); i++) {
		struct store *store;
		text_format(name, sizeof name, "replay%d.db", i);
		bench_path(db, sizeof db, name);
		if (store_open(db, false, clock_wall_ms(), &store, NULL, &err) != STATUS_OK)
			bench_die("%s", err.message);
		/* Far below the tape's prices: they are checked by every row, and none fires. */
		struct book_of what = { .feed = feed, .symbols = symbols, .symbol_count = ARRAY_LEN(symbols),
			.count = 10, .stop_from = "1", .stop_step = "0.1", .now_ms = 1767571200000 };
		bench_fill_book(store, &what);
		store_close(store);
		int64_t from = bench_ns();
		rows = read_tape(real);
		samples_add(&floors, (double)(bench_ns() - from) / 1e6);
		samples_add(&taken, monitor_ms(db, config, at_max));
	}
	free(real);
	bench_title("8  A tape at full speed: robson monitor, ten operations, nothing triggers");
	double floor = samples_at(&floors, 0.5), whole = samples_at(&taken, 0.5);
	bench_row("read and parse the rows, nothing else", floor, "ms", NULL, 0);
	bench_row("robson monitor, from exec to its end", whole, "ms", "reading", floor);
	bench_note("%.0f rows per second (%zu rows); reading alone %.0f", (double)rows / whole * 1000, rows,
	           (double)rows / floor * 1000);
	samples_done(&taken);
	samples_done(&floors);
}

int
main(void)
{
	bench_pass();
	bench_exit();
	bench_trade();
	bench_replay();
	return 0;
}
