if HAVE_CMOCKA
check_PROGRAMS += tests/http/test_http tests/http/test_json tests/http/test_sending
TESTS += tests/http/test_http tests/http/test_json tests/http/test_sending
http_test_tools = \
	tests/http/asking.c tests/http/asking.h tests/standin/standin.c tests/standin/standin.h
tests_http_test_http_SOURCES = tests/http/test_http.c $(http_test_tools)
tests_http_test_http_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) -I$(top_srcdir)/tests
tests_http_test_http_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
# libcurl is loaded by the program and must find the test's own getaddrinfo.
tests_http_test_http_LDFLAGS = $(AM_LDFLAGS) -rdynamic
tests_http_test_http_LDADD = src/http/libhttp.a src/core/libcore.a src/base/libbase.a \
	$(CMOCKA_LIBS) $(JANSSON_LIBS)

tests_http_test_sending_SOURCES = tests/http/test_sending.c $(http_test_tools)
tests_http_test_sending_CPPFLAGS = $(tests_http_test_http_CPPFLAGS)
tests_http_test_sending_CFLAGS = $(tests_http_test_http_CFLAGS)
tests_http_test_sending_LDFLAGS = $(AM_LDFLAGS)
tests_http_test_sending_LDADD = $(tests_http_test_http_LDADD)

tests_http_test_json_SOURCES = tests/http/test_json.c
tests_http_test_json_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
tests_http_test_json_LDADD = src/http/libhttp.a src/core/libcore.a src/base/libbase.a \
	$(CMOCKA_LIBS) $(JANSSON_LIBS)
endif
EXTRA_DIST += tests/standin/standin.py
