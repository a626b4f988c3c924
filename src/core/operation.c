/* An operation: its short life, and what it risks, earns and has earned.  Every figure is computed
 * by sizing.c and pnl.c; here they get the operation's own quantities and levels. */
#include "core/operation.h"

#include <assert.h>

#include "base/text.h"
#include "core/names.h"
#include "core/sizing.h"

static const char *const status_names[] = {
	[OPERATION_ACTIVE] = "ACTIVE", [OPERATION_CLOSED] = "CLOSED",
	[OPERATION_CANCELLED] = "CANCELLED",
};
static_assert(ARRAY_LEN(status_names) == OPERATION_STATUS_COUNT, "a name for every status");
static const char *const exit_reason_names[] = {
	[EXIT_NONE] = "", [EXIT_STOP_LOSS] = "STOP_LOSS", [EXIT_TAKE_PROFIT] = "TAKE_PROFIT",
	[EXIT_MANUAL] = "MANUAL", [EXIT_EMERGENCY] = "EMERGENCY",
	[EXIT_CLOSED_ELSEWHERE] = "CLOSED_ELSEWHERE", [EXIT_HANDED_OVER] = "HANDED_OVER",
};
static_assert(ARRAY_LEN(exit_reason_names) == EXIT_REASON_COUNT, "a name for every reason");
static const char *const protection_names[] = { "PAPER", "EXCH+LOCAL", "EXCH", "LOCAL", "NAKED" };

/* `inline operation_next' of tests/model/robson.pml.  There settle closes it when nothing is held and
 * the entry has ended (MUTANT_EXIT_BEFORE_ENTRY_ENDS); the other leg of a list may end after it. */
static const struct {
	enum operation_status from;
	enum operation_event on;
	enum operation_status to;
} moves[] = {
	{ OPERATION_ACTIVE, OPERATION_ON_FLAT,    OPERATION_CLOSED    },
	{ OPERATION_ACTIVE, OPERATION_ON_RELEASE, OPERATION_CANCELLED },
};

enum status
operation_next(enum operation_status from, enum operation_event on, enum operation_status *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(moves); i++)
		if (moves[i].from == from && moves[i].on == on) {
			*ret = moves[i].to;
			return STATUS_OK;
		}
	return STATUS_CONFLICT;
}

bool
operation_may_become(enum operation_status from, enum operation_status to)
{
	for (size_t i = 0; i < ARRAY_LEN(moves); i++)
		if (moves[i].from == from && moves[i].to == to)
			return true;
	return false;
}

const char *
operation_status_name(enum operation_status status)
{
	assert((size_t)status < ARRAY_LEN(status_names));
	return status_names[status];
}

enum status
operation_status_parse(const char *text, enum operation_status *ret)
{
	int found = names_find(status_names, ARRAY_LEN(status_names), text);
	if (found < 0)
		return STATUS_INVALID;
	*ret = (enum operation_status)found;
	return STATUS_OK;
}

const char *
exit_reason_name(enum exit_reason reason)
{
	assert((size_t)reason < ARRAY_LEN(exit_reason_names));
	return exit_reason_names[reason];
}

enum status
exit_reason_parse(const char *text, enum exit_reason *ret)
{
	int found = names_find(exit_reason_names, ARRAY_LEN(exit_reason_names), text);
	if (found < 0)
		return STATUS_INVALID;
	*ret = (enum exit_reason)found;
	return STATUS_OK;
}

const char *
protection_name(enum protection protection)
{
	assert((size_t)protection < ARRAY_LEN(protection_names));
	return protection_names[protection];
}

struct decimal
operation_open_quantity(const struct operation *op)
{
	struct decimal open;
	/* What was received, and less than nothing is never held: a stranger's coins are not counted. */
	if (decimal_sub(op->entry.quantity, op->base_fees, &open) != STATUS_OK ||
	    decimal_sub(open, op->exit.quantity, &open) != STATUS_OK || decimal_is_negative(open))
		return DECIMAL_ZERO;
	return open;
}

struct decimal
operation_sellable(const struct operation *op, struct decimal lot_step)
{
	struct decimal open = operation_open_quantity(op), lots;
	/* A step of zero is none. */
	return decimal_to_step(open, lot_step, ROUND_DOWN, &lots) == STATUS_OK ? lots : open;
}

static enum status
risk_at(const struct operation *op, struct decimal quantity, struct decimal stop,
        struct decimal *ret)
{
	struct risk_terms terms = { .fee_percent = op->fee_percent, .gap_percent = op->gap_percent };
	return sizing_risk_of(op->side, quantity, leg_average(&op->entry), stop, &terms, ret);
}

enum status
operation_initial_risk(const struct operation *op, struct decimal *ret)
{
	return risk_at(op, op->entry.quantity, op->initial_stop, ret);
}

/* What was bought for what is still held: with the commission that was taken of it. */
static struct decimal
still_entered(const struct operation *op)
{
	struct decimal open = operation_open_quantity(op), received, entered;
	if (decimal_sub(op->entry.quantity, op->base_fees, &received) != STATUS_OK ||
	    decimal_mul_div(open, op->entry.quantity, received, ROUND_UP, &entered) != STATUS_OK)
		return open;
	return entered;
}

enum status
operation_open_risk(const struct operation *op, struct decimal *ret)
{
	struct decimal risk;
	enum status status = risk_at(op, still_entered(op), op->stop_price, &risk);
	if (status != STATUS_OK)
		return status;
	*ret = decimal_max(risk, DECIMAL_ZERO);          /* a stop in profit risks nothing */
	return STATUS_OK;
}

static struct round_trip
trip_of(const struct operation *op, bool is_flat)
{
	return (struct round_trip){ .side = op->side, .entry = op->entry, .exit = op->exit,
	                            .taken = op->base_fees, .is_flat = is_flat };
}

enum status
operation_unrealized(const struct operation *op, struct decimal price, struct decimal *ret)
{
	struct round_trip trip = trip_of(op, op->status == OPERATION_CLOSED);
	return pnl_trip_unrealized(&trip, price, op->fee_percent, ret);
}

bool
operation_agrees_with_intent(enum intent_status intent, bool has_operation,
                             enum operation_status operation)
{
	switch (intent) {
	case INTENT_EXECUTING:                           /* from the first fill on */
		return !has_operation || operation == OPERATION_ACTIVE;
	case INTENT_EXECUTED:
		return has_operation;
	default:
		return !has_operation;
	}
}

/* Nothing is left but what its own record calls dust. */
static bool
is_flat(const struct operation *op)
{
	return decimal_is_positive(op->entry.quantity) &&
	       decimal_cmp(op->exit.quantity, op->entry.quantity) <= 0 &&
	       decimal_cmp(operation_open_quantity(op), op->dust) == 0;
}

/* Before fees: what the exits brought, less what their share of the entry cost. */
static enum status
gross_of(const struct operation *op, struct decimal *ret)
{
	struct decimal share;
	enum status status = pnl_entry_share(op->side, &op->entry, op->exit.quantity, &share);
	if (status != STATUS_OK)
		return status;
	return op->side == SIDE_BUY ? decimal_sub(op->exit.value, share, ret)
	                            : decimal_sub(share, op->exit.value, ret);
}

enum status
trade_from_operation(const struct operation *op, int64_t closed_at_ms, struct trade *ret)
{
	struct round_trip trip = trip_of(op, true);

	if (!is_flat(op))
		return STATUS_CONFLICT;

	struct trade trade = {
		.operation_id = op->id, .client_id = op->client_id, .mode = op->mode, .side = op->side,
		/* Where commission or dust were left over, what made the round trip is what was sold. */
		.quantity = decimal_is_positive(op->exit.quantity) ? op->exit.quantity : op->entry.quantity,
		.entry_price = leg_average(&op->entry), .exit_price = leg_average(&op->exit),
		.entry_fees = op->entry.fees, .exit_fees = op->exit.fees,
		.exit_reason = op->exit_reason != EXIT_NONE ? op->exit_reason : op->exit_wish.reason,
		.opened_at_ms = op->opened_at_ms, .closed_at_ms = closed_at_ms,
		.duration_ms = closed_at_ms - op->opened_at_ms,
	};
	text_copy(trade.intent_id, sizeof trade.intent_id, op->intent_id);
	text_copy(trade.symbol, sizeof trade.symbol, op->symbol);
	text_copy(trade.strategy, sizeof trade.strategy, op->strategy);
	text_copy(trade.feed, sizeof trade.feed, op->feed);

	enum status status = gross_of(op, &trade.gross_pnl);
	if (status == STATUS_OK)
		status = pnl_trip_realized(&trip, &trade.net_pnl);
	if (status != STATUS_OK)
		return status;
	/* R is a yardstick: a trade whose risk can't be stated is booked without it. */
	if (operation_initial_risk(op, &trade.initial_risk) == STATUS_OK &&
	    decimal_is_positive(trade.initial_risk))
		trade.has_r_multiple = pnl_r_multiple(trade.net_pnl, trade.initial_risk,
		                                      &trade.r_multiple) == STATUS_OK;
	*ret = trade;
	return STATUS_OK;
}

bool
trade_is_win(const struct trade *trade)
{
	return decimal_is_positive(trade->net_pnl);
}

enum status
track_record_add(struct track_record *record, const struct trade *trade)
{
	struct decimal net;
	enum status status = decimal_add(record->net_pnl, trade->net_pnl, &net);
	if (status != STATUS_OK)
		return status;
	record->trades++;
	if (trade_is_win(trade))
		record->wins++;
	record->net_pnl = net;
	record->peak = decimal_max(record->peak, net);
	return STATUS_OK;
}
