"""The LIVE scenes that take minutes."""
import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "live"))
import hostile   # noqa: E402
import live      # noqa: E402

if __name__ == "__main__":
    live.play(hostile.LONG)
