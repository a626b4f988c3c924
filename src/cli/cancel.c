/* robson cancel: an intent that is not wanted any more, or its resting entry. */
#include "cli/print.h"
#include "cli/wishes.h"

enum status
run_cancel(struct cli *cli, struct error *err)
{
	struct intent_model model;
	struct wishing wishing = { .state = wish_cancel };
	enum status status = cli_find_intent(cli, cli_word(cli, 0), &model, err);
	if (status != STATUS_OK)
		return status;
	struct intent intent = model.intent;
	intent_model_done(&model);

	wishing.intent = intent.id;
	status = wish_and_wait(cli, &wishing, err);
	if (status != STATUS_OK)
		return status;
	if (wishing.wish != 0)
		wait_for_entry(cli, intent.id, WISH_TIMEOUT_MS);
	status = desk_intent(cli->desk, intent.id, &model, err);
	if (status != STATUS_OK)
		return status;
	if (cli->is_json) {
		struct json_out json;
		json_line_open(cli, &json);
		json_plan_keys(&json, &model.intent);
		json_id_or_null(&json, "operation_id", model.has_operation ? model.operation.op.id : 0);
		json_text_or_null(&json, "outcome", model.outcome);
		json_line_close(cli, &json);
	} else {
		put(cli, "intent %s  %s", model.intent.id, intent_status_name(model.intent.status));
		if (model.outcome[0] != '\0')
			put_pair(cli, "outcome", "%s", model.outcome);
	}
	if (model.intent.status == INTENT_EXECUTING)
		status = error_set(err, STATUS_UNKNOWN, "the entry is not known to be cancelled yet");
	if (model.has_operation && model.operation.op.status == OPERATION_ACTIVE) {
		char what[64];
		text_format(what, sizeof what, "operation %lld", (long long)model.operation.op.id);
		cli_flush(cli);
		cli_tell_watcher(cli, what);
	}
	intent_model_done(&model);
	return status;
}
