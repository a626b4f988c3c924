/* See num.h.  Amounts stay below 10^11, so that a product of two fits 127 bits. */
#include <stdio.h>
#include <string.h>
#include "num.h"

enum { WHOLE_MAX = 11 };

bool
num_parse(const char *text, num *ret, int *ret_places)
{
	num value = 0;
	int whole = 0, places = 0, used = 0;
	const char *p = text;
	for (; *p >= '0' && *p <= '9'; p++) {
		value = value * 10 + (*p - '0');
		whole += value != 0;
		if (whole > WHOLE_MAX)
			return false;
	}
	bool digits = p > text;
	if (*p == '.')
		for (p++; *p >= '0' && *p <= '9'; p++) {
			digits = true;
			places++;
			if (*p != '0')
				used = places;
			if (places <= NUM_PLACES)
				value = value * 10 + (*p - '0');
		}
	if (!digits || *p != '\0')
		return false;
	for (int i = places; i < NUM_PLACES; i++)
		value *= 10;
	*ret = value;
	if (ret_places != NULL)
		*ret_places = used;
	return true;
}

const char *
num_format(num value, char *buf)
{
	const char *sign = value < 0 ? "-" : "";
	num size = value < 0 ? -value : value;
	snprintf(buf, NUM_TEXT, "%s%lld.%08lld", sign, (long long)(size / NUM_ONE),
	         (long long)(size % NUM_ONE));
	return buf;
}

json_t *
num_json(num value)
{
	char buf[NUM_TEXT];
	return json_string(num_format(value, buf));
}

num
num_of(const json_t *value)
{
	num parsed = 0;
	if (json_is_integer(value))
		return (num)json_integer_value(value) * NUM_ONE;
	const char *text = json_string_value(value);
	if (text == NULL)
		return 0;
	bool minus = *text == '-';
	if (!num_parse(text + minus, &parsed, NULL))
		return 0;
	return minus ? -parsed : parsed;
}

num
num_mul(num a, num b)
{
	return a * b / NUM_ONE;
}

num
num_div(num a, num b)
{
	return a * NUM_ONE / b;
}

num
num_floor(num value, num step)
{
	return step > 0 ? value - value % step : value;
}

num
num_min(num a, num b)
{
	return a < b ? a : b;
}

num
num_max(num a, num b)
{
	return a > b ? a : b;
}
