/* SPDX-License-Identifier: MIT */
/* Values of every kind go in and come out equal, where the database has the
 * type; where it stores another form, the converted value is equal. */
#include "suite/suite.h"

#include <stdio.h>

/* One value, and the cast that tells PostgreSQL what it is. */
struct sample {
    cupel_value value;
    const char *cast;
    bool needs_type; /* SQLite stores something else: read it converted */
};

static bool
is_sqlite(const struct suite *suite)
{
    return strncmp(suite->url, "sqlite", 6) == 0;
}

/* Send it and read it back. Yields. */
static cupel_status
round_trip(struct suite *suite, cupel_connection *conn,
           const struct sample *sample)
{
    const cupel_param param = { "v", sample->value };
    const cupel_params params = { &param, 1, 1 };
    cupel_result *result;
    const cupel_row *row;
    cupel_value back;
    cupel_status rc;
    char sql[80];

    snprintf(sql, sizeof sql, "SELECT CAST(:v AS %s)", sample->cast);
    if (is_sqlite(suite))
        snprintf(sql, sizeof sql, "SELECT :v");
    rc =
        cupel_connection_execute(conn, CUPEL_TEXT(sql), &params, NULL, &result);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_result_one(result, &row);
    if (rc == CUPEL_OK && is_sqlite(suite))
        rc = cupel_row_get_as(row, 0, (cupel_type)sample->value.type, &back);
    else if (rc == CUPEL_OK)
        rc = cupel_row_get(row, 0, &back);
    if (rc == CUPEL_OK && !cupel_value_equal(&back, &sample->value)) {
        char in[128], out[128];

        cupel_value_format(&sample->value, in, sizeof in);
        cupel_value_format(&back, out, sizeof out);
        fail_msg("%s %s came back as %s %s", sample->cast, in,
                 cupel_type_name((cupel_type)back.type), out);
    }
    cupel_result_free(result);
    return rc;
}

/* Yields. */
static cupel_status
round_trips(struct suite *suite, const struct sample *samples, size_t count)
{
    cupel_connection *conn;
    cupel_status rc;
    size_t i;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    for (i = 0; i < count && rc == CUPEL_OK; i++)
        rc = round_trip(suite, conn, &samples[i]);
    return cupel_connection_exit(conn, rc);
}

#define ROUND_TRIPS(samples) \
    round_trips(suite, (samples), sizeof(samples) / sizeof((samples)[0]))

SCENARIO(plain_values_come_back_equal, 0)
{
    const struct sample samples[] = {
        { cupel_null(), "INTEGER", false },
        { cupel_int(0), "BIGINT", false },
        { cupel_int(-1), "BIGINT", false },
        { cupel_int(INT64_MAX), "BIGINT", false },
        { cupel_int(INT64_MIN), "BIGINT", false },
        { cupel_double(0.1), "DOUBLE PRECISION", false },
        { cupel_double(-1e300), "DOUBLE PRECISION", false },
        { cupel_string(""), "TEXT", false },
        { cupel_string("Grüße, 世界"), "TEXT", false },
        { cupel_string("it's :not a ? $1 parameter"), "TEXT", false },
        { cupel_blob("", 0), "BYTEA", false },
        { cupel_blob("\0\1\377'", 4), "BYTEA", false },
    };

    return ROUND_TRIPS(samples);
}

SCENARIO(typed_values_come_back_equal, 0)
{
    static const uint8_t uuid[16] = { 0x12, 0x3e, 0x45, 0x67, 0xe8, 0x9b,
                                      0x12, 0xd3, 0xa4, 0x56, 0x42, 0x66,
                                      0x14, 0x17, 0x40, 0 };
    const struct sample samples[] = {
        { cupel_bool(true), "BOOLEAN", true },
        { cupel_bool(false), "BOOLEAN", true },
        { cupel_decimal("0"), "NUMERIC", true },
        { cupel_decimal("-12345678901234567890.0123456789"), "NUMERIC", true },
        { cupel_decimal("0.000001"), "NUMERIC", true },
        { cupel_date(2026, 11, 22), "DATE", true },
        { cupel_date(1, 1, 1), "DATE", true },
        { cupel_time_of_day(23, 59, 59, 999999), "TIME", true },
        { cupel_datetime(INT64_C(1795363200123456)), "TIMESTAMP", true },
        { cupel_datetime(-1), "TIMESTAMP", true },
        { cupel_datetimetz(INT64_C(1795363200123456)),
          "TIMESTAMP WITH TIME ZONE", true },
        { cupel_interval_of(14, -3, 5000001), "INTERVAL", true },
        { cupel_uuid(uuid), "UUID", true },
        { cupel_json("{\"a\": [1, 2,  null]}"), "JSON", true },
    };

    return ROUND_TRIPS(samples);
}

SCENARIO(arrays_come_back_equal, 0)
{
    const cupel_value numbers[] = { cupel_int(1), cupel_null(),
                                    cupel_int(INT64_MAX) };
    const cupel_value texts[] = { cupel_string("a,b"), cupel_string("\"\\{}"),
                                  cupel_string(""), cupel_string("NULL") };
    const cupel_value rows[] = { cupel_array_of(CUPEL_INT, numbers, 3),
                                 cupel_array_of(CUPEL_INT, numbers, 3) };
    const struct sample samples[] = {
        { cupel_array_of(CUPEL_INT, numbers, 3), "BIGINT[]", false },
        { cupel_array_of(CUPEL_TEXT, texts, 4), "TEXT[]", false },
        { cupel_array_of(CUPEL_INT, rows, 2), "BIGINT[]", false },
        { cupel_array_of(CUPEL_TEXT, NULL, 0), "TEXT[]", false },
    };
    cupel_connection *conn;
    cupel_status rc;

    if (!is_sqlite(suite))
        return ROUND_TRIPS(samples);
    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    EXPECT(rc, round_trip(suite, conn, &samples[0]), CUPEL_E_NOTSUPPORTED);
    return cupel_connection_exit(conn, rc);
}
