noinst_LIBRARIES += src/app/libapp.a
src_app_libapp_a_SOURCES =
src_app_libapp_a_SOURCES += \
	src/app/lease.c src/app/lease.h \
	src/app/wake.c src/app/wake.h
src_app_libapp_a_SOURCES += src/app/keeping.c src/app/keeping.h
