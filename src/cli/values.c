/* Reading what was typed: numbers, ids, times.  Only the form is judged here; what a value may be
 * is the desk's to say. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cli/cli.h"

/* Digits alone: strtoll would take blanks, signs and trailing letters. */
static bool
read_whole(const char *text, int64_t *ret)
{
	int64_t value = 0;
	if (text[0] == '\0')
		return false;
	for (const char *c = text; *c != '\0'; c++) {
		if (*c < '0' || *c > '9' || value > (INT64_MAX - (*c - '0')) / 10)
			return false;
		value = value * 10 + (*c - '0');
	}
	*ret = value;
	return true;
}

enum status
cli_number(const struct cli *cli, enum option_id id, int64_t min, int64_t max, int64_t *ret,
           struct error *err)
{
	const char *text = cli_value(cli, id), *name = option_spec(id)->name;
	int64_t value;
	if (text == NULL)
		return STATUS_OK;
	if (!read_whole(text, &value))
		return error_field(err, STATUS_INVALID, name, "--%s: \"%s\" is no whole number", name, text);
	if (value < min || value > max)
		return max == INT64_MAX
		       ? error_field(err, STATUS_RANGE, name, "--%s: at least %lld, not %s", name,
		                     (long long)min, text)
		       : error_field(err, STATUS_RANGE, name, "--%s: from %lld to %lld, not %s", name,
		                     (long long)min, (long long)max, text);
	*ret = value;
	return STATUS_OK;
}

enum status
cli_seconds_ms(const struct cli *cli, enum option_id id, int64_t min_ms, int64_t max_ms,
               int64_t *ret_ms, struct error *err)
{
	const char *text = cli_value(cli, id), *name = option_spec(id)->name;
	struct decimal seconds, ms;
	if (text == NULL)
		return STATUS_OK;
	enum status status = decimal_parse(text, &seconds);
	if (status != STATUS_OK)
		return error_field(err, status, name, "--%s: \"%s\" is no number of seconds", name, text);
	if (decimal_mul(seconds, decimal_from_int(1000), ROUND_DOWN, &ms) != STATUS_OK ||
	    decimal_cmp(ms, decimal_from_int(min_ms)) < 0 ||
	    decimal_cmp(ms, decimal_from_int(max_ms)) > 0)
		return error_field(err, STATUS_RANGE, name, "--%s: from %lld.%03lld to %lld s, not %s", name,
		                   (long long)(min_ms / 1000), (long long)(min_ms % 1000),
		                   (long long)(max_ms / 1000), text);
	*ret_ms = (int64_t)(ms.e16 / decimal_from_int(1).e16);
	return STATUS_OK;
}

enum status
cli_operation_id(const char *word, int64_t *ret, struct error *err)
{
	int64_t id;
	if (!read_whole(word, &id) || id == 0) {
		error_set(err, STATUS_NOT_FOUND, "there is no operation \"%s\": its id is a number", word);
		error_hint(err, "robson operations lists them");
		return STATUS_NOT_FOUND;
	}
	*ret = id;
	return STATUS_OK;
}

enum status
cli_find_intent(struct cli *cli, const char *word, struct intent_model *ret, struct error *err)
{
	enum status status = desk_intent(cli->desk, word, ret, err);
	/* A beginning that is too short to name anything is like one that several have. */
	return status == STATUS_INVALID ? err->status = STATUS_AMBIGUOUS : status;
}

enum status
cli_check_number(const char *field, const char *text, struct error *err)
{
	struct decimal ignored;
	if (text == NULL)
		return STATUS_OK;
	enum status status = decimal_parse_human(text, &ignored);
	if (status == STATUS_RANGE)
		return error_field(err, status, field, "%s: %s has more digits than Robson keeps (18 before "
		                   "the point, 16 after it)", field, text);
	if (status != STATUS_OK)
		return error_field(err, status, field, "%s: \"%s\" is no number", field, text);
	return STATUS_OK;
}

enum status
cli_check_level(const char *field, const char *text, bool with_r, struct error *err)
{
	char number[64];
	if (text == NULL)
		return STATUS_OK;
	if (!text_copy(number, sizeof number, text))
		return error_field(err, STATUS_INVALID, field, "%s: \"%s\" is too long for a number", field,
		                   text);
	size_t len = strlen(number);
	while (len > 0 && number[len - 1] == ' ')
		number[--len] = '\0';
	if (len > 0 && (number[len - 1] == '%' ||
	                (with_r && (number[len - 1] == 'R' || number[len - 1] == 'r'))))
		number[len - 1] = '\0';
	struct decimal ignored;
	enum status status = decimal_parse_human(number, &ignored);
	if (status == STATUS_OK)
		return STATUS_OK;
	error_field(err, status, field, "%s: \"%s\" is no price", field, text);
	error_hint(err, with_r ? "a price, a distance such as 3%%, or 3R"
	                              : "a price, or a distance such as -1.5%%");
	return status;
}

enum status
cli_time(const struct cli *cli, enum option_id id, bool is_end, int64_t *ret_ms, struct error *err)
{
	const char *text = cli_value(cli, id), *name = option_spec(id)->name;
	if (text == NULL)
		return STATUS_OK;
	if (clock_parse(text, ret_ms) != STATUS_OK) {
		error_field(err, STATUS_INVALID, name, "--%s: \"%s\" is no time", name, text);
		error_hint(err, "2026-01-31, or 2026-01-31T14:02:11Z");
		return STATUS_INVALID;
	}
	bool is_day = strlen(text) == 10 && strchr(text, '-') != NULL;
	if (is_end && is_day)
		*ret_ms += INT64_C(24) * 3600 * 1000;
	return STATUS_OK;
}
