/* SPDX-License-Identifier: MIT */
/* Reading cells. A row is a view: its cells are decoded when they are asked
 * for, from the driver's memory. */
#include <cupel/row.h>

#include "base/error.h"
#include "engine/columns.h"
#include "engine/convert.h"
#include "engine/result.h"
#include "sql/value.h"

size_t
cupel_row_len(const cupel_row *row)
{
    return row == NULL ? 0 : row->columns->count;
}

static cupel_status
row_gone(void)
{
    return cup_error_set(CUPEL_E_CLOSED,
                         "the row was borrowed until the next fetch and is "
                         "gone");
}

static inline cupel_status
read_cell(const cupel_row *row, size_t column, cupel_value *out)
{
    const struct cup_columns *columns;
    cupel_rows *rows;

    if (row == NULL || out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no row, or no place");
    columns = row->columns;
    if (column >= columns->count)
        return cup_error_set(CUPEL_E_INDEX, "column %zu of a row that has %zu",
                             column, columns->count);
    if (row->kept != NULL) {
        *out = row->kept[column];
        return CUPEL_OK;
    }
    rows = columns->rows;
    if (row->line >= rows->row_count)
        return row_gone();
    if (columns->map != NULL)
        column = columns->map[column];
    return rows->ops->cell(rows, row->line, column, out);
}

cupel_status
cupel_row_get(const cupel_row *row, size_t column, cupel_value *out)
{
    return read_cell(row, column, out);
}

cupel_status
cupel_row_at(const cupel_row *row, int64_t index, cupel_value *out)
{
    cupel_status rc;
    size_t column;

    if (row == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no row");
    rc = cup_columns_index(row->columns->count, index, &column);
    return rc == CUPEL_OK ? read_cell(row, column, out) : rc;
}

cupel_status
cupel_row_get_named(const cupel_row *row, const char *name, cupel_value *out)
{
    cupel_status rc;
    size_t column;

    if (row == NULL || name == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no row, or no name");
    rc = cup_columns_find(row->columns, name, &column);
    return rc == CUPEL_OK ? read_cell(row, column, out) : rc;
}

const char *
cupel_row_key(const cupel_row *row, size_t column)
{
    return row == NULL ? NULL : cup_columns_name(row->columns, column);
}

bool
cupel_row_has_key(const cupel_row *row, const char *name)
{
    size_t column;

    return row != NULL && name != NULL &&
           cup_columns_has(row->columns, name, &column);
}

cupel_status
cupel_row_get_as(const cupel_row *row, size_t column, cupel_type type,
                 cupel_value *out)
{
    cupel_value value;
    cupel_status rc;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the value");
    rc = cupel_row_get(row, column, &value);
    if (rc != CUPEL_OK)
        return rc;
    if (!cup_convert(&value, type, out))
        return cup_error_set(CUPEL_E_VALUE, "the %s in column %zu is no %s",
                             cupel_type_name((cupel_type)value.type), column,
                             cupel_type_name(type));
    return CUPEL_OK;
}

/* For the short forms: a value of `type`, or false. */
static inline bool
short_form(const cupel_row *row, size_t column, cupel_type type,
           cupel_value *out)
{
    cupel_value value;

    if (read_cell(row, column, out) != CUPEL_OK)
        return false;
    if (out->type == (int32_t)type)
        return true;
    value = *out;
    if (cup_convert(&value, type, out))
        return out->type == (int32_t)type;
    cup_ignore(cup_error_set(CUPEL_E_VALUE, "the %s in column %zu is no %s",
                             cupel_type_name((cupel_type)value.type), column,
                             cupel_type_name(type)),
               "the short forms answer zero; who asks finds the reason");
    return false;
}

bool
cupel_row_is_null(const cupel_row *row, size_t column)
{
    cupel_value value;

    return cupel_row_get(row, column, &value) != CUPEL_OK ||
           value.type == CUPEL_NULL;
}

bool
cupel_row_bool(const cupel_row *row, size_t column)
{
    cupel_value value;

    return short_form(row, column, CUPEL_BOOL, &value) && value.as.boolean;
}

int64_t
cupel_row_int(const cupel_row *row, size_t column)
{
    cupel_value value;

    return short_form(row, column, CUPEL_INT, &value) ? value.as.integer : 0;
}

double
cupel_row_double(const cupel_row *row, size_t column)
{
    cupel_value value;

    return short_form(row, column, CUPEL_DOUBLE, &value) ? value.as.real : 0.0;
}

cupel_bytes
cupel_row_text(const cupel_row *row, size_t column)
{
    static const cupel_bytes none = { NULL, 0 };
    cupel_value value;

    if (cupel_row_get(row, column, &value) != CUPEL_OK ||
        value.type == CUPEL_ARRAY || !cup_value_borrows(&value))
        return none;
    return value.as.bytes;
}

size_t
cupel_row_format(const cupel_row *row, size_t column, char *buf, size_t size)
{
    cupel_value value;

    if (cupel_row_get(row, column, &value) != CUPEL_OK)
        value = cupel_null();
    return cupel_value_format(&value, buf, size);
}
