noinst_LIBRARIES += src/core/libcore.a
src_core_libcore_a_SOURCES =
src_core_libcore_a_SOURCES += \
	src/core/decimal.c src/core/decimal.h \
	src/core/decimal_json.c src/core/decimal_json.h
