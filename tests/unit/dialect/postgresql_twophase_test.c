/* SPDX-License-Identifier: MIT */
/* Two-phase commit. */
#include "postgresql_proxy.h"

static const char awkward[] = "it's \\ \"quoted\"; \xc3\xa4";

static void
make_table(cupel_wire *wire)
{
    CHECK_OK(pg_run(wire, "drop table if exists twophase"));
    CHECK_OK(pg_run(wire, "create table twophase (i int primary key deferrable "
                          "initially deferred)"));
}

static cupel_status
insert(cupel_wire *wire)
{
    cupel_request request =
        pg_request("insert into twophase values (1)", NULL, 0);
    cupel_rows *rows;
    cupel_status rc;

    request.begin = PG->begin;
    rc = PG->execute(wire, &request, PG_SOON, &rows);
    if (rc == CUPEL_OK)
        pg_free(rows);
    return rc;
}

static int64_t
count(cupel_wire *wire)
{
    return pg_int(wire, "select count(*) from twophase");
}

/* How many transactions of this database are prepared under this name. */
static int
recovered(cupel_wire *wire, const char *xid)
{
    cupel_rows *rows;
    int found = 0;
    size_t i;

    CHECK_OK(PG->recover_twophase(wire, PG_SOON, &rows));
    for (i = 0; i < rows->row_count; i++) {
        cupel_value value = pg_cell(rows, i, 0);

        found += value.as.bytes.len == strlen(xid) &&
                 memcmp(value.as.bytes.data, xid, strlen(xid)) == 0;
    }
    pg_free(rows);
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    return found;
}

static void
prepare(cupel_wire *wire, const char *xid)
{
    CHECK_OK(insert(wire));
    CHECK_OK(PG->prepare_twophase(wire, xid, PG_SOON));
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    CHECK_INT(count(wire), 0);
    CHECK_INT(recovered(wire, xid), 1);
}

TASK_TEST(a_prepared_transaction_is_committed_from_another_wire)
{
    cupel_wire *wire = pg_wire(), *other = pg_wire();

    make_table(wire);
    prepare(wire, awkward);
    PG->close(wire, PG_SOON);
    CHECK_OK(PG->commit_twophase(other, awkward, true, PG_SOON));
    CHECK_STATE(other, CUPEL_WIRE_IDLE);
    CHECK_INT(count(other), 1);
    CHECK_INT(recovered(other, awkward), 0);
    PG->close(other, PG_SOON);
}

TASK_TEST(a_prepared_transaction_is_rolled_back)
{
    cupel_wire *wire = pg_wire();

    make_table(wire);
    prepare(wire, "one");
    CHECK_OK(PG->rollback_twophase(wire, "one", true, PG_SOON));
    CHECK_INT(count(wire), 0);
    CHECK_INT(recovered(wire, "one"), 0);
    PG->close(wire, PG_SOON);
}

TASK_TEST(one_that_is_not_prepared_ends_as_any_other)
{
    cupel_wire *wire = pg_wire();

    make_table(wire);
    CHECK_OK(insert(wire));
    CHECK_OK(PG->rollback_twophase(wire, "two", false, PG_SOON));
    CHECK_INT(count(wire), 0);
    CHECK_OK(insert(wire));
    CHECK_OK(PG->commit_twophase(wire, "two", false, PG_SOON));
    CHECK_INT(count(wire), 1);
    PG->close(wire, PG_SOON);
}

TASK_TEST(one_that_did_nothing_can_be_prepared)
{
    cupel_wire *wire = pg_wire();

    CHECK_OK(PG->prepare_twophase(wire, "empty", PG_SOON));
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    CHECK_INT(recovered(wire, "empty"), 1);
    CHECK_OK(PG->commit_twophase(wire, "empty", true, PG_SOON));
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_failed_transaction_is_not_prepared_but_rolled_back)
{
    cupel_wire *wire = pg_wire();

    make_table(wire);
    CHECK_OK(insert(wire));
    CHECK_FAILS(pg_run(wire, "nonsense"), CUPEL_E_PROGRAMMING);
    CHECK_FAILS(PG->prepare_twophase(wire, "failed", PG_SOON),
                CUPEL_E_INTERNAL);
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "25P02");
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    CHECK_INT(recovered(wire, "failed"), 0);
    CHECK_INT(count(wire), 0);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_deferred_constraint_fails_the_prepare)
{
    cupel_wire *wire = pg_wire();

    make_table(wire);
    CHECK_OK(insert(wire));
    CHECK_OK(pg_run(wire, "insert into twophase values (1)"));
    CHECK_FAILS(PG->prepare_twophase(wire, "twice", PG_SOON),
                CUPEL_E_INTEGRITY);
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    CHECK_INT(count(wire), 0);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_name_is_used_once)
{
    cupel_wire *wire = pg_wire();

    make_table(wire);
    prepare(wire, "once");
    CHECK_FAILS(PG->prepare_twophase(wire, "once", PG_SOON),
                CUPEL_E_PROGRAMMING);
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "42710");
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    CHECK_OK(PG->rollback_twophase(wire, "once", true, PG_SOON));
    CHECK_FAILS(PG->rollback_twophase(wire, "once", true, PG_SOON),
                CUPEL_E_PROGRAMMING);
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "42704");
    CHECK_FAILS(PG->commit_twophase(wire, "once", true, PG_SOON),
                CUPEL_E_PROGRAMMING);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_name_that_is_no_text_is_refused)
{
    cupel_wire *wire = pg_wire();

    CHECK(PG->prepare_twophase(wire, "half a letter: \xc3", PG_SOON) !=
          CUPEL_OK);
    CHECK_INT(pg_int(wire, "select count(*) from pg_prepared_xacts where gid "
                           "like 'half%'"),
              0);
    PG->close(wire, PG_SOON);
}

TASK_TEST(what_other_databases_have_prepared_is_not_ours)
{
    cupel_wire *wire = pg_wire(), *other;
    char url[512];

    snprintf(url, sizeof url, "postgresql://postgres@/postgres?host=%s&port=%s",
             test_env("CUPEL_TEST_PG_SOCKET_DIR"),
             test_env("CUPEL_TEST_PG_PORT"));
    CHECK_OK(pg_connect_url(url, &other));
    CHECK_OK(PG->prepare_twophase(other, "elsewhere", PG_SOON));
    CHECK_INT(recovered(other, "elsewhere"), 1);
    CHECK_INT(recovered(wire, "elsewhere"), 0);
    CHECK_OK(PG->rollback_twophase(other, "elsewhere", true, PG_SOON));
    PG->close(other, PG_SOON);
    PG->close(wire, PG_SOON);
}

/* The server has done it, and nobody is told. */
static void
check_doubt(const char *word, cupel_status (*act)(cupel_wire *))
{
    struct proxy proxy;
    cupel_wire *wire;

    proxy_start(&proxy, word, PROXY_CUT_ANSWER);
    wire = proxy_wire(&proxy);
    CHECK_FAILS(act(wire), CUPEL_E_OPERATIONAL);
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "08007");
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    CHECK_INT(cupel_error_outcome(cupel_error_last()), CUPEL_OUTCOME_UNKNOWN);
    CHECK(strstr(cupel_error_text(), word) != NULL);
    PG->close(wire, PG_SOON);
    proxy_stop(&proxy);
}

static cupel_status
prepare_in_vain(cupel_wire *wire)
{
    return PG->prepare_twophase(wire, "doubtful", PG_SOON);
}

static cupel_status
commit_in_vain(cupel_wire *wire)
{
    return PG->commit_twophase(wire, "doubtful", true, PG_SOON);
}

TASK_TEST(an_answer_that_is_lost_leaves_a_doubt)
{
    cupel_wire *wire = pg_wire();

    check_doubt("PREPARE TRANSACTION", prepare_in_vain);
    CHECK_INT(recovered(wire, "doubtful"), 1);
    check_doubt("COMMIT PREPARED", commit_in_vain);
    CHECK_INT(recovered(wire, "doubtful"), 0);
    PG->close(wire, PG_SOON);
}
