/* Files of the tests live below HOME, which the suite sets to a folder of the build tree. */
#include <stdarg.h>
#include <setjmp.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/text.h"
#include "tests/app/folder.h"

void
folder_make(struct folder *folder)
{
	const char *home = getenv("top_builddir") != NULL ? getenv("HOME") : "/tmp";
	assert_true(text_format(folder->path, sizeof folder->path, "%s/robson-test-XXXXXX", home));
	assert_non_null(mkdtemp(folder->path));
}

static void
remove_below(int parent, const char *name)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		unlinkat(parent, name, 0);
		return;
	}
	DIR *dir = fdopendir(fd);
	assert_non_null(dir);
	for (struct dirent *each; (each = readdir(dir)) != NULL; )
		if (strcmp(each->d_name, ".") != 0 && strcmp(each->d_name, "..") != 0)
			remove_below(fd, each->d_name);
	closedir(dir);
	unlinkat(parent, name, AT_REMOVEDIR);
}

void
folder_remove(struct folder *folder)
{
	remove_below(AT_FDCWD, folder->path);
}

void
folder_path(const struct folder *folder, const char *name, char ret_path[FOLDER_PATH_SIZE])
{
	assert_true(text_format(ret_path, FOLDER_PATH_SIZE, "%s/%s", folder->path, name));
}

void
folder_write(const struct folder *folder, const char *name, const char *text)
{
	char path[FOLDER_PATH_SIZE];
	folder_path(folder, name, path);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

void
folder_read(const struct folder *folder, const char *name, char *ret_text, size_t size)
{
	char path[FOLDER_PATH_SIZE];
	folder_path(folder, name, path);
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	size_t len = fread(ret_text, 1, size, file);
	assert_true(len < size);
	ret_text[len] = '\0';
	fclose(file);
}

int
folder_open_descriptors(void)
{
	int count = 0;
	DIR *dir = opendir("/proc/self/fd");
	assert_non_null(dir);
	while (readdir(dir) != NULL)
		count++;
	closedir(dir);
	return count;
}
