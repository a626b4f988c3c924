/* What stands around the engine: keys, limits, faults, sockets, control. */
#ifndef EXCHANGE_STANDIN_SERVER_H
#define EXCHANGE_STANDIN_SERVER_H

#include <openssl/ssl.h>
#include "call.h"

enum {
	KEY_MAX = 128, SECRET_MAX = 256, METHOD_MAX = 8, PATH_LEN = 128, HEADERS_MAX = 1024,
	PORTS = 3,                      /* http, https, control */
};
enum port { PORT_HTTP, PORT_TLS, PORT_CONTROL };

struct api_key {
	char key[KEY_MAX], secret[SECRET_MAX];
	EVP_PKEY *public_key;           /* Ed25519 or RSA; NULL: the secret signs (HMAC) */
	char *pem;
	size_t account;
	bool can_read, can_trade;
};

/* How many requests may come (rest-api.md, "LIMITS"); windows go with the exchange's clock. */
struct limits {
	int weight_limit, raw_limit;
	int64_t minute, five;           /* the windows that the counts are of */
	int weight, raw;
	int patience;                   /* requests after a 429 before the address is banned */
	int refused;                    /* since the last 429 began */
	int64_t banned_until_ms, ban_ms;
};

struct request {
	char method[METHOD_MAX], path[PATH_LEN], key[KEY_MAX];
	char *query, *body;             /* as received */
	bool keep_alive, microseconds, json;
};

struct reply {
	int status;
	char *body;                     /* owned */
	size_t body_len;
	char headers[HEADERS_MAX];      /* lines, each with its end */
};

enum fault_kind {
	FAULT_DELAY, FAULT_LOST_REQUEST, FAULT_LOST_REPLY, FAULT_HANG, FAULT_REPLY, FAULT_TRUNCATE,
	FAULT_RESET_MID, FAULT_HOSTILE, FAULT_FORGE, FAULT_DRIP, FAULT_KINDS
};

struct fault {
	enum fault_kind kind;
	char method[METHOD_MAX], path[PATH_LEN], contains[PATH_LEN];    /* "" fits all */
	int skip, count;                /* let so many pass, then strike so many */
	int before_ms, after_ms;
	bool process, reset;
	size_t bytes;                   /* truncate, reset_mid */
	int every_ms;                   /* drip */
	int status;                     /* reply */
	char body[2048], headers[256], hostile[32];     /* forge: the members, as JSON */
};

struct server {
	struct exchange ex;
	struct api_key *keys;
	size_t keys_len;
	struct limits limits;
	struct fault *faults;
	size_t faults_len;
	json_t *log;                    /* what was asked, what came of it */
	int64_t offset_ms;              /* the exchange's clock against the machine's */
	int64_t frozen_ms;              /* -1: it goes */
	const char *state_path;         /* NULL: nothing is kept */
	bool dirty;                     /* the state changed */
	struct tape *tape;
	int64_t down_until_mono;        /* the sockets are closed until then; 0: open */
	bool drop_all, stop;
	const char *tls_dir;
	SSL_CTX *tls[5];                /* by enum certificate */
	int certificate, certificate_count;     /* which one is shown, to how many (-1: all) */

};

int64_t clock_mono_ms(void);
void server_now(struct server *server);         /* sets ex.now_ms */
void server_init(struct server *server);
void server_done(struct server *server);

/* --- auth.c --- */
bool auth_key(struct server *server, const struct request *request, bool trade,
              const struct api_key **ret, struct refusal *no);
bool auth_signature(const struct api_key *key, const struct request *request, struct refusal *no);
bool auth_time(struct call *call, struct refusal *no);
struct api_key *key_add(struct server *server, const char *key);
bool key_set_pem(struct api_key *key, const char *pem);

/* --- limits.c --- */
json_t *limits_json(const struct server *server);
/* Counts a request; false: answer with *no and *ret_retry_s. */
bool limits_take(struct server *server, int weight, struct refusal *no, int *ret_retry_s);
void limits_headers(const struct server *server, const struct call *call, char *buf, size_t size);
int64_t limits_order_retry_s(const struct exchange *ex);

/* --- router.c --- */
/* Answers one request of the exchange. */
void route(struct server *server, const struct request *request, struct reply *reply);
void reply_json(struct reply *reply, int status, json_t *body);         /* takes body */
void reply_header(struct reply *reply, const char *name, const char *value);

/* --- faults.c --- */
bool fault_read(const json_t *from, struct fault *ret, struct refusal *no);
/* The first that fits this request, counted down; false: none. */
bool fault_take(struct server *server, const struct request *request, struct fault *ret);
void fault_reply(const struct fault *fault, struct reply *reply);
void hostile_body(const char *name, struct reply *reply);
/* Sets every member of these names in an answer that is JSON; a member "twice": each array has each
 * of its elements twice. */
void forge_body(const char *members, struct reply *reply);
json_t *faults_json(const struct server *server);

/* --- control.c, control_market.c --- */
void control(struct server *server, const struct request *request, struct reply *reply);
typedef json_t *control_verb(struct server *server, const json_t *order, struct refusal *no);
control_verb control_price, control_book, control_trade, control_last, control_tape, control_fill,
	control_expire, control_klines, control_symbol, control_account, control_key, control_settings,
	control_clock;
bool book_set(struct symbol *symbol, const json_t *bids, const json_t *asks);
/* Plays what is due of the tape; when the next is due (monotonic), or -1. */
int64_t tape_play(struct server *server);
void tape_free(struct server *server);

/* --- dump.c, load.c --- */
json_t *state_json(struct server *server);
bool state_load(struct server *server, const json_t *state);
bool state_save(struct server *server);
void world_default(struct server *server);
json_t *rates_json(const struct rates *rates);
void rates_read(const json_t *from, struct rates *ret);

/* --- tls.c --- */
enum certificate { CERT_GOOD, CERT_EXPIRED, CERT_WRONG_HOST, CERT_SELF_SIGNED, CERT_UNKNOWN_CA };
extern const char *const *certificate_names;
/* Makes a certificate authority (ca.pem in dir) and the certificates. */
bool tls_make(struct server *server, const char *dir);
SSL_CTX *tls_context(struct server *server);

/* --- net.c --- */
bool net_run(struct server *server, const int ports[PORTS], bool watch_stdin);

#endif
