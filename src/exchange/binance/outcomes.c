/* See outcomes.h. */
#include <string.h>
#include "base/text.h"
#include "core/ports/exchange.h"
#include "exchange/binance/outcomes.h"

bool
outcome_refusal(const json_t *object, int *ret_code, char *ret_reason, size_t size)
{
	int64_t code = 0;
	const char *text = "";
	if (json_get_int(object, "code", &code, NULL) != STATUS_OK || code < -1000000 || code > 1000000 ||
	    code == 0)
		return false;
	if (json_get_text(object, "msg", &text, NULL) != STATUS_OK)
		text = "";
	*ret_code = (int)code;
	text_copy(ret_reason, size, text);
	text_make_harmless(ret_reason);
	return true;
}

bool
outcome_is_key_refused(int code)
{
	return code == -2014 || code == -2015 || code == -1022 || code == -1002;
}

enum verdict
outcome_of_code(int code, const char *reason)
{
	switch (code) {
	case -1000:                  /* "An unknown error occurred while processing the request." */
	case -1001:                  /* "Internal error; unable to process your request." */
	case -1006:                  /* "Execution status unknown." */
	case -1007:                  /* "Send status unknown; execution status unknown." */
	case -1008:                  /* overloaded: whether before or after this request is not said */
	case -1016:                  /* shutting down: likewise */
		return VERDICT_UNKNOWN;
	case EXCHANGE_CODE_NEW_ORDER_REJECTED:
		/* An order with this id is there, and each of our ids is sent once: it is ours, by whichever
		 * path it arrived.  That is evidence of an order, not of a refusal. */
		return strstr(reason, "Duplicate order") != NULL ? VERDICT_UNKNOWN : VERDICT_REFUSED;
	default:
		return VERDICT_REFUSED;
	}
}

static void
no_answer(const struct http_response *response, struct outcome *ret)
{
	ret->verdict = response->not_sent ? VERDICT_NOT_SENT : VERDICT_UNKNOWN;
	text_copy(ret->reason, sizeof ret->reason,
	          response->message != NULL && response->message[0] != '\0' ? response->message : "no answer came");
	text_make_harmless(ret->reason);
}

void
outcome_read(const struct http_response *response, struct outcome *ret)
{
	struct error err = { 0 };
	*ret = (struct outcome){ .verdict = VERDICT_UNKNOWN };
	if (response->outcome != HTTP_ANSWERED) {
		no_answer(response, ret);
		return;
	}
	int status = response->status;
	bool is_json = json_read(response->body, response->body_len, &ret->root, &err) == STATUS_OK;
	bool has_code = is_json && outcome_refusal(ret->root, &ret->code, ret->reason, sizeof ret->reason);
	if (status == 429 || status == 418 || status == 403) {
		ret->verdict = VERDICT_TURNED_AWAY;
		if (!has_code)
			text_format(ret->reason, sizeof ret->reason, "turned away with HTTP status %d", status);
	} else if (status >= 200 && status < 300) {
		/* A success that carries a code is a contradiction, and so is one that can't be read. */
		ret->verdict = is_json && !has_code ? VERDICT_OK : VERDICT_UNKNOWN;
		if (!is_json)
			text_format(ret->reason, sizeof ret->reason, "unreadable answer: %.200s", err.message);
	} else if (status >= 400 && status < 500 && status != 408 && has_code) {
		ret->verdict = outcome_of_code(ret->code, ret->reason);
	} else if (!has_code) {
		text_format(ret->reason, sizeof ret->reason, "HTTP status %d without an answer", status);
	}
	/* Otherwise a 5xx, whatever its code: "It is important to NOT treat this as a failure operation;
	 * the execution status is UNKNOWN and could have been a success." */
}

void
outcome_done(struct outcome *outcome)
{
	json_decref(outcome->root);
	outcome->root = NULL;
}
