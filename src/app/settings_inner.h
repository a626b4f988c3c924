/* Shared by the files of settings and nobody else. */
#ifndef APP_SETTINGS_INNER_H
#define APP_SETTINGS_INNER_H

#include "app/settings.h"

/* Read value as the key's type and store it, with where it came from.  place names it in errors:
 * "robson.ini:12".  On failure settings is untouched. */
MUST_USE enum status settings_assign(struct settings *settings, size_t index, const char *value,
                                     const struct setting_origin *origin, const char *place,
                                     struct error *err);
/* The index of a key, or settings_count(). */
size_t settings_index(const char *name);
/* "ROBSON_BOOK_CAPITAL" */
void settings_variable(const struct setting_key *key, char ret_name[64]);
/* A base address, without a slash at its end.  False, and ret untouched, if it is none to use. */
bool settings_read_url(const char *value, char ret[SETTING_TEXT_SIZE]);
/* Is there a key in this section? */
bool settings_has_section(const char *section, size_t len);

/* Read the text of an INI file; path is for errors and origins. */
MUST_USE enum status settings_read_text(struct settings *settings, const char *path, const char *text,
                                        struct error *err);
/* The whole file as text; the caller frees *ret_text.  STATUS_NOT_FOUND if there is none. */
MUST_USE enum status settings_load_text(const char *path, char **ret_text, struct error *err);

#endif
