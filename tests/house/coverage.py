"""Which lines and branches of src/core did the tests reach?   (make coverage)

    coverage.py SOURCE-TREE BUILD-TREE [--lines PERCENT] [--branches PERCENT] [--gcov PROGRAM]

Prints a row for each file and every line that was missed, and exits non-zero when the share
is below what was asked (100 and 100).  An assertion's failing side is no branch: it cannot be
taken in a program without a bug.  What else can't be reached is named, with its reason, in
coverage-exceptions beside this script.
"""
import argparse
import collections
import json
import os
import re
import subprocess
import sys

ROOM = "src/core/"


def read_counts(gcov, top, build):
    """{path: {line: [count, {(function, index): branch count}]}} of the room's files."""
    files = collections.defaultdict(dict)
    notes = []
    for folder, _, names in os.walk(os.path.join(build, ROOM)):
        notes += [os.path.join(folder, name) for name in names if name.endswith(".gcno")]
    if not notes:
        sys.exit("coverage: nothing below %s was built for coverage" % ROOM)
    for note in sorted(notes):
        answer = subprocess.run([gcov, "--json-format", "--stdout", "--branch-probabilities",
                                 note], cwd=build, capture_output=True, text=True)
        if answer.returncode != 0 or not answer.stdout.strip():
            sys.exit("coverage: gcov cannot read %s: %s" % (note, answer.stderr.strip()))
        data = json.loads(answer.stdout.splitlines()[0])
        for file in data["files"]:
            full = os.path.join(data["current_working_directory"], file["file"])
            path = os.path.relpath(os.path.realpath(full), os.path.realpath(top))
            if not path.startswith(ROOM):
                continue
            for line in file["lines"]:
                entry = files[path].setdefault(line["line_number"], [0, {}])
                entry[0] += line["count"]
                for index, branch in enumerate(line["branches"]):
                    key = (line.get("function_name"), index)
                    entry[1][key] = entry[1].get(key, 0) + branch["count"]
    return files


def lines_of_assertions(source):
    """The numbers of all lines that an assert(...) covers."""
    found = set()
    for match in re.finditer(r"\bassert\s*\(", source):
        depth, end = 1, match.end()
        while depth and end < len(source):
            depth += {"(": 1, ")": -1}.get(source[end], 0)
            end += 1
        first = source.count("\n", 0, match.start()) + 1
        found.update(range(first, source.count("\n", 0, end) + 2))
    return found


def read_exceptions(path):
    """[path, part of the line, reason, used], one a line: FILE | PART OF THE LINE | REASON."""
    exceptions = []
    with open(path, encoding="utf-8") as file:
        for number, text in enumerate(file, 1):
            if not text.strip() or text.startswith("#"):
                continue
            fields = [field.strip() for field in text.split(" | ")]
            if len(fields) != 3 or not all(fields):
                sys.exit("%s:%d: wanted FILE | PART OF THE LINE | REASON" % (path, number))
            exceptions.append(fields + [0])
    return exceptions


def judge_file(path, source, counts, exceptions):
    """(lines reached, lines, branches reached, branches, [what was missed])."""
    texts = source.split("\n")
    asserted = lines_of_assertions(source)
    reached = total = taken = branches = 0
    missed = []
    was_missing, further = False, 0
    for number, (count, sides) in sorted(counts.items()):
        text = texts[number - 1]
        untaken = 0 if number in asserted else sum(1 for side in sides.values() if not side)
        if not count or untaken:
            excused = [e for e in exceptions if e[0] == path and e[1] in text]
            for exception in excused:
                exception[3] += 1
            if excused:
                continue
        total += 1
        if count:
            reached += 1
        else:
            if not was_missing:
                missed.append("%s:%d: not reached: %s" % (path, number, text.strip()))
                further = 0
            else:
                further += 1
                missed[-1] = re.sub(r"( \(and \d+ after it\))?$", " (and %d after it)" % further,
                                    missed[-1], count=1)
        was_missing = not count
        if number in asserted:
            continue
        branches += len(sides)
        taken += len(sides) - untaken
        if count and untaken:
            missed.append("%s:%d: %d of %d branches not taken: %s"
                          % (path, number, untaken, len(sides), text.strip()))
    return reached, total, taken, branches, missed


def percent(part, whole):
    return 100.0 * part / whole if whole else 100.0


def main():
    parser = argparse.ArgumentParser(description="Line and branch coverage of src/core.")
    parser.add_argument("top")
    parser.add_argument("build")
    parser.add_argument("--lines", type=float, default=100)
    parser.add_argument("--branches", type=float, default=100)
    parser.add_argument("--gcov", default="gcov")
    args = parser.parse_args()

    here = os.path.dirname(os.path.abspath(__file__))
    exceptions = read_exceptions(os.path.join(here, "coverage-exceptions"))
    counts = read_counts(args.gcov, args.top, args.build)
    row = "%-34s %6s %13s %6s %13s"
    print(row % ("", "lines", "", "branch", ""))
    sums = [0, 0, 0, 0]
    missed = []
    for path in sorted(counts):
        with open(os.path.join(args.top, path), encoding="utf-8") as file:
            source = file.read()
        *figures, gaps = judge_file(path, source, counts[path], exceptions)
        sums = [a + b for a, b in zip(sums, figures)]
        missed += gaps
        print(row % (path, "%.1f%%" % percent(*figures[:2]), "%d/%d" % tuple(figures[:2]),
                     "%.1f%%" % percent(*figures[2:]), "%d/%d" % tuple(figures[2:])))
    lines, branches = percent(*sums[:2]), percent(*sums[2:])
    print(row % ("all of " + ROOM, "%.1f%%" % lines, "%d/%d" % tuple(sums[:2]),
                 "%.1f%%" % branches, "%d/%d" % tuple(sums[2:])))
    if missed:
        print("\n" + "\n".join(missed))
    if exceptions:
        print("\nexcepted, as coverage-exceptions says:")
    stale = 0
    for path, part, reason, used in exceptions:
        print("%s: %s: %s%s" % (path, part, reason, "" if used else "  (MATCHES NOTHING MISSED)"))
        stale += not used
    if stale:
        print("coverage: %d exceptions are not needed; take them out" % stale)
    if lines < args.lines or branches < args.branches:
        print("coverage: wanted %g %% of lines and %g %% of branches" % (args.lines, args.branches))
        return 1
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
