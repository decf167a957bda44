/* SPDX-License-Identifier: MIT */
/* The walk over an expression, with SQL's three-valued logic. */
#include "dialect/fake/eval.h"

#include "dialect/fake/errors.h"

#include <assert.h>
#include <string.h>

static cupel_status
resolve_column(const struct cup_fake_scope *scope, struct cup_fake_expr *expr)
{
    size_t count = scope->schema != NULL ? scope->schema->column_count : 0;

    for (size_t i = 0; i < count; i++) {
        if (strcmp(scope->schema->columns[i].name, expr->name) == 0) {
            expr->column = i;
            return CUPEL_OK;
        }
    }
    return cup_fake_fail_at("42703", scope->sql, expr->offset,
                            "column \"%s\" does not exist", expr->name);
}

cupel_status
cup_fake_resolve(const struct cup_fake_scope *scope, struct cup_fake_expr *expr,
                 bool aggregates)
{
    cupel_status rc;

    if (expr == NULL)
        return CUPEL_OK;
    if (expr->kind == CUP_FAKE_COLUMN)
        return resolve_column(scope, expr);
    if (expr->kind == CUP_FAKE_PARAM && expr->param >= scope->param_count)
        return cup_fake_fail_at("42P02", scope->sql, expr->offset,
                                "there is no parameter %zu", expr->param + 1);
    if (expr->kind == CUP_FAKE_AGGREGATE) {
        if (!aggregates)
            return cup_fake_fail_at("42803", scope->sql, expr->offset,
                                    "an aggregate is not allowed here");
        aggregates = false; /* they do not nest */
    }
    rc = cup_fake_resolve(scope, expr->left, aggregates);
    if (rc == CUPEL_OK)
        rc = cup_fake_resolve(scope, expr->right, aggregates);
    return rc;
}

static cupel_status
not_boolean(const struct cup_fake_scope *scope,
            const struct cup_fake_expr *expr, const cupel_value *value)
{
    return cup_fake_fail_at("42804", scope->sql, expr->offset,
                            "a condition must be boolean, not %s",
                            cupel_type_name((cupel_type)value->type));
}

static bool
is_truth(const cupel_value *value)
{
    return value->type == CUPEL_NULL || value->type == CUPEL_BOOL;
}

/* AND and OR: whichever value settles it, else NULL if there was one. */
static cupel_status
eval_junction(const struct cup_fake_scope *scope,
              const struct cup_fake_expr *expr, cupel_value *out)
{
    bool settles = expr->op == CUP_FAKE_OR;
    cupel_value left, right;
    cupel_status rc;

    rc = cup_fake_eval(scope, expr->left, &left);
    if (rc != CUPEL_OK)
        return rc;
    if (!is_truth(&left))
        return not_boolean(scope, expr->left, &left);
    *out = left;
    if (left.type == CUPEL_BOOL && left.as.boolean == settles)
        return CUPEL_OK;
    rc = cup_fake_eval(scope, expr->right, &right);
    if (rc != CUPEL_OK)
        return rc;
    if (!is_truth(&right))
        return not_boolean(scope, expr->right, &right);
    if (left.type == CUPEL_BOOL ||
        (right.type == CUPEL_BOOL && right.as.boolean == settles))
        *out = right;
    return CUPEL_OK;
}

/* NOT, minus, IS [NOT] NULL. */
static cupel_status
eval_unary(const struct cup_fake_scope *scope, const struct cup_fake_expr *expr,
           cupel_value *out)
{
    struct cup_fake_expr minus = *expr;
    cupel_value zero = cupel_int(0);
    cupel_value value;
    cupel_status rc;

    rc = cup_fake_eval(scope, expr->left, &value);
    if (rc != CUPEL_OK)
        return rc;
    *out = value;
    if (expr->op == CUP_FAKE_IS_NULL)
        *out = cupel_bool(value.type == CUPEL_NULL);
    else if (expr->op == CUP_FAKE_IS_NOT_NULL)
        *out = cupel_bool(value.type != CUPEL_NULL);
    else if (value.type == CUPEL_NULL)
        return CUPEL_OK;
    else if (expr->op == CUP_FAKE_NOT && !is_truth(&value))
        return not_boolean(scope, expr->left, &value);
    else if (expr->op == CUP_FAKE_NOT)
        *out = cupel_bool(!value.as.boolean);
    else if (value.type == CUPEL_DOUBLE)
        *out = cupel_double(-value.as.real);
    else {
        minus.op = CUP_FAKE_SUBTRACT;
        return cup_fake_operate(scope, &minus, &zero, &value, out);
    }
    return CUPEL_OK;
}

static cupel_status
eval_operator(const struct cup_fake_scope *scope,
              const struct cup_fake_expr *expr, cupel_value *out)
{
    cupel_value left, right;
    cupel_status rc;

    if (expr->right == NULL)
        return eval_unary(scope, expr, out);
    if (expr->op == CUP_FAKE_AND || expr->op == CUP_FAKE_OR)
        return eval_junction(scope, expr, out);
    rc = cup_fake_eval(scope, expr->left, &left);
    if (rc == CUPEL_OK)
        rc = cup_fake_eval(scope, expr->right, &right);
    if (rc != CUPEL_OK)
        return rc;
    *out = cupel_null();
    if (left.type == CUPEL_NULL || right.type == CUPEL_NULL)
        return CUPEL_OK;
    return cup_fake_operate(scope, expr, &left, &right, out);
}

cupel_status
cup_fake_eval(const struct cup_fake_scope *scope,
              const struct cup_fake_expr *expr, cupel_value *out)
{
    cupel_value value;
    cupel_status rc;

    switch (expr->kind) {
    case CUP_FAKE_LITERAL:
    case CUP_FAKE_AGGREGATE:
        *out = expr->value;
        return CUPEL_OK;
    case CUP_FAKE_PARAM:
        assert(expr->param < scope->param_count);
        *out = scope->params[expr->param];
        return CUPEL_OK;
    case CUP_FAKE_COLUMN:
        if (scope->row == NULL)
            return cup_fake_fail_at("42803", scope->sql, expr->offset,
                                    "column \"%s\" must be in an aggregate",
                                    expr->name);
        *out = scope->row[expr->column];
        return CUPEL_OK;
    case CUP_FAKE_CAST:
        rc = cup_fake_eval(scope, expr->left, &value);
        return rc == CUPEL_OK ? cup_fake_cast(scope, expr, &value, out) : rc;
    case CUP_FAKE_OPERATOR:
        break;
    }
    return eval_operator(scope, expr, out);
}

cupel_status
cup_fake_eval_condition(const struct cup_fake_scope *scope,
                        const struct cup_fake_expr *expr, bool *out)
{
    cupel_value value;
    cupel_status rc;

    *out = true;
    if (expr == NULL)
        return CUPEL_OK;
    rc = cup_fake_eval(scope, expr, &value);
    if (rc != CUPEL_OK)
        return rc;
    if (!is_truth(&value))
        return not_boolean(scope, expr, &value);
    *out = value.type == CUPEL_BOOL && value.as.boolean;
    return CUPEL_OK;
}

static int32_t
operator_type(const struct cup_fake_scope *scope,
              const struct cup_fake_expr *expr)
{
    int32_t left, right;

    if (expr->op < CUP_FAKE_ADD)
        return CUPEL_BOOL;
    if (expr->op == CUP_FAKE_CONCAT)
        return CUPEL_TEXT;
    left = cup_fake_expr_type(scope, expr->left);
    if (expr->right == NULL)
        return left;
    right = cup_fake_expr_type(scope, expr->right);
    if (left == CUPEL_DOUBLE || right == CUPEL_DOUBLE)
        return CUPEL_DOUBLE;
    return left == right ? left : CUPEL_NULL;
}

int32_t
cup_fake_expr_type(const struct cup_fake_scope *scope,
                   const struct cup_fake_expr *expr)
{
    switch (expr->kind) {
    case CUP_FAKE_LITERAL:
        return expr->value.type;
    case CUP_FAKE_PARAM:
        return scope->params[expr->param].type;
    case CUP_FAKE_COLUMN:
        return scope->schema->columns[expr->column].type;
    case CUP_FAKE_CAST:
        return expr->type;
    case CUP_FAKE_AGGREGATE:
        if (expr->function <= CUP_FAKE_COUNT)
            return CUPEL_INT;
        return cup_fake_expr_type(scope, expr->left);
    case CUP_FAKE_OPERATOR:
        break;
    }
    return operator_type(scope, expr);
}

bool
cup_fake_has_aggregate(const struct cup_fake_expr *expr)
{
    return expr != NULL && (expr->kind == CUP_FAKE_AGGREGATE ||
                            cup_fake_has_aggregate(expr->left) ||
                            cup_fake_has_aggregate(expr->right));
}
