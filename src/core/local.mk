noinst_LIBRARIES += src/core/libcore.a
src_core_libcore_a_SOURCES =
src_core_libcore_a_SOURCES += \
	src/core/budget.c src/core/budget.h \
	src/core/decimal.c src/core/decimal.h \
	src/core/decimal_json.c src/core/decimal_json.h \
	src/core/pnl.c src/core/pnl.h \
	src/core/sizing.c src/core/sizing.h
