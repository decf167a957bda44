/* SPDX-License-Identifier: MIT */
/* SELECT: filter, order, aggregate, cut, project. RETURNING shares the last of
 * these. */
#include "dialect/fake/exec.h"

#include "dialect/fake/errors.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

/* A row that WHERE let through. */
struct hit {
    const cupel_value *row;  /* NULL without FROM */
    const cupel_value *keys; /* of ORDER BY */
    const struct cup_fake_item *order;
    size_t place; /* for a stable sort */
};

struct hits {
    struct hit *items; /* in the arena */
    size_t count;
};

/* ---- Columns and rows of the result ------------------------------------ */

static size_t
count_columns(const struct cup_fake_work *work)
{
    size_t count = 0;

    for (struct cup_fake_item *item = work->stmt->items; item != NULL;
         item = item->next) {
        if (item->expr != NULL)
            count++;
        else if (work->scope.schema != NULL)
            count += work->scope.schema->column_count;
    }
    return count;
}

static cupel_status
add_column(struct cup_fake_result *result, const char *name, int32_t type)
{
    cupel_column *column = &result->columns[result->column_count];

    column->name = cup_arena_strndup(&result->arena, name, strlen(name));
    if (column->name == NULL)
        return cup_nomem();
    column->type = type;
    column->native = (uint32_t)type;
    result->column_count++;
    return CUPEL_OK;
}

static cupel_status
add_columns(struct cup_fake_work *work, const struct cup_fake_item *item)
{
    const struct cup_fake_schema *schema = work->scope.schema;
    cupel_status rc = CUPEL_OK;

    if (item->expr != NULL)
        return add_column(work->result, item->name,
                          cup_fake_expr_type(&work->scope, item->expr));
    for (size_t i = 0; rc == CUPEL_OK && i < schema->column_count; i++)
        rc = add_column(work->result, schema->columns[i].name,
                        schema->columns[i].type);
    return rc;
}

static cupel_status
resolve_items(struct cup_fake_work *work, bool aggregates)
{
    for (struct cup_fake_item *item = work->stmt->items; item != NULL;
         item = item->next) {
        cupel_status rc;

        if (item->expr == NULL && work->scope.schema == NULL)
            return cup_fake_fail_at("42601", work->scope.sql, item->offset,
                                    "SELECT * needs a table");
        rc = cup_fake_resolve(&work->scope, item->expr, aggregates);
        if (rc != CUPEL_OK)
            return rc;
    }
    return CUPEL_OK;
}

cupel_status
cup_fake_describe(struct cup_fake_work *work, bool aggregates)
{
    struct cup_fake_result *result = work->result;
    cupel_status rc;

    rc = resolve_items(work, aggregates);
    if (rc != CUPEL_OK || result->columns != NULL)
        return rc;
    result->columns = cup_arena_array(&result->arena, count_columns(work),
                                      sizeof(result->columns[0]));
    if (result->columns == NULL)
        return cup_nomem();
    for (struct cup_fake_item *item = work->stmt->items;
         rc == CUPEL_OK && item != NULL; item = item->next)
        rc = add_columns(work, item);
    return rc;
}

/* Take over the row's reference. */
static cupel_status
add_row(struct cup_fake_result *result, struct cup_fake_row *row)
{
    size_t size = result->size < 8 ? 8 : result->size * 2;
    struct cup_fake_row **rows;

    if (result->count == result->size) {
        rows = cup_realloc_array(result->rows, size, sizeof rows[0]);
        if (rows == NULL) {
            cup_fake_row_unref(row);
            return cup_nomem();
        }
        result->rows = rows;
        result->size = size;
    }
    result->rows[result->count++] = row;
    return CUPEL_OK;
}

cupel_status
cup_fake_project(struct cup_fake_work *work)
{
    struct cup_fake_result *result = work->result;
    cupel_value *values;
    struct cup_fake_row *row;
    size_t count = 0;

    values = cup_arena_array(work->scope.arena, result->column_count + 1,
                             sizeof *values);
    if (values == NULL)
        return cup_nomem();
    for (struct cup_fake_item *item = work->stmt->items; item != NULL;
         item = item->next) {
        cupel_status rc;

        if (item->expr == NULL) {
            size_t width = work->scope.schema->column_count;

            memcpy(values + count, work->scope.row, width * sizeof *values);
            count += width;
            continue;
        }
        rc = cup_fake_eval(&work->scope, item->expr, &values[count]);
        if (rc != CUPEL_OK)
            return rc;
        count++;
    }
    for (size_t i = 0; i < count; i++) {
        if (result->columns[i].type == CUPEL_NULL)
            result->columns[i].type = values[i].type;
    }
    row = cup_fake_row_new(0, values, count);
    return row != NULL ? add_row(result, row) : cup_nomem();
}

/* ---- WHERE and ORDER BY ------------------------------------------------ */

static cupel_status
filter(struct cup_fake_work *work, const struct cup_fake_table *table,
       struct hits *hits)
{
    size_t count = table != NULL ? table->count : 1;
    cupel_status rc;
    bool hit;

    hits->count = 0;
    hits->items =
        cup_arena_array(work->scope.arena, count + 1, sizeof(struct hit));
    if (hits->items == NULL)
        return cup_nomem();
    for (size_t i = 0; i < count; i++) {
        work->scope.row = table != NULL ? table->rows[i]->values : NULL;
        rc = cup_fake_eval_condition(&work->scope, work->stmt->where, &hit);
        if (rc != CUPEL_OK)
            return rc;
        if (hit)
            hits->items[hits->count++].row = work->scope.row;
    }
    return CUPEL_OK;
}

/* NULLs come last, as in PostgreSQL; values without an order stay put. */
static int
compare_keys(const cupel_value *left, const cupel_value *right)
{
    int order = 0;

    if (left->type == CUPEL_NULL || right->type == CUPEL_NULL)
        return (left->type == CUPEL_NULL) - (right->type == CUPEL_NULL);
    return cup_fake_compare(left, right, &order) ? order : 0;
}

static int
compare_hits(const void *left_item, const void *right_item)
{
    const struct hit *left = left_item;
    const struct hit *right = right_item;
    const struct cup_fake_item *item = left->order;

    for (size_t i = 0; item != NULL; item = item->next, i++) {
        int order = compare_keys(&left->keys[i], &right->keys[i]);

        if (order != 0)
            return item->descending ? -order : order;
    }
    return (left->place > right->place) - (left->place < right->place);
}

static cupel_status
sort(struct cup_fake_work *work, struct hits *hits)
{
    size_t width = 0;

    for (struct cup_fake_item *item = work->stmt->order; item != NULL;
         item = item->next) {
        cupel_status rc = cup_fake_resolve(&work->scope, item->expr, false);

        if (rc != CUPEL_OK)
            return rc;
        width++;
    }
    for (size_t i = 0; width > 0 && i < hits->count; i++) {
        struct hit *hit = &hits->items[i];
        cupel_value *keys =
            cup_arena_array(work->scope.arena, width, sizeof *keys);
        cupel_value *key = keys;

        if (keys == NULL)
            return cup_nomem();
        work->scope.row = hit->row;
        for (struct cup_fake_item *item = work->stmt->order; item != NULL;
             item = item->next, key++) {
            cupel_status rc = cup_fake_eval(&work->scope, item->expr, key);

            if (rc != CUPEL_OK)
                return rc;
        }
        hit->keys = keys;
        hit->order = work->stmt->order;
        hit->place = i;
    }
    if (width > 0)
        qsort(hits->items, hits->count, sizeof(struct hit), compare_hits);
    return CUPEL_OK;
}

/* ---- Aggregates -------------------------------------------------------- */

/* Bring one value into an aggregate's result. */
static cupel_status
accumulate(const struct cup_fake_scope *scope, struct cup_fake_expr *expr,
           const cupel_value *value)
{
    struct cup_fake_expr plus = { .op = CUP_FAKE_ADD, .offset = expr->offset };
    cupel_value *total = &expr->value;
    bool first = total->type == CUPEL_NULL;
    int order = 0;

    if (expr->function <= CUP_FAKE_COUNT) {
        total->as.integer++;
        return CUPEL_OK;
    }
    if (expr->function == CUP_FAKE_SUM && !first)
        return cup_fake_operate(scope, &plus, total, value, total);
    if (!first && !cup_fake_compare(value, total, &order))
        return cup_fake_fail_at("42883", scope->sql, expr->offset,
                                "type %s has no order",
                                cupel_type_name((cupel_type)value->type));
    if (first || (expr->function == CUP_FAKE_MIN ? order < 0 : order > 0))
        *total = *value;
    return CUPEL_OK;
}

static cupel_status
aggregate(struct cup_fake_scope *scope, struct cup_fake_expr *expr,
          const struct hits *hits)
{
    cupel_value value = cupel_int(1);
    cupel_status rc = CUPEL_OK;

    if (expr == NULL)
        return CUPEL_OK;
    if (expr->kind != CUP_FAKE_AGGREGATE) {
        rc = aggregate(scope, expr->left, hits);
        return rc == CUPEL_OK ? aggregate(scope, expr->right, hits) : rc;
    }
    expr->value =
        expr->function <= CUP_FAKE_COUNT ? cupel_int(0) : cupel_null();
    for (size_t i = 0; rc == CUPEL_OK && i < hits->count; i++) {
        scope->row = hits->items[i].row;
        if (expr->left != NULL)
            rc = cup_fake_eval(scope, expr->left, &value);
        if (rc == CUPEL_OK && value.type != CUPEL_NULL)
            rc = accumulate(scope, expr, &value);
    }
    return rc;
}

/* With aggregates, and without GROUP BY, all rows become one. */
static cupel_status
select_aggregates(struct cup_fake_work *work, const struct hits *hits)
{
    for (struct cup_fake_item *item = work->stmt->items; item != NULL;
         item = item->next) {
        cupel_status rc;

        if (item->expr == NULL)
            return cup_fake_fail_at("42803", work->scope.sql, item->offset,
                                    "a star beside an aggregate");
        rc = aggregate(&work->scope, item->expr, hits);
        if (rc != CUPEL_OK)
            return rc;
    }
    work->scope.row = NULL;
    return cup_fake_project(work);
}

/* ---- The statement ----------------------------------------------------- */

/* The number that LIMIT or OFFSET gives; NULL and nothing give `otherwise`. */
static cupel_status
eval_count(struct cup_fake_work *work, struct cup_fake_expr *expr,
           size_t otherwise, size_t *out)
{
    struct cup_fake_scope outside = work->scope;
    cupel_value value;
    cupel_status rc;

    *out = otherwise;
    if (expr == NULL)
        return CUPEL_OK;
    outside.schema = NULL;
    rc = cup_fake_resolve(&outside, expr, false);
    if (rc == CUPEL_OK)
        rc = cup_fake_eval(&outside, expr, &value);
    if (rc != CUPEL_OK || value.type == CUPEL_NULL)
        return rc;
    if (value.type != CUPEL_INT || value.as.integer < 0)
        return cup_fake_fail_at("2201W", work->scope.sql, expr->offset,
                                "LIMIT and OFFSET must be whole numbers");
    *out = (size_t)value.as.integer;
    return CUPEL_OK;
}

static bool
has_aggregates(const struct cup_fake_stmt *stmt)
{
    for (struct cup_fake_item *item = stmt->items; item; item = item->next) {
        if (cup_fake_has_aggregate(item->expr))
            return true;
    }
    return false;
}

static cupel_status
select_rows(struct cup_fake_work *work, const struct hits *hits)
{
    size_t limit, offset;
    cupel_status rc;

    rc = eval_count(work, work->stmt->limit, SIZE_MAX, &limit);
    if (rc == CUPEL_OK)
        rc = eval_count(work, work->stmt->offset, 0, &offset);
    for (size_t i = 0; rc == CUPEL_OK && i < hits->count; i++) {
        if (i < offset || i - offset >= limit)
            continue;
        work->scope.row = hits->items[i].row;
        rc = cup_fake_project(work);
    }
    return rc;
}

cupel_status
cup_fake_select(struct cup_fake_work *work)
{
    struct cup_fake_table *table = NULL;
    struct hits hits;
    size_t index;
    cupel_status rc = CUPEL_OK;

    if (work->stmt->name != NULL) {
        rc = cup_fake_target(work, &index);
        if (rc != CUPEL_OK)
            return rc;
        table = work->data->tables[index];
    }
    rc = cup_fake_resolve(&work->scope, work->stmt->where, false);
    if (rc == CUPEL_OK)
        rc = cup_fake_describe(work, true);
    if (rc == CUPEL_OK)
        rc = filter(work, table, &hits);
    if (rc == CUPEL_OK)
        rc = sort(work, &hits);
    if (rc != CUPEL_OK)
        return rc;
    if (has_aggregates(work->stmt))
        return select_aggregates(work, &hits);
    return select_rows(work, &hits);
}
