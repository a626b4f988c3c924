if HAVE_CMOCKA
store_tests = \
	tests/store/test_store \
	tests/store/test_states \
	tests/store/test_schema \
	tests/store/test_live \
	tests/store/test_chain \
	tests/store/test_verify \
	tests/store/test_files \
	tests/store/test_faults
check_PROGRAMS += $(store_tests)
TESTS += $(store_tests)
check_LIBRARIES += tests/store/libworld.a

store_test_cppflags = $(AM_CPPFLAGS) -I$(top_srcdir) $(SQLITE_CFLAGS) $(CRYPTO_CFLAGS)
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

tests_store_test_states_SOURCES = tests/store/test_states.c
tests_store_test_states_CPPFLAGS = $(store_test_cppflags)
tests_store_test_states_CFLAGS = $(store_test_cflags)
tests_store_test_states_LDADD = $(store_test_ldadd)

tests_store_test_schema_SOURCES = tests/store/test_schema.c
tests_store_test_schema_CPPFLAGS = $(store_test_cppflags)
tests_store_test_schema_CFLAGS = $(store_test_cflags)
tests_store_test_schema_LDADD = $(store_test_ldadd)

tests_store_test_live_SOURCES = tests/store/test_live.c
tests_store_test_live_CPPFLAGS = $(store_test_cppflags)
tests_store_test_live_CFLAGS = $(store_test_cflags)
tests_store_test_live_LDADD = $(store_test_ldadd)

tests_store_test_chain_SOURCES = tests/store/test_chain.c
tests_store_test_chain_CPPFLAGS = $(store_test_cppflags)
tests_store_test_chain_CFLAGS = $(store_test_cflags)
tests_store_test_chain_LDADD = $(store_test_ldadd)

tests_store_test_verify_SOURCES = tests/store/test_verify.c
tests_store_test_verify_CPPFLAGS = $(store_test_cppflags)
tests_store_test_verify_CFLAGS = $(store_test_cflags)
tests_store_test_verify_LDADD = $(store_test_ldadd)

tests_store_test_files_SOURCES = tests/store/test_files.c
tests_store_test_files_CPPFLAGS = $(store_test_cppflags)
tests_store_test_files_CFLAGS = $(store_test_cflags)
tests_store_test_files_LDADD = $(store_test_ldadd)

tests_store_test_faults_SOURCES = tests/store/test_faults.c tests/store/fault_vfs.c tests/store/fault_vfs.h
tests_store_test_faults_CPPFLAGS = $(store_test_cppflags)
tests_store_test_faults_CFLAGS = $(store_test_cflags)
tests_store_test_faults_LDADD = $(store_test_ldadd)
endif
