/* SPDX-License-Identifier: MIT */
/* Versions of databases and what they share. */
#include "dialect/fake/store.h"

#include "dialect/fake/errors.h"
#include "dialect/fake/eval.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

/* Under the mutex, as all that follows. */
static struct cup_list databases = { &databases, &databases };
static int64_t last_row_id;

void
cup_fake_lock(void)
{
    pthread_mutex_lock(&mutex);
}

void
cup_fake_unlock(void)
{
    pthread_mutex_unlock(&mutex);
}

/* ---- Databases --------------------------------------------------------- */

static struct cup_fake_database *
database_new(const char *name)
{
    struct cup_fake_database *database = cup_alloc(sizeof *database);

    if (database == NULL)
        return NULL;
    database->refs = 1;
    cup_list_init(&database->prepared);
    database->name = cup_strdup(name);
    database->data = cup_alloc(sizeof *database->data);
    if (database->name == NULL || database->data == NULL) {
        cup_free(database->name);
        cup_free(database->data);
        cup_free(database);
        return NULL;
    }
    database->data->refs = 1;
    cup_list_push(&databases, &database->link);
    return database;
}

struct cup_fake_database *
cup_fake_database_open(const char *name)
{
    struct cup_fake_database *database;
    struct cup_list *item, *after;

    CUP_LIST_EACH (item, after, &databases) {
        database = CUP_CONTAINER(item, struct cup_fake_database, link);
        if (strcmp(database->name, name) == 0) {
            database->refs++;
            return database;
        }
    }
    database = database_new(name);
    if (database != NULL)
        database->refs++;
    return database;
}

void
cup_fake_prepared_free(struct cup_fake_prepared *prepared)
{
    cup_list_remove(&prepared->link);
    cup_fake_data_unref(prepared->base);
    cup_fake_data_unref(prepared->data);
    cup_free(prepared);
}

void
cup_fake_database_close(struct cup_fake_database *database)
{
    struct cup_list *item, *after;

    if (database == NULL || --database->refs > 0)
        return;
    CUP_LIST_EACH (item, after, &database->prepared)
        cup_fake_prepared_free(
            CUP_CONTAINER(item, struct cup_fake_prepared, link));
    cup_fake_data_unref(database->data);
    cup_free(database->name);
    cup_free(database);
}

void
cup_fake_databases_forget(void)
{
    struct cup_list *item;

    while ((item = cup_list_pop(&databases)) != NULL)
        cup_fake_database_close(
            CUP_CONTAINER(item, struct cup_fake_database, link));
}

/* ---- Versions ---------------------------------------------------------- */

struct cup_fake_data *
cup_fake_data_ref(struct cup_fake_data *data)
{
    data->refs++;
    return data;
}

void
cup_fake_data_unref(struct cup_fake_data *data)
{
    if (data == NULL || --data->refs > 0)
        return;
    for (size_t i = 0; i < data->count; i++)
        cup_fake_table_unref(data->tables[i]);
    cup_free(data->tables);
    cup_free(data);
}

cupel_status
cup_fake_data_own(struct cup_fake_data **data)
{
    struct cup_fake_data *old = *data;
    struct cup_fake_data *copy;

    if (old->refs == 1)
        return CUPEL_OK;
    copy = cup_alloc(sizeof *copy);
    if (copy == NULL)
        return cup_nomem();
    copy->refs = 1;
    copy->tables = cup_alloc_array(old->count + 1, sizeof(copy->tables[0]));
    if (copy->tables == NULL) {
        cup_free(copy);
        return cup_nomem();
    }
    copy->size = old->count + 1;
    for (size_t i = 0; i < old->count; i++)
        copy->tables[i] = cup_fake_table_ref(old->tables[i]);
    copy->count = old->count;
    cup_fake_data_unref(old);
    *data = copy;
    return CUPEL_OK;
}

size_t
cup_fake_table_find(const struct cup_fake_data *data, const char *name)
{
    for (size_t i = 0; i < data->count; i++) {
        if (strcmp(data->tables[i]->schema->name, name) == 0)
            return i;
    }
    return SIZE_MAX;
}

cupel_status
cup_fake_table_add(struct cup_fake_data *data, struct cup_fake_table *table)
{
    struct cup_fake_table **tables = data->tables;

    assert(data->refs == 1);
    if (data->count == data->size) {
        tables = cup_realloc_array(tables, data->size + 8, sizeof tables[0]);
        if (tables == NULL) {
            cup_fake_table_unref(table);
            return cup_nomem();
        }
        data->tables = tables;
        data->size += 8;
    }
    tables[data->count++] = table;
    return CUPEL_OK;
}

void
cup_fake_table_remove(struct cup_fake_data *data, size_t index)
{
    assert(data->refs == 1 && index < data->count);
    cup_fake_table_unref(data->tables[index]);
    data->count--;
    memmove(data->tables + index, data->tables + index + 1,
            (data->count - index) * sizeof(data->tables[0]));
}

/* ---- Tables ------------------------------------------------------------ */

struct cup_fake_table *
cup_fake_table_new(struct cup_fake_schema *schema)
{
    struct cup_fake_table *table = cup_alloc(sizeof *table);

    if (table == NULL) {
        cup_fake_schema_unref(schema);
        return NULL;
    }
    table->refs = 1;
    table->schema = schema;
    return table;
}

struct cup_fake_table *
cup_fake_table_ref(struct cup_fake_table *table)
{
    table->refs++;
    return table;
}

void
cup_fake_table_unref(struct cup_fake_table *table)
{
    if (--table->refs > 0)
        return;
    for (size_t i = 0; i < table->count; i++)
        cup_fake_row_unref(table->rows[i]);
    cup_free(table->rows);
    cup_fake_schema_unref(table->schema);
    cup_free(table);
}

cupel_status
cup_fake_table_reserve(struct cup_fake_table *table, size_t count)
{
    size_t size = table->size < 8 ? 8 : table->size;
    struct cup_fake_row **rows;

    if (count <= table->size)
        return CUPEL_OK;
    while (size < count)
        size *= 2;
    rows = cup_realloc_array(table->rows, size, sizeof rows[0]);
    if (rows == NULL)
        return cup_nomem();
    table->rows = rows;
    table->size = size;
    return CUPEL_OK;
}

struct cup_fake_table *
cup_fake_table_own(struct cup_fake_data *data, size_t index)
{
    struct cup_fake_table *old = data->tables[index];
    struct cup_fake_table *copy;

    assert(data->refs == 1);
    if (old->refs == 1)
        return old;
    old->schema->refs++;
    copy = cup_fake_table_new(old->schema);
    if (copy == NULL)
        return NULL;
    copy->serial = old->serial;
    if (cup_fake_table_reserve(copy, old->count + 1) != CUPEL_OK) {
        cup_fake_table_unref(copy);
        return NULL;
    }
    for (size_t i = 0; i < old->count; i++)
        copy->rows[i] = cup_fake_row_ref(old->rows[i]);
    copy->count = old->count;
    cup_fake_table_unref(old);
    data->tables[index] = copy;
    return copy;
}

void
cup_fake_schema_unref(struct cup_fake_schema *schema)
{
    if (schema == NULL || --schema->refs > 0)
        return;
    cup_arena_fini(&schema->arena);
    cup_free(schema);
}

/* ---- Rows -------------------------------------------------------------- */

struct cup_fake_row *
cup_fake_row_new(int64_t id, const cupel_value *values, size_t count)
{
    size_t size = sizeof(struct cup_fake_row) + count * sizeof values[0];
    size_t extent = 0;
    struct cup_fake_row *row;
    char *memory;

    size = (size + _Alignof(max_align_t) - 1) / _Alignof(max_align_t) *
           _Alignof(max_align_t);
    for (size_t i = 0; i < count; i++)
        extent += cup_fake_value_extent(&values[i]);
    row = cup_alloc(size + extent);
    if (row == NULL)
        return NULL;
    row->refs = 1;
    row->id = id != 0 ? id : ++last_row_id;
    row->count = count;
    memory = (char *)row + size;
    for (size_t i = 0; i < count; i++)
        row->values[i] = cup_fake_value_copy(&values[i], &memory);
    return row;
}

struct cup_fake_row *
cup_fake_row_ref(struct cup_fake_row *row)
{
    row->refs++;
    return row;
}

void
cup_fake_row_unref(struct cup_fake_row *row)
{
    if (row != NULL && --row->refs == 0)
        cup_free(row);
}

/* ---- Keys -------------------------------------------------------------- */

static bool
same_value(const cupel_value *left, const cupel_value *right)
{
    int order = 1;

    if (left->type == CUPEL_INT && right->type == CUPEL_INT)
        return left->as.integer == right->as.integer;
    if (left->type == CUPEL_NULL || right->type == CUPEL_NULL)
        return false;
    return cup_fake_compare(left, right, &order) && order == 0;
}

static bool
same_key(const struct cup_fake_key *key, const struct cup_fake_row *left,
         const struct cup_fake_row *right)
{
    for (size_t i = 0; i < key->count; i++) {
        size_t column = key->columns[i];

        if (!same_value(&left->values[column], &right->values[column]))
            return false;
    }
    return true;
}

/* "Key (a, b)=(1, x) already exists.", as PostgreSQL has it. */
static void
describe(struct cup_buf *detail, const struct cup_fake_schema *schema,
         const struct cup_fake_key *key, const struct cup_fake_row *row)
{
    cup_buf_add_str(detail, "Key (");
    for (size_t i = 0; i < key->count; i++)
        cup_buf_addf(detail, "%s%s", i > 0 ? ", " : "",
                     schema->columns[key->columns[i]].name);
    cup_buf_add_str(detail, ")=(");
    for (size_t i = 0; i < key->count; i++) {
        char text[100];

        cupel_value_format(&row->values[key->columns[i]], text, sizeof text);
        cup_buf_addf(detail, "%s%s", i > 0 ? ", " : "", text);
    }
    cup_buf_add_str(detail, ") already exists.");
}

/* The detail comes first, since failing to write it is a failure too, and makes
 * a record of its own. */
static cupel_status
violated(const struct cup_fake_schema *schema, const struct cup_fake_key *key,
         const struct cup_fake_row *row)
{
    struct cup_buf detail;
    struct cupel_error *error;
    cupel_status rc;

    cup_buf_init(&detail, 4096);
    describe(&detail, schema, key, row);
    rc = cup_fake_fail("23505", "a row violates the unique constraint \"%s\"",
                       key->name);
    error = cup_error_current();
    if (error != NULL) {
        if (detail.failed == CUPEL_OK)
            cup_error_field(&error->detail, detail.data);
        cup_error_field(&error->table, schema->name);
        cup_error_field(&error->column, schema->columns[key->columns[0]].name);
        cup_error_field(&error->constraint, key->name);
    }
    cup_buf_fini(&detail);
    return rc;
}

cupel_status
cup_fake_check_keys(const struct cup_fake_table *table,
                    const struct cup_fake_row *row)
{
    const struct cup_fake_schema *schema = table->schema;

    for (size_t k = 0; k < schema->key_count; k++) {
        for (size_t i = 0; i < table->count; i++) {
            if (table->rows[i]->id != row->id &&
                same_key(&schema->keys[k], table->rows[i], row))
                return violated(schema, &schema->keys[k], row);
        }
    }
    return CUPEL_OK;
}
