# The texts that strangers send as numbers.
. "$top_srcdir/tests/fuzz/fuzz.sh"
fuzz decimal src/core/decimal.c src/base/status.c
