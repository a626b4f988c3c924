"""Sizes, results and budgets, reckoned again with exact fractions from the words of the domain.

Every figure must agree to the last digit under its named rounding, and beyond that the size must
hold in exact arithmetic, where nothing is rounded at all: never above the risk with its costs, never
above what can be paid, and no larger quantity on the step would have held.

ROBSON_TEST_SCALE=N multiplies the number of cases; ROBSON_TEST_SEED=N plays another run.
"""
import math
import os
import random
import subprocess
import sys
from fractions import Fraction

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
import tap

EVAL = os.path.join(os.environ["top_builddir"], "tests", "core", "trade_eval")
SCALE = int(os.environ.get("ROBSON_TEST_SCALE") or 1)
SEED = int(os.environ.get("ROBSON_TEST_SEED") or 20260131)
GRID = 10 ** 16
LEAST = Fraction(1, GRID)

rng = random.Random(SEED)


def down(x, unit=LEAST):
    """Towards zero."""
    n = math.floor(abs(x) / unit) * unit
    return n if x >= 0 else -n


def up(x, unit=LEAST):
    """Away from zero."""
    n = math.ceil(abs(x) / unit) * unit
    return n if x >= 0 else -n


def floor(x, unit=LEAST):
    return math.floor(x / unit) * unit


def ceiling(x, unit=LEAST):
    return math.ceil(x / unit) * unit


def half_up(x, unit=LEAST):
    n = math.floor(abs(x) / unit + Fraction(1, 2)) * unit
    return n if x >= 0 else -n


def text(x):
    """Canonical text of a number on the grid."""
    n = x * GRID
    assert n.denominator == 1, x
    n = n.numerator
    whole, rest = divmod(abs(n), GRID)
    shown = "%d.%016d" % (whole, rest)
    shown = shown.rstrip("0").rstrip(".")
    return "-" + shown if n < 0 else shown


def around(low, high, places=None):
    """Any order of magnitude between 10^low and 10^high."""
    value = 10 ** rng.uniform(low, high)
    places = rng.choice((2, 4, 8, 8, 16)) if places is None else places
    return max(Fraction(int(value * 10 ** min(places, 8))) / 10 ** min(places, 8) +
               (rng.randrange(10 ** 8) * LEAST if places == 16 else 0),
               Fraction(1, 10 ** places))


def percent(most, places=2):
    return Fraction(rng.randrange(int(most * 10 ** places) + 1), 10 ** places)


def size_case():
    side = rng.choice(("BUY", "SELL"))
    entry = around(-4, 6)
    away = ceiling(entry * Fraction(rng.uniform(0.01, 10)) / 100, Fraction(1, 10 ** 8))
    if rng.randrange(4) == 0:
        away += rng.randrange(10 ** 8) * LEAST
    if side == "BUY" and away >= entry:
        side = "SELL"
    stop = entry - away if side == "BUY" else entry + away
    capital = around(0, 7)
    risk = Fraction(1) if rng.randrange(3) else max(percent(1, 4), LEAST)
    fee = rng.choice((Fraction(0), Fraction(1, 10), Fraction(75, 1000), percent(1, 4)))
    gap = rng.choice((Fraction(0), Fraction(1, 10), percent(2, 3)))
    step = Fraction(1, 10 ** rng.randrange(17)) * rng.choice((1, 1, 1, 5, 25, 3))
    position = percent(100) if rng.randrange(3) == 0 else None
    balance = around(0, 8) if rng.randrange(2) else max(floor(capital * percent(2)), LEAST)
    typed = around(-6, 3) if rng.randrange(3) == 0 else None
    line = ["size", side] + [text(x) for x in (entry, stop, capital, risk, fee, gap, step)]
    line += ["-" if position is None else text(position), text(balance),
             "-" if typed is None else text(typed)]

    # The words of the domain, each product rounded once, against ourselves.
    distance = abs(entry - stop)
    gap_unit = up(stop * gap / 100)
    exit_price = stop - gap_unit if side == "BUY" else stop + gap_unit
    fees = up((entry + exit_price) * fee / 100)
    cost = distance + gap_unit + fees
    allowed = down(capital * risk / 100)
    by_rule = down(allowed / distance)
    money = min(capital, down(balance * 99 / 100))
    bounds = [(down(allowed / cost), "risk")]
    if position is not None:
        bounds.append((down(down(capital * position / 100) / entry), "position"))
    bounds.append((down(money / (entry + up(entry * fee / 100))),
                   "capital" if money == capital else "balance"))
    lowest, bound = min(bounds, key=lambda each: each[0])
    final = down(lowest, step)
    quantity = final
    if typed is not None and typed < final:
        quantity, bound = typed, "typed"
    risk_amount = up(quantity * cost)
    wanted = [text(x) for x in (
        quantity, final, by_rule, up(quantity * entry), cost, gap_unit, up(quantity * fees), risk_amount,
        down(risk_amount * 100 / capital), allowed, distance, down(distance * 100 / entry))]
    wanted += [bound, str(int(typed is not None and typed > final)),
               str(int(typed is not None and typed % step != 0))]

    def truth(answer):
        """Without any rounding."""
        got = Fraction(answer.split("\t")[1])
        true_gap = stop * gap / 100
        true_exit = stop - true_gap if side == "BUY" else stop + true_gap
        true_cost = distance + true_gap + (entry + true_exit) * fee / 100
        spendable = min(capital, balance * 99 / 100)
        price = entry * (1 + fee / 100)
        if got * true_cost > capital * risk / 100:
            return "risks more than it may"
        if got * price > spendable:
            return "cannot be paid"
        if position is not None and got * entry > capital * position / 100:
            return "is a larger position than it may be"
        # One step more breaks a limit, but for what rounding each figure at 10^-16 took away.
        more = got + step
        slack = (more * 2 + 2) * LEAST
        if more * true_cost + slack < capital * risk / 100 and more * price + slack < spendable and (
                position is None or more * entry + slack < capital * position / 100):
            return "could have been larger"
        return None

    return line, "\t".join(wanted), truth


def fills(most):
    return [(around(0, 5, 8), around(-4, 2, 8), around(-5, 0, 8)) for _ in range(rng.randrange(1, most))]


def as_text(some):
    return " ".join("*".join(text(x) for x in fill) for fill in some)


def sums(some):
    return (sum(q for _, q, _ in some), sum(half_up(p * q) for p, q, _ in some),
            sum(f for _, _, f in some))


def result_case():
    side = rng.choice(("BUY", "SELL"))
    entry = fills(5)
    quantity, value, fees = sums(entry)
    left = rng.choice((quantity, floor(quantity * Fraction(rng.random()), Fraction(1, 10 ** 8))))
    leave = []
    while left > 0:
        part = left if rng.randrange(2) else ceiling(left / 3, Fraction(1, 10 ** 8))
        leave.append((around(0, 5, 8), part, around(-5, 0, 8)))
        left -= part
    out_quantity, out_value, out_fees = sums(leave)
    share = value * out_quantity / quantity
    share = ceiling(share) if side == "BUY" else floor(share)
    share_fees = ceiling(fees * out_quantity / quantity)
    sign = 1 if side == "BUY" else -1
    if rng.randrange(2):
        net = sign * (out_value - share) - share_fees - out_fees
        return ["realized", side, as_text(entry), as_text(leave)], text(net), None
    price, fee = around(0, 5), percent(1, 4)
    rest = (quantity - out_quantity) * price
    rest = down(rest) if side == "BUY" else up(rest)
    net = sign * (rest - (value - share)) - (fees - share_fees) - up(rest * fee / 100)
    return (["unrealized", side, as_text(entry), as_text(leave), text(price), text(fee)], text(net), None)


def other_case():
    op = rng.choice(("worst", "risk", "level", "slippage", "r", "drawdown", "budget", "average"))
    side = rng.choice(("BUY", "SELL"))
    sign = 1 if side == "BUY" else -1
    a, b = around(-2, 6), around(-2, 6)
    tick = Fraction(1, 10 ** rng.randrange(9)) * rng.choice((1, 1, 5))
    if op == "worst":
        slip = percent(3, 4)
        exact = a * (1 + sign * slip / 100)
        wanted = max(floor(exact, tick), a) if side == "BUY" else min(ceiling(exact, tick), a)
        return [op, side, text(a), text(slip), text(tick)], text(wanted), None
    if op == "risk":
        quantity, fee, gap = around(-6, 2), percent(1, 3), percent(2, 3)
        gap_unit = up(b * gap / 100)
        exit_price = b - gap_unit if side == "BUY" else b + gap_unit
        cost = sign * (a - b) + gap_unit + up((a + exit_price) * fee / 100)
        wanted = up(quantity * max(cost, 0))
        return ([op, side] + [text(x) for x in (quantity, a, b, fee, gap)], text(wanted), None)
    if op == "level":
        n = rng.choice((Fraction(1), Fraction(3), percent(10)))
        level = half_up(a + sign * n * abs(a - b), tick)
        return ([op, side] + [text(x) for x in (a, b, n, tick)],
                text(level) if level > 0 else "!range", None)
    if op == "slippage":
        return [op, side, text(a), text(b)], text(down(sign * (a - b) * 100 / a)), None
    if op == "average":
        some = fills(6)
        quantity, value, _ = sums(some)
        return [op, as_text(some)], text(down(value / quantity)), None
    a *= rng.choice((1, 1, -1))
    if op == "r":
        return [op, text(a), text(b)], text(down(a / b)), None
    if op == "drawdown":
        wanted = down((b - a) * 100 / b) if a < b else Fraction(0)
        return [op, text(b), text(a)], text(wanted), None
    share, risk = percent(4), around(-2, 4)
    total, consumed = down(b * share / 100), max(Fraction(0), -a)
    return ([op] + [text(x) for x in (b, share, a, risk)],
            "\t".join(text(x) for x in (total, consumed, total - consumed - risk)), None)


def play(make, count):
    """Ask for count cases; returns what was wrong, and how often each operation was asked."""
    wrong, asked = [], {}
    for start in range(0, count, 10000):
        cases = [make() for _ in range(min(10000, count - start))]
        lines = "".join("\t".join(line) + "\n" for line, _, _ in cases)
        run = subprocess.run([EVAL], input=lines, capture_output=True, text=True)
        got = run.stdout.split("\n")[:-1]
        if run.returncode != 0 or len(got) != len(cases):
            return ["ended with %d after %d answers: %s" % (run.returncode, len(got), run.stderr)], asked
        for (line, wanted, truth), answer in zip(cases, got):
            answer = answer.rstrip("\t")
            asked[line[0]] = asked.get(line[0], 0) + 1
            if answer != wanted:
                wrong.append("%s\n  gave   %s\n  wanted %s" % (" ".join(line), answer, wanted))
            elif truth is not None and truth(answer):
                wrong.append("%s\n  %s" % (" ".join(line), truth(answer)))
            if len(wrong) >= 10:
                return wrong, asked
    return wrong, asked


def main():
    tap.note("seed %d" % SEED)
    wrong, _ = play(size_case, 15000 * SCALE)
    tap.ok(not wrong, "sizes agree to the last digit and hold in exact arithmetic", *wrong)
    wrong, asked = play(result_case, 10000 * SCALE)
    tap.ok(not wrong, "results of positions agree to the last digit", *wrong)
    tap.ok(set(asked) == {"realized", "unrealized"}, "both kinds of result were asked for")
    wrong, asked = play(other_case, 15000 * SCALE)
    tap.ok(not wrong, "levels, risks, averages, slippage, R, drawdown and budgets agree", *wrong)
    tap.ok(len(asked) == 8, "each of them was asked for", str(asked))
    tap.finish()


main()
