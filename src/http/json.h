/* Reading JSON that a stranger sent.  Thin helpers over jansson: each checks the type, and each
 * error names the field.  A number with a point is a binary float to every JSON library, so money
 * is only ever taken from strings (and whole numbers). */
#ifndef HTTP_JSON_H
#define HTTP_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/error.h"
#include "core/decimal.h"

/* Parse a whole body.  The caller owns *ret and gives it to json_decref.  STATUS_INVALID, with
 * where it went wrong, for anything that is not one JSON object or array. */
MUST_USE enum status json_read(const char *body, size_t len, json_t **ret, struct error *err);

/* Members of an object.  STATUS_INVALID with err->field set if it is missing or of another type,
 * also when object is no object.  Borrowed results live as long as the object. */
MUST_USE enum status json_get_text(const json_t *object, const char *key, const char **ret,
                                   struct error *err);
MUST_USE enum status json_get_decimal(const json_t *object, const char *key, struct decimal *ret,
                                      struct error *err);
MUST_USE enum status json_get_int(const json_t *object, const char *key, int64_t *ret,
                                  struct error *err);
MUST_USE enum status json_get_flag(const json_t *object, const char *key, bool *ret,
                                   struct error *err);
MUST_USE enum status json_get_array(const json_t *object, const char *key, const json_t **ret,
                                    struct error *err);

/* The same for members that may be missing: then *ret keeps what the caller put there. */
MUST_USE enum status json_may_decimal(const json_t *object, const char *key, struct decimal *ret,
                                      struct error *err);
MUST_USE enum status json_may_int(const json_t *object, const char *key, int64_t *ret,
                                  struct error *err);
MUST_USE enum status json_may_flag(const json_t *object, const char *key, bool *ret,
                                   struct error *err);

/* One value; name is what an error calls it. */
MUST_USE enum status json_as_decimal(const json_t *value, const char *name, struct decimal *ret,
                                     struct error *err);
MUST_USE enum status json_as_int(const json_t *value, const char *name, int64_t *ret,
                                 struct error *err);

#endif
