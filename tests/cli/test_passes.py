"""One pass of the monitor: what it checks, what it fires, what it may not call done."""
import os
import sqlite3
import sys
from decimal import Decimal

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from robson import START, Book, tap, tape  # noqa: E402


def at(row):
    return ("--tape-from", str(START + row * 1000))


def resting_entries():
    """Nothing is open, and yet a pass has something to look at."""
    rows = ["90500.00"] * 30 + ["89990.00"] * 30 + ["88000.00"] * 600
    with Book(rows) as book:
        intent = book.validated("buy", "BTCUSDC", "--entry", "90000", "--stop", "88200")
        tap.equal(book.json("execute", intent, "--wait", "0").json["status"], "EXECUTING", "the entry rests")
        dry = book.json("portfolio").lines[0]
        risk = book.json("intent", intent).json["risk_amount"]
        tap.equal(Decimal(dry["month_left"]), Decimal(dry["month_budget"]) - Decimal(risk),
                  "what an entry under way may lose is off the month's budget")
        first = book.json("monitor", "--once", *at(5)).json
        tap.equal((first["checked"], first["fired"]), (0, []), "nothing is open at the first pass")
        book.json("monitor", "--once", *at(31))
        tap.equal(book.json("intent", intent).json["status"], "EXECUTED", "a pass fills an entry that its price reaches")
        last = book.json("monitor", "--once", *at(61)).json
        tap.equal((last["checked"], [f["exit_price"] for f in last["fired"]]), (1, ["88000"]),
                  "what fired was checked")


def rules_for_the_next_holder():
    """A stop may have to leave before the feed has said a symbol's rules again."""
    with Book() as book:
        book.executed("buy", "BTCUSDC", "--stop", "88500")
        (count,), = sqlite3.connect(book.db).execute("SELECT count(*) FROM symbol_rules WHERE symbol = 'BTCUSDC'")
        tap.equal(count, 1, "who executes leaves the symbol's rules to the next holder")


def what_a_pass_leaves():
    """The trail tells what was decided and done, not that a command looked."""
    with Book() as book:
        done = book.executed("buy", "BTCUSDC", "--stop", "88500")
        quantity = done["orders"][0]["quantity"]
        lines = [e["summary"] for e in book.json("log").lines]
        tap.ok("entry order FILLED: %s @ 90000.01" % quantity in lines, "a fill says how much and at what price",
               lines)
        before = len(lines)
        for _ in range(3):
            tap.equal(book.json("monitor", "--once").json["fired_more"], 0, "a pass fires nothing")
        kinds = [e["kind"] for e in book.json("log").lines][before:]
        tap.ok("lease.taken" not in kinds, "a pass that had nothing to pick up leaves no line", kinds)
        book.run("monitor", speed="max")
        kinds = [e["kind"] for e in book.json("log").lines][before:]
        tap.ok("lease.taken" in kinds, "who stays to watch does", kinds)


def another_feeds_operation():
    """What is open and judged elsewhere is named by who does not watch it."""
    with Book() as book:
        book.executed("buy", "BTCUSDC", "--stop", "88500")
        table = book.run("operations").out
        tap.ok("PAPER, unwatched" in table, "the list says that nobody watches", table)
        other = os.path.join(book.folder, "other.csv")
        book.write(other, tape(["90000.00"] * 5))
        watching = book.run("monitor", feed="replay:%s@max" % other)
        tap.ok("operation 1 is judged on" in watching.out and "not watched here" in watching.out,
               "a monitor on another feed names what it leaves alone", repr(watching))


resting_entries()
what_a_pass_leaves()
another_feeds_operation()
rules_for_the_next_holder()
tap.finish()
