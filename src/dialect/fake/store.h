/* SPDX-License-Identifier: MIT */
/* What the fake databases hold.
 *
 * A version of a database (cup_fake_data) is immutable once somebody else can
 * see it, and so are its tables and rows: whoever wants to change one copies it
 * first, down to the row that differs. So a transaction is a reference to a
 * version, and a rollback drops it. All of it is counted; the counts are safe
 * under the one lock that every statement holds while it runs. */
#ifndef CUP_DIALECT_FAKE_STORE_H
#define CUP_DIALECT_FAKE_STORE_H

#include <cupel/value.h>

#include "base/arena.h"
#include "base/list.h"
#include "dialect/fake/sql.h"

/* Rows keep their number over updates, and tables keep their rows in the order
 * of the numbers: that is how concurrent changes are merged. */
struct cup_fake_row {
    size_t refs;
    int64_t id;
    size_t count;
    cupel_value values[]; /* what they point at stands behind them */
};

struct cup_fake_column {
    const char *name;
    int32_t type; /* as declared; values of any type are stored as they are */
    bool not_null;
};

/* A PRIMARY KEY or UNIQUE constraint. */
struct cup_fake_key {
    const char *name;
    size_t *columns;
    size_t count;
    bool primary;
};

/* What a table looks like; never changes. */
struct cup_fake_schema {
    size_t refs;
    struct cup_arena arena; /* of all it points at */
    const char *name;
    struct cup_fake_column *columns;
    size_t column_count;
    struct cup_fake_key *keys;
    size_t key_count;
    size_t serial_column; /* an INT that is the primary key; or SIZE_MAX */
};

struct cup_fake_table {
    size_t refs;
    struct cup_fake_schema *schema;
    struct cup_fake_row **rows;
    size_t count;
    size_t size;    /* of `rows` */
    int64_t serial; /* the last number given to the serial column */
};

/* One version of a database. */
struct cup_fake_data {
    size_t refs;
    struct cup_fake_table **tables;
    size_t count;
    size_t size; /* of `tables` */
};

/* A transaction that has left its session and waits for its second phase. */
struct cup_fake_prepared {
    struct cup_list link;       /* in cup_fake_database.prepared */
    struct cup_fake_data *base; /* as in a session */
    struct cup_fake_data *data;
    char xid[];
};

struct cup_fake_database {
    struct cup_list link;     /* in the list of databases, unless forgotten */
    struct cup_list prepared; /* the oldest first */
    size_t refs;              /* that list, and each wire */
    char *name;
    struct cup_fake_data *data; /* the newest committed version */
};

/* Statements hold it while they run; never across a wait. */
void
cup_fake_lock(void);
void
cup_fake_unlock(void);

/* The database of that name, made if it is new. NULL: no memory. */
struct cup_fake_database *
cup_fake_database_open(const char *name);

/* NULL is allowed. */
void
cup_fake_database_close(struct cup_fake_database *database);

/* Take it out of its database and drop what it did. */
void
cup_fake_prepared_free(struct cup_fake_prepared *prepared);

/* New databases from now on; wires keep theirs. */
void
cup_fake_databases_forget(void);

struct cup_fake_data *
cup_fake_data_ref(struct cup_fake_data *data);

/* NULL is allowed. */
void
cup_fake_data_unref(struct cup_fake_data *data);

/* Make *data a version that nobody else sees. NOMEM. */
cupel_status
cup_fake_data_own(struct cup_fake_data **data);

/* Its index, or SIZE_MAX. */
size_t
cup_fake_table_find(const struct cup_fake_data *data, const char *name);

/* The table of an own version, made ready to be changed; NULL: no memory. */
struct cup_fake_table *
cup_fake_table_own(struct cup_fake_data *data, size_t index);

/* An empty table. The schema's reference becomes the table's; without memory
 * (NULL) it is dropped. */
struct cup_fake_table *
cup_fake_table_new(struct cup_fake_schema *schema);

/* Takes the table's reference, and drops it without memory (NOMEM). */
cupel_status
cup_fake_table_add(struct cup_fake_data *data, struct cup_fake_table *table);

void
cup_fake_table_remove(struct cup_fake_data *data, size_t index);

struct cup_fake_table *
cup_fake_table_ref(struct cup_fake_table *table);

void
cup_fake_table_unref(struct cup_fake_table *table);

/* Room for `count` rows in an own table. NOMEM. */
cupel_status
cup_fake_table_reserve(struct cup_fake_table *table, size_t count);

/* NULL is allowed. */
void
cup_fake_schema_unref(struct cup_fake_schema *schema);

/* A copy of the values, numbered `id` (0: a new number). NULL: no memory. */
struct cup_fake_row *
cup_fake_row_new(int64_t id, const cupel_value *values, size_t count);

struct cup_fake_row *
cup_fake_row_ref(struct cup_fake_row *row);

/* NULL is allowed. */
void
cup_fake_row_unref(struct cup_fake_row *row);

/* Check a row of the table against its keys; the row of the same number is not
 * looked at. INTEGRITY, naming table, column and constraint. */
cupel_status
cup_fake_check_keys(const struct cup_fake_table *table,
                    const struct cup_fake_row *row);

/* What `mine`, which began as `base`, makes of `theirs`, the newest: rows that
 * I changed win, all others are theirs. INTEGRITY if that breaks a key,
 * OPERATIONAL (40001) if a table is gone or there twice. */
cupel_status
cup_fake_merge(struct cup_fake_data *base, struct cup_fake_data *mine,
               struct cup_fake_data *theirs, struct cup_fake_data **out);

#endif
