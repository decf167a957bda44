/* SPDX-License-Identifier: MIT */
/* Dates, times and moments. */
#include "sql/calendar.h"

#include "support/test.h"

#include <limits.h>

#define CHECK_WRITES(write, number, expected) \
    check_writes(write, number, expected, __LINE__)

static void
check_writes(void (*write)(struct cup_writer *, int64_t), int64_t number,
             const char *expected, int line)
{
    struct cup_writer writer;
    char text[64];

    cup_writer_init(&writer, text, sizeof text);
    write(&writer, number);
    cup_writer_end(&writer);
    if (strcmp(text, expected) != 0)
        print_error("line %d: %s\n", line, text);
    CHECK_STR(text, expected);
}

typedef bool
parse_fn(const char *text, size_t len, int64_t *out);

static int64_t
parsed(parse_fn *parse, const char *text)
{
    int64_t number = -77;

    if (!parse(text, strlen(text), &number))
        print_error("does not parse: %s\n", text);
    CHECK(number != -77);
    return number;
}

static void
check_refused(parse_fn *parse, const char *const *texts, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        int64_t number;

        if (parse(texts[i], strlen(texts[i]), &number))
            print_error("parses: %s\n", texts[i]);
        CHECK(!parse(texts[i], strlen(texts[i]), &number));
    }
}

#define CHECK_REFUSED(parse, ...)                                          \
    do {                                                                   \
        static const char *const refused[] = { __VA_ARGS__ };              \
        check_refused(parse, refused, sizeof refused / sizeof refused[0]); \
    } while (0)

/* A calendar that counts days one by one. */
struct walk {
    int year, month, day;
};

static void
step(struct walk *walk)
{
    static const int lengths[] = { 31, 28, 31, 30, 31, 30,
                                   31, 31, 30, 31, 30, 31 };
    int length = lengths[walk->month - 1];

    if (walk->month == 2 && walk->year % 4 == 0 &&
        (walk->year % 100 != 0 || walk->year % 400 == 0))
        length++;
    if (walk->day < length) {
        walk->day++;
        return;
    }
    walk->day = 1;
    if (walk->month < 12) {
        walk->month++;
        return;
    }
    walk->month = 1;
    walk->year++;
}

TEST(every_day_of_ten_thousand_years_is_found_and_split)
{
    struct walk walk = { -10, 1, 1 };
    int64_t days = cup_date_join(-10, 1, 1);
    bool seen_epoch = false;

    for (; walk.year <= 10000; step(&walk), days++) {
        int year, month, day;

        CHECK(cup_date_exists(walk.year, walk.month, walk.day));
        CHECK(cup_date_join(walk.year, walk.month, walk.day) == days);
        cupel_date_split(days, &year, &month, &day);
        CHECK(year == walk.year && month == walk.month && day == walk.day);
        seen_epoch |=
            days == 0 && walk.year == 1970 && walk.month == 1 && walk.day == 1;
    }
    CHECK(seen_epoch);
}

TEST(every_day_has_a_text_that_reads_back)
{
    int64_t days, last = cup_date_join(10000, 1, 1);

    for (days = cup_date_join(-10, 1, 1); days < last; days += 13) {
        char text[32], *end;
        struct cup_writer writer;
        int64_t again;
        size_t len;

        cup_writer_init(&writer, text, sizeof text);
        cup_date_write(&writer, days);
        len = cup_writer_end(&writer);
        CHECK(cup_date_parse(text, len, &again));
        CHECK(again == days);
        end = text + len;
        memcpy(end, " 23:59", 7);
        if (end[-1] == 'C')
            continue;
        CHECK(cup_datetime_parse(text, len + 6, &again));
        CHECK(again == days * CUP_DAY_US + (24 * 60 - 1) * 60 * CUP_SECOND_US);
    }
}

TEST(dates_that_do_not_exist_are_told_apart)
{
    CHECK(cup_date_exists(2000, 2, 29));
    CHECK(cup_date_exists(2024, 2, 29));
    CHECK(cup_date_exists(0, 2, 29));
    CHECK(cup_date_exists(-4, 2, 29));
    CHECK(!cup_date_exists(1900, 2, 29));
    CHECK(!cup_date_exists(2023, 2, 29));
    CHECK(!cup_date_exists(-100, 2, 29));
    CHECK(!cup_date_exists(2024, 2, 30));
    CHECK(!cup_date_exists(2024, 4, 31));
    CHECK(!cup_date_exists(2024, 0, 1));
    CHECK(!cup_date_exists(2024, 13, 1));
    CHECK(!cup_date_exists(2024, 1, 0));
    CHECK(!cup_date_exists(2024, 1, -1));
    CHECK(!cup_date_exists(2024, INT_MIN, INT_MAX));
    CHECK(cup_date_exists(CUP_YEAR_MAX, 12, 31));
    CHECK(!cup_date_exists(CUP_YEAR_MAX + 1, 1, 1));
    CHECK(cup_date_exists(-CUP_YEAR_MAX, 1, 1));
    CHECK(!cup_date_exists(-CUP_YEAR_MAX - 1, 12, 31));
    CHECK(!cup_date_exists(INT64_MAX, 1, 1));
    CHECK(!cup_date_exists(INT64_MIN, 1, 1));
}

TEST(days_of_every_valid_year_fit_32_bits)
{
    int64_t last = cup_date_join(CUP_YEAR_MAX, 12, 31);
    int64_t first = cup_date_join(-CUP_YEAR_MAX, 1, 1);
    int64_t y2000 = cup_date_join(2000, 1, 1);

    CHECK_INT(y2000, 10957);
    CHECK(last <= INT32_MAX && last - y2000 <= INT32_MAX);
    CHECK(first >= INT32_MIN && first - y2000 >= INT32_MIN);
    CHECK(cup_date_valid(last) && cup_date_valid(first));
    CHECK(!cup_date_valid(last + 1) && !cup_date_valid(first - 1));
    CHECK(cup_date_valid(CUPEL_INFINITY_FUTURE));
    CHECK(cup_date_valid(CUPEL_INFINITY_PAST));
    CHECK(!cup_date_valid(INT64_MAX - 1) && !cup_date_valid(INT64_MIN + 1));
}

TEST(splitting_any_number_of_days_is_harmless)
{
    int year, month, day;

    cupel_date_split(INT64_MAX, &year, &month, &day);
    CHECK(year == INT_MAX && month == 12 && day == 31);
    cupel_date_split(INT64_MIN, &year, &month, &day);
    CHECK(year == INT_MIN && month == 1 && day == 1);
    cupel_date_split(cup_date_join(INT_MAX, 12, 31), &year, &month, &day);
    CHECK(year == INT_MAX && month == 12 && day == 31);
    cupel_date_split(cup_date_join(INT_MAX, 12, 30), &year, &month, &day);
    CHECK(year == INT_MAX && month == 12 && day == 30);
    cupel_date_split(cup_date_join(INT_MIN, 1, 2), &year, &month, &day);
    CHECK(year == INT_MIN && month == 1 && day == 2);
    cupel_date_split(0, NULL, NULL, NULL);
    cupel_date_split(59, NULL, &month, NULL);
    CHECK_INT(month, 3);
}

TEST(dates_are_written_as_postgresql_writes_them)
{
    CHECK_WRITES(cup_date_write, 0, "1970-01-01");
    CHECK_WRITES(cup_date_write, -1, "1969-12-31");
    CHECK_WRITES(cup_date_write, cup_date_join(-43, 3, 15), "0044-03-15 BC");
    CHECK_WRITES(cup_date_write, cup_date_join(0, 12, 31), "0001-12-31 BC");
    CHECK_WRITES(cup_date_write, cup_date_join(1, 1, 1), "0001-01-01");
    CHECK_WRITES(cup_date_write, cup_date_join(12345, 6, 7), "12345-06-07");
    CHECK_WRITES(cup_date_write, cup_date_join(CUP_YEAR_MAX, 12, 31),
                 "5874897-12-31");
    CHECK_WRITES(cup_date_write, CUPEL_INFINITY_FUTURE, "infinity");
    CHECK_WRITES(cup_date_write, CUPEL_INFINITY_PAST, "-infinity");
    CHECK_WRITES(cup_date_write, INT64_MIN + 1, "invalid");
}

TEST(dates_are_read)
{
    CHECK_INT(parsed(cup_date_parse, "1970-01-02"), 1);
    CHECK_INT(parsed(cup_date_parse, "0044-03-15 BC"),
              cup_date_join(-43, 3, 15));
    CHECK_INT(parsed(cup_date_parse, "0001-02-29 BC"), cup_date_join(0, 2, 29));
    CHECK_INT(parsed(cup_date_parse, "5874897-12-31"),
              cup_date_join(CUP_YEAR_MAX, 12, 31));
    CHECK(parsed(cup_date_parse, "infinity") == CUPEL_INFINITY_FUTURE);
    CHECK(parsed(cup_date_parse, "-infinity") == CUPEL_INFINITY_PAST);
}

TEST(what_is_no_date_is_refused)
{
    CHECK_REFUSED(cup_date_parse, "", "1970", "1970-01", "1970-1-01",
                  "1970-01-1", "1970-01-001", "970-01-01", "1970/01/01",
                  "1970-01-01 ", " 1970-01-01", "1970-02-29", "1970-13-01",
                  "1970-00-01", "1970-01-00", "0000-01-01", "0000-01-01 BC",
                  "-1970-01-01", "+1970-01-01", "1970-01-01 AD",
                  "1970-01-01 bc", "1970-01-01BC", "1970-01-01 BC ",
                  "1970-01-01 00:00:00", "5874898-01-01", "12345678-01-01",
                  "99999999999999999999-01-01", "Infinity", "infinity ",
                  "1970-01-0a", "1970-01-\xd9\xa1", "now", "0002-02-29 BC");
}

TEST(times_are_written_with_the_digits_they_need)
{
    CHECK_WRITES(cup_time_write, 0, "00:00:00");
    CHECK_WRITES(cup_time_write, 1, "00:00:00.000001");
    CHECK_WRITES(cup_time_write, 500000, "00:00:00.5");
    CHECK_WRITES(cup_time_write, CUP_DAY_US - 1, "23:59:59.999999");
    CHECK_WRITES(cup_time_write, CUP_DAY_US, "24:00:00");
    CHECK_WRITES(cup_time_write, CUP_DAY_US + 1, "invalid");
    CHECK_WRITES(cup_time_write, -1, "invalid");
}

TEST(times_are_read)
{
    CHECK_INT(parsed(cup_time_parse, "00:00"), 0);
    CHECK_INT(parsed(cup_time_parse, "12:34"), (12 * 60 + 34) * 60000000LL);
    CHECK_INT(parsed(cup_time_parse, "00:00:01.5"), 1500000);
    CHECK_INT(parsed(cup_time_parse, "00:00:00.000001"), 1);
    CHECK_INT(parsed(cup_time_parse, "00:00:00.1234569"), 123456);
    CHECK_INT(parsed(cup_time_parse, "24:00:00"), CUP_DAY_US);
}

TEST(what_is_no_time_is_refused)
{
    CHECK_REFUSED(cup_time_parse, "", "12", "12:", "12:3", "1:23", "12:345",
                  "12:34:", "12:34:5", "12:34:56.", "12:34:56,5", "12:34:60",
                  "12:60:00", "24:00:01", "24:00:00.000001", "25:00:00",
                  "123:00:00", "-01:00:00", "+01:00:00", "12:34:56 ",
                  "12:34:56Z", "12:34:56.1x", "infinity");
}

TEST(moments_are_written)
{
    int64_t noon = 12 * 3600 * CUP_SECOND_US;

    CHECK_WRITES(cup_datetime_write, 0, "1970-01-01 00:00:00");
    CHECK_WRITES(cup_datetime_write, -1, "1969-12-31 23:59:59.999999");
    CHECK_WRITES(cup_datetime_write,
                 cup_date_join(-43, 3, 15) * CUP_DAY_US + noon,
                 "0044-03-15 12:00:00 BC");
    CHECK_WRITES(cup_datetime_write, INT64_MAX - 1,
                 "294247-01-10 04:00:54.775806");
    CHECK_WRITES(cup_datetime_write, INT64_MIN + 1,
                 "290309-12-21 19:59:05.224193 BC");
    CHECK_WRITES(cup_datetime_write, CUPEL_INFINITY_FUTURE, "infinity");
    CHECK_WRITES(cup_datetimetz_write, noon, "1970-01-01 12:00:00+00:00");
    CHECK_WRITES(cup_datetimetz_write, cup_date_join(0, 1, 1) * CUP_DAY_US,
                 "0001-01-01 00:00:00+00:00 BC");
    CHECK_WRITES(cup_datetimetz_write, CUPEL_INFINITY_PAST, "-infinity");
}

TEST(moments_without_a_zone_are_read)
{
    parse_fn *parse = cup_datetime_parse;

    CHECK_INT(parsed(parse, "1970-01-01 00:00:00"), 0);
    CHECK_INT(parsed(parse, "1970-01-01T00:00:00.000002"), 2);
    CHECK_INT(parsed(parse, "1970-01-02"), CUP_DAY_US);
    CHECK_INT(parsed(parse, "1970-01-01 24:00:00"), CUP_DAY_US);
    CHECK_INT(parsed(parse, "0001-12-31 24:00 BC"),
              cup_date_join(1, 1, 1) * CUP_DAY_US);
    CHECK_INT(parsed(parse, "0044-03-15 BC"),
              cup_date_join(-43, 3, 15) * CUP_DAY_US);
    CHECK(parsed(parse, "294247-01-10 04:00:54.775806") == INT64_MAX - 1);
    CHECK(parsed(parse, "290309-12-21 19:59:05.224193 BC") == INT64_MIN + 1);
    CHECK(parsed(parse, "infinity") == INT64_MAX);
    CHECK(parsed(parse, "-infinity") == INT64_MIN);
}

TEST(what_is_no_moment_without_a_zone_is_refused)
{
    CHECK_REFUSED(cup_datetime_parse, "", "1970-01-01 ", "1970-01-01T",
                  "1970-01-01  00:00:00", "1970-01-01t00:00:00",
                  "1970-01-01 00:00:00Z", "1970-01-01 00:00:00+00",
                  "1970-01-01 00:00:00 BCE", "1970-01-01 BC 00:00:00",
                  "1970-02-30 00:00:00", "1970-01-01 24:00:01",
                  "294247-01-10 04:00:54.775807",
                  "290309-12-21 19:59:05.224192 BC", "294248-01-01 00:00:00",
                  "5874897-12-31 00:00:00", "290310-01-01 00:00:00 BC");
}

TEST(moments_with_a_zone_are_read)
{
    parse_fn *parse = cup_datetimetz_parse;
    int64_t hour = 3600 * CUP_SECOND_US;

    CHECK_INT(parsed(parse, "1970-01-01 00:00:00Z"), 0);
    CHECK_INT(parsed(parse, "1970-01-01T00:00z"), 0);
    CHECK_INT(parsed(parse, "1970-01-01 00:00:00+00"), 0);
    CHECK_INT(parsed(parse, "1970-01-01 00:00:00-02"), 2 * hour);
    CHECK_INT(parsed(parse, "1970-01-01 02:00:00+0200"), 0);
    CHECK_INT(parsed(parse, "1970-01-01 05:30:00.5+05:30"), 500000);
    CHECK_INT(parsed(parse, "1970-01-01 00:19:32+00:19:32"), 0);
    CHECK_INT(parsed(parse, "1970-01-01 00:00:00-15:59:59"),
              16 * hour - CUP_SECOND_US);
    CHECK_INT(parsed(parse, "0044-03-15 00:00:00+00 BC"),
              cup_date_join(-43, 3, 15) * CUP_DAY_US);
    CHECK(parsed(parse, "294247-01-10 19:00:54.775806+15") == INT64_MAX - 1);
    CHECK(parsed(parse, "290309-12-21 04:59:05.224193-15 BC") == INT64_MIN + 1);
    CHECK(parsed(parse, "infinity") == INT64_MAX);
}

TEST(what_is_no_moment_with_a_zone_is_refused)
{
    CHECK_REFUSED(cup_datetimetz_parse, "", "1970-01-01", "1970-01-01 00:00:00",
                  "1970-01-01Z", "1970-01-01 00:00:00 Z",
                  "1970-01-01 00:00:00+", "1970-01-01 00:00:00+1",
                  "1970-01-01 00:00:00+001",
                  "1970-01-01 00:00:00+00:", "1970-01-01 00:00:00+00:0",
                  "1970-01-01 00:00:00+00:00:", "1970-01-01 00:00:00+16",
                  "1970-01-01 00:00:00+00:60", "1970-01-01 00:00:00+00000",
                  "1970-01-01 00:00:00+00:00:60", "1970-01-01 00:00:00ZZ",
                  "1970-01-01 00:00:00 UTC", "1970-01-01 00:00:00Z BCE",
                  "294247-01-10 04:00:54.775806-00:01",
                  "290309-12-21 19:59:05.224193+00:01 BC");
}
