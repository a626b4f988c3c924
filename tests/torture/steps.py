"""Every step of every walk, killed: before the call, after it, and in the middle of a write.

    steps.py [WALK HOW N]

A walk (plan, validate, execute, a stop that fires, ...) is run again and again on copies of one book,
and dies at its first call that leaves a trace, its second, and so on until it survives.  After each
death the rows are judged, the walk is brought to its end by others, and `verify` reads the trail.
Needs tests/torture/reaper.so; STRIDE=N tries every Nth step only."""
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import rows  # noqa: E402

ROBSON = os.environ["ROBSON"]
REAPER = os.path.join(os.environ["top_builddir"], "tests", "torture", "reaper.so")
START = 1767571200000
STILL, MAX = "0.001", "max"
TAPE = ["90000.00"] * 40 + ["89900.00", "89450.00", "89300.00", "88900.00"] + ["88500.00"] * 40
SETTINGS = ("[book]\ncapital = 10000\n[costs]\nfee_percent = 0.1\n[paper]\nbalance = 10000\n"
            "partial_fill_percent = 50\n")


class Wrong(Exception):
    pass


class Book:
    """A folder with a book; copies of it share nothing but the tape, whose path is the feed's name."""

    def __init__(self, tape, source=None):
        self.tape = tape
        self.folder = tempfile.mkdtemp(prefix="robson-steps-")
        self.db = os.path.join(self.folder, "robson.db")
        self.config = os.path.join(self.folder, "robson.ini")
        with open(self.config, "w", encoding="ascii") as file:
            file.write(SETTINGS)
        if source is not None:
            for name in os.listdir(source.folder):
                if name.startswith("robson.db"):
                    shutil.copy2(os.path.join(source.folder, name), os.path.join(self.folder, name))

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *words, speed=STILL, env=None):
        done = subprocess.run([ROBSON, "--json", "--db", self.db, "--config", self.config, "--feed",
                               "replay:%s@%s" % (self.tape, speed), "--tape-from", "last"] + list(words),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=60, env=env, check=False)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def must(self, *words, speed=STILL):
        code, out, err = self.run(*words, speed=speed)
        if code != 0:
            raise Wrong("%s: exit %d\n%s%s" % (" ".join(words), code, out, err))
        return [json.loads(line) for line in out.splitlines()]

    def judge(self, memory=None):
        book = rows.read(self.db)
        wrong = rows.check(book) + (memory.compare(book) if memory else [])
        if wrong:
            raise Wrong("\n".join(wrong))
        return book

    # What prepares and what finishes.

    def plan(self, *more):
        return self.must("plan", "buy", "BTCUSDC", "--stop", "89500", "--reason", "steps", *more)[0]["intent_id"]

    def validated(self, *more):
        intent = self.plan(*more)
        self.must("validate", intent)
        return intent

    def opened(self):
        self.must("execute", self.validated())

    def intent(self):
        found = rows.read(self.db)["intents"]
        return found[0]["id"] if found else None

    def watch_to_the_end(self):
        """The rest of the tape; whatever is open is stopped on the way."""
        self.must("monitor", "--until-flat", speed=MAX)

    def complete(self):
        """Somebody else goes on where the dead one stopped, up to the end of the trade."""
        if self.intent() is None:
            self.plan()
        if self.status() == "PENDING":
            self.must("validate", self.intent())
        if self.status() == "VALIDATED":
            code, out, err = self.run("execute", self.intent())
            # The dead one's wish may still stand, and be acted on first.
            if code != 0 and not (code == 1 and self.status() in ("EXECUTING", "EXECUTED")):
                raise Wrong("execute: exit %d\n%s%s" % (code, out, err))
        self.watch_to_the_end()
        if self.status() not in ("EXECUTED", "FAILED"):
            raise Wrong("the intent ended as " + self.status())

    def status(self):
        return rows.read(self.db)["intents"][0]["status"]


def closed_by(book, *reasons):
    """The operation, if one was opened, was left once, for one of these reasons."""
    found = rows.read(book.db)
    for operation in found["operations"]:
        if operation["status"] != "CLOSED" or operation["exit_reason"] not in reasons:
            raise Wrong("operation %(id)d is %(status)s %(exit_reason)s" % operation)
    return len(found["operations"])


def end_execute(book):
    book.complete()
    closed_by(book, "STOP_LOSS")


def end_stop(book):
    book.watch_to_the_end()
    if closed_by(book, "STOP_LOSS") != 1:
        raise Wrong("the operation is lost")


def end_move(book):
    book.watch_to_the_end()
    if closed_by(book, "STOP_LOSS", "TAKE_PROFIT") != 1:
        raise Wrong("the operation is lost")


def end_close(book):
    book.watch_to_the_end()
    if closed_by(book, "MANUAL", "STOP_LOSS", "EMERGENCY") != 1:
        raise Wrong("the operation is lost")


def end_cancel(book):
    """Resting or cancelled: either is a good end, a filled one is watched to its stop."""
    if book.status() in ("VALIDATED", "EXECUTING"):
        book.run("cancel", book.intent())
    if book.status() not in ("CANCELLED", "FAILED", "EXECUTED"):
        raise Wrong("the intent ended as " + book.status())
    book.watch_to_the_end()
    closed_by(book, "STOP_LOSS")


def end_pause(book):
    book.must("resume")
    book.complete()


def end_backup(book):
    """The book is untouched; a backup that is there can be restored."""
    copy = os.path.join(book.folder, "copy.db")
    if not os.path.exists(copy):         # it gets its name when it is whole
        book.must("backup", copy)
    book.must("restore", copy)
    end_stop(book)


WALKS = {
    # name: (what comes before, the walk, its tape's speed, what comes after)
    "first-plan": (lambda b: None, lambda b: ["plan", "buy", "BTCUSDC", "--stop", "89500"], STILL, end_execute),
    "plan": (lambda b: b.must("pause", "once") and b.must("resume"),
             lambda b: ["plan", "buy", "BTCUSDC", "--stop", "89500"], STILL, end_execute),
    "validate": (lambda b: b.plan(), lambda b: ["validate", b.intent()], STILL, end_execute),
    "execute": (lambda b: b.validated(), lambda b: ["execute", b.intent()], STILL, end_execute),
    "limit-entry": (lambda b: b.validated("--entry", "89950"), lambda b: ["execute", b.intent(), "--wait", "1"],
                    STILL, end_cancel),
    "cancel-resting": (lambda b: b.must("execute", b.validated("--entry", "89950"), "--wait", "1"),
                       lambda b: ["cancel", b.intent()], STILL, end_cancel),
    "cancel-early": (lambda b: b.validated(), lambda b: ["cancel", b.intent()], STILL, lambda b: None),
    "limit-fills": (lambda b: b.must("execute", b.validated("--entry", "89950"), "--wait", "1"),
                    lambda b: ["monitor", "--until-flat"], MAX, end_execute),
    "move-stop": (lambda b: b.opened(), lambda b: ["operation", "stop", "1", "89700"], STILL, end_move),
    "move-target": (lambda b: b.opened(), lambda b: ["operation", "target", "1", "2R"], STILL, end_move),
    "close": (lambda b: b.opened(), lambda b: ["operation", "close", "1"], STILL, end_close),
    "stop-fires": (lambda b: b.opened(), lambda b: ["monitor", "--until-flat"], MAX, end_stop),
    "panic": (lambda b: b.opened(), lambda b: ["panic", "--yes", "FLATTEN"], STILL, end_close),
    "pause": (lambda b: b.validated(), lambda b: ["pause", "a look"], STILL, end_pause),
    "backup": (lambda b: b.opened(), lambda b: ["backup", os.path.join(b.folder, "copy.db")], STILL, end_backup),
}


def die_at(base, walk, how, step):
    """True if the walk died there."""
    _, words, speed, after = WALKS[walk]
    with Book(base.tape, base) as book:
        memory = rows.Memory()
        if os.path.exists(book.db):
            memory.compare(rows.read(book.db))
        env = dict(os.environ, LD_PRELOAD=REAPER, REAPER_AT=str(step), REAPER_HOW=how)
        code, out, err = book.run(*words(book), speed=speed, env=env)
        if code not in (0, -signal.SIGKILL):
            raise Wrong("exit %d\n%s%s" % (code, out, err))
        if code == -signal.SIGKILL and os.path.exists(book.db):
            book.must("intents")         # whoever comes next opens it, whatever state it is in
            book.judge(memory)
        after(book)
        book.judge(memory)
        verify = book.must("verify")[0]
        if not verify["ok"] or not verify["chain_ok"]:
            raise Wrong(json.dumps([c for c in verify["checks"] if c["status"] == "FAIL"], indent=1))
        return code == -signal.SIGKILL


def again(walk, how, step):
    print("#   again: top_srcdir=%s top_builddir=%s ROBSON=%s %s %s %s %s %d" % (
        os.environ["top_srcdir"], os.environ["top_builddir"], ROBSON, sys.executable,
        os.path.abspath(__file__), walk, how, step), flush=True)


def make_tape(folder):
    tape = os.path.join(folder, "tape.csv")
    with open(tape, "w", encoding="ascii") as file:
        file.write("time,symbol,bid,ask\n" + "".join(
            "%d,BTCUSDC,%s,%s\n" % (START + i * 1000, bid, bid[:-1] + "1") for i, bid in enumerate(TAPE)))
    return tape


def play(walk, hows, stride=1, first=1):
    """(steps tried, steps that failed) of a walk."""
    tried, failed = 0, 0
    with tempfile.TemporaryDirectory(prefix="robson-steps-tape-") as folder:
        with Book(make_tape(folder)) as base:
            WALKS[walk][0](base)
            for how in hows:
                step = first
                while True:
                    tried += 1
                    try:
                        if not die_at(base, walk, how, step):
                            break
                    except (Wrong, subprocess.TimeoutExpired) as wrong:
                        failed += 1
                        print("%s, killed %s call %d: %s" % (walk, how, step, wrong))
                        again(walk, how, step)
                        if failed > 20:
                            return tried, failed
                    step += stride
    return tried, failed


def sample(walk, draw, count):
    """(deaths, failed) of some steps of a walk, drawn; a step beyond its end counts as the whole walk."""
    deaths, failed = 0, 0
    with tempfile.TemporaryDirectory(prefix="robson-steps-tape-") as folder:
        with Book(make_tape(folder)) as base:
            WALKS[walk][0](base)
            most = 100
            for _ in range(count):
                how, step = draw.choice(("before", "after", "half")), draw.randint(1, most)
                try:
                    if die_at(base, walk, how, step):
                        deaths += 1
                    else:
                        most = max(step - 1, 1)
                except (Wrong, subprocess.TimeoutExpired) as wrong:
                    failed += 1
                    print("# %s, killed %s call %d: %s" % (walk, how, step, str(wrong).replace("\n", "\n# ")))
                    again(walk, how, step)
    return deaths, failed


def usable():
    """Whether the reaper can be preloaded here."""
    if not os.path.exists(REAPER):
        return False
    env = dict(os.environ, LD_PRELOAD=REAPER, REAPER_AT="1", REAPER_HOW="before")
    done = subprocess.run([ROBSON, "--version"], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    return done.returncode == -signal.SIGKILL


def main():
    if not usable():
        print("the reaper can't be preloaded here: nothing was tried")
        return 0
    if len(sys.argv) == 4:
        random.seed(0)
        walk, how, step = sys.argv[1], sys.argv[2], int(sys.argv[3])
        return 1 if play(walk, [how], 10 ** 9, step)[1] else 0
    bad = 0
    for walk in sorted(WALKS):
        tried, failed = play(walk, ("before", "after", "half"), int(os.environ.get("STRIDE", "1")))
        print("%s: %d deaths, %d wrong" % (walk, tried - 3, failed), flush=True)
        bad += failed
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
