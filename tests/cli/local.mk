TESTS += tests/cli/test_gates.py tests/cli/test_input.py tests/cli/test_manual.py tests/cli/test_passes.py \
	tests/cli/test_terminal.py tests/cli/test_trade.py
EXTRA_DIST += tests/cli/robson.py tests/cli/test_gates.py tests/cli/test_input.py \
	tests/cli/test_manual.py tests/cli/test_terminal.py tests/cli/test_trade.py
