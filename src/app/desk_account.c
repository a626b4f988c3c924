/* The LIVE account: what is known of it, and whether this book may act on it.
 *
 * The desk asks for the balances when LIVE business begins, after every fill, and once a minute; for the
 * fees of a symbol when somebody wants to know.  A copied or restored book, another account or another
 * exchange never acts: account_may_act says no, and why. */
#include "app/desk_reconcile.h"

#include <stdlib.h>
#include <string.h>

enum { BUSINESS_LOOK_US = 250000 };

static bool
has_exchange(const struct desk *desk)
{
	return desk->setup.live != NULL;
}

static void
live_status(const struct desk *desk, struct exchange_status *ret)
{
	*ret = (struct exchange_status){ 0 };
	if (has_exchange(desk) && desk->setup.live->ops->status != NULL)
		desk->setup.live->ops->status(desk->setup.live, ret);
}

/* ---- asking again and again ---- */

static bool
look_is_due(const struct account_look *look, int64_t now)
{
	if (look->is_under_way)
		return now - look->asked_mono_ms >= ACCOUNT_PATIENCE_MS;
	return look->is_wanted && now >= look->next_mono_ms;
}

static void
look_asked(struct account_look *look, int64_t now, enum status status)
{
	look->is_under_way = status == STATUS_OK;
	look->asked_mono_ms = now;
	if (status == STATUS_OK)
		look->is_wanted = false;
	else
		look->next_mono_ms = now + ACCOUNT_RETRY_MS;   /* not now: a limit, or no server time yet */
}

static void
look_answered(struct account_look *look, int64_t now, bool is_good, int64_t again_ms)
{
	int64_t wait = ACCOUNT_RETRY_MS;

	look->is_under_way = false;
	if (is_good) {
		look->failures = 0;
		look->next_mono_ms = look->is_wanted ? now : now + again_ms;   /* wanted anew meanwhile */
		look->is_wanted = true;
		return;
	}
	for (int i = 0; i < look->failures && wait < ACCOUNT_RETRY_LAST_MS; i++)
		wait *= 2;
	look->failures++;
	look->is_wanted = true;
	look->next_mono_ms = now + (wait < ACCOUNT_RETRY_LAST_MS ? wait : ACCOUNT_RETRY_LAST_MS);
}

/* ---- symbols ---- */

static struct account_symbol *
find_symbol(const struct desk *desk, const char *symbol)
{
	const struct account *account = desk->account;

	for (size_t i = 0; account != NULL && i < account->symbol_count; i++)
		if (strcmp(account->symbols[i].symbol, symbol) == 0)
			return &account->symbols[i];
	return NULL;
}

static struct account_symbol *
make_symbol(struct desk *desk, const char *symbol)
{
	struct account *account = desk->account;
	struct account_symbol *found = find_symbol(desk, symbol);

	if (found != NULL)
		return found;
	if (account->symbol_count == account->symbol_capacity) {
		size_t wanted = account->symbol_capacity == 0 ? 8 : account->symbol_capacity * 2;
		struct account_symbol *grown = realloc(account->symbols, wanted * sizeof *grown);
		if (grown == NULL)
			return NULL;   /* its fees stay those of the settings */
		account->symbols = grown;
		account->symbol_capacity = wanted;
	}
	found = &account->symbols[account->symbol_count++];
	*found = (struct account_symbol){ 0 };
	text_copy(found->symbol, sizeof found->symbol, symbol);
	return found;
}

static void
want_fees(struct desk *desk, const char *symbol)
{
	struct account_symbol *found = symbol[0] != '\0' ? make_symbol(desk, symbol) : NULL;

	if (found != NULL && !found->fees.is_under_way)
		found->fees.is_wanted = true;
}

/* ---- what the exchange says ---- */

static void
on_account(void *self, const struct exchange_account *news, const struct error *error)
{
	struct desk *desk = self;
	struct account *account = desk->account;
	int64_t asked = account->look.is_under_way ? account->look.asked_mono_ms : desk_mono_ms(desk);
	struct exchange_balance *copy = NULL;

	if (error == NULL && news->balance_count > 0) {
		copy = malloc(news->balance_count * sizeof *copy);
		if (copy != NULL)
			memcpy(copy, news->balances, news->balance_count * sizeof *copy);
	}
	bool is_good = error == NULL && (copy != NULL || news->balance_count == 0);
	look_answered(&account->look, desk_mono_ms(desk), is_good, ACCOUNT_LOOK_MS);
	if (!is_good) {
		text_copy(account->trouble, sizeof account->trouble,
		          error != NULL ? error->message : "no memory for the account's balances");
		desk_touch(desk);
		return;
	}
	free(account->balances);
	account->balances = copy;
	account->balance_count = news->balance_count;
	account->can_trade = news->can_trade;
	account->is_known = true;
	account->known_mono_ms = asked;
	account->known_changes = account->asked_changes;
	account->trouble[0] = '\0';
	text_copy(account->uid, sizeof account->uid, news->uid);
	desk_touch(desk);
}

static void
on_fees(void *self, const struct exchange_fees *fees, const struct error *error)
{
	struct desk *desk = self;
	struct account_symbol *found = fees != NULL ? find_symbol(desk, fees->symbol) : NULL;

	if (found == NULL)
		return;
	look_answered(&found->fees, desk_mono_ms(desk), error == NULL, ACCOUNT_FEES_MS);
	if (error == NULL) {
		found->has_taker = true;
		found->taker_percent = fees->taker_percent;
		found->taker_mono_ms = desk_mono_ms(desk);
	}
	desk_touch(desk);
}

static bool
is_algo(const struct exchange_order *order)
{
	return strncmp(order->type, "STOP_LOSS", 9) == 0 || strncmp(order->type, "TAKE_PROFIT", 11) == 0;
}

static void
count_open(struct desk *desk, struct account_symbol *symbol, const struct exchange_order *orders, size_t count,
           int64_t asked_at_mono_ms)
{
	symbol->open_orders = symbol->open_algo_orders = 0;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(orders[i].symbol, symbol->symbol) != 0)
			continue;
		symbol->open_orders++;
		symbol->open_algo_orders += is_algo(&orders[i]);
	}
	symbol->has_open = true;
	symbol->open_mono_ms = asked_at_mono_ms;
	desk_touch(desk);
}

static void
on_open(void *self, const char *symbol, const struct exchange_order *orders, size_t count,
        int64_t asked_at_mono_ms, const struct error *error)
{
	struct desk *desk = self;
	struct account *account = desk->account;
	bool is_all = symbol == NULL || symbol[0] == '\0';

	if (error == NULL && desk->is_holder)
		orders_see_open(desk, is_all ? "" : symbol, orders, count, asked_at_mono_ms);
	if (error == NULL && !is_all && make_symbol(desk, symbol) != NULL)
		count_open(desk, find_symbol(desk, symbol), orders, count, asked_at_mono_ms);
	for (size_t i = 0; error == NULL && is_all && i < account->symbol_count; i++)
		count_open(desk, &account->symbols[i], orders, count, asked_at_mono_ms);
	if (is_all)
		reconcile_see_open(desk, orders, count, asked_at_mono_ms, error);
}

static void
on_trades(void *self, const char *symbol, const struct exchange_trade *trades, size_t count,
          const struct error *error)
{
	struct desk *desk = self;

	if (error == NULL && desk->is_holder)
		orders_see_trades(desk, symbol, trades, count);
	reconcile_see_trades(desk, symbol, trades, count, error);
}

/* ---- life ---- */

enum status
account_open(struct desk *desk, struct error *err)
{
	struct account *account = calloc(1, sizeof *account);

	if (account == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory for the desk");
	account->business_changes = -1;
	account->look.is_wanted = true;
	desk->account = account;
	if (has_exchange(desk))
		desk->setup.live->listener = (struct exchange_listener){
			.self = desk, .on_report = orders_queue_report, .on_open = on_open,
			.on_account = on_account, .on_fees = on_fees, .on_trades = on_trades,
			.on_tested = entry_tested,
		};
	return reconcile_open(desk, err);
}

void
account_close(struct desk *desk)
{
	struct account *account = desk->account;

	if (account == NULL)
		return;
	if (has_exchange(desk))
		desk->setup.live->listener = (struct exchange_listener){ 0 };
	reconcile_close(desk);
	free(account->balances);
	free(account->symbols);
	free(account);
	desk->account = NULL;
}

void
account_forget(struct desk *desk)
{
	struct account *account = desk->account;

	if (account == NULL || !has_exchange(desk))
		return;
	if (desk->setup.live->ops->forget != NULL)
		desk->setup.live->ops->forget(desk->setup.live);
	account->look.is_wanted = account->look.is_wanted || account->look.is_under_way;
	account->look.is_under_way = false;
	for (size_t i = 0; i < account->symbol_count; i++) {
		struct account_look *fees = &account->symbols[i].fees;
		fees->is_wanted = fees->is_wanted || fees->is_under_way;
		fees->is_under_way = false;
	}
	reconcile_forget(desk);
}

/* ---- LIVE business ---- */

/* Asked of the book a few times a second at most, and only when it has changed. */
static void
see_business(struct desk *desk, int64_t now_us)
{
	struct account *account = desk->account;
	struct book book;

	if (account->business_us != 0 && now_us - account->business_us < BUSINESS_LOOK_US)
		return;
	account->business_us = now_us;
	int64_t changes = store_change_count(desk->setup.store);
	if (changes == account->business_changes && changes != -1)
		return;
	account->business_changes = changes;
	account->has_business = !desk->setup.is_brief &&
	    store_book(desk->setup.store, desk->setup.client_id, MODE_LIVE, &book, NULL) == STATUS_OK && book.is_live_on;
}

static bool
holds_live(const struct desk *desk)
{
	for (size_t i = 0; i < desk->position_count; i++)
		if (desk->positions[i]->op.mode == MODE_LIVE)
			return true;
	for (size_t i = 0; i < desk->order_count; i++)
		if (desk->orders[i]->order.mode == MODE_LIVE)
			return true;
	return false;
}

static bool
is_business(const struct desk *desk, int64_t now_ms)
{
	const struct account *account = desk->account;

	return account->has_business || now_ms < account->question_until_mono_ms || (desk->is_holder && holds_live(desk));
}

static void
wake(struct desk *desk)
{
	if (desk->account->is_awake)
		return;
	desk->account->is_awake = true;
	if (desk->setup.wake_live != NULL)
		desk->setup.wake_live(desk->setup.live);
}

static void
ask(struct desk *desk)
{
	struct account *account = desk->account;
	struct exchange *live = desk->setup.live;
	struct error ignored = { 0 };
	int64_t now = desk_mono_ms(desk);

	if (look_is_due(&account->look, now)) {
		account->asked_changes = account->changes;
		look_asked(&account->look, now, live->ops->look_account(live, &ignored));
	}
	for (size_t i = 0; i < account->symbol_count; i++) {
		struct account_symbol *symbol = &account->symbols[i];
		if (look_is_due(&symbol->fees, now))
			look_asked(&symbol->fees, now, live->ops->look_fees(live, symbol->symbol, &ignored));
	}
}

static void
turn(struct desk *desk, int64_t now_us)
{
	struct account *account = desk->account;
	struct exchange_status status;

	see_business(desk, now_us);
	if (!is_business(desk, desk_mono_ms(desk)))
		return;
	wake(desk);
	live_status(desk, &status);
	if (status.reconnects != account->reconnects) {
		account->reconnects = status.reconnects;
		account_changed(desk);   /* what happened meanwhile is not known */
		reconcile_want(desk, "the connection came back");
	}
	ask(desk);
	reconcile_turn(desk);
}

static void
wait_for_look(const struct account_look *look, struct wait *wait, int64_t now_us, int64_t now_ms)
{
	int64_t due = look->is_under_way ? look->asked_mono_ms + ACCOUNT_PATIENCE_MS : look->next_mono_ms;

	if (look->is_under_way || look->is_wanted)
		wait_until(wait, now_us + (due > now_ms ? due - now_ms : 0) * 1000);
}

void
account_prepare(struct desk *desk, struct wait *wait, int64_t now_us)
{
	struct account *account = desk->account;
	int64_t now = desk_mono_ms(desk);

	if (!has_exchange(desk))
		return;
	if (account->is_awake)
		desk->setup.live->ops->prepare(desk->setup.live, wait, now_us);
	if (!is_business(desk, now))
		return;   /* the loop looks at the book often enough to see it begin */
	wait_for_look(&account->look, wait, now_us, now);
	for (size_t i = 0; i < account->symbol_count; i++)
		wait_for_look(&account->symbols[i].fees, wait, now_us, now);
	reconcile_prepare(desk, wait, now_us);
}

void
account_dispatch(struct desk *desk, const struct wait *wait, int64_t now_us)
{
	if (!has_exchange(desk))
		return;
	if (desk->account->is_awake)
		desk->setup.live->ops->dispatch(desk->setup.live, wait, now_us);
	turn(desk, now_us);
}

void
account_changed(struct desk *desk)
{
	struct account_look *look = &desk->account->look;

	desk->account->changes++;
	look->is_wanted = true;
	if (look->failures == 0)
		look->next_mono_ms = 0;
}

enum status
desk_account(struct desk *desk, const char *symbol, struct error *err)
{
	const struct account *account = desk->account;
	struct exchange_status status;
	struct decimal ignored;

	if (desk->setup.key_trouble != NULL && desk->setup.key_trouble[0] != '\0')
		return error_set(err, STATUS_CONFIG, "%s", desk->setup.key_trouble);
	if (!has_exchange(desk) && desk->is_replay)
		return error_set(err, STATUS_UNAVAILABLE, "prices come from a tape, and a tape has no LIVE account");
	if (!has_exchange(desk)) {
		error_set(err, STATUS_CONFIG, "there is no key for the exchange's account");
		error_hint(err, "put one into a file and name it: robson settings set exchange.key_file FILE; see robson.ini(5)");
		return STATUS_CONFIG;
	}
	desk->account->question_until_mono_ms = desk_mono_ms(desk) + ACCOUNT_QUESTION_MS;
	if (symbol != NULL)
		want_fees(desk, symbol);
	wake(desk);
	live_status(desk, &status);
	if (status.is_key_refused)
		return error_set(err, STATUS_CONFIG, "%s", status.trouble[0] != '\0' ? status.trouble : "the exchange refuses the key");
	if (account->is_known && !account->can_trade)
		return error_set(err, STATUS_CONFIG, "account %s at %s may not trade", account->uid, status.host);
	if (account_balance(desk, "", &ignored, &ignored) &&
	    (symbol == NULL || symbol[0] == '\0' || account_taker(desk, symbol, &ignored)))
		return STATUS_OK;
	const char *why = status.trouble[0] != '\0' ? status.trouble : account->trouble;
	return error_set(err, STATUS_UNAVAILABLE, "the account at %s has not answered yet%s%s", status.host,
	                 why[0] != '\0' ? ": " : "", why);
}

/* ---- what is known ---- */

bool
account_balance(const struct desk *desk, const char *asset, struct decimal *ret_free, struct decimal *ret_locked)
{
	const struct account *account = desk->account;

	if (!has_exchange(desk) || !account->is_known || desk_mono_ms(desk) - account->known_mono_ms > ACCOUNT_OLD_MS)
		return false;
	*ret_free = *ret_locked = DECIMAL_ZERO;   /* what it does not list, it does not have */
	for (size_t i = 0; i < account->balance_count; i++)
		if (strcmp(account->balances[i].asset, asset) == 0) {
			*ret_free = account->balances[i].free;
			*ret_locked = account->balances[i].locked;
		}
	return true;
}

bool
account_free_now(const struct desk *desk, const char *asset, struct decimal *ret_free)
{
	struct decimal locked;

	return desk->account->known_changes == desk->account->changes &&
	       account_balance(desk, asset, ret_free, &locked);
}

bool
account_taker(const struct desk *desk, const char *symbol, struct decimal *ret_percent)
{
	const struct account_symbol *found = find_symbol(desk, symbol);

	if (found == NULL || !found->has_taker || desk_mono_ms(desk) - found->taker_mono_ms > 24 * ACCOUNT_FEES_MS)
		return false;
	*ret_percent = found->taker_percent;
	return true;
}

bool
account_open_orders(const struct desk *desk, const char *symbol, int *ret_orders, int *ret_algo_orders)
{
	const struct account_symbol *found = find_symbol(desk, symbol);

	if (found == NULL || !found->has_open || desk_mono_ms(desk) - found->open_mono_ms > ACCOUNT_OLD_MS)
		return false;
	*ret_orders = found->open_orders;
	*ret_algo_orders = found->open_algo_orders;
	return true;
}

/* ---- may it act? ---- */

const char *
account_uid(const struct desk *desk, const struct exchange_status *status)
{
	return status->uid[0] != '\0' ? status->uid : desk->account->uid;
}

static bool
is_where(const struct desk *desk, const struct exchange_status *status, const char *host, const char *uid,
         struct error *err)
{
	const char *here = account_uid(desk, status);

	if (here[0] == '\0') {
		error_set(err, STATUS_UNAVAILABLE, "the account at %s has not answered yet: nothing is done before it is known%s%s",
		          status->host, status->trouble[0] != '\0' ? ": " : "", status->trouble);
		return false;
	}
	if (host[0] != '\0' && strcmp(host, status->host) != 0) {
		error_set(err, STATUS_REFUSED, "it lives at %s, and Robson is connected to %s: nothing is done with it here",
		          host, status->host);
		error_hint(err, "start Robson with the exchange.url that it was opened with");
		return false;
	}
	if (uid[0] != '\0' && strcmp(uid, here) != 0) {
		error_set(err, STATUS_REFUSED, "it lives in account %s, and the key is of account %s: nothing is done with it here",
		          uid, here);
		error_hint(err, "use the key of the account that it was opened with");
		return false;
	}
	return true;
}

bool
account_may_look(struct desk *desk, const char *host, const char *uid, struct error *err)
{
	struct exchange_status status;

	if (desk->setup.key_trouble != NULL && desk->setup.key_trouble[0] != '\0') {
		error_set(err, STATUS_CONFIG, "%s", desk->setup.key_trouble);
		return false;
	}
	if (!has_exchange(desk)) {
		error_set(err, STATUS_REFUSED, "no exchange is connected that could take LIVE orders");
		return false;
	}
	live_status(desk, &status);
	/* What is there goes on being looked at and protected: the refusals are its alarm, and whether the
	 * key is taken again shows by nothing else. */
	if (status.is_key_refused && host[0] == '\0') {
		error_set(err, STATUS_CONFIG, "%s", status.trouble[0] != '\0' ? status.trouble : "the exchange refuses the key");
		return false;
	}
	return is_where(desk, &status, host, uid, err);
}

bool
account_may_act(struct desk *desk, const char *host, const char *uid, struct error *err)
{
	if (desk->setup.is_readonly) {
		error_set(err, STATUS_REFUSED, "--readonly looks and never acts");
		return false;
	}
	return account_may_look(desk, host, uid, err) && account_lives_here(desk, err);
}
