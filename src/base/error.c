/* Fills errors.  The text is formatted aside first, so that a message may quote the very error
 * that it replaces. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

void
error_clear(struct error *err)
{
	if (err != NULL)
		*err = (struct error){ .status = STATUS_OK };
}

static void PRINTF_LIKE(3, 0)
fill(char *dst, size_t size, const char *format, va_list args)
{
	if (!text_vformat(dst, size, format, args) && dst[0] != '\0') {
		/* What was cut is seen to be cut. */
		char kept[sizeof ((struct error *)NULL)->message];
		text_copy(kept, size - 3, dst);
		text_format(dst, size, "%s...", kept);
	}
	text_make_harmless(dst);
}

static enum status PRINTF_LIKE(4, 0)
set(struct error *err, enum status status, const char *field, const char *format, va_list args)
{
	if (err == NULL)
		return status;
	struct error next = { .status = status };
	next.retryable = status == STATUS_BUSY || status == STATUS_UNAVAILABLE;
	text_copy(next.field, sizeof next.field, field);
	text_make_harmless(next.field);
	fill(next.message, sizeof next.message, format, args);
	*err = next;
	return status;
}

enum status
error_set(struct error *err, enum status status, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	set(err, status, "", format, args);
	va_end(args);
	return status;
}

enum status
error_field(struct error *err, enum status status, const char *field, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	set(err, status, field, format, args);
	va_end(args);
	return status;
}

void
error_hint(struct error *err, const char *format, ...)
{
	if (err == NULL)
		return;
	char hint[sizeof err->hint];
	va_list args;
	va_start(args, format);
	fill(hint, sizeof hint, format, args);
	va_end(args);
	text_copy(err->hint, sizeof err->hint, hint);
}
