# What ui/ draws and decides, without a terminal.
if HAVE_CMOCKA
ui_test_libs = src/ui/libui.a src/core/libcore.a src/base/libbase.a $(NCURSES_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/ui/test_canvas
TESTS += tests/ui/test_canvas
tests_ui_test_canvas_SOURCES = tests/ui/test_canvas.c
tests_ui_test_canvas_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_ui_test_canvas_LDADD = $(ui_test_libs)

check_PROGRAMS += tests/ui/test_chart
TESTS += tests/ui/test_chart
tests_ui_test_chart_SOURCES = tests/ui/test_chart.c
tests_ui_test_chart_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_ui_test_chart_LDADD = $(ui_test_libs)

check_PROGRAMS += tests/ui/test_dialog
TESTS += tests/ui/test_dialog
tests_ui_test_dialog_SOURCES = tests/ui/test_dialog.c
tests_ui_test_dialog_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_ui_test_dialog_LDADD = $(ui_test_libs)

check_PROGRAMS += tests/ui/test_field
TESTS += tests/ui/test_field
tests_ui_test_field_SOURCES = tests/ui/test_field.c
tests_ui_test_field_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_ui_test_field_LDADD = $(ui_test_libs)

check_PROGRAMS += tests/ui/test_input
TESTS += tests/ui/test_input
tests_ui_test_input_SOURCES = tests/ui/test_input.c
tests_ui_test_input_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_ui_test_input_LDADD = $(ui_test_libs)

check_PROGRAMS += tests/ui/test_layout
TESTS += tests/ui/test_layout
tests_ui_test_layout_SOURCES = tests/ui/test_layout.c
tests_ui_test_layout_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_ui_test_layout_LDADD = $(ui_test_libs)

check_PROGRAMS += tests/ui/test_outbox
TESTS += tests/ui/test_outbox
tests_ui_test_outbox_SOURCES = tests/ui/test_outbox.c
tests_ui_test_outbox_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_ui_test_outbox_LDADD = $(ui_test_libs)

# The views stand in one file with the screen, which asks the desk.
check_PROGRAMS += tests/ui/test_views
TESTS += tests/ui/test_views
tests_ui_test_views_SOURCES = tests/ui/test_views.c
tests_ui_test_views_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_ui_test_views_LDADD = src/ui/libui.a src/app/libapp.a src/exchange/libexchange.a \
	src/feed/libfeed.a src/http/libhttp.a src/store/libstore.a src/core/libcore.a \
	src/base/libbase.a $(NCURSES_LIBS) $(SQLITE_LIBS) $(JANSSON_LIBS) $(CRYPTO_LIBS) \
	$(INIH_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/ui/test_live
TESTS += tests/ui/test_live
tests_ui_test_live_SOURCES = tests/ui/test_live.c
tests_ui_test_live_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_ui_test_live_LDADD = $(tests_ui_test_views_LDADD)
endif
