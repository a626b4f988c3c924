# The bundled tape is the same on every machine.
. "$top_srcdir/tests/tap.sh"

made=$("$top_builddir/data/mktape" | cksum)
is "$made" "306530110 2463963" "makes the same bytes as ever"
is "$("$top_builddir/data/mktape" | cksum)" "$made" "makes the same bytes twice"
is "$(cksum <"$top_builddir/data/demo.csv")" "$made" "is what was built"
is "$(head -n 1 "$top_builddir/data/demo.csv" | cut -c 1-11)" "# synthetic" "says that it is made up"
finish
