/* SPDX-License-Identifier: MIT */
/* CREATE TABLE and DROP TABLE. A schema and all it points at is one arena. */
#include "dialect/fake/exec.h"

#include "dialect/fake/errors.h"

#include "base/alloc.h"
#include "base/buf.h"

#include <string.h>

enum { KEY_NAME_MAX = 4096 };

static char *
copy_name(struct cup_fake_schema *schema, const char *name)
{
    return cup_arena_strndup(&schema->arena, name, strlen(name));
}

static size_t
find_column(const struct cup_fake_schema *schema, const char *name)
{
    for (size_t i = 0; i < schema->column_count; i++) {
        if (strcmp(schema->columns[i].name, name) == 0)
            return i;
    }
    return SIZE_MAX;
}

static cupel_status
add_column(struct cup_fake_schema *schema,
           const struct cup_fake_column_def *def)
{
    struct cup_fake_column *column = &schema->columns[schema->column_count];

    if (find_column(schema, def->name) != SIZE_MAX)
        return cup_fake_fail("42701", "column \"%s\" is there twice",
                             def->name);
    column->name = copy_name(schema, def->name);
    if (column->name == NULL)
        return cup_nomem();
    column->type = def->type;
    column->not_null = def->not_null;
    schema->column_count++;
    return CUPEL_OK;
}

/* As PostgreSQL makes them up: t_pkey, t_a_b_key. */
static cupel_status
make_key_name(struct cup_fake_schema *schema, struct cup_fake_key *key)
{
    struct cup_buf name;
    cupel_status rc;

    cup_buf_init(&name, KEY_NAME_MAX);
    cup_buf_add_str(&name, schema->name);
    for (size_t i = 0; i < key->count && !key->primary; i++)
        cup_buf_addf(&name, "_%s", schema->columns[key->columns[i]].name);
    cup_buf_add_str(&name, key->primary ? "_pkey" : "_key");
    rc = name.failed;
    if (rc == CUPEL_OK)
        key->name = copy_name(schema, name.data);
    cup_buf_fini(&name);
    return rc == CUPEL_OK && key->name != NULL ? CUPEL_OK : cup_nomem();
}

static cupel_status
add_key(struct cup_fake_schema *schema, const struct cup_fake_stmt *stmt,
        const struct cup_fake_key_def *def)
{
    struct cup_fake_key *key = &schema->keys[schema->key_count];
    size_t count = 0;

    for (struct cup_fake_name *name = def->columns; name; name = name->next)
        count++;
    key->columns = cup_arena_array(&schema->arena, count, sizeof(size_t));
    if (key->columns == NULL)
        return cup_nomem();
    key->primary = def->primary;
    for (struct cup_fake_name *name = def->columns; name; name = name->next) {
        size_t column = find_column(schema, name->text);

        if (column == SIZE_MAX)
            return cup_fake_fail_at("42703", stmt->sql, name->offset,
                                    "column \"%s\" does not exist", name->text);
        if (def->primary)
            schema->columns[column].not_null = true;
        key->columns[key->count++] = column;
    }
    if (def->primary && count == 1 &&
        schema->columns[key->columns[0]].type == CUPEL_INT)
        schema->serial_column = key->columns[0];
    schema->key_count++;
    if (def->name == NULL)
        return make_key_name(schema, key);
    key->name = copy_name(schema, def->name);
    return key->name != NULL ? CUPEL_OK : cup_nomem();
}

static cupel_status
fill(struct cup_fake_schema *schema, const struct cup_fake_stmt *stmt)
{
    size_t columns = 0, keys = 0;
    cupel_status rc = CUPEL_OK;

    for (struct cup_fake_column_def *def = stmt->columns; def; def = def->next)
        columns++;
    for (struct cup_fake_key_def *def = stmt->keys; def; def = def->next)
        keys++;
    schema->name = copy_name(schema, stmt->name);
    schema->columns = cup_arena_array(&schema->arena, columns + 1,
                                      sizeof(schema->columns[0]));
    schema->keys =
        cup_arena_array(&schema->arena, keys + 1, sizeof(schema->keys[0]));
    if (schema->name == NULL || schema->columns == NULL || schema->keys == NULL)
        return cup_nomem();
    for (struct cup_fake_column_def *def = stmt->columns;
         rc == CUPEL_OK && def != NULL; def = def->next)
        rc = add_column(schema, def);
    for (struct cup_fake_key_def *def = stmt->keys;
         rc == CUPEL_OK && def != NULL; def = def->next)
        rc = add_key(schema, stmt, def);
    return rc;
}

static cupel_status
make_schema(const struct cup_fake_stmt *stmt, struct cup_fake_schema **out)
{
    struct cup_fake_schema *schema = cup_alloc(sizeof *schema);
    cupel_status rc;

    if (schema == NULL)
        return cup_nomem();
    schema->refs = 1;
    schema->serial_column = SIZE_MAX;
    rc = fill(schema, stmt);
    if (rc != CUPEL_OK) {
        cup_fake_schema_unref(schema);
        return rc;
    }
    *out = schema;
    return CUPEL_OK;
}

cupel_status
cup_fake_create(struct cup_fake_work *work)
{
    const struct cup_fake_stmt *stmt = work->stmt;
    struct cup_fake_schema *schema = NULL;
    struct cup_fake_table *table;
    cupel_status rc;

    if (cup_fake_table_find(work->data, stmt->name) != SIZE_MAX) {
        if (stmt->if_exists)
            return CUPEL_OK;
        return cup_fake_fail_at("42P07", stmt->sql, stmt->name_offset,
                                "table \"%s\" already exists", stmt->name);
    }
    rc = make_schema(stmt, &schema);
    if (rc != CUPEL_OK)
        return rc;
    table = cup_fake_table_new(schema);
    if (table == NULL)
        return cup_nomem();
    rc = cup_fake_data_own(&work->data);
    if (rc != CUPEL_OK) {
        cup_fake_table_unref(table);
        return rc;
    }
    return cup_fake_table_add(work->data, table);
}

cupel_status
cup_fake_drop(struct cup_fake_work *work)
{
    size_t index = cup_fake_table_find(work->data, work->stmt->name);
    cupel_status rc;

    if (index == SIZE_MAX && work->stmt->if_exists)
        return CUPEL_OK;
    rc = cup_fake_target(work, &index);
    if (rc == CUPEL_OK)
        rc = cup_fake_data_own(&work->data);
    if (rc == CUPEL_OK)
        cup_fake_table_remove(work->data, index);
    return rc;
}
