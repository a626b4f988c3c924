"""What a pattern from outside may trigger: once, at most in DRY-RUN, never LIVE, and never in silence."""
import os
import sqlite3
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from robson import Book, tap  # noqa: E402

TRADE = ("buy", "BTCUSDC", "--stop", "88200")
ALLOWED = "[patterns]\nauto_dry_run = on\nper_day = 2\n"


def trigger(book, event, *more, trade=TRADE, pattern="HAMMER"):
    return book.json("patterns", "trigger", event, pattern, *trade, *more)


def count(book, sql):
    with sqlite3.connect(book.db) as db:
        return db.execute(sql).fetchone()[0]


with Book() as book:
    first = trigger(book, "e1")
    tap.ok(first.code == 0 and first.json["status"] == "PROCESSED" and first.json["event_id"] == "e1" and
           first.json["pattern"] == "HAMMER" and len(first.json["checks"]) > 5, "a trigger is processed", repr(first))
    intent = first.json["intent_id"]
    told = book.json("intent", intent).json
    tap.equal((told["status"], told["source"], told["mode"]), ("VALIDATED", "pattern", "DRY_RUN"),
              "its intent is validated at once")
    again = trigger(book, "e1", "--execute", trade=("sell", "ETHUSDC", "--stop", "nonsense"),
                    pattern="ma-crossover")
    tap.ok(again.code == 0 and again.json["status"] == "ALREADY_PROCESSED" and again.json["intent_id"] == intent and
           again.json["pattern"] == "HAMMER" and again.json["checks"] == first.json["checks"],
           "the same event finds the first intent, whatever else is given", repr(again))
    tap.equal(count(book, "SELECT count(*) FROM intents"), 1, "and makes no second")

    for words in (["--execute", "--live"], ["--live"]):
        run = trigger(book, "e1", *words)
        tap.ok(run.code == 77 and run.json["error"]["kind"] == "refused" and run.json["intent_id"] == intent,
               "LIVE is refused for an old event %s" % words, repr(run))
    run = trigger(book, "e2", "--entry", "89000", "--execute", "--live")
    tap.ok(run.code == 77 and run.json["status"] == "PROCESSED" and run.json["operation_id"] is None,
           "LIVE is refused for a new one, whose trigger is kept", repr(run))
    tap.equal(count(book, "SELECT status || mode FROM intents ORDER BY n DESC"), "VALIDATEDDRY_RUN",
              "its intent waits for a person")
    tap.equal(count(book, "SELECT count(*) FROM events WHERE kind = 'intent.execution_refused' "
                    "AND data LIKE '%pattern.live%'"), 3, "each refusal of LIVE is recorded")
    run = trigger(book, "e3", "--execute", "--live", trade=("buy", "BTCUSDC", "--stop", "nonsense"))
    tap.ok(run.code == 77 and run.json["error"]["kind"] == "refused", "LIVE outranks what can't be read", repr(run))
    tap.equal(count(book, "SELECT count(*) FROM events WHERE kind = 'pattern.live_refused'"), 1, "and is recorded")

    run = trigger(book, "e3", trade=("buy", "BTCUSDC", "--stop", "nonsense"))
    tap.ok(run.code == 65 and "nonsense" in run.json["error"]["message"], "what can't be read is said", repr(run))
    tap.equal(count(book, "SELECT count(*) FROM events WHERE kind = 'pattern.not_planned'"), 2, "and recorded")
    run = trigger(book, "e3", "--entry", "88900")
    tap.ok(run.code == 0 and run.json["status"] == "PROCESSED", "and leaves the event id free", repr(run))
    run = trigger(book, "e4", trade=("buy", "BTCUSDC", "--stop", "91000"))
    tap.ok(run.code == 65, "a stop on the wrong side is no trade", repr(run))
    run = trigger(book, "e4")
    tap.ok(run.code == 1 and run.json["status"] == "FAILED" and
           [c["name"] for c in run.json["checks"] if c["status"] == "FAIL"] == ["duplicate"],
           "what a guard refuses has failed", repr(run))
    again = trigger(book, "e4")
    tap.ok(again.code == 0 and again.json["status"] == "ALREADY_PROCESSED" and again.json["intent_id"] == run.json["intent_id"],
           "and what failed has had its turn", repr(again))
    for words in (["trigger", "e5", "DOJI", *TRADE], ["trigger", "e5", "HAMMER", "buy"],
                  ["trigger", "e5", "HAMMER", "buy", "BTCUSDC"], ["trigger", "x" * 64, "HAMMER", *TRADE],
                  ["trigger", "a b", "HAMMER", *TRADE], ["scan", "BTCUSDC"], []):
        run = book.json("patterns", *words)
        tap.ok(run.code == 64, "patterns %s: usage" % " ".join(words)[:40], repr(run))
    run = book.json("--readonly", "patterns", "trigger", "e6", "HAMMER", *TRADE)
    tap.equal(run.code, 77, "--readonly triggers nothing")

    run = trigger(book, "e7", "--execute", "--entry", "88800")
    tap.ok(run.code == 77 and run.json["status"] == "PROCESSED" and "auto_dry_run" in run.json["error"]["message"],
           "DRY-RUN needs the setting", repr(run))
    rows = book.json("patterns", "list").lines
    tap.equal(rows[0]["event_id"], "e7", "the list begins with the newest")
    tap.equal(rows[-1]["intent_id"], intent, "and ends with the first")
    tap.ok(book.run("patterns", "list").out.count("HAMMER") == len(rows), "and is there for people")
    tap.equal(book.json("--client-id", "2", "patterns", "list").out, "", "another client has its own")
    other = trigger(book, "e1", "--client-id", "2")
    tap.ok(other.json["status"] == "PROCESSED" and other.json["intent_id"] != intent, "and its own events", repr(other))
    tap.ok(book.json("verify").json["ok"], "the book is whole")

with Book(settings=ALLOWED) as book:
    codes = []
    for number, stop in enumerate(("88200", "88300", "88400")):
        run = trigger(book, "d%d" % number, "--execute", "--capital", "100", trade=("buy", "BTCUSDC", "--stop", stop))
        codes.append((run.code, run.json["operation_id"] is not None))
    tap.equal(codes, [(0, True), (0, True), (77, False)], "DRY-RUN up to the limit of the day")
    tap.ok("limit" in run.json["error"]["message"], "which is named", repr(run))
    run = trigger(book, "d0", "--execute")
    tap.ok(run.code == 0 and run.json["status"] == "ALREADY_PROCESSED", "nothing is executed twice", repr(run))
    tap.equal(count(book, "SELECT count(*) FROM operations"), 2, "two operations")

with Book() as book:
    book.json("strategies")
    racers = [book.start("--json", "patterns", "trigger", "race", "MORNING_STAR", *TRADE) for _ in range(2)]
    ended = [racer.communicate(timeout=60) + (racer.returncode,) for racer in racers]
    tap.equal(sorted(b"ALREADY_PROCESSED" in out for out, _, _ in ended), [False, True],
              "of two processes one is first")
    tap.equal([code for _, _, code in ended], [0, 0], "and both are answered")
    tap.equal((count(book, "SELECT count(*) FROM intents"), count(book, "SELECT count(*) FROM pattern_triggers")),
              (1, 1), "one trigger, one intent")
tap.finish()
