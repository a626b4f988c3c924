"""Keys are where they are needed and nowhere else.  Each scene has a key in one place (a file, systemd's
credentials, the environment), of one kind (HMAC, Ed25519), lets Robson do what it does with it, well or
badly, and then searches all that was written, said or shown: database, journal, log, notes of a crash,
core files, both outputs, the terminal, /proc of every process and of the programs that they started."""
import base64
import os
import resource
import signal
import stat
import subprocess

from live import KEY, SECRET, STOP, SYMBOL, LiveHouse, Quiet, scene
from house import Screen, mono_ms                 # live says where it is

# RFC 8032, section 7.1, TEST 1.
SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PUBLIC = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
ED25519_KEY = "e" * 12 + "7Kq2vXw9" * 6 + "Zt4P"
ORIGINS = {"file": "key file", "credential": "systemd credential", "environment": "environment"}


def pem(label, head, body):
    text = base64.b64encode(bytes.fromhex(head) + body).decode()
    return "-----BEGIN %s KEY-----\n%s\n-----END %s KEY-----\n" % (label, text, label)


PRIVATE_PEM = pem("PRIVATE", "302e020100300506032b657004220420", SEED)
PUBLIC_PEM = pem("PUBLIC", "302a300506032b6570032100", PUBLIC)


def forms(secret):
    """What a secret could look like where it should not be."""
    return [secret, base64.b64encode(secret)[:-4], secret.hex().encode(), secret.hex().upper().encode(),
            secret[:len(secret) // 2], secret[len(secret) // 2:]]


class KeyHouse(LiveHouse):
    """A house whose key is in one place, and that remembers which places it must not be found in."""

    def __init__(self, name, origin="file", kind="hmac", is_right=True, more=""):
        self.origin, self.kind = origin, kind
        self.environment, self.held, self.shown_texts = dict(os.environ), [], []
        self.api_key = KEY if kind == "hmac" else ED25519_KEY
        self.secret = (SECRET if is_right else SECRET[::-1]).encode() if kind == "hmac" else SEED
        super().__init__(name, is_on=False, more=more)
        if kind == "ed25519":
            self.x.control("key", key=ED25519_KEY, pem=PUBLIC_PEM, account=0, read=True, trade=True)
        self.place()
        done = self.run("live", "on")
        self.must(done.code == 0, "live on:", done)

    # ---- placing the key ----

    def held_file(self, name, text, mode=0o600):
        path = self.path(name)
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        os.chmod(path, mode)
        self.held.append(path)
        return path

    def place(self):
        os.unlink(self.key_file)
        pem_path = self.held_file("ed25519.pem", PRIVATE_PEM) if self.kind == "ed25519" else None
        words = "api_key = %s\n" % self.api_key
        words += "private_key_file = %s\n" % pem_path if pem_path else "secret = %s\n" % self.secret.decode()
        if self.origin == "file":
            self.held_file("key", words)
        elif self.origin == "credential":
            os.mkdir(self.path("credentials"), 0o700)
            self.held_file("credentials/robson-key", words, 0o400)
            self.environment["CREDENTIALS_DIRECTORY"] = self.path("credentials")
        else:
            self.environment["ROBSON_API_KEY"] = self.api_key
            if pem_path:
                self.environment["ROBSON_PRIVATE_KEY_FILE"] = pem_path
            else:
                self.environment["ROBSON_API_SECRET"] = self.secret.decode()
        if self.origin != "file":
            with open(self.config, encoding="utf-8") as file:
                text = "".join(line for line in file if not line.startswith("key_file"))
            with open(self.config, "w", encoding="utf-8") as file:
                file.write(text)

    # ---- processes that have it ----

    def start(self, *words):
        """As a House does it, with the key where it is, in our folder, and any core welcome."""
        process = Keyed(self, self.arguments(*words), words[0] if words[0] != "--json" else words[1])
        self.look_at(process)
        return process

    def look_at(self, process):
        for name in ("cmdline", "environ"):
            try:
                with open("/proc/%d/%s" % (process.pid, name), "rb") as file:
                    self.shown_texts.append(("/proc/PID/%s of %s" % (name, process.name), file.read()))
            except OSError:
                pass                     # it has ended, or keeps it to itself

    # ---- looking for it ----

    def files(self):
        for folder, _, names in os.walk(self.folder):
            for name in names:
                path = os.path.join(folder, name)
                if path not in self.held and stat.S_ISREG(os.lstat(path).st_mode):
                    yield path

    def cores(self):
        return [path for path in self.files() if os.path.basename(path).startswith("core")]

    def is_nowhere(self, name="the key is nowhere but in its place"):
        wanted = forms(self.secret) + [self.api_key.encode(), b"signature="]
        found = []
        for where, body in self.shown_texts + [(p.name, p.text.encode()) for p in self.processes
                                               if isinstance(p, Screen)]:
            # What a process is started with stays its own business until it has read it.
            at_start = where.startswith("/proc/PID/environ") and self.origin == "environment"
            if not at_start:
                found += [where for each in wanted if each in body]
        count = 0
        for path in self.files():
            with open(path, "rb") as file:
                body = file.read()
            count += 1
            found += ["%s: %r" % (path, each) for each in wanted if each in body]
        return self.tell(name, not found and count > 3, *(sorted(set(found)) or ["%d files" % count]))


class Keyed(Quiet):
    def __init__(self, house, arguments, name):
        self.out_path = house.path("%s-%d.out" % (name, len(house.processes)))
        self.err_path = house.path("%s-%d.err" % (name, len(house.processes)))

        def lead():
            _, hard = resource.getrlimit(resource.RLIMIT_CORE)
            resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))

        with open(self.out_path, "wb") as out, open(self.err_path, "wb") as err:
            popen = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                     env=house.environment, cwd=house.folder, start_new_session=True,
                                     preexec_fn=lead)
        self.began = mono_ms()
        super(Quiet, self).__init__(house, popen, name)


def say_everything(house):
    """All that could repeat a key."""
    for words in (["doctor"], ["--json", "doctor"], ["settings"], ["--json", "settings"], ["reconcile"],
                  ["plan", "buy", SYMBOL, "--stop", "1", "--live"], ["log"], ["--json", "log"], ["portfolio"],
                  ["operations"], ["lists"], ["export", "events", "--format", "json"], ["verify"],
                  ["backup", house.path("copy.db")]):
        house.start(*words).result(60)


def trade(house):
    """One refused for want of a word, one that goes out."""
    intent = house.validated()
    done = house.json("execute", intent, "--live")
    house.tell("refused without the word", done.code == 77, done)
    done = house.execute(intent)
    house.must(done.code == 0, "execute:", done, house.log())
    house.must(house.settled(), *house.wrong())
    return done.json["operation_id"]


def is_known(house):
    """The key is found where it is, and called by its place."""
    said = house.run("doctor").out
    return house.tell("doctor knows where the key is", ORIGINS[house.origin] in said, said)


def everyday(house):
    is_known(house)
    house.fault("reply", path=house.entry_path(), status=503, code=-1007, msg="x", process=True)
    number = trade(house)
    say_everything(house)
    house.json("operation", "close", str(number))
    house.is_nowhere()


@scene("a key file", origin="file", more="[log]\nlevel = debug\n")
def file_key(house):
    everyday(house)


@scene("a key of systemd's", origin="credential", more="[log]\nlevel = debug\n")
def credential_key(house):
    everyday(house)


@scene("a key in the environment", origin="environment", more="[log]\nlevel = debug\n")
def environment_key(house):
    everyday(house)


@scene("an Ed25519 key in a file", origin="file", kind="ed25519", more="[log]\nlevel = debug\n")
def ed25519_file(house):
    everyday(house)


@scene("an Ed25519 key of the environment", origin="environment", kind="ed25519")
def ed25519_environment(house):
    everyday(house)


@scene("a wrong secret", is_right=False, more="[log]\nlevel = debug\n")
def wrong_secret(house):
    done = house.json("plan", "buy", SYMBOL, "--stop", STOP, "--live")
    if done.code == 0:
        done = house.json("validate", done.json["intent_id"], "--live")
    house.tell("exit 78", done.code == 78, done)
    say_everything(house)
    house.is_nowhere()


BAD_FILES = {
    "a secret alone": "%(secret)s\n",
    "the secret as a path": "api_key = %(key)s\nprivate_key_file = %(secret)s\n",
    "twice": "api_key = %(key)s\nsecret = %(secret)s\nsecret = %(secret)s\n",
}


@scene("key files that are wrong")
def wrong_files(house):
    for name, text in BAD_FILES.items():
        house.held_file("key", text % {"key": KEY, "secret": SECRET})
        done = house.json("plan", "buy", SYMBOL, "--stop", STOP, "--live")
        if done.code == 0:
            done = house.json("validate", done.json["intent_id"], "--live")
        house.tell("%s: exit 78" % name, done.code == 78, done)
        house.run("doctor")
    house.is_nowhere()


NOTIFY = """#!/bin/sh
{ cat /proc/self/environ /proc/$PPID/environ /proc/self/cmdline /proc/$PPID/cmdline; cat; } >>"$0.out" 2>/dev/null
"""


def notified(house):
    """A monitor that tells a program of what happens."""
    script = house.path("tell")
    with open(script, "w", encoding="ascii") as file:
        file.write(NOTIFY)
    os.chmod(script, 0o700)
    with open(house.config, "a", encoding="utf-8") as file:
        file.write("[notify]\ncommand = %s\nlevel = note\ninterval_ms = 0\n" % script)
    house.protected()
    house.must(house.until(lambda: os.path.exists(script + ".out") and os.path.getsize(script + ".out") > 0, 10),
               "nobody was told", house.log())
    monitor = next(p for p in house.processes if p.name == "monitor")
    with open("/proc/%d/environ" % monitor.pid, "rb") as file:
        body = file.read()
    house.tell("the monitor's own environment has forgotten it", SECRET.encode() not in body and KEY.encode() not in body)
    house.is_nowhere()


@scene("what notify.command gets of a key in the environment", origin="environment")
def notify_environment(house):
    notified(house)


@scene("what notify.command gets of a key of systemd's", origin="credential")
def notify_credential(house):
    notified(house)


def can_dump(house):
    """A program that nobody guards leaves a core in this folder."""
    Keyed(house, ["/bin/sh", "-c", "kill -ABRT $$"], "control").ends()
    cores = house.cores()
    for path in cores:
        os.unlink(path)
    return bool(cores)


@scene("a process that ends by a signal leaves no core and no word of its key", origin="environment",
       more="[log]\nlevel = debug\n")
def crashes(house):
    if not can_dump(house):
        house.skip("no core", "no core can be had here")
        return
    house.protected()
    for signo in (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGQUIT, signal.SIGSYS, signal.SIGXCPU):
        monitor = next(p for p in house.processes if p.name == "monitor" and p.alive())
        monitor.send(signo)
        house.tell("%s ends it" % signal.Signals(signo).name, monitor.ends(10))
        house.tell("%s leaves no core" % signal.Signals(signo).name, not house.cores(), *house.cores())
        house.monitor()
    house.is_nowhere()


SCENES = [file_key, credential_key, environment_key, ed25519_file, ed25519_environment, wrong_secret,
          wrong_files, notify_environment, notify_credential, crashes]
for each in SCENES:
    each.maker = KeyHouse
