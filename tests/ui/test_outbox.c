/* Purpose: bytes on their way out: repeats are written out, a full descriptor is waited for. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include "base/status.h"
#include "ui/outbox.h"

static void
repeats_are_written_out(void **state)
{
	(void)state;
	static const struct { const char *frame, *bytes; } cases[] = {
		{ "plain", "plain" },
		{ "-\033[3bx", "----x" },
		{ "é\033[2b", "ééé" },
		{ "\033[1;3H-\033[2b\033[1m", "\033[1;3H---\033[1m" },
		{ "x\033[b", "x\033[b" },
		{ "x\033[12", "x\033[12" },
		{ "", "" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct outbox box = { 0 };
		assert_true(outbox_append_frame(&box, cases[i].frame, strlen(cases[i].frame)));
		assert_int_equal(box.len, strlen(cases[i].bytes));
		assert_memory_equal(box.data != NULL ? box.data : "", cases[i].bytes, box.len);
		outbox_done(&box);
	}
}

static void
what_a_descriptor_does_not_take_waits(void **state)
{
	(void)state;
	int ends[2];
	char chunk[1000], seen[4096];
	struct outbox box = { 0 };
	uint64_t sent = 0, total = 0, got_total = 0;
	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	memset(chunk, 'x', sizeof chunk);
	for (int i = 0; i < 300; i++)
		assert_true(outbox_append(&box, chunk, sizeof chunk));
	total = 300 * sizeof chunk;
	assert_int_equal(outbox_send(&box, ends[1], &sent), OUTBOX_WAITING);
	assert_true(sent > 0 && sent < total);
	for (;;) {
		ssize_t got = read(ends[0], seen, sizeof seen);
		if (got > 0)
			got_total += (uint64_t)got;
		else if (outbox_send(&box, ends[1], &sent) == OUTBOX_EMPTY)
			break;
	}
	for (ssize_t got; (got = read(ends[0], seen, sizeof seen)) > 0; )
		got_total += (uint64_t)got;
	assert_int_equal(sent, total);
	assert_int_equal(got_total, total);
	assert_int_equal(box.capacity, 0);            /* a huge frame does not keep its memory */
	close(ends[0]);
	assert_true(outbox_append(&box, "x", 1));
	assert_int_equal(outbox_send(&box, ends[1], &sent), OUTBOX_BROKEN);
	close(ends[1]);
	outbox_done(&box);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(repeats_are_written_out),
		cmocka_unit_test(what_a_descriptor_does_not_take_waits),
	};
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
