noinst_LIBRARIES += src/store/libstore.a
src_store_libstore_a_SOURCES = \
	src/store/backup.c \
	src/store/blockers.c \
	src/store/book.c \
	src/store/day.c \
	src/store/events.c \
	src/store/files.c \
	src/store/fills.c \
	src/store/ids.c \
	src/store/intents.c \
	src/store/machine.c \
	src/store/names.c \
	src/store/operations.c \
	src/store/orders.c \
	src/store/patterns.c \
	src/store/records.c \
	src/store/reports.c \
	src/store/requests.c src/store/request.h \
	src/store/rules.c \
	src/store/schema.c src/store/schema.h \
	src/store/sql.c src/store/sql.h \
	src/store/store.c src/store/store.h \
	src/store/strategies.c \
	src/store/trades.c \
	src/store/verify.c src/store/verify.h \
	src/store/verify_live.c \
	src/store/verify_sums.c
nodist_src_store_libstore_a_SOURCES = src/store/migrations.c src/store/strategy_seeds.c
src_store_libstore_a_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(CRYPTO_CFLAGS)

# What is data is built in: the migrations and the seeded strategies.
migration_files = $(srcdir)/data/schema/0001_book.sql $(srcdir)/data/schema/0002_live.sql \
	$(srcdir)/data/schema/0003_patterns.sql
strategy_files = \
	$(srcdir)/data/strategies/1-all-in.conf \
	$(srcdir)/data/strategies/2-rescue-forces.conf \
	$(srcdir)/data/strategies/3-smooth-sailing.conf \
	$(srcdir)/data/strategies/4-bounce-back.conf \
	$(srcdir)/data/strategies/5-mean-reversion-ma99.conf
EXTRA_DIST += data/schema/0001_book.sql data/schema/0002_live.sql \
	data/schema/0003_patterns.sql data/schema/embed.awk data/strategies/embed.awk \
	data/strategies/1-all-in.conf \
	data/strategies/2-rescue-forces.conf \
	data/strategies/3-smooth-sailing.conf \
	data/strategies/4-bounce-back.conf \
	data/strategies/5-mean-reversion-ma99.conf

src/store/migrations.c: $(migration_files) $(srcdir)/data/schema/embed.awk
	$(AM_V_GEN)$(MKDIR_P) src/store && \
	$(AWK) -f $(srcdir)/data/schema/embed.awk $(migration_files) > $@.tmp && mv $@.tmp $@
src/store/strategy_seeds.c: $(strategy_files) $(srcdir)/data/strategies/embed.awk
	$(AM_V_GEN)$(MKDIR_P) src/store && \
	$(AWK) -f $(srcdir)/data/strategies/embed.awk $(strategy_files) > $@.tmp && mv $@.tmp $@
CLEANFILES += src/store/migrations.c src/store/strategy_seeds.c
