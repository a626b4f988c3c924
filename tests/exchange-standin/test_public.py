# What anybody may ask.  Each name says what the documentation (binance-spot-api-docs) says,
# and where: page, section.
import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "exchange-standin"))
import tap
from standin import Standin

with Standin() as x:
    tap.equal(x.get("ping").json, {}, "rest-api.md, Test connectivity: {}")
    tap.ok(abs(x.get("time")["serverTime"] - x.now()) < 2000,
           "rest-api.md, Check server time: serverTime in milliseconds")
    micro = x.raw("GET", "/api/v3/time", headers={"X-MBX-TIME-UNIT": "MICROSECOND"})
    tap.ok(micro["serverTime"] > 10 ** 15, "rest-api.md, General API Information: "
           "X-MBX-TIME-UNIT:MICROSECOND gives microseconds")

    section = "rest-api.md, Exchange information: "
    info = x.get("exchangeInfo")
    tap.ok(len(info["symbols"]) >= 5, section + "without parameters all symbols")
    tap.equal(sorted({limit["rateLimitType"] for limit in info["rateLimits"]}),
              ["ORDERS", "RAW_REQUESTS", "REQUEST_WEIGHT"], section + "rateLimits of three kinds")
    one = x.get("exchangeInfo", symbol="BTCUSDT")["symbols"]
    tap.equal([symbol["symbol"] for symbol in one], ["BTCUSDT"], section + "symbol chooses one")
    documented = ["symbol", "status", "baseAsset", "baseAssetPrecision", "quoteAsset",
                  "quotePrecision", "quoteAssetPrecision", "baseCommissionPrecision",
                  "quoteCommissionPrecision", "orderTypes", "icebergAllowed", "ocoAllowed",
                  "otoAllowed", "opoAllowed", "quoteOrderQtyMarketAllowed", "allowTrailingStop",
                  "cancelReplaceAllowed", "amendAllowed", "pegInstructionsAllowed",
                  "isSpotTradingAllowed", "isMarginTradingAllowed", "filters", "permissions",
                  "permissionSets", "defaultSelfTradePreventionMode",
                  "allowedSelfTradePreventionModes"]
    tap.equal([field for field in documented if field not in one[0]], [],
              section + "a symbol has every documented field")
    two = x.get("exchangeInfo", symbols='["BTCUSDT","ETHUSDT"]')["symbols"]
    tap.equal([symbol["symbol"] for symbol in two], ["BTCUSDT", "ETHUSDT"],
              section + "symbols chooses several")
    tap.ok(x.get("exchangeInfo", symbol="NOPE").code == -1121 and
           x.get("exchangeInfo", symbols='["BTCUSDT","NOPE"]').code == -1121,
           section + "a symbol that does not exist is an error (-1121), also among others")
    tap.equal(x.get("exchangeInfo", permissions="SPOT", symbol="BTCUSDT").code, -1128,
              section + "permissions cannot be used in combination with symbol")
    tap.equal(x.get("exchangeInfo", permissions="MARGIN")["symbols"], [],
              section + "permissions chooses symbols that have it")
    x.control("symbol", symbol="LTCBTC", set={"status": "BREAK"})
    tap.equal([s["symbol"] for s in x.get("exchangeInfo", symbolStatus="BREAK")["symbols"]],
              ["LTCBTC"], section + "symbolStatus chooses by status")
    tap.equal([x.get("ticker/price", symbol="LTCBTC", symbolStatus="TRADING").code,
               x.get("depth", symbol="LTCBTC", symbolStatus="TRADING").code,
               [row["symbol"] for row in x.get("ticker/price", symbolStatus="BREAK").json]],
              [-1220, -1220, ["LTCBTC"]], "rest-api.md, symbolStatus: a mismatch is an error for "
              "one symbol, and excluded among several")
    tap.equal(x.get("exchangeInfo", symbols='["BTCUSDT","BTCUSDT"]').code, -1151,
              "errors.md -1151: Symbol is present multiple times in the list")

    x.control("book", symbol="BTCUSDT", bids=[["99.5", "1"], ["99", "2"]],
              asks=[["100.5", "3"], ["101", "4"]], last="100")
    book = x.get("ticker/bookTicker", symbol="BTCUSDT")
    tap.equal(book.json, {"symbol": "BTCUSDT", "bidPrice": "99.50000000", "bidQty": "1.00000000",
                          "askPrice": "100.50000000", "askQty": "3.00000000"},
              "rest-api.md, Symbol order book ticker: best price and quantity, and no time")
    tap.ok(isinstance(x.get("ticker/bookTicker").json, list),
           "rest-api.md, Symbol order book ticker: without a symbol an array of all")
    tap.equal(x.get("ticker/price", symbol="BTCUSDT").json,
              {"symbol": "BTCUSDT", "price": "100.00000000"}, "rest-api.md, Symbol price ticker")
    tap.equal(x.get("ticker/price", symbols='["ETHUSDT"]').json,
              [{"symbol": "ETHUSDT", "price": "3000.00000000"}],
              "rest-api.md, Symbol price ticker: symbols gives an array, also of one")
    tap.equal(x.get("ticker/price", symbols='["ETHUSDT"]', symbol="BTCUSDT").code, -1128,
              "rest-api.md, Symbol price ticker: symbol and symbols cannot be used in combination")
    depth = x.get("depth", symbol="BTCUSDT", limit=1)
    tap.equal([depth["bids"], depth["asks"]], [[["99.50000000", "1.00000000"]],
                                               [["100.50000000", "3.00000000"]]],
              "rest-api.md, Order book: [price, quantity], as many as limit says")
    x.control("trade", symbol="BTCUSDT", price="100.2", qty="2")
    trade = x.get("trades", symbol="BTCUSDT", limit=1)[0]
    tap.equal([trade["price"], trade["qty"], trade["quoteQty"]],
              ["100.20000000", "2.00000000", "200.40000000"], "rest-api.md, Recent trades list")
    day = x.get("ticker/24hr", symbol="BTCUSDT")
    tap.equal([day["lastPrice"], day["lastId"], day["count"] > 1],
              ["100.20000000", trade["id"], True],
              "rest-api.md, 24hr ticker: last price and the id of the last trade")
    tap.ok("bidPrice" not in x.get("ticker/24hr", symbol="BTCUSDT", type="MINI").json,
           "rest-api.md, 24hr ticker, MINI: fewer fields")
    rows = x.get("klines", symbol="BTCUSDT", interval="1d").json
    tap.ok(len(rows[-1]) == 12 and rows[-1][6] - rows[-1][0] == 86399999 and
           rows[-1][4] == "100.20000000", "rest-api.md, Kline data: twelve fields, close time, close")
    tap.equal(x.get("klines", symbol="BTCUSDT", interval="2m").code, -1120,
              "errors.md -1120: Invalid interval")
    x.control("klines", symbol="BTCUSDT", interval="15m", rows=[[0, "1"], [900000, "2"]])
    tap.equal(x.get("klines", symbol="BTCUSDT", interval="15m", startTime=900000).json,
              [[900000, "2"]], "candles can be set on command")
    tap.equal(x.get("avgPrice", symbol="BTCUSDT")["mins"], 5, "rest-api.md, Current average price")
    tap.equal(x.get("executionRules", symbol="BTCUSDT").json, {"symbolRules": []},
              "rest-api.md, Query Execution Rules: there are none here")

    section = "errors.md, 11xx: "
    tap.equal(x.get("ticker/price", symbol="BTCUSDT", foo="1").json,
              {"code": -1104, "msg": "Not all sent parameters were read; read '1' parameter(s) "
               "but was sent '2'."}, section + "-1104 unread parameters")
    tap.equal(x.raw("GET", "/api/v3/ticker/price?symbol=BTCUSDT&symbol=ETHUSDT").json,
              {"code": -1101, "msg": "Duplicate values for a parameter detected."},
              section + "-1101 the same parameter twice")
    tap.equal(x.get("klines", symbol="BTCUSDT").json,
              {"code": -1102, "msg": "Mandatory parameter 'interval' was not sent, was empty/null, "
               "or malformed."}, section + "-1102 a mandatory parameter is missing")
    tap.equal(x.get("depth", symbol="BTCUSDT", limit="ten").code, -1100,
              section + "-1100 illegal characters")
    tap.equal(x.raw("GET", "/api/v3/nothing").status, 404, "an unknown path is a 404")
    import socket
    with socket.create_connection(("127.0.0.1", x.ports["http"])) as raw:
        raw.sendall(b"GET /api/v3/\xff?symbol=\xfe HTTP/1.1\r\nHost: x\r\n\r\n")
        tap.equal(raw.recv(12), b"HTTP/1.1 404", "bytes that are no text do no harm")

    section = "rest-api.md, IP Limits: "
    before = int(x.get("ping").headers["X-MBX-USED-WEIGHT-1M"])
    def weight(path, **params):
        global before
        used = int(x.get(path, **params).headers["X-MBX-USED-WEIGHT-1M"])
        spent, before = used - before, used
        return spent
    weights = [weight("ping"), weight("exchangeInfo"), weight("ticker/bookTicker", symbol="BTCUSDT"),
               weight("ticker/bookTicker"), weight("ticker/24hr", symbol="BTCUSDT"),
               weight("ticker/24hr"), weight("depth", symbol="BTCUSDT", limit=500),
               weight("klines", symbol="BTCUSDT", interval="1m")]
    tap.equal(weights, [1, 20, 2, 4, 2, 80, 25, 2],
              section + "X-MBX-USED-WEIGHT-1M grows by each endpoint's documented weight")
    x.control("clock", advance_ms=60000)
    tap.equal(x.get("ping").headers["X-MBX-USED-WEIGHT-1M"], "1",
              section + "a new minute begins at nothing")
    x.control("settings", weight_limit=25, patience=2)
    x.get("exchangeInfo")
    refused = [x.get("exchangeInfo") for _ in range(4)]
    tap.equal([refused[0].status, refused[0].code], [429, -1003],
              "rest-api.md, HTTP Return Codes: 429 when breaking a request rate limit")
    tap.ok(1 <= int(refused[0].headers["Retry-After"]) <= 60,
           section + "Retry-After gives the seconds to wait")
    tap.equal([refused[2].status, refused[2].code, int(refused[3].headers["Retry-After"]) > 60],
              [418, -1003, True], section + "who does not back off after 429 is banned with 418, "
              "from 2 minutes on")
    x.control("clock", advance_ms=121000)
    tap.equal(x.get("ping").status, 200, section + "a ban ends")
tap.finish()
