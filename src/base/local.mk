noinst_LIBRARIES += src/base/libbase.a
src_base_libbase_a_SOURCES = \
	src/base/clock.c src/base/clock.h src/base/clock_machine.c \
	src/base/error.c src/base/error.h \
	src/base/json_out.c src/base/json_out.h \
	src/base/random.c src/base/random.h src/base/random_machine.c \
	src/base/status.c src/base/status.h \
	src/base/text.c src/base/text.h \
	src/base/wait.c src/base/wait.h
