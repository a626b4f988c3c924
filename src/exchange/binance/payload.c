/* Building payloads: all of a pair goes in, or none of it. */
#include "exchange/binance/payload.h"

#include <inttypes.h>
#include <openssl/crypto.h>
#include <string.h>
#include "base/text.h"
#include "http/http.h"

void
payload_init(struct payload *payload)
{
	payload->text[0] = '\0';
	payload->len = 0;
	payload->is_broken = false;
}

void
payload_cleanse(struct payload *payload)
{
	OPENSSL_cleanse(payload, sizeof *payload);
}

/* "&name=value" of a value that is encoded already. */
static bool
append(struct payload *payload, const char *name, const char *encoded)
{
	size_t room = sizeof payload->text - payload->len;
	if (!payload->is_broken &&
	    text_format(payload->text + payload->len, room, "%s%s=%s", payload->len > 0 ? "&" : "", name, encoded)) {
		payload->len += strlen(payload->text + payload->len);
		return true;
	}
	payload->text[payload->len] = '\0';
	payload->is_broken = true;
	return false;
}

void
payload_add(struct payload *payload, const char *name, const char *value)
{
	char encoded[PAYLOAD_SIZE];
	if (http_encode(value, encoded, sizeof encoded))
		(void)append(payload, name, encoded);
	else
		payload->is_broken = true;
}

void
payload_add_int(struct payload *payload, const char *name, int64_t value)
{
	char text[24];
	text_format(text, sizeof text, "%" PRId64, value);
	payload_add(payload, name, text);
}

void
payload_add_decimal(struct payload *payload, const char *name, struct decimal value)
{
	char text[DECIMAL_TEXT_SIZE];
	decimal_text(value, text);
	payload_add(payload, name, text);
}

enum status
payload_check(const struct payload *payload, struct error *err)
{
	if (!payload->is_broken)
		return STATUS_OK;
	return error_set(err, STATUS_RANGE, "a request of more than %d bytes", (int)PAYLOAD_SIZE);
}

enum status
payload_sign(struct payload *payload, const struct binance_keys *keys, struct error *err)
{
	char signature[BINANCE_SIGNATURE_SIZE];
	enum status status = payload_check(payload, err);
	if (status == STATUS_OK)
		status = binance_keys_sign(keys, payload->text, signature, err);
	if (status == STATUS_OK && !append(payload, "signature", signature))
		status = payload_check(payload, err);
	return status;
}
