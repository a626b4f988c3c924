/* What the files of the screen share; nobody else includes this. */
#ifndef UI_SCREEN_PARTS_H
#define UI_SCREEN_PARTS_H

#include "app/desk.h"
#include "ui/dialog.h"
#include "ui/form.h"
#include "ui/keys.h"
#include "ui/layout.h"
#include "ui/screen.h"
#include "ui/table.h"
#include "ui/terminal.h"

enum view { VIEW_MAIN, VIEW_DETAILS, VIEW_LOG, VIEW_STRATEGIES, VIEW_PORTFOLIO, VIEW_HEALTH,
            VIEW_HELP, VIEW_SETTINGS, VIEW_COPY };
enum lower { LOWER_ACTIVE, LOWER_CLOSED, LOWER_INTENTS };

enum prompt_kind { PROMPT_NONE, PROMPT_COMMAND, PROMPT_FILTER, PROMPT_STOP, PROMPT_TARGET,
                   PROMPT_PAUSE };
enum { PROMPT_HISTORY = 16 };
struct prompt {
	enum prompt_kind kind;
	struct field field;
	int64_t operation;                        /* of STOP and TARGET */
	char label[64];
	char candidates[160];                     /* what Tab could not decide between */
	char history[PROMPT_HISTORY][FIELD_SIZE];
	int history_count, history_at;
};

/* What a person asked for, kept until the book can be written (STATUS_BUSY), 5 s at most. */
enum action_kind { ACTION_NONE, ACTION_VALIDATE, ACTION_EXECUTE, ACTION_CANCEL, ACTION_CLOSE,
                   ACTION_STOP, ACTION_TARGET, ACTION_RELEASE, ACTION_PAUSE, ACTION_RESUME,
                   ACTION_LIVE_ON, ACTION_LIVE_OFF, ACTION_PANIC, ACTION_CHECK, ACTION_RECONCILE,
                   ACTION_ADOPT };
struct action {
	enum action_kind kind;
	char intent[INTENT_ID_SIZE];
	int64_t operation;
	char text[REASON_SIZE];                   /* a price or a reason */
	bool live, may_widen, widen;              /* may: the person may mean it; the question says so */
	int64_t until_us, next_us;
};

/* A wish that somebody with the lease is to fulfil. */
struct wish {
	int64_t id;
	char what[96];                            /* "close operation 12" */
	int64_t since_us;
};
enum { WISHES = 8 };

enum question { QUESTION_NONE, QUESTION_ACTION, QUESTION_QUIT };

struct line { unsigned style; char text[240]; };
enum { LINES_MAX = 160 };
struct lines { struct line rows[LINES_MAX]; int count; };
void lines_add(struct lines *lines, unsigned style, const char *format, ...) PRINTF_LIKE(3, 4);
void lines_add_wrapped(struct lines *lines, unsigned style, const char *text, int width);
/* Draws from the line `first`; the same, cut at the canvas. */
void lines_draw(const struct lines *lines, const struct canvas *canvas, int first);

enum { CHART_CANDLES_MAX = 600 };

struct details {
	int64_t id;
	bool has_operation, has_intent;
	struct operation_model operation;
	struct intent_model intent;
	struct event_list events;
	int scroll;
};

struct book_figures {                             /* the portfolio view */
	bool has[2];
	struct portfolio_model mode[2];
	struct decimal *curve[2];                 /* owned: realized net after each trade */
	size_t curve_count[2];
};

struct screen {
	struct desk *desk;                        /* borrowed */
	const struct settings *settings;          /* borrowed */
	struct terminal *terminal;
	struct grid grid;
	struct layout layout;

	enum view view, back[8];
	int back_count;
	enum pane focus;
	enum lower lower;
	bool frozen, dirty, models_due, slow_due;
	uint64_t seen_revision;
	int64_t seen_seq;                         /* of the newest event */
	int64_t refreshed_us, slow_refreshed_us, painted_second;
	int64_t now_us;
	int64_t wall_ms;                          /* the desk's clock at the last look */

	struct form form;
	bool preview_due;
	char watched[SYMBOL_SIZE];                /* for the form */
	char home[SYMBOL_SIZE];                   /* watched while the form names none; "" if nothing is */
	bool is_home_known;

	char report_id[INTENT_ID_SIZE];           /* whose report is shown; "" none */
	bool has_report;
	struct intent_model report;
	struct table checks;

	struct operation_list active;
	int resting;                              /* intents whose entry is under way */
	struct table operations, trades, intents, log, strategies, health, settings_table;
	bool log_all;
	char log_intent[INTENT_ID_SIZE];
	int64_t log_operation;
	struct details details;
	struct book_figures figures;
	struct candle candles[CHART_CANDLES_MAX];
	size_t candle_count;
	int help_scroll;
	enum context help_of;
	char copy_what[32], copy_id[64];

	struct desk_status_model status;
	bool has_status, is_scratch;
	struct prompt prompt;
	struct dialog dialog;
	enum question question;
	struct action asked;                      /* what the question is about */
	struct action action;                     /* what is under way */
	struct wish wishes[WISHES];
	int wish_count;

	char message[400];
	unsigned message_style;
	bool message_sticks;                      /* typing does not wipe it away */
	int64_t message_until_us;
	char news[2][200];                        /* the newest events */
	int64_t viewer_due_us;                    /* when to say that this screen only looks on; 0: said */
	int64_t bell_at_us, health_at_us;
	int seen_naked;

	bool wants_quit, wants_headless, welcome_due;
};

/* screen.c */
void screen_say(struct screen *screen, unsigned style, const char *format, ...) PRINTF_LIKE(3, 4);
void screen_say_error(struct screen *screen, const struct error *err);
void screen_go(struct screen *screen, enum view view);
void screen_back(struct screen *screen);
enum context screen_context(const struct screen *screen);
struct table *screen_list(struct screen *screen);

/* screen_commands.c */
void screen_open_operation(struct screen *screen, int64_t id);
void screen_show_intent(struct screen *screen, const char *id);
void screen_command(struct screen *screen, enum command command);
/* Those of no pane in particular; false: not one of them. */
bool screen_general_command(struct screen *screen, enum command command);

/* screen_models.c */
/* slow: what reads lists too; force: also if the book seems unchanged, as when a view opens. */
void models_refresh(struct screen *screen, bool slow, bool force);
void models_preview(struct screen *screen);
void models_watch(struct screen *screen);         /* the form's symbol */
const struct operation_model *models_operation(const struct screen *screen, int64_t id);
int64_t models_selected_operation(const struct screen *screen);   /* 0: none */
void models_done(struct screen *screen);

/* screen_actions.c, screen_questions.c */
void actions_ask(struct screen *screen, const struct action *action);     /* with a question, where due */
void actions_start(struct screen *screen, const struct action *action);   /* without */
void actions_run(struct screen *screen);          /* the one under way, if its time has come */
void actions_question(struct screen *screen);     /* keep the figures of the question fresh */
void actions_answer(struct screen *screen, enum dialog_answer answer);
void actions_quit(struct screen *screen);
void actions_wishes(struct screen *screen);       /* how they stand */

/* live_questions.c: what stands in them where the money is real */
void confirm_view(struct dialog *dialog, const struct confirm_model *model);
void widen_view(struct dialog *dialog, const struct operation_model *model, struct decimal stop);
void flatten_view(struct dialog *dialog, const struct operation_list *active, int resting);

/* command_line.c */
void prompt_open(struct screen *screen, enum prompt_kind kind, int64_t operation);
void prompt_key(struct screen *screen, const struct ui_key *key);
void command_line_run(struct screen *screen, const char *text);
/* What Tab would make of the text; false: nothing. */
bool command_line_complete(const char *text, char *ret_text, size_t size);

/* details_live.c: what of an operation lies on an exchange */
void details_say_resting(const struct details *details, struct lines *lines, int64_t now_ms, int width);
void details_say_fees(const struct details *details, struct lines *lines);
void details_say_dust(const struct operation_model *model, struct decimal lot_step, struct lines *lines);
void details_say_gap(const struct event_list *events, struct lines *lines);

/* views */
void operations_view(struct table *table, const struct operation_list *list, int64_t now_ms);
void operations_view_init(struct table *table);
void trades_view_init(struct table *table);
void trades_view(struct table *table, const struct trade_list *list, int64_t now_ms);
void intents_view_init(struct table *table);
void intents_view(struct table *table, const struct intent_list *list, int64_t now_ms);
void log_view_init(struct table *table);
void log_view(struct table *table, const struct event_list *list, int64_t now_ms);
void strategies_view_init(struct table *table);
void strategies_view(struct table *table, const struct strategy_list *list);
void health_view_init(struct table *table);
void health_view(struct table *table, const struct health_model *model,
                 const struct desk_status_model *status);
void settings_view_init(struct table *table);
void settings_view(struct table *table, const struct settings *settings);
void checks_view_init(struct table *table);
void checks_view(struct table *table, const struct report *report);

/* panes and drawing */
void screen_draw(struct screen *screen);
void status_line_draw(const struct screen *screen, const struct canvas *canvas);
void key_line_draw(enum context context, const struct canvas *canvas);
void help_draw(const struct canvas *canvas, enum context context, int scroll);
int help_lines(enum context context);
void report_draw(struct screen *screen, const struct canvas *canvas, bool focused);
void chart_pane_draw(struct screen *screen, const struct canvas *canvas);
void details_draw(struct screen *screen, const struct canvas *canvas);
void portfolio_draw(const struct screen *screen, const struct canvas *canvas);

#endif
