/* An Ed25519 private key in PEM: base64 of PKCS#8, which for this kind of key is always the same 16
 * bytes and the seed (RFC 8410, section 7, with RFC 5958's version 2, where the public key follows).
 * Read by hand because OpenSSL's decoders keep copies in memory that is neither locked nor cleansed. */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>
#include "base/text.h"
#include "exchange/binance/keys_inner.h"

enum { DER_MAX = 120, BASE64_MAX = 160, HEAD = 16 };

static enum status
refuse(struct error *err, const char *what, const char *why)
{
	error_set(err, STATUS_CONFIG, "%s %s", what, why);
	error_hint(err, "openssl genpkey -algorithm ed25519 makes a key of the kind that is wanted");
	return STATUS_CONFIG;
}

/* The characters between the two marks, without what breaks them into lines.  0: none, or too many. */
static size_t
gather(const char *from, const char *end, char ret_base64[BASE64_MAX])
{
	size_t len = 0;
	for (; from < end; from++) {
		if (strchr(" \t\r\n", *from) != NULL)
			continue;
		if (len == BASE64_MAX)
			return 0;
		ret_base64[len++] = *from;
	}
	return len % 4 == 0 ? len : 0;
}

static bool
take_seed(const unsigned char *der, size_t len, unsigned char ret_seed[KEY_SEED_SIZE])
{
	/* SEQUENCE { version 0, { 1.3.101.112 }, OCTET STRING { OCTET STRING { seed } } } */
	static const unsigned char v1[HEAD] = { 0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03,
	                                        0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20 };
	/* The same with version 1, and [1] { public key } behind. */
	static const unsigned char v2[HEAD] = { 0x30, 0x51, 0x02, 0x01, 0x01, 0x30, 0x05, 0x06, 0x03,
	                                        0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20 };
	bool is_one = len == 48 && memcmp(der, v1, HEAD) == 0;
	bool is_two = len == 83 && memcmp(der, v2, HEAD) == 0 && memcmp(der + 48, "\x81\x21\x00", 3) == 0;
	if (is_one || is_two)
		memcpy(ret_seed, der + HEAD, KEY_SEED_SIZE);
	return is_one || is_two;
}

enum status
keys_read_pem(const char *text, size_t len, const char *what, unsigned char ret_seed[KEY_SEED_SIZE],
              struct error *err)
{
	static const char begin[] = "-----BEGIN PRIVATE KEY-----", end[] = "-----END PRIVATE KEY-----";
	char base64[BASE64_MAX];
	unsigned char der[DER_MAX + 3];

	if (memchr(text, '\0', len) != NULL)
		return refuse(err, what, "is no text");
	if (strstr(text, "-----BEGIN ENCRYPTED PRIVATE KEY-----") != NULL)
		return refuse(err, what, "is locked by a passphrase, and nobody could type it at night");
	const char *from = strstr(text, begin);
	const char *to = from != NULL ? strstr(from, end) : NULL;
	if (to == NULL)
		return refuse(err, what, "is no private key in PEM (PKCS#8)");
	from += sizeof begin - 1;

	bool is_ours = false;
	size_t base64_len = gather(from, to, base64);
	if (base64_len > 0 && base64_len / 4 * 3 <= DER_MAX) {
		int padding = (base64[base64_len - 1] == '=') + (base64[base64_len - 2] == '=');
		int decoded = EVP_DecodeBlock(der, (const unsigned char *)base64, (int)base64_len);
		is_ours = decoded > padding && take_seed(der, (size_t)(decoded - padding), ret_seed);
	}
	OPENSSL_cleanse(base64, sizeof base64);
	OPENSSL_cleanse(der, sizeof der);
	return is_ours ? STATUS_OK : refuse(err, what, "is no Ed25519 private key");
}
