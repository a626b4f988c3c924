# LIVE, real processes against the stand-in for Binance Spot, judged by its ledger.
TESTS += %D%/test_judge.py
EXTRA_DIST += %D%/judge.py %D%/lessons.py %D%/live.py %D%/test_judge.py %D%/test_lessons.py
