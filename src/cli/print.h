/* What commands print: aligned tables and lines for people, JSON objects for scripts. */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

#include "app/models.h"
#include "cli/cli.h"
#include "core/decimal_json.h"

/* ---- numbers and times for people ---- */
enum { SHOW_SIZE = 64 };
struct shown { char text[SHOW_SIZE]; };
struct shown show_money(struct decimal d);          /* 2 places, grouped, half-up */
struct shown show_signed(struct decimal d);         /* the same with its sign: +142.10 */
struct shown show_percent(struct decimal d);        /* 2 places */
struct shown show_price(struct decimal d);          /* 2 to 8 places, as it needs */
struct shown show_quantity(struct decimal d);       /* as it is */
struct shown show_time(int64_t ms);                 /* "2026-01-31 14:02:11"; "-" for 0 */
struct shown show_age(int64_t ms);
/* The beginning of an id that is enough to name it. */
struct shown show_id(const char *intent_id);

/* ---- tables: one text per cell, right-aligned where the header ends in '>' ----
 * Fits the terminal: the last left-aligned column is cut if there is no room. */
enum { TABLE_COLUMNS = 16 };
struct table { int columns; size_t rows; struct text cells; };
/* headers: "ID>|SYMBOL|P&L>" */
void table_open(struct table *table, const char *headers);
void table_cell(struct table *table, const char *text);             /* made harmless; row by row */
void table_cellf(struct table *table, const char *format, ...) PRINTF_LIKE(2, 3);
void table_close(struct table *table, struct cli *cli);             /* prints, frees */

/* ---- lines for people ---- */
void put(struct cli *cli, const char *format, ...) PRINTF_LIKE(2, 3);   /* made harmless, adds '\n' */
/* "  name          value" */
void put_pair(struct cli *cli, const char *name, const char *format, ...) PRINTF_LIKE(3, 4);

/* ---- JSON: an object to begin and end, which is one line ---- */
void json_line_open(struct cli *cli, struct json_out *json);
void json_line_close(struct cli *cli, struct json_out *json);
void json_text_or_null(struct json_out *json, const char *key, const char *value);   /* "" is null */
void json_id_or_null(struct json_out *json, const char *key, int64_t id);            /* 0 is null */
void json_decimal_if(struct json_out *json, const char *key, bool has, struct decimal d);

/* ---- the objects of cli.md ---- */
void json_plan_keys(struct json_out *json, const struct intent *intent);
void json_checks(struct json_out *json, const char *key, const struct report *report);
void json_operation_keys(struct json_out *json, const struct operation_model *model,
                         const struct order_list *orders);
void json_operation(struct json_out *json, const char *key, const struct operation_model *model,
                    const struct order_list *orders);
void json_order(struct json_out *json, const char *key, const struct order_model *model,
                bool with_more);
void json_error(struct json_out *json, const struct error *err);

/* ---- the same for people ---- */
void put_intent(struct cli *cli, const struct intent *intent);
void put_report(struct cli *cli, const struct report *report);
void put_operation(struct cli *cli, const struct operation_model *model);
/* What of it lies on an exchange, and when it was last seen there; orders without an answer. */
void put_resting(struct cli *cli, const struct order_list *orders, int64_t now_ms);
void put_order_table(struct cli *cli, const struct order_list *orders);

#endif
