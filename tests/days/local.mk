# Whole trading days on tapes, and what the exported fills say of them.
check_PROGRAMS += tests/days/day
tests_days_day_SOURCES = tests/days/day.c
tests_days_day_LDADD = src/app/libapp.a \
	src/exchange/libexchange.a src/feed/libfeed.a src/http/libhttp.a src/store/libstore.a \
	src/core/libcore.a src/base/libbase.a \
	$(SQLITE_LIBS) $(JANSSON_LIBS) $(CRYPTO_LIBS) $(INIH_LIBS)
TESTS += tests/days/test_demo_day.py tests/days/test_market_days.py
EXTRA_DIST += tests/days/days.py tests/days/reckon.py tests/days/script.py tests/days/tapes.py \
	tests/days/triggers.py tests/days/test_demo_day.py tests/days/test_market_days.py
