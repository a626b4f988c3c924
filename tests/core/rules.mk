# States, stops, policy and guards.
if HAVE_CMOCKA
rule_tests = \
	tests/core/test_quote \
	tests/core/test_symbol \
	tests/core/test_intent \
	tests/core/test_order \
	tests/core/test_operation \
	tests/core/test_stops \
	tests/core/test_levels \
	tests/core/test_ladder \
	tests/core/test_ladder_inside \
	tests/core/test_ladder_memory \
	tests/core/test_policy \
	tests/core/test_protection \
	tests/core/test_protection_property \
	tests/core/test_ledger \
	tests/core/test_guards \
	tests/core/test_guards_book \
	tests/core/test_guards_market \
	tests/core/test_guards_money \
	tests/core/test_guards_filters
check_PROGRAMS += $(rule_tests)
TESTS += $(rule_tests)
endif
EXTRA_DIST += tests/core/arrows.h tests/core/guard_world.h \
	tests/core/protection_world.h
rule_test_cflags = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
rule_test_cppflags = $(AM_CPPFLAGS) -I$(top_srcdir)
rule_test_ldadd = src/core/libcore.a src/base/libbase.a $(CMOCKA_LIBS)

tests_core_test_quote_SOURCES = tests/core/test_quote.c
tests_core_test_quote_CPPFLAGS = $(rule_test_cppflags)
tests_core_test_quote_CFLAGS = $(rule_test_cflags)
tests_core_test_quote_LDADD = $(rule_test_ldadd)

tests_core_test_symbol_SOURCES = tests/core/test_symbol.c
tests_core_test_symbol_CPPFLAGS = $(rule_test_cppflags)
tests_core_test_symbol_CFLAGS = $(rule_test_cflags)
tests_core_test_symbol_LDADD = $(rule_test_ldadd)

tests_core_test_intent_SOURCES = tests/core/test_intent.c
tests_core_test_intent_CPPFLAGS = $(rule_test_cppflags)
tests_core_test_intent_CFLAGS = $(rule_test_cflags)
tests_core_test_intent_LDADD = $(rule_test_ldadd)

tests_core_test_order_SOURCES = tests/core/test_order.c
tests_core_test_order_CPPFLAGS = $(rule_test_cppflags)
tests_core_test_order_CFLAGS = $(rule_test_cflags)
tests_core_test_order_LDADD = $(rule_test_ldadd)

tests_core_test_operation_SOURCES = tests/core/test_operation.c
tests_core_test_operation_CPPFLAGS = $(rule_test_cppflags)
tests_core_test_operation_CFLAGS = $(rule_test_cflags)
tests_core_test_operation_LDADD = $(rule_test_ldadd)

tests_core_test_stops_SOURCES = tests/core/test_stops.c
tests_core_test_stops_CPPFLAGS = $(rule_test_cppflags)
tests_core_test_stops_CFLAGS = $(rule_test_cflags)
tests_core_test_stops_LDADD = $(rule_test_ldadd)

tests_core_test_levels_SOURCES = tests/core/test_levels.c
tests_core_test_levels_CPPFLAGS = $(rule_test_cppflags)
tests_core_test_levels_CFLAGS = $(rule_test_cflags)
tests_core_test_levels_LDADD = $(rule_test_ldadd)

tests_core_test_ladder_SOURCES = tests/core/test_ladder.c
tests_core_test_ladder_CPPFLAGS = $(rule_test_cppflags)
tests_core_test_ladder_CFLAGS = $(rule_test_cflags)
tests_core_test_ladder_LDADD = $(rule_test_ldadd)

tests_core_test_ladder_inside_SOURCES = tests/core/test_ladder_inside.c
tests_core_test_ladder_inside_CPPFLAGS = $(rule_test_cppflags)
tests_core_test_ladder_inside_CFLAGS = $(rule_test_cflags)
tests_core_test_ladder_inside_LDADD = $(rule_test_ldadd)

tests_core_test_ladder_memory_SOURCES = tests/core/test_ladder_memory.c
tests_core_test_ladder_memory_CPPFLAGS = $(rule_test_cppflags)
tests_core_test_ladder_memory_CFLAGS = $(rule_test_cflags)
tests_core_test_ladder_memory_LDADD = $(rule_test_ldadd)

tests_core_test_policy_SOURCES = tests/core/test_policy.c
tests_core_test_policy_CPPFLAGS = $(rule_test_cppflags)
tests_core_test_policy_CFLAGS = $(rule_test_cflags)
tests_core_test_policy_LDADD = $(rule_test_ldadd)

tests_core_test_ledger_SOURCES = tests/core/test_ledger.c
tests_core_test_ledger_CPPFLAGS = $(rule_test_cppflags)
tests_core_test_ledger_CFLAGS = $(rule_test_cflags)
tests_core_test_ledger_LDADD = $(rule_test_ldadd)

tests_core_test_guards_SOURCES = tests/core/test_guards.c
tests_core_test_guards_CPPFLAGS = $(rule_test_cppflags)
tests_core_test_guards_CFLAGS = $(rule_test_cflags)
tests_core_test_guards_LDADD = $(rule_test_ldadd)

tests_core_test_guards_book_SOURCES = tests/core/test_guards_book.c
tests_core_test_guards_book_CPPFLAGS = $(rule_test_cppflags)
tests_core_test_guards_book_CFLAGS = $(rule_test_cflags)
tests_core_test_guards_book_LDADD = $(rule_test_ldadd)

tests_core_test_guards_market_SOURCES = tests/core/test_guards_market.c
tests_core_test_guards_market_CPPFLAGS = $(rule_test_cppflags)
tests_core_test_guards_market_CFLAGS = $(rule_test_cflags)
tests_core_test_guards_market_LDADD = $(rule_test_ldadd)

tests_core_test_guards_money_SOURCES = tests/core/test_guards_money.c
tests_core_test_guards_money_CPPFLAGS = $(rule_test_cppflags)
tests_core_test_guards_money_CFLAGS = $(rule_test_cflags)
tests_core_test_guards_money_LDADD = $(rule_test_ldadd)

tests_core_test_guards_filters_SOURCES = tests/core/test_guards_filters.c
tests_core_test_guards_filters_CPPFLAGS = $(rule_test_cppflags)
tests_core_test_guards_filters_CFLAGS = $(rule_test_cflags)
tests_core_test_guards_filters_LDADD = $(rule_test_ldadd)
tests_core_test_ladder_memory_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=malloc -Wl,--wrap=calloc -Wl,--wrap=realloc

tests_core_test_protection_SOURCES = tests/core/test_protection.c
tests_core_test_protection_CPPFLAGS = $(rule_test_cppflags)
tests_core_test_protection_CFLAGS = $(rule_test_cflags)
tests_core_test_protection_LDADD = $(rule_test_ldadd)

tests_core_test_protection_property_SOURCES = tests/core/test_protection_property.c
tests_core_test_protection_property_CPPFLAGS = $(rule_test_cppflags)
tests_core_test_protection_property_CFLAGS = $(rule_test_cflags)
tests_core_test_protection_property_LDADD = $(rule_test_ldadd)
