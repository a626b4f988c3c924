/* LIVE's part of a session: the key, the exchange, and what this machine is called.
 *
 * A key that can't be used keeps nobody from watching or trying: the reason is kept, shown where health
 * is shown, and is the answer to whatever asks for LIVE.  The network is touched when there is LIVE
 * business and not before (app/desk_account.h). */
#include "app/session_state.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "exchange/binance/binance.h"

extern char **environ;

static bool
read_line(const char *path, char *ret_text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return false;
	ssize_t got = read(fd, ret_text, size - 1);
	close(fd);
	ret_text[got > 0 ? got : 0] = '\0';
	ret_text[strcspn(ret_text, "\r\n")] = '\0';
	return ret_text[0] != '\0';
}

/* machine-id(5): for as long as the system is installed.  Where there is none, its name has to do. */
static void
read_machine(struct session *session)
{
	char *name = session->machine;
	size_t size = sizeof session->machine;

	if (read_line("/etc/machine-id", name, size) || read_line("/var/lib/dbus/machine-id", name, size))
		return;
	if (gethostname(name, size - 1) != 0)
		name[0] = '\0';
	name[size - 1] = '\0';
}

static enum status
open_exchange(struct session *session, struct error *err)
{
	const struct settings *settings = &session->settings;
	struct binance_keys *keys = NULL;

	enum status status = binance_keys_load(settings->exchange.key_file, environ, &keys, err);
	if (status != STATUS_OK)
		return status;
	/* What was read is known here; neither /proc nor a program that is started needs it any more. */
	binance_keys_forget_environment(environ);
	text_copy(session->key_origin, sizeof session->key_origin, binance_keys_origin(keys));
	struct binance_config config = {
		.url = settings->exchange.url, .ca_file = settings->exchange.ca_file,
		.allowance = &session->allowance, .recv_window_ms = settings->exchange.recv_window_ms, .fee_percent = settings->costs.fee_percent,
		.keys = keys,
	};
	status = binance_open(&config, &session->live, err);
	session->keys = status == STATUS_OK ? keys : NULL;
	return status;
}

enum status
session_open_live(struct session *session, struct error *err)
{
	struct error why = { 0 };

	read_machine(session);
	/* A process on a replay never acts on LIVE, and its clock is the tape's. */
	if (strcmp(session->settings.feed.source, "binance") != 0)
		return STATUS_OK;
	enum status status = open_exchange(session, &why);
	if (status == STATUS_NO_MEMORY) {
		*err = why;
		return status;
	}
	if (status != STATUS_OK && status != STATUS_NOT_FOUND)
		text_copy(session->key_trouble, sizeof session->key_trouble, why.message);
	return STATUS_OK;
}

char **
session_environment(const struct session *session)
{
	return binance_keys_environment(session->keys, environ);
}

void
session_live_setup(const struct session *session, struct desk_setup *setup)
{
	setup->live = session->live;
	setup->wake_live = binance_wake;
	setup->key_origin = session->key_origin[0] != '\0' ? session->key_origin : NULL;
	setup->key_trouble = session->key_trouble[0] != '\0' ? session->key_trouble : NULL;
	setup->machine = session->machine[0] != '\0' ? session->machine : NULL;
}
