# The desk's tests: one program a subject, on the world of world.h.
check_LIBRARIES += tests/app/libworld.a
desk_test_cppflags = $(AM_CPPFLAGS) -I$(top_srcdir) $(SQLITE_CFLAGS)
desk_test_cflags = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
# The clocks of the machine, randomness and transactions are the test's.
desk_test_ldflags = -Wl,--wrap=clock_wall_ms,--wrap=clock_mono_ms,--wrap=clock_mono_us \
	-Wl,--wrap=random_fill,--wrap=store_begin,--wrap=store_commit
desk_test_ldadd = tests/app/libworld.a tests/fakes/libfakes.a src/app/libapp.a \
	src/exchange/libexchange.a src/store/libstore.a src/core/libcore.a src/base/libbase.a \
	$(SQLITE_LIBS) $(CRYPTO_LIBS) $(INIH_LIBS) $(CMOCKA_LIBS)

tests_app_libworld_a_SOURCES = tests/app/world.c tests/app/world.h tests/app/world_check.c \
	tests/app/steps.c tests/app/steps.h tests/app/live.c tests/app/live.h
tests_app_libworld_a_CPPFLAGS = $(desk_test_cppflags)
tests_app_libworld_a_CFLAGS = $(desk_test_cflags)

desk_tests = \
	tests/app/desk_execution \
	tests/app/desk_monitor \
	tests/app/desk_planning \
	tests/app/desk_outcomes \
	tests/app/desk_crash \
	tests/app/desk_levels \
	tests/app/desk_live \
	tests/app/desk_live_crash \
	tests/app/desk_live_protection \
	tests/app/desk_live_unknown \
	tests/app/desk_reconcile \
	tests/app/desk_recovery \
	tests/app/desk_busy \
	tests/app/desk_property \
	tests/app/desk_lessons \
	tests/app/desk_views
check_PROGRAMS += $(desk_tests)
TESTS += $(desk_tests)

tests_app_desk_execution_SOURCES = tests/app/desk_execution.c
tests_app_desk_execution_CPPFLAGS = $(desk_test_cppflags)
tests_app_desk_execution_CFLAGS = $(desk_test_cflags)
tests_app_desk_execution_LDFLAGS = $(desk_test_ldflags)
tests_app_desk_execution_LDADD = $(desk_test_ldadd)

tests_app_desk_monitor_SOURCES = tests/app/desk_monitor.c
tests_app_desk_monitor_CPPFLAGS = $(desk_test_cppflags)
tests_app_desk_monitor_CFLAGS = $(desk_test_cflags)
tests_app_desk_monitor_LDFLAGS = $(desk_test_ldflags)
tests_app_desk_monitor_LDADD = $(desk_test_ldadd)

tests_app_desk_planning_SOURCES = tests/app/desk_planning.c
tests_app_desk_planning_CPPFLAGS = $(desk_test_cppflags)
tests_app_desk_planning_CFLAGS = $(desk_test_cflags)
tests_app_desk_planning_LDFLAGS = $(desk_test_ldflags)
tests_app_desk_planning_LDADD = $(desk_test_ldadd)

tests_app_desk_outcomes_SOURCES = tests/app/desk_outcomes.c
tests_app_desk_outcomes_CPPFLAGS = $(desk_test_cppflags)
tests_app_desk_outcomes_CFLAGS = $(desk_test_cflags)
tests_app_desk_outcomes_LDFLAGS = $(desk_test_ldflags)
tests_app_desk_outcomes_LDADD = $(desk_test_ldadd)

tests_app_desk_crash_SOURCES = tests/app/desk_crash.c
tests_app_desk_crash_CPPFLAGS = $(desk_test_cppflags)
tests_app_desk_crash_CFLAGS = $(desk_test_cflags)
tests_app_desk_crash_LDFLAGS = $(desk_test_ldflags)
tests_app_desk_crash_LDADD = $(desk_test_ldadd)

tests_app_desk_levels_SOURCES = tests/app/desk_levels.c
tests_app_desk_levels_CPPFLAGS = $(desk_test_cppflags)
tests_app_desk_levels_CFLAGS = $(desk_test_cflags)
tests_app_desk_levels_LDFLAGS = $(desk_test_ldflags)
tests_app_desk_levels_LDADD = $(desk_test_ldadd)

tests_app_desk_recovery_SOURCES = tests/app/desk_recovery.c
tests_app_desk_recovery_CPPFLAGS = $(desk_test_cppflags)
tests_app_desk_recovery_CFLAGS = $(desk_test_cflags)
tests_app_desk_recovery_LDFLAGS = $(desk_test_ldflags)
tests_app_desk_recovery_LDADD = $(desk_test_ldadd)

tests_app_desk_busy_SOURCES = tests/app/desk_busy.c
tests_app_desk_busy_CPPFLAGS = $(desk_test_cppflags)
tests_app_desk_busy_CFLAGS = $(desk_test_cflags)
tests_app_desk_busy_LDFLAGS = $(desk_test_ldflags)
tests_app_desk_busy_LDADD = $(desk_test_ldadd)

tests_app_desk_property_SOURCES = tests/app/desk_property.c
tests_app_desk_property_CPPFLAGS = $(desk_test_cppflags)
tests_app_desk_property_CFLAGS = $(desk_test_cflags)
tests_app_desk_property_LDFLAGS = $(desk_test_ldflags)
tests_app_desk_property_LDADD = $(desk_test_ldadd)

tests_app_desk_lessons_SOURCES = tests/app/desk_lessons.c
tests_app_desk_lessons_CPPFLAGS = $(desk_test_cppflags)
tests_app_desk_lessons_CFLAGS = $(desk_test_cflags)
tests_app_desk_lessons_LDFLAGS = $(desk_test_ldflags)
tests_app_desk_lessons_LDADD = $(desk_test_ldadd)

tests_app_desk_views_SOURCES = tests/app/desk_views.c
tests_app_desk_views_CPPFLAGS = $(desk_test_cppflags)
tests_app_desk_views_CFLAGS = $(desk_test_cflags)
tests_app_desk_views_LDFLAGS = $(desk_test_ldflags)
tests_app_desk_views_LDADD = $(desk_test_ldadd)

tests_app_desk_reconcile_SOURCES = tests/app/desk_reconcile.c
tests_app_desk_reconcile_CPPFLAGS = $(desk_test_cppflags)
tests_app_desk_reconcile_CFLAGS = $(desk_test_cflags)
tests_app_desk_reconcile_LDFLAGS = $(desk_test_ldflags)
tests_app_desk_reconcile_LDADD = $(desk_test_ldadd)

tests_app_desk_live_SOURCES = tests/app/desk_live.c
tests_app_desk_live_CPPFLAGS = $(desk_test_cppflags)
tests_app_desk_live_CFLAGS = $(desk_test_cflags)
tests_app_desk_live_LDFLAGS = $(desk_test_ldflags)
tests_app_desk_live_LDADD = $(desk_test_ldadd)

tests_app_desk_live_crash_SOURCES = tests/app/desk_live_crash.c
tests_app_desk_live_crash_CPPFLAGS = $(desk_test_cppflags)
tests_app_desk_live_crash_CFLAGS = $(desk_test_cflags)
tests_app_desk_live_crash_LDFLAGS = $(desk_test_ldflags)
tests_app_desk_live_crash_LDADD = $(desk_test_ldadd)

tests_app_desk_live_protection_SOURCES = tests/app/desk_live_protection.c
tests_app_desk_live_protection_CPPFLAGS = $(desk_test_cppflags)
tests_app_desk_live_protection_CFLAGS = $(desk_test_cflags)
tests_app_desk_live_protection_LDFLAGS = $(desk_test_ldflags)
tests_app_desk_live_protection_LDADD = $(desk_test_ldadd)

tests_app_desk_live_unknown_SOURCES = tests/app/desk_live_unknown.c
tests_app_desk_live_unknown_CPPFLAGS = $(desk_test_cppflags)
tests_app_desk_live_unknown_CFLAGS = $(desk_test_cflags)
tests_app_desk_live_unknown_LDFLAGS = $(desk_test_ldflags)
tests_app_desk_live_unknown_LDADD = $(desk_test_ldadd)
