#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/wait.h"

static void
waits_for_nothing_at_first(void **state)
{
	struct wait wait;
	(void)state;
	memset(&wait, 0xFF, sizeof wait);
	wait_init(&wait);
	assert_int_equal(wait.max_fd, -1);
	assert_true(wait.deadline_mono_us == INT64_MAX);
	for (int fd = -1; fd <= FD_SETSIZE; fd++) {
		assert_false(wait_can_read(&wait, fd));
		assert_false(wait_can_write(&wait, fd));
	}
}

static void
remembers_descriptors_and_the_highest_of_them(void **state)
{
	struct wait wait;
	(void)state;
	wait_init(&wait);
	assert_true(wait_read(&wait, 7));
	assert_true(wait_write(&wait, 3));
	assert_int_equal(wait.max_fd, 7);
	assert_true(wait_write(&wait, FD_SETSIZE - 1));
	assert_int_equal(wait.max_fd, FD_SETSIZE - 1);
	assert_true(wait_can_read(&wait, 7));
	assert_false(wait_can_write(&wait, 7));
	assert_true(wait_can_write(&wait, 3));
	assert_false(wait_can_read(&wait, 3));
	assert_true(wait_can_write(&wait, FD_SETSIZE - 1));
	assert_false(FD_ISSET(7, &wait.except));
}

static void
refuses_descriptors_that_a_set_cannot_hold(void **state)
{
	struct wait wait;
	(void)state;
	wait_init(&wait);
	assert_false(wait_read(&wait, -1));
	assert_false(wait_write(&wait, -1));
	assert_false(wait_read(&wait, FD_SETSIZE));
	assert_false(wait_write(&wait, FD_SETSIZE));
	assert_int_equal(wait.max_fd, -1);
}

static void
keeps_the_earliest_deadline(void **state)
{
	struct wait wait;
	(void)state;
	wait_init(&wait);
	wait_until(&wait, 500);
	wait_until(&wait, 900);
	assert_int_equal(wait.deadline_mono_us, 500);
	wait_until(&wait, -3);
	assert_int_equal(wait.deadline_mono_us, -3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waits_for_nothing_at_first),
		cmocka_unit_test(remembers_descriptors_and_the_highest_of_them),
		cmocka_unit_test(refuses_descriptors_that_a_set_cannot_hold),
		cmocka_unit_test(keeps_the_earliest_deadline),
	};
	return cmocka_run_group_tests_name("base/wait", tests, NULL, NULL);
}
