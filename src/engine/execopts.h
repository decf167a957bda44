/* SPDX-License-Identifier: MIT */
/* Execution options: an open set of names and values, read once into what the
 * library knows of. Who wins, from the weakest: the statement, the engine, the
 * connection, the call. */
#ifndef CUP_ENGINE_EXECOPTS_H
#define CUP_ENGINE_EXECOPTS_H

#include <cupel/ext/dialect.h>
#include <cupel/sql.h>

#include "base/arena.h"

/* Whose options they are: some names are not for everybody. */
enum cup_options_owner {
    CUP_OPTIONS_OF_STATEMENT,
    CUP_OPTIONS_OF_ENGINE,
    CUP_OPTIONS_OF_CONNECTION,
    CUP_OPTIONS_OF_CALL
};

/* The options that the library knows. One that was not given has the value that
 * stands for its absence. */
struct cup_exec_options {
    uint32_t given; /* a bit for each, by its place in the table */
    bool stream_results;
    bool preserve_rowcount;
    bool no_parameters;
    bool no_cache; /* compiled_cache was given as nothing */
    bool skip_user_error_events;
    size_t yield_per;            /* 0: not given */
    size_t max_row_buffer;       /* 1000 if not given */
    int64_t timeout_ms;          /* 0: none */
    const char *isolation_level; /* the set's memory; NULL: not given */
    const char *logging_token;   /* the set's memory; NULL: none */
};

/* Options of an engine or a connection: what was given, each name once, and
 * what is known of it. Immutable and shared. */
struct cup_option_set {
    _Atomic size_t refs;
    struct cup_arena arena;
    cupel_execution_options list; /* in the arena */
    struct cup_exec_options known;
};

/* No options at all. */
void
cup_exec_options_init(struct cup_exec_options *options);

/* Read `given` (may be NULL) over what is in `options`. Texts stay where they
 * are and must end with a NUL if they are to be used. ARGUMENT for a value of
 * the wrong kind and for a name that this owner must not set. */
cupel_status
cup_exec_options_read(const cupel_dialect *dialect,
                      const cupel_execution_options *given,
                      enum cup_options_owner owner,
                      struct cup_exec_options *options);

/* The options of one execution: the statement's, those of `set` (may be NULL),
 * those of the call, the stronger over the weaker. ARGUMENT. */
cupel_status
cup_exec_options_resolve(const cupel_dialect *dialect,
                         const cupel_execution_options *of_statement,
                         const struct cup_option_set *set,
                         const cupel_execution_options *of_call,
                         struct cup_exec_options *out);

/* `base` (may be NULL) with the names in `given` replaced or added. The caller
 * owns a reference. ARGUMENT, NOMEM. */
cupel_status
cup_option_set_merge(const cupel_dialect *dialect,
                     const struct cup_option_set *base,
                     const cupel_execution_options *given,
                     enum cup_options_owner owner, struct cup_option_set **out);

/* NULL gives NULL. */
struct cup_option_set *
cup_option_set_ref(struct cup_option_set *set);

/* NULL is allowed. */
void
cup_option_set_unref(struct cup_option_set *set);

/* What was given, never NULL. `set` may be NULL. */
const cupel_execution_options *
cup_option_set_list(const struct cup_option_set *set);

/* The last option of that name in a list, or NULL. */
const cupel_param *
cup_option_find(const cupel_execution_options *options, const char *name);

/* The deadline that the options ask for, from now. `set` may be NULL. */
cupel_time
cup_option_set_deadline(const struct cup_option_set *set);

#endif
