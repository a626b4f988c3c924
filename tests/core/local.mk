# Numbers, sizes, profit and loss.
if HAVE_CMOCKA
number_tests = tests/core/test_decimal tests/core/test_decimal_text \
	tests/core/test_decimal_json tests/core/test_sizing \
	tests/core/test_sizing_risk tests/core/test_sizing_property tests/core/test_pnl \
	tests/core/test_pnl_cash tests/core/test_budget
check_PROGRAMS += $(number_tests)
TESTS += $(number_tests)
endif
EXTRA_DIST += tests/core/decimals.h
number_test_cflags = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
number_test_cppflags = $(AM_CPPFLAGS) -I$(top_srcdir)
number_test_ldadd = src/core/libcore.a src/base/libbase.a $(CMOCKA_LIBS)

tests_core_test_decimal_SOURCES = tests/core/test_decimal.c
tests_core_test_decimal_CPPFLAGS = $(number_test_cppflags)
tests_core_test_decimal_CFLAGS = $(number_test_cflags)
tests_core_test_decimal_LDADD = $(number_test_ldadd)

tests_core_test_decimal_text_SOURCES = tests/core/test_decimal_text.c
tests_core_test_decimal_text_CPPFLAGS = $(number_test_cppflags)
tests_core_test_decimal_text_CFLAGS = $(number_test_cflags)
tests_core_test_decimal_text_LDADD = $(number_test_ldadd)

tests_core_test_decimal_json_SOURCES = tests/core/test_decimal_json.c
tests_core_test_decimal_json_CPPFLAGS = $(number_test_cppflags)
tests_core_test_decimal_json_CFLAGS = $(number_test_cflags)
tests_core_test_decimal_json_LDADD = $(number_test_ldadd)

tests_core_test_sizing_SOURCES = tests/core/test_sizing.c
tests_core_test_sizing_CPPFLAGS = $(number_test_cppflags)
tests_core_test_sizing_CFLAGS = $(number_test_cflags)
tests_core_test_sizing_LDADD = $(number_test_ldadd)

tests_core_test_sizing_risk_SOURCES = tests/core/test_sizing_risk.c
tests_core_test_sizing_risk_CPPFLAGS = $(number_test_cppflags)
tests_core_test_sizing_risk_CFLAGS = $(number_test_cflags)
tests_core_test_sizing_risk_LDADD = $(number_test_ldadd)

tests_core_test_sizing_property_SOURCES = tests/core/test_sizing_property.c
tests_core_test_sizing_property_CPPFLAGS = $(number_test_cppflags)
tests_core_test_sizing_property_CFLAGS = $(number_test_cflags)
tests_core_test_sizing_property_LDADD = $(number_test_ldadd)

tests_core_test_pnl_SOURCES = tests/core/test_pnl.c
tests_core_test_pnl_CPPFLAGS = $(number_test_cppflags)
tests_core_test_pnl_CFLAGS = $(number_test_cflags)
tests_core_test_pnl_LDADD = $(number_test_ldadd)

tests_core_test_pnl_cash_SOURCES = tests/core/test_pnl_cash.c
tests_core_test_pnl_cash_CPPFLAGS = $(number_test_cppflags)
tests_core_test_pnl_cash_CFLAGS = $(number_test_cflags)
tests_core_test_pnl_cash_LDADD = $(number_test_ldadd)

tests_core_test_budget_SOURCES = tests/core/test_budget.c
tests_core_test_budget_CPPFLAGS = $(number_test_cppflags)
tests_core_test_budget_CFLAGS = $(number_test_cflags)
tests_core_test_budget_LDADD = $(number_test_ldadd)

# The same again by Python's decimals and fractions.
check_PROGRAMS += tests/core/decimal_eval tests/core/trade_eval
tests_core_decimal_eval_SOURCES = tests/core/decimal_eval.c
tests_core_decimal_eval_LDADD = src/core/libcore.a src/base/libbase.a
tests_core_trade_eval_SOURCES = tests/core/trade_eval.c
tests_core_trade_eval_LDADD = src/core/libcore.a src/base/libbase.a
TESTS += tests/core/test_decimal_oracle.py tests/core/test_trade_oracle.py
EXTRA_DIST += tests/core/test_decimal_oracle.py tests/core/test_trade_oracle.py
include tests/core/rules.mk
