/* Loading libcurl with dlopen, once for each struct http.  Loading it twice is harmless: the second
 * dlopen finds the first, and curl_global_init counts.
 *
 * libcurl copies URLs, headers and bodies, which carry keys and signatures, and frees them as they are.
 * It gets an allocator that wipes what is given back. */
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "http/curl_api.h"

/* Each block has its size in front of it. */
enum { HEAD = sizeof(max_align_t) };

static void *
wiping_malloc(size_t size)
{
	char *block = size <= SIZE_MAX - HEAD ? malloc(HEAD + size) : NULL;
	if (block == NULL)
		return NULL;
	memcpy(block, &size, sizeof size);
	return block + HEAD;
}

static size_t
size_of(const void *memory)
{
	size_t size;
	memcpy(&size, (const char *)memory - HEAD, sizeof size);
	return size;
}

static void
wiping_free(void *memory)
{
	if (memory == NULL)
		return;
	explicit_bzero(memory, size_of(memory));
	free((char *)memory - HEAD);
}

static void *
wiping_realloc(void *memory, size_t size)
{
	size_t had = memory != NULL ? size_of(memory) : 0;
	void *larger = wiping_malloc(size);
	if (larger != NULL && memory != NULL) {
		memcpy(larger, memory, had < size ? had : size);
		wiping_free(memory);
	}
	return larger;
}

static void *
wiping_calloc(size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		return NULL;
	void *memory = wiping_malloc(count * size);
	if (memory != NULL)
		memset(memory, 0, count * size);
	return memory;
}

static char *
wiping_strdup(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = wiping_malloc(size);
	if (copy != NULL)
		memcpy(copy, text, size);
	return copy;
}

static bool
find(void *library, const char *name, void *ret_function, size_t size)
{
	void *symbol = dlsym(library, name);
	/* C has no conversion from an object's address to a function's; POSIX promises that the
	 * bytes are the same. */
	memcpy(ret_function, &symbol, size);
	return symbol != NULL;
}

enum status
curl_api_load(struct curl_api *ret_api, struct error *err)
{
	struct curl_api api = { .library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL) };
	if (api.library == NULL) {
		error_set(err, STATUS_UNAVAILABLE, "no network: %s", dlerror());
		error_hint(err, "install libcurl (Debian: libcurl4)");
		return STATUS_UNAVAILABLE;
	}
	bool complete = true;
#define X(name) complete = find(api.library, "curl_" #name, &api.name, sizeof api.name) && complete;
	CURL_API_FUNCTIONS(X)
#undef X
	curl_version_info_data *(*version_info)(CURLversion) = NULL;
	complete = find(api.library, "curl_version_info", &version_info, sizeof version_info) &&
	           complete;
	if (!complete || version_info(CURLVERSION_NOW)->version_num < 0x075000) {
		error_set(err, STATUS_UNAVAILABLE, "no network: this libcurl is older than 7.80");
		error_hint(err, "install a newer libcurl (Debian: libcurl4)");
		return STATUS_UNAVAILABLE;
	}
	/* Names must not be looked up in our thread: a slow name server would freeze the loop. */
	if (!(version_info(CURLVERSION_NOW)->features & CURL_VERSION_ASYNCHDNS))
		return error_set(err, STATUS_UNAVAILABLE,
		                 "no network: this libcurl looks names up in the caller's thread");
	if (api.global_init_mem(CURL_GLOBAL_DEFAULT, wiping_malloc, wiping_free, wiping_realloc,
	                        wiping_strdup, wiping_calloc) != CURLE_OK)
		return error_set(err, STATUS_UNAVAILABLE, "no network: libcurl does not start");
	*ret_api = api;
	return STATUS_OK;
}
