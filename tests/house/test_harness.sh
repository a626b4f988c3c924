# A failure must reach the totals: the parts between a test and the last line of `make check'.
. "$top_srcdir/tests/tap.sh"

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
run="$top_srcdir/tests/house/run.sh"
totals="$top_srcdir/tests/house/totals.sh"

said=$(sh "$run" sh -c 'echo 1..1; echo "ok 1 - fine"')
is "$?/$said" "0/1..1
ok 1 - fine" "hands on what a passing test says"

said=$(sh "$run" sh -c 'echo "ok 1 - fine"; exit 3')
is "$?" 3 "keeps the status of a test that fails after its cases"

said=$(sh "$run" sh -c 'echo "not ok 1 - bad"; exit 1')
is "$?/$said" "0/not ok 1 - bad" "counts a failed case once"

said=$(sh "$run" sh -c 'echo "not ok 2 # SKIP later"')
is "$?/$said" "0/ok 2 # SKIP later" "takes a skipped case of cmocka for skipped"

said=$(sh "$run" sh -c 'echo "ok 1 - fine"; kill -SEGV $$' 2>&1)
test $? -ne 0
ok $? "keeps the status of a crash"

said=$(sh "$run" sh -c 'echo told >&2')
is "$said" told "keeps what a test says on standard error"

printf ':test-result: PASS 1 - a\n:test-result: PASS 2 - b\n:recheck: no\n' >"$scratch/good.trs"
printf ':test-result: PASS 1 - a\n:test-result: SKIP 2 - b\n:test-result: FAIL 3 - c\n' >"$scratch/bad.trs"
printf ':test-result: ERROR - exited with status 1\n' >"$scratch/error.trs"
: >"$scratch/empty.trs"

is "$(sh "$totals" "$scratch/good.trs"; echo $?)" "2 passed, 0 failed, 0 skipped
0" "sums up what passed"
is "$(sh "$totals" "$scratch/good.trs" "$scratch/bad.trs"; echo $?)" \
	"3 passed, 1 failed, 1 skipped
1" "sums up over tests, and fails when one failed"
is "$(sh "$totals" "$scratch/error.trs"; echo $?)" "0 passed, 1 failed, 0 skipped
1" "takes an error for a failure"
is "$(sh "$totals" "$scratch/absent.trs" "$scratch/empty.trs" | tail -n 1)" \
	"0 passed, 2 failed, 0 skipped" "takes a test that did not run for failed"

said=$(sh "$top_srcdir/bootstrap" 2>&1)
is "$?" 64 "bootstrap without a task is refused"
has "$said" "./bootstrap --check" "and says what its tasks are"
said=$(sh "$top_srcdir/bootstrap" --run intents 2>&1)
is "$?" 1 "bootstrap --run wants -- before what is meant for robson"
has "$said" "--run -- intents" "and shows how"

# Rooms leave their unit tests out where cmocka is missing; that must not look like success.
if test "$HAVE_CMOCKA" = yes; then
	ok 0 "the unit tests were built"
else
	skip "the unit tests were built" "cmocka is not installed"
fi
finish
