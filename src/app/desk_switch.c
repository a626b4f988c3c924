/* The switchboard: what changes the book without touching the market.  Pause, the LIVE switch, and
 * the strategies. */
#include "app/desk_state.h"

#include <string.h>

/* One change of the book and its event, together. */
static enum status
finish(struct desk *desk, struct note *note, enum status status, const char *summary, struct error *err)
{
	if (status == STATUS_OK)
		status = note_write(note, desk, err, "%s", summary);
	if (status == STATUS_OK)
		status = store_commit(desk->setup.store, err);
	else
		store_rollback(desk->setup.store);
	if (status == STATUS_OK)
		desk_tell(desk, URGENCY_WARNING, &note->event);
	note_done(note);
	desk_touch(desk);
	return status;
}

static enum status
start(struct desk *desk, struct note *note, const char *kind, struct error *err)
{
	struct book book;

	if (desk->setup.is_readonly)
		return error_set(err, STATUS_REFUSED, "--readonly looks and never acts");
	enum status status = store_begin(desk->setup.store, err);
	if (status == STATUS_OK)
		status = store_book(desk->setup.store, desk->setup.client_id, MODE_DRY_RUN, &book, err);
	if (status == STATUS_OK)
		note_open(note, desk, kind);
	else
		store_rollback(desk->setup.store);
	return status;
}

enum status
desk_pause(struct desk *desk, const char *reason, struct error *err)
{
	struct note note;
	char summary[256], harmless[REASON_SIZE];

	if (reason == NULL || reason[0] == '\0')
		return error_field(err, STATUS_USAGE, "reason", "a pause needs its reason");
	text_copy(harmless, sizeof harmless, reason);
	text_make_harmless(harmless);
	enum status status = start(desk, &note, "book.paused", err);
	if (status != STATUS_OK)
		return status;
	status = store_set_paused(desk->setup.store, desk->setup.client_id, true, harmless, desk->actor,
	                          desk_now_ms(desk), err);
	json_text(&note.json, "reason", harmless);
	text_format(summary, sizeof summary, "PAUSED: %s", harmless);
	status = finish(desk, &note, status, summary, err);
	desk_wake(desk);
	return status;
}

enum status
desk_resume(struct desk *desk, struct error *err)
{
	struct note note;

	enum status status = start(desk, &note, "book.resumed", err);
	if (status != STATUS_OK)
		return status;
	status = store_set_paused(desk->setup.store, desk->setup.client_id, false, "", desk->actor,
	                          desk_now_ms(desk), err);
	return finish(desk, &note, status, "resumed: entries are possible again", err);
}

enum status
desk_live_switch(struct desk *desk, bool on, struct error *err)
{
	struct note note;

	enum status status = start(desk, &note, on ? "book.live_on" : "book.live_off", err);
	if (status != STATUS_OK)
		return status;
	status = store_set_live(desk->setup.store, desk->setup.client_id, on, err);
	return finish(desk, &note, status, on ? "the LIVE switch is on" : "the LIVE switch is off", err);
}

/* ---- strategies ---- */

static enum status
read_percent(const char *field, const char *text, struct decimal high, bool *ret_has, struct decimal *ret,
             struct error *err)
{
	struct decimal value;

	if (text == NULL)
		return STATUS_OK;
	if (strcmp(text, "none") == 0) {
		*ret_has = false;
		return STATUS_OK;
	}
	enum status status = decimal_parse_human(text, &value);
	if (status != STATUS_OK)
		return error_field(err, status, field, "'%.40s' is not a number", text);
	if (!decimal_is_positive(value) || decimal_cmp(value, high) > 0) {
		char high_text[DECIMAL_TEXT_SIZE];
		decimal_text(high, high_text);
		return error_field(err, STATUS_RANGE, field, "%s lies above 0 and at most at %s, not %.40s", field,
		                   high_text, text);
	}
	*ret_has = true;
	*ret = value;
	return STATUS_OK;
}

static enum status
read_strategy(const struct strategy_input *input, struct strategy *strategy, struct error *err)
{
	struct decimal hundred = decimal_from_int(100);
	enum status status;

	if (input->description != NULL && !text_copy(strategy->description, sizeof strategy->description, input->description))
		return error_field(err, STATUS_RANGE, "description", "the description is too long");
	text_make_harmless(strategy->description);
	if (input->bias != NULL && bias_parse(input->bias, &strategy->bias) != STATUS_OK)
		return error_field(err, STATUS_USAGE, "bias", "the bias is bullish, bearish or neutral, not '%.40s'", input->bias);
	if (input->active != NULL) {
		if (!text_equal(input->active, "on") && !text_equal(input->active, "off"))
			return error_field(err, STATUS_USAGE, "active", "active is on or off, not '%.40s'", input->active);
		strategy->is_active = text_equal(input->active, "on");
	}
	/* 1 % is a ceiling that a strategy may lower and never raise. */
	if ((status = read_percent("risk-percent", input->risk_percent, decimal_from_int(1),
	                           &strategy->has_risk_percent, &strategy->risk_percent, err)) != STATUS_OK ||
	    (status = read_percent("max-drawdown-percent", input->max_drawdown_percent, hundred,
	                           &strategy->has_max_drawdown_percent, &strategy->max_drawdown_percent, err)) != STATUS_OK ||
	    (status = read_percent("stop-loss-percent", input->stop_loss_percent, hundred,
	                           &strategy->has_stop_loss_percent, &strategy->stop_loss_percent, err)) != STATUS_OK)
		return status;
	return read_percent("max-position-percent", input->max_position_percent, hundred,
	                    &strategy->has_max_position_percent, &strategy->max_position_percent, err);
}

static void
note_strategy(struct note *note, const struct strategy *strategy)
{
	json_text(&note->json, "name", strategy->name);
	json_bool(&note->json, "active", strategy->is_active);
	if (strategy->has_risk_percent)
		json_decimal(&note->json, "risk_percent", strategy->risk_percent);
	if (strategy->has_max_drawdown_percent)
		json_decimal(&note->json, "max_drawdown_percent", strategy->max_drawdown_percent);
	if (strategy->has_stop_loss_percent)
		json_decimal(&note->json, "stop_loss_percent", strategy->stop_loss_percent);
	if (strategy->has_max_position_percent)
		json_decimal(&note->json, "max_position_percent", strategy->max_position_percent);
}

enum status
desk_strategy_add(struct desk *desk, const struct strategy_input *input, struct strategy *ret, struct error *err)
{
	struct strategy strategy = { .client_id = desk->setup.client_id, .is_active = true,
	                             .created_at_ms = desk_now_ms(desk) }, other;
	struct note note;
	char summary[128];

	if (input->name == NULL || input->name[0] == '\0')
		return error_field(err, STATUS_USAGE, "name", "a strategy needs a name");
	if (strchr("=+-@", input->name[0]) != NULL)   /* it ends in the tables of spreadsheets */
		return error_field(err, STATUS_INVALID, "name", "a strategy's name can't begin with %c: a spreadsheet "
		                   "would take it for a formula", input->name[0]);
	if (!text_copy(strategy.name, sizeof strategy.name, input->name))
		return error_field(err, STATUS_RANGE, "name", "the name is longer than %d bytes", STRATEGY_NAME_SIZE - 1);
	if (text_make_harmless(strategy.name) > 0)
		return error_field(err, STATUS_INVALID, "name", "the name holds control characters");
	enum status status = read_strategy(input, &strategy, err);
	if (status != STATUS_OK)
		return status;
	if ((status = start(desk, &note, "strategy.added", err)) != STATUS_OK)
		return status;
	if (store_strategy_find(desk->setup.store, strategy.client_id, strategy.name, &other, NULL) == STATUS_OK)
		status = error_field(err, STATUS_NO, "name", "there is a strategy '%s' already", other.name);
	else
		status = store_strategy_insert(desk->setup.store, &strategy, err);
	note_strategy(&note, &strategy);
	text_format(summary, sizeof summary, "strategy added: %s", strategy.name);
	status = finish(desk, &note, status, summary, err);
	if (status == STATUS_OK)
		*ret = strategy;
	return status;
}

enum status
desk_strategy_edit(struct desk *desk, const struct strategy_input *input, struct strategy *ret, struct error *err)
{
	struct strategy strategy;
	struct note note;
	char summary[128];

	enum status status = desk_strategy(desk, input->name, &strategy, err);
	if (status == STATUS_OK)
		status = read_strategy(input, &strategy, err);
	if (status == STATUS_OK)
		status = start(desk, &note, "strategy.edited", err);
	if (status != STATUS_OK)
		return status;
	status = store_strategy_update(desk->setup.store, &strategy, err);
	note_strategy(&note, &strategy);
	text_format(summary, sizeof summary, "strategy edited: %s", strategy.name);
	status = finish(desk, &note, status, summary, err);
	if (status == STATUS_OK)
		*ret = strategy;
	return status;
}
