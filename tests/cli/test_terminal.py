"""The typed words, on a terminal, and what a command prints on narrow ones; LIVE up to its last gate,
on the stand-in of an exchange."""
import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from robson import Book, tap  # noqa: E402

TOP = os.environ["top_srcdir"]


def on_terminal(command, typed=None, wait_for="Type ", columns=80):
    """Runs it on a pseudo-terminal; types when it asks.  (exit status, what was shown)."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    child = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
    os.close(slave)
    shown, asked, deadline = b"", False, time.monotonic() + 30
    while time.monotonic() < deadline:
        ready, _, _ = select.select([master], [], [], 0.05)
        if ready:
            try:
                piece = os.read(master, 65536)
            except OSError:
                break
            if not piece:
                break
            shown += piece
        if not asked and wait_for.encode() in shown and b"\n" in shown[shown.index(wait_for.encode()):]:
            asked = True
            if typed is not None:
                time.sleep(0.1)
                os.write(master, typed.encode())
        if child.poll() is not None and not ready:
            break
    code = child.wait(timeout=10)
    os.close(master)
    return code, shown.decode("utf-8", "replace")


def flatten():
    with Book() as book:
        book.executed("buy", "BTCUSDC", "--stop", "88500")
        code, shown = on_terminal(book.command("panic"), "flatten\n")
        tap.ok(code == 77 and "nothing was done" in shown, "panic takes no other word", shown)
        code, shown = on_terminal(book.command("panic"), "\x04")
        tap.equal(code, 77, "the end of input is no word")
        tap.equal(book.json("operation", "status", "1").json["status"], "ACTIVE", "the position stands")
        code, shown = on_terminal(book.command("panic"), "FLATTEN\n")
        tap.ok(code == 0 and "1 open operation " in shown, "FLATTEN does it, and says what it is about",
               shown)
        tap.equal(book.json("operation", "status", "1").json["exit_reason"], "EMERGENCY", "at once")
        with_early = on_terminal(["sh", "-c", "sleep 0.2; exec \"$@\"", "sh"] + book.command("panic"),
                                 "nothing\n")
        tap.equal(with_early[0], 77, "a word that is none is none")


def live():
    standin = subprocess.Popen([sys.executable, os.path.join(TOP, "tests", "standin", "standin.py")],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    port = standin.stdout.readline().split()[1].decode()
    try:
        with Book() as book:
            feed = ["--feed", "binance", "--exchange-url", "http://127.0.0.1:" + port]
            command = [book.command()[0], "--db", book.db, "--config", book.config] + feed

            def run(*args):
                return book.json(*args, "--exchange-url", "http://127.0.0.1:" + port, feed="binance")

            intent = run("plan", "buy", "BTCUSDC", "--stop", "-1.5%").json["intent_id"]
            tap.equal(run("validate", intent).code, 0, "it validates on polled prices")
            code, shown = on_terminal(command + ["execute", intent, "--live"], "CONFIRM\n")
            tap.ok(code == 77 and "Type CONFIRM" not in shown and "switch" in shown,
                   "nobody is asked while the LIVE switch is off", shown)
            run("live", "on")
            code, shown = on_terminal(command + ["execute", intent, "--live"], "CONFIRM\n")
            tap.ok(code == 78 and "Type CONFIRM" not in shown and "no key" in shown,
                   "nor without a key: nothing is LIVE", shown)
            script = run("execute", intent, "--live", "--acknowledge-risk")
            tap.ok(script.code == 78 and "no key" in script.json["error"]["message"],
                   "--acknowledge-risk comes to the same gate", repr(script))
            tap.equal(run("execute", intent, "--live").code, 78, "in a script, too")
            tap.equal(run("intent", intent).json["status"], "VALIDATED", "the intent is as it was")
            done = run("execute", intent)
            tap.ok(done.code == 0 and done.json["operation"]["entry_price"] == "97000.01",
                   "DRY-RUN fills at the polled ask", repr(done))
            closed = run("operation", "close", "1")
            tap.ok(closed.code == 0 and closed.json["exit_price"] == "97000", "and leaves at the bid",
                   repr(closed))
            tap.ok(run("plan", "buy", "NOSUCHUSDC", "--stop", "-1%").code == 64,
                   "a symbol that the exchange does not list is 64")
            again = run("plan", "--from", intent, "--stop", "-2%").json["intent_id"]
            run("validate", again)
            run("execute", again)
            last = run("plan", "sell", "ETHUSDC", "--stop", "2%").json["intent_id"]
            run("validate", last)
            pending = run("plan", "sell", "SOLUSDC", "--stop", "2%").json["intent_id"]
            standin.stdin.close()
            standin.wait(timeout=10)
            missing = run("validate", pending)
            tap.ok(missing.code == 69 and missing.json["status"] == "PENDING" and
                   missing.json["error"]["retryable"] is True,
                   "while a fact is missing an intent stays PENDING: 69", repr(missing))
            once = run("monitor", "--once")
            tap.ok(once.code == 69 and once.json["stale"] == 1 and once.json["fired"] == [],
                   "a pass without a fresh price decides nothing: 69", repr(once))
            entry = run("execute", last, "--wait", "1")
            tap.ok(entry.code == 69 and entry.json["status"] == "VALIDATED",
                   "without a price an intent stays VALIDATED: 69", repr(entry))
    finally:
        if standin.poll() is None:
            standin.kill()
            standin.wait(timeout=10)


def narrow():
    with Book() as book:
        book.executed("buy", "BTCUSDC", "--stop", "88500", "--reason", "a reason that goes on " * 5)
        code, shown = on_terminal(book.command("intents"), wait_for="\0", columns=150)
        widths = [len(line) for line in shown.replace("\r", "").split("\n")]
        tap.ok(code == 0 and max(widths) <= 150 and "~" in shown, "a table keeps within its terminal", shown)
        pipe = book.run("intents").out
        tap.ok("goes on a reason" in pipe and "~" not in pipe, "and is whole in a pipe")


flatten()
live()
narrow()
tap.finish()
