# LIVE, real processes against the stand-in for Binance Spot, judged by its ledger.
TESTS += %D%/test_judge.py %D%/test_secrets.py
EXTRA_DIST += %D%/accounts.py %D%/hostile.py %D%/judge.py %D%/leaks.py %D%/lessons.py %D%/live.py \
	%D%/matrix.py %D%/test_accounts.py %D%/test_hostile.py %D%/test_judge.py \
	%D%/test_lessons.py %D%/test_matrix.py %D%/test_secrets.py
