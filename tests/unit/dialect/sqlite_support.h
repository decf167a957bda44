/* SPDX-License-Identifier: MIT */
/* Talking to sqlite in one line, results as text: columns divided by commas,
 * rows by semicolons. Files lie in a folder of the program's own, which goes
 * with it. */
#ifndef TESTS_UNIT_DIALECT_SQLITE_SUPPORT_H
#define TESTS_UNIT_DIALECT_SQLITE_SUPPORT_H

#include "dialect/dialect.h"
#include "dialect/sqlite/wire.h"
#include "support/test.h"
#include "task/loop.h"

#include <cupel/task.h>

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const cupel_dialect *const sqlite = &cup_sqlite_dialect;

static char sqlite_folder[64];

static void
sqlite_remove_folder(void)
{
    char command[96];

    snprintf(command, sizeof command, "rm -rf '%s'", sqlite_folder);
    if (system(command) != 0)
        print_error("%s is still there\n", sqlite_folder);
}

/* The url of the file `name`; one text at a time. */
static inline const char *
sqlite_file(const char *name)
{
    static char url[256];

    if (sqlite_folder[0] == '\0') {
        snprintf(sqlite_folder, sizeof sqlite_folder, "/tmp/cupel-XXXXXX");
        CHECK(mkdtemp(sqlite_folder) != NULL);
        atexit(sqlite_remove_folder);
    }
    snprintf(url, sizeof url, "sqlite:///%s/%s", sqlite_folder, name);
    return url;
}

/* A file nobody has used yet. `query` may be "". */
static inline const char *
sqlite_new_file(const char *query)
{
    static unsigned number;
    char name[128];

    snprintf(name, sizeof name, "%u.db%s", ++number, query);
    return sqlite_file(name);
}

static inline cupel_status
sqlite_try_open(const char *address, cupel_time until, cupel_wire **out)
{
    cupel_url *url;
    cupel_status rc;

    *out = NULL;
    CHECK_OK(cupel_url_parse(address, &url));
    rc = sqlite->connect(url, until, out);
    cupel_url_free(url);
    return rc;
}

static inline cupel_wire *
sqlite_open(const char *address)
{
    cupel_wire *wire;

    CHECK_OK(sqlite_try_open(address, CUPEL_FOREVER, &wire));
    return wire;
}

static inline void
sqlite_end(cupel_wire *wire)
{
    sqlite->close(wire, CUPEL_FOREVER);
}

static inline cupel_request
sqlite_request(const char *sql, const cupel_value *values, size_t count)
{
    return (cupel_request){ .sql = sql,
                            .sql_len = strlen(sql),
                            .values = values,
                            .value_count = count,
                            .set_count = 1 };
}

/* One request, its rows dropped. */
static inline cupel_status
sqlite_send(cupel_wire *wire, const cupel_request *request, cupel_time until)
{
    cupel_rows *rows;
    cupel_status rc = sqlite->execute(wire, request, until, &rows);

    if (rc == CUPEL_OK)
        rows->ops->free(rows);
    else
        CHECK(rows == NULL);
    return rc;
}

static inline cupel_status
sqlite_try(cupel_wire *wire, const char *sql)
{
    cupel_request request = sqlite_request(sql, NULL, 0);

    return sqlite_send(wire, &request, CUPEL_FOREVER);
}

#define SQLITE_DO(wire, sql) CHECK_OK(sqlite_try((wire), (sql)))

/* With BEGIN ahead. */
static inline cupel_status
sqlite_try_begin(cupel_wire *wire, const char *sql)
{
    cupel_request request = sqlite_request(sql, NULL, 0);

    request.begin = sqlite->begin;
    return sqlite_send(wire, &request, CUPEL_FOREVER);
}

static inline cupel_rows *
sqlite_query(cupel_wire *wire, const char *sql, const cupel_value *values,
             size_t count)
{
    cupel_request request = sqlite_request(sql, values, count);
    cupel_rows *rows;

    CHECK_OK(sqlite->execute(wire, &request, CUPEL_FOREVER, &rows));
    return rows;
}

static inline cupel_rows *
sqlite_stream(cupel_wire *wire, const char *sql, size_t first, size_t max)
{
    cupel_request request = sqlite_request(sql, NULL, 0);
    cupel_rows *rows;

    request.fetch_first = first;
    request.fetch_max = max;
    CHECK_OK(sqlite->execute(wire, &request, CUPEL_FOREVER, &rows));
    return rows;
}

static inline cupel_value
sqlite_cell(cupel_rows *rows, size_t row, size_t column)
{
    cupel_value value;

    CHECK_OK(rows->ops->cell(rows, row, column, &value));
    return value;
}

/* The batch as text. */
static inline const char *
sqlite_text(cupel_rows *rows)
{
    static char text[4096];
    size_t row, column, len = 0;
    cupel_value value;

    text[0] = '\0';
    for (row = 0; row < rows->row_count; row++) {
        for (column = 0; column < rows->column_count; column++) {
            if (column > 0 || row > 0)
                text[len++] = column > 0 ? ',' : ';';
            value = sqlite_cell(rows, row, column);
            len += cupel_value_format(&value, text + len, sizeof text - len);
            CHECK(len + 2 < sizeof text);
        }
    }
    return text;
}

#define SQLITE_ROWS(wire, sql, expected)                          \
    do {                                                          \
        cupel_rows *shown = sqlite_query((wire), (sql), NULL, 0); \
        CHECK_STR(sqlite_text(shown), (expected));                \
        shown->ops->free(shown);                                  \
    } while (0)

/* Something to do in a task of its own: one statement. */
struct sqlite_errand {
    cupel_wire *wire;
    const char *sql;
    cupel_time until;
};

static inline cupel_status
sqlite_do_errand(void *arg)
{
    const struct sqlite_errand *errand = arg;
    cupel_request request = sqlite_request(errand->sql, NULL, 0);

    return sqlite_send(errand->wire, &request, errand->until);
}

/* A call of a test's own into sqlite has begun. */
static atomic_bool sqlite_called;

/* Run `fn` in a task of its own, cancel it when such a call has begun. */
static inline cupel_status
sqlite_cancel_when_called(cupel_task_fn *fn, void *arg)
{
    cupel_future *future = cupel_future_call(fn, arg);

    CHECK_OK(cupel_future_spawn(future));
    while (!atomic_load(&sqlite_called))
        CHECK_OK(cupel_yield());
    cupel_future_cancel(future);
    return cupel_await(future);
}

/* called(x) is x, and tells that it was called. */
static inline void
sqlite_called_function(sqlite3_context *context, int count,
                       sqlite3_value **args)
{
    (void)count;
    atomic_store(&sqlite_called, true);
    sqlite3_result_value(context, args[0]);
}

static inline void
sqlite_add_called(cupel_wire *wire)
{
    atomic_store(&sqlite_called, false);
    CHECK_INT(sqlite3_create_function(cup_sqlite_wire_of(wire)->db, "called", 1,
                                      SQLITE_UTF8, NULL, sqlite_called_function,
                                      NULL, NULL),
              SQLITE_OK);
}

/* A statement that never ends by itself. */
#define SQLITE_ENDLESS                                                 \
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) " \
    "SELECT sum(called(x)) FROM n"

#endif
