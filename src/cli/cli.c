/* From a line to an exit status: which door it leads to, the session that a command needs, what is
 * printed where.  Nothing here touches the database before the line is known to be right, and
 * --help and --version never do. */
#include "cli/cli.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/print.h"

const char *
cli_word(const struct cli *cli, int index)
{
	return index < cli->line->word_count ? cli->line->words[index] : NULL;
}

const char *
cli_value(const struct cli *cli, enum option_id id)
{
	return cli->line->values[id];
}

bool
cli_has(const struct cli *cli, enum option_id id)
{
	return command_line_has(cli->line, id);
}

/* Text that nobody reads any more (`robson log | head`) is dropped without a word. */
static bool
write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t written = write(fd, data, len);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0 && errno == EAGAIN) {
			struct pollfd ready = { .fd = fd, .events = POLLOUT };
			if (poll(&ready, 1, -1) >= 0 || errno == EINTR)
				continue;
		}
		if (written <= 0)
			return false;
		data += written;
		len -= (size_t)written;
	}
	return true;
}

void
cli_flush(struct cli *cli)
{
	if (cli->out.len > 0 && !cli->is_out_shut &&
	    !write_all(STDOUT_FILENO, cli->out.data, cli->out.len)) {
		cli->is_out_shut = true;
		cli->out_errno = errno != EPIPE ? errno : 0;
	}
	text_reset(&cli->out);
}

/* The exit status of a command that said all it had to say: a full disk under `robson export >file`
 * is no success. */
static int
finish(struct cli *cli, enum status status)
{
	cli_flush(cli);
	text_done(&cli->out);
	if (cli->out_errno == 0)
		return status_exit_code(status);
	cli_say("robson: standard output can't be written: %s", strerror(cli->out_errno));
	return status_exit_code(status != STATUS_OK ? status : STATUS_IO);
}

void
cli_say(const char *format, ...)
{
	char line[1024];
	va_list args;
	va_start(args, format);
	text_vformat(line, sizeof line - 1, format, args);
	va_end(args);
	text_make_harmless(line);
	size_t len = strlen(line);
	line[len] = '\n';
	(void)write_all(STDERR_FILENO, line, len + 1);
}

static void
put_error(struct cli *cli, const struct error *err)
{
	if (cli->is_json) {
		struct json_out json;
		json_line_open(cli, &json);
		json_error(&json, err);
		json_line_close(cli, &json);
		return;
	}
	cli_say("robson: %s", err->message[0] != '\0' ? err->message : status_name(err->status));
	if (err->hint[0] != '\0')
		cli_say("        %s", err->hint);
}

int
cli_fail(bool is_json, const struct error *err)
{
	struct cli cli = { .is_json = is_json };
	put_error(&cli, err);
	return finish(&cli, err->status);
}

static enum status
check_words(const struct command *command, const struct command_line *line, struct error *err)
{
	if (line->word_count < command->min_words) {
		error_set(err, STATUS_USAGE, "%s needs %s", command->name, command->arguments);
		error_hint(err, "robson %s --help", command->name);
		return STATUS_USAGE;
	}
	if (line->word_count > command->max_words) {
		error_set(err, STATUS_USAGE, "%s takes no \"%s\"", command->name,
		          line->words[command->max_words]);
		error_hint(err, "robson %s --help", command->name);
		return STATUS_USAGE;
	}
	for (int id = OPT_GLOBAL_COUNT; id < OPT_COUNT; id++)
		if (line->values[id] != NULL && (command->options & OPT_BIT(id)) == 0) {
			error_set(err, STATUS_USAGE, "%s has no option --%s", command->name,
			          option_spec((enum option_id)id)->name);
			error_hint(err, "robson %s --help", command->name);
			return STATUS_USAGE;
		}
	return STATUS_OK;
}

static enum status
read_session(const struct command_line *line, struct session_options *ret, struct error *err)
{
	struct cli cli = { .line = line };
	int64_t client_id = 1, interval_ms = 0;
	enum status status = cli_number(&cli, OPT_CLIENT_ID, 1, INT64_MAX, &client_id, err);
	if (status == STATUS_OK)
		status = cli_seconds_ms(&cli, OPT_INTERVAL, 100, 3600 * 1000, &interval_ms, err);
	if (status != STATUS_OK)
		return status;
	if (line->values[OPT_TAPE_FROM] != NULL && !text_equal(line->values[OPT_TAPE_FROM], "last") &&
	    !text_equal(line->values[OPT_TAPE_FROM], "start")) {
		int64_t from_ms;
		if (clock_parse(line->values[OPT_TAPE_FROM], &from_ms) != STATUS_OK)
			return error_field(err, STATUS_INVALID, "tape-from", "--tape-from: \"%s\" is no time",
			                   line->values[OPT_TAPE_FROM]);
	}
	*ret = (struct session_options){
		.db = line->values[OPT_DB],
		.config = line->values[OPT_CONFIG],
		.feed = line->values[OPT_FEED],
		.exchange_url = line->values[OPT_EXCHANGE_URL],
		.interval_ms = interval_ms,
		.tape_from = line->values[OPT_TAPE_FROM],
		.client_id = client_id,
		.is_readonly = command_line_has(line, OPT_READONLY),
		.is_json = command_line_has(line, OPT_JSON),
		.is_ascii = command_line_has(line, OPT_ASCII),
		.is_no_color = command_line_has(line, OPT_NO_COLOR),
		.is_scratch = command_line_has(line, OPT_SCRATCH),
	};
	return STATUS_OK;
}

enum door
cli_open_door(int argc, char *const *argv, struct invocation *ret, int *ret_exit)
{
	struct error err = { 0 };
	struct cli cli = { 0 };
	*ret = (struct invocation){ 0 };
	struct command_line *line = &ret->line;

	enum status status = command_line_read(argc, argv, line, &err);
	bool is_json = command_line_has(line, OPT_JSON);
	if (status == STATUS_OK && command_line_has(line, OPT_HELP) && line->word_count == 1 &&
	    help_family(line->words[0], &cli.out)) {
		*ret_exit = finish(&cli, STATUS_OK);
		return DOOR_DONE;
	}
	if (status == STATUS_OK)
		status = commands_find(line, &ret->command, &err);
	if (status != STATUS_OK) {
		*ret_exit = cli_fail(is_json, &err);
		return DOOR_DONE;
	}
	if (command_line_has(line, OPT_HELP) || command_line_has(line, OPT_VERSION)) {
		if (!command_line_has(line, OPT_HELP))
			help_version(is_json, &cli.out);
		else if (ret->command != NULL)
			help_command(ret->command, &cli.out);
		else
			help_all(&cli.out);
		*ret_exit = finish(&cli, STATUS_OK);
		return DOOR_DONE;
	}
	static const struct command screen = { .name = "the screen" };
	status = check_words(ret->command != NULL ? ret->command : &screen, line, &err);
	if (status == STATUS_OK)
		status = read_session(line, &ret->session, &err);
	if (status == STATUS_OK && ret->command == NULL && is_json)
		status = error_set(&err, STATUS_USAGE, "--json goes with a command, not with the screen");
	if (status != STATUS_OK) {
		*ret_exit = cli_fail(is_json, &err);
		return DOOR_DONE;
	}
	return ret->command != NULL ? DOOR_COMMAND : DOOR_SCREEN;
}

enum status
cli_open_session(struct cli *cli, unsigned needs, const char *kind, struct error *err)
{
	enum status status = session_open(&cli->invocation->session, needs, kind, &cli->session, err);
	if (status == STATUS_OK)
		cli->desk = session_desk(cli->session);
	return status;
}

int
cli_run(const struct invocation *invocation)
{
	const struct command *command = invocation->command;
	struct cli cli = {
		.invocation = invocation, .command = command, .line = &invocation->line,
		.is_json = invocation->session.is_json,
	};
	struct error err = { 0 };
	enum status status = STATUS_OK;

	if (invocation->session.is_readonly && (command->flags & COMMAND_WRITES) != 0) {
		status = error_set(&err, STATUS_REFUSED, "--readonly: %s changes something", command->name);
		error_hint(&err, "leave --readonly out");
	}
	if (status == STATUS_OK && (command->flags & COMMAND_ALONE) == 0)
		status = cli_open_session(&cli, command->needs, "command", &err);
	if (status == STATUS_OK)
		status = command->run(&cli, &err);
	if (cli.out.failed)
		status = error_set(&err, STATUS_NO_MEMORY, "out of memory");
	if (status != STATUS_OK && !cli.is_answered) {
		err.status = status;
		cli_flush(&cli);
		put_error(&cli, &err);
	}
	cli_flush(&cli);
	session_close(cli.session);
	return finish(&cli, status);
}
