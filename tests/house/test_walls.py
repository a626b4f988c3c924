"""The arrows of the house hold, and the check that says so sees every kind of breach."""
import os
import shutil
import sys
import tempfile

TOP = os.environ["top_srcdir"]
sys.path.insert(0, os.path.join(TOP, "tests"))
sys.path.insert(0, os.path.join(TOP, "tests", "house"))
import tap
import walls

breaches, doubts = walls.check_tree(TOP)
for rule, name in [("room", "every folder of src is a room"),
                   ("include", "every include points down"),
                   ("float", "no binary floating point is near money"),
                   ("call", "nothing blocks and no call is unsafe"),
                   ("pure", "the core asks nobody for time, files or chance"),
                   ("size", "no file has outgrown its subject")]:
    mine = [line for line in breaches if line.split(": ")[1] == rule]
    tap.ok(not mine, name, *mine)
for line in doubts:
    tap.note(line)

# Each breach is planted alone in a copy of the tree, and must be the one thing that is new.
PLANTS = [
    ("core/sizing.c", '#include "store/store.h"', "include"),
    ("core/sizing.c", '#include "app/desk.h"', "include"),
    ("core/sizing.c", "#include <unistd.h>", "include"),
    ("core/sizing.c", "#include <openssl/sha.h>", "include"),
    ("core/sizing.c", '#include "config.h"', "include"),
    ("core/ports/clock.h", "#include <time.h>\nstatic long f(void) { return time(0); }", "pure"),
    ("core/sizing.c", "static double risk;", "float"),
    ("core/sizing.c", 'static int f(void) { return printf("1 %%"); }', "pure"),
    ("base/text.c", '#include "core/decimal.h"', "include"),
    ("base/text.c", "#include <sqlite3.h>", "include"),
    ("store/store.c", '#include "http/http.h"', "include"),
    ("store/store.c", '#include "exchange/paper/paper.h"', "include"),
    ("store/store.c", "#include <jansson.h>", "include"),
    ("store/store.c", "static int f(void) { return sqlite3_column_double(0, 1) > 0; }", "float"),
    ("http/http.c", '#include "feed/feed.h"', "include"),
    ("http/http.c", "static void f(void) { curl_easy_perform(0); }", "call"),
    ("exchange/paper/paper.c", '#include "feed/feed.h"', "include"),
    ("exchange/paper/paper.c", "#include <openssl/hmac.h>", "include"),
    ("exchange/binance/rest.c", "#include <curl/curl.h>", "include"),
    ("feed/replay.c", '#include "exchange/paper/paper.h"', "include"),
    ("feed/replay.c", '#include "store/store.h"', "include"),
    ("feed/replay.c", "static int f(const char *s) { return strtod(s, 0) > 0; }", "float"),
    ("feed/replay.c", "static int f(json_t *j) { return json_real_value(j) > 0; }", "float"),
    ("app/desk.c", '#include "ui/screen.h"', "include"),
    ("app/desk.c", "#include <sqlite3.h>", "include"),
    ("app/desk.c", "#include <ncurses.h>", "include"),
    ("app/desk.c", "static void f(void) { sleep (1); }", "call"),
    ("cli/plan.c", '#include "store/store.h"', "include"),
    ("cli/plan.c", '#include "exchange/paper/paper.h"', "include"),
    ("cli/plan.c", '#  include  <curl/curl.h>', "include"),
    ("cli/plan.c", "static int f(const char *s) { return atof(s) > 0; }", "float"),
    ("cli/plan.c", "static int f(void) { return system(0); }", "call"),
    ("ui/form.c", '#include "feed/replay.h"', "include"),
    ("ui/form.c", '#include "cli/plan.h"', "include"),
    ("ui/form.c", '#include "form.h"', "include"),
    ("ui/form.c", "#include <jansson.h>", "include"),
    ("ui/form.c", "static void f(char *s) { strcpy(s, s); }", "call"),
    ("ui/form.c", "#include <glib.h>", "include"),
    ("main.c", '#include "store/store.h"', "include"),
    ("main.c", "#include <curses.h>", "include"),
    ("net/socket.c", "", "room"),
    ("ui/form.c", "\n" * (walls.LINES_MAX + 1), "size"),
]
# What looks like a breach and is none.
INNOCENT = [
    ("core/sizing.c", "/* a double check; sleep(1); #include <curses.h> */"),
    ("core/sizing.c", "/*\n#include <curses.h>\n*/"),
    ("core/sizing.c", "// float: never"),
    ("core/sizing.c", 'static const char *f = "double \\" system(1)";'),
    ("core/sizing.c", "static int g(int c) { return c == '\"'; }\n/* \" double */"),
    ("ui/chart_pane.c", "static double scale;"),
    ("ui/screen.c", "#include <ncurses.h>"),
    ("app/wiring.c", '#include "exchange/paper/paper.h"'),
    ("exchange/binance/sign.c", "#include <openssl/hmac.h>"),
    ("http/http.c", "static void my_sleep(int); static void f(void) { my_sleep(1); }"),
]

with tempfile.TemporaryDirectory() as scratch:
    top = os.path.join(scratch, "copy")
    shutil.copytree(os.path.join(TOP, "src"), os.path.join(top, "src"))
    for folder, _, files in os.walk(top):       # a tarball's tree may be read-only
        os.chmod(folder, 0o755)
        for name in files:
            os.chmod(os.path.join(folder, name), 0o644)
    for path, text, *rule in PLANTS + INNOCENT:
        planted = os.path.join(top, "src", path)
        os.makedirs(os.path.dirname(planted), exist_ok=True)
        before = None
        if os.path.exists(planted):
            with open(planted, "rb") as file:
                before = file.read()
        with open(planted, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        own = "src/%s:" % path
        seen = [line for line in walls.check_tree(top)[0] if line.startswith(own)]
        what = (" ".join(text.split()) or rule[0]).replace("#", "")
        if rule:
            tap.ok(len(seen) == 1 and seen[0].split(": ")[1] == rule[0],
                   "sees in %s: %s" % (path, what), *seen)
        else:
            tap.ok(not seen, "lets pass in %s: %s" % (path, what), *seen)
        os.remove(planted)
        if before is not None:
            with open(planted, "wb") as file:
                file.write(before)

tap.finish()
