/* SPDX-License-Identifier: MIT */
/* An engine on the fake database, for tests of the rooms above the dialects. */
#ifndef TESTS_SUPPORT_FAKE_ENGINE_H
#define TESTS_SUPPORT_FAKE_ENGINE_H

#include <cupel/engine.h>

#include "dialect/fake/fake.h"
#include "support/test.h"

/* Forget what earlier tests did to the fake and make an async engine on it. */
cupel_engine *
fake_engine(void);

/* Close it; then no wire may be left. Yields. */
void
fake_engine_close(cupel_engine *engine);

/* Execute a text without parameters or result. Yields. */
cupel_status
run_sql(cupel_connection *conn, const char *sql);

/* The one whole number that a query gives. Yields. */
int64_t
query_int(cupel_connection *conn, const char *sql);

/* Rows of the table `item` that somebody else sees. Yields. */
int64_t
committed_items(cupel_engine *engine);

/* A connection, with the table item(id, name) made and committed. Yields. */
cupel_connection *
connect_with_items(cupel_engine *engine);

#endif
