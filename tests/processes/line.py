"""The terminal and its end: a closed line, leaving, Ctrl-Z, a line that nobody reads."""
import os
import signal
import termios
import time

import house as stage
from house import CROSSED, Screen, mono_ms

STALL_S = float(os.environ.get("ROBSON_STALL_SECONDS", "8"))


def watching_screen(house, **more):
    """A screen that holds the lease and shows it."""
    screen = house.screen(**more)
    house.must(house.holds(screen), "the screen has not got the lease", screen.text)
    house.must(screen.shows("● watching"), screen.text)
    return screen


def watches_on(house, screen, first, second):
    """Its line is gone: it goes on without, fires, is calm, and hands over to the next screen."""
    house.tell("the screen lives on without its line, and holds the lease",
               house.until(lambda: not screen.alive(), 0.5) is False
               and house.holders() == [screen.pid], house.log())
    before, began = screen.cpu_s(), time.monotonic()
    house.until(lambda: False, 1.5)
    share = (screen.cpu_s() - before) / (time.monotonic() - began) * 100
    house.note("CPU without a line: %.1f %%" % share)
    house.tell("it does not spin", share < 30, share)
    house.order(prices={"BTCUSDC": CROSSED})
    house.tell("its stop fires afterwards", house.until(lambda: house.is_closed(first), 5),
               house.log())
    house.tell("what is still open keeps it watching", screen.alive() and not house.is_closed(second)
               and house.holder_pid() == screen.pid, house.log())


def hangup(house):
    """a closed terminal"""
    first, second = house.opened(), house.opened("95000.00", "--capital", "1000")
    screen = watching_screen(house)
    screen.hang_up()
    watches_on(house, screen, first, second)
    began = mono_ms()
    next_screen = house.screen(waits=False)
    house.must(house.holds(next_screen), next_screen.text, house.log())
    house.note("the next screen holds the lease after %.0f ms" % (mono_ms() - began))
    house.tell("the next screen takes over within a second", mono_ms() - began < 1000)
    house.tell("the one without a line ends", screen.ends(5) and screen.code == 0, screen.code)
    house.tell("what happened meanwhile is said on the bottom line",
               next_screen.shows("op %d closed" % first, 3), next_screen.text)
    next_screen.keys("l")
    house.tell("and told by the log",
               house.until(lambda: "STOP_LOSS at" in next_screen.text
                           and "op %d closed" % first in next_screen.text, 5), next_screen.text)
    # The next one's line ends too: with the last position its watch ends by itself.
    next_screen.hang_up()
    house.price("94000.00")
    house.tell("the watch ends when nothing is left",
               house.until(lambda: house.is_closed(second), 5) and next_screen.ends(5)
               and next_screen.code == 0, house.log())
    house.tell("and leaves the lease free", house.holders() == [] and house.holder_pid() == 0)
    house.verified()


def hangup_signal(house):
    """SIGHUP alone"""
    first, second = house.opened(), house.opened("95000.00", "--capital", "1000")
    screen = watching_screen(house)
    screen.send(signal.SIGHUP)
    watches_on(house, screen, first, second)
    looker = house.screen("--readonly")
    house.tell("others see who watches", looker.shows("%d watches 1" % screen.pid), looker.text)
    screen.send(signal.SIGTERM)
    house.tell("SIGTERM ends it", screen.ends(5) and screen.code == 0, screen.code)
    house.tell("and others see that nobody watches", looker.shows("nobody watches"), looker.text)


def end_of_line(house):
    """a line that ends without a signal"""
    first, second = house.opened(), house.opened("95000.00", "--capital", "1000")
    screen = house.screen(controlling=False)
    house.must(house.holds(screen), screen.text)
    house.must(screen.shows("● watching"), screen.text)
    screen.hang_up()
    watches_on(house, screen, first, second)
    house.price("94000.00")
    house.tell("and ends when nothing is left", screen.ends(5) and screen.code == 0, house.log())


def keep_watching(house):
    """keep watching without a screen"""
    operation = house.opened()
    screen = watching_screen(house)
    screen.keys("q")
    house.tell("the question names what is open", screen.shows("1 BTCUSDC PAPER"), screen.text)
    screen.answer("keep watching without a screen", "w")
    seen = []

    def gone():
        alive = screen.alive()
        seen.append(house.holder_pid())
        return not alive

    house.tell("the screen ends", house.until(gone, 8) and screen.code == 0, screen.text)
    watcher = seen[-1]
    house.tell("and a monitor has the lease before it is gone",
               watcher not in (0, screen.pid) and watcher in house.strangers(), seen[-5:], house.log())
    house.tell("nobody acted beside it", len(house.holders()) == 1, house.holders())
    house.tell("the terminal is as it was", screen.has_given_terminal_back(),
               screen.current_modes(), screen.modes)
    house.tell("and says who watches", "%d" % watcher in screen.text, screen.text)
    house.order(prices={"BTCUSDC": CROSSED})
    house.tell("the monitor fires the stop", house.until(lambda: house.is_closed(operation), 5),
               house.log())
    house.tell("and ends when nothing is left",
               house.until(lambda: not os.path.exists("/proc/%d" % watcher)
                           or house.holders() == [], 5))
    house.verified()


def stop_watching(house):
    """stop watching"""
    operation = house.opened()
    screen = watching_screen(house)
    screen.keys("q")
    house.tell("the question says what is then unprotected",
               screen.shows("its stop fires only once Robson is back"), screen.text)
    screen.answer("stop watching", "s")
    house.tell("'stay' stays", house.until(lambda: "stop watching" not in screen.text, 3)
               and screen.alive(), screen.text)
    screen.keys("q")
    screen.answer("stop watching", "x")
    house.tell("the screen ends", screen.ends(5) and screen.code == 0, screen.text)
    house.tell("nobody holds the lease", house.holders() == [] and house.holder_pid() == 0
               and house.strangers() == [])
    house.tell("the terminal is as it was", screen.has_given_terminal_back())
    house.tell("and says that nobody watches", "nobody watches" in screen.text, screen.text)
    doctor = house.run("doctor")
    house.tell("doctor FAILs on it", doctor.code == 1 and "nobody holds it" in doctor.out, doctor)
    house.order(prices={"BTCUSDC": CROSSED})
    house.until(lambda: False, 1)
    house.tell("nothing fires", not house.is_closed(operation))


def terminated(house):
    """SIGTERM on the screen"""
    house.opened()
    for signo in (signal.SIGTERM, signal.SIGINT):
        screen = watching_screen(house)
        house.must(screen.emulator.is_alternate and screen.current_modes() != screen.modes)
        screen.send(signo)
        name = signal.Signals(signo).name
        house.tell("%s ends it" % name, screen.ends(5) and screen.code == 0, screen.code)
        house.tell("%s restores the terminal" % name, screen.has_given_terminal_back(),
                   screen.current_modes(), screen.modes, repr(screen.emulator.sent[-200:]))
        house.tell("%s leaves the lease free" % name, house.holders() == [])


def control_z(house):
    """Ctrl-Z"""
    operation = house.opened()
    screen = watching_screen(house)
    screen.keys("\x1a")
    house.tell("is refused while nobody else would watch",
               screen.shows("nobody else would watch the open operations"), screen.text)
    house.tell("and the screen holds the lease as before",
               screen.state() != "T" and house.holders() == [screen.pid] and screen.emulator.is_alternate)
    waiting = house.start("monitor")
    house.must(house.until(lambda: "waiting for" in waiting.out, 5), waiting.out, waiting.err)
    moved = []

    def stopped():
        holder = house.holder_pid()
        if screen.state() == "T":
            moved.append(holder)
            return True
        return False

    screen.keys("\x1a")
    house.tell("stops once a monitor waits", house.until(stopped, 5), screen.state(), screen.text)
    house.tell("and the lease has moved before", moved == [waiting.pid], moved, waiting.pid)
    house.tell("the shell has its terminal", screen.has_given_terminal_back())
    house.until(lambda: False, 0.3)
    screen.send(signal.SIGCONT)
    house.tell("continued, it takes the lease back", house.holds(screen, 3), house.log())
    house.tell("and its terminal", house.until(lambda: screen.emulator.is_alternate
                                               and "● watching 1" in screen.text, 3), screen.text)
    screen.keys("\x1a")
    house.must(house.until(stopped, 5), screen.text)
    house.order(prices={"BTCUSDC": CROSSED})
    house.tell("while it is stopped the monitor fires",
               house.until(lambda: house.is_closed(operation), 5))
    screen.send(signal.SIGCONT)
    house.must(screen.shows("robson"), screen.text)
    screen.keys("\x1a")
    house.tell("with nothing open it stops at once", house.until(lambda: screen.state() == "T", 5))
    screen.send(signal.SIGCONT)
    house.verified()


def shell_fg(house):
    """Ctrl-Z and fg in a shell"""
    house.opened()
    waiting = house.monitor()
    shell = Screen(house, ["/bin/sh", "-i"], "sh", env={"PS1": "ready> ", "ENV": ""})
    house.must(shell.shows("ready>"), shell.text)
    shell.keys(" ".join(house.arguments()) + "\n", gap=0)
    house.must(shell.shows("● watching 1", 8), shell.text)
    shell.keys("\x1a")
    house.tell("the shell comes back", house.until(lambda: not shell.emulator.is_alternate
                                                   and "ready>" in shell.text, 5), shell.text)
    house.tell("the monitor watches", house.holds(waiting, 3))
    shell.keys("echo alive-$((40+2))\n")
    house.tell("the shell's terminal works", shell.shows("alive-42"), shell.text)
    shell.keys("fg\n")
    house.tell("fg brings the screen back", shell.shows("● watching 1", 5), shell.text)
    shell.keys("q")
    shell.answer("keep watching", "x")
    house.tell("leaving gives the shell its terminal",
               house.until(lambda: not shell.emulator.is_alternate, 5), shell.text)
    shell.keys("echo alive-$((40+3))\n")
    house.tell("which works", shell.shows("alive-43"), shell.text)
    house.tell("and the monitor watches again", house.holds(waiting, 3))


def stall(house, operation, screen, begin, end, name):
    """Nobody takes the screen's bytes while a stop fires."""
    begin()
    began, oldest, fired = time.monotonic(), 0, None
    for _ in range(60):                  # repaints, until the line is full
        try:
            os.write(screen.master, b"\x0c")
        except OSError:
            break
        house.until(lambda: False, 0.02)
    crossed_ms = None
    while time.monotonic() - began < STALL_S:
        if crossed_ms is None and time.monotonic() - began > STALL_S / 3:
            crossed_ms = time.time() * 1000
            house.order(prices={"BTCUSDC": CROSSED})
        if crossed_ms is not None and fired is None and house.is_closed(operation):
            fired = house.events("operation.stop_fired")[-1]["at_ms"] - crossed_ms
        beat = house.beat()
        if beat is not None:
            oldest = max(oldest, time.monotonic() * 1000 - beat["beat_mono_ms"])
        house.until(lambda: False, 0.05)
    house.note("%s for %.0f s: fired %s ms after its price was there, longest without a heartbeat "
               "%.0f ms" % (name, STALL_S, "%.0f" % fired if fired is not None else "never", oldest))
    house.tell("%s: the stop fires at its time" % name, fired is not None and fired < 1500, fired,
               house.log())
    house.tell("%s: the loop keeps its pace" % name, 0 < oldest < 4000, oldest)
    closed = house.json("trades")
    house.tell("%s: the trade is booked" % name, closed.code == 0 and len(closed.lines) >= 1, closed)
    end()
    house.tell("%s: the screen recovers" % name,
               house.until(lambda: "op %d closed" % operation in screen.text
                           and "watching 0" in screen.text, 5), screen.text)
    screen.keys("?")
    house.tell("%s: and answers keys" % name, screen.shows("Anywhere"), screen.text)


def stalled(house):
    """a terminal that stops reading"""
    operation = house.opened()
    screen = watching_screen(house)

    def begin():
        screen.is_reading = False

    def end():
        screen.is_reading = True

    stall(house, operation, screen, begin, end, "unread")
    house.verified()


def control_s(house):
    """Ctrl-S"""
    operation = house.opened()
    screen = watching_screen(house)
    screen.keys("\x13")
    screen.keys("?")
    house.tell("typed, it stops nothing", screen.shows("Anywhere"), screen.text)
    screen.keys("\x1b")
    house.until(lambda: "Anywhere" not in screen.text, 2)
    stall(house, operation, screen, lambda: termios.tcflow(screen.slave, termios.TCOOFF),
          lambda: termios.tcflow(screen.slave, termios.TCOON), "flow stopped")
    house.verified()


SCENES = [stalled, control_s, hangup, control_z, shell_fg, keep_watching, stop_watching, end_of_line,
          hangup_signal, terminated]

if __name__ == "__main__":
    stage.play(SCENES)
