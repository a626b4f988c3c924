# Runs one test and hands on its TAP: run.sh COMMAND...
#
# Two things are put right on the way.  cmocka says "not ok 3 # SKIP name" of a skipped case,
# where TAP has "ok 3 # SKIP name".  And a test that reports failed cases also exits non-zero,
# which would count as one failure more; its status matters only when no case failed (a leak
# found at the end, a crash, a time-out).
exec 3>&1
result=$(
	{
		{
			"$@" 2>&1 3>&- 4>&-
			echo "status=$?" >&4
		} | {
			awk '/^not ok [0-9]+ # SKIP/ { sub(/^not /, "") }
			     /^not ok [0-9]/ { failed = 1 }
			     { print }
			     END { exit failed }' >&3 4>&-
			echo "failed=$?" >&4
		}
	} 4>&1
)
status=1
failed=1
eval "$result"
test "$failed" = 0 || exit 0
exit "$status"
