/* What one pass of the monitor found, as the holder tells it to an asker in another process: a line
 * of text in the request's answer, written and read here alone. */
#include "app/desk_state.h"

#include <stdlib.h>
#include <string.h>

void
pass_write(const struct pass_model *pass, char *ret_text, size_t size)
{
	enum { MORE_ROOM = 32 };
	char trigger[DECIMAL_TEXT_SIZE], price[DECIMAL_TEXT_SIZE], exit_price[DECIMAL_TEXT_SIZE];
	char piece[3 * DECIMAL_TEXT_SIZE + 80];
	struct text text = { 0 };
	int told = 0;

	text_appendf(&text, "checked=%lld stale=%lld alarms=%lld", (long long)pass->checked,
	             (long long)pass->stale, (long long)pass->alarms);
	for (; told < pass->fired_count; told++) {
		const struct fired *fired = &pass->fired[told];
		decimal_text(fired->trigger_price, trigger);
		decimal_text(fired->price, price);
		decimal_text(fired->exit_price, exit_price);
		text_format(piece, sizeof piece, " fired=%lld,%s,%s,%s,%s", (long long)fired->operation_id,
		            exit_reason_name(fired->reason), trigger, price, fired->has_exit_price ? exit_price : "-");
		if (text.len + strlen(piece) + MORE_ROOM > size)
			break;
		text_append(&text, piece);
	}
	int64_t more = pass->fired_more + pass->fired_count - told;
	if (more > 0)
		text_appendf(&text, " more=%lld", (long long)more);
	text_copy(ret_text, size, text.failed ? "" : text.data);
	text_done(&text);
}

/* "7,STOP_LOSS,88200,88199.5,88199.5" */
static void
read_fired(char *text, struct pass_model *ret)
{
	char *part[5], *rest = NULL;
	size_t count = 0;

	for (char *at = strtok_r(text, ",", &rest); at != NULL && count < ARRAY_LEN(part); at = strtok_r(NULL, ",", &rest))
		part[count++] = at;
	if (count != ARRAY_LEN(part) || ret->fired_count == (int)ARRAY_LEN(ret->fired)) {
		ret->fired_more++;
		return;
	}
	struct fired fired = { .operation_id = strtoll(part[0], NULL, 10) };
	if (exit_reason_parse(part[1], &fired.reason) != STATUS_OK ||
	    decimal_parse(part[2], &fired.trigger_price) != STATUS_OK ||
	    decimal_parse(part[3], &fired.price) != STATUS_OK)
		return;
	fired.has_exit_price = decimal_parse(part[4], &fired.exit_price) == STATUS_OK;
	ret->fired[ret->fired_count++] = fired;
}

void
pass_read(const char *text, struct pass_model *ret)
{
	char copy[512], *rest = NULL;

	*ret = (struct pass_model){ 0 };
	text_copy(copy, sizeof copy, text);
	for (char *word = strtok_r(copy, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
		char *value = strchr(word, '=');
		if (value == NULL)
			continue;
		*value++ = '\0';
		if (strcmp(word, "checked") == 0)
			ret->checked = strtoll(value, NULL, 10);
		else if (strcmp(word, "stale") == 0)
			ret->stale = strtoll(value, NULL, 10);
		else if (strcmp(word, "alarms") == 0)
			ret->alarms = strtoll(value, NULL, 10);
		else if (strcmp(word, "more") == 0)
			ret->fired_more += strtoll(value, NULL, 10);
		else if (strcmp(word, "fired") == 0)
			read_fired(value, ret);
	}
}

void
desk_last_pass(const struct desk *desk, struct pass_model *ret)
{
	*ret = desk->pass;
}
