"""A written day, played in one process or with kills, and everything that is checked of it."""
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from fractions import Fraction

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
import tap  # noqa: E402
import reckon  # noqa: E402
import script  # noqa: E402
import tapes  # noqa: E402
import triggers  # noqa: E402

ROBSON = os.environ["ROBSON"]
DAY = os.path.join(os.environ["top_builddir"], "tests", "days", "day")
STILL = "0.001"                          # a speed at which a tape stands nearly still


class Day:
    def __init__(self, name, tape, ticks, tick=None, seed=1, count=240, hold=600, slippage="0.02",
                 partial="100"):
        self.name, self.tape, self.seed = name, tape, seed
        self.folder = tempfile.mkdtemp(prefix="robson-day-")
        self.db = os.path.join(self.folder, "robson.db")
        self.config = os.path.join(self.folder, "robson.ini")
        self.script = os.path.join(self.folder, "script")
        self.slippage = Decimal(slippage)
        self.settings = {"capital": "1000000", "balance": "1000000", "fee": "0.1", "gap": "0.05"}
        with open(self.config, "w", encoding="ascii") as file:
            file.write("[book]\ncapital = 1000000\n[costs]\nfee_percent = 0.1\ngap_percent = 0.05\n"
                       "[paper]\nbalance = 1000000\nslippage_percent = %s\npartial_fill_percent = %s\n"
                       % (slippage, partial))
            if tick:
                file.write("[replay]\ntick = %s\n" % tick)
        self.prices = tapes.read(tape, ticks)
        self.count = count
        writer = script.Writer(self.prices, seed, count, hold)
        writer.write(self.script)
        self.log = []
        self.now_ms = 0
        self.kills = 0

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is None and not os.environ.get("KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            tap.note("left behind: " + self.folder)

    # ---- playing ----

    def start(self, last=False):
        words = [DAY, self.db, self.config, "replay:%s@max" % self.tape, self.script] + (["last"] if last else [])
        return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)

    def hear(self, process):
        out, err = process.communicate(timeout=600)
        self.log += [line.split("\t") for line in out.decode().splitlines() if line.count("\t") >= 4]
        return process.returncode, err.decode()

    def play(self):
        began = time.monotonic()
        code, err = self.hear(self.start())
        tap.ok(code == 0, "%s: plays to its end in one process" % self.name, err)
        tap.note("%s: %.1f s" % (self.name, time.monotonic() - began))

    def play_with_kills(self, kills, mean_s):
        """Ends the process without warning, at moments drawn from the seed, and starts it again where
        the book last stood."""
        draw = random.Random(self.seed)
        began, last = time.monotonic(), False
        while True:
            process = self.start(last)
            if self.kills < kills:
                try:
                    process.wait(0.02 + draw.expovariate(1 / mean_s))
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
            code, err = self.hear(process)
            last = os.path.exists(self.db)
            if code != -signal.SIGKILL:
                break
            self.kills += 1
        tap.ok(code == 0, "%s: plays to its end through %d kills" % (self.name, self.kills), err)
        tap.note("%s: %.1f s" % (self.name, time.monotonic() - began))

    # ---- asking ----

    def robson(self, *words, wanted=0):
        done = subprocess.run([ROBSON, "--json", "--db", self.db, "--config", self.config, "--feed",
                               "replay:%s@%s" % (self.tape, STILL)] +
                              (["--tape-from", reckon.iso(self.now_ms)] if self.now_ms else []) + list(words),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=300, check=False)
        if wanted is not None and done.returncode != wanted:
            raise AssertionError("%s: exit %d\n%s%s" % (" ".join(words), done.returncode,
                                                        done.stdout.decode()[:2000], done.stderr.decode()))
        return [json.loads(line) for line in done.stdout.decode().splitlines()]

    # ---- judging ----

    def load(self):
        self.fills = self.robson("export", "fills", "--format", "json")
        self.events = self.robson("export", "events", "--format", "json")
        self.now_ms = tapes.to_ms(self.events[-1]["time"])
        listed = self.robson("intents", "--limit", "1000000")
        self.intents = {i["operation_id"]: i for i in listed if i["operation_id"]}
        self.all_intents = listed
        self.listed = {o["operation_id"]: o for o in self.robson("operations", "--limit", "1000000")}
        self.trades = self.robson("trades")
        released = {n for n, o in self.listed.items() if o["status"] == "CANCELLED"}
        self.book = reckon.Book(self.fills, self.intents, released, self.settings)

    def check(self, least, is_killed=False):
        self.load()
        name = self.name
        sides = [self.intents[n]["side"] for n in self.listed]
        reasons = {}
        for op in self.listed.values():
            key = op["exit_reason"] or op["status"]
            reasons[key] = reasons.get(key, 0) + 1
        tap.note("%s: %d intents, %d operations (%d long, %d short), %s; %d events" % (
            name, len(self.all_intents), len(self.listed), sides.count("BUY"), sides.count("SELL"),
            ", ".join("%s %d" % pair for pair in sorted(reasons.items())), len(self.events)))
        tap.ok(len(self.listed) >= least, "%s: at least %d trades were executed" % (name, least))
        tap.ok(min(sides.count("BUY"), sides.count("SELL")) * 4 >= least, name + ": long and short")
        tap.ok(all(reasons.get(r, 0) > 0 for r in ("STOP_LOSS", "TAKE_PROFIT", "MANUAL")),
               name + ": some were stopped, some reached their target, some were closed", reasons)
        self.check_trades()
        self.check_totals()
        self.check_triggers(is_killed)
        self.check_fills()
        self.check_once()
        self.check_verify()

    def check_trades(self):
        wanted = {op.number: op.trade(self.book.costs) for op in self.book.closed}
        got = {t["operation_id"]: {k: t[k] for k in wanted.get(t["operation_id"], t)} for t in self.trades}
        wrong = ["%r\n is not %r" % (got.get(n), wanted.get(n)) for n in sorted(set(got) | set(wanted))
                 if got.get(n) != wanted.get(n)]
        tap.ok(not wrong and len(got) == len(self.trades),
               "%s: %d trades, each equal to its fills to the last digit" % (self.name, len(got)), *wrong[:3])
        bad = []
        for op in self.book.all.values():
            shown = self.listed[op.number]
            wanted = (reckon.text(op.entry.quantity), reckon.text(op.entry.average),
                      reckon.text(op.net) if op.is_flat else None, reckon.text(op.entry.fees + op.exit.fees))
            if (shown["quantity"], shown["entry_price"], shown["realized_pnl"], shown["fees"]) != wanted:
                bad.append("%r %r" % (shown, wanted))
        tap.ok(not bad and set(self.book.all) == set(self.listed), self.name + ": so is each operation", *bad[:3])

    def check_totals(self):
        records = {s["name"]: s["dry_run"] for s in self.robson("strategies") if s["dry_run"]["trades"]}
        tap.equal(records, self.book.strategies(), self.name + ": so are the strategies' records")
        stops = {n: Fraction(o["stop_price"]) for n, o in self.listed.items()}
        prices = {}
        for op in self.book.open:
            quote = self.prices[op.intent["symbol"]].last_at(self.now_ms)
            prices[op.number] = Fraction(quote.bid if op.is_long else quote.ask)
        by_id = {intent["intent_id"]: intent for intent in self.all_intents}
        resting = [(by_id[o["intent_id"]], Fraction(o["quantity"]) - Fraction(o["filled_quantity"]))
                   for o in self.robson("orders", "--open") if o["purpose"].lower() == "entry"]
        now = reckon.iso(self.now_ms)
        wanted = self.book.portfolio(now, stops, prices, resting, [t["operation_id"] for t in self.trades])
        got = [p for p in self.robson("portfolio") if p["mode"] == "DRY_RUN"][0]
        tap.equal({key: got[key] for key in wanted}, wanted, "%s: so is the portfolio, with %d open and %d resting" % (
            self.name, len(self.book.open), len(resting)))
        tap.ok([t["closed_at"] for t in self.trades] == sorted(t["closed_at"] for t in self.trades),
               self.name + ": trades are booked in the order of their time")

    def check_triggers(self, is_killed):
        bad = []
        for life in triggers.lives(self.events, self.intents).values():
            what = triggers.check(life, self.prices[life.symbol], self.now_ms)
            if what:
                bad.append("operation %d: %s" % (life.number, what))
            reason = self.listed[life.number]["exit_reason"]
            if life.fired and reason != life.fired["reason"]:
                bad.append("operation %d: closed by %s, fired %s" % (life.number, reason, life.fired["reason"]))
        tap.ok(not bad, self.name + ": each stop and target fired at the first price that crossed it, "
               "and none without one", *bad[:5])

    def check_fills(self):
        limits = {i["intent_id"]: Decimal(i["entry_price"]) for i in self.all_intents if i["entry_kind"] == "LIMIT"}
        bad = []
        for fill in self.fills:
            intent = self.intents[fill["operation_id"]]
            limit = limits.get(intent["intent_id"]) if fill["side"] == intent["side"] else None
            what = triggers.check_fill(fill, limit, self.prices[fill["symbol"]], self.slippage)
            if what:
                bad.append(what)
        tap.ok(not bad, "%s: each of %d fills is a price of its moment" % (self.name, len(self.fills)), *bad[:3])

    def check_once(self):
        orders = self.robson("orders", "--limit", "1000000")
        entries, held, sold = {}, {}, {}
        for order in orders:
            filled = Decimal(order["filled_quantity"])
            if order["purpose"].lower() == "entry":
                entries[order["intent_id"]] = entries.get(order["intent_id"], 0) + 1
                if order["operation_id"]:
                    held[order["operation_id"]] = filled
            else:
                sold[order["operation_id"]] = sold.get(order["operation_id"], 0) + filled
        tap.ok(all(n == 1 for n in entries.values()), self.name + ": one intent, one entry order")
        tap.ok(all(sold[n] <= held[n] for n in sold), self.name + ": nothing is sold twice")

    def check_verify(self):
        verify = self.robson("verify", wanted=None)[0]
        tap.ok(verify["ok"] and verify["chain_ok"], self.name + ": the book is whole",
               json.dumps([c for c in verify.get("checks", []) if c["status"] != "PASS"], indent=1))
