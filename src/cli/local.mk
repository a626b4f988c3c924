noinst_LIBRARIES += src/cli/libcli.a
src_cli_libcli_a_SOURCES = \
	src/cli/ask.c \
	src/cli/cancel.c \
	src/cli/cli.c src/cli/cli.h \
	src/cli/commands.c \
	src/cli/comprehensive.c src/cli/comprehensive.h \
	src/cli/doctor.c \
	src/cli/execute.c \
	src/cli/export.c \
	src/cli/help.c \
	src/cli/intents.c \
	src/cli/keep.c \
	src/cli/lists.c \
	src/cli/log.c \
	src/cli/monitor.c \
	src/cli/operation_act.c \
	src/cli/operations.c \
	src/cli/options.c src/cli/options.h \
	src/cli/panic.c \
	src/cli/patterns.c \
	src/cli/plan.c \
	src/cli/portfolio.c \
	src/cli/print.c src/cli/print.h \
	src/cli/print_json.c \
	src/cli/reconcile.c \
	src/cli/records.h \
	src/cli/retired.c src/cli/retired.h \
	src/cli/settings.c \
	src/cli/strategies.c \
	src/cli/switches.c \
	src/cli/validate.c \
	src/cli/values.c \
	src/cli/verify.c \
	src/cli/wishes.c src/cli/wishes.h
