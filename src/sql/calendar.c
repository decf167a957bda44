/* SPDX-License-Identifier: MIT */
/* Days to dates and back, counted in eras of 400 years, after which the
 * calendar repeats itself, and in years that begin in March, so that the leap
 * day is the last of its year. */
#include "sql/calendar.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

enum {
    ERA_DAYS = 146097,          /* in 400 years */
    DAYS_BEFORE_EPOCH = 719468, /* from 0000-03-01 to 1970-01-01 */
    LEAST_YEAR_DIGITS = 4,
    MOST_YEAR_DIGITS = 7,
    MOST_ZONE_HOURS = 15
};

static const char future[] = "infinity";
static const char past[] = "-infinity";
static const char impossible[] = "invalid";

static bool
is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool
cup_date_exists(int64_t year, int month, int day)
{
    static const int days_of[] = { 31, 28, 31, 30, 31, 30,
                                   31, 31, 30, 31, 30, 31 };

    if (year < -CUP_YEAR_MAX || year > CUP_YEAR_MAX)
        return false;
    if (month < 1 || month > 12 || day < 1)
        return false;
    return day <= days_of[month - 1] + (month == 2 && is_leap(year));
}

static int64_t
floor_div(int64_t number, int64_t by)
{
    return number / by - (number % by < 0);
}

int64_t
cup_date_join(int64_t year, int month, int day)
{
    int64_t era, day_of_era;
    int year_of_era, day_of_year;

    year -= month <= 2;
    era = floor_div(year, 400);
    year_of_era = (int)(year - era * 400);
    day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * ERA_DAYS + day_of_era - DAYS_BEFORE_EPOCH;
}

struct date {
    int64_t year;
    int month;
    int day;
};

static struct date
split(int64_t days)
{
    int64_t era;
    int day_of_era, year_of_era, day_of_year, month;
    struct date date;

    assert(days <= INT64_MAX - DAYS_BEFORE_EPOCH);
    days += DAYS_BEFORE_EPOCH;
    era = floor_div(days, ERA_DAYS);
    day_of_era = (int)(days - era * ERA_DAYS);
    year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
                   day_of_era / (ERA_DAYS - 1)) /
                  365;
    day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    month = (5 * day_of_year + 2) / 153; /* from March */
    date.day = day_of_year - (153 * month + 2) / 5 + 1;
    date.month = month < 10 ? month + 3 : month - 9;
    date.year = era * 400 + year_of_era + (date.month <= 2);
    return date;
}

void
cupel_date_split(int64_t days, int *year, int *month, int *day)
{
    struct date date = { INT_MAX, 12, 31 };

    if (days <= INT64_MAX - DAYS_BEFORE_EPOCH)
        date = split(days);
    if (date.year > INT_MAX)
        date = (struct date){ INT_MAX, 12, 31 };
    else if (date.year < INT_MIN)
        date = (struct date){ INT_MIN, 1, 1 };
    if (year != NULL)
        *year = (int)date.year;
    if (month != NULL)
        *month = date.month;
    if (day != NULL)
        *day = date.day;
}

bool
cup_date_valid(int64_t days)
{
    if (days == CUPEL_INFINITY_FUTURE || days == CUPEL_INFINITY_PAST)
        return true;
    return days >= cup_date_join(-CUP_YEAR_MAX, 1, 1) &&
           days <= cup_date_join(CUP_YEAR_MAX, 12, 31);
}

bool
cup_time_valid(int64_t microseconds)
{
    return microseconds >= 0 && microseconds <= CUP_DAY_US;
}

/* ---- Writing ----------------------------------------------------------- */

/* True if it was one of the two that are no date. */
static bool
write_infinity(struct cup_writer *writer, int64_t number)
{
    if (number == CUPEL_INFINITY_FUTURE)
        cup_writer_str(writer, future);
    else if (number == CUPEL_INFINITY_PAST)
        cup_writer_str(writer, past);
    else
        return false;
    return true;
}

static void
write_day(struct cup_writer *writer, const struct date *date)
{
    int64_t year = date->year > 0 ? date->year : 1 - date->year;

    cup_writer_number(writer, (uint64_t)year, LEAST_YEAR_DIGITS);
    cup_writer_char(writer, '-');
    cup_writer_number(writer, (uint64_t)date->month, 2);
    cup_writer_char(writer, '-');
    cup_writer_number(writer, (uint64_t)date->day, 2);
}

static void
write_era(struct cup_writer *writer, const struct date *date)
{
    if (date->year <= 0)
        cup_writer_str(writer, " BC");
}

void
cup_date_write(struct cup_writer *writer, int64_t days)
{
    struct date date;

    if (!cup_date_valid(days)) {
        cup_writer_str(writer, impossible);
        return;
    }
    if (write_infinity(writer, days))
        return;
    date = split(days);
    write_day(writer, &date);
    write_era(writer, &date);
}

void
cup_time_write(struct cup_writer *writer, int64_t microseconds)
{
    uint64_t seconds, fraction;
    size_t places = 6;

    if (!cup_time_valid(microseconds)) {
        cup_writer_str(writer, impossible);
        return;
    }
    seconds = (uint64_t)(microseconds / CUP_SECOND_US);
    fraction = (uint64_t)(microseconds % CUP_SECOND_US);
    cup_writer_number(writer, seconds / 3600, 2);
    cup_writer_char(writer, ':');
    cup_writer_number(writer, seconds / 60 % 60, 2);
    cup_writer_char(writer, ':');
    cup_writer_number(writer, seconds % 60, 2);
    if (fraction == 0)
        return;
    for (; fraction % 10 == 0; fraction /= 10)
        places--;
    cup_writer_char(writer, '.');
    cup_writer_number(writer, fraction, places);
}

static void
write_moment(struct cup_writer *writer, int64_t microseconds, const char *zone)
{
    int64_t days = floor_div(microseconds, CUP_DAY_US);
    struct date date;

    if (write_infinity(writer, microseconds))
        return;
    date = split(days);
    write_day(writer, &date);
    cup_writer_char(writer, ' ');
    microseconds %= CUP_DAY_US; /* days * CUP_DAY_US might overflow */
    cup_time_write(writer,
                   microseconds < 0 ? microseconds + CUP_DAY_US : microseconds);
    cup_writer_str(writer, zone);
    write_era(writer, &date);
}

void
cup_datetime_write(struct cup_writer *writer, int64_t microseconds)
{
    write_moment(writer, microseconds, "");
}

void
cup_datetimetz_write(struct cup_writer *writer, int64_t microseconds)
{
    write_moment(writer, microseconds, "+00:00");
}

/* ---- Reading ----------------------------------------------------------- */

static bool
read_number(struct cup_reader *reader, size_t least, size_t most, int *out)
{
    uint64_t number;

    assert(most < 10);
    if (!cup_reader_number(reader, least, most, &number))
        return false;
    *out = (int)number;
    return true;
}

/* The date before its era is known: the year may still turn out to be BC. */
static bool
read_day(struct cup_reader *reader, struct date *date)
{
    int year;

    if (!read_number(reader, LEAST_YEAR_DIGITS, MOST_YEAR_DIGITS, &year) ||
        !cup_reader_char(reader, '-') ||
        !read_number(reader, 2, 2, &date->month) ||
        !cup_reader_char(reader, '-') || !read_number(reader, 2, 2, &date->day))
        return false;
    date->year = year;
    return year > 0;
}

/* The era, if it is BC, which ends the text in any case. */
static bool
read_era_and_end(struct cup_reader *reader, struct date *date)
{
    if (cup_reader_str(reader, " BC"))
        date->year = 1 - date->year;
    return cup_reader_at_end(reader) &&
           cup_date_exists(date->year, date->month, date->day);
}

bool
cup_clock_read(struct cup_reader *reader, size_t most_hour_digits,
               uint64_t *microseconds)
{
    uint64_t hours, minutes, seconds = 0, fraction = 0;

    if (!cup_reader_number(reader, 2, most_hour_digits, &hours) ||
        !cup_reader_char(reader, ':') ||
        !cup_reader_number(reader, 2, 2, &minutes))
        return false;
    if (cup_reader_char(reader, ':')) {
        if (!cup_reader_number(reader, 2, 2, &seconds))
            return false;
        if (cup_reader_char(reader, '.') &&
            !cup_reader_fraction(reader, 6, &fraction))
            return false;
    }
    if (minutes > 59 || seconds > 59)
        return false;
    seconds += minutes * 60;
    *microseconds = seconds * CUP_SECOND_US + fraction;
    return !__builtin_mul_overflow(hours, (uint64_t)(3600 * CUP_SECOND_US),
                                   &hours) &&
           !__builtin_add_overflow(hours, *microseconds, microseconds);
}

static bool
read_time(struct cup_reader *reader, int64_t *microseconds)
{
    uint64_t magnitude;

    if (!cup_clock_read(reader, 2, &magnitude))
        return false;
    *microseconds = (int64_t)magnitude; /* at most 100 hours */
    return cup_time_valid(*microseconds);
}

/* The zone, as seconds east of UTC. */
static bool
read_zone(struct cup_reader *reader, int *offset)
{
    int hours, minutes = 0, seconds = 0;
    bool west;

    *offset = 0;
    if (cup_reader_char(reader, 'Z') || cup_reader_char(reader, 'z'))
        return true;
    west = cup_reader_char(reader, '-');
    if (!west && !cup_reader_char(reader, '+'))
        return false;
    if (!read_number(reader, 2, 2, &hours))
        return false;
    if (cup_reader_char(reader, ':')) {
        if (!read_number(reader, 2, 2, &minutes))
            return false;
        if (cup_reader_char(reader, ':') &&
            !read_number(reader, 2, 2, &seconds))
            return false;
    } else if (cup_is_digit(cup_reader_peek(reader)) &&
               !read_number(reader, 2, 2, &minutes)) {
        return false;
    }
    if (hours > MOST_ZONE_HOURS || minutes > 59 || seconds > 59)
        return false;
    *offset = hours * 3600 + minutes * 60 + seconds;
    if (west)
        *offset = -*offset;
    return true;
}

/* Between date and time: T, or a blank that does not begin " BC". */
static bool
read_separator(struct cup_reader *reader)
{
    struct cup_reader ahead = *reader;

    if (cup_reader_char(reader, 'T'))
        return true;
    return !cup_reader_str(&ahead, " B") && cup_reader_char(reader, ' ');
}

static bool
parse_infinity(const char *text, size_t len, int64_t *out)
{
    if (len == sizeof future - 1 && memcmp(text, future, len) == 0)
        *out = CUPEL_INFINITY_FUTURE;
    else if (len == sizeof past - 1 && memcmp(text, past, len) == 0)
        *out = CUPEL_INFINITY_PAST;
    else
        return false;
    return true;
}

bool
cup_date_parse(const char *text, size_t len, int64_t *days)
{
    struct cup_reader reader;
    struct date date;

    if (parse_infinity(text, len, days))
        return true;
    cup_reader_init(&reader, text, len);
    if (!read_day(&reader, &date) || !read_era_and_end(&reader, &date))
        return false;
    *days = cup_date_join(date.year, date.month, date.day);
    return true;
}

bool
cup_time_parse(const char *text, size_t len, int64_t *microseconds)
{
    struct cup_reader reader;

    cup_reader_init(&reader, text, len);
    return read_time(&reader, microseconds) && cup_reader_at_end(&reader);
}

/* Days and what follows them, as one finite number. The last day before the
 * year -290308 begins below what 64 bits hold, so days before the epoch are
 * counted to their end. */
static bool
join_moment(const struct date *date, int64_t microseconds, int64_t *out)
{
    int64_t days = cup_date_join(date->year, date->month, date->day);
    int64_t moment;

    if (days < 0) {
        days++;
        microseconds -= CUP_DAY_US;
    }
    if (__builtin_mul_overflow(days, CUP_DAY_US, &moment) ||
        __builtin_add_overflow(moment, microseconds, &moment) ||
        moment == CUPEL_INFINITY_FUTURE || moment == CUPEL_INFINITY_PAST)
        return false;
    *out = moment;
    return true;
}

bool
cup_datetime_parse(const char *text, size_t len, int64_t *microseconds)
{
    struct cup_reader reader;
    struct date date;
    int64_t time = 0;

    if (parse_infinity(text, len, microseconds))
        return true;
    cup_reader_init(&reader, text, len);
    if (!read_day(&reader, &date))
        return false;
    if (read_separator(&reader) && !read_time(&reader, &time))
        return false;
    if (!read_era_and_end(&reader, &date))
        return false;
    return join_moment(&date, time, microseconds);
}

bool
cup_datetimetz_parse(const char *text, size_t len, int64_t *microseconds)
{
    struct cup_reader reader;
    struct date date;
    int64_t time;
    int offset;

    if (parse_infinity(text, len, microseconds))
        return true;
    cup_reader_init(&reader, text, len);
    if (!read_day(&reader, &date) || !read_separator(&reader) ||
        !read_time(&reader, &time) || !read_zone(&reader, &offset) ||
        !read_era_and_end(&reader, &date))
        return false;
    return join_moment(&date, time - offset * CUP_SECOND_US, microseconds);
}
