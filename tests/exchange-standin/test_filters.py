# Every filter of filters.md: what passes at its edge, and how what does not is refused.
import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "exchange-standin"))
import tap
from standin import Standin


def refused(answer, name):
    return (answer.status, answer.code, answer.msg) == (400, -1013, "Filter failure: " + name)


def check(name, passes, fails, what):
    """Answers that pass, and answers that the filter refuses."""
    tap.ok(all(answer.status == 200 for answer in passes) and
           all(refused(answer, name) for answer in fails), "filters.md, %s: %s" % (name, what),
           *[repr(answer) for answer in passes + fails])


def fresh(x, price="100"):
    x.signed("DELETE", "openOrders", symbol="BTCUSDT")
    x.no_filters()
    x.price(price)
    x.control("settings", reset_limits=True, exchange_filters=[])


with Standin() as x:
    x.control("account", balances={"USDT": "1000000", "BTC": "1000"})
    fresh(x)
    x.filter("PRICE_FILTER", minPrice="10", maxPrice="500", tickSize="0.05")
    check("PRICE_FILTER", [x.limit("BUY", "1", "10"), x.limit("SELL", "1", "500"),
                           x.limit("BUY", "1", "99.95")],
          [x.limit("BUY", "1", "9.95"), x.limit("SELL", "1", "500.05"), x.limit("BUY", "1", "99.96")],
          "price >= minPrice, price <= maxPrice, price % tickSize == 0")
    def stop(price, **more):
        return x.order(side="SELL", type="STOP_LOSS", quantity="1", stopPrice=price, **more)
    check("PRICE_FILTER", [stop("50.05")], [stop("50.06"), stop("9")], "the same for stopPrice")
    x.filter("PRICE_FILTER", minPrice="0", maxPrice="0", tickSize="0")
    check("PRICE_FILTER", [x.limit("BUY", "1", "0.01"), x.limit("BUY", "1", "1.23456789")], [],
          "any of them set to 0 disables that rule")

    fresh(x)
    x.filter("PERCENT_PRICE", multiplierUp="1.3", multiplierDown="0.7", avgPriceMins=0)
    check("PERCENT_PRICE", [x.limit("SELL", "1", "130"), x.limit("BUY", "1", "70")],
          [x.limit("SELL", "1", "130.01"), x.limit("BUY", "1", "69.99")],
          "with avgPriceMins 0 the last price is used")
    fresh(x)
    x.filter("PERCENT_PRICE", multiplierUp="1.3", multiplierDown="0.7", avgPriceMins=5)
    x.control("clock", advance_ms=600000)
    x.control("book", symbol="BTCUSDT", bids=[["100", "9"]], asks=[["400", "9"]])
    x.control("trade", symbol="BTCUSDT", price="200", qty="3")
    x.control("trade", symbol="BTCUSDT", price="300", qty="1")
    check("PERCENT_PRICE", [x.limit("SELL", "1", "292.5", timestamp=x.now())],
          [x.limit("SELL", "1", "292.51", timestamp=x.now())],
          "else the volume weighted average over avgPriceMins (225 here)")
    x.control("clock", offset_ms=0)

    fresh(x)
    x.filter("PERCENT_PRICE_BY_SIDE", bidMultiplierUp="1.2", bidMultiplierDown="0.2",
             askMultiplierUp="5", askMultiplierDown="0.8", avgPriceMins=0)
    x.control("book", symbol="BTCUSDT", bids=[["10", "1"]], asks=[["900", "1"]])
    check("PERCENT_PRICE_BY_SIDE", [x.limit("BUY", "1", "20"), x.limit("BUY", "1", "79"),
                                    x.limit("SELL", "1", "80"), x.limit("SELL", "1", "500")],
          [x.limit("BUY", "1", "120.01"), x.limit("BUY", "1", "19.99"),
           x.limit("SELL", "1", "79.99"), x.limit("SELL", "1", "500.01")],
          "a different range for BUY and for SELL")

    fresh(x)
    x.filter("LOT_SIZE", minQty="0.5", maxQty="20", stepSize="0.1")
    check("LOT_SIZE", [x.limit("BUY", "0.5", "50"), x.limit("BUY", "20", "50"),
                       x.limit("BUY", "20", "50", icebergQty="0.5")],
          [x.limit("BUY", "0.4", "50"), x.limit("BUY", "20.1", "50"), x.limit("BUY", "1.05", "50"),
           x.market("BUY", "0.4"), x.limit("BUY", "20", "50", icebergQty="0.4")],
          "minQty, maxQty, stepSize, for quantity and icebergQty")
    x.filter("MARKET_LOT_SIZE", minQty="1", maxQty="2", stepSize="0.5")
    check("MARKET_LOT_SIZE", [x.market("BUY", "1.5"), x.limit("BUY", "3", "50")],
          [x.market("BUY", "0.5"), x.market("BUY", "2.5"), x.market("BUY", "1.2")],
          "only for MARKET orders")

    fresh(x)
    x.filter("MIN_NOTIONAL", minNotional="50", applyToMarket=True, avgPriceMins=0)
    check("MIN_NOTIONAL", [x.limit("BUY", "1", "50"), x.market("BUY", "0.5")],
          [x.limit("BUY", "0.99", "50"), x.market("BUY", "0.49")],
          "price * quantity >= minNotional; for MARKET at the average price")
    x.filter("MIN_NOTIONAL", minNotional="50", applyToMarket=False, avgPriceMins=0)
    check("MIN_NOTIONAL", [x.market("BUY", "0.49")], [], "applyToMarket false: not for MARKET")

    fresh(x)
    x.filter("NOTIONAL", minNotional="10", applyMinToMarket=False, maxNotional="1000",
             applyMaxToMarket=False, avgPriceMins=0)
    check("NOTIONAL", [x.limit("BUY", "0.2", "50"), x.limit("BUY", "20", "50"),
                       x.market("BUY", "0.05"), x.market("BUY", "11")],
          [x.limit("BUY", "0.19", "50"), x.limit("BUY", "21", "50")],
          "minNotional <= price * quantity <= maxNotional; MARKET only where applied")
    x.filter("NOTIONAL", minNotional="10", applyMinToMarket=True, maxNotional="1000",
             applyMaxToMarket=True, avgPriceMins=0)
    check("NOTIONAL", [x.market("BUY", "1")], [x.market("BUY", "0.05"), x.market("BUY", "11")],
          "applyMinToMarket, applyMaxToMarket")
    check("NOTIONAL", [stop("50")], [x.order(side="SELL", type="STOP_LOSS", quantity="0.11",
                                              stopPrice="50")],
          "a stop that sells at market is judged at its stop price (stricter reading)")

    fresh(x)
    x.filter("ICEBERG_PARTS", limit=10)
    check("ICEBERG_PARTS", [x.limit("BUY", "10", "50", icebergQty="1")],
          [x.limit("BUY", "10.1", "50", icebergQty="1")], "CEIL(qty / icebergQty)")

    fresh(x)
    x.filter("MAX_NUM_ORDERS", maxNumOrders=2)
    check("MAX_NUM_ORDERS", [x.limit("BUY", "1", "50"), stop("50")], [x.limit("BUY", "1", "50")],
          "algo orders and normal orders are counted")
    fresh(x)
    x.filter("MAX_NUM_ALGO_ORDERS", maxNumAlgoOrders=1)
    check("MAX_NUM_ALGO_ORDERS", [x.limit("BUY", "1", "50"), stop("50")], [stop("51")],
          "STOP_LOSS, STOP_LOSS_LIMIT, TAKE_PROFIT, TAKE_PROFIT_LIMIT")
    fresh(x)
    x.filter("MAX_NUM_ICEBERG_ORDERS", maxNumIcebergOrders=1)
    check("MAX_NUM_ICEBERG_ORDERS", [x.limit("BUY", "5", "50", icebergQty="1")],
          [x.limit("BUY", "5", "50", icebergQty="1")], "any order where icebergQty > 0")

    fresh(x)
    x.control("account", balances={"BTC": "4"})
    x.filter("MAX_POSITION", maxPosition="10")
    x.limit("SELL", "1", "200")
    x.limit("BUY", "4", "50")
    check("MAX_POSITION", [x.limit("BUY", "2", "50"), x.limit("SELL", "1", "200")],
          [x.limit("BUY", "0.1", "50"), x.market("BUY", "1")],
          "free + locked base + open BUY orders; only BUY orders are rejected")
    fresh(x)
    x.control("account", balances={"BTC": "1000"})

    x.filter("TRAILING_DELTA", minTrailingAboveDelta=10, maxTrailingAboveDelta=2000,
             minTrailingBelowDelta=20, maxTrailingBelowDelta=1000)
    def trail(side, kind, delta):
        return x.order(side=side, type=kind, quantity="1", trailingDelta=delta)
    check("TRAILING_DELTA", [trail("BUY", "STOP_LOSS", 10), trail("SELL", "TAKE_PROFIT", 2000)],
          [trail("BUY", "STOP_LOSS", 9), trail("SELL", "TAKE_PROFIT", 2001)],
          "above: STOP_LOSS BUY and TAKE_PROFIT SELL")
    check("TRAILING_DELTA", [trail("SELL", "STOP_LOSS", 20), trail("BUY", "TAKE_PROFIT", 1000)],
          [trail("SELL", "STOP_LOSS", 19), trail("BUY", "TAKE_PROFIT", 1001)],
          "below: STOP_LOSS SELL and TAKE_PROFIT BUY")

    fresh(x)
    x.filter("MAX_NUM_ORDER_AMENDS", maxNumOrderAmends=1)
    made = x.limit("BUY", "5", "50")["orderId"]
    def amend(qty, **more):
        return x.signed("PUT", "order/amend/keepPriority", symbol="BTCUSDT", orderId=made, newQty=qty,
                        **more)
    tap.equal([amend("4").status, amend("3").code], [200, -2038],
              "filters.md, MAX_NUM_ORDER_AMENDS: too many amendments, -2038")

    def oco(**more):
        params = dict(symbol="BTCUSDT", side="SELL", quantity="1", aboveType="LIMIT_MAKER",
                      abovePrice="150", belowType="STOP_LOSS", belowStopPrice="50")
        params.update(more)
        return x.signed("POST", "orderList/oco", **params)
    fresh(x)
    x.filter("MAX_NUM_ORDER_LISTS", maxNumOrderLists=1)
    check("MAX_NUM_ORDER_LISTS", [oco()], [oco()], "open order lists on a symbol")
    fresh(x)
    x.filter("MAX_NUM_ORDERS", maxNumOrders=3)
    check("MAX_NUM_ORDERS", [oco()], [oco()],
          "rest-api.md, OCOs add 2 orders to the MAX_NUM_ORDERS filter")

    def exchange_filter(name, **parts):
        fresh(x)
        x.signed("DELETE", "openOrders", symbol="ETHUSDT")
        x.control("settings", exchange_filters=[dict(filterType=name, **parts)])
    exchange_filter("EXCHANGE_MAX_NUM_ORDERS", maxNumOrders=2)
    check("EXCHANGE_MAX_NUM_ORDERS",
          [x.limit("BUY", "1", "50"), x.limit("BUY", "1", "2900", "ETHUSDT")],
          [x.limit("BUY", "1", "50")], "over all symbols")
    exchange_filter("EXCHANGE_MAX_NUM_ALGO_ORDERS", maxNumAlgoOrders=1)
    check("EXCHANGE_MAX_NUM_ALGO_ORDERS", [stop("50"), x.limit("BUY", "1", "2900", "ETHUSDT")],
          [x.order("ETHUSDT", side="SELL", type="STOP_LOSS", quantity="1", stopPrice="2000")],
          "over all symbols")
    exchange_filter("EXCHANGE_MAX_NUM_ICEBERG_ORDERS", maxNumIcebergOrders=1)
    check("EXCHANGE_MAX_NUM_ICEBERG_ORDERS", [x.limit("BUY", "5", "50", icebergQty="1")],
          [x.limit("BUY", "1", "2900", "ETHUSDT", icebergQty="0.5")], "over all symbols")
    exchange_filter("EXCHANGE_MAX_NUM_ORDER_LISTS", maxNumOrderLists=1)
    check("EXCHANGE_MAX_NUM_ORDER_LISTS", [oco()],
          [oco(symbol="ETHUSDT", abovePrice="4000", belowStopPrice="2000")], "over all symbols")

    fresh(x)
    x.control("account", filters=[{"filterType": "MAX_ASSET", "asset": "BTC", "limit": "2"},
                                  {"filterType": "MAX_ASSET", "asset": "USDT", "limit": "150"}])
    check("MAX_ASSET", [x.limit("BUY", "2", "50")],
          [x.limit("BUY", "2.1", "50"), x.limit("BUY", "1.9", "80")],
          "the base's quantity, the quote's notional, in a single order")
    tap.equal(x.signed("GET", "myFilters", symbol="BTCUSDT")["assetFilters"][0]["asset"], "BTC",
              "rest-api.md, Query relevant filters: the only endpoint that shows MAX_ASSET")
    x.control("account", filters=[])
tap.finish()
