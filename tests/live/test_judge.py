"""The judge of the LIVE scenes can tell: a book that agrees with the exchange has nothing wrong, and
every falsehood that is told to it is found."""
import copy
import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "live"))
sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "exchange-standin"))
sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
import judge                      # noqa: E402
import tap                        # noqa: E402
from standin import Standin       # noqa: E402

BOOK, MINE = "0123456789abcdef", "r01234567-"


def order(ledger, mine, purpose, **more):
    """The book's row of an order, as the exchange has it."""
    there = [row for row in ledger["orders"] if row["clientOrderId"] == mine][0]
    row = dict(client_order_id=mine, mode="LIVE", intent_id="i1", operation_id=1, purpose=purpose,
               symbol="BTCUSDT", side=there["side"], type=there["type"].replace("LIMIT_MAKER", "LIMIT"),
               quantity=there["origQty"], filled_quantity=there["executedQty"],
               price=there["price"] if "LIMIT" in there["type"] else None,
               stop_price=there["stopPrice"] if "STOP" in there["type"] else None,
               state=judge.name(there["status"]))
    row.update(more)
    return row


def book_of(ledger, purposes, **operation):
    orders = [order(ledger, MINE + key, purpose) for key, purpose in purposes.items()]
    ids = {row["orderId"]: row["clientOrderId"] for row in ledger["orders"]}
    fills = [dict(client_order_id=ids[t["orderId"]], exchange_trade_id=str(t["id"]), price=t["price"],
                  quantity=t["qty"], commission=t["commission"], commission_asset=t["commissionAsset"])
             for t in ledger["trades"] if ids[t["orderId"]].startswith(MINE)]
    row = dict(id=1, intent_id="i1", mode="LIVE", symbol="BTCUSDT", status="ACTIVE", stop_price="49000",
               entry_quantity=sum_of(ledger, True), exit_quantity=sum_of(ledger, False))
    row.update(operation)
    return dict(books=[dict(mode="LIVE", id=BOOK)], orders=orders, fills=fills, operations=[row],
                intents=[dict(id="i1", mode="LIVE", status="EXECUTED", quantity="0.10000000")],
                trades=[dict(operation_id=1)] if row["status"] == "CLOSED" else [])


def sum_of(ledger, buyer):
    return str(sum(judge.Decimal(t["qty"]) for t in ledger["trades"] if t["isBuyer"] == buyer))


def enter(x, tail=""):
    answer = x.signed("POST", "orderList/opoco", symbol="BTCUSDT", workingType="LIMIT", workingSide="BUY",
                      workingPrice="50010", workingQuantity="0.1", workingTimeInForce="FOK", pendingSide="SELL",
                      pendingBelowType="STOP_LOSS", pendingBelowStopPrice="49000", pendingAboveType="LIMIT_MAKER",
                      pendingAbovePrice="52000", listClientOrderId=MINE + "l1" + tail,
                      workingClientOrderId=MINE + "e1" + tail, pendingAboveClientOrderId=MINE + "t1" + tail,
                      pendingBelowClientOrderId=MINE + "s1" + tail)
    assert answer.status == 200, answer


def finds(book, ledger, change, words, name, how=judge.compare):
    book, ledger = copy.deepcopy(book), copy.deepcopy(ledger)
    change(book, ledger)
    found = how(book, ledger)
    tap.ok(any(words in line for line in found), name, *found)


with Standin() as x:
    enter(x)
    ledger = x.ledger()
    book = book_of(ledger, {"e1": "entry", "s1": "stop", "t1": "target"})
    tap.equal(judge.compare(book, ledger), [], "a position under its stop agrees")
    tap.equal(judge.history(book, ledger, x.requests()), [], "and nothing about it is past healing")
    tap.equal([w for w in judge.windows(book, ledger)], [], "its stop rested from the first fill")

    def put(table, at, **what):
        return lambda b, l: b[table][at].update(what)
    finds(book, ledger, put("orders", 1, state="UNKNOWN"), "is UNKNOWN", "an unknown order")
    finds(book, ledger, put("orders", 1, state="CANCELLED"), "the exchange says NEW", "a state that is not so")
    finds(book, ledger, put("orders", 1, state="NEVER_ARRIVED"), "has it as NEW", "an order that is there all the same")
    finds(book, ledger, put("orders", 1, quantity="0.09"), "on the exchange for", "a wrong quantity")
    finds(book, ledger, put("orders", 1, stop_price="48000"), "stop_price", "a stop elsewhere")
    finds(book, ledger, put("orders", 0, filled_quantity="0"), "filled", "a fill that is not summed")
    finds(book, ledger, lambda b, l: b["orders"].pop(2), "the book does not", "an order that the book has not")
    finds(book, ledger, lambda b, l: b["fills"].clear(), "in the book None", "a fill that is not booked")
    finds(book, ledger, lambda b, l: b["fills"].append(b["fills"][0]), "booked twice", "a fill twice")
    finds(book, ledger, put("fills", 0, price="50010"), "in the book", "a fill at another price")
    finds(book, ledger, put("fills", 0, commission="0"), "in the book", "a fill without its commission")
    finds(book, ledger, put("operations", 0, entry_quantity="0.2"), "by the exchange", "a position that is not so")
    finds(book, ledger, put("operations", 0, stop_price="49500"), "rests", "a stop further away than shown")
    finds(book, ledger, put("operations", 0, status="CLOSED"), "CLOSED and holds", "closed and held")
    finds(book, ledger, put("intents", 0, status="EXECUTING"), "nothing of it is open", "executing and nothing open")
    finds(book, ledger, lambda b, l: l["orders"][1].update(status="EXPIRED"), "rests", "a stop that is gone")
    finds(book, ledger, put("intents", 0, quantity="0.05"), "more than its", "more than was wanted", judge.history)
    finds(book, ledger, lambda b, l: l["orders"].append(l["orders"][0]), "placed 2 times", "the same id twice",
          judge.history)
    requests = x.requests()
    tap.ok(any("sent twice" in line for line in judge.history(book, ledger, requests + requests)),
           "a request that came twice")

    # The stop is moved in two steps: the gap is seen.
    x.signed("DELETE", "orderList", symbol="BTCUSDT", listClientOrderId=MINE + "l1")
    x.control("clock", advance_ms=50)
    x.order(side="SELL", type="STOP_LOSS", quantity="0.1", stopPrice="49500", newClientOrderId=MINE + "s2")
    ledger = x.ledger()
    book = book_of(ledger, {"e1": "entry", "s1": "stop", "t1": "target", "s2": "stop"}, stop_price="49500")
    tap.equal(judge.compare(book, ledger), [], "a moved stop agrees")
    gaps = judge.windows(book, ledger)
    tap.ok(len(gaps) == 1 and 50 <= gaps[0][3] < 2000, "but there was a gap", gaps)

    # A second exit, out of the account's own coins.
    x.price("49400")
    x.market("SELL", "0.1", newClientOrderId=MINE + "x1")
    ledger = x.ledger()
    book = book_of(ledger, {"e1": "entry", "s1": "stop", "t1": "target", "s2": "stop", "x1": "exit"}, status="CLOSED")
    tap.ok(any("more than it had bought" in line for line in judge.history(book, ledger)), "a second exit",
           *judge.history(book, ledger))

with Standin() as x:
    x.market("BUY", "0.1", newClientOrderId=MINE + "e1")
    x.control("clock", advance_ms=70)
    ledger = x.ledger()
    book = book_of(ledger, {"e1": "entry"})
    tap.ok(any("rests nothing" in line for line in judge.compare(book, ledger)), "a naked position",
           *judge.compare(book, ledger))
    gaps = judge.windows(book, ledger)
    tap.ok(len(gaps) == 1 and gaps[0][2] is None and gaps[0][3] >= 70, "that lasts", gaps)
    x.limit("SELL", "0.1", "60000", newClientOrderId=MINE + "t1")
    x.limit("SELL", "0.1", "61000", newClientOrderId=MINE + "t2")
    ledger = x.ledger()
    book = book_of(ledger, {"e1": "entry", "t1": "target", "t2": "target"})
    tap.ok(any("is for sale" in line for line in judge.history(book, ledger)), "more for sale than is held",
           *judge.history(book, ledger))
tap.finish()
