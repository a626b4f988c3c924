/* The machine that the book lives on.  A copy of the file on a second machine, or an old one put back
 * from a backup, speaks of the same LIVE operations: only one of them may act, and a person says which
 * (robson adopt).  Of a book that never acted LIVE there is nothing to confuse: it makes itself at home
 * with its first LIVE order. */
#include "app/desk_account.h"

#include <string.h>

enum { HOME_LOOK_US = 1000000 };

static bool
must_adopt(struct error *err, const char *why)
{
	error_set(err, STATUS_REFUSED, "%s: it does nothing LIVE until it is adopted", why);
	error_hint(err, "robson adopt compares it with the exchange first, and then takes it over");
	return false;
}

static bool
see_one(void *self, const struct order *order)
{
	(void)order;
	*(bool *)self = true;
	return false;
}

/* Has it ever sent a LIVE order, or been told that it may? */
static bool
was_live(struct desk *desk)
{
	struct order_query live = { .has_mode = true, .mode = MODE_LIVE, .limit = 1 };
	struct book book;
	bool found = false;

	return store_orders(desk->setup.store, &live, see_one, &found, NULL) != STATUS_OK || found ||
	       store_book(desk->setup.store, desk->setup.client_id, MODE_LIVE, &book, NULL) != STATUS_OK || book.is_live_on;
}

/* *ret_is_new: it lives nowhere, and may live here. */
static bool
look(struct desk *desk, struct machine *ret_here, bool *ret_is_new, struct error *err)
{
	struct machine home;
	bool was_restored = false;
	int64_t business = 0;

	*ret_is_new = false;
	if (store_machine_here(desk->setup.store, desk->setup.machine, ret_here, err) != STATUS_OK)
		return false;
	enum status status = store_machine_find(desk->setup.store, &home, &was_restored, err);
	if (status == STATUS_NOT_FOUND && was_restored && was_live(desk))
		return must_adopt(err, "this book was restored from a backup");
	if (status == STATUS_NOT_FOUND) {
		if (store_live_business(desk->setup.store, &business, err) != STATUS_OK)
			return false;
		if (business > 0)
			return must_adopt(err, "this book holds LIVE operations and does not say where it lives");
		error_clear(err);
		*ret_is_new = true;
		return true;
	}
	if (status != STATUS_OK)
		return false;
	if (strcmp(home.id, ret_here->id) != 0)
		return must_adopt(err, "this book was copied here from another machine");
	if (home.inode != ret_here->inode)
		return must_adopt(err, "this book is a copy: it was another file when it was last LIVE");
	return true;
}

bool
account_lives_here(struct desk *desk, struct error *err)
{
	struct account *account = desk->account;
	struct machine here;
	struct error answer = { 0 };
	bool is_new;
	int64_t now_us = clock_mono_us(), changes = store_change_count(desk->setup.store);

	if (account->home.looked_us == 0 || changes == -1 || changes != account->home.changes ||
	    now_us - account->home.looked_us >= HOME_LOOK_US) {
		if (look(desk, &here, &is_new, &answer))
			answer = (struct error){ 0 };
		account->home.answer = answer;
		account->home.changes = changes;
		account->home.looked_us = now_us;
	}
	if (account->home.answer.status != STATUS_OK && err != NULL)
		*err = account->home.answer;
	return account->home.answer.status == STATUS_OK;
}

enum status
account_settle_here(struct desk *desk, struct error *err)
{
	struct machine here;

	enum status status = store_machine_here(desk->setup.store, desk->setup.machine, &here, err);
	if (status != STATUS_OK)
		return status;
	here.adopted_at_ms = desk_now_ms(desk);
	text_copy(here.adopted_by, sizeof here.adopted_by, desk->actor_now[0] != '\0' ? desk->actor_now : desk->actor);
	return store_machine_save(desk->setup.store, &here, err);
}

enum status
account_join_machine(struct desk *desk, struct error *err)
{
	struct machine here;
	struct error why = { 0 };
	bool is_new;

	if (!look(desk, &here, &is_new, &why)) {
		if (err != NULL)
			*err = why;
		return why.status;
	}
	return is_new ? account_settle_here(desk, err) : STATUS_OK;
}
