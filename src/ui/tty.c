/* Purpose: the terminal as a device.
 *
 * Globals: the crash handler needs to know what to write and where; nothing else does. */
#include "ui/tty.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* Written by tty_remember, before fd is set. */
static struct {
	volatile sig_atomic_t fd;     /* 0: nothing to restore */
	struct termios saved;
	char reset[256];
	size_t reset_len;
} emergency;

bool
tty_in_foreground(int fd)
{
	pid_t group = tcgetpgrp(fd);

	/* A tty that is not our controlling one has no opinion. */
	return group < 0 ? errno == ENOTTY : group == getpgrp();
}

/* SIGTTOU would stop us if the shell had the terminal meanwhile; blocked, the call goes through. */
static void
set_modes(int fd, const struct termios *modes)
{
	sigset_t block, before;

	sigemptyset(&block);
	sigaddset(&block, SIGTTOU);
	sigprocmask(SIG_BLOCK, &block, &before);
	tcsetattr(fd, TCSANOW, modes);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

void
tty_make_raw(int fd)
{
	struct termios modes = emergency.saved;

	modes.c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON |
	                             IXOFF);
	modes.c_oflag &= ~(tcflag_t)OPOST;
	modes.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	modes.c_cflag &= ~(tcflag_t)(CSIZE | PARENB);
	modes.c_cflag |= CS8;
	modes.c_cc[VMIN] = 1;         /* so that a read of nothing means the end of the line */
	modes.c_cc[VTIME] = 0;
	set_modes(fd, &modes);
}

void
tty_restore_modes(int fd)
{
	set_modes(fd, &emergency.saved);
}

enum status
tty_open(int *ret_fd, struct error *err)
{
	int flags = O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, fd = -1;

	if (tcgetsid(STDIN_FILENO) == getsid(0))
		fd = open("/dev/tty", flags);
	if (fd < 0) {
		const char *name = ttyname(STDIN_FILENO);
		if (name != NULL)
			fd = open(name, flags);
	}
	if (fd < 0)
		return error_set(err, STATUS_UNAVAILABLE, "cannot open the terminal: %s", strerror(errno));
	*ret_fd = fd;
	return STATUS_OK;
}

void
tty_size(int fd, int *ret_rows, int *ret_cols)
{
	struct winsize size;

	*ret_rows = 24;
	*ret_cols = 80;
	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0) {
		*ret_rows = size.ws_row > TTY_MAX_ROWS ? TTY_MAX_ROWS : size.ws_row;
		*ret_cols = size.ws_col > TTY_MAX_COLS ? TTY_MAX_COLS : size.ws_col;
	}
}

enum status
tty_remember(int fd, const char *reset, struct error *err)
{
	if (tcgetattr(fd, &emergency.saved) != 0)
		return error_set(err, STATUS_UNAVAILABLE, "cannot read the terminal's modes: %s",
		                 strerror(errno));
	text_copy(emergency.reset, sizeof emergency.reset, reset);
	emergency.reset_len = strlen(emergency.reset);
	emergency.fd = fd;
	return STATUS_OK;
}

void
tty_forget(void)
{
	emergency.fd = 0;
}

const char *
tty_reset_bytes(void)
{
	return emergency.reset;
}

/* Returns the descriptor whose modes are still to be restored; 0: none. */
static int
write_reset(void)
{
	int fd = (int)emergency.fd;

	emergency.fd = 0;
	if (fd > 0 && write(fd, emergency.reset, emergency.reset_len) < 0)
		return fd;                        /* nobody reads: the modes matter more */
	return fd;
}

static void
restore_and_die(int signo)
{
	int fd = write_reset();

	if (fd > 0)
		tcsetattr(fd, TCSANOW, &emergency.saved);     /* async-signal-safe, as write is */
	raise(signo);                             /* SA_RESETHAND: now it takes its course */
}

static void
restore_at_exit(void)
{
	int fd = write_reset();

	if (fd > 0)
		set_modes(fd, &emergency.saved);
}

void
tty_guard_crashes(void)
{
	static const int fatal[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
	static char stack[16384];                 /* an overflown stack can't run its own handler */
	stack_t other = { .ss_sp = stack, .ss_size = sizeof stack };
	struct sigaction action;

	sigaltstack(&other, NULL);
	memset(&action, 0, sizeof action);
	action.sa_handler = restore_and_die;
	action.sa_flags = (int)(SA_RESETHAND | SA_NODEFER | SA_ONSTACK);
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_LEN(fatal); i++)
		sigaction(fatal[i], &action, NULL);
	atexit(restore_at_exit);
}
