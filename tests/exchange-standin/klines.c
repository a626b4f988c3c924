/* Candles: those that were set on command, else drawn from the trades that happened. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "call.h"

static const struct {
	const char *name;
	int64_t ms;                     /* 0: a calendar month */
} intervals[] = {
	{ "1s", 1000 }, { "1m", 60000 }, { "3m", 180000 }, { "5m", 300000 }, { "15m", 900000 },
	{ "30m", 1800000 }, { "1h", 3600000 }, { "2h", 7200000 }, { "4h", 14400000 },
	{ "6h", 21600000 }, { "8h", 28800000 }, { "12h", 43200000 }, { "1d", 86400000 },
	{ "3d", 259200000 }, { "1w", 604800000 }, { "1M", 0 },
};

enum { THURSDAY_TO_MONDAY_MS = 345600000 };     /* 1970 began on a Thursday */

static int64_t
open_of(int64_t time_ms, int64_t ms, int64_t *ret_close)
{
	if (ms == 604800000) {
		int64_t from = (time_ms - THURSDAY_TO_MONDAY_MS) / ms * ms + THURSDAY_TO_MONDAY_MS;
		*ret_close = from + ms - 1;
		return from;
	}
	if (ms > 0) {
		*ret_close = time_ms / ms * ms + ms - 1;
		return time_ms / ms * ms;
	}
	time_t seconds = (time_t)(time_ms / 1000);
	struct tm day;
	gmtime_r(&seconds, &day);
	day.tm_mday = 1;
	day.tm_hour = day.tm_min = day.tm_sec = 0;
	int64_t from = (int64_t)timegm(&day) * 1000;
	day.tm_mon++;
	*ret_close = (int64_t)timegm(&day) * 1000 - 1;
	return from;
}

struct candle {
	int64_t from, to, count;
	num open, high, low, close, volume, quote, taker, taker_quote;
};

static json_t *
candle_json(const struct candle *candle)
{
	return json_pack("[I o o o o o I o I o o s]", (json_int_t)candle->from, num_json(candle->open),
	                 num_json(candle->high), num_json(candle->low), num_json(candle->close),
	                 num_json(candle->volume), (json_int_t)candle->to, num_json(candle->quote),
	                 (json_int_t)candle->count, num_json(candle->taker),
	                 num_json(candle->taker_quote), "0");
}

static json_t *
drawn(const struct symbol *symbol, int64_t ms)
{
	json_t *rows = json_array();
	struct candle candle = { .from = -1 };
	for (size_t i = 0; i < symbol->prints_len; i++) {
		const struct print *print = &symbol->prints[i];
		int64_t to, from = open_of(print->time_ms, ms, &to);
		if (from != candle.from) {
			if (candle.from >= 0)
				json_array_append_new(rows, candle_json(&candle));
			candle = (struct candle){ .from = from, .to = to, .open = print->price,
			                          .low = print->price };
		}
		candle.high = num_max(candle.high, print->price);
		candle.low = num_min(candle.low, print->price);
		candle.close = print->price;
		candle.volume += print->qty;
		candle.quote += num_mul(print->qty, print->price);
		if (!print->buyer_is_maker) {
			candle.taker += print->qty;
			candle.taker_quote += num_mul(print->qty, print->price);
		}
		candle.count++;
	}
	if (candle.from >= 0)
		json_array_append_new(rows, candle_json(&candle));
	return rows;
}

json_t *
public_klines(struct call *call)
{
	const struct symbol *symbol = call_symbol(call);
	const char *interval = symbol ? call_need(call, "interval") : NULL;
	int64_t from, to;
	size_t limit, i = 0;
	if (interval == NULL || !call_int(call, "startTime", &from, -1) ||
	    !call_int(call, "endTime", &to, -1) || !call_limit(call, 500, 1000, &limit))
		return NULL;
	while (i < sizeof intervals / sizeof *intervals && strcmp(intervals[i].name, interval) != 0)
		i++;
	if (i == sizeof intervals / sizeof *intervals)
		return call_refuse(call, 400, -1120, "Invalid interval.");
	json_t *set = json_object_get(symbol->klines, interval);
	json_t *rows = set ? json_copy(set) : drawn(symbol, intervals[i].ms);
	for (size_t row = json_array_size(rows); row-- > 0;) {
		int64_t open = json_integer_value(json_array_get(json_array_get(rows, row), 0));
		if ((from >= 0 && open < from) || (to >= 0 && open > to))
			json_array_remove(rows, row);
	}
	while (json_array_size(rows) > limit)
		json_array_remove(rows, from >= 0 ? json_array_size(rows) - 1 : 0);
	return rows;
}
