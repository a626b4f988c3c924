noinst_LIBRARIES += src/feed/libfeed.a
src_feed_libfeed_a_SOURCES = \
	src/feed/binance_codec.c src/feed/binance_codec.h \
	src/feed/rules_json.c src/feed/rules_json.h
src_feed_libfeed_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
