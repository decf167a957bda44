/* SPDX-License-Identifier: MIT */
/* A ROLLBACK that nobody waits for. */
#include "postgresql_proxy.h"

#include "dialect/postgresql/ahead.h"

static cupel_status
execute(cupel_wire *wire, const char *sql, size_t fetch_first,
        cupel_rows **rows)
{
    cupel_request request = pg_request(sql, NULL, 0);

    request.begin = PG->begin;
    request.fetch_first = request.fetch_max = fetch_first;
    return PG->execute(wire, &request, PG_SOON, rows);
}

static cupel_status
begin(cupel_wire *wire, const char *sql)
{
    cupel_rows *rows;
    cupel_status rc = execute(wire, sql, 0, &rows);

    if (rc == CUPEL_OK)
        pg_free(rows);
    return rc;
}

static void
make_table(cupel_wire *wire)
{
    CHECK_OK(pg_run(wire, "drop table if exists ahead"));
    CHECK_OK(pg_run(wire, "create table ahead (i int)"));
}

/* A wire with a transaction that has added a row. */
static cupel_wire *
wire_in_transaction(void)
{
    cupel_wire *wire = pg_wire();

    make_table(wire);
    CHECK_OK(begin(wire, "insert into ahead values (1)"));
    CHECK_STATE(wire, CUPEL_WIRE_IN_TRANSACTION);
    return wire;
}

static void
end_session(cupel_wire *victim)
{
    cupel_wire *wire = pg_wire();
    char sql[64];

    snprintf(sql, sizeof sql, "select pg_terminate_backend(%d, 10000)",
             PQbackendPID(cup_pg_wire(victim)->conn));
    CHECK_OK(pg_run(wire, sql));
    PG->close(wire, PG_SOON);
}

TASK_TEST(it_goes_with_the_next_statement)
{
    cupel_wire *wire = wire_in_transaction();
    int i;

    for (i = 0; i < 3; i++) {
        CHECK(PG->rollback_ahead(wire, PG_SOON));
        CHECK_STATE(wire, CUPEL_WIRE_IDLE);
        CHECK(PG->alive(wire));
        CHECK(cup_pg_wire(wire)->unsynced); /* the flush is the next one's */
        CHECK_OK(begin(wire, "insert into ahead values (2)"));
        CHECK_STATE(wire, CUPEL_WIRE_IN_TRANSACTION);
        CHECK(!cup_pg_ahead_pending(&cup_pg_wire(wire)->ahead));
        CHECK_INT(pg_int(wire, "select count(*) from ahead"), 1);
    }
    CHECK_OK(PG->commit(wire, PG_SOON));
    CHECK_INT(pg_int(wire, "select count(*) from ahead"), 1);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_transaction_that_failed_is_undone_as_well)
{
    cupel_wire *wire = wire_in_transaction();

    CHECK_FAILS(pg_run(wire, "nonsense"), CUPEL_E_PROGRAMMING);
    CHECK_STATE(wire, CUPEL_WIRE_FAILED);
    CHECK(PG->rollback_ahead(wire, PG_SOON));
    CHECK_FAILS(begin(wire, "nonsense"), CUPEL_E_PROGRAMMING);
    CHECK_STATE(wire, CUPEL_WIRE_FAILED);
    CHECK(PG->rollback_ahead(wire, PG_SOON));
    CHECK_OK(pg_run(wire, "insert into ahead values (3)")); /* without BEGIN */
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    CHECK_INT(pg_int(wire, "select i from ahead"), 3);
    PG->close(wire, PG_SOON);
}

/* Whatever it is that comes next. */
TASK_TEST(others_wait_for_it_first)
{
    cupel_wire *wire = wire_in_transaction();
    const char *level;
    cupel_rows *rows;

    CHECK(PG->rollback_ahead(wire, PG_SOON));
    CHECK_OK(PG->commit(wire, PG_SOON)); /* of nothing */
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    CHECK_OK(begin(wire, "select 1"));
    CHECK(PG->rollback_ahead(wire, PG_SOON));
    CHECK_OK(PG->rollback(wire, PG_SOON));
    CHECK_OK(begin(wire, "select 1"));
    CHECK(PG->rollback_ahead(wire, PG_SOON));
    CHECK_OK(PG->ping(wire, PG_SOON));
    CHECK_OK(begin(wire, "select 1"));
    CHECK(PG->rollback_ahead(wire, PG_SOON));
    CHECK_OK(PG->set_isolation_level(wire, "SERIALIZABLE", PG_SOON));
    CHECK_OK(PG->get_isolation_level(wire, PG_SOON, &level));
    CHECK_STR(level, "SERIALIZABLE");
    CHECK_OK(begin(wire, "select 1"));
    CHECK(PG->rollback_ahead(wire, PG_SOON));
    CHECK_OK(execute(wire, "select i from ahead", 10, &rows));
    CHECK_INT(rows->row_count, 0);
    CHECK_OK(rows->ops->close(rows, PG_SOON));
    pg_free(rows);
    CHECK_OK(PG->rollback(wire, PG_SOON));
    PG->close(wire, PG_SOON);
}

/* A batch waits for room in the socket while its group is open: no Sync may
 * come in between. */
TASK_TEST(a_long_batch_stays_one_group)
{
    enum { SETS = 400, BYTES = 65536 };

    cupel_wire *wire = wire_in_transaction();
    cupel_value *values = cup_alloc_array(SETS, sizeof *values);
    cupel_request request = pg_request(
        "insert into ahead values (length($1)/(length($1)-65536))", values, 1);
    char *text = cup_alloc(BYTES);
    cupel_rows *rows;
    int i;

    memset(text, 'x', BYTES);
    for (i = 0; i < SETS; i++)
        values[i] = cupel_string_n(text, i == SETS - 1 ? BYTES : BYTES - 1);
    request.set_count = 2; /* to have it prepared */
    CHECK_OK(PG->execute(wire, &request, PG_SOON, &rows));
    pg_free(rows);
    CHECK_OK(PG->rollback(wire, PG_SOON));
    CHECK_OK(begin(wire, "select 1"));
    request.set_count = SETS;
    CHECK(PG->rollback_ahead(wire, PG_SOON));
    CHECK_FAILS(PG->execute(wire, &request, PG_SOON, &rows), CUPEL_E_DATA);
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    CHECK_INT(pg_int(wire, "select count(*) from ahead"), 0);
    cup_free(text);
    cup_free(values);
    PG->close(wire, PG_SOON);
}

/* No lock is held until somebody comes. */
TASK_TEST(it_goes_by_itself_at_the_next_turn)
{
    cupel_wire *wire = wire_in_transaction();
    cupel_wire *other = pg_wire();

    CHECK_OK(pg_run(wire, "lock table ahead"));
    CHECK_OK(pg_run(other, "set lock_timeout = '20s'"));
    CHECK(PG->rollback_ahead(wire, PG_SOON));
    CHECK_OK(cupel_sleep(1));
    CHECK(!cup_pg_wire(wire)->unsynced);
    CHECK_OK(pg_run(other, "insert into ahead values (7)"));
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    CHECK_INT(pg_int(wire, "select i from ahead"), 7);
    CHECK_OK(begin(wire, "select 1"));
    CHECK(PG->rollback_ahead(wire, PG_SOON));
    CHECK_OK(cupel_sleep(1));
    CHECK_OK(begin(wire, "insert into ahead values (8)"));
    CHECK_STATE(wire, CUPEL_WIRE_IN_TRANSACTION);
    CHECK(PG->rollback_ahead(wire, PG_SOON));
    CHECK_OK(cupel_sleep(1));
    PG->close(wire, PG_SOON); /* with the answer unread */
    PG->close(other, PG_SOON);
}

TASK_TEST(it_is_refused_where_there_is_more_to_do)
{
    cupel_wire *wire = pg_wire();
    cupel_rows *rows;

    CHECK(!PG->rollback_ahead(wire, PG_SOON)); /* nothing open */
    CHECK_OK(execute(wire, "select generate_series(1, 9)", 2, &rows));
    CHECK(!PG->rollback_ahead(wire, PG_SOON)); /* a stream */
    pg_free(rows);
    CHECK_OK(PG->rollback(wire, PG_SOON));
    CHECK_OK(begin(wire, "select 1"));
    CHECK(PG->driver_connection(wire) != NULL);
    CHECK(
        !PG->rollback_ahead(wire, PG_SOON)); /* somebody else may use it, too */
    CHECK_OK(PG->rollback(wire, PG_SOON));
    PG->close(wire, PG_SOON);
    wire = pg_wire_with("&pooler=transaction");
    CHECK_OK(begin(wire, "select 1"));
    CHECK(!PG->rollback_ahead(wire, PG_SOON));
    PG->close(wire, PG_SOON);
}

TEST(outside_tasks_it_is_refused)
{
    cupel_wire *wire = pg_wire();

    CHECK_OK(begin(wire, "select 1"));
    CHECK(!PG->rollback_ahead(wire, PG_SOON));
    CHECK_STATE(wire, CUPEL_WIRE_IN_TRANSACTION);
    CHECK_OK(PG->rollback(wire, PG_SOON));
    PG->close(wire, PG_SOON);
}

TASK_TEST(who_is_shown_the_connection_finds_it_idle)
{
    cupel_wire *wire = wire_in_transaction();
    PGconn *conn;

    CHECK(PG->rollback_ahead(wire, PG_SOON));
    conn = PG->driver_connection(wire);
    CHECK_INT(PQtransactionStatus(conn), PQTRANS_IDLE);
    CHECK_INT(PQexitPipelineMode(conn), 1);
    CHECK_INT(pg_int(wire, "select count(*) from ahead"), 0);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_session_that_has_ended_fails_the_next_statement)
{
    cupel_wire *wire = wire_in_transaction();
    cupel_status rc;

    CHECK(PG->rollback_ahead(wire, PG_SOON));
    end_session(wire); /* a turn or more: the ROLLBACK has gone by itself */
    rc = begin(wire, "insert into ahead values (2)");
    CHECK_INT(rc, CUPEL_E_OPERATIONAL);
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "57P01");
    CHECK_STATE(wire, CUPEL_WIRE_BROKEN);
    PG->close(wire, PG_SOON);
    wire = pg_wire();
    CHECK_INT(pg_int(wire, "select count(*) from ahead"), 0);
    PG->close(wire, PG_SOON);
}

/* Forgotten behind this side's back, the ROLLBACK is an error, and what stands
 * behind it must not become part of the transaction that is still open. */
static void
check_refused(bool with_a_turn_between)
{
    cupel_wire *wire = pg_wire();

    make_table(wire);
    CHECK_OK(begin(wire, "select 1"));
    CHECK_OK(PG->rollback(wire, PG_SOON)); /* it is prepared now */
    CHECK_OK(begin(wire, "insert into ahead values (1)"));
    CHECK_OK(pg_run(wire, "do $$ begin execute 'deallocate all'; end $$"));
    CHECK(PG->rollback_ahead(wire, PG_SOON));
    if (with_a_turn_between)
        CHECK_OK(cupel_sleep(1));
    CHECK_FAILS(begin(wire, "insert into ahead values (2)"),
                CUPEL_E_OPERATIONAL);
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "26000");
    CHECK_STATE(wire, CUPEL_WIRE_BROKEN);
    CHECK(!PG->alive(wire));
    PG->close(wire, PG_SOON);
    wire = pg_wire();
    CHECK_INT(pg_int(wire, "select count(*) from ahead"), 0);
    PG->close(wire, PG_SOON);
}

TASK_TEST(one_that_is_refused_costs_the_wire)
{
    check_refused(false);
    check_refused(true);
}

/* A wire in a transaction, of which nobody hears any more. */
static cupel_wire *
silent_wire(struct proxy *proxy)
{
    cupel_wire *wire;

    proxy_start(proxy, "", PROXY_NONE);
    wire = proxy_wire(proxy);
    CHECK_OK(begin(wire, "select 1"));
    proxy_freeze(proxy);
    return wire;
}

static void
end_silence(struct proxy *proxy, cupel_wire *wire)
{
    PG->free(wire);
    proxy_thaw(proxy);
    proxy_stop(proxy);
}

TASK_TEST(a_silent_server_keeps_nobody_beyond_his_deadline)
{
    cupel_request request = pg_request("select 1", NULL, 0);
    struct proxy proxy;
    cupel_wire *wire = silent_wire(&proxy);
    cupel_rows *rows;

    CHECK(PG->rollback_ahead(wire, PG_SOON));
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    CHECK_FAILS(PG->execute(wire, &request, cupel_deadline_in(50), &rows),
                CUPEL_E_TIMEOUT);
    CHECK_STATE(wire, CUPEL_WIRE_BUSY);
    end_silence(&proxy, wire);
}

/* By itself, a ROLLBACK has a deadline, whoever waits for it. */
TASK_TEST(an_answer_that_is_overdue_costs_the_wire)
{
    cupel_request request = pg_request("select 1", NULL, 0);
    struct proxy proxy;
    cupel_wire *wire = silent_wire(&proxy);
    cupel_time start = cupel_now();
    cupel_rows *rows;

    CHECK(PG->rollback_ahead(wire, cupel_deadline_in(50)));
    CHECK_OK(cupel_sleep(1)); /* in a group of its own */
    CHECK_FAILS(PG->execute(wire, &request, CUPEL_FOREVER, &rows),
                CUPEL_E_OPERATIONAL);
    CHECK(cupel_now() - start >= 50);
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "08006");
    CHECK(strstr(cupel_error_text(), "a ROLLBACK was not answered") != NULL);
    CHECK_STATE(wire, CUPEL_WIRE_BROKEN);
    end_silence(&proxy, wire);
}

TASK_TEST(who_is_shown_a_silent_connection_waits_no_longer_either)
{
    struct proxy proxy;
    cupel_wire *wire = silent_wire(&proxy);

    CHECK(PG->rollback_ahead(wire, cupel_deadline_in(50)));
    CHECK(PG->driver_connection(wire) != NULL);
    CHECK_STATE(wire, CUPEL_WIRE_BROKEN);
    end_silence(&proxy, wire);
}

/* What stands behind it may take longer. */
TASK_TEST(a_slow_statement_behind_it_is_let_be)
{
    cupel_wire *wire = wire_in_transaction();

    CHECK_OK(pg_run(wire, "select pg_sleep(0)"));
    CHECK(PG->rollback_ahead(wire, cupel_deadline_in(100)));
    CHECK_OK(cupel_sleep(1)); /* in a group of its own */
    CHECK_OK(begin(wire, "select pg_sleep(0.3)"));
    CHECK(PG->rollback_ahead(wire, cupel_deadline_in(100)));
    CHECK_OK(begin(wire, "select pg_sleep(0.3)")); /* in one with it */
    CHECK(PG->rollback_ahead(wire, PG_SOON));
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_cancelled_statement_behind_it_leaves_a_good_wire)
{
    cupel_wire *wire = wire_in_transaction();
    cupel_request request = pg_request("select pg_sleep(10)", NULL, 0);
    cupel_rows *rows;

    CHECK(PG->rollback_ahead(wire, PG_SOON));
    CHECK_FAILS(PG->execute(wire, &request, cupel_deadline_in(50), &rows),
                CUPEL_E_TIMEOUT);
    CHECK_STATE(wire, CUPEL_WIRE_BUSY);
    CHECK_OK(PG->cancel(wire, PG_SOON));
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    CHECK_INT(pg_int(wire, "select count(*) from ahead"), 0);
    PG->close(wire, PG_SOON);
}

/* A child has none of the parent's loops, and nothing to say to the server. */
TASK_TEST(a_forked_child_lets_go_of_it)
{
    cupel_wire *wire = wire_in_transaction();

    CHECK(PG->rollback_ahead(wire, PG_SOON));
    pg_free_in_child(wire);
    CHECK_INT(pg_int(wire, "select count(*) from ahead"), 0);
    PG->close(wire, PG_SOON);
}
