# The stand-in for the exchange (README.txt), and its own tests.
check_PROGRAMS += tests/exchange-standin/exchange-standin
tests_exchange_standin_exchange_standin_SOURCES = \
	%D%/account.c %D%/auth.c %D%/call.h \
	%D%/control.c %D%/control_market.c \
	%D%/default_world.c %D%/dump.c %D%/engine.h \
	%D%/faults.c %D%/filters.c %D%/grow.h \
	%D%/http.c %D%/http.h %D%/klines.c \
	%D%/limits.c %D%/lists.c %D%/load.c \
	%D%/main.c %D%/match.c %D%/net.c \
	%D%/num.c %D%/num.h %D%/orders.c \
	%D%/params.c %D%/public.c %D%/report.c \
	%D%/router.c %D%/rules.c %D%/server.h \
	%D%/tls.c %D%/trade.c %D%/trade_lists.c \
	%D%/world.c
tests_exchange_standin_exchange_standin_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(CRYPTO_CFLAGS)
tests_exchange_standin_exchange_standin_LDADD = $(JANSSON_LIBS) -lssl $(CRYPTO_LIBS)

exchange_standin_tests = \
	%D%/test_public.py %D%/test_signed.py \
	%D%/test_filters.py %D%/test_orders.py %D%/test_lists.py %D%/test_faults.py \
	%D%/test_clients.py
TESTS += $(exchange_standin_tests)
EXTRA_DIST += $(exchange_standin_tests) %D%/README.txt %D%/standin.py \
	%D%/clients.mjs
