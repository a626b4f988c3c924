"""What must hold of a book's rows at every moment, whoever was just killed: read straight from the
database, not through Robson."""
import os
import sqlite3
from decimal import Decimal


def read(db):
    """Every row that matters, of one moment: {table: [row]}."""
    link = sqlite3.connect("file:%s?mode=ro" % db, uri=True, timeout=5)
    link.row_factory = sqlite3.Row
    try:
        link.execute("BEGIN")
        return {table: [dict(row) for row in link.execute("SELECT * FROM " + table)]
                for table in ("intents", "operations", "orders", "fills", "trades", "heartbeat", "requests")}
    finally:
        link.close()


def heartbeat(db):
    """(pid, watched) of a living holder, or None."""
    try:
        link = sqlite3.connect("file:%s?mode=ro" % db, uri=True, timeout=1)
        try:
            row = link.execute("SELECT pid, watched, is_released FROM heartbeat").fetchone()
        finally:
            link.close()
    except sqlite3.Error:
        return None
    if row is None or row[2]:
        return None
    try:
        os.kill(row[0], 0)
        with open("/proc/%d/stat" % row[0], encoding="ascii") as file:
            return None if file.read().rsplit(")", 1)[1].split()[0] == "Z" else (row[0], row[1])
    except OSError:
        return None


class Memory:
    """What was seen before: nothing of it may be lost, and what was final stays as it was."""

    def __init__(self):
        self.operations = {}
        self.intents = {}

    def compare(self, rows):
        wrong = []
        operations = {row["id"]: row for row in rows["operations"]}
        for number, old in self.operations.items():
            new = operations.get(number)
            if new is None:
                wrong.append("operation %d is lost" % number)
            elif old["status"] != "ACTIVE" and old != new:
                wrong.append("operation %d was final and has changed" % number)
            elif Decimal(new["entry_quantity"]) < Decimal(old["entry_quantity"]):
                wrong.append("operation %d has shrunk" % number)
        intents = {row["id"]: row for row in rows["intents"]}
        for name, old in self.intents.items():
            new = intents.get(name)
            if new is None:
                wrong.append("intent %s is lost" % name)
            elif old in ("EXECUTED", "FAILED", "CANCELLED") and new["status"] != old:
                wrong.append("intent %s went from %s to %s" % (name, old, new["status"]))
        self.operations = operations
        self.intents = {name: row["status"] for name, row in intents.items()}
        return wrong


def check(rows):
    """A list of what is wrong; empty if all is well."""
    wrong = []
    fills, entries, exits, trades, of_intent = {}, {}, {}, {}, {}
    for fill in rows["fills"]:
        fills.setdefault(fill["client_order_id"], []).append(fill)
    for trade in rows["trades"]:
        trades.setdefault(trade["operation_id"], []).append(trade)
    for operation in rows["operations"]:
        of_intent.setdefault(operation["intent_id"], []).append(operation)
    for order in rows["orders"]:
        filled = sum((Decimal(f["quantity"]) for f in fills.get(order["client_order_id"], [])), Decimal(0))
        if filled != Decimal(order["filled_quantity"]):
            wrong.append("order %s says %s filled, its fills say %s" % (
                order["client_order_id"], order["filled_quantity"], filled))
        if filled > Decimal(order["quantity"]):
            wrong.append("order %s is overfilled" % order["client_order_id"])
        if order["purpose"].upper() == "ENTRY":
            entries.setdefault(order["intent_id"], []).append((order, filled))
        else:
            exits.setdefault(order["operation_id"], []).append((order, filled))
    for intent in rows["intents"]:
        name, status = intent["id"], intent["status"]
        mine, orders = of_intent.get(name, []), entries.get(name, [])
        if len(mine) > 1:
            wrong.append("intent %s has %d operations" % (name, len(mine)))
        if len(orders) > 1:
            wrong.append("intent %s has %d entry orders" % (name, len(orders)))
        has_fill = any(filled > 0 for _, filled in orders)
        if has_fill != bool(mine):
            wrong.append("intent %s: filled %s, operations %d" % (name, has_fill, len(mine)))
        # The table that joins intents and operations (domain.md, "States").
        if status in ("PENDING", "VALIDATED", "CANCELLED", "FAILED") and mine:
            wrong.append("intent %s is %s and has an operation" % (name, status))
        if status == "EXECUTED" and not mine:
            wrong.append("intent %s is EXECUTED and has no operation" % name)
        if status == "EXECUTING" and mine and mine[0]["status"] != "ACTIVE":
            wrong.append("intent %s is EXECUTING, its operation %s" % (name, mine[0]["status"]))
        if status in ("PENDING", "VALIDATED") and orders:
            wrong.append("intent %s is %s and has an order" % (name, status))
        if status == "EXECUTING" and not orders:
            wrong.append("intent %s is EXECUTING without an order" % name)
    for operation in rows["operations"]:
        number = operation["id"]
        held = sum((filled for _, filled in entries.get(operation["intent_id"], [])), Decimal(0))
        sold = sum((filled for _, filled in exits.get(number, [])), Decimal(0))
        if (held, sold) != (Decimal(operation["entry_quantity"]), Decimal(operation["exit_quantity"])):
            wrong.append("operation %d: its fills say %s in, %s out" % (number, held, sold))
        if sold > held:
            wrong.append("operation %d: %s held, %s sold" % (number, held, sold))
        if (operation["status"] == "CLOSED") != (sold == held):
            wrong.append("operation %d is %s: %s held, %s sold" % (number, operation["status"], held, sold))
        if len(trades.get(number, [])) != (operation["status"] == "CLOSED"):
            wrong.append("operation %d is %s and has %d trades" % (
                number, operation["status"], len(trades.get(number, []))))
        open_exits = [o for o, _ in exits.get(number, []) if o["state"] in (
            "PENDING", "SENT", "UNKNOWN", "PENDING_NEW", "NEW", "PARTIALLY_FILLED")]
        if len(open_exits) > 1:
            wrong.append("operation %d has %d open exits" % (number, len(open_exits)))
    return wrong
