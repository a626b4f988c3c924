/* Whatever a tape holds, it is read without harm: rows are sane and in order, or there is an error
 * that names the file; and the same bytes give the same rows after a rewind. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>

#include "feed/tape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool truth)
{
	if (!truth)
		abort();
}

static void
check_row(const struct tape *tape, const struct tape_row *row, int64_t last_ms)
{
	must(row->time_ms >= last_ms);
	must(strlen(row->symbol) >= 2 && strlen(row->symbol) < SYMBOL_SIZE);
	if (tape_has_candles(tape)) {
		must(decimal_is_positive(row->low) && decimal_cmp(row->low, row->open) <= 0);
		must(decimal_cmp(row->low, row->close) <= 0 && decimal_cmp(row->high, row->open) >= 0);
		must(decimal_cmp(row->high, row->close) >= 0 && !decimal_is_negative(row->volume));
	} else {
		must(decimal_is_positive(row->bid) && decimal_cmp(row->bid, row->ask) <= 0);
	}
}

static size_t
read_rows(struct tape *tape)
{
	struct tape_row row;
	struct error err = { 0 };
	bool has_row = true;
	int64_t last_ms = 0;
	size_t rows = 0;
	while (tape_next(tape, &row, &has_row, &err) == STATUS_OK && has_row) {
		check_row(tape, &row, last_ms);
		last_ms = row.time_ms;
		rows++;
	}
	if (err.status != STATUS_OK)
		must(strncmp(err.message, "fuzz.csv", 8) == 0);
	return rows;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tape *tape = NULL;
	struct error err = { 0 };
	int fd = memfd_create("tape", 0);
	must(fd >= 0 && write(fd, data, size) == (ssize_t)size && lseek(fd, 0, SEEK_SET) == 0);
	if (tape_open_fd(fd, "fuzz.csv", &tape, &err) != STATUS_OK) {
		must(strncmp(err.message, "fuzz.csv", 8) == 0);
		return 0;
	}
	size_t rows = read_rows(tape);
	must(tape_rewind(tape, &err) == STATUS_OK);
	must(read_rows(tape) == rows);
	tape_close(tape);
	return 0;
}
