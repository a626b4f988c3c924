if HAVE_CMOCKA
app_tests = \
	tests/app/test_lease \
	tests/app/test_logfile \
	tests/app/test_notify \
	tests/app/test_settings \
	tests/app/test_wake
check_PROGRAMS += $(app_tests)
TESTS += $(app_tests)

app_test_cppflags = $(AM_CPPFLAGS) -I$(top_srcdir)
app_test_cflags = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
app_test_ldadd = src/app/libapp.a src/core/libcore.a src/base/libbase.a $(INIH_LIBS) $(CMOCKA_LIBS)
app_test_tools = tests/app/folder.c tests/app/folder.h

tests_app_test_lease_SOURCES = tests/app/test_lease.c $(app_test_tools)
tests_app_test_lease_CPPFLAGS = $(app_test_cppflags)
tests_app_test_lease_CFLAGS = $(app_test_cflags)
tests_app_test_lease_LDADD = $(app_test_ldadd)
tests_app_test_lease_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=flock

tests_app_test_logfile_SOURCES = tests/app/test_logfile.c $(app_test_tools)
tests_app_test_logfile_CPPFLAGS = $(app_test_cppflags)
tests_app_test_logfile_CFLAGS = $(app_test_cflags)
tests_app_test_logfile_LDADD = $(app_test_ldadd)
tests_app_test_logfile_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=flock

tests_app_test_notify_SOURCES = tests/app/test_notify.c $(app_test_tools)
tests_app_test_notify_CPPFLAGS = $(app_test_cppflags)
tests_app_test_notify_CFLAGS = $(app_test_cflags)
tests_app_test_notify_LDADD = $(app_test_ldadd)

tests_app_test_settings_SOURCES = tests/app/test_settings.c $(app_test_tools)
tests_app_test_settings_CPPFLAGS = $(app_test_cppflags)
tests_app_test_settings_CFLAGS = $(app_test_cflags)
tests_app_test_settings_LDADD = $(app_test_ldadd)

tests_app_test_wake_SOURCES = tests/app/test_wake.c $(app_test_tools)
tests_app_test_wake_CPPFLAGS = $(app_test_cppflags)
tests_app_test_wake_CFLAGS = $(app_test_cflags)
tests_app_test_wake_LDADD = $(app_test_ldadd)

include tests/app/desk.mk
endif
