/* The words of notify.command, and those for how urgent an event is.  No shell is asked, so nothing is
 * expanded: what stands there is what the program gets. */
#include <string.h>

#include "app/notify.h"
#include "base/text.h"

const char *
urgency_name(enum urgency urgency)
{
	switch (urgency) {
	case URGENCY_NOTE:    return "note";
	case URGENCY_WARNING: return "warning";
	case URGENCY_ALARM:   return "alarm";
	}
	return "alarm";
}

enum status
urgency_parse(const char *text, enum urgency *ret)
{
	for (enum urgency each = URGENCY_NOTE; each <= URGENCY_ALARM; each++)
		if (text_equal_nocase(text, urgency_name(each))) {
			*ret = each;
			return STATUS_OK;
		}
	return STATUS_INVALID;
}

enum status
notify_split(const char *command, char ret_text[NOTIFY_TEXT_SIZE], char *ret_words[NOTIFY_WORDS],
             struct error *err)
{
	size_t at = 0, words = 0;
	bool inside = false;              /* a word has begun */
	char quote = '\0';

	if (strlen(command) >= NOTIFY_TEXT_SIZE / 2)      /* every word costs one byte more */
		return error_field(err, STATUS_CONFIG, "notify.command", "notify.command is too long");
	for (const char *c = command; *c != '\0'; c++) {
		if (quote == '\0' && (*c == ' ' || *c == '\t')) {
			if (inside)
				ret_text[at++] = '\0';
			inside = false;
			continue;
		}
		if (!inside) {
			if (words == NOTIFY_WORDS - 1)
				return error_field(err, STATUS_CONFIG, "notify.command",
				                   "notify.command has more than %d words", NOTIFY_WORDS - 1);
			ret_words[words++] = ret_text + at;
			inside = true;
		}
		if (quote != '\0' && *c == quote)
			quote = '\0';
		else if (quote == '\0' && (*c == '\'' || *c == '"'))
			quote = *c;
		else if (*c == '\\' && quote != '\'' && c[1] != '\0')
			ret_text[at++] = *++c;
		else
			ret_text[at++] = *c;
	}
	ret_text[at] = '\0';
	ret_words[words] = NULL;
	if (quote != '\0')
		return error_field(err, STATUS_CONFIG, "notify.command",
		                   "notify.command has a %c that is not closed", quote);
	if (words == 0 || ret_words[0][0] == '\0')
		return error_field(err, STATUS_CONFIG, "notify.command", "notify.command names no program");
	return STATUS_OK;
}
