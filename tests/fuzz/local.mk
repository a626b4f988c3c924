# What strangers send, at length; see tests/fuzz/fuzz.sh.
FUZZERS += tests/fuzz/decimal.sh
EXTRA_DIST += tests/fuzz/fuzz.sh tests/fuzz/decimal.sh tests/fuzz/fuzz_decimal.c
FUZZERS += tests/fuzz/tape.sh tests/fuzz/binance.sh
EXTRA_DIST += tests/fuzz/tape.sh tests/fuzz/fuzz_tape.c tests/fuzz/binance.sh tests/fuzz/fuzz_binance.c
FUZZERS += tests/fuzz/settings.sh
EXTRA_DIST += tests/fuzz/settings.sh tests/fuzz/fuzz_settings.c
FUZZERS += tests/fuzz/keys.sh
EXTRA_DIST += tests/fuzz/keys.sh tests/fuzz/fuzz_keys.c
FUZZERS += tests/fuzz/exchange.sh
EXTRA_DIST += tests/fuzz/exchange.sh tests/fuzz/fuzz_exchange.c
