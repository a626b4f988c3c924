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
src_exchange_libexchange_a_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS) $(JANSSON_CFLAGS)
src_exchange_libexchange_a_SOURCES += \
	src/exchange/binance/account_json.c src/exchange/binance/account_json.h \
	src/exchange/binance/asks.c src/exchange/binance/binance.c src/exchange/binance/binance.h \
	src/exchange/binance/limits.c src/exchange/binance/limits.h \
	src/exchange/binance/orders_json.c src/exchange/binance/orders_json.h \
	src/exchange/binance/outcomes.c src/exchange/binance/outcomes.h \
	src/exchange/binance/questions.c src/exchange/binance/instructions.c src/exchange/binance/instructions.h \
	src/exchange/binance/server_time.c src/exchange/binance/server_time.h \
	src/exchange/binance/settle.c src/exchange/binance/state.h src/exchange/binance/trading.c
