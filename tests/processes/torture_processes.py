"""The same scenes for long: a terminal that nobody reads for a minute, hundreds of races and deaths.

ROBSON_TEST_SCALE=N multiplies the counts (10), ROBSON_TEST_SEED=N begins elsewhere (1)."""
import os
import sys

os.environ.setdefault("ROBSON_TEST_SCALE", "10")
os.environ.setdefault("ROBSON_STALL_SECONDS", "60")
sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "processes"))
import house     # noqa: E402
import lease     # noqa: E402
import line      # noqa: E402
import races     # noqa: E402

if __name__ == "__main__":
    house.play([line.stalled, line.control_s, lease.give_and_take, lease.deaths] + races.SCENES,
               at_once=3)
