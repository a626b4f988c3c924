/* UUIDs of version 7. */
#include "base/random.h"

void
uuid7_make(int64_t now_ms, random_fill_fn fill, void *context, char ret_text[UUID_TEXT_SIZE])
{
	static const char hex[] = "0123456789abcdef";
	unsigned char bytes[16];
	size_t to = 0;

	fill(context, bytes + 6, sizeof bytes - 6);
	for (int i = 0; i < 6; i++)
		bytes[i] = (unsigned char)((uint64_t)now_ms >> (40 - 8 * i));
	bytes[6] = (unsigned char)(0x70 | (bytes[6] & 0x0F));    /* version 7 */
	bytes[8] = (unsigned char)(0x80 | (bytes[8] & 0x3F));    /* the RFC's variant */
	for (size_t i = 0; i < sizeof bytes; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			ret_text[to++] = '-';
		ret_text[to++] = hex[bytes[i] >> 4];
		ret_text[to++] = hex[bytes[i] & 0x0F];
	}
	ret_text[to] = '\0';
}
