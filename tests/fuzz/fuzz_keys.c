/* Whatever stands in a file of keys, it is read without harm, what is taken is a whole key, and no error
 * repeats a word of it.
 *
 * The input: "p" for a private key in PEM, else a key file; and the file. */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/binance/keys_inner.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char what[] = "THE FILE";

static void
must(bool truth)
{
	if (!truth)
		abort();
}

/* No eight characters in a row of the file are in the error; with a digit among them, as keys have and
 * words of ours have not. */
static void
must_not_tell(const char *text, size_t len, const struct error *err)
{
	for (size_t i = 0; i + 8 <= len; i++) {
		char part[9] = "";
		memcpy(part, text + i, 8);
		must(strlen(part) < 8 || strpbrk(part, "0123456789") == NULL || strpbrk(part, " :") != NULL ||
		     strstr(err->message, part) == NULL);
	}
}

static void
read_private_key(const char *text, size_t len)
{
	unsigned char seed[KEY_SEED_SIZE] = { 0 }, again[KEY_SEED_SIZE], der[48];
	unsigned char base64[80];
	char pem[256];
	struct error err = { 0 };

	enum status status = keys_read_pem(text, len, what, seed, &err);
	must(status == STATUS_OK || (status == STATUS_CONFIG && err.message[0] != '\0'));
	if (status != STATUS_OK)
		return;
	memcpy(der, "\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20", 16);
	memcpy(der + 16, seed, sizeof seed);
	EVP_EncodeBlock(base64, der, sizeof der);
	int pem_len = snprintf(pem, sizeof pem, "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n",
	                       (const char *)base64);
	must(keys_read_pem(pem, (size_t)pem_len, what, again, &err) == STATUS_OK);
	must(memcmp(seed, again, sizeof seed) == 0);
}

static void
read_key_file(const char *text, size_t len)
{
	static struct key_words words, again;
	struct error err = { 0 };
	static char written[3 * KEY_PATH_SIZE];

	enum status status = keys_parse(text, len, what, &words, &err);
	must(status == STATUS_OK || (status == STATUS_CONFIG && err.message[0] != '\0'));
	if (status != STATUS_OK) {
		must_not_tell(text, len, &err);
		must(words.api_key[0] == '\0' && words.secret[0] == '\0');
		return;
	}
	must(words.api_key[0] != '\0' && (words.secret[0] != '\0') != (words.private_key_file[0] != '\0'));
	must(strpbrk(words.api_key, " \t\r\n") == NULL && strpbrk(words.secret, " \t\r\n") == NULL);
	snprintf(written, sizeof written, "api_key = %s\n%s = %s\n", words.api_key,
	         words.secret[0] != '\0' ? "secret" : "private_key_file",
	         words.secret[0] != '\0' ? words.secret : words.private_key_file);
	must(keys_parse(written, strlen(written), what, &again, &err) == STATUS_OK);
	must(memcmp(&words, &again, sizeof words) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	must(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	if (size > 0 && text[0] == 'p')
		read_private_key(text + 1, size - 1);
	else if (size > 0 && size <= KEY_FILE_MAX)
		read_key_file(text + 1, size - 1);
	free(text);
	return 0;
}
