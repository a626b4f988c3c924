# Screens in pseudo-terminals, monitors and commands on one database: the real program.
TESTS += tests/processes/test_processes.py
EXTRA_DIST += tests/processes/emulator.py tests/processes/house.py tests/processes/lease.py \
	tests/processes/line.py tests/processes/test_processes.py
