/* robson backup, restore: the book as a file. */
#include "app/keeping.h"
#include "cli/print.h"

struct backing_up {
	struct desk *desk;
	const char *file;
};

static enum status
try_backup(void *self, struct error *err)
{
	struct backing_up *b = self;
	return desk_backup(b->desk, b->file, err);
}

enum status
run_backup(struct cli *cli, struct error *err)
{
	struct backing_up b = { .desk = cli->desk, .file = cli_word(cli, 0) };
	enum status status = session_retry(cli->session, try_backup, &b, err);
	if (status != STATUS_OK)
		return status;
	if (cli->is_json) {
		struct json_out json;
		json_line_open(cli, &json);
		json_text(&json, "database", session_db_path(cli->session));
		json_text(&json, "file", b.file);
		json_line_close(cli, &json);
	} else {
		put(cli, "%s is a copy of %s", b.file, session_db_path(cli->session));
	}
	return STATUS_OK;
}

enum status
run_restore(struct cli *cli, struct error *err)
{
	char path[KEEPING_PATH_SIZE];
	const char *file = cli_word(cli, 0);
	enum status status = keeping_restore(cli->invocation->session.db, file, path, err);
	if (status != STATUS_OK)
		return status;
	if (cli->is_json) {
		struct json_out json;
		json_line_open(cli, &json);
		json_text(&json, "database", path);
		json_text(&json, "file", file);
		json_line_close(cli, &json);
	} else {
		put(cli, "%s is now what %s holds; what was there is kept beside it", path, file);
	}
	return STATUS_OK;
}
