/* SPDX-License-Identifier: MIT */
/* Errors: their classes and codes, what they carry, and what they look like. */
#include <stdio.h>

#include "acceptance/acceptance.h"

static const char *
rendered(void)
{
    static char text[2048];

    cupel_error_render(cupel_error_last(), text, sizeof text);
    return text;
}

/* ---- Classes and codes -------------------------------------------------- */

TEST(classes_and_codes_are_those_of_the_reference)
{
    static const struct {
        cupel_status status;
        const char *class_name;
        const char *code;
    } known[] = {
        { CUPEL_E_ARGUMENT, "ArgumentError", "" },
        { CUPEL_E_NOMODULE, "NoSuchModuleError", "" },
        { CUPEL_E_NOTEXECUTABLE, "ObjectNotExecutableError", "" },
        { CUPEL_E_INVALID, "InvalidRequestError", "" },
        { CUPEL_E_CLOSED, "ResourceClosedError", "" },
        { CUPEL_E_PENDINGROLLBACK, "PendingRollbackError", "8s2b" },
        { CUPEL_E_NOCOLUMN, "NoSuchColumnError", "" },
        { CUPEL_E_NORESULT, "NoResultFound", "" },
        { CUPEL_E_MULTIPLE, "MultipleResultsFound", "" },
        { CUPEL_E_NOTASK, "MissingGreenlet", "xd2s" },
        { CUPEL_E_NOTSTARTED, "AsyncContextNotStarted", "" },
        { CUPEL_E_STARTED, "AsyncContextAlreadyStarted", "" },
        { CUPEL_E_ASYNCMETHOD, "AsyncMethodRequired", "" },
        { CUPEL_E_TIMEOUT, "TimeoutError", "3o7r" },
        { CUPEL_E_COMPILE, "CompileError", "" },
        { CUPEL_E_STATEMENT, "StatementError", "" },
        { CUPEL_E_DBAPI, "DBAPIError", "dbapi" },
        { CUPEL_E_INTERFACE, "InterfaceError", "rvf5" },
        { CUPEL_E_DATABASE, "DatabaseError", "4xp6" },
        { CUPEL_E_DATA, "DataError", "9h9h" },
        { CUPEL_E_OPERATIONAL, "OperationalError", "e3q8" },
        { CUPEL_E_INTEGRITY, "IntegrityError", "gkpj" },
        { CUPEL_E_INTERNAL, "InternalError", "2j85" },
        { CUPEL_E_PROGRAMMING, "ProgrammingError", "f405" },
        { CUPEL_E_NOTSUPPORTED, "NotSupportedError", "tw8g" },
    };
    size_t i;

    for (i = 0; i < sizeof known / sizeof known[0]; i++) {
        CHECK_STR(cupel_status_class(known[i].status), known[i].class_name);
        CHECK_FAILS(cupel_error_raise(known[i].status, "text"),
                    known[i].status);
        CHECK_STR(cupel_error_code(cupel_error_last()), known[i].code);
    }
}

TEST(only_failures_are_raised)
{
    CHECK_FAILS(cupel_error_raise(CUPEL_OK, "fine"), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_error_raise(CUPEL_ROW, "a row"), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_error_raise((cupel_status)-30000, "what"),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_error_raise(CUPEL_E_VALUE, "one\nline"), CUPEL_E_VALUE);
    CHECK_STR(cupel_error_text(), "one line");
    CHECK_FAILS(cupel_error_raise(CUPEL_E_VALUE, NULL), CUPEL_E_VALUE);
    CHECK_STR(cupel_error_text(), "");
}

/* ---- What they carry ---------------------------------------------------- */

TASK_TEST(an_integrity_error_carries_statement_and_parameters)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    const cupel_error *error;
    const char *sql =
        accept_is_postgresql()
            ? "INSERT INTO users (user_id, user_name) VALUES ($1, $2)"
            : "INSERT INTO users (user_id, user_name) VALUES (?, ?)";
    char expected[1024];

    CHECK_OK(accept_insert(conn, 1));
    CHECK_FAILS(accept_insert(conn, 1), CUPEL_E_INTEGRITY);
    error = cupel_error_last();
    CHECK_INT(cupel_error_status(error), CUPEL_E_INTEGRITY);
    CHECK_STR(cupel_error_statement(error), sql);
    CHECK_STR(cupel_error_parameters(error), "(1, 'name1')");
    CHECK(!cupel_error_hide_parameters(error));
    CHECK(strstr(cupel_error_message(error), "name1") == NULL);
    CHECK(!cupel_error_connection_lost(error));
    if (accept_is_postgresql())
        CHECK_STR(cupel_error_sqlstate(error), "23505");
    else
        CHECK_INT(cupel_error_vendor_code(error), 1555);
    snprintf(expected, sizeof expected,
             "(IntegrityError) %s\n[SQL: %s]\n[parameters: (1, 'name1')]\n"
             "(Background on this error: gkpj)",
             cupel_error_message(error), sql);
    CHECK_STR(rendered(), expected);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(an_error_without_parameters_shows_none)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    char expected[1024];

    CHECK_FAILS(accept_run(conn, "SELECT nothing FROM nowhere"),
                accept_is_postgresql() ? CUPEL_E_PROGRAMMING
                                       : CUPEL_E_OPERATIONAL);
    CHECK(cupel_error_parameters(cupel_error_last()) == NULL);
    snprintf(expected, sizeof expected,
             "(%s) %s\n[SQL: SELECT nothing FROM nowhere]\n(Background on "
             "this error: %s)",
             accept_is_postgresql() ? "ProgrammingError" : "OperationalError",
             cupel_error_text(), accept_is_postgresql() ? "f405" : "e3q8");
    CHECK_STR(rendered(), expected);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(parameters_of_many_sets_are_abbreviated)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_param ids[20];
    const cupel_params sets = { ids, 1, 20 };
    int i;

    for (i = 0; i < 20; i++)
        ids[i] = (cupel_param){ "id", cupel_int(i % 19) };
    CHECK_FAILS(cupel_connection_execute(
                    conn,
                    CUPEL_TEXT("INSERT INTO users (user_id) VALUES (:id)"),
                    &sets, NULL, NULL),
                CUPEL_E_INTEGRITY);
    CHECK_STR(cupel_error_parameters(cupel_error_last()),
              "[(0,), (1,), (2,), (3,), (4,), (5,), (6,), (7,)  ... displaying "
              "10 of 20 total bound parameter sets ...  (18,), (0,)]");
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(hidden_parameters_are_in_no_text)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine;
    cupel_connection *conn;

    options.hide_parameters = CUPEL_ON;
    engine = accept_engine(&options);
    conn = accept_connect(engine);
    CHECK_OK(accept_insert(conn, 1));
    CHECK_FAILS(accept_insert(conn, 1), CUPEL_E_INTEGRITY);
    CHECK(cupel_error_parameters(cupel_error_last()) == NULL);
    CHECK(cupel_error_hide_parameters(cupel_error_last()));
    CHECK(strstr(rendered(), "name1") == NULL);
    CHECK(strstr(rendered(), "\n[SQL parameters hidden due to "
                             "hide_parameters=True]\n") != NULL);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(a_missing_parameter_is_a_statement_error)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK_FAILS(accept_run(conn, "SELECT :missing"), CUPEL_E_STATEMENT);
    CHECK_STR(cupel_error_code(cupel_error_last()), "cd3x");
    CHECK(strstr(cupel_error_text(), "'missing'") != NULL);
    CHECK(strncmp(rendered(), "(StatementError) ", 17) == 0);
    CHECK(strstr(rendered(), "[SQL: SELECT ") != NULL);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(a_failure_to_connect_is_operational)
{
    cupel_engine *engine;
    cupel_connection *conn;

    CHECK_OK(cupel_engine_create_async(
        accept_is_postgresql() ? "postgresql://me:secret@127.0.0.1:1/nowhere"
                               : "sqlite:////nonexistent/directory/file.db",
        NULL, &engine));
    CHECK_FAILS(cupel_engine_connect(engine, &conn), CUPEL_E_OPERATIONAL);
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    CHECK_STR(cupel_error_code(cupel_error_last()), "e3q8");
    CHECK(strstr(rendered(), "secret") == NULL);
    accept_close(engine);
}

TASK_TEST(errors_of_the_library_have_class_and_message_only)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK_OK(cupel_connection_begin(conn, NULL));
    CHECK_FAILS(cupel_connection_begin(conn, NULL), CUPEL_E_INVALID);
    CHECK(strncmp(rendered(), "(InvalidRequestError) ", 22) == 0);
    CHECK(strchr(rendered(), '\n') == NULL);
    CHECK_OK(cupel_connection_close(conn));
    CHECK_FAILS(accept_run(conn, "SELECT 1"), CUPEL_E_CLOSED);
    CHECK(strncmp(rendered(), "(ResourceClosedError) ", 22) == 0);
    cupel_connection_free(conn);
    accept_close(engine);
}

/* Yields. */
static cupel_status
insert_and_fail(cupel_connection *conn, void *arg)
{
    (void)arg;
    CHECK_OK(accept_insert(conn, 1));
    return cupel_error_raise(CUPEL_E_VALUE, "my own");
}

TASK_TEST(an_error_of_the_users_passes_through_a_scope)
{
    cupel_engine *engine = accept_engine(NULL);

    CHECK_FAILS(cupel_engine_begin(engine, insert_and_fail, NULL),
                CUPEL_E_VALUE);
    CHECK_STR(rendered(), "(ValueError) my own");
    CHECK_INT(accept_committed(engine), 0);
    accept_close(engine);
}
