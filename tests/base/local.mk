if HAVE_CMOCKA
base_tests = \
	tests/base/test_clock \
	tests/base/test_error \
	tests/base/test_json_out \
	tests/base/test_random \
	tests/base/test_status \
	tests/base/test_text \
	tests/base/test_wait
check_PROGRAMS += $(base_tests)
TESTS += $(base_tests)

base_test_cppflags = $(AM_CPPFLAGS)
base_test_cflags = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
base_test_ldadd = src/base/libbase.a $(CMOCKA_LIBS)

tests_base_test_clock_SOURCES = tests/base/test_clock.c
tests_base_test_clock_CPPFLAGS = $(base_test_cppflags)
tests_base_test_clock_CFLAGS = $(base_test_cflags)
tests_base_test_clock_LDADD = $(base_test_ldadd)

tests_base_test_error_SOURCES = tests/base/test_error.c
tests_base_test_error_CPPFLAGS = $(base_test_cppflags)
tests_base_test_error_CFLAGS = $(base_test_cflags)
tests_base_test_error_LDADD = $(base_test_ldadd)

tests_base_test_json_out_SOURCES = tests/base/test_json_out.c
tests_base_test_json_out_CPPFLAGS = $(base_test_cppflags)
tests_base_test_json_out_CFLAGS = $(base_test_cflags)
tests_base_test_json_out_LDADD = $(base_test_ldadd)

tests_base_test_random_SOURCES = tests/base/test_random.c
tests_base_test_random_CPPFLAGS = $(base_test_cppflags)
tests_base_test_random_CFLAGS = $(base_test_cflags)
tests_base_test_random_LDADD = $(base_test_ldadd)
tests_base_test_random_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=getrandom,--wrap=abort

tests_base_test_status_SOURCES = tests/base/test_status.c
tests_base_test_status_CPPFLAGS = $(base_test_cppflags)
tests_base_test_status_CFLAGS = $(base_test_cflags)
tests_base_test_status_LDADD = $(base_test_ldadd)

tests_base_test_text_SOURCES = tests/base/test_text.c
tests_base_test_text_CPPFLAGS = $(base_test_cppflags)
tests_base_test_text_CFLAGS = $(base_test_cflags)
tests_base_test_text_LDADD = $(base_test_ldadd)
tests_base_test_text_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=realloc

tests_base_test_wait_SOURCES = tests/base/test_wait.c
tests_base_test_wait_CPPFLAGS = $(base_test_cppflags)
tests_base_test_wait_CFLAGS = $(base_test_cflags)
tests_base_test_wait_LDADD = $(base_test_ldadd)
endif
