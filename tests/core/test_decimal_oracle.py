"""Robson's decimals against Python's: the same operations by seed, the answers to the last digit.

ROBSON_TEST_SCALE=N multiplies the number of operations; ROBSON_TEST_SEED=N plays another run.
"""
import decimal
import os
import random
import re
import subprocess
import sys
from decimal import Decimal

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
import tap

EVAL = os.path.join(os.environ["top_builddir"], "tests", "core", "decimal_eval")
SCALE = int(os.environ.get("ROBSON_TEST_SCALE") or 1)
SEED = int(os.environ.get("ROBSON_TEST_SEED") or 20260131)
CHUNK = 20000

# ROUND_05UP keeps enough of what it cuts for any second rounding to be right.
WIDE = decimal.Context(prec=150, rounding=decimal.ROUND_05UP, Emax=9999, Emin=-9999)
decimal.setcontext(WIDE)
LEAST = Decimal("1e-16")
LIMIT = Decimal(10) ** 18
MOST = LIMIT - LEAST
ROUNDINGS = {
    "down": decimal.ROUND_DOWN,
    "up": decimal.ROUND_UP,
    "floor": decimal.ROUND_FLOOR,
    "ceiling": decimal.ROUND_CEILING,
    "half_up": decimal.ROUND_HALF_UP,
}
EDGES = [Decimal(0), LEAST, MOST, MOST - LEAST, Decimal(1), Decimal(10) ** 9, Decimal("1e-8"),
         LIMIT / 2, LIMIT / 2 - LEAST, Decimal("0.5"), Decimal(100), Decimal(3),
         Decimal(2 ** 64) * LEAST, Decimal(2 ** 64 - 1) * LEAST, Decimal(2 ** 63) * LEAST,
         Decimal(2 ** 112) * LEAST, Decimal(2 ** 112 - 1) * LEAST, Decimal(2 ** 112 + 2 ** 48) * LEAST]

rng = random.Random(SEED)


def plain(value):
    """Canonical text, by Python's own means."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def number():
    """Any value, with the unusual ones as likely as the usual ones."""
    kind = rng.randrange(8)
    if kind == 0:
        value = rng.choice(EDGES)
    elif kind == 1:
        value = Decimal(rng.randrange(10 ** 34)) * LEAST
    elif kind == 2:
        value = Decimal(rng.getrandbits(rng.randrange(1, 113))) * LEAST
    elif kind == 3:
        value = rng.choice(EDGES) + rng.randrange(-3, 4) * LEAST
    elif kind == 4:
        # a divisor whose leading bits say little about the rest of it
        bits = rng.randrange(65, 113)
        value = Decimal((1 << bits) + (1 << rng.randrange(1, bits)) - rng.randrange(2)) * LEAST
    else:
        places = rng.randrange(17)
        value = Decimal(rng.randrange(10 ** rng.randrange(1, places + 8))).scaleb(-places)
    if rng.randrange(2):
        value = -value
    return max(-MOST, min(MOST, value))


def fits(value):
    return plain(value) if abs(value) < LIMIT else "!range"


def quantized(value, rounding, unit=LEAST):
    return fits(value.quantize(unit, rounding=ROUNDINGS[rounding]))


def stepped(value, step, rounding):
    if step <= 0:
        return "!range"
    return fits((value / step).quantize(Decimal(1), rounding=ROUNDINGS[rounding]) * step)


def parsed(text, pattern):
    if not re.fullmatch(pattern, text, re.ASCII):
        return "!invalid"
    value = Decimal(re.sub("[,_ ]", "", text))
    if value != value.quantize(LEAST, rounding=decimal.ROUND_DOWN):
        return "!range"
    return fits(value)


STRICT = r"[+-]?[0-9]+(\.[0-9]+)?"
# Groups of thousands with commas, or digits with _ and blanks between them; then the fraction.
GROUP = r"[0-9]+([_ ][0-9]+)*"
HUMAN = (r" ?[+-]?(?:" + GROUP +
         r"|(?=[1-9])(?:" + GROUP + r"[_ ])?[0-9]{1,3}(?:[,_ ][0-9]{3}(?![0-9])|[_ ][0-9]+)*)"
         r"(?:\.[0-9]+(?:[_ ][0-9]+)*)? ?")


def typed():
    """Text that is nearly a number."""
    text = plain(number())
    if rng.randrange(3) == 0:
        text = format(number(), ",f" if abs(number()) > 1 else "f")
    for _ in range(rng.choice((0, 0, 1, 1, 2, 3, 6))):
        at = rng.randrange(len(text) + 1)
        what = rng.randrange(4)
        if what == 0 and text:
            text = text[:at] + text[at + 1:]
        elif what == 1:
            text = text[:at] + rng.choice("0123456789") * rng.randrange(1, 20) + text[at:]
        else:
            text = text[:at] + rng.choice("0019.,_ +-eEx") + text[at:]
    return text


def position(value, low, high, scale):
    if value >= high:
        return scale
    if value <= low:
        return 0
    return int((value - low) * scale // (high - low))


def case():
    """One line for the evaluator, and its right answer."""
    rounding = rng.choice(list(ROUNDINGS))
    op = rng.choice(("add", "sub", "mul", "mul", "div", "div", "muldiv", "muldiv", "percent", "round",
                     "step", "multiple", "cmp", "places", "format", "parse", "human", "position"))
    a, b, c = number(), number(), number()
    if op == "add":
        return (op, plain(a), plain(b)), fits(a + b)
    if op == "sub":
        return (op, plain(a), plain(b)), fits(a - b)
    if op == "mul":
        return (op, rounding, plain(a), plain(b)), quantized(a * b, rounding)
    if op == "div":
        return (op, rounding, plain(a), plain(b)), quantized(a / b, rounding) if b else "!range"
    if op == "muldiv":
        if rng.randrange(3) == 0:
            b = c + rng.randrange(-2, 3) * LEAST      # near a again, and near the limit
            b = max(-MOST, min(MOST, b))
        return ((op, rounding, plain(a), plain(b), plain(c)),
                quantized(a * b / c, rounding) if c else "!range")
    if op == "percent":
        return (op, rounding, plain(a), plain(b)), quantized(a * b / 100, rounding)
    if op == "round":
        places = rng.randrange(-1, 18)
        wanted = "!range" if not 0 <= places <= 16 else \
            quantized(a, rounding, Decimal(1).scaleb(-places))
        return (op, rounding, plain(a), str(places)), wanted
    if op == "step":
        return (op, rounding, plain(a), plain(b)), stepped(a, b, rounding)
    if op == "multiple":
        if b > 0 and rng.randrange(2):
            a = b * int(a / b)
        return (op, plain(a), plain(b)), str(int(b > 0 and a % b == 0))
    if op == "cmp":
        return (op, plain(a), plain(b)), str((a > b) - (a < b))
    if op == "places":
        text = plain(a)
        return (op, text), str(len(text.partition(".")[2]))
    if op == "format":
        places, grouped = rng.randrange(17), rng.choice(("grouped", "plain"))
        shown = a.quantize(Decimal(1).scaleb(-places), rounding=decimal.ROUND_HALF_UP)
        text = format(abs(shown) if not shown else shown, ",f" if grouped == "grouped" else "f")
        return (op, str(places), grouped, plain(a)), text
    if op == "position":
        scale = rng.choice((0, 1, 10, 78, 2 ** 31 - 1))
        return (op, plain(a), plain(b), plain(c), str(scale)), str(position(a, b, c, scale))
    text = typed()
    return (op, text), parsed(text, STRICT if op == "parse" else HUMAN)


def main():
    total, wrong, answers = 0, [], {}
    while total < 240000 * SCALE and len(wrong) < 10:
        cases = [case() for _ in range(CHUNK)]
        asked = "".join("\t".join(line) + "\n" for line, _ in cases)
        run = subprocess.run([EVAL], input=asked, capture_output=True, text=True)
        got = run.stdout.split("\n")[:-1]
        if run.returncode != 0 or len(got) != len(cases):
            wrong.append("the evaluator ended with %d after %d of %d answers: %s" %
                         (run.returncode, len(got), len(cases), run.stderr))
            break
        for (line, wanted), answer in zip(cases, got):
            answers.setdefault(line[0], [0, 0])[answer.startswith("!")] += 1
            if answer != wanted:
                wrong.append("%s: %s, not %s" % (" ".join(line), answer, wanted))
        total += len(cases)
    tap.note("seed %d, %d operations" % (SEED, total))
    tap.ok(not wrong, "agrees with Python's decimal to the last digit", *wrong[:10])
    for op in sorted(answers):
        good, refused = answers[op]
        tap.ok(good > 0, "%s was asked for and answered" % op, "%d answered" % good)
    for op in ("add", "mul", "div", "muldiv", "step", "parse", "human"):
        tap.ok(answers.get(op, [0, 0])[1] > 0, "%s was also refused" % op)
    tap.finish()


main()
