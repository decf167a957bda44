/* SPDX-License-Identifier: MIT */
/* The dialect's table, and every kind of value to the server and back, in both
 * forms that results come in. */
#include "postgresql.h"

#include <math.h>

TEST(the_table_is_complete)
{
    CHECK_STR(PG->name, "postgresql");
    CHECK_STR(PG->driver, "libpq");
    CHECK_INT(PG->struct_size, sizeof(cupel_dialect));
    CHECK_INT(PG->features,
              CUPEL_DIALECT_ASYNC | CUPEL_DIALECT_SERVER_SIDE_CURSORS);
    CHECK_INT(PG->paramstyle, CUPEL_PARAMSTYLE_NUMERIC_DOLLAR);
    CHECK_STR(PG->begin, "BEGIN");
    CHECK(PG->pool_limit == NULL);
    CHECK(PG->alive != NULL);
    CHECK_STR(PG->isolation_levels[0], "AUTOCOMMIT");
    CHECK(PG->begin_twophase == NULL); /* an ordinary one will do */
    CHECK(PG->is_private == NULL);
}

/* Send a value and have it back, unchanged. */
static void
check_round_trip(cupel_wire *wire, const cupel_value *value)
{
    cupel_rows *rows = pg_rows(wire, "select $1", value, 1);
    cupel_value back = pg_cell(rows, 0, 0);

    if (!cupel_value_equal(value, &back))
        print_error("sent %s", pg_text(value));
    CHECK_STR(pg_text(&back), pg_text(value));
    CHECK(cupel_value_equal(value, &back));
    pg_free(rows);
}

static void
check_all(cupel_wire *wire, const cupel_value *values, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        check_round_trip(wire, &values[i]);
}

#define CHECK_ALL(wire, values) \
    check_all(wire, values, sizeof(values) / sizeof *(values))

static void
check_plain_values(cupel_wire *wire)
{
    static const uint8_t uuid[16] = { 0xde, 0xad, 1, 2,  3,  4,  5,  6,
                                      7,    8,    9, 10, 11, 12, 13, 255 };
    const cupel_value values[] = {
        cupel_bool(true),
        cupel_bool(false),
        cupel_int(0),
        cupel_int(INT32_MAX),
        cupel_int(INT32_MIN),
        cupel_int((int64_t)INT32_MAX + 1),
        cupel_int(INT64_MAX),
        cupel_int(INT64_MIN),
        cupel_double(0.1),
        cupel_double(-0.0),
        cupel_double(1e308),
        cupel_double(5e-324),
        cupel_double((double)NAN),
        cupel_double((double)INFINITY),
        cupel_double(-(double)INFINITY),
        cupel_string(""),
        cupel_string("\xc3\xa4\xf0\x9f\x90\x98 'quoted' \\ \n"),
        cupel_blob("", 0),
        cupel_blob("\0\1\377\\", 4),
        cupel_interval_of(14, -3, 3723000001),
        cupel_interval_of(-14, 3, -1),
        cupel_interval_of(0, 0, 0),
        cupel_uuid(uuid),
        cupel_json("{\"a\": [1, null,  \"\xc3\xa4\"]}"),
    };

    CHECK_ALL(wire, values);
}

static void
check_decimals(cupel_wire *wire)
{
    const cupel_value values[] = {
        cupel_decimal("0"),
        cupel_decimal("0.00"),
        cupel_decimal("-12.50"),
        cupel_decimal("1"),
        cupel_decimal("9999"),
        cupel_decimal("10000"),
        cupel_decimal("0.0001"),
        cupel_decimal("0.00001"),
        cupel_decimal("123456789012345678901234567890.123456789"),
        cupel_decimal("100000000000000000000"),
        cupel_decimal("NaN"),
        cupel_decimal("Infinity"),
        cupel_decimal("-Infinity"),
    };

    CHECK_ALL(wire, values);
}

static void
check_dates_and_times(cupel_wire *wire)
{
    cupel_value past = cupel_date(2000, 1, 1);
    cupel_value future = past;
    cupel_value ever = cupel_datetime(CUPEL_INFINITY_FUTURE);

    past.as.integer = CUPEL_INFINITY_PAST;
    future.as.integer = CUPEL_INFINITY_FUTURE;
    {
        const cupel_value values[] = {
            cupel_date(1970, 1, 1),
            cupel_date(2024, 2, 29),
            cupel_date(-43, 3, 15), /* 44 BC */
            cupel_date(9999, 12, 31),
            past,
            future,
            cupel_time_of_day(0, 0, 0, 0),
            cupel_time_of_day(23, 59, 59, 999999),
            cupel_datetime(0),
            cupel_datetime(-1),
            cupel_datetime(INT64_C(946684800000000)),
            cupel_datetime(INT64_C(-63500000000000000)), /* BC */
            ever,
            cupel_datetime(CUPEL_INFINITY_PAST),
            cupel_datetimetz(0),
            cupel_datetimetz(1700000000123456),
            cupel_datetimetz(INT64_C(-63500000000000000)),
            cupel_datetimetz(CUPEL_INFINITY_FUTURE),
            cupel_datetimetz(CUPEL_INFINITY_PAST),
        };

        CHECK_ALL(wire, values);
    }
}

static void
check_arrays(cupel_wire *wire)
{
    const cupel_value ints[] = { cupel_int(1), cupel_null(), cupel_int(-3) };
    const cupel_value wide[] = { cupel_int(1), cupel_int(INT64_MAX) };
    const cupel_value texts[] = { cupel_string("a,b"), cupel_string(""),
                                  cupel_string("NULL"), cupel_null(),
                                  cupel_string("{\"\\ x") };
    const cupel_value bools[] = { cupel_bool(true), cupel_bool(false) };
    const cupel_value reals[] = { cupel_double(0.5), cupel_double(-1e9) };
    const cupel_value decimals[] = { cupel_decimal("1.50"),
                                     cupel_decimal("-0.001") };
    const cupel_value blobs[] = { cupel_blob("\0x", 2), cupel_blob("", 0) };
    const cupel_value dates[] = { cupel_date(2000, 2, 29), cupel_null() };
    const cupel_value times[] = { cupel_time_of_day(1, 2, 3, 4) };
    const cupel_value moments[] = { cupel_datetime(1), cupel_datetime(-1) };
    const cupel_value zoned[] = { cupel_datetimetz(5) };
    const cupel_value spans[] = { cupel_interval_of(1, 2, 3) };
    const cupel_value docs[] = { cupel_json("{\"a\": \"b\"}") };
    const cupel_value rows[] = {
        cupel_array_of(CUPEL_INT, ints, 3),
        cupel_array_of(CUPEL_INT, ints, 3),
    };
    const cupel_value arrays[] = {
        cupel_array_of(CUPEL_INT, ints, 3),
        cupel_array_of(CUPEL_INT, ints, 0),
        cupel_array_of(CUPEL_INT, wide, 2),
        cupel_array_of(CUPEL_TEXT, texts, 5),
        cupel_array_of(CUPEL_BOOL, bools, 2),
        cupel_array_of(CUPEL_DOUBLE, reals, 2),
        cupel_array_of(CUPEL_DECIMAL, decimals, 2),
        cupel_array_of(CUPEL_BYTES, blobs, 2),
        cupel_array_of(CUPEL_DATE, dates, 2),
        cupel_array_of(CUPEL_TIME, times, 1),
        cupel_array_of(CUPEL_DATETIME, moments, 2),
        cupel_array_of(CUPEL_DATETIMETZ, zoned, 1),
        cupel_array_of(CUPEL_INTERVAL, spans, 1),
        cupel_array_of(CUPEL_JSON, docs, 1),
        cupel_array_of(CUPEL_INT, rows, 2),
    };

    CHECK_ALL(wire, arrays);
}

TASK_TEST(every_value_survives_the_binary_form)
{
    cupel_wire *wire = pg_wire();

    check_plain_values(wire);
    check_decimals(wire);
    check_dates_and_times(wire);
    check_arrays(wire);
    PG->close(wire, PG_SOON);
}

TASK_TEST(every_value_survives_the_text_form)
{
    cupel_wire *wire = pg_wire_with("&pooler=transaction");

    check_plain_values(wire);
    check_decimals(wire);
    check_dates_and_times(wire);
    check_arrays(wire);
    PG->close(wire, PG_SOON);
}

TASK_TEST(null_is_null_of_any_type)
{
    cupel_wire *wire = pg_wire();
    const cupel_value null = cupel_null();
    cupel_rows *rows = pg_rows(wire, "select $1::int, $1::text", &null, 1);

    CHECK_INT(pg_cell(rows, 0, 0).type, CUPEL_NULL);
    CHECK_INT(pg_cell(rows, 0, 1).type, CUPEL_NULL);
    pg_free(rows);
    PG->close(wire, PG_SOON);
}

TASK_TEST(an_array_of_nulls_becomes_what_the_server_wants)
{
    cupel_wire *wire = pg_wire();
    const cupel_value nulls[] = { cupel_null(), cupel_null() };
    const cupel_value array = cupel_array_of(CUPEL_NULL, nulls, 2);
    cupel_rows *rows = pg_rows(wire, "select $1::int[]", &array, 1);
    cupel_value value = pg_cell(rows, 0, 0);

    CHECK_INT(value.as.array.count, 2);
    CHECK_INT(value.element, CUPEL_INT);
    pg_free(rows);
    PG->close(wire, PG_SOON);
}

/* Types of results that no parameter is sent as. */
static void
check_other_types(cupel_wire *wire)
{
    cupel_rows *rows;
    cupel_value value;

    rows = pg_rows(wire,
                   "select 7::int2, 4000000000::oid, 1.5::float4, 'n'::name, "
                   "'c'::\"char\", 'ab'::char(4), 'v'::varchar, "
                   "'{\"k\":1}'::jsonb, 'u'::unknown, '12'::xid, "
                   "'24:00'::time, array['x'::varchar], array[2::int2]",
                   NULL, 0);
    CHECK_INT(pg_cell(rows, 0, 0).as.integer, 7);
    CHECK_INT(pg_cell(rows, 0, 1).as.integer, 4000000000);
    value = pg_cell(rows, 0, 2);
    CHECK_STR(pg_text(&value), "1.5");
    value = pg_cell(rows, 0, 3);
    CHECK_STR(pg_text(&value), "n");
    value = pg_cell(rows, 0, 4);
    CHECK_STR(pg_text(&value), "c");
    value = pg_cell(rows, 0, 5);
    CHECK_STR(pg_text(&value), "ab  ");
    value = pg_cell(rows, 0, 6);
    CHECK_STR(pg_text(&value), "v");
    value = pg_cell(rows, 0, 7);
    CHECK_INT(value.type, CUPEL_JSON);
    CHECK_STR(pg_text(&value), "{\"k\": 1}");
    value = pg_cell(rows, 0, 8);
    CHECK_STR(pg_text(&value), "u");
    CHECK_INT(pg_cell(rows, 0, 9).as.integer, 12);
    CHECK_INT(pg_cell(rows, 0, 10).as.integer, INT64_C(86400000000));
    value = pg_cell(rows, 0, 11);
    CHECK_INT(value.element, CUPEL_TEXT);
    value = pg_cell(rows, 0, 12);
    CHECK_INT(value.as.array.items[0].as.integer, 2);
    pg_free(rows);
}

TASK_TEST(the_usual_types_are_read)
{
    cupel_wire *wire = pg_wire();

    check_other_types(wire);
    PG->close(wire, PG_SOON);
    wire = pg_wire_with("&pooler=transaction");
    check_other_types(wire);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_function_of_nothing_gives_an_empty_text)
{
    cupel_wire *wire = pg_wire();
    cupel_rows *rows = pg_rows(wire, "select pg_sleep(0)", NULL, 0);
    cupel_value value = pg_cell(rows, 0, 0);

    CHECK_INT(value.type, CUPEL_TEXT);
    CHECK_INT(value.as.bytes.len, 0);
    pg_free(rows);
    PG->close(wire, PG_SOON);
}
