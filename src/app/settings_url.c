/* Which base addresses of an exchange are let through: https to anywhere, http to this machine
 * itself and to nothing else, because keys travel there.  `testnet' is short for Binance's own. */
#include <ctype.h>
#include <string.h>

#include "app/settings_inner.h"
#include "base/text.h"

static bool
is_loopback_v4(const char *host, size_t len)
{
	int groups = 0;
	for (size_t i = 0; i < len; groups++) {
		int value = 0, digits = 0;
		for (; i < len && isdigit((unsigned char)host[i]); i++, digits++)
			value = digits < 3 ? value * 10 + (host[i] - '0') : 256;
		if (digits == 0 || value > 255 || (groups == 0 && value != 127))
			return false;
		if (i < len && (host[i++] != '.' || i == len))
			return false;
	}
	return groups == 4;
}

static bool
is_loopback(const char *host, size_t len)
{
	char text[16];
	if (len < sizeof text) {
		memcpy(text, host, len);
		text[len] = '\0';
		if (text_equal_nocase(text, "localhost") || text_equal(text, "[::1]"))
			return true;
	}
	return is_loopback_v4(host, len);
}

/* The length of a host at the start of text; 0 if there is none. */
static size_t
host_length(const char *text)
{
	size_t len = 0;
	if (text[0] == '[') {
		len = 1 + strspn(text + 1, "0123456789abcdefABCDEF:.");
		return len > 2 && text[len] == ']' ? len + 1 : 0;
	}
	while (isalnum((unsigned char)text[len]) || text[len] == '.' || text[len] == '-')
		len++;
	return len <= 253 && text[0] != '.' && text[0] != '-' ? len : 0;
}

static bool
skip_port(const char **at)
{
	int port = 0, digits = 0;
	for (++*at; isdigit((unsigned char)**at); ++*at)
		port = ++digits <= 5 ? port * 10 + (**at - '0') : 65536;
	return port > 0 && port <= 65535;
}

bool
settings_read_url(const char *value, char ret[SETTING_TEXT_SIZE])
{
	/* Where one rehearses: the same API, play money.  (faqs/testnet.md) */
	if (text_equal(value, "testnet"))
		value = "https://testnet.binance.vision";
	bool is_https = strncmp(value, "https://", 8) == 0;
	if (!is_https && strncmp(value, "http://", 7) != 0)
		return false;
	const char *host = value + (is_https ? 8 : 7), *at = host + host_length(host);
	if (at == host || (!is_https && !is_loopback(host, (size_t)(at - host))))
		return false;
	if (*at == ':' && !skip_port(&at))
		return false;
	if (*at != '\0' && *at != '/')
		return false;
	for (; *at != '\0'; at++)        /* no user, query, fragment, escape or space in a base */
		if (!isalnum((unsigned char)*at) && strchr("/._~-", *at) == NULL)
			return false;
	size_t len = strlen(value);
	while (len > 0 && value[len - 1] == '/')
		len--;
	if (len >= SETTING_TEXT_SIZE)
		return false;
	memcpy(ret, value, len);
	ret[len] = '\0';
	return true;
}
