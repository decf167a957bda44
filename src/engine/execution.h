/* SPDX-License-Identifier: MIT */
/* One execution under way, for the files that take part in it: execute.c does
 * it, watch.c tells listeners and log about it. */
#ifndef CUP_ENGINE_EXECUTION_H
#define CUP_ENGINE_EXECUTION_H

#include <cupel/ext/dialect.h>

#include "base/arena.h"
#include "engine/execopts.h"
#include "sql/text.h"

/* Where the SQL that is sent comes from. */
enum cup_sql_origin {
    CUP_SQL_RAW,       /* it was given as the driver's own */
    CUP_SQL_NO_KEY,    /* compiled, and never kept */
    CUP_SQL_GENERATED, /* compiled now, and kept for the next time */
    CUP_SQL_CACHED,
    CUP_SQL_CACHING_DISABLED
};

/* What one execution needs, on the stack of the task that runs it. */
struct cup_execution {
    struct cupel_connection *conn;
    struct cup_exec_options options;
    cupel_request request;
    struct cup_compiled *compiled; /* one reference, or NULL */
    enum cup_sql_origin origin;
    int64_t began_us;       /* on the monotonic clock; 0: not known */
    struct cup_arena arena; /* bound values */
    cupel_rows *rows;       /* what came back, until a result has it */
    bool buffered;          /* whatever the options say */
    size_t yield_per;       /* the option, or 0 */
    bool is_own;            /* the library's own statement, not to be kept */
    bool watched;           /* somebody may want to know of it */
    char memory[1024];      /* the arena's first block */
};

/* What is executed: a statement, or SQL for the driver. */
struct cup_subject {
    const cupel_statement *stmt;
    const char *driver_sql; /* NULL: the statement */
    const cupel_params *params;
    const cupel_execution_options *options; /* of the call */
};

#endif
