/* API keys of Binance: where they come from, and signing with them.  (exchange.md, "Secrets")
 *
 * A key file holds lines of "name = value", without quotes:  api_key, and secret (HMAC-SHA256) or
 * private_key_file (Ed25519, PEM, PKCS#8; a path that is not absolute starts at the key file's
 * folder).  "#" begins a comment where a line begins.  A systemd credential of the name "robson-key"
 * has the same form.  In the environment: ROBSON_API_KEY with ROBSON_API_SECRET or
 * ROBSON_PRIVATE_KEY_FILE.  A file must belong to this user and be readable by nobody else.
 *
 * What is secret stays in here, in memory that is locked, cleansed, and out of core dumps where the
 * system allows it, and out of every error text. */
#ifndef EXCHANGE_BINANCE_KEYS_H
#define EXCHANGE_BINANCE_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include "base/error.h"

struct binance_keys;
enum { BINANCE_SIGNATURE_SIZE = 272 };   /* base64 of 64 bytes, if each of its characters were encoded */

/* The first of: key_file (the setting), $CREDENTIALS_DIRECTORY/robson-key, the environment.
 * STATUS_NOT_FOUND: no key anywhere, which is no error (err stays empty).  STATUS_CONFIG (exit 78):
 * there is one and it can't be used; err says why without saying any of it.  Once there are keys, the
 * process dumps no core. */
MUST_USE enum status binance_keys_load(const char *key_file, char *const *environment,
                                       struct binance_keys **ret, struct error *err);
void binance_keys_free(struct binance_keys *keys);            /* cleansed; accepts NULL */

/* Takes the variables of a key out of the environment and wipes their text where it stood, so that
 * neither a program that Robson starts nor /proc shows them.  Whether they were used or not. */
void binance_keys_forget_environment(char **environment);
/* The environment with the variables put back that keys came from, for Robson to run itself anew; a
 * list of its own, to be given to free(), its texts borrowed from both.  NULL: no memory.  keys may be
 * NULL. */
char **binance_keys_environment(const struct binance_keys *keys, char *const *environment);

/* "X-MBX-APIKEY: ..."; lives as long as keys. */
const char *binance_keys_header(const struct binance_keys *keys);
/* The last four characters of the public key, to know it by; of a very short key, fewer. */
const char *binance_keys_tail(const struct binance_keys *keys);
/* "key-" and the beginning of the public key's SHA-256: names an account whose number is not told.
 * false: it can't be made. */
MUST_USE bool binance_keys_fingerprint(const struct binance_keys *keys, char *ret, size_t size);
/* Where it came from: "key file /path", "systemd credential", "environment". */
const char *binance_keys_origin(const struct binance_keys *keys);

/* Signs a payload that is percent-encoded already.  ret: HMAC in lower-case hex; Ed25519 in base64,
 * percent-encoded, ready to follow "signature=". */
MUST_USE enum status binance_keys_sign(const struct binance_keys *keys, const char *payload,
                                       char ret_signature[BINANCE_SIGNATURE_SIZE], struct error *err);

#endif
