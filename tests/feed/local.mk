TESTS += tests/feed/test_demo_tape.sh
EXTRA_DIST += tests/feed/test_demo_tape.sh
if HAVE_CMOCKA
feed_test_libs = src/feed/libfeed.a src/http/libhttp.a src/core/libcore.a src/base/libbase.a \
	$(CMOCKA_LIBS) $(JANSSON_LIBS)

check_PROGRAMS += tests/feed/test_tape tests/feed/test_replay tests/feed/test_binance_poll \
	tests/feed/test_rules_json tests/feed/test_binance_parts
TESTS += tests/feed/test_tape tests/feed/test_replay tests/feed/test_binance_poll \
	tests/feed/test_rules_json tests/feed/test_binance_parts

tests_feed_test_tape_SOURCES = tests/feed/test_tape.c
tests_feed_test_tape_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_feed_test_tape_LDADD = $(feed_test_libs)

tests_feed_test_replay_SOURCES = tests/feed/test_replay.c tests/feed/ear.c tests/feed/ear.h
tests_feed_test_replay_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/feed
tests_feed_test_replay_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_feed_test_replay_LDADD = $(feed_test_libs)

tests_feed_test_binance_poll_SOURCES = tests/feed/test_binance_poll.c tests/feed/ear.c \
	tests/feed/ear.h tests/standin/standin.c tests/standin/standin.h
tests_feed_test_binance_poll_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/feed \
	-I$(top_srcdir)/tests
tests_feed_test_binance_poll_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
tests_feed_test_binance_poll_LDADD = $(feed_test_libs)

tests_feed_test_rules_json_SOURCES = tests/feed/test_rules_json.c
tests_feed_test_rules_json_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
tests_feed_test_rules_json_LDADD = $(feed_test_libs)

tests_feed_test_binance_parts_SOURCES = tests/feed/test_binance_parts.c
tests_feed_test_binance_parts_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_feed_test_binance_parts_LDADD = $(feed_test_libs)
endif
