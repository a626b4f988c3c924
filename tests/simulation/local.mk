# The deterministic simulation: the program's own rooms, and the stand-in's engine without its sockets.
# What is listed here replaces the libraries' objects: clocks, randomness and http.
check_PROGRAMS += tests/simulation/simulate
tests_simulation_simulate_SOURCES = \
	%D%/simulate.c \
	%D%/chance.c %D%/death.c %D%/disk.c %D%/disk.h %D%/network.c %D%/network.h \
	%D%/oracle.c %D%/oracle.h %D%/seat.c %D%/seat.h %D%/sim.h %D%/time.c %D%/trace.c \
	%D%/trader.c %D%/trader.h %D%/venue.h %D%/world.c %D%/world.h
tests_simulation_simulate_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_simulation_simulate_LDADD = tests/simulation/venue_alone.o src/app/libapp.a src/feed/libfeed.a \
	src/exchange/libexchange.a src/http/libhttp.a src/store/libstore.a src/core/libcore.a src/base/libbase.a \
	$(SQLITE_LIBS) $(JANSSON_LIBS) $(CRYPTO_LIBS) $(INIH_LIBS) -ldl

# The stand-in and the program have names in common: of the stand-in only venue.h is seen from outside.
OBJCOPY = objcopy
tests/simulation/venue_alone.o: tests/simulation/libvenue.a
	$(AM_V_GEN)$(CC) -nostdlib -r -o $@.tmp -Wl,--whole-archive tests/simulation/libvenue.a -Wl,--no-whole-archive && \
	$(OBJCOPY) -w --keep-global-symbol='venue_*' $@.tmp $@ && rm -f $@.tmp
CLEANFILES += tests/simulation/venue_alone.o
check_LIBRARIES += tests/simulation/libvenue.a
tests_simulation_libvenue_a_SOURCES = %D%/venue.c %D%/venue.h \
	tests/exchange-standin/account.c tests/exchange-standin/auth.c \
	tests/exchange-standin/control.c tests/exchange-standin/control_market.c \
	tests/exchange-standin/default_world.c \
	tests/exchange-standin/dump.c tests/exchange-standin/faults.c \
	tests/exchange-standin/filters.c \
	tests/exchange-standin/klines.c tests/exchange-standin/limits.c tests/exchange-standin/lists.c tests/exchange-standin/load.c \
	tests/exchange-standin/match.c \
	tests/exchange-standin/num.c tests/exchange-standin/orders.c \
	tests/exchange-standin/params.c tests/exchange-standin/public.c tests/exchange-standin/report.c \
	tests/exchange-standin/router.c tests/exchange-standin/rules.c \
	tests/exchange-standin/trade.c tests/exchange-standin/trade_lists.c tests/exchange-standin/world.c
tests_simulation_libvenue_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) $(JANSSON_CFLAGS) $(CRYPTO_CFLAGS)

TESTS += tests/simulation/test_simulation.sh
TORTURES += tests/simulation/torture_simulation.sh
EXTRA_DIST += tests/simulation/test_simulation.sh tests/simulation/torture_simulation.sh tests/simulation/README.txt
torture: tests/simulation/simulate
