"""Keys are found where they are put, and nowhere else, whatever happens."""
import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "live"))
import leaks     # noqa: E402
import live      # noqa: E402

if __name__ == "__main__":
    live.play(leaks.SCENES)
