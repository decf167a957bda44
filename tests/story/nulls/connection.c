/* SPDX-License-Identifier: MIT */
/* Connections and transactions, called without what they need. */
#include <cupel/connection.h>
#include <cupel/transaction.h>

#include "nulls.h"

static void
from_connection_execute(void)
{
    REFUSED(cupel_connection_execute(NULL, NULL, NULL, NULL, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_execute(NULL, given.stmt, given.params,
                                     given.options, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_execute(given.conn, NULL, given.params,
                                     given.options, given.place),
            CUPEL_E_NOTEXECUTABLE);
    REFUSED(cupel_connection_scalar(NULL, NULL, NULL, NULL, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_scalar(NULL, given.stmt, given.params,
                                    given.options, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_scalar(given.conn, NULL, given.params,
                                    given.options, given.place),
            CUPEL_E_NOTEXECUTABLE);
    REFUSED(cupel_connection_scalar(given.conn, given.stmt, given.params,
                                    given.options, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_scalars(NULL, NULL, NULL, NULL, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_scalars(NULL, given.stmt, given.params,
                                     given.options, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_scalars(given.conn, NULL, given.params,
                                     given.options, given.place),
            CUPEL_E_NOTEXECUTABLE);
    REFUSED(cupel_connection_scalars(given.conn, given.stmt, given.params,
                                     given.options, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_exec_driver_sql(NULL, NULL, NULL, NULL, NULL),
            CUPEL_E_NOTEXECUTABLE);
    REFUSED(cupel_connection_exec_driver_sql(NULL, "SELECT 1", given.params,
                                             given.options, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_exec_driver_sql(given.conn, NULL, given.params,
                                             given.options, given.place),
            CUPEL_E_NOTEXECUTABLE);
}

static void
from_connection_stream(void)
{
    REFUSED(cupel_connection_stream(NULL, NULL, NULL, NULL, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_stream(NULL, given.stmt, given.params,
                                    given.options, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_stream(given.conn, NULL, given.params,
                                    given.options, given.place),
            CUPEL_E_NOTEXECUTABLE);
    REFUSED(cupel_connection_stream(given.conn, given.stmt, given.params,
                                    given.options, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_stream_scalars(NULL, NULL, NULL, NULL, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_stream_scalars(NULL, given.stmt, given.params,
                                            given.options, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_stream_scalars(given.conn, NULL, given.params,
                                            given.options, given.place),
            CUPEL_E_NOTEXECUTABLE);
    REFUSED(cupel_connection_stream_scalars(given.conn, given.stmt,
                                            given.params, given.options, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_begin(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_begin(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_begin_nested(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_begin_nested(NULL, given.place), CUPEL_E_ARGUMENT);
}

static void
from_connection_begin_twophase(void)
{
    REFUSED(cupel_connection_begin_twophase(NULL, NULL, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_begin_twophase(NULL, "id", given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_recover_twophase(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_recover_twophase(NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_recover_twophase(given.conn, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_commit_prepared(NULL, NULL, true),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_commit_prepared(NULL, "id", true),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_commit_prepared(given.conn, NULL, true),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_rollback_prepared(NULL, NULL, true),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_rollback_prepared(NULL, "id", true),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_rollback_prepared(given.conn, NULL, true),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_commit(NULL), CUPEL_E_ARGUMENT);
}

static void
from_connection_rollback(void)
{
    REFUSED(cupel_connection_rollback(NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_invalidate(NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_invalidate_because(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_invalidate_because(NULL, "id"), CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_detach(NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_execution_options(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_execution_options(NULL, given.options),
            CUPEL_E_ARGUMENT);
    GIVES_SOMETHING(cupel_connection_get_execution_options(NULL));
    REFUSED(cupel_connection_get_isolation_level(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_get_isolation_level(NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_get_isolation_level(given.conn, NULL),
            CUPEL_E_ARGUMENT);
    GIVES_NULL(cupel_connection_default_isolation_level(NULL));
}

static void
from_connection_info(void)
{
    REFUSED(cupel_connection_info(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_info(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_info(given.conn, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_get_raw_connection(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_get_raw_connection(NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_get_raw_connection(given.conn, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_connection_close(NULL), CUPEL_E_ARGUMENT);
    ALLOWED(cupel_connection_exit(NULL, CUPEL_OK));
    HARMLESS(cupel_connection_free(NULL));
    SAYS_YES(cupel_connection_closed(NULL));
    SAYS_NO(cupel_connection_invalidated(NULL));
    SAYS_NO(cupel_connection_in_transaction(NULL));
}

static void
from_connection_in_nested_transaction(void)
{
    SAYS_NO(cupel_connection_in_nested_transaction(NULL));
    GIVES_NULL(cupel_connection_get_transaction(NULL));
    GIVES_NULL(cupel_connection_get_nested_transaction(NULL));
    GIVES_NULL(cupel_connection_engine(NULL));
    REFUSED(cupel_transaction_commit(NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_transaction_prepare(NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_transaction_rollback(NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_transaction_close(NULL), CUPEL_E_ARGUMENT);
    GIVES_NULL(cupel_transaction_enter(NULL));
    ALLOWED(cupel_transaction_exit(NULL, CUPEL_OK));
    HARMLESS(cupel_transaction_free(NULL));
    SAYS_NO(cupel_transaction_is_active(NULL));
}

static void
from_transaction_is_valid(void)
{
    SAYS_NO(cupel_transaction_is_valid(NULL));
    SAYS_NO(cupel_transaction_nested(NULL));
    GIVES_NULL(cupel_transaction_xid(NULL));
    SAYS_NO(cupel_transaction_is_prepared(NULL));
    GIVES_NULL(cupel_transaction_connection(NULL));
}

void
nulls_to_connection(void)
{
    from_connection_execute();
    from_connection_stream();
    from_connection_begin_twophase();
    from_connection_rollback();
    from_connection_info();
    from_connection_in_nested_transaction();
    from_transaction_is_valid();
}
