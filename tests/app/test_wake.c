/* The wake-up socket, with real sockets. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "app/wake.h"
#include "base/text.h"
#include "tests/app/folder.h"

struct world {
	struct folder folder;
	char db[FOLDER_PATH_SIZE], socket[FOLDER_PATH_SIZE];
	struct wake *wake;
	int wakes, yields;
	char kind[32];
	int64_t pid;
	struct error err;
};

static void
on_wake(void *self)
{
	((struct world *)self)->wakes++;
}

static void
on_yield(void *self, const char *kind, int64_t pid)
{
	struct world *world = self;
	world->yields++;
	world->pid = pid;
	text_copy(world->kind, sizeof world->kind, kind);
}

static enum status
listen_beside(struct world *world, const char *db, struct wake **ret)
{
	struct wake_listener listener = { .self = world, .on_wake = on_wake, .on_yield = on_yield };
	return wake_open(db, &listener, ret, &world->err);
}

static int
set_up(void **state)
{
	struct world *world = calloc(1, sizeof *world);
	assert_non_null(world);
	folder_make(&world->folder);
	folder_path(&world->folder, "robson.db", world->db);
	folder_path(&world->folder, "robson.db-wake", world->socket);
	*state = world;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *world = *state;
	wake_close(world->wake);
	folder_remove(&world->folder);
	free(world);
	return 0;
}

/* One turn of a loop that does not wait.  False: there was nothing to read. */
static bool
turn(struct wake *wake)
{
	struct wait_source source = wake_source(wake);
	struct wait wait;
	struct timespec none = { 0, 0 };
	wait_init(&wait);
	source.prepare(source.self, &wait, 0);
	int ready = pselect(wait.max_fd + 1, &wait.read, &wait.write, &wait.except, &none, NULL);
	source.dispatch(source.self, &wait, 0);
	return ready > 0;
}

static void
tells_the_holder_once_of_many_knocks(void **state)
{
	struct world *world = *state;
	assert_int_equal(listen_beside(world, world->db, &world->wake), STATUS_OK);
	assert_false(turn(world->wake));
	assert_int_equal(world->wakes, 0);
	for (int i = 0; i < 5; i++)
		assert_int_equal(wake_knock(world->db, &world->err), STATUS_OK);
	assert_true(turn(world->wake));
	assert_int_equal(world->wakes, 1);
	assert_false(turn(world->wake));
	assert_int_equal(world->wakes, 1);
}

static void
finds_nobody_without_a_holder_and_after_its_death(void **state)
{
	struct world *world = *state;
	int status;
	assert_int_equal(wake_knock(world->db, &world->err), STATUS_NOT_FOUND);
	assert_int_equal(wake_ask_yield(world->db, "screen", &world->err), STATUS_NOT_FOUND);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(listen_beside(world, world->db, &world->wake) == STATUS_OK ? 0 : 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_int_equal(access(world->socket, F_OK), 0);        /* it left its socket behind */
	assert_int_equal(wake_knock(world->db, &world->err), STATUS_NOT_FOUND);
	assert_int_equal(listen_beside(world, world->db, &world->wake), STATUS_OK);
	assert_int_equal(wake_knock(world->db, &world->err), STATUS_OK);
	assert_true(turn(world->wake));
	assert_int_equal(world->wakes, 1);
}

static void
finds_nobody_beside_a_database_in_no_folder(void **state)
{
	struct world *world = *state;
	char db[FOLDER_PATH_SIZE];
	folder_path(&world->folder, "no/such/robson.db", db);
	assert_int_equal(wake_knock(db, &world->err), STATUS_NOT_FOUND);
	assert_int_equal(listen_beside(world, db, &world->wake), STATUS_NOT_FOUND);
	assert_int_equal(wake_knock("", &world->err), STATUS_IO);
}

static void
hands_on_who_asks_for_the_lease_by_the_kernels_word(void **state)
{
	struct world *world = *state;
	int status;
	assert_int_equal(listen_beside(world, world->db, &world->wake), STATUS_OK);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(wake_ask_yield(world->db, "screen", NULL) == STATUS_OK ? 0 : 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_true(turn(world->wake));
	assert_int_equal(world->yields, 1);
	assert_string_equal(world->kind, "screen");
	assert_int_equal(world->pid, child);
	assert_int_equal(world->wakes, 0);
}

static void
never_blocks_a_sender_and_takes_a_bounded_number_per_turn(void **state)
{
	struct world *world = *state;
	assert_int_equal(listen_beside(world, world->db, &world->wake), STATUS_OK);
	for (int i = 0; i < 2000; i++)
		assert_int_equal(wake_knock(world->db, &world->err), STATUS_OK);
	int turns = 0;
	while (turn(world->wake))
		turns++;
	assert_true(turns >= 1);
	assert_int_equal(world->wakes, turns);
}

/* From inside the folder, because its path may be longer than an address. */
static const struct sockaddr_un beside = { .sun_family = AF_UNIX, .sun_path = "robson.db-wake" };

static void
send_message(struct world *world, struct msghdr *message, ssize_t len)
{
	int back = open(".", O_RDONLY | O_DIRECTORY);
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	assert_true(back >= 0 && fd >= 0);
	assert_int_equal(chdir(world->folder.path), 0);
	message->msg_name = (void *)(uintptr_t)&beside;
	message->msg_namelen = sizeof beside;
	ssize_t sent = sendmsg(fd, message, 0);
	assert_int_equal(fchdir(back), 0);
	assert_int_equal(sent, len);
	close(back);
	close(fd);
}

static void
send_raw(struct world *world, const void *bytes, size_t len)
{
	struct iovec part = { .iov_base = (void *)(uintptr_t)bytes, .iov_len = len };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	send_message(world, &message, (ssize_t)len);
}

static void
counts_what_it_does_not_understand(void **state)
{
	struct world *world = *state;
	char large[4096];
	memset(large, 'w', sizeof large);
	assert_int_equal(listen_beside(world, world->db, &world->wake), STATUS_OK);
	send_raw(world, "wakeup", 6);
	send_raw(world, "", 0);
	send_raw(world, "wake\0x", 6);
	send_raw(world, "yield", 5);
	send_raw(world, large, sizeof large);
	send_raw(world, "yield much-too-long-a-kind-of-process", 36);
	turn(world->wake);
	assert_int_equal(wake_refused_count(world->wake), 6);
	assert_int_equal(world->wakes, 0);
	assert_int_equal(world->yields, 0);
	send_raw(world, "yield \033[2J", 10);
	turn(world->wake);
	assert_string_equal(world->kind, "?[2J");
}

static void
closes_descriptors_that_somebody_passes_along(void **state)
{
	struct world *world = *state;
	union { struct cmsghdr header; char room[CMSG_SPACE(sizeof(int))]; } control;
	struct iovec bytes = { .iov_base = "wake", .iov_len = 4 };
	struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &control,
	                          .msg_controllen = sizeof control };
	int zero = 0;
	assert_int_equal(listen_beside(world, world->db, &world->wake), STATUS_OK);
	memset(&control, 0, sizeof control);
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof zero);
	memcpy(CMSG_DATA(&control.header), &zero, sizeof zero);
	send_message(world, &message, 4);
	int before = folder_open_descriptors();
	assert_true(turn(world->wake));
	assert_int_equal(folder_open_descriptors(), before);
	assert_int_equal(world->wakes, 1);
}

static void
keeps_other_users_out(void **state)
{
	struct world *world = *state;
	struct stat st;
	int status;
	assert_int_equal(listen_beside(world, world->db, &world->wake), STATUS_OK);
	assert_int_equal(stat(world->socket, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	if (geteuid() != 0)
		skip();
	/* Even where the permissions were opened. */
	assert_int_equal(chmod(world->folder.path, 0777), 0);
	assert_int_equal(chmod(world->socket, 0666), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (chdir(world->folder.path) != 0 || setgid(12345) != 0 || setuid(12345) != 0)
			_exit(1);
		int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
		_exit(sendto(fd, "wake", 4, 0, (const struct sockaddr *)&beside, sizeof beside) == 4 ? 0 : 2);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WEXITSTATUS(status) != 0)
		skip();                  /* a folder above keeps that user out altogether */
	turn(world->wake);
	assert_int_equal(world->wakes, 0);
	assert_int_equal(wake_refused_count(world->wake), 1);
}

static void
works_with_paths_and_names_longer_than_an_address(void **state)
{
	struct world *world = *state;
	char name[256], db[FOLDER_PATH_SIZE], path[FOLDER_PATH_SIZE];
	text_copy(name, sizeof name, "");
	for (int i = 0; i < 4; i++) {
		char step[256];
		text_format(step, sizeof step, "%s%sa-folder-with-a-name-of-some-length", name, i > 0 ? "/" : "");
		text_copy(name, sizeof name, step);
		folder_path(&world->folder, name, path);
		assert_int_equal(mkdir(path, 0700), 0);
	}
	text_format(db, sizeof db, "%s/robson.db", path);
	assert_true(strlen(db) > 107);
	assert_int_equal(listen_beside(world, db, &world->wake), STATUS_OK);
	assert_int_equal(wake_knock(db, &world->err), STATUS_OK);
	turn(world->wake);
	assert_int_equal(world->wakes, 1);
	wake_close(world->wake);
	world->wake = NULL;

	memset(name, 'n', 200);
	name[200] = '\0';
	text_format(db, sizeof db, "%s/%s", path, name);
	assert_int_equal(listen_beside(world, db, &world->wake), STATUS_OK);
	assert_int_equal(wake_knock(db, &world->err), STATUS_OK);
	turn(world->wake);
	assert_int_equal(world->wakes, 2);
	name[199] = 'm';                                     /* another database is another socket */
	text_format(db, sizeof db, "%s/%s", path, name);
	assert_int_equal(wake_knock(db, &world->err), STATUS_NOT_FOUND);
}

static void
works_with_a_database_named_without_its_folder(void **state)
{
	struct world *world = *state;
	char here[FOLDER_PATH_SIZE];
	assert_non_null(getcwd(here, sizeof here));
	assert_int_equal(chdir(world->folder.path), 0);
	enum status opened = listen_beside(world, "robson.db", &world->wake);
	enum status knocked = wake_knock("robson.db", &world->err);
	assert_int_equal(chdir(here), 0);
	assert_int_equal(opened, STATUS_OK);
	assert_int_equal(knocked, STATUS_OK);
	assert_int_equal(wake_knock(world->db, &world->err), STATUS_OK);
	turn(world->wake);
	assert_int_equal(world->wakes, 1);
}

static void
removes_its_own_socket_and_nobody_elses(void **state)
{
	struct world *world = *state;
	struct wake *first;
	assert_int_equal(listen_beside(world, world->db, &first), STATUS_OK);
	assert_int_equal(listen_beside(world, world->db, &world->wake), STATUS_OK);  /* took the place */
	wake_close(first);
	assert_int_equal(access(world->socket, F_OK), 0);
	assert_int_equal(wake_knock(world->db, &world->err), STATUS_OK);
	wake_close(world->wake);
	world->wake = NULL;
	assert_int_equal(access(world->socket, F_OK), -1);
	wake_close(NULL);
}

static void
does_not_remove_what_is_no_socket(void **state)
{
	struct world *world = *state;
	char text[32];
	folder_write(&world->folder, "robson.db-wake", "mine");
	assert_int_equal(listen_beside(world, world->db, &world->wake), STATUS_IO);
	assert_non_null(strstr(world->err.message, "robson.db-wake"));
	folder_read(&world->folder, "robson.db-wake", text, sizeof text);
	assert_string_equal(text, "mine");
	assert_int_equal(wake_knock(world->db, &world->err), STATUS_NOT_FOUND);
}

static void
leaks_no_descriptor(void **state)
{
	struct world *world = *state;
	int before = folder_open_descriptors();
	for (int i = 0; i < 20; i++) {
		assert_int_equal(wake_knock(world->db, NULL), STATUS_NOT_FOUND);
		assert_int_equal(listen_beside(world, world->db, &world->wake), STATUS_OK);
		assert_int_equal(wake_knock(world->db, NULL), STATUS_OK);
		wake_close(world->wake);
		world->wake = NULL;
	}
	assert_int_equal(folder_open_descriptors(), before);
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(tells_the_holder_once_of_many_knocks),
		CASE(finds_nobody_without_a_holder_and_after_its_death),
		CASE(finds_nobody_beside_a_database_in_no_folder),
		CASE(hands_on_who_asks_for_the_lease_by_the_kernels_word),
		CASE(never_blocks_a_sender_and_takes_a_bounded_number_per_turn),
		CASE(counts_what_it_does_not_understand),
		CASE(closes_descriptors_that_somebody_passes_along),
		CASE(keeps_other_users_out),
		CASE(works_with_paths_and_names_longer_than_an_address),
		CASE(works_with_a_database_named_without_its_folder),
		CASE(removes_its_own_socket_and_nobody_elses),
		CASE(does_not_remove_what_is_no_socket),
		CASE(leaks_no_descriptor),
	};
	return cmocka_run_group_tests_name("the wake-up socket", tests, NULL, NULL);
}
