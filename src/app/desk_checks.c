/* Where watching stands: until when, and how often, each symbol's price was held against the levels
 * of its positions.  In memory at every price; stored once a minute, with every exit, and when the
 * lease is given away, so that whoever comes next knows from when on prices were missed. */
#include "app/desk_state.h"

enum status
monitor_join_check(struct desk *desk, struct market *market, struct error *err)
{
	if (!market->has_quote || market->checks == 0)
		return STATUS_OK;
	struct price_check check = {
		.checked_at_ms = market->checked_at_ms, .bid = market->quote.bid, .ask = market->quote.ask,
		.checks = market->checks,
	};
	text_copy(check.feed, sizeof check.feed, desk->feed_id);
	text_copy(check.symbol, sizeof check.symbol, market->symbol);
	enum status status = store_check_save(desk->setup.store, &check, err);
	if (status == STATUS_OK)
		market->check_saved_us = clock_mono_us();
	return status;
}

enum status
monitor_join_checks(struct desk *desk, struct error *err)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < desk->market_count && status == STATUS_OK; i++)
		if (desk->markets[i]->position_count > 0 && desk->markets[i]->fires_due == 0)
			status = monitor_join_check(desk, desk->markets[i], err);
	return status;
}

/* Where every symbol's watching stands, in one commit: ten symbols wear the disk as little as one. */
static void
save_now(struct desk *desk)
{
	struct error err = { 0 };

	if (store_begin(desk->setup.store, &err) != STATUS_OK)
		return;
	if (monitor_join_checks(desk, &err) == STATUS_OK && store_commit(desk->setup.store, &err) == STATUS_OK)
		return;
	store_rollback(desk->setup.store);
	for (size_t i = 0; i < desk->market_count; i++)
		desk->markets[i]->check_saved_us = clock_mono_us();   /* not worth a storm of tries */
}

void
monitor_save_checks(struct desk *desk)
{
	for (size_t i = 0; i < desk->market_count; i++)
		if (desk->markets[i]->position_count > 0 && desk->markets[i]->checks > 0) {
			save_now(desk);
			return;
		}
}
