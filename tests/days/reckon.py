"""The book, reckoned again from the exported fills alone, by other code than Robson's.

What else is needed is what a person decided (the intents: side, stop, target, strategy) and the
settings.  Fractions all the way; where domain.md names a rounding (16 places; costs up, quotients
cut), it is made exactly there."""
import datetime
from collections import defaultdict
from fractions import Fraction

PLACES = 10 ** 16


def floor16(x):
    return Fraction((x * PLACES).__floor__(), PLACES)


def ceil16(x):
    return Fraction((x * PLACES).__ceil__(), PLACES)


def cut16(x):
    return floor16(x) if x >= 0 else ceil16(x)


def text(x):
    """Canonical decimal text of a Fraction that fits 16 places."""
    scaled = x * PLACES
    assert scaled.denominator == 1, "does not fit 16 places: %s" % x
    whole, part = divmod(abs(scaled.numerator), PLACES)
    out = "%d" % whole + (".%016d" % part).rstrip("0").rstrip(".")
    return "-" + out if x < 0 else out


class Leg:
    def __init__(self):
        self.quantity = self.value = self.fees = Fraction(0)

    def add(self, fill):
        price, quantity = Fraction(fill["price"]), Fraction(fill["quantity"])
        self.quantity += quantity
        self.value += price * quantity
        self.fees += Fraction(fill["commission"])

    @property
    def average(self):
        return floor16(self.value / self.quantity)


def cost_per_unit(is_long, entry, stop, costs):
    gap = ceil16(stop * costs["gap"] / 100)
    exit_price = stop - gap if is_long else stop + gap
    fees = ceil16((entry + exit_price) * costs["fee"] / 100)
    return (entry - stop if is_long else stop - entry) + gap + fees


def risk(is_long, quantity, entry, stop, costs):
    return ceil16(quantity * max(cost_per_unit(is_long, entry, stop, costs), Fraction(0)))


class Operation:
    def __init__(self, number, intent):
        self.number, self.intent = number, intent
        self.is_long = intent["side"] == "BUY"
        self.entry, self.exit = Leg(), Leg()
        self.opened_at = self.closed_at = None

    def add(self, fill):
        if (fill["side"] == "BUY") == self.is_long:
            self.entry.add(fill)
            self.opened_at = self.opened_at or fill["time"]
        else:
            self.exit.add(fill)
            self.closed_at = fill["time"]

    @property
    def is_flat(self):
        return self.entry.quantity == self.exit.quantity

    @property
    def gross(self):
        return (self.exit.value - self.entry.value) * (1 if self.is_long else -1)

    @property
    def net(self):
        return self.gross - self.entry.fees - self.exit.fees

    def initial_risk(self, costs):
        return risk(self.is_long, self.entry.quantity, self.entry.average,
                    Fraction(self.intent["stop_price"]), costs)

    def trade(self, costs):
        """What `trades --json` has to say of it."""
        initial = self.initial_risk(costs)
        return {"operation_id": self.number, "intent_id": self.intent["intent_id"],
                "mode": "DRY_RUN", "symbol": self.intent["symbol"], "side": self.intent["side"],
                "strategy": self.intent["strategy"], "quantity": text(self.entry.quantity),
                "entry_price": text(self.entry.average), "exit_price": text(self.exit.average),
                "entry_fees": text(self.entry.fees), "exit_fees": text(self.exit.fees),
                "gross_pnl": text(self.gross), "net_pnl": text(self.net),
                "initial_risk": text(initial), "r_multiple": text(cut16(self.net / initial)),
                "opened_at": self.opened_at, "closed_at": self.closed_at}


def operations(fills, intents):
    """{id: Operation} from exported fills; intents: {operation id: intent}."""
    found = {}
    for fill in fills:
        number = fill["operation_id"]
        if number not in found:
            found[number] = Operation(number, intents[number])
        found[number].add(fill)
    return found


class Book:
    """Totals of a book; released: ids that a person took over, which have no result."""

    def __init__(self, fills, intents, released, settings):
        self.settings = settings
        self.costs = {"fee": Fraction(settings["fee"]), "gap": Fraction(settings["gap"])}
        self.all = operations(fills, intents)
        self.closed = sorted((op for op in self.all.values() if op.is_flat),
                             key=lambda op: (op.closed_at, op.number))
        self.open = [op for op in self.all.values() if not op.is_flat and op.number not in released]

    def strategies(self):
        records = defaultdict(lambda: {"trades": 0, "wins": 0, "net_pnl": Fraction(0)})
        for op in self.closed:
            if op.intent["strategy"]:
                record = records[op.intent["strategy"]]
                record["trades"] += 1
                record["wins"] += op.net > 0
                record["net_pnl"] += op.net
        return {name: dict(record, net_pnl=text(record["net_pnl"])) for name, record in records.items()}

    def realized_since(self, start):
        return sum((op.net for op in self.closed if op.closed_at >= start), Fraction(0))

    def portfolio(self, now_iso, stops, prices, resting, order_of_booking):
        """What `portfolio --json` has to say; stops, prices: of the open operations, by id; resting:
        [(intent, quantity left)] of entries that wait."""
        start, fee = Fraction(self.settings["balance"]), self.costs["fee"]
        realized = sum((op.net for op in self.closed), Fraction(0))
        unrealized = locked = spent = exposure = open_risk = Fraction(0)
        for op in self.open:
            rest = op.entry.quantity - op.exit.quantity
            assert op.exit.quantity == 0, "half-left operations are not looked at"
            value = rest * prices[op.number]
            out = value - op.entry.value if op.is_long else op.entry.value - value
            unrealized += out - op.entry.fees - ceil16(value * fee / 100)
            locked += op.entry.value
            spent += op.entry.fees
            exposure += ceil16(rest * op.entry.average)
            open_risk += risk(op.is_long, rest, op.entry.average, stops[op.number], self.costs)
        executing_risk = Fraction(0)
        for intent, quantity in resting:
            limit = Fraction(intent["entry_price"])
            executing_risk += risk(intent["side"] == "BUY", quantity, limit, Fraction(intent["stop_price"]), self.costs)
            value = ceil16(quantity * limit)
            locked += value + ceil16(value * fee / 100)
        equity = start + realized + unrealized
        peak, sofar = Fraction(0), Fraction(0)
        by_id = {op.number: op for op in self.closed}
        for number in order_of_booking:
            sofar += by_id[number].net
            peak = max(peak, sofar)
        top = max(start + peak, equity)
        day, month = now_iso[:10] + "T00:00:00.000Z", now_iso[:7] + "-01T00:00:00.000Z"
        month_net = self.realized_since(month)
        budget = floor16(Fraction(self.settings["capital"]) * 4 / 100)
        return {"mode": "DRY_RUN", "equity": text(equity), "free": text(start + realized - locked - spent),
                "locked": text(locked), "exposure": text(exposure), "open_risk": text(open_risk),
                "unrealized_pnl": text(unrealized), "realized_day": text(self.realized_since(day)),
                "realized_month": text(month_net), "month_budget": text(budget),
                "month_left": text(budget - max(Fraction(0), -month_net) - open_risk - executing_risk),
                "drawdown_percent": text(cut16((top - equity) * 100 / top))}


def iso(ms):
    moment = datetime.datetime.fromtimestamp(ms // 1000, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + ".%03dZ" % (ms % 1000)
