/* Exact decimals with eight places, which is all that the exchange ever shows.  Written apart
 * from the program's own decimals on purpose: a judge must not share a mistake with the judged. */
#ifndef EXCHANGE_STANDIN_NUM_H
#define EXCHANGE_STANDIN_NUM_H

#include <jansson.h>
#include <stdbool.h>

__extension__ typedef __int128 num;     /* value × 100,000,000 */

enum { NUM_PLACES = 8, NUM_ONE = 100000000, NUM_TEXT = 48 };

/* A plain decimal ("12", "0.5"); no sign, no exponent.  *ret_places (may be NULL) are the digits
 * after the point without trailing zeros; more than eight are cut off. */
bool num_parse(const char *text, num *ret, int *ret_places);
/* With eight places; buf has NUM_TEXT bytes.  Returns buf. */
const char *num_format(num value, char *buf);
json_t *num_json(num value);
/* A text or whole number; 0 when it is neither. */
num num_of(const json_t *value);

num num_mul(num a, num b);              /* rounded down */
num num_div(num a, num b);              /* rounded down; b is not 0 */
num num_floor(num value, num step);     /* down to a multiple; step 0 changes nothing */
num num_min(num a, num b);
num num_max(num a, num b);

#endif
