"""Two at once: a hundred pairs of `execute` of one intent, half of them beside a monitor; and closes that
race each other and the stop."""
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import rows  # noqa: E402
from torture import Day, tap  # noqa: E402

SCALE = int(os.environ.get("ROBSON_TEST_SCALE", "1"))


def validated(day):
    # Small, so that a hundred fit into one book.
    lines = day.run("plan", day.draw.choice(("buy", "sell")), "BTCUSDC", "--stop", "1%", "--capital", "500")[1]
    code, lines, err = day.run("validate", lines[0]["intent_id"])
    if code != 0:
        raise AssertionError("validate: %r %s" % (lines, err))
    return lines[0]["intent_id"]


def together(day, *commands):
    """Exit statuses of commands that were started at once."""
    started = [day.start(*words) for words in commands]
    for process in started:
        process.communicate(timeout=60)
    return [process.returncode for process in started]


def pairs(day, count, name):
    wrong = []
    for number in range(count):
        intent = validated(day)
        codes = together(day, ["execute", intent], ["execute", intent])
        book = rows.read(day.db)
        mine = [o for o in book["operations"] if o["intent_id"] == intent]
        entries = [o for o in book["orders"] if o["intent_id"] == intent and o["purpose"].upper() == "ENTRY"]
        if sorted(codes) != [0, 1] or len(mine) != 1 or len(entries) != 1 or rows.check(book):
            wrong.append("pair %d: exit %r, %d operations, %d entries, %r" % (
                number, codes, len(mine), len(entries), rows.check(book)))
        if mine and mine[0]["status"] == "ACTIVE":
            codes = together(day, *[["operation", "close", str(mine[0]["id"])]] * 2)
            book = rows.read(day.db)
            mine = [o for o in book["operations"] if o["intent_id"] == intent]
            if mine[0]["status"] != "CLOSED" or 0 not in codes or set(codes) - {0, 1} or rows.check(book):
                wrong.append("closes %d: exit %r, %s, %r" % (number, codes, mine[0]["status"], rows.check(book)))
    tap.ok(not wrong, "%d pairs of execute, %s: one operation each, and two closes leave it once" % (count, name),
           *wrong[:5])


with Day(1, speed="5", swing=100) as day:
    began = time.monotonic()
    pairs(day, 50 * SCALE, "nobody holding")
    day.resident("monitor")
    while rows.heartbeat(day.db) is None:
        time.sleep(0.01)
    pairs(day, 50 * SCALE, "a monitor holding")
    day.finish()
    tap.ok(True, "the book is whole afterwards")
    tap.note("%.1f s" % (time.monotonic() - began))
tap.finish()
