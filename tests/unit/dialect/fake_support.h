/* SPDX-License-Identifier: MIT */
/* Talking to the fake database in one line, results as text: columns divided by
 * commas, rows by semicolons. */
#ifndef TESTS_UNIT_DIALECT_FAKE_SUPPORT_H
#define TESTS_UNIT_DIALECT_FAKE_SUPPORT_H

#include "dialect/fake/fake.h"
#include "support/test.h"

#include <stdio.h>

static const cupel_dialect *const fake = &cup_fake_dialect;

static inline cupel_wire *
fake_open(const char *address)
{
    cupel_url *url;
    cupel_wire *wire;

    CHECK_OK(cupel_url_parse(address, &url));
    CHECK_OK(fake->connect(url, CUPEL_FOREVER, &wire));
    cupel_url_free(url);
    return wire;
}

/* One statement with values; the rows, if `out` wants them. */
static inline cupel_status
fake_execute(cupel_wire *wire, const char *sql, const cupel_value *values,
             size_t count, cupel_rows **out)
{
    cupel_request request = { .sql = sql,
                              .sql_len = strlen(sql),
                              .values = values,
                              .value_count = count,
                              .set_count = 1 };
    cupel_rows *rows;
    cupel_status rc;

    rc = fake->execute(wire, &request, CUPEL_FOREVER, &rows);
    if (rc == CUPEL_OK && out == NULL)
        rows->ops->free(rows);
    if (out != NULL)
        *out = rows;
    return rc;
}

static inline cupel_status
fake_run(cupel_wire *wire, const char *sql)
{
    return fake_execute(wire, sql, NULL, 0, NULL);
}

static inline void
fake_append(char *text, size_t size, const char *more)
{
    size_t len = strlen(text);

    snprintf(text + len, size - len, "%s", more);
}

/* The batch as text, in static memory. */
static inline const char *
fake_text(cupel_rows *rows)
{
    static char text[4096];
    char cell[512];
    cupel_value value;

    text[0] = '\0';
    for (size_t row = 0; row < rows->row_count; row++) {
        for (size_t column = 0; column < rows->column_count; column++) {
            CHECK_OK(rows->ops->cell(rows, row, column, &value));
            cupel_value_format(&value, cell, sizeof cell);
            if (column > 0)
                fake_append(text, sizeof text, ",");
            else if (row > 0)
                fake_append(text, sizeof text, ";");
            fake_append(text, sizeof text, cell);
        }
    }
    return text;
}

/* What a query without values gives. */
static inline const char *
fake_ask(cupel_wire *wire, const char *sql)
{
    cupel_rows *rows;
    const char *text;

    CHECK_OK(fake_execute(wire, sql, NULL, 0, &rows));
    text = fake_text(rows);
    rows->ops->free(rows);
    return text;
}

/* The same with values. */
static inline const char *
fake_ask_with(cupel_wire *wire, const char *sql, const cupel_value *values,
              size_t count)
{
    cupel_rows *rows;
    const char *text;

    CHECK_OK(fake_execute(wire, sql, values, count, &rows));
    text = fake_text(rows);
    rows->ops->free(rows);
    return text;
}

#define CHECK_ASK(wire, sql, expected) CHECK_STR(fake_ask(wire, sql), expected)

/* Fails as the server does: status and SQLSTATE. */
#define CHECK_SQLSTATE(call, status, state)                         \
    do {                                                            \
        CHECK_FAILS(call, status);                                  \
        CHECK_STR(cupel_error_sqlstate(cupel_error_last()), state); \
    } while (0)

/* A database of its own for each test: nothing is left from the one before. */
#define FAKE_TEST(name)                        \
    static void with_##name(cupel_wire *wire); \
    TEST(name)                                 \
    {                                          \
        cupel_wire *wire;                      \
                                               \
        cup_fake_reset();                      \
        wire = fake_open("fake://test");       \
        with_##name(wire);                     \
        fake->free(wire);                      \
        CHECK_INT(cup_fake_wire_count(), 0);   \
        cup_fake_reset();                      \
    }                                          \
    static void with_##name(cupel_wire *wire)

#endif
