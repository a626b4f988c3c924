/* Purpose: what the tests of the screen share.
 *
 * ROBSON names the program. */
#define _GNU_SOURCE
#include "screens/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *
program(void)
{
	const char *robson = getenv("ROBSON");

	return robson != NULL ? robson : "src/robson";
}

void
write_tape(struct world *world, const char *name, int falls_at, int falls_to)
{
	snprintf(world->tape, sizeof world->tape, "%s/%s.csv", world->folder, name);
	FILE *file = fopen(world->tape, "w");
	assert_non_null(file);
	fprintf(file, "time,symbol,bid,ask\n");
	for (int i = 0; i < TAPE_SECONDS; i++) {
		int price = i >= falls_at ? falls_to : 100000 + i % 7;
		fprintf(file, "%lld,BTCUSDC,%d.%02d,%d.%02d\n", 1767571200000ll + i * 1000ll, price / 10,
		        price % 10 * 10, price / 10, price % 10 * 10 + 1);
	}
	fclose(file);
}

void
write_sinking_tape(struct world *world, const char *name)
{
	snprintf(world->tape, sizeof world->tape, "%s/%s.csv@10", world->folder, name);
	char path[128];
	snprintf(path, sizeof path, "%s/%s.csv", world->folder, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "time,symbol,bid,ask\n");
	for (int i = 0; i < SINKING_SECONDS; i++)
		fprintf(file, "%lld,BTCUSDC,%d.00,%d.01\n", 1767571200000ll + i * 1000ll,
		        SINKING_FROM - i, SINKING_FROM - i);
	fclose(file);
}

int
world_setup(void **state)
{
	struct world *world = calloc(1, sizeof *world);
	FILE *file;

	if (world == NULL)
		return -1;
	snprintf(world->folder, sizeof world->folder, "/tmp/robson-screen-XXXXXX");
	if (mkdtemp(world->folder) == NULL)
		return -1;
	snprintf(world->db, sizeof world->db, "%s/book.db", world->folder);
	snprintf(world->config, sizeof world->config, "%s/robson.ini", world->folder);
	file = fopen(world->config, "w");
	if (file == NULL)
		return -1;
	fprintf(file, "[book]\ncapital = 2000\n");
	fclose(file);
	write_tape(world, "flat", TAPE_SECONDS, 0);
	*state = world;
	return 0;
}

int
world_teardown(void **state)
{
	struct world *world = *state;
	char command[128];

	pty_stop(world->pty);
	snprintf(command, sizeof command, "rm -rf '%s'", world->folder);
	if (system(command) != 0)
		return -1;
	free(world);
	return 0;
}

void
open_screen(struct world *world, int rows, int cols, const char *const env[], const char *extra)
{
	char feed[160], *argv[] = { strdup(program()), strdup("--db"), world->db, strdup("--config"),
		world->config, strdup("--feed"), feed, strdup("--scratch"),
		extra != NULL ? strdup(extra) : NULL, NULL };

	snprintf(feed, sizeof feed, "replay:%s", world->tape);
	world->pty = pty_start(rows, cols, argv, env);
	for (int i = 0; i < 9; i++)
		if (i != 2 && i != 4 && i != 6)
			free(argv[i]);
	assert_non_null(world->pty);
}

void
shell(const struct world *world, const char *arguments, char *ret, size_t size)
{
	char command[512];
	size_t got;

	snprintf(command, sizeof command, "'%s' --db '%s' --config '%s' --feed 'replay:%s' %s 2>&1",
	         program(), world->db, world->config, world->tape, arguments);
	FILE *out = popen(command, "r");
	assert_non_null(out);
	got = fread(ret, 1, size - 1, out);
	ret[got] = 0;
	pclose(out);
}

void
must_show(struct world *world, const char *text)
{
	if (pty_wait_text(world->pty, text, 15000))
		return;
	pty_show(world->pty);
	fail_msg("'%s' never came", text);
}

void
must_go(struct world *world, const char *text)
{
	if (pty_wait_gone(world->pty, text, 15000))
		return;
	pty_show(world->pty);
	fail_msg("'%s' stays", text);
}

void
type(struct world *world, const char *text)
{
	pty_type(world->pty, text, 4);
}

void
escape(struct world *world)
{
	pty_send(world->pty, "\033");
	pty_read_for(world->pty, 120);
}

void
fill_form(struct world *world, const char *stop, const char *target)
{
	type(world, "n");
	must_show(world, "Esc leaves the field");
	type(world, "btcusdc\r\r\r\r");
	type(world, stop);
	type(world, "\r");
	type(world, target);
	escape(world);
	must_show(world, "v validate  x execute");
}

void
validate(struct world *world)
{
	type(world, "v");
	must_show(world, "VALIDATED  ");
}

void
answer(struct world *world, const char *question, const char *key)
{
	must_show(world, question);
	pty_read_for(world->pty, 650);
	type(world, key);
}

void
trade(struct world *world, const char *stop, const char *target)
{
	fill_form(world, stop, target);
	validate(world);
	type(world, "x");
	answer(world, "Execute in DRY-RUN?", "y");
	must_show(world, "operation 1 ACTIVE");
}

void
quit(struct world *world)
{
	int status = -1;

	type(world, "q");
	assert_true(pty_wait_exit(world->pty, 10000, &status));
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_false(pty_alternate(world->pty));
}
