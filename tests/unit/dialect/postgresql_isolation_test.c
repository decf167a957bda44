/* SPDX-License-Identifier: MIT */
/* Isolation levels and switches, with a session of one's own and behind a
 * transaction pooler. */
#include "postgresql.h"

#include "dialect/postgresql/isolation.h"

static cupel_status
begin_with(cupel_wire *wire, const char *sql)
{
    cupel_request request = pg_request(sql, NULL, 0);
    cupel_rows *rows;
    cupel_status rc;

    request.begin = PG->begin;
    rc = PG->execute(wire, &request, PG_SOON, &rows);
    if (rc == CUPEL_OK)
        pg_free(rows);
    return rc;
}

static const char *
level_of(cupel_wire *wire)
{
    const char *level = NULL;

    CHECK_OK(PG->get_isolation_level(wire, PG_SOON, &level));
    return level;
}

/* The level that a transaction really has; it is rolled back. */
static void
check_transaction(cupel_wire *wire, const char *expected)
{
    cupel_rows *rows;
    cupel_value value;

    CHECK_OK(begin_with(wire, "select 1"));
    rows = pg_rows(wire,
                   "select upper(current_setting('transaction_isolation"
                   "'))",
                   NULL, 0);
    value = pg_cell(rows, 0, 0);
    CHECK_STR((const char *)value.as.bytes.data, expected);
    pg_free(rows);
    CHECK_STR(level_of(wire), expected);
    CHECK_OK(PG->rollback(wire, PG_SOON));
}

static void
check_every_level(cupel_wire *wire)
{
    const char *const *level;

    for (level = PG->isolation_levels; *level != NULL; level++) {
        CHECK_OK(PG->set_isolation_level(wire, *level, PG_SOON));
        CHECK_STATE(wire, CUPEL_WIRE_IDLE);
        CHECK_INT(wire->autocommit, strcmp(*level, "AUTOCOMMIT") == 0);
        if (wire->autocommit)
            continue;
        CHECK_STR(level_of(wire), *level);
        CHECK_STATE(wire, CUPEL_WIRE_IDLE);
        check_transaction(wire, *level);
    }
}

TEST(level_names_are_found_in_any_case)
{
    CHECK_STR(cup_pg_isolation_level_of("read committed"), "READ COMMITTED");
    CHECK(cup_pg_isolation_level_of("autocommit") == NULL);
    CHECK(cup_pg_isolation_level_of("snapshot") == NULL);
}

TASK_TEST(every_level_holds_for_the_transactions_to_come)
{
    cupel_wire *wire = pg_wire();

    check_every_level(wire);
    PG->close(wire, PG_SOON);
}

TASK_TEST(behind_a_pooler_every_begin_says_its_level)
{
    cupel_wire *wire = pg_wire_with("&pooler=transaction");

    CHECK_STR(level_of(wire), "READ COMMITTED");
    check_every_level(wire);
    CHECK_OK(PG->set_isolation_level(wire, "SERIALIZABLE", PG_SOON));
    CHECK_INT(pg_int(wire, "select (current_setting('default_transaction_"
                           "isolation') = 'read committed')::int"),
              1);
    PG->close(wire, PG_SOON);
}

TASK_TEST(autocommit_leaves_the_sessions_level_alone)
{
    cupel_wire *wire = pg_wire();

    CHECK_OK(PG->set_isolation_level(wire, "SERIALIZABLE", PG_SOON));
    CHECK_OK(PG->set_isolation_level(wire, "AUTOCOMMIT", PG_SOON));
    CHECK(wire->autocommit);
    CHECK_STR(level_of(wire), "SERIALIZABLE");
    CHECK_OK(PG->set_isolation_level(wire, "READ COMMITTED", PG_SOON));
    CHECK(!wire->autocommit);
    CHECK_STR(level_of(wire), "READ COMMITTED");
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_level_that_is_known_to_be_set_costs_nothing)
{
    cupel_wire *wire = pg_wire();
    cupel_time past = cupel_now() - 1; /* no round trip can be made */

    CHECK_OK(PG->set_isolation_level(wire, "SERIALIZABLE", PG_SOON));
    CHECK_OK(PG->set_isolation_level(wire, "AUTOCOMMIT", past));
    CHECK_OK(PG->set_isolation_level(wire, "SERIALIZABLE", past));
    CHECK(!wire->autocommit);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_level_that_the_user_has_set_is_noticed)
{
    cupel_wire *wire = pg_wire();

    CHECK_OK(PG->set_isolation_level(wire, "SERIALIZABLE", PG_SOON));
    CHECK_OK(pg_run(wire, "set default_transaction_isolation = 'repeatable "
                          "read'"));
    CHECK_STR(level_of(wire), "REPEATABLE READ");
    CHECK_OK(PG->set_isolation_level(wire, "SERIALIZABLE", PG_SOON));
    CHECK_STR(level_of(wire), "SERIALIZABLE");
    CHECK_OK(pg_run(wire, "reset all"));
    CHECK_OK(PG->set_isolation_level(wire, "SERIALIZABLE", PG_SOON));
    CHECK_STR(level_of(wire), "SERIALIZABLE");
    CHECK_OK(pg_run(wire, "discard all"));
    CHECK_OK(PG->set_isolation_level(wire, "SERIALIZABLE", PG_SOON));
    CHECK_STR(level_of(wire), "SERIALIZABLE");
    PG->close(wire, PG_SOON);
}

TASK_TEST(inside_a_transaction_nothing_can_be_set)
{
    cupel_wire *wire = pg_wire();

    CHECK_OK(begin_with(wire, "select 1"));
    CHECK_FAILS(PG->set_isolation_level(wire, "SERIALIZABLE", PG_SOON),
                CUPEL_E_INVALID);
    CHECK_FAILS(PG->set_isolation_level(wire, "AUTOCOMMIT", PG_SOON),
                CUPEL_E_INVALID);
    CHECK_FAILS(
        PG->set_session_switch(wire, "postgresql_readonly", true, PG_SOON),
        CUPEL_E_INVALID);
    CHECK(!wire->autocommit);
    CHECK_STATE(wire, CUPEL_WIRE_IN_TRANSACTION);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_level_whose_answer_is_late_is_asked_for_again)
{
    cupel_wire *wire = pg_wire();

    CHECK_FAILS(PG->set_isolation_level(wire, "SERIALIZABLE", cupel_now() - 1),
                CUPEL_E_TIMEOUT);
    CHECK_OK(PG->set_isolation_level(wire, "SERIALIZABLE", PG_SOON));
    CHECK_STR(level_of(wire), "SERIALIZABLE");
    PG->close(wire, PG_SOON);
}

/* What a switch makes of transactions: the settings in force. */
static void
check_switches(cupel_wire *wire, int64_t read_only, int64_t deferrable)
{
    CHECK_OK(begin_with(wire, "select 1"));
    CHECK_INT(pg_int(wire,
                     "select current_setting('transaction_read_only')::bool"
                     "::int"),
              read_only);
    CHECK_INT(pg_int(wire,
                     "select current_setting('transaction_deferrable')::bool"
                     "::int"),
              deferrable);
    CHECK_OK(PG->rollback(wire, PG_SOON));
}

static void
set_switch(cupel_wire *wire, int i, bool on)
{
    CHECK_OK(
        PG->set_session_switch(wire, PG->session_switches[i], on, PG_SOON));
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
}

static void
check_every_switch(cupel_wire *wire)
{
    CHECK_STR(PG->session_switches[0], "postgresql_readonly");
    CHECK_STR(PG->session_switches[1], "postgresql_deferrable");
    CHECK(PG->session_switches[2] == NULL);
    set_switch(wire, 0, true);
    check_switches(wire, 1, 0);
    set_switch(wire, 1, true);
    check_switches(wire, 1, 1);
    set_switch(wire, 0, false);
    check_switches(wire, 0, 1);
    set_switch(wire, 1, false);
    check_switches(wire, 0, 0);
}

TASK_TEST(switches_hold_until_they_are_off)
{
    cupel_wire *wire = pg_wire();

    check_every_switch(wire);
    PG->close(wire, PG_SOON);
}

TASK_TEST(behind_a_pooler_every_begin_says_its_switches)
{
    cupel_wire *wire = pg_wire_with("&pooler=transaction");

    check_every_switch(wire);
    CHECK_OK(PG->set_isolation_level(wire, "SERIALIZABLE", PG_SOON));
    set_switch(wire, 0, true);
    set_switch(wire, 1, true);
    check_transaction(wire, "SERIALIZABLE");
    check_switches(wire, 1, 1);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_read_only_transaction_refuses_writes_and_keeps_its_wire)
{
    cupel_wire *wire = pg_wire();

    set_switch(wire, 0, true);
    CHECK_FAILS(begin_with(wire, "create table never (i int)"),
                CUPEL_E_INTERNAL);
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "25006");
    CHECK(!cupel_error_connection_lost(cupel_error_last()));
    CHECK_OK(PG->rollback(wire, PG_SOON));
    CHECK(PG->alive(wire));
    PG->close(wire, PG_SOON);
}
