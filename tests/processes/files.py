"""The files beside the book: the lease replaced, the database gone, the wake-up socket abused."""
import os
import signal
import socket
import sys

import house as stage
from house import CROSSED, mono_ms


def lease_file(house):
    """the lease's file replaced under its holder"""
    operation = house.opened()
    holder = house.monitor()
    waiting = house.start("monitor")
    house.must(house.until(lambda: "waiting for" in waiting.out, 5), waiting.out)
    # Both the old holder and the new one see the price that crosses.
    os.rename(house.db + "-lease", house.db + "-lease.old")
    began = mono_ms()
    house.order(prices={"BTCUSDC": CROSSED})
    house.must(house.until(lambda: house.holders() == [waiting.pid], 5), house.log())
    house.tell("the old holder says that it stops acting",
               house.until(lambda: "the lease was removed or replaced" in holder.out, 2), holder.out)
    house.note("it stopped within %.0f ms" % (mono_ms() - began))
    house.tell("the stop fires", house.until(lambda: house.is_closed(operation), 5), house.log())
    # What the old holder may have begun is looked up before another order leaves.
    fired = len(house.events("operation.stop_fired"))
    orders = [(row["state"], row["client_order_id"]) for row in
              house.rows("SELECT * FROM orders WHERE operation_id = ? AND purpose = 'exit'", operation)]
    filled = [order for order in orders if order[0] == "FILLED"]
    trades = house.value("SELECT count(*) FROM trades WHERE operation_id = ?", operation)
    house.tell("once", fired == 1 and len(filled) == 1 and trades == 1, orders, fired, trades)
    house.note("exit orders: %s" % ", ".join(order[0] for order in orders))
    house.tell("the old holder waits like any other",
               house.until(lambda: "waiting for" in holder.out, 5), holder.out)
    house.tell("others see who holds it now", house.holds(waiting, 5))

    os.unlink(house.db + "-lease")
    house.tell("removed, it is taken anew",
               house.until(lambda: len(house.holders()) == 1
                           and house.holder_pid() == house.holders()[0], 5), house.log())
    second = house.opened("96000.00")
    house.price("95900.00")
    house.tell("and stops fire as before", house.until(lambda: house.is_closed(second), 5), house.log())
    house.tell("once", house.exits(second) == 1)
    os.unlink(house.db + "-lease")
    os.symlink("/etc/passwd", house.db + "-lease")
    screen = house.screen()
    house.tell("a link in its place is refused, and said", screen.shows("is a symbolic link"),
               screen.text)
    house.verified()


def book_gone(house):
    """the database removed and replaced under everybody"""
    operation = house.opened()
    intent = house.validated("96000.00", "buy", "--entry", "96900")
    screen = house.screen()
    house.must(house.holds(screen), screen.text)
    monitor = house.start("monitor")
    house.must(house.until(lambda: "waiting for" in monitor.out, 5), monitor.out)
    files = [house.db + suffix for suffix in ("", "-wal", "-shm")]
    for file in files:
        os.rename(file, file + ".away")
    house.tell("a monitor that waits ends with 74 and says why",
               monitor.ends(5) and monitor.code == 74 and "removed or replaced" in monitor.err,
               monitor.code, monitor.out, monitor.err)
    house.tell("the screen stays up and says it", screen.shows("the database was removed or replaced"),
               screen.text)
    house.tell("and lets go of the lease", house.until(lambda: house.holders() == [], 2))
    screen.keys("3")
    screen.keys("x")
    house.until(lambda: False, 0.6)
    house.order(prices={"BTCUSDC": CROSSED})
    house.until(lambda: False, 1)
    house.tell("it draws and takes keys", screen.alive() and screen.shows("Intents"), screen.text)
    screen.keys("\x1b")
    # Another book at the path is none of the screen's business.
    fresh = house.run("settings")
    fresh = house.run("operations")
    house.tell("a command makes a book of its own there", fresh.code == 0, fresh)
    house.until(lambda: False, 0.5)
    house.tell("which the screen leaves alone", house.holders() == [], house.holders())
    for file in files:
        if os.path.exists(file):
            os.unlink(file)
    for file in reversed(files):
        os.rename(file + ".away", file)
    house.tell("put back, the screen takes the lease again", house.holds(screen, 5), screen.text,
               house.log())
    house.tell("and fires what was crossed", house.until(lambda: house.is_closed(operation), 5),
               house.log())
    house.tell("once", house.exits(operation) == 1)
    status = house.value("SELECT status FROM intents WHERE id = ?", intent)
    house.tell("nothing else was done", status == "VALIDATED", status)
    screen.send(signal.SIGTERM)
    house.tell("it ends in order", screen.ends(5) and screen.code == 0, screen.code)
    house.verified()


def holder_without_book(house):
    """the database removed under the watching monitor"""
    operation = house.opened()
    monitor = house.monitor()
    for suffix in ("", "-wal", "-shm"):
        os.unlink(house.db + suffix)
    began = mono_ms()
    house.tell("ends with 74 and says why",
               monitor.ends(5) and monitor.code == 74 and "removed or replaced" in monitor.err,
               monitor.code, monitor.err)
    house.note("after %.0f ms" % (mono_ms() - began))
    house.tell("the lease is free", house.holders() == [])
    done = house.run("operation", "close", str(operation))
    house.tell("a command on the new, empty book says what is missing", done.code in (1, 64), done)


def long_path(house):
    """a path longer than a socket's name may be"""
    deep = house.path("a-folder-with-a-name-that-is-rather-long-" + "x" * 60, "y" * 80)
    os.makedirs(deep)
    for name in ("robson.db", "book-with-a-name-of-its-own-" + "z" * 120 + ".db"):
        house.db = os.path.join(deep, name)
        house.price(stage.ENTRY)
        monitor = house.monitor()
        operation = house.opened()
        sockets = [entry for entry in os.listdir(deep) if entry.endswith("-wake")]
        house.tell("%d bytes: there is a socket" % len(house.db), len(sockets) == 1, sockets)
        began = mono_ms()
        moved = house.run("operation", "stop", str(operation), "96600")
        house.tell("%d bytes: a wish is heard at once" % len(house.db),
                   moved.code == 0 and moved.took_ms < 2000, moved)
        screen = house.screen(waits=False)
        began = mono_ms()
        house.tell("%d bytes: a screen asks the monitor, which gives way" % len(house.db),
                   house.holds(screen, 3), screen.text, monitor.out)
        house.note("after %.0f ms" % (mono_ms() - began))
        screen.kill()
        house.must(house.holds(monitor, 3), house.log())
        house.order(prices={"BTCUSDC": CROSSED})
        house.tell("%d bytes: the stop fires" % len(house.db),
                   house.until(lambda: house.is_closed(operation), 5), house.log())
        monitor.send(signal.SIGTERM)
        house.must(monitor.ends(5))
        left = [entry for entry in os.listdir(deep) if entry.endswith("-wake")]
        house.tell("%d bytes: the socket is gone with its holder" % len(house.db), left == [], left)


FLOOD = """
import os, socket, sys
path, uid, words = sys.argv[1], int(sys.argv[2]), sys.argv[3]
if uid:
    os.setgroups([]); os.setgid(uid); os.setuid(uid)
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.settimeout(1)
nonsense = [b"", b"x" * 60000, bytes(64), b"yield", b"yield " + b"A" * 200, b"yield command",
            b"yield \\x1b[31m", b"wake up", bytes(range(200, 256)), b"wake"]
sent = 0
for message in nonsense * 200 if words == "nonsense" else [words.encode()] * 20:
    try:
        s.sendto(message, path)
        sent += 1
    except OSError:
        pass
print(sent)
"""


def flood(house, path, uid, words):
    """So many datagrams of another process were taken."""
    sender = stage.Quiet(house, [sys.executable, "-c", FLOOD, path, str(uid), words], "flood")
    return int(sender.result(30).out or "-1")


def wake_socket(house):
    """the wake-up socket"""
    operation = house.opened()
    path = house.db + "-wake"
    dead = house.monitor()
    dead.kill()
    house.tell("a dead holder's socket is left behind", os.path.exists(path))
    done = house.run("operation", "stop", str(operation), "96550")
    house.tell("a command is not held up by it", done.code == 0 and done.took_ms < 3000, done)
    monitor = house.monitor()
    mode = os.stat(path).st_mode & 0o777
    house.tell("it belongs to its user alone", mode == 0o600, oct(mode))

    before = monitor.cpu_s()
    sent = flood(house, path, 0, "nonsense")
    used = monitor.cpu_s() - before
    house.note("%d datagrams of nonsense cost %.2f s CPU" % (sent, used))
    house.tell("nonsense changes nothing and costs little",
               sent > 100 and house.holders() == [monitor.pid] and used < 1, sent, used, monitor.out)
    if os.geteuid() == 0:
        os.chmod(house.folder, 0o755)
        house.tell("another user can't reach it", flood(house, path, 65534, "yield screen") == 0)
        os.chmod(path, 0o666)
        sent = flood(house, path, 65534, "yield screen")
        house.until(lambda: False, 0.5)
        house.tell("and is not listened to where he can", sent > 0 and house.holders() == [monitor.pid]
                   and "giving it" not in monitor.out, sent, monitor.out)
    else:
        house.skip("other users are not listened to", "only root can be somebody else")
    done = house.run("operation", "stop", str(operation), "96600")
    house.tell("wishes are served as before", done.code == 0, done)

    monitor.kill()
    os.unlink(path)
    os.mkdir(path)
    monitor = house.monitor()
    house.tell("what stands in its place keeps nobody from watching", "watching 1" in monitor.out,
               monitor.out, monitor.err)
    house.order(prices={"BTCUSDC": CROSSED})
    house.tell("and the stop fires", house.until(lambda: house.is_closed(operation), 5), house.log())
    monitor.kill()
    os.rmdir(path)
    # A socket that somebody else listens on, with a full queue.
    squatter = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    squatter.bind(path)
    monitor = house.monitor()
    house.tell("a stranger's socket is replaced", house.holders() == [monitor.pid], monitor.out)
    squatter.close()
    house.verified()


SCENES = [book_gone, long_path, lease_file, wake_socket, holder_without_book]

if __name__ == "__main__":
    stage.play(SCENES)
