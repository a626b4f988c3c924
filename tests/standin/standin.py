"""A stand-in for Binance's public endpoints, over real sockets, that misbehaves on command.

    standin.py [--port N] [--tls DIR]

prints "port N" once it listens on 127.0.0.1, and ends when its standard input is closed.  With --tls
it speaks TLS with a self-signed certificate for localhost that it puts into DIR/cert.pem (it needs
the openssl program; without it, it prints "no tls" and ends).

Orders reach it at POST /_control, as a JSON object; every member is optional:

    {"reset": true,                                 what it knew is forgotten
     "prices": {"BTCUSDC": ["97000.00", "97000.01"]},
     "remove": ["DOGEUSDC"],                        -1121 from now on
     "missing": ["ETHUSDC"],                        known, but left out of lists
     "rules": {"BTCUSDC": {...}},                   replaces the symbol's element of exchangeInfo
     "candles": {"BTCUSDC": [[...], ...]},          what klines answers from
     "weight": 1234, "weight_limit": 6000,          used weight said in the header; the limit
     "time_offset_ms": -1500,                       of /api/v3/time against this machine
     "behave": [{"path": "/api/v3/ticker/bookTicker", "times": 2, "do": "status",
                 "status": 429, "headers": {"Retry-After": "1"}, "body": "..."}]}

"times" -1 is for ever.  What "do" may be:
    status      answers so             truncate     says a longer Content-Length, then closes
    garbage     bytes that are no HTTP  short        says a shorter Content-Length
    drop        closes unanswered      stall_before says nothing for "seconds"
    drip        a byte each "seconds"  stall_after  sends the header, then nothing for "seconds"
    huge        "bytes" of body        chunked_cut  ends in the middle of a chunk
    idle_close  answers, then closes without having said so
    reset       closes unanswered, by RST     twice  answers, and says the same once more

GET /_log answers what was asked so far, whatever was answered: [{"method", "path", "query", "body",
"headers", "connection", "at_ms"}, ...].
"""
import argparse
import json
import os
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
from urllib.parse import parse_qs, urlsplit

DEFAULT_PRICES = {
    "BTCUSDC": ["97000.00", "97000.01"],
    "ETHUSDC": ["3300.00", "3300.01"],
    "SOLUSDC": ["170.00", "170.01"],
}


class World:
    def __init__(self):
        self.lock = threading.Lock()
        self.log = []
        self.reset()

    def reset(self):
        self.prices = dict(DEFAULT_PRICES)
        self.missing = set()
        self.rules = {}
        self.candles = {}
        self.weight = 10
        self.weight_limit = 6000
        self.time_offset_ms = 0
        self.last_ids = {}
        self.behaviours = []
        self.log.clear()

    def control(self, order):
        if order.get("reset"):
            self.reset()
        self.prices.update(order.get("prices", {}))
        for symbol in order.get("remove", []):
            self.prices.pop(symbol, None)
        self.missing.update(order.get("missing", []))
        self.rules.update(order.get("rules", {}))
        self.candles.update(order.get("candles", {}))
        self.last_ids.update(order.get("last_ids", {}))
        for name in ("weight", "weight_limit", "time_offset_ms"):
            setattr(self, name, order.get(name, getattr(self, name)))
        self.behaviours += order.get("behave", [])

    def behaviour(self, path):
        for each in self.behaviours:
            if path.startswith(each["path"]) and each.get("times", 1) != 0:
                if each.get("times", 1) > 0:
                    each["times"] = each.get("times", 1) - 1
                return dict(each)
        return None


def default_rules(symbol):
    base, quote = (symbol[:-4], symbol[-4:]) if len(symbol) > 5 else (symbol[:-3], symbol[-3:])
    return {
        "symbol": symbol, "status": "TRADING", "baseAsset": base, "quoteAsset": quote,
        "orderTypes": ["LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT",
                       "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"],
        "ocoAllowed": True, "otoAllowed": True, "opoAllowed": True, "cancelReplaceAllowed": True,
        "filters": [
            {"filterType": "PRICE_FILTER", "minPrice": "0.01000000", "maxPrice": "1000000.00000000",
             "tickSize": "0.01000000"},
            {"filterType": "LOT_SIZE", "minQty": "0.00001000", "maxQty": "9000.00000000",
             "stepSize": "0.00001000"},
            {"filterType": "MARKET_LOT_SIZE", "minQty": "0.00000000", "maxQty": "100.00000000",
             "stepSize": "0.00000000"},
            {"filterType": "PERCENT_PRICE_BY_SIDE", "bidMultiplierUp": "5",
             "bidMultiplierDown": "0.2", "askMultiplierUp": "5", "askMultiplierDown": "0.2",
             "avgPriceMins": 5},
            {"filterType": "NOTIONAL", "minNotional": "5.00000000", "applyMinToMarket": True,
             "maxNotional": "9000000.00000000", "applyMaxToMarket": False, "avgPriceMins": 5},
            {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": 200},
            {"filterType": "MAX_NUM_ORDER_LISTS", "maxNumOrderLists": 20},
            {"filterType": "MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders": 5},
            {"filterType": "TRAILING_DELTA", "minTrailingAboveDelta": 10,
             "maxTrailingAboveDelta": 2000, "minTrailingBelowDelta": 10,
             "maxTrailingBelowDelta": 2000},
        ],
    }


class Refused(Exception):
    def __init__(self, status, code, msg):
        super().__init__(msg)
        self.status, self.code, self.msg = status, code, msg


def symbols_of(world, query, default=None):
    if "symbols" in query:
        try:
            names = json.loads(query["symbols"][0])
        except ValueError:
            raise Refused(400, -1100, "Illegal characters found in parameter 'symbols'.")
    elif "symbol" in query:
        names = [query["symbol"][0]]
    else:
        return list(world.prices) if default is None else default
    for name in names:
        if name not in world.prices:
            raise Refused(400, -1121, "Invalid symbol.")
    return names


def shaped(query, rows):
    return rows[0] if "symbol" in query and rows else rows


def candles_of(world, query):
    symbol = symbols_of(world, query)[0]
    start = int(query.get("startTime", ["0"])[0])
    end = int(query.get("endTime", [str(10 ** 15)])[0])
    limit = min(int(query.get("limit", ["500"])[0]), 1000)
    step = {"1s": 1000, "1m": 60000, "15m": 900000}.get(query["interval"][0], 60000)
    if symbol in world.candles:
        rows = world.candles[symbol]
    else:
        bid = world.prices[symbol][0]
        first = -(-start // step) * step
        last = min(end, int(time.time() * 1000) + world.time_offset_ms)
        rows = [[at, bid, bid, bid, bid, "1.0", at + step - 1, "0", 1, "0", "0", "0"]
                for at in range(first, last + 1, step)][:limit]
    return [row for row in rows if start <= row[0] <= end][:limit]


def answer(world, path, query):
    """The body of a good answer, as what json.dumps takes."""
    if path == "/api/v3/ping":
        return {}
    if path == "/api/v3/time":
        return {"serverTime": int(time.time() * 1000) + world.time_offset_ms}
    if path == "/api/v3/ticker/bookTicker":
        return shaped(query, [
            {"symbol": name, "bidPrice": world.prices[name][0], "bidQty": "1.00000000",
             "askPrice": world.prices[name][1], "askQty": "1.00000000"}
            for name in symbols_of(world, query) if name not in world.missing])
    if path == "/api/v3/ticker/price":
        return shaped(query, [{"symbol": name, "price": world.prices[name][0]}
                              for name in symbols_of(world, query)])
    if path == "/api/v3/ticker/24hr":
        return shaped(query, [
            {"symbol": name, "priceChange": "1.0", "priceChangePercent": "0.420",
             "lastPrice": world.prices[name][0], "bidPrice": world.prices[name][0],
             "askPrice": world.prices[name][1], "lastId": world.last_ids.get(name, 1000),
             "count": 10}
            for name in symbols_of(world, query) if name not in world.missing])
    if path == "/api/v3/exchangeInfo":
        return {
            "timezone": "UTC", "serverTime": int(time.time() * 1000),
            "rateLimits": [{"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE",
                            "intervalNum": 1, "limit": world.weight_limit}],
            "exchangeFilters": [],
            "symbols": [world.rules.get(name, default_rules(name))
                        for name in symbols_of(world, query)],
        }
    if path == "/api/v3/klines":
        return candles_of(world, query)
    raise Refused(404, -1000, "no such path")


def head(status, length, extra=None):
    lines = [f"HTTP/1.1 {status} X", "Content-Type: application/json",
             "Date: " + time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    for name, value in (extra or {}).items():
        lines.append(f"{name}: {value}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape")


def misbehave(sock, how, body, headers):
    """Answers as told.  False if the connection is to be closed."""
    do, seconds = how["do"], how.get("seconds", 5)
    if "body" in how:
        body = how["body"].encode("utf-8", "surrogateescape")
    headers = dict(headers, **how.get("headers", {}))
    if do == "status":
        sock.sendall(head(how.get("status", 200), len(body), headers) + body)
        return True
    if do == "idle_close":
        sock.sendall(head(200, len(body), headers) + body)
    elif do == "reset":
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    elif do == "twice":
        sock.sendall((head(200, len(body), headers) + body) * 2)
        return True
    elif do == "garbage":
        sock.sendall(b"\x00\xff\x1b]0;pwned\x07 this is not HTTP\r\n\r\n" * 20)
    elif do == "truncate":
        sock.sendall(head(200, len(body), headers) + body[:len(body) // 2])
    elif do == "short":
        sock.sendall(head(200, len(body) // 2, headers) + body)
    elif do == "chunked_cut":
        sock.sendall(head(200, None, dict(headers, **{"Transfer-Encoding": "chunked"}))
                     + b"%x\r\n" % len(body) + body[:len(body) // 2])
    elif do == "stall_before":
        time.sleep(seconds)
    elif do == "stall_after":
        sock.sendall(head(200, len(body), headers))
        time.sleep(seconds)
    elif do == "drip":
        for byte in head(200, len(body), headers) + body:
            sock.sendall(bytes([byte]))
            time.sleep(seconds)
        return True
    elif do == "huge":
        size = how.get("bytes", 64 << 20)
        sock.sendall(head(200, None if how.get("unsaid") else size, headers))
        for _ in range(size // 65536):
            sock.sendall(b" " * 65536)
    return False


def read_request(sock, buffered):
    while b"\r\n\r\n" not in buffered:
        piece = sock.recv(65536)
        if not piece:
            return None, b""
        buffered += piece
    top, rest = buffered.split(b"\r\n\r\n", 1)
    length = 0
    for line in top.split(b"\r\n")[1:]:
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":", 1)[1])
    while len(rest) < length:
        piece = sock.recv(65536)
        if not piece:
            return None, b""
        rest += piece
    method, target = top.split(b"\r\n")[0].decode("latin-1").split(" ")[:2]
    headers = [line.decode("latin-1") for line in top.split(b"\r\n")[1:]]
    return (method, target, headers, rest[:length]), rest[length:]


def serve_one(world, sock, number, request):
    """False if the connection is to be closed."""
    method, target, said_headers, body = request
    parts = urlsplit(target)
    if method == "POST" and parts.path == "/_control":
        with world.lock:
            world.control(json.loads(body))
        sock.sendall(head(200, 2) + b"{}")
        return True
    if parts.path == "/_log":
        with world.lock:
            said = json.dumps(world.log).encode()
        sock.sendall(head(200, len(said)) + said)
        return True

    with world.lock:
        world.log.append({"method": method, "path": parts.path, "query": parts.query,
                          "body": body.decode("latin-1"), "headers": said_headers,
                          "connection": number, "at_ms": int(time.monotonic() * 1000)})
        how = world.behaviour(parts.path)
        headers = {"X-MBX-USED-WEIGHT-1M": str(world.weight)}
        try:
            status, said = 200, answer(world, parts.path, parse_qs(parts.query))
        except Refused as refused:
            status, said = refused.status, {"code": refused.code, "msg": refused.msg}
    said = json.dumps(said).encode()
    if how is not None:
        return misbehave(sock, how, said, headers)
    sock.sendall(head(status, len(said), headers) + said)
    return True


def serve(world, sock, number, context):
    try:
        if context is not None and sock.recv(1, socket.MSG_PEEK) == b"\x16":   # orders come plain
            sock = context.wrap_socket(sock, server_side=True)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        buffered = b""
        while True:
            request, buffered = read_request(sock, buffered)
            if request is None or not serve_one(world, sock, number, request):
                break
    except (OSError, ValueError):
        pass
    finally:
        sock.close()


def make_certificate(folder):
    try:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
             "-keyout", os.path.join(folder, "key.pem"), "-out", os.path.join(folder, "cert.pem")],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        print("no tls", flush=True)
        sys.exit(0)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem"))
    return context


def accept_all(world, listener, context):
    number = 0
    while True:
        sock, _ = listener.accept()
        number += 1
        threading.Thread(target=serve, args=(world, sock, number, context), daemon=True).start()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tls")
    args = parser.parse_args()
    context = make_certificate(args.tls) if args.tls else None
    listener = socket.create_server(("127.0.0.1", args.port), backlog=64)
    threading.Thread(target=accept_all, args=(World(), listener, context), daemon=True).start()
    print(f"port {listener.getsockname()[1]}", flush=True)
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
