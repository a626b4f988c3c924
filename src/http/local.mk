noinst_LIBRARIES += src/http/libhttp.a
src_http_libhttp_a_SOURCES = \
	src/http/allowance.c src/http/allowance.h \
	src/http/answer.c \
	src/http/curl_api.c src/http/curl_api.h \
	src/http/http.c src/http/http.h \
	src/http/json.c src/http/json.h \
	src/http/sending.c src/http/state.h \
	src/http/url.c
# Only libcurl's headers: the library itself is loaded at the first request.
src_http_libhttp_a_CPPFLAGS = $(AM_CPPFLAGS) $(CURL_CFLAGS) $(JANSSON_CFLAGS)
