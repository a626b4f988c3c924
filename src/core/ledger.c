/* The paper account, worked out from the book's rows.  What an open position took out of it is its
 * entry's value (for a short: the same, as collateral) and its fees; a partial exit gives back that
 * part's value with its gain or loss.  So free money moves by exactly what the fills moved. */
#include "core/ledger.h"

#include <string.h>

#include "base/text.h"

void
ledger_init(struct ledger *ledger, struct decimal start)
{
	*ledger = (struct ledger){ .start = start };
}

static const struct ledger_entry *
find(const struct ledger *ledger, const char *asset)
{
	for (int i = 0; i < ledger->count; i++)
		if (strcmp(ledger->entries[i].asset, asset) == 0)
			return &ledger->entries[i];
	return NULL;
}

/* The asset's figures to change, or those of an asset that is not there yet: store puts them in. */
static struct ledger_entry
load(const struct ledger *ledger, const char *asset)
{
	const struct ledger_entry *found = find(ledger, asset);
	if (found != NULL)
		return *found;
	struct ledger_entry fresh = { .asset = "" };
	text_copy(fresh.asset, sizeof fresh.asset, asset);
	return fresh;
}

static enum status
store(struct ledger *ledger, const struct ledger_entry *entry)
{
	const struct ledger_entry *found = find(ledger, entry->asset);
	if (found == NULL && ledger->count == LEDGER_ASSETS)
		return STATUS_RANGE;
	ledger->entries[found != NULL ? found - ledger->entries : ledger->count++] = *entry;
	return STATUS_OK;
}

enum status
ledger_add_realized(struct ledger *ledger, const char *asset, struct decimal net)
{
	struct ledger_entry entry = load(ledger, asset);
	enum status status = decimal_add(entry.realized, net, &entry.realized);
	return status == STATUS_OK ? store(ledger, &entry) : status;
}

enum status
ledger_add_operation(struct ledger *ledger, const char *asset, const struct operation *op)
{
	struct ledger_entry entry = load(ledger, asset);
	struct decimal held = DECIMAL_ZERO, exited, gained;

	if (op->status != OPERATION_ACTIVE || !decimal_is_positive(op->entry.quantity))
		return STATUS_OK;
	/* The part of the entry's value that is still in the position: up, so that free is not more. */
	enum status status = decimal_mul_div(op->entry.value, operation_open_quantity(op),
	                                     op->entry.quantity, ROUND_UP, &held);
	if (status == STATUS_OK)
		status = decimal_add(entry.locked, held, &entry.locked);
	if (status == STATUS_OK)
		status = decimal_sub(op->entry.value, held, &exited);
	if (status == STATUS_OK)
		status = op->side == SIDE_BUY ? decimal_sub(op->exit.value, exited, &gained)
		                              : decimal_sub(exited, op->exit.value, &gained);
	if (status == STATUS_OK)
		status = decimal_add(entry.spent, op->entry.fees, &entry.spent);
	if (status == STATUS_OK)
		status = decimal_add(entry.spent, op->exit.fees, &entry.spent);
	if (status == STATUS_OK)
		status = decimal_sub(entry.spent, gained, &entry.spent);
	return status == STATUS_OK ? store(ledger, &entry) : status;
}

enum status
ledger_add_order(struct ledger *ledger, const char *asset, const struct order *order,
                 struct decimal fee_percent)
{
	struct ledger_entry entry = load(ledger, asset);
	struct decimal value, fee;

	/* An order without a price has nothing to be reserved at; it fills at once or not at all. */
	if (order->purpose != PURPOSE_ENTRY || !order_is_open(order->state) || !order->has_price)
		return STATUS_OK;
	enum status status = decimal_mul(order_remaining(order), order->price, ROUND_UP, &value);
	if (status == STATUS_OK)
		status = decimal_percent_of(value, fee_percent, ROUND_UP, &fee);
	if (status == STATUS_OK)
		status = decimal_add(entry.locked, value, &entry.locked);
	if (status == STATUS_OK)
		status = decimal_add(entry.locked, fee, &entry.locked);
	return status == STATUS_OK ? store(ledger, &entry) : status;
}

enum status
ledger_total(const struct ledger *ledger, const char *asset, struct decimal *ret)
{
	struct ledger_entry entry = load(ledger, asset);
	return decimal_add(ledger->start, entry.realized, ret);
}

enum status
ledger_locked(const struct ledger *ledger, const char *asset, struct decimal *ret)
{
	*ret = load(ledger, asset).locked;
	return STATUS_OK;
}

enum status
ledger_free(const struct ledger *ledger, const char *asset, struct decimal *ret)
{
	struct ledger_entry entry = load(ledger, asset);
	struct decimal free_amount;
	enum status status = ledger_total(ledger, asset, &free_amount);
	if (status == STATUS_OK)
		status = decimal_sub(free_amount, entry.locked, &free_amount);
	if (status == STATUS_OK)
		status = decimal_sub(free_amount, entry.spent, &free_amount);
	if (status == STATUS_OK)
		*ret = free_amount;
	return status;
}
