"""Bad input of every kind: a clear message, the right exit status, and nothing half-applied."""
import json
import os
import sqlite3
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from robson import Book, bare, tap, tape  # noqa: E402

STOP = ["--stop", "88500"]
BUY = ["plan", "buy", "BTCUSDC"]
LONG = "9" * 40

# What is typed, and the exit status; then, where it matters, a piece of what is said.
ROWS = [
    # words that are none
    (["bogus"], 64, "no command"), (["plam"], 64, "did you mean plan"),
    (["exceute", "x"], 64, "did you mean execute"), (["PLAN"], 64), ([""], 64), (["-"], 64),
    (["--bogus"], 64, "no option"), (["--jsno", "intents"], 64, "did you mean --json"),
    (["-x"], 64), (["-vv", "intents"], 64), (["intents", "--stop", "1"], 64, "has no option --stop"),
    (["intents", "extra"], 64, "takes no"), (["intents", "--json=yes"], 64, "takes no value"),
    (["operation"], 64, "status"), (["operation", "bogus", "1"], 64, "close"), (["strategy"], 64),
    (["strategy", "drop", "x"], 64), (["settings", "get", "x"], 64), (["settings", "set"], 64),
    (["settings", "set", "book.capital"], 64), (["help", "bogus"], 64), (["live"], 64),
    (["live", "maybe"], 64), (["live", "ON"], 64), (["pause"], 64), (["pause", " "], 64),
    (["export"], 64), (["export", "bogus"], 64), (["export", "trades", "--format", "xml"], 64),
    (["export", "trades", "--format", "csv", "--json"], 64), (["backup"], 64), (["restore"], 64),
    (["validate"], 64), (["execute"], 64), (["cancel"], 64), (["intent"], 64),
    (["plan", "--db"], 64, "--db needs a value"), (["intents", "--limit"], 64),
    (["intents", "--limit", "--json"], 64), (["intents", "--limit="], 64),
    (["intents", "--limit", "1", "--limit", "2"], 64, "given twice"),
    (BUY + STOP + ["--stop", "88000"], 64, "given twice"),
    (["x"] * 80, 64),
    # the old plan's
    (["create_user_operation", "--client-id", "1"], 64, "plan"), (["create-operation"], 64),
    (["operation", "create"], 64), (["margin-buy"], 64), (["scan-usage"], 64), (["monitor_stops"], 64),
    (["technical_stop_buy"], 64), (["validate_unified_model"], 64),
    (["intents", "--enable-deprecated-operations-api"], 64), (["intents", "--dry-run"], 64),
    # plans
    (["plan"], 64), (["plan", "buy"], 64), (["plan", "hold", "BTCUSDC"] + STOP, 64),
    (["plan", "buy", "BTCUSDC"], 64, "--stop"), (BUY + ["1", "2"] + STOP, 64),
    (["plan", "buy", "B"] + STOP, 65), (["plan", "buy", "BTC/USDC"] + STOP, 65),
    (["plan", "buy", "X" * 40] + STOP, 65), (["plan", "buy", "BTC USDC"] + STOP, 65),
    (["plan", "buy", "BTC\x1b[2J"] + STOP, 65), (["plan", "buy", ""] + STOP, 65),
    (BUY + ["abc"] + STOP, 65), (BUY + ["0"] + STOP, 65), (BUY + ["-1"] + STOP, 65),
    (BUY + ["1e3"] + STOP, 65), (BUY + ["0x10"] + STOP, 65), (BUY + ["nan"] + STOP, 65),
    (BUY + ["inf"] + STOP, 65), (BUY + ["1,5"] + STOP, 65), (BUY + ["1.2.3"] + STOP, 65),
    (BUY + [LONG] + STOP, 65), (BUY + ["0.00000000000000001"] + STOP, 65), (BUY + ["٣"] + STOP, 65),
    (BUY + [" "] + STOP, 65), (BUY + ["+"] + STOP, 65), (BUY + ["1 BTC"] + STOP, 65),
    (BUY + ["--stop", "abc"], 65, "--stop"), (BUY + ["--stop", "NaN"], 65),
    (BUY + ["--stop", "1e5"], 65), (BUY + ["--stop", "0x15a00"], 65), (BUY + ["--stop", "Infinity"], 65),
    (BUY + ["--stop", "%"], 65), (BUY + ["--stop", "1%%"], 65), (BUY + ["--stop", "-"], 65),
    (BUY + ["--stop", "88500 USDC"], 65), (BUY + ["--stop", "3R"], 65), (BUY + ["--stop", LONG], 65),
    (BUY + ["--stop", "88500\n"], 65), (BUY + ["--stop", "88,50"], 65), (BUY + ["--stop=", "x"], 64),
    (BUY + ["--stop", "0"], 65), (BUY + ["--stop", "-5"], 65),
    (BUY + STOP + ["--entry", "abc"], 65), (BUY + STOP + ["--entry", "0"], 65),
    (BUY + STOP + ["--entry", "-1"], 65), (BUY + STOP + ["--entry", "1e2"], 65),
    (BUY + STOP + ["--target", "abc"], 65), (BUY + STOP + ["--target", "R"], 65),
    (BUY + STOP + ["--target", "3RR"], 65), (BUY + STOP + ["--target", "3 X"], 65),
    (BUY + STOP + ["--capital", "abc"], 65), (BUY + STOP + ["--capital", "0"], 65),
    (BUY + STOP + ["--capital", "-100"], 65), (BUY + STOP + ["--capital", LONG], 65),
    (BUY + STOP + ["--capital", "1e6"], 65), (BUY + STOP + ["--confidence", "abc"], 65),
    (BUY + STOP + ["--confidence", "1.5"], 65), (BUY + STOP + ["--confidence", "-0.1"], 65),
    (BUY + STOP + ["--strategy", "No Such Thing"], 64),
    (BUY + STOP + ["--acknowledge-risk"], 64), (["plan", "--from", "abcd"], 64),
    (["plan", "--from", "019f2a3b-0000-7000-8000-000000000000"], 64),
    # ids
    (["validate", "abcd"], 64), (["validate", "ab"], 64), (["execute", "%s"], 64),
    (["execute", "'; drop table intents;--"], 64), (["cancel", "\x1b[31m"], 64), (["intent", "_"], 64),
    (["intent", "x" * 5000], 64), (["operation", "status", "abc"], 64),
    (["operation", "status", "0"], 64), (["operation", "status", "-1"], 64),
    (["operation", "status", "99"], 64), (["operation", "status", LONG], 64),
    (["operation", "close", "99"], 64), (["operation", "stop", "99", "88000"], 64),
    (["operation", "stop", "1"], 64), (["operation", "stop", "1", "abc"], 65),
    (["operation", "target", "1", "xR"], 65), (["operation", "release", "1"], 64, "--reason"),
    (["log", "--operation", "99"], 64), (["log", "--intent", "abcd"], 64),
    (["orders", "--operation", "x"], 64), (["strategy", "show", "nothing"], 64),
    (["strategy", "edit", "nothing", "--active", "on"], 64),
    (["strategy", "add", "New", "--bias", "sideways"], 64),
    (["strategy", "add", "New", "--active", "yes"], 64),
    (["strategy", "add", "New", "--risk-percent", "abc"], 65),
    (["strategy", "add", "New", "--risk-percent", "1.5"], 65),
    (["strategy", "add", "N" * 100], 65), (["strategy", "add", "=1+1"], 65, "formula"),
    (["strategy", "add", "@home"], 65, "formula"),
    # numbers, times, words
    (["intents", "--limit", "abc"], 65), (["intents", "--limit", "0"], 65),
    (["intents", "--limit", "-1"], 65), (["intents", "--limit", "1.5"], 65),
    (["intents", "--limit", LONG], 65), (["intents", "--status", "DONE"], 64),
    (["operations", "--status", "OPEN"], 64), (["trades", "--from", "yesterday"], 65),
    (["trades", "--to", "2026-13-01"], 65), (["trades", "--from", "2026-02-30"], 65),
    (["trades", "--from", "2026-02-02", "--to", "2026-01-01"], 64),
    (["--client-id", "0", "intents"], 65), (["--client-id", "-1", "intents"], 65),
    (["--client-id", "abc", "intents"], 65), (["--client-id", "1.0", "intents"], 65),
    (["--client-id", LONG, "intents"], 65), (["--tape-from", "noon", "intents"], 65),
    (["monitor", "--interval", "abc"], 65), (["monitor", "--interval", "0"], 65),
    (["monitor", "--once", "--interval", "1"], 64),
    (["execute", "abcd", "--wait", "abc"], 65), (["execute", "abcd", "--wait", "-1"], 65),
    # what is refused
    (["execute", "abcd", "--acknowledge-risk"], 64), (["panic"], 77), (["panic", "--yes", "flatten"], 77),
    (["panic", "--yes", "yes"], 77), (["panic", "--yes", "FLATTEN "], 77),
    # settings
    (["settings", "set", "book.bogus", "1"], 78), (["settings", "set", "bogus", "1"], 78),
    (["settings", "set", "book.risk_percent", "2"], 78), (["settings", "set", "book.risk_percent", "abc"], 78),
    (["settings", "set", "book.capital", "1e5"], 78), (["settings", "set", "feed.interval_ms", "-1"], 78),
]


def table(book):
    """Each line twice: for people and for scripts; and the book is as it was before."""
    before = state(book)
    for row in ROWS:
        args, code, said = row[0], row[1], row[2] if len(row) > 2 else ""
        name = " ".join(args)[:60].encode("ascii", "backslashreplace").decode()
        name = name.replace("\x1b", "^[").replace("\n", "^J").replace("#", "")
        if "--json" in args:
            run = book.run(*args)
            tap.ok(run.code == code and said in run.json["error"]["message"], "%d: %s" % (code, name),
                   repr(run))
            continue
        run = book.run(*args)
        tap.ok(run.code == code and run.out == "" and said in run.err and "\x1b" not in run.err and
               run.err.startswith("robson: "), "%d: %s" % (code, name), repr(run))
        if "--json=yes" in args:
            continue
        js = book.run("--json", *args)
        try:
            error = js.json["error"]
            good = js.code == code and sorted(error) == ["hint", "kind", "message", "retryable"] and js.err == ""
        except (ValueError, KeyError, AssertionError):
            good = False
        tap.ok(good, "%d as JSON: %s" % (code, name), repr(js))
    tap.equal(state(book), before, "nothing of it is half-applied")


def state(book):
    """All that is written, but for what a look leaves behind."""
    with open(book.config, encoding="utf-8") as file:
        settings = file.read()
    counts = {}
    db = sqlite3.connect(book.db)
    for (name,) in db.execute("select name from sqlite_master where type = 'table'").fetchall():
        if name not in ("heartbeat", "heartbeats", "rules", "symbol_rules", "checks", "price_checks"):
            counts[name] = db.execute('select count(*) from "%s"' % name).fetchone()[0]
    db.close()
    return settings, counts


def environment():
    """What lies around the program, not in its arguments."""
    with Book() as book:
        book.write(book.config, "[book]\ncapitol = 5\n")
        run = book.json("intents")
        tap.ok(run.code == 78 and ":2" in run.json["error"]["message"], "an unknown key names its line",
               repr(run))
        book.write(book.config, "[book]\ncapital = 1\nrisk_percent = 3\n")
        run = book.json("intents")
        tap.ok(run.code == 78 and ":3" in run.json["error"]["message"], "a value out of range does too",
               repr(run))
    with Book() as book:
        env = dict(os.environ, ROBSON_BOOK_RISK_PERCENT="5")
        run = book.json("intents", env=env)
        tap.ok(run.code == 78 and "ROBSON_BOOK_RISK_PERCENT" in run.json["error"]["message"],
               "a variable out of range is named", repr(run))
        os.unlink(book.config)
        tap.equal(book.run("intents").code, 78, "settings that were asked for must be there")
    with Book() as book:
        env = {name: value for name, value in os.environ.items()
               if name not in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "ROBSON_CONFIG", "ROBSON_DB")}
        run = bare("--db", book.db, "--json", "intents", env=env)
        tap.equal((run.code, run.out), (0, ""), "without HOME a named database is enough")
        run = bare("--json", "intents", env=env)
        tap.ok(run.code == 64 and "HOME is not set" in run.json["error"]["message"],
               "without HOME and without --db: 64", repr(run))
        run = bare("--json", "intents", env=dict(env, HOME="here"))
        tap.ok(run.code == 64 and "HOME is not an absolute path" in run.json["error"]["message"],
               "a HOME that is no place is not called missing", repr(run))
        run = bare("--db", book.db, "--json", "settings", "set", "book.capital", "5", env=env)
        tap.ok(run.code == 64 and "HOME" in run.json["error"]["message"],
               "what writes settings needs a place for them", repr(run))
    with Book() as book:
        os.unlink(book.config)
        book.write(book.config, "")
        run = book.json("plan", "buy", "BTCUSDC", *STOP)
        tap.ok(run.code == 64 and "capital" in run.json["error"]["message"], "no capital anywhere: 64",
               repr(run))
    with Book() as book:
        book.write(book.db, "this is no database, but it is long enough to be looked at" * 20)
        run = book.json("intents")
        tap.equal((run.code, run.json["error"]["kind"]), (74, "io"), "a file that is no database: 74")
        tap.equal(book.run("doctor").code, 74, "and the doctor says so")
    with Book() as book:
        run = book.run("--db", book.folder, "intents")
        tap.equal(run.code, 74, "the last of two databases holds, and a folder is none")
        book.db = book.folder
        tap.equal(book.run("intents").code, 74, "a folder is no database: 74")
        book.db = "/proc/nowhere/robson.db"
        tap.equal(book.run("intents").code, 74, "nor can one be made everywhere: 74")
    with Book() as book:
        book.run("intents")
        db = sqlite3.connect(book.db)
        db.execute("pragma user_version = 9999")
        db.commit()
        db.close()
        run = book.json("intents")
        tap.ok(run.code == 74 and "9999" in run.json["error"]["message"], "a newer version's database: 74",
               repr(run))


def tapes():
    good = tape(["90000.00"] * 5)
    cases = [
        ("no header", good.split("\n", 1)[1], ":1"),
        ("empty", "", ""), ("a wrong header", "a,b,c\n1,2,3\n", ":1"),
        ("a word for a price", good.replace("90000.00", "dear", 1), ":2"),
        ("an exponent", good.replace("90000.00", "9e4", 1), ":2"),
        ("a price of zero", good.replace("90000.00", "0", 1), ":2"),
        ("a bid above its ask", good.replace("90000.00,90000.01", "90000.02,90000.01", 1), ":2"),
        ("a missing field", good.replace(",90000.01", "", 1), ":2"),
        ("a time that is none", good.replace("1767225600000", "soon", 1), ":2"),
        ("bytes of something else", "\x00\x01\x02\x03" * 50, ""),
    ]
    for name, text, where in cases:
        with Book(text=text) as book:
            run = book.json("plan", "buy", "BTCUSDC", *STOP)
            tap.ok(run.code in (65, 69) and (where == "" or "tape.csv" + where in run.json["error"]["message"]),
                   "a tape with %s names its line" % name, repr(run))
            tap.equal(book.json("intents").lines if run.code == 69 else [], [], "and nothing is planned")
    with Book() as book:
        os.unlink(book.tape)
        tap.ok(book.json("plan", "buy", "BTCUSDC", *STOP).code in (65, 69, 74), "a tape that is not there")
        for feed in ("bogus", "replay:", "replay:%s@fast" % book.tape, "kraken"):
            run = book.json("plan", "buy", "BTCUSDC", *STOP, feed=feed)
            tap.ok(run.code in (64, 65, 74, 78), "a feed that is none: %s" % feed.split("/")[0], repr(run))
        for url in ("http://example.com", "ftp://127.0.0.1", "nonsense", "https://"):
            run = book.json("--exchange-url", url, "plan", "buy", "BTCUSDC", *STOP, feed="binance")
            tap.ok(run.code in (64, 65, 78), "an address that is none: %s" % url, repr(run))
        run = book.json("--exchange-url", "http://127.0.0.1:9", "plan", "buy", "BTCUSDC", *STOP,
                        feed="binance")
        tap.ok(run.code == 69 and run.json["error"]["retryable"] is True, "nobody at that address: 69",
               repr(run))
    with Book() as book:
        run = book.json("plan", "buy", "NOSUCHUSDC", *STOP)
        tap.ok(run.code in (64, 69), "a symbol that the tape lacks", repr(run))


def harmless():
    """Text that people typed comes back without what a terminal would obey."""
    with Book() as book:
        intent = book.plan("buy", "BTCUSDC", *STOP, "--reason", "\x1b[2J\x07 red\u202e alert")
        for words in (["intent", intent], ["intents"], ["log"]):
            run = book.run(*words)
            tap.ok(run.code == 0 and "\x1b" not in run.out and "\x07" not in run.out and
                   "\u202e" not in run.out, "%s prints harmless text" % words[0], repr(run))
        tap.equal(bare("--json", "bogus\x1b[31m").json["error"]["message"].count("\x1b"), 0,
                  "an error repeats no control code")
        json.loads(book.run("--json", "intent", intent).out)


with Book() as shared:
    shared.executed("buy", "BTCUSDC", *STOP)
    table(shared)
environment()
tapes()
harmless()
tap.ok(len(ROWS) >= 100, "the table has at least a hundred rows")
tap.finish()
