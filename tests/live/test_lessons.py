"""Every line of what happened to others that concerns orders, positions, sizes, prices or limits, as a
scene with real processes.  SCENE=name plays one alone."""
import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "live"))
import lessons   # noqa: E402
import live      # noqa: E402
from live import scene   # noqa: E402


@scene("lessons", is_on=False)
def elsewhere(house):
    for title, path, words in lessons.ELSEWHERE:
        with open(os.path.join(os.environ["top_srcdir"], path), encoding="utf-8") as file:
            house.tell("%s (%s)" % (title, path), words in file.read())


if __name__ == "__main__":
    live.play(lessons.SCENES + [elsewhere])
