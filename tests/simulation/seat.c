#include "tests/simulation/seat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "exchange/binance/binance.h"
#include "exchange/paper/paper.h"
#include "feed/binance_poll.h"
#include "store/sql.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/sim.h"
#include "tests/simulation/venue.h"

#define URL "https://exchange.example"

struct seat seat;
static struct settings settings;

static struct decimal
decimal_of(const char *text)
{
	struct decimal ret;

	if (decimal_parse(text, &ret) != STATUS_OK)
		abort();
	return ret;
}

void
seat_shape(void)
{
	/* From plenty down to lots near the least that the exchange takes. */
	static const struct { const char *capital, *risk; } books[] = {
		{ "1000", "1" }, { "5000", "0.2" }, { "1000", "0.3" }, { "300", "0.5" }, { "25", "1" },
	};
	int64_t book = chance_between(CHANCE_SHAPE, 0, (int64_t)ARRAY_LEN(books) - 1);

	settings_init(&settings);
	settings.book.has_capital = true;
	settings.book.capital = decimal_of(books[book].capital);
	settings.book.risk_percent = decimal_of(books[book].risk);
	settings.feed.interval_ms = chance_permille(CHANCE_SHAPE, 500) ? 1000 : chance_between(CHANCE_SHAPE, 2, 4) * 1000;
	text_copy(settings.exchange.url, sizeof settings.exchange.url, URL);
}

static void
tell(void *self, enum urgency urgency, const struct event *event)
{
	static const char *const words[] = { "note", "warning", "ALARM" };

	(void)self;
	trace("%s: %s: %s", words[urgency], event->kind, event->summary);
	sim.totals.alarms += urgency == URGENCY_ALARM;
}

enum status
seat_make_book(struct error *err)
{
	const struct store_options options = { .vfs = DISK_VFS, .migrations = schema_built_in() };
	struct store *store;
	struct book book;

	enum status status = store_open_with("book.db", false, clock_wall_ms(), &options, &store, NULL, err);
	if (status != STATUS_OK)
		return status;
	status = store_book(store, 1, MODE_LIVE, &book, err);
	if (status == STATUS_OK)
		status = store_book(store, 1, MODE_DRY_RUN, &book, err);
	store_close(store);
	return status;
}

/* ---- mutants: what an adapter could say wrongly ---- */

static struct exchange_listener desks;

static void
lie(void *self, const struct exchange_report *report)
{
	struct exchange_report said = *report;
	struct fill fills[64];

	switch (sim.mutant) {
	case MUTANT_TIMEOUT_IS_FAILURE:
		if (said.request == ASKED_SUBMIT && said.outcome == OUTCOME_UNKNOWN)
			said.outcome = OUTCOME_NOT_SENT;
		break;
	case MUTANT_TRUSTS_REPLY:
		if (said.outcome == OUTCOME_ACCEPTED && said.state == ORDER_PENDING_NEW) {
			said.request = ASKED_QUERY;
			said.state = ORDER_NEW;
		}
		break;
	case MUTANT_GONE_IS_CANCELLED:
		if (said.request == ASKED_CANCEL && (said.outcome == OUTCOME_NOT_FOUND || said.outcome == OUTCOME_REFUSED)) {
			said.outcome = OUTCOME_ACCEPTED;
			said.state = ORDER_CANCELLED;
			said.request = ASKED_QUERY;
		}
		break;
	case MUTANT_FALSE_PRICE:
		for (size_t i = 0; i < said.fill_count && i < ARRAY_LEN(fills); i++) {
			fills[i] = said.fills[i];
			fills[i].price.e16 += fills[i].price.e16 / 100;
			said.fills = fills;
		}
		break;
	case MUTANT_NO_LOOKS:
		if (said.request == ASKED_QUERY)
			return;
		break;
	default: break;
	}
	desks.on_report(self, &said);
}

static void
put_liar(void)
{
	desks = seat.live->listener;
	seat.live->listener.on_report = lie;
}

/* The key comes as it would to a program: from its environment. */
static enum status
open_live(struct error *err)
{
	char key[200], secret[200];
	char *environment[] = { key, secret, NULL };
	struct binance_config config = {
		.url = URL, .recv_window_ms = settings.exchange.recv_window_ms, .fee_percent = settings.costs.fee_percent,
	};

	snprintf(key, sizeof key, "ROBSON_API_KEY=%s", venue_key);
	snprintf(secret, sizeof secret, "ROBSON_API_SECRET=%s", venue_secret);
	enum status status = binance_keys_load(NULL, environment, &config.keys, err);
	return status == STATUS_OK ? binance_open(&config, &seat.live, err) : status;
}

enum status
seat_open(struct error *err)
{
	const struct store_options options = { .vfs = DISK_VFS, .migrations = schema_built_in() };
	struct binance_poll_config feed = { .url = URL, .interval_ms = (int)settings.feed.interval_ms };
	struct paper_settings paper = {
		.fee_percent = settings.costs.fee_percent, .slippage_percent = settings.paper.slippage_percent,
		.partial_fill_percent = settings.paper.partial_fill_percent, .latency_ms = settings.paper.latency_ms,
		.stale_ms = settings.feed.stale_ms,
	};

	memset(&seat, 0, sizeof seat);
	seat.settings = settings;
	seat.notifier = (struct notifier){ .notify = tell };
	enum status status = store_open_with("book.db", false, clock_wall_ms(), &options, &seat.store, NULL, err);
	if (status == STATUS_OK)
		status = binance_poll_open(&feed, &seat.feed, err);
	if (status == STATUS_OK && sim.is_live)
		status = open_live(err);
	if (status != STATUS_OK)
		return status;
	seat.paper = paper_open(&paper, &seat.feed->clock, err);
	struct desk_setup setup = {
		.store = seat.store, .feed = seat.feed, .paper = seat.paper, .live = seat.live,
		.wake_live = binance_wake, .key_origin = "environment", .machine = "simulated", .notifier = &seat.notifier,
		.settings = &seat.settings, .random = random_fill, .client_id = 1, .actor = "person/simulation",
	};
	status = desk_open(&setup, &seat.desk, err);
	if (status != STATUS_OK)
		return status;
	paper_set_balance(seat.paper, desk_paper_balance, seat.desk);
	if (seat.live != NULL && sim.mutant != MUTANT_NONE)
		put_liar();
	return desk_take_hold(seat.desk, err);
}

int64_t
seat_deadline_us(void)
{
	struct wait wait;

	wait_init(&wait);
	desk_prepare(seat.desk, &wait, clock_mono_us());
	return wait.deadline_mono_us;
}

void
seat_turn(void)
{
	struct wait wait;

	wait_init(&wait);
	desk_prepare(seat.desk, &wait, clock_mono_us());
	wait_init(&wait);
	desk_dispatch(seat.desk, &wait, clock_mono_us());
}

void
seat_forget(void)
{
	memset(&seat, 0, sizeof seat);
}

void
seat_close(void)
{
	if (seat.desk != NULL)
		desk_release_hold(seat.desk);
	desk_close(seat.desk);
	if (seat.live != NULL)
		seat.live->ops->close(seat.live);
	if (seat.paper != NULL)
		seat.paper->ops->close(seat.paper);
	if (seat.feed != NULL)
		seat.feed->ops->close(seat.feed);
	store_close(seat.store);
	memset(&seat, 0, sizeof seat);
}
