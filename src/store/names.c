/* The words of every enumeration that is stored, as one list per enumeration. */
#include "store/sql.h"

#define NAMES(names, type, function, how_many) \
	static const char *names##_text(int value) { return function((enum type)value); } \
	const struct enum_names names = { names##_text, how_many }

static const char *
symbol_status_name(enum symbol_status status)
{
	static const char *const names[] = { "TRADING", "BREAK", "HALT", "OTHER" };
	return (size_t)status < ARRAY_LEN(names) ? names[status] : "?";
}

static const char *
occasion_name(enum guard_occasion occasion)
{
	static const char *const names[] = { "validate", "execute" };
	return (size_t)occasion < ARRAY_LEN(names) ? names[occasion] : "?";
}

NAMES(side_names, side, side_name, 2);
NAMES(mode_names, mode, mode_name, 2);
NAMES(bias_names, bias, bias_name, 3);
NAMES(intent_status_names, intent_status, intent_status_name, INTENT_STATUS_COUNT);
NAMES(entry_kind_names, entry_kind, entry_kind_name, 2);
NAMES(stop_origin_names, stop_origin, stop_origin_name, 3);
NAMES(source_names, source, source_name, 2);
NAMES(size_bound_names, size_bound, size_bound_name, 5);
NAMES(order_state_names, order_state, order_state_name, ORDER_STATE_COUNT);
NAMES(order_purpose_names, order_purpose, order_purpose_name, 4);
NAMES(order_type_names, order_type, order_type_name, 4);
NAMES(time_in_force_names, time_in_force, time_in_force_name, 4);
NAMES(operation_status_names, operation_status, operation_status_name, OPERATION_STATUS_COUNT);
NAMES(exit_reason_names, exit_reason, exit_reason_name, EXIT_REASON_COUNT);
NAMES(verdict_status_names, verdict_status, verdict_status_name, 3);
NAMES(symbol_status_names, symbol_status, symbol_status_name, 4);
NAMES(occasion_names, guard_occasion, occasion_name, 2);
NAMES(request_kind_names, request_kind, request_kind_name, REQUEST_KIND_COUNT);
NAMES(request_state_names, request_state, request_state_name, 4);
NAMES(pattern_names, pattern, pattern_name, PATTERN_COUNT);
NAMES(trigger_status_names, trigger_status, trigger_status_name, 2);
NAMES(status_names, status, status_name, STATUS_COUNT);
