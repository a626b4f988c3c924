# What an exchange, or somebody in its place, answers.
. "$top_srcdir/tests/fuzz/fuzz.sh"
seeds=$top_builddir/fuzz/binance/corpus
mkdir -p "$seeds" || exit 1
cp "$top_srcdir/data/demo.rules.json" "$seeds/rules" || exit 1
printf '[{"symbol":"BTCUSDC","bidPrice":"1.5","bidQty":"1","askPrice":"2","askQty":"1"}]' >"$seeds/book"
printf '[{"symbol":"BTCUSDC","lastPrice":"1.5","priceChangePercent":"-0.42","lastId":7}]' >"$seeds/ticker"
printf '[[1499040000000,"1","3","0.5","2","9.1",1499040059999,"0",3,"0","0","0"]]' >"$seeds/candles"
printf '{"serverTime":1499827319559}' >"$seeds/time"
printf '{"code":-1121,"msg":"Invalid symbol."}' >"$seeds/refusal"
FUZZ_FLAGS="$(pkg-config --cflags --libs jansson 2>/dev/null || echo -ljansson)"
fuzz binance src/feed/binance_codec.c src/feed/rules_json.c src/http/json.c src/core/decimal.c \
	src/base/status.c src/base/error.c src/base/text.c
