# The model speaks of the code as it is: the same arrows.  And within its smallest bounds the protocol
# holds, and a mutant is caught (make model has the rest).
. "$top_srcdir/tests/tap.sh"

# The arrows of a table, one "FROM ON TO" a line, sorted: in C and in Promela.
in_code() {
	sed -n 's/^	{ *\([A-Z_]*\), *\([A-Z_]*\), *\([A-Z_]*\) *},*$/\1 \2 \3/p' "$top_srcdir/src/core/$1.c" | sort
}
in_model() {
	sed -n "s/^	ARROW(\($2_[A-Z_]*\), *\([A-Z_]*\), *\([A-Z_]*\))\$/\1 \2 \3/p" \
		"$top_srcdir/tests/model/robson.pml" | sort
}
for noun in intent:INTENT order:ORDER operation:OPERATION; do
	code=$(in_code "${noun%:*}")
	model=$(in_model "${noun%:*}" "${noun#*:}")
	test -n "$code"
	ok $? "finds the arrows of src/core/${noun%:*}.c"
	is "$model" "$code" "has the arrows of src/core/${noun%:*}.c, and none besides"
done

if ! command -v spin >/dev/null 2>&1; then
	skip "holds within the smallest bounds" "there is no spin here (Debian: apt-get install spin)"
	finish
fi
report=$("$SHELL" "$top_srcdir/tests/model/model.sh" small 2>&1)
status=$?
note "$report"
ok $status "holds within the smallest bounds, and mutants are caught"
finish
