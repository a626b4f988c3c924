if HAVE_CMOCKA
exchange_tests = tests/exchange/test_contract_paper tests/exchange/test_paper
check_PROGRAMS += $(exchange_tests)
TESTS += $(exchange_tests)

exchange_test_cppflags = $(AM_CPPFLAGS) -I$(top_srcdir)
exchange_test_cflags = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
exchange_test_ldadd = src/exchange/libexchange.a src/core/libcore.a src/base/libbase.a $(CMOCKA_LIBS)
exchange_test_tools = \
	tests/exchange/contract.c tests/exchange/contract.h \
	tests/exchange/paper_bench.c tests/exchange/paper_bench.h \
	tests/exchange/recorder.c tests/exchange/recorder.h

tests_exchange_test_contract_paper_SOURCES = tests/exchange/test_contract_paper.c $(exchange_test_tools)
tests_exchange_test_contract_paper_CPPFLAGS = $(exchange_test_cppflags)
tests_exchange_test_contract_paper_CFLAGS = $(exchange_test_cflags)
tests_exchange_test_contract_paper_LDADD = $(exchange_test_ldadd)

tests_exchange_test_paper_SOURCES = tests/exchange/test_paper.c $(exchange_test_tools)
tests_exchange_test_paper_CPPFLAGS = $(exchange_test_cppflags)
tests_exchange_test_paper_CFLAGS = $(exchange_test_cflags)
tests_exchange_test_paper_LDADD = $(exchange_test_ldadd)
endif
