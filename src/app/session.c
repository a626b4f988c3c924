/* Putting a process together: settings, book, feed, exchange, desk.  The only place that knows every
 * room's door. */
#include "app/session_state.h"

#include <stdlib.h>
#include <string.h>

#include "exchange/paper/paper.h"
#include "feed/binance_poll.h"
#include "feed/replay.h"

extern char **environ;

/* ---- the feed ---- */

static enum status
open_feed(struct session *session, struct error *err)
{
	const struct settings *settings = &session->settings;
	char path[KEEPING_PATH_SIZE], speed[16];

	if (strncmp(settings->feed.source, "replay:", 7) != 0) {
		struct binance_poll_config config = {
			.url = settings->exchange.url, .ca_file = settings->exchange.ca_file,
			.allowance = &session->allowance,
			.interval_ms = (int)(session->options.interval_ms > 0 ? session->options.interval_ms : settings->feed.interval_ms),
		};
		if (session->options.tape_from != NULL)
			return error_field(err, STATUS_USAGE, "tape-from", "--tape-from goes with a replay");
		return binance_poll_open(&config, &session->feed, err);
	}
	struct replay_config config = {
		.path = path, .speed = speed, .tick = settings->replay.tick, .lot_step = settings->replay.lot_step,
		.min_notional = settings->replay.min_notional,
	};
	enum status status = replay_split(settings->feed.source + 7, path, sizeof path, speed, err);
	session->is_tape_max = status == STATUS_OK && strcmp(speed, "max") == 0;
	if (status == STATUS_OK)
		status = session_tape_start(session, path, &config.from_ms, err);
	return status == STATUS_OK ? replay_open(&config, &session->feed, err) : status;
}

/* ---- the paper exchange ---- */

static enum status
open_paper(struct session *session, struct error *err)
{
	const struct settings *settings = &session->settings;
	struct paper_settings paper = {
		.fee_percent = settings->costs.fee_percent, .slippage_percent = settings->paper.slippage_percent,
		.partial_fill_percent = settings->paper.partial_fill_percent, .latency_ms = settings->paper.latency_ms,
		.stale_ms = settings->feed.stale_ms,
	};

	session->paper = paper_open(&paper, &session->feed->clock, err);
	return session->paper != NULL ? STATUS_OK : err->status != STATUS_OK ? err->status : STATUS_NO_MEMORY;
}

/* ---- telling ---- */

static void
tell(void *self, enum urgency urgency, const struct event *event)
{
	struct session *session = self;
	enum logfile_level level = urgency == URGENCY_ALARM ? LOGFILE_ERROR
	                         : urgency == URGENCY_WARNING ? LOGFILE_WARNING : LOGFILE_INFO;

	logfile_write(session->log, level, "%s: %s", event->kind, event->summary);
	if (session->notify != NULL) {
		struct notifier port = notify_port(session->notify);
		port.notify(port.self, urgency, event);
	}
	if (session->say != NULL)
		session->say(session->say_self, event->summary);
	if (session->screen != NULL && session->screen->tell != NULL)
		session->screen->tell(session->screen->self, urgency, event);
}

/* ---- life ---- */

static void
ring(void *self)
{
	struct session *session = self;

	if (session->screen != NULL && session->screen->ring != NULL)
		session->screen->ring(session->screen->self);
}

/* Who may act may have something to tell.  Neither the program nor the log may keep Robson from
 * starting: what is wrong with them is said where health is shown. */
static enum status
open_voices(struct session *session, struct error *err)
{
	const struct settings *settings = &session->settings;
	enum logfile_level level = LOGFILE_INFO;
	struct notify_setup setup = {
		.command = settings->notify.command, .interval_ms = settings->notify.interval_ms,
		.bell = settings->notify.bell, .ring = ring, .ring_self = session, .environment = environ,
	};

	if (urgency_parse(settings->notify.level, &setup.level) != STATUS_OK)
		setup.level = URGENCY_WARNING;
	enum status status = notify_open(&setup, &session->notify, err);
	if (status != STATUS_OK || session->options.is_readonly)
		return status;
	if (logfile_level_parse(settings->log.level, &level) != STATUS_OK)
		level = LOGFILE_INFO;
	struct error ignored = { 0 };
	if (logfile_open(session->db_path, level, settings->log.max_kb * 1024, &session->log, &ignored) != STATUS_OK)
		session->log = NULL;
	return STATUS_OK;
}

static enum status
open_parts(struct session *session, unsigned needs, const char *kind, struct error *err)
{
	enum status status = keeping_settings(&session->options, &session->settings, session->config_path, err);

	if (status == STATUS_OK)
		status = keeping_db_path(session->options.db, session->db_path, err);
	if (status == STATUS_OK)
		status = store_open(session->db_path, session->options.is_readonly, clock_wall_ms(), &session->store, NULL, err);
	if (status == STATUS_OK)
		status = lease_init(&session->lease, session->db_path, err);
	if (status == STATUS_OK && needs != NEEDS_BOOK)
		status = open_feed(session, err);
	if (status == STATUS_OK && (needs & NEEDS_HAND) != 0)
		status = open_paper(session, err);
	if (status == STATUS_OK && (needs & (NEEDS_HAND | NEEDS_ACCOUNT)) != 0)
		status = session_open_live(session, err);
	if (status == STATUS_OK && (needs & NEEDS_HAND) != 0)
		status = open_voices(session, err);
	if (status != STATUS_OK)
		return status;
	char actor[EVENT_ACTOR_SIZE];
	text_format(actor, sizeof actor, strcmp(session->kind, "monitor") == 0 ? "%s" : "person/%s", session->kind);
	struct desk_setup setup = {
		.store = session->store, .feed = session->feed, .paper = session->paper, .notifier = &session->notifier,
		.settings = &session->settings, .random = random_fill, .client_id = session->options.client_id,
		.actor = actor, .is_readonly = session->options.is_readonly,
		.is_brief = strcmp(kind, "command") == 0,
	};
	session_live_setup(session, &setup);
	if ((status = desk_open(&setup, &session->desk, err)) != STATUS_OK)
		return status;
	if (session->paper != NULL)
		paper_set_balance(session->paper, desk_paper_balance, session->desk);
	return STATUS_OK;
}

enum status
session_open(const struct session_options *options, unsigned needs, const char *kind, struct session **ret,
             struct error *err)
{
	struct error fallback = { 0 };

	if (err == NULL)
		err = &fallback;
	struct session *session = calloc(1, sizeof *session);
	if (session == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory for a session");
	session->options = *options;
	session->lease.fd = -1;
	session->started_at_ms = clock_wall_ms();
	session->notifier = (struct notifier){ .self = session, .notify = tell };
	session->is_headless = strcmp(kind, "screen") != 0;
	text_copy(session->kind, sizeof session->kind, kind);
	holder_boot_id(session->boot_id, sizeof session->boot_id);
	enum status status = open_parts(session, needs, kind, err);
	if (status != STATUS_OK) {
		session_close(session);
		return status;
	}
	*ret = session;
	return STATUS_OK;
}

void
session_close(struct session *session)
{
	if (session == NULL)
		return;
	session_give(session);
	desk_close(session->desk);
	notify_close(session->notify);
	logfile_close(session->log);
	if (session->paper != NULL)
		session->paper->ops->close(session->paper);
	if (session->live != NULL)
		session->live->ops->close(session->live);
	if (session->feed != NULL)
		session->feed->ops->close(session->feed);
	store_close(session->store);
	free(session);
}

struct desk *session_desk(struct session *session) { return session->desk; }
const struct settings *session_settings(const struct session *session) { return &session->settings; }
struct store *session_store(struct session *session) { return session->store; }
const char *session_db_path(const struct session *session) { return session->db_path; }
const char *session_config_path(const struct session *session) { return session->config_path; }

void
session_watcher(struct session *session, struct holder_model *ret)
{
	holder_read(session->store, ret);
	if (session_holds(session))
		ret->is_held = ret->is_me = true;
}
