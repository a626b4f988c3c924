/* What a person would do LIVE, and the comparison of the book with the exchange. */
#include "tests/app/live.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const char *bid = "100.00", *ask = "100.01";   /* what the feed repeats */
static bool is_silent;
static struct live_shape shape_now;

void
live_price(struct world *world, const char *new_bid, const char *new_ask)
{
	bid = new_bid;
	ask = new_ask;
	world_price(world, BTC, bid, ask);
}

void
live_feed_price(const char *new_bid, const char *new_ask)
{
	bid = new_bid;
	ask = new_ask;
}

void live_be_silent(bool silent) { is_silent = silent; }

void
live_pass(struct world *world, int ms)
{
	for (int i = 0; i < ms / 100; i++) {
		world_advance_ms(world, 100);
		if (i % 10 == 0 && !is_silent)
			fake_feed_quote(world->a.feed, BTC, bid, ask);
		seat_settle(&world->a);
	}
}

static void
teach(struct world *world)
{
	struct symbol_rules rules = *desk_rules(world->a.desk, BTC);

	rules.oto_allowed = shape_now.oto;
	rules.opo_allowed = shape_now.opo;
	rules.oco_allowed = shape_now.oco;
	rules.cancel_replace_allowed = shape_now.cancel_replace;
	rules.can_stop_loss = shape_now.stop_loss;
	rules.can_stop_loss_limit = true;
	fake_feed_rules(world->a.feed, &rules);
	seat_settle(&world->a);
}

void
live_shape(struct world *world, struct live_shape shape)
{
	bid = "100.00";
	ask = "100.01";
	is_silent = false;
	shape_now = shape;
	teach(world);
}

void live_shape_set(struct live_shape shape) { shape_now = shape; }

void
live_rules(struct world *world, bool oto, bool opo, bool oco)
{
	live_shape(world, (struct live_shape){ oto, opo, oco, true, true });
}

void
live_take_over(struct world *world)
{
	seat_open(world, &world->a, 1, "person/test");
	seat_take(&world->a);
	assert_ok(world, desk_watch(world->a.desk, BTC, &world->err));
	world_price(world, BTC, bid, ask);
	teach(world);
}

void
live_restart(struct world *world)
{
	seat_close(&world->a);
	live_take_over(world);
}

enum status
live_wished(struct world *world, enum status stated, int64_t wish, int ms)
{
	enum wish_state how = WISH_WAITING;
	struct error outcome = { 0 };

	if (stated != STATUS_OK)
		return stated;
	for (int i = 0; i < ms / 100 && how != WISH_DONE; i++) {
		live_pass(world, 100);
		assert_ok(world, desk_wish_look(world->a.desk, wish, &how, &outcome, &world->err));
	}
	if (how != WISH_DONE)
		return error_set(&world->err, STATUS_UNAVAILABLE, "the wish was not answered in time");
	world->err = outcome;
	return outcome.status;
}

enum wish_state
live_execute(struct world *world, const struct plan_input *input, char ret_id[INTENT_ID_SIZE])
{
	int64_t wish = 0;

	world_validated(world, input, ret_id);
	assert_ok(world, desk_wish_execute(world->a.desk, ret_id, true, true, WAIT_MS, &wish, &world->err));
	(void)live_wished(world, STATUS_OK, wish, 10000);
	return strstr(world->err.message, "was not answered in time") != NULL ? WISH_TAKEN : WISH_DONE;
}

struct operation_model
live_operation(struct world *world, int64_t id)
{
	struct operation_model model;

	assert_ok(world, desk_operation(world->a.desk, id, &model, &world->err));
	return model;
}

struct operation_model
live_open(struct world *world, const char *target)
{
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "98", .target = target, .reason = "a test" };
	char id[INTENT_ID_SIZE];
	struct operation op;

	enum wish_state how = live_execute(world, &input, id);
	if (how != WISH_DONE || world->err.status != STATUS_OK)
		fail_msg("not executed: %s", world->err.message);
	live_pass(world, 1500);
	assert_ok(world, store_operation_of_intent(world->a.store, id, &op, &world->err));
	return live_operation(world, op.id);
}

void
live_rest(struct world *world, const char *target, char ret_id[INTENT_ID_SIZE])
{
	struct plan_input input = { .side = "buy", .symbol = BTC, .entry = "99.5", .stop = "98", .target = target, .reason = "t" };

	assert_int_equal(live_execute(world, &input, ret_id), WISH_DONE);
	assert_int_equal(world->err.status, STATUS_OK);
	live_pass(world, 1500);
	assert_int_equal(fake_live_state(world->live, live_id(world, "entry")), ORDER_NEW);
}

const char *
live_id(struct world *world, const char *purpose)
{
	static char id[CLIENT_ORDER_ID_SIZE];

	text_copy(id, sizeof id, world_text(world, "SELECT client_order_id FROM orders WHERE purpose = '%s' "
	                                    "ORDER BY n DESC LIMIT 1", purpose));
	return id;
}

/* ---- the book and the exchange ---- */

struct there { struct decimal bought, sold; int entries; };

static bool
is_same_order(struct world *world, const char *id, const struct order *there)
{
	char filled[DECIMAL_TEXT_SIZE];

	decimal_text(there->filled_quantity, filled);
	return world_count(world, "SELECT count(*) FROM orders WHERE client_order_id = '%s' AND state = '%s' AND filled_quantity = '%s'",
	                   id, order_state_name(there->state), filled) == 1;
}

static const char *
compare_orders(struct world *world, struct there *ret)
{
	static char said[256];
	const struct order *there;
	const char *id;

	*ret = (struct there){ .bought = DECIMAL_ZERO, .sold = DECIMAL_ZERO };
	for (size_t i = 0; (there = fake_live_at(world->live, i, &id)) != NULL; i++) {
		if (id[0] == '\0' || id[0] != 'r')
			continue;             /* refused with its list, or a stranger's */
		struct decimal *sum = there->side == SIDE_BUY ? &ret->bought : &ret->sold;
		sum->e16 += there->filled_quantity.e16;
		ret->entries += there->side == SIDE_BUY;
		if (!is_same_order(world, id, there)) {
			text_format(said, sizeof said, "%s is %s on the exchange and %s in the book", id,
			            order_state_name(there->state),
			            world_text(world, "SELECT state FROM orders WHERE client_order_id = '%s'", id));
			return said;
		}
	}
	return NULL;
}

const char *
live_wrong(struct world *world)
{
	static char said[256];
	struct there there;
	const char *wrong = compare_orders(world, &there);

	if (wrong != NULL)
		return wrong;
	if (there.sold.e16 > there.bought.e16)
		return "more was sold than was bought";
	if (there.entries > world_count(world, "SELECT count(*) FROM intents"))
		return "an intent bought twice";
	if (world_count(world, "SELECT count(*) FROM orders o WHERE state IN ('NEW', 'PARTIALLY_FILLED', 'PENDING_NEW') AND "
	                "purpose <> 'entry' AND EXISTS (SELECT 1 FROM operations p WHERE p.id = o.operation_id AND p.status = 'CLOSED')") != 0)
		return "something rests for what is closed";
	for (int64_t id = 1; id <= world_count(world, "SELECT count(*) FROM operations"); id++) {
		struct operation_model model = live_operation(world, id);
		bool is_covered = model.protection == PROTECTION_EXCH || model.protection == PROTECTION_EXCH_LOCAL;
		if (model.op.status == OPERATION_ACTIVE && !is_covered && model.op.alarm[0] == '\0') {
			text_format(said, sizeof said, "operation %lld is %s and no alarm stands", (long long)id,
			            protection_name(model.protection));
			return said;
		}
	}
	return NULL;
}

void
live_assert_right(struct world *world)
{
	const char *wrong = live_wrong(world);

	if (wrong != NULL)
		fail_msg("%s", wrong);
	world_assert_sound(world);
}
