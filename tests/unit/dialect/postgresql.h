/* SPDX-License-Identifier: MIT */
/* What the tests of the postgresql dialect share: a wire to the server that
 * CUPEL_TEST_PG_URL names, and short ways to run things on it. Tests call the
 * dialect through its table, as the engine does. */
#ifndef TESTS_UNIT_DIALECT_POSTGRESQL_H
#define TESTS_UNIT_DIALECT_POSTGRESQL_H

#include <cupel/ext/dialect.h>
#include <cupel/task.h>

#include "base/alloc.h"
#include "dialect/postgresql/postgresql.h"
#include "dialect/postgresql/wire.h"
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define PG (&cup_postgresql_dialect)

/* Long enough for a machine that is busy with other tests. */
#define PG_SOON cupel_deadline_in(60000)

static inline cupel_status
pg_connect_url(const char *text, cupel_wire **out)
{
    cupel_url *url;
    cupel_status rc;

    *out = NULL;
    rc = cupel_url_parse(text, &url);
    if (rc != CUPEL_OK)
        return rc;
    rc = PG->check_url(url);
    if (rc == CUPEL_OK)
        rc = PG->connect(url, PG_SOON, out);
    cupel_url_free(url);
    return rc;
}

/* A wire with more in the url's query: "&pooler=transaction", or "". */
static inline cupel_wire *
pg_wire_with(const char *query)
{
    char text[1024];
    cupel_wire *wire;

    snprintf(text, sizeof text, "%s%s", test_env("CUPEL_TEST_PG_URL"), query);
    CHECK_OK(pg_connect_url(text, &wire));
    return wire;
}

static inline cupel_wire *
pg_wire(void)
{
    return pg_wire_with("");
}

static inline cupel_request
pg_request(const char *sql, const cupel_value *values, size_t count)
{
    cupel_request request = { .sql = sql,
                              .sql_len = strlen(sql),
                              .values = values,
                              .value_count = count,
                              .set_count = 1 };

    return request;
}

/* Run something and keep its rows. */
static inline cupel_rows *
pg_rows(cupel_wire *wire, const char *sql, const cupel_value *values,
        size_t count)
{
    cupel_request request = pg_request(sql, values, count);
    cupel_rows *rows;

    CHECK_OK(PG->execute(wire, &request, PG_SOON, &rows));
    return rows;
}

static inline void
pg_free(cupel_rows *rows)
{
    rows->ops->free(rows);
}

/* Run something whose rows do not matter. */
static inline cupel_status
pg_run(cupel_wire *wire, const char *sql)
{
    cupel_request request = pg_request(sql, NULL, 0);
    cupel_rows *rows;
    cupel_status rc = PG->execute(wire, &request, PG_SOON, &rows);

    if (rc == CUPEL_OK)
        pg_free(rows);
    return rc;
}

static inline cupel_value
pg_cell(cupel_rows *rows, size_t row, size_t column)
{
    cupel_value value;

    CHECK_OK(rows->ops->cell(rows, row, column, &value));
    return value;
}

/* The one whole number that a query gives. */
static inline int64_t
pg_int(cupel_wire *wire, const char *sql)
{
    cupel_rows *rows = pg_rows(wire, sql, NULL, 0);
    cupel_value value;

    CHECK_INT(rows->row_count, 1);
    value = pg_cell(rows, 0, 0);
    CHECK_INT(value.type, CUPEL_INT);
    pg_free(rows);
    return value.as.integer;
}

/* A value as text, in a buffer of this function's. */
static inline const char *
pg_text(const cupel_value *value)
{
    static char text[8192];

    cupel_value_format(value, text, sizeof text);
    return text;
}

/* Free the wire in a child that is forked off, which must not hurt it here. */
static inline void
pg_free_in_child(cupel_wire *wire)
{
    int status = -1;
    pid_t child = fork();

    if (child == 0) {
        PG->free(wire);
        _exit(0);
    }
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK_INT(status, 0);
}

#define CHECK_STATE(wire, expected) CHECK_INT(PG->state(wire), expected)

#endif
