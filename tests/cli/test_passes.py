"""One pass of the monitor: what it checks, what it fires, what it may not call done."""
import os
import sqlite3
import sys
from decimal import Decimal

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from robson import START, Book, tap  # noqa: E402


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


resting_entries()
rules_for_the_next_holder()
tap.finish()
