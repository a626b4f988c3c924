"""The judge of a LIVE book: the exchange's ledger against the book's rows, both read directly.

    wrong = judge.compare(book, ledger)      what is not (yet) as it must be; [] when all agrees
    fatal = judge.history(book, ledger, requests)   what no time can heal: twice, too much, a stranger's

book is a dict of tables (read_book), ledger the stand-in's GET /ledger.  Every amount is a Decimal."""
import sqlite3
import urllib.parse
from decimal import Decimal

ZERO = Decimal(0)
TABLES = ("books", "intents", "operations", "orders", "fills", "trades")
OPEN = ("PENDING", "SENT", "UNKNOWN", "PENDING_NEW", "NEW", "PARTIALLY_FILLED")
RESTING = ("NEW", "PARTIALLY_FILLED")
NOWHERE = ("NOT_SENT", "NEVER_ARRIVED", "REJECTED")      # what the exchange need not know of
NAMES = {"CANCELED": "CANCELLED"}                        # the exchange's word, the book's
NEW_IDS = ("newClientOrderId", "workingClientOrderId", "pendingClientOrderId",
           "pendingAboveClientOrderId", "pendingBelowClientOrderId", "aboveClientOrderId",
           "belowClientOrderId", "listClientOrderId")


def read_book(path):
    """Every row that matters, of one moment."""
    link = sqlite3.connect("file:%s?mode=ro" % path, uri=True, timeout=5)
    link.row_factory = sqlite3.Row
    try:
        link.execute("BEGIN")
        return {table: [dict(row) for row in link.execute("SELECT * FROM " + table)]
                for table in TABLES}
    finally:
        link.close()


def prefix(book):
    """What the client order ids of this book begin with."""
    for row in book["books"]:
        if row["mode"] == "LIVE":
            return "r%s-" % row["id"][:8]
    return "r-none-"


def name(exchange_state):
    return NAMES.get(exchange_state, exchange_state)


def steps_of(ledger):
    """symbol -> lot step."""
    found = {}
    for symbol in ledger["symbols"]:
        for row in symbol["info"]["filters"]:
            if row["filterType"] == "LOT_SIZE":
                found[symbol["info"]["symbol"]] = Decimal(row["stepSize"])
    return found


def base_of(ledger, symbol):
    return next(s["info"]["baseAsset"] for s in ledger["symbols"] if s["info"]["symbol"] == symbol)


class View:
    """The exchange's side of one book: its orders, their trades, and what stands behind an operation."""

    def __init__(self, book, ledger):
        self.book, self.ledger = book, ledger
        self.prefix = prefix(book)
        self.live = [row for row in book["orders"] if row["mode"] == "LIVE"]
        known = {row["client_order_id"] for row in self.live}
        self.there = {}                  # client order id -> the exchange's orders of that name
        for row in ledger["orders"]:
            if row["clientOrderId"].startswith(self.prefix) or row["clientOrderId"] in known:
                self.there.setdefault(row["clientOrderId"], []).append(row)
        self.by_number = {row["orderId"]: row for rows in self.there.values() for row in rows}
        self.trades = [row for row in ledger["trades"] if row["orderId"] in self.by_number]
        self.steps = steps_of(ledger)

    def operations(self):
        return [row for row in self.book["operations"] if row["mode"] == "LIVE"]

    def orders_of(self, operation):
        """The exchange's orders of an operation: by the book's rows, and by their names."""
        found = []
        for row in self.live:
            if row["operation_id"] == operation["id"] or (
                    row["intent_id"] is not None and row["intent_id"] == operation["intent_id"]):
                found += self.there.get(row["client_order_id"], [])
        return found

    def position(self, operation):
        """(bought, sold, what commission took of the base) by the exchange's trades."""
        numbers = {row["orderId"] for row in self.orders_of(operation)}
        base = base_of(self.ledger, operation["symbol"])
        bought = sold = taken = ZERO
        for row in self.trades:
            if row["orderId"] in numbers:
                if row["isBuyer"]:
                    bought += Decimal(row["qty"])
                    taken += Decimal(row["commission"]) if row["commissionAsset"] == base else ZERO
                else:
                    sold += Decimal(row["qty"])
        return bought, sold, taken

    def held(self, operation):
        """What is left to sell, down to the lot step."""
        bought, sold, taken = self.position(operation)
        step = self.steps[operation["symbol"]]
        return max(ZERO, (bought - taken - sold) // step * step)

    def is_dust(self, operation, quantity):
        """Too little for the exchange's notional filter at the stop's price."""
        for symbol in self.ledger["symbols"]:
            if symbol["info"]["symbol"] != operation["symbol"]:
                continue
            for row in symbol["info"]["filters"]:
                if row["filterType"] in ("NOTIONAL", "MIN_NOTIONAL") and \
                        quantity * Decimal(operation["stop_price"]) < Decimal(row["minNotional"]):
                    return True
                if row["filterType"] == "LOT_SIZE" and quantity < Decimal(row["minQty"]):
                    return True
        return quantity <= 0

    def resting(self, operation, purpose=None):
        """Open sell orders of the operation on the exchange."""
        return [row for row in self.orders_of(operation)
                if row["status"] in RESTING and row["side"] == "SELL" and (
                    purpose is None or (purpose == "stop") == row["type"].startswith("STOP_LOSS"))]

    def protected(self, operation):
        """Resting stops cover what is held, at the stop in force or nearer."""
        covered = sum((Decimal(row["origQty"]) - Decimal(row["executedQty"])
                       for row in self.resting(operation, "stop")
                       if Decimal(row["stopPrice"]) >= Decimal(operation["stop_price"])), ZERO)
        return covered >= self.held(operation)


def fills_of(book):
    live = {row["client_order_id"] for row in book["orders"] if row["mode"] == "LIVE"}
    return [row for row in book["fills"] if row["client_order_id"] in live]


def compare(book, ledger):
    """Differences that time and reconciliation must heal."""
    view, wrong = View(book, ledger), []
    for row in view.live:
        mine, state = row["client_order_id"], row["state"]
        there = view.there.get(mine, [])
        if state in ("PENDING", "SENT", "UNKNOWN"):
            wrong.append("order %s is %s" % (mine, state))
        elif state in NOWHERE:
            # The other half of a list may be told by the exchange as rejected.
            if there and not (state == "REJECTED" and name(there[0]["status"]) in ("REJECTED", "EXPIRED")):
                wrong.append("order %s is %s, the exchange has it as %s" % (mine, state, there[0]["status"]))
        elif not there:
            wrong.append("order %s is %s, the exchange has none" % (mine, state))
        else:
            their = there[0]
            if name(their["status"]) != state:
                wrong.append("order %s is %s, the exchange says %s" % (mine, state, their["status"]))
            if Decimal(their["executedQty"]) != Decimal(row["filled_quantity"]):
                wrong.append("order %s has %s filled, the exchange says %s" % (
                    mine, row["filled_quantity"], their["executedQty"]))
            if Decimal(their["origQty"]) != Decimal(row["quantity"]) and their["status"] != "PENDING_NEW" and \
                    Decimal(their["origQty"]) != ZERO:
                wrong.append("order %s is for %s, on the exchange for %s" % (mine, row["quantity"], their["origQty"]))
            for ours, theirs in (("price", "price"), ("stop_price", "stopPrice")):
                if row[ours] is not None and row["type"] != "MARKET" and \
                        Decimal(row[ours]) != Decimal(their[theirs]):
                    wrong.append("order %s has the %s %s, on the exchange %s" % (mine, ours, row[ours], their[theirs]))
    known = {row["client_order_id"] for row in view.live}
    for mine in view.there:
        if mine not in known:
            wrong.append("the exchange has %s, the book does not" % mine)
    wrong += compare_fills(book, view)
    for row in book["intents"]:
        entries = [o for o in view.live if o["intent_id"] == row["id"] and o["purpose"] == "entry"]
        if row["mode"] == "LIVE" and row["status"] == "EXECUTING" and not any(
                o["state"] in OPEN for o in entries):
            wrong.append("intent %s is EXECUTING and nothing of it is open" % row["id"])
    for row in view.operations():
        wrong += compare_operation(view, row)
    return wrong


def compare_fills(book, view):
    """Each trade of ours is booked once, with its price, quantity and commission."""
    wrong, theirs, ours = [], {}, {}
    for row in view.trades:
        theirs[(view.by_number[row["orderId"]]["clientOrderId"], str(row["id"]))] = (
            Decimal(row["price"]), Decimal(row["qty"]), Decimal(row["commission"]), row["commissionAsset"])
    for row in fills_of(book):
        key = (row["client_order_id"], row["exchange_trade_id"])
        if key in ours:
            wrong.append("fill %s is booked twice" % (key,))
        ours[key] = (Decimal(row["price"]), Decimal(row["quantity"]), Decimal(row["commission"]),
                     row["commission_asset"])
    for key in sorted(set(theirs) | set(ours)):
        if theirs.get(key) != ours.get(key):
            wrong.append("fill %s: on the exchange %s, in the book %s" % (key, theirs.get(key), ours.get(key)))
    return wrong


def compare_operation(view, row):
    wrong, number = [], row["id"]
    bought, sold, _ = view.position(row)
    held, resting = view.held(row), view.resting(row)
    if (Decimal(row["entry_quantity"]), Decimal(row["exit_quantity"])) != (bought, sold):
        wrong.append("operation %d: %s in and %s out, by the exchange %s and %s" % (
            number, row["entry_quantity"], row["exit_quantity"], bought, sold))
    if row["status"] == "ACTIVE":
        if view.is_dust(row, held):
            wrong.append("operation %d is ACTIVE and holds nothing that could be sold" % number)
        elif not view.protected(row):
            wrong.append("operation %d holds %s and rests %s" % (number, held, [
                (o["clientOrderId"], o["type"], o["origQty"], o["stopPrice"]) for o in resting] or "nothing"))
    elif row["status"] == "CLOSED":
        if not view.is_dust(row, held):
            wrong.append("operation %d is CLOSED and holds %s" % (number, held))
        if resting:
            wrong.append("operation %d is CLOSED and %s rests" % (number, [o["clientOrderId"] for o in resting]))
        if len([t for t in view.book["trades"] if t["operation_id"] == number]) != 1:
            wrong.append("operation %d is CLOSED without its trade" % number)
    return wrong


def sent_ids(requests):
    """Every client id that asked for something new, once for each request that came."""
    found = []
    for row in requests:
        if row["method"] == "POST" and not row["path"].endswith("/test"):
            params = urllib.parse.parse_qs(row["query"] + "&" + row["body"])
            found += [params[key][0] for key in NEW_IDS if key in params]
    return found


def history(book, ledger, requests=()):
    """What no later moment can make good."""
    view, wrong = View(book, ledger), []
    for mine, rows in view.there.items():
        if len(rows) > 1:
            wrong.append("order %s was placed %d times" % (mine, len(rows)))
    seen = set()
    for mine in sent_ids(requests):
        if mine in seen and mine.startswith(view.prefix):
            wrong.append("%s was sent twice" % mine)
        seen.add(mine)
    for row in book["intents"]:
        if row["mode"] != "LIVE":
            continue
        entries = [o for o in view.live if o["intent_id"] == row["id"] and o["purpose"] == "entry"]
        bought = [o for e in entries for o in view.there.get(e["client_order_id"], [])
                  if Decimal(o["executedQty"]) > 0]
        if len(bought) > 1:
            wrong.append("intent %s was bought %d times" % (row["id"], len(bought)))
        if sum((Decimal(o["executedQty"]) for o in bought), ZERO) > Decimal(row["quantity"]):
            wrong.append("intent %s bought more than its %s" % (row["id"], row["quantity"]))
    # Step by step: nothing is ever sold that was not bought, the account's own coins least of all.
    owner = {o["client_order_id"]: o["intent_id"] or "operation %s" % o["operation_id"] for o in view.live}
    position = {}
    for event in ledger["events"]:
        if event["event"] != "fill" or event["clientOrderId"] not in view.there:
            continue
        who = owner.get(event["clientOrderId"], event["clientOrderId"])
        by = Decimal(event["fillQty"]) * (1 if event["side"] == "BUY" else -1)
        position[who] = position.get(who, ZERO) + by
        if position[who] < 0:
            wrong.append("%s sold %s more than it had bought" % (event["clientOrderId"], -position[who]))
            break
    # What rests may sell no more than is held: one list counts once.
    for row in view.operations():
        bought, sold, _ = view.position(row)
        lists = {}
        for order in view.resting(row):
            key = order["orderListId"] if order["orderListId"] >= 0 else -order["orderId"] - 2
            left = Decimal(order["origQty"]) - Decimal(order["executedQty"])
            lists[key] = max(lists.get(key, ZERO), left)
        if sum(lists.values(), ZERO) > bought - sold:
            wrong.append("operation %d holds %s, and %s of it is for sale" % (
                row["id"], bought - sold, sum(lists.values(), ZERO)))
    return wrong


def windows(book, ledger):
    """[(operation id, from, to, ms)]: when something was held that no resting stop covered."""
    view, found = View(book, ledger), []
    for row in view.operations():
        mine = {o["clientOrderId"] for o in view.orders_of(row)}
        held, stops, since = ZERO, {}, None
        step = view.steps[row["symbol"]]
        for event in ledger["events"]:
            if event.get("clientOrderId") not in mine:
                continue
            order = event["clientOrderId"]
            is_stop = event["side"] == "SELL" and event["type"].startswith("STOP_LOSS")
            if event["event"] == "rests" and is_stop:
                stops[order] = Decimal(event["origQty"])
            elif event["event"] in ("canceled", "expired", "rejected", "ended"):
                stops.pop(order, None)
            elif event["event"] == "fill":
                by = Decimal(event["fillQty"])
                held += by if event["side"] == "BUY" else -by
                if event["side"] == "BUY" and event["commissionAsset"] == base_of(ledger, row["symbol"]):
                    held -= Decimal(event["commission"])
                if order in stops:
                    stops[order] -= by
            # Events of one moment belong together: a window has to last.
            is_naked = held >= step and sum(stops.values(), ZERO) < held // step * step
            if is_naked and since is None:
                since = event["time"]
            elif not is_naked and since is not None:
                if event["time"] > since:
                    found.append((row["id"], since, event["time"], event["time"] - since))
                since = None
        if since is not None:
            found.append((row["id"], since, None, ledger["now"] - since))
    return found
