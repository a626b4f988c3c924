"""One hand on the exchange: who holds the lease, who looks on, who hangs, who takes over."""
import signal

import house as stage
from house import SCALE, mono_ms, tap

SECOND_MS = 1000


def takeover_ms(house, watcher, act):
    """Milliseconds from act() until the watcher's heartbeat stands in the book."""
    began = mono_ms()
    act()
    house.must(house.until(lambda: house.holder_pid() == watcher.pid, 10),
               "nobody took over from the one that ended", house.log())
    return mono_ms() - began


def within_a_second(house, name, times):
    """The machine may be busy once; the middle one may not be late, and none by much."""
    times.sort()
    house.note("%s: %s ms" % (name, ", ".join("%.0f" % t for t in times)))
    house.tell("%s within a second" % name,
               times[len(times) // 2] < SECOND_MS and times[-1] < 3 * SECOND_MS, times)


def one_holder(house):
    """one holder"""
    operation = house.opened()
    crowd = [house.monitor(), house.start("monitor"), house.start("monitor")]
    first = house.screen()
    house.tell("a screen takes the lease from a headless holder",
               house.until(lambda: house.holder_pid() == first.pid, 5), first.text)
    house.tell("and says that it watches", first.shows("● watching 1"), first.text)
    second = house.screen()
    house.tell("beside another screen it is a viewer and names the holder",
               second.shows("viewer, screen %d watches 1" % first.pid), second.text)
    most = 0
    for _ in range(100):
        most = max(most, len(house.holders()))
        house.until(lambda: False, 0.003)
    house.tell("the kernel knows one holder", most == 1 and house.holders() == [first.pid], most,
               house.holders())
    house.tell("those who wait ask for no price",
               all("holds the lease" in p.out or "waiting" in p.out for p in crowd),
               *[p.out for p in crowd])
    third = house.run("operation", "status", str(operation))
    house.tell("a command says who watches", str(first.pid) in third.out, third)


def viewer(house):
    """a viewer's wishes"""
    operation = house.opened()
    holder = house.screen()
    house.must(house.until(lambda: house.holder_pid() == holder.pid, 5), "no holder", holder.text)
    looker = house.screen()
    house.must(looker.shows("viewer, screen %d" % holder.pid), looker.text)

    def request(kind):
        return house.rows("SELECT * FROM requests WHERE kind = ? ORDER BY id DESC LIMIT 1", kind)

    def answered(kind):
        return house.until(lambda: [(row["state"], row["actor"]) for row in request(kind)]
                           == [("DONE", "person/screen")], 5)

    house.tell("its rows have prices of their own",
               house.until(lambda: "97,000.00" in looker.text and "no price" not in looker.text, 5),
               looker.text)
    looker.keys("\t\ts")
    looker.keys("96600\r")
    looker.answer("Move the stop", "y")
    house.tell("a move goes through the holder",
               house.until(lambda: (house.operation(operation) or {"stop_price": ""})["stop_price"]
                           .startswith("96600"), 8), looker.text, holder.text)
    house.tell("as a request row that the holder answered",
               answered("MOVE_STOP"), [dict(row) for row in request("MOVE_STOP")])
    house.tell("the viewer's screen shows it", looker.shows("96,600.00"), looker.text)
    house.tell("and the holder's", holder.shows("96,600.00"), holder.text)

    house.price("97010.00")
    intent = house.validated("96000.00")
    looker.keys("3")
    house.must(looker.shows("VALIDATED"), looker.text)
    looker.keys("x")
    looker.answer("y yes", "y")
    house.tell("an execution goes through the holder",
               house.until(lambda: house.value("SELECT status FROM intents WHERE id = ?", intent)
                           == "EXECUTED", 8), looker.text)
    made = house.value("SELECT actor FROM events WHERE kind = 'intent.executing' AND intent_id = ?",
                       intent)
    house.tell("the audit trail says who wished", made == "person/screen", made)
    looker.keys("1")
    house.tell("the viewer's screen shows the new operation",
               house.until(lambda: looker.text.count("BTCUSDC LONG") == 2, 8), looker.text)

    looker.keys("\x1b[H")
    looker.keys("c")
    looker.answer("y yes", "y")
    house.tell("a close goes through the holder",
               house.until(lambda: house.value("SELECT count(*) FROM operations WHERE "
                                               "status = 'CLOSED'") == 1, 8), looker.text)
    house.tell("once, and answered", answered("CLOSE"), [dict(row) for row in request("CLOSE")])
    house.tell("the lease stayed where it was", house.holders() == [holder.pid])
    looker.keys("q")
    house.tell("leaving as a viewer asks nothing", looker.ends(5) and looker.code == 0, looker.text)
    house.tell("and the holder watches on", holder.shows("● watching 1"), holder.text)
    house.verified()


def hung(house):
    """a holder that hangs"""
    operation = house.opened()
    intent = house.validated("96000.00", "buy", "--entry", "96900")
    holder = house.monitor()
    looker = house.screen("--readonly")
    house.must(looker.shows("monitor %d watches" % holder.pid), looker.text)
    holder.send(signal.SIGSTOP)
    began = mono_ms()

    def refused(done, kind):
        house.tell("%s ends with 69 or 75" % kind, done.code in (69, 75), done)
        error = done.json.get("error", {}) if done.out else {}
        house.tell("%s names the holder and what to do" % kind,
                   "monitor %d" % holder.pid in error.get("message", "") and error.get("hint"), done)
        return error

    refused(house.json("execute", intent, "--wait", "2"), "execute")
    house.tell("the status line says that it hangs",
               looker.shows("monitor %d HANGS" % holder.pid, 20), looker.text)
    house.note("seen as hung after %.1f s" % ((mono_ms() - began) / 1000))
    doctor = house.json("doctor")
    lease = [c for c in doctor.json["checks"] if c["name"] == "lease"]
    house.tell("doctor FAILs on the lease, with what to do",
               doctor.code == 1 and lease and lease[0]["status"] == "FAIL"
               and "HANGS" in lease[0]["message"] and lease[0]["hint"], lease)
    close = house.json("operation", "close", str(operation))
    error = refused(close, "close")
    house.tell("close says that it hangs, and soon",
               "hangs" in error.get("message", "") and close.took_ms < 8000, close)
    states = [row["state"] for row in house.rows("SELECT state FROM requests ORDER BY id")[-2:]]
    house.tell("the wishes are withdrawn", states == ["WITHDRAWN", "WITHDRAWN"], states)
    holder.send(signal.SIGCONT)
    house.tell("continued, it beats again", looker.shows("monitor %d watches 1" % holder.pid, 10),
               looker.text)
    house.until(lambda: house.is_closed(operation), 1)
    house.tell("and never acts on what was withdrawn",
               not house.is_closed(operation) and house.exits(operation) == 0
               and house.value("SELECT status FROM intents WHERE id = ?", intent) == "VALIDATED")
    done = house.json("operation", "close", str(operation))
    house.tell("a new wish is served", done.code == 0 and house.is_closed(operation), done)
    house.verified()


def give_and_take(house):
    """a screen over a monitor"""
    house.opened()
    monitor = house.monitor()
    taken, returned = [], []
    for number in range(3 * SCALE):
        began = mono_ms()
        screen = house.screen(waits=False)
        house.must(house.until(lambda: house.holder_pid() == screen.pid, 10), screen.text, house.log())
        taken.append(mono_ms() - began)
        house.must(screen.shows("● watching 1"), screen.text)
        if number % 3 == 2:
            returned.append(takeover_ms(house, monitor, lambda: screen.send(signal.SIGTERM)))
        elif number % 3 == 1:
            returned.append(takeover_ms(house, monitor, screen.kill))
        else:
            screen.keys("q")
            house.must(screen.shows("keep watching"), screen.text)
            house.until(lambda: False, 0.6)
            returned.append(takeover_ms(house, monitor, lambda: screen.keys("x")))
        house.must(screen.ends(5), "the screen did not end", screen.text)
    within_a_second(house, "a starting screen holds the lease", taken)
    within_a_second(house, "the monitor has it back", returned)
    house.tell("the monitor says both", "a screen asked for the lease: giving it" in monitor.out
               and monitor.out.count("watching 1 operation(s)") >= 2, monitor.out)


def deaths(house):
    """SIGKILL of the holder"""
    operation = house.opened()
    times = []
    holder = house.monitor()
    for number in range(6 * SCALE):
        waiting = house.start("monitor")
        house.must(house.until(lambda: "waiting for" in waiting.out, 10), waiting.out, waiting.err)
        times.append(takeover_ms(house, waiting, holder.kill))
        house.tell("number %d watches what was open" % (number + 1), house.beat()["watched"] == 1)
        holder = waiting
    screen = house.screen()
    house.must(house.until(lambda: house.holder_pid() == screen.pid, 5), screen.text)
    times.append(takeover_ms(house, holder, screen.kill))
    within_a_second(house, "a waiting monitor takes over", times)
    house.order(prices={"BTCUSDC": stage.CROSSED})
    house.tell("and fires the stop", house.until(lambda: house.is_closed(operation), 5), house.log())
    house.tell("once", house.exits(operation) == 1)
    house.verified()


SCENES = [hung, viewer, give_and_take, one_holder, deaths]

if __name__ == "__main__":
    stage.play(SCENES)
