"""Which price should have fired which stop or target, told from the tape alone.

Every operation is followed along the tape from its opening: the first quote that reaches the level in
force (a long at the bid, a short at the ask, the stop before the target, equality counts) must be the
one that Robson wrote down, with its time, bid, ask, level and reason; and where none does, nothing
may have fired.  Fills must be prices of their own moment."""
from decimal import Decimal

from tapes import to_ms

CHANGES = ("operation.stop_moved", "operation.stop_widened", "operation.target_moved")
FIRINGS = {"operation.stop_fired": "STOP_LOSS", "operation.target_fired": "TAKE_PROFIT"}
ENDS = ("operation.close_wanted", "operation.panic_close_wanted", "operation.released")


class Life:
    """One operation, by its events: when it opened, how its levels went, how it ended."""

    def __init__(self, number, intent):
        self.number = number
        self.is_long = intent["side"] == "BUY"
        self.symbol = intent["symbol"]
        self.stop = Decimal(intent["stop_price"])
        self.target = Decimal(intent["target_price"]) if intent["target_price"] else None
        self.opened_ms = None
        self.changes = []
        self.fired = None
        self.ended_ms = None

    def see(self, event):
        kind, time = event["kind"], to_ms(event["time"])
        if kind == "operation.opened":
            self.opened_ms = time
        elif kind in CHANGES:
            self.changes.append((time, "target" if kind == CHANGES[2] else "stop", Decimal(event["data"]["to"])))
        elif kind in FIRINGS:
            assert self.fired is None, "operation %d fired twice" % self.number
            self.fired = dict(event["data"], time=time)
        elif kind in ENDS and self.ended_ms is None:
            self.ended_ms = time

    def crossing(self, quote):
        price = quote.bid if self.is_long else quote.ask
        if price <= self.stop if self.is_long else price >= self.stop:
            return "STOP_LOSS", self.stop
        if self.target is not None and (price >= self.target if self.is_long else price <= self.target):
            return "TAKE_PROFIT", self.target
        return None

    def follow(self, prices):
        """(quote, reason, level) of the first crossing, or None; a quote of the moment at which a
        level moved was judged before it moved."""
        first = prices.last_at(self.opened_ms)
        found = self.crossing(first)
        if found:
            return (first,) + found
        changes = list(self.changes)
        for quote in prices.quotes[prices.first_after(self.opened_ms):]:
            if self.ended_ms is not None and quote.time > self.ended_ms:
                return None
            while changes and changes[0][0] < quote.time:
                _, which, level = changes.pop(0)
                setattr(self, which, level)
            found = self.crossing(quote)
            if found:
                return (quote,) + found
        return None


def lives(events, intents):
    found = {number: Life(number, intent) for number, intent in intents.items()}
    for event in events:
        number = event["operation_id"]
        if number in found:
            found[number].see(event)
    return found


def check(life, prices, until_ms):
    """None if all is well, else what is wrong.  until_ms: how far the book has been played."""
    wanted = life.follow(prices)
    if wanted is not None and wanted[0].time > until_ms:
        wanted = None
    if wanted is None:
        return None if life.fired is None else "fired, and no price of the tape crosses: %r" % life.fired
    quote, reason, level = wanted
    if life.fired is None:
        return "did not fire at %d: %s %s, bid %s" % (quote.time, reason, level, quote.bid)
    fired = life.fired
    got = (fired["reason"], Decimal(fired["level"]), fired["recovered"])
    if got != (reason, level, False):
        return "fired %r, wanted %s at %s (time %d)" % (fired, reason, level, quote.time)
    got = (to_ms(fired["quote_at"]), Decimal(fired["bid"]), Decimal(fired["ask"]))
    if got != (quote.time, quote.bid, quote.ask):
        return "fired on %r, wanted the quote of %d: bid %s" % (got, quote.time, quote.bid)
    return None


def fill_prices(quote, tick, is_buy, slippage):
    """What a taker gets at a quote: slippage against it, to the tick against it."""
    if slippage == 0:
        return quote.ask if is_buy else quote.bid
    price = quote.ask * (1 + slippage / 100) if is_buy else quote.bid * (1 - slippage / 100)
    rounding = "ROUND_CEILING" if is_buy else "ROUND_FLOOR"
    return max((price / tick).to_integral_value(rounding=rounding) * tick, tick)


def check_fill(fill, limit, prices, slippage):
    """A fill is the price of its own moment; limit: of an entry that rested, else None."""
    is_buy, time, price = fill["side"] == "BUY", to_ms(fill["time"]), Decimal(fill["price"])
    quotes = prices.moment(time) or [prices.last_at(time)]
    possible = [fill_prices(quote, prices.tick, is_buy, slippage) for quote in quotes]
    if limit is not None:
        possible = [min(p, limit) if is_buy else max(p, limit) for p in possible]
    return None if price in possible else "%r filled at none of %r" % (fill, possible)
