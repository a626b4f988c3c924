# Sums up what the tests said: totals.sh RESULT-FILE...   (the .trs files of a run)
# Prints "N passed, N failed, N skipped" and exits non-zero when something failed.
passed=0 failed=0 skipped=0

for file in "$@"; do
	if test ! -s "$file"; then
		echo "did not run: ${file%.trs}"
		failed=$((failed + 1))
		continue
	fi
	while read -r key word rest; do
		case "$key $word" in
		':test-result: PASS' | ':test-result: XFAIL') passed=$((passed + 1)) ;;
		':test-result: SKIP') skipped=$((skipped + 1)) ;;
		':test-result: '*) failed=$((failed + 1)) ;;
		esac
	done <"$file"
done
echo "$passed passed, $failed failed, $skipped skipped"
test "$failed" -eq 0
