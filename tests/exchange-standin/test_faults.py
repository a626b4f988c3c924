# Faults on command: what the sender sees, and what had happened all the same.
import http.client
import json
import os
import shutil
import socket
import ssl
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "exchange-standin"))
import tap
from standin import KEY, Standin


def ends(call):
    """How a request ends: its status, or the name of what went wrong with the connection."""
    try:
        return call().status
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__


def placed(x):
    return len(x.ledger()["orders"])


def buy(x, **more):
    return lambda: x.limit("BUY", "0.001", "40000", **more)


folder = tempfile.mkdtemp()
with Standin(tls_dir=folder) as x:
    x.fault("lost_request")
    tap.equal([ends(buy(x)), placed(x)], ["RemoteDisconnected", 0],
              "lost_request: the connection ends and nothing was processed")
    x.fault("lost_request", reset=True)
    tap.equal([ends(buy(x)), placed(x)], ["ConnectionResetError", 0], "lost_request with RST")
    x.fault("lost_reply")
    tap.equal([ends(buy(x)), placed(x)], ["RemoteDisconnected", 1],
              "lost_reply: no answer, and the order is there")
    x.fault("lost_reply", reset=True)
    tap.equal([ends(buy(x)), placed(x)], ["ConnectionResetError", 2], "lost_reply with RST")
    x.fault("hang")
    tap.equal([ends(buy(x, timeout=0.2)), placed(x)], ["TimeoutError", 3],
              "hang: processed, never answered")
    x.fault("hang", process=False)
    tap.equal([ends(buy(x, timeout=0.2)), placed(x)], ["TimeoutError", 3],
              "hang without processing")

    began = time.monotonic()
    x.fault("delay", before_ms=150, after_ms=150)
    status = ends(buy(x))
    tap.ok(status == 200 and time.monotonic() - began >= 0.3 and placed(x) == 4,
           "delay before and after processing")
    x.fault("delay", before_ms=400)
    thread = threading.Thread(target=lambda: ends(buy(x)))
    thread.start()
    began = time.monotonic()
    time.sleep(0.05)
    other = x.get("ping").status
    quick = time.monotonic() - began
    during = placed(x)
    thread.join()
    tap.equal([other, quick < 0.3, during, placed(x)], [200, True, 4, 5],
              "a delayed request holds nobody else up, and is processed late")
    x.fault("delay", before_ms=250)
    tap.equal(x.limit("BUY", "0.001", "40000", recvWindow=100).code, -1021,
              "rest-api.md, Timing security: delayed beyond recvWindow, a request is rejected")

    count = placed(x)
    def struck(**fault):
        x.fault("reply", **fault)
        return x.limit("BUY", "0.001", "40000")
    answer = struck(status=503, code=-1007, process=True,
                    msg="Timeout waiting for response from backend server. Send status unknown; "
                    "execution status unknown.")
    tap.equal([answer.status, answer.code, placed(x)], [503, -1007, count + 1],
              "errors.md -1007: execution status unknown, and it was executed")
    answer = struck(status=503, code=-1007, msg="Timeout waiting for response from backend server.")
    tap.equal([answer.status, answer.code, placed(x)], [503, -1007, count + 1],
              "errors.md -1007: the same words, and it was not")
    answer = struck(status=500, code=-1001, msg="Internal error; unable to process your request. "
                    "Please try again.")
    tap.equal([answer.status, answer.code, placed(x)], [500, -1001, count + 1], "errors.md -1001")
    answer = struck(status=502, body="<html>Bad Gateway</html>", process=True)
    tap.equal([answer.status, answer.json, placed(x)], [502, None, count + 2],
              "rest-api.md, HTTP Return Codes: 5XX, the execution status is UNKNOWN (an HTML page)")
    answer = struck(status=429, code=-1003, msg="Too many requests queued.", retry_after=7)
    tap.equal([answer.status, answer.headers["Retry-After"]], [429, "7"], "429 with Retry-After")
    answer = struck(status=418, code=-1003, msg="banned", retry_after=120)
    tap.equal([answer.status, answer.headers["Retry-After"]], [418, "120"], "418 with Retry-After")
    tap.equal(struck(status=403, body="<html>WAF</html>").status, 403, "403 of the firewall")

    x.fault("truncate", bytes=20)
    tap.equal([ends(buy(x)), placed(x)], ["IncompleteRead", count + 3],
              "truncate: processed, and part of the body")
    x.fault("reset_mid", bytes=20)
    tap.ok(ends(buy(x)) in ("ConnectionResetError", "IncompleteRead") and placed(x) == count + 4,
           "reset_mid: processed, and torn off with RST")
    for body in ["empty", "html", "nesting", "huge", "nul", "utf8", "numbers", "types", "half",
                 "array", "header"]:
        before = placed(x)
        x.fault("hostile", hostile=body)
        answer = x.limit("BUY", "0.001", "40000")
        tap.ok(answer.status == 200 and placed(x) == before + 1 and
               not (isinstance(answer.json, dict) and answer.json.get("status") == "NEW"),
               "hostile body: %s" % body)
        x.signed("DELETE", "openOrders", symbol="BTCUSDT")
    x.fault("forge", members={"executedQty": "1e30", "orderId": -1})
    answer = x.limit("BUY", "0.001", "40000")
    tap.equal([answer["executedQty"], answer["orderId"], answer["status"]], ["1e30", -1, "NEW"],
              "forge: an answer like any other, but for what was told")
    x.fault("forge", members={"twice": True}, path="/api/v3/openOrders", method="GET")
    once = len(x.signed("GET", "openOrders", symbol="BTCUSDT").json)
    tap.equal([once, len(x.signed("GET", "openOrders", symbol="BTCUSDT").json)], [2, 1],
              "forge: each element twice")
    x.signed("DELETE", "openOrders", symbol="BTCUSDT")
    before = placed(x)
    x.fault("hostile", hostile="half", process=False)
    tap.equal([x.limit("BUY", "0.001", "40000").body, placed(x)], ["", before],
              "a hostile body may come without anything having been processed")
    x.fault("drip", path="/api/v3/ping", method="GET", every_ms=1)
    tap.equal(x.get("ping").json, {}, "drip: byte after byte, and whole in the end")

    count = placed(x)
    x.fault("lost_reply", skip=1, count=2, contains="quantity=0.002")
    results = [ends(lambda q=q: x.limit("BUY", q, "40000"))
               for q in ["0.002", "0.001", "0.002", "0.002", "0.002"]]
    tap.equal(results, [200, 200, "RemoteDisconnected", "RemoteDisconnected", 200],
              "a fault strikes by what a request contains, after skip, count times")
    x.fault("lost_reply", count=0)
    results = [ends(buy(x)) for _ in range(3)]
    x.control("faults", "DELETE")
    tap.equal([set(results), ends(buy(x))], [{"RemoteDisconnected"}, 200],
              "count 0 strikes until it is taken back")
    log = [(row["path"], row["fault"], row["processed"]) for row in x.requests()][-4:]
    tap.equal(log, [("/api/v3/order", True, True)] * 3 + [("/api/v3/order", False, True)],
              "the log tells what was struck and what was processed")

    # A kept-alive connection: the first request is answered, the second is processed and dropped.
    x.fault("lost_reply", skip=1)
    def payload():
        text = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.001&price=40000" \
               "&timestamp=%d" % (time.time() * 1000)
        return text + "&signature=" + x.sign(text)
    count = placed(x)
    kept = http.client.HTTPConnection("127.0.0.1", x.ports["http"], timeout=5)
    kept.connect()
    kept.auto_open = 0
    kept.request("POST", "/api/v3/order", payload(), {"X-MBX-APIKEY": KEY})
    first = kept.getresponse()
    first.read()
    kept.request("POST", "/api/v3/order", payload(), {"X-MBX-APIKEY": KEY})
    tap.equal([first.status, ends(kept.getresponse), placed(x)], [200, "RemoteDisconnected", count + 2],
              "a kept-alive connection is dropped after processing")
    kept.close()
    rows = x.requests()[-2:]
    tap.equal(rows[0]["connection"], rows[1]["connection"], "and it was the same connection")
    body = payload()
    raw = socket.create_connection(("127.0.0.1", x.ports["http"]))
    raw.sendall(("POST /api/v3/order HTTP/1.1\r\nHost: x\r\nX-MBX-APIKEY: %s\r\nExpect: "
                 "100-continue\r\nTransfer-Encoding: chunked\r\n\r\n" % KEY).encode())
    go_on = raw.recv(100)
    raw.sendall(b"%x\r\n%s\r\n" % (10, body[:10].encode()))
    raw.sendall(b"%x\r\n%s\r\n0\r\n\r\n" % (len(body) - 10, body[10:].encode()))
    tap.equal([go_on[:12], raw.recv(100)[:12]], [b"HTTP/1.1 100", b"HTTP/1.1 200"],
              "a body may come in chunks, after 100 Continue")
    raw.close()

    x.control("settings", partial={"count": 1, "permille": 500})
    half = x.market("BUY", "0.1")
    tap.equal([half["status"], half["executedQty"]], ["EXPIRED", "0.05000000"],
              "a partial fill on command: MARKET ends EXPIRED")
    x.control("settings", partial={"count": 1, "permille": 500})
    half = x.limit("BUY", "0.1", "50001")
    x.price("49990")
    tap.equal([half["status"], half["executedQty"], x.status(half["orderId"])],
              ["PARTIALLY_FILLED", "0.05000000", "FILLED"],
              "a partial fill on command: GTC rests until the market moves")
    made = x.limit("BUY", "0.001", "40000")["orderId"]
    x.control("expire", orderId=made)
    tap.equal([x.status(made), x.query(made)["expiryReason"]], ["EXPIRED", "EXCHANGE_CANCELED"],
              "an order expires on command")
    stop = x.order(side="SELL", type="STOP_LOSS", quantity="0.01", stopPrice="49000")["orderId"]
    x.control("settings", deaf_stops=1)
    x.price("48000")
    deaf = x.status(stop)
    x.control("settings", deaf_stops=0)
    tap.equal([deaf, x.status(stop)], ["NEW", "FILLED"], "stops that don't hear, on command")
    x.control("tape", rows=[{"at_ms": 0, "symbol": "BTCUSDT", "price": "47000"},
                            {"at_ms": 100, "symbol": "BTCUSDT", "price": "46000"}])
    first = x.get("ticker/price", symbol="BTCUSDT")["price"]
    time.sleep(0.15)
    tap.equal([first, x.get("ticker/price", symbol="BTCUSDT")["price"]],
              ["47000.00000000", "46000.00000000"], "a tape plays in time")

    tap.equal(x.raw("GET", "/api/v3/ping", tls=True).status, 200, "TLS with the right certificate")
    for name, word in [("expired", "expired"), ("wrong_host", "ostname mismatch"),
                       ("self_signed", "self"), ("unknown_ca", "unable to get local issuer")]:
        x.control("tls", certificate=name, count=1)
        try:
            said = str(x.raw("GET", "/api/v3/ping", tls=True).status)
        except ssl.SSLError as error:
            said = str(error)
        tap.ok(word in said, "a wrong certificate: %s" % name, said)
    tap.equal(x.raw("GET", "/api/v3/ping", tls=True).status, 200,
              "and the right one again when the count is used up")
    x.fault("lost_reply")
    tap.ok(isinstance(ends(lambda: x.raw("POST", "/api/v3/order", payload(), {"X-MBX-APIKEY": KEY},
                                         tls=True)), str), "faults strike over TLS, too")

    x.control("connections", down_ms=150)
    down = ends(lambda: x.get("ping"))
    time.sleep(0.2)
    tap.equal([down, ends(lambda: x.get("ping"))], ["ConnectionRefusedError", 200],
              "nobody listens for a while")
    before = x.ledger()
    x.control("restart", down_ms=50)
    time.sleep(0.1)
    after = x.ledger()
    tap.equal([name for name in before if name != "now" and before[name] != after[name]], [],
              "a restart keeps every order, fill, balance and key")

state = folder + "/state.json"
with Standin(state=state) as x:
    x.price("60000")
    x.limit("BUY", "0.01", "55000", newClientOrderId="kept")
    made = x.signed("POST", "orderList/opoco", symbol="BTCUSDT", workingType="LIMIT",
                    workingSide="BUY", workingPrice="59000", workingQuantity="0.01",
                    workingTimeInForce="GTC", pendingSide="SELL", pendingAboveType="LIMIT_MAKER",
                    pendingAbovePrice="65000", pendingBelowType="STOP_LOSS",
                    pendingBelowStopPrice="50000")
    x.control("fill", orderId=made["orders"][0]["orderId"], qty="0.005")
    before = x.ledger()
    x.kill()
    x = Standin(state=state)
    with x:
        after = x.ledger()
        tap.equal([name for name in before if name not in ("now",) and before[name] != after[name]],
                  [], "killed and started again with its state, nothing is lost")
        x.price("58000")
        x.price("49000")
        tap.equal([x.status(row["orderId"]) for row in made["orders"]],
                  ["FILLED", "FILLED", "EXPIRED"], "and what was half done goes on")
        tap.equal(x.query(origClientOrderId="kept")["status"], "FILLED",
                  "orders are found by their client order id afterwards")
shutil.rmtree(folder)
tap.finish()
