/* Reads the arguments and opens the right door: the screen, or a command (the monitor is one).
 *
 * --help and --version are answered before anything is opened.  The screen is refused where there
 * is no terminal: piped bytes must not become orders. */
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "app/session.h"
#include "cli/cli.h"
#include "ui/screen.h"

/* A fault inside Robson is said, and has its exit status.  The screen's own handler, which gives the
 * terminal back, goes first.  No core is dumped: it could hold keys. */
static void (*give_terminal_back)(int signo);

static void
on_fault(int signo)
{
	static const char said[] = "robson: a fault inside Robson ended it; what rests on an exchange "
	                           "stands\n        robson doctor says how the book is\n";
	/* It raises the signal once more, which waits while this handler runs. */
	if (give_terminal_back != NULL)
		give_terminal_back(signo);
	if (write(STDERR_FILENO, said, sizeof said - 1) < 0)
		_exit(status_exit_code(STATUS_BUG));
	_exit(status_exit_code(STATUS_BUG));
}

static void
guard_faults(void)
{
	static const int fatal[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
	struct sigaction action = { .sa_handler = on_fault, .sa_flags = SA_ONSTACK };
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_LEN(fatal); i++) {
		struct sigaction old;
		if (sigaction(fatal[i], NULL, &old) != 0 || (old.sa_flags & SA_SIGINFO) != 0)
			continue;            /* a sanitizer's own, which says more */
		if (old.sa_handler != SIG_DFL && old.sa_handler != SIG_IGN)
			give_terminal_back = old.sa_handler;
		sigaction(fatal[i], &action, NULL);
	}
}

static bool
is_watched(void *self)
{
	struct holder_model holder;

	session_watcher(self, &holder);
	return holder.is_held;
}

/* What a person leaves behind, on the terminal that is the shell's again.  A monitor that waited for
 * the lease needs a moment to take it. */
static void
say_watcher(struct session *session)
{
	enum { MONITOR_MS = 500 };
	struct desk_status_model now;
	struct holder_model holder;

	desk_status(session_desk(session), &now);
	if (now.active_count == 0)
		return;
	bool is_held = session_wait(session, is_watched, session, MONITOR_MS) == STATUS_OK;
	session_watcher(session, &holder);
	const char *what = now.active_count == 1 ? "1 operation is" : "operations are";
	if (now.active_count > 1)
		printf("%d ", now.active_count);
	if (is_held && !holder.is_me)
		printf("%s open, watched by a %s (process %lld)\n", what, holder.kind, (long long)holder.pid);
	else
		printf("%s open, and nobody watches now: start `robson` or `robson monitor`\n", what);
	if (fflush(stdout) != 0)
		return;                       /* the terminal went away just now: nobody is there to read */
}

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
		.is_no_color = options->is_no_color, .is_scratch = options->is_scratch,
		.settings = session_settings(session) };
	struct screen *screen = NULL;
	bool is_somebody_there = false;
	setlocale(LC_CTYPE, "");              /* and nothing else: numbers keep their point */
	status = screen_open(session_desk(session), &look, &screen, err);
	if (status == STATUS_OK) {
		guard_faults();
		struct session_screen part = screen_for_session(screen);
		status = session_run_screen(session, &part, err);
		is_somebody_there = !part.is_lost(part.self);
	}
	screen_close(screen);
	if (status == STATUS_OK && is_somebody_there)
		say_watcher(session);
	session_close(session);
	return status;
}

/* A standard descriptor that was closed would be the next file's: answers would be written into the
 * database.  What is read gives nothing, what is written fails. */
static void
fill_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			_exit(status_exit_code(STATUS_BUG));
}

int
main(int argc, char **argv)
{
	struct invocation invocation;
	int exit_code = 0;

	fill_descriptors();
	/* A reader that went away is an answer of write, not a death (robson log | head). */
	signal(SIGPIPE, SIG_IGN);
	switch (cli_open_door(argc, argv, &invocation, &exit_code)) {
	case DOOR_DONE:
		return exit_code;
	case DOOR_COMMAND:
		guard_faults();
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
