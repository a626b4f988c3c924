"""Keys, certificates, gates, and books that are not where they belong."""
import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "live"))
import accounts  # noqa: E402
import live      # noqa: E402

if __name__ == "__main__":
    live.play(accounts.SCENES)
