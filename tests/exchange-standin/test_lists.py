# Order lists: OCO, OTO, OTOCO, OPO, OPOCO.
import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "exchange-standin"))
import tap
from standin import Standin


def fresh(price="100", **balances):
    x.signed("DELETE", "openOrders", symbol="BTCUSDT")
    x.price(price)
    x.control("account", balances=dict({"USDT": "10000", "BTC": "10", "BNB": "0"}, **balances))


def place(kind, **params):
    return x.signed("POST", "orderList/" + kind, symbol="BTCUSDT",
                    **{name: value for name, value in params.items() if value is not None})


def oco(**more):
    params = dict(side="SELL", quantity="1", aboveType="LIMIT_MAKER", abovePrice="120",
                  belowType="STOP_LOSS", belowStopPrice="90")
    params.update(more)
    return place("oco", **params)


WORKING = dict(workingType="LIMIT", workingSide="BUY", workingPrice="95", workingQuantity="2",
               workingTimeInForce="GTC")
LEGS = dict(pendingSide="SELL", pendingAboveType="LIMIT_MAKER", pendingAbovePrice="120",
            pendingBelowType="STOP_LOSS", pendingBelowStopPrice="90")


def opoco(**more):
    return place("opoco", **dict(WORKING, **LEGS) | more)


def ids(answer):
    """By role: stop, limit (or take profit), and the working order first where there is one."""
    return [report["orderId"] for report in answer["orderReports"]]


def statuses(answer):
    return [x.status(each) for each in ids(answer)]


def why(order_id):
    return x.query(order_id).json.get("expiryReason")


with Standin() as x:
    x.no_filters()
    x.filter("LOT_SIZE", minQty="0.01", maxQty="1000", stepSize="0.01")

    section = "rest-api.md, New Order list - OCO: "
    fresh()
    made = oco(listClientOrderId="list1", aboveClientOrderId="up", belowClientOrderId="down")
    tap.equal([made[name] for name in ["contingencyType", "listStatusType", "listOrderStatus",
                                       "listClientOrderId", "symbol"]],
              ["OCO", "EXEC_STARTED", "EXECUTING", "list1", "BTCUSDT"], section + "the answer")
    tap.equal([(r["type"], r["status"], r["clientOrderId"], r["workingTime"] > 0)
               for r in made["orderReports"]],
              [("STOP_LOSS", "NEW", "down", False), ("LIMIT_MAKER", "NEW", "up", True)],
              section + "two orders, the stop first as in the example")
    tap.equal(x.balance("BTC"), ("9.00000000", "1.00000000"), "an OCO locks its quantity once")
    tap.equal(oco(listClientOrderId="list1").msg, "Duplicate order sent.",
              section + "listClientOrderId is unique among open order lists")
    x.control("fill", clientOrderId="up", qty="0.4")
    tap.equal([statuses(made), why(ids(made)[0]), x.balance("BTC")],
              [["EXPIRED", "PARTIALLY_FILLED"], "OCO_TRIGGER", ("9.00000000", "0.60000000")],
              section + "activation of one order immediately cancels the other: the first partial "
              "fill of the target ends the stop")
    x.price("80")
    tap.equal(statuses(made), ["EXPIRED", "PARTIALLY_FILLED"],
              "and what is left has no stop any more")
    fresh()
    made = oco()
    x.price("89")
    tap.equal([statuses(made), why(ids(made)[1]), x.balance("BTC")],
              [["FILLED", "EXPIRED"], "OCO_TRIGGER", ("9.00000000", "0.00000000")],
              section + "a stop that triggers ends the limit")
    fresh()
    made = oco(belowType="STOP_LOSS_LIMIT", belowPrice="89", belowTimeInForce="GTC")
    x.price("80")
    tap.equal([statuses(made), x.signed("GET", "openOrderList").json != []],
              [["NEW", "EXPIRED"], True],
              "a gap through a stop-limit: the target is gone, the stop rests unfilled")
    fresh()
    made = oco(belowTrailingDelta=500, belowStopPrice=None)
    x.price("110")
    x.price("104.51")
    before = statuses(made)
    x.price("104.5")
    tap.equal([before, statuses(made)], [["NEW", "NEW"], ["FILLED", "EXPIRED"]],
              "trailing-stop-faq.md: OCO orders also support trailing stops in the contingent leg; "
              "the limit leg will be canceled")
    relation = {"code": -2010,
                "msg": "The relationship of the prices for the orders is not correct."}
    fresh()
    tap.equal([oco(abovePrice="99").json, oco(belowStopPrice="101").json], [relation] * 2,
              section + "SELL: price > Last Traded Price > stopPrice")
    buy = dict(side="BUY", aboveType="STOP_LOSS", aboveStopPrice="110", abovePrice=None,
               belowType="LIMIT_MAKER", belowPrice="90", belowStopPrice=None)
    tap.equal([oco(**buy).status, oco(**dict(buy, belowPrice="101")).json,
               oco(**dict(buy, aboveStopPrice="99")).json], [200, relation, relation],
              section + "BUY: price < Last Traded Price < stopPrice")
    fresh()
    tap.equal([oco(aboveType="TAKE_PROFIT", abovePrice=None, aboveStopPrice="110").status,
               oco(aboveType="TAKE_PROFIT", abovePrice=None, aboveStopPrice="99").code],
              [200, -2010], section + "TAKE_PROFIT stopPrice > Last Traded Price")
    up = dict(aboveType="STOP_LOSS", abovePrice=None, aboveStopPrice="110")
    tap.equal([oco(belowType="LIMIT_MAKER", belowStopPrice=None, belowPrice="90").code,
               oco(belowType="LIMIT_MAKER", belowStopPrice=None, belowPrice="90",
                   aboveType="TAKE_PROFIT", abovePrice=None, aboveStopPrice="110").code,
               oco(**up).code, oco(belowType="TAKE_PROFIT").code,
               oco(aboveType="LIMIT", aboveTimeInForce="GTC").code,
               oco(**dict(buy, aboveType="LIMIT_MAKER", abovePrice="110", aboveStopPrice=None,
                          belowType="STOP_LOSS", belowPrice=None, belowStopPrice="90")).code,
               oco(**dict(buy, belowType="STOP_LOSS", belowPrice=None, belowStopPrice="90")).code,
               oco(**dict(buy, aboveType="TAKE_PROFIT")).code],
              [-1168, -1166, -1197, -1199, -1158, -1165, -1196, -1198],
              "errors.md -1158, -1165 to -1168, -1196 to -1199: which type belongs above and below")
    x.control("symbol", symbol="BTCUSDT", set={"ocoAllowed": False})
    tap.equal(oco().msg, "OCO orders are not supported for this symbol",
              "errors.md: OCO is not enabled on the symbol")
    x.control("symbol", symbol="BTCUSDT", set={"ocoAllowed": True})
    tap.equal(oco(quantity="10.01").code, -2010, "errors.md -2010: an OCO without the balance")

    section = "rest-api.md, Cancel Order list: "
    fresh()
    made = oco(listClientOrderId="gone")
    answer = x.signed("DELETE", "orderList", symbol="BTCUSDT", listClientOrderId="gone",
                      newClientOrderId="bye")
    tap.equal([answer["listOrderStatus"], [(r["status"], r["clientOrderId"])
                                           for r in answer["orderReports"]], x.balance("BTC")],
              ["ALL_DONE", [("CANCELED", "bye")] * 2, ("10.00000000", "0.00000000")],
              section + "all of it is canceled, what it locked is free")
    tap.equal([x.signed("DELETE", "orderList", symbol="BTCUSDT", listClientOrderId="gone").code,
               x.signed("DELETE", "orderList", symbol="BTCUSDT").code], [-2011, -1102],
              section + "what is done can't be canceled; one of the ids must be sent")
    made = oco()
    answer = x.signed("DELETE", "order", symbol="BTCUSDT", orderId=ids(made)[0])
    tap.equal([answer["orderListId"], statuses(made)], [made["orderListId"], ["CANCELED"] * 2],
              section + "canceling an individual order will cancel the entire order list")
    made = oco()
    moved = x.signed("POST", "order/cancelReplace", symbol="BTCUSDT", side="SELL", type="STOP_LOSS",
                     quantity="1", stopPrice="95", cancelReplaceMode="STOP_ON_FAILURE",
                     cancelRestrictions="ONLY_NEW", cancelOrderId=ids(made)[0])
    tap.equal([moved["newOrderResult"], statuses(made), x.balance("BTC")],
              ["SUCCESS", ["CANCELED"] * 2, ("9.00000000", "1.00000000")],
              "rest-api.md, Cancel an Existing Order ...: a leg takes its list with it, and the new "
              "order may use what that frees")

    section = "rest-api.md, Query Order list: "
    fresh()
    made = oco(listClientOrderId="q1")
    listed = x.signed("GET", "orderList", origClientOrderId="q1")
    tap.equal([listed["orderListId"], x.signed("GET", "orderList",
               orderListId=made["orderListId"])["orders"], x.signed("GET", "orderList").code],
              [made["orderListId"], listed["orders"], -1102], section + "by either id")
    tap.equal([row["orderListId"] for row in x.signed("GET", "openOrderList").json],
              [made["orderListId"]], "rest-api.md, Query Open Order lists")
    tap.equal([[row["orderListId"] for row in x.signed("GET", "allOrderList", limit=1).json],
               x.signed("GET", "allOrderList", fromId=0, startTime=1).code],
              [[made["orderListId"]], -1128], "rest-api.md, Query all Order lists: the most recent; "
              "with fromId no times")

    section = "rest-api.md, New Order list - OTO: "
    def oto(**more):
        params = dict(WORKING, pendingType="STOP_LOSS", pendingSide="SELL", pendingQuantity="1.99",
                      pendingStopPrice="90")
        params.update(more)
        return place("oto", **params)
    fresh(BTC="0")
    made = oto()
    tap.equal([made["contingencyType"], statuses(made), x.balance("USDT")],
              ["OTO", ["NEW", "PENDING_NEW"], ("9810.00000000", "190.00000000")],
              section + "only the working order goes on the order book")
    x.control("fill", orderId=ids(made)[0], qty="1")
    tap.equal(statuses(made), ["PARTIALLY_FILLED", "PENDING_NEW"],
              section + "a partial fill places nothing: only when it gets fully filled")
    x.control("fill", orderId=ids(made)[0])
    tap.equal([statuses(made), x.balance("BTC")],
              [["FILLED", "NEW"], ("0.00800000", "1.99000000")], section + "then it is placed")
    fresh(BTC="0")
    made = oto(workingPrice="101", workingTimeInForce="FOK")
    tap.equal([[r["status"] for r in made["orderReports"]], statuses(made)],
              [["FILLED", "PENDING_NEW"], ["FILLED", "NEW"]],
              section + "immediately fully filled, the answer still shows PENDING_NEW")
    x.control("settings", oto_funds=True)
    fresh(BTC="0")
    tap.equal(oto().code, -2010, "an OTO may ask for the pending order's funds, on command")
    x.control("settings", oto_funds=False)
    fresh(BTC="0")
    made = oto(workingPrice="101", pendingQuantity="2")
    tap.equal([statuses(made), why(ids(made)[1]), x.balance("BTC")],
              [["FILLED", "EXPIRED"], "REJECTED", ("1.99800000", "0.00000000")],
              "a pending quantity that commission left too large dies when it is due")
    fresh()
    made = oto(workingPrice="94", workingTimeInForce="FOK")
    tap.equal([statuses(made), why(ids(made)[1])],
              [["EXPIRED", "EXPIRED"], "OTO_PHASE_ONE_EXPIRED"],
              "enums.md, Expiry Reasons: a working order that expires takes what is pending along")
    fresh()
    for leg in (0, 1):
        made = oto()
        x.signed("DELETE", "order", symbol="BTCUSDT", orderId=ids(made)[leg])
        tap.equal(statuses(made), ["CANCELED"] * 2, section + "canceled individually (the %s), the "
                  "other is canceled, too" % ("working", "pending")[leg])
    made = oto(workingPrice="101", pendingType="MARKET", pendingStopPrice=None)
    tap.equal(statuses(made), ["FILLED", "FILLED"], section + "what is pending may be MARKET")
    tap.equal([oto(workingType="MARKET", workingPrice=None, workingTimeInForce=None).code,
               oto(workingTimeInForce=None).code, oto(pendingStopPrice=None).code],
              [-1014, -1102, -1102], section + "the working order must be LIMIT or LIMIT_MAKER; "
              "mandatory parameters by type")

    section = "rest-api.md, New Order list - OTOCO: "
    fresh(BTC="0")
    made = place("otoco", pendingQuantity="1.99", **WORKING, **LEGS)
    before = [(r["type"], r["status"]) for r in made["orderReports"]]
    x.control("fill", orderId=ids(made)[0])
    tap.equal([before, statuses(made), x.balance("BTC")],
              [[("LIMIT", "NEW"), ("STOP_LOSS", "PENDING_NEW"), ("LIMIT_MAKER", "PENDING_NEW")],
               ["FILLED", "NEW", "NEW"], ("0.00800000", "1.99000000")],
              section + "pending orders form an OCO pair, placed when the working order is filled")
    x.price("89")
    tap.equal([statuses(made), x.signed("GET", "openOrderList").json],
              [["FILLED", "FILLED", "EXPIRED"], []], section + "which behaves as an OCO")
    fresh()
    made = place("otoco", pendingQuantity="1.99", **dict(WORKING, workingPrice="101"),
                 **dict(LEGS, pendingAbovePrice="100.01"))
    tap.equal([statuses(made), why(ids(made)[1]), why(ids(made)[2])],
              [["FILLED", "EXPIRED", "EXPIRED"], "REJECTED", "REJECTED"],
              "legs that don't fit the market when they are due die both")

    section = "opo.md, "
    fresh(BTC="0")
    made = opoco()
    tap.equal([[r.get("origQty") for r in made["orderReports"]], x.balance("USDT")],
              [["2.00000000", None, None], ("9810.00000000", "190.00000000")],
              section + "pending orders are placed without quantity; the only balance requirement is "
              "that of the working order")
    x.control("fill", orderId=ids(made)[0], qty="1")
    tap.equal([statuses(made), x.balance("BTC")],
              [["PARTIALLY_FILLED", "PENDING_NEW", "PENDING_NEW"], ("0.00000000", "0.99900000")],
              section + "the received funds are locked, without what commission took")
    tap.equal(x.market("SELL", "0.5").code, -2010, section + "and not available for trading")
    x.control("fill", orderId=ids(made)[0])
    tap.equal([statuses(made), x.query(ids(made)[1])["origQty"], x.balance("BTC")],
              [["FILLED", "NEW", "NEW"], "1.99000000", ("0.00800000", "1.99000000")],
              section + "quantity adjusted to LOT_SIZE, what is not used is returned to free")
    fresh(BTC="0.5")
    made = opoco()
    x.control("fill", orderId=ids(made)[0])
    tap.equal([x.query(ids(made)[1])["origQty"], x.balance("BTC")],
              ["2.00000000", ("0.49800000", "2.00000000")],
              section + "commission from the free balance if there is enough")
    fresh(BTC="0")
    made = opoco()
    x.control("fill", orderId=ids(made)[0], qty="1.5")
    x.signed("DELETE", "orderList", symbol="BTCUSDT", orderListId=made["orderListId"])
    tap.equal([statuses(made), x.balance("BTC"), x.balance("USDT")],
              [["CANCELED"] * 3, ("1.49850000", "0.00000000"), ("9857.50000000", "0.00000000")],
              section + "canceled before the pending order is placed, the locked funds are unlocked")
    fresh(BTC="0")
    x.filter("NOTIONAL", minNotional="185", applyMinToMarket=False, maxNotional="9999999",
             applyMaxToMarket=False, avgPriceMins=0)
    made = opoco()
    x.control("fill", orderId=ids(made)[0])
    tap.equal([made.status, statuses(made), why(ids(made)[1]), x.balance("BTC")],
              [200, ["FILLED", "EXPIRED", "EXPIRED"], "REJECTED", ("1.99800000", "0.00000000")],
              section + "the quantity is evaluated by the filters after the working order fills")
    x.control("symbol", symbol="BTCUSDT", remove_filter="NOTIONAL")
    x.filter("MARKET_LOT_SIZE", minQty="0.1", maxQty="100", stepSize="0.1")
    fresh(BTC="0")
    single = place("opo", pendingType="STOP_LOSS", pendingSide="SELL", pendingStopPrice="90",
                   **WORKING)
    x.control("fill", orderId=ids(single)[0])
    tap.equal([statuses(single), x.query(ids(single)[1])["origQty"]],
              [["FILLED", "NEW"], "1.90000000"],
              section + "OPO with one pending order; MARKET_LOT_SIZE adjusts what sells at market")
    x.control("symbol", symbol="BTCUSDT", remove_filter="MARKET_LOT_SIZE")
    fresh()
    tap.equal([opoco(workingSide="SELL", workingPrice="105").code, opoco(pendingSide="BUY").code,
               opoco(pendingQuantity="1").code], [-1222, -1223, -1225],
              "errors.md -1222, -1223, -1225: working BUY, pending SELL, no quantity")
    for flag, kinds in [("opoAllowed", ["opo"]), ("otoAllowed", ["oto", "opo"]),
                        ("ocoAllowed", ["opoco"])]:
        x.control("symbol", symbol="BTCUSDT", set={flag: False})
        refused = []
        for kind in kinds:
            if kind == "opoco":
                refused.append(opoco().code)
            elif kind == "oto":
                refused.append(oto().code)
            else:
                refused.append(place("opo", pendingType="MARKET", pendingSide="SELL", **WORKING).code)
        tap.equal(refused, [-1013] * len(kinds),
                  section + "Which symbols allow OPO orders: %s" % flag)
        x.control("symbol", symbol="BTCUSDT", set={flag: True})
    fresh(BTC="0")
    x.control("settings", refuse_pending=1)
    made = opoco(workingPrice="101")
    tap.equal(statuses(made), ["FILLED", "EXPIRED", "EXPIRED"],
              "pending orders die on activation, on command")
    fresh(BTC="0")
    made = opoco(workingPrice="101", newOrderRespType="FULL")
    tap.equal([r["status"] for r in made["orderReports"]], ["FILLED", "PENDING_NEW", "PENDING_NEW"],
              "an OPOCO's answer also shows PENDING_NEW")
    x.control("symbol", symbol="BTCUSDT", set={})
    x.control("expire", orderId=ids(made)[1])
    tap.equal([statuses(made), why(ids(made)[1])],
              [["FILLED", "EXPIRED", "NEW"], "EXCHANGE_CANCELED"],
              "enums.md, Expiry Reasons: EXCHANGE_CANCELED, one leg alone, on command")

    section = "rest-api.md, Unfilled Order Count: "
    x.control("settings", order_limit_10s=100000)
    counts = []
    for how in (oco, oto, opoco):
        fresh()
        before = x.signed("GET", "rateLimit/order")[1]["count"]
        how()
        counts.append(x.signed("GET", "rateLimit/order")[1]["count"] - before)
    tap.equal(counts, [2, 2, 3], section + "2 for OCO and OTO, 3 for OPOCO")
tap.finish()
