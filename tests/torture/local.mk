# Processes that are killed, by chance and at every step.
TORTURES += tests/torture/kills.py tests/torture/steps.py
EXTRA_DIST += tests/torture/kills.py tests/torture/rows.py tests/torture/steps.py \
	tests/torture/torture.py tests/torture/reaper.c

# Preloaded into the program, so it is no program and no part of a library of ours.
check_DATA = tests/torture/reaper.so
tests/torture/reaper.so: tests/torture/reaper.c
	$(AM_V_CCLD)$(MKDIR_P) tests/torture && \
	$(CC) -std=c11 -Wall -Wextra $(CFLAGS) -fPIC -shared -o $@ $(srcdir)/tests/torture/reaper.c
CLEANFILES += tests/torture/reaper.so
torture: tests/torture/reaper.so
TESTS += tests/torture/test_kills.py tests/torture/test_races.py
EXTRA_DIST += tests/torture/test_kills.py tests/torture/test_races.py
