"""LIVE on the program's own screen and on a terminal, against the stand-in for Binance Spot: what a
person types, what they see, and what then lies on the exchange."""
import os
import sys

TOP = os.environ["top_srcdir"]
sys.path.insert(0, os.path.join(TOP, "tests", "live"))
sys.path.insert(0, os.path.join(TOP, "tests"))
import live                              # noqa: E402
from house import Screen                 # noqa: E402


def settle(house, seconds=0.2):
    house.until(lambda: False, seconds)


def open_screen(house, rows=34, cols=120):
    screen = house.screen(rows=rows, cols=cols, waits=False)
    house.must(screen.shows("LIVE !", 10), "no screen", screen.text)
    return screen


def ask(house, screen, stop="49500", target="51500"):
    """Fill the form, choose LIVE, validate, and ask to execute."""
    screen.keys("n")
    house.must(screen.shows("Esc leaves the field"), "no form", screen.text)
    screen.keys("btcusdt\r\r\r\r%s\r%s" % (stop, target), 0.01)
    screen.keys("\x1b")
    settle(house)
    screen.keys("L")
    house.must(screen.shows("Intent · LIVE"), "not LIVE", screen.text)
    screen.keys("v")
    house.must(screen.shows("VALIDATED  ", 15), "not validated", screen.text)
    screen.keys("x")
    house.must(screen.shows("LIVE order: real money"), "no question", screen.text)
    settle(house, 0.6)


def confirm(house, screen, word="CONFIRM"):
    screen.keys(word, 0.06)
    settle(house, 0.1)
    screen.keys("\r")


def trade(house, screen, **levels):
    ask(house, screen, **levels)
    confirm(house, screen)


def stands_at(house, price):
    """The one stop that rests on the exchange triggers there."""
    return house.until(lambda: [row["stopPrice"].split(".")[0] for row in house.there("stop")
                                if row["status"] == "NEW"] == [price], 10)


@live.scene("a form validated for DRY-RUN is no LIVE order: L wants v again, and v then sees it anew")
def other_mode(house):
    screen = open_screen(house, 24, 80)
    screen.keys("n")
    house.must(screen.shows("Esc leaves the field"), "no form", screen.text)
    screen.keys("btcusdt\r\r\r\r49500\r51500", 0.01)
    screen.keys("\x1b")
    settle(house)
    screen.keys("v")
    house.must(screen.shows("VALIDATED  ", 15), "not validated", screen.text)
    screen.keys("L")
    house.must(screen.shows("for DRY-RUN; v validates it for LIVE"), "the report offers x", screen.text)
    screen.keys("x")
    house.must(screen.shows("v first, then x"), "x asked for another mode", screen.text)
    screen.keys("v")
    house.must(screen.shows("x executes it, after a question", 15), "not validated anew", screen.text)
    screen.keys("x")
    house.must(screen.shows("LIVE order: real money"), "no question", screen.text)


@live.scene("a whole trade by hand: CONFIRM, EXCH+LOCAL, the stop fires, closed")
def whole_trade(house):
    screen = open_screen(house)
    ask(house, screen)
    text = screen.text
    house.tell("the question names size, value, key, loss, fees, protection, price, age and drift",
               all(word in text for word in ("BUY 0.15", "key …Eh8A", "about 7,", "you lose about", "fees ",
                                             "stop 49,500.00, target 51,500.00", "in one request with the entry (OPOCO)",
                                             "Price 50,000.01", " s old", "moved 0.00 % since planning (limit 0.5)")),
               text)
    os.write(screen.master, b"\x1b[200~CONFIRM\x1b[201~\r")
    house.tell("a paste is no word", screen.shows("not the word"), screen.text)
    os.write(screen.master, b"CONFIRM\r")
    house.tell("nor is what comes in one piece", screen.shows("by hand"), screen.text)
    confirm(house, screen, "confirm")
    house.tell("nor small letters", screen.shows("not the word"), screen.text)
    house.tell("and nothing was sent", house.ledger()["orders"] == [])
    confirm(house, screen)
    house.tell("typed by hand it is sent, and the stop is seen resting", screen.shows("EXCH+LOCAL", 10),
               screen.text, house.log())
    house.tell("as the exchange has it", house.until(lambda: not house.wrong(), 10), house.wrong())
    screen.keys("\t\r")
    house.tell("the details say what rests there, and when it was seen",
               screen.shows("triggers at 49,500.00") and screen.shows("seen 0.") and
               screen.shows("On 127.0.0.1"), screen.text)
    house.tell("fees by asset, and dust by its size", screen.shows("BTC, less than a lot of 0.00001") and
               "fees     7." in screen.text, screen.text)
    screen.keys("\x1b")
    settle(house)
    screen.keys("h")
    house.tell("the health view says where LIVE goes, and its limits", screen.shows("LIVE goes to") and
               screen.shows("key …Eh8A") and screen.shows("LIVE limits") and "weight" in screen.text, screen.text)
    screen.keys("\x1b")
    screen.keys(":reconcile\r", 0.01)
    house.tell("reconcile answers in words", screen.shows("agreed, 0 repaired, 0 unknown, 0 waiting", 10), screen.text)
    doctor = house.json("doctor").json
    rows = {row["name"]: row for row in doctor["checks"]}
    house.tell("doctor beside it has looked at the key and the machine", rows["key"]["status"] == "PASS" and
               rows["machine"]["status"] == "PASS" and "account 354937868" in rows["key"]["message"], doctor)
    settle(house, 0.5)
    screen.keys("q")
    house.tell("the quit question says what stays", screen.shows("stays there") and
               screen.shows("only what rests on the exchange protects then"), screen.text)
    settle(house, 0.6)
    screen.keys("s")
    house.price("49400")
    house.tell("the stop fires there, and the screen says so", screen.shows("by STOP_LOSS", 15), screen.text)
    house.tell("nothing is open any more", screen.shows("nothing is open", 5), screen.text)
    house.is_clean()


@live.scene("at 80 columns everything essential stands")
def narrow(house):
    screen = open_screen(house, 24, 80)
    ask(house, screen)
    text = screen.text
    house.tell("the question fits", all(word in text for word in ("BUY 0.15", "you lose about", "(OPOCO)", "(limit 0.5)",
                                                                  "Type CONFIRM")), text)
    confirm(house, screen)
    house.tell("the protection stands", screen.shows("EXCH+LOCAL", 10), screen.text)
    house.tell("the mode is loud", "! LIVE !" in screen.text.split("\n")[0], screen.text)
    screen.keys("\tc")
    house.tell("closing asks for the word, too", screen.shows("Close operation 1 now? LIVE") and
               screen.shows("Type CONFIRM") and screen.shows("replaced by a sale at market"), screen.text)
    settle(house, 0.6)
    screen.keys("y")
    screen.keys("\r")
    house.tell("a key alone does nothing", screen.shows("not the word"), screen.text)
    confirm(house, screen)
    house.tell("and it is left", screen.shows("nothing is open", 15), screen.text, house.log())
    house.settles()
    house.is_clean()


@live.scene("a lost reply: UNKNOWN with its age and the next look, then it settles")
def lost_reply(house):
    screen = open_screen(house)
    house.x.control("settings", query_lag_ms=3000)
    house.fault("lost_reply", path=house.entry_path(has_target=True))
    trade(house, screen)
    house.tell("UNKNOWN stands in the status line", screen.shows("UNKNOWN", 10), screen.text)
    house.tell("and since when, what is asked, what a person may do",
               screen.shows("unknown since", 5) and screen.shows("look for client id") and
               screen.shows("next look in", 5), screen.text)
    house.tell("it settles by itself, protected", screen.shows("EXCH+LOCAL", 30) and "UNKNOWN" not in
               screen.text.split("\n")[0], screen.text, house.log())
    house.settles()
    house.is_clean()


@live.scene("a guard that fails while the question stands closes it")
def drift(house):
    screen = open_screen(house)
    ask(house, screen, stop="47500", target="60000")
    house.price("50400")
    house.tell("the price in the question moves, and the guard closes it",
               screen.shows("✗ price: moved 0.80 %", 5) and screen.shows("Nothing is sent"), screen.text)
    confirm(house, screen)
    house.price("50000")
    settle(house, 0.5)
    confirm(house, screen)
    house.tell("for good: the word does nothing", house.ledger()["orders"] == [] and
               "LIVE order" in screen.text, screen.text)


@live.scene("levels, FLATTEN and a wider stop on LIVE")
def by_hand(house):
    screen = open_screen(house)
    trade(house, screen)
    house.must(screen.shows("EXCH+LOCAL", 10), "not protected", screen.text)
    screen.keys(":operation stop 1 49700\r", 0.01)
    screen.answer("Stop from 49,500.00 to 49,700.00", "y")
    house.tell("a nearer stop is moved after a question", stands_at(house, "49700"), screen.text, house.log())
    house.must(screen.shows("EXCH+LOCAL", 10), "not protected", screen.text)
    screen.keys(":operation stop 1 49550 --widen\r", 0.01)
    house.tell("a wider stop asks for the word, and says what can be lost then",
               screen.shows("WIDER: more can be lost") and screen.shows("If it is hit you lose about") and
               screen.shows("Type CONFIRM"), screen.text)
    settle(house, 0.6)
    confirm(house, screen)
    house.tell("and is moved there", stands_at(house, "49550"), screen.text, house.log())
    house.tell("seen again", screen.shows("EXCH+LOCAL", 10), screen.text)
    screen.keys(":panic\r", 0.01)
    house.tell("FLATTEN names the LIVE position", screen.shows("LIVE 1: sell 0.1") and
               screen.shows("Type FLATTEN"), screen.text)
    settle(house, 0.6)
    confirm(house, screen, "FLATTEN")
    house.tell("and leaves it", screen.shows("nothing is open", 15), screen.text, house.log())
    house.tell("PAUSED is said", screen.shows("PAUSED"), screen.text)
    house.settles()
    house.is_clean()


@live.scene("a stop that the exchange refuses is an alarm until it stands", shape="bare")
def refused_stop(house):
    screen = open_screen(house)
    ask(house, screen)
    house.tell("that it is no list is said before", "entry first, protection in the next request; Robson watches "
               "the target" in screen.text, screen.text)
    house.fault("reply", contains="STOP_LOSS", count=0, status=400, code=-1013, msg="Filter failure: MAX_NUM_ALGO_ORDERS")
    confirm(house, screen)
    house.tell("LOCAL stands with its mark, and the alarm in words", screen.shows("LOCAL ⚠", 10) and
               screen.shows("the stop was refused", 5) and screen.shows("⚠ 1"), screen.text, house.log())
    screen.keys("\t\r")
    house.tell("the details say that nothing rests, and why", screen.shows("nothing of this operation rests there") and
               screen.shows("REJECTED") and screen.shows("guarded  LOCAL: no stop was seen"), screen.text)
    house.heal()
    house.tell("it is tried again until it stands, and the gap is told", screen.shows("guarded  EXCH+LOCAL", 40) and
               screen.shows("ms until its stop was first seen", 5), screen.text, house.log())
    house.settles()
    house.is_clean()


@live.scene("a dead line to the exchange is said, and so is its end")
def dead_line(house):
    screen = open_screen(house)
    trade(house, screen)
    house.must(screen.shows("EXCH+LOCAL", 10), "not protected", screen.text)
    house.x.control("connections", drop=True, down_ms=6000)
    house.tell("the screen says that the exchange is not there",
               house.until(lambda: "EXCHANGE: " in screen.text or "NO EXCHANGE" in screen.text, 10), screen.text)
    house.tell("and is well again after it", house.until(
        lambda: "EXCHANGE" not in screen.text and "EXCH+LOCAL" in screen.text, 30), screen.text)


@live.scene("execute --live on a terminal asks with the same figures; a script acknowledges")
def on_terminal(house):
    house.monitor()
    intent = house.validated(target="51500")
    refused = house.json("execute", intent, "--live")
    house.tell("without a terminal nobody is asked, and that it was tried is written down", refused.code == 77 and
               "--acknowledge-risk" in refused.json["error"]["hint"] and
               house.rows("SELECT data FROM events WHERE kind = 'intent.execution_refused'"), refused)
    command = Screen(house, house.arguments("execute", intent, "--live"), "command", 24, 100)
    house.must(command.shows("Type CONFIRM", 15), "no question", command.text)
    settle(house)
    command.keys("no\r")
    house.tell("another word sends nothing: 77, and that is written down, too", command.ends(30) and
               command.code == 77 and "was not confirmed" in command.text and house.ledger()["orders"] == [] and
               len(house.rows("SELECT data FROM events WHERE kind = 'intent.execution_refused'")) == 2, command.text)
    command = Screen(house, house.arguments("execute", intent, "--live"), "command", 24, 100)
    house.tell("the figures stand before the word", command.shows("Type CONFIRM", 15) and
               all(word in command.text for word in (
                   "real money: BUY 0.15", "key ...Eh8A", "you lose about", "fees ", "stop 49500.00, target 51500.00",
                   "in one request with the entry (OPOCO)", "Price 50000.01", "(limit 0.5)")
                   ) or all(word in command.text for word in (
                       "real money: BUY 0.15", "49,500.00", "51,500.00", "(OPOCO)")), command.text)
    settle(house)
    command.keys("CONFIRM\r")
    house.tell("and then it is done", command.ends(30) and command.code == 0 and
               "EXCH+LOCAL" in command.text, command.code, command.text, house.log())
    house.must(house.json("operation", "stop", "1", "49700").code == 0, "the stop does not move", house.log())
    done = house.json("operation", "stop", "1", "49550", "--widen")
    house.tell("a wider stop needs the word, or an acknowledgement", done.code == 77 and
               "--acknowledge-risk" in (done.json["error"]["hint"] or ""), done)
    done = house.json("operation", "stop", "1", "49550", "--widen", "--acknowledge-risk")
    house.tell("acknowledged it moves", done.code == 0, done)
    house.must(house.until(lambda: house.shown(1) == "EXCH+LOCAL", 15), "not protected", house.log())
    protection = house.status(1)["protection"]
    row = protection["orders"][0]
    house.tell("JSON has what rests there", row["purpose"] == "stop" and row["status"] == "NEW" and
               row["stop_price"] == "49550" and row["seen_at"] is not None and
               row["client_order_id"] and row["exchange_order_id"], protection)
    live_row = [row for row in house.json("portfolio").lines if row["mode"] == "LIVE"][0]
    house.tell("the portfolio has the account's balance", live_row["free"] is not None and
               float(live_row["free"]) > 0 and float(live_row["equity"]) > 9000, live_row)
    closed = house.json("operation", "close", "1")
    house.tell("close closes", closed.code == 0 and closed.json["status"] == "CLOSED", closed)
    house.settles()
    house.is_clean()


@live.scene("a script learns that an outcome is unknown: 75, what is asked, what a person may do")
def unknown_to_a_script(house):
    house.monitor()
    house.x.control("settings", query_lag_ms=6000)
    intent = house.validated()
    house.fault("lost_reply", path=house.entry_path())
    done = house.execute(intent, wait=2)
    words = done.json["error"]["message"] if done.code == 75 else ""
    house.tell("exit status 75 with the whole story", done.code == 75 and "unknown since" in words and
               "asking 127.0.0.1" in words and "not sent again" in words and "look for client id" in words and
               done.json["status"] == "EXECUTING" and done.json["error"]["kind"] == "unknown" and
               any(order["status"] == "UNKNOWN" for order in done.json["orders"]), done)
    house.tell("it settles under its monitor", house.until(
        lambda: house.json("operations").lines and house.shown(1) == "EXCH+LOCAL", 30), house.log())
    house.settles()


live.play([unknown_to_a_script, refused_stop, whole_trade, narrow, lost_reply, drift, by_hand, dead_line, on_terminal])
