"""TAP for tests that are Python scripts.

    sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
    import tap

    tap.ok(condition, "closes at the stop")
    tap.equal(got, wanted, "books the exit price")
    tap.skip("plays the real month", "no data here")
    tap.finish()            # the plan and the exit status; the last line of the test
"""
import sys

_count = 0
_failed = 0


def ok(condition, name, *notes):
    """One case; notes (lines of text) are printed when it failed."""
    global _count, _failed
    _count += 1
    if condition:
        print("ok %d - %s" % (_count, name), flush=True)
    else:
        _failed += 1
        print("not ok %d - %s" % (_count, name), flush=True)
        for text in notes:
            note(text)
    return bool(condition)


def equal(got, wanted, name):
    return ok(got == wanted, name, "got:    %r" % (got,), "wanted: %r" % (wanted,))


def note(text):
    for line in str(text).splitlines():
        print("# " + line, flush=True)


def skip(name, why):
    global _count
    _count += 1
    print("ok %d - %s # SKIP %s" % (_count, name, why), flush=True)


def skip_all(why):
    print("1..0 # SKIP %s" % why, flush=True)
    sys.exit(0)


def finish():
    print("1..%d" % _count, flush=True)
    sys.exit(1 if _failed else 0)
