/* robson log: the story that the audit trail tells, oldest first. */
#include "cli/print.h"
#include "cli/records.h"

enum { PORTION = 500, FOLLOW_MS = 250 };

static void
tell(struct cli *cli, const struct event *event)
{
	if (cli->is_json) {
		record_event(cli, event);
		return;
	}
	char about[96] = "";
	if (event->operation_id != 0)
		text_format(about, sizeof about, "op %lld", (long long)event->operation_id);
	else if (event->intent_id[0] != '\0')
		text_format(about, sizeof about, "%s", show_id(event->intent_id).text);
	put(cli, "%6lld  %s  %-15s  %-18s  %s", (long long)event->seq, show_time(event->at_ms).text,
	    event->actor, about, event->summary);
}

static bool
never(void *self)
{
	(void)self;
	return false;
}

enum status
run_log(struct cli *cli, struct error *err)
{
	struct event_filter filter = { .limit = PORTION };
	struct event_list list;
	struct intent_model intent;
	char intent_id[INTENT_ID_SIZE];
	int64_t limit = 0, told = 0;

	enum status status = cli_number(cli, OPT_LIMIT, 1, 1000000, &limit, err);
	if (status == STATUS_OK && cli_has(cli, OPT_OPERATION))
		status = cli_operation_id(cli_value(cli, OPT_OPERATION), &filter.operation, err);
	if (status == STATUS_OK && filter.operation != 0) {
		struct operation_model exists;
		status = desk_operation(cli->desk, filter.operation, &exists, err);
	}
	if (status == STATUS_OK && cli_has(cli, OPT_INTENT)) {
		status = cli_find_intent(cli, cli_value(cli, OPT_INTENT), &intent, err);
		if (status == STATUS_OK) {
			text_copy(intent_id, sizeof intent_id, intent.intent.id);
			filter.intent = intent_id;
			intent_model_done(&intent);
		}
	}
	if (status == STATUS_OK && limit > 0) {
		/* The last so many: find where they begin. */
		filter.newest_first = true;
		filter.limit = (int)limit;
		status = desk_events(cli->desk, &filter, &list, err);
		if (status == STATUS_OK) {
			filter.after_seq = list.count > 0 ? list.rows[list.count - 1].seq - 1 : 0;
			event_list_done(&list);
		}
		filter.newest_first = false;
		filter.limit = PORTION;
	}
	while (status == STATUS_OK) {
		status = desk_events(cli->desk, &filter, &list, err);
		if (status != STATUS_OK)
			break;
		for (size_t i = 0; i < list.count; i++) {
			tell(cli, &list.rows[i]);
			filter.after_seq = list.rows[i].seq;
			told++;
		}
		bool is_all = list.count < PORTION;
		event_list_done(&list);
		cli_flush(cli);
		if (cli->is_out_shut || (is_all && !cli_has(cli, OPT_FOLLOW)))
			break;
		if (is_all && session_wait(cli->session, never, NULL, FOLLOW_MS) == STATUS_OK)
			break;
	}
	if (status == STATUS_OK && told == 0 && !cli->is_json && !cli_has(cli, OPT_FOLLOW))
		put(cli, "nothing has happened yet");
	return status;
}
