/* Key files: who may read them, and what stands in them.  A person writes them by hand, with a secret
 * in the clipboard: whatever is wrong, no error repeats a word of the file. */
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/text.h"
#include "exchange/binance/keys_inner.h"

/* ---- the file ---- */

static enum status
check_owner(const struct stat *st, const char *what, enum key_readers readers, struct error *err)
{
	bool is_mine = st->st_uid == geteuid() || (readers == KEY_READ_BY_SERVICE && st->st_uid == 0);
	/* With an ACL the group's bits are its mask, which says "r" where one other user may read. */
	mode_t forbidden = readers == KEY_READ_BY_SERVICE ? 037 : 077;

	if (!S_ISREG(st->st_mode))
		return error_set(err, STATUS_CONFIG, "%s is no regular file", what);
	if (!is_mine) {
		error_set(err, STATUS_CONFIG, "%s belongs to another user (%ld)", what, (long)st->st_uid);
		error_hint(err, "make it yours: chown, then chmod 600");
		return STATUS_CONFIG;
	}
	if ((st->st_mode & forbidden) != 0) {
		error_set(err, STATUS_CONFIG, "%s may be read or written by others (mode %03o)", what,
		          (unsigned)(st->st_mode & 0777));
		error_hint(err, "chmod 600 it; whoever could read it may know the key, so consider a new one");
		return STATUS_CONFIG;
	}
	return STATUS_OK;
}

static enum status
read_all(int fd, const char *what, char *text, size_t *ret_len, struct error *err)
{
	size_t len = 0;
	for (;;) {
		ssize_t got = read(fd, text + len, KEY_FILE_MAX - len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_set(err, STATUS_CONFIG, "%s can't be read: %s", what, strerror(errno));
		len += (size_t)got;
		if (len == KEY_FILE_MAX)
			return error_set(err, STATUS_CONFIG, "%s is too long for a file of keys", what);
		if (got == 0)
			break;
	}
	text[len] = '\0';
	*ret_len = len;
	return STATUS_OK;
}

enum status
keys_file_read(const char *path, const char *what, enum key_readers readers, char **ret,
               size_t *ret_len, struct error *err)
{
	struct stat st;
	/* Not blocking: opening a pipe must not wait for somebody to write into it. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0) {
		bool is_missing = errno == ENOENT || errno == ENOTDIR;
		return error_set(err, is_missing ? STATUS_NOT_FOUND : STATUS_CONFIG, "%s can't be opened: %s",
		                 what, strerror(errno));
	}
	enum status status = STATUS_OK;
	char *text = NULL;
	if (fstat(fd, &st) != 0)
		status = error_set(err, STATUS_CONFIG, "%s can't be looked at: %s", what, strerror(errno));
	if (status == STATUS_OK)
		status = check_owner(&st, what, readers, err);
	if (status == STATUS_OK && (text = OPENSSL_secure_zalloc(KEY_FILE_MAX)) == NULL)
		status = error_set(err, STATUS_NO_MEMORY, "no memory for keys");
	if (status == STATUS_OK)
		status = read_all(fd, what, text, ret_len, err);
	close(fd);
	if (status == STATUS_OK)
		*ret = text;
	else
		OPENSSL_secure_clear_free(text, KEY_FILE_MAX);
	return status;
}

/* ---- its words ---- */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool
is_name(const char *name, size_t len, const char *wanted)
{
	return len == strlen(wanted) && memcmp(name, wanted, len) == 0;
}

static enum status
take_line(const char *line, size_t len, int number, const char *what, struct key_words *words,
          struct error *err)
{
	const char *equals = memchr(line, '=', len);
	if (equals == NULL)
		return error_set(err, STATUS_CONFIG, "%s, line %d: not of the form 'name = value'", what, number);
	size_t name_len = (size_t)(equals - line);
	while (name_len > 0 && is_blank(line[name_len - 1]))
		name_len--;
	const char *value = equals + 1;
	size_t value_len = len - (size_t)(value - line);
	while (value_len > 0 && is_blank(*value))
		value++, value_len--;

	char *place = NULL;
	size_t size = KEY_TEXT_SIZE;
	if (is_name(line, name_len, "api_key"))
		place = words->api_key;
	else if (is_name(line, name_len, "secret"))
		place = words->secret;
	else if (is_name(line, name_len, "private_key_file"))
		place = words->private_key_file, size = KEY_PATH_SIZE;
	if (place == NULL) {
		error_set(err, STATUS_CONFIG, "%s, line %d: a name that is not known here", what, number);
		error_hint(err, "a key file has api_key, and secret or private_key_file");
		return STATUS_CONFIG;
	}
	if (place[0] != '\0')
		return error_set(err, STATUS_CONFIG, "%s, line %d: it says that for the second time", what, number);
	if (value_len == 0)
		return error_set(err, STATUS_CONFIG, "%s, line %d: the value is missing", what, number);
	if (value_len >= size)
		return error_set(err, STATUS_CONFIG, "%s, line %d: the value is too long", what, number);
	memcpy(place, value, value_len);
	place[value_len] = '\0';
	return STATUS_OK;
}

enum status
keys_parse(const char *text, size_t len, const char *what, struct key_words *ret, struct error *err)
{
	enum status status = STATUS_OK;
	size_t at = 0;

	*ret = (struct key_words){ 0 };
	if (memchr(text, '\0', len) != NULL)
		return error_set(err, STATUS_CONFIG, "%s is no text", what);
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)    /* a mark that some editors leave */
		at = 3;
	for (int number = 1; status == STATUS_OK && at < len; number++) {
		const char *line = text + at;
		const char *end = memchr(line, '\n', len - at);
		size_t line_len = end != NULL ? (size_t)(end - line) : len - at;
		at += line_len + (end != NULL ? 1 : 0);
		while (line_len > 0 && is_blank(line[line_len - 1]))
			line_len--;
		while (line_len > 0 && is_blank(*line))
			line++, line_len--;
		if (line_len > 0 && *line != '#')
			status = take_line(line, line_len, number, what, ret, err);
	}
	if (status == STATUS_OK)
		status = keys_check_words(ret, what, err);
	if (status != STATUS_OK)
		OPENSSL_cleanse(ret, sizeof *ret);
	return status;
}

/* Keys are of letters and digits; what is allowed beyond them is what a header can carry and nobody
 * writes around a value by mistake. */
static enum status
check_value(const char *value, const char *name, const char *what, struct error *err)
{
	for (const char *c = value; *c != '\0'; c++)
		if (*c <= ' ' || *c > '~' || strchr("\"'<>,;", *c) != NULL) {
			error_set(err, STATUS_CONFIG, "%s: %s has a character that no key has", what, name);
			error_hint(err, "a value stands alone, without quotes or spaces");
			return STATUS_CONFIG;
		}
	return STATUS_OK;
}

enum status
keys_check_words(const struct key_words *words, const char *what, struct error *err)
{
	bool has_secret = words->secret[0] != '\0', has_file = words->private_key_file[0] != '\0';

	if (words->api_key[0] == '\0')
		return error_set(err, STATUS_CONFIG, "%s: the api_key is missing", what);
	if (!has_secret && !has_file)
		return error_set(err, STATUS_CONFIG,
		                 "%s: there is an api_key, and neither secret nor private_key_file", what);
	if (has_secret && has_file)
		return error_set(err, STATUS_CONFIG, "%s: it has secret and private_key_file; one is wanted", what);
	enum status status = check_value(words->api_key, "the api_key", what, err);
	return status == STATUS_OK ? check_value(words->secret, "the secret", what, err) : status;
}
