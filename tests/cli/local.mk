cli_tests = tests/cli/test_clones.py tests/cli/test_gates.py tests/cli/test_input.py tests/cli/test_manual.py \
	tests/cli/test_passes.py tests/cli/test_patterns.py tests/cli/test_terminal.py tests/cli/test_trade.py \
	tests/cli/test_verify.py
TESTS += $(cli_tests)
EXTRA_DIST += tests/cli/robson.py $(cli_tests)
