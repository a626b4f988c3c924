/* Inside the keys: texts in memory that is locked and cleansed, and what is read from files. */
#ifndef EXCHANGE_BINANCE_KEYS_INNER_H
#define EXCHANGE_BINANCE_KEYS_INNER_H

#include <stdbool.h>
#include <stddef.h>
#include "base/error.h"

enum { KEY_TEXT_SIZE = 256, KEY_FILE_MAX = 8192, KEY_SEED_SIZE = 32, KEY_PATH_SIZE = 4096 };

/* What a key file says; "" for what it does not say. */
struct key_words {
	char api_key[KEY_TEXT_SIZE];
	char secret[KEY_TEXT_SIZE];
	char private_key_file[KEY_PATH_SIZE];
};

/* Who may read a file of keys beside this user. */
enum key_readers {
	KEY_READ_BY_OWNER,          /* nobody */
	KEY_READ_BY_SERVICE         /* systemd's credentials: of root, with an entry for us in its ACL */
};

/* The whole file.  *ret has KEY_FILE_MAX bytes, *ret_len of them used and a zero behind; it is owned,
 * and ends with OPENSSL_secure_clear_free(*ret, KEY_FILE_MAX).  What calls it in errors.
 * STATUS_NOT_FOUND if there is no such file, STATUS_CONFIG if it can't be used. */
MUST_USE enum status keys_file_read(const char *path, const char *what, enum key_readers readers,
                                    char **ret, size_t *ret_len, struct error *err);

/* text is ended by a zero behind its len bytes, here and below.  STATUS_CONFIG, naming what and the
 * line, and nothing of it. */
MUST_USE enum status keys_parse(const char *text, size_t len, const char *what,
                                struct key_words *ret, struct error *err);
/* That they are one whole key, wherever they came from. */
MUST_USE enum status keys_check_words(const struct key_words *words, const char *what,
                                      struct error *err);

/* The seed of an Ed25519 key in PEM.  STATUS_CONFIG if it is anything else. */
MUST_USE enum status keys_read_pem(const char *text, size_t len, const char *what,
                                   unsigned char ret_seed[KEY_SEED_SIZE], struct error *err);

#endif
