/* SPDX-License-Identifier: MIT */
/* The row as a tuple of its values: cut, searched, compared, hashed, written.
 * Two rows, and a row and an array of values, are compared by the same code:
 * either side is a `sequence`. */
#include "engine/tuple.h"

#include "base/error.h"
#include "base/map.h"
#include "base/text.h"
#include "sql/value.h"
#include "sql/value_order.h"

/* ---- Cutting and searching ------------------------------------------- */

/* An index of a slice as a place from 0 to `count`. */
static size_t
place_of(int64_t index, size_t count)
{
    if (index < 0)
        index = index < -(int64_t)count ? 0 : index + (int64_t)count;
    return (uint64_t)index < count ? (size_t)index : count;
}

cupel_status
cupel_row_slice(const cupel_row *row, int64_t start, int64_t stop,
                cupel_value *out, size_t *found)
{
    size_t i, last, count = cupel_row_len(row);
    cupel_status rc = CUPEL_OK;

    if (row == NULL || out == NULL || found == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no row, or no place");
    *found = 0;
    last = place_of(stop, count);
    for (i = place_of(start, count); i < last && rc == CUPEL_OK; i++) {
        rc = cupel_row_get(row, i, &out[*found]);
        if (rc == CUPEL_OK)
            ++*found;
    }
    if (rc != CUPEL_OK)
        *found = 0;
    return rc;
}

/* From *column on, the next cell that equals `value`: ROW, or OK without. */
static cupel_status
search(const cupel_row *row, const cupel_value *value, size_t *column)
{
    cupel_value cell;
    cupel_status rc;

    for (; *column < cupel_row_len(row); ++*column) {
        rc = cupel_row_get(row, *column, &cell);
        if (rc != CUPEL_OK)
            return rc;
        if (cupel_value_equal(&cell, value))
            return CUPEL_ROW;
    }
    return CUPEL_OK;
}

static cupel_status
check_search(const cupel_row *row, const cupel_value *value, const size_t *out)
{
    if (row == NULL || value == NULL || out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no row, value, or place");
    return CUPEL_OK;
}

cupel_status
cupel_row_count(const cupel_row *row, const cupel_value *value, size_t *out)
{
    cupel_status rc = check_search(row, value, out);
    size_t column = 0;

    if (rc != CUPEL_OK)
        return rc;
    *out = 0;
    while ((rc = search(row, value, &column)) == CUPEL_ROW) {
        ++*out;
        column++;
    }
    return rc;
}

cupel_status
cupel_row_index(const cupel_row *row, const cupel_value *value, size_t *out)
{
    cupel_status rc = check_search(row, value, out);

    if (rc != CUPEL_OK)
        return rc;
    *out = 0;
    rc = search(row, value, out);
    if (rc == CUPEL_OK)
        return cup_error_set(CUPEL_E_VALUE, "the row has no such value");
    return rc == CUPEL_ROW ? CUPEL_OK : rc;
}

bool
cupel_row_contains(const cupel_row *row, const cupel_value *value)
{
    size_t column = 0;

    return row != NULL && value != NULL &&
           search(row, value, &column) == CUPEL_ROW;
}

/* ---- Comparing ------------------------------------------------------- */

/* Values in order: a row's, or an array's. */
struct sequence {
    const cupel_row *row; /* NULL: the array */
    const cupel_value *values;
    size_t count;
};

static struct sequence
sequence_of_row(const cupel_row *row)
{
    return (struct sequence){ row, NULL, cupel_row_len(row) };
}

static cupel_status
read_item(const struct sequence *sequence, size_t i, cupel_value *out)
{
    if (sequence->row != NULL)
        return cupel_row_get(sequence->row, i, out);
    *out = sequence->values[i];
    return CUPEL_OK;
}

/* The first pair that is not equal: ROW, or OK when one of them has no more. */
static cupel_status
find_difference(const struct sequence *left, const struct sequence *right,
                cupel_value *left_item, cupel_value *right_item)
{
    cupel_status rc;
    size_t i;

    for (i = 0; i < left->count && i < right->count; i++) {
        rc = read_item(left, i, left_item);
        if (rc == CUPEL_OK)
            rc = read_item(right, i, right_item);
        if (rc != CUPEL_OK)
            return rc;
        if (!cupel_value_equal(left_item, right_item))
            return CUPEL_ROW;
    }
    return CUPEL_OK;
}

static bool
equal(const struct sequence *left, const struct sequence *right)
{
    cupel_value one, two;

    return left->count == right->count &&
           find_difference(left, right, &one, &two) == CUPEL_OK;
}

static cupel_status
compare(const struct sequence *left, const struct sequence *right, int *out)
{
    cupel_value one, two;
    cupel_status rc = find_difference(left, right, &one, &two);

    if (rc == CUPEL_OK)
        *out = (left->count > right->count) - (left->count < right->count);
    if (rc != CUPEL_ROW)
        return rc;
    if (!cup_value_order(&one, &two, out))
        return cup_error_set(CUPEL_E_TYPE, "%s and %s have no order",
                             cupel_type_name((cupel_type)one.type),
                             cupel_type_name((cupel_type)two.type));
    return CUPEL_OK;
}

bool
cupel_row_equal(const cupel_row *left, const cupel_row *right)
{
    const struct sequence one = sequence_of_row(left);
    const struct sequence two = sequence_of_row(right);

    return left != NULL && right != NULL && equal(&one, &two);
}

bool
cupel_row_equal_values(const cupel_row *row, const cupel_value *values,
                       size_t count)
{
    const struct sequence one = sequence_of_row(row);
    const struct sequence two = { NULL, values, count };

    return row != NULL && (values != NULL || count == 0) && equal(&one, &two);
}

cupel_status
cupel_row_compare(const cupel_row *left, const cupel_row *right, int *out)
{
    const struct sequence one = sequence_of_row(left);
    const struct sequence two = sequence_of_row(right);

    if (left == NULL || right == NULL || out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no row, or no place");
    return compare(&one, &two, out);
}

cupel_status
cupel_row_compare_values(const cupel_row *row, const cupel_value *values,
                         size_t count, int *out)
{
    const struct sequence one = sequence_of_row(row);
    const struct sequence two = { NULL, values, count };

    if (row == NULL || (values == NULL && count > 0) || out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no row, values, or place");
    return compare(&one, &two, out);
}

/* ---- As bytes and as text -------------------------------------------- */

cupel_status
cup_row_key(const cupel_row *row, struct cup_buf *buf)
{
    cupel_status rc = CUPEL_OK;
    cupel_value value;
    size_t i;

    for (i = 0; i < cupel_row_len(row) && rc == CUPEL_OK; i++) {
        rc = cupel_row_get(row, i, &value);
        if (rc == CUPEL_OK)
            cup_value_key(buf, &value);
    }
    return rc == CUPEL_OK ? buf->failed : rc;
}

cupel_status
cupel_row_hash(const cupel_row *row, uint64_t *out)
{
    struct cup_buf key;
    cupel_status rc;

    if (row == NULL || out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no row, or no place");
    cup_buf_init(&key, SIZE_MAX / 2);
    rc = cup_row_key(row, &key);
    if (rc == CUPEL_OK)
        *out = cup_map_hash(key.data, key.len);
    cup_buf_fini(&key);
    return rc;
}

static void
write_quoted(struct cup_writer *writer, const cupel_bytes *text)
{
    size_t i;

    cup_writer_char(writer, '\'');
    for (i = 0; i < text->len; i++) {
        if (text->data[i] == '\'')
            cup_writer_char(writer, '\'');
        cup_writer_char(writer, text->data[i]);
    }
    cup_writer_char(writer, '\'');
}

size_t
cupel_row_repr(const cupel_row *row, char *buf, size_t size)
{
    size_t i, count = cupel_row_len(row);
    struct cup_writer writer;
    cupel_value value;

    cup_writer_init(&writer, buf, buf == NULL ? 0 : size);
    cup_writer_char(&writer, '(');
    for (i = 0; i < count; i++) {
        if (i > 0)
            cup_writer_str(&writer, ", ");
        if (cupel_row_get(row, i, &value) != CUPEL_OK)
            cup_writer_char(&writer, '?');
        else if (value.type == CUPEL_TEXT || value.type == CUPEL_JSON)
            write_quoted(&writer, &value.as.bytes);
        else
            cup_value_write(&writer, &value);
    }
    cup_writer_str(&writer, count == 1 ? ",)" : ")");
    return cup_writer_end(&writer);
}
