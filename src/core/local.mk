noinst_LIBRARIES += src/core/libcore.a
src_core_libcore_a_SOURCES =
src_core_libcore_a_SOURCES += \
	src/core/budget.c src/core/budget.h \
	src/core/decimal.c src/core/decimal.h \
	src/core/decimal_json.c src/core/decimal_json.h \
	src/core/pnl.c src/core/pnl.h \
	src/core/sizing.c src/core/sizing.h
src_core_libcore_a_SOURCES += \
	src/core/intent.c src/core/intent.h \
	src/core/ladder.c \
	src/core/ledger.c src/core/ledger.h \
	src/core/levels.c \
	src/core/names.c src/core/names.h \
	src/core/operation.c src/core/operation.h \
	src/core/order.c src/core/order.h \
	src/core/pattern.c src/core/pattern.h \
	src/core/policy.c src/core/policy.h \
	src/core/protection.c src/core/protection.h src/core/protection_state.c \
	src/core/protection_scene.c src/core/protection_scene.h \
	src/core/quote.c src/core/quote.h \
	src/core/stops.c src/core/stops.h \
	src/core/strategy.c src/core/strategy.h \
	src/core/symbol.c src/core/symbol.h \
	src/core/candle.h src/core/event.h \
	src/core/guard_parts.c src/core/guard_parts.h \
	src/core/guards.c src/core/guards.h \
	src/core/guards_book.c \
	src/core/guards_filters.c \
	src/core/guards_market.c \
	src/core/guards_money.c \
	src/core/guards_reasons.c
