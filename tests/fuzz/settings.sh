# The settings file, read and changed.
. "$top_srcdir/tests/fuzz/fuzz.sh"
mkdir -p "$top_builddir/fuzz/settings/corpus" || exit 1
{ printf '\0011\0'; cat "$top_srcdir/data/robson.ini.sample"; } >"$top_builddir/fuzz/settings/corpus/sample"
FUZZ_FLAGS="-linih"
fuzz settings src/app/settings.c src/app/settings_file.c src/app/settings_places.c \
	src/app/settings_set.c src/app/settings_url.c src/app/notify_words.c \
	src/core/decimal.c src/base/text.c src/base/error.c src/base/status.c
