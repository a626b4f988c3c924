/* See replay_source.h, and replay.h for replay_split. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "core/decimal.h"
#include "feed/replay.h"
#include "feed/replay_source.h"

bool
replay_read_speed(const char *text, bool *ret_is_max, int64_t *ret_factor_e6)
{
	struct decimal factor;
	*ret_is_max = text_equal_nocase(text, "max");
	*ret_factor_e6 = 1000000;
	if (*ret_is_max)
		return true;
	if (decimal_parse(text, &factor) != STATUS_OK || decimal_places(factor) > 3 ||
	    !decimal_is_positive(factor) || decimal_cmp(factor, decimal_from_int(1000000)) > 0)
		return false;
	*ret_factor_e6 = (int64_t)(factor.e16 / INT64_C(10000000000));
	return true;
}

enum status
replay_split(const char *text, char *ret_path, size_t path_size, char ret_speed[16],
             struct error *err)
{
	const char *at = strrchr(text, '@');
	bool is_max = false;
	int64_t factor = 0;
	size_t len = strlen(text);
	const char *speed = "1";
	if (at != NULL && strlen(at + 1) < 16 && replay_read_speed(at + 1, &is_max, &factor)) {
		len = (size_t)(at - text);
		speed = at + 1;
	}
	if (len == 0 || len >= path_size)
		return error_field(err, STATUS_USAGE, "feed", "replay: needs a file, as in "
		                   "replay:tape.csv@10");
	memcpy(ret_path, text, len);
	ret_path[len] = '\0';
	text_copy(ret_speed, 16, speed);
	return STATUS_OK;
}

void
replay_make_id(const char *path, char ret_id[FEED_ID_SIZE])
{
	char *real = realpath(path, NULL);
	const char *name = real ? real : path;
	if (!text_format(ret_id, FEED_ID_SIZE, "replay:%s", name)) {
		uint64_t hash = UINT64_C(14695981039346656037);
		for (const char *c = name; *c != '\0'; c++)
			hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
		text_format(ret_id, FEED_ID_SIZE, "replay:%016llx...%s", (unsigned long long)hash,
		            name + strlen(name) - 200);
	}
	free(real);
}
