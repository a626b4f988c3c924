/* API keys of Binance: where they come from, and signing with them.  (exchange.md, "Secrets")
 *
 * A key file holds lines of "name = value":  api_key, and secret (HMAC-SHA256) or private_key_file
 * (Ed25519, PEM, PKCS#8); a systemd credential of the name "robson-key" has the same form.  In the
 * environment: ROBSON_API_KEY with ROBSON_API_SECRET or ROBSON_PRIVATE_KEY_FILE.  A file must belong
 * to this user and be readable by nobody else.
 *
 * What is secret stays in here, in memory that is cleansed, out of core dumps where the system allows
 * it, and out of every error text. */
#ifndef EXCHANGE_BINANCE_KEYS_H
#define EXCHANGE_BINANCE_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include "base/error.h"

struct binance_keys;
enum { BINANCE_SIGNATURE_SIZE = 128 };

/* The first of: key_file (the setting), $CREDENTIALS_DIRECTORY/robson-key, the environment.
 * STATUS_NOT_FOUND: no key anywhere, which is no error (err stays empty).  STATUS_CONFIG (exit 78):
 * there is one and it can't be used; err says why without saying any of it. */
MUST_USE enum status binance_keys_load(const char *key_file, char *const *environment,
                                       struct binance_keys **ret, struct error *err);
void binance_keys_free(struct binance_keys *keys);            /* cleansed; accepts NULL */

/* "X-MBX-APIKEY: ..."; lives as long as keys. */
const char *binance_keys_header(const struct binance_keys *keys);
/* The last four characters of the public key, to know it by. */
const char *binance_keys_tail(const struct binance_keys *keys);
/* Where it came from: "key file /path", "systemd credential", "environment". */
const char *binance_keys_origin(const struct binance_keys *keys);

/* Signs a payload that is percent-encoded already.  ret: HMAC in lower-case hex; Ed25519 in base64,
 * percent-encoded, ready to follow "signature=". */
MUST_USE enum status binance_keys_sign(const struct binance_keys *keys, const char *payload,
                                       char ret_signature[BINANCE_SIGNATURE_SIZE], struct error *err);

#endif
