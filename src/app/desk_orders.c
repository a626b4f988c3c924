/* Orders on their way: sending what was written down, the queue of what comes back, and asking after
 * what nobody tells of.  An order is sent once and never again; a cancel and a question may be
 * repeated, each time after a longer while, until there is an answer.
 *
 * A report that can't be written now (somebody else is writing, the disk is full) stays at the head
 * of the queue and is tried again; desk_booking.c writes it. */
#include "app/desk_booking.h"

#include <stdlib.h>
#include <string.h>

/* ---- sending ---- */

static void
measure_latency(struct desk *desk, struct position *position)
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

	if (order->mode == MODE_LIVE)   /* the gates let none pass; this is the last door */
		return error_set(err, STATUS_REFUSED, "no exchange for LIVE orders is connected");
	desk->sending = order;
	enum status status = desk->setup.paper->ops->submit(desk->setup.paper, order, err);
	desk->sending = NULL;
	if (status == STATUS_OK) {
		order->state = ORDER_SENT;
		order->sent_at_ms = order->changed_at_ms = desk_now_ms(desk);
		live->lookup_mono_ms = desk_mono_ms(desk) + ANSWER_WAIT_MS + desk->setup.settings->paper.latency_ms;
		if (order->purpose != PURPOSE_ENTRY)
			measure_latency(desk, position);
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

void
orders_cancel_entry(struct desk *desk, struct live_order *live)
{
	struct error ignored = { 0 };   /* that it is wanted is on disk: it is tried again */

	(void)desk->setup.paper->ops->cancel(desk->setup.paper, &live->order, &ignored);
	live->cancel_mono_ms = desk_mono_ms(desk) + patience_ms(live->cancels++);
}

void
orders_ask_again(struct desk *desk, struct live_order *live)
{
	live->lookup_mono_ms = desk_mono_ms(desk) + patience_ms(live->lookups);
}

void
orders_answered(struct desk *desk, struct live_order *live, const struct exchange_report *report)
{
	if (report->outcome == OUTCOME_ACCEPTED || report->request == ASKED_SUBMIT)
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

static enum status
process(struct desk *desk, const struct exchange_report *report, struct error *err)
{
	struct booking *booking = calloc(1, sizeof *booking + report->fill_count * sizeof booking->new_fills[0]);
	struct live_order *live = desk_order(desk, report->client_order_id);
	enum status status = STATUS_OK;

	if (booking == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory to book a report");
	if (live != NULL) {
		booking->order = live->order;
		booking->stored = live->stored;
		orders_answered(desk, live, report);
	} else {
		status = store_order_find(desk->setup.store, report->client_order_id, &booking->order, err);
		booking->stored = booking->order.state;
	}
	if (status == STATUS_OK)
		status = booking_take_fills(desk, booking, report, err);
	if (status == STATUS_OK) {
		enum order_state next = booking->order.state;
		bool moves = booking_next_state(&booking->order, report, &next) == STATUS_OK;
		if (moves)
			status = booking_check_fills(&booking->order, next, err);
		if (status == STATUS_OK && (moves || booking->fill_count > 0)) {
			booking->order.state = next;
			booking->order.changed_at_ms = desk_now_ms(desk);
			if (order_is_final(next) && booking->order.ended_at_ms == 0)
				booking->order.ended_at_ms = booking->order.changed_at_ms;
			if (report->exchange_order_id[0] != '\0')
				text_copy(booking->order.exchange_order_id, sizeof booking->order.exchange_order_id,
				          report->exchange_order_id);
			if (report->outcome != OUTCOME_ACCEPTED || report->code != 0)
				text_copy(booking->order.error, sizeof booking->order.error, report->reason);
			status = booking_write(desk, booking, report, err);
			if (status == STATUS_OK)
				booking_remember(desk, booking);
		}
	}
	for (size_t i = 0; i < booking->note_count; i++)
		note_done(&booking->notes[i]);
	free(booking);
	return status;
}

/* What does not fit is shown and recorded, never half-applied, and asked for again. */
static enum status
disbelieve(struct desk *desk, const struct queued_report *queued, struct error *err)
{
	struct live_order *live = desk_order(desk, queued->client_order_id);
	struct error why = *err;
	struct note note;

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
			orders_ask_again(desk, live);
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
		enum status status = process(desk, &queued->report, &err);

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

/* ---- asking ---- */

/* Handed over, and no answer in all this time: it may or may not have happened. */
static void
doubt(struct desk *desk, struct live_order *live)
{
	struct exchange_report report = {
		.request = ASKED_SUBMIT, .outcome = OUTCOME_UNKNOWN, .client_order_id = live->order.client_order_id,
		.exchange_order_id = "", .reason = "no answer came: asking the exchange",
	};

	orders_ask_again(desk, live);   /* if even this can't be noted now */
	orders_queue_report(desk, &report);
}

static bool
is_cancel_due(const struct live_order *live, int64_t now_mono_ms)
{
	return live->order.is_cancel_wanted && live->order.state != ORDER_UNKNOWN &&
	       live->order.state != ORDER_PENDING && now_mono_ms >= live->cancel_mono_ms;
}

void
orders_lookups(struct desk *desk)
{
	int64_t now = desk_mono_ms(desk);

	for (size_t i = 0; i < desk->order_count; i++) {
		struct live_order *live = desk->orders[i];
		struct error ignored = { 0 };
		if (desk->setup.paper == NULL || live->order.mode != MODE_DRY_RUN)
			continue;
		if (is_cancel_due(live, now))
			orders_cancel_entry(desk, live);
		bool wanted = live->order.state == ORDER_UNKNOWN || live->lookup_mono_ms != 0;
		if (!wanted || now < live->lookup_mono_ms)
			continue;
		if (live->order.state == ORDER_SENT) {
			doubt(desk, live);
			continue;
		}
		orders_ask_again(desk, live);
		live->lookups++;
		(void)desk->setup.paper->ops->query(desk->setup.paper, &live->order, &ignored);
	}
}

bool
orders_have_questions(const struct desk *desk)
{
	for (size_t i = 0; i < desk->order_count; i++) {
		const struct live_order *live = desk->orders[i];
		if (live->order.state == ORDER_UNKNOWN || live->lookup_mono_ms != 0 || live->order.is_cancel_wanted)
			return true;
	}
	return false;
}
