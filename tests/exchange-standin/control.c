/* The control side: JSON over HTTP on a port of its own.  README lists the verbs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "grow.h"
#include "server.h"

static int64_t
int_of(const json_t *from, const char *name, int64_t otherwise)
{
	const json_t *value = json_object_get(from, name);
	return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

static void
set_int(const json_t *from, const char *name, int *to)
{
	*to = (int)int_of(from, name, *to);
}

static void
set_bool(const json_t *from, const char *name, bool *to)
{
	const json_t *value = json_object_get(from, name);
	if (json_is_boolean(value))
		*to = json_is_true(value);
}

static json_t *
done(void)
{
	return json_pack("{sb}", "ok", true);
}

static void *
wrong(struct refusal *no, const char *what)
{
	refuse(no, 400, -1, "%s", what);
	return NULL;
}

json_t *
control_settings(struct server *server, const json_t *order, struct refusal *no)
{
	struct exchange *ex = &server->ex;
	struct limits *limits = &server->limits;
	const json_t *partial = json_object_get(order, "partial");
	json_t *filters = json_object_get(order, "exchange_filters");
	(void)no;
	ex->query_lag_ms = int_of(order, "query_lag_ms", ex->query_lag_ms);
	set_int(order, "refuse_pending", &ex->refuse_pending);
	set_int(order, "deaf_stops", &ex->deaf_stops);
	set_bool(order, "oto_funds", &ex->oto_funds);
	set_int(partial, "count", &ex->partial_count);
	set_int(partial, "permille", &ex->partial_permille);
	set_int(order, "weight_limit", &limits->weight_limit);
	set_int(order, "raw_limit", &limits->raw_limit);
	set_int(order, "patience", &limits->patience);
	limits->ban_ms = int_of(order, "ban_ms", limits->ban_ms);
	set_int(order, "order_limit_10s", &ex->order_limit[0]);
	set_int(order, "order_limit_1d", &ex->order_limit[1]);
	if (json_is_true(json_object_get(order, "reset_limits"))) {
		limits->weight = limits->raw = limits->refused = 0;
		limits->banned_until_ms = 0;
	}
	if (json_is_array(filters)) {
		json_decref(ex->filters);
		ex->filters = json_deep_copy(filters);
	}
	/* A stop that was not heard is looked at again. */
	for (size_t i = 0; i < ex->symbols_len; i++)
		ex->symbols[i]->moved = true;
	return done();
}

json_t *
control_clock(struct server *server, const json_t *order, struct refusal *no)
{
	(void)no;
	server_now(server);
	int64_t now = server->ex.now_ms;
	if (json_is_true(json_object_get(order, "thaw")))
		server->frozen_ms = -1;
	if (json_object_get(order, "freeze_ms") != NULL)
		server->frozen_ms = int_of(order, "freeze_ms", now);
	server->offset_ms = int_of(order, "offset_ms", server->offset_ms);
	int64_t by = int_of(order, "advance_ms", 0);
	if (server->frozen_ms >= 0)
		server->frozen_ms += by;
	else
		server->offset_ms += by;
	server_now(server);
	return json_pack("{sI}", "now", (json_int_t)server->ex.now_ms);
}

static void
replace_filter(json_t *info, json_t *filter, const char *remove)
{
	json_t *filters = json_object_get(info, "filters");
	const char *type = filter ? json_string_value(json_object_get(filter, "filterType")) : remove;
	for (size_t i = json_array_size(filters); type != NULL && i-- > 0;) {
		const char *name = json_string_value(json_object_get(json_array_get(filters, i),
		                                                     "filterType"));
		if (name != NULL && strcmp(name, type) == 0)
			json_array_remove(filters, i);
	}
	if (filter != NULL)
		json_array_append_new(filters, json_deep_copy(filter));
}

json_t *
control_symbol(struct server *server, const json_t *order, struct refusal *no)
{
	const char *name = json_string_value(json_object_get(order, "symbol"));
	json_t *info = json_object_get(order, "info");
	struct symbol *symbol = name ? symbol_find(&server->ex, name) : NULL;
	if (symbol == NULL && json_is_object(info) && name != NULL) {
		json_t *copy = json_deep_copy(info);
		json_object_set_new(copy, "symbol", json_string(name));
		symbol = symbol_add(&server->ex, copy);
		json_decref(copy);
	}
	if (symbol == NULL)
		return wrong(no, "no such symbol");
	json_t *set = json_object_get(order, "set"), *copy = json_deep_copy(set);
	json_object_update(symbol->info, copy);
	json_decref(copy);
	json_t *filter = json_object_get(order, "filter");
	if (filter != NULL || json_object_get(order, "remove_filter") != NULL)
		replace_filter(symbol->info, filter,
		               json_string_value(json_object_get(order, "remove_filter")));
	return json_incref(symbol->info);
}

json_t *
control_account(struct server *server, const json_t *order, struct refusal *no)
{
	struct exchange *ex = &server->ex;
	size_t index = (size_t)int_of(order, "account", 0);
	if (json_is_true(json_object_get(order, "new")))
		index = account_add(ex, 0);
	if (index >= ex->accounts_len)
		return wrong(no, "no such account");
	server_now(server);
	const char *asset;
	json_t *amount;
	json_object_foreach(json_object_get(order, "balances"), asset, amount) {
		num have = balance_of(&ex->accounts[index], asset)->free;
		balance_change(ex, index, asset, num_of(amount) - have, 0, "deposit", -1);
	}
	struct account *account = &ex->accounts[index];
	account->uid = int_of(order, "uid", account->uid);
	set_bool(order, "can_trade", &account->can_trade);
	set_bool(order, "can_withdraw", &account->can_withdraw);
	set_bool(order, "discount_enabled", &account->discount_enabled);
	if (json_object_get(order, "discount") != NULL)
		account->discount = num_of(json_object_get(order, "discount"));
	rates_read(json_object_get(order, "standard"), &account->standard);
	rates_read(json_object_get(order, "special"), &account->special);
	rates_read(json_object_get(order, "tax"), &account->tax);
	json_t *filters = json_object_get(order, "filters");
	if (json_is_array(filters)) {
		json_decref(account->filters);
		account->filters = json_deep_copy(filters);
	}
	return json_pack("{sI}", "account", (json_int_t)index);
}

json_t *
control_key(struct server *server, const json_t *order, struct refusal *no)
{
	const char *name = json_string_value(json_object_get(order, "key"));
	const char *secret = json_string_value(json_object_get(order, "secret"));
	const char *pem = json_string_value(json_object_get(order, "pem"));
	if (name == NULL)
		return wrong(no, "no key");
	struct api_key *key = key_add(server, name);
	if (secret != NULL)
		snprintf(key->secret, sizeof key->secret, "%s", secret);
	if (pem != NULL && !key_set_pem(key, pem))
		return wrong(no, "that is no public key");
	size_t account = (size_t)int_of(order, "account", (int64_t)key->account);
	if (account >= server->ex.accounts_len)
		return wrong(no, "no such account");
	key->account = account;
	set_bool(order, "read", &key->can_read);
	set_bool(order, "trade", &key->can_trade);
	return done();
}

static json_t *
control_faults(struct server *server, const json_t *order, struct refusal *no)
{
	struct fault fault;
	if (!fault_read(order, &fault, no))
		return NULL;
	server->faults = grow(server->faults, server->faults_len, sizeof *server->faults);
	server->faults[server->faults_len++] = fault;
	return faults_json(server);
}

static json_t *
control_tls(struct server *server, const json_t *order, struct refusal *no)
{
	const char *name = json_string_value(json_object_get(order, "certificate"));
	int found = name ? name_index(certificate_names, 5, name) : -1;
	if (found < 0)
		return wrong(no, "certificate is good, expired, wrong_host, self_signed or unknown_ca");
	server->certificate = found;
	server->certificate_count = (int)int_of(order, "count", -1);
	return done();
}

static json_t *
control_connections(struct server *server, const json_t *order, struct refusal *no)
{
	(void)no;
	if (json_is_true(json_object_get(order, "drop")))
		server->drop_all = true;
	int64_t down = int_of(order, "down_ms", 0);
	if (down > 0) {
		server->drop_all = true;
		server->down_until_mono = clock_mono_ms() + down;
	}
	return done();
}

/* As if the process had died and come back: what is not in its state is gone. */
static json_t *
control_restart(struct server *server, const json_t *order, struct refusal *no)
{
	json_t *state = state_json(server);
	bool loaded = state_load(server, state);
	json_decref(state);
	if (!loaded)
		return wrong(no, "the state can't be read again");
	server->drop_all = true;
	server->down_until_mono = clock_mono_ms() + int_of(order, "down_ms", 0);
	return done();
}

static json_t *
control_stop(struct server *server, const json_t *order, struct refusal *no)
{
	(void)order;
	(void)no;
	server->stop = true;
	return done();
}

static const struct {
	const char *path;
	control_verb *run;
} verbs[] = {
	{ "/price", control_price }, { "/book", control_book }, { "/trade", control_trade },
	{ "/last", control_last }, { "/tape", control_tape }, { "/fill", control_fill },
	{ "/expire", control_expire }, { "/klines", control_klines }, { "/symbol", control_symbol },
	{ "/account", control_account }, { "/key", control_key }, { "/settings", control_settings },
	{ "/clock", control_clock }, { "/faults", control_faults }, { "/tls", control_tls },
	{ "/connections", control_connections }, { "/restart", control_restart },
	{ "/stop", control_stop },
};

static json_t *
look(struct server *server, const struct request *request)
{
	if (strcmp(request->path, "/ledger") == 0)
		return state_json(server);
	if (strcmp(request->path, "/requests") == 0)
		return json_incref(server->log);
	if (strcmp(request->path, "/faults") == 0)
		return faults_json(server);
	if (strcmp(request->path, "/now") == 0)
		return json_pack("{sI}", "now", (json_int_t)server->ex.now_ms);
	return NULL;
}

void
control(struct server *server, const struct request *request, struct reply *reply)
{
	struct refusal no = { 0 };
	json_t *answer = NULL;
	server_now(server);
	refuse(&no, 404, -1, "there is no %s %s here", request->method, request->path);
	if (strcmp(request->method, "GET") == 0) {
		answer = look(server, request);
	} else if (strcmp(request->method, "DELETE") == 0 && strcmp(request->path, "/faults") == 0) {
		server->faults_len = 0;
		answer = done();
	} else if (strcmp(request->method, "DELETE") == 0 && strcmp(request->path, "/requests") == 0) {
		json_array_clear(server->log);
		answer = done();
	} else {
		json_t *order = *request->body ? json_loads(request->body, 0, NULL) : json_object();
		if (!json_is_object(order))
			refuse(&no, 400, -1, "the body is no JSON object");
		for (size_t i = 0; json_is_object(order) && i < sizeof verbs / sizeof *verbs; i++)
			if (strcmp(verbs[i].path, request->path) == 0)
				answer = verbs[i].run(server, order, &no);
		json_decref(order);
		market_settle(&server->ex);
		server->dirty = true;
	}
	if (answer != NULL)
		reply_json(reply, 200, answer);
	else
		reply_json(reply, no.http, json_pack("{ss}", "error", no.msg));
}
