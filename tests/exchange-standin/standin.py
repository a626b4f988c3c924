"""A stand-in exchange of one's own, and a plain client for it.  Standard library only.

    with Standin() as x:
        x.control("price", symbol="BTCUSDT", price="50000")
        x.order(side="BUY", type="MARKET", quantity="0.1").json["status"]
"""
import base64
import hashlib
import hmac
import http.client
import json
import os
import ssl
import subprocess
import sys
import time
import urllib.parse

KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body
        try:
            self.json = json.loads(body)
        except (ValueError, RecursionError):
            self.json = None

    @property
    def code(self):
        return self.json.get("code") if isinstance(self.json, dict) else None

    @property
    def msg(self):
        return self.json.get("msg") if isinstance(self.json, dict) else None

    def __getitem__(self, key):
        return self.json[key]

    def __repr__(self):
        return "%d %s" % (self.status, self.body[:400])


class Standin:
    def __init__(self, *options, tls_dir=None, state=None):
        self.options = list(options)
        if tls_dir:
            self.options += ["--tls", "0", "--tls-dir", tls_dir]
        if state:
            self.options += ["--state", state]
        self.tls_dir = tls_dir
        self.ports = {}
        self.key, self.secret = KEY, SECRET
        self.killed = False

    def __enter__(self):
        program = os.environ.get("EXCHANGE_STANDIN") or os.path.join(
            os.environ["top_builddir"], "tests", "exchange-standin", "exchange-standin")
        self.process = subprocess.Popen([program, "--stdin"] + self.options,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if line == "ready\n":
                break
            name, port = line.split()
            self.ports[name] = int(port)
        return self

    def __exit__(self, kind, *_):
        self.process.stdin.close()
        status = self.process.wait(20)
        self.process.stdout.close()
        assert status == 0 or kind or self.killed, "the stand-in ended with %d" % status

    def kill(self):
        """The hard end: no time to save anything."""
        self.killed = True
        self.process.kill()
        self.process.wait(10)
        self.process.stdin.close()
        self.process.stdout.close()

    @property
    def url(self):
        return "http://127.0.0.1:%d" % self.ports["http"]

    # -- control
    def control(self, verb, method="POST", /, **order):
        connection = http.client.HTTPConnection("127.0.0.1", self.ports["control"], timeout=10)
        connection.request(method, "/" + verb, json.dumps(order) if method == "POST" else None)
        got = connection.getresponse()
        answer = json.loads(got.read())
        connection.close()
        assert got.status == 200, (verb, order, answer)
        return answer

    def ledger(self):
        return self.control("ledger", "GET")

    def requests(self):
        return self.control("requests", "GET")

    def fault(self, fault, path="/api/v3/order", method="POST", **more):
        self.control("faults", fault=fault, path=path, method=method, **more)

    def price(self, price, symbol="BTCUSDT", **more):
        self.control("price", symbol=symbol, price=str(price), **more)

    def balance(self, asset, account=0):
        for row in self.ledger()["accounts"][account]["balances"]:
            if row["asset"] == asset:
                return row["free"], row["locked"]
        return "0.00000000", "0.00000000"

    def filter(self, filter_type, symbol="BTCUSDT", **parts):
        self.control("symbol", symbol=symbol, filter=dict(filterType=filter_type, **parts))

    def no_filters(self, symbol="BTCUSDT"):
        self.control("symbol", symbol=symbol, set={"filters": []})

    # -- requests
    def now(self):
        return self.control("now", "GET")["now"]

    def sign(self, payload):
        return hmac.new(self.secret.encode(), payload.encode(), hashlib.sha256).hexdigest()

    def raw(self, method, target, body=None, headers=None, timeout=5, tls=False, context=None):
        """One request over a connection of its own."""
        if tls:
            context = context or ssl.create_default_context(
                cafile=os.path.join(self.tls_dir, "ca.pem"))
            connection = http.client.HTTPSConnection("localhost", self.ports["https"],
                                                     timeout=timeout, context=context)
        else:
            connection = http.client.HTTPConnection("127.0.0.1", self.ports["http"],
                                                    timeout=timeout)
        try:
            connection.request(method, target, body, headers or {})
            got = connection.getresponse()
            return Answer(got.status, got.headers, got.read().decode("utf-8", "replace"))
        finally:
            connection.close()

    def get(self, path, **params):
        query = urllib.parse.urlencode(params)
        return self.raw("GET", "/api/v3/" + path + ("?" + query if query else ""))

    def signed(self, method, path, in_body=False, timeout=5, **params):
        params.setdefault("timestamp", int(time.time() * 1000))
        payload = urllib.parse.urlencode(params)
        payload += "&signature=" + urllib.parse.quote(self.sign(payload), safe="")
        headers = {"X-MBX-APIKEY": self.key}
        if in_body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            return self.raw(method, "/api/v3/" + path, payload, headers, timeout)
        return self.raw(method, "/api/v3/" + path + "?" + payload, None, headers, timeout)

    def order(self, symbol="BTCUSDT", **params):
        return self.signed("POST", "order", symbol=symbol, **params)

    def limit(self, side, quantity, price, symbol="BTCUSDT", **more):
        params = dict(type="LIMIT", timeInForce="GTC", side=side, quantity=quantity, price=price)
        params.update(more)
        return self.order(symbol, **params)

    def market(self, side, quantity, symbol="BTCUSDT", **more):
        return self.order(symbol, type="MARKET", side=side, quantity=quantity, **more)

    def query(self, order_id=None, symbol="BTCUSDT", **params):
        if order_id is not None:
            params["orderId"] = order_id
        return self.signed("GET", "order", symbol=symbol, **params)

    def status(self, order_id):
        return self.query(order_id)["status"]
