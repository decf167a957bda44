/* SPDX-License-Identifier: MIT */
/* The conformance suite: programs that every database must run alike.
 *
 * A scenario is written as a user's program is: it answers OK, or the first
 * failure it met, and has cleaned up in either case. So the same scenario can
 * be run as it is, cancelled at each of its waits, or with any allocation
 * failing. A value that comes out wrong fails the test there and then. */
#ifndef TESTS_SUITE_SUITE_H
#define TESTS_SUITE_SUITE_H

#include <cupel/cupel.h>

#include "support/test.h"

/* What a database, or a way of running, may do otherwise, said aloud. */
enum {
    SUITE_ONE_CONNECTION = 1, /* all are one, and so is their transaction */
    SUITE_ONE_WRITER = 2,     /* a second writer waits for the first's end */
    SUITE_NO_TWOPHASE = 4,    /* transactions cannot be prepared */
    SUITE_NO_TASKS = 8        /* the engine is a blocking one, and waits */
};

/* The database under test. */
struct suite {
    const char *name;
    const char *url;
    unsigned traits;
    cupel_engine *engine;             /* for the scenario under way */
    cupel_async_engine *async_engine; /* the same, for the facade; NULL if it
                                         is a blocking one */
};

/* One scenario. */
struct scenario {
    const char *name;
    cupel_status (*run)(struct suite *suite);
    unsigned avoid; /* not where any of these traits is */
};

#define SCENARIO(name, avoid)                                          \
    static cupel_status scenario_##name(struct suite *suite);          \
    __attribute__((constructor)) static void register_##name(void)     \
    {                                                                  \
        static const struct scenario entry = { #name, scenario_##name, \
                                               (avoid) };              \
        scenario_register(&entry);                                     \
    }                                                                  \
    static cupel_status scenario_##name(struct suite *suite)

/* Go on only if `call` answers OK. */
#define TRY(rc, call)         \
    do {                      \
        if ((rc) == CUPEL_OK) \
            (rc) = (call);    \
    } while (0)

/* Makes a test of it, unless it avoids a trait of this program's. */
void
scenario_register(const struct scenario *scenario);

/* Make the engines and the table item(id INTEGER PRIMARY KEY, name TEXT) with
 * three rows, (1, 'one') to (3, 'three'). The pool is empty again, but for a
 * database in memory. Fails the test if it cannot. Yields. */
void
suite_open(struct suite *suite);

/* After whatever happened: nothing is lent, waiting or connecting, and a
 * checkout works. Fails the test otherwise. Yields. */
void
suite_check_pool(struct suite *suite);

/* Close the engines, and forget what the fake has stored. Yields. */
void
suite_close(struct suite *suite);

/* ---- For scenarios --------------------------------------------------- */

/* Execute without parameters or result. Yields. */
cupel_status
suite_run(cupel_connection *conn, const char *sql);

/* The one whole number that a query gives. Yields. */
cupel_status
suite_int(cupel_connection *conn, const char *sql, int64_t *out);

/* How many rows another connection sees in item; needs a second one. Yields. */
cupel_status
suite_committed(struct suite *suite, int64_t *out);

/* What a prepared transaction of this program's is called: static, until the
 * next call. */
const char *
suite_xid(const char *name);

/* The test fails unless `call`, once it got this far, answers `expected`; then
 * `rc` is OK. What the torture causes goes through untouched. */
#define EXPECT(rc, call, expected)                                           \
    do {                                                                     \
        if ((rc) == CUPEL_OK)                                                \
            (rc) =                                                           \
                suite_expect((call), (expected), #call, __FILE__, __LINE__); \
    } while (0)

cupel_status
suite_expect(cupel_status actual, cupel_status expected, const char *call,
             const char *file, int line);

/* A text of an error record, which is missing only where memory was. */
void
suite_check_field(const char *actual, const char *expected);

/* Failures that the torture causes may come instead of expected ones. */
void
suite_tolerate(bool tolerate);

bool
suite_tolerant(void);

/* ---- Ways to run ----------------------------------------------------- */

/* Run `body` where this program's engines are used: in a task, or without. */
void
suite_run_body(void (*body)(void));

/* What a program of the suite does with a scenario: plain.c, cancel.c and
 * nomem.c each have one. */
void
suite_run_scenario(const struct scenario *scenario);

/* Which database this program was built for; from the environment where it
 * needs a server. Fails the test when that is missing. */
struct suite
suite_target(void);

#endif
