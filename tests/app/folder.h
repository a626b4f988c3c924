/* A folder of the test's own, and the end of it. */
#ifndef TESTS_APP_FOLDER_H
#define TESTS_APP_FOLDER_H

#include <stddef.h>

enum { FOLDER_SIZE = 256, FOLDER_PATH_SIZE = 4096 };
struct folder { char path[FOLDER_SIZE]; };

void folder_make(struct folder *folder);
void folder_remove(struct folder *folder);       /* with everything in it */
/* "<folder>/<name>" */
void folder_path(const struct folder *folder, const char *name, char ret_path[FOLDER_PATH_SIZE]);
void folder_write(const struct folder *folder, const char *name, const char *text);
/* The whole file, ended; fails the test if it is not there or does not fit. */
void folder_read(const struct folder *folder, const char *name, char *ret_text, size_t size);
/* How many descriptors this process has open. */
int folder_open_descriptors(void);

#endif
