noinst_LIBRARIES += src/ui/libui.a
src_ui_libui_a_SOURCES = \
	src/ui/canvas.c src/ui/canvas.h \
	src/ui/input.c src/ui/input.h \
	src/ui/terminal.c src/ui/terminal.h \
	src/ui/theme.c src/ui/theme.h
src_ui_libui_a_CPPFLAGS = $(AM_CPPFLAGS) $(NCURSES_CFLAGS)
