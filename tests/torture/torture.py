"""A trading day of several processes on one database, each of which may be killed at any moment.

Residents (two monitors, of which one holds the lease) and commands of all kinds run side by side; a
killer ends one of them with SIGKILL again and again.  After every kill the rows are read and judged,
after every death of the holder it is measured how long nobody watched, and `verify` reads the whole
audit chain.  What is done, to whom and when is drawn from a seed."""
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

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
import tap  # noqa: E402,F401
import rows  # noqa: E402

ROBSON = os.environ["ROBSON"]
START = 1767571200000
SYMBOLS = {"BTCUSDC": Decimal("90000.00"), "ETHUSDC": Decimal("3300.00")}


def make_tape(path, seed, seconds, swing):
    """A walk of two symbols, a price a second, lively enough that stops and targets are reached."""
    draw = random.Random(seed)
    prices = dict(SYMBOLS)
    with open(path, "w", encoding="ascii") as file:
        file.write("time,symbol,bid,ask\n")
        for second in range(seconds):
            for symbol in sorted(prices):
                home = SYMBOLS[symbol]
                move = prices[symbol] * draw.randint(-swing, swing) / 1000000 + (home - prices[symbol]) / 2000
                prices[symbol] = (prices[symbol] + move).quantize(Decimal("0.01"))
                file.write("%d,%s,%s,%s\n" % (START + second * 1000, symbol, prices[symbol],
                                              prices[symbol] + Decimal("0.01")))


class Wrong(Exception):
    pass


class Screen:
    """The screen in a terminal that closes soon: it goes on without, as the holder of the lease."""

    def __init__(self, words, open_s):
        self.pid, self.master = os.forkpty()
        if self.pid == 0:
            os.environ["TERM"] = "xterm"
            os.execv(words[0], words)
        os.set_blocking(self.master, False)
        self.hang_up_at = time.monotonic() + open_s
        self.returncode = None

    def read(self):
        """What it paints is thrown away; in time its terminal is closed."""
        try:
            while self.master >= 0 and os.read(self.master, 65536):
                pass
        except BlockingIOError:
            if time.monotonic() < self.hang_up_at:
                return
        except OSError:
            pass
        if self.master >= 0:
            os.close(self.master)
            self.master = -1

    def poll(self):
        self.read()
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid == self.pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout=10):
        until = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired("the screen", timeout)
            time.sleep(0.002)
        return self.returncode

    def send_signal(self, number):
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self):
        self.send_signal(signal.SIGKILL)

    def terminate(self):
        self.send_signal(signal.SIGTERM)

    def communicate(self):
        self.wait()


class Day:
    def __init__(self, seed, speed="150", swing=1000):
        """swing: how far a price may go in a second of the tape, in millionths of itself."""
        self.seed = seed
        self.draw = random.Random(seed)
        self.folder = tempfile.mkdtemp(prefix="robson-torture-")
        self.db = os.path.join(self.folder, "robson.db")
        self.config = os.path.join(self.folder, "robson.ini")
        self.tape = os.path.join(self.folder, "tape.csv")
        self.speed = speed
        make_tape(self.tape, seed, 40000, swing)
        with open(self.config, "w", encoding="ascii") as file:
            file.write("[book]\ncapital = 1000000\n[paper]\nbalance = 1000000\npartial_fill_percent = 40\n"
                       "latency_ms = %d\n" % self.draw.choice((0, 0, 20)))
        self.memory = rows.Memory()
        self.residents, self.jobs = {}, []
        self.kills = self.holder_kills = self.done = 0
        self.gaps_ms = []
        self.firings = self.recovered = 0
        self.holders = {}                # what the holders were that were killed
        self.story = []

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        for process in list(self.residents.values()) + [job for job, _, _ in self.jobs]:
            process.kill()
            process.communicate()
        if kind is None and not os.environ.get("KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)

    # ---- processes ----

    def words(self, *args):
        return [ROBSON, "--json", "--db", self.db, "--config", self.config, "--feed",
                "replay:%s@%s" % (self.tape, self.speed), "--tape-from", "last"] + list(args)

    def start(self, *args, env=None):
        return subprocess.Popen(self.words(*args), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, env=env)

    def run(self, *args, env=None, timeout=60):
        done = subprocess.run(self.words(*args), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=timeout, env=env, check=False)
        return done.returncode, [json.loads(line) for line in done.stdout.decode().splitlines()
                                 if line.startswith("{")], done.stderr.decode()

    def resident(self, name):
        if name == "screen":
            words = [word for word in self.words() if word != "--json"]
            self.residents[name] = Screen(words, self.draw.uniform(0.3, 1.5))
            return
        # Its own words are not read while it runs, so they go to a file and not to a pipe.
        with open(os.path.join(self.folder, name + ".out"), "ab") as out:
            self.residents[name] = subprocess.Popen(self.words("monitor"), stdin=subprocess.DEVNULL,
                                                    stdout=out, stderr=out)

    # ---- what a person does ----

    def plan_words(self):
        draw = self.draw
        symbol, side = draw.choice(sorted(SYMBOLS)), draw.choice(("buy", "sell"))
        words = ["plan", side, symbol, "--stop", "%.2f%%" % (draw.randint(30, 120) / 100),
                 "--capital", "10000", "--reason", "torture"]
        if draw.random() < 0.6:
            words += ["--target", "%.1fR" % (draw.randint(8, 25) / 10)]
        if draw.random() < 0.2:
            away = Decimal(draw.randint(5, 40)) / 10000 * (-1 if side == "buy" else 1)
            words += ["--entry", str((SYMBOLS[symbol] * (1 + away)).quantize(Decimal("0.01")))]
        if draw.random() < 0.3:
            words += ["--strategy", "All In"]
        return words

    def next_command(self, book):
        """A command that makes sense in this state of the book, mostly."""
        draw = self.draw
        intents = {}
        for row in book["intents"]:
            intents.setdefault(row["status"], []).append(row["id"])
        active = [row for row in book["operations"] if row["status"] == "ACTIVE"]
        wishes = [self.plan_words()] if len(active) < 12 else []
        wishes += [["validate", i] for i in intents.get("PENDING", [])[:3]] * 2
        wishes += [["execute", i, "--wait", "5"] for i in intents.get("VALIDATED", [])[:3]] * 3
        wishes += [["cancel", i] for i in intents.get("EXECUTING", [])[:1]]
        if active:
            op = draw.choice(active)
            number, stop = str(op["id"]), Decimal(op["stop_price"])
            price = Decimal(op["entry_value"]) / Decimal(op["entry_quantity"])
            nearer = (stop + (price - stop) * Decimal(draw.randint(5, 60)) / 100).quantize(Decimal("0.01"))
            wishes += [["operation", "stop", number, str(nearer)],
                       ["operation", "target", number, "%.1fR" % (draw.randint(5, 30) / 10)]]
            wishes += [["operation", "close", number]] * (len(active) > 6 or draw.random() < 0.3)
        if draw.random() < 0.1:
            wishes = [draw.choice((["pause", "torture"], ["resume"], ["monitor", "--once"], ["portfolio"],
                                   ["doctor"], ["reconcile"], ["panic", "--yes", "FLATTEN"]))]
        if book["paused"]:
            wishes = [["resume"]]
        return draw.choice(wishes)

    def look(self):
        book = rows.read(self.db)
        book["paused"] = self.draw.random() < 0.08   # now and then: resume, whether or not
        return book

    def keep_busy(self, at_once):
        for job in list(self.jobs):
            process, words, began = job
            if process.poll() is not None:
                out, err = process.communicate()
                self.done += 1
                if process.returncode not in (0, 1, 64, 69, 75, -signal.SIGKILL):
                    raise Wrong("%s: exit %d\n%s%s" % (" ".join(words), process.returncode,
                                                       out.decode()[:2000], err.decode()[:2000]))
                self.jobs.remove(job)
            elif time.monotonic() - began > 60:
                raise Wrong("%s: has not ended in a minute" % " ".join(words))
        while len(self.jobs) < at_once:
            words = self.next_command(self.look())
            self.story.append(" ".join(words))
            self.jobs.append((self.start(*words), words, time.monotonic()))

    # ---- killing ----

    def kill(self, process):
        process.send_signal(signal.SIGKILL)
        began = time.monotonic()
        process.wait()
        self.kills += 1
        return began

    def kill_holder(self):
        """Kills whoever holds the lease; says how long nobody did, in ms."""
        beat = rows.heartbeat(self.db)
        victims = [p for p in list(self.residents.values()) + [j for j, _, _ in self.jobs]
                   if beat is not None and p.pid == beat[0]]
        if not victims:
            return None
        began = self.kill(victims[0])
        name = next((n for n, p in self.residents.items() if p is victims[0]), "command").split("-")[0]
        self.holders[name] = self.holders.get(name, 0) + 1
        self.story.append("killed the holder, %s %d" % (name, victims[0].pid))
        self.holder_kills += 1
        while time.monotonic() - began < 10:
            now = rows.heartbeat(self.db)
            if now is not None and now[0] != beat[0] and self.is_all_watched(now[0]):
                gap = int((time.monotonic() - began) * 1000)
                self.gaps_ms.append(gap)
                return gap
            time.sleep(0.004)
        raise Wrong("nobody watches 10 s after the holder's death")

    def is_all_watched(self, pid):
        """The heartbeat counts every open operation, in one moment's rows."""
        book = rows.read(self.db)
        beat = book["heartbeat"][0]
        return beat["pid"] == pid and beat["watched"] == sum(
            row["status"] == "ACTIVE" for row in book["operations"])

    def kill_any(self):
        pool = list(self.residents.values()) + [job for job, _, _ in self.jobs]
        victim = self.draw.choice(pool)
        if victim.poll() is None:
            self.kill(victim)
            self.story.append("killed %d" % victim.pid)

    def raise_dead(self):
        for name, process in list(self.residents.items()):
            if process.poll() is not None:
                # A screen without a terminal ends by itself when all is flat.
                if process.returncode != -signal.SIGKILL and (name, process.returncode) != ("screen", 0):
                    if name == "screen":
                        raise Wrong("the screen ended by itself: exit %d" % process.returncode)
                    with open(os.path.join(self.folder, name + ".out"), "rb") as out:
                        raise Wrong("%s ended by itself: exit %d\n%s" % (
                            name, process.returncode, out.read()[-2000:].decode()))
                # It takes the lease from monitors: now and then, so that they hold it too.
                if name != "screen" or self.draw.random() < 0.2:
                    self.resident(name)

    # ---- judging ----

    def judge(self):
        book = rows.read(self.db)
        wrong = rows.check(book) + self.memory.compare(book)
        if wrong:
            raise Wrong("\n".join(wrong))
        return book

    def verify(self):
        code, lines, err = self.run("verify")
        if code != 0 or not lines or not lines[0]["ok"] or not lines[0]["chain_ok"]:
            raise Wrong("verify: exit %d %s\n%s" % (code, err, json.dumps(
                [c for line in lines for c in line.get("checks", []) if c["status"] == "FAIL"], indent=1)))
        return lines[0]

    def is_watched(self):
        """Robson's own word, asked of a process that has nothing to do with it."""
        code, lines, err = self.run("operations", "--status", "active")
        if code != 0:
            raise Wrong("operations: exit %d %s" % (code, err))
        return all(line["protection"]["watched"] for line in lines), lines

    def warm_up(self, count):
        """So that there is something to lose from the first kill on."""
        for _ in range(count):
            lines = self.run(*self.plan_words())[1]
            if lines and "intent_id" in lines[0]:
                self.run("validate", lines[0]["intent_id"])
                self.run("execute", lines[0]["intent_id"], "--wait", "5")

    def play(self, kills, at_once=3, every=1):
        self.resident("monitor-a")
        while rows.heartbeat(self.db) is None:
            time.sleep(0.01)
        self.resident("monitor-b")
        self.resident("screen")
        self.warm_up(4)
        while self.kills < kills:
            self.keep_busy(at_once)
            time.sleep(self.draw.expovariate(1 / 0.08))
            if self.draw.random() < 0.5:
                self.kill_holder()
            else:
                self.kill_any()
            self.judge()
            self.raise_dead()
            if self.kills % every == 0:
                self.verify()
        self.finish()

    def judge_firings(self):
        """Whatever fired did so on a price of the tape, from after the opening, that crosses its level."""
        tape = {}
        with open(self.tape, encoding="ascii") as file:
            for line in file.read().splitlines()[1:]:
                time_ms, symbol, bid, ask = line.split(",")
                tape[symbol, int(time_ms)] = (Decimal(bid), Decimal(ask))
        code, events, err = self.run("export", "events", "--format", "json")
        if code != 0:
            raise Wrong("export: exit %d %s" % (code, err))
        operations = {row["id"]: row for row in rows.read(self.db)["operations"]}
        for event in events:
            if event["kind"] not in ("operation.stop_fired", "operation.target_fired"):
                continue
            row, data = operations[event["operation_id"]], event["data"]
            self.firings += 1
            if data["recovered"]:
                self.recovered += 1
                continue
            at_ms, level = row["wish_quote_at_ms"], Decimal(data["level"])
            quote = (Decimal(data["bid"]), Decimal(data["ask"]))
            price = quote[0] if row["side"] == "BUY" else quote[1]
            below = (row["side"] == "BUY") == (data["reason"] == "STOP_LOSS")
            if tape.get((row["symbol"], at_ms)) != quote or at_ms < row["opened_at_ms"] or \
                    not (price <= level if below else price >= level):
                raise Wrong("operation %d fired on no price of its own: %r %r" % (row["id"], data, row))

    def finish(self):
        """Commands end, the monitors are asked to go, and all is read once more."""
        for process, _, _ in self.jobs:
            process.communicate(timeout=60)
        self.jobs = []
        deadline = time.monotonic() + 5
        while True:
            watched, lines = self.is_watched()
            if watched:
                break
            if time.monotonic() > deadline:
                raise Wrong("5 s after the last kill something is not watched: %r" % [
                    line for line in lines if not line["protection"]["watched"]])
        self.residents = {name: process for name, process in self.residents.items() if process.poll() is None}
        for process in self.residents.values():
            process.terminate()
        for name, process in self.residents.items():
            if process.wait(10) != 0:
                raise Wrong("%s: asked to end, exit %d" % (name, process.returncode))
        self.residents = {}
        self.judge()
        self.judge_firings()
        self.verify()

    def figures(self):
        gaps = sorted(self.gaps_ms) or [0]
        return "%d kills (%d of the holder: %s), %d commands, %d operations, %d fired " \
            "(%d in a gap); unwatched at most %d ms, mostly %d ms" % (
            self.kills, self.holder_kills, ", ".join("%s %d" % pair for pair in sorted(self.holders.items())),
            self.done, len(self.memory.operations), self.firings, self.recovered, gaps[-1], gaps[len(gaps) // 2])
