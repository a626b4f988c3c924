#!/bin/sh
# Worlds by seed, in virtual time: no position without protection unannounced, no double order, no false
# record (oracle.c says what exactly); a seed plays the same to the byte; and what is broken on purpose
# is found.  ROBSON_TEST_SCALE=N plays N times as many.
. "$top_srcdir/tests/tap.sh"

simulate=$top_builddir/tests/simulation/simulate
worlds=$((500 * ${ROBSON_TEST_SCALE:-1}))

said=$("$simulate" --seeds "1..$worlds" --minutes 2)
ok $? "$worlds worlds with faults and deaths end protected, sold once and truly recorded"
note "$said"

said=$("$simulate" --seeds 1..10 --minutes 2 --twice)
ok $? "a seed plays the same to the byte"
note "$said"

# Each mutant is a way to lie that must be found, whatever it is that finds it.
for mutant in repeated-post lying-disk timeout-is-failure trusts-reply gone-is-cancelled false-price no-looks; do
	said=$("$simulate" --seeds 1..400 --minutes 2 --first --mutant "$mutant")
	test $? -eq 1
	ok $? "the judge finds: $mutant"
	note "$said"
done

finish
