# Tapes that strangers made.
. "$top_srcdir/tests/fuzz/fuzz.sh"
seeds=$top_builddir/fuzz/tape/corpus
mkdir -p "$seeds" || exit 1
printf '# x\ntime,symbol,bid,ask\n1767571200000,BTCUSDC,97000.00,97000.01\n2026-01-05T00:00:01Z,A1,1,2\r\n' >"$seeds/quotes"
printf 'time,symbol,open,high,low,close,volume\n1,XRPETH,2,4.5,1,3,0\n60000,XRPETH,2,4,1,3,0.1\n' >"$seeds/candles"
FUZZ_FLAGS="-D_GNU_SOURCE"
fuzz tape src/feed/tape.c src/core/symbol.c src/core/decimal.c src/base/status.c \
	src/base/error.c src/base/text.c src/base/clock.c
