/* SPDX-License-Identifier: MIT */
/* The transaction state machine: autobegin, scopes, what is kept. */
#include "acceptance/acceptance.h"

static const char insert_one[] =
    "INSERT INTO users (user_id, user_name) VALUES (1, 'name1')";

/* ---- Autobegin ----------------------------------------------------------- */

TASK_TEST(first_statement_begins_and_commit_keeps)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK(!cupel_connection_in_transaction(conn));
    CHECK(cupel_connection_get_transaction(conn) == NULL);
    CHECK_OK(accept_run(conn, insert_one));
    CHECK(cupel_connection_in_transaction(conn));
    CHECK(cupel_connection_get_transaction(conn) != NULL);
    CHECK_OK(cupel_connection_commit(conn));
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK_INT(accept_committed(engine), 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(leaving_without_commit_rolls_back)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK_OK(accept_run(conn, insert_one));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(accept_committed(engine), 0);
    accept_close(engine);
}

TASK_TEST(each_commit_is_followed_by_an_autobegin)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *first;

    CHECK_OK(accept_insert(conn, 1));
    first = cupel_connection_get_transaction(conn);
    CHECK(first != NULL);
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(accept_insert(conn, 2));
    CHECK(cupel_connection_in_transaction(conn));
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(accept_insert(conn, 3));
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_INT(accept_int(conn, "SELECT sum(user_id) FROM users"), 4);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(commit_and_rollback_without_a_transaction_do_nothing)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK_OK(cupel_connection_close(conn));
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(cupel_connection_close(conn));
    cupel_connection_free(conn);
    accept_close(engine);
}

TASK_TEST(begin_after_autobegin_is_refused)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *tx;

    CHECK_INT(accept_int(conn, "SELECT 1"), 1);
    CHECK_FAILS(cupel_connection_begin(conn, &tx), CUPEL_E_INVALID);
    CHECK(tx == NULL);
    CHECK(cupel_connection_in_transaction(conn));
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(cupel_connection_begin(conn, &tx));
    CHECK_FAILS(cupel_connection_begin(conn, NULL), CUPEL_E_INVALID);
    CHECK_OK(cupel_transaction_exit(tx, CUPEL_OK));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(missing_parameter_begins_nothing)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK_FAILS(cupel_connection_execute(conn, CUPEL_TEXT("SELECT :a"), NULL,
                                         NULL, NULL),
                CUPEL_E_STATEMENT);
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

/* ---- Handles ------------------------------------------------------------- */

TASK_TEST(ended_transaction_cannot_be_committed_and_rolls_back_harmlessly)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *tx;

    CHECK_OK(cupel_connection_begin(conn, &tx));
    CHECK(cupel_transaction_is_active(tx) && cupel_transaction_is_valid(tx));
    CHECK_OK(accept_insert(conn, 1));
    CHECK_OK(cupel_transaction_rollback(tx));
    CHECK(!cupel_transaction_is_active(tx));
    CHECK_FAILS(cupel_transaction_commit(tx), CUPEL_E_INVALID);
    CHECK_OK(cupel_transaction_rollback(tx));
    CHECK_OK(cupel_transaction_close(tx));
    cupel_transaction_free(tx);
    CHECK_INT(accept_int(conn, "SELECT count(*) FROM users"), 0);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(close_of_an_active_transaction_rolls_back)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *tx;

    CHECK_OK(cupel_connection_begin(conn, &tx));
    CHECK_OK(accept_insert(conn, 1));
    CHECK_OK(cupel_transaction_close(tx));
    cupel_transaction_free(tx);
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK_INT(accept_int(conn, "SELECT count(*) FROM users"), 0);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(outside_a_scope_an_ended_transaction_is_followed_by_an_autobegin)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *tx;

    CHECK_OK(cupel_connection_begin(conn, &tx));
    CHECK_OK(accept_insert(conn, 1));
    CHECK_OK(cupel_transaction_commit(tx));
    CHECK_OK(accept_insert(conn, 2));
    CHECK_OK(cupel_connection_commit(conn));
    cupel_transaction_free(tx);
    CHECK_INT(accept_committed(engine), 2);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

/* ---- Scopes: the matrix ---------------------------------------------------
 */

enum how { COMMIT, ROLLBACK, CONNECTION_COMMIT, CONNECTION_ROLLBACK };
enum then { EXECUTE, BEGIN, BEGIN_NESTED, NOTHING };

/* Yields. */
static cupel_status
end_it(cupel_connection *conn, cupel_transaction *tx, enum how how)
{
    switch (how) {
    case COMMIT:
        return cupel_transaction_commit(tx);
    case ROLLBACK:
        return cupel_transaction_rollback(tx);
    case CONNECTION_COMMIT:
        return cupel_connection_commit(conn);
    case CONNECTION_ROLLBACK:
        return cupel_connection_rollback(conn);
    }
    return CUPEL_E_ARGUMENT;
}

/* Yields. */
static cupel_status
act(cupel_connection *conn, enum then then)
{
    switch (then) {
    case EXECUTE:
        return accept_insert(conn, 2);
    case BEGIN:
        return cupel_connection_begin(conn, NULL);
    case BEGIN_NESTED:
        return cupel_connection_begin_nested(conn, NULL);
    case NOTHING:
        return CUPEL_OK;
    }
    return CUPEL_E_ARGUMENT;
}

/* One insert in a root scope, an explicit end, then an action. Yields. */
static void
check_root_scope(enum how how, enum then then)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    bool kept = how == COMMIT || how == CONNECTION_COMMIT;
    cupel_transaction *tx;
    cupel_status rc;

    CHECK_OK(cupel_connection_begin(conn, &tx));
    cupel_transaction_enter(tx);
    CHECK_OK(accept_insert(conn, 1));
    CHECK_OK(end_it(conn, tx, how));
    rc = act(conn, then);
    CHECK_INT(rc, then == NOTHING ? CUPEL_OK : CUPEL_E_INVALID);
    CHECK_INT(cupel_transaction_exit(tx, rc), rc);
    CHECK_INT(accept_int(conn, "SELECT count(*) FROM users"), kept);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(accept_committed(engine), kept);
    accept_close(engine);
}

TASK_TEST(root_scope_that_was_ended_refuses_everything_until_it_is_left)
{
    int how, then;

    for (how = COMMIT; how <= CONNECTION_ROLLBACK; how++)
        for (then = EXECUTE; then <= NOTHING; then++)
            check_root_scope((enum how)how, (enum then)then);
}

/* The same in a savepoint's scope inside a root scope; a failure leaves both.
 * Yields. */
static void
check_nested_scope(enum how how, enum then then, int64_t rows)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *root, *nested;
    cupel_status rc, expected;

    CHECK_OK(cupel_connection_begin(conn, &root));
    cupel_transaction_enter(root);
    CHECK_OK(cupel_connection_begin_nested(conn, &nested));
    cupel_transaction_enter(nested);
    CHECK_OK(accept_insert(conn, 1));
    CHECK_OK(end_it(conn, nested, how));
    rc = act(conn, then);
    expected = then == NOTHING ? CUPEL_OK : CUPEL_E_INVALID;
    CHECK_INT(rc, expected);
    rc = cupel_transaction_exit(nested, rc);
    CHECK_INT(rc, expected);
    CHECK_INT(cupel_transaction_exit(root, rc), rc);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(accept_committed(engine), rows);
    accept_close(engine);
}

TASK_TEST(nested_scope_that_was_ended_refuses_everything_until_it_is_left)
{
    int then;

    for (then = EXECUTE; then < NOTHING; then++) {
        check_nested_scope(COMMIT, (enum then)then, 0);
        check_nested_scope(ROLLBACK, (enum then)then, 0);
        check_nested_scope(CONNECTION_COMMIT, (enum then)then, 1);
        check_nested_scope(CONNECTION_ROLLBACK, (enum then)then, 0);
    }
    check_nested_scope(COMMIT, NOTHING, 1);
    check_nested_scope(ROLLBACK, NOTHING, 0);
    check_nested_scope(CONNECTION_COMMIT, NOTHING, 1);
}

TASK_TEST(scope_left_by_an_error_rolls_back_and_hands_the_error_on)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *tx;
    cupel_status rc;

    CHECK_OK(cupel_connection_begin(conn, &tx));
    cupel_transaction_enter(tx);
    CHECK_OK(accept_insert(conn, 1));
    rc = accept_insert(conn, 1);
    CHECK_INT(rc, CUPEL_E_INTEGRITY);
    CHECK_INT(cupel_transaction_exit(tx, rc), CUPEL_E_INTEGRITY);
    CHECK_INT(cupel_error_status(cupel_error_last()), CUPEL_E_INTEGRITY);
    CHECK_INT(accept_int(conn, "SELECT count(*) FROM users"), 0);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

/* Yields. */
static cupel_status
insert_two(cupel_connection *conn, void *arg)
{
    cupel_status rc = accept_insert(conn, 1);

    if (rc == CUPEL_OK)
        rc = accept_insert(conn, 2);
    return rc == CUPEL_OK ? *(cupel_status *)arg : rc;
}

TASK_TEST(engine_begin_commits_or_rolls_back_by_its_bodys_status)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_status answer = CUPEL_E_VALUE;

    CHECK_INT(cupel_engine_begin(engine, insert_two, &answer), CUPEL_E_VALUE);
    CHECK_INT(accept_committed(engine), 0);
    answer = CUPEL_OK;
    CHECK_OK(cupel_engine_begin(engine, insert_two, &answer));
    CHECK_INT(accept_committed(engine), 2);
    accept_close(engine);
}

/* ---- After an error -------------------------------------------------------
 */

TASK_TEST(error_of_a_statement_does_not_end_the_transaction)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_status rc;

    CHECK_OK(accept_insert(conn, 1));
    CHECK_FAILS(accept_insert(conn, 1), CUPEL_E_INTEGRITY);
    CHECK(cupel_connection_in_transaction(conn));
    rc = accept_insert(conn, 2);
    if (accept_is_postgresql()) {
        CHECK(rc < CUPEL_OK); /* aborted until the rollback */
        CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "25P02");
        CHECK_OK(cupel_connection_rollback(conn));
        CHECK_OK(accept_insert(conn, 3));
    } else {
        CHECK_INT(rc, CUPEL_OK);
    }
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_INT(accept_committed(engine), accept_is_postgresql() ? 1 : 2);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(failed_commit_wants_a_rollback_before_anything_else)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK_OK(accept_run(conn,
                        "CREATE TABLE pet (owner INTEGER REFERENCES users "
                        "DEFERRABLE INITIALLY DEFERRED)"));
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(accept_run(conn, "INSERT INTO pet VALUES (77)"));
    CHECK_FAILS(cupel_connection_commit(conn), CUPEL_E_INTEGRITY);
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK_FAILS(accept_run(conn, "SELECT 1"), CUPEL_E_PENDINGROLLBACK);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_INT(accept_int(conn, "SELECT count(*) FROM pet"), 0);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(commit_that_fails_in_a_scope_rolls_back_and_fails_the_scope)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *tx;

    CHECK_OK(accept_run(conn,
                        "CREATE TABLE pet (owner INTEGER REFERENCES users "
                        "DEFERRABLE INITIALLY DEFERRED)"));
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(cupel_connection_begin(conn, &tx));
    cupel_transaction_enter(tx);
    CHECK_OK(accept_run(conn, "INSERT INTO pet VALUES (77)"));
    CHECK_FAILS(cupel_transaction_exit(tx, CUPEL_OK), CUPEL_E_INTEGRITY);
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK_INT(accept_int(conn, "SELECT count(*) FROM pet"), 0);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(commit_of_an_aborted_transaction_keeps_nothing)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK_OK(accept_insert(conn, 1));
    CHECK_FAILS(accept_insert(conn, 1), CUPEL_E_INTEGRITY);
    CHECK_OK(cupel_connection_commit(conn)); /* PostgreSQL rolls back */
    CHECK_INT(accept_committed(engine), accept_is_postgresql() ? 0 : 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}
