/* See tape.h.  One buffer holds what was read and not yet used; a line never grows beyond it.  */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/text.h"
#include "core/symbol.h"
#include "feed/tape.h"

enum { BUFFER_SIZE = 64 * 1024, LINE_MAX_SIZE = 512, FIELDS_MAX = 8, LABEL_SIZE = 160 };

static const char *const quote_header[] = { "time", "symbol", "bid", "ask" };
static const char *const candle_header[] =
	{ "time", "symbol", "open", "high", "low", "close", "volume" };

struct tape {
	int fd;
	char *name;                      /* owned */
	bool has_candles, is_at_end;
	char label[LABEL_SIZE];
	int64_t line;                    /* of the line that was given out last */
	int64_t last_time_ms;
	size_t start, end;               /* what is left in the buffer */
	char buffer[BUFFER_SIZE + 1];
};

#define READ(call) do { enum status s_ = (call); if (s_ != STATUS_OK) return s_; } while (0)

static enum status
bad_field(const struct tape *tape, const char *field, const char *value, const char *why,
          struct error *err)
{
	return error_field(err, STATUS_INVALID, field, "%.200s:%lld: %s '%.40s' %s", tape->name,
	                   (long long)tape->line, field, value, why);
}

static enum status
bad_line(const struct tape *tape, const char *why, struct error *err)
{
	return error_set(err, STATUS_INVALID, "%.200s:%lld: %s", tape->name, (long long)tape->line, why);
}

/* Move what is left to the front and read behind it. */
static enum status
refill(struct tape *tape, struct error *err)
{
	memmove(tape->buffer, tape->buffer + tape->start, tape->end - tape->start);
	tape->end -= tape->start;
	tape->start = 0;
	ssize_t got;
	do
		got = read(tape->fd, tape->buffer + tape->end, BUFFER_SIZE - tape->end);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return error_set(err, STATUS_INVALID, "%.200s can't be read: %s", tape->name, strerror(errno));
	tape->is_at_end = got == 0;
	tape->end += (size_t)got;
	return STATUS_OK;
}

/* The next line in *ret_line, ended by a 0 in place of its LF or CRLF; NULL at the end. */
static enum status
next_line(struct tape *tape, char **ret_line, struct error *err)
{
	char *newline;
	while ((newline = memchr(tape->buffer + tape->start, '\n', tape->end - tape->start)) == NULL &&
	       !tape->is_at_end && tape->end - tape->start <= LINE_MAX_SIZE)
		READ(refill(tape, err));

	char *line = tape->buffer + tape->start;
	size_t len = newline ? (size_t)(newline - line) : tape->end - tape->start;
	*ret_line = NULL;
	if (newline == NULL && len == 0)
		return STATUS_OK;
	tape->line++;
	tape->start += len + (newline ? 1 : 0);
	if (len > LINE_MAX_SIZE)
		return bad_line(tape, "the line is too long for a tape", err);
	if (memchr(line, '\0', len) != NULL)
		return bad_line(tape, "a zero byte: this is no text", err);
	line[len] = '\0';
	if (len > 0 && line[len - 1] == '\r')
		line[len - 1] = '\0';
	*ret_line = line;
	return STATUS_OK;
}

/* Cut the line at its commas.  Returns the number of fields, FIELDS_MAX at most. */
static size_t
split(char *line, char *ret_fields[FIELDS_MAX])
{
	size_t count = 0;
	while (count < FIELDS_MAX) {
		ret_fields[count++] = line;
		line = strchr(line, ',');
		if (line == NULL)
			break;
		*line++ = '\0';
	}
	return count;
}

static bool
is_header(char *const *fields, size_t count, const char *const *names, size_t name_count)
{
	bool is_same = count == name_count;
	for (size_t i = 0; is_same && i < count; i++)
		is_same = text_equal_nocase(fields[i], names[i]);
	return is_same;
}

static enum status
read_header(struct tape *tape, struct error *err)
{
	char *line = NULL, *fields[FIELDS_MAX];
	do {
		READ(next_line(tape, &line, err));
		if (line != NULL && tape->line == 1 && text_has_prefix(line, "\xef\xbb\xbf"))
			line += 3;
		if (line != NULL && line[0] == '#' && tape->label[0] == '\0') {
			text_copy(tape->label, sizeof tape->label, line + 1 + strspn(line + 1, " #"));
			text_make_harmless(tape->label);
		}
	} while (line != NULL && (line[0] == '#' || line[0] == '\0'));
	if (line == NULL)
		return error_set(err, STATUS_INVALID, "%.200s is empty: it needs a header such as "
		                 "time,symbol,bid,ask", tape->name);

	size_t count = split(line, fields);
	tape->has_candles = is_header(fields, count, candle_header, ARRAY_LEN(candle_header));
	if (!tape->has_candles && !is_header(fields, count, quote_header, ARRAY_LEN(quote_header)))
		return bad_line(tape, "not the header of a tape, which is time,symbol,bid,ask or "
		                "time,symbol,open,high,low,close,volume", err);
	return STATUS_OK;
}

static enum status
read_price(const struct tape *tape, const char *name, const char *text, struct decimal *ret,
           int *places_so_far, struct error *err)
{
	if (decimal_parse(text, ret) != STATUS_OK)
		return bad_field(tape, name, text, "is not a number that fits", err);
	if (!decimal_is_positive(*ret))
		return bad_field(tape, name, text, "is not above zero", err);
	/* As written: 0.050000 says that prices have six places, whatever this one's value needs. */
	const char *point = strchr(text, '.');
	int places = point != NULL ? (int)strlen(point + 1) : 0;
	if (places > *places_so_far)
		*places_so_far = places < DECIMAL_PLACES ? places : DECIMAL_PLACES;
	return STATUS_OK;
}

static enum status
read_quote(const struct tape *tape, char *const *fields, struct tape_row *row, struct error *err)
{
	READ(read_price(tape, "bid", fields[2], &row->bid, &row->places, err));
	READ(read_price(tape, "ask", fields[3], &row->ask, &row->places, err));
	if (decimal_cmp(row->bid, row->ask) > 0)
		return bad_field(tape, "ask", fields[3], "is below the bid", err);
	return STATUS_OK;
}

static enum status
read_candle(const struct tape *tape, char *const *fields, struct tape_row *row, struct error *err)
{
	READ(read_price(tape, "open", fields[2], &row->open, &row->places, err));
	READ(read_price(tape, "high", fields[3], &row->high, &row->places, err));
	READ(read_price(tape, "low", fields[4], &row->low, &row->places, err));
	READ(read_price(tape, "close", fields[5], &row->close, &row->places, err));
	if (decimal_parse(fields[6], &row->volume) != STATUS_OK || decimal_is_negative(row->volume))
		return bad_field(tape, "volume", fields[6], "is not a volume", err);
	if (decimal_cmp(row->high, decimal_max(row->open, row->close)) < 0)
		return bad_field(tape, "high", fields[3], "is below the open or the close", err);
	if (decimal_cmp(row->low, decimal_min(row->open, row->close)) > 0)
		return bad_field(tape, "low", fields[4], "is above the open or the close", err);
	return STATUS_OK;
}

enum status
tape_next(struct tape *tape, struct tape_row *ret_row, bool *ret_has_row, struct error *err)
{
	char *line = NULL, *fields[FIELDS_MAX];
	do
		READ(next_line(tape, &line, err));
	while (line != NULL && line[0] == '\0');
	if (line == NULL) {
		*ret_has_row = false;
		return STATUS_OK;
	}

	struct tape_row row = { .line = tape->line };
	size_t count = split(line, fields);
	size_t wanted = tape->has_candles ? ARRAY_LEN(candle_header) : ARRAY_LEN(quote_header);
	if (count != wanted)
		return error_set(err, STATUS_INVALID, "%.200s:%lld: %zu fields where the header has %zu",
		                 tape->name, (long long)tape->line, count, wanted);
	if (clock_parse(fields[0], &row.time_ms) != STATUS_OK)
		return bad_field(tape, "time", fields[0], "is not UTC milliseconds or ISO 8601", err);
	if (row.time_ms < tape->last_time_ms)
		return bad_field(tape, "time", fields[0], "is before the row above", err);
	if (symbol_parse(fields[1], row.symbol, NULL) != STATUS_OK)
		return bad_field(tape, "symbol", fields[1], "is not a symbol", err);
	READ(tape->has_candles ? read_candle(tape, fields, &row, err)
	                       : read_quote(tape, fields, &row, err));
	tape->last_time_ms = row.time_ms;
	*ret_row = row;
	*ret_has_row = true;
	return STATUS_OK;
}

enum status
tape_rewind(struct tape *tape, struct error *err)
{
	if (lseek(tape->fd, 0, SEEK_SET) != 0)
		return error_set(err, STATUS_INVALID, "%.200s can't be read: %s", tape->name, strerror(errno));
	tape->start = tape->end = 0;
	tape->line = tape->last_time_ms = 0;
	tape->is_at_end = false;
	return read_header(tape, err);
}

enum status
tape_open_fd(int fd, const char *name, struct tape **ret_tape, struct error *err)
{
	struct stat about;
	struct tape *tape = calloc(1, sizeof *tape);
	char *own_name = strdup(name);
	enum status status = STATUS_OK;
	if (tape == NULL || own_name == NULL) {
		free(tape);
		free(own_name);
		close(fd);
		return error_set(err, STATUS_NO_MEMORY, "no memory for a tape");
	}
	tape->fd = fd;
	tape->name = own_name;
	if (fstat(fd, &about) != 0)
		status = error_set(err, STATUS_INVALID, "%.200s can't be read: %s", name, strerror(errno));
	else if (!S_ISREG(about.st_mode))
		status = error_set(err, STATUS_INVALID, "%.200s is not a file", name);
	if (status == STATUS_OK)
		status = read_header(tape, err);
	if (status != STATUS_OK) {
		tape_close(tape);
		return status;
	}
	*ret_tape = tape;
	return STATUS_OK;
}

enum status
tape_open(const char *path, struct tape **ret_tape, struct error *err)
{
	/* Not blocking: a named pipe in its place would hold the program until somebody writes. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return error_set(err, STATUS_INVALID, "the tape %.200s can't be opened: %s", path,
		                 strerror(errno));
	return tape_open_fd(fd, path, ret_tape, err);
}

void
tape_close(struct tape *tape)
{
	if (tape == NULL)
		return;
	close(tape->fd);
	free(tape->name);
	free(tape);
}

bool
tape_has_candles(const struct tape *tape)
{
	return tape->has_candles;
}

const char *
tape_label(const struct tape *tape)
{
	return tape->label;
}
