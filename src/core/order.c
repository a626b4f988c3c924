/* The life of an order.
 *
 *   PENDING -> SENT -> (PENDING_NEW ->) NEW -> PARTIALLY_FILLED -> FILLED
 *      |  \      \                        \-> CANCELLED, REJECTED, EXPIRED, EXPIRED_IN_MATCH
 *  NOT_SENT  \--> UNKNOWN -> any of what an exchange can say, or NEVER_ARRIVED
 *
 * The arrows are those of domain.md ("States"), and none besides: a report that finds none is late
 * or a bug, and changes nothing. */
#include "core/order.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/names.h"

static const char *const state_names[] = {
	[ORDER_PENDING] = "PENDING", [ORDER_SENT] = "SENT", [ORDER_UNKNOWN] = "UNKNOWN",
	[ORDER_PENDING_NEW] = "PENDING_NEW", [ORDER_NEW] = "NEW",
	[ORDER_PARTIALLY_FILLED] = "PARTIALLY_FILLED", [ORDER_FILLED] = "FILLED",
	[ORDER_REJECTED] = "REJECTED", [ORDER_EXPIRED] = "EXPIRED",
	[ORDER_EXPIRED_IN_MATCH] = "EXPIRED_IN_MATCH", [ORDER_CANCELLED] = "CANCELLED",
	[ORDER_NOT_SENT] = "NOT_SENT", [ORDER_NEVER_ARRIVED] = "NEVER_ARRIVED",
};
static_assert(ARRAY_LEN(state_names) == ORDER_STATE_COUNT, "a name for every state");
static const char *const purpose_names[] = { "entry", "stop", "target", "exit" };
static const char purpose_letters[] = { 'e', 's', 't', 'x' };
static const char *const type_names[] = { "LIMIT", "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT" };
static const char *const tif_names[] = { "", "GTC", "IOC", "FOK" };

/* The same arrows are tried in every order in tests/model/robson.pml (`inline order_next'; test_model
 * compares the two).  What takes them there is named beside each group. */
static const struct {
	enum order_state from;
	enum order_event on;
	enum order_state to;
} moves[] = {
	/* CHOOSE_TO_SEND, CHOOSE_SENT: two steps, and a death may lie between; give_up_waiting and doubt: a
	 * new holder does not know what became of what is PENDING or SENT */
	{ ORDER_PENDING, ORDER_ON_SEND,     ORDER_SENT     },
	{ ORDER_PENDING, ORDER_ON_NOT_SENT, ORDER_NOT_SENT },
	{ ORDER_PENDING, ORDER_ON_LOST,     ORDER_UNKNOWN  },
	{ ORDER_SENT,    ORDER_ON_LOST,     ORDER_UNKNOWN  },

	/* hear: the answer */
	{ ORDER_SENT, ORDER_ON_PENDING_NEW,      ORDER_PENDING_NEW      },
	{ ORDER_SENT, ORDER_ON_NEW,              ORDER_NEW              },
	{ ORDER_SENT, ORDER_ON_PARTIAL,          ORDER_PARTIALLY_FILLED },
	{ ORDER_SENT, ORDER_ON_FILLED,           ORDER_FILLED           },
	{ ORDER_SENT, ORDER_ON_REJECTED,         ORDER_REJECTED         },
	{ ORDER_SENT, ORDER_ON_EXPIRED,          ORDER_EXPIRED          },
	{ ORDER_SENT, ORDER_ON_EXPIRED_IN_MATCH, ORDER_EXPIRED_IN_MATCH },
	{ ORDER_SENT, ORDER_ON_CANCELLED,        ORDER_CANCELLED        },

	/* see: a lookup; miss: two that were asked after the window and found nothing */
	{ ORDER_UNKNOWN, ORDER_ON_PENDING_NEW,      ORDER_PENDING_NEW      },
	{ ORDER_UNKNOWN, ORDER_ON_NEW,              ORDER_NEW              },
	{ ORDER_UNKNOWN, ORDER_ON_PARTIAL,          ORDER_PARTIALLY_FILLED },
	{ ORDER_UNKNOWN, ORDER_ON_FILLED,           ORDER_FILLED           },
	{ ORDER_UNKNOWN, ORDER_ON_REJECTED,         ORDER_REJECTED         },
	{ ORDER_UNKNOWN, ORDER_ON_EXPIRED,          ORDER_EXPIRED          },
	{ ORDER_UNKNOWN, ORDER_ON_EXPIRED_IN_MATCH, ORDER_EXPIRED_IN_MATCH },
	{ ORDER_UNKNOWN, ORDER_ON_CANCELLED,        ORDER_CANCELLED        },
	{ ORDER_UNKNOWN, ORDER_ON_NOT_FOUND,        ORDER_NEVER_ARRIVED    },

	/* see: a leg of a list appears when its entry is filled whole (activate_legs), or dies in doing so;
	 * the reply to the list is not believed (MUTANT_TRUST_REPLY) */
	{ ORDER_PENDING_NEW, ORDER_ON_NEW,       ORDER_NEW              },
	{ ORDER_PENDING_NEW, ORDER_ON_PARTIAL,   ORDER_PARTIALLY_FILLED },
	{ ORDER_PENDING_NEW, ORDER_ON_FILLED,    ORDER_FILLED           },
	{ ORDER_PENDING_NEW, ORDER_ON_CANCELLED, ORDER_CANCELLED        },
	{ ORDER_PENDING_NEW, ORDER_ON_EXPIRED,   ORDER_EXPIRED          },
	{ ORDER_PENDING_NEW, ORDER_ON_REJECTED,  ORDER_REJECTED         },

	/* see: it fires, fills or is taken away by a sibling, a cancel, or what replaces it */
	{ ORDER_NEW, ORDER_ON_PARTIAL,          ORDER_PARTIALLY_FILLED },
	{ ORDER_NEW, ORDER_ON_FILLED,           ORDER_FILLED           },
	{ ORDER_NEW, ORDER_ON_CANCELLED,        ORDER_CANCELLED        },
	{ ORDER_NEW, ORDER_ON_EXPIRED,          ORDER_EXPIRED          },
	{ ORDER_NEW, ORDER_ON_EXPIRED_IN_MATCH, ORDER_EXPIRED_IN_MATCH },

	/* see: what has begun to fill can't be replaced (MUTANT_NOT_ONLY_NEW), only cancelled (CHOOSE_PARTLY) */
	{ ORDER_PARTIALLY_FILLED, ORDER_ON_PARTIAL,          ORDER_PARTIALLY_FILLED },
	{ ORDER_PARTIALLY_FILLED, ORDER_ON_FILLED,           ORDER_FILLED           },
	{ ORDER_PARTIALLY_FILLED, ORDER_ON_CANCELLED,        ORDER_CANCELLED        },
	{ ORDER_PARTIALLY_FILLED, ORDER_ON_EXPIRED,          ORDER_EXPIRED          },
	{ ORDER_PARTIALLY_FILLED, ORDER_ON_EXPIRED_IN_MATCH, ORDER_EXPIRED_IN_MATCH },
};

enum status
order_next(enum order_state from, enum order_event on, enum order_state *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(moves); i++)
		if (moves[i].from == from && moves[i].on == on) {
			*ret = moves[i].to;
			return STATUS_OK;
		}
	return STATUS_CONFLICT;
}

bool
order_may_become(enum order_state from, enum order_state to)
{
	for (size_t i = 0; i < ARRAY_LEN(moves); i++)
		if (moves[i].from == from && moves[i].to == to)
			return true;
	return false;
}

bool
order_is_final(enum order_state state)
{
	return !order_is_open(state);
}

bool
order_is_open(enum order_state state)
{
	return state == ORDER_PENDING || state == ORDER_SENT || state == ORDER_UNKNOWN ||
	       state == ORDER_PENDING_NEW || state == ORDER_NEW || state == ORDER_PARTIALLY_FILLED;
}

enum status
order_event_for(enum order_state reported, enum order_event *ret)
{
	static const struct { enum order_state state; enum order_event event; } words[] = {
		{ ORDER_PENDING_NEW, ORDER_ON_PENDING_NEW },
		{ ORDER_NEW, ORDER_ON_NEW },
		{ ORDER_PARTIALLY_FILLED, ORDER_ON_PARTIAL },
		{ ORDER_FILLED, ORDER_ON_FILLED },
		{ ORDER_REJECTED, ORDER_ON_REJECTED },
		{ ORDER_EXPIRED, ORDER_ON_EXPIRED },
		{ ORDER_EXPIRED_IN_MATCH, ORDER_ON_EXPIRED_IN_MATCH },
		{ ORDER_CANCELLED, ORDER_ON_CANCELLED },
	};
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (words[i].state == reported) {
			*ret = words[i].event;
			return STATUS_OK;
		}
	return STATUS_INVALID;
}

const char *
order_state_name(enum order_state state)
{
	assert((size_t)state < ARRAY_LEN(state_names));
	return state_names[state];
}

enum status
order_state_parse(const char *text, enum order_state *ret)
{
	int found = names_find(state_names, ARRAY_LEN(state_names), text);
	if (found < 0)
		return STATUS_INVALID;
	*ret = (enum order_state)found;
	return STATUS_OK;
}

const char *
order_purpose_name(enum order_purpose purpose)
{
	assert((size_t)purpose < ARRAY_LEN(purpose_names));
	return purpose_names[purpose];
}

enum status
order_purpose_parse(const char *text, enum order_purpose *ret)
{
	int found = names_find(purpose_names, ARRAY_LEN(purpose_names), text);
	if (found < 0)
		return STATUS_INVALID;
	*ret = (enum order_purpose)found;
	return STATUS_OK;
}

const char *
order_type_name(enum order_type type)
{
	assert((size_t)type < ARRAY_LEN(type_names));
	return type_names[type];
}

enum status
order_type_parse(const char *text, enum order_type *ret)
{
	int found = names_find(type_names, ARRAY_LEN(type_names), text);
	if (found < 0)
		return STATUS_INVALID;
	*ret = (enum order_type)found;
	return STATUS_OK;
}

const char *
time_in_force_name(enum time_in_force tif)
{
	assert((size_t)tif < ARRAY_LEN(tif_names));
	return tif_names[tif];
}

enum status
time_in_force_parse(const char *text, enum time_in_force *ret)
{
	int found = names_find(tif_names, ARRAY_LEN(tif_names), text);
	if (found < 0)
		return STATUS_INVALID;
	*ret = (enum time_in_force)found;
	return STATUS_OK;
}

/* The last 12 hex digits of an intent's id: the random part of a UUIDv7, not its time. */
static void
intent_tail(const char *intent_id, char ret_tail[13])
{
	char kept[INTENT_ID_SIZE];
	size_t len = 0;
	for (const char *at = intent_id; *at != '\0'; at++)      /* kept has the size of an id */
		if (*at != '-')
			kept[len++] = *at;
	kept[len] = '\0';
	text_copy(ret_tail, 13, len > 12 ? kept + len - 12 : kept);
}

/* What was sent with the entry belongs to the intent: there was no operation yet. */
static void
owner_of(const struct order *order, char ret_owner[24])
{
	char tail[13];
	if (order->purpose == PURPOSE_ENTRY || order->operation_id == 0) {
		intent_tail(order->intent_id, tail);
		text_copy(ret_owner, 24, tail);
	} else {
		text_format(ret_owner, 24, "%lld", (long long)order->operation_id);
	}
}

static void
make_id(const char *book_id, const struct order *order, char letter,
        char ret_id[CLIENT_ORDER_ID_SIZE])
{
	char owner[24];
	owner_of(order, owner);
	bool fits = text_format(ret_id, CLIENT_ORDER_ID_SIZE, "r%.8s-%s-%c%d", book_id, owner, letter,
	                        order->generation);
	assert(fits);      /* a cut id could be another order's; 10^13 operations are needed for it */
	(void)fits;
}

void
order_make_client_id(const char *book_id, const struct order *order,
                     char ret_id[CLIENT_ORDER_ID_SIZE])
{
	make_id(book_id, order, purpose_letters[order->purpose], ret_id);
}

void
order_make_list_id(const char *book_id, const struct order *first, char ret_id[CLIENT_ORDER_ID_SIZE])
{
	make_id(book_id, first, 'l', ret_id);
}

bool
order_id_is_of_book(const char *book_id, const char *client_order_id)
{
	char prefix[16];
	text_format(prefix, sizeof prefix, "r%.8s-", book_id);
	size_t len = strlen(prefix);
	return len > 2 && strncmp(client_order_id, prefix, len) == 0;
}

enum status
order_settle_quantity(struct order *order, struct decimal quantity)
{
	if (!order->is_quantity_open)
		return STATUS_CONFLICT;
	if (!decimal_is_positive(quantity) || decimal_cmp(quantity, order->quantity) > 0 ||
	    decimal_cmp(quantity, order->filled_quantity) < 0)
		return STATUS_RANGE;
	order->quantity = quantity;
	order->is_quantity_open = false;
	return STATUS_OK;
}

enum status
order_add_fill(struct order *order, const struct fill *fill)
{
	struct decimal quantity, value, fees;
	/* Exact for all that exchanges send (8 places each); beyond that against ourselves. */
	enum rounding rounding = order->side == SIDE_BUY ? ROUND_UP : ROUND_DOWN;

	if (!decimal_is_positive(fill->quantity) || !decimal_is_positive(fill->price))
		return STATUS_RANGE;
	if (decimal_add(order->filled_quantity, fill->quantity, &quantity) != STATUS_OK ||
	    decimal_cmp(quantity, order->quantity) > 0)
		return STATUS_RANGE;
	if (decimal_mul(fill->price, fill->quantity, rounding, &value) != STATUS_OK ||
	    decimal_add(order->filled_value, value, &value) != STATUS_OK ||
	    decimal_add(order->fees, fill->fee_quote, &fees) != STATUS_OK)
		return STATUS_RANGE;
	order->filled_quantity = quantity;
	order->filled_value = value;
	order->fees = fees;
	return STATUS_OK;
}

struct decimal
order_remaining(const struct order *order)
{
	struct decimal rest;
	if (decimal_sub(order->quantity, order->filled_quantity, &rest) != STATUS_OK ||
	    decimal_is_negative(rest))
		return DECIMAL_ZERO;
	return rest;
}
