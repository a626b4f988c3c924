# For the scripts of `make fuzz`: build one LLVMFuzzerTestOneInput with clang and its sanitizers,
# and run it for FUZZ_SECONDS.  What it finds stays in the build directory.
#
#   . "$top_srcdir/tests/fuzz/fuzz.sh"
#   fuzz decimal src/core/decimal.c ...      (tests/fuzz/fuzz_decimal.c and what it needs)
#
# FUZZ_FLAGS may carry what else the compiler and linker need.
fuzz() {
	name=$1
	shift
	cc=${FUZZ_CC:-clang}
	if ! command -v "$cc" >/dev/null; then
		echo "skipped: no $cc here"
		return 0
	fi
	work=$top_builddir/fuzz/$name
	mkdir -p "$work/corpus" || return 1
	sources=$top_srcdir/tests/fuzz/fuzz_$name.c
	for source in "$@"; do
		sources="$sources $top_srcdir/$source"
	done
	# shellcheck disable=SC2086
	"$cc" -std=c11 -D_DEFAULT_SOURCE -O1 -g -I"$top_srcdir/src" -I"$top_srcdir" \
		-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
		-o "$work/fuzz" $sources ${FUZZ_FLAGS:-} || return 1
	"$work/fuzz" -max_total_time="${FUZZ_SECONDS:-60}" -timeout=5 -print_final_stats=1 \
		-artifact_prefix="$work/" "$work/corpus" >"$work/log" 2>&1
	status=$?
	grep -E '^(stat::number_of_executed_units|SUMMARY|==)' "$work/log"
	[ "$status" = 0 ] || tail -n 40 "$work/log"
	return $status
}
