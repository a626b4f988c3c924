# Key files and private keys, as a person may write them.
. "$top_srcdir/tests/fuzz/fuzz.sh"
mkdir -p "$top_builddir/fuzz/keys/corpus" || exit 1
printf 'k# mine\napi_key = abcdefgh\nsecret = 01234567\n' >"$top_builddir/fuzz/keys/corpus/secret"
printf 'kapi_key=abcdefgh\r\nprivate_key_file = /a/b.pem\r\n' >"$top_builddir/fuzz/keys/corpus/file"
printf 'p-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n' \
	>"$top_builddir/fuzz/keys/corpus/pem"
FUZZ_FLAGS="-lcrypto"
fuzz keys src/exchange/binance/keys_file.c src/exchange/binance/keys_pem.c \
	src/base/text.c src/base/error.c src/base/status.c
