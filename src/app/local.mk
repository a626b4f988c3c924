noinst_LIBRARIES += src/app/libapp.a
src_app_libapp_a_SOURCES =
src_app_libapp_a_SOURCES += \
	src/app/lease.c src/app/lease.h \
	src/app/logfile.c src/app/logfile.h \
	src/app/notify.c src/app/notify.h \
	src/app/notify_words.c \
	src/app/settings.c src/app/settings.h src/app/settings_inner.h \
	src/app/settings_file.c \
	src/app/settings_places.c \
	src/app/settings_set.c \
	src/app/settings_url.c \
	src/app/wake.c src/app/wake.h
src_app_libapp_a_SOURCES += src/app/keeping.c src/app/keeping.h
src_app_libapp_a_SOURCES += \
	src/app/desk.c src/app/desk.h src/app/desk_state.h src/app/models.h \
	src/app/desk_account.c src/app/desk_account.h \
	src/app/desk_adopt.c \
	src/app/desk_ask.c \
	src/app/desk_blockers.c \
	src/app/desk_booking.c src/app/desk_booking.h \
	src/app/desk_booking_notes.c \
	src/app/desk_checks.c \
	src/app/desk_compare.c \
	src/app/desk_confirm.c \
	src/app/desk_entry.c \
	src/app/desk_elsewhere.c \
	src/app/desk_execute.c \
	src/app/desk_exit.c \
	src/app/desk_facts.c \
	src/app/desk_health.c \
	src/app/desk_levels.c \
	src/app/desk_looks.c \
	src/app/desk_machine.c \
	src/app/desk_monitor.c \
	src/app/desk_note.c \
	src/app/desk_orders.c \
	src/app/desk_pass.c \
	src/app/desk_patterns.c \
	src/app/desk_plan.c \
	src/app/desk_prices.c \
	src/app/desk_probe.c \
	src/app/desk_protect.c \
	src/app/desk_protect_events.c \
	src/app/desk_reconcile.c src/app/desk_reconcile.h \
	src/app/desk_recover.c \
	src/app/desk_send.c \
	src/app/desk_status.c \
	src/app/desk_status_live.c \
	src/app/desk_switch.c \
	src/app/desk_validate.c \
	src/app/desk_views.c \
	src/app/desk_wishes.c \
	src/app/model_words.c \
	src/app/holder.c src/app/holder.h
src_app_libapp_a_SOURCES += \
	src/app/session.c src/app/session.h src/app/session_state.h \
	src/app/session_hold.c src/app/session_look.c \
	src/app/session_live.c \
	src/app/session_loop.c \
	src/app/session_monitor.c \
	src/app/session_screen.c \
	src/app/session_tape.c \
	src/app/session_wait.c
