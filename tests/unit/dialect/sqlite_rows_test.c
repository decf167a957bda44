/* SPDX-License-Identifier: MIT */
#include "sqlite_support.h"
#include "task/task.h"

#include <cupel/task.h>

#define NUMBERS(most)                                                       \
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE " \
    "x < " most ") SELECT x FROM n"

static void
fetch(cupel_rows *rows)
{
    CHECK_OK(rows->ops->fetch(rows, CUPEL_FOREVER));
}

static void
end(cupel_rows *rows)
{
    CHECK_OK(rows->ops->close(rows, CUPEL_FOREVER));
    rows->ops->free(rows);
}

/* A file with the numbers 1, 2 and 3 in table t. */
static cupel_wire *
open_with_rows(const char *query)
{
    cupel_wire *wire = sqlite_open(sqlite_new_file(query));

    SQLITE_DO(wire, "CREATE TABLE t (a)");
    SQLITE_DO(wire, "INSERT INTO t VALUES (1), (2), (3)");
    return wire;
}

/* ---- Batches ------------------------------------------------------------ */

static void
check_growth(cupel_wire *wire)
{
    static const size_t sizes[] = { 3, 15, 75, 100, 100, 7 };
    cupel_rows *rows = sqlite_stream(wire, NUMBERS("300"), 3, 100);
    size_t i;

    for (i = 0; i < 6; i++) {
        CHECK_INT(rows->row_count, sizes[i]);
        CHECK(rows->more == (i < 5));
        fetch(rows);
    }
    CHECK_INT(rows->row_count, 0);
    CHECK(!rows->more);
    end(rows);
}

TASK_TEST(batches_grow_fivefold_up_to_a_limit)
{
    cupel_wire *file = sqlite_open(sqlite_new_file(""));
    cupel_wire *memory = sqlite_open("sqlite://");

    check_growth(file);
    check_growth(memory);
    sqlite_end(file);
    sqlite_end(memory);
}

TEST(batches_grow_without_a_loop_too)
{
    cupel_wire *file = sqlite_open(sqlite_new_file(""));

    check_growth(file);
    sqlite_end(file);
}

TASK_TEST(the_batches_to_come_take_the_size_they_are_given)
{
    cupel_wire *wire = sqlite_open("sqlite://");
    cupel_rows *rows = sqlite_stream(wire, NUMBERS("9"), 1, 1000);

    CHECK_STR(sqlite_text(rows), "1");
    rows->ops->set_batch(rows, 3);
    fetch(rows);
    CHECK_STR(sqlite_text(rows), "2;3;4");
    fetch(rows);
    CHECK_STR(sqlite_text(rows), "5;6;7");
    rows->ops->set_batch(rows, SIZE_MAX);
    fetch(rows);
    CHECK_STR(sqlite_text(rows), "8;9");
    CHECK(!rows->more);
    end(rows);
    sqlite_end(wire);
}

TASK_TEST(a_stream_may_end_with_an_empty_batch)
{
    cupel_wire *wire = sqlite_open("sqlite://");
    cupel_rows *rows = sqlite_stream(wire, NUMBERS("4"), 2, 2);

    CHECK_STR(sqlite_text(rows), "1;2");
    fetch(rows);
    CHECK_STR(sqlite_text(rows), "3;4");
    CHECK(rows->more);
    fetch(rows);
    CHECK_INT(rows->row_count, 0);
    CHECK(!rows->more);
    fetch(rows);
    CHECK_INT(rows->row_count, 0);
    end(rows);
    sqlite_end(wire);
}

TASK_TEST(a_short_stream_has_one_batch)
{
    cupel_wire *wire = sqlite_open("sqlite://");
    cupel_rows *rows = sqlite_stream(wire, NUMBERS("4"), 5, 5);

    CHECK_INT(rows->row_count, 4);
    CHECK(!rows->more);
    end(rows);
    sqlite_end(wire);
}

TASK_TEST(a_failing_step_ends_the_stream)
{
    cupel_wire *wire = sqlite_open("sqlite://");
    cupel_rows *rows = sqlite_stream(
        wire, "SELECT 1 UNION ALL SELECT abs(-9223372036854775808)", 1, 1);

    CHECK_FAILS(rows->ops->fetch(rows, CUPEL_FOREVER), CUPEL_E_OPERATIONAL);
    CHECK_STR(cupel_error_text(), "integer overflow");
    CHECK_INT(rows->row_count, 0);
    CHECK(!rows->more);
    fetch(rows);
    end(rows);
    SQLITE_ROWS(wire, "SELECT 1", "1");
    sqlite_end(wire);
}

/* ---- Side by side ------------------------------------------------------- */

TASK_TEST(two_streams_run_on_one_wire)
{
    cupel_wire *wire = sqlite_open(sqlite_new_file(""));
    cupel_rows *first = sqlite_stream(wire, NUMBERS("6"), 2, 2);
    cupel_rows *second = sqlite_stream(wire, NUMBERS("6"), 3, 3);

    SQLITE_ROWS(wire, "SELECT 'between'", "between");
    CHECK_STR(sqlite_text(first), "1;2");
    CHECK_STR(sqlite_text(second), "1;2;3");
    fetch(first);
    fetch(second);
    CHECK_STR(sqlite_text(first), "3;4");
    CHECK_STR(sqlite_text(second), "4;5;6");
    end(first);
    end(second);
    sqlite_end(wire);
}

TASK_TEST(a_stream_keeps_its_own_parameters)
{
    cupel_wire *wire = sqlite_open(sqlite_new_file(""));
    const cupel_value mine = cupel_string("mine"), other = cupel_string("else");
    cupel_request request =
        sqlite_request("SELECT ?1 UNION ALL SELECT ?1", &mine, 1);
    cupel_rows *rows;

    request.fetch_first = 1;
    request.fetch_max = 1;
    CHECK_OK(sqlite->execute(wire, &request, CUPEL_FOREVER, &rows));
    request = sqlite_request("SELECT ?", &other, 1);
    CHECK_OK(sqlite_send(wire, &request, CUPEL_FOREVER));
    fetch(rows);
    CHECK_STR(sqlite_text(rows), "mine");
    end(rows);
    sqlite_end(wire);
}

TASK_TEST(a_write_that_returns_rows_is_run_to_its_end)
{
    cupel_wire *wire = open_with_rows("");
    cupel_request request =
        sqlite_request("UPDATE t SET a = a + 10 RETURNING a", NULL, 0);
    cupel_rows *rows;

    request.begin = sqlite->begin;
    request.fetch_first = 1;
    request.fetch_max = 1;
    CHECK_OK(sqlite->execute(wire, &request, CUPEL_FOREVER, &rows));
    CHECK_STR(sqlite_text(rows), "11;12;13");
    CHECK(!rows->more);
    CHECK_INT(rows->affected, 3);
    CHECK_OK(sqlite->commit(wire, CUPEL_FOREVER));
    end(rows);
    sqlite_end(wire);
}

/* ---- And transactions --------------------------------------------------- */

static void
check_commit(cupel_wire *wire)
{
    cupel_request request = sqlite_request("SELECT a FROM t", NULL, 0);
    cupel_rows *rows;

    request.begin = sqlite->begin;
    request.fetch_first = 1;
    request.fetch_max = 1;
    CHECK_OK(sqlite->execute(wire, &request, CUPEL_FOREVER, &rows));
    CHECK_OK(sqlite->commit(wire, CUPEL_FOREVER));
    fetch(rows);
    CHECK_STR(sqlite_text(rows), "2");
    fetch(rows);
    CHECK_STR(sqlite_text(rows), "3");
    end(rows);
}

TASK_TEST(a_stream_goes_on_after_a_commit)
{
    cupel_wire *file = open_with_rows("");
    cupel_wire *memory = sqlite_open("sqlite://");

    SQLITE_DO(memory, "CREATE TABLE t (a)");
    SQLITE_DO(memory, "INSERT INTO t VALUES (1), (2), (3)");
    check_commit(file);
    check_commit(memory);
    sqlite_end(file);
    sqlite_end(memory);
}

TASK_TEST(a_rollback_that_changes_the_schema_ends_a_stream)
{
    cupel_wire *wire = open_with_rows("");
    cupel_rows *rows;

    CHECK_OK(sqlite_try_begin(wire, "CREATE TABLE u (a)"));
    rows = sqlite_stream(wire, "SELECT a FROM t", 1, 1);
    CHECK_OK(sqlite->rollback(wire, CUPEL_FOREVER));
    CHECK_FAILS(rows->ops->fetch(rows, CUPEL_FOREVER), CUPEL_E_OPERATIONAL);
    CHECK_INT(cupel_error_vendor_code(cupel_error_last()),
              SQLITE_ABORT_ROLLBACK);
    CHECK(!rows->more);
    end(rows);
    CHECK_INT(sqlite->state(wire), CUPEL_WIRE_IDLE);
    SQLITE_ROWS(wire, "SELECT count(*) FROM t", "3");
    sqlite_end(wire);
}

TASK_TEST(a_plain_rollback_leaves_a_stream_alone)
{
    cupel_wire *wire = open_with_rows("");
    cupel_rows *rows;

    CHECK_OK(sqlite_try_begin(wire, "SELECT 1"));
    rows = sqlite_stream(wire, "SELECT a FROM t", 1, 1);
    CHECK_OK(sqlite->rollback(wire, CUPEL_FOREVER));
    fetch(rows);
    CHECK_STR(sqlite_text(rows), "2");
    end(rows);
    sqlite_end(wire);
}

/* ---- Ends --------------------------------------------------------------- */

/* Whether another connection cannot commit a write, which needs every reader of
 * a rollback journal to be gone. */
static bool
blocks_writers(const char *name)
{
    cupel_wire *other = sqlite_open(sqlite_file(name));
    cupel_status rc = sqlite_try(other, "INSERT INTO t VALUES (4)");

    sqlite_end(other);
    return rc != CUPEL_OK;
}

TASK_TEST(a_closed_stream_holds_no_lock)
{
    cupel_wire *wire = sqlite_open(sqlite_file("closed.db?timeout=0"));
    cupel_rows *rows;

    SQLITE_DO(wire, "CREATE TABLE t (a)");
    SQLITE_DO(wire, "INSERT INTO t VALUES (1), (2)");
    rows = sqlite_stream(wire, "SELECT a FROM t", 1, 1);
    CHECK(blocks_writers("closed.db?timeout=0"));
    CHECK_OK(rows->ops->close(rows, CUPEL_FOREVER));
    CHECK(!blocks_writers("closed.db?timeout=0"));
    CHECK_OK(rows->ops->close(rows, CUPEL_FOREVER));
    rows->ops->free(rows);
    sqlite_end(wire);
}

TASK_TEST(a_freed_stream_holds_no_lock)
{
    cupel_wire *wire = sqlite_open(sqlite_file("freed.db?timeout=0"));
    cupel_rows *rows;

    SQLITE_DO(wire, "CREATE TABLE t (a)");
    SQLITE_DO(wire, "INSERT INTO t VALUES (1), (2)");
    rows = sqlite_stream(wire, "SELECT a FROM t", 1, 1);
    rows->ops->free(rows);
    CHECK(!blocks_writers("freed.db?timeout=0"));
    sqlite_end(wire);
}

static cupel_status
free_in_another_task(void *arg)
{
    cupel_rows *rows = arg;

    rows->ops->free(rows);
    return CUPEL_OK;
}

TASK_TEST(a_stream_freed_while_its_wire_is_in_use_holds_no_lock)
{
    cupel_wire *wire = sqlite_open(sqlite_file("later.db?timeout=0"));
    cupel_future *future;
    cupel_rows *rows;

    SQLITE_DO(wire, "CREATE TABLE t (a)");
    SQLITE_DO(wire, "INSERT INTO t VALUES (1), (2)");
    rows = sqlite_stream(wire, "SELECT a FROM t", 1, 1);
    future = cupel_future_call(free_in_another_task, rows);
    CHECK_OK(cupel_future_spawn(future));
    SQLITE_ROWS(wire, "SELECT count(*) FROM t", "2"); /* meanwhile */
    CHECK(cupel_future_done(future));
    CHECK_OK(cupel_await(future));
    CHECK(!blocks_writers("later.db?timeout=0"));
    sqlite_end(wire);
}

TASK_TEST(buffered_rows_outlive_their_wire)
{
    cupel_wire *wire = sqlite_open(sqlite_new_file(""));
    cupel_rows *rows = sqlite_query(wire, "SELECT 1 AS a, 'two'", NULL, 0);

    sqlite_end(wire);
    CHECK_STR(sqlite_text(rows), "1,two");
    CHECK_STR(rows->columns[0].name, "a");
    CHECK_OK(rows->ops->close(rows, CUPEL_FOREVER));
    rows->ops->free(rows);
}

TASK_TEST(a_stream_outlives_its_wire_as_a_batch)
{
    cupel_wire *wire = sqlite_open(sqlite_new_file(""));
    cupel_rows *rows = sqlite_stream(wire, NUMBERS("9"), 2, 2);

    sqlite->free(wire);
    CHECK_STR(sqlite_text(rows), "1;2");
    CHECK_FAILS(rows->ops->fetch(rows, CUPEL_FOREVER), CUPEL_E_CLOSED);
    CHECK_OK(rows->ops->close(rows, CUPEL_FOREVER));
    rows->ops->free(rows);
}

/* ---- What they show ----------------------------------------------------- */

TASK_TEST(old_rows_keep_their_old_columns)
{
    cupel_wire *wire = open_with_rows("");
    cupel_rows *before = sqlite_query(wire, "SELECT * FROM t LIMIT 1", NULL, 0);
    cupel_rows *after;

    SQLITE_DO(wire, "ALTER TABLE t ADD COLUMN b DEFAULT 'new'");
    after = sqlite_query(wire, "SELECT * FROM t LIMIT 1", NULL, 0);
    CHECK_INT(before->column_count, 1);
    CHECK_STR(sqlite_text(before), "1");
    CHECK_INT(after->column_count, 2);
    CHECK_STR(after->columns[1].name, "b");
    CHECK_STR(sqlite_text(after), "1,new");
    before->ops->free(before);
    after->ops->free(after);
    sqlite_end(wire);
}

TASK_TEST(one_broken_cell_spoils_no_other)
{
    cupel_wire *wire = sqlite_open("sqlite://");
    cupel_rows *rows =
        sqlite_query(wire, "SELECT CAST(x'ff' AS TEXT), 'sound'", NULL, 0);
    cupel_value value;

    CHECK_FAILS(rows->ops->cell(rows, 0, 0, &value), CUPEL_E_DATA);
    CHECK_OK(rows->ops->cell(rows, 0, 1, &value));
    rows->ops->free(rows);
    sqlite_end(wire);
}

/* ---- A long fetch, its data always there -------------------------------- */

static bool fetched_all;

static cupel_status
fetch_all(void *arg)
{
    cupel_wire *wire = arg;
    cupel_rows *rows = sqlite_stream(wire, NUMBERS("200000"), 5, 1000);

    while (rows->more)
        fetch(rows);
    fetched_all = true;
    end(rows);
    return CUPEL_OK;
}

static cupel_status
fetch_buffered(void *arg)
{
    cupel_wire *wire = arg;
    cupel_rows *rows = sqlite_query(wire, NUMBERS("200000"), NULL, 0);

    CHECK_INT(rows->row_count, 200000);
    fetched_all = true;
    rows->ops->free(rows);
    return CUPEL_OK;
}

/* How many turns another task gets meanwhile. */
static size_t
turns_beside(cupel_task_fn *fn, const char *address)
{
    cupel_wire *wire = sqlite_open(address);
    cupel_future *future = cupel_future_call(fn, wire);
    size_t turns = 0;

    fetched_all = false;
    CHECK_OK(cupel_future_spawn(future));
    while (!fetched_all) {
        CHECK_OK(cupel_yield());
        turns++;
    }
    CHECK_OK(cupel_await(future));
    sqlite_end(wire);
    return turns;
}

TASK_TEST(a_long_fetch_starves_nobody)
{
    CHECK(turns_beside(fetch_all, "sqlite://") >= 20);
    CHECK(turns_beside(fetch_buffered, "sqlite://") >= 20);
    CHECK(turns_beside(fetch_all, sqlite_new_file("")) >= 20);
    CHECK(turns_beside(fetch_buffered, sqlite_new_file("")) >= 20);
}
