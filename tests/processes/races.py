"""At the same moment: several executes of one intent; execute against cancel against pause."""
import os
import random
import signal
import time

import house as stage
from house import SCALE, Failed

SEEDS = 50 * SCALE
FIRST_SEED = int(os.environ.get("ROBSON_TEST_SEED", "1"))


def executes(house, count):
    """So many executes of one intent at once; what they ended with."""
    intent = house.validated(stage.STOP, "buy", "--capital", "100")
    started = [house.start("--json", "execute", intent) for _ in range(count)]
    results = [process.result(60) for process in started]
    return intent, results


def judge_executes(house, name, intent, results):
    codes = sorted(result.code for result in results)
    operations = house.value("SELECT count(*) FROM operations WHERE intent_id = ?", intent)
    entries = house.value("SELECT count(*) FROM orders WHERE intent_id = ? AND purpose = 'entry'", intent)
    sent = house.value("SELECT count(*) FROM events WHERE kind = 'intent.executing' AND intent_id = ?",
                       intent)
    house.tell("%s: one operation, one entry" % name, (operations, entries, sent) == (1, 1, 1),
               operations, entries, sent)
    house.tell("%s: one is told that it was done, the others no" % name,
               codes.count(0) == 1 and set(codes) <= {0, 1}, codes, *results)
    open_wishes = house.value("SELECT count(*) FROM requests WHERE state IN ('WANTED', 'TAKEN')")
    house.tell("%s: no wish is left" % name, open_wishes == 0, open_wishes)


def parallel(house):
    """one intent, executed at once"""
    for name, count in (("two, nobody holds", 2), ("ten, nobody holds", 10)):
        judge_executes(house, name, *executes(house, count))
    monitor = house.monitor()
    judge_executes(house, "two, a monitor holds", *executes(house, 2))
    judge_executes(house, "ten, a monitor holds", *executes(house, 10))
    monitor.kill()
    screen = house.screen()
    house.must(house.holds(screen), screen.text)
    judge_executes(house, "ten, a screen holds", *executes(house, 10))
    house.verified()


def parallel_deaths(house):
    """one intent, executed at once while holders die"""
    chance = random.Random(FIRST_SEED)
    for number in range(3 * SCALE):
        monitor = house.monitor()
        intent = house.validated(stage.STOP, "buy", "--capital", "100")
        started = [house.start("--json", "execute", intent, "--wait", "8") for _ in range(4)]
        house.until(lambda: False, chance.random() * 0.12)
        monitor.kill()
        started[0].send(signal.SIGKILL)
        codes = [process.result(60).code for process in started]

        def status():
            return house.value("SELECT status FROM intents WHERE id = ?", intent)

        if status() == "EXECUTING":      # its sender died on the way: the next holder finds out
            judge = house.monitor()
            house.until(lambda: status() != "EXECUTING", 10)
            judge.send(signal.SIGTERM)
            judge.ends(5)
        operations = house.value("SELECT count(*) FROM operations WHERE intent_id = ?", intent)
        entries = house.value("SELECT count(*) FROM orders WHERE intent_id = ? AND "
                              "purpose = 'entry'", intent)
        house.tell("death %d: at most one operation, and the rows agree" % (number + 1),
                   (status(), operations, entries) in (("EXECUTED", 1, 1), ("VALIDATED", 0, 0),
                                                     ("FAILED", 0, 1)),
                   status(), operations, entries, codes)
        house.run("cancel", intent)
    house.verified()


def consistent(house, seed, intent, codes, resting):
    """What must hold whatever came first.  "" or what does not."""
    row = house.rows("SELECT * FROM intents WHERE id = ?", intent)[0]
    status = row["status"]
    operations = house.rows("SELECT * FROM operations WHERE intent_id = ?", intent)
    entries = house.rows("SELECT * FROM orders WHERE intent_id = ? AND purpose = 'entry'", intent)
    if len(operations) > 1 or len(entries) > 1:
        return "more than one"
    if status == "EXECUTED" and not (len(operations) == 1 and operations[0]["status"] == "ACTIVE"):
        return "EXECUTED without its operation"
    if status != "EXECUTED" and operations:
        return "an operation of an intent that is %s" % status
    if status in ("VALIDATED", "CANCELLED") and entries:
        return "%s with an entry order" % status
    if status == "EXECUTING" and not (resting and entries and entries[0]["state"] == "NEW"):
        return "EXECUTING, and nothing rests"
    if status == "PENDING":
        return "PENDING again"
    if status == "FAILED" and not resting and codes["pause"] is None and codes["cancel"] != 0:
        return "FAILED, and nobody asked for it"
    if codes["execute"] == 0 and not entries:
        return "execute said done, and there is no entry"
    if codes["cancel"] == 0 and status not in ("CANCELLED", "FAILED"):
        return "cancel said done, and the intent is %s" % status
    if codes["pause"] not in (None, 0):
        return "pause failed"
    if codes["pause"] == 0 and status == "EXECUTING":
        return "PAUSED, and an entry rests"
    if any(code not in (0, 1, 64, None) for code in codes.values()):
        return "a strange exit status"
    # No entry is written after the pause, in the one order that everybody shares.
    for paused in house.rows("SELECT seq FROM events WHERE kind = 'book.paused' ORDER BY seq DESC LIMIT 1"):
        late = house.rows("SELECT seq FROM events WHERE kind = 'intent.executing' AND intent_id = ? "
                          "AND seq > ?", intent, paused["seq"])
        if codes["pause"] == 0 and late:
            return "an entry was written while PAUSED"
    if house.value("SELECT count(*) FROM requests WHERE state IN ('WANTED', 'TAKEN')"):
        return "a wish was left"
    return ""


def one_race(house, seed):
    chance = random.Random(seed)
    resting = chance.random() < 0.5
    # A limit below the market rests until it is cancelled.
    more = ["--capital", "100"] + (["--entry", "96990.00"] if resting else [])
    intent = house.validated("96000.00", "buy", *more)
    acts = {"execute": ["execute", intent, "--wait", "5"], "cancel": ["cancel", intent],
            "pause": ["pause", "race %d" % seed]}
    if chance.random() < 0.3:
        del acts[chance.choice(["cancel", "pause"])]
    # An execution asks for the price first: the others come before, within and after that.
    order = sorted((0.05 if kind == "execute" else chance.uniform(0, 0.25), kind) for kind in acts)
    began, started = time.monotonic(), {}
    for at, kind in order:
        house.until(lambda: False, at - (time.monotonic() - began))
        started[kind] = house.start(*acts[kind])
    results = {kind: process.result(30) for kind, process in started.items()}
    codes = {kind: results[kind].code if kind in results else None
             for kind in ("execute", "cancel", "pause")}
    # What a pause cancels is cancelled by the holder, in its own time.
    wrong = ""
    deadline = time.monotonic() + 5
    while True:
        wrong = consistent(house, seed, intent, codes, resting)
        if not wrong or time.monotonic() > deadline:
            break
        if codes["pause"] == 0 and house.holder_pid() == 0:
            house.run("monitor", "--once")   # nobody holds: who comes next cancels what rests
        house.until(lambda: False, 0.05)
    final = house.value("SELECT status FROM intents WHERE id = ?", intent)
    if wrong:
        house.tell("seed %d" % seed, False, wrong, final, codes, order, *results.values())
    if codes["pause"] == 0:
        house.must(house.run("resume").code == 0, "resume failed")
    if final == "EXECUTED":
        operation = house.value("SELECT id FROM operations WHERE intent_id = ?", intent)
        done = house.run("operation", "close", str(operation))
        house.must(done.code == 0, "seed %d: close:" % seed, done)
    elif final in ("VALIDATED", "EXECUTING"):
        done = house.run("cancel", intent)
        if done.code != 0:
            raise Failed("seed %d: cancel: %r" % (seed, done))
    return not wrong, final, codes


def race(house, seeds):
    ends, bad = {}, 0
    for seed in seeds:
        good, final, codes = one_race(house, seed)
        bad += not good
        ends[final] = ends.get(final, 0) + 1
    house.note("%d seeds: %s" % (len(seeds), ", ".join("%s %d" % end for end in sorted(ends.items()))))
    house.tell("%d seeds leave consistent rows" % len(seeds), bad == 0, bad)
    house.tell("and several outcomes were met", len(ends) >= 2, ends)
    house.verified()


def race_alone(house):
    """execute, cancel and pause, nobody holds"""
    race(house, range(FIRST_SEED, FIRST_SEED + SEEDS // 2))


def race_watched(house):
    """execute, cancel and pause, a monitor holds"""
    house.monitor()
    race(house, range(FIRST_SEED + SEEDS // 2, FIRST_SEED + SEEDS))


SCENES = [race_watched, race_alone, parallel, parallel_deaths]

if __name__ == "__main__":
    stage.play(SCENES)
