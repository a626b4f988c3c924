"""A disk without room and a book that can't be written, while a position is open."""
import os
import shutil
import signal
import subprocess
import tempfile

import house as stage
from house import CROSSED, House, mono_ms

MEGABYTES = 4
NOBODY = 65534


def small_disk():
    """The mount point of a disk of a few megabytes of its own; None and why."""
    if os.geteuid() != 0:
        return None, "only root can mount a small disk"
    folder = tempfile.mkdtemp(prefix="robson-disk-")
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=%dm" % MEGABYTES, "robson", folder],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        os.rmdir(folder)
        return None, "no small disk can be mounted here: %s" % done.stderr.decode().strip()
    return folder, ""


def remove_disk(folder):
    subprocess.run(["umount", "-l", folder], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        os.rmdir(folder)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)


def fill(path):
    """Takes all the room that there is, to the last block."""
    with open(path, "ab", buffering=0) as file:
        for size in (65536, 4096, 512, 1):
            while True:
                try:
                    if file.write(b"\xaa" * size) < size:
                        break
                except OSError:
                    break


def on_small_disk(scene):
    """The scene on a house of its own there."""
    def play(house):
        folder, why = small_disk()
        if folder is None:
            house.skip("plays on a small disk", why)
            return
        inner = House(house.name, folder=os.path.join(folder, ""))
        inner.results = house.results
        # What the processes print goes elsewhere: only the book shall feel it.
        inner.outputs = house.folder
        try:
            scene(inner)
        finally:
            inner.close()
            remove_disk(folder)
    play.__name__, play.__doc__ = scene.__name__, scene.__doc__
    return play


@on_small_disk
def full_disk(house):
    """a full disk"""
    operation, second = house.opened(), house.opened("95000.00", "--capital", "1000")
    intent = house.validated("94000.00", "buy", "--capital", "500")
    screen = house.screen()
    house.must(house.holds(screen) and screen.shows("● watching 2"), screen.text)
    house.tell("a reserve is kept", house.until(lambda: os.path.exists(house.db + ".reserve"), 2))
    ballast = house.path("ballast")
    fill(ballast)
    # Entries first: planning, and what was validated before.
    plan = house.json("plan", "buy", "BTCUSDC", "--stop", "96000")
    house.tell("a plan is refused with 74 and says why",
               plan.code == 74 and "full" in plan.err + plan.out, plan)
    fill(ballast)
    before = house.value("SELECT count(*) FROM orders WHERE purpose = 'entry'")
    done = house.json("execute", intent, "--wait", "3")
    house.tell("an entry is refused", done.code in (69, 74, 75), done)
    after = house.value("SELECT count(*) FROM orders WHERE purpose = 'entry'")
    house.tell("and none is written", before == after
               and house.value("SELECT status FROM intents WHERE id = ?", intent) == "VALIDATED")
    house.tell("the screen stays up and says it",
               house.until(lambda: "full" in screen.text, 8), screen.text)
    house.tell("it holds the lease and watches", house.holders() == [screen.pid], house.log())
    began = mono_ms()
    house.order(prices={"BTCUSDC": CROSSED})
    house.tell("the exit is written all the same, thanks to the reserve",
               house.until(lambda: house.is_closed(operation), 8), house.log(), screen.text)
    house.note("exit written %.0f ms after its price, on a full disk" % (mono_ms() - began))
    house.tell("once", house.exits(operation) == 1
               and house.value("SELECT count(*) FROM trades") == 1, house.exits(operation))
    house.tell("others stay watched", not house.is_closed(second) and screen.alive())
    screen.keys("?")
    house.tell("the screen answers keys", screen.shows("Anywhere"), screen.text)
    screen.keys("\x1b")
    os.unlink(ballast)
    house.tell("with room again the message goes",
               house.until(lambda: "full" not in screen.text, 20), screen.text)
    house.price("97000.00")
    house.until(lambda: False, 0.5)
    done = house.json("execute", intent)
    house.tell("and entries pass", done.code == 0, done)
    house.tell("the reserve is back",
               house.until(lambda: os.path.exists(house.db + ".reserve"), 5))
    house.verified()


@on_small_disk
def full_for_headless(house):
    """a full disk under a monitor"""
    operation = house.opened()
    monitor = house.monitor()
    fill(house.path("ballast"))
    house.run("plan", "buy", "BTCUSDC", "--stop", "96000")
    fill(house.path("ballast"))
    house.until(lambda: False, 2.5)      # longer than a heartbeat
    fill(house.path("ballast"))
    house.order(prices={"BTCUSDC": CROSSED})
    house.tell("the exit is written", house.until(lambda: house.is_closed(operation), 8), house.log(),
               monitor.out)
    house.tell("once", house.exits(operation) == 1)
    house.tell("the monitor lives", monitor.alive(), monitor.err)
    doctor = house.run("doctor")
    house.tell("doctor FAILs on the disk", doctor.code == 1 and "FAIL  disk" in doctor.out, doctor)
    os.unlink(house.path("ballast"))
    house.tell("with room again it goes on", house.run("operation", "close", "1").code == 1)
    house.opened("96000.00")
    house.verified()


def read_only(house):
    """a book that can't be written"""
    if os.geteuid() != 0:
        house.skip("a folder of another user", "only root can give one away")
        return
    operation = house.opened()
    for name in os.listdir(house.folder):
        os.chown(house.path(name), NOBODY, NOBODY)
    os.chown(house.folder, NOBODY, NOBODY)
    house.user = NOBODY
    screen = house.screen()
    house.must(house.holds(screen), screen.text, house.log())
    for name in ("robson.db", "robson.db-wal", "robson.db-shm"):
        if os.path.exists(house.path(name)):
            os.chmod(house.path(name), 0o444)
    os.chmod(house.folder, 0o555)
    plan = house.json("plan", "buy", "BTCUSDC", "--stop", "96000")
    house.tell("a command is refused with 74 and says why",
               plan.code == 74 and plan.json["error"]["message"], plan)
    look = house.run("operations", "--readonly")
    house.tell("looking is not", look.code == 0 and "BTCUSDC" in look.out, look)
    house.order(prices={"BTCUSDC": CROSSED})
    house.tell("who had it open before still writes the exit",
               house.until(lambda: house.is_closed(operation), 5), screen.text, house.log())
    house.tell("and stays up", screen.alive(), screen.code)
    screen.send(signal.SIGTERM)
    house.must(screen.ends(5))
    late = house.start("monitor")
    house.tell("a monitor that can't write ends with 74 and says why",
               late.ends(5) and late.code == 74 and late.err, late.code, late.err)
    house.tell("and so does a screen", *refused_screen(house))
    os.chmod(house.folder, 0o755)
    for name in os.listdir(house.folder):
        os.chmod(house.path(name), 0o644)
    house.verified("writable again, the book verifies")


def refused_screen(house):
    screen = house.screen(waits=False)
    ended = screen.ends(5)
    return ended and screen.code == 74 and "robson:" in screen.text, screen.code, screen.text


SCENES = [full_disk, full_for_headless, read_only]

if __name__ == "__main__":
    stage.play(SCENES)
