#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <string.h>
#include <sys/types.h>
#include <cmocka.h>

#include "base/random.h"

/* The linker sends these here (-Wl,--wrap=...), so that the kernel can be interrupted, slow or out
 * of order on demand. */
ssize_t __real_getrandom(void *buffer, size_t size, unsigned flags);
ssize_t __wrap_getrandom(void *buffer, size_t size, unsigned flags);
_Noreturn void __wrap_abort(void);

static enum { WELL, INTERRUPTED, IN_PIECES, BROKEN } kernel;
static int calls;
static jmp_buf aborted;

ssize_t
__wrap_getrandom(void *buffer, size_t size, unsigned flags)
{
	calls++;
	if (kernel == BROKEN) {
		errno = ENOSYS;
		return -1;
	}
	if (kernel == INTERRUPTED && calls == 1) {
		errno = EINTR;
		return -1;
	}
	if (kernel == IN_PIECES && size > 3)
		size = 3;
	return __real_getrandom(buffer, size, flags);
}

void
__wrap_abort(void)
{
	longjmp(aborted, 1);
}

static int
begin(void **state)
{
	(void)state;
	kernel = WELL;
	calls = 0;
	return 0;
}

/* Fills with 0xFF, so that every bit that stays fixed shows. */
static void
all_ones(void *context, void *buffer, size_t size)
{
	++*(int *)context;
	memset(buffer, 0xFF, size);
}

static void
all_zeros(void *context, void *buffer, size_t size)
{
	(void)context;
	memset(buffer, 0, size);
}

static void
fills_every_byte(void **state)
{
	unsigned char seen[64] = { 0 }, buffer[66];
	(void)state;
	for (int round = 0; round < 100; round++) {
		memset(buffer, 0, sizeof buffer);
		random_fill(NULL, buffer + 1, 64);
		for (int i = 0; i < 64; i++)
			seen[i] |= buffer[i + 1];
		assert_int_equal(buffer[0], 0);
		assert_int_equal(buffer[65], 0);
	}
	for (int i = 0; i < 64; i++)
		assert_int_not_equal(seen[i], 0);
}

static void
goes_on_after_an_interruption(void **state)
{
	unsigned char buffer[16] = { 0 }, zeros[16] = { 0 };
	(void)state;
	kernel = INTERRUPTED;
	random_fill(NULL, buffer, sizeof buffer);
	assert_int_equal(calls, 2);
	assert_memory_not_equal(buffer, zeros, sizeof zeros);
}

static void
takes_what_comes_in_pieces(void **state)
{
	unsigned char buffer[16];
	(void)state;
	kernel = IN_PIECES;
	random_fill(NULL, buffer, sizeof buffer);
	assert_int_equal(calls, 6);
	calls = 0;
	random_fill(NULL, buffer, 0);
	assert_int_equal(calls, 0);
}

static void
does_not_go_on_without_randomness(void **state)
{
	unsigned char buffer[16];
	volatile int reached = 0;
	(void)state;
	kernel = BROKEN;
	if (setjmp(aborted) == 0) {
		random_fill(NULL, buffer, sizeof buffer);
		reached = 1;
	}
	assert_int_equal(reached, 0);
}

static void
a_uuid_carries_time_version_and_variant(void **state)
{
	char text[UUID_TEXT_SIZE];
	int count = 0;
	(void)state;
	/* The time of RFC 9562's own example: 2022-02-22T19:22:22Z. */
	uuid7_make(INT64_C(0x017F22E279B0), all_ones, &count, text);
	assert_string_equal(text, "017f22e2-79b0-7fff-bfff-ffffffffffff");
	assert_int_equal(count, 1);
	uuid7_make(INT64_C(0x017F22E279B0), all_zeros, NULL, text);
	assert_string_equal(text, "017f22e2-79b0-7000-8000-000000000000");
	uuid7_make(0, all_zeros, NULL, text);
	assert_string_equal(text, "00000000-0000-7000-8000-000000000000");
}

static void
uuids_sort_as_they_were_made(void **state)
{
	char before[UUID_TEXT_SIZE], after[UUID_TEXT_SIZE];
	int count = 0;
	(void)state;
	for (int64_t ms = INT64_C(1769868131123); ms < INT64_C(1769868132123); ms++) {
		uuid7_make(ms, all_ones, &count, before);
		uuid7_make(ms + 1, all_zeros, NULL, after);
		assert_true(strcmp(before, after) < 0);
	}
}

static void
two_uuids_of_one_millisecond_differ(void **state)
{
	char a[UUID_TEXT_SIZE], b[UUID_TEXT_SIZE];
	(void)state;
	uuid7_make(INT64_C(1769868131123), random_fill, NULL, a);
	uuid7_make(INT64_C(1769868131123), random_fill, NULL, b);
	assert_int_equal(strlen(a), UUID_TEXT_SIZE - 1);
	assert_string_not_equal(a, b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(fills_every_byte, begin),
		cmocka_unit_test_setup(goes_on_after_an_interruption, begin),
		cmocka_unit_test_setup(takes_what_comes_in_pieces, begin),
		cmocka_unit_test_setup(does_not_go_on_without_randomness, begin),
		cmocka_unit_test_setup(a_uuid_carries_time_version_and_variant, begin),
		cmocka_unit_test_setup(uuids_sort_as_they_were_made, begin),
		cmocka_unit_test_setup(two_uuids_of_one_millisecond_differ, begin),
	};
	return cmocka_run_group_tests_name("base/random", tests, NULL, NULL);
}
