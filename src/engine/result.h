/* SPDX-License-Identifier: MIT */
/* Results, for the files that make, end and read them.
 *
 * A *cursor* is what came of one execution: rows, and how far they were
 * fetched. A *view* looks at a cursor: through it rows are fetched, as it shows
 * them. The three handles of the public face are views; any number of them
 * share a cursor, which goes with the last of them. */
#ifndef CUP_ENGINE_RESULT_H
#define CUP_ENGINE_RESULT_H

#include <cupel/ext/dialect.h>
#include <cupel/result.h>

#include "base/arena.h"
#include "base/list.h"

struct cup_echo;
struct cup_unique;

/* Which columns of a cursor a row shows. Immutable, but for what was asked for
 * the first time; lives as long as the cursor. */
struct cup_columns {
    cupel_rows *rows;         /* the cursor's */
    const cupel_column *all;  /* the cursor's; the names stay */
    const size_t *map;        /* which of them; NULL: all, as they come */
    size_t count;             /* how many of them */
    const char *const *names; /* in one array, once somebody asked; or NULL */
};

/* A row is a view: a line of the cursor's batch, or values kept for it. */
struct cupel_row {
    const struct cup_columns *columns;
    const cupel_value *kept; /* NULL: it is a line of the batch */
    size_t line;
};

/* One way to look at a cursor. */
struct cup_view {
    struct cup_cursor *cursor;   /* one reference */
    struct cup_columns *columns; /* the cursor's memory */
    struct cup_unique *unique;   /* owned; NULL: every row is shown */
    struct cupel_row row;        /* what fetchone shows */
    struct cupel_row first;      /* what first and one have kept */
    struct cup_arena page;       /* what fetchmany showed last */
    struct cup_arena kept;       /* what all, first, one showed */
};

/* The public handles. */
struct cupel_result {
    struct cup_view view;
};

struct cupel_scalar_result {
    struct cup_view view;
};

struct cupel_mapping_result {
    struct cup_view view;
};

enum cup_cursor_state {
    CUP_CURSOR_OPEN,
    CUP_CURSOR_ENDED,  /* soft closed: fetches find nothing */
    CUP_CURSOR_CLOSED, /* fetches answer CLOSED */
    CUP_CURSOR_MERGED  /* the rows are fetched through another cursor */
};

/* The rows of one execution. Counted: its views, the cursor it is merged into.
 * A stream that has not ended is also on its connection's list. */
struct cup_cursor {
    size_t refs;
    cupel_rows *rows;              /* owned; until the end, for its memory */
    struct cupel_connection *conn; /* streams under way; else NULL */
    struct cup_list stream_link;   /* in cupel_connection.streams */
    size_t next;                   /* line of the batch that comes next */
    size_t yield_per;              /* 0: not said */
    int64_t timeout_ms;            /* of each fetch; 0: none */
    enum cup_cursor_state state;
    bool is_stream;             /* rows come in batches */
    bool is_local;              /* they come from other cursors, not a wire */
    bool lost;                  /* a stream whose connection went away */
    struct cup_columns columns; /* all of them */
    struct cup_columns leading; /* the first of them */
    struct cup_arena arena;     /* columns */
    struct cup_echo *echo;      /* owned; NULL: nobody debugs */
    struct cup_view view;       /* the first view, until it is freed */
    bool asking; /* a function that makes keys is at work */
};

/* Take over `rows` and make the first view of them. `yield_per` as the option
 * had it, 0 if it was not given. NULL: no memory, recorded; the rows stay the
 * caller's. */
cupel_result *
cup_result_new(struct cupel_connection *conn, cupel_rows *rows, bool stream,
               size_t yield_per);

/* Make the only view of its rows a view of their first column, of the same
 * memory. CLOSED if there are no rows: then the result is freed. */
cupel_status
cup_result_into_scalars(cupel_result *result, cupel_scalar_result **out);

/* CLOSED: the statement has no rows to fetch. */
cupel_status
cup_result_no_rows(void);

#endif
