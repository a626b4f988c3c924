/* Orders on their way: sending what was written down on paper, cancelling, and the queue of what comes
 * back.  An order is sent once and never again; a cancel and a question (desk_looks.c) may be repeated,
 * each time after a longer while, until there is an answer.
 *
 * A report that can't be written now (somebody else is writing, the disk is full) stays at the head
 * of the queue and is tried again; desk_booking.c writes it. */
#include "app/desk_account.h"
#include "app/desk_booking.h"

#include <stdlib.h>
#include <string.h>

/* ---- sending ---- */

void
desk_measure_latency(struct desk *desk, struct position *position)
{
	if (position == NULL || position->price_arrived_us == 0)
		return;
	int64_t latency = clock_mono_us() - position->price_arrived_us;
	position->price_arrived_us = 0;
	position->op.stop_latency_us = latency > 0 ? latency : 1;
	desk->latencies_us[desk->latency_count++ % LATENCY_KEEP] = position->op.stop_latency_us;
}

/* SENT is written after the order has left, so that it delays nothing.  If this write is lost the
 * row says PENDING, and the next start asks the exchange: nothing worse. */
static void
write_sent(struct desk *desk, struct live_order *live, struct position *position)
{
	struct error err = { 0 };

	if (store_begin(desk->setup.store, &err) != STATUS_OK)
		return;
	enum status status = store_order_update(desk->setup.store, &live->order, live->stored, &err);
	if (status == STATUS_OK && position != NULL)
		status = store_operation_update(desk->setup.store, &position->op, OPERATION_ACTIVE, &err);
	if (status == STATUS_OK && store_commit(desk->setup.store, &err) == STATUS_OK)
		live->stored = live->order.state;
	else
		store_rollback(desk->setup.store);
}

enum status
orders_send(struct desk *desk, struct live_order *live, struct error *err)
{
	struct position *position = desk_position(desk, live->order.operation_id);
	struct order *order = &live->order;

	if (order->mode == MODE_LIVE)   /* those are signed first: batch_send */
		return error_set(err, STATUS_BUG, "a LIVE order can't be sent unsigned");
	desk->sending = order;
	enum status status = desk->setup.paper->ops->submit(desk->setup.paper, order, err);
	desk->sending = NULL;
	if (status == STATUS_OK) {
		order->state = ORDER_SENT;
		order->sent_at_ms = order->changed_at_ms = desk_now_ms(desk);
		live->lookup_mono_ms = desk_mono_ms(desk) + ANSWER_WAIT_MS + desk->setup.settings->paper.latency_ms;
		if (order->purpose != PURPOSE_ENTRY)
			desk_measure_latency(desk, position);
		write_sent(desk, live, order->purpose == PURPOSE_ENTRY ? NULL : position);
		return STATUS_OK;
	}
	/* Proof that nothing left: booked like any other answer. */
	struct exchange_report report = {
		.request = ASKED_SUBMIT, .outcome = OUTCOME_NOT_SENT, .client_order_id = order->client_order_id,
		.exchange_order_id = "", .reason = err != NULL ? err->message : "",
	};
	orders_queue_report(desk, &report);
	return STATUS_OK;
}

/* How long until the next try: 2 s, 4 s, ... a minute. */
static int64_t
patience_ms(int tries)
{
	int64_t wait = LOOKUP_RETRY_MS;

	for (int i = 0; i < tries && wait < LOOKUP_LAST_MS; i++)
		wait *= 2;
	return wait < LOOKUP_LAST_MS ? wait : LOOKUP_LAST_MS;
}

/* A LIVE order that is not known is money that is not known, and one that is to be cancelled may stand
 * in the way of an exit: both are asked for often. */
static int64_t
patience_with(const struct live_order *live, int tries)
{
	int64_t wait = patience_ms(tries);

	return live->order.mode == MODE_LIVE && wait > 2 * LOOKUP_RETRY_MS ? 2 * LOOKUP_RETRY_MS : wait;
}

/* LIVE: this account at this host, this machine; else it is another Robson's business. */
static bool
may_act(struct desk *desk, const struct order *order, struct error *err)
{
	return order->mode == MODE_DRY_RUN ||
	       account_may_act(desk, order->exchange_host, order->account, err);
}

void
orders_cancel(struct desk *desk, struct live_order *live)
{
	struct exchange *exchange = desk_exchange(desk, live->order.mode);
	struct error ignored = { 0 };   /* that it is wanted is on disk: it is tried again */

	live->cancel_mono_ms = desk_mono_ms(desk) + patience_with(live, live->cancels++);
	if (exchange == NULL || !may_act(desk, &live->order, &ignored))
		return;
	(void)exchange->ops->cancel(exchange, &live->order, &ignored);
}

enum status
orders_want_cancel(struct desk *desk, struct live_order *live, const char *why, struct error *err)
{
	struct order wanted = live->order;
	struct note note;

	if (wanted.is_cancel_wanted)
		return STATUS_OK;
	wanted.is_cancel_wanted = true;
	enum status status = store_begin(desk->setup.store, err);
	if (status != STATUS_OK)
		return status;
	note_open(&note, desk, "order.cancel_wanted");
	note_order(&note, &wanted);
	json_text(&note.json, "why", why);
	status = store_order_update(desk->setup.store, &wanted, live->stored, err);
	if (status == STATUS_OK)
		status = note_write(&note, desk, err, "cancel of the resting %s wanted%s%s",
		                    order_purpose_name(wanted.purpose), why[0] != '\0' ? ": " : "", why);
	if (status == STATUS_OK)
		status = store_commit(desk->setup.store, err);
	else
		store_rollback(desk->setup.store);
	note_done(&note);
	if (status != STATUS_OK)
		return status;
	live->order.is_cancel_wanted = true;
	live->stored = wanted.state;
	orders_cancel(desk, live);
	return STATUS_OK;
}

void
orders_ask_again(struct desk *desk, struct live_order *live)
{
	live->lookup_mono_ms = desk_mono_ms(desk) + patience_with(live, live->lookups);
}

void
orders_must_look(struct live_order *live)
{
	live->must_look = true;
	live->is_answer_old = live->is_asked;   /* what was asked before this tells nothing about it */
	live->lookup_mono_ms = live->is_asked ? live->lookup_mono_ms : 1;
}

/* What an answer of a LIVE exchange means for the asking; booking says what it means for the order. */
static void
live_answered(struct desk *desk, struct live_order *live, const struct exchange_report *report)
{
	if (report->request == ASKED_QUERY)
		live->is_asked = false;
	if (report->request != ASKED_QUERY) {
		/* An answer that came by itself proves less than a look does, and a lost one nothing. */
		live->lookup_mono_ms = 0;
		if (report->outcome != OUTCOME_NOT_SENT && report->outcome != OUTCOME_REFUSED)
			orders_must_look(live);
		else if (report->request == ASKED_CANCEL)
			orders_must_look(live);
		return;
	}
	if (report->outcome != OUTCOME_ACCEPTED)
		return;   /* asked again in its time */
	if (report->state == ORDER_NEW)
		live->seen_mono_ms = desk_mono_ms(desk);
	live->not_found_at_ms = 0;
	live->is_lost = false;
	live->lookups = 0;
	live->must_look = live->is_answer_old;
	live->is_answer_old = false;
	live->lookup_mono_ms = live->must_look ? desk_mono_ms(desk) : 0;
}

static void
answered(struct desk *desk, struct live_order *live, const struct exchange_report *report)
{
	if (live->order.mode == MODE_LIVE)
		live_answered(desk, live, report);
	else if (report->outcome == OUTCOME_ACCEPTED || report->request == ASKED_SUBMIT)
		live->lookup_mono_ms = 0;   /* it is known now; or it is UNKNOWN, and asked for at once */
	else if (report->request == ASKED_CANCEL)
		live->lookup_mono_ms = desk_mono_ms(desk);   /* it has ended by itself, and a lookup says how */
}

/* ---- the queue of reports ---- */

void
orders_queue_report(void *self, const struct exchange_report *report)
{
	struct desk *desk = self;

	if (!desk->is_holder)
		return;   /* another process moves these orders now, and its rows are the truth */
	struct queued_report *queued = calloc(1, sizeof *queued + report->fill_count * sizeof queued->fills[0]);

	if (queued == NULL)
		return;   /* an answer that stays away is asked for: nothing is lost but time */
	queued->report = *report;
	text_copy(queued->client_order_id, sizeof queued->client_order_id, report->client_order_id);
	text_copy(queued->exchange_order_id, sizeof queued->exchange_order_id, report->exchange_order_id);
	text_copy(queued->reason, sizeof queued->reason, report->reason);
	text_make_harmless(queued->reason);
	queued->fill_count = report->fill_count;
	if (report->fill_count > 0)
		memcpy(queued->fills, report->fills, report->fill_count * sizeof queued->fills[0]);
	queued->report.client_order_id = queued->client_order_id;
	queued->report.exchange_order_id = queued->exchange_order_id;
	queued->report.reason = queued->reason;
	queued->report.fills = queued->fills;
	*desk->reports_tail = queued;
	desk->reports_tail = &queued->next;
	desk_touch(desk);
}

/* An order that is known and can't be found any more has left its fills behind, if it had any. */
static void
ask_for_fills(struct desk *desk, const struct order *order)
{
	struct exchange *live = desk->setup.live;
	struct error ignored = { 0 };   /* no room in the limits: the next lookup asks again */

	if (live != NULL && live->ops->look_trades != NULL && order->exchange_order_id[0] != '\0')
		(void)live->ops->look_trades(live, order->symbol, order->created_at_ms - CLOCKS_APART_MS, &ignored);
}

/* "No such order" is believed when the request could no longer be accepted, and when two lookups that
 * were asked after that, some time apart, say so.  (exchange.md, "Unknown outcomes") */
static bool
is_not_found_final(struct desk *desk, struct live_order *live, const struct exchange_report *report)
{
	if (live == NULL || report->request != ASKED_QUERY)
		return false;
	if (live->order.state != ORDER_UNKNOWN && live->order.state != ORDER_PENDING) {
		live->is_lost = true;
		ask_for_fills(desk, &live->order);
		return false;
	}
	int64_t final_at_ms = live->order.signed_at_ms + desk->setup.settings->exchange.recv_window_ms + NOT_FOUND_AFTER_MS;
	if (report->asked_at_ms <= final_at_ms)
		return false;
	if (live->not_found_at_ms == 0) {
		live->not_found_at_ms = report->asked_at_ms;
		live->lookup_mono_ms = desk_mono_ms(desk) + NOT_FOUND_APART_MS;
		return false;
	}
	return report->asked_at_ms - live->not_found_at_ms >= NOT_FOUND_APART_MS;
}

static enum status
process(struct desk *desk, struct queued_report *queued, struct error *err)
{
	const struct exchange_report *report = &queued->report;
	struct booking *booking = calloc(1, sizeof *booking + report->fill_count * sizeof booking->new_fills[0]);
	struct live_order *live = desk_order(desk, report->client_order_id);
	enum status status = STATUS_OK;

	if (booking == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory to book a report");
	if (live != NULL) {
		booking->order = live->order;
		booking->stored = live->stored;
		if (!queued->is_heard)
			answered(desk, live, report);
		queued->is_heard = true;
	} else {
		status = store_order_find(desk->setup.store, report->client_order_id, &booking->order, err);
		booking->stored = booking->order.state;
	}
	if (status == STATUS_OK)
		status = booking_take_fills(desk, booking, report, err);
	bool is_news = status == STATUS_OK && booking_take_look(desk, booking, report);
	if (status == STATUS_OK) {
		enum order_state next = booking->order.state;
		bool moves = (report->outcome != OUTCOME_NOT_FOUND || booking->order.mode == MODE_DRY_RUN ||
		              is_not_found_final(desk, live, report)) &&
		             booking_next_state(&booking->order, report, &next) == STATUS_OK;
		if (moves)
			status = booking_check_fills(&booking->order, next, err);
		if (status == STATUS_OK && !booking_can_land(booking)) {
			/* An exit of an entry that is not booked yet: first things first, then it is asked for again. */
			struct live_order *entry = desk_order_of(desk, booking->order.intent_id, 0, PURPOSE_ENTRY);
			if (entry != NULL)
				orders_must_look(entry);
			if (live != NULL)
				orders_must_look(live);
		} else if (status == STATUS_OK && (moves || is_news || booking->fill_count > 0)) {
			bool is_found = booking->order.state == ORDER_UNKNOWN && next != ORDER_UNKNOWN;
			booking->order.state = next;
			booking->order.changed_at_ms = desk_now_ms(desk);
			if (order_is_final(next) && booking->order.ended_at_ms == 0)
				booking->order.ended_at_ms = booking->order.changed_at_ms;
			if (report->exchange_order_id[0] != '\0')
				text_copy(booking->order.exchange_order_id, sizeof booking->order.exchange_order_id,
				          report->exchange_order_id);
			if (report->outcome != OUTCOME_ACCEPTED || report->code != 0)
				text_copy(booking->order.error, sizeof booking->order.error, report->reason);
			else if (is_found)   /* a lookup said what came of it: a lost answer is nothing that ails it now */
				booking->order.error[0] = '\0';
			status = booking_write(desk, booking, report, err);
			if (status == STATUS_OK)
				booking_remember(desk, booking, report);
		}
	}
	for (size_t i = 0; i < booking->note_count; i++)
		note_done(&booking->notes[i]);
	free(booking);
	return status;
}

/* What does not fit is shown and recorded, once, never half-applied, and asked for again: until then the
 * order is in doubt. */
static enum status
disbelieve(struct desk *desk, const struct queued_report *queued, struct error *err)
{
	struct live_order *live = desk_order(desk, queued->client_order_id);
	struct error why = *err;
	struct note note;

	if (live != NULL) {
		if (live->order.mode == MODE_LIVE)
			orders_must_look(live);
		orders_ask_again(desk, live);
		if (live->is_disbelief_told)
			return STATUS_OK;
	}
	note_open(&note, desk, "order.report_disbelieved");
	if (live != NULL)
		note_order(&note, &live->order);
	text_copy(note.event.client_order_id, sizeof note.event.client_order_id, queued->client_order_id);
	json_text(&note.json, "why", why.message);
	enum status status = note_alone(&note, desk, err, "a report of order %s was not believed: %s",
	                                queued->client_order_id, why.message);
	if (status != STATUS_BUSY) {
		desk_tell(desk, URGENCY_ALARM, &note.event);
		text_copy(desk->trouble, sizeof desk->trouble, why.message);
		if (live != NULL)
			live->is_disbelief_told = true;
	}
	note_done(&note);
	return status;
}

void
orders_drain(struct desk *desk)
{
	/* Bounded: a turn of the loop may not belong to one flood of reports. */
	for (int i = 0; i < 64 && desk->reports != NULL; i++) {
		struct queued_report *queued = desk->reports;
		struct error err = { 0 };
		enum status status = process(desk, queued, &err);

		if (status == STATUS_BUSY || status == STATUS_IO || status == STATUS_NO_MEMORY) {
			desk_blocked(desk, &err);
			return;
		}
		if (status != STATUS_OK && status != STATUS_NOT_FOUND && disbelieve(desk, queued, &err) == STATUS_BUSY) {
			desk_blocked(desk, &err);
			return;
		}
		desk->reports = queued->next;
		if (desk->reports == NULL)
			desk->reports_tail = &desk->reports;
		free(queued);
	}
}
