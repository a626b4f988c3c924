/* See binance_history.h. */
#include <string.h>
#include "feed/binance_history.h"
#include "http/http.h"

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS INT64_C(60000)
#define LONGEST_MS (INT64_C(60) * 24 * 60 * MINUTE_MS)

enum { PAGES_MAX = 120 };

enum status
binance_history_add(struct binance_history *history, const char *symbol, int64_t from_ms,
                    int64_t now_ms, struct error *err)
{
	if (history->count == BINANCE_HISTORY_MAX)
		return error_set(err, STATUS_BUSY, "%d histories are being fetched",
		                 (int)BINANCE_HISTORY_MAX);
	if (from_ms < now_ms - LONGEST_MS)
		return error_set(err, STATUS_RANGE, "prices of more than 60 days are not fetched");
	if (from_ms > now_ms)
		from_ms = now_ms;
	struct binance_job job = { .end_ms = now_ms + SECOND_MS };
	text_copy(job.symbol, sizeof job.symbol, symbol);
	job.next_ms = from_ms - from_ms % SECOND_MS;
	job.seconds_end_ms = job.end_ms;
	if (now_ms - job.next_ms > BINANCE_PAGE * SECOND_MS)
		job.seconds_end_ms = (job.next_ms + MINUTE_MS - 1) / MINUTE_MS * MINUTE_MS;
	history->jobs[history->count++] = job;
	return STATUS_OK;
}

static bool
is_in_seconds(const struct binance_job *job)
{
	return job->next_ms < job->seconds_end_ms;
}

void
binance_history_query(const struct binance_history *history, struct text *query)
{
	const struct binance_job *job = &history->jobs[0];
	char encoded[3 * SYMBOL_SIZE] = "";
	if (!http_encode(job->symbol, encoded, sizeof encoded))
		encoded[0] = '\0';
	int64_t end_ms = is_in_seconds(job) ? job->seconds_end_ms : job->end_ms;
	text_appendf(query, "symbol=%s&interval=%s&startTime=%lld&endTime=%lld&limit=%d", encoded,
	             is_in_seconds(job) ? "1s" : "1m", (long long)job->next_ms,
	             (long long)end_ms - 1, (int)BINANCE_PAGE);
}

void
binance_history_drop(struct binance_history *history)
{
	history->count--;
	memmove(history->jobs, history->jobs + 1, history->count * sizeof *history->jobs);
}

bool
binance_history_took(struct binance_history *history, const struct candle *candles, size_t count)
{
	struct binance_job *job = &history->jobs[0];
	int64_t end_ms = is_in_seconds(job) ? job->seconds_end_ms : job->end_ms;
	int64_t reached_ms = count > 0 ? candles[count - 1].close_ms + 1 : end_ms;
	/* A short page has all there is.  One that leads nowhere must not be asked for again. */
	if (count < BINANCE_PAGE || reached_ms <= job->next_ms || reached_ms > end_ms)
		reached_ms = end_ms;
	job->next_ms = reached_ms;
	job->tries = 0;
	job->pages++;
	if (job->next_ms < job->end_ms && job->pages < PAGES_MAX)
		return false;
	binance_history_drop(history);
	return true;
}
