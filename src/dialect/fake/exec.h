/* SPDX-License-Identifier: MIT */
/* Statements on one version of a database. */
#ifndef CUP_DIALECT_FAKE_EXEC_H
#define CUP_DIALECT_FAKE_EXEC_H

#include <cupel/ext/dialect.h>

#include "dialect/fake/eval.h"
#include "dialect/fake/store.h"

/* What statements give, summed over the sets of parameters. In place. */
struct cup_fake_result {
    struct cup_arena arena; /* of the columns */
    cupel_column *columns;  /* NULL: no statement has returned rows */
    size_t column_count;
    struct cup_fake_row **rows; /* owned, and counted */
    size_t count;
    size_t size;            /* of `rows` */
    int64_t affected;       /* -1: no statement that counts */
    int64_t last_insert_id; /* 0: none */
};

void
cup_fake_result_init(struct cup_fake_result *result);

void
cup_fake_result_fini(struct cup_fake_result *result);

/* One execution of one statement. */
struct cup_fake_work {
    struct cup_fake_data *data; /* owned; replaced when it is changed */
    struct cup_fake_stmt *stmt;
    struct cup_fake_scope scope;
    struct cup_fake_result *result;
};

/* Run a statement that is not about transactions. After a failure `data` may be
 * half changed: it is to be dropped. */
cupel_status
cup_fake_execute(struct cup_fake_work *work);

/* ---- Between the files of the executor --------------------------------- */

cupel_status
cup_fake_create(struct cup_fake_work *work);
cupel_status
cup_fake_drop(struct cup_fake_work *work);
cupel_status
cup_fake_select(struct cup_fake_work *work);

/* The statement's table; PROGRAMMING (42P01) if there is none. It becomes what
 * the scope refers to. */
cupel_status
cup_fake_target(struct cup_fake_work *work, size_t *index);

/* Make the columns of the result, unless an earlier set of parameters did, from
 * the statement's items; resolves them. */
cupel_status
cup_fake_describe(struct cup_fake_work *work, bool aggregates);

/* Add one row to the result, from the statement's items and the scope's row. */
cupel_status
cup_fake_project(struct cup_fake_work *work);

#endif
