#!/bin/sh
# Ten thousand worlds, longer ones.  WORLDS=N and FROM=N choose others; a failing seed says how to play
# it again.
simulate=$top_builddir/tests/simulation/simulate
from=${FROM:-1}
exec "$simulate" --seeds "$from..$((from + ${WORLDS:-10000} - 1))" --minutes 6
