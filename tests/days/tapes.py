"""Tapes, and the prices that a tape stands for: read here once more, by other code than Robson's.

The recorded market (the folder named by MARKET_DATA, or ../shared/data/market seen from the source
tree's top or from one above it) becomes two tapes:

    BTCUSD   one-minute candles as they are; played as open, low, high, close or open, high, low,
             close, a quarter of their length apart; ask = bid + one tick of 0.01
    XRPETH   every public trade; bid = its price, ask = bid + one tick of 0.00000001.  Trades of the
             same millisecond keep their order and make one moment of the tape; a time that goes
             back is set to the one before it, so that the tape never runs backwards.

Numbers are texts and Decimals all the way, never floats."""
import bisect
import csv
import datetime
import gzip
import json
import os
from decimal import Decimal, getcontext

getcontext().prec = 60

BTC_FILE = "btc-perp-1m-2022-01.csv.gz"
XRP_FILE = "binance-xrpeth-trades-2019-10.json.gz"


def market_folder():
    """Where the recorded market lies, or None."""
    given = os.environ.get("MARKET_DATA")
    top = os.environ["top_srcdir"]
    for folder in [given] if given else [os.path.join(top, "..", "shared", "data", "market"),
                                         os.path.join(top, "..", "..", "shared", "data", "market")]:
        if all(os.path.isfile(os.path.join(folder, name)) for name in (BTC_FILE, XRP_FILE)):
            return folder
    return None


def plain(number):
    """A Decimal as text without an exponent."""
    return format(number, "f")


def to_ms(iso):
    """'2022-01-01T00:00:00.250Z' (or with a blank) as milliseconds."""
    text = iso.replace(" ", "T").rstrip("Z")
    seconds, _, fraction = text.partition(".")
    moment = datetime.datetime.strptime(seconds, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=datetime.timezone.utc)
    return int(moment.timestamp()) * 1000 + int((fraction + "000")[:3])


def write_btc(folder, path):
    with gzip.open(os.path.join(folder, BTC_FILE), "rt", encoding="ascii") as source, \
            open(path, "w", encoding="ascii") as tape:
        tape.write("time,symbol,open,high,low,close,volume\n")
        for row in csv.DictReader(source):
            tape.write("%d,BTCUSD,%s\n" % (to_ms(row["timestamp"]), ",".join(
                row[key] for key in ("open", "high", "low", "close", "volume"))))


def write_xrp(folder, path):
    tick, last = Decimal("0.00000001"), 0
    with gzip.open(os.path.join(folder, XRP_FILE), "rt", encoding="ascii") as source:
        trades = json.load(source, parse_float=str)
    with open(path, "w", encoding="ascii") as tape:
        tape.write("time,symbol,bid,ask\n")
        for time_ms, _, _, _, price, _, _ in trades:
            last = max(last, time_ms)
            bid = Decimal(price)
            tape.write("%d,XRPETH,%s,%s\n" % (last, plain(bid), plain(bid + tick)))


class Quote:
    __slots__ = ("time", "bid", "ask", "index")

    def __init__(self, time, bid, ask, index):
        self.time, self.bid, self.ask, self.index = time, bid, ask, index


class Prices:
    """Every quote of one symbol that a tape gives, in order."""

    def __init__(self, tick):
        self.tick = tick
        self.quotes = []
        self.times = []

    def add(self, time, bid, ask):
        self.quotes.append(Quote(time, bid, ask, len(self.quotes)))
        self.times.append(time)

    def first_after(self, time):
        """Index of the first quote later than time."""
        return bisect.bisect_right(self.times, time)

    def last_at(self, time):
        """The quote that stands at that moment."""
        at = bisect.bisect_right(self.times, time)
        return self.quotes[at - 1] if at > 0 else None

    def moment(self, time):
        """Every quote of exactly that moment."""
        return self.quotes[bisect.bisect_left(self.times, time):bisect.bisect_right(self.times, time)]


def read(path, ticks):
    """{symbol: Prices} of a tape; ticks: {symbol: Decimal}."""
    prices, spacing, last = {}, {}, {}
    with open(path, encoding="ascii") as file:
        rows = [line.rstrip("\n").split(",") for line in file if not line.startswith("#") and line.strip()]
    header, rows = rows[0], rows[1:]
    candles = header[2] == "open"
    for row in rows:
        time, symbol = int(row[0]), row[1]
        if symbol in last and time > last[symbol]:
            spacing[symbol] = min(spacing.get(symbol, time - last[symbol]), time - last[symbol])
        last[symbol] = time
    for row in rows:
        time, symbol = int(row[0]), row[1]
        of = prices.setdefault(symbol, Prices(ticks[symbol]))
        numbers = [Decimal(text) for text in row[2:]]
        if not candles:
            of.add(time, numbers[0], numbers[1])
            continue
        first, high, low, close = numbers[:4]
        way = (first, low, high, close) if close >= first else (first, high, low, close)
        for quarter, price in enumerate(way):
            of.add(time + spacing.get(symbol, 60000) * quarter // 4, price, price + ticks[symbol])
    return prices
