# Screens in pseudo-terminals, monitors and commands on one database: the real program.
TESTS += tests/processes/test_processes.py
TORTURES += tests/processes/torture_processes.py
EXTRA_DIST += tests/processes/disk.py tests/processes/emulator.py tests/processes/files.py \
	tests/processes/house.py tests/processes/lease.py tests/processes/line.py \
	tests/processes/races.py tests/processes/test_processes.py tests/processes/torture_processes.py
