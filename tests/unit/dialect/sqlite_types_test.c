/* SPDX-License-Identifier: MIT */
#include "dialect/sqlite/types.h"

#include "support/test.h"

#include <math.h>
#include <stdio.h>

static struct cup_sqlite_batch in, out;

static void
free_batches(void)
{
    cup_sqlite_batch_fini(&in);
    cup_sqlite_batch_fini(&out);
}

static cupel_status
copy(const cupel_value *values, size_t count, size_t sets)
{
    cupel_request request = { .values = values,
                              .value_count = count,
                              .set_count = sets };

    return cup_sqlite_values_copy(&request, &in);
}

/* What sqlite says of a value: its type and its text. */
static const char *
stored(cupel_value value)
{
    static char text[256];
    sqlite3_stmt *stmt;
    sqlite3 *db;

    CHECK_OK(copy(&value, 1, 1));
    CHECK_INT(sqlite3_open(":memory:", &db), SQLITE_OK);
    CHECK_INT(sqlite3_prepare_v2(db,
                                 "SELECT typeof(v) || ' ' || CASE typeof(v) "
                                 "WHEN 'blob' THEN hex(v) WHEN 'null' THEN '' "
                                 "ELSE v END FROM (SELECT ?1 AS v)",
                                 -1, &stmt, NULL),
              SQLITE_OK);
    CHECK_INT(cup_sqlite_bind(stmt, &in, 0, 1, false), SQLITE_OK);
    CHECK_INT(sqlite3_step(stmt), SQLITE_ROW);
    snprintf(text, sizeof text, "%s",
             (const char *)sqlite3_column_text(stmt, 0));
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    free_batches();
    return text;
}

static void
check_refused(cupel_value value, cupel_status status)
{
    CHECK_FAILS(copy(&value, 1, 1), status);
    free_batches();
}

/* The one cell of a query. */
static cupel_status
fetched(const char *sql, cupel_value *value)
{
    sqlite3_stmt *stmt;
    sqlite3 *db;

    cup_sqlite_batch_clear(&out);
    CHECK_INT(sqlite3_open(":memory:", &db), SQLITE_OK);
    CHECK_INT(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    CHECK_INT(sqlite3_step(stmt), SQLITE_ROW);
    CHECK(cup_sqlite_row_copy(stmt, 1, &out));
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return cup_sqlite_cell_value(&out, &out.cells[0], value);
}

static void
check_fetched(const char *sql, cupel_value expected)
{
    cupel_value value;

    CHECK_OK(fetched(sql, &value));
    CHECK(cupel_value_equal(&value, &expected));
    free_batches();
}

/* ---- In ----------------------------------------------------------------- */

TEST(null_is_null)
{
    CHECK_STR(stored(cupel_null()), "null ");
}

TEST(truth_is_0_and_1)
{
    CHECK_STR(stored(cupel_bool(true)), "integer 1");
    CHECK_STR(stored(cupel_bool(false)), "integer 0");
}

TEST(integers_keep_their_64_bits)
{
    CHECK_STR(stored(cupel_int(INT64_MIN)), "integer -9223372036854775808");
    CHECK_STR(stored(cupel_int(INT64_MAX)), "integer 9223372036854775807");
}

TEST(doubles_are_reals)
{
    CHECK_STR(stored(cupel_double(-1.5)), "real -1.5");
    CHECK_STR(stored(cupel_double((double)INFINITY)), "real Inf");
}

TEST(nan_is_refused_rather_than_lost)
{
    check_refused(cupel_double((double)NAN), CUPEL_E_DATA);
}

TEST(decimals_are_their_digits)
{
    CHECK_STR(stored(cupel_decimal("12345678901234567890.10")),
              "text 12345678901234567890.10");
}

TEST(text_and_json_are_text)
{
    CHECK_STR(stored(cupel_string("grüß dich")), "text grüß dich");
    CHECK_STR(stored(cupel_json("{\"a\": [1]}")), "text {\"a\": [1]}");
}

TEST(empty_text_is_not_null)
{
    CHECK_STR(stored(cupel_string("")), "text ");
    CHECK_STR(stored(cupel_blob("", 0)), "blob ");
    CHECK_STR(stored(cupel_blob(NULL, 0)), "blob ");
}

TEST(bytes_are_a_blob)
{
    CHECK_STR(stored(cupel_blob("\0\xff", 2)), "blob 00FF");
}

TEST(dates_are_text)
{
    CHECK_STR(stored(cupel_date(2024, 2, 29)), "text 2024-02-29");
    CHECK_STR(stored(cupel_date(33, 4, 3)), "text 0033-04-03");
    CHECK_STR(stored(cupel_date(9999, 12, 31)), "text 9999-12-31");
}

TEST(times_are_text_with_microseconds)
{
    CHECK_STR(stored(cupel_time_of_day(23, 59, 59, 1)), "text 23:59:59.000001");
    CHECK_STR(stored(cupel_time_of_day(0, 0, 0, 0)), "text 00:00:00.000000");
}

TEST(datetimes_are_text_with_microseconds)
{
    CHECK_STR(stored(cupel_datetime(0)), "text 1970-01-01 00:00:00.000000");
    CHECK_STR(stored(cupel_datetime(-1)), "text 1969-12-31 23:59:59.999999");
    CHECK_STR(stored(cupel_datetime(INT64_C(1709251199500000))),
              "text 2024-02-29 23:59:59.500000");
}

TEST(moments_are_in_utc_and_say_so)
{
    CHECK_STR(stored(cupel_datetimetz(0)),
              "text 1970-01-01 00:00:00.000000+00:00");
}

TEST(sqlite_understands_the_text_of_moments)
{
    cupel_value value = cupel_datetimetz(INT64_C(1709251199000000));
    sqlite3_stmt *stmt;
    sqlite3 *db;

    CHECK_OK(copy(&value, 1, 1));
    CHECK_INT(sqlite3_open(":memory:", &db), SQLITE_OK);
    CHECK_INT(sqlite3_prepare_v2(db, "SELECT unixepoch(?)", -1, &stmt, NULL),
              SQLITE_OK);
    CHECK_INT(cup_sqlite_bind(stmt, &in, 0, 1, true), SQLITE_OK);
    CHECK_INT(sqlite3_step(stmt), SQLITE_ROW);
    CHECK_INT(sqlite3_column_int64(stmt, 0), 1709251199);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    free_batches();
}

TEST(dates_that_sqlite_cannot_sort_are_refused)
{
    cupel_value value = cupel_date(2024, 1, 1);

    check_refused(cupel_date(10000, 1, 1), CUPEL_E_DATA);
    check_refused(cupel_date(-1, 1, 1), CUPEL_E_DATA);
    check_refused(cupel_datetime(CUPEL_INFINITY_FUTURE), CUPEL_E_DATA);
    check_refused(cupel_datetimetz(CUPEL_INFINITY_PAST), CUPEL_E_DATA);
    value.as.integer = CUPEL_INFINITY_FUTURE;
    check_refused(value, CUPEL_E_DATA);
}

TEST(spans_are_iso_durations)
{
    CHECK_STR(stored(cupel_interval_of(14, -3, 1500000)), "text P1Y2M-3DT1.5S");
}

TEST(uuids_are_32_digits)
{
    static const uint8_t bytes[16] = { 0x01, 0xab, [15] = 0xff };

    CHECK_STR(stored(cupel_uuid(bytes)),
              "text 01ab00000000000000000000000000ff");
}

TEST(arrays_are_not_supported)
{
    cupel_value item = cupel_int(1);

    check_refused(cupel_array_of(CUPEL_INT, &item, 1), CUPEL_E_NOTSUPPORTED);
}

TEST(what_the_check_finds_is_passed_on)
{
    cupel_value broken = cupel_string("\xff");

    check_refused(broken, CUPEL_E_VALUE);
    broken.type = 99;
    check_refused(broken, CUPEL_E_TYPE);
}

TEST(sets_lie_one_after_the_other)
{
    const cupel_value values[] = { cupel_int(1), cupel_string("one"),
                                   cupel_int(2), cupel_string("two") };
    sqlite3_stmt *stmt;
    sqlite3 *db;

    CHECK_OK(copy(values, 2, 2));
    CHECK_INT(sqlite3_open(":memory:", &db), SQLITE_OK);
    CHECK_INT(sqlite3_prepare_v2(db, "SELECT ? || ?", -1, &stmt, NULL),
              SQLITE_OK);
    CHECK_INT(cup_sqlite_bind(stmt, &in, 2, 2, false), SQLITE_OK);
    CHECK_INT(sqlite3_step(stmt), SQLITE_ROW);
    CHECK_STR((const char *)sqlite3_column_text(stmt, 0), "2two");
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    free_batches();
}

/* ---- Out ---------------------------------------------------------------- */

TEST(each_kind_of_sqlite_comes_out_as_itself)
{
    check_fetched("SELECT NULL", cupel_null());
    check_fetched("SELECT -9223372036854775808", cupel_int(INT64_MIN));
    check_fetched("SELECT 0.1", cupel_double(0.1));
    check_fetched("SELECT 'grüß dich'", cupel_string("grüß dich"));
    check_fetched("SELECT x'00ff'", cupel_blob("\0\xff", 2));
    check_fetched("SELECT ''", cupel_string(""));
    check_fetched("SELECT x''", cupel_blob("", 0));
}

TEST(a_nul_inside_text_does_not_end_it)
{
    check_fetched("SELECT 'a' || char(0) || 'b'", cupel_string_n("a\0b", 3));
}

TEST(text_that_is_not_utf8_is_an_error_of_its_cell)
{
    cupel_value value;

    CHECK_FAILS(fetched("SELECT CAST(x'61ff62' AS TEXT)", &value),
                CUPEL_E_DATA);
    free_batches();
}

TEST(declared_types_map_where_they_can)
{
    CHECK_INT(cup_sqlite_declared_type("BOOLEAN"), CUPEL_BOOL);
    CHECK_INT(cup_sqlite_declared_type("integer"), CUPEL_INT);
    CHECK_INT(cup_sqlite_declared_type("BIGINT"), CUPEL_INT);
    CHECK_INT(cup_sqlite_declared_type("INTERVAL"), CUPEL_INTERVAL);
    CHECK_INT(cup_sqlite_declared_type("VARCHAR(20)"), CUPEL_TEXT);
    CHECK_INT(cup_sqlite_declared_type("Text"), CUPEL_TEXT);
    CHECK_INT(cup_sqlite_declared_type("BLOB"), CUPEL_BYTES);
    CHECK_INT(cup_sqlite_declared_type("DOUBLE PRECISION"), CUPEL_DOUBLE);
    CHECK_INT(cup_sqlite_declared_type("NUMERIC(10,2)"), CUPEL_DECIMAL);
    CHECK_INT(cup_sqlite_declared_type("DATETIME"), CUPEL_DATETIME);
    CHECK_INT(cup_sqlite_declared_type("TIMESTAMP"), CUPEL_DATETIME);
    CHECK_INT(cup_sqlite_declared_type("DATE"), CUPEL_DATE);
    CHECK_INT(cup_sqlite_declared_type("TIME"), CUPEL_TIME);
    CHECK_INT(cup_sqlite_declared_type("JSON"), CUPEL_JSON);
    CHECK_INT(cup_sqlite_declared_type("UUID"), CUPEL_UUID);
    CHECK_INT(cup_sqlite_declared_type("THING"), CUPEL_NULL);
    CHECK_INT(cup_sqlite_declared_type(NULL), CUPEL_NULL);
}
