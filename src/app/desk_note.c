/* Audit events: who, what, when, and the numbers seen.  Written inside the transaction of what they
 * tell about, so that there is no effect without its event and no event without its effect. */
#include "app/desk_state.h"

#include <stdarg.h>
#include <stdio.h>

void
note_open(struct note *note, struct desk *desk, const char *kind)
{
	*note = (struct note){ .event = { .at_ms = desk_now_ms(desk), .client_id = desk->setup.client_id } };
	text_copy(note->event.kind, sizeof note->event.kind, kind);
	text_copy(note->event.actor, sizeof note->event.actor,
	          desk->actor_now[0] != '\0' ? desk->actor_now : desk->actor);
	text_init(&note->data);
	json_out_init(&note->json, &note->data);
	json_object_open(&note->json, NULL);
}

void
note_intent(struct note *note, const struct intent *intent)
{
	note->event.client_id = intent->client_id;
	text_copy(note->event.intent_id, sizeof note->event.intent_id, intent->id);
}

void
note_operation(struct note *note, const struct operation *op)
{
	note->event.client_id = op->client_id;
	note->event.operation_id = op->id;
	text_copy(note->event.intent_id, sizeof note->event.intent_id, op->intent_id);
}

void
note_order(struct note *note, const struct order *order)
{
	note->event.client_id = order->client_id;
	note->event.operation_id = order->operation_id;
	text_copy(note->event.intent_id, sizeof note->event.intent_id, order->intent_id);
	text_copy(note->event.client_order_id, sizeof note->event.client_order_id, order->client_order_id);
}

void
note_quote(struct note *note, const struct quote *quote)
{
	json_object_open(&note->json, "quote");
	json_decimal(&note->json, "bid", quote->bid);
	json_decimal(&note->json, "ask", quote->ask);
	json_time(&note->json, "at", quote->at_ms);
	json_object_close(&note->json);
}

static enum status
write_note(struct note *note, struct desk *desk, struct error *err, const char *summary, va_list args)
	__attribute__((format(printf, 4, 0)));

static enum status
write_note(struct note *note, struct desk *desk, struct error *err, const char *summary, va_list args)
{
	vsnprintf(note->event.summary, sizeof note->event.summary, summary, args);
	text_make_harmless(note->event.summary);
	json_object_close(&note->json);
	if (note->data.failed)
		return error_set(err, STATUS_NO_MEMORY, "no memory for an audit event");
	note->event.data = note->data.data;
	enum status status = store_event_append(desk->setup.store, &note->event, err);
	return status == STATUS_OK && desk->is_holder ? monitor_join_checks(desk, err) : status;
}

enum status
note_write(struct note *note, struct desk *desk, struct error *err, const char *summary, ...)
{
	va_list args;

	va_start(args, summary);
	enum status status = write_note(note, desk, err, summary, args);
	va_end(args);
	return status;
}

enum status
note_alone(struct note *note, struct desk *desk, struct error *err, const char *summary, ...)
{
	va_list args;

	enum status status = store_begin(desk->setup.store, err);
	if (status != STATUS_OK)
		return status;
	va_start(args, summary);
	status = write_note(note, desk, err, summary, args);
	va_end(args);
	if (status == STATUS_OK)
		status = store_commit(desk->setup.store, err);
	else
		store_rollback(desk->setup.store);
	return status;
}

void
note_done(struct note *note)
{
	text_done(&note->data);
}
