/* libcurl, found when it is needed.  Linking it triples the time that the program needs to start
 * (35 more shared libraries); a start that shows the bundled tape needs none of them. */
#ifndef HTTP_CURL_API_H
#define HTTP_CURL_API_H

#include <curl/curl.h>
#include "base/error.h"

#define CURL_API_FUNCTIONS(X) \
	X(global_init_mem) \
	X(getdate) \
	X(easy_init) \
	X(easy_cleanup) \
	X(easy_reset) \
	X(easy_setopt) \
	X(easy_getinfo) \
	X(easy_strerror) \
	X(multi_init) \
	X(multi_cleanup) \
	X(multi_setopt) \
	X(multi_add_handle) \
	X(multi_remove_handle) \
	X(multi_perform) \
	X(multi_info_read) \
	X(multi_fdset) \
	X(multi_timeout) \
	X(slist_append) \
	X(slist_free_all)

struct curl_api {
	void *library;
#define X(name) __typeof__(curl_##name) *name;
	CURL_API_FUNCTIONS(X)
#undef X
};

/* Load libcurl and initialise it.  STATUS_UNAVAILABLE with the package to install if it is not
 * there, or is older than what Robson was built for (7.80).  The library stays loaded: its threads
 * may outlive a request. */
MUST_USE enum status curl_api_load(struct curl_api *ret_api, struct error *err);

#endif
