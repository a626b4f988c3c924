/* simulate: plays worlds by seed, each in a process of its own, and says which of them went wrong.
 *
 *   simulate --seed N [--trace]       one world
 *   simulate --seeds A..B             many; also with --count N
 *   --minutes N                       how long each lasts before its quiet end (5)
 *   --jobs N                          how many at a time (one for each processor)
 *   --first                           ends with the first that fails
 *   --twice                           each seed is played twice, and both must be the same to the byte
 *   --mutant NAME                     the world is broken in a way that must be found
 *
 * Exits with 1 if any failed, and prints the command that plays it again. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/simulation/sim.h"
#include "tests/simulation/world.h"

enum { JOBS_MAX = 16, SHOWN_FAILURES = 20, WORLD_SECONDS = 120 };

struct settings {
	uint64_t first, last;
	int minutes, jobs;
	bool is_tracing, is_twice, is_first;
};

struct result { struct totals totals; uint64_t hash; char failure[512]; };
struct job { pid_t child; int from; uint64_t seed; };

static void
leave_folder(const char *folder)
{
	static const char *const names[] = { "book.db", "book.db.audit-head", "book.db.reserve" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(names[i]);
	if (chdir("/") == 0)
		rmdir(folder);
}

static bool
enter_folder(char *folder, size_t size)
{
	snprintf(folder, size, "%s/robson-simulation-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	return mkdtemp(folder) != NULL && chdir(folder) == 0;
}

/* The child: plays, and tells the parent what came of it. */
static void
play(const struct settings *settings, uint64_t seed, int to)
{
	struct world_options options = { .seed = seed, .minutes = settings->minutes, .is_tracing = settings->is_tracing };
	char folder[64];
	struct result result = { 0 };

	if (!enter_folder(folder, sizeof folder))
		_exit(3);
	alarm(WORLD_SECONDS);                  /* a world that hangs has failed */
	world_play(&options);
	leave_folder(folder);
	result.totals = sim.totals;
	result.hash = sim.trace_hash;
	snprintf(result.failure, sizeof result.failure, "%.511s", sim.failure);
	fflush(stdout);
	_exit(write(to, &result, sizeof result) == (ssize_t)sizeof result ? 0 : 3);
}

static bool
start(const struct settings *settings, uint64_t seed, struct job *ret)
{
	int ends[2];

	fflush(stdout);
	if (pipe(ends) != 0)
		return false;
	pid_t child = fork();
	if (child == 0) {
		close(ends[0]);
		play(settings, seed, ends[1]);
	}
	close(ends[1]);
	*ret = (struct job){ child, ends[0], seed };
	return child > 0;
}

static void
finish(struct job *job, struct result *ret)
{
	int status = 0;
	ssize_t got = read(job->from, ret, sizeof *ret);

	close(job->from);
	while (waitpid(job->child, &status, 0) < 0 && errno == EINTR)
		continue;
	if (got == (ssize_t)sizeof *ret)
		return;
	memset(ret, 0, sizeof *ret);
	ret->totals.worlds = ret->totals.failed = 1;
	if (WIFSIGNALED(status))
		snprintf(ret->failure, sizeof ret->failure, "it was ended by signal %d (%s)", WTERMSIG(status),
		         strsignal(WTERMSIG(status)));
	else
		snprintf(ret->failure, sizeof ret->failure, "it ended with %d and no result", WEXITSTATUS(status));
}

static void
add(struct totals *sum, const struct totals *part)
{
	sum->worlds += part->worlds;
	sum->failed += part->failed;
	sum->virtual_us += part->virtual_us;
	sum->requests += part->requests;
	sum->orders += part->orders;
	sum->fills += part->fills;
	sum->faults += part->faults;
	sum->deaths += part->deaths;
	sum->power_losses += part->power_losses;
	sum->opened += part->opened;
	sum->steps += part->steps;
	sum->events += part->events;
	sum->alarms += part->alarms;
	for (int i = 0; i < STEP_COUNT; i++)
		for (int j = 0; j < MISHAP_COUNT; j++)
			for (int k = 0; k < DEATH_COUNT; k++)
				sum->struck[i][j][k] += part->struck[i][j][k];
}

static void
report(const struct settings *settings, uint64_t seed, const struct result *result, int64_t failures)
{
	if (failures > SHOWN_FAILURES)
		return;
	printf("seed %llu: %s\n    again: tests/simulation/simulate --seed %llu --minutes %d%s%s --trace\n",
	       (unsigned long long)seed, result->failure, (unsigned long long)seed, settings->minutes,
	       sim.mutant != MUTANT_NONE ? " --mutant " : "", sim.mutant != MUTANT_NONE ? mutant_names[sim.mutant] : "");
	fflush(stdout);
}

static void
print_totals(const struct totals *sum)
{
	int cells = 0, struck = 0;

	for (int i = 0; i < STEP_COUNT; i++)
		for (int j = 0; j < MISHAP_COUNT; j++)
			for (int k = 0; k < DEATH_COUNT; k++) {
				cells++;
				struck += sum->struck[i][j][k] > 0;
			}
	printf("%lld worlds, %.1f hours: %lld executions, %lld orders and %lld fills on the exchange, %lld requests, "
	       "%lld faults, %lld deaths (%lld with the power), %lld events, %lld alarms, %d of %d cells of the matrix; "
	       "%lld failed\n",
	       (long long)sum->worlds, (double)sum->virtual_us / 3.6e9, (long long)sum->opened, (long long)sum->orders,
	       (long long)sum->fills, (long long)sum->requests, (long long)sum->faults, (long long)sum->deaths,
	       (long long)sum->power_losses, (long long)sum->events, (long long)sum->alarms, struck, cells, (long long)sum->failed);
}

static int64_t
run_all(const struct settings *settings, struct totals *ret)
{
	struct job jobs[JOBS_MAX];
	uint64_t hashes[2] = { 0 };
	int64_t failures = 0;
	int under_way = 0, times = settings->is_twice ? 2 : 1;
	uint64_t total = (settings->last - settings->first + 1) * (uint64_t)times, begun = 0;

	for (uint64_t ended = 0; ended < total; ended++) {
		while (under_way < settings->jobs && begun < total) {
			if (!start(settings, settings->first + begun / (uint64_t)times, &jobs[under_way]))
				return -1;
			under_way++;
			begun++;
		}
		struct result result;
		struct job job = jobs[0];
		memmove(jobs, jobs + 1, (size_t)--under_way * sizeof *jobs);
		finish(&job, &result);
		add(ret, &result.totals);
		hashes[ended % 2] = result.hash;
		if (settings->is_twice && ended % 2 == 1 && hashes[0] != hashes[1] && result.failure[0] == '\0') {
			snprintf(result.failure, sizeof result.failure, "played twice, it was not the same");
			ret->failed += !result.totals.failed;
		}
		if (result.failure[0] != '\0')
			report(settings, job.seed, &result, ++failures);
		if (failures > 0 && settings->is_first)
			total = begun;                 /* those that have begun, and no more */
		if (settings->first == settings->last && result.failure[0] == '\0')
			printf("trace %016llx\n", (unsigned long long)result.hash);
	}
	return failures;
}

static bool
read_mutant(const char *name)
{
	for (int i = 0; i < MUTANT_COUNT; i++)
		if (strcmp(mutant_names[i], name) == 0) {
			sim.mutant = (enum mutant)i;
			return true;
		}
	return false;
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seed", required_argument, NULL, 's' }, { "seeds", required_argument, NULL, 'r' },
		{ "count", required_argument, NULL, 'c' }, { "minutes", required_argument, NULL, 'm' },
		{ "jobs", required_argument, NULL, 'j' }, { "trace", no_argument, NULL, 't' },
		{ "twice", no_argument, NULL, '2' }, { "mutant", required_argument, NULL, 'M' },
		{ "first", no_argument, NULL, 'f' }, { "dry-run", no_argument, NULL, 'd' }, { NULL, 0, NULL, 0 },
	};
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	struct settings settings = {
		.first = 1, .last = 20, .minutes = 5,
		.jobs = processors < 1 ? 1 : processors > JOBS_MAX ? JOBS_MAX : (int)processors,
	};
	struct totals totals = { 0 };
	char *end;
	int option;

	sim.is_live = true;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (option) {
		case 's': settings.first = settings.last = strtoull(optarg, NULL, 10); break;
		case 'r':
			settings.first = strtoull(optarg, &end, 10);
			settings.last = strncmp(end, "..", 2) == 0 ? strtoull(end + 2, NULL, 10) : settings.first;
			break;
		case 'c': settings.last = settings.first + strtoull(optarg, NULL, 10) - 1; break;
		case 'm': settings.minutes = atoi(optarg); break;
		case 'j': settings.jobs = atoi(optarg); break;
		case 't': settings.is_tracing = true; break;
		case 'f': settings.is_first = true; break;
		case '2': settings.is_twice = true; break;
		case 'd': sim.is_live = false; break;
		case 'M':
			if (read_mutant(optarg))
				break;
			/* fall through */
		default:
			fputs("usage: simulate [--seed N [--trace]] [--seeds A..B] [--minutes N] [--jobs N]\n"
			      "                [--twice] [--first] [--dry-run] [--mutant NAME]\n", stderr);
			return 64;
		}
	if (settings.jobs < 1 || settings.jobs > JOBS_MAX || settings.minutes < 1 || settings.last < settings.first)
		return 64;
	char folder[64];
	if (!enter_folder(folder, sizeof folder) || !world_prepare())
		return 69;
	leave_folder(folder);
	int64_t failures = run_all(&settings, &totals);
	print_totals(&totals);
	return failures == 0 ? 0 : 1;
}
