/* SPDX-License-Identifier: MIT */
/* Whatever may wait, and a database that says nothing: each public verb ends at
 * its deadline, not a moment later, says what it waited for, and leaves a pool
 * whose books are right. The deadline is that of the future that it runs in, or
 * the option timeout_ms of the call, the connection or the engine. The clock is
 * a test's, so all of that takes no time. */
#ifndef TESTS_STORY_DEADLINES_H
#define TESTS_STORY_DEADLINES_H

#include <cupel/cupel.h>

#include "dialect/fake/fake.h"
#include "support/test.h"

enum { SPAN_MS = 1000, OWN_MS = 5000, LONG_MS = 50000 };

/* Whose the deadline is. */
enum { OF_FUTURE = 1, OF_CALL = 2, OF_CONNECTION = 4, OF_ENGINE = 8 };

/* Where the verbs of a connection get theirs from, and those of an engine. */
enum {
    CONNECTIONS = OF_FUTURE | OF_CONNECTION | OF_ENGINE,
    ENGINES = OF_FUTURE | OF_ENGINE,
    STATEMENTS = CONNECTIONS | OF_CALL
};

/* A verb, and what does not answer it. */
struct deed {
    const char *name;
    void (*prepare)(void); /* before; may be NULL */
    cupel_task_fn *act;
    enum cup_fake_op op; /* that hangs */
    const char *sql;     /* only what contains it; may be NULL */
    unsigned levels;
    cupel_status expected;
    const char *says; /* in the error's text */
};

/* One test. */
struct story {
    const struct deed *deed;
    unsigned level;
    char name[96];
};

/* Where a verb finds what it works on; what is set is given up after it. */
extern const struct story *story; /* the one that runs */
extern cupel_engine *engine;
extern cupel_connection *conn;
extern cupel_raw_connection *raw;
extern cupel_transaction *tx;
extern cupel_result *stream;
extern cupel_future *other; /* a task beside */

/* What the texts say. */
#define ANSWER "waiting for the database to answer"
#define CALLS "waiting for the calls before this one"
#define CONNECT "1 connecting"
#define LATE CUPEL_E_TIMEOUT

/* Make tests of them, one for each level. */
void
deeds_register(const struct deed *deeds, size_t count);

/* ---- What several of them need ------------------------------------------ */

/* The options of a call: batches of one row, and the deadline if it is the
 * call's. */
const cupel_execution_options *
call_options(void);

/* Execute with those. Yields. */
cupel_status
run_sql(cupel_connection *on, const char *sql);

/* Set `conn`: fresh, or just invalidated. Yields. */
void
connected(void);
void
invalidated(void);

/* Start a task beside, and let it come to its first wait. Yields. */
void
beside(cupel_task_fn *fn);

/* Yield. */
cupel_status
do_commit_tx(void *arg);
cupel_status
do_rollback_tx(void *arg);

#endif
