"""What `verify` says of a trail that somebody cut, with and without its head beside the database."""
import os
import sqlite3
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from robson import Book, tap  # noqa: E402


def cut(path):
    """Take the last event away, and leave the schema as it was."""
    db = sqlite3.connect(path)
    (trigger,), = db.execute("SELECT sql FROM sqlite_master WHERE name = 'events_delete'")
    db.execute("DROP TRIGGER events_delete")
    db.execute("DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)")
    db.execute(trigger)
    db.commit()
    db.close()


with Book() as book:
    book.validated("buy", "BTCUSDC", "--stop", "88500")
    whole = book.json("verify")
    tap.equal((whole.code, whole.json["ok"], whole.json["chain_length"]), (0, True, 2), "a whole trail verifies")
    cut(book.db)
    short = book.json("verify")
    tap.equal((short.code, short.json["chain_ok"]), (1, False), "a cut end is found")
    tap.ok("event 2 is missing at the end" in short.out, "and named", short.out)
    os.unlink(book.db + ".audit-head")
    blind = book.json("verify").json
    chain = [c for c in blind["checks"] if c["name"] == "audit chain"][0]
    tap.equal((chain["status"], blind["ok"]), ("WARN", True), "without its head the trail is whole as far as it goes")
    tap.ok("head" in chain["message"], "and that its end can't be seen is said", chain["message"])
    tap.ok("WARN  audit" in book.run("doctor").out, "doctor says so too")

tap.finish()
