"""A house of real processes over one database: screens in pseudo-terminals, monitors, commands, and
the stand-in exchange that tells them prices.

    def scene(house):
        house.tell("watches what is open", condition)
    stage.play([scene, ...])             # side by side, each in a house of its own

Nothing here sleeps for the sake of time: every wait polls, has a limit, and reads the terminals
meanwhile, as a person's terminal would.
"""
import errno
import fcntl
import json
import os
import pty
import select
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import termios
import time
import traceback
import urllib.request
from decimal import Decimal

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tap                               # noqa: E402
from emulator import Emulator            # noqa: E402

ROBSON = os.environ["ROBSON"]
STANDIN = os.path.join(os.environ["top_srcdir"], "tests", "standin", "standin.py")
SCALE = max(1, int(os.environ.get("ROBSON_TEST_SCALE", "1")))
START = 1767225600000                    # 2026-01-01T00:00:00Z

ENTRY, STOP = "97000.00", "96500.00"
CROSSED = ["96400.00", "96400.01"]       # below STOP

SETTINGS = """[book]
capital = 10000
[feed]
interval_ms = 200
[paper]
balance = 1000000
"""


class Failed(Exception):
    """A step without which the scene can't go on."""


def mono_ms():
    return time.monotonic() * 1000


class Result:
    def __init__(self, code, out, err, took_ms):
        self.code, self.out, self.err, self.took_ms = code, out, err, took_ms

    @property
    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def json(self):
        return self.lines[0]

    def __repr__(self):
        return "exit %s after %.0f ms\nout: %s\nerr: %s" % (self.code, self.took_ms, self.out, self.err)


class Process:
    """One Robson; ended with the house."""

    def __init__(self, house, popen, name):
        self.house, self.popen, self.name = house, popen, name
        self.pid = popen.pid
        house.processes.append(self)

    def pump(self):
        pass

    def alive(self):
        return self.popen.poll() is None

    @property
    def code(self):
        return self.popen.poll()

    def send(self, signo):
        if self.alive():
            os.kill(self.pid, signo)

    def kill(self):
        self.send(signal.SIGKILL)
        self.popen.wait()

    def ends(self, seconds=5):
        return self.house.until(lambda: not self.alive(), seconds)

    def state(self):
        """The kernel's letter: R, S, T for stopped, Z; "" when it is gone."""
        try:
            with open("/proc/%d/stat" % self.pid, encoding="ascii", errors="replace") as file:
                return file.read().rsplit(")", 1)[1].split()[0]
        except OSError:
            return ""

    def cpu_s(self):
        with open("/proc/%d/stat" % self.pid, encoding="ascii", errors="replace") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self):
        self.send(signal.SIGKILL)
        self.send(signal.SIGCONT)
        try:
            self.popen.wait(5)
        except subprocess.TimeoutExpired:
            pass


class Quiet(Process):
    """A process whose outputs go to files: a monitor, or a command that is not waited for."""

    def __init__(self, house, arguments, name):
        number = len(house.processes)
        self.out_path = os.path.join(house.outputs, "%s-%d.out" % (name, number))
        self.err_path = os.path.join(house.outputs, "%s-%d.err" % (name, number))
        with open(self.out_path, "wb") as out, open(self.err_path, "wb") as err:
            popen = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                     start_new_session=True, user=house.user)
        self.began = mono_ms()
        super().__init__(house, popen, name)

    @property
    def out(self):
        with open(self.out_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    @property
    def err(self):
        with open(self.err_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def result(self, seconds=60):
        if not self.ends(seconds):
            self.kill()
            raise Failed("%s did not end within %d s\n%s%s" % (self.name, seconds, self.out, self.err))
        return Result(self.code, self.out, self.err, mono_ms() - self.began)


class Screen(Process):
    """A program in a pseudo-terminal of its own, as its session's leader."""

    def __init__(self, house, arguments, name="screen", rows=30, cols=130, env=None,
                 controlling=True):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
        self.modes = termios.tcgetattr(slave)
        self.tty = os.ttyname(slave)
        environment = dict(os.environ, TERM="xterm-256color", LC_ALL="C.UTF-8", **(env or {}))

        def lead():
            if controlling:
                fcntl.ioctl(slave, termios.TIOCSCTTY, 0)

        popen = subprocess.Popen(arguments, stdin=slave, stdout=slave, stderr=slave, env=environment,
                                 start_new_session=True, preexec_fn=lead, user=house.user)
        self.slave = slave               # ours stays open, to look at the modes
        os.set_blocking(self.master, False)
        self.emulator = Emulator(rows, cols)
        self.is_reading = True
        super().__init__(house, popen, name)

    def pump(self):
        while self.master >= 0 and self.is_reading:
            try:
                data = os.read(self.master, 65536)
            except OSError:
                return
            if not data:
                return
            self.emulator.feed(data)

    @property
    def text(self):
        self.pump()
        return self.emulator.text()

    def shows(self, text, seconds=5):
        return self.house.until(lambda: text in self.text, seconds)

    def keys(self, text, gap=0.03):
        """One write per key, as fingers do."""
        for key in ([text] if text.startswith("\x1b") else text):
            os.write(self.master, key.encode())
            self.house.until(lambda: False, gap)

    def answer(self, question, key):
        """A dialog takes no key of its first half second: who answers has read it."""
        self.house.must(self.shows(question, 5), "no question '%s'" % question, self.text)
        self.house.until(lambda: False, 0.6)
        self.keys(key)

    def current_modes(self):
        return termios.tcgetattr(self.slave)

    def has_given_terminal_back(self):
        self.pump()
        return self.current_modes() == self.modes and not self.emulator.is_alternate

    def hang_up(self):
        """The line dies: the kernel sends SIGHUP, and reads give 0 or EIO."""
        os.close(self.slave)
        os.close(self.master)
        self.master = self.slave = -1

    def close(self):
        super().close()
        for fd in (self.master, self.slave):
            if fd >= 0:
                os.close(fd)
        self.master = self.slave = -1


class House:
    """A folder with settings and a database, and everybody who lives on it."""

    def __init__(self, name, feed="standin", settings=SETTINGS, folder=None, db_name="robson.db"):
        self.name = name
        self.folder = self.outputs = folder or tempfile.mkdtemp(prefix="robson-house-")
        self.user = None                 # whose the processes are; None: ours
        self.db = self.path(db_name)
        self.config = self.path("robson.ini")
        self.processes = []
        self.results = []
        self.standin = self.port = None
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(settings)
        if feed == "standin":
            self.start_standin()
            self.feed = ["--feed", "binance", "--exchange-url", "http://127.0.0.1:%d" % self.port]
        else:
            self.feed = ["--feed", feed]

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    # ---- saying ----

    def tell(self, name, condition, *notes):
        self.results.append(("ok" if condition else "not ok", "%s: %s" % (self.name, name),
                             [] if condition else [str(note) for note in notes]))
        return bool(condition)

    def note(self, text):
        self.results.append(("#", str(text), []))

    def skip(self, name, why):
        self.results.append(("skip", "%s: %s" % (self.name, name), [why]))

    def must(self, condition, *notes):
        """What the scene stands on; its failure is the scene's."""
        if not condition:
            raise Failed("\n".join(str(note) for note in notes))

    # ---- waiting ----

    def pump(self):
        for process in self.processes:
            process.pump()

    def until(self, wish, seconds):
        """True as soon as wish() is; False when the time is up."""
        deadline = time.monotonic() + seconds
        while True:
            self.pump()
            if wish():
                return True
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            readable = [p.master for p in self.processes
                        if isinstance(p, Screen) and p.master >= 0 and p.is_reading and p.alive()]
            select.select(readable, [], [], min(left, 0.01))

    # ---- prices ----

    def start_standin(self):
        self.standin = subprocess.Popen([sys.executable, STANDIN], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        self.port = int(self.standin.stdout.readline().split()[1])

    def order(self, **members):
        request = urllib.request.Request("http://127.0.0.1:%d/_control" % self.port,
                                         json.dumps(members).encode())
        with urllib.request.urlopen(request, timeout=10) as answer:
            answer.read()

    def price(self, bid, ask=None, symbol="BTCUSDC"):
        self.order(prices={symbol: [bid, ask or str(Decimal(bid) + Decimal("0.01"))]})

    # ---- processes ----

    def arguments(self, *words):
        return [ROBSON, "--db", self.db, "--config", self.config] + self.feed + list(words)

    def start(self, *words):
        return Quiet(self, self.arguments(*words), words[0] if words[0] != "--json" else words[1])

    def holds(self, process, seconds=5):
        return self.until(lambda: self.holder_pid() == process.pid, seconds)

    def monitor(self, *words, waits=True):
        monitor = self.start("monitor", *words)
        if waits:
            self.must(self.until(lambda: self.holder_pid() == monitor.pid, 10),
                      "the monitor did not take the lease", monitor.out, monitor.err, self.log())
        return monitor

    def screen(self, *words, waits=True, **more):
        screen = Screen(self, self.arguments(*words), **more)
        if waits:
            self.must(screen.shows("robson", 10), "no screen came up", screen.text)
        return screen

    def run(self, *words, seconds=60):
        return self.start(*words).result(seconds)

    def json(self, *words, **more):
        return self.run("--json", *words, **more)

    def validated(self, stop=STOP, side="buy", *more):
        plan = self.json("plan", side, "BTCUSDC", "--stop", stop, *more)
        self.must(plan.code == 0, "plan:", plan)
        intent = plan.json["intent_id"]
        done = self.json("validate", intent)
        self.must(done.code == 0, "validate:", done)
        return intent

    def opened(self, stop=STOP, *more):
        """Plan, validate, execute: the operation's id."""
        done = self.json("execute", self.validated(stop, "buy", *more))
        self.must(done.code == 0 and done.json["operation_id"], "execute:", done)
        return done.json["operation_id"]

    # ---- looking ----

    def rows(self, sql, *values):
        """The book read by another program, which takes no lock for long; [] while it can't be read."""
        try:
            book = sqlite3.connect("file:%s?mode=ro" % self.db, uri=True, timeout=2)
        except sqlite3.Error:
            return []
        try:
            book.row_factory = sqlite3.Row
            return book.execute(sql, values).fetchall()
        except sqlite3.Error:
            return []
        finally:
            book.close()

    def value(self, sql, *values):
        rows = self.rows(sql, *values)
        return rows[0][0] if rows else None

    def beat(self):
        rows = self.rows("SELECT * FROM heartbeat")
        return rows[0] if rows else None

    def holder_pid(self):
        """Who holds the lease by its own word; 0: nobody."""
        beat = self.beat()
        if beat is None or beat["is_released"]:
            return 0
        return beat["pid"] if os.path.exists("/proc/%d" % beat["pid"]) else 0

    def holders(self):
        """Who really holds the kernel's lock, by /proc/locks."""
        try:
            info = os.stat(self.db + "-lease")
        except OSError:
            return []
        place = "%02x:%02x:%d" % (os.major(info.st_dev), os.minor(info.st_dev), info.st_ino)
        found = []
        with open("/proc/locks", encoding="ascii") as file:
            for line in file:
                words = line.split()
                if len(words) > 5 and words[1] == "FLOCK" and words[5] == place:
                    found.append(int(words[4]))
        return found

    def operation(self, number):
        rows = self.rows("SELECT * FROM operations WHERE id = ?", number)
        return rows[0] if rows else None

    def is_closed(self, number):
        row = self.operation(number)
        return row is not None and row["status"] == "CLOSED"

    def exits(self, number):
        return self.value("SELECT count(*) FROM orders WHERE operation_id = ? AND purpose = 'exit'",
                          number) or 0

    def events(self, kind):
        return self.rows("SELECT * FROM events WHERE kind = ? ORDER BY seq", kind)

    def log(self):
        try:
            with open(self.db[:-len(".db")] + ".log", encoding="utf-8", errors="replace") as file:
                return file.read()
        except OSError:
            return ""

    def verified(self, name="the book verifies"):
        done = self.json("verify")
        return self.tell(name, done.code == 0, done)

    # ---- the end ----

    def close(self):
        for process in self.processes:
            process.close()
        # A monitor that a screen left behind is ours to end too.
        for _ in range(50):
            left = self.strangers()
            if not left:
                break
            for pid in left:
                try:
                    os.kill(pid, signal.SIGKILL)
                except OSError:
                    pass
            time.sleep(0.02)
        if self.standin is not None:
            self.standin.stdin.close()
            self.standin.wait(5)
            self.standin.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def strangers(self):
        """Robsons on this house's database that the scene did not start itself."""
        own, found = {p.pid for p in self.processes}, []
        for name in os.listdir("/proc"):
            if not name.isdigit() or int(name) in own:
                continue
            try:
                with open("/proc/%s/cmdline" % name, "rb") as file:
                    words = file.read().split(b"\0")
            except OSError:
                continue
            if self.db.encode() in words and words[0].endswith(b"robson"):
                found.append(int(name))
        return found


def play_one(scene, house_of):
    """Runs in a process of its own; the results as plain data."""
    name = (scene.__doc__ or scene.__name__).strip().splitlines()[0].rstrip(".")
    began, house = time.monotonic(), None
    try:
        house = getattr(scene, "maker", House)(name, **house_of)
        scene(house)
    except Failed as failed:
        house.tell("goes on", False, failed, *[p.text for p in house.processes if isinstance(p, Screen)],
                   house.log())
    except Exception:                    # a test that breaks is a test that failed
        if house is None:
            return [("not ok", name, [traceback.format_exc()])]
        house.tell("plays", False, traceback.format_exc(), house.log())
    finally:
        if house is not None:
            house.close()
    house.note("%s: %.1f s" % (name, time.monotonic() - began))
    return house.results


def play(scenes, at_once=4):
    """Each scene in a process of its own, some at once; the results in the order of the scenes.
    SCENE=name plays that one alone."""
    only = os.environ.get("SCENE", "")
    waiting = [(i, s) for i, s in enumerate(scenes) if only in ("", s.__name__)]
    running, results = {}, {}
    while waiting or running:
        while waiting and len(running) < at_once:
            number, scene = waiting.pop(0)
            read, write = os.pipe()
            sys.stdout.flush()
            pid = os.fork()
            if pid == 0:
                os.close(read)
                said = play_one(scene, getattr(scene, "house", {}))
                with os.fdopen(write, "w", encoding="utf-8") as pipe:
                    json.dump(said, pipe)
                os._exit(0)
            os.close(write)
            running[read] = (number, pid, b"")
        for fd in select.select(list(running), [], [], 1)[0]:
            number, pid, said = running[fd]
            piece = os.read(fd, 65536)
            if piece:
                running[fd] = (number, pid, said + piece)
                continue
            del running[fd]
            os.close(fd)
            os.waitpid(pid, 0)
            try:
                results[number] = json.loads(said)
            except ValueError:
                results[number] = [["not ok", scenes[number].__name__ + " ended without a word", []]]
    for number in sorted(results):
        for kind, text, notes in results[number]:
            if kind == "#":
                tap.note(text)
            elif kind == "skip":
                tap.skip(text, notes[0])
            else:
                tap.ok(kind == "ok", text, *notes)
    tap.finish()
