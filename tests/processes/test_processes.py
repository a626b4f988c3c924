"""Real processes over one database: every scene, some side by side, the longest first."""
import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "processes"))
import house     # noqa: E402
import lease     # noqa: E402
import line      # noqa: E402

if __name__ == "__main__":
    house.play(lease.SCENES + line.SCENES, at_once=5)
