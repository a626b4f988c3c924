/* Decimals in JSON: always a string, so that no reader turns money into a binary float. */
#ifndef CORE_DECIMAL_JSON_H
#define CORE_DECIMAL_JSON_H

#include "base/json_out.h"
#include "core/decimal.h"

void json_decimal(struct json_out *json, const char *key, struct decimal d);

#endif
