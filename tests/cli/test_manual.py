"""The tables of the program and what is written about them: manual, completions, help."""
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from robson import bare, tap  # noqa: E402

TOP = os.environ["top_srcdir"]


def read(*path):
    with open(os.path.join(TOP, *path), encoding="utf-8") as file:
        return file.read()


def option_in_page(page, name):
    return re.search(r"\bFl Fl %s\b(?!-)" % re.escape(name), page) is not None


tables = bare("help", "--json").json
manual = read("data", "man", "robson.1")
plan_page = read("data", "man", "robson-plan.7")
bash = read("data", "completions", "robson")
zsh = read("data", "completions", "_robson")

missing = [c["name"] for c in tables["commands"]
           if not re.search(r"^\.(It|Xc).*\bIc %s\b|^\.Ic %s$" % (c["name"], c["name"]), manual, re.M)]
tap.equal(missing, [], "the manual has every command")
options = {o["name"]: o for c in tables["commands"] for o in c["options"]}
options.update({o["name"]: o for o in tables["options"]})
tap.ok(len(options) > 30, "there are options to check")
tap.equal([o for o in options if not option_in_page(manual, o)], [], "the manual has every option")
named = set(re.findall(r"\bFl Fl ([a-z-]+)", manual))
tap.equal(sorted(named - set(options)), [], "the manual has no option that the program lacks")
tap.equal([e["code"] for e in tables["exits"] if "\n.It %d\n" % e["code"] not in manual], [],
          "the manual has every exit status")

wanted = [(r["code"], r["status"], r["meaning"]) for r in tables["reasons"]]
written = re.findall(r"^\.It Sy (\S+) Pq (WARN|FAIL)\n((?:[^.].*\n)+)", manual, re.M)
written = [(code, status, " ".join(text.split())) for code, status, text in written]
tap.ok(len(wanted) >= 25, "guards have at least 25 reasons")
tap.equal(written, wanted, "the manual lists every reason of every guard, and none besides")

missing = [w for w in tables["retired"]
           if not (("Fl Fl %s" % w[2:]) if w.startswith("--") else w) in plan_page]
tap.equal(missing, [], "robson-plan(7) has every word that was retired")
for word in tables["retired"]:
    run = bare(word) if not word.startswith("--") else bare(word, "doctor")
    tap.ok(run.code == 64 and len(run.err.splitlines()) == 1 and run.out == "",
           "%s is answered in one line" % word, repr(run))

for page in ("robson.1", "robson-live.7", "robson-plan.7"):
    if shutil.which("mandoc") is None:
        tap.skip("%s is clean for mandoc" % page, "mandoc is not installed")
        continue
    lint = subprocess.run(["mandoc", "-Tlint", "-Wwarning", os.path.join(TOP, "data", "man", page)],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    tap.equal(lint.stdout.decode(), "", "%s is clean for mandoc" % page)

for name, text in (("bash", bash), ("zsh", zsh)):
    words = set(re.findall(r"[a-z-]+", text))
    tap.equal([w for c in tables["commands"] for w in c["name"].split() if w not in words], [],
              "%s completes every command" % name)
    tap.equal([o for o in options if "--" + o not in words], [], "%s completes every option" % name)
    tap.equal(sorted(w for w in words if re.fullmatch(r"--[a-z][a-z-]*", w) and w[2:] not in options),
              [], "%s completes no option that the program lacks" % name)
if shutil.which("bash"):
    script = os.path.join(TOP, "data", "completions", "robson")
    done = subprocess.run(["bash", "-c", '. "$1"; COMP_WORDS=(robson operation st); COMP_CWORD=2; '
                           '_robson; echo "${COMPREPLY[*]}"; COMP_WORDS=(robson --db x pl); '
                           'COMP_CWORD=3; _robson; echo "${COMPREPLY[*]}"', "bash", script],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    tap.equal(done.stdout.decode(), "status stop\nplan\n", "bash completes verbs and commands")
else:
    tap.skip("bash completes verbs and commands", "bash is not installed")

everything = bare("--help").out
for command in tables["commands"]:
    name = command["name"]
    own = bare(*name.split(), "--help")
    tap.ok(own.code == 0 and own.out.startswith("robson " + name) and own.err == "" and
           all("--" + o["name"] in own.out for o in command["options"]) and
           "  " + name in everything, "%s has its help" % name, repr(own))
for family in ("operation", "strategy", "settings", "patterns"):
    for run in (bare(family, "--help"), bare("help", family)):
        tap.ok(run.code == 0 and run.out.count("robson %s" % family) >= 2, "%s has the help of all" % family,
               repr(run))
tap.ok(not any(word in everything for word in ("technical-stop", "patterns scan", "import-operations")),
       "help names no command that this version lacks")
for words in (["technical-stop", "buy", "BTCUSDC"], ["import-operations", "x"]):
    run = bare(*words)
    tap.ok(run.code == 64 and "this version has no such command" in run.err,
           "%s is not there yet" % words[0], repr(run))

# Help and version touch no database and no settings, whatever is wrong with those.
env = dict(os.environ, ROBSON_DB="/nonexistent/x.db", ROBSON_CONFIG="/nonexistent/x.ini",
           XDG_DATA_HOME="/nonexistent", HOME="/nonexistent")
for words in (["--version"], ["--help"], ["version"], ["help", "plan"], ["plan", "--help"],
              ["--json", "version"]):
    run = bare(*words, env=env)
    tap.ok(run.code == 0 and run.out != "" and run.err == "", "%s needs no database" % " ".join(words),
           repr(run))
tap.equal(sorted(bare("version", "--json").json), ["name", "version"], "version has its keys")
tap.finish()
