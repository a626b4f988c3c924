# A torture: nobody reads the terminal for more than a minute while a stop fires.
program=tests/screens/test_screen_line
unset MAKELEVEL MAKEFLAGS
make -s "$program" || exit 1
ROBSON_TEST_STALL=${ROBSON_TEST_STALL:-65} SCREEN_TEST_ONLY='a_stop_fires*' "./$program"
