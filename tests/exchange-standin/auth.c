/* Who asks: API keys, signatures and timestamps (rest-api.md, "Request Security"). */
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "grow.h"
#include "server.h"

enum { WINDOW_MS = 5000, WINDOW_MAX_MS = 60000, AHEAD_MS = 1000, SIGNATURE_MAX = 1024 };

struct api_key *
key_add(struct server *server, const char *key)
{
	for (size_t i = 0; i < server->keys_len; i++)
		if (strcmp(server->keys[i].key, key) == 0)
			return &server->keys[i];
	server->keys = grow(server->keys, server->keys_len, sizeof *server->keys);
	struct api_key *made = &server->keys[server->keys_len++];
	memset(made, 0, sizeof *made);
	snprintf(made->key, sizeof made->key, "%s", key);
	made->can_read = made->can_trade = true;
	return made;
}

bool
key_set_pem(struct api_key *key, const char *pem)
{
	BIO *bio = BIO_new_mem_buf(pem, -1);
	EVP_PKEY *parsed = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
	BIO_free(bio);
	if (parsed == NULL)
		return false;
	EVP_PKEY_free(key->public_key);
	free(key->pem);
	key->public_key = parsed;
	key->pem = strdup(pem);
	return true;
}

bool
auth_key(struct server *server, const struct request *request, bool trade,
         const struct api_key **ret, struct refusal *no)
{
	if (*request->key == '\0')
		return refuse(no, 401, -2014, "API-key format invalid.");
	for (size_t i = 0; i < server->keys_len; i++) {
		const struct api_key *key = &server->keys[i];
		if (strcmp(key->key, request->key) == 0 && (trade ? key->can_trade : key->can_read)) {
			*ret = key;
			return true;
		}
	}
	return refuse(no, 401, -2015, "Invalid API-key, IP, or permissions for action.");
}

/* Copies what is signed: everything but the signature itself. */
static size_t
without_signature(const char *from, char *to, char *ret_signature)
{
	size_t len = 0;
	while (*from != '\0') {
		size_t part = strcspn(from, "&");
		if (strncmp(from, "signature=", 10) == 0) {
			snprintf(ret_signature, SIGNATURE_MAX, "%.*s", (int)(part - 10), from + 10);
		} else {
			if (len > 0)
				to[len++] = '&';
			memcpy(to + len, from, part);
			len += part;
		}
		from += part + (from[part] == '&');
	}
	return len;
}

static int
hex_value(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c | 0x20) : NULL;
	return at ? (int)(at - digits) : -1;
}

static void
percent_decode(char *text)
{
	char *to = text;
	for (const char *p = text; *p != '\0'; p++) {
		int high = p[0] == '%' ? hex_value(p[1]) : -1, low = high >= 0 ? hex_value(p[2]) : -1;
		*to++ = low >= 0 ? (char)(high * 16 + low) : *p;
		if (low >= 0)
			p += 2;
	}
	*to = '\0';
}

static bool
hmac_fits(const struct api_key *key, const char *payload, size_t len, const char *signature)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int digest_len = 0;
	char hex[2 * EVP_MAX_MD_SIZE + 1];
	HMAC(EVP_sha256(), key->secret, (int)strlen(key->secret), (const unsigned char *)payload, len,
	     digest, &digest_len);
	for (unsigned int i = 0; i < digest_len; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	/* "Signatures generated using HMAC are not case-sensitive." */
	return strcasecmp(hex, signature) == 0;
}

static bool
public_key_fits(const struct api_key *key, const char *payload, size_t len, char *signature)
{
	unsigned char raw[SIGNATURE_MAX];
	percent_decode(signature);
	size_t text_len = strlen(signature), pad = 0;
	if (text_len == 0 || text_len % 4 != 0)
		return false;
	while (pad < 2 && signature[text_len - 1 - pad] == '=')
		pad++;
	int raw_len = EVP_DecodeBlock(raw, (const unsigned char *)signature, (int)text_len);
	if (raw_len < 0)
		return false;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ed25519 = EVP_PKEY_get_base_id(key->public_key) == EVP_PKEY_ED25519;
	bool fits = EVP_DigestVerifyInit(ctx, NULL, ed25519 ? NULL : EVP_sha256(), NULL,
	                                 key->public_key) == 1 &&
	            EVP_DigestVerify(ctx, raw, (size_t)raw_len - pad, (const unsigned char *)payload,
	                             len) == 1;
	EVP_MD_CTX_free(ctx);
	return fits;
}

/* "The signature payload of your request is the query string concatenated without separator to
 * the HTTP body.  Any non-ASCII character must be percent-encoded before signing." */
bool
auth_signature(const struct api_key *key, const struct request *request, struct refusal *no)
{
	char signature[SIGNATURE_MAX] = "";
	char *payload = malloc(strlen(request->query) + strlen(request->body) + 2);
	if (payload == NULL)
		abort();
	size_t len = without_signature(request->query, payload, signature);
	len += without_signature(request->body, payload + len, signature);
	bool ascii = true;
	for (size_t i = 0; i < len; i++)
		ascii &= payload[i] > ' ' && payload[i] < 0x7f;
	bool fits = ascii && (key->public_key ? public_key_fits(key, payload, len, signature)
	                                      : hmac_fits(key, payload, len, signature));
	free(payload);
	if (*signature == '\0')
		return refuse(no, 400, -1102, "Mandatory parameter 'signature' was not sent, was "
		              "empty/null, or malformed.");
	return fits || refuse(no, 400, -1022, "Signature for this request is not valid.");
}

/* In microseconds, as both may be sent; -1 when it is not a number. */
static int64_t
moment(const char *text)
{
	size_t len = strspn(text, "0123456789");
	if (len == 0 || text[len] != '\0' || len > 17)
		return -1;
	int64_t value = strtoll(text, NULL, 10);
	return value >= 100000000000000 ? value : value * 1000;
}

bool
auth_time(struct call *call, struct refusal *no)
{
	const char *text = call_text(call, "timestamp");
	num window = (num)WINDOW_MS * NUM_ONE;
	int places = 0;
	int64_t sent = text ? moment(text) : -1;
	if (sent < 0)
		return refuse(no, 400, -1102, "Mandatory parameter 'timestamp' was not sent, was "
		              "empty/null, or malformed.");
	text = call_text(call, "recvWindow");
	if (text != NULL && (!num_parse(text, &window, &places) || places > 3))
		return refuse(no, 400, -1100, "Illegal characters found in parameter 'recvWindow'; legal "
		              "range is '^[0-9]{1,20}(\\.[0-9]{1,3})?$'.");
	if (window > (num)WINDOW_MAX_MS * NUM_ONE)
		return refuse(no, 400, -1102, "'recvWindow' contains unexpected value. Cannot be greater "
		              "than 60000.");
	int64_t now = call->ex->now_ms * 1000, window_us = (int64_t)(window / (NUM_ONE / 1000));
	if (sent >= now + AHEAD_MS * 1000)
		return refuse(no, 400, -1021,
		              "Timestamp for this request was 1000ms ahead of the server's time.");
	if (now - sent > window_us)
		return refuse(no, 400, -1021, "Timestamp for this request is outside of the recvWindow.");
	return true;
}
