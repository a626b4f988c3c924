"""LIVE as a whole, with real processes and sockets, judged by the exchange's ledger: what happened to
others (lessons.py), whose money it is (accounts.py), a hostile exchange (hostile.py), and a dozen lives
of the fault matrix (matrix.py; `make torture' plays hundreds).

SCENE=name plays one alone; MATRIX_SEEDS="3 17" other lives."""
import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "live"))
import accounts  # noqa: E402
import hostile   # noqa: E402
import lessons   # noqa: E402
import live      # noqa: E402
import matrix    # noqa: E402
from live import scene   # noqa: E402

# One life of each step and more, with the faults and deaths that hurt most.
SEEDS = [2, 4, 6, 12, 14, 16, 17, 20, 22, 24, 27, 29]


@scene("lessons", is_on=False)
def elsewhere(house):
    """Those that are played in other rooms: the test there still bears its name."""
    for title, path, words in lessons.ELSEWHERE:
        with open(os.path.join(os.environ["top_srcdir"], path), encoding="utf-8") as file:
            house.tell("%s (%s)" % (title, path), words in file.read())


elsewhere.__doc__ = "lessons"

if __name__ == "__main__":
    seeds = [int(word) for word in os.environ.get("MATRIX_SEEDS", "").split()] or SEEDS
    # What waits longest begins first.
    slow = [lessons.restart, lessons.failed_sell, lessons.lagging, accounts.certificate_open]
    rest = [each for each in lessons.SCENES + accounts.SCENES + hostile.SCENES if each not in slow]
    lives = [matrix.scene_of(seed) for seed in seeds]
    live.play(slow + lives + [elsewhere] + rest, int(os.environ.get("AT_ONCE", "14")))
