# Single orders: types, times in force, cancels, replacing, money.
import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "exchange-standin"))
import tap
from standin import Standin


def book(x, bids, asks, last="100", symbol="BTCUSDT"):
    x.control("book", symbol=symbol, bids=bids, asks=asks, last=last)


def fresh(x, price="100"):
    x.signed("DELETE", "openOrders", symbol="BTCUSDT")
    x.price(price)
    x.control("account", balances={"USDT": "10000", "BTC": "10", "BNB": "0"})


def fields(answer, *names):
    return [answer[name] for name in names]


with Standin() as x:
    x.no_filters()
    x.filter("LOT_SIZE", minQty="0.001", maxQty="1000", stepSize="0.001")
    x.filter("PRICE_FILTER", minPrice="0", maxPrice="0", tickSize="0.01")

    section = "rest-api.md, New order: "
    fresh(x)
    full = x.market("BUY", "1")
    tap.equal(fields(full, "status", "price", "executedQty", "origQuoteOrderQty", "timeInForce"),
              ["FILLED", "0.00000000", "1.00000000", "0.00000000", "GTC"],
              section + "MARKET fills at once, with price 0")
    tap.ok("fills" in x.limit("BUY", "1", "50").json and "fills" in full.json,
           section + "MARKET and LIMIT default to FULL")
    stop = x.order(side="SELL", type="STOP_LOSS", quantity="1", stopPrice="90")
    tap.equal(sorted(stop.json), ["clientOrderId", "orderId", "orderListId", "symbol",
                                  "transactTime"], section + "all other orders default to ACK")
    result = x.limit("BUY", "1", "50", newOrderRespType="RESULT")
    tap.ok("fills" not in result.json and result["status"] == "NEW",
           section + "RESULT has no fills")
    tap.equal(x.query(stop["orderId"])["stopPrice"], "90.00000000",
              "rest-api.md, Conditional fields: stopPrice appears for STOP_LOSS")
    tap.ok("stopPrice" not in result.json, "rest-api.md, Conditional fields: and not for LIMIT")

    fresh(x)
    def missing(name, **params):
        answer = x.order(**params)
        return answer.code == -1102 and "'%s'" % name in answer.msg
    base = dict(side="BUY", quantity="1")
    tap.ok(missing("timeInForce", type="LIMIT", price="50", **base) and
           missing("price", type="LIMIT", timeInForce="GTC", **base) and
           missing("quantity", type="LIMIT", timeInForce="GTC", price="50", side="BUY") and
           missing("quantity", type="MARKET", side="BUY") and
           missing("stopPrice", type="STOP_LOSS", **base) and
           missing("price", type="STOP_LOSS_LIMIT", timeInForce="GTC", stopPrice="110", **base) and
           missing("price", type="LIMIT_MAKER", **base) and
           missing("side", type="MARKET", quantity="1") and missing("type", **base),
           section + "additional mandatory parameters based on type, -1102")
    tap.equal([x.order(type="MARKET", timeInForce="GTC", **base).code,
               x.order(type="MARKET", price="5", **base).code,
               x.limit("BUY", "1", "50", stopPrice="60").code], [-1106] * 3,
              "errors.md -1106: a parameter was sent when not required")
    tap.equal([x.order(type="NOPE", **base).code, x.order(type="MARKET", side="HOLD",
                                                          quantity="1").code,
               x.limit("BUY", "1", "50", timeInForce="GTX").code,
               x.limit("BUY", "1", "50", newOrderRespType="ALL").code], [-1116, -1117, -1115, -1130],
              "errors.md -1116, -1117, -1115, -1130: unknown enum values")
    tap.equal([x.limit("BUY", "one", "50").code, x.limit("BUY", "0.123456789", "50").code,
               x.limit("BUY", "", "50").code, x.limit("BUY", "-1", "50").code],
              [-1100, -1111, -1105, -1100],
              "errors.md -1100, -1111, -1105: numbers that are none, too precise, empty, negative")
    tap.equal([x.limit("BUY", "1", "50", newClientOrderId="a" * 36).status,
               x.limit("BUY", "1", "50", newClientOrderId="a" * 37).code,
               x.limit("BUY", "1", "50", newClientOrderId="a b").code], [200, -1100, -1100],
              section + "newClientOrderId has at most 36 letters, digits, - and _")
    tap.equal(x.limit("BUY", "1", "50", strategyType=999999).code, -1134,
              section + "strategyType cannot be less than 1000000")
    tap.equal(x.order("NOPE", type="MARKET", **base).json, {"code": -1121, "msg": "Invalid symbol."},
              "errors.md -1121")

    section = "rest-api.md, New order, newClientOrderId: "
    fresh(x)
    mine = dict(newClientOrderId="mine")
    first = x.limit("BUY", "1", "50", **mine)
    tap.equal(x.limit("BUY", "1", "51", **mine).json,
              {"code": -2010, "msg": "Duplicate order sent."}, section + "unique among open orders")
    x.control("fill", clientOrderId="mine")
    second = x.limit("BUY", "1", "50", **mine)
    tap.equal([second.status, x.query(origClientOrderId="mine")["orderId"]],
              [200, second["orderId"]], section + "accepted again when the previous one is filled, "
              "and the latest is found")

    section = "enums.md, Time in force: "
    fresh(x)
    book(x, [["99", "1"]], [["101", "1"], ["102", "1"], ["103", "5"]])
    ioc = x.limit("BUY", "3", "102", timeInForce="IOC")
    tap.equal(fields(ioc, "status", "executedQty", "expiryReason"),
              ["EXPIRED", "2.00000000", "UNFILLED_IOC_QUANTITY_EXPIRED"],
              section + "IOC fills what it can, then expires")
    book(x, [["99", "1"]], [["101", "1"], ["102", "1"], ["103", "5"]])
    fok = x.limit("BUY", "3", "102", timeInForce="FOK")
    tap.equal(fields(fok, "status", "executedQty", "expiryReason"),
              ["EXPIRED", "0.00000000", "UNFILLED_FOK_ORDER_EXPIRED"],
              section + "FOK fills all or nothing")
    fok = x.limit("BUY", "2", "102", timeInForce="FOK")
    tap.equal([fok["status"], [(fill["price"], fill["qty"]) for fill in fok["fills"]],
               fok["cummulativeQuoteQty"]],
              ["FILLED", [("101.00000000", "1.00000000"), ("102.00000000", "1.00000000")],
               "203.00000000"], section + "FOK that fits fills, each level a fill")
    gtc = x.limit("BUY", "1", "98")
    tap.equal(x.status(gtc["orderId"]), "NEW", section + "GTC rests until it is canceled")

    fresh(x)
    book(x, [["99", "1"], ["98", "1"]], [["101", "4"]])
    thin = x.market("SELL", "3")
    tap.equal(fields(thin, "status", "executedQty", "expiryReason"),
              ["EXPIRED", "2.00000000", "INSUFFICIENT_LIQUIDITY"],
              "market_orders_faq.md: the remaining quantity expires for lack of liquidity")
    tap.equal(x.market("SELL", "11").json,
              {"code": -2010, "msg": "Account has insufficient balance for requested action."},
              "market_orders_faq.md: without the balance for all of it the order is rejected")
    book(x, [["99", "10"]], [["100", "1"], ["110", "9"]])
    quote = x.order(side="BUY", type="MARKET", quoteOrderQty="155.55")
    tap.equal(fields(quote, "origQty", "origQuoteOrderQty", "status"),
              ["1.50500000", "155.55000000", "FILLED"], "rest-api.md, New order: quoteOrderQty "
              "comes as near as liquidity and LOT_SIZE allow")

    section = "errors.md, messages for -2010: "
    fresh(x)
    def said(answer):
        return (answer.code, answer.msg)
    trigger = (-2010, "Order would trigger immediately.")
    tap.equal([said(x.order(side=side, type=kind, quantity="1", stopPrice=price))
               for side, kind, price in [("SELL", "STOP_LOSS", "100"), ("BUY", "STOP_LOSS", "100"),
                                         ("SELL", "TAKE_PROFIT", "99"),
                                         ("BUY", "TAKE_PROFIT", "101")]], [trigger] * 4,
              section + "would trigger immediately, in all four directions")
    tap.equal(said(x.order(side="BUY", type="LIMIT_MAKER", quantity="1", price="101")),
              (-2010, "Order would immediately match and take."), section + "LIMIT_MAKER")
    tap.equal(x.order(side="BUY", type="LIMIT_MAKER", quantity="1", price="99").status, 200,
              section + "a LIMIT_MAKER that does not take rests")
    x.control("symbol", symbol="BTCUSDT", set={"status": "HALT"})
    tap.equal(x.market("BUY", "1").msg, "Market is closed.", section + "the symbol is not trading")
    x.control("symbol", symbol="BTCUSDT", set={"status": "TRADING", "orderTypes": ["LIMIT"],
                                               "icebergAllowed": False, "allowTrailingStop": False,
                                               "cancelReplaceAllowed": False, "amendAllowed": False,
                                               "quoteOrderQtyMarketAllowed": False})
    tap.equal([x.market("BUY", "1").msg,
               x.order(side="SELL", type="STOP_LOSS", quantity="1", stopPrice="90").msg,
               x.limit("BUY", "2", "50", icebergQty="1").msg,
               x.signed("POST", "order/cancelReplace", symbol="BTCUSDT", side="BUY", type="LIMIT",
                        timeInForce="GTC", price="50", quantity="1", cancelOrderId=1,
                        cancelReplaceMode="STOP_ON_FAILURE").msg,
               x.signed("PUT", "order/amend/keepPriority", symbol="BTCUSDT", orderId=1,
                        newQty="1").msg],
              ["Market orders are not supported for this symbol.",
               "Stop loss orders are not supported for this symbol.",
               "Iceberg orders are not supported for this symbol.",
               "Order cancel-replace is not supported for this symbol.",
               "Order amend is not supported for this symbol."], section + "what a symbol lacks")
    x.control("symbol", symbol="BTCUSDT",
              set={"orderTypes": ["LIMIT", "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT",
                                  "TAKE_PROFIT_LIMIT", "LIMIT_MAKER"], "icebergAllowed": True,
                   "allowTrailingStop": True, "cancelReplaceAllowed": True, "amendAllowed": True,
                   "quoteOrderQtyMarketAllowed": True})

    section = "rest-api.md, order types: "
    fresh(x)
    for side, kind, level, before, after in [("SELL", "STOP_LOSS", "90", "90.01", "90"),
                                             ("BUY", "STOP_LOSS", "110", "109.99", "110"),
                                             ("SELL", "TAKE_PROFIT", "110", "109.99", "110"),
                                             ("BUY", "TAKE_PROFIT", "90", "90.01", "90")]:
        fresh(x)
        made = x.order(side=side, type=kind, quantity="1", stopPrice=level)["orderId"]
        x.control("last", symbol="BTCUSDT", price=before)
        waits = x.query(made)
        x.control("last", symbol="BTCUSDT", price=after)
        tap.equal([waits["status"], waits["isWorking"], x.status(made)], ["NEW", False, "FILLED"],
                  section + "%s %s executes a MARKET order when the last price reaches it"
                  % (kind, side))
    fresh(x)
    limit_stop = x.order(side="SELL", type="STOP_LOSS_LIMIT", timeInForce="GTC", quantity="1",
                         stopPrice="90", price="89")["orderId"]
    x.price("80")
    tap.equal(fields(x.query(limit_stop), "status", "isWorking"), ["NEW", True],
              section + "STOP_LOSS_LIMIT rests at its limit when the market jumps over it")
    x.price("89.5")
    tap.equal(x.status(limit_stop), "FILLED", section + "and fills when the market comes back")
    fresh(x)
    take = x.order(side="SELL", type="TAKE_PROFIT_LIMIT", timeInForce="GTC", quantity="1",
                   stopPrice="110", price="109")["orderId"]
    x.price("110")
    tap.equal([x.status(take), x.query(take)["cummulativeQuoteQty"]], ["FILLED", "109.99000000"],
              section + "TAKE_PROFIT_LIMIT fills at the market, not worse than its limit")

    faq = "trailing-stop-faq.md, Scenario "
    def scenario(name, side, kind, params, path, last_but_one, trigger):
        x.control("account", balances={"USDT": "100000", "BTC": "10"})
        x.price("40000")
        made = x.order(side=side, type=kind, quantity="0.1", timeInForce="GTC", **params)["orderId"]
        for price in path:
            x.price(price)
        x.control("last", symbol="BTCUSDT", price=last_but_one)
        before = x.query(made)["isWorking"]
        x.control("last", symbol="BTCUSDT", price=trigger)
        tap.equal([before, x.query(made)["isWorking"]], [False, True],
                  faq + "%s: triggers at %s and not at %s" % (name, trigger, last_but_one))
    scenario("A", "BUY", "STOP_LOSS_LIMIT", dict(stopPrice="44000", trailingDelta=500, price="45000"),
             ["37000", "44000", "46000", "42000"], "44099.99", "44100")
    scenario("B", "SELL", "STOP_LOSS_LIMIT", dict(stopPrice="39000", trailingDelta=1000,
                                                  price="38000"),
             ["41500", "39000", "37000", "41000"], "36900.01", "36900")
    scenario("C", "BUY", "TAKE_PROFIT_LIMIT", dict(stopPrice="38000", trailingDelta=850,
                                                   price="38500"),
             ["42000", "38000", "37000", "39000", "38000"], "40144.99", "40145")
    scenario("D", "SELL", "TAKE_PROFIT_LIMIT", dict(stopPrice="42000", trailingDelta=750,
                                                    price="41000"),
             ["41500", "39000", "42000", "45000", "44000", "46500"], "43012.51", "43012.5")
    scenario("E", "SELL", "STOP_LOSS_LIMIT", dict(trailingDelta=700, price="39000"),
             ["42000", "39500", "45500"], "42315.01", "42315")

    section = "commission_faq.md, How is the commission calculated: "
    fresh(x, "35000")
    x.control("price", symbol="BNBUSDT", price="260")
    book(x, [["35000", "1"]], [["35001", "1"]], last="35000")
    x.filter("LOT_SIZE", minQty="0", maxQty="1000", stepSize="0.00001")
    rates = dict(standard={"maker": "0.0000001", "taker": "0.0000002", "buyer": "0.0000003",
                           "seller": "0.0000004"},
                 special={"maker": "0.01", "taker": "0.02", "buyer": "0.03", "seller": "0.04"},
                 tax={"maker": "0.00000112", "taker": "0.00000114", "buyer": "0.00000118",
                      "seller": "0.00000116"}, discount="0.25")
    x.control("account", discount_enabled=False, **rates)
    sold = x.market("SELL", "0.49975")["fills"][0]
    tap.equal([sold["commissionAsset"], sold["commission"]], ["USDT", "1049.52572463"],
              section + "standard 0.01049475 + tax 0.04022988 + special 1049.475, in USDT")
    x.control("account", discount_enabled=True, balances={"BNB": "10", "BTC": "10"})
    book(x, [["35000", "1"]], [["35001", "1"]], last="35000")
    sold = x.market("SELL", "0.49975")["fills"][0]
    tap.equal([sold["commissionAsset"], sold["commission"][:8]], ["BNB", "4.036607"],
              section + "with the discount in BNB 4.036607129 (the discount on standard alone)")
    x.control("account", balances={"BNB": "4"})
    book(x, [["35000", "1"]], [["35001", "1"]], last="35000")
    tap.equal(x.market("SELL", "0.49975")["fills"][0]["commissionAsset"], "USDT",
              section + "without enough BNB the full commission from the received amount")
    x.control("account", discount_enabled=False, special={"maker": "0", "taker": "0", "buyer": "0",
              "seller": "0"}, tax={"maker": "0", "taker": "0", "buyer": "0", "seller": "0"},
              standard={"maker": "0.001", "taker": "0.002", "buyer": "0", "seller": "0"})
    test = x.signed("POST", "order/test", symbol="BTCUSDT", side="SELL", type="MARKET", quantity="1",
                    computeCommissionRates="true")
    tap.equal(test["standardCommissionForOrder"], {"maker": "0.00100000", "taker": "0.00200000"},
              "commission_faq.md: a test order with computeCommissionRates shows its rates")
    fresh(x)
    bought = x.market("BUY", "1")
    tap.equal([bought["fills"][0]["commissionAsset"], bought["fills"][0]["commission"],
               x.balance("BTC")], ["BTC", "0.00200000", ("10.99800000", "0.00000000")],
              "commission_faq.md: a buyer receives base, and pays from it")

    section = "balances: "
    fresh(x)
    x.limit("BUY", "2", "50")
    resting = x.limit("SELL", "3", "200")["orderId"]
    tap.equal([x.balance("USDT"), x.balance("BTC")],
              [("9900.00000000", "100.00000000"), ("7.00000000", "3.00000000")],
              section + "resting orders lock what they may spend")
    x.control("fill", orderId=resting, qty="1")
    trade = x.signed("GET", "myTrades", symbol="BTCUSDT", orderId=resting)[0]
    tap.equal([x.balance("USDT"), x.balance("BTC"), trade["isMaker"], trade["commission"]],
              [("10099.80000000", "100.00000000"), ("7.00000000", "2.00000000"), True,
               "0.20000000"], section + "a maker's partial fill, at the maker's rate")
    tap.equal([x.limit("SELL", "7.001", "200").code, x.limit("BUY", "101", "100").code],
              [-2010, -2010], section + "what is locked cannot be spent twice")
    x.signed("DELETE", "openOrders", symbol="BTCUSDT")
    tap.equal([x.balance("USDT")[1], x.balance("BTC")[1]], ["0.00000000"] * 2,
              section + "canceling frees what is left")
    book(x, [["99", "1"]], [["100", "1"]])
    x.control("account", balances={"USDT": "500"})
    x.limit("BUY", "4", "125")
    tap.equal(x.balance("USDT"), ("25.00000000", "375.00000000"),
              section + "what a better price saves is free at once")
    ledger = x.ledger()
    sums = {}
    for event in ledger["events"]:
        if event["event"] == "balance":
            entry = sums.setdefault(event["asset"], [0, 0])
            entry[0] += round(float(event["freeBy"]) * 1e8)
            entry[1] += round(float(event["lockedBy"]) * 1e8)
    held = {row["asset"]: [round(float(row["free"]) * 1e8), round(float(row["locked"]) * 1e8)]
            for row in ledger["accounts"][0]["balances"]}
    tap.equal({asset: value for asset, value in sums.items() if value != held[asset]}, {},
              "the ledger's balance changes add up to the balances")

    section = "rest-api.md, Cancel order: "
    fresh(x)
    made = x.limit("BUY", "1", "50", newClientOrderId="c1")
    def cancel(**params):
        return x.signed("DELETE", "order", symbol="BTCUSDT", **params)
    canceled = cancel(orderId=made["orderId"], newClientOrderId="cancel1")
    tap.equal(fields(canceled, "origClientOrderId", "clientOrderId", "status"),
              ["c1", "cancel1", "CANCELED"], section + "names both client order ids")
    unknown = {"code": -2011, "msg": "Unknown order sent."}
    tap.equal([cancel(orderId=made["orderId"]).json, cancel(orderId=999999).json,
               cancel(origClientOrderId="nobody").json], [unknown] * 3,
              "errors.md -2011: ended, or never known: Unknown order sent")
    tap.equal(cancel().code, -1102, section + "either orderId or origClientOrderId must be sent")
    made = x.limit("BUY", "1", "50", newClientOrderId="c2")
    tap.equal([cancel(orderId=made["orderId"], origClientOrderId="other").json,
               cancel(orderId=made["orderId"], origClientOrderId="c2").status], [unknown, 200],
              section + "orderId is searched first, then origClientOrderId is checked")
    made = x.limit("BUY", "1", "50")
    restricted = {"code": -2011, "msg": "Order was not canceled due to cancel restrictions."}
    first = cancel(orderId=made["orderId"], cancelRestrictions="ONLY_PARTIALLY_FILLED").json
    x.control("fill", orderId=made["orderId"], qty="0.1")
    tap.equal([first, cancel(orderId=made["orderId"], cancelRestrictions="ONLY_NEW").json,
               cancel(orderId=made["orderId"], cancelRestrictions="NONE").code,
               cancel(orderId=made["orderId"],
                      cancelRestrictions="ONLY_PARTIALLY_FILLED")["executedQty"]],
              [restricted, restricted, -1145, "0.10000000"], section + "cancelRestrictions")
    made = x.limit("BUY", "1", "50")
    tap.equal([[row["orderId"] for row in x.signed("DELETE", "openOrders", symbol="BTCUSDT").json],
               x.signed("DELETE", "openOrders", symbol="BTCUSDT").code],
              [[made["orderId"]], -2011], "rest-api.md, Cancel All Open Orders on a Symbol")

    section = "rest-api.md, Cancel an Existing Order and Send a New Order: "
    fresh(x)
    def replace(old, mode="STOP_ON_FAILURE", **params):
        terms = dict(symbol="BTCUSDT", side="BUY", type="LIMIT", timeInForce="GTC", quantity="1",
                     price="51", cancelReplaceMode=mode, cancelOrderId=old)
        terms.update(params)
        return x.signed("POST", "order/cancelReplace",
                        **{name: value for name, value in terms.items() if value is not None})
    def results(answer):
        data = answer.json.get("data", answer.json)
        return [answer.status, answer.code, data["cancelResult"], data["newOrderResult"]]
    old = x.limit("BUY", "1", "50")["orderId"]
    both = replace(old)
    tap.equal(results(both) + [both["cancelResponse"]["status"], both["newOrderResponse"]["status"]],
              [200, None, "SUCCESS", "SUCCESS", "CANCELED", "NEW"], section + "both succeed: 200")
    none = replace(old)
    tap.equal(results(none) + [none["data"]["newOrderResponse"], none["data"]["cancelResponse"]],
              [400, -2022, "FAILURE", "NOT_ATTEMPTED", None, unknown],
              section + "STOP_ON_FAILURE, the cancel fails: 400, -2022, NOT_ATTEMPTED")
    old = x.limit("BUY", "1", "50")["orderId"]
    naked = replace(old, type="LIMIT_MAKER", timeInForce=None, price="101")
    tap.equal(results(naked) + [naked["data"]["newOrderResponse"]["code"], x.status(old)],
              [409, -2021, "SUCCESS", "FAILURE", -2010, "CANCELED"],
              section + "the new order fails after the cancel: 409, -2021")
    tap.equal(results(replace(old, "ALLOW_FAILURE")), [409, -2021, "FAILURE", "SUCCESS"],
              section + "ALLOW_FAILURE, only the cancel fails: 409")
    tap.equal(results(replace(old, "ALLOW_FAILURE", type="LIMIT_MAKER", timeInForce=None,
                              price="101")), [400, -2022, "FAILURE", "FAILURE"],
              section + "ALLOW_FAILURE, both fail: 400")
    old = x.limit("BUY", "1", "50")["orderId"]
    x.filter("MAX_NUM_ALGO_ORDERS", maxNumAlgoOrders=0)
    full = replace(old, side="SELL", type="STOP_LOSS", timeInForce=None, price=None, stopPrice="90")
    tap.equal([full.code, full.msg, x.status(old)],
              [-1013, "Filter failure: MAX_NUM_ALGO_ORDERS", "NEW"],
              section + "filters are evaluated before the cancellation: nothing is canceled")
    x.control("symbol", symbol="BTCUSDT", remove_filter="MAX_NUM_ALGO_ORDERS")
    x.control("settings", order_limit_10s=0)
    over = replace(old)
    tap.equal([over.status, over.code, x.status(old)], [429, -1015, "NEW"],
              section + "order count exceeded, DO_NOTHING: 429, nothing is canceled")
    over = replace(old, orderRateLimitExceededMode="CANCEL_ONLY")
    tap.equal(results(over) + [over["data"]["newOrderResponse"]["code"]],
              [429, -2021, "SUCCESS", "FAILURE", -1015], section + "CANCEL_ONLY: 429 and canceled")
    x.control("settings", order_limit_10s=100)
    before = x.signed("GET", "rateLimit/order")[1]["count"]
    replace(old)
    tap.equal(x.signed("GET", "rateLimit/order")[1]["count"], before + 1,
              section + "NOT_ATTEMPTED still increases the unfilled order count by 1")

    section = "order_amend_keep_priority.md: "
    fresh(x)
    made = x.limit("SELL", "5.5", "200", newClientOrderId="a1")["orderId"]
    def amend(qty, **more):
        return x.signed("PUT", "order/amend/keepPriority", symbol="BTCUSDT", orderId=made, newQty=qty,
                        **more)
    amended = amend("5", newClientOrderId="a2")
    tap.equal([amended["amendedOrder"]["qty"], amended["amendedOrder"]["origClientOrderId"],
               amended["amendedOrder"]["orderId"], x.balance("BTC")],
              ["5.00000000", "a1", made, ("5.00000000", "5.00000000")],
              section + "reduces the quantity, the order ID stays the same")
    tap.equal([amend("6").msg, amend("5").msg],
              ["Order amend (quantity increase) is not supported.",
               "The requested action would change no state; rejecting."], section + "refusals, -2038")
    tap.equal([(row["origQty"], row["newQty"]) for row in
               x.signed("GET", "order/amendments", symbol="BTCUSDT", orderId=made).json],
              [("5.50000000", "5.00000000")], "rest-api.md, Query Order Amendments")

    section = "rest-api.md, Query order: "
    fresh(x)
    tap.equal(x.query(999999).json, {"code": -2013, "msg": "Order does not exist."},
              "errors.md -2013")
    x.control("settings", query_lag_ms=60000)
    made = x.limit("BUY", "1", "50")["orderId"]
    lags = x.query(made).code
    x.control("settings", query_lag_ms=0)
    x.control("clock", advance_ms=60001)
    now = x.now()
    tap.equal([lags, x.query(made, timestamp=now)["status"]], [-2013, "NEW"],
              "rest-api.md, Data Sources: a lookup may lag, on command")
    opened = x.signed("GET", "openOrders", symbol="BTCUSDT", timestamp=now).json
    everywhere = x.signed("GET", "openOrders", timestamp=now).json
    tap.equal([[row["orderId"] for row in opened], opened == everywhere], [[made], True],
              "rest-api.md, Current open orders: with and without a symbol")
    every = x.signed("GET", "allOrders", symbol="BTCUSDT", orderId=made - 1, limit=2,
                     timestamp=now).json
    tap.equal([row["orderId"] for row in every], [made - 1, made],
              "rest-api.md, All orders: orders >= that orderId")
    tap.equal(x.signed("GET", "allOrders", symbol="BTCUSDT", startTime=now - 86400001, endTime=now,
                       timestamp=now).code, -1127,
              "rest-api.md, All orders: startTime and endTime can't be more than 24 hours apart")
    trades = x.signed("GET", "myTrades", symbol="BTCUSDT", limit=2, timestamp=now).json
    tap.equal([len(trades), x.signed("GET", "myTrades", symbol="BTCUSDT", fromId=trades[1]["id"],
                                     timestamp=now).json, x.signed("GET", "myTrades",
               symbol="BTCUSDT", orderId=1, startTime=5, timestamp=now).code],
              [2, [trades[1]], -1128], "rest-api.md, Account trade list: limit, fromId, and "
              "the supported combinations")

    before = len(x.ledger()["orders"])
    tap.equal([x.signed("POST", "order/test", symbol="BTCUSDT", side="BUY", type="MARKET",
                        quantity="1", timestamp=now).json,
               x.signed("POST", "order/test", symbol="BTCUSDT", side="BUY", type="LIMIT",
                        timeInForce="GTC", quantity="1", price="1.001", timestamp=now).msg,
               len(x.ledger()["orders"])], [{}, "Filter failure: PRICE_FILTER", before],
              "rest-api.md, Test new order: validates, and does not send it")
tap.finish()
