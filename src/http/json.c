/* See json.h.  jansson bounds its own recursion; the caller has bounded the length. */
#include "http/json.h"

enum status
json_read(const char *body, size_t len, json_t **ret, struct error *err)
{
	json_error_t where;
	json_t *root = json_loadb(body, len, 0, &where);
	if (root == NULL)
		return error_set(err, STATUS_INVALID, "unreadable JSON at byte %d of %zu: %.120s",
		                 where.position, len, where.text);
	*ret = root;
	return STATUS_OK;
}

static enum status
wrong(const json_t *value, const char *name, const char *wanted, struct error *err)
{
	if (value == NULL)
		return error_field(err, STATUS_INVALID, name, "'%.60s' is missing", name);
	return error_field(err, STATUS_INVALID, name, "'%.60s' is not %s", name, wanted);
}

enum status
json_as_decimal(const json_t *value, const char *name, struct decimal *ret, struct error *err)
{
	if (json_is_integer(value)) {
		json_int_t whole = json_integer_value(value);
		if (whole >= INT64_C(1000000000000000000) || whole <= -INT64_C(1000000000000000000))
			return error_field(err, STATUS_RANGE, name, "'%.60s' does not fit", name);
		*ret = decimal_from_int(whole);
		return STATUS_OK;
	}
	if (!json_is_string(value))
		return wrong(value, name, "a number written as text", err);
	const char *text = json_string_value(value);
	enum status status = decimal_parse(text, ret);
	if (status != STATUS_OK)
		return error_field(err, status, name, "'%.60s' is '%.60s', which is not a number that fits",
		                   name, text);
	return STATUS_OK;
}

enum status
json_as_int(const json_t *value, const char *name, int64_t *ret, struct error *err)
{
	if (!json_is_integer(value))
		return wrong(value, name, "a whole number", err);
	*ret = json_integer_value(value);
	return STATUS_OK;
}

enum status
json_get_text(const json_t *object, const char *key, const char **ret, struct error *err)
{
	const json_t *value = json_object_get(object, key);
	if (!json_is_string(value))
		return wrong(value, key, "text", err);
	*ret = json_string_value(value);
	return STATUS_OK;
}

enum status
json_get_decimal(const json_t *object, const char *key, struct decimal *ret, struct error *err)
{
	return json_as_decimal(json_object_get(object, key), key, ret, err);
}

enum status
json_get_int(const json_t *object, const char *key, int64_t *ret, struct error *err)
{
	return json_as_int(json_object_get(object, key), key, ret, err);
}

enum status
json_get_flag(const json_t *object, const char *key, bool *ret, struct error *err)
{
	const json_t *value = json_object_get(object, key);
	if (!json_is_boolean(value))
		return wrong(value, key, "true or false", err);
	*ret = json_is_true(value);
	return STATUS_OK;
}

enum status
json_get_array(const json_t *object, const char *key, const json_t **ret, struct error *err)
{
	const json_t *value = json_object_get(object, key);
	if (!json_is_array(value))
		return wrong(value, key, "a list", err);
	*ret = value;
	return STATUS_OK;
}

enum status
json_may_decimal(const json_t *object, const char *key, struct decimal *ret, struct error *err)
{
	return json_object_get(object, key) ? json_get_decimal(object, key, ret, err) : STATUS_OK;
}

enum status
json_may_int(const json_t *object, const char *key, int64_t *ret, struct error *err)
{
	return json_object_get(object, key) ? json_get_int(object, key, ret, err) : STATUS_OK;
}

enum status
json_may_flag(const json_t *object, const char *key, bool *ret, struct error *err)
{
	return json_object_get(object, key) ? json_get_flag(object, key, ret, err) : STATUS_OK;
}
