/* Looking on: a screen that does not hold the lease asks for the prices of what is open itself, so that
 * its rows live.  They decide nothing here.  A tape's prices come from the process that plays it. */
#include "app/session_state.h"

#include <string.h>

static bool
is_in(const struct operation_list *list, const char *symbol)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->rows[i].op.symbol, symbol) == 0)
			return true;
	return false;
}

static bool
is_looked_at(const struct session *session, const char *symbol)
{
	for (size_t i = 0; i < session->looked_count; i++)
		if (strcmp(session->looked[i], symbol) == 0)
			return true;
	return false;
}

void
session_look_on(struct session *session)
{
	struct operation_filter active = { .has_status = true, .status = OPERATION_ACTIVE };
	struct operation_list list = { 0 };
	struct feed_status feed = { 0 };
	struct error ignored = { 0 };

	if (session->screen == NULL || session->feed == NULL)
		return;
	session->feed->ops->status(session->feed, &feed);
	if (feed.is_replay)
		return;
	/* Who holds the lease watches by its positions. */
	if (!session_holds(session) && desk_operations(session->desk, &active, &list, &ignored) != STATUS_OK)
		return;
	for (size_t i = session->looked_count; i-- > 0;) {
		if (is_in(&list, session->looked[i]))
			continue;
		desk_unwatch(session->desk, session->looked[i]);
		text_copy(session->looked[i], SYMBOL_SIZE, session->looked[--session->looked_count]);
	}
	for (size_t i = 0; i < list.count && session->looked_count < ARRAY_LEN(session->looked); i++) {
		const char *symbol = list.rows[i].op.symbol;
		if (!is_looked_at(session, symbol) && desk_watch(session->desk, symbol, &ignored) == STATUS_OK)
			text_copy(session->looked[session->looked_count++], SYMBOL_SIZE, symbol);
	}
	operation_list_done(&list);
}
