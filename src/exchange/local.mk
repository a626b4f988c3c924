noinst_LIBRARIES += src/exchange/libexchange.a
src_exchange_libexchange_a_SOURCES =
src_exchange_libexchange_a_SOURCES += \
	src/exchange/binance/keys.c src/exchange/binance/keys.h \
	src/exchange/binance/keys_file.c src/exchange/binance/keys_inner.h \
	src/exchange/binance/keys_pem.c \
	src/exchange/binance/payload.c src/exchange/binance/payload.h \
	src/exchange/paper/book.c src/exchange/paper/state.h \
	src/exchange/paper/filters.c src/exchange/paper/filters.h \
	src/exchange/paper/markets.c src/exchange/paper/markets.h \
	src/exchange/paper/matching.c src/exchange/paper/matching.h \
	src/exchange/paper/paper.c src/exchange/paper/paper.h \
	src/exchange/paper/requests.c
src_exchange_libexchange_a_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
