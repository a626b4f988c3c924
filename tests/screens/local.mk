# The screen in a real pseudo-terminal, read by libvterm.
EXTRA_DIST += tests/screens/long_stall.sh
if HAVE_CMOCKA
if HAVE_VTERM
check_LIBRARIES += tests/screens/libscreens.a
tests_screens_libscreens_a_SOURCES = tests/screens/pty.c tests/screens/pty.h \
	tests/screens/world.c tests/screens/world.h
tests_screens_libscreens_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screens_libscreens_a_CFLAGS = $(AM_CFLAGS) $(VTERM_CFLAGS) $(CMOCKA_CFLAGS)

check_PROGRAMS += tests/screens/demo
tests_screens_demo_SOURCES = tests/screens/demo.c
tests_screens_demo_LDADD = src/ui/libui.a src/core/libcore.a src/base/libbase.a $(NCURSES_LIBS)

check_PROGRAMS += tests/screens/test_terminal
TESTS += tests/screens/test_terminal
tests_screens_test_terminal_SOURCES = tests/screens/test_terminal.c
tests_screens_test_terminal_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screens_test_terminal_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_screens_test_terminal_LDADD = tests/screens/libscreens.a $(VTERM_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/screens/test_screen
TESTS += tests/screens/test_screen
tests_screens_test_screen_SOURCES = tests/screens/test_screen.c
tests_screens_test_screen_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screens_test_screen_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_screens_test_screen_LDADD = tests/screens/libscreens.a $(VTERM_LIBS) $(CMOCKA_LIBS)

# The picture in README: what the program shows, as text.
EXTRA_PROGRAMS += tests/screens/picture
tests_screens_picture_SOURCES = tests/screens/picture.c
tests_screens_picture_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screens_picture_LDADD = tests/screens/libscreens.a $(VTERM_LIBS)
CLEANFILES += tests/screens/picture

picture: all tests/screens/libscreens.a tests/screens/picture
	@folder=`mktemp -d` && tests/screens/picture src/robson$(EXEEXT) data/demo.csv "$$folder"; \
	status=$$?; rm -rf "$$folder"; exit $$status

check_PROGRAMS += tests/screens/test_screen_typing
TESTS += tests/screens/test_screen_typing
tests_screens_test_screen_typing_SOURCES = tests/screens/test_screen_typing.c
tests_screens_test_screen_typing_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screens_test_screen_typing_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_screens_test_screen_typing_LDADD = tests/screens/libscreens.a $(VTERM_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/screens/test_screen_line
TESTS += tests/screens/test_screen_line
tests_screens_test_screen_line_SOURCES = tests/screens/test_screen_line.c
tests_screens_test_screen_line_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screens_test_screen_line_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_screens_test_screen_line_LDADD = tests/screens/libscreens.a $(VTERM_LIBS) $(CMOCKA_LIBS)

TORTURES += tests/screens/long_stall.sh
endif
endif

# LIVE by hand, against the stand-in for Binance Spot.
TESTS += tests/screens/test_screen_live.py
EXTRA_DIST += tests/screens/test_screen_live.py
