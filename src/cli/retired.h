/* What was meant once and is not Robson's: the commands, options and switches of the plan that it
 * was born from.  Typed, each is answered in one line that says what to do instead; robson-plan(7)
 * has the whole story.  And the commands that another version has. */
#ifndef CLI_RETIRED_H
#define CLI_RETIRED_H

#include <stddef.h>

/* The answer, or NULL if the word is none of these.  `second` is the word after it, or NULL. */
const char *retired_command(const char *word, const char *second);
/* With its dashes. */
const char *retired_option(const char *option);

/* For the manual's check: index from 0; NULL at the end. */
const char *retired_command_at(size_t index);
const char *retired_option_at(size_t index);

#endif
