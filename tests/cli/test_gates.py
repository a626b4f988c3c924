"""What may happen and what may not: LIVE, PAUSED, --readonly, budgets, books, processes."""
import os
import signal
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from robson import Book, ROBSON, Run, tap  # noqa: E402

STOP = ["--stop", "88500"]
BUY = ["buy", "BTCUSDC"] + STOP


def live():
    with Book() as book:
        intent = book.validated(*BUY)
        off = book.json("execute", intent, "--live", "--acknowledge-risk")
        tap.ok(off.code == 77 and off.json["operation_id"] is None and
               off.json["error"]["kind"] == "refused" and "checks" in off.json,
               "LIVE is refused while its switch is off", repr(off))
        tap.equal(book.json("live", "on").json["live"], True, "the switch goes on")
        asked = book.json("execute", intent, "--live")
        tap.equal(asked.code, 77, "LIVE without a terminal needs --acknowledge-risk")
        refused = book.json("execute", intent, "--live", "--acknowledge-risk")
        tap.ok(refused.code == 77 and refused.json["mode"] == "LIVE", "LIVE on a replay is refused",
               repr(refused))
        tap.equal(book.json("intent", intent).json["status"], "VALIDATED", "and the intent is as it was")
        tap.equal(book.json("operations").lines, [], "no operation came of it")
        tap.equal(book.json("execute", intent, "--acknowledge-risk").code, 64,
                  "--acknowledge-risk without --live is usage")
        tap.ok(any("refused" in e["kind"] or "refused" in e["summary"] for e in book.json("log").lines),
               "the refusal is in the trail", [e["kind"] for e in book.json("log").lines])
        tap.equal(book.json("live", "off").json["live"], False, "the switch goes off")


def paused():
    with Book() as book:
        intent = book.validated(*BUY)
        tap.equal(book.json("pause", "lunch", "break").json["reason"], "lunch break", "pause takes a reason")
        run = book.json("execute", intent)
        tap.ok(run.code == 1 and "lunch break" in run.json["error"]["message"], "PAUSED blocks an entry",
               repr(run))
        tap.equal(book.json("intent", intent).json["status"], "VALIDATED", "the intent waits")
        tap.equal(book.json("execute", intent, "--live", "--acknowledge-risk").code, 77, "77 outranks 1")
        tap.equal(book.json("resume").json["paused"], False, "resume ends it")
        tap.equal(book.json("execute", intent).code, 0, "and the entry happens")
        book.json("pause", "again")
        tap.equal(book.json("operation", "close", "1").code, 0, "exits go on while PAUSED")


def readonly():
    with Book() as book:
        intent = book.validated(*BUY)
        book.executed("sell", "BTCUSDC", "--stop", "91500")
        writes = [["plan"] + BUY, ["validate", intent], ["execute", intent], ["cancel", intent],
                  ["operation", "close", "1"], ["operation", "stop", "1", "91000"],
                  ["operation", "target", "1", "3R"], ["operation", "release", "1", "--reason", "x"],
                  ["monitor"], ["monitor", "--once"], ["pause", "x"], ["resume"], ["live", "on"],
                  ["panic", "--yes", "FLATTEN"], ["reconcile"], ["strategy", "add", "X"],
                  ["strategy", "edit", "All In", "--active", "off"], ["backup", book.folder + "/b"],
                  ["restore", book.db], ["adopt"], ["settings", "set", "book.capital", "5"]]
        before = book.json("log").lines
        for words in writes:
            run = book.json("--readonly", *words)
            tap.ok(run.code == 77 and run.json["error"]["kind"] == "refused",
                   "--readonly: %s is refused" % " ".join(words[:2])[:30], repr(run))
        for words in (["intents"], ["intent", intent], ["operations"], ["operation", "status", "1"],
                      ["strategies"], ["orders"], ["trades"], ["portfolio"], ["log"],
                      ["export", "events"], ["settings"], ["verify"], ["doctor"]):
            run = book.run("--readonly", *words)
            tap.ok(run.code == (0 if words != ["doctor"] else run.code) and run.code in (0, 1),
                   "--readonly: %s looks" % " ".join(words)[:30], repr(run))
        tap.equal(book.json("log").lines, before, "and nothing was written")


def books():
    with Book() as book:
        mine = book.plan(*BUY)
        other = book.json("--client-id", "2", "plan", *BUY).json
        tap.equal(other["client_id"], 2, "another client plans in another book")
        tap.equal([i["intent_id"] for i in book.json("intents").lines], [mine], "one book lists its own")
        tap.equal(book.json("intent", other["intent_id"]).code, 64, "and knows no other's intents")
        tap.equal(book.json("--client-id", "2", "validate", mine).code, 64, "nor judges them")
        two = book.plan(*BUY)
        common = os.path.commonprefix([mine, two])
        run = book.json("intent", common[:max(4, len(common))])
        tap.ok(run.code == 64 and run.json["error"]["kind"] == "ambiguous", "a common beginning is ambiguous",
               repr(run))
        tap.equal(book.json("intent", two[:len(common) + 1]).json["intent_id"], two,
                  "one character more names it")


def guards():
    with Book() as book:
        run = book.json("validate", book.plan("buy", "BTCUSDC", "--stop", "70000"))
        tap.ok(run.code == 1 and run.json["status"] == "FAILED" and
               any(c["status"] == "FAIL" and c["name"] == "stop" for c in run.json["checks"]),
               "a stop too far away FAILs", repr(run))
        tap.equal(book.json("validate", run.json["intent_id"]).code, 1, "a FAILED intent stays so")
        quantity = book.json("plan", "buy", "BTCUSDC", "5", *STOP)
        if quantity.code == 0:
            quantity = book.json("validate", quantity.json["intent_id"])
        tap.equal(quantity.code, 1, "a quantity above the rule is refused")
    with Book(settings="[limits]\norders_per_day = 1\n") as book:
        book.executed(*BUY)
        run = book.json("validate", book.plan("sell", "BTCUSDC", "--stop", "91500"))
        tap.ok(run.code == 1 and any(c["name"] == "limits" and c["status"] == "FAIL"
                                     for c in run.json["checks"]), "the day's limit FAILs", repr(run))
    with Book(settings="monthly_budget_percent = 1.5\n") as book:
        book.executed(*BUY)
        run = book.json("validate", book.plan("sell", "BTCUSDC", "--stop", "91500"))
        tap.ok(run.code == 1 and any(c["name"] in ("budget", "exposure") and c["status"] == "FAIL"
                                     for c in run.json["checks"]), "the month's budget FAILs", repr(run))
    with Book() as book:
        one = book.validated(*BUY)
        run = book.json("validate", book.plan(*BUY))
        tap.ok(run.code == 1 and any(c["name"] == "duplicate" and c["status"] == "FAIL"
                                     for c in run.json["checks"]), "the same trade twice FAILs", repr(run))
        tap.equal(book.json("cancel", one).code, 0, "until the first is cancelled")


def processes():
    with Book() as book:
        intent = book.validated(*BUY)
        both = [book.start("--json", "execute", intent) for _ in range(2)]
        runs = []
        for process in both:
            out, err = process.communicate(timeout=60)
            runs.append(Run(subprocess.CompletedProcess([], process.returncode, out, err)))
        tap.ok(len(book.json("operations").lines) == 1 and sorted(r.code for r in runs) in ([0, 0], [0, 1]),
               "two executes at once open one operation", *[repr(r) for r in runs])
        tap.equal(len(book.json("orders").lines), 1, "by one order")
        once = book.json("monitor", "--once")
        tap.ok(once.code == 0 and sorted(once.json) == ["alarms", "checked", "fired", "fired_more", "stale"] and
               once.json["checked"] == 1, "monitor --once makes one pass", repr(once))

        monitor = book.start("monitor")
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            state = book.json("operation", "status", "1").json["protection"]
            if state["watched"]:
                break
            time.sleep(0.05)
        tap.ok(state["watched"], "an operation is watched while a monitor runs", state)
        closed = book.json("operation", "close", "1")
        tap.ok(closed.code == 0 and closed.json["status"] == "CLOSED", "a close goes through the monitor",
               repr(closed))
        done = book.json("execute", book.validated(*BUY[:2], "--stop", "88600"))
        tap.ok(done.code == 0 and "watched by a monitor" in done.err, "who watches is said", repr(done))
        asked = book.json("monitor", "--once")
        tap.ok(asked.code == 0 and asked.json["checked"] == 1, "--once asks the holder", repr(asked))
        tap.equal(book.run("restore", book.db).code in (65, 74), True,
                  "nothing is restored under a running monitor")
        monitor.send_signal(signal.SIGTERM)
        monitor.communicate(timeout=20)
        tap.equal(monitor.returncode, 0, "SIGTERM ends a monitor well")


def unknown():
    """An exchange that has not answered yet: the outcome is not known, and is not guessed."""
    with Book(settings="[paper]\nlatency_ms = 5000\n") as book:
        intent = book.validated(*BUY)
        run = book.json("execute", intent, "--wait", "1")
        tap.ok(run.code == 75 and run.json["status"] == "EXECUTING" and
               run.json["error"]["kind"] == "unknown", "no answer in time: 75", repr(run))
        tap.equal(book.json("execute", intent).code, 1, "it is not sent again")
        run = book.json("reconcile")
        tap.ok(run.code in (0, 75), "reconcile asks for it", repr(run))
        tap.equal(len(book.json("orders").lines), 1, "one order was sent, whatever came of it")


def faults():
    with Book() as book:
        monitor = book.start("monitor")
        time.sleep(0.5)
        monitor.send_signal(signal.SIGSEGV)
        out, err = monitor.communicate(timeout=20)
        tap.ok(monitor.returncode == 70 or b"Sanitizer" in err, "a fault inside Robson is said, with 70",
               err)


def panic():
    with Book() as book:
        book.executed(*BUY)
        book.executed("sell", "BTCUSDC", "--stop", "91500")
        intent = book.validated("buy", "BTCUSDC", "--entry", "89000", "--stop", "88000")
        book.json("execute", intent, "--wait", "0")
        run = book.json("panic", "--yes", "FLATTEN")
        tap.ok(run.code == 0 and run.json["paused"] is True and
               [o["status"] for o in run.json["operations"]] == ["CLOSED"] * 2, "panic closes everything",
               repr(run))
        tap.ok(all(o["exit_reason"] == "EMERGENCY" for o in run.json["operations"]), "as an EMERGENCY")
        tap.equal(book.json("intent", intent).json["status"], "FAILED", "and cancels what rested")
        tap.equal(book.json("execute", book.plan(*BUY)).code in (1, 64), True, "and pauses")
        tap.ok(book.json("verify").json["ok"], "the book is whole")


def keeping():
    with Book() as book:
        book.executed(*BUY)
        copy = os.path.join(book.folder, "copy.db")
        tap.equal(book.run("backup", copy).code, 0, "a backup is made")
        tap.ok(book.run("backup", copy).code in (1, 74), "and never over another")
        book.json("operation", "close", "1")
        restored = book.run("restore", copy)
        tap.equal(restored.code, 0, "it is put back")
        tap.equal(book.json("operation", "status", "1").json["status"], "ACTIVE", "as it was then")
        tap.ok(any("before-restore" in name for name in os.listdir(book.folder)), "the old one is kept")
        tap.ok(book.json("verify").json["ok"], "and the book is whole")
        tap.ok("nothing is to be adopted" in book.run("adopt").out, "nothing is to be adopted")
        book.write(copy, "no database at all")
        before = book.json("operations").lines[0]["status"]
        for text, what in (("no database at all", "what is no backup"), ("garbage " * 2000, "garbage")):
            book.write(copy, text)
            refused = book.json("restore", copy)
            tap.ok(refused.code == 65 and "restore" not in refused.json["error"]["hint"],
                   "%s is refused" % what, repr(refused))
        os.unlink(copy)
        with sqlite3.connect(copy) as stranger:
            stranger.execute("create table t (x)")
        refused = book.json("restore", copy)
        tap.ok(refused.code == 65 and "not a book" in refused.json["error"]["message"],
               "nor is a stranger's database taken", repr(refused))
        tap.equal(book.json("operations").lines[0]["status"], before, "and nothing is lost by it")
        tap.equal(book.run("restore", "/nonexistent").code, 65, "nor is what is not there")


def settings():
    with Book() as book:
        run = book.json("settings", "set", "costs.fee_percent", "0.2")
        tap.ok(run.code == 0 and run.json["value"] == "0.2" and "robson.ini" in run.json["from"],
               "a setting is changed", repr(run))
        run = book.json("settings", "set", "book.capital", " 7,000 ")
        with open(book.config, encoding="utf-8") as file:
            tap.ok("capital = 7000\n" in file.read() and run.json["value"] == "7000",
                   "a number is kept as Robson writes it", repr(run))
        rows = {r["key"]: r for r in book.json("settings").lines}
        tap.equal(rows["costs.fee_percent"]["value"], "0.2", "and listed")
        tap.equal(rows["book.risk_percent"]["from"], "default", "with where each comes from")
        env = dict(os.environ, ROBSON_COSTS_FEE_PERCENT="0.3")
        rows = {r["key"]: r for r in book.json("settings", env=env).lines}
        tap.ok(rows["costs.fee_percent"]["value"] == "0.3" and
               "ROBSON_COSTS_FEE_PERCENT" in rows["costs.fee_percent"]["from"], "the environment is stronger")
        tap.ok("--feed" in rows["feed.source"]["from"], "an option strongest")


def doors():
    with Book() as book:
        run = book.run()
        tap.ok(run.code == 64 and run.out == "" and "terminal" in run.err,
               "the screen is refused where there is no terminal", repr(run))
        for number in range(30):
            book.plan(*BUY[:3], str(88000 + number))
        pipe = subprocess.run(["sh", "-c", '"$@" | head -n 1', "sh"] + book.command("log", "--json"),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        tap.ok(pipe.stdout.count(b"\n") == 1 and pipe.stderr == b"", "a closed pipe is no accident",
               pipe.stderr)
        good = subprocess.run([ROBSON, "intents", "--json", "--db", book.db, "--config", book.config,
                               "--limit", "3"], stdout=subprocess.PIPE)
        tap.equal((good.returncode, good.stdout.count(b"\n")), (0, 3), "options come after the command too")
        with open("/dev/full", "wb") as full:
            lost = subprocess.run(book.command("log"), stdout=full, stderr=subprocess.PIPE)
        tap.ok(lost.returncode == 74 and b"can't be written" in lost.stderr,
               "an answer that can't be written is no success", lost.stderr)
        shut = subprocess.run(["sh", "-c", 'exec "$@" >&- 2>&- <&-', "sh"] + book.command("log"))
        tap.equal(shut.returncode, 74, "closed descriptors are nobody's files")
        tap.ok(book.json("verify").json["ok"], "the book is whole")
        strange = book.json(*[os.fsencode(w) for w in ("plan", "buy", "BTCUSDC", "--stop", "88500")],
                            b"--reason", b"\xff\xfe bytes")
        tap.ok(strange.code == 0 and book.json("intent", strange.json["intent_id"]).code == 0,
               "bytes that are no text make no bad JSON", repr(strange))
        negative = book.json("plan", "buy", "BTCUSDC", "--stop=-1.5%")
        other = book.json("--stop", "-1.5%", "plan", "buy", "BTCUSDC")
        tap.ok(negative.code == 0 and other.code == 0 and
               negative.json["stop_price"] == other.json["stop_price"], "-1.5% is a value, joined or not",
               repr(negative), repr(other))


def health():
    with Book() as book:
        book.executed(*BUY)
        run = book.json("doctor")
        tap.ok(sorted(run.json) == ["checks", "ok"] and
               all(sorted(c) == ["hint", "message", "name", "status"] for c in run.json["checks"]),
               "the doctor has its keys", repr(run))
        tap.ok(len(run.json["checks"]) >= 6, "and looks at many things", run.json)
        run = book.json("reconcile")
        tap.ok(run.code == 0 and run.json["ok"], "the book agrees with the paper exchange", repr(run))
    with Book() as book:
        run = book.json("verify", "--comprehensive")
        groups = {c["group"] for c in run.json["checks"]}
        tap.equal(groups, {"Schema", "Service", "API", "CLI", "Screen", "Integration"},
                  "the health report has its groups")
        tap.ok(run.code == 0 and run.json["ok"], "a trade plays through on a scratch database",
               [c for c in run.json["checks"] if c["status"] != "PASS"])
        tap.equal(run.json["stop_coverage_percent"], "100", "nothing open is covered whole")
        text = book.run("verify", "--comprehensive")
        tap.ok(text.code == 0 and "Integration\n" in text.out and "stop coverage" in text.out,
               "and prints for people", repr(text))
        tap.equal(book.json("intents").lines, [], "the book itself is untouched")


for part in (live, paused, readonly, books, guards, processes, unknown, faults, panic, keeping, settings, doors, health):
    part()
tap.finish()
