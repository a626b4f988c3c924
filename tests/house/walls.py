"""Keeps the arrows of the house: python3 walls.py SOURCE-TREE

Prints every line under src/ that breaks a wall, as "file:line: rule: what", and exits
non-zero if there is one.  Comments and texts between quotes are not code and do not count.
The rules are the tables below; where a room really needs something new, its row says so.
"""
import os
import re
import sys

# Which rooms each room may include from.  main.c and its like are the room "".
ROOMS = {
    "base": {"base"},
    "core": {"base", "core"},
    "store": {"base", "core", "store"},
    "http": {"base", "core", "http"},
    "exchange": {"base", "core", "http", "exchange"},
    "feed": {"base", "core", "http", "feed"},
    "app": {"base", "core", "store", "http", "exchange", "feed", "app"},
    "cli": {"base", "core", "app", "cli"},
    "ui": {"base", "core", "app", "ui"},
    "": {"base", "core", "app", "cli", "ui"},
}

# Who may include which library.
LIBRARIES = [
    (r"(ncursesw?/.*|n?curses|term|panel|form|menu|unctrl)\.h", "curses", {"ui"}),
    (r"sqlite3(ext)?\.h", "SQLite", {"store"}),
    (r"curl/.*\.h", "libcurl", {"http"}),
    (r"jansson\.h", "jansson", {"http", "exchange", "feed"}),
    (r"openssl/.*\.h", "OpenSSL", {"store", "exchange", "http"}),
    (r"ini\.h", "inih", {"app"}),
    (r"dlfcn\.h", "libdl", {"http"}),           # libcurl is loaded when it is needed
]
OPENSSL_IN_EXCHANGE = "src/exchange/binance/"    # where requests are signed

ISO_C = set("""assert ctype errno inttypes limits stdarg stdalign stdbool stddef stdint stdio
    stdlib stdnoreturn string time wchar wctype""".split())
LIBC = ISO_C | set("""dirent endian fcntl fnmatch getopt glob langinfo libgen locale netdb
    poll pty pwd signal spawn strings syslog termios unistd wordexp arpa/inet netinet/in
    netinet/tcp net/if""".split())

MONEY_ROOMS = {"base", "core", "store", "exchange", "feed", "app", "cli"}
FLOAT = re.compile(r"\b(double|float|strto(?:d|f|ld)|atof|json_real\w*|json_number_value|"
                   r"json_is_real|sqlite3_(?:column|bind|value|result)_double)\b")
UNSAFE = re.compile(r"\b(strcpy|strcat|stpcpy|v?sprintf|gets|system|popen|u?sleep|nanosleep|"
                    r"curl_easy_perform|curl_multi_(?:wait|poll)|getaddrinfo|gethostby\w+|"
                    r"tmpnam|tempnam|mktemp|strtok|alloca|gmtime|localtime|ctime|asctime)\s*\(")
# The core decides from what it is given: it asks nobody for the time, a file or chance.
IMPURE = re.compile(r"\b(time|clock|clock_gettime|gettimeofday|fopen|fdopen|v?f?printf|puts|"
                    r"fputs|fwrite|fread|getenv|setenv|rand|srand|random|getrandom|exit|abort)"
                    r"\s*\(")

LINES_WARN = 500
LINES_MAX = 600

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
NOT_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def without_texts(source):
    """The source with comments and literals blanked out, line for line."""
    return NOT_CODE.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), source)


def without_comments(source):
    return NOT_CODE.sub(lambda m: m.group() if m.group()[0] in "\"'"
                        else re.sub(r"[^\n]", " ", m.group()), source)


def check_include(path, room, bracket, name):
    if bracket == '"':
        if name == "config.h":
            if room == "core":
                return "include: core knows no configuration"
            return None
        if "/" not in name or name.startswith("."):
            return 'include: "%s" is not named by its path below src/' % name
        target = name.split("/")[0]
        if target not in ROOMS[room]:
            return "include: %s may not know %s (%s)" % (room or "main", target, name)
        return None
    for pattern, library, rooms in LIBRARIES:
        if re.fullmatch(pattern, name):
            if room not in rooms:
                return "include: %s belongs in %s, not in %s" % (
                    library, ", ".join(sorted(rooms)), room or "main")
            if library == "OpenSSL" and room == "exchange" \
                    and not path.startswith(OPENSSL_IN_EXCHANGE):
                return "include: OpenSSL in exchange is for binance/ alone"
            return None
    plain = name[:-2] if name.endswith(".h") else name
    if room == "core":
        if plain not in ISO_C:
            return "include: core has ISO C alone, not <%s>" % name
    elif plain not in LIBC and not plain.startswith("sys/"):
        return "include: <%s> is of no library that the house knows" % name
    return None


def check_file(path, text):
    """Yields (line, message) for each breach; path is relative, as src/room/file.c."""
    parts = path.split("/")
    room = parts[1] if len(parts) > 2 else ""
    if room not in ROOMS:
        yield 1, "room: src/%s is no room of the house" % room
        return
    for number, line in enumerate(without_comments(text).split("\n"), 1):
        match = INCLUDE.match(line)
        if match:
            message = check_include(path, room, match.group(1), match.group(2))
            if message:
                yield number, message
    for number, line in enumerate(without_texts(text).split("\n"), 1):
        if line.lstrip().startswith("#include"):
            continue
        if room in MONEY_ROOMS:
            for match in FLOAT.finditer(line):
                yield number, "float: %s near money" % match.group(1)
        for match in UNSAFE.finditer(line):
            yield number, "call: %s blocks or is unsafe" % match.group(1)
        if room == "core":
            for match in IMPURE.finditer(line):
                yield number, "pure: %s in core" % match.group(1)


def check_tree(top):
    """Returns (breaches, warnings), each a list of printable lines."""
    breaches, warnings = [], []
    for folder, folders, files in os.walk(os.path.join(top, "src")):
        folders.sort()
        for name in sorted(files):
            if not name.endswith((".c", ".h")):
                continue
            full = os.path.join(folder, name)
            path = os.path.relpath(full, top).replace(os.sep, "/")
            with open(full, encoding="utf-8") as file:
                text = file.read()
            for line, message in check_file(path, text):
                breaches.append("%s:%d: %s" % (path, line, message))
            lines = text.count("\n")
            if "generated" in text.split("\n", 1)[0]:
                continue
            if lines > LINES_MAX:
                breaches.append("%s:%d: size: more than %d lines" % (path, lines, LINES_MAX))
            elif lines > LINES_WARN:
                warnings.append("%s: %d lines; does it have one subject?" % (path, lines))
    return breaches, warnings


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: walls.py SOURCE-TREE")
    found, doubts = check_tree(sys.argv[1])
    print("\n".join(found + doubts))
    sys.exit(1 if found else 0)
