# TAP for tests that are shell scripts: . "$top_srcdir/tests/tap.sh"
#
#   ok STATUS NAME...      one case, passed when STATUS is 0:   ok $? "closes at the stop"
#   is GOT WANTED NAME     one case, passed when both are the same text
#   has TEXT PART NAME     one case, passed when PART occurs in TEXT
#   skip NAME WHY          one case that could not be tried, and why
#   skip_all WHY           nothing could be tried; ends the test
#   finish                 the plan; last line of the test
tap_count=0
tap_failed=0

ok() {
	tap_status=$1
	shift
	tap_count=$((tap_count + 1))
	if test "$tap_status" -eq 0; then
		echo "ok $tap_count - $*"
	else
		tap_failed=$((tap_failed + 1))
		echo "not ok $tap_count - $*"
	fi
}

note() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

is() {
	if test "$1" = "$2"; then
		ok 0 "$3"
	else
		ok 1 "$3"
		note "got:    $1"
		note "wanted: $2"
	fi
}

has() {
	case $1 in
	*"$2"*) ok 0 "$3" ;;
	*)
		ok 1 "$3"
		note "wanted: $2"
		note "in:     $1"
		;;
	esac
}

skip() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

finish() {
	echo "1..$tap_count"
	test "$tap_failed" -eq 0
	exit
}
