/* SPDX-License-Identifier: MIT */
/* INSERT, UPDATE, DELETE: each makes the version and the table its own, changes
 * the rows, and lets RETURNING look at each of them. */
#include "dialect/fake/exec.h"

#include "dialect/fake/errors.h"

#include "base/alloc.h"
#include "base/error.h"

#include <assert.h>
#include <string.h>

void
cup_fake_result_init(struct cup_fake_result *result)
{
    memset(result, 0, sizeof *result);
    result->affected = -1;
}

void
cup_fake_result_fini(struct cup_fake_result *result)
{
    for (size_t i = 0; i < result->count; i++)
        cup_fake_row_unref(result->rows[i]);
    cup_free(result->rows);
    cup_arena_fini(&result->arena);
}

cupel_status
cup_fake_target(struct cup_fake_work *work, size_t *index)
{
    const struct cup_fake_stmt *stmt = work->stmt;

    *index = cup_fake_table_find(work->data, stmt->name);
    if (*index == SIZE_MAX)
        return cup_fake_fail_at("42P01", stmt->sql, stmt->name_offset,
                                "table \"%s\" does not exist", stmt->name);
    work->scope.schema = work->data->tables[*index]->schema;
    return CUPEL_OK;
}

/* The statement's table, ready to be changed. */
static cupel_status
own_target(struct cup_fake_work *work, struct cup_fake_table **out)
{
    size_t index;
    cupel_status rc;

    rc = cup_fake_target(work, &index);
    if (rc == CUPEL_OK)
        rc = cup_fake_data_own(&work->data);
    if (rc != CUPEL_OK)
        return rc;
    *out = cup_fake_table_own(work->data, index);
    return *out != NULL ? CUPEL_OK : cup_nomem();
}

static cupel_status
check_not_null(const struct cup_fake_schema *schema, const cupel_value *values)
{
    struct cupel_error *error;
    cupel_status rc;

    for (size_t i = 0; i < schema->column_count; i++) {
        if (!schema->columns[i].not_null || values[i].type != CUPEL_NULL)
            continue;
        rc = cup_fake_fail("23502", "column \"%s\" may not be null",
                           schema->columns[i].name);
        error = cup_error_current();
        if (error != NULL) {
            cup_error_field(&error->table, schema->name);
            cup_error_field(&error->column, schema->columns[i].name);
        }
        return rc;
    }
    return CUPEL_OK;
}

/* Count a changed row, and let RETURNING see it. */
static cupel_status
changed(struct cup_fake_work *work, const struct cup_fake_row *row)
{
    work->result->affected++;
    if (work->stmt->items == NULL)
        return CUPEL_OK;
    work->scope.row = row->values;
    return cup_fake_project(work);
}

/* What every change begins with. */
static cupel_status
start_change(struct cup_fake_work *work, struct cup_fake_table **out)
{
    cupel_status rc;

    rc = own_target(work, out);
    if (rc == CUPEL_OK)
        rc = cup_fake_resolve(&work->scope, work->stmt->where, false);
    if (rc == CUPEL_OK && work->stmt->items != NULL)
        rc = cup_fake_describe(work, false);
    if (rc == CUPEL_OK && work->result->affected < 0)
        work->result->affected = 0;
    return rc;
}

/* ---- INSERT ------------------------------------------------------------ */

static cupel_status
find_column(const struct cup_fake_work *work, const char *name, size_t offset,
            size_t *out)
{
    const struct cup_fake_schema *schema = work->scope.schema;

    for (*out = 0; *out < schema->column_count; ++*out) {
        if (strcmp(schema->columns[*out].name, name) == 0)
            return CUPEL_OK;
    }
    return cup_fake_fail_at("42703", work->scope.sql, offset,
                            "column \"%s\" of table \"%s\" does not exist",
                            name, schema->name);
}

/* The column that each value of a group goes to. */
static cupel_status
find_columns(const struct cup_fake_work *work, size_t *columns, size_t *count)
{
    *count = 0;
    if (work->stmt->names == NULL) {
        for (; *count < work->scope.schema->column_count; ++*count)
            columns[*count] = *count;
        return CUPEL_OK;
    }
    for (struct cup_fake_name *name = work->stmt->names; name != NULL;
         name = name->next) {
        cupel_status rc;

        if (*count == work->scope.schema->column_count)
            return cup_fake_fail_at("42701", work->scope.sql, name->offset,
                                    "a column is named twice");
        rc = find_column(work, name->text, name->offset, &columns[*count]);
        if (rc != CUPEL_OK)
            return rc;
        ++*count;
    }
    return CUPEL_OK;
}

static cupel_status
eval_group(const struct cup_fake_work *work, const struct cup_fake_group *group,
           const size_t *columns, size_t count, cupel_value *values)
{
    const struct cup_fake_scope *scope = &work->scope;
    struct cup_fake_scope outside = *scope;
    size_t i = 0;
    cupel_status rc;

    outside.schema = NULL;
    for (struct cup_fake_item *item = group->values; item != NULL;
         item = item->next, i++) {
        if (i == count)
            return cup_fake_fail_at("42601", scope->sql, item->offset,
                                    "there are more values than columns");
        rc = cup_fake_resolve(&outside, item->expr, false);
        if (rc == CUPEL_OK)
            rc = cup_fake_eval(&outside, item->expr, &values[columns[i]]);
        if (rc != CUPEL_OK)
            return rc;
    }
    if (i < count && work->stmt->names != NULL)
        return cup_fake_fail("42601", "there are more columns than values");
    return CUPEL_OK;
}

/* Give the serial column its number, or learn from the one it was given. */
static void
number(struct cup_fake_work *work, struct cup_fake_table *table,
       cupel_value *values)
{
    size_t column = table->schema->serial_column;

    if (column == SIZE_MAX)
        return;
    if (values[column].type == CUPEL_NULL)
        values[column] = cupel_int(table->serial + 1);
    if (values[column].type != CUPEL_INT)
        return;
    if (values[column].as.integer > table->serial)
        table->serial = values[column].as.integer;
    work->result->last_insert_id = values[column].as.integer;
}

/* Numbers become what a column of exact or floating numbers holds; any other
 * value is kept as it is. */
static cupel_status
convert(const struct cup_fake_work *work, cupel_value *values)
{
    const struct cup_fake_schema *schema = work->scope.schema;

    for (size_t i = 0; i < schema->column_count; i++) {
        struct cup_fake_expr cast = { .kind = CUP_FAKE_CAST,
                                      .type = schema->columns[i].type };
        cupel_status rc;

        if ((cast.type != CUPEL_DOUBLE && cast.type != CUPEL_DECIMAL) ||
            (values[i].type != CUPEL_INT && values[i].type != CUPEL_DOUBLE))
            continue;
        rc = cup_fake_cast(&work->scope, &cast, &values[i], &values[i]);
        if (rc != CUPEL_OK)
            return rc;
    }
    return check_not_null(schema, values);
}

static cupel_status
insert_row(struct cup_fake_work *work, struct cup_fake_table *table,
           cupel_value *values)
{
    struct cup_fake_row *row;
    cupel_status rc;

    number(work, table, values);
    rc = convert(work, values);
    if (rc == CUPEL_OK)
        rc = cup_fake_table_reserve(table, table->count + 1);
    if (rc != CUPEL_OK)
        return rc;
    row = cup_fake_row_new(0, values, table->schema->column_count);
    if (row == NULL)
        return cup_nomem();
    rc = cup_fake_check_keys(table, row);
    if (rc != CUPEL_OK) {
        cup_fake_row_unref(row);
        return rc;
    }
    table->rows[table->count++] = row;
    return changed(work, row);
}

static cupel_status
insert(struct cup_fake_work *work)
{
    struct cup_fake_table *table;
    size_t *columns;
    cupel_value *values;
    size_t total, count;
    cupel_status rc;

    rc = start_change(work, &table);
    if (rc != CUPEL_OK)
        return rc;
    total = table->schema->column_count;
    columns = cup_arena_array(work->scope.arena, total, sizeof *columns);
    values = cup_arena_array(work->scope.arena, total, sizeof *values);
    if (columns == NULL || values == NULL)
        return cup_nomem();
    rc = find_columns(work, columns, &count);
    for (struct cup_fake_group *group = work->stmt->groups;
         rc == CUPEL_OK && group != NULL; group = group->next) {
        memset(values, 0, total * sizeof *values);
        work->scope.row = NULL;
        rc = eval_group(work, group, columns, count, values);
        if (rc == CUPEL_OK)
            rc = insert_row(work, table, values);
    }
    return rc;
}

/* ---- UPDATE and DELETE ------------------------------------------------- */

static cupel_status
resolve_assignments(struct cup_fake_work *work)
{
    for (struct cup_fake_item *item = work->stmt->assignments; item != NULL;
         item = item->next) {
        cupel_status rc;
        size_t column;

        rc = find_column(work, item->name, item->offset, &column);
        if (rc == CUPEL_OK)
            rc = cup_fake_resolve(&work->scope, item->expr, false);
        if (rc != CUPEL_OK)
            return rc;
    }
    return CUPEL_OK;
}

/* The values that one row will have. */
static cupel_status
assign(struct cup_fake_work *work, const struct cup_fake_row *old,
       cupel_value *values)
{
    memcpy(values, old->values, old->count * sizeof *values);
    for (struct cup_fake_item *item = work->stmt->assignments; item != NULL;
         item = item->next) {
        cupel_status rc;
        size_t column;

        rc = find_column(work, item->name, item->offset, &column);
        assert(rc == CUPEL_OK);
        rc = cup_fake_eval(&work->scope, item->expr, &values[column]);
        if (rc != CUPEL_OK)
            return rc;
    }
    return convert(work, values);
}

static cupel_status
update_row(struct cup_fake_work *work, struct cup_fake_table *table,
           size_t index, cupel_value *values)
{
    struct cup_fake_row *old = table->rows[index];
    struct cup_fake_row *row;
    cupel_status rc;

    rc = assign(work, old, values);
    if (rc != CUPEL_OK)
        return rc;
    row = cup_fake_row_new(old->id, values, old->count);
    if (row == NULL)
        return cup_nomem();
    rc = cup_fake_check_keys(table, row);
    if (rc != CUPEL_OK) {
        cup_fake_row_unref(row);
        return rc;
    }
    table->rows[index] = row;
    cup_fake_row_unref(old);
    return changed(work, row);
}

static cupel_status
update(struct cup_fake_work *work)
{
    struct cup_fake_table *table;
    cupel_value *values;
    cupel_status rc;
    bool hit;

    rc = start_change(work, &table);
    if (rc == CUPEL_OK)
        rc = resolve_assignments(work);
    if (rc != CUPEL_OK)
        return rc;
    values = cup_arena_array(work->scope.arena, table->schema->column_count,
                             sizeof *values);
    if (values == NULL)
        return cup_nomem();
    for (size_t i = 0; rc == CUPEL_OK && i < table->count; i++) {
        work->scope.row = table->rows[i]->values;
        rc = cup_fake_eval_condition(&work->scope, work->stmt->where, &hit);
        if (rc == CUPEL_OK && hit)
            rc = update_row(work, table, i, values);
    }
    return rc;
}

static cupel_status
delete_rows(struct cup_fake_work *work)
{
    struct cup_fake_table *table;
    size_t kept = 0;
    cupel_status rc;
    bool hit = false;

    rc = start_change(work, &table);
    if (rc != CUPEL_OK)
        return rc;
    for (size_t i = 0; i < table->count; i++) {
        struct cup_fake_row *row = table->rows[i];

        work->scope.row = row->values;
        if (rc == CUPEL_OK)
            rc = cup_fake_eval_condition(&work->scope, work->stmt->where, &hit);
        if (rc == CUPEL_OK && hit)
            rc = changed(work, row);
        if (rc == CUPEL_OK && hit)
            cup_fake_row_unref(row);
        else
            table->rows[kept++] = row;
    }
    table->count = kept;
    return rc;
}

cupel_status
cup_fake_execute(struct cup_fake_work *work)
{
    switch (work->stmt->kind) {
    case CUP_FAKE_CREATE:
        return cup_fake_create(work);
    case CUP_FAKE_DROP:
        return cup_fake_drop(work);
    case CUP_FAKE_INSERT:
        return insert(work);
    case CUP_FAKE_SELECT:
        return cup_fake_select(work);
    case CUP_FAKE_UPDATE:
        return update(work);
    case CUP_FAKE_DELETE:
        return delete_rows(work);
    case CUP_FAKE_BEGIN_TRANSACTION:
    case CUP_FAKE_COMMIT_TRANSACTION:
    case CUP_FAKE_ROLLBACK_TRANSACTION:
    case CUP_FAKE_SAVEPOINT:
    case CUP_FAKE_RELEASE:
    case CUP_FAKE_ROLLBACK_TO:
        break;
    }
    assert(false); /* those are the session's */
    return CUPEL_E_INTERNAL;
}
