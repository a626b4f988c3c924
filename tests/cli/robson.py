"""The real program over scratch books and small tapes, for the tests of the command line."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
import tap  # noqa: E402

ROBSON = os.environ["ROBSON"]
START = 1767225600000                    # 2026-01-01T00:00:00Z


class Run:
    """What one run of the program left: exit status, both outputs, the JSON lines."""

    def __init__(self, done):
        self.code = done.returncode
        self.out = done.stdout.decode("utf-8", "replace")
        self.err = done.stderr.decode("utf-8", "replace")

    @property
    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def json(self):
        lines = self.lines
        if len(lines) != 1:
            raise AssertionError("not one line: %r %r" % (self.out, self.err))
        return lines[0]

    def __repr__(self):
        return "exit %d\nout: %s\nerr: %s" % (self.code, self.out, self.err)


def tape(rows, symbol="BTCUSDC", start=START, step=1000):
    """rows: bids as text, or (bid, ask).  The ask is one cent above."""
    text = "time,symbol,bid,ask\n"
    for number, row in enumerate(rows):
        bid, ask = row if isinstance(row, tuple) else (row, str(Decimal(row) + Decimal("0.01")))
        text += "%d,%s,%s,%s\n" % (start + number * step, symbol, bid, ask)
    return text


class Book:
    """A scratch folder with a database, settings and a tape."""

    def __init__(self, rows=None, settings="", speed="1", text=None):
        self.folder = tempfile.mkdtemp(prefix="robson-cli-")
        self.db = os.path.join(self.folder, "robson.db")
        self.config = os.path.join(self.folder, "robson.ini")
        self.tape = os.path.join(self.folder, "tape.csv")
        self.speed = speed
        self.write(self.config, "[book]\ncapital = 10000\n" + settings)
        self.write(self.tape, text if text is not None else tape(rows or ["90000.00"] * 600))

    @staticmethod
    def write(path, text):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def command(self, *args, speed=None, feed=None):
        feed = feed or "replay:%s@%s" % (self.tape, speed or self.speed)
        return [ROBSON, "--db", self.db, "--config", self.config, "--feed", feed] + list(args)

    def run(self, *args, speed=None, feed=None, stdin=None, env=None, timeout=60):
        return Run(subprocess.run(self.command(*args, speed=speed, feed=feed), timeout=timeout,
                                  stdin=subprocess.DEVNULL if stdin is None else stdin, env=env,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE))

    def start(self, *args, speed=None):
        return subprocess.Popen(self.command(*args, speed=speed), stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def json(self, *args, **more):
        return self.run("--json", *args, **more)

    def plan(self, *args, **more):
        return self.json("plan", *args, **more).json["intent_id"]

    def validated(self, *args, **more):
        """Plan and validate; the intent's id."""
        intent = self.plan(*args, **more)
        done = self.json("validate", intent, **more)
        if done.code != 0:
            raise AssertionError(repr(done))
        return intent

    def executed(self, *args, **more):
        """Plan, validate, execute; what execute said."""
        done = self.json("execute", self.validated(*args, **more), **more)
        if done.code != 0:
            raise AssertionError(repr(done))
        return done.json

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.close()


def bare(*args, env=None, timeout=60):
    """The program with these arguments alone."""
    return Run(subprocess.run([ROBSON] + list(args), stdin=subprocess.DEVNULL, env=env,
                              timeout=timeout, stdout=subprocess.PIPE, stderr=subprocess.PIPE))
