# What is not code, and where `make install' puts it.  Rooms add with +=.
#
#   dist_man_MANS              manual pages                       data/robson.1
#   dist_pkgdata_DATA          what the program finds in PKGDATADIR (the demo tape, samples)
#   dist_bashcompletion_DATA   completions, each named as its shell wants it:
#   dist_zshcompletion_DATA      data/completions/robson, data/completions/_robson
#   systemduserunit_DATA       unit files, from a .in below data/
#   EXTRA_DIST                 what is only built in or looked at
#
# data/NAME is made from data/NAME.in: @bindir@, @pkgdatadir@, @docdir@ and @VERSION@ are
# filled in.  Add NAME.in to EXTRA_DIST and NAME to CLEANFILES.
dist_man_MANS =
dist_pkgdata_DATA =
pkgdata_DATA =
dist_bashcompletion_DATA =
dist_zshcompletion_DATA =
systemduserunit_DATA =

data/%: data/%.in Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && sed -e 's|@bindir[@]|$(bindir)|g' \
	  -e 's|@pkgdatadir[@]|$(pkgdatadir)|g' -e 's|@docdir[@]|$(docdir)|g' \
	  -e 's|@VERSION[@]|$(VERSION)|g' $< >$@.tmp && mv $@.tmp $@

# The bundled tape is made while building, by a program that is always the same.
noinst_PROGRAMS += data/mktape
data_mktape_SOURCES = data/mktape.c
pkgdata_DATA += data/demo.csv data/demo.csv.rules.json
data/demo.csv: data/mktape$(EXEEXT)
	$(AM_V_GEN)data/mktape$(EXEEXT) >$@.tmp && mv -f $@.tmp $@
data/demo.csv.rules.json: data/demo.rules.json
	$(AM_V_GEN)$(MKDIR_P) data && cp $(srcdir)/data/demo.rules.json $@.tmp && mv -f $@.tmp $@
EXTRA_DIST += data/demo.rules.json
CLEANFILES += data/demo.csv data/demo.csv.rules.json data/demo.csv.tmp data/demo.csv.rules.json.tmp

dist_man_MANS += data/man/robson.1 data/man/robson-live.7 data/man/robson-plan.7
dist_bashcompletion_DATA += data/completions/robson
dist_zshcompletion_DATA += data/completions/_robson

# Settings: the manual page and a sample with every key; a test holds both to the program's table.
dist_man_MANS += data/man/robson.ini.5
dist_doc_DATA = data/robson.ini.sample
