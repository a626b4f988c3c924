/* robson settings, robson settings set. */
#include "app/keeping.h"
#include "cli/print.h"

/* Read as a session reads them, without a session: no database is opened to look at settings. */
static enum status
read_settings(struct cli *cli, struct settings *settings, char path[KEEPING_PATH_SIZE],
              struct error *err)
{
	const struct session_options *options = &cli->invocation->session;
	return keeping_settings(options, settings, path, err);
}

enum status
run_settings(struct cli *cli, struct error *err)
{
	struct settings settings;
	char path[KEEPING_PATH_SIZE], value[SETTING_TEXT_SIZE], origin[SETTING_ORIGIN_SIZE];
	struct table table;

	enum status status = read_settings(cli, &settings, path, err);
	if (status != STATUS_OK)
		return status;
	if (!cli->is_json)
		table_open(&table, "KEY|VALUE|FROM");
	for (size_t i = 0; i < settings_count(); i++) {
		const struct setting_key *key = settings_key(i);
		settings_value_text(&settings, i, value, sizeof value);
		settings_origin_text(&settings, i, origin, sizeof origin);
		if (cli->is_json) {
			struct json_out json;
			json_line_open(cli, &json);
			json_text(&json, "key", key->name);
			json_text(&json, "value", value);
			json_text(&json, "from", origin);
			json_line_close(cli, &json);
		} else {
			table_cell(&table, key->name);
			table_cell(&table, value);
			table_cell(&table, origin);
		}
	}
	if (!cli->is_json) {
		table_close(&table, cli);
		put(cli, "%s", settings.file[0] != '\0' ? settings.file : "no settings file yet");
	}
	return STATUS_OK;
}

enum status
run_settings_set(struct cli *cli, struct error *err)
{
	struct settings settings;
	char path[KEEPING_PATH_SIZE];
	const char *key = cli_word(cli, 0), *value = cli_word(cli, 1);
	/* A file that is wrong already can still be put right, key by key: only where it is matters. */
	enum status status = keeping_config_path(&cli->invocation->session, path, err);
	if (status == STATUS_OK)
		status = settings_set_file(path, key, value, err);
	if (status != STATUS_OK)
		return status;
	status = read_settings(cli, &settings, path, err);
	if (status != STATUS_OK)
		return status;
	char now[SETTING_TEXT_SIZE] = "", origin[SETTING_ORIGIN_SIZE] = "";
	for (size_t i = 0; i < settings_count(); i++)
		if (text_equal(settings_key(i)->name, key)) {
			settings_value_text(&settings, i, now, sizeof now);
			settings_origin_text(&settings, i, origin, sizeof origin);
		}
	if (cli->is_json) {
		struct json_out json;
		json_line_open(cli, &json);
		json_text(&json, "key", key);
		json_text(&json, "value", now);
		json_text(&json, "from", origin);
		json_line_close(cli, &json);
	} else {
		put(cli, "%s = %s  (%s)", key, now, origin);
	}
	return STATUS_OK;
}
