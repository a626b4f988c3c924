# The program.  Rooms are linked from the top of the house down to its ground.
bin_PROGRAMS += src/robson
src_robson_SOURCES = src/main.c
src_robson_LDADD = \
	src/cli/libcli.a src/ui/libui.a src/app/libapp.a \
	src/exchange/libexchange.a src/feed/libfeed.a src/http/libhttp.a src/store/libstore.a \
	src/core/libcore.a src/base/libbase.a \
	$(NCURSES_LIBS) $(SQLITE_LIBS) $(JANSSON_LIBS) $(CRYPTO_LIBS) $(INIH_LIBS)
