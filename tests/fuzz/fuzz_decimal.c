/* Whatever text arrives, decimals are read without harm, and what was read comes back the same. */
#include <stdlib.h>
#include <string.h>

#include "core/decimal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool truth)
{
	if (!truth)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), canonical[DECIMAL_TEXT_SIZE], shown[DECIMAL_FORMAT_SIZE];
	struct decimal strict, human, again;

	must(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	enum status strictly = decimal_parse(text, &strict);
	enum status humanly = decimal_parse_human(text, &human);
	if (strictly == STATUS_OK)
		must(humanly == STATUS_OK && decimal_cmp(strict, human) == 0);
	if (humanly == STATUS_OK) {
		must(decimal_text(human, canonical) == strlen(canonical));
		must(strlen(canonical) < sizeof canonical);
		must(decimal_parse(canonical, &again) == STATUS_OK && decimal_cmp(human, again) == 0);
		for (int places = 0; places <= DECIMAL_PLACES; places++)
			must(decimal_format(human, places, true, shown) < sizeof shown);
		/* Exactly shown, and grouped, a person may type it again. */
		must(decimal_parse_human(shown, &again) == STATUS_OK && decimal_cmp(human, again) == 0);
	}
	free(text);
	return 0;
}
