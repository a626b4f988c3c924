"""A clone measures anew from its own entry; the mode asked for last holds; a guard that says no does not
wait; money of different assets is never added up."""
import os
import sys
from decimal import Decimal

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from robson import Book, tap  # noqa: E402

TAPE = """time,symbol,bid,ask
2026-01-01T00:00:00Z,BTCUSDC,90500.00,90500.01
2026-01-01T00:00:00Z,ETHBTC,0.050000,0.050001
2026-01-01T00:00:30Z,BTCUSDC,95000.00,95000.01
2026-01-01T00:00:30Z,ETHBTC,0.040000,0.040001
"""
LATER = ("--tape-from", "2026-01-01T00:00:30Z")

with Book(text=TAPE, speed="max") as book:
    first = book.json("plan", "buy", "BTCUSDC", "--stop", "-2%", "--target", "2R").json
    clone = book.json("plan", "--from", first["intent_id"], *LATER).json
    entry, stop, target = (Decimal(clone[k]) for k in ("entry_price", "stop_price", "target_price"))
    tap.equal(entry, Decimal("95095.01"), "a clone's entry is of its own moment")
    tap.ok(abs((entry - stop) / entry - Decimal("0.02")) < Decimal("0.000001"), "its stop is 2 % from there", stop)
    tap.ok(abs(target - entry - 2 * (entry - stop)) <= Decimal("0.01"), "its target is 2 R from there", target)
    short = book.json("plan", "--from", first["intent_id"], "sell", "BTCUSDC", *LATER).json
    tap.ok(Decimal(short["target_price"]) < Decimal(short["entry_price"]) < Decimal(short["stop_price"]),
           "and on the other side both lie the other way", short)

    run = book.json("validate", clone["intent_id"], "--live")
    tap.equal((run.code, run.json["status"]), (1, "FAILED"),
              "LIVE with its switch off fails, although the account's balance is not known")
    book.run("live", "on")
    later = book.plan("buy", "BTCUSDC", "--stop", "-2%")
    run = book.json("validate", later, "--live")
    tap.equal(run.code, 69, "with the switch on the unknown balance is what is missing")
    kept = book.json("intent", later).json
    tap.equal((kept["status"], kept["mode"]), ("PENDING", "LIVE"), "and the mode asked for last is kept")

with Book(text=TAPE, speed="max") as book:
    lost = book.validated("buy", "ETHBTC", "--stop", "0.0485", "--capital", "10")
    book.json("execute", lost)
    book.run("monitor")
    net = Decimal(book.json("trades").lines[0]["net_pnl"])
    tap.ok(net < 0, "a trade in BTC loses", net)
    other = book.plan("buy", "BTCUSDC", "--stop", "-2%", "--reason", "x", "--capital", "10000", *LATER)
    checks = {c["name"]: c for c in book.json("validate", other, *LATER).json["checks"]}
    tap.ok("400.00 left of the month's 400.00" in checks["budget"]["message"],
           "which is no loss of dollars", checks["budget"]["message"])

tap.finish()
