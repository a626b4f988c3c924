/* LIVE's part of the status: orders without an answer, what a person must look at, and whether this book
 * may act here at all. */
#include "app/desk_account.h"

#include <string.h>

static bool
see_order(void *self, const struct order *order)
{
	struct desk_status_model *model = self;

	if (order->mode != MODE_LIVE || order->state != ORDER_UNKNOWN)
		return true;
	if (model->unknown_count++ == 0 || order->changed_at_ms < model->unknown_since_ms) {
		model->unknown_since_ms = order->changed_at_ms;
		text_copy(model->unknown_id, sizeof model->unknown_id, order->client_order_id);
	}
	return true;
}

static void
say_unknown(struct desk *desk, struct desk_status_model *model)
{
	struct order_query open = { .client_id = desk->setup.client_id, .only_open = true };
	const struct live_order *live;

	model->unknown_count = 0;
	model->unknown_since_ms = 0;
	model->unknown_next_ms = -1;
	if (store_orders(desk->setup.store, &open, see_order, model, NULL) != STATUS_OK || model->unknown_count == 0)
		return;
	if (desk->is_holder && (live = desk_order(desk, model->unknown_id)) != NULL) {
		model->unknown_next_ms = live->lookup_mono_ms - desk_mono_ms(desk);
		if (model->unknown_next_ms < 0)
			model->unknown_next_ms = 0;
	}
}

static bool
see_blocker(void *self, const struct blocker *blocker)
{
	struct desk_status_model *model = self;

	model->blocker_count++;
	text_copy(model->blocker, sizeof model->blocker, blocker->text);
	return true;
}

static void
say_blockers(struct desk *desk, struct desk_status_model *model)
{
	struct blocker_query open = { .client_id = desk->setup.client_id, .only_open = true };

	model->blocker_count = 0;
	model->blocker[0] = '\0';
	if (store_blockers(desk->setup.store, &open, see_blocker, model, NULL) != STATUS_OK)
		model->blocker_count = 0;
}

void
status_live(struct desk *desk, struct desk_status_model *model)
{
	struct error why = { 0 };

	say_unknown(desk, model);
	say_blockers(desk, model);
	model->binding[0] = '\0';
	/* A book that never was LIVE lives wherever it likes. */
	if ((model->is_live_on || model->live_count > 0) && !account_lives_here(desk, &why) && why.status == STATUS_REFUSED)
		text_copy(model->binding, sizeof model->binding, why.message);
}
