if HAVE_CMOCKA
store_tests = \
	tests/store/test_store
check_PROGRAMS += $(store_tests)
TESTS += $(store_tests)
check_LIBRARIES += tests/store/libworld.a

store_test_cppflags = $(AM_CPPFLAGS) -I$(top_srcdir) $(SQLITE_CFLAGS)
store_test_cflags = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
store_test_ldadd = tests/store/libworld.a src/store/libstore.a src/core/libcore.a src/base/libbase.a \
	$(SQLITE_LIBS) $(CRYPTO_LIBS) $(CMOCKA_LIBS)

tests_store_libworld_a_SOURCES = tests/store/world.c tests/store/world.h
tests_store_libworld_a_CPPFLAGS = $(store_test_cppflags)
tests_store_libworld_a_CFLAGS = $(store_test_cflags)

tests_store_test_store_SOURCES = tests/store/test_store.c
tests_store_test_store_CPPFLAGS = $(store_test_cppflags)
tests_store_test_store_CFLAGS = $(store_test_cflags)
tests_store_test_store_LDADD = $(store_test_ldadd)
endif
