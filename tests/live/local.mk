# LIVE, real processes against the stand-in for Binance Spot, judged by its ledger.
TESTS += %D%/test_judge.py %D%/test_live.py %D%/test_secrets.py
TORTURES += %D%/matrix.py %D%/torture_live.py
EXTRA_DIST += %D%/accounts.py %D%/hostile.py %D%/judge.py %D%/leaks.py %D%/lessons.py %D%/live.py \
	%D%/matrix.py %D%/test_judge.py %D%/test_live.py %D%/test_secrets.py \
	%D%/torture_live.py
torture: tests/exchange-standin/exchange-standin
