/* One record as one JSON line: what lists and exports print alike. */
#ifndef CLI_RECORDS_H
#define CLI_RECORDS_H

#include "app/models.h"
#include "cli/cli.h"

void record_order(struct cli *cli, const struct order_model *model);
void record_trade(struct cli *cli, const struct trade *trade);
void record_event(struct cli *cli, const struct event *event);

#endif
