"""A hostile exchange: answers that nobody should send, absurd numbers, trades told twice, and strangers
whose orders look like ours.  Nothing of it is believed that can't be, nothing ends the program, and
when it is over book and exchange agree."""
from decimal import Decimal

import judge
from live import ORDER, SYMBOL, scene

BODIES = ("empty", "html", "nesting", "huge", "nul", "utf8", "numbers", "types", "half", "array", "header")
GET = "GET"
LOOKS = ("/api/v3/openOrders", ORDER, "/api/v3/account", "/api/v3/myTrades", "/api/v3/openOrderList")
ABSURD = ("1e30", "-1", "NaN", "", "99999999999999999999999999.9", "0x10", "1.00000000000000000000001")


def alive(house, monitor):
    return house.tell("the monitor lives", monitor.alive(), monitor.err[-2000:], house.log())


def done(house):
    house.heal()
    house.settles()
    house.is_clean()


@scene("every hostile answer to an entry ends with what really happened", shape="opo")
def entries(house):
    monitor = house.monitor()
    house.x.filter("MAX_NUM_ALGO_ORDERS", maxNumAlgoOrders=50)
    for body in BODIES:
        house.x.control("settings", reset_limits=True)   # a scene is busier than a person
        house.fault("hostile", path=house.entry_path(), hostile=body)
        told = house.execute(house.validated(quantity="0.001"), 15)
        if not house.settled(40) or told.code not in (0, 75):
            house.tell("%s: book and exchange agree" % body, False, told, *house.evidence(house.wrong()))
            break
    house.tell("each bought once", len(house.live_rows("operations")) == len(BODIES) == len(house.there("entry")),
               *house.evidence())
    alive(house, monitor)
    done(house)


@scene("every hostile answer to an exit", shape="plain", own="1")
def exits(house):
    monitor = house.monitor()
    for body in BODIES[:6]:
        house.x.control("settings", reset_limits=True)
        number = house.opened(quantity="0.001")
        house.settled(20)
        house.fault("hostile", path="", contains="type=MARKET", hostile=body)
        house.json("operation", "close", str(number))
        if not house.closes(number, 40):
            house.tell("%s: closed" % body, False, *house.evidence())
            break
    alive(house, monitor)
    done(house)


@scene("hostile answers to every question, while something is open")
def looks(house):
    number = house.protected(target="51500")
    monitor = [p for p in house.processes if p.name == "monitor"][0]
    for path in LOOKS:
        for body in BODIES:
            house.fault("hostile", path=path, method=GET, hostile=body)
    house.until(lambda: False, 4)
    alive(house, monitor)
    house.tell("it stays open", house.operation(number)["status"] == "ACTIVE", *house.evidence())
    house.heal()
    house.tell("shown as it is", house.until(lambda: house.shown(number) == "EXCH+LOCAL", 30), house.shown(number))
    done(house)


def absurd_of(member, numbers):
    @scene("absurd numbers in the answer to an entry are not believed: %s" % member, shape="plain")
    def absurd(house):
        monitor = house.monitor()
        for number in numbers:
            house.x.control("settings", reset_limits=True)
            intent = house.validated(quantity="0.001")
            house.fault("forge", path=ORDER, contains="side=BUY", members={member: number})
            told = house.execute(intent, 10)
            if not house.settled(40) or told.code not in (0, 75):
                house.tell("%s: book and exchange agree" % number, False, told, *house.evidence(house.wrong()))
                return
            for row in house.live_rows("operations"):
                if row["status"] == "ACTIVE":
                    house.json("operation", "close", str(row["id"]))
            house.settled(20)
        alive(house, monitor)
        done(house)
    absurd.__name__ = "absurd_" + member
    return absurd


@scene("trades that are told twice are booked once", shape="plain")
def twice(house):
    house.monitor()
    for path, method in ((ORDER, "POST"), ("/api/v3/myTrades", GET), ("/api/v3/openOrders", GET)):
        house.fault("forge", path=path, method=method, members={"twice": True}, count=0)
    number = house.opened()
    house.settles()
    house.json("operation", "close", str(number))
    house.tell("closed", house.closes(number), *house.evidence())
    done(house)


@scene("FILLED without a trade to show for it closes nothing")
def filled_without_trades(house):
    number = house.protected()
    stop = house.there("stop")[0]["clientOrderId"]
    house.fault("forge", method=GET, path=ORDER, contains=stop, count=0,
                members={"status": "FILLED", "executedQty": house.there("stop")[0]["origQty"]})
    house.until(lambda: False, 2)
    house.run("reconcile")
    house.until(lambda: False, 2)
    house.tell("it is still open", house.operation(number)["status"] == "ACTIVE", *house.evidence())
    house.tell("nothing was sold", not any(o["side"] == "SELL" and Decimal(o["executedQty"]) > 0 for o in house.there()))
    done(house)


@scene("a state that nobody knows is no end")
def unknown_state(house):
    number = house.protected()
    stop = house.there("stop")[0]["clientOrderId"]
    house.fault("forge", method=GET, path=ORDER, contains=stop, members={"status": "SLEEPING"}, count=0)
    house.run("reconcile")
    house.until(lambda: False, 2)
    house.tell("it is still open, under its stop", house.operation(number)["status"] == "ACTIVE" and
               house.there("stop")[0]["status"] == "NEW")
    done(house)


@scene("prices that can't be: nothing fires on them")
def prices(house):
    number = house.protected()
    for bid in ("0", "-1", "NaN", "", "1e-9", "0.00000000", "null"):
        house.fault("forge", path="", method=GET, contains="symbols", count=2,
                    members={"bidPrice": bid, "lastPrice": bid, "price": bid})
    house.fault("forge", path="", method=GET, contains="symbols", count=2,
                members={"bidPrice": None, "askPrice": {}})
    house.until(lambda: not house.x.control("faults", "GET"), 10)
    house.until(lambda: False, 1)
    house.tell("it is still open", house.operation(number)["status"] == "ACTIVE" and
               not any(Decimal(o["executedQty"]) > 0 for o in house.there() if o["side"] == "SELL"), *house.evidence())
    done(house)


@scene("rules that can't be: nothing is sent by them")
def rules(house):
    before = len(house.ledger()["orders"])
    for members in ({"tickSize": "0"}, {"stepSize": "-0.00001"}, {"stepSize": "NaN"}, {"minQty": "1e30"},
                    {"filters": []}, {"status": "BREAK"}, {"filters": None}, {"orderTypes": []}):
        house.fault("forge", path="/api/v3/exchangeInfo", method=GET, members=members, count=0)
        plan = house.json("plan", "buy", SYMBOL, "0.001", "--stop", "49500", "--live")
        code = plan.code
        if code == 0:
            intent = plan.json["intent_id"]
            code = house.json("validate", intent, "--live").code
            if code == 0 and members != {"filters": []}:
                code = house.execute(intent, 5).code
        house.tell("%s: refused, and not by accident" % members, members == {"filters": []} or
                   code in (1, 64, 65, 69, 78), plan, code)
        house.heal()
    house.tell("nothing was sent", len(house.ledger()["orders"]) == before, *house.evidence())


def account_of(members):
    name = ", ".join("%s %s" % (key, str(value)[:8]) for key, value in members.items())

    @scene("an account that can't be: %s" % name)
    def account(house):
        before = len(house.ledger()["orders"])
        house.fault("forge", path="/api/v3/account", method=GET, members=members, count=0)
        plan = house.json("plan", "buy", SYMBOL, "0.001", "--stop", "49500", "--live")
        code = plan.code
        if code == 0:
            code = house.json("validate", plan.json["intent_id"], "--live").code
        house.tell("not believed", code in (1, 65, 69, 78), plan, code)
        house.tell("nothing was sent", len(house.ledger()["orders"]) == before)
    account.__name__ = "account_" + "_".join(members) + str(len(str(members)))
    return account


@scene("a commission that can't be makes no larger position")
def commission(house):
    for taker in ("-1", "NaN"):
        house.fault("forge", path="/api/v3/account/commission", method=GET, members={"taker": taker}, count=0)
        plan = house.json("plan", "buy", SYMBOL, "--stop", "49500", "--live")
        house.tell("a taker's of %s" % taker, plan.code in (1, 65, 69, 78) or Decimal(plan.json["risk_amount"]) <= 100,
                   plan)
        house.heal()


@scene("a clock that can't be")
def clock(house):
    house.monitor()
    for value in (-1, 0, 9223372036854775807, "now", None, 1e300):
        house.fault("forge", path="/api/v3/time", method=GET, members={"serverTime": value}, count=2)
    house.run("doctor")
    house.until(lambda: False, 1)
    house.heal()
    house.tell("it trades when the clock is back", house.until(lambda: house.open().code == 0, 60), house.log())
    done(house)


@scene("a Retry-After that can't be stops nothing for ever")
def retry_after(house):
    number = house.protected()
    for value in ("-5", "99999999999999999999", "soon", "0"):
        house.fault("reply", method=GET, path="/api/v3/openOrders", status=429, code=-1003,
                    msg="Too many requests.", retry_after=value)
        house.struck(15)
        house.until(lambda: False, 0.5)
    house.heal()
    house.price("49400")
    house.tell("the stop's fill is booked", house.closes(number, 30), *house.evidence())
    done(house)


@scene("strangers whose orders look like ours are left alone")
def strangers(house):
    number = house.protected(target="51500")
    mine = judge.prefix(house.book())
    names = [mine + "%d-s7" % number, mine + "1-e1", mine + "x" * 20, "r00000000-%d-s1" % number, mine[:-1],
             "web_1234567890", mine.upper()[:20] + "1-s1"]
    placed = []
    for name in names:
        answer = house.x.limit("SELL", "0.001", "60000", newClientOrderId=name)
        house.must(answer.status == 200, answer)
        placed.append(answer["orderId"])
    buy = house.x.limit("BUY", "0.001", "40000", newClientOrderId=mine.replace("r", "q", 1) + "1-e1")
    house.run("reconcile")
    house.until(lambda: False, 1)
    house.json("operation", "stop", str(number), "49600")
    house.json("operation", "close", str(number))
    house.tell("closed", house.closes(number), *house.evidence())
    house.json("panic", "--yes", "FLATTEN")
    house.until(lambda: False, 1)
    resting = [house.x.query(each)["status"] for each in placed + [buy["orderId"]]]
    house.tell("each of them still rests", set(resting) == {"NEW"}, resting, *house.evidence())
    sold = sum(Decimal(o["executedQty"]) for o in house.there() if o["side"] == "SELL")
    bought = sum(Decimal(o["executedQty"]) for o in house.there() if o["side"] == "BUY")
    house.tell("no more was sold than bought", sold <= bought, sold, bought)
    verify = house.json("verify")
    house.tell("the book verifies", verify.code == 0, verify)


@scene("a person sells the coins elsewhere: that is found, booked only by fills, and named", own="0")
def sold_elsewhere(house):
    number = house.protected()
    stop = house.there("stop")[0]
    house.x.signed("DELETE", "order", symbol=SYMBOL, orderId=stop["orderId"])
    free = Decimal(house.x.balance("BTC")[0])
    step = Decimal("0.00001")
    house.x.market("SELL", str(free // step * step))
    house.tell("an alarm stands", house.until(lambda: house.operation(number)["alarm"] != "" or
                                              house.is_closed(number), 20), *house.evidence())
    house.tell("it is not shown as protected", house.until(
        lambda: house.is_closed(number) or not house.shown(number).startswith("EXCH"), 10), house.shown(number))
    refused = [r for r in house.x.requests() if r["method"] == "POST" and r["status"] >= 400]
    house.until(lambda: False, 5)
    more = [r for r in house.x.requests() if r["method"] == "POST" and r["status"] >= 400]
    house.tell("it does not hammer the exchange", len(more) - len(refused) < 12, len(refused), len(more))
    fatal = [line for line in house.fatal() if "for sale" not in line]
    house.tell("nothing twice", not fatal, fatal)


SCENES = [commission] + [account_of(members) for members in (
    {"balances": None}, {"free": "NaN"}, {"free": "-5"}, {"uid": "x" * 500})] + [
    absurd_of("executedQty", ABSURD), absurd_of("qty", ABSURD), absurd_of("price", ABSURD[:4]),
    absurd_of("commission", ABSURD[:3]), entries, exits, sold_elsewhere, strangers, looks, twice,
    filled_without_trades, prices, clock, unknown_state, rules]
# Minutes, because the minute of a limit is a minute.
LONG = [retry_after]
