/* Loading libcurl with dlopen, once for each struct http.  Loading it twice is harmless: the second
 * dlopen finds the first, and curl_global_init counts. */
#include <dlfcn.h>
#include <string.h>
#include "http/curl_api.h"

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
	if (api.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return error_set(err, STATUS_UNAVAILABLE, "no network: libcurl does not start");
	*ret_api = api;
	return STATUS_OK;
}
