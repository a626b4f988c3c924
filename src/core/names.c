/* Names of enumerators: one way to look one up, so that no parser is stricter than the others. */
#include "core/names.h"

#include <stdbool.h>

static char
plain(char c)
{
	if (c >= 'a' && c <= 'z')
		return (char)(c - 'a' + 'A');
	return c == '-' ? '_' : c;               /* people write DRY-RUN, the records DRY_RUN */
}

static bool
same(const char *a, const char *b)
{
	while (*a != '\0' && plain(*a) == plain(*b)) {
		a++;
		b++;
	}
	return *a == *b;
}

int
names_find(const char *const *names, size_t count, const char *text)
{
	if (text == NULL)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (same(names[i], text))
			return (int)i;
	return -1;
}
