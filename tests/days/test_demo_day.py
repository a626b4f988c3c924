"""The bundled tape: a whole day in one process, and the same day with kills."""
import os
import sys
from decimal import Decimal

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from days import Day, tap  # noqa: E402

TAPE = os.path.join(os.environ["top_builddir"], "data", "demo.csv")
TICKS = {symbol: Decimal("0.01") for symbol in ("BTCUSDC", "ETHUSDC", "SOLUSDC")}
SCALE = int(os.environ.get("ROBSON_TEST_SCALE", "1"))

with Day("bundled tape", TAPE, TICKS, seed=11, count=300, hold=700) as day:
    day.play()
    day.check(200)
with Day("bundled tape, killed", TAPE, TICKS, seed=12, count=300, hold=700, partial="35") as day:
    day.play_with_kills(12 * SCALE, 0.25)
    day.check(200, is_killed=True)
tap.finish()
