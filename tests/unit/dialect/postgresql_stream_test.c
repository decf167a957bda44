/* SPDX-License-Identifier: MIT */
/* Streams: a cursor, batches that grow, and every way that they end. */
#include "postgresql.h"

#include "dialect/postgresql/stream.h"

static cupel_rows *
open_stream(cupel_wire *wire, const char *sql, size_t first, size_t max)
{
    cupel_request request = pg_request(sql, NULL, 0);
    cupel_rows *rows;

    if (PG->state(wire) == CUPEL_WIRE_IDLE)
        request.begin = PG->begin;
    request.fetch_first = first;
    request.fetch_max = max;
    CHECK_OK(PG->execute(wire, &request, PG_SOON, &rows));
    return rows;
}

static int64_t
cursors_open(cupel_wire *wire)
{
    return pg_int(wire, "select count(*) from pg_cursors where name like "
                        "'cupel%'");
}

/* Read to the end: how many rows, and that they are 1, 2, 3, ... */
static size_t
read_all(cupel_rows *rows)
{
    int64_t expected = 1;

    for (;;) {
        size_t i;

        for (i = 0; i < rows->row_count; i++)
            CHECK_INT(pg_cell(rows, i, 0).as.integer, expected++);
        if (!rows->more)
            return (size_t)expected - 1;
        CHECK_OK(rows->ops->fetch(rows, PG_SOON));
    }
}

static void
check_batches(cupel_wire *wire, size_t first, size_t max, size_t total,
              const size_t *expected)
{
    char sql[80];
    cupel_rows *rows;

    snprintf(sql, sizeof sql, "select generate_series(1, %zu)", total);
    rows = open_stream(wire, sql, first, max);
    CHECK_INT(rows->affected, -1);
    for (;;) {
        CHECK_INT(rows->row_count, *expected++);
        if (!rows->more)
            break;
        CHECK_OK(rows->ops->fetch(rows, PG_SOON));
    }
    CHECK_OK(rows->ops->fetch(rows, PG_SOON)); /* the end stays the end */
    CHECK_INT(rows->row_count, 0);
    CHECK(!rows->more);
    CHECK_OK(rows->ops->close(rows, PG_SOON));
    pg_free(rows);
}

TASK_TEST(batches_grow_fivefold_up_to_the_most)
{
    static const size_t grown[] = { 1, 5, 25, 100, 100, 69 };
    static const size_t even[] = { 5, 5, 5, 4 };
    static const size_t full[] = { 5, 5, 0 };
    static const size_t none[] = { 0 };
    cupel_wire *wire = pg_wire();

    check_batches(wire, 1, 100, 300, grown);
    check_batches(wire, 5, 5, 19, even);
    check_batches(wire, 5, 5, 10, full);
    check_batches(wire, 5, 1000, 0, none);
    PG->close(wire, PG_SOON);
}

TASK_TEST(the_batches_to_come_take_the_size_they_are_given)
{
    static const size_t sizes[] = { 1, 3, 3, 3, 40 };
    cupel_wire *wire = pg_wire();
    cupel_rows *rows =
        open_stream(wire, "select generate_series(1, 50)", 1, 1000);
    size_t i;

    rows->ops->set_batch(rows, 3);
    for (i = 0; i < 5; i++) {
        CHECK_INT(rows->row_count, sizes[i]);
        CHECK_INT(rows->more, i < 4);
        if (i == 1) /* two more are on their way by now */
            rows->ops->set_batch(rows, SIZE_MAX);
        CHECK_OK(rows->ops->fetch(rows, PG_SOON));
    }
    rows->ops->set_batch(rows, 3);
    pg_free(rows);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_stream_gives_every_row_in_order)
{
    cupel_wire *wire = pg_wire();
    cupel_rows *rows =
        open_stream(wire, "select generate_series(1, 50000)", 5, 1000);

    CHECK_INT(rows->column_count, 1);
    CHECK_INT(rows->columns[0].type, CUPEL_INT);
    CHECK_INT(read_all(rows), 50000);
    pg_free(rows);
    CHECK_STATE(wire, CUPEL_WIRE_IN_TRANSACTION);
    CHECK_OK(PG->commit(wire, PG_SOON));
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_stream_takes_parameters_and_gives_any_type)
{
    cupel_wire *wire = pg_wire();
    const cupel_value values[] = { cupel_int(2), cupel_string("10.0.0.1") };
    cupel_request request = pg_request(
        "select i, $2::inet from generate_series($1, 4) i", values, 2);
    cupel_rows *rows;
    cupel_value value;

    request.begin = PG->begin;
    request.fetch_first = 1;
    request.fetch_max = 2;
    CHECK_OK(PG->execute(wire, &request, PG_SOON, &rows));
    CHECK_INT(pg_cell(rows, 0, 0).as.integer, 2);
    CHECK_OK(rows->ops->fetch(rows, PG_SOON));
    CHECK_INT(pg_cell(rows, 1, 0).as.integer, 4);
    value = pg_cell(rows, 1, 1);
    CHECK_STR(pg_text(&value), "10.0.0.1");
    CHECK_OK(rows->ops->close(rows, PG_SOON));
    pg_free(rows);
    PG->close(wire, PG_SOON);
}

TASK_TEST(behind_a_pooler_streams_come_as_text)
{
    cupel_wire *wire = pg_wire_with("&pooler=transaction");
    cupel_rows *rows =
        open_stream(wire, "select generate_series(1, 100)", 5, 50);

    CHECK_INT(read_all(rows), 100);
    pg_free(rows);
    PG->close(wire, PG_SOON);
}

TASK_TEST(what_a_cursor_cannot_do_comes_in_batches_all_the_same)
{
    cupel_wire *wire = pg_wire();
    cupel_rows *rows;

    CHECK_OK(pg_run(wire, "create temp table t (i int)"));
    rows = open_stream(wire,
                       "insert into t select generate_series(1, 12) "
                       "returning i",
                       5, 1000);
    CHECK_INT(rows->row_count, 5);
    CHECK_INT(rows->affected, 12);
    CHECK(rows->more);
    CHECK_INT(read_all(rows), 12);
    pg_free(rows);
    rows = open_stream(wire, "delete from t", 5, 1000);
    CHECK_INT(rows->column_count, 0);
    CHECK_INT(rows->affected, 12);
    CHECK(!rows->more);
    pg_free(rows);
    rows = open_stream(wire,
                       "with x as (insert into t values (1), (2) "
                       "returning i) select i from x",
                       1, 1);
    CHECK_INT(read_all(rows), 2);
    pg_free(rows);
    rows = open_stream(wire, "select i into temp u from t", 1, 1);
    CHECK_INT(rows->affected, 2);
    pg_free(rows);
    PG->close(wire, PG_SOON);
}

TASK_TEST(outside_a_transaction_there_is_no_stream)
{
    cupel_wire *wire = pg_wire();
    cupel_request request = pg_request("select 1", NULL, 0);
    cupel_rows *rows;

    request.fetch_first = request.fetch_max = 5;
    CHECK_FAILS(PG->execute(wire, &request, PG_SOON, &rows), CUPEL_E_INTERNAL);
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "25P01");
    CHECK(strstr(cupel_error_text(), "AUTOCOMMIT") != NULL);
    CHECK(rows == NULL);
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    PG->close(wire, PG_SOON);
}

TASK_TEST(closing_early_closes_the_cursor)
{
    cupel_wire *wire = pg_wire();
    cupel_rows *rows =
        open_stream(wire, "select generate_series(1, 1000000)", 5, 1000);

    CHECK_OK(rows->ops->fetch(rows, PG_SOON)); /* another one is under way */
    CHECK_STATE(wire, CUPEL_WIRE_IN_TRANSACTION);
    CHECK_OK(rows->ops->close(rows, PG_SOON));
    CHECK_OK(rows->ops->close(rows, PG_SOON));
    CHECK_INT(cursors_open(wire), 0);
    CHECK_OK(rows->ops->fetch(rows, PG_SOON));
    CHECK_INT(rows->row_count, 0);
    pg_free(rows);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_stream_that_was_read_leaves_no_cursor)
{
    cupel_wire *wire = pg_wire();
    cupel_rows *rows =
        open_stream(wire, "select generate_series(1, 10)", 100, 100);

    CHECK(!rows->more);
    pg_free(rows);
    CHECK_INT(cursors_open(wire), 0);
    PG->close(wire, PG_SOON);
}

TASK_TEST(other_statements_may_run_between_batches)
{
    cupel_wire *wire = pg_wire();
    cupel_rows *rows =
        open_stream(wire, "select generate_series(1, 3000)", 5, 100);

    CHECK_INT(pg_int(wire, "select 8"), 8);
    CHECK_OK(rows->ops->fetch(rows, PG_SOON));
    CHECK_INT(pg_cell(rows, 0, 0).as.integer, 6);
    CHECK_INT(pg_int(wire, "select 9"), 9); /* with a FETCH under way */
    CHECK_OK(rows->ops->fetch(rows, PG_SOON));
    CHECK_INT(pg_cell(rows, 0, 0).as.integer, 31);
    CHECK_OK(rows->ops->close(rows, PG_SOON));
    pg_free(rows);
    PG->close(wire, PG_SOON);
}

TASK_TEST(two_streams_share_a_wire)
{
    cupel_wire *wire = pg_wire();
    cupel_rows *one = open_stream(wire, "select generate_series(1, 500)", 5, 9);
    cupel_rows *two = open_stream(wire, "select generate_series(1, 700)", 7, 9);

    CHECK_OK(one->ops->fetch(one, PG_SOON));
    CHECK_INT(pg_cell(one, 0, 0).as.integer, 6);
    CHECK_OK(two->ops->fetch(two, PG_SOON));
    CHECK_INT(pg_cell(two, 0, 0).as.integer, 8);
    CHECK_OK(one->ops->fetch(one, PG_SOON));
    CHECK_INT(pg_cell(one, 0, 0).as.integer, 15);
    CHECK_OK(two->ops->fetch(two, PG_SOON));
    CHECK_INT(pg_cell(two, 0, 0).as.integer, 17);
    CHECK_OK(one->ops->close(one, PG_SOON));
    CHECK_OK(two->ops->close(two, PG_SOON));
    pg_free(one);
    pg_free(two);
    CHECK_INT(cursors_open(wire), 0);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_stream_ends_with_its_transaction)
{
    cupel_wire *wire = pg_wire();
    cupel_rows *rows =
        open_stream(wire, "select generate_series(1, 1000)", 5, 50);

    CHECK_OK(PG->commit(wire, PG_SOON));
    CHECK_OK(pg_run(wire, "begin"));
    CHECK_INT(pg_cell(rows, 4, 0).as.integer, 5); /* what is here stays */
    CHECK_FAILS(rows->ops->fetch(rows, PG_SOON), CUPEL_E_PROGRAMMING);
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "34000");
    CHECK_STATE(wire, CUPEL_WIRE_IN_TRANSACTION); /* the new one is unharmed */
    CHECK_OK(rows->ops->close(rows, PG_SOON));
    pg_free(rows);
    PG->close(wire, PG_SOON);
}

TASK_TEST(what_was_asked_for_before_the_commit_still_comes)
{
    cupel_wire *wire = pg_wire();
    cupel_rows *rows =
        open_stream(wire, "select generate_series(1, 1000)", 5, 50);

    CHECK_OK(rows->ops->fetch(rows, PG_SOON));
    CHECK_OK(PG->commit(wire, PG_SOON));
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    CHECK_OK(rows->ops->fetch(rows, PG_SOON)); /* two were on their way */
    CHECK_INT(pg_cell(rows, 0, 0).as.integer, 31);
    CHECK_OK(rows->ops->fetch(rows, PG_SOON));
    CHECK_INT(pg_cell(rows, 0, 0).as.integer, 81);
    CHECK_FAILS(rows->ops->fetch(rows, PG_SOON), CUPEL_E_PROGRAMMING);
    pg_free(rows);
    PG->close(wire, PG_SOON);
}

/* The server has closed the cursor by itself: naming it again would spoil the
 * transaction. */
TASK_TEST(a_rollback_to_a_savepoint_does_not_make_the_close_fail)
{
    cupel_wire *wire = pg_wire();
    cupel_rows *rows;

    CHECK_OK(pg_run(wire, "begin"));
    CHECK_OK(pg_run(wire, "savepoint s"));
    rows = open_stream(wire, "select generate_series(1, 1000)", 5, 50);
    CHECK_OK(pg_run(wire, "rollback to s"));
    CHECK_OK(rows->ops->close(rows, PG_SOON));
    CHECK_STATE(wire, CUPEL_WIRE_IN_TRANSACTION);
    pg_free(rows);

    rows = open_stream(wire, "select generate_series(1, 10)", 50, 50);
    pg_free(rows);
    CHECK_OK(pg_run(wire, "rollback to s"));
    CHECK_INT(pg_int(wire, "select 1"), 1);
    CHECK_STATE(wire, CUPEL_WIRE_IN_TRANSACTION);
    PG->close(wire, PG_SOON);
}

TASK_TEST(an_error_in_the_middle_fails_that_fetch)
{
    cupel_wire *wire = pg_wire();
    cupel_rows *rows = open_stream(
        wire, "select 1 / (20 - i) from generate_series(1, 100) i", 5, 5);
    cupel_status rc = CUPEL_OK;
    int fetches = 0;

    while (rc == CUPEL_OK && fetches < 10) {
        rc = rows->ops->fetch(rows, PG_SOON);
        fetches++;
    }
    CHECK_INT(rc, CUPEL_E_DATA);
    CHECK_INT(fetches, 3);
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "22012");
    CHECK_INT(rows->row_count, 0);
    CHECK(!rows->more);
    CHECK_STATE(wire, CUPEL_WIRE_FAILED);
    CHECK_OK(rows->ops->close(rows, PG_SOON));
    pg_free(rows);
    CHECK_OK(PG->rollback(wire, PG_SOON));
    PG->close(wire, PG_SOON);
}

TASK_TEST(an_error_at_once_tells_its_position)
{
    cupel_wire *wire = pg_wire();
    cupel_request request = pg_request("select nonsense", NULL, 0);
    cupel_rows *rows;
    int i;

    request.begin = PG->begin;
    request.fetch_first = request.fetch_max = 5;
    for (i = 0; i < 2; i++) {
        CHECK_FAILS(PG->execute(wire, &request, PG_SOON, &rows),
                    CUPEL_E_PROGRAMMING);
        CHECK_INT(cupel_error_position(cupel_error_last()), 8);
        CHECK_STATE(wire, CUPEL_WIRE_FAILED);
        CHECK_OK(PG->rollback(wire, PG_SOON));
        PG->close(wire, PG_SOON);
        wire = pg_wire_with("&pooler=transaction"); /* DECLARE itself fails */
    }
    PG->close(wire, PG_SOON);
}

TASK_TEST(rows_that_are_freed_with_a_fetch_under_way_leave_the_wire_busy)
{
    cupel_wire *wire = pg_wire();
    cupel_rows *rows =
        open_stream(wire, "select generate_series(1, 1000000)", 5, 5000);

    CHECK_OK(rows->ops->fetch(rows, PG_SOON));
    pg_free(rows);
    CHECK_STATE(wire, CUPEL_WIRE_BUSY);
    CHECK_INT(pg_int(wire, "select 3"), 3);
    CHECK_STATE(wire, CUPEL_WIRE_IN_TRANSACTION);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_stream_outlives_its_wire)
{
    cupel_wire *wire = pg_wire();
    cupel_rows *rows =
        open_stream(wire, "select generate_series(1, 1000)", 5, 50);

    CHECK_OK(rows->ops->fetch(rows, PG_SOON));
    PG->close(wire, PG_SOON);
    CHECK_INT(pg_cell(rows, 0, 0).as.integer, 6);
    CHECK_FAILS(rows->ops->fetch(rows, PG_SOON), CUPEL_E_OPERATIONAL);
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    CHECK_OK(rows->ops->close(rows, PG_SOON));
    pg_free(rows);
}

static cupel_status
count_turns(void *arg)
{
    unsigned *turns = arg;
    cupel_status rc = CUPEL_OK;

    while (rc == CUPEL_OK) {
        (*turns)++;
        rc = cupel_yield();
    }
    return rc;
}

/* Trap 10: the server is always ahead, so no fetch ever has to wait. */
TASK_TEST(a_fetch_that_never_waits_lets_others_run)
{
    cupel_wire *wire = pg_wire();
    cupel_rows *rows =
        open_stream(wire, "select generate_series(1, 200000)", 5, 1000);
    cupel_future *other;
    unsigned turns = 0;

    other = cupel_future_call(count_turns, &turns);
    CHECK_OK(cupel_future_spawn(other));
    CHECK_INT(read_all(rows), 200000);
    CHECK(turns >= 10);
    cupel_future_cancel(other);
    CHECK_FAILS(cupel_await(other), CUPEL_E_CANCELLED);
    pg_free(rows);
    PG->close(wire, PG_SOON);
}
