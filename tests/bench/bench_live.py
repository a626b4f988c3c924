"""LIVE, as the exchange sees it: how long after the first fill its stop rests, how soon after a price an
exit is on the wire, and the gap when a stop moves.  Each beside the same requests as a bare libcurl
program sends them in the same run, over the same sockets."""
import os
import subprocess
import sys
import time
import urllib.parse
from decimal import Decimal

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "live"))
import judge                                               # noqa: E402
from live import KEY, ORDER, REPLACE, SYMBOL, LiveHouse    # noqa: E402
from house import Failed                                   # noqa: E402

SCALE = max(1, int(os.environ.get("ROBSON_BENCH_SCALE", "1")))
ROUNDS = 8 * SCALE


def median(values):
    values = sorted(values)
    return values[len(values) // 2] if values else float("nan")


def row(name, values, than=None, base=None):
    """As tests/bench/bench.c prints it."""
    value = median(values) / 1000
    text = "  %-64s %10.3f ms   " % (name, value)
    if base:
        text += "  %7.2f x %s (%.3f)" % (value / (median(base) / 1000) if median(base) else 0, than, median(base) / 1000)
    print(text, flush=True)


class Bare:
    """The bare program, on one connection."""

    def __init__(self, house):
        program = os.path.join(os.environ["top_builddir"], "tests", "bench", "bare_curl")
        self.house = house
        self.popen = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                      env=dict(os.environ, BARE_KEY=KEY))

    def send(self, *requests):
        """[(status, us)] of (method, path, params) sent one after the other."""
        for method, path, params in requests:
            if path.startswith("/api/v3/ticker"):
                query = urllib.parse.urlencode(params)
            else:
                query = urllib.parse.urlencode(dict(params, timestamp=int(time.time() * 1000)))
                query += "&signature=" + self.house.x.sign(query)
            url = self.house.x.url + path
            if method == "POST":
                self.popen.stdin.write("%s %s %s\n" % (method, url, query))
            else:
                self.popen.stdin.write("%s %s?%s -\n" % (method, url, query))
        self.popen.stdin.write("go\n")
        self.popen.stdin.flush()
        answers = [self.popen.stdout.readline().split() for _ in requests]
        answers = [(int(status), float(us)) for status, us in answers]
        if any(status != 200 for status, _ in answers):
            raise Failed("the bare program got %r for %r" % (answers, requests))
        return answers

    def close(self):
        self.popen.stdin.close()
        self.popen.wait(5)
        self.popen.stdout.close()


def stamps(house, since, **what):
    """When the exchange had requests like this, in us."""
    found = []
    for asked in house.x.requests()[since:]:
        if all(word in asked[key] + (asked["body"] if key == "query" else "") for key, word in what.items()):
            found.append(asked["monoUs"])
    return found


def order(side, **more):
    return "POST", ORDER, dict(symbol=SYMBOL, side=side, **more)


def flat(house, number):
    house.json("operation", "close", str(number))
    house.must(house.closes(number), "it does not close", *house.evidence())
    house.must(house.settled(), *house.wrong())


def plain_entry(house, bare):
    house.allow("plain")
    ours, floor = [], []
    for _ in range(ROUNDS):
        since = len(house.x.requests())
        number = house.opened(quantity="0.01")
        house.must(house.settled(), *house.wrong())
        ours.append(stamps(house, since, path=ORDER, query="STOP_LOSS")[0] -
                    stamps(house, since, path=ORDER, query="side=BUY")[-1])
        flat(house, number)
        since = len(house.x.requests())
        bare.send(order("BUY", type="LIMIT", timeInForce="FOK", quantity="0.01", price="50050"),
                  order("SELL", type="STOP_LOSS", quantity="0.00999", stopPrice="49500"))
        asked = stamps(house, since, method="POST", path=ORDER)
        floor.append(asked[1] - asked[0])
        house.x.signed("DELETE", "openOrders", symbol=SYMBOL)
    row("plain entry: first fill to its stop resting", ours, "bare libcurl", floor)


def list_entry(house, bare):
    house.allow("opo")
    seen, gaps, floor = [], [], []
    for _ in range(ROUNDS):
        since = len(house.x.requests())
        number = house.opened(quantity="0.01")
        house.must(house.settled(), *house.wrong())
        house.must(house.until(lambda n=number: house.shown(n) == "EXCH+LOCAL", 10), "not shown")
        entered = stamps(house, since, path="/orderList/opo")[0]
        stop = house.orders("stop")[-1]["client_order_id"]
        looks = [us for us in stamps(house, since, method="GET", path=ORDER, query=stop) +
                 stamps(house, since, method="GET", path="/api/v3/openOrders") if us > entered]
        seen.append(min(looks) - entered if looks else 0)
        gaps.append(sum(gap[3] for gap in judge.windows(house.book(), house.ledger()) if gap[0] == number) * 1000)
        flat(house, number)
        since = len(house.x.requests())
        bare.send(("POST", "/api/v3/orderList/opo", dict(
            symbol=SYMBOL, workingType="LIMIT", workingSide="BUY", workingTimeInForce="FOK", workingQuantity="0.01",
            workingPrice="50050", pendingType="STOP_LOSS", pendingSide="SELL", pendingStopPrice="49500")),
            ("GET", "/api/v3/openOrders", dict(symbol=SYMBOL)))
        asked = stamps(house, since, path="/api/v3/o")
        floor.append(asked[1] - asked[0])
        house.x.signed("DELETE", "openOrders", symbol=SYMBOL)
    row("OPO entry: first fill to its stop resting (one request)", gaps)
    row("OPO entry: first fill to the first look at its stop", seen, "bare libcurl", floor)


def moving(house, bare):
    house.allow("opo")
    number = house.opened(quantity="0.01")
    house.must(house.settled(), *house.wrong())
    ours, floor, two = [], [], []
    for each in range(ROUNDS):
        since = len(house.x.requests())
        began = time.monotonic_ns() / 1000
        done = house.json("operation", "stop", str(number), str(Decimal("49500") + 10 * (each + 1)))
        house.must(done.code == 0, done)
        house.must(house.settled(), *house.wrong())
        ours.append(stamps(house, since, path=REPLACE)[0] - began)
    gaps = [gap[3] * 1000 for gap in judge.windows(house.book(), house.ledger()) if gap[0] == number]
    flat(house, number)
    house.x.market("BUY", "0.01")
    bare.send(order("SELL", type="STOP_LOSS", quantity="0.00999", stopPrice="49500", newClientOrderId="bare0"))
    for each in range(ROUNDS):
        floor.append(bare.send(("POST", REPLACE, dict(
            symbol=SYMBOL, side="SELL", type="STOP_LOSS", quantity="0.00999", stopPrice="49600",
            cancelReplaceMode="STOP_ON_FAILURE", cancelOrigClientOrderId="bare%d" % each,
            newClientOrderId="bare%d" % (each + 1))))[0][1])
    for each in range(ROUNDS):
        since = len(house.x.requests())
        bare.send(("DELETE", ORDER, dict(symbol=SYMBOL, origClientOrderId="bare%d" % (ROUNDS + each))),
                  order("SELL", type="STOP_LOSS", quantity="0.00999", stopPrice="49600",
                        newClientOrderId="bare%d" % (ROUNDS + each + 1)))
        asked = stamps(house, since, path=ORDER)
        two.append(asked[1] - asked[0])
    house.x.signed("DELETE", "openOrders", symbol=SYMBOL)
    row("a stop moves: gap at the exchange, the longest", [max(gaps, default=0)], "cancel, then create", two)
    row("a stop moves: from the command's start to its request there", ours, "bare libcurl's request", floor)


def local_stop(house, bare):
    """A position that only the monitor protects: the exchange refuses its stop."""
    house.allow("plain")
    ours, waited, floor = [], [], []
    for _ in range(ROUNDS):
        house.fault("reply", contains="STOP_LOSS", status=400, code=-2010, msg="Not now.", count=0)
        house.open(quantity="0.01", wait=1)   # it would wait for the stop
        number = house.live_rows("operations")[-1]["id"]
        house.must(house.until(lambda n=number: house.shown(n) == "LOCAL", 10), "not LOCAL", house.shown(number))
        since = len(house.x.requests())
        crossed = time.monotonic_ns() / 1000
        house.price("49400")
        house.must(house.closes(number), "not sold", *house.evidence())
        ticker = [us for us in stamps(house, since, method="GET", path="/api/v3/ticker") if us > crossed]
        sold = stamps(house, since, method="POST", path=ORDER, query="type=MARKET")[0]
        ours.append(sold - max(us for us in ticker if us < sold))
        waited.append(sold - crossed)
        house.heal()
        house.must(house.settled(), *house.wrong())
        house.price("50000")
        since = len(house.x.requests())
        house.x.market("BUY", "0.01")
        bare.send(("GET", "/api/v3/ticker/bookTicker", dict(symbol=SYMBOL)),
                  order("SELL", type="MARKET", quantity="0.00999"))
        floor.append(stamps(house, since, method="POST", path=ORDER, query="SELL")[0] -
                     stamps(house, since, method="GET", path="/api/v3/ticker")[-1])
    row("local stop: the answer with the price to the exit there", ours, "bare libcurl", floor)
    row("local stop: the price itself to the exit (asked every 200 ms)", waited, "bare libcurl", floor)


def main():
    print("\nLIVE against the stand-in (medians of %d)" % ROUNDS, flush=True)
    status = 0
    for part in (plain_entry, list_entry, moving, local_stop):
        house = LiveHouse(part.__name__)
        bare = Bare(house)
        try:
            house.monitor()
            part(house, bare)
        except Failed as failed:
            print("%s: %s" % (part.__name__, failed))
            status = 1
        finally:
            bare.close()
            house.close()
    sys.exit(status)


if __name__ == "__main__":
    main()
