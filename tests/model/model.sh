# make model: the protocol's model, tried in every order within the bounds below, and then each of
# its mutants, which must be caught.  Prints states, depth and time of every search.
#
#   make model                    everything; MODEL_SECONDS=N ends a single search after N (900)
#   sh model.sh small             the smallest bounds only (what `make check' runs)
#   sh model.sh one OPTIONS       one search with these -D options
#   sh model.sh show OPTIONS      the same, and the story of what it found, step by step
#
# Needs Debian's spin and a C compiler (CC).  Exits 77 when one is missing.
set -u
here=${top_srcdir:?}/tests/model
work=${top_builddir:?}/tests/model/work.$$
seconds=${MODEL_SECONDS:-900}
CC=${CC:-cc}
trap 'cd / && rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
failed=0
optimize=yes

for tool in spin:spin "${CC%% *}":gcc; do
	if ! command -v "${tool%%:*}" >/dev/null 2>&1; then
		echo "make model needs ${tool%%:*}: apt-get install ${tool##*:} (Debian)" >&2
		exit 77
	fi
done

# search KIND OPTIONS: KIND "runs" looks at every state and every end of a run; "circles" looks for a
# run that never ends.  Sets $found (what broke, or nothing) and $figures.
search() {
	rm -rf "$work" && mkdir -p "$work" && cd "$work" || exit 1
	case $1 in
	circles) compile=-DNP run=-l ;;
	*) compile=-DSAFETY run= ;;
	esac
	# Optimizing costs more than it saves where the search is short.
	case $optimize in
	no) compile="$compile -O0" ;;
	*) compile="$compile -O1" ;;
	esac
	# The C preprocessor's own output: spin 6.5 counts lines of nested macros wrongly.
	# shellcheck disable=SC2086
	$CC -E -P -x c $2 "$here/robson.pml" >model.pml &&
		spin -a model.pml >spin.log 2>&1 &&
		$CC -w -DVECTORSZ=1024 -DCOLLAPSE -DNOFAIR -DMEMLIM=12000 $compile -o pan pan.c || {
		cat spin.log >&2
		found="the model could not be built"
		figures=
		return
	}
	from=$(date +%s)
	timeout "$seconds" ./pan -m1000000 $run >pan.log 2>&1
	ended=$?
	to=$(date +%s)
	states=$(sed -n 's/^ *\([0-9.e+]*\) states, stored.*/\1/p' pan.log)
	depth=$(sed -n 's/.*depth reached \([0-9]*\).*/\1/p' pan.log)
	figures="${states:-?} states, depth ${depth:-?}, $((to - from)) s"
	found=
	if test -f model.pml.trail; then
		spin -t model.pml >trail.log 2>&1
		found=$(sed -n 's/.*BROKEN: //p' trail.log | head -n 1)
		case $1 in
		circles) found=RECONCILIATION_ENDS ;;
		esac
		test -n "$found" || found=$(sed -n 's/^pan:1: \(.*\) (at depth.*/\1/p' pan.log | cut -c1-60)
	elif test $ended -ne 0 || ! grep -q 'errors: 0' pan.log; then
		found="not finished in $seconds s"
	elif grep -Eq 'max search depth too small|reached -DMEMLIM|Search not completed' pan.log; then
		found="not exhaustive"
	fi
}

# holds KIND OPTIONS: the protocol as it is keeps every property.
holds() {
	search "$1" "$2"
	if test -z "$found"; then
		printf 'holds   %-60s %-8s %s\n' "$2" "$1" "$figures"
	else
		printf 'BROKEN  %-60s %-8s %s: %s\n' "$2" "$1" "$figures" "$found"
		failed=1
	fi
}

# caught MUTANT PROPERTY KIND OPTIONS: without this rule that property breaks.
caught() {
	optimize=no
	search "$3" "-D$1 -DONLY=$2 $4"
	optimize=yes
	case $found in
	"$2") printf 'caught  %-34s %-20s %s\n' "$1" "$2" "$figures" ;;
	*)
		printf 'MISSED  %-34s %-20s %s: %s\n' "$1" "$2" "$figures" "${found:-nothing found}"
		failed=1
		;;
	esac
}

small() {
	optimize=no
	holds runs "-DFAULTS=0 -DCRASHES=0"
	holds runs "-DFAULTS=0 -DCRASHES=0 -DLIST -DTARGET"
	caught MUTANT_CANCEL_THEN_CREATE NEVER_UNPROTECTED runs "-DFAULTS=0 -DCRASHES=0"
	caught MUTANT_REPEATED_BY_LIBRARY NEVER_TWICE runs "-DFAULTS=0 -DCRASHES=0"
}

# Entry first and protection next; the same with one list for all three; with a market entry (FOK)
# and a stop-limit that fills lot by lot.
everything() {
	echo "The protocol, in every order:"
	for bounds in "-DFAULTS=1 -DCRASHES=1" "-DFAULTS=2 -DCRASHES=0 -DMOVES=0" "-DFAULTS=0 -DCRASHES=2"; do
		for shape in "" " -DSTOP_LIMIT" " -DLIST" " -DLIST -DTARGET" " -DLIST -DTARGET -DFOK -DSTOP_LIMIT"; do
			holds runs "$bounds$shape"
		done
	done
	holds runs "-DFAULTS=1 -DCRASHES=1 -DPRICES=2 -DLIST -DTARGET"
	holds runs "-DFAULTS=2 -DCRASHES=1 -DMOVES=0"
	holds runs "-DFAULTS=2 -DCRASHES=1 -DMOVES=0 -DLIST -DTARGET"
	echo "and no run of it goes round in a circle:"
	holds circles "-DFAULTS=1 -DCRASHES=0"
	holds circles "-DFAULTS=0 -DCRASHES=1"
	holds circles "-DFAULTS=1 -DCRASHES=1 -DLIST -DTARGET -DFOK"
	echo "Without one of its rules:"
	caught MUTANT_BLIND_RESEND NEVER_TWICE runs ""
	caught MUTANT_REPEATED_BY_LIBRARY NEVER_TWICE runs ""
	caught MUTANT_ID_CLEARED NEVER_TWICE runs ""
	caught MUTANT_SIZED_BY_ORDER NEVER_TWICE runs ""
	caught MUTANT_NOT_ONLY_NEW NEVER_TWICE runs "-DSTOP_LIMIT"
	caught MUTANT_TWO_HOLDERS NEVER_TWICE runs "-DFAULTS=0 -DCRASHES=0"
	caught MUTANT_STOP_BESIDE_TARGET NEVER_TWICE runs "-DLIST -DTARGET"
	caught MUTANT_CANCEL_THEN_CREATE NEVER_UNPROTECTED runs ""
	caught MUTANT_TRUST_REPLY NEVER_UNPROTECTED runs "-DLIST -DFOK"
	caught MUTANT_SILENT NEVER_UNPROTECTED runs ""
	caught MUTANT_SIZED_BEFORE_LOOKING NEVER_UNPROTECTED runs "-DLIST"
	caught MUTANT_TIMEOUT_IS_FAILURE NEVER_LOST runs ""
	caught MUTANT_NOT_FOUND_EARLY NEVER_LOST runs ""
	caught MUTANT_NOT_FOUND_ONCE NEVER_LOST runs ""
	caught MUTANT_NOT_SENT_AT_START NEVER_LOST runs ""
	caught MUTANT_EXIT_BEFORE_ENTRY_ENDS NEVER_LOST runs ""
	caught MUTANT_ASKS_FOR_EVER RECONCILIATION_ENDS circles ""
}

case ${1-everything} in
small) small ;;
one)
	holds "${3-runs}" "${2-}"
	;;
show)
	search "${3-runs}" "${2-}"
	test -z "$found" || sed '/^spin: /d; /^#processes/,$d' "$work/trail.log"
	echo "${found:-nothing broke}: $figures"
	;;
*)
	spin -V
	everything
	;;
esac
exit $failed
