"""Writes a trading day: what a person might do on a tape, drawn from a seed.

Steps fall on moments of the tape exactly, so that a restarted day knows by the time alone which of
them were done (see day.c)."""
import random
from decimal import Decimal

from tapes import plain

STRATEGIES = ["", "", "", "All In", "Rescue Forces", "Smooth Sailing", "Bounce Back", "Mean Reversion MA99"]


class Writer:
    def __init__(self, prices, seed, count, hold):
        self.random = random.Random(seed)
        self.prices = prices
        self.hold = hold
        self.steps = []
        self.moments = {symbol: sorted(set(of.times)) for symbol, of in prices.items()}
        for number in range(count):
            self.trade(number, count)
        self.pauses(2)
        self.steps.sort(key=lambda step: (step[0], step[1]))

    def add(self, time, label, *fields):
        self.steps.append((time, len(self.steps), label) + fields)

    def price(self, symbol, time):
        return self.prices[symbol].last_at(time).bid

    def level(self, symbol, price):
        tick = self.prices[symbol].tick
        return plain(max((price / tick).to_integral_value(), Decimal(1)) * tick)

    def percent(self, low, high):
        return Decimal(self.random.randint(int(low * 1000), int(high * 1000))) / 1000

    def later(self, symbol, at, least=1):
        """A moment some way on, or None beyond the tape."""
        at += max(least, int(self.random.expovariate(1.0 / self.hold)))
        return at if at < len(self.moments[symbol]) else None

    def trade(self, number, count):
        draw = self.random
        symbol = draw.choice(sorted(self.prices))
        moments = self.moments[symbol]
        span = len(moments) - 2
        at = min(span - 1, int(span * (number + draw.random()) / (count + 1)))
        label, is_buy = "trade %04d" % number, draw.random() < 0.5
        sign = 1 if is_buy else -1
        price = self.price(symbol, moments[at])
        is_limit = draw.random() < 0.15
        entry = price * (1 - sign * self.percent(0.02, 0.35) / 100) if is_limit else price
        distance = self.percent(0.3, 1.6)
        stop = entry * (1 - sign * distance / 100)
        fields = ["side=" + ("buy" if is_buy else "sell"), "symbol=" + symbol, "capital=10000"]
        if is_limit:
            fields.append("entry=" + self.level(symbol, entry))
        fields.append("stop=" + (self.level(symbol, stop) if draw.random() < 0.6 else "%s%%" % plain(distance)))
        goal = draw.random()
        if goal < 0.4:
            fields.append("target=%sR" % plain(self.percent(0.8, 3)))
        elif goal < 0.6:
            fields.append("target=" + self.level(symbol, entry * (1 + sign * self.percent(0.4, 2.5) / 100)))
        elif goal < 0.75:
            fields.append("target=%s%%" % plain(self.percent(0.4, 2)))
        strategy = draw.choice(STRATEGIES)
        if strategy:
            fields.append("strategy=" + strategy)
        if draw.random() < 0.2:
            fields.append("quantity=" + plain((Decimal(1000) / price).quantize(Decimal("0.001"))))
        self.add(moments[at], label, "plan", *fields)
        if draw.random() < 0.02:
            self.add(moments[at], label, "cancel")
        if draw.random() < 0.2:
            at = min(at + draw.randint(1, 3), span)
        self.add(moments[at], label, "validate")
        if draw.random() < 0.02:
            self.add(moments[at], label, "cancel")
        if draw.random() < 0.2:
            at = min(at + draw.randint(1, 3), span)
        self.add(moments[at], label, "execute")
        self.follow(label, symbol, at, is_buy, stop, is_limit)

    def follow(self, label, symbol, at, is_buy, stop, is_limit):
        draw, moments = self.random, self.moments[symbol]
        if is_limit:
            end = self.later(symbol, at, 20)
            if end is not None:
                self.add(moments[end], label, "cancel")
        if draw.random() < 0.35:
            move = self.later(symbol, at)
            if move is not None:
                price = self.price(symbol, moments[move])
                share = Decimal(draw.randint(-20, 90)) / 100
                fields = ["widen"] if draw.random() < 0.3 else []
                self.add(moments[move], label, "stop", self.level(symbol, stop + (price - stop) * share), *fields)
        if draw.random() < 0.2:
            move = self.later(symbol, at)
            if move is not None:
                self.add(moments[move], label, "target", "%sR" % plain(self.percent(0.5, 4)))
        if draw.random() < 0.55:
            end = self.later(symbol, at)
            if end is not None:
                if draw.random() < 0.95:
                    self.add(moments[end], label, "close")
                else:
                    self.add(moments[end], label, "release", "moved elsewhere")

    def pauses(self, count):
        symbol = sorted(self.prices)[0]
        moments = self.moments[symbol]
        for number in range(count):
            at = self.random.randrange(len(moments) // 8, len(moments) * 7 // 8)
            self.add(moments[at], "pause %d" % number, "pause", "a look at the news")
            self.add(moments[min(at + len(moments) // 150, len(moments) - 1)], "pause %d" % number, "resume")

    def write(self, path):
        with open(path, "w", encoding="ascii") as file:
            for step in self.steps:
                file.write("\t".join([str(step[0])] + list(step[2:])) + "\n")
