/* Reads the arguments and opens the right door: the screen, or a command (the monitor is one).
 *
 * --help and --version are answered before anything is opened.  The screen is refused where there
 * is no terminal: piped bytes must not become orders. */
#include <locale.h>
#include <signal.h>
#include <unistd.h>

#include "app/session.h"
#include "cli/cli.h"
#include "ui/screen.h"

static enum status
run_screen(const struct session_options *options, struct error *err)
{
	if (isatty(STDIN_FILENO) != 1 || isatty(STDOUT_FILENO) != 1) {
		error_set(err, STATUS_USAGE, "the screen needs a terminal");
		error_hint(err, "robson --help lists the commands that need none; robson monitor "
		           "watches without a screen");
		return STATUS_USAGE;
	}
	struct session *session = NULL;
	enum status status = session_open(options, NEEDS_PRICES | NEEDS_HAND, "screen", &session, err);
	if (status != STATUS_OK)
		return status;
	struct screen_options look = { .is_ascii = options->is_ascii,
		.is_no_color = options->is_no_color, .settings = session_settings(session) };
	struct screen *screen = NULL;
	setlocale(LC_CTYPE, "");              /* and nothing else: numbers keep their point */
	status = screen_open(session_desk(session), &look, &screen, err);
	if (status == STATUS_OK) {
		struct session_screen part = screen_for_session(screen);
		status = session_run_screen(session, &part, err);
	}
	screen_close(screen);
	session_close(session);
	return status;
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
