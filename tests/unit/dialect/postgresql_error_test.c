/* SPDX-License-Identifier: MIT */
/* SQLSTATEs as our classes, and what libpq says without one. */
#include "postgresql.h"

#include "dialect/postgresql/error.h"

TEST(each_family_of_sqlstates_has_its_class)
{
    static const struct {
        const char *sqlstate;
        cupel_status status;
    } cases[] = {
        { "08006", CUPEL_E_OPERATIONAL }, { "0A000", CUPEL_E_NOTSUPPORTED },
        { "20000", CUPEL_E_PROGRAMMING }, { "21000", CUPEL_E_PROGRAMMING },
        { "22012", CUPEL_E_DATA },        { "23505", CUPEL_E_INTEGRITY },
        { "24000", CUPEL_E_INTERNAL },    { "25P02", CUPEL_E_INTERNAL },
        { "26000", CUPEL_E_PROGRAMMING }, { "27000", CUPEL_E_OPERATIONAL },
        { "28P01", CUPEL_E_OPERATIONAL }, { "2BP01", CUPEL_E_INTERNAL },
        { "2D000", CUPEL_E_INTERNAL },    { "2F005", CUPEL_E_OPERATIONAL },
        { "34000", CUPEL_E_PROGRAMMING }, { "38000", CUPEL_E_OPERATIONAL },
        { "39000", CUPEL_E_OPERATIONAL }, { "3B001", CUPEL_E_OPERATIONAL },
        { "3D000", CUPEL_E_PROGRAMMING }, { "3F000", CUPEL_E_PROGRAMMING },
        { "40001", CUPEL_E_OPERATIONAL }, { "42601", CUPEL_E_PROGRAMMING },
        { "44000", CUPEL_E_PROGRAMMING }, { "53100", CUPEL_E_OPERATIONAL },
        { "54001", CUPEL_E_OPERATIONAL }, { "55P03", CUPEL_E_OPERATIONAL },
        { "57014", CUPEL_E_OPERATIONAL }, { "58030", CUPEL_E_OPERATIONAL },
        { "F0000", CUPEL_E_OPERATIONAL }, { "HV000", CUPEL_E_OPERATIONAL },
        { "P0001", CUPEL_E_PROGRAMMING }, { "XX000", CUPEL_E_INTERNAL },
        { "99999", CUPEL_E_DATABASE },    { "", CUPEL_E_DATABASE },
    };
    size_t i;

    for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_INT(cup_pg_status_of(cases[i].sqlstate), cases[i].status);
}

TEST(the_sqlstate_of_a_connect_is_found_at_the_end_of_a_line)
{
    char sqlstate[6] = "";

    CHECK(cup_pg_sqlstate_find("connection to server at \"h\" failed: FATAL:  "
                               "28P01\n",
                               sqlstate));
    CHECK_STR(sqlstate, "28P01");
    CHECK(cup_pg_sqlstate_find("at \"a\" failed: FATAL:  57P03\n"
                               "at \"b\" failed: SCHWERWIEGEND:  53300\n",
                               sqlstate));
    CHECK_STR(sqlstate, "53300");
    CHECK(!cup_pg_sqlstate_find("", sqlstate));
    CHECK(!cup_pg_sqlstate_find("short\n", sqlstate));
    CHECK(!cup_pg_sqlstate_find("failed: Connection refused\n", sqlstate));
    CHECK(!cup_pg_sqlstate_find("no blanks before it: 28P01\n", sqlstate));
}

/* What the server says of this statement. */
static cupel_status
fail_with(const char *sql)
{
    cupel_wire *wire = pg_wire();
    cupel_status rc = pg_run(wire, sql);

    CHECK(rc != CUPEL_OK);
    PG->close(wire, PG_SOON);
    return rc;
}

static void
check_retry_safe(const char *sqlstate, bool expected)
{
    char sql[128];

    snprintf(sql, sizeof sql,
             "do $$ begin raise exception using errcode = '%s'; end $$",
             sqlstate);
    CHECK_INT(fail_with(sql), cup_pg_status_of(sqlstate));
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), sqlstate);
    CHECK_INT(cupel_error_retry_safe(cupel_error_last()), expected);
    CHECK(!cupel_error_connection_lost(cupel_error_last()));
}

TASK_TEST(what_may_succeed_next_time_is_safe_to_retry)
{
    check_retry_safe("40001", true);
    check_retry_safe("40P01", true);
    check_retry_safe("55P03", true);
    check_retry_safe("23505", false);
    check_retry_safe("57014", false);
}

/* Class 08 also comes from a server that lost another one. */
TASK_TEST(an_error_about_another_connection_leaves_this_one)
{
    cupel_wire *wire = pg_wire();

    CHECK_FAILS(pg_run(wire, "do $$ begin raise exception using errcode = "
                             "'08006'; end $$"),
                CUPEL_E_OPERATIONAL);
    CHECK(!cupel_error_connection_lost(cupel_error_last()));
    CHECK_INT(pg_int(wire, "select 1"), 1);
    PG->close(wire, PG_SOON);
}

TASK_TEST(an_error_has_every_field_that_was_sent)
{
    const cupel_error *error;

    CHECK_FAILS(fail_with("do $$ begin raise exception E'two\\nlines' using "
                          "detail = 'd', hint = 'h', table = 't', column = "
                          "'c', constraint = 'k'; end $$"),
                CUPEL_E_PROGRAMMING);
    error = cupel_error_last();
    CHECK_STR(cupel_error_message(error), "two lines");
    CHECK_STR(cupel_error_detail(error), "d");
    CHECK_STR(cupel_error_hint(error), "h");
    CHECK_STR(cupel_error_table(error), "t");
    CHECK_STR(cupel_error_column(error), "c");
    CHECK_STR(cupel_error_constraint(error), "k");
}

/* What was logged last. */
static char logged[256];

static void
keep_line(void *context, cupel_log_level level, const char *logger,
          const char *message)
{
    (void)context;
    if (strcmp(logger, "cupel.postgresql") == 0)
        snprintf(logged, sizeof logged, "%d %s", level, message);
}

TASK_TEST(notices_are_logged_without_their_text)
{
    cupel_wire *wire = pg_wire();

    cupel_log_set(keep_line, NULL, CUPEL_LOG_INFO);
    CHECK_OK(pg_run(wire, "do $$ begin raise warning 'secret'; end $$"));
    cupel_log_set(NULL, NULL, CUPEL_LOG_INFO);
    CHECK_STR(logged, "30 the server says WARNING with SQLSTATE 01000");
    PG->close(wire, PG_SOON);
}
