/* What a LIVE position needs next: a table for every rule, on both sides of its boundaries; the stop
 * that is placed; and what may be shown of its protection. */
#include "tests/core/protection_world.h"

struct row {
	const char *facts, *rule;
	enum protection_action action;
	char subject;                 /* 'e', 's', 't', 'x'; 0: none */
	const char *quantity;
	enum exit_reason reason;
	bool is_alarm;
};

static void
check_row(const struct row *row)
{
	static const char letters[] = "estx";
	struct world world;

	world_ask(&world, row->facts);
	const struct protection_step *step = &world.step;
	if (strcmp(step->rule, row->rule) != 0)
		fail_msg("'%s': rule '%s' answers, not '%s'", row->facts, step->rule, row->rule);
	if (step->action != row->action)
		fail_msg("'%s': %s", row->facts, protection_action_name(step->action));
	char subject = step->order == NULL ? 0 : letters[step->order->purpose];
	if (subject != row->subject)
		fail_msg("'%s': of '%c', not '%c'", row->facts, subject, row->subject);
	if (decimal_cmp(step->quantity, dec(row->quantity)) != 0)
		fail_msg("'%s': another quantity than %s", row->facts, row->quantity);
	if (step->exit_reason != row->reason)
		fail_msg("'%s': reason '%s'", row->facts, exit_reason_name(step->exit_reason));
	if (step->is_alarm != row->is_alarm)
		fail_msg("'%s': alarm %d", row->facts, step->is_alarm);
	assert_true(step->why[0] != '\0');
}

#define CHECK(table) do { \
	for (size_t i = 0; i < ARRAY_LEN(table); i++) \
		check_row(&(table)[i]); \
} while (0)

#define WAIT PROTECT_WAIT, 0, "0", EXIT_NONE
#define NOTHING PROTECT_NOTHING, 0, "0", EXIT_NONE
#define DUST PROTECT_CLOSE_AS_DUST, 0, "0", EXIT_NONE
#define CANCEL(subject, reason) PROTECT_CANCEL_ORDER, subject, "0", reason
#define CANCEL_ENTRY(reason) PROTECT_CANCEL_ENTRY, 'e', "0", reason
#define MARKET(subject, reason) PROTECT_REPLACE_BY_MARKET, subject, "0.1", reason
#define SELL(reason) PROTECT_SELL, 0, "0.1", reason
#define PLACE PROTECT_PLACE_STOP, 0, "0.1", EXIT_NONE
#define REPLACE(subject) PROTECT_REPLACE_STOP, subject, "0.1", EXIT_NONE

static void
waits_while_anything_is_in_doubt(void **state)
{
	static const struct row table[] = {
		/* Nothing that is known protects it: an alarm. */
		{ "s:PENDING", "doubt", WAIT, true },
		{ "s:SENT", "doubt", WAIT, true },
		{ "s:UNKNOWN", "doubt", WAIT, true },
		{ "t:NEW?", "doubt", WAIT, true },
		{ "x:SENT", "doubt", WAIT, true },
		/* A stop that was told to rest, and what may be in its place. */
		{ "s:NEW?", "doubt", WAIT, false },
		{ "s:NEW s:SENT", "doubt", WAIT, false },
		{ "s:NEW s:UNKNOWN", "doubt", WAIT, true },
		{ "s:NEW? x:PENDING", "doubt", WAIT, false },
		{ "s:NEW t:UNKNOWN", "doubt", WAIT, true },
		{ "s:NEW t:PART?", "doubt", WAIT, false },
		{ "s:NEW e:PART?", "doubt", WAIT, false },
		{ "s:NEW e:UNKNOWN", "doubt", WAIT, true },
		{ "s:PENDING_NEW? t:PENDING_NEW e:PART partial=90000", "doubt", WAIT, true },
		/* Whatever is wanted, crossed or touched. */
		{ "s:UNKNOWN wish=EMERGENCY", "doubt", WAIT, true },
		{ "s:UNKNOWN bid=40000 beyond=9000 lasts=9", "doubt", WAIT, true },
		{ "t:SENT target=56000 target bid=57000 touched", "doubt", WAIT, true },
		{ "s:SENT refused", "doubt", WAIT, true },
		{ "s:SENT sold=0.1", "doubt", WAIT, false },
		/* What has ended is in no doubt. */
		{ "s:NEW s:NEVER_ARRIVED? x:REJECTED? t:EXPIRED?", "right", NOTHING, false },
	};
	(void)state;
	CHECK(table);
}

static void
cuts_short_an_entry_whose_list_waits(void **state)
{
	static const struct row table[] = {
		{ "e:PART s:PENDING_NEW", "entry-list", NOTHING, false },
		{ "e:PART s:PENDING_NEW stale", "entry-list", NOTHING, true },
		{ "e:PART s:PENDING_NEW partial=29999", "entry-list", NOTHING, false },
		{ "e:PART s:PENDING_NEW partial=30000", "entry-slow", CANCEL_ENTRY(EXIT_NONE), false },
		/* From 50,000 to 48,000: three quarters are gone at 48,500. */
		{ "e:PART s:PENDING_NEW bid=48500.01", "entry-list", NOTHING, false },
		{ "e:PART s:PENDING_NEW bid=48500", "entry-near-stop", CANCEL_ENTRY(EXIT_NONE), false },
		{ "e:PART s:PENDING_NEW bid=48500 stale", "entry-list", NOTHING, true },
		{ "e:PART- s:PENDING_NEW bid=48500 partial=30000", "entry-ends", WAIT, true },
		/* Of what the first fills cost: 51,000 on average, 48,750. */
		{ "e:PART s:PENDING_NEW cost=5100 bid=48750", "entry-near-stop", CANCEL_ENTRY(EXIT_NONE), false },
		{ "e:PART s:PENDING_NEW cost=5100 bid=48750.01", "entry-list", NOTHING, false },
		/* An exit that is wanted ends it first, whoever wants it. */
		{ "e:PART s:PENDING_NEW wish=MANUAL", "entry-exit", CANCEL_ENTRY(EXIT_NONE), false },
		{ "e:PART- s:PENDING_NEW wish=MANUAL", "entry-ends", WAIT, true },
		{ "e:PART s:PENDING_NEW bid=48000", "entry-exit", CANCEL_ENTRY(EXIT_STOP_LOSS), false },
		{ "e:PART s:PENDING_NEW bid=48000.01", "entry-near-stop", CANCEL_ENTRY(EXIT_NONE), false },
		{ "e:PART s:PENDING_NEW lasts=1", "entry-list", NOTHING, false },
		{ "e:PART s:PENDING_NEW lasts=2", "entry-exit", CANCEL_ENTRY(EXIT_STOP_LOSS), false },
		{ "e:PART s:PENDING_NEW t:PENDING_NEW target target=56000 bid=56000", "entry-exit",
		  CANCEL_ENTRY(EXIT_TAKE_PROFIT), false },
		{ "e:PART s:PENDING_NEW t:PENDING_NEW target target=56000 bid=55999.99", "entry-list", NOTHING, false },
	};
	(void)state;
	CHECK(table);
}

static void
protects_what_an_entry_without_a_list_has_brought_while_it_rests_on(void **state)
{
	static const struct row table[] = {
		{ "e:PART", "stop", PLACE, false },
		{ "e:PART target target=56000", "stop", PLACE, false },       /* no OCO beside an entry */
		{ "e:PART partial=90000", "stop", PLACE, false },
		{ "e:PART s:NEW", "right", NOTHING, false },
		{ "e:PART s:NEW*0.09999", "replace", REPLACE('s'), false },
		{ "e:PART s:NEW*0.05 noplace", "back-off", WAIT, true },
		{ "e:PART s:NEW partial=90000 bid=48500", "right", NOTHING, false },
		{ "e:PART- ", "stop", PLACE, false },           /* a person cancelled what rests of it */
		/* Nothing is sold beside it. */
		{ "e:PART s:NEW wish=MANUAL", "entry-exit", CANCEL_ENTRY(EXIT_NONE), false },
		{ "e:PART- s:NEW wish=MANUAL", "entry-ends", WAIT, false },
		{ "e:PART- wish=MANUAL", "entry-ends", WAIT, true },
		{ "e:PART bid=48000", "entry-exit", CANCEL_ENTRY(EXIT_STOP_LOSS), false },
		{ "e:PART refused", "entry-exit", CANCEL_ENTRY(EXIT_STOP_LOSS), false },
		{ "e:PART s:PART+0.05 sold=0.05", "entry-exit", CANCEL_ENTRY(EXIT_STOP_LOSS), false },
		/* The exchange's stop fires: no more is bought, and nothing is sold beside it. */
		{ "e:PART s:NEW bid=48000", "entry-stop", CANCEL_ENTRY(EXIT_NONE), false },
		{ "e:PART s:NEW bid=48000.01", "right", NOTHING, false },
		{ "e:PART- s:NEW bid=48000", "stop-fires", NOTHING, false },
		/* Too little for any order so far. */
		{ "e:PART bought=0.000009 cost=0.45", "part-of-lot", NOTHING, false },
		{ "e:PART bought=0.0001 cost=5", "little-so-far", NOTHING, true },      /* 4.8 at the stop */
		{ "e:PART bought=0.00011 cost=5.5", "stop", PROTECT_PLACE_STOP, 0, "0.00011", EXIT_NONE, false },
		{ "e:PART bought=0.00011 cost=5.5 lotmin=0.00012", "little-so-far", NOTHING, true },
	};
	(void)state;
	CHECK(table);
}

static void
waits_for_legs_that_were_not_seen_resting(void **state)
{
	static const struct row table[] = {
		{ "s:PENDING_NEW t:PENDING_NEW", "legs", WAIT, true },
		{ "s:PENDING_NEW wish=EMERGENCY bid=40000", "legs", WAIT, true },
		{ "s:NEW t:PENDING_NEW", "legs", WAIT, false },
		{ "s:PENDING_NEW sold=0.1", "legs", WAIT, false },
	};
	(void)state;
	CHECK(table);
}

static void
never_lets_two_orders_sell_the_same_coins(void **state)
{
	static const struct row table[] = {
		{ "s:NEW t:NEW target target=56000", "right", NOTHING, false },
		{ "s:NEW=L t:NEW=M target target=56000", "extra", CANCEL('t', EXIT_NONE), true },
		{ "s:NEW= t:NEW= target target=56000", "extra", CANCEL('t', EXIT_NONE), true },
		{ "s:NEW=L t:NEW-=M target target=56000", "extra-ends", WAIT, true },
		{ "s:NEW s:NEW", "extra", CANCEL('s', EXIT_NONE), true },
		{ "t:NEW t:NEW", "extra", CANCEL('t', EXIT_NONE), true },
		{ "x:NEW s:NEW", "extra", CANCEL('s', EXIT_NONE), true },
		{ "x:PART t:NEW", "extra", CANCEL('t', EXIT_NONE), true },
		{ "x:NEW x:NEW", "extra", CANCEL('x', EXIT_NONE), true },
		{ "x:NEW", "exit", WAIT, true },
		{ "x:PART sold=0.1", "exit", WAIT, false },
		{ "x:PART+0.05 sold=0.05 wish=MANUAL", "exit", WAIT, true },
		/* What is being cancelled may still sell. */
		{ "s:NEW-", "leg-ends", WAIT, false },
		{ "s:NEW- wish=MANUAL", "leg-ends", WAIT, false },
		{ "t:PART- wish=TAKE_PROFIT", "leg-ends", WAIT, true },
		{ "s:NEW t:NEW- target target=56000", "leg-ends", WAIT, false },
	};
	struct world world;

	(void)state;
	CHECK(table);
	/* The larger one stays, whichever comes first. */
	world_ask(&world, "s:NEW*0.05 s:NEW*0.1");
	assert_ptr_equal(world.step.order, &world.orders[0]);
	world_ask(&world, "s:NEW*0.1 s:NEW*0.05");
	assert_ptr_equal(world.step.order, &world.orders[1]);
	world_ask(&world, "s:NEW*0.1 s:NEW*0.1");
	assert_ptr_equal(world.step.order, &world.orders[1]);
}

static void
names_what_is_left_and_can_not_be_sold(void **state)
{
	static const struct row table[] = {
		{ "sold=0.1", "flat", DUST, false },
		{ "sold=0.09 fees=0.01", "flat", DUST, false },
		{ "sold=0.099991", "flat", DUST, false },
		{ "sold=0.09999", "dust", DUST, false },                    /* one lot, worth 0.5 */
		{ "s:NEW sold=0.1", "flat-leg", CANCEL('s', EXIT_NONE), false },
		{ "t:NEW sold=0.1 wish=TAKE_PROFIT", "flat-leg", CANCEL('t', EXIT_NONE), false },
		{ "s:NEW- sold=0.1", "leg-ends", WAIT, false },
		/* 0.0001 is worth 5 at 50,000, and less below. */
		{ "bought=0.0001 cost=5", "stop", PROTECT_PLACE_STOP, 0, "0.0001", EXIT_NONE, false },
		{ "bought=0.0001 cost=5 bid=49999.99", "dust", DUST, false },
		{ "bought=0.0001 cost=5 bid=49999.99 anyvalue", "stop", PROTECT_PLACE_STOP, 0, "0.0001", EXIT_NONE, false },
		{ "bought=0.0001 cost=5 bid=49999.99 stale", "stop", PROTECT_PLACE_STOP, 0, "0.0001", EXIT_NONE, false },
		{ "bought=0.0001 cost=5 bid=49999.99 wish=MANUAL", "dust", DUST, false },
		/* A value that fits no number is not below any minimum. */
		{ "bought=999999999999999999 cost=1 lot=1", "stop", PROTECT_PLACE_STOP, 0, "999999999999999999",
		  EXIT_NONE, false },
		{ "marketmin=0.10001", "dust", DUST, false },
		{ "marketmin=0.1", "stop", PLACE, false },
		{ "lotmin=0.10001", "dust", DUST, false },
		{ "lotmin=0.1", "stop", PLACE, false },
		{ "marketstep=1", "dust", DUST, false },
		{ "marketstep=0.03", "stop", PLACE, false },
		/* It rests somewhere: that may still sell it. */
		{ "s:NEW marketmin=0.2", "right", NOTHING, false },
		{ "s:NEW marketmin=0.2 wish=MANUAL", "exit-small", WAIT, true },
		{ "s:PART+0.05 sold=0.05 marketmin=0.2", "exit-part", CANCEL('s', EXIT_STOP_LOSS), false },
		/* Refused a stop, and worth too little at it: sold while it can be. */
		{ "bought=0.0001 cost=5 noplace", "too-little", PROTECT_SELL, 0, "0.0001", EXIT_EMERGENCY, true },
		{ "bought=0.0001 cost=5 noplace backoff", "back-off", WAIT, true },
		{ "bought=0.00011 cost=5.5 noplace", "back-off", WAIT, true },
		{ "t:NEW*0.0001 bought=0.0001 cost=5 noplace", "back-off", WAIT, true },
	};
	(void)state;
	CHECK(table);
}

static void
sells_in_the_place_of_what_rests_when_an_exit_is_wanted(void **state)
{
	static const struct row table[] = {
		{ "s:NEW wish=MANUAL", "exit-replace", MARKET('s', EXIT_NONE), false },
		{ "s:NEW t:NEW wish=MANUAL", "exit-replace", MARKET('s', EXIT_NONE), false },
		{ "t:NEW wish=EMERGENCY", "exit-replace", MARKET('t', EXIT_NONE), false },
		{ "wish=EMERGENCY", "exit-sell", SELL(EXIT_NONE), false },
		{ "wish=MANUAL stale noplace", "exit-sell", SELL(EXIT_NONE), false },
		/* What has begun to sell can't be replaced, nor what a symbol allows no replacing of. */
		{ "s:PART+0.05 sold=0.05 wish=MANUAL", "exit-part", CANCEL('s', EXIT_NONE), false },
		{ "t:PART+0.05 sold=0.05 wish=MANUAL", "exit-target-part", CANCEL('t', EXIT_NONE), false },
		{ "s:NEW t:PART wish=MANUAL", "exit-target-part", CANCEL('t', EXIT_NONE), false },
		{ "s:NEW noreplace wish=MANUAL", "exit-cancel", CANCEL('s', EXIT_NONE), false },
		{ "noreplace wish=MANUAL", "exit-sell", SELL(EXIT_NONE), false },
		/* A refused exit alarms and goes on. */
		{ "s:NEW wish=MANUAL backoff", "exit-back-off", WAIT, true },
		{ "wish=MANUAL backoff", "exit-back-off", WAIT, true },
		/* By what is left of the fills, never by what was ordered. */
		{ "s:NEW sold=0.05 wish=MANUAL", "exit-replace", PROTECT_REPLACE_BY_MARKET, 's', "0.05", EXIT_NONE, false },
		{ "fees=0.0001 wish=MANUAL", "exit-sell", PROTECT_SELL, 0, "0.0999", EXIT_NONE, false },
		{ "fees=0.000101 wish=MANUAL", "exit-sell", PROTECT_SELL, 0, "0.09989", EXIT_NONE, false },
		{ "marketmax=0.03 wish=MANUAL", "exit-sell", PROTECT_SELL, 0, "0.03", EXIT_NONE, false },
		{ "marketstep=0.03 wish=MANUAL", "exit-sell", PROTECT_SELL, 0, "0.09", EXIT_NONE, false },
		{ "lot=0 fees=0.0000001 wish=MANUAL", "exit-sell", PROTECT_SELL, 0, "0.0999999", EXIT_NONE, false },
	};
	(void)state;
	CHECK(table);
}

static void
sells_no_more_than_the_account_has(void **state)
{
	static const struct row table[] = {
		/* Commission of something else was taken from it. */
		{ "wish=MANUAL free=0.09999", "exit-sell", PROTECT_SELL, 0, "0.09999", EXIT_NONE, false },
		{ "wish=MANUAL free=0.099995", "exit-sell", PROTECT_SELL, 0, "0.09999", EXIT_NONE, false },
		{ "free=0.09", "stop", PROTECT_PLACE_STOP, 0, "0.09", EXIT_NONE, false },
		/* What rests is there, too; and a stop for all that is there is right. */
		{ "s:NEW*0.09 free=0.00999 wish=MANUAL", "exit-replace", PROTECT_REPLACE_BY_MARKET, 's', "0.09999", EXIT_NONE, false },
		{ "s:NEW*0.09999 free=0", "right", NOTHING, false },
		{ "s:NEW*0.09 free=0.01", "replace", REPLACE('s'), false },
		/* Enough, or too little to be commission: nothing is made smaller. */
		{ "wish=MANUAL free=0.1", "exit-sell", SELL(EXIT_NONE), false },
		{ "wish=MANUAL free=5", "exit-sell", SELL(EXIT_NONE), false },
		{ "wish=MANUAL free=0.08999", "exit-sell", SELL(EXIT_NONE), false },
		{ "free=0", "stop", PLACE, false },
	};
	(void)state;
	CHECK(table);
}

static void
sells_what_a_stop_did_not_sell(void **state)
{
	static const struct row table[] = {
		/* At the level the exchange's stop does; beyond it for 3 s, or last prices on two quotes. */
		{ "s:NEW bid=48000.01", "right", NOTHING, false },
		{ "s:NEW bid=48000", "stop-fires", NOTHING, false },
		{ "s:NEW bid=47000 beyond=2999 lasts=1", "stop-fires", NOTHING, false },
		{ "s:NEW bid=47000 beyond=3000", "exit-replace", MARKET('s', EXIT_STOP_LOSS), false },
		{ "s:NEW lasts=2", "exit-replace", MARKET('s', EXIT_STOP_LOSS), false },
		{ "s:NEW*0.05 bid=47000", "stop-fires", NOTHING, false },      /* no move in its fire */
		/* The local stop, where nothing rests, or only something further away. */
		{ "bid=48000", "exit-sell", SELL(EXIT_STOP_LOSS), false },
		{ "bid=48000 stale", "stop", PLACE, false },
		{ "bid=48000.01", "stop", PLACE, false },
		{ "lasts=2", "exit-sell", SELL(EXIT_STOP_LOSS), false },
		{ "s:NEW@47999.99 bid=48000", "exit-replace", MARKET('s', EXIT_STOP_LOSS), false },
		{ "s:NEW@48000.01 bid=48000", "stop-fires", NOTHING, false },
		{ "t:NEW bid=48000", "exit-replace", MARKET('t', EXIT_STOP_LOSS), false },
		/* Would trigger immediately: sell now, and again whatever is being waited for. */
		{ "refused", "exit-sell", SELL(EXIT_STOP_LOSS), false },
		{ "refused noplace", "exit-sell", SELL(EXIT_STOP_LOSS), false },
		{ "refused backoff", "exit-back-off", WAIT, true },
		{ "s:NEW refused", "right", NOTHING, false },
		/* It has begun to sell. */
		{ "s:PART+0.05 sold=0.05", "exit-part", CANCEL('s', EXIT_STOP_LOSS), false },
		/* A written wish keeps its reason. */
		{ "s:NEW bid=47000 beyond=3000 wish=MANUAL", "exit-replace", MARKET('s', EXIT_NONE), false },
	};
	(void)state;
	CHECK(table);
}

static void
gives_a_touched_target_five_seconds(void **state)
{
#define AT "target target=56000 "
	static const struct row table[] = {
		{ AT "s:NEW t:NEW bid=56000 touched touch=1", "target-fills", NOTHING, false },
		{ AT "s:NEW t:NEW bid=56000 touched", "target-fills", NOTHING, false },
		{ AT "s:NEW t:NEW bid=56000 touched touch=4999", "target-fills", NOTHING, false },
		{ AT "s:NEW t:NEW bid=56000 touched touch=5000", "exit-replace", MARKET('s', EXIT_TAKE_PROFIT), false },
		{ AT "s:NEW t:NEW bid=55999.99 touched touch=1", "exit-replace", MARKET('s', EXIT_TAKE_PROFIT), false },
		{ AT "s:NEW t:NEW bid=55999.99", "right", NOTHING, false },
		{ AT "s:NEW t:NEW bid=56000 stale touched touch=1", "target-fills", NOTHING, false },
		/* Its first fill has taken the stop away. */
		{ AT "t:PART+0.05 sold=0.05 bid=56000 touch=1", "target-fills", NOTHING, false },
		{ AT "t:PART+0.05 sold=0.05 bid=56000 touch=1 stale", "target-fills", NOTHING, true },
		{ AT "t:PART+0.05 sold=0.05 bid=56000 touch=5000", "exit-target-part", CANCEL('t', EXIT_TAKE_PROFIT), false },
		{ AT "t:PART+0.05 sold=0.05 bid=55999.99", "exit-target-part", CANCEL('t', EXIT_TAKE_PROFIT), false },
		{ AT "t:PART+0.05 sold=0.05 bid=48000", "exit-target-part", CANCEL('t', EXIT_STOP_LOSS), false },
		/* A wish that names the target waits as long, and no longer; any other does not. */
		{ AT "s:NEW t:NEW bid=56000 touch=1 wish=TAKE_PROFIT", "target-fills", NOTHING, false },
		{ AT "s:NEW t:NEW bid=56000 touch=5000 wish=TAKE_PROFIT", "exit-replace", MARKET('s', EXIT_NONE), false },
		{ AT "s:NEW t:NEW bid=56000 touch=0 wish=TAKE_PROFIT", "exit-replace", MARKET('s', EXIT_NONE), false },
		{ AT "s:NEW t:NEW bid=56000 touched touch=1 wish=MANUAL", "exit-replace", MARKET('s', EXIT_NONE), false },
		/* Watched here, where none rests: at once. */
		{ AT "s:NEW bid=55999.99", "right", NOTHING, false },
		{ AT "s:NEW bid=56000", "exit-replace", MARKET('s', EXIT_TAKE_PROFIT), false },
		{ AT "s:NEW bid=56000 stale", "right", NOTHING, false },
		{ AT "s:NEW bid=55000 touched", "exit-replace", MARKET('s', EXIT_TAKE_PROFIT), false },
		{ AT "bid=56000", "exit-sell", SELL(EXIT_TAKE_PROFIT), false },
		{ "s:NEW bid=56000 touched", "right", NOTHING, false },        /* there is no target */
		/* The stop comes first. */
		{ AT "s:NEW t:NEW bid=56000 touched touch=5000 lasts=2", "exit-replace", MARKET('s', EXIT_STOP_LOSS), false },
	};
	(void)state;
	CHECK(table);
}

static void
places_what_does_not_rest(void **state)
{
	static const struct row table[] = {
		{ "", "stop", PLACE, false },
		{ "stale", "stop", PLACE, false },
		{ AT "", "oco", PROTECT_PLACE_OCO, 0, "0.1", EXIT_NONE, false },
		{ AT "bid=48000.01", "oco", PROTECT_PLACE_OCO, 0, "0.1", EXIT_NONE, false },
		{ AT "bid=55999.99", "oco", PROTECT_PLACE_OCO, 0, "0.1", EXIT_NONE, false },
		{ AT "nooco", "stop", PLACE, false },
		{ AT "stale", "stop", PLACE, false },
		{ AT "bid=47000 stale", "stop", PLACE, false },
		{ "noplace", "back-off", WAIT, true },
		{ "stops=no", "no-stop-orders", WAIT, true },
		{ "stops=limit", "stop", PLACE, false },
		{ "fees=0.0001", "stop", PROTECT_PLACE_STOP, 0, "0.0999", EXIT_NONE, false },
	};
	(void)state;
	CHECK(table);
}

static void
replaces_what_rests_elsewhere(void **state)
{
	static const struct row table[] = {
		{ "s:NEW", "right", NOTHING, false },
		{ "s:NEW stop=48000.01", "replace", REPLACE('s'), false },
		{ "s:NEW stop=47999.99", "replace", REPLACE('s'), false },
		{ "s:NEW stop=48000.009", "right", NOTHING, false },               /* down to the tick */
		{ "s:NEW stop=48000.5 tick=0", "replace", REPLACE('s'), false },
		/* Smaller than what is held by a lot, or larger than what was bought; a stop that the exchange
		 * sized is for all of that where other coins paid the commission. */
		{ "s:NEW*0.09999", "replace", REPLACE('s'), false },
		{ "s:NEW*0.099991", "right", NOTHING, false },
		{ "s:NEW*0.0999 fees=0.000099", "right", NOTHING, false },
		{ "s:NEW*0.1 fees=0.0001", "right", NOTHING, false },
		{ "s:NEW*0.10001", "replace", REPLACE('s'), false },
		{ "s:NEW*0.10001~", "right", NOTHING, false },
		{ "s:NEW sold=0.00001", "replace", PROTECT_REPLACE_STOP, 's', "0.09999", EXIT_NONE, false },
		/* The target with it: it is watched here from then on. */
		{ AT "s:NEW t:NEW@55000", "replace", REPLACE('s'), false },
		{ "s:NEW t:NEW", "replace", REPLACE('s'), false },
		{ AT "s:NEW", "right", NOTHING, false },
		{ "target target=55999.996 s:NEW t:NEW", "right", NOTHING, false },
		/* A target alone is no protection. */
		{ AT "t:NEW", "replace", REPLACE('t'), true },
		{ AT "t:NEW noplace", "back-off", WAIT, true },
		{ AT "t:NEW noreplace", "gap", CANCEL('t', EXIT_NONE), true },
		{ AT "t:NEW stops=no", "no-stop-orders", WAIT, true },
		/* A gap where nothing else is allowed, and never without a stop to follow. */
		{ "s:NEW stop=48500 noreplace", "gap", CANCEL('s', EXIT_NONE), true },
		{ "s:NEW stop=48500 noreplace noplace", "back-off", WAIT, true },
		{ "s:NEW stop=48500 noplace", "back-off", WAIT, true },
		{ "s:NEW stop=48500 stops=no", "no-stop-orders", WAIT, true },
	};
	(void)state;
	CHECK(table);
}

static void
names_its_actions_and_rules(void **state)
{
	static const char *const names[] = {
		"NOTHING", "WAIT", "CANCEL_ENTRY", "CANCEL_ORDER", "PLACE_STOP", "PLACE_OCO",
		"REPLACE_STOP", "REPLACE_BY_MARKET", "SELL", "CLOSE_AS_DUST" };

	(void)state;
	assert_int_equal(ARRAY_LEN(names), PROTECT_ACTION_COUNT);
	for (int i = 0; i < PROTECT_ACTION_COUNT; i++)
		assert_string_equal(protection_action_name((enum protection_action)i), names[i]);
	for (size_t i = 0; i < protection_rule_count(); i++)
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(protection_rule_name(i), protection_rule_name(j));
}

/* ---- the stop order ---- */

static void
makes_a_stop_by_the_symbols_rules(void **state)
{
	struct world world;
	struct order order = { .purpose = PURPOSE_STOP, .generation = 3, .price = dec("1"),
	                       .has_price = true };
	struct error err;

	(void)state;
	world_init(&world);
	assert_int_equal(protection_make_stop(&world.rules, SIDE_BUY, dec("48000.019"), dec("0.0999951"),
	                                      dec("1"), &order, &err), STATUS_OK);
	assert_int_equal(order.side, SIDE_SELL);
	assert_int_equal(order.type, ORDER_STOP_LOSS);
	assert_int_equal(order.tif, TIF_NONE);
	assert_decimal(order.stop_price, "48000.01");
	assert_decimal(order.quantity, "0.09999");
	assert_true(order.has_stop_price && !order.has_price);
	assert_decimal(order.price, "0");
	assert_int_equal(order.generation, 3);                  /* the rest is the caller's */

	world.rules.can_stop_loss = false;
	assert_int_equal(protection_make_stop(&world.rules, SIDE_BUY, dec("48000.01"), dec("0.1"),
	                                      dec("1"), &order, &err), STATUS_OK);
	assert_int_equal(order.type, ORDER_STOP_LOSS_LIMIT);
	assert_int_equal(order.tif, TIF_GTC);
	assert_true(order.has_price);
	assert_decimal(order.price, "47520");                   /* 47520.0099, down to the tick */
	assert_int_equal(protection_make_stop(&world.rules, SIDE_SELL, dec("48000.001"), dec("0.1"),
	                                      dec("1"), &order, &err), STATUS_OK);
	assert_int_equal(order.side, SIDE_BUY);
	assert_decimal(order.stop_price, "48000.01");           /* away from the position: up */
	assert_decimal(order.price, "48480.02");
}

static void
keeps_the_stops_limit_inside_the_price_filter(void **state)
{
	struct world world;
	struct order order = { .generation = 1 };

	(void)state;
	world_init(&world);
	world.rules.can_stop_loss = false;
	world.rules.price_min = dec("47900");
	world.rules.price_max = dec("48100");
	assert_int_equal(protection_make_stop(&world.rules, SIDE_BUY, dec("48000"), dec("0.1"), dec("1"),
	                                      &order, NULL), STATUS_OK);
	assert_decimal(order.price, "47900");
	assert_int_equal(protection_make_stop(&world.rules, SIDE_SELL, dec("48000"), dec("0.1"), dec("1"),
	                                      &order, NULL), STATUS_OK);
	assert_decimal(order.price, "48100");
}

static void
makes_no_stop_that_the_exchange_could_not_take(void **state)
{
	static const struct {
		const char *stop, *quantity, *percent, *facts;
		enum status status;
	} table[] = {
		{ "48000", "0.1", "1", "stops=no", STATUS_REFUSED },
		{ "48000", "0.000009", "1", "stops=limit", STATUS_INVALID },
		{ "48000", "0", "1", "lot=0", STATUS_INVALID },
		{ "48000", "999999999999999999", "1", "lot=0.0000000000000003", STATUS_OK },
		{ "0", "0.1", "1", "", STATUS_RANGE },
		{ "0.009", "0.1", "1", "", STATUS_RANGE },                    /* zero on the tick */
		{ "999999999999999999.9", "0.1", "1", "tick=0.7", STATUS_OK },
		{ "48000", "0.1", "-1", "stops=limit", STATUS_RANGE },
		{ "48000", "0.1", "100", "stops=limit", STATUS_RANGE },       /* no limit is left */
		{ "48000", "0.1", "999999999999999999", "stops=limit", STATUS_RANGE },
		{ "48000", "0.1", "99.99", "stops=limit", STATUS_OK },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct world world;
		struct order order = { .generation = 7 };
		struct error err;
		error_clear(&err);
		world_ask(&world, table[i].facts);
		enum status status = protection_make_stop(&world.rules, SIDE_BUY, dec(table[i].stop),
		                                          dec(table[i].quantity), dec(table[i].percent),
		                                          &order, &err);
		if (status != table[i].status)
			fail_msg("'%s' of '%s': %d", table[i].stop, table[i].quantity, (int)status);
		assert_int_equal(order.has_stop_price, status == STATUS_OK);
		assert_int_equal(err.status, status);
	}
	struct world world;
	struct order order = { .generation = 7 };
	world_init(&world);
	world.rules.price_min = dec("48000");
	assert_int_equal(protection_make_stop(&world.rules, SIDE_BUY, dec("47999.99"), dec("0.1"),
	                                      dec("1"), &order, NULL), STATUS_RANGE);
	/* Upwards, where there is no room above: neither for the stop nor for its limit. */
	world.rules.tick = dec("7");
	assert_int_equal(protection_make_stop(&world.rules, SIDE_SELL, dec("999999999999999999.9"),
	                                      dec("0.1"), dec("1"), &order, NULL), STATUS_RANGE);
	world.rules.tick = dec("0.1");
	world.rules.can_stop_loss = false;
	assert_int_equal(protection_make_stop(&world.rules, SIDE_SELL, dec("999999999999999999.9"),
	                                      dec("0.1"), dec("1"), &order, NULL), STATUS_RANGE);
	world.rules.tick = dec("9");
	assert_int_equal(protection_make_stop(&world.rules, SIDE_SELL, dec("999999999999999990"),
	                                      dec("0.1"), dec("0.000000000000001"), &order, NULL),
	                 STATUS_RANGE);
}

/* ---- what is shown ---- */

static enum protection
shown(const char *text, bool is_watched)
{
	struct world world;
	const struct order *orders[WORLD_ORDERS];

	world_ask(&world, text);
	for (size_t i = 0; i < world.facts.order_count; i++) {
		orders[i] = &world.orders[i];
		world.orders[i].seen_at_ms = world.open[i].must_look ? 0 : 1;       /* "?": not seen */
	}
	return protection_state(&world.op, orders, world.facts.order_count, world.rules.lot_step,
	                        is_watched);
}

static void
shows_no_protection_that_was_not_seen(void **state)
{
	static const char *const resting[] = {
		"s:NEW", "s:NEW t:NEW", "s:NEW*0.0999 fees=0.000099", "s:NEW@48000.01", "s:NEW*0.2",
		"s:NEW e:PART", "s:CANCELLED s:NEW", "s:NEW e:UNKNOWN", "s:NEW*0.09999 sold=0.00001",
	};
	static const char *const not_resting[] = {
		"", "s:NEW?", "s:PENDING_NEW", "s:PART", "s:SENT", "s:UNKNOWN", "s:NEW-", "s:NEW~",
		"s:NEW@47999.99", "s:NEW*0.09999", "s:NEW+0.05", "t:NEW", "x:NEW", "s:FILLED", "s:CANCELLED",
		"s:NEW s:SENT", "s:NEW x:PENDING", "s:NEW t:UNKNOWN", "s:NEW x:UNKNOWN",
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(resting); i++)
		if (shown(resting[i], true) != PROTECTION_EXCH_LOCAL ||
		    shown(resting[i], false) != PROTECTION_EXCH)
			fail_msg("'%s' rests", resting[i]);
	for (size_t i = 0; i < ARRAY_LEN(not_resting); i++)
		if (shown(not_resting[i], true) != PROTECTION_LOCAL ||
		    shown(not_resting[i], false) != PROTECTION_NAKED)
			fail_msg("'%s' does not rest", not_resting[i]);
}

static void
shows_paper_for_a_dry_run_and_judges_a_short_from_above(void **state)
{
	struct operation op = { .mode = MODE_DRY_RUN, .side = SIDE_SELL, .stop_price = dec("52000"),
	                        .entry = { .quantity = dec("0.1") } };
	struct order order = { .purpose = PURPOSE_STOP, .state = ORDER_NEW, .seen_at_ms = 1,
	                       .quantity = dec("0.1"), .stop_price = dec("52000") };
	const struct order *orders[] = { &order };

	(void)state;
	assert_int_equal(protection_state(&op, orders, 1, DECIMAL_ZERO, true), PROTECTION_PAPER);
	assert_int_equal(protection_state(&op, orders, 1, DECIMAL_ZERO, false), PROTECTION_PAPER);
	op.mode = MODE_LIVE;
	assert_int_equal(protection_state(&op, orders, 1, DECIMAL_ZERO, false), PROTECTION_EXCH);
	order.stop_price = dec("52000.01");
	assert_int_equal(protection_state(&op, orders, 1, DECIMAL_ZERO, false), PROTECTION_NAKED);
	order.stop_price = dec("51000");
	assert_int_equal(protection_state(&op, orders, 1, DECIMAL_ZERO, true), PROTECTION_EXCH_LOCAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waits_while_anything_is_in_doubt),
		cmocka_unit_test(cuts_short_an_entry_whose_list_waits),
		cmocka_unit_test(protects_what_an_entry_without_a_list_has_brought_while_it_rests_on),
		cmocka_unit_test(waits_for_legs_that_were_not_seen_resting),
		cmocka_unit_test(never_lets_two_orders_sell_the_same_coins),
		cmocka_unit_test(names_what_is_left_and_can_not_be_sold),
		cmocka_unit_test(sells_in_the_place_of_what_rests_when_an_exit_is_wanted),
		cmocka_unit_test(sells_no_more_than_the_account_has),
		cmocka_unit_test(sells_what_a_stop_did_not_sell),
		cmocka_unit_test(gives_a_touched_target_five_seconds),
		cmocka_unit_test(places_what_does_not_rest),
		cmocka_unit_test(replaces_what_rests_elsewhere),
		cmocka_unit_test(names_its_actions_and_rules),
		cmocka_unit_test(makes_a_stop_by_the_symbols_rules),
		cmocka_unit_test(keeps_the_stops_limit_inside_the_price_filter),
		cmocka_unit_test(makes_no_stop_that_the_exchange_could_not_take),
		cmocka_unit_test(shows_no_protection_that_was_not_seen),
		cmocka_unit_test(shows_paper_for_a_dry_run_and_judges_a_short_from_above),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
