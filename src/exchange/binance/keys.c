/* Keys in memory.  Everything secret is in OpenSSL's secure heap: locked, out of core dumps, cleansed
 * when it is freed.  Where the system allows no locking, the heap still keeps it out of dumps; where
 * even that fails, it is ordinary memory that is cleansed. */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include "base/text.h"
#include "exchange/binance/keys.h"
#include "exchange/binance/keys_inner.h"

/* The heap is OpenSSL's own as well: a TLS connection takes some hundred bytes of it for a while. */
enum { HEAP_SIZE = 64 * 1024, HEAP_PIECE = 32, ORIGIN_SIZE = KEY_PATH_SIZE + 32 };

static const char *const variables[] = { "ROBSON_API_KEY", "ROBSON_API_SECRET", "ROBSON_PRIVATE_KEY_FILE" };
enum { VARIABLES = ARRAY_LEN(variables) };

struct binance_keys {                      /* in the secure heap, as a whole */
	char header[KEY_TEXT_SIZE + 16];
	char tail[5];
	char secret[KEY_TEXT_SIZE];        /* "": Ed25519 */
	EVP_PKEY *private_key;             /* owned; NULL: HMAC */
	char *given[VARIABLES];            /* "NAME=value" as they were; owned, in the same heap; NULL: none */
	char *origin;                      /* owned; no secret */
};

/* ---- the environment ---- */

static const char *
variable(char *const *environment, const char *name)
{
	size_t len = strlen(name);
	for (; environment != NULL && *environment != NULL; environment++)
		if (strncmp(*environment, name, len) == 0 && (*environment)[len] == '=')
			return *environment + len + 1;
	return "";
}

static bool
is_of_a_key(const char *entry)
{
	for (size_t i = 0; i < VARIABLES; i++) {
		size_t len = strlen(variables[i]);
		if (strncmp(entry, variables[i], len) == 0 && entry[len] == '=')
			return true;
	}
	return false;
}

void
binance_keys_forget_environment(char **environment)
{
	size_t kept = 0;
	for (size_t i = 0; environment != NULL && environment[i] != NULL; i++) {
		if (is_of_a_key(environment[i]))
			OPENSSL_cleanse(environment[i], strlen(environment[i]));
		else
			environment[kept++] = environment[i];
	}
	if (environment != NULL)
		environment[kept] = NULL;
}

char **
binance_keys_environment(const struct binance_keys *keys, char *const *environment)
{
	size_t count = 0, kept = 0;
	while (environment != NULL && environment[count] != NULL)
		count++;
	char **list = calloc(count + VARIABLES + 1, sizeof *list);
	for (size_t i = 0; list != NULL && i < count; i++)
		if (keys == NULL || !is_of_a_key(environment[i]))
			list[kept++] = environment[i];
	for (size_t i = 0; list != NULL && keys != NULL && i < VARIABLES; i++)
		if (keys->given[i] != NULL)
			list[kept++] = keys->given[i];
	return list;
}

/* ---- loading ---- */

/* Reads the words' private key, if they name one.  folder is what its path starts at; NULL: where the
 * process stands. */
static enum status
load_private_key(struct binance_keys *keys, const struct key_words *words, const char *folder,
                 enum key_readers readers, struct error *err)
{
	char path[KEY_PATH_SIZE], what[KEY_PATH_SIZE + 32];
	unsigned char *seed = NULL;
	char *text = NULL;
	size_t len = 0;
	bool is_absolute = words->private_key_file[0] == '/' || folder == NULL;

	if (!text_format(path, sizeof path, "%s%s%s", is_absolute ? "" : folder, is_absolute ? "" : "/",
	                 words->private_key_file))
		return error_set(err, STATUS_CONFIG, "%s: private_key_file is too long", keys->origin);
	/* What is there is called by its path; what is not there may be no path, but a key that was
	 * written in the wrong place. */
	enum status status = keys_file_read(path, "the private_key_file", readers, &text, &len, err);
	if (status == STATUS_NOT_FOUND)
		return error_set(err, STATUS_CONFIG, "%s: its private_key_file is not there", keys->origin);
	if (status != STATUS_OK) {
		struct error why = err != NULL ? *err : (struct error){ 0 };
		error_set(err, status, "%s: %s", keys->origin, why.message);
		if (why.hint[0] != '\0')
			error_hint(err, "%s", why.hint);
		return status;
	}
	text_format(what, sizeof what, "private key file %s", path);
	seed = OPENSSL_secure_zalloc(KEY_SEED_SIZE);
	if (seed == NULL)
		status = error_set(err, STATUS_NO_MEMORY, "no memory for keys");
	if (status == STATUS_OK)
		status = keys_read_pem(text, len, what, seed, err);
	OPENSSL_secure_clear_free(text, KEY_FILE_MAX);
	if (status == STATUS_OK) {
		keys->private_key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, KEY_SEED_SIZE);
		if (keys->private_key == NULL)
			status = error_set(err, STATUS_CONFIG, "this OpenSSL does not sign by Ed25519");
	}
	OPENSSL_secure_clear_free(seed, KEY_SEED_SIZE);
	return status;
}

static enum status
take_words(struct binance_keys *keys, const struct key_words *words, const char *folder,
           enum key_readers readers, struct error *err)
{
	size_t len = strlen(words->api_key), tail = len < 8 ? len / 2 : 4;

	text_format(keys->header, sizeof keys->header, "X-MBX-APIKEY: %s", words->api_key);
	text_copy(keys->tail, sizeof keys->tail, words->api_key + len - tail);
	if (words->secret[0] == '\0')
		return load_private_key(keys, words, folder, readers, err);
	text_copy(keys->secret, sizeof keys->secret, words->secret);
	return STATUS_OK;
}

static enum status
load_file(struct binance_keys *keys, struct key_words *words, const char *path,
          enum key_readers readers, struct error *err)
{
	char folder[KEY_PATH_SIZE];
	char *text = NULL;
	size_t len = 0;

	enum status status = keys_file_read(path, keys->origin, readers, &text, &len, err);
	if (status != STATUS_OK)
		return status;
	status = keys_parse(text, len, keys->origin, words, err);
	OPENSSL_secure_clear_free(text, KEY_FILE_MAX);
	if (status != STATUS_OK)
		return status;
	const char *slash = strrchr(path, '/');
	text_copy(folder, sizeof folder, path);
	if (slash != NULL)
		folder[slash - path] = '\0';
	return take_words(keys, words, slash != NULL ? folder : NULL, readers, err);
}

static enum status
load_environment(struct binance_keys *keys, struct key_words *words, char *const *environment,
                 struct error *err)
{
	char *places[VARIABLES] = { words->api_key, words->secret, words->private_key_file };
	static const size_t sizes[VARIABLES] = { KEY_TEXT_SIZE, KEY_TEXT_SIZE, KEY_PATH_SIZE };
	bool is_there = false;

	text_copy(keys->origin, ORIGIN_SIZE, "environment");
	for (size_t i = 0; i < VARIABLES; i++) {
		const char *value = variable(environment, variables[i]);
		if (value[0] == '\0')
			continue;
		is_there = true;
		if (!text_copy(places[i], sizes[i], value))
			return error_set(err, STATUS_CONFIG, "environment: %s is too long", variables[i]);
		size_t size = strlen(variables[i]) + 1 + strlen(value) + 1;
		keys->given[i] = OPENSSL_secure_zalloc(size);
		if (keys->given[i] == NULL)
			return error_set(err, STATUS_NO_MEMORY, "no memory for keys");
		text_format(keys->given[i], size, "%s=%s", variables[i], value);
	}
	if (!is_there)
		return STATUS_NOT_FOUND;
	enum status status = keys_check_words(words, "environment", err);
	return status == STATUS_OK ? take_words(keys, words, NULL, KEY_READ_BY_OWNER, err) : status;
}

static enum status
load(struct binance_keys *keys, struct key_words *words, const char *key_file,
     char *const *environment, struct error *err)
{
	const char *credentials = variable(environment, "CREDENTIALS_DIRECTORY");
	char path[KEY_PATH_SIZE];

	if (key_file != NULL && key_file[0] != '\0') {
		text_format(keys->origin, ORIGIN_SIZE, "key file %s", key_file);
		enum status status = load_file(keys, words, key_file, KEY_READ_BY_OWNER, err);
		if (status != STATUS_NOT_FOUND)
			return status;
		error_set(err, STATUS_CONFIG, "%s is not there", keys->origin);
		error_hint(err, "the setting exchange.key_file names it");
		return STATUS_CONFIG;
	}
	if (credentials[0] != '\0') {
		if (!text_format(path, sizeof path, "%s/robson-key", credentials))
			return error_set(err, STATUS_CONFIG, "$CREDENTIALS_DIRECTORY is too long");
		text_copy(keys->origin, ORIGIN_SIZE, "systemd credential");
		enum status status = load_file(keys, words, path, KEY_READ_BY_SERVICE, err);
		if (status != STATUS_NOT_FOUND)
			return status;
		error_clear(err);
	}
	return load_environment(keys, words, environment, err);
}

enum status
binance_keys_load(const char *key_file, char *const *environment, struct binance_keys **ret,
                  struct error *err)
{
	struct error unheard;
	struct binance_keys *keys;
	struct key_words *words;

	if (err == NULL)
		err = &unheard;
	error_clear(err);
	if (!CRYPTO_secure_malloc_initialized())       /* if it can't be had, what follows is ordinary memory */
		(void)CRYPTO_secure_malloc_init(HEAP_SIZE, HEAP_PIECE);
	keys = OPENSSL_secure_zalloc(sizeof *keys);
	words = OPENSSL_secure_zalloc(sizeof *words);
	if (keys != NULL)
		keys->origin = calloc(1, ORIGIN_SIZE);
	bool has_memory = keys != NULL && keys->origin != NULL && words != NULL;
	enum status status = has_memory ? load(keys, words, key_file, environment, err)
	        : error_set(err, STATUS_NO_MEMORY, "no memory for keys");
	OPENSSL_secure_clear_free(words, sizeof *words);
	if (status != STATUS_OK) {
		binance_keys_free(keys);
		return status;
	}
	/* OpenSSL's own copies are safe; what a dump of the rest might hold (a payload that was signed,
	 * a header on its way) is not worth the risk either. */
	(void)prctl(PR_SET_DUMPABLE, 0);
	*ret = keys;
	return STATUS_OK;
}

void
binance_keys_free(struct binance_keys *keys)
{
	if (keys == NULL)
		return;
	for (size_t i = 0; i < VARIABLES; i++)
		if (keys->given[i] != NULL)
			OPENSSL_secure_clear_free(keys->given[i], strlen(keys->given[i]));
	EVP_PKEY_free(keys->private_key);
	free(keys->origin);
	OPENSSL_secure_clear_free(keys, sizeof *keys);
}

const char *
binance_keys_header(const struct binance_keys *keys)
{
	return keys->header;
}

const char *
binance_keys_tail(const struct binance_keys *keys)
{
	return keys->tail;
}

bool
binance_keys_fingerprint(const struct binance_keys *keys, char *ret, size_t size)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int len = 0;
	const char *api_key = keys->header + strlen("X-MBX-APIKEY: ");
	if (EVP_Digest(api_key, strlen(api_key), digest, &len, EVP_sha256(), NULL) != 1 || len < 8)
		return false;
	return text_format(ret, size, "key-%02x%02x%02x%02x%02x%02x%02x%02x", digest[0], digest[1], digest[2],
	                   digest[3], digest[4], digest[5], digest[6], digest[7]);
}

const char *
binance_keys_origin(const struct binance_keys *keys)
{
	return keys->origin;
}

/* ---- signing ---- */

/* Lower-case hex of HMAC-SHA256 (rest-api.md, "HMAC Keys", step 2). */
static bool
sign_by_secret(const struct binance_keys *keys, const char *payload, char *ret)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char code[EVP_MAX_MD_SIZE];
	size_t len = 0;

	if (EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, keys->secret, strlen(keys->secret),
	              (const unsigned char *)payload, strlen(payload), code, sizeof code, &len) == NULL)
		return false;
	for (size_t i = 0; i < len; i++) {
		ret[2 * i] = digits[code[i] >> 4];
		ret[2 * i + 1] = digits[code[i] & 15];
	}
	ret[2 * len] = '\0';
	return true;
}

/* Base64, and what of it means something in a query percent-encoded (rest-api.md, "Ed25519 Keys"). */
static bool
sign_by_private_key(const struct binance_keys *keys, const char *payload, char *ret)
{
	unsigned char code[64], base64[96];
	size_t code_len = sizeof code, len = 0;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool is_signed = context != NULL &&
	        EVP_DigestSignInit(context, NULL, NULL, NULL, keys->private_key) == 1 &&
	        EVP_DigestSign(context, code, &code_len, (const unsigned char *)payload, strlen(payload)) == 1;
	EVP_MD_CTX_free(context);
	if (!is_signed)
		return false;
	EVP_EncodeBlock(base64, code, (int)code_len);
	for (const unsigned char *c = base64; *c != '\0'; c++) {
		const char *encoded = *c == '+' ? "%2B" : *c == '/' ? "%2F" : *c == '=' ? "%3D" : NULL;
		if (encoded == NULL) {
			ret[len++] = (char)*c;
		} else {
			memcpy(ret + len, encoded, 3);
			len += 3;
		}
	}
	ret[len] = '\0';
	return true;
}

enum status
binance_keys_sign(const struct binance_keys *keys, const char *payload,
                  char ret_signature[BINANCE_SIGNATURE_SIZE], struct error *err)
{
	bool is_signed = keys->private_key != NULL ? sign_by_private_key(keys, payload, ret_signature)
	                                           : sign_by_secret(keys, payload, ret_signature);
	return is_signed ? STATUS_OK : error_set(err, STATUS_NO_MEMORY, "OpenSSL could not sign");
}
