"""Whose money it is: keys, certificates, gates, and books that are not where they belong.  Whatever is
wrong is said, and nothing is sent, cancelled, closed or doubled: the ledger before is the ledger after."""
import os
import shutil
from decimal import Decimal

import judge
from live import KEY, QUOTE, SECRET, SYMBOL, Second, scene
from standin import Standin

OTHER_KEY, OTHER_SECRET = "o" * 64, "s" * 64
WORDS = {
    "wrong key": ("k" * 64, SECRET), "wrong secret": (KEY, "x" * 64),
}


def state(ledger):
    """All that trading would change."""
    return ([(o["orderId"], o["status"], o["executedQty"], o["stopPrice"]) for o in ledger["orders"]],
            len(ledger["trades"]), [(b["asset"], b["free"], b["locked"]) for a in ledger["accounts"]
                                    for b in a["balances"]])


def untouched(house, before, name="the ledger is as before"):
    after = state(house.ledger())
    return house.tell(name, before == after, *house.evidence())


def says(house, name, done, code, *words):
    text = (done.out + done.err).lower()
    return house.tell(name, done.code == code and all(word in text for word in words), done)


def no_secret(house, secret=SECRET):
    """Nowhere among what was written or said."""
    found = []
    for folder, _, files in os.walk(house.folder):
        for name in files:
            path = os.path.join(folder, name)
            if path == house.key_file:
                continue
            with open(path, "rb") as file:
                body = file.read()
            if secret.encode() in body or b"signature=" in body:
                found.append(path)
    return house.tell("the secret is nowhere", not found, found)


def try_to_trade(house):
    """As far as it goes: the answer of the step that says no."""
    done = house.json("plan", "buy", SYMBOL, "--stop", "49500", "--live", "--reason", "keys")
    if done.code == 0:
        intent = done.json["intent_id"]
        done = house.json("validate", intent, "--live")
        if done.code == 0:
            done = house.execute(intent, wait=5)
    return done


# ---- keys ----

@scene("a key that the exchange does not know", key=WORDS["wrong key"])
def wrong_key(house):
    before = state(house.ledger())
    says(house, "exit 78, and it speaks of the key", try_to_trade(house), 78, "key")
    house.tell("doctor says so", "FAIL" in house.run("doctor").out)
    untouched(house, before)


@scene("a secret that is not the key's", key=WORDS["wrong secret"])
def wrong_secret(house):
    before = state(house.ledger())
    says(house, "exit 78, and it speaks of the signature or key", try_to_trade(house), 78)
    untouched(house, before)
    no_secret(house, "x" * 64)


@scene("a key that may only read")
def read_only_key(house):
    house.x.control("key", key=KEY, secret=SECRET, trade=False)
    before = state(house.ledger())
    says(house, "exit 78, and it speaks of the permission", try_to_trade(house), 78, "key")
    untouched(house, before)
    house.tell("no intent is left executing", all(row["status"] != "EXECUTING" for row in house.live_rows("intents")))


@scene("an account that may not trade")
def no_trade(house):
    house.x.control("account", can_trade=False)
    before = state(house.ledger())
    says(house, "exit 78, and it says so", try_to_trade(house), 78, "trade")
    untouched(house, before)


@scene("a key that expires while something is open")
def expires(house):
    number = house.protected()
    before = state(house.ledger())
    house.x.control("key", key=KEY, secret=SECRET, read=False, trade=False)
    house.tell("doctor says so", house.until(lambda: "FAIL" in house.run("doctor").out, 15), house.run("doctor"))
    done = house.json("operation", "close", str(number))
    house.tell("closing is refused in words", done.code in (69, 75, 78) and "key" in (done.out + done.err).lower(), done)
    untouched(house, before)
    house.x.control("key", key=KEY, secret=SECRET, read=True, trade=True)
    house.tell("and done when it is back, without being asked again, or still protected",
               house.settled(40), *house.evidence(house.wrong()))
    house.is_clean()


@scene("no key at all")
def no_key(house):
    house.write_settings()
    with open(house.config, encoding="utf-8") as file:
        text = "\n".join(line for line in file.read().splitlines() if not line.startswith("key_file"))
    with open(house.config, "w", encoding="utf-8") as file:
        file.write(text + "\n")
    done = try_to_trade(house)
    house.tell("refused, and it speaks of the key", done.code in (69, 78) and "key" in done.out + done.err, done)
    house.tell("nothing was asked that is signed", not any("signature=" in r["query"] + r["body"]
                                                           for r in house.x.requests()))


@scene("a key file that others can read")
def open_file(house):
    os.chmod(house.key_file, 0o644)
    done = try_to_trade(house)
    says(house, "exit 78, and it says why", done, 78, "read")
    house.tell("without what is in it", SECRET not in done.out + done.err and KEY not in done.out + done.err)
    house.tell("nothing was asked with it", not any(r["key"] for r in house.x.requests()))


@scene("secrets are in no file, no text and no argument")
def secrets(house):
    monitor = house.monitor()
    house.fault("reply", path=house.entry_path(), status=503, code=-1007, msg="x", process=True)
    number = house.opened()
    house.must(house.settled(), *house.wrong())
    house.fault("hostile", path="/api/v3/openOrders", method="GET", hostile="html")
    for words in (["doctor"], ["operation", "status", str(number)], ["settings"], ["log"], ["reconcile"],
                  ["export", "events", "--format", "json"], ["backup", house.path("copy.db")]):
        house.run(*words)
    with open("/proc/%d/cmdline" % monitor.pid, "rb") as file:
        house.tell("not among the arguments", SECRET.encode() not in file.read())
    look_into_memory(house, monitor.pid)
    monitor.send(15)
    monitor.ends()
    no_secret(house)


def look_into_memory(house, pid):
    """Where the secret is in memory, it is not part of a core dump."""
    try:
        regions, current = [], None
        with open("/proc/%d/smaps" % pid, encoding="ascii", errors="replace") as file:
            for line in file:
                words = line.split()
                if "-" in words[0] and not words[0].endswith(":"):
                    low, high = words[0].split("-")
                    current = [int(low, 16), int(high, 16), words[1], False]
                    regions.append(current)
                elif words[0] == "VmFlags:":
                    current[3] = "dd" in words[1:]
        seen, bad = 0, []
        with open("/proc/%d/mem" % pid, "rb") as memory:
            for low, high, rights, is_left_out in regions:
                if not rights.startswith("rw") or high - low > 1 << 28:
                    continue
                try:
                    memory.seek(low)
                    body = memory.read(high - low)
                except OSError:
                    continue
                if SECRET.encode() in body:
                    seen += 1
                    if not is_left_out:
                        bad.append("%x-%x" % (low, high))
        house.tell("not in a core dump (held in %d places)" % seen, not bad, bad)
    except OSError as error:
        house.skip("not in a core dump", "its memory can't be read here: %s" % error)


# ---- certificates ----

def certificate_of(kind):
    @scene("a certificate that is not right is no exchange: %s" % kind.replace("_", " "), tls=True)
    def certificate(house):
        house.x.control("tls", certificate=kind)
        done = try_to_trade(house)
        house.tell("refused in words", done.code == 69 and "certificate" in (done.out + done.err).lower(), done)
        house.tell("nothing was said to it", not house.x.requests())
    certificate.__name__ = "certificate_" + kind
    return certificate


@scene("a wrong certificate while something is open", tls=True)
def certificate_open(house):
    number = house.protected()
    asked = len(house.x.requests())
    house.x.control("tls", certificate="expired")
    house.x.control("connections", drop=True)
    house.until(lambda: False, 1)
    late = len(house.x.requests())
    house.until(lambda: False, 1)
    house.tell("nothing is said to whoever that is", len(house.x.requests()) == late, asked, late)
    house.x.control("tls", certificate="good")
    house.tell("it comes back by itself", house.until(lambda: house.shown(number) == "EXCH+LOCAL", 30),
               house.shown(number), house.log())
    house.settles()
    house.is_clean()


@scene("the system does not know this authority", tls=True)
def unknown_authority(house):
    house.write_settings()
    with open(house.config, encoding="utf-8") as file:
        text = "\n".join(line for line in file.read().splitlines() if not line.startswith("ca_file"))
    with open(house.config, "w", encoding="utf-8") as file:
        file.write(text + "\n")
    done = try_to_trade(house)
    house.tell("refused", done.code == 69 and not house.x.requests(), done)


@scene("plain http goes to this machine alone")
def plain_http(house):
    for url in ("http://192.0.2.1:8080", "http://api.binance.com", "http://127.0.0.1.example.com"):
        house.feed = ["--feed", "binance", "--exchange-url", url]
        done = house.json("plan", "buy", SYMBOL, "--stop", "49500", "--live")
        house.tell("%s is refused" % url, done.code in (64, 78), done)


# ---- gates ----

@scene("every gate before money: the switch, the word, --readonly, a pause, a pattern")
def gates(house):
    intent = house.validated()
    before = state(house.ledger())
    events = len(house.rows("SELECT 1 FROM events"))
    says(house, "not acknowledged", house.json("execute", intent, "--live"), 77)
    house.run("live", "off")
    says(house, "the switch is off", house.execute(intent, 5), 77)
    house.run("live", "on")
    says(house, "--readonly", house.json("--readonly", "execute", intent, "--live", "--acknowledge-risk"), 77)
    house.run("pause", "a scene")
    says(house, "paused", house.execute(intent, 5), 1)
    house.run("resume")
    asked = house.json("patterns", "trigger", "a-scene", "HAMMER", "buy", SYMBOL, "--stop", "-2%", "--execute", "--live")
    says(house, "a pattern", asked, 77)
    untouched(house, before)
    house.tell("each attempt is in the trail", len(house.rows("SELECT 1 FROM events")) >= events + 5)
    done = house.execute(intent)
    house.tell("and then it goes", done.code == 0, done)


# ---- books that are not where they belong ----

@scene("a second book on the same account touches nothing of the first")
def second_book(house):
    number = house.protected(target="51500")
    before = state(house.ledger())
    other = Second(house, house.path("second.db"))
    other.run("live", "on")
    for words in (["reconcile"], ["monitor", "--once"], ["panic", "--yes", "FLATTEN"], ["resume"], ["reconcile"]):
        other.json(*words)
    untouched(house, before, "its reconcile, monitor and panic leave all as it was")
    plan = other.json("plan", "buy", SYMBOL, "0.001", "--stop", "49500", "--live", "--reason", "second")
    house.must(plan.code == 0, plan)
    house.must(other.json("validate", plan.json["intent_id"], "--live").code == 0, "validate")
    done = other.json("execute", plan.json["intent_id"], "--live", "--acknowledge-risk")
    house.tell("it trades for itself", done.code == 0, done)
    house.settles("the first agrees")
    done = other.json("operation", "close", str(done.json["operation_id"]))
    house.tell("and closes its own", done.code == 0, done)
    house.tell("the first is still there", house.until(lambda: house.shown(number) == "EXCH+LOCAL", 10))
    wrong = judge.history(judge.read_book(other.db), house.ledger())
    house.tell("the second sold no more than it had", not wrong, wrong)
    house.settles()
    house.is_clean()


def copied(house, name="copy.db"):
    """The files of the book, as a person would copy them."""
    for tail in ("", "-wal"):
        if os.path.exists(house.db + tail):
            shutil.copy2(house.db + tail, house.path(name) + tail)
    return house.path(name)


@scene("a copy of the book on the same machine refuses every LIVE act")
def copy(house):
    monitor = house.monitor()
    number = house.opened(target="51500")
    house.must(house.settled(), *house.wrong())
    waiting = house.validated(quantity="0.001")
    monitor.send(15)
    house.must(monitor.ends(), "the monitor does not end")
    other = Second(house, copied(house))
    before = state(house.ledger())
    for words in (["operation", "close", str(number)], ["operation", "stop", str(number), "49700"],
                  ["execute", waiting, "--live", "--acknowledge-risk", "--wait", "3"]):
        done = other.json(*words)
        house.tell("%s is refused and says adopt" % words[0], done.code in (1, 77, 78) and
                   "adopt" in (done.out + done.err).lower(), done)
    for words in (["reconcile"], ["monitor", "--once"], ["panic", "--yes", "FLATTEN"]):
        other.json(*words)
    watcher = other.start("monitor")
    house.until(lambda: False, 2)
    untouched(house, before)
    house.price("49400")
    house.until(lambda: False, 2)
    watcher.kill()
    house.tell("the exchange's own stop sold, and nobody else",
               len([o for o in house.there() if o["side"] == "SELL" and Decimal(o["executedQty"]) > 0]) == 1,
               *house.evidence())
    house.monitor()
    house.tell("the book itself goes on", house.closes(number), *house.evidence())
    house.settles()
    house.is_clean()


@scene("a restored backup sells nothing twice")
def restored(house):
    monitor = house.monitor()
    number = house.opened(target="51500")
    house.must(house.settled(), *house.wrong())
    done = house.run("backup", house.path("backup.db"))
    house.must(done.code == 0, done)
    house.must(house.json("operation", "close", str(number)).code == 0, "close")
    house.must(house.closes(number), "it does not close")
    monitor.send(15)
    monitor.ends()
    done = house.run("restore", house.path("backup.db"))
    house.must(done.code == 0, done)
    before = state(house.ledger())
    house.tell("it shows the position as it was then", house.operation(number)["status"] == "ACTIVE")
    for words in (["operation", "close", str(number)], ["panic", "--yes", "FLATTEN"], ["monitor", "--once"]):
        house.json(*words)
    watcher = house.start("monitor")
    house.price("49000")
    house.until(lambda: False, 3)
    watcher.kill()
    untouched(house, before)
    done = house.json("adopt", "--yes", "ADOPT")
    house.tell("adopted", done.code == 0, done)
    house.monitor()
    house.tell("what happened meanwhile is booked", house.closes(number), *house.evidence())
    untouched(house, before, "and nothing was sold for it")
    house.run("resume")
    house.settles()
    house.is_clean()


@scene("a key of another account acts on nothing of this one")
def other_account(house):
    monitor = house.monitor()
    number = house.opened(target="51500")
    house.must(house.settled(), *house.wrong())
    monitor.send(15)
    house.must(monitor.ends(), "the monitor does not end")
    account = house.x.control("account", new=True, uid=4711, balances={QUOTE: "10000", "BTC": "1"})["account"]
    house.x.control("key", key=OTHER_KEY, secret=OTHER_SECRET, account=account)
    house.write_key(OTHER_KEY, OTHER_SECRET)
    before = state(house.ledger())
    for words in (["operation", "close", str(number)], ["operation", "stop", str(number), "49700"]):
        done = house.json(*words)
        house.tell("%s is refused and says why" % words[1], done.code not in (0, 70) and
                   "account" in (done.out + done.err).lower(), done)
    for words in (["reconcile"], ["monitor", "--once"], ["panic", "--yes", "FLATTEN"]):
        house.json(*words)
    watcher = house.start("monitor")
    house.until(lambda: False, 3)
    watcher.kill()
    untouched(house, before)
    house.tell("nobody is said to watch it", not house.status(number)["protection"]["watched"], house.shown(number))
    house.write_key(KEY, SECRET)
    house.run("resume")
    house.monitor()
    house.tell("with its own key it goes on", house.until(
        lambda: house.shown(number) == "EXCH+LOCAL" or house.is_closed(number), 20), house.shown(number))
    house.settles()
    house.is_clean()


@scene("another exchange (the testnet, say) is told nothing of this one's positions")
def other_host(house):
    monitor = house.monitor()
    number = house.opened(target="51500")
    house.must(house.settled(), *house.wrong())
    monitor.send(15)
    house.must(monitor.ends(), "the monitor does not end")
    before, feed = state(house.ledger()), house.feed
    with Standin() as other:
        other.control("account", balances={"BTC": "1"})
        other.price("50000")
        house.feed = ["--feed", "binance", "--exchange-url", other.url]
        for words in (["operation", "close", str(number)], ["operation", "stop", str(number), "49700"]):
            done = house.json(*words)
            house.tell("%s is refused and says why" % words[1], done.code not in (0, 70), done)
        for words in (["reconcile"], ["monitor", "--once"], ["panic", "--yes", "FLATTEN"]):
            house.json(*words)
        watcher = house.start("monitor")
        other.price("49000")
        house.until(lambda: False, 3)
        watcher.kill()
        house.tell("nothing was sold there", not other.ledger()["orders"], other.ledger()["orders"])
        house.tell("nothing is believed closed", house.operation(number)["status"] == "ACTIVE", *house.evidence())
    house.feed = feed
    untouched(house, before)
    house.run("resume")
    house.monitor()
    house.tell("at home it goes on", house.until(
        lambda: house.shown(number) == "EXCH+LOCAL" or house.is_closed(number), 20), house.shown(number))
    house.settles()
    house.is_clean()


SCENES = [certificate_open] + [certificate_of(kind) for kind in (
    "expired", "wrong_host", "self_signed", "unknown_ca")] + [
          expires, second_book, copy, restored, other_account, other_host, secrets, gates, read_only_key,
          wrong_key, wrong_secret, no_trade, no_key, open_file, unknown_authority, plain_http]
