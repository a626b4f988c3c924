/* Which URLs a request may go to.  The grammar is much narrower than RFC 3986, on purpose: what
 * passes here means the same to every parser, so that no trick of spelling makes libcurl connect
 * to something else than what was checked. */
#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include "base/text.h"
#include "http/http.h"

enum { HOST_SIZE = 256 };

static bool
is_loopback(const char *host)
{
	struct in_addr v4;
	if (text_equal_nocase(host, "localhost") || text_equal(host, "[::1]"))
		return true;
	return inet_pton(AF_INET, host, &v4) == 1 && ntohl(v4.s_addr) >> 24 == 127;
}

static bool
is_port(const char *text, size_t len)
{
	long port = 0;
	if (len == 0 || len > 5)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		port = port * 10 + (text[i] - '0');
	}
	return port >= 1 && port <= 65535;
}

/* A name or an IPv4 address, or an IPv6 address in brackets. */
static bool
is_host(const char *text, size_t len)
{
	const char *allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
	if (len == 0 || len >= HOST_SIZE)
		return false;
	if (text[0] == '[') {
		allowed = "0123456789abcdefABCDEF:.";
		if (len < 4 || text[len - 1] != ']')
			return false;
		text++;
		len -= 2;
	}
	for (size_t i = 0; i < len; i++)
		if (strchr(allowed, text[i]) == NULL)
			return false;
	return true;
}

/* The host of a URL of ours, if it and its port are well written. */
static bool
split_host(const char *url, char ret_host[HOST_SIZE])
{
	const char *host = strstr(url, "://");
	if (host == NULL)
		return false;
	host += 3;
	size_t authority = strcspn(host, "/?");
	size_t host_len = authority;
	for (size_t i = authority; i > 0 && host[i - 1] != ']'; i--)
		if (host[i - 1] == ':') {
			host_len = i - 1;
			break;
		}
	if (!is_host(host, host_len) ||
	    (host_len < authority && !is_port(host + host_len + 1, authority - host_len - 1)))
		return false;
	memcpy(ret_host, host, host_len);
	ret_host[host_len] = '\0';
	return true;
}

bool
http_is_loopback(const char *url)
{
	char host[HOST_SIZE];
	return http_check_url(url, NULL) == STATUS_OK && split_host(url, host) && is_loopback(host);
}

enum status
http_check_url(const char *url, struct error *err)
{
	bool is_plain = text_has_prefix(url, "http://");
	if (!is_plain && !text_has_prefix(url, "https://"))
		return error_field(err, STATUS_CONFIG, "url", "'%.200s' is not a https:// address", url);
	for (const char *c = url; *c != '\0'; c++)
		if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f || strchr("\\@#<>\"", *c))
			return error_field(err, STATUS_CONFIG, "url",
			                   "'%.200s' has a character that no address here may have", url);

	char host[HOST_SIZE];
	if (!split_host(url, host))
		return error_field(err, STATUS_CONFIG, "url", "'%.200s' has no valid host and port", url);
	if (is_plain && !is_loopback(host)) {
		error_field(err, STATUS_CONFIG, "url", "'%.200s' would send unencrypted", url);
		error_hint(err, "use https; plain http is for 127.0.0.1, ::1 and localhost");
		return STATUS_CONFIG;
	}
	return STATUS_OK;
}

bool
http_encode(const char *raw, char *ret_encoded, size_t size)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t len = 0;
	for (const unsigned char *c = (const unsigned char *)raw; *c != '\0'; c++) {
		bool is_plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
		                (*c >= '0' && *c <= '9') || strchr("-._~", *c) != NULL;
		if (len + (is_plain ? 1 : 3) >= size)
			return false;
		if (is_plain) {
			ret_encoded[len++] = (char)*c;
		} else {
			ret_encoded[len++] = '%';
			ret_encoded[len++] = hex[*c >> 4];
			ret_encoded[len++] = hex[*c & 15];
		}
	}
	if (len >= size)
		return false;
	ret_encoded[len] = '\0';
	return true;
}
