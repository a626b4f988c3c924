"""Fifty kills in a trading day of several processes, and some steps of every walk; `make torture` does
a thousand and all of them.  TORTURE_SEED draws others."""
import os
import random
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kills  # noqa: E402
import steps  # noqa: E402
from torture import tap  # noqa: E402

SEED = int(os.environ.get("TORTURE_SEED", "1"))
SCALE = int(os.environ.get("ROBSON_TEST_SCALE", "1"))

done = 0
for seed in range(SEED, SEED + 2 * SCALE):
    try:
        day = kills.one(seed, 25)
        done += day.kills
        tap.ok(True, "seed %d: %d kills: nothing lost, nothing twice, the trail whole, watched within a second"
               % (seed, day.kills))
    except Exception:   # told already, with the command that plays it again
        tap.ok(False, "seed %d: a day with kills" % seed)
tap.ok(done >= 50 * SCALE, "%d kills" % done)
if steps.usable():
    draw = random.Random(SEED)
    for walk in sorted(steps.WALKS):
        deaths, failed = steps.sample(walk, draw, 5 * SCALE)
        tap.ok(failed == 0, "%s: killed at %d of its steps" % (walk, deaths))
else:
    tap.skip("every walk, killed at its steps", "the reaper can't be preloaded here")
tap.finish()
