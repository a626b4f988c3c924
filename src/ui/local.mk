noinst_LIBRARIES += src/ui/libui.a
src_ui_libui_a_SOURCES = \
	src/ui/books_view.c \
	src/ui/canvas.c src/ui/canvas.h \
	src/ui/chart.c src/ui/chart.h \
	src/ui/command_line.c \
	src/ui/details_live.c \
	src/ui/details_pane.c \
	src/ui/dialog.c src/ui/dialog.h \
	src/ui/field.c src/ui/field.h \
	src/ui/form.c src/ui/form.h src/ui/form_pane.c \
	src/ui/glyphs.c src/ui/glyphs.h \
	src/ui/input.c src/ui/input.h \
	src/ui/keys.c src/ui/keys.h \
	src/ui/layout.c src/ui/layout.h \
	src/ui/lines.c \
	src/ui/live_questions.c \
	src/ui/log_view.c \
	src/ui/operations_view.c \
	src/ui/outbox.c src/ui/outbox.h \
	src/ui/painter.c src/ui/painter.h \
	src/ui/panes.c \
	src/ui/screen.c src/ui/screen.h src/ui/screen_parts.h \
	src/ui/screen_actions.c \
	src/ui/screen_commands.c \
	src/ui/screen_draw.c \
	src/ui/screen_models.c \
	src/ui/screen_questions.c \
	src/ui/status_line.c \
	src/ui/table.c src/ui/table.h \
	src/ui/terminal.c src/ui/terminal.h \
	src/ui/theme.c src/ui/theme.h \
	src/ui/tty.c src/ui/tty.h \
	src/ui/words.c src/ui/words.h
src_ui_libui_a_CPPFLAGS = $(AM_CPPFLAGS) $(NCURSES_CFLAGS)
