/* The intent form: what a person types, before anything is planned.  Pure state; the screen asks
 * the desk for the preview and puts it in. */
#ifndef UI_FORM_H
#define UI_FORM_H

#include <stdbool.h>
#include "app/models.h"
#include "ui/field.h"
#include "ui/keys.h"

struct plan_input;

enum form_field {
	FORM_SYMBOL, FORM_SIDE, FORM_STRATEGY, FORM_ENTRY, FORM_STOP, FORM_TARGET, FORM_CAPITAL,
	FORM_SIZE, FORM_REASON, FORM_REGIME, FORM_CONFIDENCE, FORM_FIELDS
};
enum { FORM_STRATEGIES = 32 };

struct form {
	struct field fields[FORM_FIELDS];     /* SIDE and STRATEGY are choices; their text says which */
	enum form_field at;
	bool editing;
	bool live;                            /* asked for; DRY-RUN unless a person says otherwise */
	bool attempted;                       /* v was pressed: empty fields may be called missing */
	char strategies[FORM_STRATEGIES][STRATEGY_NAME_SIZE];
	int strategy_count;
	char intent_id[INTENT_ID_SIZE];       /* what was planned from exactly this content; "" if nothing */
	bool intent_live;                     /* and in which mode: asked for in the other one, it is another
	                                         intent, that no guard has seen yet */
	char parent_id[INTENT_ID_SIZE];       /* the failed or cloned intent that this content came from */
	bool parent_filled[FORM_FIELDS];      /* what the parent had: none of it may have been emptied */
	bool has_preview;
	struct preview preview;
	bool has_price;
	struct price_model price;
	char ghost[SYMBOL_SIZE];              /* what Tab would add to the symbol */
	char done[16];                        /* "EXECUTED", ...: what became of this content; "" if it is
	                                         still to be decided on, and the figures are live */
};

void form_init(struct form *form);
void form_clear(struct form *form);
/* Fill it from an intent, for a clone or to go on with one that is planned. */
void form_take_intent(struct form *form, const struct intent *intent, bool is_clone);

enum form_answer {
	FORM_IGNORED, FORM_MOVED,
	FORM_CHANGED,                         /* the content is another: preview again */
	FORM_SYMBOL_DONE                      /* and the symbol field was left */
};
/* A key while a field is being edited. tick: of the symbol, zero if unknown. */
enum form_answer form_key(struct form *form, const struct ui_key *key, struct decimal tick);
/* A command while none is. */
enum form_answer form_command(struct form *form, enum command command);
enum form_answer form_go(struct form *form, enum form_field field, bool editing);

/* What the desk takes; the texts are the form's own and live as long. */
void form_input(const struct form *form, struct plan_input *ret);
bool form_is_empty(const struct form *form);      /* but for the side, which always says something */
/* What was planned is for the other mode than the one that is asked for. */
bool form_mode_differs(const struct form *form);
/* What comes next is a clone of this intent. */
void form_clone_of(struct form *form, const char *intent_id);
/* The error of the field, if one should be shown now; NULL if not. */
const struct field_error *form_error(const struct form *form, enum form_field field);
const char *form_field_name(enum form_field field);       /* the desk's name: "stop" */

/* A target on the losing side of the entry: a guard will refuse it, and nothing is won there. */
bool form_target_is_wrong(const struct form *form);
/* In words, what is wrong: with the field that has the cursor, else with the first that is wrong.
 * False: nothing to say. */
bool form_trouble(const struct form *form, char *ret_text, size_t size);

void form_draw(const struct form *form, const struct canvas *canvas, bool focused);
/* The field drawn at this line of the pane, for a click; -1: none. */
int form_field_at(const struct form *form, int line, int rows);

#endif
