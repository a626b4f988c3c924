/* Reads the arguments and opens the right door: the screen, or a command (the monitor is one).
 *
 * --help and --version are answered before anything is opened.  The screen is refused where there
 * is no terminal: piped bytes must not become orders. */
#include <signal.h>
#include <unistd.h>

#include "app/session.h"
#include "cli/cli.h"

static enum status
run_screen(const struct session_options *options, struct error *err)
{
	if (isatty(STDIN_FILENO) != 1 || isatty(STDOUT_FILENO) != 1) {
		error_set(err, STATUS_USAGE, "the screen needs a terminal");
		error_hint(err, "robson --help lists the commands that need none; robson monitor "
		           "watches without a screen");
		return STATUS_USAGE;
	}
	(void)options;
	return error_set(err, STATUS_UNAVAILABLE, "this build has no screen");
}

int
main(int argc, char **argv)
{
	struct invocation invocation;
	int exit_code = 0;

	/* A reader that went away is an answer of write, not a death (robson log | head). */
	signal(SIGPIPE, SIG_IGN);
	switch (cli_open_door(argc, argv, &invocation, &exit_code)) {
	case DOOR_DONE:
		return exit_code;
	case DOOR_COMMAND:
		return cli_run(&invocation);
	case DOOR_SCREEN:
		break;
	}
	struct error err = { 0 };
	enum status status = run_screen(&invocation.session, &err);
	if (status == STATUS_OK)
		return 0;
	err.status = status;
	return cli_fail(false, &err);
}
