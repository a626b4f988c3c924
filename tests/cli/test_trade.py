"""A whole trade from the shell: plan, validate, execute, watch, stop out, book."""
import os
import sys
from decimal import Decimal

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from robson import Book, tap  # noqa: E402

PLAN = {"intent_id", "status", "mode", "client_id", "symbol", "side", "entry_kind", "entry_price",
        "stop_price", "target_price", "quantity", "quantity_by_rule", "bound_by", "position_value",
        "capital", "risk_amount", "risk_percent", "stop_distance", "stop_distance_percent",
        "strategy", "created_at"}
OPERATION = {"operation_id", "intent_id", "status", "mode", "symbol", "side", "strategy", "quantity",
             "entry_price", "current_price", "price_age_ms", "initial_stop", "stop_price",
             "target_price", "protection", "unrealized_pnl", "realized_pnl", "fees", "r_multiple",
             "opened_at", "closed_at", "exit_price", "exit_reason", "stop_latency_us", "recovered",
             "dust", "exchange", "account", "alarm"}
ORDER = {"client_order_id", "exchange_order_id", "purpose", "side", "type", "quantity", "status",
         "fills"}
FILL = {"price", "quantity", "commission", "commission_asset"}
FREE = "[costs]\nfee_percent = 0\n[paper]\nbalance = 1000000\n"


def keys(got, wanted, name):
    tap.equal(sorted(got), sorted(wanted), "%s has exactly its keys" % name)


def worked_numbers():
    """domain.md's own table, through the command line."""
    cases = [
        ("S1", ["buy", "BTCUSDC", "--entry", "90000", "--stop", "88200", "--capital", "1000"], "90000.00",
         {"quantity_by_rule": "0.0055555555555555", "quantity": "0.00555555",
          "position_value": "499.9995", "risk_amount": "9.99999", "stop_distance_percent": "2",
          "bound_by": "risk"}),
        ("S2", ["buy", "BTCUSDC", "--entry", "95000", "--stop", "93500"], "95000.00",
         {"quantity": "0.06666666", "position_value": "6333.3327"}),
    ]
    for name, args, price, wanted in cases:
        with Book([price] * 60, FREE) as book:
            got = book.json("plan", *args).json
            tap.equal({k: got[k] for k in wanted}, wanted, "%s is planned as worked out" % name)
    with Book(["90000.00"] * 60, "[costs]\nfee_percent = 0.1\ngap_percent = 0.1\n") as book:
        got = book.json("plan", "buy", "BTCUSDC", "--entry", "90000", "--stop", "88200",
                        "--capital", "1000").json
        tap.equal((got["quantity"], got["risk_amount"]), ("0.00483954", "9.999998608572"),
                  "C1 is planned as worked out")


def long_stopped():
    rows = ["90000.00"] * 30 + ["89500.00", "88900.00", "88400.00", "87800.00"] + ["87000.00"] * 5
    with Book(rows) as book:
        planned = book.json("plan", "buy", "BTCUSDC", "--stop", "88500", "--reason", "reclaim")
        tap.equal(planned.code, 0, "a plan is made")
        plan = planned.json
        keys(plan, PLAN, "plan")
        tap.equal((plan["status"], plan["mode"], plan["entry_kind"], plan["client_id"]),
                  ("PENDING", "DRY_RUN", "MARKET", 1), "a plan is PENDING and DRY_RUN")
        tap.ok(all(isinstance(plan[k], str) for k in ("quantity", "entry_price", "risk_amount")),
               "decimals are strings")
        tap.ok(Decimal(plan["risk_amount"]) <= 100 and Decimal(plan["risk_percent"]) <= 1,
               "at most 1 % is at risk", plan)

        early = book.json("execute", plan["intent_id"])
        tap.ok(early.code == 64 and "validate" in early.json["error"]["message"] +
               str(early.json["error"]["hint"]), "executing what was not validated names the step",
               repr(early))

        checked = book.json("validate", plan["intent_id"])
        tap.equal(checked.code, 0, "it validates")
        keys(checked.json, {"intent_id", "status", "checks", "passed", "warnings", "failures"},
             "validate")
        tap.equal(checked.json["status"], "VALIDATED", "it is VALIDATED")
        tap.ok(all({"name", "status", "message", "details"} <= set(c) for c in checked.json["checks"]),
               "each check has its keys")
        tap.equal(len(checked.json["checks"]),
                  sum(checked.json[k] for k in ("passed", "warnings", "failures")), "checks are counted")

        done = book.json("execute", plan["intent_id"][:18])
        tap.equal(done.code, 0, "it executes, by the beginning of its id")
        result = done.json
        keys(result, {"intent_id", "status", "mode", "operation_id", "operation", "orders", "actions"},
             "execute")
        tap.equal((result["status"], result["mode"], result["operation_id"]),
                  ("EXECUTED", "DRY_RUN", 1), "an operation is opened")
        keys(result["operation"], OPERATION, "the operation")
        keys(result["operation"]["protection"], {"state", "watched", "orders"}, "protection")
        keys(result["orders"][0], ORDER, "an order")
        keys(result["orders"][0]["fills"][0], FILL, "a fill")
        tap.ok(len(result["actions"]) >= 3, "actions tell what was done", result["actions"])
        tap.ok("nobody watches operation 1 now" in done.err, "it says that nobody watches", done.err)

        again = book.json("execute", plan["intent_id"])
        tap.ok(again.code == 1 and again.json["error"]["kind"] in ("no", "conflict"),
               "executing it again is answered with no", repr(again))

        status = book.json("operation", "status", "1").json
        keys(status, OPERATION, "operation status")
        tap.equal((status["status"], status["protection"]["state"], status["realized_pnl"]),
                  ("ACTIVE", "PAPER", None), "it is open on paper")

        watched = book.run("monitor", speed="max")
        tap.equal(watched.code, 0, "the monitor plays the tape to its end")
        closed = book.json("operation", "status", "1").json
        tap.equal((closed["status"], closed["exit_reason"]), ("CLOSED", "STOP_LOSS"), "the stop fired")
        tap.ok(Decimal(closed["exit_price"]) <= Decimal("88400"), "it left at the price that was there",
               closed["exit_price"])
        tap.ok(Decimal(closed["realized_pnl"]) < 0 and Decimal(closed["r_multiple"]) < -1,
               "the loss and its R are booked", closed)

        trades = book.json("trades").lines
        tap.equal((len(trades), trades[0]["operation_id"], trades[0]["net_pnl"]),
                  (1, 1, closed["realized_pnl"]), "one trade is booked")
        intent = book.json("intent", plan["intent_id"]).json
        keys(intent, PLAN | {"source", "parent", "regime", "confidence", "reason", "validated_at",
                             "executed_at", "checks", "operation_id", "operation", "orders", "outcome"},
             "intent")
        tap.ok("STOP_LOSS" in intent["outcome"], "the intent shows its outcome", intent["outcome"])
        tap.equal(len(intent["orders"]), 2, "one entry and one exit were sent")

        story = book.json("log", "--operation", "1").lines
        kinds = [e["kind"] for e in story]
        tap.ok(len(story) >= 6 and [e["seq"] for e in story] == sorted(e["seq"] for e in story),
               "the log tells it in order", kinds)
        proof = book.json("verify")
        keys(proof.json, {"ok", "checks", "operations_without_intent", "orphans",
                          "stop_coverage_percent", "chain_length", "chain_ok"}, "verify")
        tap.ok(proof.code == 0 and proof.json["ok"] and proof.json["orphans"] == 0, "the book is whole",
               repr(proof))
        check_exports(book)
        check_lists(book)


def check_exports(book):
    fills = [line.split(",") for line in book.run("export", "fills").out.split("\r\n")]
    tap.equal(fills[0], "operation_id,client_order_id,exchange_trade_id,mode,symbol,side,price,"
              "quantity,commission,commission_asset,time".split(","), "exported fills have their keys")
    tap.equal((len(fills), fills[-1]), (4, [""]), "two fills, each line ended by CR LF")
    lines = book.run("export", "fills", "--format", "json").lines
    tap.equal([list(x.values())[6] for x in lines], [f[6] for f in fills[1:3]],
              "CSV and JSON export the same")
    for what in ("trades", "orders", "fills", "events"):
        csv, js = book.run("export", what), book.run("export", what, "--format", "json")
        tap.ok(csv.code == 0 and js.code == 0 and len(js.lines) > 0 and
               csv.out.split("\r\n")[0].split(",") == list(js.lines[0]), "%s are exported" % what,
               repr(csv)[:400])


def check_lists(book):
    tap.equal(len(book.json("intents").lines), 1, "intents are listed")
    tap.equal(book.json("intents").lines[0]["operation_id"], 1, "with their operation")
    one = set(book.json("intent", book.json("intents").lines[0]["intent_id"]).json)
    tap.equal(one - set(book.json("intents").lines[0]), {"checks", "operation", "orders"},
              "and the figures of the single view")
    tap.equal(book.json("intents", "--status", "failed").lines, [], "by status")
    keys(book.json("operations").lines[0], OPERATION, "operations")
    tap.ok(ORDER < set(book.json("orders").lines[0]), "orders have their keys")
    tap.equal(len(book.json("orders", "--operation", "1").lines), 2, "orders of an operation")
    portfolio = book.json("portfolio").lines
    keys(portfolio[0], {"mode", "equity", "free", "locked", "exposure", "open_risk", "unrealized_pnl",
                        "realized_day", "realized_month", "month_budget", "month_left",
                        "drawdown_percent", "quote", "others"}, "portfolio")
    names = [s["name"] for s in book.json("strategies").lines]
    tap.equal(sorted(names), ["All In", "Bounce Back", "Mean Reversion MA99", "Rescue Forces",
                              "Smooth Sailing"], "the seeded strategies are there")
    for words in (["intents"], ["operations"], ["orders"], ["trades"], ["portfolio"], ["strategies"],
                  ["log"], ["settings"], ["verify"], ["operation", "status", "1"],
                  ["strategy", "show", "All", "In"]):
        run = book.run(*words)
        tap.ok(run.code == 0 and run.out != "" and "\x1b" not in run.out,
               "%s prints for people" % " ".join(words), repr(run))


def way_out(name, side, stop, target, rows, reason, wins):
    with Book(rows) as book:
        done = book.executed(side, "BTCUSDC", "--stop", stop, "--target", target)
        book.run("monitor", speed="max")
        closed = book.json("operation", "status", str(done["operation_id"])).json
        tap.equal((closed["status"], closed["exit_reason"]), ("CLOSED", reason), name)
        tap.equal(Decimal(closed["realized_pnl"]) > 0, wins, name + ": " + ("wins" if wins else "loses"))
        tap.ok(book.json("verify").json["ok"], name + ": the book is whole")


def ways_out():
    steady = ["90000.00"] * 20
    down = ["89000.00", "88000.00", "87000.00", "86000.00", "85000.00"]
    up = ["91000.00", "92000.00", "93000.00", "94000.00", "95000.00"]
    way_out("a long reaches its target", "buy", "88500", "3R", steady + up, "TAKE_PROFIT", True)
    way_out("a long is stopped", "buy", "-1.5%", "3R", steady + down, "STOP_LOSS", False)
    way_out("a short reaches its target", "sell", "91500", "3R", steady + down, "TAKE_PROFIT", True)
    way_out("a short is stopped", "sell", "91500", "3R", steady + up, "STOP_LOSS", False)


def by_hand():
    with Book(["90000.00"] * 600) as book:
        book.executed("buy", "BTCUSDC", "--stop", "88500")
        moved = book.json("operation", "stop", "1", "89000")
        tap.ok(moved.code == 0 and moved.json["stop_price"] == "89000" and
               moved.json["initial_stop"] == "88500", "a stop moves towards the market", repr(moved))
        back = book.json("operation", "stop", "1", "88000")
        tap.ok(back.code == 1 and "widen" in back.json["error"]["message"] + str(back.json["error"]["hint"]),
               "away from it only with --widen", repr(back))
        beyond = book.json("operation", "stop", "1", "90500")
        tap.equal(beyond.code, 1, "a stop beyond the price is refused")
        target = book.json("operation", "target", "1", "3R")
        tap.ok(target.code == 0 and target.json["target_price"] is not None, "a target is set by R",
               repr(target))
        closed = book.json("operation", "close", "1")
        tap.ok(closed.code == 0 and closed.json["status"] == "CLOSED" and
               closed.json["exit_reason"] == "MANUAL", "close leaves it", repr(closed))
        tap.equal(book.json("operation", "close", "1").code, 1, "closing it again is answered with no")
        book.executed("buy", "BTCUSDC", "--stop", "88500")
        released = book.json("operation", "release", "2", "--reason", "moved away")
        tap.ok(released.code == 0 and released.json["status"] == "CANCELLED" and
               released.json["exit_reason"] == "HANDED_OVER" and released.json["realized_pnl"] is None,
               "release hands it over and invents no result", repr(released))
        tap.ok(book.json("verify").json["ok"], "the book is whole")


def limit_entries():
    rows = ["90000.00"] * 40 + ["89400.00"] * 20
    with Book(rows) as book:
        intent = book.validated("buy", "BTCUSDC", "--entry", "89500", "--stop", "88500")
        rests = book.json("execute", intent, "--wait", "1")
        tap.ok(rests.code == 0 and rests.json["status"] == "EXECUTING" and
               rests.json["operation_id"] is None, "a limit entry rests, and that is no failure",
               repr(rests))
        tap.ok("nobody watches the entry" in rests.err, "and nobody watches it")
        cancelled = book.json("cancel", intent)
        tap.ok(cancelled.code == 0 and cancelled.json["status"] == "FAILED", "it can be taken back",
               repr(cancelled))
        tap.ok("cancel" in book.json("intent", intent).json["outcome"], "the intent says why it ended")
        other = book.validated("buy", "BTCUSDC", "--entry", "89500", "--stop", "88500")
        book.json("execute", other, "--wait", "1")
        book.run("monitor", speed="max")
        tap.equal(book.json("intent", other).json["status"], "EXECUTED", "it fills when the price comes")
        entry = Decimal(book.json("operations").lines[0]["entry_price"])
        tap.ok(entry <= Decimal("89500"), "at its limit or better", entry)
        first = book.plan("buy", "BTCUSDC", "--stop", "88500")
        tap.equal(book.json("cancel", first).json["status"], "CANCELLED", "a PENDING intent is cancelled")
        tap.equal(book.json("cancel", first).code, 1, "and only once")


def clones():
    with Book() as book:
        one = book.plan("buy", "BTCUSDC", "--stop", "88500", "--reason", "first", "--regime", "bull",
                        "--confidence", "0.8")
        clone = book.json("plan", "--from", one, "--stop", "88000").json
        tap.equal((clone["stop_price"], clone["side"], clone["symbol"]), ("88000", "BUY", "BTCUSDC"),
                  "a clone changes what is given")
        full = book.json("intent", clone["intent_id"]).json
        tap.equal((full["parent"], full["reason"], full["regime"], full["confidence"]),
                  (one, "first", "bull", "0.8"), "and keeps the rest, and its parent")


worked_numbers()
long_stopped()
ways_out()
by_hand()
limit_entries()
clones()
tap.finish()
