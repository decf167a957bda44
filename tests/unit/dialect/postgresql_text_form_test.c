/* SPDX-License-Identifier: MIT */
/* The text form of plain types. */
#include "support/test.h"

#include "dialect/postgresql/types.h"

static cupel_status
read_text(struct cup_arena *arena, uint32_t oid, const char *text,
          cupel_value *out)
{
    const struct cup_pg_type *type = cup_pg_type_find(oid);

    memset(out, 0, sizeof *out);
    return type->read_text(type, text, strlen(text), arena, out);
}

/* Read it, and write it as cupel_value_format() does. */
static void
check_reads(uint32_t oid, const char *text, cupel_type type,
            const char *expected)
{
    struct cup_arena arena = { 0 };
    cupel_value value;
    char buf[128];

    CHECK_OK(read_text(&arena, oid, text, &value));
    CHECK_INT(value.type, type);
    cupel_value_format(&value, buf, sizeof buf);
    CHECK_STR(buf, expected);
    cup_arena_fini(&arena);
}

TEST(every_plain_type_is_read)
{
    check_reads(16, "t", CUPEL_BOOL, "true");
    check_reads(16, "f", CUPEL_BOOL, "false");
    check_reads(20, "-9223372036854775808", CUPEL_INT, "-9223372036854775808");
    check_reads(701, "1e+300", CUPEL_DOUBLE, "1e+300");
    check_reads(701, "-Infinity", CUPEL_DOUBLE, "-Infinity");
    check_reads(1700, "12.50", CUPEL_DECIMAL, "12.50");
    check_reads(25, "text", CUPEL_TEXT, "text");
    check_reads(114, "{}", CUPEL_JSON, "{}");
    check_reads(1083, "23:59:59.5", CUPEL_TIME, "23:59:59.5");
    check_reads(2950, "00112233-4455-6677-8899-aabbccddeeff", CUPEL_UUID,
                "00112233-4455-6677-8899-aabbccddeeff");
}

TEST(dates_before_christ_and_without_end)
{
    check_reads(1082, "0044-03-15 BC", CUPEL_DATE, "0044-03-15 BC");
    check_reads(1082, "-infinity", CUPEL_DATE, "-infinity");
    check_reads(1114, "2024-02-29 12:00:00.000001", CUPEL_DATETIME,
                "2024-02-29 12:00:00.000001");
    check_reads(1114, "infinity", CUPEL_DATETIME, "infinity");
    check_reads(1184, "2024-02-29 12:00:00+05:30", CUPEL_DATETIMETZ,
                "2024-02-29 06:30:00+00:00");
    check_reads(1184, "0044-03-15 12:00:00+00 BC", CUPEL_DATETIMETZ,
                "0044-03-15 12:00:00+00:00 BC");
}

TEST(intervals_in_the_styles_that_servers_have)
{
    check_reads(1186, "1 year 2 mons -3 days 04:05:06.789", CUPEL_INTERVAL,
                "P1Y2M-3DT4H5M6.789S");
    check_reads(1186, "-00:00:01", CUPEL_INTERVAL, "PT-1S");
    check_reads(1186, "P1DT2H", CUPEL_INTERVAL, "P1DT2H");
    check_reads(1186, "00:00:00", CUPEL_INTERVAL, "PT0S");
}

TEST(bytes_in_both_forms)
{
    check_reads(17, "\\x00ff", CUPEL_BYTES, "00ff");
    check_reads(17, "\\x", CUPEL_BYTES, "");
    check_reads(17, "", CUPEL_BYTES, "");
    check_reads(17, "a\\000\\\\\\377", CUPEL_BYTES, "61005cff");
}

TEST(what_is_malformed_is_refused)
{
    static const struct {
        uint32_t oid;
        const char *text;
    } cases[] = {
        { 16, "x" },      { 23, "1x" },   { 23, "" },      { 701, "one" },
        { 1082, "soon" }, { 1083, "25" }, { 1114, "now" }, { 1184, "2024" },
        { 1186, "long" }, { 2950, "x" },  { 17, "\\x0" },  { 17, "\\xzz" },
        { 17, "\\" },     { 17, "\\12" }, { 17, "\\999" }, { 17, "\\777" },
    };
    struct cup_arena arena = { 0 };
    cupel_value value;
    size_t i;

    for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_FAILS(read_text(&arena, cases[i].oid, cases[i].text, &value),
                    CUPEL_E_DATA);
    cup_arena_fini(&arena);
}
