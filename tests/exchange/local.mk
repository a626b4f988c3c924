if HAVE_CMOCKA
# What stands in for an exchange and a feed in tests of other rooms: link tests/fakes/libfakes.a.
check_LIBRARIES += tests/fakes/libfakes.a
tests_fakes_libfakes_a_SOURCES = \
	tests/fakes/fake_feed.c tests/fakes/fake_feed.h \
	tests/fakes/fake_live.c tests/fakes/fake_live.h \
	tests/fakes/faulty_exchange.c tests/fakes/faulty_exchange.h
tests_fakes_libfakes_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)

exchange_tests = \
	tests/exchange/test_binance_faults \
	tests/exchange/test_binance_parts \
	tests/exchange/test_contract_binance \
	tests/exchange/test_contract_faulty \
	tests/exchange/test_contract_paper \
	tests/exchange/test_fake_feed \
	tests/exchange/test_faulty_exchange \
	tests/exchange/test_keys \
	tests/exchange/test_paper
check_PROGRAMS += $(exchange_tests)
TESTS += $(exchange_tests)

exchange_test_cppflags = $(AM_CPPFLAGS) -I$(top_srcdir)
exchange_test_cflags = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
exchange_test_ldadd = tests/fakes/libfakes.a src/exchange/libexchange.a src/core/libcore.a src/base/libbase.a $(CMOCKA_LIBS)
exchange_test_tools = \
	tests/exchange/contract.c tests/exchange/contract.h \
	tests/exchange/paper_bench.c tests/exchange/paper_bench.h \
	tests/exchange/recorder.c tests/exchange/recorder.h

# With real sockets, and the stand-in as a process.
binance_test_ldadd = src/exchange/libexchange.a src/http/libhttp.a src/core/libcore.a src/base/libbase.a \
	$(CMOCKA_LIBS) $(JANSSON_LIBS) $(CRYPTO_LIBS)
binance_test_tools = tests/exchange/binance_bench.c tests/exchange/binance_bench.h \
	tests/exchange/recorder.c tests/exchange/recorder.h
tests_exchange_test_contract_binance_SOURCES = tests/exchange/test_contract_binance.c \
	tests/exchange/contract.c tests/exchange/contract.h $(binance_test_tools)
tests_exchange_test_contract_binance_CPPFLAGS = $(exchange_test_cppflags)
tests_exchange_test_contract_binance_CFLAGS = $(exchange_test_cflags) $(JANSSON_CFLAGS)
tests_exchange_test_contract_binance_LDADD = $(binance_test_ldadd)

tests_exchange_test_binance_faults_SOURCES = tests/exchange/test_binance_faults.c $(binance_test_tools)
tests_exchange_test_binance_faults_CPPFLAGS = $(exchange_test_cppflags)
tests_exchange_test_binance_faults_CFLAGS = $(exchange_test_cflags) $(JANSSON_CFLAGS)
tests_exchange_test_binance_faults_LDADD = $(binance_test_ldadd)

tests_exchange_test_binance_parts_SOURCES = tests/exchange/test_binance_parts.c \
	tests/exchange/recorder.c tests/exchange/recorder.h
tests_exchange_test_binance_parts_CPPFLAGS = $(exchange_test_cppflags)
tests_exchange_test_binance_parts_CFLAGS = $(exchange_test_cflags) $(JANSSON_CFLAGS)
tests_exchange_test_binance_parts_LDADD = $(binance_test_ldadd)

tests_exchange_test_contract_faulty_SOURCES = tests/exchange/test_contract_paper.c $(exchange_test_tools)
tests_exchange_test_contract_faulty_CPPFLAGS = $(exchange_test_cppflags) -DDECORATED
tests_exchange_test_contract_faulty_CFLAGS = $(exchange_test_cflags)
tests_exchange_test_contract_faulty_LDADD = $(exchange_test_ldadd)

tests_exchange_test_contract_paper_SOURCES = tests/exchange/test_contract_paper.c $(exchange_test_tools)
tests_exchange_test_contract_paper_CPPFLAGS = $(exchange_test_cppflags)
tests_exchange_test_contract_paper_CFLAGS = $(exchange_test_cflags)
tests_exchange_test_contract_paper_LDADD = $(exchange_test_ldadd)

tests_exchange_test_fake_feed_SOURCES = tests/exchange/test_fake_feed.c
tests_exchange_test_fake_feed_CPPFLAGS = $(exchange_test_cppflags)
tests_exchange_test_fake_feed_CFLAGS = $(exchange_test_cflags)
tests_exchange_test_fake_feed_LDADD = $(exchange_test_ldadd)

tests_exchange_test_faulty_exchange_SOURCES = tests/exchange/test_faulty_exchange.c $(exchange_test_tools)
tests_exchange_test_faulty_exchange_CPPFLAGS = $(exchange_test_cppflags)
tests_exchange_test_faulty_exchange_CFLAGS = $(exchange_test_cflags)
tests_exchange_test_faulty_exchange_LDADD = $(exchange_test_ldadd)

tests_exchange_test_paper_SOURCES = tests/exchange/test_paper.c $(exchange_test_tools)
tests_exchange_test_paper_CPPFLAGS = $(exchange_test_cppflags)
tests_exchange_test_paper_CFLAGS = $(exchange_test_cflags)
tests_exchange_test_paper_LDADD = $(exchange_test_ldadd)

tests_exchange_test_keys_SOURCES = tests/exchange/test_keys.c tests/app/folder.c tests/app/folder.h
tests_exchange_test_keys_CPPFLAGS = $(exchange_test_cppflags)
tests_exchange_test_keys_CFLAGS = $(exchange_test_cflags)
tests_exchange_test_keys_LDADD = src/exchange/libexchange.a src/http/libhttp.a src/core/libcore.a \
	src/base/libbase.a $(CMOCKA_LIBS) $(CRYPTO_LIBS)
endif
