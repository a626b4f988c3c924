# Figures, each beside a baseline that is measured in the same run.  make bench; a longer one:
# make bench ROBSON_BENCH_SCALE=10.
bench_cppflags = $(AM_CPPFLAGS) -I$(top_srcdir)
bench_floors = tests/bench/floor_echo tests/bench/floor_screen tests/bench/floor_screen_linked \
	tests/bench/bare_curl
bench_programs = tests/bench/bench_screen tests/bench/bench_desk
EXTRA_PROGRAMS += $(bench_floors) $(bench_programs)
EXTRA_DIST += tests/bench/machine.sh tests/bench/bench_live.py
BENCHES += tests/bench/machine.sh $(bench_programs) tests/bench/bench_live.py
# Built with the benchmarks, not run by themselves.
bench: $(bench_floors) tests/exchange-standin/exchange-standin
CLEANFILES += $(bench_floors) $(bench_programs)

tests_bench_floor_echo_SOURCES = tests/bench/floor_echo.c
tests_bench_bare_curl_SOURCES = tests/bench/bare_curl.c
tests_bench_bare_curl_CPPFLAGS = $(AM_CPPFLAGS) $(CURL_CFLAGS)
tests_bench_bare_curl_LDADD = $(CURL_LIBS)
tests_bench_floor_screen_SOURCES = tests/bench/floor_screen.c
tests_bench_floor_screen_CFLAGS = $(AM_CFLAGS) $(NCURSES_CFLAGS)
tests_bench_floor_screen_LDADD = $(NCURSES_LIBS)
tests_bench_floor_screen_linked_SOURCES = tests/bench/floor_screen.c
tests_bench_floor_screen_linked_CFLAGS = $(AM_CFLAGS) $(NCURSES_CFLAGS)
tests_bench_floor_screen_linked_LDFLAGS = $(AM_LDFLAGS) -Wl,--no-as-needed
tests_bench_floor_screen_linked_LDADD = $(NCURSES_LIBS) $(SQLITE_LIBS) $(JANSSON_LIBS) \
	$(CRYPTO_LIBS) $(INIH_LIBS)

bench_tools = tests/bench/bench.c tests/bench/bench.h tests/bench/book.c
tests_bench_bench_screen_SOURCES = tests/bench/bench_screen.c $(bench_tools)
tests_bench_bench_screen_CPPFLAGS = $(bench_cppflags)
tests_bench_bench_screen_LDADD = src/store/libstore.a src/core/libcore.a src/base/libbase.a \
	$(SQLITE_LIBS) $(CRYPTO_LIBS)

tests_bench_bench_desk_SOURCES = tests/bench/bench_desk.c tests/bench/desk_bench.c \
	tests/bench/desk_bench.h $(bench_tools)
tests_bench_bench_desk_CPPFLAGS = $(bench_cppflags) $(SQLITE_CFLAGS)
tests_bench_bench_desk_LDADD = src/app/libapp.a src/exchange/libexchange.a src/feed/libfeed.a \
	src/http/libhttp.a src/store/libstore.a src/core/libcore.a src/base/libbase.a \
	$(SQLITE_LIBS) $(JANSSON_LIBS) $(CRYPTO_LIBS) $(INIH_LIBS)
