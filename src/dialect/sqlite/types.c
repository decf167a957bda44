/* SPDX-License-Identifier: MIT */
/* Values on their way into sqlite and out of it.
 *
 * Dates and times are text of fixed width, so that they sort; a moment is in
 * UTC and says so; decimals are their digits, exact where the column lets them
 * be; uuids 32 hexadecimal digits; truth 0 and 1. */
#include "dialect/sqlite/types.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "sql/calendar.h"
#include "sql/value.h"

enum {
    TEXT_SIZE = 128,     /* room for the text of a date, a uuid, a span */
    BLOB_MAX = INT32_MAX /* bytes sqlite can count */
};

/* ---- In ----------------------------------------------------------------- */

static cupel_status
write_date(struct cup_writer *writer, int64_t days)
{
    int year, month, day;

    if (days == CUPEL_INFINITY_FUTURE || days == CUPEL_INFINITY_PAST)
        return cup_error_set(CUPEL_E_DATA, "sqlite has no infinite dates");
    cupel_date_split(days, &year, &month, &day);
    if (year < 0 || year > 9999)
        return cup_error_set(CUPEL_E_DATA,
                             "sqlite has the years from 0 to 9999 only");
    cup_writer_number(writer, (uint64_t)year, 4);
    cup_writer_char(writer, '-');
    cup_writer_number(writer, (uint64_t)month, 2);
    cup_writer_char(writer, '-');
    cup_writer_number(writer, (uint64_t)day, 2);
    return CUPEL_OK;
}

static void
write_time(struct cup_writer *writer, int64_t microseconds)
{
    uint64_t seconds = (uint64_t)(microseconds / CUP_SECOND_US);

    cup_writer_number(writer, seconds / 3600, 2);
    cup_writer_char(writer, ':');
    cup_writer_number(writer, seconds / 60 % 60, 2);
    cup_writer_char(writer, ':');
    cup_writer_number(writer, seconds % 60, 2);
    cup_writer_char(writer, '.');
    cup_writer_number(writer, (uint64_t)(microseconds % CUP_SECOND_US), 6);
}

static cupel_status
write_datetime(struct cup_writer *writer, int64_t microseconds)
{
    int64_t days = microseconds / CUP_DAY_US;
    int64_t rest = microseconds % CUP_DAY_US;
    cupel_status rc;

    if (microseconds == CUPEL_INFINITY_FUTURE ||
        microseconds == CUPEL_INFINITY_PAST)
        return write_date(writer, microseconds);
    if (rest < 0) {
        rest += CUP_DAY_US;
        days--;
    }
    rc = write_date(writer, days);
    cup_writer_char(writer, ' ');
    write_time(writer, rest);
    return rc;
}

static cupel_status
copy_bytes(struct cup_sqlite_batch *out, struct cup_sqlite_cell *cell,
           cupel_type type, const char *data, size_t len)
{
    if (len > BLOB_MAX)
        return cup_error_set(CUPEL_E_DATA, "sqlite has no values beyond 2 GiB");
    cell->type = type;
    if (!cup_sqlite_batch_bytes(out, cell, data, len))
        return cup_nomem();
    return CUPEL_OK;
}

/* The types that sqlite has no storage for: as text. */
static cupel_status
copy_as_text(const cupel_value *value, struct cup_sqlite_batch *out,
             struct cup_sqlite_cell *cell)
{
    char text[TEXT_SIZE];
    struct cup_writer writer;
    cupel_status rc = CUPEL_OK;
    size_t len;

    cup_writer_init(&writer, text, sizeof text);
    if (value->type == CUPEL_DATE)
        rc = write_date(&writer, value->as.integer);
    else if (value->type == CUPEL_TIME)
        write_time(&writer, value->as.integer);
    else if (value->type == CUPEL_DATETIME || value->type == CUPEL_DATETIMETZ)
        rc = write_datetime(&writer, value->as.integer);
    else if (value->type == CUPEL_UUID)
        cup_uuid_write(&writer, value->as.uuid, false);
    else
        cup_value_write(&writer, value);
    if (value->type == CUPEL_DATETIMETZ)
        cup_writer_str(&writer, "+00:00");
    len = cup_writer_end(&writer);
    return rc != CUPEL_OK ? rc : copy_bytes(out, cell, CUPEL_TEXT, text, len);
}

static cupel_status
copy_double(double real, struct cup_sqlite_cell *cell)
{
    if (isnan(real))
        return cup_error_set(CUPEL_E_DATA,
                             "sqlite has no NaN, it would store NULL");
    cell->type = CUPEL_DOUBLE;
    cell->as.real = real;
    return CUPEL_OK;
}

static cupel_status
copy_value(const cupel_value *value, struct cup_sqlite_batch *out,
           struct cup_sqlite_cell *cell)
{
    switch ((cupel_type)value->type) {
    case CUPEL_NULL:
        cell->type = CUPEL_NULL;
        return CUPEL_OK;
    case CUPEL_BOOL:
        cell->type = CUPEL_INT;
        cell->as.integer = value->as.boolean;
        return CUPEL_OK;
    case CUPEL_INT:
        cell->type = CUPEL_INT;
        cell->as.integer = value->as.integer;
        return CUPEL_OK;
    case CUPEL_DOUBLE:
        return copy_double(value->as.real, cell);
    case CUPEL_BYTES:
        return copy_bytes(out, cell, CUPEL_BYTES, value->as.bytes.data,
                          value->as.bytes.len);
    case CUPEL_DECIMAL:
    case CUPEL_TEXT:
    case CUPEL_JSON:
        return copy_bytes(out, cell, CUPEL_TEXT, value->as.bytes.data,
                          value->as.bytes.len);
    case CUPEL_DATE:
    case CUPEL_TIME:
    case CUPEL_DATETIME:
    case CUPEL_DATETIMETZ:
    case CUPEL_INTERVAL:
    case CUPEL_UUID:
        return copy_as_text(value, out, cell);
    case CUPEL_ARRAY:
        break;
    }
    return cup_error_set(CUPEL_E_NOTSUPPORTED, "sqlite has no arrays");
}

/* The cells stay where they are while their bytes are added. */
cupel_status
cup_sqlite_values_copy(const cupel_request *request,
                       struct cup_sqlite_batch *out)
{
    size_t count = request->value_count * request->set_count, i;
    struct cup_sqlite_cell *cells;
    cupel_status rc = CUPEL_OK;

    cup_sqlite_batch_clear(out);
    if (count == 0)
        return CUPEL_OK;
    cells = cup_sqlite_batch_cells(out, count);
    if (cells == NULL)
        return cup_nomem();
    for (i = 0; rc == CUPEL_OK && i < count; i++) {
        rc = cup_value_check(&request->values[i]);
        if (rc == CUPEL_OK)
            rc = copy_value(&request->values[i], out, &cells[i]);
    }
    return rc;
}

int
cup_sqlite_bind(sqlite3_stmt *stmt, const struct cup_sqlite_batch *values,
                size_t first, size_t count, bool keep)
{
    sqlite3_destructor_type life = keep ? SQLITE_TRANSIENT : SQLITE_STATIC;
    const struct cup_sqlite_cell *cell;
    int rc = SQLITE_OK, i;

    for (i = 1; rc == SQLITE_OK && (size_t)i <= count; i++) {
        cell = &values->cells[first + (size_t)i - 1];
        if (cell->type == CUPEL_INT)
            rc = sqlite3_bind_int64(stmt, i, cell->as.integer);
        else if (cell->type == CUPEL_DOUBLE)
            rc = sqlite3_bind_double(stmt, i, cell->as.real);
        else if (cell->type == CUPEL_TEXT)
            rc =
                sqlite3_bind_text64(stmt, i, cup_sqlite_cell_data(values, cell),
                                    cell->len, life, SQLITE_UTF8);
        else if (cell->type == CUPEL_BYTES)
            rc = sqlite3_bind_blob64(
                stmt, i, cup_sqlite_cell_data(values, cell), cell->len, life);
        else
            rc = sqlite3_bind_null(stmt, i);
    }
    return rc;
}

/* ---- Out ---------------------------------------------------------------- */

static bool
copy_text(sqlite3_stmt *stmt, int column, struct cup_sqlite_batch *out,
          struct cup_sqlite_cell *cell)
{
    const void *text = sqlite3_column_text(stmt, column);
    size_t len = (size_t)sqlite3_column_bytes(stmt, column);

    if (text == NULL)
        return false;
    cell->type = cup_utf8_valid(text, len) ? (uint32_t)CUPEL_TEXT
                                           : (uint32_t)CUP_SQLITE_BROKEN_TEXT;
    return cup_sqlite_batch_bytes(out, cell, text, len);
}

static bool
copy_blob(sqlite3_stmt *stmt, int column, struct cup_sqlite_batch *out,
          struct cup_sqlite_cell *cell)
{
    const void *data = sqlite3_column_blob(stmt, column);
    size_t len = (size_t)sqlite3_column_bytes(stmt, column);

    if (data == NULL && len > 0)
        return false;
    cell->type = CUPEL_BYTES;
    return cup_sqlite_batch_bytes(out, cell, data, len);
}

static bool
copy_cell(sqlite3_stmt *stmt, int column, struct cup_sqlite_batch *out,
          struct cup_sqlite_cell *cell)
{
    switch (sqlite3_column_type(stmt, column)) {
    case SQLITE_INTEGER:
        cell->type = CUPEL_INT;
        cell->as.integer = sqlite3_column_int64(stmt, column);
        return true;
    case SQLITE_FLOAT:
        cell->type = CUPEL_DOUBLE;
        cell->as.real = sqlite3_column_double(stmt, column);
        return true;
    case SQLITE_TEXT:
        return copy_text(stmt, column, out, cell);
    case SQLITE_BLOB:
        return copy_blob(stmt, column, out, cell);
    default:
        cell->type = CUPEL_NULL;
        return true;
    }
}

bool
cup_sqlite_row_copy(sqlite3_stmt *stmt, size_t column_count,
                    struct cup_sqlite_batch *out)
{
    struct cup_sqlite_cell *cells = cup_sqlite_batch_cells(out, column_count);
    size_t i;

    if (cells == NULL)
        return false;
    for (i = 0; i < column_count; i++)
        if (!copy_cell(stmt, (int)i, out, &cells[i]))
            return false;
    return true;
}

cupel_status
cup_sqlite_cell_value(const struct cup_sqlite_batch *batch,
                      const struct cup_sqlite_cell *cell, cupel_value *out)
{
    if (cell->type == CUP_SQLITE_BROKEN_TEXT)
        return cup_error_set(CUPEL_E_DATA,
                             "sqlite holds a text here that is not UTF-8");
    out->type = (int32_t)cell->type;
    out->element = CUPEL_NULL;
    if (cell->type == CUPEL_INT) {
        out->as.integer = cell->as.integer;
    } else if (cell->type == CUPEL_DOUBLE) {
        out->as.real = cell->as.real;
    } else if (cell->type != CUPEL_NULL) {
        out->as.bytes.data = cup_sqlite_cell_data(batch, cell);
        out->as.bytes.len = cell->len;
    }
    return CUPEL_OK;
}

/* Words in the order in which they are looked for: "TINYINT" is an integer
 * before "DATETIME" holds a date. */
static const struct {
    const char *word;
    cupel_type type;
} declared_types[] = {
    { "BOOL", CUPEL_BOOL },
    { "INTERVAL", CUPEL_INTERVAL },
    { "INT", CUPEL_INT },
    { "DATETIME", CUPEL_DATETIME },
    { "TIMESTAMP", CUPEL_DATETIME },
    { "DATE", CUPEL_DATE },
    { "TIME", CUPEL_TIME },
    { "CHAR", CUPEL_TEXT },
    { "CLOB", CUPEL_TEXT },
    { "TEXT", CUPEL_TEXT },
    { "BLOB", CUPEL_BYTES },
    { "REAL", CUPEL_DOUBLE },
    { "FLOA", CUPEL_DOUBLE },
    { "DOUB", CUPEL_DOUBLE },
    { "NUMERIC", CUPEL_DECIMAL },
    { "DECIMAL", CUPEL_DECIMAL },
    { "UUID", CUPEL_UUID },
    { "JSON", CUPEL_JSON },
};

static bool
has_word(const char *text, const char *word)
{
    size_t len = strlen(word);

    for (; *text != '\0'; text++)
        if (strncasecmp(text, word, len) == 0)
            return true;
    return false;
}

cupel_type
cup_sqlite_declared_type(const char *declared)
{
    size_t i;

    if (declared == NULL)
        return CUPEL_NULL;
    for (i = 0; i < sizeof declared_types / sizeof declared_types[0]; i++)
        if (has_word(declared, declared_types[i].word))
            return declared_types[i].type;
    return CUPEL_NULL;
}
