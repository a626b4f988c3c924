/* Times and the calendar.  The calendar is computed here and not by the C library, so that neither
 * TZ nor the locale can move a day's limit or a month's budget. */
#include "base/clock.h"

#include <inttypes.h>

#include "base/text.h"

enum { DAY_S = 86400 };
static const int64_t day_ms = (int64_t)DAY_S * 1000;
static const int64_t last_ms = INT64_C(253402300799999);   /* 9999-12-31T23:59:59.999Z */

struct date {
	int year, month, day;   /* month 1..12, day 1..31 */
};

static int64_t
floor_to(int64_t value, int64_t unit)
{
	int64_t past = value % unit;
	return value - (past < 0 ? past + unit : past);
}

/* Days since 1970-01-01.  Counts in years that begin on the 1st of March, so that the leap day is a
 * year's last. */
static int64_t
days_of_date(struct date date)
{
	int64_t year = date.month > 2 ? date.year : date.year - 1;
	int64_t month = date.month > 2 ? date.month - 3 : date.month + 9;
	int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
	return year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719468;
}

static struct date
date_of_days(int64_t days)
{
	int64_t shifted = days + 719468;                 /* since 0000-03-01 */
	int64_t era = floor_to(shifted, 146097) / 146097;
	int64_t day_of_era = shifted - era * 146097;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
	                       day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t month = (5 * day_of_year + 2) / 153;     /* 0: March */
	struct date date = {
		.year = (int)(year_of_era + era * 400 + (month >= 10)),
		.month = (int)(month < 10 ? month + 3 : month - 9),
		.day = (int)(day_of_year - (153 * month + 2) / 5 + 1),
	};
	return date;
}

static int
days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return month == 2 && leap ? 29 : days[month - 1];
}

static int64_t
clamp(int64_t ms)
{
	return ms < 0 ? 0 : ms > last_ms ? last_ms : ms;
}

void
clock_format_iso(int64_t ms, char ret_text[CLOCK_TEXT_SIZE])
{
	ms = clamp(ms);
	struct date date = date_of_days(ms / day_ms);
	char time[CLOCK_TEXT_SIZE];
	clock_format_time(ms, time);
	text_format(ret_text, CLOCK_TEXT_SIZE, "%04d-%02d-%02dT%s.%03dZ", date.year, date.month,
	            date.day, time, (int)(ms % 1000));
}

void
clock_format_time(int64_t ms, char ret_text[CLOCK_TEXT_SIZE])
{
	int second = (int)(clamp(ms) % day_ms / 1000);
	text_format(ret_text, CLOCK_TEXT_SIZE, "%02d:%02d:%02d", second / 3600, second / 60 % 60,
	            second % 60);
}

void
clock_format_age(int64_t ms, char ret_text[CLOCK_TEXT_SIZE])
{
	static const struct {
		int64_t from_ms, unit_ms;
		char name;
	} units[] = {
		{ 86400000, 86400000, 'd' },
		{ 3600000,  3600000,  'h' },
		{ 60000,    60000,    'm' },
		{ 10000,    1000,     's' },
	};
	if (ms < 0)
		ms = 0;                          /* the clock was set back: it just happened */
	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (ms >= units[i].from_ms) {
			text_format(ret_text, CLOCK_TEXT_SIZE, "%" PRId64 "%c", ms / units[i].unit_ms,
			            units[i].name);
			return;
		}
	text_format(ret_text, CLOCK_TEXT_SIZE, "%d.%d s", (int)(ms / 1000), (int)(ms / 100 % 10));
}

int64_t
clock_day_start(int64_t ms)
{
	return floor_to(ms, day_ms);
}

int64_t
clock_month_start(int64_t ms)
{
	struct date date = date_of_days(floor_to(ms, day_ms) / day_ms);
	date.day = 1;
	return days_of_date(date) * day_ms;
}

/* Exactly `digits` digits at *at; moves on.  -1 if there are fewer. */
static int
take_digits(const char **at, int digits)
{
	int value = 0;
	for (int i = 0; i < digits; i++) {
		char c = (*at)[i];
		if (c < '0' || c > '9')
			return -1;
		value = value * 10 + (c - '0');
	}
	*at += digits;
	return value;
}

static bool
take_char(const char **at, char c)
{
	if (**at != c)
		return false;
	++*at;
	return true;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* MM-DD, of the year that is in *ret already. */
static bool
take_month_and_day(const char **at, struct date *ret)
{
	ret->month = take_digits(at, 2);
	if (ret->month < 1 || ret->month > 12 || !take_char(at, '-'))
		return false;
	ret->day = take_digits(at, 2);
	return ret->day >= 1 && ret->day <= days_in_month(ret->year, ret->month);
}

/* HH:MM[:SS[.fraction]], as milliseconds; digits after the third are dropped. */
static bool
take_time(const char **at, int64_t *ret_ms)
{
	int hour = take_digits(at, 2);
	if (hour < 0 || hour > 23 || !take_char(at, ':'))
		return false;
	int minute = take_digits(at, 2);
	if (minute < 0 || minute > 59)
		return false;
	*ret_ms = (hour * 60 + minute) * INT64_C(60000);
	if (!take_char(at, ':'))
		return true;
	int second = take_digits(at, 2);
	if (second < 0 || second > 59)
		return false;
	*ret_ms += second * INT64_C(1000);
	if (!take_char(at, '.'))
		return true;
	if (!is_digit(**at))
		return false;
	for (int unit = 100; is_digit(**at); unit /= 10, ++*at)
		*ret_ms += (**at - '0') * unit;
	return true;
}

/* Z, +HH:MM, +HHMM, +HH, or nothing, which is UTC: what to subtract. */
static bool
take_offset(const char **at, int64_t *ret_ms)
{
	*ret_ms = 0;
	if (**at == '\0' || take_char(at, 'Z'))
		return true;
	bool west = **at == '-';
	if (!take_char(at, '+') && !take_char(at, '-'))
		return false;
	int hour = take_digits(at, 2), minute = 0;
	if (hour < 0 || hour > 23)
		return false;
	if (**at != '\0') {
		take_char(at, ':');
		minute = take_digits(at, 2);
		if (minute < 0 || minute > 59)
			return false;
	}
	*ret_ms = (hour * 60 + minute) * (west ? INT64_C(-60000) : INT64_C(60000));
	return true;
}

static enum status
parse_number(const char *text, int64_t *ret_ms)
{
	int64_t ms = 0;
	bool fits = true;
	for (; is_digit(*text); text++) {
		ms = ms * 10 + (*text - '0');
		if (ms > last_ms) {
			fits = false;
			ms = 0;
		}
	}
	if (*text != '\0')
		return STATUS_INVALID;
	if (!fits)
		return STATUS_RANGE;
	*ret_ms = ms;
	return STATUS_OK;
}

enum status
clock_parse(const char *text, int64_t *ret_ms)
{
	if (text == NULL || !is_digit(*text))
		return STATUS_INVALID;

	const char *at = text;
	struct date date = { .year = take_digits(&at, 4) };
	int64_t time_ms = 0, offset_ms = 0;
	if (date.year < 0 || !take_char(&at, '-'))
		return parse_number(text, ret_ms);
	if (!take_month_and_day(&at, &date))
		return STATUS_INVALID;
	if (*at != '\0') {
		if (!take_char(&at, 'T') && !take_char(&at, ' '))
			return STATUS_INVALID;
		if (!take_time(&at, &time_ms) || !take_offset(&at, &offset_ms) || *at != '\0')
			return STATUS_INVALID;
	}
	int64_t ms = days_of_date(date) * day_ms + time_ms - offset_ms;
	if (ms < 0 || ms > last_ms)
		return STATUS_RANGE;
	*ret_ms = ms;
	return STATUS_OK;
}
