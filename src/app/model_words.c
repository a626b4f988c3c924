/* What screens and commands say in the same words. */
#include "app/models.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/text.h"

void
confirm_protection_words(const struct confirm_model *model, char *ret_text, size_t size)
{
	const char *list = "", *target = model->intent.has_target && !model->is_target_resting
		? "; Robson watches the target" : "";

	if (!model->has_rules) {
		text_copy(ret_text, size, "not known now: the exchange's rules are missing");
		return;
	}
	switch (model->protection) {
	case INSTRUCT_OPO: list = "OPO"; break;
	case INSTRUCT_OPOCO: list = "OPOCO"; break;
	case INSTRUCT_OTO: list = "OTO"; break;
	case INSTRUCT_OTOCO: list = "OTOCO"; break;
	default:
		text_format(ret_text, size, "entry first, protection in the next request%s", target);
		return;
	}
	text_format(ret_text, size, "in one request with the entry (%s)%s", list, target);
}

void
order_unknown_words(const struct order_model *model, int64_t now_ms, char *ret_text, size_t size)
{
	const struct order *order = &model->order;
	int64_t age_ms = now_ms - order->changed_at_ms;
	char age[CLOCK_TEXT_SIZE], next[64] = "";
	const char *where = order->exchange_host[0] != '\0' ? order->exchange_host : "the exchange";

	clock_format_age(age_ms < 0 ? 0 : age_ms, age);
	if (model->next_look_ms > 0)
		text_format(next, sizeof next, ", next look in %lld s", (long long)((model->next_look_ms + 999) / 1000));
	else if (model->next_look_ms == 0)
		text_copy(next, sizeof next, ", looking now");
	text_format(ret_text, size, "unknown since %s: asking %s by its id%s; it is not sent again. "
	            "A person may look for client id %s there", age, where, next, order->client_order_id);
}

void
report_failure_words(const struct report *report, char *ret_text, size_t size)
{
	text_copy(ret_text, size, "");
	for (int i = 0; i < report->count; i++)
		if (report->checks[i].status == VERDICT_FAIL) {
			text_format(ret_text, size, "%s: %s", report->checks[i].name, report->checks[i].message);
			return;
		}
}
