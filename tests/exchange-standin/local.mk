# The stand-in for the exchange (README.txt), and its own tests.
exchange_standin = tests/exchange-standin
check_PROGRAMS += tests/exchange-standin/exchange-standin
tests_exchange_standin_exchange_standin_SOURCES = \
	$(exchange_standin)/account.c $(exchange_standin)/auth.c $(exchange_standin)/call.h \
	$(exchange_standin)/control.c $(exchange_standin)/control_market.c \
	$(exchange_standin)/default_world.c $(exchange_standin)/dump.c $(exchange_standin)/engine.h \
	$(exchange_standin)/faults.c $(exchange_standin)/filters.c $(exchange_standin)/grow.h \
	$(exchange_standin)/http.c $(exchange_standin)/http.h $(exchange_standin)/klines.c \
	$(exchange_standin)/limits.c $(exchange_standin)/lists.c $(exchange_standin)/load.c \
	$(exchange_standin)/main.c $(exchange_standin)/match.c $(exchange_standin)/net.c \
	$(exchange_standin)/num.c $(exchange_standin)/num.h $(exchange_standin)/orders.c \
	$(exchange_standin)/params.c $(exchange_standin)/public.c $(exchange_standin)/report.c \
	$(exchange_standin)/router.c $(exchange_standin)/rules.c $(exchange_standin)/server.h \
	$(exchange_standin)/tls.c $(exchange_standin)/trade.c $(exchange_standin)/trade_lists.c \
	$(exchange_standin)/world.c
tests_exchange_standin_exchange_standin_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(CRYPTO_CFLAGS)
tests_exchange_standin_exchange_standin_LDADD = $(JANSSON_LIBS) -lssl $(CRYPTO_LIBS)

exchange_standin_tests = \
	$(exchange_standin)/test_public.py $(exchange_standin)/test_signed.py
TESTS += $(exchange_standin_tests)
EXTRA_DIST += $(exchange_standin_tests) $(exchange_standin)/README.txt $(exchange_standin)/standin.py
