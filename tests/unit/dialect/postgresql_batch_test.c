/* SPDX-License-Identifier: MIT */
/* executemany: many sets, one group. */
#include "postgresql_proxy.h"

#include "dialect/postgresql/batch.h"

static cupel_status
run_sets(cupel_wire *wire, const char *begin, const char *sql,
         const cupel_value *values, size_t count, size_t sets, cupel_rows **out)
{
    cupel_request request = pg_request(sql, values, count);

    request.begin = begin;
    request.set_count = sets;
    return PG->execute(wire, &request, PG_SOON, out);
}

/* Whole numbers from 0. */
static cupel_value *
numbers(size_t count)
{
    cupel_value *values = cup_alloc_array(count, sizeof *values);
    size_t i;

    assert_non_null(values);
    for (i = 0; i < count; i++)
        values[i] = cupel_int((int64_t)i);
    return values;
}

static void
check_sums(const char *query)
{
    cupel_wire *wire = pg_wire_with(query);
    cupel_value *values = numbers(1000);
    cupel_rows *rows;

    CHECK_OK(pg_run(wire, "create temp table t (i int)"));
    CHECK_OK(run_sets(wire, NULL, "insert into t values ($1)", values, 1, 1000,
                      &rows));
    CHECK_INT(rows->affected, 1000);
    CHECK_INT(rows->column_count, 0);
    CHECK_INT(rows->row_count, 0);
    pg_free(rows);
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    CHECK_INT(pg_int(wire, "select sum(i) from t"), 499500);
    CHECK_OK(run_sets(wire, NULL, "update t set i = 0 where i > $1", values, 1,
                      2, &rows));
    CHECK_INT(rows->affected, 999);
    pg_free(rows);
    cup_free(values);
    PG->close(wire, PG_SOON);
}

TASK_TEST(what_was_affected_is_summed)
{
    check_sums("");
}

TASK_TEST(it_works_without_prepared_statements)
{
    check_sums("&prepared_statement_cache_size=0");
    check_sums("&pooler=transaction");
}

TASK_TEST(rows_that_come_back_are_only_counted)
{
    cupel_wire *wire = pg_wire();
    cupel_value *values = numbers(10);
    cupel_rows *rows;

    CHECK_OK(run_sets(wire, NULL, "select $1 from generate_series(1, 3)",
                      values, 1, 10, &rows));
    CHECK_INT(rows->affected, 30);
    CHECK_INT(rows->column_count, 0);
    pg_free(rows);
    cup_free(values);
    PG->close(wire, PG_SOON);
}

TASK_TEST(an_error_names_its_set_and_undoes_all_of_them)
{
    cupel_wire *wire = pg_wire();
    cupel_value *values = numbers(20);
    cupel_rows *rows;
    int i;

    CHECK_OK(pg_run(wire, "create temp table t (i int primary key)"));
    values[17] = values[3];
    for (i = 0; i < 2; i++) {
        CHECK_FAILS(run_sets(wire, NULL, "insert into t values ($1)", values, 1,
                             20, &rows),
                    CUPEL_E_INTEGRITY);
        CHECK(strncmp(cupel_error_text(), "in set 17: ", 11) == 0);
        CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "23505");
        CHECK(rows == NULL);
        CHECK_STATE(wire, CUPEL_WIRE_IDLE);
        CHECK_INT(pg_int(wire, "select count(*) from t"), 0);
    }
    CHECK_FAILS(run_sets(wire, PG->begin, "insert into t values ($1)", values,
                         1, 20, &rows),
                CUPEL_E_INTEGRITY);
    CHECK_STATE(wire, CUPEL_WIRE_FAILED);
    cup_free(values);
    PG->close(wire, PG_SOON);
}

TASK_TEST(begin_travels_with_the_sets)
{
    cupel_wire *wire = pg_wire();
    cupel_value *values = numbers(5);
    cupel_rows *rows;
    int i;

    CHECK_OK(pg_run(wire, "create temp table t (i int)"));
    for (i = 0; i < 2; i++) { /* the second time it is prepared */
        CHECK_OK(run_sets(wire, PG->begin, "insert into t values ($1)", values,
                          1, 5, &rows));
        pg_free(rows);
        CHECK_STATE(wire, CUPEL_WIRE_IN_TRANSACTION);
        CHECK_OK(PG->rollback(wire, PG_SOON));
        CHECK_INT(pg_int(wire, "select count(*) from t"), 0);
    }
    cup_free(values);
    PG->close(wire, PG_SOON);
}

TASK_TEST(sets_agree_on_their_types)
{
    cupel_wire *wire = pg_wire();
    const cupel_value values[] = { cupel_null(), cupel_int(1),
                                   cupel_int(INT64_MAX) };
    const cupel_value mixed[] = { cupel_int(1), cupel_string("x") };
    cupel_rows *rows;

    CHECK_OK(pg_run(wire, "create temp table t (i bigint)"));
    CHECK_OK(
        run_sets(wire, NULL, "insert into t values ($1)", values, 1, 3, &rows));
    CHECK_INT(rows->affected, 3);
    pg_free(rows);
    CHECK_INT(pg_int(wire, "select max(i) from t"), INT64_MAX);
    CHECK_FAILS(
        run_sets(wire, NULL, "insert into t values ($1)", mixed, 1, 2, &rows),
        CUPEL_E_TYPE);
    CHECK(strstr(cupel_error_text(), "parameter 1") != NULL);
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_forgotten_statement_is_prepared_again)
{
    cupel_wire *wire = pg_wire();
    cupel_value *values = numbers(3);
    cupel_rows *rows;

    CHECK_OK(pg_run(wire, "create temp table t (i int)"));
    CHECK_OK(
        run_sets(wire, NULL, "insert into t values ($1)", values, 1, 3, &rows));
    pg_free(rows);
    CHECK_OK(pg_run(wire, "do $$ begin execute 'deallocate all'; end $$"));
    CHECK_OK(run_sets(wire, PG->begin, "insert into t values ($1)", values, 1,
                      3, &rows));
    pg_free(rows);
    CHECK_STATE(wire, CUPEL_WIRE_IN_TRANSACTION);
    CHECK_OK(PG->commit(wire, PG_SOON));
    CHECK_INT(pg_int(wire, "select count(*) from t"), 6);
    cup_free(values);
    PG->close(wire, PG_SOON);
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

/* Both directions are full at once: whoever only wrote, or only read, would
 * wait for ever. And other tasks go on meanwhile. */
TASK_TEST(ten_thousand_big_sets_both_ways_do_not_deadlock)
{
    enum { SETS = 10000, SIZE = 16 * 1024 };
    cupel_wire *wire = pg_wire();
    cupel_value *values = cup_alloc_array(SETS, sizeof *values);
    char *text = cup_alloc(SIZE);
    cupel_future *other;
    unsigned turns = 0;
    cupel_rows *rows;
    size_t i;

    memset(text, 'x', SIZE);
    for (i = 0; i < SETS; i++)
        values[i] = cupel_string_n(text, SIZE);
    other = cupel_future_call(count_turns, &turns);
    CHECK_OK(cupel_future_spawn(other));
    CHECK_OK(run_sets(wire, NULL, "select $1::text", values, 1, SETS, &rows));
    CHECK_INT(rows->affected, SETS);
    CHECK(turns > 100);
    pg_free(rows);
    cupel_future_cancel(other);
    CHECK_FAILS(cupel_await(other), CUPEL_E_CANCELLED);
    cup_free(text);
    cup_free(values);
    PG->close(wire, PG_SOON);
}

/* The server has had some of the sets when the deadline passes. Ending the
 * group then would keep those. */
TASK_TEST(a_batch_that_was_not_sent_whole_is_undone)
{
    enum { SETS = 2000, SIZE = 32 * 1024 };
    struct proxy proxy;
    cupel_wire *wire, *other = pg_wire();
    cupel_value *values = cup_alloc_array(SETS, sizeof *values);
    char *text = cup_alloc(SIZE);
    cupel_request request;
    cupel_rows *rows;
    size_t i;

    CHECK_OK(pg_run(other, "drop table if exists batched"));
    CHECK_OK(pg_run(other, "create table batched (s text)"));
    memset(text, 'x', SIZE);
    memcpy(text + SIZE / 2, "hinge", 5);
    for (i = 0; i < SETS; i++)
        values[i] = cupel_string_n(text, SIZE);
    proxy_start(&proxy, "", PROXY_NONE);
    wire = proxy_wire(&proxy);
    request = pg_request("insert into batched values ($1)", values, 1);
    CHECK_OK(PG->execute(wire, &request, PG_SOON, &rows)); /* prepares it */
    pg_free(rows);
    CHECK_OK(pg_run(other, "truncate batched"));
    CHECK_OK(pg_run(other, "begin"));
    CHECK_OK(pg_run(other, "lock table batched")); /* the server stops reading*/
    request.set_count = SETS;
    CHECK_FAILS(PG->execute(wire, &request, cupel_deadline_in(300), &rows),
                CUPEL_E_TIMEOUT);
    CHECK_STATE(wire, CUPEL_WIRE_BROKEN);
    CHECK_INT(cupel_error_outcome(cupel_error_last()),
              CUPEL_OUTCOME_NOT_APPLIED);
    PG->close(wire, PG_SOON);
    CHECK_OK(pg_run(other, "commit")); /* also lets the proxy go on */
    proxy_stop(&proxy);
    CHECK_OK(pg_run(other, "begin"));
    CHECK_OK(pg_run(other, "lock table batched")); /* waits for the other end */
    CHECK_INT(pg_int(other, "select count(*) from batched"), 0);
    cup_free(text);
    cup_free(values);
    PG->close(other, PG_SOON);
}
