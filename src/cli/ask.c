/* Typing a word on the terminal before something that can't be taken back.  The process holds no
 * lease while it asks, so nobody's stops wait for the person. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/cli.h"

enum { ASK_TIMEOUT_MS = 30000, ASK_LINE = 64 };

bool
cli_can_ask(void)
{
	return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
}

bool
cli_ask_word(const char *question, const char *word)
{
	char line[ASK_LINE];
	size_t len = 0;
	bool is_too_long = false;
	int64_t until = clock_mono_ms() + ASK_TIMEOUT_MS;

	cli_say("%s", question);
	cli_say("Type %s to go on; anything else goes back.", word);
	(void)tcflush(STDIN_FILENO, TCIFLUSH);       /* what was typed ahead answers nothing */
	for (;;) {
		int64_t left = until - clock_mono_ms();
		struct pollfd ready = { .fd = STDIN_FILENO, .events = POLLIN };
		int found = left > 0 ? poll(&ready, 1, (int)left) : 0;
		if (found < 0 && errno == EINTR)
			continue;
		if (found <= 0) {
			cli_say("no answer within 30 s");
			return false;
		}
		char c;
		ssize_t got = read(STDIN_FILENO, &c, 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		if (c == '\n')
			break;
		if (len < sizeof line - 1)
			line[len++] = c;
		else
			is_too_long = true;
	}
	line[len] = '\0';
	return !is_too_long && strcmp(line, word) == 0;
}
