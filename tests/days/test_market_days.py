"""The recorded market: a month of Bitcoin candles and two days of XRP/ETH trades, each played in one
process and with kills.  MARKET_DATA names the folder if it does not lie where it is looked for."""
import os
import sys
import tempfile
from decimal import Decimal

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tapes  # noqa: E402
from days import Day, tap  # noqa: E402

SCALE = int(os.environ.get("ROBSON_TEST_SCALE", "1"))

market = tapes.market_folder()
if market is None:
    tap.skip_all("the recorded market is not here (MARKET_DATA names its folder)")
with tempfile.TemporaryDirectory(prefix="robson-tapes-") as folder:
    btc, xrp = os.path.join(folder, "btcusd.csv"), os.path.join(folder, "xrpeth.csv")
    tapes.write_btc(market, btc)
    tapes.write_xrp(market, xrp)
    btc_day = {"tape": btc, "ticks": {"BTCUSD": Decimal("0.01")}, "count": 280, "hold": 1500}
    xrp_day = {"tape": xrp, "ticks": {"XRPETH": Decimal("0.00000001")}, "count": 300,
               "hold": 150}
    with Day("BTCUSD candles", seed=21, **btc_day) as day:
        day.play()
        day.check(200)
    with Day("XRPETH trades", seed=22, **xrp_day) as day:
        day.play()
        day.check(200)
    with Day("BTCUSD candles, killed", seed=23, partial="35", **btc_day) as day:
        day.play_with_kills(12 * SCALE, 0.6)
        day.check(200, is_killed=True)
    with Day("XRPETH trades, killed", seed=24, partial="35", **xrp_day) as day:
        day.play_with_kills(12 * SCALE, 0.3)
        day.check(200, is_killed=True)
tap.finish()
