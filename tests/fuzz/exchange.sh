# What an exchange, or somebody in its place, answers to who trades.
. "$top_srcdir/tests/fuzz/fuzz.sh"
seeds=$top_builddir/fuzz/exchange/corpus
mkdir -p "$seeds" || exit 1
printf ' {"symbol":"BTCUSDC","orderId":28,"clientOrderId":"a","transactTime":1507725176595,"price":"0","origQty":"1.0","executedQty":"1.0","status":"FILLED","type":"MARKET","side":"SELL","fills":[{"price":"4","qty":"1.0","commission":"4.0","commissionAsset":"USDC","tradeId":56}]}' >"$seeds/order"
printf ' [{"symbol":"BTCUSDC","orderId":1,"clientOrderId":"a","price":"0.1","origQty":"1.0","executedQty":"0.0","status":"NEW","type":"LIMIT","side":"BUY","stopPrice":"0.0","updateTime":1499827319559}]' >"$seeds/open"
printf ' [{"symbol":"BTCUSDC","id":28457,"orderId":1,"price":"4.1","qty":"12","commission":"10.1","commissionAsset":"BNB","time":1499865549590,"isBuyer":true}]' >"$seeds/trades"
printf ' {"canTrade":true,"balances":[{"asset":"BTC","free":"4.5","locked":"0"}],"uid":354937868}' >"$seeds/account"
printf ' {"symbol":"BTCUSDC","standardCommission":{"maker":"0.001","taker":"0.001","buyer":"0","seller":"0"}}' >"$seeds/fees"
printf ' {"rateLimits":[{"rateLimitType":"ORDERS","interval":"SECOND","intervalNum":10,"limit":100}],"serverTime":1499827319559}' >"$seeds/limits"
printf ' {"symbol":"BNBUSDC","price":"500.1"}' >"$seeds/price"
printf '\003{"code":-2021,"msg":"Order cancel-replace partially failed.","data":{"cancelResult":"SUCCESS","newOrderResult":"FAILURE"}}' >"$seeds/half"
FUZZ_FLAGS="$(pkg-config --cflags --libs jansson 2>/dev/null || echo -ljansson)"
fuzz exchange src/exchange/binance/orders_json.c src/exchange/binance/account_json.c \
	src/exchange/binance/outcomes.c src/exchange/binance/limits.c src/http/json.c src/core/decimal.c \
	src/core/order.c src/core/names.c src/core/quote.c src/base/status.c src/base/error.c src/base/text.c
