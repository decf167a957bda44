/* SPDX-License-Identifier: MIT */
/* Results, for the files that make, end and read them. */
#ifndef CUP_ENGINE_RESULT_H
#define CUP_ENGINE_RESULT_H

#include <cupel/ext/dialect.h>
#include <cupel/result.h>

#include "base/arena.h"
#include "base/list.h"

/* A row is a view: a line of the result's batch, or values kept for it. */
struct cupel_row {
    const struct cupel_result *result;
    const cupel_value *kept; /* NULL: it is a line of the batch */
    size_t line;
};

/* The result as its first column: the same object seen otherwise. */
struct cupel_scalar_result {
    char unused;
};

enum cup_result_state {
    CUP_RESULT_OPEN,
    CUP_RESULT_ENDED, /* soft closed: fetches find nothing */
    CUP_RESULT_CLOSED /* fetches answer CLOSED */
};

/* The rows of one execution. Owned by the user; a stream that has not ended is
 * also on its connection's list. */
struct cupel_result {
    cupel_rows *rows;              /* owned; until the end, for its memory */
    struct cupel_connection *conn; /* streams under way; else NULL */
    struct cup_list stream_link;   /* in cupel_connection.streams */
    struct cupel_row row;          /* what fetchone shows */
    struct cupel_row first;        /* what first and one have kept */
    size_t next;                   /* line of the batch that comes next */
    enum cup_result_state state;
    bool is_stream;        /* rows come in batches */
    bool lost;             /* a stream whose connection went away */
    struct cup_arena page; /* what fetchmany showed last */
    struct cup_arena kept; /* what all, first, one showed */
    struct cupel_scalar_result scalars; /* its other face */
};

/* Take over `rows`. NULL: no memory, recorded; the rows stay the caller's. */
cupel_result *
cup_result_new(struct cupel_connection *conn, cupel_rows *rows, bool stream);

cupel_result *
cup_result_of_stream(struct cup_list *link);

/* Make sure that the next line of the batch is there: ROW, or OK at the end,
 * where the result is soft closed. Yields. */
cupel_status
cup_result_advance(cupel_result *result);

/* CLOSED: the statement has no rows to fetch. */
cupel_status
cup_result_no_rows(void);

/* End a stream because its connection ends, which has taken it off its list:
 * with a word to the server. Yields. */
void
cup_result_end_stream(cupel_result *result);

/* The same when there is nobody to talk to any more. Never yields. */
void
cup_result_orphan(cupel_result *result);

#endif
