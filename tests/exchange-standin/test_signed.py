# Keys, signatures, timestamps, and what an account is told about itself.
import os
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "exchange-standin"))
import tap
from standin import KEY, Standin

EXAMPLE_MS = 1499827319559
ASCII = ("symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000"
         "&timestamp=1499827319559", "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71")
WIDE = ("symbol=%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96&side=BUY&type=LIMIT"
        "&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559",
        "e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3")

with Standin() as x:
    section = "rest-api.md, HMAC Keys: "
    header = {"X-MBX-APIKEY": KEY}
    def post(payload, signature, body=None, **headers):
        return x.raw("POST", "/api/v3/order?%s&signature=%s" % (payload, signature), body,
                     dict(header, **headers))
    x.control("clock", freeze_ms=EXAMPLE_MS + 100)
    for symbol in ["LTCBTC", "１２３４５６"]:
        x.price("0.2", symbol=symbol)
    tap.equal(post(*ASCII).status, 200, section + "the worked example is accepted")
    tap.equal(post(*WIDE).json.get("symbol"), "１２３４５６",
              section + "so is the one whose symbol is not ASCII")
    tap.equal(post(ASCII[0], ASCII[1].upper()).status, 200,
              "rest-api.md, Signature Case Sensitivity: HMAC signatures are not case-sensitive")
    tap.equal(post(ASCII[0], "0" + ASCII[1][1:]).json,
              {"code": -1022, "msg": "Signature for this request is not valid."},
              "errors.md -1022: a wrong signature")
    plain = urllib.parse.unquote(WIDE[0])
    tap.equal(post(WIDE[0], x.sign(plain)).code, -1022,
              "CHANGELOG.md 2026-01-15: signed before it was percent-encoded, -1022")
    half = ASCII[0].split("&price")
    rest = "price" + half[1]
    signature = x.sign(half[0] + rest)
    tap.equal(x.raw("POST", "/api/v3/order?" + half[0], rest + "&signature=" + signature,
                    header).status, 200,
              section + "the payload is the query string and the body without separator")
    tap.equal(x.raw("POST", "/api/v3/order", ASCII[0] + "&signature=" + ASCII[1], header).status, 200,
              "rest-api.md, General Information on Endpoints: POST parameters in the body")
    both = "symbol=LTCBTC&price=0.11" + "&" + ASCII[0].split("&", 1)[1].replace("&price=0.1", "")
    body = "price=0.15"
    answer = x.raw("POST", "/api/v3/order?" + both + "&signature=" + x.sign(both + body), body,
                   header)
    tap.equal(answer.json.get("price"), "0.11000000", "rest-api.md, General Information on "
              "Endpoints: sent in both, the query string is used")
    tap.equal(x.raw("POST", "/api/v3/order?" + ASCII[0], None, header).code, -1102,
              "errors.md -1102: no signature was sent")

    section = "rest-api.md, Timing security: "
    now = EXAMPLE_MS + 100
    def at(timestamp, **more):
        return x.signed("GET", "openOrderList", timestamp=timestamp, **more)
    tap.equal([at(now - 5000).status, at(now - 5001).code], [200, -1021],
              section + "without recvWindow it defaults to 5000 milliseconds")
    tap.equal(at(now - 5001).msg, "Timestamp for this request is outside of the recvWindow.",
              "errors.md -1021: too old, in its words")
    tap.equal([at(now + 999).status, at(now + 1000).msg],
              [200, "Timestamp for this request was 1000ms ahead of the server's time."],
              section + "timestamp < serverTime + 1 second")
    tap.equal([at(now - 59000, recvWindow=60000).status, at(now, recvWindow=60001).code],
              [200, -1102], section + "maximum recvWindow is 60000 milliseconds")
    tap.equal([at(now - 6, recvWindow="6.5").status, at(now - 7, recvWindow="6.5").code,
               at(now, recvWindow="6.5432").code], [200, -1021, -1100],
              section + "recvWindow has up to three decimal places")
    tap.equal([at(now * 1000).status, at((now - 5001) * 1000).code], [200, -1021],
              section + "a timestamp may be in microseconds")
    x.control("clock", advance_ms=10000)
    tap.equal(at(now).code, -1021, "the clock jumps on command")
    x.control("clock", thaw=True)

    section = "rest-api.md, Request Security: "
    key, x.key = x.key, ""
    tap.equal([x.signed("GET", "account").status, x.signed("GET", "account").json],
              [401, {"code": -2014, "msg": "API-key format invalid."}], section + "no key, -2014")
    x.key = "nobody"
    tap.equal([x.signed("GET", "account").status, x.signed("GET", "account").json],
              [401, {"code": -2015, "msg": "Invalid API-key, IP, or permissions for action."}],
              section + "an unknown key, -2015")
    x.key = key
    x.control("key", key=KEY, trade=False)
    tap.equal([x.signed("GET", "account").status, x.limit("BUY", "0.001", "40000").code],
              [200, -2015], section + "by default, an API key cannot TRADE: -2015")
    x.control("key", key=KEY, trade=True, read=False)
    tap.equal(x.signed("GET", "account").code, -2015, section + "USER_DATA is a permission, too")
    x.control("key", key=KEY, read=True)
    x.control("account", can_trade=False)
    tap.equal(x.limit("BUY", "0.001", "40000").msg, "This account may not place or cancel orders.",
              "errors.md -2010: the account has trading ability disabled")
    x.control("account", can_trade=True)

    section = "rest-api.md, Ed25519 Keys: "
    folder = tempfile.mkdtemp()
    private, message = folder + "/key.pem", folder + "/message"
    try:
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", private],
                       check=True, capture_output=True)
        public = subprocess.run(["openssl", "pkey", "-in", private, "-pubout"], check=True,
                                capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        tap.skip(section + "accepted", "there is no openssl command with Ed25519")
        public = None
    if public:
        import base64
        def sign(payload):
            with open(message, "w") as file:
                file.write(payload)
            made = subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", private, "-in",
                                   message], check=True, capture_output=True)
            return base64.b64encode(made.stdout).decode()
        x.control("key", key="ed", pem=public)
        x.key, hmac, x.sign = "ed", x.sign, sign
        tap.equal(x.signed("GET", "openOrderList").status, 200,
                  section + "a base64 signature, percent-encoded, is accepted")
        x.sign = lambda payload: sign(payload).swapcase()
        tap.equal(x.signed("GET", "openOrderList").code, -1022,
                  "rest-api.md, Signature Case Sensitivity: Ed25519 is case-sensitive")
        x.sign = lambda payload: sign(payload + "0")
        tap.equal(x.signed("GET", "openOrderList").code, -1022, section + "another payload's")
        x.sign = hmac
        tap.equal(x.signed("GET", "openOrderList").code, -1022, section + "an HMAC is none")
        x.key = key

with Standin() as x:
    section = "rest-api.md, Account information: "
    account = x.signed("GET", "account")
    documented = ["makerCommission", "takerCommission", "buyerCommission", "sellerCommission",
                  "commissionRates", "canTrade", "canWithdraw", "canDeposit", "brokered",
                  "requireSelfTradePrevention", "preventSor", "updateTime", "accountType",
                  "balances", "permissions", "uid"]
    tap.equal([field for field in documented if field not in account.json], [],
              section + "every documented field")
    tap.ok({"asset": "BNB", "free": "0.00000000", "locked": "0.00000000"} in account["balances"] and
           "BNB" not in [row["asset"] for row in
                         x.signed("GET", "account", omitZeroBalances="true")["balances"]],
           section + "omitZeroBalances emits only the non-zero balances")
    x.control("account", special={"taker": "0.01"}, tax={"seller": "0.00000116"},
              discount_enabled=True)
    rates = x.signed("GET", "account/commission", symbol="BTCUSDT")
    tap.equal([rates["specialCommission"]["taker"], rates["taxCommission"]["seller"],
               rates["standardCommission"]["maker"], rates["discount"]],
              ["0.01000000", "0.00000116", "0.00100000",
               {"enabledForAccount": True, "enabledForSymbol": True, "discountAsset": "BNB",
                "discount": "0.75000000"}], "rest-api.md, Query Commission Rates")
    x.control("account", special={"taker": "0"}, tax={"seller": "0"}, discount_enabled=False)
    filters = x.signed("GET", "myFilters", symbol="BTCUSDT")
    tap.ok({"exchangeFilters", "symbolFilters", "assetFilters"} == set(filters.json),
           "rest-api.md, Query relevant filters")

    section = "rest-api.md, Query Unfilled Order Count: "
    def counts():
        return [row["count"] for row in x.signed("GET", "rateLimit/order").json]
    tap.equal([(row["interval"], row["intervalNum"]) for row in
               x.signed("GET", "rateLimit/order").json], [("SECOND", 10), ("DAY", 1)],
              section + "for all intervals")
    x.control("clock", freeze_ms=x.now() // 10000 * 10000)
    when = x.now()
    def limit(side, price, **more):
        return x.limit(side, "0.001", price, timestamp=when, **more)
    faq = "order_count_decrement.md, "
    first = limit("BUY", "40000")
    tap.equal([first.headers["X-MBX-ORDER-COUNT-10S"], first.headers["X-MBX-ORDER-COUNT-1D"]],
              ["1", "1"], "rest-api.md, Unfilled Order Count: X-MBX-ORDER-COUNT headers")
    x.signed("DELETE", "order", symbol="BTCUSDT", orderId=first["orderId"], timestamp=when)
    def count():
        return x.signed("GET", "rateLimit/order", timestamp=when)[0]["count"]
    tap.equal(count(), 1, faq + "canceled or expired orders: canceling does not change the count")
    limit("BUY", "50001", timeInForce="FOK")
    tap.equal(count(), 1, faq + "Example 1: first fill as taker (-1)")
    limit("BUY", "49000", timeInForce="FOK")
    tap.equal(count(), 2, faq + "an order that expires with no fill stays counted")
    for price in ["45000", "45001", "45002", "45003"]:
        maker = limit("BUY", price)
    tap.equal(count(), 6, faq + "Example 2: each new order (+1)")
    x.control("fill", orderId=maker["orderId"], qty="0.0005")
    tap.equal(count(), 1, faq + "Example 2: first fill as maker (-5)")
    x.control("fill", orderId=maker["orderId"])
    tap.equal(count(), 1, faq + "Example 2: the second fill of an order changes nothing")
    x.control("settings", order_limit_10s=2)
    limit("BUY", "40000")
    over = limit("BUY", "40000")
    tap.equal([over.status, over.code, over.msg, int(over.headers["Retry-After"]) <= 10],
              [429, -1015, "Too many new orders; current limit is 2 orders per 10 SECOND.", True],
              "rest-api.md, Unfilled Order Count: 429 with Retry-After; errors.md -1015")
    x.control("clock", advance_ms=10000)
    when += 10000
    tap.equal([count(), limit("BUY", "40000").status], [0, 200],
              faq + "a new interval begins at nothing")
    x.control("clock", thaw=True)
tap.finish()
