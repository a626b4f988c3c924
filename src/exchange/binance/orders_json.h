/* Orders, lists and trades as Binance tells of them.  Pure: bytes of a stranger in, sane values out or
 * nothing.  (rest-api.md, "Trading endpoints", "Account Endpoints"; enums.md) */
#ifndef EXCHANGE_BINANCE_ORDERS_JSON_H
#define EXCHANGE_BINANCE_ORDERS_JSON_H

#include "core/ports/exchange.h"
#include "http/json.h"

struct fill_list { struct fill *all; size_t count, capacity; };      /* owned */
struct told_trades { struct exchange_trade *all; size_t count, capacity; };
MUST_USE bool fill_list_add(struct fill_list *list, const struct fill *fill);
void fill_list_done(struct fill_list *list);
MUST_USE bool told_trades_add(struct told_trades *list, const struct exchange_trade *trade);
void told_trades_done(struct told_trades *list);

/* One order in an answer to an order, a list, a cancel or a query. */
struct order_answer {
	char exchange_order_id[EXCHANGE_ORDER_ID_SIZE];
	bool has_state;                       /* an ACK tells none */
	enum order_state state;
	bool has_quantity;                    /* a pending leg of an OPO has none yet */
	struct decimal quantity, executed;
	char expiry_reason[48];               /* "" unless it expired and says why */
	struct fill_list fills;               /* owned; fee_quote is not filled in yet */
};
/* Whether this object speaks of the order: by symbol, by client id (an answer to a cancel has it as
 * origClientOrderId, its clientOrderId being the cancel's own), and by the exchange's id if it is known. */
bool order_json_is_of(const json_t *object, const struct order *order);
/* STATUS_INVALID: not what an exchange could mean (another side, more filled than ordered, ...). */
MUST_USE enum status order_json_read(const json_t *object, const struct order *order,
                                     struct order_answer *ret, struct error *err);
void order_answer_done(struct order_answer *answer);

/* openOrders.  *ret is malloc'd; one row that can't be read spoils the whole, for what is missing from a
 * list of open orders is taken for ended. */
MUST_USE enum status open_json_read(const json_t *root, const char *symbol /* "": any */,
                                    struct exchange_order **ret, size_t *ret_count, struct error *err);

/* myTrades, appended; *ret_last_id is the greatest id seen.  order_id "" for any order's.  Trades that
 * are in the list already are passed over. */
MUST_USE enum status trades_json_read(const json_t *root, const char *symbol, const char *order_id,
                                      struct told_trades *list, int64_t *ret_last_id, size_t *ret_rows,
                                      struct error *err);

MUST_USE enum status state_json_read(const char *word, enum order_state *ret);

#endif
