# The house's own checks.
TESTS += tests/house/test_harness.sh tests/house/test_walls.py tests/house/test_coverage.py
LINTS += tests/house/lint.sh
TORTURES += tests/house/valgrind.sh
EXTRA_DIST += \
	tests/house/run.sh tests/house/totals.sh tests/house/test_harness.sh \
	tests/house/walls.py tests/house/test_walls.py \
	tests/house/coverage.py tests/house/coverage-exceptions tests/house/test_coverage.py \
	tests/house/lint.sh tests/house/valgrind.sh tests/house/chroot-check.sh

# Line and branch coverage of src/core by its own tests.  In a build without --enable-coverage
# it makes one below coverage/.
COVERAGE_LINES = 100
COVERAGE_BRANCHES = 100
COVERAGE_TESTS = $(filter tests/core/% tests/base/%,$(TESTS))
coverage:
if COVERAGE
	find src -name '*.gcda' -exec rm -f {} +
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(COVERAGE_TESTS)'
	$(PYTHON3) $(srcdir)/tests/house/coverage.py --gcov $(GCOV) --lines $(COVERAGE_LINES) \
	  --branches $(COVERAGE_BRANCHES) $(abs_top_srcdir) $(abs_top_builddir)
else
	@$(MKDIR_P) coverage && cd coverage && { test -f Makefile || \
	  $(abs_top_srcdir)/configure -q --enable-coverage --enable-tests; } && \
	$(MAKE) $(AM_MAKEFLAGS) coverage
endif

MOSTLYCLEANFILES += src/*/*.gcda src/*/*.gcno src/*/*/*.gcda src/*/*/*.gcno \
	tests/*/*.gcda tests/*/*.gcno src/*.gcda src/*.gcno

# A tarball holds all that is kept, also what no rule names (headers, test data): from a
# checkout what git knows, from a tarball what it brought.
dist-hook:
	@cd $(srcdir) && { { test -e .git && git ls-files -co --exclude-standard; } || \
	  find src tests data -type f \( -name '*.[ch]' -o -name '*.mk' -o -name '*.py' -o \
	    -name '*.sh' -o -name '*.sql' -o -name '*.csv' -o -name '*.ini' -o -name '*.json' -o \
	    -name '*.txt' -o -name '*.pem' -o -name '*.in' \) -print; \
	} | while read -r file; do \
	  to=$(abs_top_builddir)/$(distdir)/$$file; \
	  test -e "$$to" || test ! -f "$$file" || \
	    { $(MKDIR_P) "$${to%/*}" && cp -p "$$file" "$$to"; } || exit 1; \
	done
