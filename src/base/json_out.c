/* Writes JSON.  One spelling for each value, because audit events are hashed in this form: changing
 * how anything is written here would break every chain that exists. */
#include "base/json_out.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"

void
json_out_init(struct json_out *json, struct text *text)
{
	*json = (struct json_out){ .text = text };
}

static void
quoted(struct text *text, const char *value)
{
	size_t len = strlen(value);

	text_append(text, "\"");
	for (size_t i = 0; i < len; ) {
		const unsigned char *s = (const unsigned char *)value + i;
		size_t n = text_utf8_length(value + i, len - i);
		i += n == 0 ? 1 : n;
		if (n == 0)
			text_append(text, "\\ufffd");
		else if (*s == '"')
			text_append(text, "\\\"");
		else if (*s == '\\')
			text_append(text, "\\\\");
		else if (*s == '\n')
			text_append(text, "\\n");
		else if (*s == '\r')
			text_append(text, "\\r");
		else if (*s == '\t')
			text_append(text, "\\t");
		else if (*s < 0x20 || *s == 0x7F)
			text_appendf(text, "\\u%04x", (unsigned)*s);
		else if (*s == 0xC2 && s[1] < 0xA0)      /* C1: U+0080 to U+009F */
			text_appendf(text, "\\u%04x", (unsigned)s[1]);
		else
			text_append_len(text, (const char *)s, n);
	}
	text_append(text, "\"");
}

/* What stands before a value: the comma, if one is due, and the key. */
static void
lead(struct json_out *json, const char *key)
{
	if (json->need_comma)
		text_append(json->text, ",");
	json->need_comma = true;
	if (key != NULL) {
		quoted(json->text, key);
		text_append(json->text, ":");
	}
}

static void
nest(struct json_out *json, const char *key, const char *bracket)
{
	lead(json, key);
	text_append(json->text, bracket);
	json->need_comma = false;
	json->depth++;
}

static void
unnest(struct json_out *json, const char *bracket)
{
	assert(json->depth > 0);
	text_append(json->text, bracket);
	json->depth--;
	json->need_comma = json->depth > 0;      /* the outermost value stands alone */
}

void
json_object_open(struct json_out *json, const char *key)
{
	nest(json, key, "{");
}

void
json_object_close(struct json_out *json)
{
	unnest(json, "}");
}

void
json_array_open(struct json_out *json, const char *key)
{
	nest(json, key, "[");
}

void
json_array_close(struct json_out *json)
{
	unnest(json, "]");
}

void
json_text(struct json_out *json, const char *key, const char *value)
{
	if (value == NULL) {
		json_out_null(json, key);
		return;
	}
	lead(json, key);
	quoted(json->text, value);
}

void
json_int(struct json_out *json, const char *key, int64_t value)
{
	lead(json, key);
	text_appendf(json->text, "%" PRId64, value);
}

void
json_bool(struct json_out *json, const char *key, bool value)
{
	json_raw(json, key, value ? "true" : "false");
}

void
json_out_null(struct json_out *json, const char *key)
{
	json_raw(json, key, "null");
}

void
json_time(struct json_out *json, const char *key, int64_t ms)
{
	if (ms == 0) {
		json_out_null(json, key);
		return;
	}
	char iso[CLOCK_TEXT_SIZE];
	clock_format_iso(ms, iso);
	json_text(json, key, iso);
}

void
json_raw(struct json_out *json, const char *key, const char *valid_json)
{
	lead(json, key);
	text_append(json->text, valid_json);
}
