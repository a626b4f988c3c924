# The tests, and how a room adds its own.
#
# Every test speaks TAP, so every single case counts.  In tests/<room>/local.mk:
#
#   a program     check_PROGRAMS += tests/core/test_x         (one cmocka group per program;
#                 TESTS += tests/core/test_x                   cmocka is told to speak TAP)
#   a script      TESTS += tests/app/test_x.sh  or  .py       (prints TAP, see tests/tap.sh
#                 EXTRA_DIST += tests/app/test_x.sh            and tests/tap.py; no x bit needed)
#
# The same for what is too long for every day; each is a program (in EXTRA_PROGRAMS) or a
# script (.sh, .py, in EXTRA_DIST) that prints what it found and exits non-zero when it is bad:
#
#   BENCHES   += tests/bench/...       make bench       prints figures
#   TORTURES  += tests/torture/...     make torture     long and by seed
#   FUZZERS   += tests/fuzz/...        make fuzz        FUZZ_SECONDS=N for each (60)
#   LINTS     += tests/house/...       make lint
#
# and make model, see tests/model/README.
#
# All of them run in the build directory with
#
#   top_srcdir, top_builddir    absolute paths of the source and the build tree
#   ROBSON                      absolute path of the built program
#   PYTHON3                     the interpreter
#   HOME, XDG_*                 folders below the build tree: no test sees anybody's real book
#
# and the settings of whoever runs them (ROBSON_..., NO_COLOR, LINES, COLUMNS) taken away.
# ROBSON_TEST_SCALE=N stays: it multiplies the counts of property tests; so does
# ROBSON_BENCH_SCALE=N, which makes benchmarks longer.
# A test that takes longer than TEST_TIMEOUT seconds is ended and has failed.

BENCHES =
TORTURES =
FUZZERS =
LINTS =

TEST_TIMEOUT = 280
FUZZ_SECONDS = 60
BENCH_TIMEOUT = 1200
TORTURE_TIMEOUT = 14400

test_home = $(abs_top_builddir)/tests/home
test_environment = \
	unset ROBSON_DB ROBSON_CONFIG NO_COLOR LINES COLUMNS; \
	for name in `env | sed -n 's/^\(ROBSON_[A-Z_]*\)=.*/\1/p'`; do \
	  case $$name in ROBSON_TEST_SCALE|ROBSON_TEST_NPM|ROBSON_BENCH_SCALE) ;; *) unset $$name ;; esac; done; \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	ROBSON='$(abs_top_builddir)/src/robson$(EXEEXT)'; export ROBSON; \
	HAVE_CMOCKA='$(have_cmocka)'; export HAVE_CMOCKA; \
	PYTHON3='$(PYTHON3)'; export PYTHON3; \
	PYTHONDONTWRITEBYTECODE=1; export PYTHONDONTWRITEBYTECODE; \
	HOME='$(test_home)'; export HOME; \
	XDG_DATA_HOME="$$HOME/data"; export XDG_DATA_HOME; \
	XDG_CONFIG_HOME="$$HOME/config"; export XDG_CONFIG_HOME; \
	XDG_STATE_HOME="$$HOME/state"; export XDG_STATE_HOME; \
	$(MKDIR_P) "$$XDG_DATA_HOME" "$$XDG_CONFIG_HOME" "$$XDG_STATE_HOME"; \
	UBSAN_OPTIONS=print_stacktrace=1; export UBSAN_OPTIONS;

AM_TESTS_ENVIRONMENT = $(test_environment)
TEST_EXTENSIONS = .sh .py
tap_driver = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
LOG_DRIVER = $(tap_driver)
SH_LOG_DRIVER = $(tap_driver)
PY_LOG_DRIVER = $(tap_driver)
AM_LOG_DRIVER_FLAGS = --comments
AM_SH_LOG_DRIVER_FLAGS = --comments
AM_PY_LOG_DRIVER_FLAGS = --comments
run_test = $(SHELL) $(top_srcdir)/tests/house/run.sh $(if $(TIMEOUT),$(TIMEOUT) $(TEST_TIMEOUT))
LOG_COMPILER = $(run_test)
SH_LOG_COMPILER = $(run_test) $(SHELL)
if HAVE_PYTHON3
PY_LOG_COMPILER = $(run_test) $(PYTHON3)
else
PY_LOG_COMPILER = echo '1..0 \# SKIP there is no python3 for'
endif

# `make check' ends with one plain line, "N passed, N failed, N skipped", whatever the tests
# said; it is kept in tests/totals.  (This replaces automake's rule of the same name.)
show_totals = cat
check-TESTS: $(check_PROGRAMS)
	@$(MKDIR_P) tests; rm -f tests/totals; \
	rm -f $(TEST_LOGS) $(TEST_LOGS:.log=.trs) $(TEST_SUITE_LOG); status=0; \
	$(MAKE) $(AM_MAKEFLAGS) $(TEST_SUITE_LOG) || status=1; \
	$(SHELL) $(top_srcdir)/tests/house/totals.sh $(TEST_LOGS:.log=.trs) >tests/totals || status=1; \
	$(show_totals) tests/totals; \
	exit $$status

# $(call run_each,list,seconds): each of the list, all of them even when one fails.
run_each = $(test_environment) status=0; for each in $(1); do \
	  test -f "$$each" || each='$(srcdir)'/$$each; \
	  case $$each in *.sh) run='$(SHELL)' ;; *.py) run='$(PYTHON3)' ;; *) run= ;; esac; \
	  echo "== $${each\#\#*/tests/}"; \
	  $(if $(TIMEOUT),$(TIMEOUT) $(2)) $$run "$$each" || { echo "FAILED: $$each"; status=1; }; \
	done; exit $$status

bench: all $(BENCHES)
	@$(call run_each,$(BENCHES),$(BENCH_TIMEOUT))

torture: all $(TORTURES)
	@$(call run_each,$(TORTURES),$(TORTURE_TIMEOUT))

fuzz: all $(FUZZERS)
	@FUZZ_SECONDS=$(FUZZ_SECONDS); export FUZZ_SECONDS; \
	$(call run_each,$(FUZZERS),$(TORTURE_TIMEOUT))

lint: $(LINTS)
	@$(call run_each,$(LINTS),$(BENCH_TIMEOUT))

# The suite's programs under valgrind: errors and leaks fail.  Part of `make torture'.
VALGRIND = valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite
check-valgrind: all
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(filter-out %.sh %.py,$(TESTS))' TEST_TIMEOUT=3600 \
	  LOG_COMPILER='$(run_test) $(VALGRIND)'

.PHONY: bench torture fuzz lint coverage check-valgrind

EXTRA_DIST += tests/tap.sh tests/tap.py

MOSTLYCLEANFILES += tests/totals

clean-local:
	rm -rf tests/home coverage tests/exchange-standin/npm

include tests/house/local.mk
include tests/base/local.mk
include tests/core/local.mk
include tests/fuzz/local.mk
include tests/store/local.mk
include tests/http/local.mk
include tests/exchange/local.mk
include tests/exchange-standin/local.mk
include tests/feed/local.mk
include tests/app/local.mk
include tests/cli/local.mk
include tests/ui/local.mk
include tests/screens/local.mk
include tests/bench/local.mk
include tests/days/local.mk
include tests/processes/local.mk
include tests/torture/local.mk
include tests/simulation/local.mk
include tests/model/local.mk
include tests/live/local.mk
