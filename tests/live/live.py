"""LIVE with real processes against the stand-in for Binance Spot: over sockets, with a key file, a
book of its own, faults, kills, clocks, and a judge that reads the exchange's ledger.

    @live.scene("a time-out is not a failure")
    def time_out(house):
        house.fault("lost_reply", path="/api/v3/orderList/opoco")
        house.open(target="51000")
        house.settles()
    live.play([time_out, ...])

Scenes run side by side, each in a process with a house of its own."""
import json
import os
import sys
import threading
import time
from decimal import Decimal

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "processes"))
sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "exchange-standin"))
import judge                             # noqa: E402
from house import Failed, House, Quiet, play as play_scenes   # noqa: E402
from standin import KEY, SECRET, Standin                      # noqa: E402

SYMBOL, BASE, QUOTE = "BTCUSDT", "BTC", "USDT"
PRICE, STOP, TARGET = "50000", "49500", "51500"
# What a symbol allows decides how an entry goes out.
SHAPES = {
    "opo": {"opoAllowed": True, "otoAllowed": True, "ocoAllowed": True},
    "oto": {"opoAllowed": False, "otoAllowed": True, "ocoAllowed": True},
    "plain": {"opoAllowed": False, "otoAllowed": False, "ocoAllowed": True},
    "bare": {"opoAllowed": False, "otoAllowed": False, "ocoAllowed": False},
}
# The request that an entry goes out with, by shape and whether there is a target.
ENTRIES = {
    ("opo", False): "/api/v3/orderList/opo", ("opo", True): "/api/v3/orderList/opoco",
    ("oto", False): "/api/v3/orderList/oto", ("oto", True): "/api/v3/orderList/otoco",
    ("plain", False): "/api/v3/order", ("plain", True): "/api/v3/order",
    ("bare", False): "/api/v3/order", ("bare", True): "/api/v3/order",
}
ORDER, REPLACE, OCO = "/api/v3/order", "/api/v3/order/cancelReplace", "/api/v3/orderList/oco"

SETTINGS = """[book]
capital = 10000
[feed]
interval_ms = 200
[exchange]
key_file = %(key_file)s
%(more)s"""


class LiveHouse(House):
    """A house whose exchange is the stand-in, and whose book may go LIVE."""

    def __init__(self, name, tls=False, shape="opo", own="1", state=False, symbol=None, more="",
                 key=(KEY, SECRET), is_on=True, weight=100000):
        self.tls, self.more, self.key = tls, more, key
        self.grace_ms = 3000             # how old the truth on the screen may be
        self.truths = []
        super().__init__(name, feed="none", settings="")
        self.state_path = self.path("exchange.json") if state else None
        self.x = Standin(tls_dir=self.folder if tls else None, state=self.state_path).__enter__()
        self.x.control("account", balances={BASE: own})
        self.x.control("settings", weight_limit=weight)   # scenes are in a hurry
        self.allow(shape, **(symbol or {}))
        self.url = "https://localhost:%d" % self.x.ports["https"] if tls else self.x.url
        self.feed = ["--feed", "binance", "--exchange-url", self.url]
        self.key_file = self.path("key")
        self.write_key(*key)
        self.write_settings()
        self.price(PRICE)
        if is_on:
            done = self.run("live", "on")
            self.must(done.code == 0, "live on:", done)

    # ---- the world ----

    def write_key(self, key, secret, mode=0o600):
        with open(self.key_file, "w", encoding="ascii") as file:
            file.write("api_key = %s\nsecret = %s\n" % (key, secret))
        os.chmod(self.key_file, mode)

    def write_settings(self, more=None):
        more = self.more if more is None else more
        if self.tls:
            more = "ca_file = %s\n%s" % (self.path("ca.pem"), more)
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(SETTINGS % {"key_file": self.key_file, "more": more})

    def allow(self, shape, **more):
        self.shape = shape
        flags = dict(SHAPES[shape])
        flags.update(more)
        self.x.control("symbol", symbol=SYMBOL, set=flags)

    def only_types(self, *types):
        self.x.control("symbol", symbol=SYMBOL, set={"orderTypes": list(types)})

    def price(self, price, **more):
        self.x.price(price, **more)

    def fault(self, fault, path=ORDER, method="POST", **more):
        self.x.fault(fault, path=path, method=method, **more)

    def heal(self):
        self.x.control("faults", "DELETE")

    def struck(self, seconds=10):
        """The fault that was armed has struck (its count is used up)."""
        return self.until(lambda: not self.x.control("faults", "GET"), seconds)

    def entry_path(self, has_target=False):
        return ENTRIES[self.shape, has_target]

    # ---- deeds ----

    def plan(self, *more, stop=STOP, target=None, entry=None, quantity=None):
        words = ["plan", "buy", SYMBOL] + ([quantity] if quantity else []) + ["--stop", stop, "--live"]
        words += ["--target", target] if target else []
        words += ["--entry", entry] if entry else []
        done = self.json(*words, "--reason", "a scene", *more)
        self.must(done.code == 0, "plan:", done)
        return done.json["intent_id"]

    def validated(self, *more, **how):
        intent = self.plan(*more, **how)
        done = self.json("validate", intent, "--live")
        self.must(done.code == 0, "validate:", done)
        return intent

    def execute_words(self, intent, wait=30):
        return ["--json", "execute", intent, "--live", "--acknowledge-risk", "--wait", str(wait)]

    def execute(self, intent, wait=30, seconds=60):
        return self.start(*self.execute_words(intent, wait)).result(seconds)

    def open(self, wait=30, **how):
        """Plan, validate, execute; what execute said."""
        return self.execute(self.validated(**how), wait)

    def opened(self, **how):
        """As open, and it must have opened: the operation's id."""
        done = self.open(**how)
        self.must(done.code == 0 and done.json["operation_id"], "execute:", done, self.log())
        return done.json["operation_id"]

    def protected(self, **how):
        """A position that stands under its stop, watched; the operation's id."""
        self.monitor()
        number = self.opened(**how)
        self.must(self.settled(20), "it does not settle:", *self.wrong())
        self.must(self.until(lambda: self.shown(number) == "EXCH+LOCAL", 10),
                  "shown as", self.shown(number), self.log())
        return number

    # ---- looking ----

    def book(self):
        return judge.read_book(self.db)

    def ledger(self):
        return self.x.ledger()

    def view(self):
        return judge.View(self.book(), self.ledger())

    def live_rows(self, table):
        return [row for row in self.book()[table] if row.get("mode", "LIVE") == "LIVE"]

    def orders(self, purpose=None):
        return [row for row in self.live_rows("orders") if purpose in (None, row["purpose"])]

    def there(self, purpose=None):
        """The exchange's orders of this book, by purpose."""
        view = self.view()
        ids = {row["client_order_id"] for row in view.live if purpose in (None, row["purpose"])}
        return [row for mine, rows in view.there.items() for row in rows if mine in ids]

    def status(self, number):
        done = self.json("operation", "status", str(number))
        self.must(done.code == 0, "operation status:", done)
        return done.json

    def shown(self, number):
        return self.status(number)["protection"]["state"]

    def wrong(self):
        """What differs now; the book is read first, so that a fill in between is waited for."""
        book = self.book()
        return judge.compare(book, self.ledger())

    def fatal(self):
        ledger = self.ledger()
        return judge.history(self.book(), ledger, self.x.requests())

    def settled(self, seconds=40, truth=False):
        """Book and exchange agree, and nothing is held without a stop."""
        deadline, looked = time.monotonic() + seconds, 0
        while True:
            if not self.wrong():
                return True
            if truth and time.monotonic() > looked + 0.5:
                self.look_at_truth()
                looked = time.monotonic()
            if time.monotonic() > deadline:
                return False
            self.until(lambda: False, 0.1)

    def look_at_truth(self):
        """What is shown is never better than what the exchange has (or had, a moment ago)."""
        ledger = self.ledger()
        done = self.json("operations", "--status", "active")
        if done.code != 0:
            return
        after = judge.View(self.book(), self.ledger())
        before = judge.View(self.book(), ledger)
        rows = {row["id"]: row for row in after.operations()}
        for line in done.lines:
            row = rows.get(line["operation_id"])
            if line["mode"] != "LIVE" or row is None or not line["protection"]["state"].startswith("EXCH"):
                continue
            if not before.protected(row) and not after.protected(row):
                gaps = [w for w in judge.windows(after.book, after.ledger)
                        if w[0] == row["id"] and w[2] is None]
                if gaps and gaps[0][3] > self.grace_ms:
                    self.truths.append("operation %d is shown as %s; no stop rests since %d ms" % (
                        row["id"], line["protection"]["state"], gaps[0][3]))

    # ---- judging ----

    def settles(self, name="book and exchange agree, flat or protected", seconds=40):
        good = self.settled(seconds)
        return self.tell(name, good, *(() if good else self.evidence(self.wrong())))

    def is_clean(self, name="nothing twice, nothing too much, the book verifies"):
        """The last word of a scene."""
        fatal = self.fatal() + self.truths
        self.look_at_truth()
        verify = self.json("verify")
        good = not fatal and verify.code == 0 and not self.truths
        return self.tell(name, good, *(() if good else self.evidence(fatal + self.truths, verify)))

    def evidence(self, *more):
        """What a person would look at."""
        lines = [str(each) for each in more]
        lines += ["-- asked:"] + ["%s %s %s%s -> %s%s" % (
            row["time"] % 1000000, row["method"], row["path"], "?" + (row["query"] + row["body"])[:400]
            if row["method"] != "GET" else " " + row["query"][:120], row["status"],
            " STRUCK" if row["fault"] else "") for row in self.x.requests()
            if row["method"] != "GET" or row["fault"]][-30:]
        lines += ["-- there:"] + ["%s %s %s %s/%s @%s stop %s %s" % (
            row["clientOrderId"], row["side"], row["type"], row["executedQty"], row["origQty"], row["price"],
            row["stopPrice"], row["status"]) for row in self.ledger()["orders"]][-20:]
        lines += ["-- book:"] + ["%(client_order_id)s %(purpose)s %(side)s %(type)s "
                                 "%(filled_quantity)s/%(quantity)s %(state)s %(error)s" % row
                                 for row in self.orders()]
        lines += ["%(id)d %(status)s in %(entry_quantity)s out %(exit_quantity)s stop %(stop_price)s "
                  "wish '%(wish_reason)s' alarm '%(alarm)s'" % row for row in self.live_rows("operations")]
        lines += ["-- events:"] + ["%s %s" % (row["kind"], row["data"][:300]) for row in self.rows(
            "SELECT * FROM events ORDER BY seq DESC LIMIT 25")][::-1]
        return lines + ["-- log:", self.log()[-1500:]]

    def closes(self, number, seconds=30):
        return self.until(lambda: self.is_closed(number), seconds)

    def close(self):
        super().close()
        try:
            self.x.__exit__(Failed)
        except Exception:                # it may have been killed by its scene
            pass

    def standin_is_alive(self):
        return self.x.process.poll() is None


class Second:
    """Another book (or copy, or host) that talks to the same exchange."""

    def __init__(self, house, db, config=None, feed=None):
        self.house, self.db = house, db
        self.config, self.feed = config or house.config, feed or house.feed

    def run(self, *words, seconds=60):
        arguments = [os.environ["ROBSON"], "--db", self.db, "--config", self.config] + self.feed + list(words)
        return Quiet(self.house, arguments, "second").result(seconds)

    def json(self, *words, **more):
        return self.run("--json", *words, **more)

    def start(self, *words):
        arguments = [os.environ["ROBSON"], "--db", self.db, "--config", self.config] + self.feed + list(words)
        return Quiet(self.house, arguments, "second")


def scene(title, **house):
    """Gives a function its title and the house that it is played in."""
    def mark(function):
        function.__doc__ = title
        function.house = house
        function.maker = LiveHouse
        return function
    return mark


def play(scenes, at_once=None):
    play_scenes(scenes, at_once or int(os.environ.get("AT_ONCE", "8")))


def later(seconds, call):
    """call() in a while, beside what goes on."""
    timer = threading.Timer(seconds, call)
    timer.daemon = True
    timer.start()
    return timer


def decimal(text):
    return Decimal(text)


def dumps(value):
    return json.dumps(value, indent=1)
