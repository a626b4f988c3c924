noinst_LIBRARIES += src/feed/libfeed.a
src_feed_libfeed_a_SOURCES = \
	src/feed/binance_answers.c src/feed/binance_state.h \
	src/feed/binance_codec.c src/feed/binance_codec.h \
	src/feed/binance_history.c src/feed/binance_history.h \
	src/feed/binance_pace.c src/feed/binance_pace.h \
	src/feed/binance_poll.c src/feed/binance_poll.h \
	src/feed/binance_symbols.c src/feed/binance_symbols.h \
	src/feed/replay.c src/feed/replay.h \
	src/feed/replay_play.c src/feed/replay_state.h \
	src/feed/replay_points.c src/feed/replay_points.h \
	src/feed/replay_source.c src/feed/replay_source.h \
	src/feed/replay_symbols.c src/feed/replay_symbols.h \
	src/feed/rules_json.c src/feed/rules_json.h \
	src/feed/tape.c src/feed/tape.h
src_feed_libfeed_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
