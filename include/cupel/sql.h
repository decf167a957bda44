/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Statements.
 */
#ifndef CUPEL_SQL_H
#define CUPEL_SQL_H

#include <cupel/error.h>
#include <cupel/value.h>

CUPEL_BEGIN_DECLS

/**
 * What can be executed. Seen only through a pointer; see cupel_text.
 * @since 0.1
 */
typedef struct cupel_statement cupel_statement;

/**
 * Execution options: names with values. They can be given with a statement, an
 * engine, a connection and a call; of one that is given more than once, the
 * call's counts, else the connection's, else the engine's, else the
 * statement's. NULL as a value is as if it had not been given. Known are
 *
 *   stream_results (bool)    keep the rows on the server and fetch in batches
 *   yield_per (int)          the same with batches of exactly so many rows
 *   max_row_buffer (int)     the largest batch of a growing buffer: 1000
 *   timeout_ms (int)         the longest that an operation may take, from the
 *                            queue to the clean-up; 0: no limit. Each fetch
 *                            from a stream has as long again
 *   isolation_level (text)   see cupel_connection_execution_options()
 *   logging_token (text)     stands in front of every line of log
 *   compiled_cache (bool)    false: compile each time
 *   preserve_rowcount (bool) accepted; row counts are always kept
 *   no_parameters (bool)     accepted; a driver without parameters gets none
 *
 * and the session switches of the dialect, such as postgresql_readonly (bool).
 * isolation_level, compiled_cache and the switches are only for engines and
 * connections, logging_token has an effect only there. Other names are kept,
 * change nothing and reach listeners.
 * @since 0.1
 */
typedef struct cupel_execution_options {
    const cupel_param *items; /**< borrowed by the call they are given to */
    size_t count;             /**< how many there are */
} cupel_execution_options;

#ifndef __cplusplus
/**
 * Options written in place: CUPEL_WITH({ "yield_per", cupel_int(100) }).
 * @since 0.1
 */
#define CUPEL_WITH(...)                       \
    (&(const cupel_execution_options){        \
        (const cupel_param[]){ __VA_ARGS__ }, \
        sizeof((const cupel_param[]){ __VA_ARGS__ }) / sizeof(cupel_param) })
#endif

/**
 * SQL as text, with parameters written `:name`. It lives in the caller's
 * memory and owns nothing, so there is nothing to free:
 *
 *     cupel_text text;
 *     stmt = cupel_text_init(&text, "SELECT :a");
 *
 * or, in C, CUPEL_TEXT("SELECT :a") in place.
 *
 * A colon starts a parameter when a letter or underscore follows it and no
 * colon, backslash or word character stands before it. Inside string literals,
 * quoted names, comments and dollar quotes it is ordinary text, by the rules
 * of the database in question. `\:` is a plain colon.
 * @since 0.1
 */
typedef struct cupel_text {
    uint32_t kind;     /**< set by cupel_text_init(); do not touch */
    uint32_t reserved; /**< 0 */
    const char *sql;   /**< borrowed: must live until the call has ended */
    size_t len;        /**< bytes of `sql` */
    /** the statement's own options, borrowed likewise; NULL: none */
    const cupel_execution_options *options;
} cupel_text;

/**
 * Make `text` stand for `sql`, which ends at its NUL. Returns it.
 * @since 0.1
 */
CUPEL_API const cupel_statement *
cupel_text_init(cupel_text *text, const char *sql);

/** The same for SQL of `len` bytes. @since 0.1 */
CUPEL_API const cupel_statement *
cupel_text_init_n(cupel_text *text, const char *sql, size_t len);

/**
 * Give a text the execution options that its own executions begin with, the
 * weakest of all. They are borrowed: they must live as long as `text` is used.
 * NULL takes them away. Returns it.
 * @since 0.1
 */
CUPEL_API const cupel_statement *
cupel_text_execution_options(cupel_text *text,
                             const cupel_execution_options *options);

#ifndef __cplusplus
/**
 * A statement from SQL text, in place. Lives as long as its block.
 * @since 0.1
 */
#define CUPEL_TEXT(sql) \
    cupel_text_init(&(cupel_text){ 0, 0, NULL, 0, NULL }, (sql))
#endif

CUPEL_END_DECLS

#endif
