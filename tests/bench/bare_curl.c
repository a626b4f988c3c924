/* Requests as libcurl alone sends them: the floor beside which Robson's orders are measured.
 *
 * Each line of standard input is "METHOD URL BODY" ("-": none); at "go" they are sent one after the
 * other over one kept-alive connection, with the key of the environment (BARE_KEY).  Says for each
 * the status and how long it took, in microseconds. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST = 64 };
struct request { char method[8], url[1024], body[1024]; };

static double
now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static size_t
drop(char *data, size_t size, size_t count, void *context)
{
	(void)data;
	(void)context;
	return size * count;
}

static void
perform(CURL *curl, const struct request *request)
{
	double from = now_us();
	long status = 0;
	int is_get = strcmp(request->method, "GET") == 0;

	curl_easy_setopt(curl, CURLOPT_URL, request->url);
	if (is_get)
		curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
	else
		curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, strcmp(request->body, "-") == 0 ? "" : request->body);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
	if (curl_easy_perform(curl) != CURLE_OK)
		status = -1;
	else
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	printf("%ld %.0f\n", status, now_us() - from);
}

int
main(void)
{
	static struct request requests[MOST];
	char line[4096], key[256];
	size_t count = 0;
	const char *name = getenv("BARE_KEY");
	CURL *curl = curl_easy_init();

	snprintf(key, sizeof key, "X-MBX-APIKEY: %s", name != NULL ? name : "");
	struct curl_slist *headers = curl_slist_append(NULL, key);
	if (curl == NULL || headers == NULL)
		return 1;
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
	while (fgets(line, sizeof line, stdin) != NULL) {
		if (strcmp(line, "go\n") == 0) {
			for (size_t i = 0; i < count; i++)
				perform(curl, &requests[i]);
			fflush(stdout);
			count = 0;
		} else if (count < MOST && sscanf(line, "%7s %1023s %1023s", requests[count].method,
		                                  requests[count].url, requests[count].body) == 3) {
			count++;
		}
	}
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	return 0;
}
