"""Real processes over one database: every scene, some side by side, the longest first."""
import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "processes"))
import disk      # noqa: E402
import files     # noqa: E402
import house     # noqa: E402
import lease     # noqa: E402
import line      # noqa: E402
import races     # noqa: E402

LONG = [lease.hung, races.race_alone, races.race_watched, line.stalled, line.control_s]
REST = [scene for module in (line, lease, races, files, disk) for scene in module.SCENES
        if scene not in LONG]

if __name__ == "__main__":
    house.play(LONG + REST, at_once=5)
