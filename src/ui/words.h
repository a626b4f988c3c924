/* Numbers and times as people read them on the screen. */
#ifndef UI_WORDS_H
#define UI_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "core/decimal.h"
#include "core/operation.h"

enum { WORDS_SIZE = 64 };

/* "5,751.47"; with sign: "+142.10", "-10.77", "0.00". */
void words_money(struct decimal amount, bool with_sign, char ret[WORDS_SIZE]);
/* At the symbol's places, grouped: "97,412.35". */
void words_price(struct decimal price, int places, char ret[WORDS_SIZE]);
/* "1.54", "-0.11": two decimals, with a sign if asked. */
void words_number(struct decimal number, int places, bool with_sign, char ret[WORDS_SIZE]);
/* What is held: rounded down, for nobody can sell more than that. */
void words_quantity(struct decimal quantity, int places, char ret[WORDS_SIZE]);
/* "019f…3c7f": enough of an id to know it by. */
void words_id(const char *id, char ret[WORDS_SIZE]);
/* "14:02:11" today, "11-23 14:02" on other days. */
void words_when(int64_t ms, int64_t now_ms, char ret[WORDS_SIZE]);
void words_age(int64_t ms, char ret[WORDS_SIZE]);
/* "DRY-RUN", "LIVE" */
const char *words_mode(enum mode mode);
/* "stop hit", "target hit", "closed by hand", ... */
const char *words_exit(enum exit_reason reason);
/* At most `width` columns of it, ending in an ellipsis where more was there. */
void words_cut(const char *text, int width, char *ret_text, size_t size);
/* Good, bad or plain, by the sign. */
unsigned words_style(struct decimal amount);

#endif
