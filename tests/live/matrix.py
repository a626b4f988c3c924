"""The fault matrix with real processes, sockets and SIGKILL: each step of a LIVE trade x each fault x
a death before, during or after it.

    matrix.py [--seed N] [--seeds FROM-TO] [--at-once K] [--list]

A seed is one case of the product and one life: its shape, prices and moments are drawn from it.  At
the end the exchange's ledger decides: one entry, one exit, flat or protected, book equal to the
exchange, `verify' clean, and no protection was shown that was not there.  A seed that fails prints
the command that plays it again."""
import argparse
import itertools
import os
import random
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import judge                                                   # noqa: E402
from live import LiveHouse, later                              # noqa: E402
from house import Failed, Quiet, play as play_scenes           # noqa: E402

STEPS = ("entry", "protect", "move_stop", "move_target", "close", "target_fill", "stop_fill", "partial",
         "panic", "reconcile")
KILLS = ("none", "before", "during", "after", "call")     # call: at one of its calls, by the reaper
REAPER = os.path.join(os.environ["top_builddir"], "tests", "torture", "reaper.so")
HOSTILE = ("empty", "html", "nesting", "nul", "utf8", "numbers", "types", "half", "array")
NO_CHANCE = "Timeout waiting for response from backend server. Send status unknown; execution status unknown."


def reply(status, **more):
    return lambda draw: dict(fault="reply", status=status, **more)


# What happens to the request of the step (or, where that is None, what is done to the world).
FAULTS = {
    "nothing": None,
    "delay": lambda draw: dict(fault="delay", before_ms=draw.randint(200, 1500)),
    "late_answer": lambda draw: dict(fault="delay", after_ms=draw.randint(200, 1500)),
    "lost_request": lambda draw: dict(fault="lost_request", reset=draw.random() < 0.5),
    "lost_reply": lambda draw: dict(fault="lost_reply", reset=draw.random() < 0.5),
    "hang": lambda draw: dict(fault="hang", process=draw.random() < 0.5),
    "5xx_done": lambda draw: dict(fault="reply", status=draw.choice((500, 502, 503, 504)), process=True,
                                  body="<html>Bad Gateway</html>"),
    "5xx_not": lambda draw: dict(fault="reply", status=draw.choice((500, 502, 503, 504)), body="<html></html>"),
    "-1007_done": reply(503, code=-1007, msg=NO_CHANCE, process=True),
    "-1007_not": reply(503, code=-1007, msg=NO_CHANCE),
    "-1000_done": reply(500, code=-1000, msg="An unknown error occurred while processing the request.", process=True),
    "truncate": lambda draw: dict(fault="truncate", bytes=draw.randint(0, 60)),
    "reset_mid": lambda draw: dict(fault="reset_mid", bytes=draw.randint(0, 60)),
    "garbage": lambda draw: dict(fault="hostile", hostile=draw.choice(HOSTILE)),
    "drip": lambda draw: dict(fault="drip", every_ms=1),
    "429": reply(429, code=-1003, msg="Too many requests.", retry_after=2),
    "418": reply(418, code=-1003, msg="Way too many requests; IP banned.", retry_after=3),
    "-1003": reply(429, code=-1003, msg="Too much request weight used."),
    "-1021": None, "-1021_back": None,
    "refused": reply(400, code=-2010, msg="Account has insufficient balance for requested action."),
    "refuse_pending": None, "deaf_stops": None, "wrong_certificate": None, "restart": None, "down": None,
    "query_lag": lambda draw: dict(fault="lost_reply"),
    "stop_expires": None, "cut": None,
}
CASES = list(itertools.product(STEPS, FAULTS, KILLS))
random.Random(7).shuffle(CASES)


class Life:
    """One seed, from the first price to flat."""

    def __init__(self, house, seed):
        self.house, self.seed = house, seed
        self.step, self.fault, self.kill = case_of(seed)
        draw = self.draw = random.Random(seed)
        self.shape = house.shape
        self.is_watched = draw.random() < 0.6 and self.kill != "call"
        self.is_limit = self.step == "partial" or (self.step == "entry" and draw.random() < 0.4)
        self.target = draw.choice(("51000", None)) if self.step not in ("target_fill", "move_target") else "51000"
        self.entry = "49990" if self.is_limit else None
        self.monitor = None
        self.runs = []
        self.is_armed = self.is_dying = False

    # ---- the world ----

    def arm(self):
        """What the next request of the step will meet."""
        house, draw, make = self.house, self.draw, FAULTS[self.fault]
        if self.fault == "query_lag":
            house.x.control("settings", query_lag_ms=3000)
        if make is not None:
            more = make(draw)
            if self.kill == "during":
                more.setdefault("before_ms", 300)
            self.strike(**more)
        elif self.fault == "-1021":
            house.x.control("clock", advance_ms=draw.randint(6000, 20000))
        elif self.fault == "-1021_back":
            house.x.control("clock", advance_ms=-draw.randint(2000, 20000))
        elif self.fault == "refuse_pending":
            house.x.control("settings", refuse_pending=draw.choice((1, 2)))
        elif self.fault == "deaf_stops":
            house.x.control("settings", deaf_stops=1)
        elif self.fault == "wrong_certificate":
            house.x.control("tls", certificate=draw.choice(("expired", "wrong_host", "self_signed", "unknown_ca")))
            house.x.control("connections", drop=True)
        elif self.fault == "restart":
            later(draw.uniform(0, 0.2), lambda: house.x.control("restart", down_ms=draw.randint(0, 1500)))
        elif self.fault == "down":
            house.x.control("connections", drop=True, down_ms=draw.randint(300, 2500))
        elif self.fault == "cut":
            house.x.control("settings", partial={"count": 1, "permille": draw.randint(100, 900)})
        elif self.fault == "stop_expires":
            for row in house.there("stop"):
                if row["status"] == "NEW":
                    house.x.control("expire", orderId=row["orderId"])

    def strike(self, **fault):
        self.is_armed = True
        if self.step == "entry":
            self.house.fault(path=self.house.entry_path(self.target is not None), **fault)
        elif self.step == "protect":
            self.house.fault(path="", contains="STOP_LOSS", **fault)
        elif self.step in ("move_stop", "move_target", "close", "panic"):
            self.house.fault(path="", contains="timestamp=", **fault)
        elif self.step == "partial":
            self.house.fault(path="", method="DELETE", **fault)
        else:
            self.house.fault(path="", method="GET", contains="signature=", count=self.draw.randint(1, 3), **fault)

    def heal(self):
        house = self.house
        house.heal()
        house.x.control("settings", query_lag_ms=0, refuse_pending=0, deaf_stops=0)
        house.x.control("tls", certificate="good")

    # ---- deeds ----

    def run(self, *words):
        house = self.house
        if self.kill != "call" or not self.is_dying or not os.path.exists(REAPER):
            self.runs.append(house.start("--json", *words))
            return
        at, how = self.draw.randint(1, 150), self.draw.choice(("before", "after", "half"))
        self.runs.append(Quiet(house, ["env", "LD_PRELOAD=" + REAPER, "REAPER_AT=%d" % at, "REAPER_HOW=" + how] +
                               house.arguments("--json", *words), words[0]))
        self.runs[-1].ends(8)

    def watch(self):
        if self.monitor is None or not self.monitor.alive():
            self.monitor = self.house.start("monitor")

    def die(self):
        """SIGKILL for whoever acts."""
        acting = self.house.holder_pid()
        for process in self.runs + [self.monitor]:
            if process is not None and process.alive() and (process.pid == acting or self.draw.random() < 0.5):
                process.kill()

    def number(self):
        rows = self.house.live_rows("operations")
        return str(rows[0]["id"]) if rows else None

    def enter(self):
        intent = self.house.validated(target=self.target, entry=self.entry)
        if self.step in ("entry", "protect"):
            self.arm()
        self.is_dying = self.step in ("entry", "protect")
        self.run("execute", intent, "--live", "--acknowledge-risk", "--wait", "5")

    def act(self):
        """The step itself; its answers are awaited elsewhere."""
        house, number = self.house, self.number()
        self.is_dying = True
        if self.step == "move_stop":
            self.run("operation", "stop", number, "49700")
        elif self.step == "move_target":
            self.run("operation", "target", number, "51200")
        elif self.step == "close":
            self.run("operation", "close", number)
        elif self.step == "panic":
            self.run("panic", "--yes", "FLATTEN")
        elif self.step == "target_fill":
            house.price("51010")
        elif self.step == "stop_fill":
            house.price(self.draw.choice(("49490", "49000", "48000")))
        elif self.step == "partial":
            self.part()
        elif self.step == "reconcile":
            if self.draw.random() < 0.5:
                house.price("49400")
            self.run("reconcile")
        if self.kill == "call" and self.step in ("target_fill", "stop_fill", "partial"):
            self.run("monitor", "--once")

    def part(self):
        house = self.house
        entry = house.there("entry")
        house.must(entry, "no entry rests", *house.evidence())
        house.x.control("fill", clientOrderId=entry[0]["clientOrderId"], qty="0.05")
        house.until(lambda: house.live_rows("operations"), 5)
        # Three quarters of the way to the stop.
        house.price("49590", bid="49600", ask="49991")

    def story(self):
        house, draw = self.house, self.draw
        if self.is_watched:
            self.watch()
            house.until(lambda: house.holder_pid() == self.monitor.pid, 10)
        self.enter()
        if self.step not in ("entry", "protect"):
            if self.is_limit:
                house.must(house.until(lambda: house.there("entry"), 15), "no entry", *house.evidence())
            else:
                house.must(house.until(lambda: self.number() and not house.wrong(), 30),
                           "it does not open:", *house.evidence(house.wrong()))
            self.arm()
            if self.kill == "before" and draw.random() < 0.5:
                self.die()
                self.after_death()
            self.act()
        if self.is_limit and self.step == "entry":
            later(draw.uniform(0.1, 1.0), lambda: house.price("49980"))
        self.suffer()

    def after_death(self):
        """Somebody takes over; at once, or a moment later."""
        if self.draw.random() < 0.7:
            self.watch()

    def suffer(self):
        house, draw = self.house, self.draw
        if self.kill == "call":
            if draw.random() < 0.3:
                self.heal()
        elif self.kill == "before":
            house.until(lambda: False, draw.uniform(0, 0.05))
            self.die()
        elif self.kill in ("during", "after"):
            if self.is_armed:
                house.struck(4)
            if self.kill == "after":
                house.until(lambda: False, draw.uniform(0, 0.6))
            self.die()
        if draw.random() < 0.5:
            house.until(lambda: False, draw.uniform(0, 1.5))
            self.watch()
        house.until(lambda: False, draw.uniform(0.3, 2))
        self.heal()
        self.watch()

    def end(self):
        """All agrees; then out, and all agrees again."""
        house = self.house
        house.grace_ms = 12000           # while the line was cut nobody could know better
        if not house.settled(70, truth=True):
            raise Failed("\n".join(map(str, ["it does not settle:"] + house.wrong())))
        self.judge("after the fault")
        for row in house.live_rows("intents"):
            if row["status"] == "EXECUTING":
                house.run("cancel", row["id"])
        for row in house.live_rows("operations"):
            if row["status"] == "ACTIVE":
                house.json("operation", "close", str(row["id"]))
        flat = house.until(lambda: not house.wrong() and all(
            row["status"] != "ACTIVE" for row in house.live_rows("operations")) and all(
            row["status"] != "EXECUTING" for row in house.live_rows("intents")), 60)
        if not flat:
            raise Failed("\n".join(map(str, ["it does not get flat:"] + house.wrong())))
        self.judge("at the end")

    def judge(self, when):
        fatal = self.house.fatal() + self.house.truths
        if fatal:
            raise Failed("%s:\n%s" % (when, "\n".join(fatal)))
        verify = self.house.json("verify")
        if verify.code != 0:
            raise Failed("%s: %r" % (when, verify))


def case_of(seed):
    return CASES[(seed - 1) % len(CASES)]


def words_of(seed):
    step, fault, kill = case_of(seed)
    return "seed %d: %s, %s, killed %s" % (seed, step, fault, {"none": "never", "call": "at a call"}.get(kill, kill))


def house_of(seed):
    step, fault, _ = case_of(seed)
    draw = random.Random(seed * 31 + 7)
    shape = "plain" if step == "protect" else draw.choice(("opo", "opo", "oto", "plain", "bare"))
    if fault == "refuse_pending" and step == "entry":
        shape = draw.choice(("opo", "oto"))
    return dict(shape=shape, own=draw.choice(("0", "1")), tls=fault == "wrong_certificate" or draw.random() < 0.2,
                state=fault == "restart", more="recv_window_ms = %d\n" % draw.choice((2000, 5000)))


def scene_of(seed):
    def scene(house):
        life = Life(house, seed)
        began = time.monotonic()
        try:
            life.story()
            life.end()
        except Failed as failed:
            house.tell("holds", False, failed, "shape %s, target %s, %s, %s" % (
                life.shape, life.target, "limit" if life.is_limit else "market",
                "watched" if life.is_watched else "not watched"), *house.evidence(), again(seed))
            return
        gaps = [gap[3] for gap in judge.windows(house.book(), house.ledger())]
        sides = [row["isBuyer"] for row in house.view().trades]
        house.note("%.1f s, longest without a stop %d ms (%s); bought %d, sold %d times, %d struck" % (
            time.monotonic() - began, max(gaps, default=0), life.shape, sides.count(True), sides.count(False),
            sum(1 for row in house.x.requests() if row["fault"])))
        house.tell("one entry, one exit, flat, book and exchange agree", True)
    scene.__doc__ = words_of(seed)
    scene.__name__ = "seed%d" % seed
    scene.house = house_of(seed)
    scene.maker = LiveHouse
    return scene


def again(seed):
    return "again: top_srcdir=%s top_builddir=%s ROBSON=%s %s %s --seed %d" % (
        os.environ["top_srcdir"], os.environ["top_builddir"], os.environ["ROBSON"], sys.executable,
        os.path.abspath(__file__), seed)


def play(seeds, at_once):
    play_scenes([scene_of(seed) for seed in seeds], at_once)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int)
    parser.add_argument("--seeds", default=os.environ.get("SEEDS", "1-240"))
    parser.add_argument("--at-once", type=int, default=int(os.environ.get("AT_ONCE", "8")))
    parser.add_argument("--list", action="store_true")
    told = parser.parse_args()
    first, _, last = told.seeds.partition("-")
    seeds = [told.seed] if told.seed else list(range(int(first), int(last or first) + 1))
    if told.list:
        print("\n".join(words_of(seed) for seed in seeds))
        return
    play(seeds, told.at_once)


if __name__ == "__main__":
    main()
