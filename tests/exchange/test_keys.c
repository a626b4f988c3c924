/* Keys of Binance: the documentation's worked examples, where keys may come from and where not, and
 * that no error repeats a word of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/text.h"
#include "exchange/binance/keys.h"
#include "exchange/binance/payload.h"
#include "tests/app/folder.h"

/* rest-api.md, "SIGNED Endpoint Examples for POST /api/v3/order", "HMAC Keys". */
#define API_KEY "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
#define SECRET "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
/* RFC 8032, section 7.1, TEST 1 to 3. */
#define SEED_1 "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g"
#define SEED_2 "MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7"
#define SEED_3 "MC4CAQAwBQYDK2VwBCIEIMWqjfQ/n4N77bdELzHct7Fm04U1B28JS4XOOi4LRFj3"
#define PEM(base64) "-----BEGIN PRIVATE KEY-----\n" base64 "\n-----END PRIVATE KEY-----\n"

static struct folder folder;
static char *nothing[] = { NULL };

static const char *
put(const char *name, const char *text, mode_t mode)
{
	static char path[FOLDER_PATH_SIZE];
	folder_path(&folder, name, path);
	unlink(path);
	folder_write(&folder, name, text);
	assert_int_equal(chmod(path, mode), 0);
	return path;
}

static struct binance_keys *
load(const char *key_file, char *const *environment)
{
	struct binance_keys *keys = NULL;
	struct error err;
	enum status status = binance_keys_load(key_file, environment, &keys, &err);
	if (status != STATUS_OK)
		fail_msg("%s", err.message);
	return keys;
}

/* Nothing of the file stands in the error. */
static void
check_refused(const char *text, const char *expected)
{
	struct binance_keys *keys = NULL;
	struct error err;
	const char *path = put("robson.key", text, 0600);
	assert_int_equal(binance_keys_load(path, nothing, &keys, &err), STATUS_CONFIG);
	assert_null(keys);
	if (strstr(err.message, expected) == NULL)
		fail_msg("'%s' is not in '%s'", expected, err.message);
	assert_non_null(strstr(err.message, "robson.key"));
	static const char *const words[] = { "NhqP", "vmPU", "5ec2e7", "MC4C" };
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		assert_null(strstr(err.message, words[i]));
		assert_null(strstr(err.hint, words[i]));
	}
}

/* ---- signing ---- */

static void
add_example(struct payload *payload, const char *symbol, const char *side, const char *price)
{
	struct decimal amount;
	payload_init(payload);
	payload_add(payload, "symbol", symbol);
	payload_add(payload, "side", side);
	payload_add(payload, "type", "LIMIT");
	payload_add(payload, "timeInForce", "GTC");
	payload_add_decimal(payload, "quantity", decimal_from_int(1));
	assert_int_equal(decimal_parse(price, &amount), STATUS_OK);
	payload_add_decimal(payload, "price", amount);
}

static void
the_documentations_examples_of_hmac_come_out_as_printed(void **state)
{
	(void)state;
	static const struct { const char *symbol, *payload, *signature; } examples[] = {
		{ "LTCBTC", "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1"
		  "&recvWindow=5000&timestamp=1499827319559",
		  "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71" },
		{ "１２３４５６", "symbol=%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96&side=BUY"
		  "&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000"
		  "&timestamp=1499827319559",
		  "e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3" },
	};
	struct binance_keys *keys = load(put("robson.key", "api_key = " API_KEY "\nsecret = " SECRET "\n", 0600),
	                                 nothing);
	for (size_t i = 0; i < ARRAY_LEN(examples); i++) {
		struct payload payload;
		char expected[512];
		add_example(&payload, examples[i].symbol, "BUY", "0.1");
		payload_add_int(&payload, "recvWindow", 5000);
		payload_add_int(&payload, "timestamp", INT64_C(1499827319559));
		assert_int_equal(payload_check(&payload, NULL), STATUS_OK);
		assert_string_equal(payload.text, examples[i].payload);
		assert_int_equal(payload_sign(&payload, keys, NULL), STATUS_OK);
		text_format(expected, sizeof expected, "%s&signature=%s", examples[i].payload, examples[i].signature);
		assert_string_equal(payload.text, expected);
		assert_int_equal(payload.len, strlen(expected));
	}
	binance_keys_free(keys);
}

/* The signatures that rest-api.md prints below "Ed25519 Keys" have 256 bytes and are made by "openssl
 * dgst -sha256": they are RSA's.  An Ed25519 signature has 64.  So: RFC 8032, and what "openssl pkeyutl
 * -sign -rawin" says to the documentation's payloads, by the key of RFC 8032's TEST 1. */
static void
ed25519_signs_as_its_rfc_and_openssl_do(void **state)
{
	(void)state;
	static const struct { const char *pem, *payload, *signature; } vectors[] = {
		{ PEM(SEED_1), "",
		  "5VZDAMNgrHKQhuLMgG6CioSHfx645dl02HPgZSJJAVVfuIIVkKM7rMYeOXAc%2BbRr0lv18FlbviRlUUFDjnoQCw%3D%3D" },
		{ PEM(SEED_2), "\x72",
		  "kqAJqfDUyrhyDoILX2QlQKKye1QWUD%2BPs3YiI%2BvbadoIWsHkPhWZbkWPNhPQ8R2MOHsurrQwKu6wDSkWErsMAA%3D%3D" },
		{ PEM(SEED_3), "\xaf\x82",
		  "YpHWV97sJAJIJ%2BacOr4BowzlSKKEdDpEXjaA19taw6wY%2F5tTjRbykK5n92CYTcZZSnwV6XFu0o3AJ77O6h7ECg%3D%3D" },
		{ PEM(SEED_1), "symbol=BTCUSDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=1&price=0.2"
		  "&timestamp=1668481559918&recvWindow=5000",
		  "XtZirsmmi0noRzUfkqktvkVfxpkq%2FWtbLg2UOL3QGYdUBZVlqOBEMuEVw8zioY93N54NcKj9UuAXQEa9zgTDBg%3D%3D" },
		{ PEM(SEED_1), "symbol=%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96&side=SELL&type=LIMIT"
		  "&timeInForce=GTC&quantity=1&price=0.2&timestamp=1668481559918&recvWindow=5000",
		  "FWYdifsZ1T%2BXvAR4JXeCD399kQM9CBUnEKjWb0%2BjS1X00g%2BLgvtR8uBv2T7dn1gFf9GPIhHnYlM%2B6vBsJOnMDA%3D%3D" },
	};
	for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
		char signature[BINANCE_SIGNATURE_SIZE];
		put("robson.pem", vectors[i].pem, 0600);
		struct binance_keys *keys = load(put("robson.key", "api_key=" API_KEY "\n"
		                                     "private_key_file = robson.pem\n", 0600), nothing);
		assert_int_equal(binance_keys_sign(keys, vectors[i].payload, signature, NULL), STATUS_OK);
		assert_string_equal(signature, vectors[i].signature);
		binance_keys_free(keys);
	}
}

static void
a_payload_that_does_not_fit_is_not_signed(void **state)
{
	(void)state;
	char *environment[] = { (char[]){ "ROBSON_API_KEY=" API_KEY }, (char[]){ "ROBSON_API_SECRET=" SECRET }, NULL };
	struct binance_keys *keys = load(NULL, environment);
	static const size_t lengths[] = { 1900, 1969, 1970, 2042, 2043, 2044, 3000 };
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		/* "a=" and the value; then "&signature=" and 64 */
		bool fits = 2 + lengths[i] < PAYLOAD_SIZE, fits_signed = 2 + lengths[i] + 11 + 64 < PAYLOAD_SIZE;
		char value[3001] = "";
		struct payload payload;
		struct error err = { 0 };
		memset(value, 'x', lengths[i]);
		payload_init(&payload);
		payload_add(&payload, "a", value);
		assert_int_equal(payload_check(&payload, &err), fits ? STATUS_OK : STATUS_RANGE);
		size_t before = payload.len;
		assert_int_equal(payload_sign(&payload, keys, &err), fits_signed ? STATUS_OK : STATUS_RANGE);
		assert_int_equal(payload.len, fits_signed ? before + 75 : before);
		assert_int_equal(payload.len, strlen(payload.text));
		assert_true(fits_signed == (err.message[0] == '\0'));
		if (!fits_signed) {
			payload_add(&payload, "b", "1");      /* what is broken stays so */
			assert_int_equal(payload.len, before);
		}
	}
	binance_keys_free(keys);
}

static void
what_means_something_in_a_query_is_encoded(void **state)
{
	(void)state;
	struct payload payload;
	struct decimal price;
	payload_init(&payload);
	payload_add(&payload, "a", "x&b=1 +%#\"\n");
	payload_add_int(&payload, "n", -7);
	assert_int_equal(decimal_parse("0.00001200", &price), STATUS_OK);
	payload_add_decimal(&payload, "p", price);
	payload_add(&payload, "symbols", "[\"BTCUSDT\",\"BNBBTC\"]");
	assert_string_equal(payload.text, "a=x%26b%3D1%20%2B%25%23%22%0A&n=-7&p=0.000012"
	                    "&symbols=%5B%22BTCUSDT%22%2C%22BNBBTC%22%5D");
	payload_cleanse(&payload);
	assert_int_equal(payload.len, 0);
	assert_string_equal(payload.text, "");
}

/* ---- where keys come from ---- */

static void
no_key_anywhere_is_no_error(void **state)
{
	(void)state;
	char *environment[] = { (char[]){ "HOME=/" }, (char[]){ "ROBSON_API_KEY=" }, (char[]){ "ROBSON_API_KEYS=x" }, NULL };
	struct binance_keys *keys = NULL;
	struct error err = { .message = "old" };
	assert_int_equal(binance_keys_load(NULL, NULL, &keys, &err), STATUS_NOT_FOUND);
	assert_int_equal(binance_keys_load("", environment, &keys, &err), STATUS_NOT_FOUND);
	assert_string_equal(err.message, "");
	assert_null(keys);
	binance_keys_free(NULL);
}

static void
a_key_is_known_by_its_origin_and_its_tail(void **state)
{
	(void)state;
	char credentials[FOLDER_PATH_SIZE + 32], origin[FOLDER_PATH_SIZE + 32];
	text_format(credentials, sizeof credentials, "CREDENTIALS_DIRECTORY=%s", folder.path);
	char *environment[] = { credentials, (char[]){ "ROBSON_API_KEY=fromtheenvironment" },
	                        (char[]){ "ROBSON_API_SECRET=x" }, NULL };

	const char *path = put("given", "# mine\r\n\r\n  api_key\t=  " API_KEY "  \r\nsecret=a=b==", 0400);
	text_format(origin, sizeof origin, "key file %s", path);
	struct binance_keys *keys = load(path, environment);
	assert_string_equal(binance_keys_origin(keys), origin);
	assert_string_equal(binance_keys_tail(keys), "Eh8A");
	assert_string_equal(binance_keys_header(keys), "X-MBX-APIKEY: " API_KEY);
	binance_keys_free(keys);

	put("robson-key", "\xef\xbb\xbf" "api_key = fromsystemd\nsecret = s\n", 0400);
	keys = load("", environment);
	assert_string_equal(binance_keys_origin(keys), "systemd credential");
	assert_string_equal(binance_keys_tail(keys), "temd");
	binance_keys_free(keys);

	put("robson-key", "", 0600);
	folder_path(&folder, "robson-key", credentials + 22);
	assert_int_equal(unlink(credentials + 22), 0);
	text_format(credentials, sizeof credentials, "CREDENTIALS_DIRECTORY=%s", folder.path);
	keys = load(NULL, environment);
	assert_string_equal(binance_keys_origin(keys), "environment");
	assert_string_equal(binance_keys_tail(keys), "ment");
	binance_keys_free(keys);

	char *tiny[] = { (char[]){ "ROBSON_API_KEY=abc" }, (char[]){ "ROBSON_API_SECRET=x" }, NULL };
	keys = load(NULL, tiny);
	assert_string_equal(binance_keys_tail(keys), "c");
	binance_keys_free(keys);
}

/* systemd (since 250) leaves a credential to root and lets the service read it by an ACL, whose mask
 * stands where the group's bits are; a file of one's own has no such excuse. */
static void
a_credential_may_show_the_mask_of_its_acl(void **state)
{
	(void)state;
	char credentials[FOLDER_PATH_SIZE + 32];
	struct binance_keys *keys = NULL;
	struct error err;
	text_format(credentials, sizeof credentials, "CREDENTIALS_DIRECTORY=%s", folder.path);
	char *environment[] = { credentials, NULL };
	put("robson-key", "api_key = fromsystemd\nsecret = s\n", 0440);
	binance_keys_free(load(NULL, environment));
	put("robson-key", "api_key = fromsystemd\nsecret = s\n", 0444);
	assert_int_equal(binance_keys_load(NULL, environment, &keys, &err), STATUS_CONFIG);
	put("robson-key", "api_key = fromsystemd\nsecret = s\n", 0460);
	assert_int_equal(binance_keys_load(NULL, environment, &keys, &err), STATUS_CONFIG);
	const char *path = put("robson-key", "api_key = fromsystemd\nsecret = s\n", 0440);
	assert_int_equal(binance_keys_load(path, nothing, &keys, &err), STATUS_CONFIG);
	unlink(path);
}

static void
a_file_that_others_may_read_is_refused_with_what_to_do(void **state)
{
	(void)state;
	static const mode_t modes[] = { 0640, 0604, 0660, 0602, 0644, 0610, 0601 };
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		struct binance_keys *keys = NULL;
		struct error err;
		const char *path = put("robson.key", "api_key = a\nsecret = b\n", modes[i]);
		assert_int_equal(binance_keys_load(path, nothing, &keys, &err), STATUS_CONFIG);
		assert_non_null(strstr(err.message, path));
		assert_non_null(strstr(err.hint, "chmod 600"));
	}
	put("robson.pem", PEM(SEED_1), 0644);
	check_refused("api_key = a\nprivate_key_file = robson.pem\n", "may be read or written by others");
}

static void
a_file_of_another_user_is_refused(void **state)
{
	(void)state;
	struct binance_keys *keys = NULL;
	struct error err;
	const char *path = put("robson.key", "api_key = a\nsecret = b\n", 0600);
	if (geteuid() != 0 || chown(path, 65534, 65534) != 0)
		skip();
	assert_int_equal(binance_keys_load(path, nothing, &keys, &err), STATUS_CONFIG);
	assert_non_null(strstr(err.message, "another user"));
}

static void
what_is_no_regular_file_is_refused_without_waiting(void **state)
{
	(void)state;
	struct binance_keys *keys = NULL;
	struct error err;
	char path[FOLDER_PATH_SIZE];
	folder_path(&folder, "pipe", path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(binance_keys_load(path, nothing, &keys, &err), STATUS_CONFIG);
	assert_int_equal(binance_keys_load(folder.path, nothing, &keys, &err), STATUS_CONFIG);
	assert_int_equal(binance_keys_load("/dev/null", nothing, &keys, &err), STATUS_CONFIG);
	folder_path(&folder, "no such file", path);
	assert_int_equal(binance_keys_load(path, nothing, &keys, &err), STATUS_CONFIG);
	assert_non_null(strstr(err.message, "is not there"));
	assert_non_null(strstr(err.hint, "exchange.key_file"));
}

static void
a_key_file_with_something_wrong_is_refused_by_line_and_not_quoted(void **state)
{
	(void)state;
	char big[9000];
	check_refused(SECRET "\n", "line 1");
	check_refused("api_key = " API_KEY "\n\n" SECRET " =\n", "line 3: a name");
	check_refused("api_key = " API_KEY "\napi_key = 5ec2e7\n", "line 2: it says that for the second time");
	check_refused("api_key = " API_KEY "\nsecret =   \n", "line 2: the value is missing");
	check_refused("api_key = " API_KEY "\n", "neither secret nor private_key_file");
	check_refused("secret = " SECRET "\n", "the api_key is missing");
	check_refused("", "the api_key is missing");
	check_refused("api_key = " API_KEY "\nsecret = 5ec2e7\nprivate_key_file = 5ec2e7\n", "one is wanted");
	check_refused("api_key = " API_KEY "\nsecret = \"5ec2e7\"\n", "the secret has a character");
	check_refused("api_key = '5ec2e7'\nsecret = " SECRET "\n", "the api_key has a character");
	check_refused("api_key = vmPU 5ec2e7\nsecret = " SECRET "\n", "the api_key has a character");
	check_refused("api_key = " API_KEY "\nprivate_key_file = 5ec2e7\n", "private_key_file is not there");
	memset(big, 'x', sizeof big);
	memcpy(big, "secret = 5ec2e7", 15);
	big[300] = '\0';
	check_refused(big, "line 1: the value is too long");
	big[300] = 'x';
	big[sizeof big - 1] = '\0';
	check_refused(big, "too long for a file of keys");
}

static void
what_is_no_ed25519_key_is_refused_with_what_to_do(void **state)
{
	(void)state;
	static const struct { const char *pem, *why; } wrong[] = {
		{ "", "is no private key in PEM" },
		{ "-----BEGIN PRIVATE KEY-----\n" SEED_1, "is no private key in PEM" },
		{ "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
		  "-----END PUBLIC KEY-----\n", "is no private key in PEM" },
		{ "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIGbMFcGCSqGSIb3DQEFDTBK\n"
		  "-----END ENCRYPTED PRIVATE KEY-----\n", "passphrase" },
		{ PEM("MC4CAQAwBQYDK2VuBCIEIPD1bqCljUq2Nc+AYHNrEB40hcetlFgIehBSl2UbKMVh"), "is no Ed25519" },  /* X25519 */
		{ PEM(""), "is no Ed25519" },
		{ PEM("===="), "is no Ed25519" },
		{ PEM("MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn8="), "is no Ed25519" },
		{ PEM("MC4C*QAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g"), "is no Ed25519" },
		{ PEM(SEED_1 SEED_1 SEED_1), "is no Ed25519" },
	};
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct binance_keys *keys = NULL;
		struct error err;
		put("robson.pem", wrong[i].pem, 0600);
		const char *path = put("robson.key", "api_key = a\nprivate_key_file = robson.pem\n", 0600);
		assert_int_equal(binance_keys_load(path, nothing, &keys, &err), STATUS_CONFIG);
		if (strstr(err.message, wrong[i].why) == NULL)
			fail_msg("%zu: %s", i, err.message);
		assert_non_null(strstr(err.message, "robson.pem"));
		assert_non_null(strstr(err.hint, "openssl genpkey"));
	}
}

/* RFC 5958's second version carries the public key as well; Windows ends lines otherwise. */
static void
a_private_key_may_carry_its_public_one_and_any_line_ends(void **state)
{
	(void)state;
	static const char *const pems[] = {
		"-----BEGIN PRIVATE KEY-----\r\n" "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/Vpg\r\n"
		"uoRK9JLsLMREScVpezJpGXA7rAMcrn9g\r\n" "-----END PRIVATE KEY-----\r\n",
		PEM("MFECAQEwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
		    "gSEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="),
	};
	for (size_t i = 0; i < ARRAY_LEN(pems); i++) {
		char given[FOLDER_PATH_SIZE + 32], path[FOLDER_PATH_SIZE], signature[BINANCE_SIGNATURE_SIZE];
		put("robson.pem", pems[i], 0600);
		folder_path(&folder, "robson.pem", path);
		text_format(given, sizeof given, "ROBSON_PRIVATE_KEY_FILE=%s", path);
		char *environment[] = { given, (char[]){ "ROBSON_API_KEY=" API_KEY }, NULL };
		struct binance_keys *keys = load(NULL, environment);
		assert_int_equal(binance_keys_sign(keys, "", signature, NULL), STATUS_OK);
		assert_memory_equal(signature, "5VZDAMNgrHKQ", 12);
		binance_keys_free(keys);
	}
}

static void
half_a_key_in_the_environment_is_an_error(void **state)
{
	(void)state;
	static char *const halves[] = { "ROBSON_API_KEY=5ec2e7", "ROBSON_API_SECRET=5ec2e7",
	                                "ROBSON_PRIVATE_KEY_FILE=/5ec2e7" };
	struct binance_keys *keys = NULL;
	struct error err;
	for (size_t i = 0; i < ARRAY_LEN(halves); i++) {
		char *environment[] = { halves[i], NULL };
		assert_int_equal(binance_keys_load(NULL, environment, &keys, &err), STATUS_CONFIG);
		assert_int_equal(status_exit_code(err.status), 78);
		assert_null(strstr(err.message, "5ec2e7"));
	}
	char *environment[] = { halves[0], halves[1], halves[2], NULL };
	assert_int_equal(binance_keys_load(NULL, environment, &keys, &err), STATUS_CONFIG);
	static char long_key[400] = "ROBSON_API_KEY=";
	memset(long_key + 15, 'k', sizeof long_key - 16);
	char *too_long[] = { long_key, halves[1], NULL };
	assert_int_equal(binance_keys_load(NULL, too_long, &keys, &err), STATUS_CONFIG);
	assert_null(strstr(err.message, "kkk"));
}

/* ---- keeping them ---- */

static void
the_environment_forgets_keys_and_can_have_them_back_to_run_anew(void **state)
{
	(void)state;
	char key[] = "ROBSON_API_KEY=" API_KEY, secret[] = "ROBSON_API_SECRET=" SECRET, home[] = "HOME=/",
	     again[] = "ROBSON_API_SECRET=older", near[] = "ROBSON_API_SECRETS=no";
	char *environment[] = { key, home, secret, near, again, NULL };
	struct binance_keys *keys = load(NULL, environment);
	binance_keys_forget_environment(environment);
	assert_ptr_equal(environment[0], home);
	assert_ptr_equal(environment[1], near);
	assert_null(environment[2]);
	for (size_t i = 0; i < sizeof secret; i++)
		assert_int_equal(secret[i], 0);
	for (size_t i = 0; i < sizeof key; i++)
		assert_int_equal(key[i], 0);
	assert_int_equal(again[0], 0);

	char **anew = binance_keys_environment(keys, environment);
	assert_non_null(anew);
	struct binance_keys *same = load(NULL, anew);
	assert_string_equal(binance_keys_header(same), binance_keys_header(keys));
	assert_string_equal(anew[0], "HOME=/");
	assert_string_equal(anew[3], "ROBSON_API_SECRET=" SECRET);
	assert_null(anew[4]);
	free(anew);
	binance_keys_free(same);
	binance_keys_free(keys);

	anew = binance_keys_environment(NULL, environment);
	assert_ptr_equal(anew[1], near);
	assert_null(anew[2]);
	free(anew);
	binance_keys_forget_environment(NULL);
}

static void
with_keys_the_process_dumps_no_core_and_locks_their_memory(void **state)
{
	(void)state;
	char *environment[] = { (char[]){ "ROBSON_API_KEY=" API_KEY }, (char[]){ "ROBSON_API_SECRET=" SECRET }, NULL };
	assert_int_equal(prctl(PR_SET_DUMPABLE, 1), 0);
	struct binance_keys *keys = load(NULL, environment);
	assert_int_equal(prctl(PR_GET_DUMPABLE), 0);

	/* "dd" in the flags of its pages: not in a dump, whatever else happens. */
	FILE *maps = fopen("/proc/self/smaps", "r");
	assert_non_null(maps);
	uintptr_t at = (uintptr_t)binance_keys_header(keys), from = 0, to = 0;
	char line[512];
	bool is_left_out = false;
	while (fgets(line, sizeof line, maps) != NULL) {
		uintptr_t begin, end;            /* "Anon..." begins like a number as well */
		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " ", &begin, &end) == 2)
			from = begin, to = end;
		else if (at >= from && at < to && strncmp(line, "VmFlags:", 8) == 0)
			is_left_out = strstr(line, " dd") != NULL;
	}
	fclose(maps);
	assert_true(is_left_out);
	binance_keys_free(keys);
	prctl(PR_SET_DUMPABLE, 1);
}

static int
start(void **state)
{
	(void)state;
	folder_make(&folder);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	folder_remove(&folder);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_documentations_examples_of_hmac_come_out_as_printed),
		cmocka_unit_test(ed25519_signs_as_its_rfc_and_openssl_do),
		cmocka_unit_test(a_payload_that_does_not_fit_is_not_signed),
		cmocka_unit_test(what_means_something_in_a_query_is_encoded),
		cmocka_unit_test(no_key_anywhere_is_no_error),
		cmocka_unit_test(a_key_is_known_by_its_origin_and_its_tail),
		cmocka_unit_test(a_credential_may_show_the_mask_of_its_acl),
		cmocka_unit_test(a_file_that_others_may_read_is_refused_with_what_to_do),
		cmocka_unit_test(a_file_of_another_user_is_refused),
		cmocka_unit_test(what_is_no_regular_file_is_refused_without_waiting),
		cmocka_unit_test(a_key_file_with_something_wrong_is_refused_by_line_and_not_quoted),
		cmocka_unit_test(what_is_no_ed25519_key_is_refused_with_what_to_do),
		cmocka_unit_test(a_private_key_may_carry_its_public_one_and_any_line_ends),
		cmocka_unit_test(half_a_key_in_the_environment_is_an_error),
		cmocka_unit_test(the_environment_forgets_keys_and_can_have_them_back_to_run_anew),
		cmocka_unit_test(with_keys_the_process_dumps_no_core_and_locks_their_memory),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
