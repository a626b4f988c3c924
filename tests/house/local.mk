# The house's own checks.
TESTS += tests/house/test_harness.sh tests/house/test_walls.py
LINTS += tests/house/lint.sh
EXTRA_DIST += \
	tests/house/run.sh tests/house/totals.sh tests/house/test_harness.sh \
	tests/house/walls.py tests/house/test_walls.py \
	tests/house/lint.sh
