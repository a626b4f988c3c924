/* Reckons line by line what test_decimal_oracle.py asks for, so that its answers can be compared with
 * those of another implementation.  A line is tab-separated: operation, then its arguments; the
 * answer is a text, or "!" and the name of a status. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/decimal.h"

enum { MOST_FIELDS = 6 };

static bool
is(const char *text, const char *wanted)
{
	return strcmp(text, wanted) == 0;
}

static enum rounding
rounding_of(const char *name)
{
	static const char *const names[] = { "down", "up", "floor", "ceiling", "half_up" };
	for (unsigned i = 0; i < ARRAY_LEN(names); i++)
		if (is(name, names[i]))
			return (enum rounding)i;
	fprintf(stderr, "no rounding '%s'\n", name);
	exit(2);
}

static struct decimal
operand(const char *text)
{
	struct decimal d = DECIMAL_ZERO;
	if (decimal_parse(text, &d) != STATUS_OK) {
		fprintf(stderr, "operand '%s'\n", text);
		exit(2);
	}
	return d;
}

static void
answer(enum status status, struct decimal d)
{
	char text[DECIMAL_TEXT_SIZE];
	size_t len = decimal_text(d, text);
	if (status != STATUS_OK)
		printf("!%s\n", status_name(status));
	else if (len != strlen(text))
		puts("!length");
	else
		puts(text);
}

int
main(void)
{
	static char line[4096];

	while (fgets(line, sizeof line, stdin) != NULL) {
		char *f[MOST_FIELDS] = { line };
		int count = 1;
		line[strcspn(line, "\n")] = '\0';
		for (char *at = line; (at = strchr(at, '\t')) != NULL && count < MOST_FIELDS; ) {
			*at++ = '\0';
			f[count++] = at;
		}
		struct decimal d = DECIMAL_ZERO;
		const char *op = f[0];
		if (is(op, "parse"))
			answer(decimal_parse(f[1], &d), d);
		else if (is(op, "human"))
			answer(decimal_parse_human(f[1], &d), d);
		else if (is(op, "add"))
			answer(decimal_add(operand(f[1]), operand(f[2]), &d), d);
		else if (is(op, "sub"))
			answer(decimal_sub(operand(f[1]), operand(f[2]), &d), d);
		else if (is(op, "mul"))
			answer(decimal_mul(operand(f[2]), operand(f[3]), rounding_of(f[1]), &d), d);
		else if (is(op, "div"))
			answer(decimal_div(operand(f[2]), operand(f[3]), rounding_of(f[1]), &d), d);
		else if (is(op, "percent"))
			answer(decimal_percent_of(operand(f[2]), operand(f[3]), rounding_of(f[1]), &d), d);
		else if (is(op, "muldiv"))
			answer(decimal_mul_div(operand(f[2]), operand(f[3]), operand(f[4]),
			                       rounding_of(f[1]), &d), d);
		else if (is(op, "round"))
			answer(decimal_round(operand(f[2]), atoi(f[3]), rounding_of(f[1]), &d), d);
		else if (is(op, "step"))
			answer(decimal_to_step(operand(f[2]), operand(f[3]), rounding_of(f[1]), &d), d);
		else if (is(op, "multiple"))
			printf("%d\n", decimal_is_multiple(operand(f[1]), operand(f[2])));
		else if (is(op, "cmp"))
			printf("%d\n", decimal_cmp(operand(f[1]), operand(f[2])));
		else if (is(op, "places"))
			printf("%d\n", decimal_places(operand(f[1])));
		else if (is(op, "position"))
			printf("%d\n", decimal_position(operand(f[1]), operand(f[2]), operand(f[3]),
			                                atoi(f[4])));
		else if (is(op, "format")) {
			char text[DECIMAL_FORMAT_SIZE];
			decimal_format(operand(f[3]), atoi(f[1]), is(f[2], "grouped"), text);
			puts(text);
		} else {
			fprintf(stderr, "no operation '%s'\n", op);
			return 2;
		}
	}
	return 0;
}
