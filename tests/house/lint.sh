# make lint: what a reader would stumble over.  Prints each find; exits non-zero on any.
# Tools that are not there are named and left out.
cd "$top_srcdir" || exit 1
status=0

finds() { # TITLE TEXT
	test -n "$2" || return 0
	printf '%s\n%s\n' "$1" "$2"
	status=1
}

with() { # TOOL
	command -v "$1" >/dev/null 2>&1 && return 0
	echo "(no $1 here: its part is left out)"
	return 1
}

committed=$(git ls-files 2>/dev/null) || committed=
test -n "$committed" || committed=$(find . -type f ! -path './build*' ! -path './autom4te.cache/*' \
	! -name configure ! -name Makefile.in ! -name aclocal.m4)
# shellcheck disable=SC2086
look() { # PATTERN FOLDERS-PATTERN
	printf '%s\n' $committed | sed 's/^\.\///' | grep -E "$2" |
		while read -r file; do test ! -f "$file" || echo "$file"; done |
		tr '\n' '\0' | xargs -0 grep -nIEi -- "$1" /dev/null | cut -c1-160
}

# Written so that these lines do not find themselves.
finds "Words of an unfinished job:" \
	"$(look '\b(TOD[O]|FIXM[E]|XX[X]\b|HAC[K]|not (yet )?implemente[d]|placeholde[r]|stu[b](bed)?\b|for no[w]\b|in a rea[l] (life|world|exchange|system|implementation|program|app))' \
		'^(src|tests|data|README|\.ci|bootstrap)')"
finds "Paths of one machine:" \
	"$(look '(^|[^A-Za-z0-9_.])/(wor[k]|far[m]|roo[t]|hom[e]/[a-z])' '.')"
# shellcheck disable=SC2086
finds "White space at the end of a line:" \
	"$(printf '%s\n' $committed | grep -E '\.(c|h|sh|py|mk|am|ac)$|^(\./)?(bootstrap|README)$' |
		while read -r file; do grep -nE '[ 	]+$' "$file" /dev/null; done)"

finds "No end of line at the end of:" \
	"$(printf '%s\n' $committed | grep -E '\.(c|h|sh|py|mk|am|ac|sql)$' |
		while read -r file; do
			test ! -s "$file" || test -z "$(tail -c 1 "$file")" || echo "$file"
		done)"

if with shellcheck; then
	# shellcheck disable=SC2086
	finds "shellcheck:" "$(printf '%s\n' $committed | grep -E '(\.sh|bootstrap|\.ci/run)$' |
		xargs shellcheck -s sh -S warning -e SC2154,SC2034 2>&1)"
fi
if with mandoc; then
	# shellcheck disable=SC2086
	finds "manual pages:" "$(printf '%s\n' $committed | grep -E '\.[1-8](\.in)?$' |
		xargs -r mandoc -Tlint -Wwarning 2>&1)"
fi
exit $status
