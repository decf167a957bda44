/* SPDX-License-Identifier: MIT */
/* Intervals in text. */
#include "sql/value_interval.h"

#include "support/test.h"

#define HOUR_US INT64_C(3600000000)

struct sample {
    const char *text;
    int32_t months, days;
    int64_t microseconds;
};

static void
check_parses(const struct sample *sample)
{
    cupel_interval interval;

    if (!cup_interval_parse(sample->text, strlen(sample->text), &interval)) {
        print_error("does not parse: %s\n", sample->text);
        CHECK(false);
    }
    CHECK_INT(interval.months, sample->months);
    CHECK_INT(interval.days, sample->days);
    CHECK_INT(interval.microseconds, sample->microseconds);
}

static void
check_writes(const struct sample *sample)
{
    cupel_interval interval = { sample->microseconds, sample->days,
                                sample->months };
    struct cup_writer writer;
    char text[96];

    cup_writer_init(&writer, text, sizeof text);
    cup_interval_write(&writer, &interval);
    cup_writer_end(&writer);
    CHECK_STR(text, sample->text);
}

/* As PostgreSQL's iso_8601 style has them. */
static const struct sample written[] = {
    { "PT0S", 0, 0, 0 },
    { "P1Y2M3DT4H5M6.789S", 14, 3, 4 * HOUR_US + 306789000 },
    { "P-1Y-2M-3DT-4H-5M-6.789S", -14, -3, -4 * HOUR_US - 306789000 },
    { "P1M-1D", 1, -1, 0 },
    { "P12Y", 144, 0, 0 },
    { "PT-0.000001S", 0, 0, -1 },
    { "PT59.5S", 0, 0, 59500000 },
    { "PT1M", 0, 0, 60000000 },
    { "P1DT24H", 0, 1, 24 * HOUR_US },
    { "P178956970Y7M2147483647DT2562047788H54.775807S", INT32_MAX, INT32_MAX,
      INT64_MAX },
    { "P-178956970Y-8M-2147483648DT-2562047788H-54.775808S", INT32_MIN,
      INT32_MIN, INT64_MIN },
};

TEST(intervals_are_written_in_iso_8601_and_read_back)
{
    size_t i;

    for (i = 0; i < sizeof written / sizeof written[0]; i++) {
        check_writes(&written[i]);
        check_parses(&written[i]);
    }
}

TEST(other_iso_8601_durations_are_read)
{
    static const struct sample samples[] = {
        { "P0D", 0, 0, 0 },
        { "P2W", 0, 14, 0 },
        { "P1Y1W1D", 12, 8, 0 },
        { "PT36H", 0, 0, 36 * HOUR_US },
        { "PT1.5H", 0, 0, HOUR_US + HOUR_US / 2 },
        { "PT0.5M", 0, 0, 30000000 },
        { "PT-1.25S", 0, 0, -1250000 },
        { "PT0.000000999S", 0, 0, 0 },
        { "PT1.0000009S", 0, 0, 1000000 },
        { "+P+1D", 0, 1, 0 },
        { "-P1Y-1DT1S", -12, 1, -1000000 },
        { "P0001Y", 12, 0, 0 },
        { "-PT2562047788H54.775808S", 0, 0, INT64_MIN },
        { "-P178956970Y8M", INT32_MIN, 0, 0 },
        { "P178956971Y-5M", INT32_MAX, 0, 0 },
    };
    size_t i;

    for (i = 0; i < sizeof samples / sizeof samples[0]; i++)
        check_parses(&samples[i]);
}

TEST(the_postgres_style_is_read)
{
    static const struct sample samples[] = {
        { "00:00:00", 0, 0, 0 },
        { "1 year 2 mons -3 days 04:05:06.789", 14, -3,
          4 * HOUR_US + 306789000 },
        { "-1 years -2 mons +3 days -04:05:06.789", -14, 3,
          -4 * HOUR_US - 306789000 },
        { "1 day", 0, 1, 0 },
        { "-1 days +00:00:00.5", 0, -1, 500000 },
        { "1 mon", 1, 0, 0 },
        { "2 years", 24, 0, 0 },
        { "100:30", 0, 0, 100 * HOUR_US + HOUR_US / 2 },
        { "2562047788:00:54.775807", 0, 0, INT64_MAX },
        { "-2562047788:00:54.775808", 0, 0, INT64_MIN },
        { "-2147483648 days", 0, INT32_MIN, 0 },
        { "-178956970 years -8 mons", INT32_MIN, 0, 0 },
    };
    size_t i;

    for (i = 0; i < sizeof samples / sizeof samples[0]; i++)
        check_parses(&samples[i]);
}

static const char *const refused[] = {
    "",
    "P",
    "PT",
    "P1YT",
    "P1",
    "P1Y2",
    "P1D1Y",
    "P1Y1Y",
    "P1H",
    "PT1D",
    "PT1S1M",
    "P1YT1S2",
    "PTT1S",
    "P1.5Y",
    "P1.5D",
    "P.5D",
    "PT.5S",
    "PT1.S",
    "P--1D",
    "--P1D",
    "P 1D",
    "p1d",
    "P1D ",
    "P1y",
    "PT2562047788H54.775808S",
    "PT9223372036855S",
    "PT99999999999999999999S",
    "PT18446744073709551615H",
    "P178956970Y8M",
    "P2147483648D",
    "-P2147483649D",
    "P99999999999W",
    "1",
    "1 ",
    "1 yea",
    "1 yearss",
    "1year",
    "1 year ",
    "1 year  1 day",
    "1 day 1 year",
    "1 day 1 day",
    "1.5 days",
    "1 week",
    "1 year,1 day",
    "04:05:06 1 day",
    "4:05:06",
    "04:60:00",
    "04:05:60",
    "04:05:06.",
    "--04:05:06",
    "04",
    "2562047788:00:54.775808",
    "-2562047788:00:54.775809",
    "9999999999:00:00",
    "99999999999:00:00",
    "2147483648 days",
    "infinity",
};

TEST(what_is_no_interval_is_refused)
{
    size_t i;

    for (i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        cupel_interval interval;

        if (cup_interval_parse(refused[i], strlen(refused[i]), &interval)) {
            print_error("parses: %s\n", refused[i]);
            CHECK(false);
        }
    }
}
