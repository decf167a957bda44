/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The seam: what one database must do for us. For authors of dialects; a weaker
 * promise than the other headers: it may change between minor versions.
 *
 * A dialect is a table of facts and functions. Its *wire* is one connection to
 * the database (the DBAPI connection of the reference); its *rows* are what an
 * execution gave. Calls on one wire never overlap: the engine holds a lock
 * around them. A wire is used by one thread at a time, in tasks of one loop.
 *
 * Deadlines (`until`) are absolute and are kept: a call ends no later than
 * 100 ms after its deadline, with TIMEOUT. A call whose task is cancelled ends
 * with CANCELLED. In both cases the wire says by its state whether it is still
 * good. Native errors become CUPEL_E codes in one place of each dialect, with
 * SQLSTATE or vendor code in the error record; a lost connection sets
 * connection_lost there, whatever the code.
 */
#ifndef CUPEL_EXT_DIALECT_H
#define CUPEL_EXT_DIALECT_H

#include <cupel/error.h>
#include <cupel/url.h>
#include <cupel/value.h>

CUPEL_BEGIN_DECLS

/** One database, as a table. @since 0.1 */
typedef struct cupel_dialect cupel_dialect;

/** One connection to it. @since 0.1 */
typedef struct cupel_wire cupel_wire;

/** What one execution gave. @since 0.1 */
typedef struct cupel_rows cupel_rows;

/**
 * What the database itself says of a wire: never a counter of ours.
 * @since 0.1
 */
typedef enum cupel_wire_state {
    CUPEL_WIRE_IDLE = 0,           /**< no transaction, nothing in flight */
    CUPEL_WIRE_IN_TRANSACTION = 1, /**< open, nothing in flight */
    CUPEL_WIRE_FAILED = 2,         /**< open, and wants a rollback */
    CUPEL_WIRE_BUSY = 3,  /**< something is in flight that nobody waits for */
    CUPEL_WIRE_BROKEN = 4 /**< unusable: all that is left is close or free */
} cupel_wire_state;

/** A wire's first member in every dialect. @since 0.1 */
struct cupel_wire {
    const cupel_dialect *dialect; /**< whose wire it is */
    /** AUTOCOMMIT is on: whoever executes sends no BEGIN ahead. Written by
     * set_isolation_level alone. */
    bool autocommit;
};

/**
 * What the database said of itself when it was first connected to.
 * @since 0.1
 */
typedef struct cupel_server_info {
    size_t struct_size; /**< sizeof(cupel_server_info) */
    int version[3];     /**< major, minor, patch; 0 where there is none */
    const char *isolation_level; /**< the session's default: one of the
                                    dialect's isolation_levels */
    char schema[64];             /**< the default schema, or "" */
} cupel_server_info;

/** One column of a result. @since 0.1 */
typedef struct cupel_column {
    const char *name; /**< NUL-terminated; owned by the rows */
    int32_t type;     /**< a cupel_type, CUPEL_NULL where it is not known */
    uint32_t native;  /**< the database's own number of the type, or 0 */
} cupel_column;

/**
 * What an execution gave: a batch of rows, the first member in a dialect.
 * @since 0.1
 */
struct cupel_rows {
    const struct cupel_rows_ops *ops; /**< what can be done with them */
    const cupel_column *columns;      /**< column_count of them */
    size_t column_count;              /**< 0: the statement returns no rows */
    size_t row_count;                 /**< rows in this batch */
    int64_t affected;       /**< rows matched, summed over sets; -1 unknown */
    int64_t last_insert_id; /**< 0 where the database has no such thing */
    bool more;              /**< a stream that may have further batches */
};

/** What can be done with rows. @since 0.1 */
typedef struct cupel_rows_ops {
    size_t struct_size; /**< sizeof(cupel_rows_ops) */

    /**
     * Decode one cell of the batch. Never yields, does not allocate for the
     * common types. What the value points at lives until the next fetch (a
     * stream) or the rows' end. DATA if the database sent what it should not.
     */
    cupel_status (*cell)(cupel_rows *rows, size_t row, size_t column,
                         cupel_value *out);

    /**
     * Replace the batch by the next one; no rows and `more` false at the end.
     * Yields. Only for streams.
     */
    cupel_status (*fetch)(cupel_rows *rows, cupel_time until);

    /**
     * End a stream early, so that the wire can do other things. Yields.
     * Harmless for rows that have ended and after the wire is gone.
     */
    cupel_status (*close)(cupel_rows *rows, cupel_time until);

    /**
     * Free the memory. Never yields. A stream that was not closed leaves its
     * wire BUSY or its cursor open until the transaction's end. The wire may
     * be gone already.
     */
    void (*free)(cupel_rows *rows);

    /**
     * Batches that are asked for from now on have `size` rows, 1 or more; those
     * that are under way already keep theirs. Never yields. Harmless for rows
     * that come all at once, for streams that have ended, and after the wire
     * is gone.
     */
    void (*set_batch)(cupel_rows *rows, size_t size);
} cupel_rows_ops;

/**
 * One statement on its way to the database. Everything is borrowed.
 * @since 0.1
 */
typedef struct cupel_request {
    const char *sql; /**< with the dialect's own placeholders, NUL-terminated */
    size_t sql_len;  /**< its bytes, without that NUL */
    const cupel_value *values; /**< set_count groups of value_count */
    size_t value_count;        /**< placeholders */
    size_t set_count;          /**< 1, or more for executemany */
    const char *begin;  /**< sent ahead in the same flush; NULL: nothing */
    size_t fetch_first; /**< 0: all rows at once; else a stream's first batch */
    size_t fetch_max;   /**< batches grow fivefold up to this many rows */
} cupel_request;

/** How parameters are written. @since 0.1 */
typedef enum cupel_paramstyle {
    CUPEL_PARAMSTYLE_QMARK = 0,         /**< ? */
    CUPEL_PARAMSTYLE_NUMERIC_DOLLAR = 1 /**< $1; one name, one number */
} cupel_paramstyle;

/** What the lexer of text() has to know of the database's SQL. @since 0.1 */
enum {
    CUPEL_LEX_DOLLAR_QUOTES = 1,   /**< $tag$ ... $tag$ */
    CUPEL_LEX_ESCAPE_STRINGS = 2,  /**< E'...' with backslash escapes */
    CUPEL_LEX_NESTED_COMMENTS = 4, /**< block comments nest */
    CUPEL_LEX_BACKTICKS = 8,       /**< `name` */
    CUPEL_LEX_BRACKETS = 16        /**< [name] */
};

/** What a dialect can do. @since 0.1 */
enum {
    CUPEL_DIALECT_ASYNC = 1,              /**< suspends, never blocks */
    CUPEL_DIALECT_SERVER_SIDE_CURSORS = 2 /**< stream() works */
};

/** One database. Static and immutable. @since 0.1 */
struct cupel_dialect {
    size_t struct_size; /**< sizeof(cupel_dialect) */
    const char *name;   /**< "postgresql", as in the url */
    const char *driver; /**< "libpq": what may stand behind the + in the url */
    uint32_t features;  /**< CUPEL_DIALECT_... */
    uint32_t lexis;     /**< CUPEL_LEX_... */
    cupel_paramstyle paramstyle; /**< how parameters are written */
    const char *begin;           /**< the SQL that opens a transaction */

    /**
     * Refuse a url this dialect cannot use, before anything is opened:
     * ARGUMENT or VALUE, the message without the url. Never yields. Unknown
     * keys of the query are refused too.
     */
    cupel_status (*check_url)(const cupel_url *url);

    /**
     * The most connections that make sense for this url (1 for a database in
     * memory), or 0 for no opinion. Optional.
     */
    size_t (*pool_limit)(const cupel_url *url);

    /**
     * Open a connection. Yields. The wire is owned by the caller. Every failure
     * of the network or the server is OPERATIONAL with connection_lost.
     */
    cupel_status (*connect)(const cupel_url *url, cupel_time until,
                            cupel_wire **out);

    /**
     * Run one request. Yields. `out` is owned by the caller, who gives it to
     * rows->ops->free; NULL on failure. A failed statement leaves the wire
     * usable unless its state says otherwise. The request's memory is not
     * touched after the return.
     */
    cupel_status (*execute)(cupel_wire *wire, const cupel_request *request,
                            cupel_time until, cupel_rows **out);

    /**
     * End the transaction with COMMIT. Yields. Answers OK only when the
     * database said that it is committed; an answer that was lost sets the
     * outcome UNKNOWN and SQLSTATE 08007. Nothing to do without a transaction.
     */
    cupel_status (*commit)(cupel_wire *wire, cupel_time until);

    /** End the transaction with ROLLBACK. Yields. As commit. */
    cupel_status (*rollback)(cupel_wire *wire, cupel_time until);

    /**
     * Roll back without waiting for the answer, which is the next call's to
     * wait for; whatever that sends goes behind the ROLLBACK, and if there is
     * none in this turn of the loop, the ROLLBACK goes by itself. The wire is
     * IDLE at once. When the database refuses, the wire is BROKEN, and nothing
     * that was sent behind it is executed; likewise when a call waits for this
     * answer alone, and `until` has passed. Never yields. False: it cannot be
     * done now, and nothing was. Optional.
     */
    bool (*rollback_ahead)(cupel_wire *wire, cupel_time until);

    /** What the database last said. Never yields. */
    cupel_wire_state (*state)(const cupel_wire *wire);

    /**
     * A cheap look whether an idle wire still lives, without a round trip.
     * Never yields. Optional.
     */
    bool (*alive)(cupel_wire *wire);

    /**
     * Ask the database to stop what is in flight, and wait until it has and the
     * request can hit nothing else. Yields. Afterwards the wire is quiet or
     * BROKEN.
     */
    cupel_status (*cancel)(cupel_wire *wire, cupel_time until);

    /** Say goodbye and free the wire, whatever its state. Yields. */
    void (*close)(cupel_wire *wire, cupel_time until);

    /** Hang up and free. Never yields, takes wires in any state. */
    void (*free)(cupel_wire *wire);

    /* Everything below is optional: NULL where the database lacks it. */

    /**
     * A round trip that shows whether an idle wire still lives, leaving it
     * idle. Yields. NULL: it always does. OPERATIONAL with connection_lost, or
     * what else the database answered.
     */
    cupel_status (*ping)(cupel_wire *wire, cupel_time until);

    /**
     * Learn what the database says of itself. Yields. Leaves the wire idle.
     * `out` is zeroed but for its struct_size.
     */
    cupel_status (*initialize)(cupel_wire *wire, cupel_time until,
                               cupel_server_info *out);

    /** What initialize asks, for the log; NULL if it asks nothing. */
    const char *initialize_sql;

    /**
     * The levels that set_isolation_level takes, in upper case, AUTOCOMMIT
     * among them where it exists; ends with NULL.
     */
    const char *const *isolation_levels;

    /**
     * Make the session use `level`, one of isolation_levels, for the
     * transactions to come; AUTOCOMMIT sets wire->autocommit and leaves the
     * session's level alone, any other level clears it. Only outside
     * transactions. Yields.
     */
    cupel_status (*set_isolation_level)(cupel_wire *wire, const char *level,
                                        cupel_time until);

    /**
     * Ask the database which level the session uses: one of isolation_levels,
     * never AUTOCOMMIT. Begins nothing. Yields.
     */
    cupel_status (*get_isolation_level)(cupel_wire *wire, cupel_time until,
                                        const char **out);

    /**
     * Switches of the session that connections and engines may set as
     * execution options ("postgresql_readonly"); ends with NULL.
     */
    const char *const *session_switches;

    /** Set one of session_switches for the transactions to come; they are
     * off when a wire is lent. Only outside transactions. Yields. */
    cupel_status (*set_session_switch)(cupel_wire *wire, const char *name,
                                       bool on, cupel_time until);

    /**
     * Two-phase commit of the open transaction, by the name `xid` (UTF-8, up
     * to 200 bytes, quoted here). Yields. `begin_twophase` is called before
     * the transaction's first statement, without one open, and may be NULL
     * where an ordinary transaction will do.
     */
    cupel_status (*begin_twophase)(cupel_wire *wire, const char *xid,
                                   cupel_time until);
    /** PREPARE: the transaction leaves the session. Yields. */
    cupel_status (*prepare_twophase)(cupel_wire *wire, const char *xid,
                                     cupel_time until);
    /** Commit: a prepared one by its name (no transaction may be open), or
     * the open one. Yields. */
    cupel_status (*commit_twophase)(cupel_wire *wire, const char *xid,
                                    bool is_prepared, cupel_time until);
    /** Roll back. Yields. As commit_twophase. */
    cupel_status (*rollback_twophase)(cupel_wire *wire, const char *xid,
                                      bool is_prepared, cupel_time until);
    /** The names of prepared transactions, as the first column of rows that
     * the caller frees. Yields. */
    cupel_status (*recover_twophase)(cupel_wire *wire, cupel_time until,
                                     cupel_rows **out);

    /** The driver's own connection: a PGconn, a sqlite3. Borrowed. */
    void *(*driver_connection)(cupel_wire *wire);

    /**
     * Make a wire of a driver's connection that somebody else opened, and do
     * to it what connect does after opening. Yields. Takes the connection,
     * also on failure.
     */
    cupel_status (*adopt)(const cupel_url *url, void *driver_connection,
                          cupel_time until, cupel_wire **out);

    /**
     * Where the url's database is one that only the connection itself can
     * see (in memory): the pool is a StaticPool by default then. Never
     * yields.
     */
    bool (*is_private)(const cupel_url *url);

    /**
     * The url to connect with from now on, where this one would mean something
     * else once the program goes to another folder: a relative path made
     * absolute. Asked once for an engine, after check_url. Never yields. `out`
     * is owned by the caller; NULL where the url itself will do.
     */
    cupel_status (*settle_url)(const cupel_url *url, cupel_url **out);
};

/**
 * Add a dialect to those that urls can name. The table must live for ever.
 * ARGUMENT if the name is taken or a needed member is missing. Call it before
 * engines are made; not thread-safe.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_dialect_register(const cupel_dialect *dialect);

CUPEL_END_DECLS

#endif
