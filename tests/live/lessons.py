"""What happened to others, played against the stand-in: one scene for each loss on record.  The
titles are the lessons; test_live.py lists them all."""
import time
from decimal import Decimal

import judge
from live import BASE, REPLACE, SYMBOL, TARGET, scene

GET = "GET"


def done(house):
    house.settles()
    house.is_clean()


def entries_there(house):
    return [row for row in house.there("entry") if Decimal(row["executedQty"]) > 0]


# ---- orders and outcomes ----

@scene("a time-out is not a failure: the same order is never placed again")
def timeout(house):
    house.monitor()
    house.fault("hang", path=house.entry_path())
    done_ = house.open(wait=2)
    house.tell("the command says that the outcome is not known", done_.code == 75, done_)
    house.settles()
    house.tell("bought once", len(entries_there(house)) == 1 and len(house.there("entry")) == 1,
               *house.evidence())
    house.is_clean()


@scene("an acknowledgement by another path ends the retry that is under way")
def other_path(house):
    house.monitor()
    house.fault("lost_reply", path=house.entry_path())
    house.fault("delay", method=GET, before_ms=1500)
    intent = house.validated(entry="49900")
    house.execute(intent, wait=6)
    house.tell("it rests by whichever path came first",
               house.until(lambda: house.orders("entry")[0]["state"] == "NEW", 15), *house.evidence())
    house.price("49900")
    house.settles()
    house.tell("bought once", len(house.there("entry")) == 1)
    house.is_clean()


@scene("a lookup that lags behind the engine: -2013 right after placing is no end")
def lagging(house):
    house.monitor()
    house.x.control("settings", query_lag_ms=4000)
    house.fault("lost_reply", path=house.entry_path())
    house.open(wait=15)
    house.tell("found in the end", house.until(lambda: len(house.live_rows("operations")) == 1, 20),
               *house.evidence())
    done(house)


@scene("-1007, status unknown: what is asked, since when, and what a person may do")
def unknown(house):
    house.monitor()
    house.fault("reply", path=house.entry_path(), status=503, code=-1007, process=True,
                msg="Timeout waiting for response from backend server. Send status unknown.")
    house.fault("reply", method=GET, status=503, code=-1000, msg="An unknown error occurred.", count=0)
    answer = house.open(wait=2)
    house.tell("exit 75", answer.code == 75, answer)
    intent = house.live_rows("intents")[0]["id"]
    house.tell("the order is UNKNOWN, the intent EXECUTING",
               house.orders("entry")[0]["state"] == "UNKNOWN" and
               house.live_rows("intents")[0]["status"] == "EXECUTING", *house.evidence())
    text = house.run("intent", intent).out.lower()
    house.tell("a person reads it", "unknown" in text or "not known" in text, text)
    house.heal()
    done(house)
    house.tell("one operation", len(house.live_rows("operations")) == 1)


@scene("a filled stop whose lookup says 404: fills are evidence")
def lookup_404(house):
    number = house.protected()
    stop = house.there("stop")[0]["clientOrderId"]
    house.fault("reply", method=GET, status=400, code=-2013, msg="Order does not exist.", contains=stop, count=0)
    house.price("49400")
    house.tell("closed by its fills", house.closes(number), *house.evidence())
    house.tell("no second exit", sum(Decimal(o["executedQty"]) for o in house.there() if o["side"] == "SELL") ==
               Decimal(house.there("stop")[0]["executedQty"]))
    house.heal()
    done(house)


@scene("a triggered stop is not a cancelled one")
def triggered(house):
    number = house.protected()
    house.fault("delay", path=REPLACE, before_ms=1500)
    move = house.start("--json", "operation", "stop", str(number), "49700")
    house.must(house.struck(), "nothing was replaced", *house.evidence())
    house.price("49400")
    move.result()
    house.tell("closed by the stop that fired", house.closes(number), *house.evidence())
    stop = house.orders("stop")[0]
    house.tell("its id is kept", stop["exchange_order_id"] != "" and stop["state"] == "FILLED", stop)
    house.tell("nothing else was sold", len([o for o in house.there() if o["side"] == "SELL" and
                                             Decimal(o["executedQty"]) > 0]) == 1, *house.evidence())
    done(house)


@scene("FILLED with a price of 0: ask again before concluding", shape="plain")
def price_zero(house):
    house.monitor()
    house.fault("forge", contains="side=BUY", members={"price": "0.00000000", "fills": [],
                                                       "cummulativeQuoteQty": "0.00000000"})
    house.open()
    done(house)
    row = house.live_rows("operations")[0]
    house.tell("open at its real price", Decimal(row["entry_value"]) > Decimal(row["entry_quantity"]) * 49000,
               row)


# ---- positions and stops ----

@scene("dead for 45 hours: a stop rests on the exchange from the first fill")
def dead(house):
    monitor = house.monitor()
    number = house.opened()
    house.must(house.settled(), *house.wrong())
    monitor.kill()
    house.price("49000")
    house.tell("it sells without anybody", house.there("stop")[0]["status"] == "FILLED", *house.evidence())
    house.monitor()
    house.tell("and is booked by whoever comes next", house.closes(number), *house.evidence())
    house.tell("as a stop", house.operation(number)["exit_reason"] == "STOP_LOSS")
    done(house)


@scene("after a restart running positions have their stop", shape="plain")
def restart(house):
    house.fault("hang", contains="STOP_LOSS", process=False)
    run = house.start(*house.execute_words(house.validated()))
    house.must(house.struck(), "no stop was sent", *house.evidence())
    run.kill()
    house.monitor()
    done(house)
    house.tell("one entry, one stop", len(entries_there(house)) == 1 and
               len([o for o in house.there("stop") if o["status"] == "NEW"]) == 1, *house.evidence())


@scene("a stop-limit that triggers and does not fill goes to market")
def stop_limit(house):
    house.only_types("LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS_LIMIT")
    number = house.protected()
    house.price("48500")
    house.tell("sold at market", house.closes(number, 25), *house.evidence())
    house.tell("after its stop-limit did not", any(o["purpose"] == "exit" and o["type"] == "MARKET" and
                                                   o["state"] == "FILLED" for o in house.orders()))
    done(house)


@scene("a stop that would trigger immediately means: sell now", shape="plain")
def immediately(house):
    house.monitor()
    house.fault("delay", contains="side=BUY", after_ms=1500)
    run = house.start(*house.execute_words(house.validated()))
    house.must(house.struck(), "no entry was sent", *house.evidence())
    house.until(lambda: False, 0.3)
    house.price("49400")
    run.result()
    house.tell("sold", house.until(lambda: house.live_rows("operations") and
                                   house.is_closed(house.live_rows("operations")[0]["id"]), 20), *house.evidence())
    done(house)


@scene("no gap between the old stop and the new one")
def no_gap(house):
    number = house.protected(target=TARGET)
    for level in ("49600", "49700"):
        move = house.json("operation", "stop", str(number), level)
        house.tell("moved to " + level, move.code == 0, move)
        house.settles()
    gaps = [gap for gap in judge.windows(house.book(), house.ledger()) if gap[3] > 0]
    house.tell("a stop rested all the time", not gaps, gaps)
    house.tell("each in one request", len([r for r in house.x.requests() if r["path"] == REPLACE]) == 2,
               *house.evidence())
    house.is_clean()


@scene("a resting target does not keep the stop away, and a touched one is known to remove it")
def both_exits(house):
    number = house.protected(target=TARGET)
    house.tell("one list owns both", len({o["orderListId"] for o in house.there() if o["status"] == "NEW"}) == 1 and
               len([o for o in house.there() if o["status"] == "NEW"]) == 2, *house.evidence())
    target = house.there("target")[0]
    house.x.control("fill", clientOrderId=target["clientOrderId"], qty="0.01")
    house.tell("shown as watched by us alone",
               house.until(lambda: house.shown(number) in ("LOCAL", "NAKED") or house.is_closed(number), 4),
               house.shown(number))
    house.tell("the rest is sold at market", house.closes(number, 20), *house.evidence())
    house.tell("as a target", house.operation(number)["exit_reason"] == "TAKE_PROFIT")
    done(house)


@scene("a failed sell does not end the watching", shape="plain")
def failed_sell(house):
    house.monitor()
    house.fault("reply", contains="STOP_LOSS", status=400, code=-2010, msg="Stop price is not wanted here.", count=0)
    house.open(wait=2)                   # it would wait for the stop
    number = house.live_rows("operations")[0]["id"]
    house.tell("shown without a stop, with an alarm", house.until(
        lambda: house.shown(number) in ("LOCAL", "NAKED") and house.operation(number)["alarm"] != "", 10),
        house.shown(number), house.operation(number)["alarm"])
    house.fault("reply", contains="type=MARKET", status=400, code=-1013, msg="Filter failure: LOT_SIZE", count=2)
    house.price("49400")
    house.tell("sold in the end", house.closes(number, 40), *house.evidence())
    house.heal()
    done(house)


@scene("a stop that is filled in part: what remains is computed from fills")
def part_of_stop(house):
    number = house.protected()
    house.x.control("settings", partial={"count": 1, "permille": 400})
    house.price("49400")
    house.tell("flat", house.closes(number, 30), *house.evidence())
    sold = [Decimal(o["executedQty"]) for o in house.there() if o["side"] == "SELL"]
    house.tell("in two pieces", len([s for s in sold if s > 0]) == 2, sold)
    done(house)


# ---- size, fees, dust ----

@scene("ordered 52.8, owned 52.7472: exits are sized by what was received", own="0", shape="plain")
def received(house):
    number = house.protected()
    house.tell("the stop is for what came", Decimal(house.there("stop")[0]["origQty"]) <
               Decimal(house.there("entry")[0]["executedQty"]), *house.evidence())
    closing = house.json("operation", "close", str(number))
    house.tell("closed", closing.code == 0 and house.closes(number), closing, *house.evidence())
    refused = [r for r in house.x.requests() if r["method"] == "POST" and r["status"] >= 400]
    house.tell("the exchange refused nothing", not refused, refused)
    done(house)


@scene("a part that could neither be stopped nor sold: notional is judged at the stop before the entry")
def notional(house):
    house.x.filter("NOTIONAL", minNotional="100", applyMinToMarket=True, maxNotional="9000000",
                   applyMaxToMarket=False, avgPriceMins=5)
    before = len(house.ledger()["orders"])
    intent = house.plan(quantity="0.00202")
    check = house.json("validate", intent, "--live")
    bad = [c["name"] for c in check.json["checks"] if c["status"] == "FAIL"]
    house.tell("refused by the filters", check.code == 1 and bad == ["filters"], check)
    house.tell("nothing was sent", len(house.ledger()["orders"]) == before)


@scene("dust is named, shown and explained", own="0", shape="plain")
def dust(house):
    number = house.protected()
    house.json("operation", "close", str(number))
    house.must(house.closes(number), *house.evidence())
    row = house.operation(number)
    rest = Decimal(row["entry_quantity"]) - Decimal(row["exit_quantity"]) - sum(
        Decimal(t["commission"]) for t in house.ledger()["trades"] if t["commissionAsset"] == BASE)
    house.tell("it is what is left", rest > 0 and Decimal(row["dust"]) == rest, row["dust"], rest)
    house.tell("and the account has it", Decimal(house.x.balance(BASE)[0]) == rest)
    text = house.run("operation", "status", str(number)).out
    house.tell("a person reads it", "dust" in text.lower(), text)
    done(house)


@scene("the stop's price is not its fill: -600 is not -50")
def real_fill(house):
    number = house.protected()
    house.price("48000")
    house.must(house.closes(number), *house.evidence())
    trade = [t for t in house.live_rows("trades") if t["operation_id"] == number][0]
    house.tell("booked at its fill", Decimal(trade["exit_price"]) == Decimal("47999.99"), trade)
    day = [line for line in house.json("portfolio").lines if line["mode"] == "LIVE"][0]
    house.tell("and so is the day", Decimal(day["realized_day"]) == Decimal(trade["net_pnl"]) and
               Decimal(trade["net_pnl"]) < -300, day)
    done(house)


def worth(trade):
    return {"BNB": Decimal(500), "USDT": Decimal(1)}.get(trade["commissionAsset"], Decimal(trade["price"]))


@scene("4 profitable trades and yet lost: P&L is net of fees in every asset")
def net(house):
    house.x.control("account", balances={"BNB": "10"}, discount_enabled=True)
    number = house.protected()
    house.price("50020")
    house.json("operation", "close", str(number))
    house.must(house.closes(number), *house.evidence())
    trade = [t for t in house.live_rows("trades") if t["operation_id"] == number][0]
    paid = sum(Decimal(t["commission"]) * worth(t) for t in house.ledger()["trades"])
    fees = Decimal(trade["entry_fees"]) + Decimal(trade["exit_fees"])
    assets = {t["commissionAsset"] for t in house.ledger()["trades"]}
    house.tell("the fees are those that were taken, of BTC and of BNB", assets == {"BTC", "BNB"} and
               abs(fees - paid) < fees / 50, fees, paid, assets)
    house.tell("a price that gained is a trade that lost", Decimal(trade["gross_pnl"]) > 0 > Decimal(trade["net_pnl"]) and
               Decimal(trade["net_pnl"]) == Decimal(trade["gross_pnl"]) - fees, trade)
    done(house)


@scene("1 % on distance alone costs 1.1 % at the stop: costs are inside the size")
def costs_inside(house):
    number = house.protected()
    house.price("49500", bid="49500", ask="49500.01")
    house.must(house.closes(number), *house.evidence())
    trade = [t for t in house.live_rows("trades") if t["operation_id"] == number][0]
    house.tell("at most 1 % was lost", -100 <= Decimal(trade["net_pnl"]) < -85, trade["net_pnl"])
    done(house)


@scene("30 of capital does not carry a position of 125")
def affordable(house):
    plan = house.json("plan", "buy", SYMBOL, "--stop", "49900", "--capital", "30", "--live")
    house.tell("capital is the bound, and is named", plan.json["bound_by"] == "capital" and
               Decimal(plan.json["position_value"]) <= 30, plan)
    house.x.control("account", balances={"USDT": "20"})
    intent = house.plan("--capital", "10000")
    check = house.json("validate", intent, "--live")
    row = house.json("intent", intent).json
    house.tell("so is the balance", check.code == 1 or Decimal(row["position_value"]) <= 20, check, row)


# ---- sending ----

@scene("a kept-alive connection dies before the answer: the order was sent once")
def kept_alive(house):
    house.monitor()
    for path in (house.entry_path(), REPLACE):
        house.fault("lost_reply", path=path)
    house.open()
    house.must(house.settled(), *house.wrong())
    number = house.live_rows("operations")[0]["id"]
    house.json("operation", "stop", str(number), "49700")
    house.settles()
    posts = [r for r in house.x.requests() if r["method"] == "POST" and r["fault"]]
    house.tell("each came once", len(posts) == 2 and len(judge.sent_ids(house.x.requests())) ==
               len(set(judge.sent_ids(house.x.requests()))), posts)
    house.is_clean()


# ---- prices, limits, clocks ----

@scene("the heartbeat is fine and the prices are old", more="[feed]\nstale_ms = 2000\n")
def stale(house):
    number = house.protected()
    for path in ("bookTicker", "price", "24hr"):
        house.fault("reply", method=GET, path="/api/v3/ticker/" + path, status=503, body="<html>", count=0)
    house.tell("nobody is said to watch", house.until(lambda: house.shown(number) == "EXCH", 8), house.shown(number))
    house.heal()
    house.tell("and again", house.until(lambda: house.shown(number) == "EXCH+LOCAL", 40), house.shown(number))
    done(house)


@scene("429: Retry-After is law")
def too_many(house):
    number = house.protected()
    house.fault("reply", method=GET, path="", status=429, code=-1003, msg="Too many requests.", retry_after=4)
    house.must(house.struck(), "nobody asks")
    struck_at = [r["time"] for r in house.x.requests() if r["fault"]][-1]
    house.until(lambda: False, 4.5)
    early = [(r["method"], r["path"], r["time"] - struck_at) for r in house.x.requests()
             if 600 < r["time"] - struck_at < 3700]
    house.tell("nothing was asked before", not early, early)
    house.tell("then it goes on", house.until(lambda: house.shown(number) == "EXCH+LOCAL", 15), house.shown(number))
    done(house)


@scene("weight is planned: what polls slows down, exits have a reserve", weight=1200)
def weight(house):
    number = house.protected()
    house.until(lambda: False, 10)
    closing = house.json("operation", "close", str(number))
    house.tell("the exit went out", closing.code == 0 and house.closes(number), closing, *house.evidence())
    refused = [r for r in house.x.requests() if r["status"] in (429, 418)]
    house.tell("the limit was never reached", not refused, len(refused))
    done(house)


@scene("-1021 at night: the offset is taken anew, the order signed anew, once")
def clock(house):
    house.monitor()
    intent = house.validated()
    house.x.control("clock", advance_ms=12000)
    house.execute(intent)
    done(house)
    house.tell("open, bought once", len(house.live_rows("operations")) == 1 and len(entries_there(house)) == 1,
               *house.evidence())
    house.tell("in two generations at most", len(house.orders("entry")) <= 2)


@scene("the audit trail holds decisions, not ticks")
def trail(house):
    house.protected()
    before = house.value("SELECT count(*) FROM events")
    for step in range(15):
        house.price(str(50000 + step * 7))
        house.until(lambda: False, 0.2)
    after = house.value("SELECT count(*) FROM events")
    house.tell("quiet while nothing is decided", after - before <= 1, before, after)
    house.is_clean()


@scene("reconciliation ends: with agreement or with a person's name on it")
def ends(house):
    number = house.protected()
    mine = judge.prefix(house.book()) + "%d-x9" % number
    other = house.x.limit("SELL", "0.1", "60000", newClientOrderId=mine)
    house.must(other.status == 200, other)
    began = time.monotonic()
    asked = len(house.x.requests())
    told = house.json("reconcile")
    house.tell("it ends and says what it needs", told.code in (0, 1) and mine in told.out, told)
    house.tell("bounded", time.monotonic() - began < 20 and len(house.x.requests()) - asked < 400)
    house.tell("the order that the book does not know still rests",
               house.x.query(other["orderId"])["status"] == "NEW")
    house.x.signed("DELETE", "order", symbol=SYMBOL, orderId=other["orderId"])
    house.tell("after a person took it away, all else agrees",
               house.until(lambda: all(mine in line for line in house.wrong()), 20), *house.wrong())


SCENES = [timeout, other_path, lagging, unknown, lookup_404, triggered, price_zero, dead, restart, stop_limit,
          immediately, no_gap, both_exits, failed_sell, part_of_stop, received, notional, dust, real_fill, net,
          costs_inside, affordable, kept_alive, stale, too_many, weight, clock, trail, ends]
# What is played elsewhere: (lesson, file, the words by which the test there is known).
ELSEWHERE = [
    ("a stalled terminal does not stop the timers", "tests/processes/line.py", "def stalled"),
    ("a full disk or a locked database: entries stop first, exits last", "tests/processes/disk.py", "def full_disk"),
    ("Enter while typing sends nothing", "tests/ui/test_dialog.c",
     "type_ahead_from_before_it_opened_is_dropped"),
    ("the tests drive the public commands", "tests/live/live.py", "--acknowledge-risk"),
]
