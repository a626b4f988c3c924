/* Decimals in JSON, in their canonical text: audit events are hashed in this form. */
#include "core/decimal_json.h"

void
json_decimal(struct json_out *json, const char *key, struct decimal d)
{
	char text[DECIMAL_TEXT_SIZE];
	decimal_text(d, text);
	json_text(json, key, text);
}
