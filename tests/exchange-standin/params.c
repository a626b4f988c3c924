/* Reading parameters, with the refusals of errors.md (11xx). */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "call.h"

enum { NAME_MAX_LEN = 64 };

void *
call_refuse(struct call *call, int http, int code, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(call->no.msg, sizeof call->no.msg, format, args);
	va_end(args);
	call->no.http = http;
	call->no.code = code;
	return NULL;
}

static bool
bad(struct call *call, int code, const char *format, const char *name)
{
	char msg[REASON_MAX];
	/* The formats are those below. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(msg, sizeof msg, format, name);
#pragma GCC diagnostic pop
	call_refuse(call, 400, code, "%s", msg);
	return false;
}

const char *
call_text(const struct call *call, const char *name)
{
	for (size_t i = 0; i < call->params_len; i++)
		if (strcmp(call->params[i].name, name) == 0)
			return call->params[i].value;
	return NULL;
}

const char *
call_need(struct call *call, const char *name)
{
	const char *text = call_text(call, name);
	if (text == NULL || *text == '\0')
		bad(call, -1102, "Mandatory parameter '%s' was not sent, was empty/null, or malformed.",
		    name);
	return text != NULL && *text == '\0' ? NULL : text;
}

struct symbol *
call_symbol(struct call *call)
{
	const char *name = call_need(call, "symbol");
	struct symbol *symbol = name ? symbol_find(call->ex, name) : NULL;
	if (name != NULL && symbol == NULL)
		call_refuse(call, 400, -1121, "Invalid symbol.");
	return symbol;
}

bool
call_num(struct call *call, const char *name, num *ret)
{
	const char *text = call_text(call, name);
	int places;
	*ret = 0;
	if (text == NULL)
		return true;
	if (*text == '\0')
		return bad(call, -1105, "Parameter '%s' was empty.", name);
	if (!num_parse(text, ret, &places))
		return bad(call, -1100, "Illegal characters found in parameter '%s'; legal range is "
		           "'^([0-9]{1,20})(\\.[0-9]{1,20})?$'.", name);
	if (places > NUM_PLACES)
		return bad(call, -1111, "Parameter '%s' has too much precision.", name);
	return true;
}

bool
call_int(struct call *call, const char *name, int64_t *ret, int64_t otherwise)
{
	const char *text = call_text(call, name);
	*ret = otherwise;
	if (text == NULL)
		return true;
	if (*text == '\0')
		return bad(call, -1105, "Parameter '%s' was empty.", name);
	size_t len = strspn(text, "0123456789");
	if (text[len] != '\0' || len > 18)
		return bad(call, -1100, "Illegal characters found in parameter '%s'; legal range is "
		           "'^[0-9]{1,20}$'.", name);
	*ret = strtoll(text, NULL, 10);
	return true;
}

bool
call_id(struct call *call, const char *name, char *ret)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	const char *text = call_text(call, name);
	*ret = '\0';
	if (text == NULL)
		return true;
	size_t len = strspn(text, allowed);
	if (len == 0 || len > ID_MAX || text[len] != '\0')
		return bad(call, -1100, "Illegal characters found in parameter '%s'; legal range is "
		           "'^[a-zA-Z0-9-_]{1,36}$'.", name);
	memcpy(ret, text, len + 1);
	return true;
}

bool
call_enum(struct call *call, const char *name, const char *const names[], int count, int code,
          const char *complaint, int *ret)
{
	const char *text = call_text(call, name);
	*ret = -1;
	if (text == NULL)
		return true;
	*ret = name_index(names, count, text);
	if (*ret < 0)
		call_refuse(call, 400, code, "%s", complaint);
	return *ret >= 0;
}

bool
call_limit(struct call *call, int otherwise, int most, size_t *ret)
{
	int64_t limit;
	if (!call_int(call, "limit", &limit, otherwise))
		return false;
	if (limit == 0)
		return bad(call, -1130, "Data sent for parameter '%s' is not valid.", "limit");
	*ret = (size_t)(limit > most ? most : limit);
	return true;
}

/* "working" and "price" make "workingPrice"; no prefix leaves the name as it is. */
static const char *
named(char *buf, const char *prefix, const char *name)
{
	if (*prefix == '\0')
		snprintf(buf, NAME_MAX_LEN, "%s", name);
	else
		snprintf(buf, NAME_MAX_LEN, "%s%c%s", prefix, name[0] - 'a' + 'A', name + 1);
	return buf;
}

static bool
missing(struct call *call, const char *name)
{
	return bad(call, -1102, "Mandatory parameter '%s' was not sent, was empty/null, or malformed.",
	           name);
}

static bool
unwanted(struct call *call, const char *name)
{
	return bad(call, -1106, "Parameter '%s' sent when not required.", name);
}

/* rest-api.md, New order, "additional mandatory parameters based on order type". */
static bool
terms_complete(struct call *call, const char *prefix, bool quantity, bool tif_sent,
               struct terms *terms)
{
	char name[NAME_MAX_LEN];
	enum order_type type = terms->type;
	bool limit = type == TYPE_LIMIT || type == TYPE_STOP_LOSS_LIMIT || type == TYPE_TAKE_PROFIT_LIMIT;
	if (limit && !tif_sent)
		return missing(call, named(name, prefix, "timeInForce"));
	if (!limit && tif_sent && type != TYPE_LIMIT_MAKER)
		return unwanted(call, named(name, prefix, "timeInForce"));
	if ((limit || type == TYPE_LIMIT_MAKER) && terms->price == 0)
		return missing(call, named(name, prefix, "price"));
	if (!limit && type != TYPE_LIMIT_MAKER && terms->price > 0)
		return unwanted(call, named(name, prefix, "price"));
	if (quantity && terms->qty == 0 && (type != TYPE_MARKET || terms->quote_qty == 0))
		return missing(call, "quantity");
	if (terms->quote_qty > 0 && (type != TYPE_MARKET || terms->qty > 0))
		return unwanted(call, "quoteOrderQty");
	if (type_is_algo(type) && terms->stop == 0 && terms->trailing_delta == 0) {
		call_refuse(call, 400, -1102, "Param '%s' or '%s' must be sent, but both were empty/null!",
		            "stopPrice", "trailingDelta");
		return false;
	}
	if (!type_is_algo(type) && terms->stop > 0)
		return unwanted(call, named(name, prefix, "stopPrice"));
	if (!type_is_algo(type) && terms->trailing_delta > 0)
		return unwanted(call, named(name, prefix, "trailingDelta"));
	if (terms->iceberg > 0 && (type_is_market(type) || terms->tif != TIF_GTC)) {
		call_refuse(call, 400, -1013, "Unsupported order combination");
		return false;
	}
	return true;
}

bool
terms_read(struct call *call, const char *prefix, const char *shared, bool quantity,
           struct terms *ret)
{
	char name[NAME_MAX_LEN];
	int side, type, tif;
	memset(ret, 0, sizeof *ret);
	if (!call_need(call, named(name, shared ? shared : prefix, "side")) ||
	    !call_enum(call, name, side_names, 2, -1117, "Invalid side.", &side) ||
	    !call_need(call, named(name, prefix, "type")) ||
	    !call_enum(call, name, type_names, TYPES, -1116, "Invalid orderType.", &type) ||
	    !call_enum(call, named(name, prefix, "timeInForce"), tif_names, TIFS, -1115,
	               "Invalid timeInForce.", &tif) ||
	    !call_num(call, named(name, prefix, "price"), &ret->price) ||
	    !call_num(call, named(name, prefix, "stopPrice"), &ret->stop) ||
	    !call_num(call, named(name, prefix, "icebergQty"), &ret->iceberg) ||
	    !call_int(call, named(name, prefix, "trailingDelta"), &ret->trailing_delta, 0) ||
	    !call_int(call, named(name, prefix, "strategyId"), &ret->strategy_id, 0) ||
	    !call_int(call, named(name, prefix, "strategyType"), &ret->strategy_type, 0) ||
	    !call_num(call, named(name, shared ? shared : prefix, "quantity"), &ret->qty))
		return false;
	if (ret->strategy_type != 0 && ret->strategy_type < 1000000) {
		call_refuse(call, 400, -1134, "`strategyType` was less than 1000000.");
		return false;
	}
	if (*prefix == '\0' && !call_num(call, "quoteOrderQty", &ret->quote_qty))
		return false;
	if (!call_id(call, *prefix == '\0' ? "newClientOrderId" : named(name, prefix, "clientOrderId"),
	             ret->client_id))
		return false;
	if (call_text(call, named(name, prefix, "pegPriceType")) != NULL) {
		call_refuse(call, 400, -1013, "Pegged orders are not supported for this symbol.");
		return false;
	}
	ret->side = (enum side)side;
	ret->type = (enum order_type)type;
	ret->tif = tif < 0 ? TIF_GTC : (enum tif)tif;
	return terms_complete(call, prefix, quantity, tif >= 0, ret);
}

bool
call_detail(struct call *call, enum detail otherwise, enum detail *ret)
{
	static const char *const names[] = { "ACK", "RESULT", "FULL" };
	int detail;
	if (!call_enum(call, "newOrderRespType", names, 3, -1130,
	               "Data sent for parameter 'newOrderRespType' is not valid.", &detail))
		return false;
	*ret = detail < 0 ? otherwise : (enum detail)detail;
	return true;
}
