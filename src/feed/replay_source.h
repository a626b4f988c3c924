/* What names a replay: its file and its speed. */
#ifndef FEED_REPLAY_SOURCE_H
#define FEED_REPLAY_SOURCE_H

#include "core/quote.h"

/* "max", or a factor from 0.001 to 1,000,000 with three places at most, in millionths. */
bool replay_read_speed(const char *text, bool *ret_is_max, int64_t *ret_factor_e6);

/* "replay:" and the whole path; one that is too long is told apart by a checksum (FNV-1a) of it. */
void replay_make_id(const char *path, char ret_id[FEED_ID_SIZE]);

#endif
