/* Writes JSON; reads none.  Used for --json, for exports and for the canonical content of audit
 * events, so its output is deterministic: keys in the order given, no spaces, decimals as strings,
 * everything above ASCII kept as UTF-8, control characters and invalid UTF-8 escaped. */
#ifndef BASE_JSON_OUT_H
#define BASE_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>
#include "base/text.h"

struct json_out {
	struct text *text;   /* borrowed; outlives the writer */
	bool need_comma;
	int depth;
};

void json_out_init(struct json_out *json, struct text *text);

/* A key of NULL is for elements of an array and for the outermost value. */
void json_object_open(struct json_out *json, const char *key);
void json_object_close(struct json_out *json);
void json_array_open(struct json_out *json, const char *key);
void json_array_close(struct json_out *json);
void json_text(struct json_out *json, const char *key, const char *value);   /* NULL: null */
void json_int(struct json_out *json, const char *key, int64_t value);
void json_bool(struct json_out *json, const char *key, bool value);
/* Not json_null: jansson exports that name, and the linker would bind its parser to ours. */
void json_out_null(struct json_out *json, const char *key);
void json_time(struct json_out *json, const char *key, int64_t ms);          /* ISO 8601, 0: null */
void json_raw(struct json_out *json, const char *key, const char *valid_json);

#endif
