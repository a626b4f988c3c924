/* Messages are at most 4,096 bytes, what a pipe holds even where the kernel is short of them: the
 * whole message is in the pipe before the program starts, and nothing is ever waited for. */
#define _GNU_SOURCE      /* pipe2, and a spawned program that inherits no descriptor */
#include "app/notify.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json_out.h"
#include "base/text.h"

enum { KINDS = 48, RUNNING = 8, MESSAGE_MAX = 4096 };
static const int64_t look_every_us = 200 * 1000;
static const int64_t runs_at_most_us = INT64_C(30) * 1000 * 1000;
static const int64_t ring_every_us = 1000 * 1000;

struct kind {
	char name[EVENT_KIND_SIZE];       /* "" : free */
	int64_t told_us;
	int64_t held_back;                /* since it was told */
	char *waiting;                    /* the last of them, as JSON; owned, NULL: none */
};
struct running {
	pid_t pid;                        /* 0: free */
	int64_t since_us;
	bool is_ended;                    /* it ran too long, and was told to go */
};
struct notify {
	struct notify_setup setup;
	char text[NOTIFY_TEXT_SIZE];
	char *words[NOTIFY_WORDS];
	char **environment;               /* a list of ours; its texts too */
	struct kind kinds[KINDS];
	struct running running[RUNNING];
	int64_t rung_us;
	struct notify_state state;
};

/* ---- the program ---- */

static bool
is_secret(const char *variable)
{
	return text_has_prefix(variable, "ROBSON_API_") || text_has_prefix(variable, "ROBSON_PRIVATE_") ||
	       text_has_prefix(variable, "CREDENTIALS_DIRECTORY=");
}

static char **
copy_environment(char *const *environment)
{
	size_t count = 0, kept = 0;
	while (environment != NULL && environment[count] != NULL)
		count++;
	char **copy = calloc(count + 1, sizeof *copy);
	if (copy == NULL)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		if (is_secret(environment[i]))
			continue;
		copy[kept] = strdup(environment[i]);
		if (copy[kept++] == NULL) {
			while (kept-- > 0)
				free(copy[kept]);
			free(copy);
			return NULL;
		}
	}
	return copy;
}

/* The message in a pipe, ready to be read.  -1: could not be had. */
static int
pipe_with(const char *message)
{
	int ends[2];
	size_t len = strlen(message);
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return -1;
	ssize_t wrote = write(ends[1], message, len);
	close(ends[1]);
	/* The reader is a program that may not expect a pipe that does not block. */
	if (wrote == (ssize_t)len && fcntl(ends[0], F_SETFL, 0) == 0)
		return ends[0];
	close(ends[0]);
	return -1;
}

static int
spawn(const struct notify *notify, int input, pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t all, none;
	short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP;

	sigfillset(&all);
	sigemptyset(&none);
	if (posix_spawn_file_actions_init(&actions) != 0)
		return ENOMEM;
	if (posix_spawnattr_init(&attributes) != 0) {
		posix_spawn_file_actions_destroy(&actions);
		return ENOMEM;
	}
	int why = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO && why == 0; fd++)
		why = posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_WRONLY, 0);
	if (why == 0)
		why = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
	if (why == 0)
		why = posix_spawnattr_setsigdefault(&attributes, &all);
	if (why == 0)
		why = posix_spawnattr_setsigmask(&attributes, &none);
	if (why == 0)
		why = posix_spawnattr_setpgroup(&attributes, 0);
	if (why == 0)
		why = posix_spawnattr_setflags(&attributes, flags);
	if (why == 0)
		why = posix_spawnp(ret_pid, notify->words[0], &actions, &attributes, notify->words,
		                   notify->environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return why;
}

static void PRINTF_LIKE(2, 3)
fail(struct notify *notify, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	text_vformat(notify->state.trouble, sizeof notify->state.trouble, format, args);
	va_end(args);
	text_make_harmless(notify->state.trouble);
	notify->state.failed++;
}

static struct running *
free_place(struct notify *notify)
{
	for (size_t i = 0; i < RUNNING; i++)
		if (notify->running[i].pid == 0)
			return &notify->running[i];
	return NULL;
}

/* False: no room for one more now. */
static bool
tell(struct notify *notify, const char *message, int64_t now_us)
{
	struct running *place = free_place(notify);
	if (place == NULL)
		return false;
	int input = pipe_with(message);
	if (input < 0) {
		fail(notify, "notify.command could not be given its message: %s", strerror(errno));
		return true;
	}
	pid_t pid;
	int why = spawn(notify, input, &pid);
	close(input);
	if (why != 0) {
		fail(notify, "notify.command %s could not be run: %s", notify->words[0], strerror(why));
		return true;
	}
	*place = (struct running){ .pid = pid, .since_us = now_us };
	notify->state.running++;
	notify->state.told++;
	return true;
}

static void
reap(struct notify *notify, int64_t now_us)
{
	for (size_t i = 0; i < RUNNING; i++) {
		struct running *each = &notify->running[i];
		int status = 0;
		if (each->pid == 0)
			continue;
		pid_t got = waitpid(each->pid, &status, WNOHANG);
		if (got == 0) {
			if (!each->is_ended && now_us - each->since_us >= runs_at_most_us) {
				kill(-each->pid, SIGKILL);
				each->is_ended = true;
			}
			continue;
		}
		if (each->is_ended)
			fail(notify, "notify.command ran longer than 30 seconds and was ended");
		else if (got > 0 && WIFEXITED(status) && WEXITSTATUS(status) != 0)
			fail(notify, "notify.command ended with status %d", WEXITSTATUS(status));
		else if (got > 0 && WIFSIGNALED(status))
			fail(notify, "notify.command was ended by signal %d", WTERMSIG(status));
		else
			notify->state.trouble[0] = '\0';
		each->pid = 0;
		notify->state.running--;
	}
}

/* ---- messages ---- */

static char *
compose(enum urgency urgency, const struct event *event, bool with_data)
{
	struct text text;
	struct json_out json;

	text_init(&text);
	json_out_init(&json, &text);
	json_object_open(&json, NULL);
	json_text(&json, "urgency", urgency_name(urgency));
	json_text(&json, "kind", event->kind);
	json_text(&json, "summary", event->summary);
	json_time(&json, "time", event->at_ms);
	json_int(&json, "seq", event->seq);
	json_int(&json, "client_id", event->client_id);
	json_text(&json, "actor", event->actor);
	json_text(&json, "intent_id", event->intent_id[0] != '\0' ? event->intent_id : NULL);
	if (event->operation_id != 0)
		json_int(&json, "operation_id", event->operation_id);
	else
		json_out_null(&json, "operation_id");
	json_text(&json, "client_order_id", event->client_order_id[0] != '\0' ? event->client_order_id : NULL);
	if (with_data && event->data != NULL)
		json_raw(&json, "data", event->data);
	json_object_close(&json);
	text_append(&text, "\n");
	if (!text.failed && text.len <= MESSAGE_MAX)
		return text.data;
	bool failed = text.failed;
	text_done(&text);
	/* The numbers are in the audit trail; the summary alone always fits. */
	return with_data && !failed ? compose(urgency, event, false) : NULL;
}

/* The kind's place; the one told longest ago makes room, if nothing of it waits. */
static struct kind *
place_of(struct notify *notify, const char *name)
{
	struct kind *oldest = NULL;
	for (size_t i = 0; i < KINDS; i++) {
		struct kind *each = &notify->kinds[i];
		if (each->name[0] != '\0' && strcmp(each->name, name) == 0)
			return each;
		if (each->waiting == NULL &&
		    (oldest == NULL || each->name[0] == '\0' ||
		     (oldest->name[0] != '\0' && each->told_us < oldest->told_us)))
			oldest = each;
	}
	if (oldest != NULL) {
		*oldest = (struct kind){ .told_us = INT64_MIN };
		text_copy(oldest->name, sizeof oldest->name, name);
	}
	return oldest;
}

static int64_t
now_of(const struct notify *notify)
{
	return notify->setup.now_us != NULL ? notify->setup.now_us(notify->setup.now_self) : clock_mono_us();
}

static bool
is_due(const struct notify *notify, const struct kind *kind, int64_t now_us)
{
	return kind->told_us == INT64_MIN || now_us - kind->told_us >= notify->setup.interval_ms * 1000;
}

static void
hold_back(struct notify *notify, struct kind *kind, char *message)
{
	if (kind->waiting != NULL) {
		kind->held_back++;
		notify->state.held_back++;
	}
	free(kind->waiting);
	kind->waiting = message;
}

static void
on_event(void *self, enum urgency urgency, const struct event *event)
{
	struct notify *notify = self;
	int64_t now_us = now_of(notify);

	if (urgency == URGENCY_ALARM && notify->setup.bell && notify->setup.ring != NULL &&
	    (notify->rung_us == INT64_MIN || now_us - notify->rung_us >= ring_every_us)) {
		notify->rung_us = now_us;
		notify->setup.ring(notify->setup.ring_self);
	}
	if (!notify->state.has_command || urgency < notify->setup.level)
		return;
	reap(notify, now_us);
	char *message = compose(urgency, event, true);
	struct kind *kind = message != NULL ? place_of(notify, event->kind) : NULL;
	if (kind == NULL) {
		free(message);
		fail(notify, "an event could not be told: %s", event->kind);
		return;
	}
	if (!is_due(notify, kind, now_us) || kind->waiting != NULL || !tell(notify, message, now_us)) {
		hold_back(notify, kind, message);
		return;
	}
	kind->told_us = now_us;
	free(message);
}

/* "{" becomes "{"held_back":3,": how many others of the kind were not told. */
static char *
with_count(const char *message, int64_t held_back)
{
	struct text text;
	text_init(&text);
	text_appendf(&text, "{\"held_back\":%lld,", (long long)held_back);
	text_append(&text, message + 1);
	if (!text.failed && text.len <= MESSAGE_MAX)
		return text.data;
	text_done(&text);
	return NULL;
}

static void
tell_waiting(struct notify *notify, int64_t now_us, bool at_once)
{
	for (size_t i = 0; i < KINDS; i++) {
		struct kind *each = &notify->kinds[i];
		if (each->waiting == NULL || (!at_once && !is_due(notify, each, now_us)))
			continue;
		char *counted = each->held_back > 0 ? with_count(each->waiting, each->held_back) : NULL;
		bool told = tell(notify, counted != NULL ? counted : each->waiting, now_us);
		free(counted);
		if (!told)
			return;                  /* no room: the rest waits as well */
		free(each->waiting);
		each->waiting = NULL;
		each->held_back = 0;
		each->told_us = now_us;
	}
}

/* ---- the loop ---- */

static void
prepare(void *self, struct wait *wait, int64_t now_mono_us)
{
	const struct notify *notify = self;
	int64_t now_us = now_of(notify);

	if (notify->state.running > 0)
		wait_until(wait, now_mono_us + look_every_us);
	for (size_t i = 0; i < KINDS; i++) {
		const struct kind *each = &notify->kinds[i];
		if (each->waiting == NULL || notify->state.running == RUNNING)
			continue;                /* without room, the end of a program is what is waited for */
		int64_t left = is_due(notify, each, now_us)
		        ? 0 : each->told_us + notify->setup.interval_ms * 1000 - now_us;
		wait_until(wait, now_mono_us + left);
	}
}

static void
dispatch(void *self, const struct wait *wait, int64_t now_mono_us)
{
	struct notify *notify = self;
	int64_t now_us = now_of(notify);
	(void)wait;
	(void)now_mono_us;

	if (notify->state.running > 0)
		reap(notify, now_us);
	tell_waiting(notify, now_us, false);
}

struct wait_source
notify_source(struct notify *notify)
{
	return (struct wait_source){ .prepare = prepare, .dispatch = dispatch, .self = notify };
}

struct notifier
notify_port(struct notify *notify)
{
	return (struct notifier){ .self = notify, .notify = on_event };
}

void
notify_set_bell(struct notify *notify, void (*ring)(void *self), void *self)
{
	notify->setup.ring = ring;
	notify->setup.ring_self = self;
}

void
notify_state(const struct notify *notify, struct notify_state *ret)
{
	*ret = notify->state;
}

/* ---- life ---- */

enum status
notify_open(const struct notify_setup *setup, struct notify **ret, struct error *err)
{
	struct notify *notify = calloc(1, sizeof *notify);
	if (notify == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory for notifications");
	notify->setup = *setup;
	notify->setup.command = NULL;
	notify->rung_us = INT64_MIN;
	if (setup->command != NULL && setup->command[0] != '\0') {
		enum status status = notify_split(setup->command, notify->text, notify->words, err);
		if (status == STATUS_OK && (notify->environment = copy_environment(setup->environment)) == NULL)
			status = error_set(err, STATUS_NO_MEMORY, "no memory for notifications");
		if (status != STATUS_OK) {
			free(notify);
			return status;
		}
		notify->state.has_command = true;
	}
	notify->setup.environment = NULL;
	*ret = notify;
	return STATUS_OK;
}

void
notify_close(struct notify *notify)
{
	if (notify == NULL)
		return;
	reap(notify, now_of(notify));
	tell_waiting(notify, now_of(notify), true);
	for (size_t i = 0; i < KINDS; i++)
		free(notify->kinds[i].waiting);
	for (size_t i = 0; notify->environment != NULL && notify->environment[i] != NULL; i++)
		free(notify->environment[i]);
	free(notify->environment);
	free(notify);
}
