/* The parameters of a request, percent-encoded as they are added, so that what is signed is what is
 * sent.  (rest-api.md, "SIGNED Endpoint Examples": non-ASCII is percent-encoded before signing) */
#ifndef EXCHANGE_BINANCE_PAYLOAD_H
#define EXCHANGE_BINANCE_PAYLOAD_H

#include "base/error.h"
#include "core/decimal.h"
#include "exchange/binance/keys.h"

enum { PAYLOAD_SIZE = 2048 };

struct payload {
	char text[PAYLOAD_SIZE];      /* always ended; what did not fit is not in it, not even in part */
	size_t len;
	bool is_broken;               /* something did not fit, and stays so: it must not be sent */
};

void payload_init(struct payload *payload);
void payload_cleanse(struct payload *payload);

/* "name=value", with "&" before it where it is not the first. */
void payload_add(struct payload *payload, const char *name, const char *value);
void payload_add_int(struct payload *payload, const char *name, int64_t value);
/* Without an exponent and without zeros at its end. */
void payload_add_decimal(struct payload *payload, const char *name, struct decimal value);

/* STATUS_OK if everything fitted, else STATUS_RANGE. */
MUST_USE enum status payload_check(const struct payload *payload, struct error *err);
/* The same, and "signature=" at the end.  Nothing may be added afterwards. */
MUST_USE enum status payload_sign(struct payload *payload, const struct binance_keys *keys,
                                  struct error *err);

#endif
