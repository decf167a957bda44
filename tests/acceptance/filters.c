/* SPDX-License-Identifier: MIT */
/* Every filter, every way of fetching, every kind of result. */
#include "acceptance/kinds.h"

/* ---- Every filter, every way of fetching ----------------------------- */

/* The handle that a filter leaves, in one of three forms. */
struct handle {
    cupel_result *rows;
    cupel_scalar_result *scalars;
    cupel_mapping_result *mappings;
};

static struct handle
filtered(cupel_result *result, const struct matrix_filter *filter)
{
    struct handle handle = { NULL, NULL, NULL };

    if (filter->form == MATRIX_AS_SCALARS) {
        CHECK_OK(
            cupel_result_scalars(result, filter->columns[0], &handle.scalars));
        if (filter->unique)
            CHECK_OK(cupel_scalar_result_unique(handle.scalars, NULL, NULL));
        cupel_result_free(result);
        return handle;
    }
    if (filter->column_count > 0)
        CHECK_OK(cupel_result_columns(result, filter->columns,
                                      filter->column_count));
    if (filter->unique)
        CHECK_OK(cupel_result_unique(result, NULL, NULL));
    if (filter->form == MATRIX_AS_ROWS) {
        handle.rows = result;
        return handle;
    }
    CHECK_OK(cupel_result_mappings(result, &handle.mappings));
    cupel_result_free(result);
    return handle;
}

static void
handle_free(const struct handle *handle)
{
    cupel_result_free(handle->rows);
    cupel_scalar_result_free(handle->scalars);
    cupel_mapping_result_free(handle->mappings);
}

static bool
handle_closed(const struct handle *handle)
{
    if (handle->rows != NULL)
        return cupel_result_closed(handle->rows);
    if (handle->scalars != NULL)
        return cupel_scalar_result_closed(handle->scalars);
    return cupel_mapping_result_closed(handle->mappings);
}

/* One more, if there is one. */
static cupel_status
fetch_one(const struct handle *handle, struct matrix_texts *texts)
{
    const cupel_row *row;
    cupel_value value;
    cupel_status rc;

    if (handle->scalars != NULL) {
        rc = cupel_scalar_result_fetchone(handle->scalars, &value);
        if (rc == CUPEL_ROW)
            matrix_add_value(texts, &value);
        return rc;
    }
    rc = handle->rows != NULL
             ? cupel_result_fetchone(handle->rows, &row)
             : cupel_mapping_result_fetchone(handle->mappings, &row);
    if (rc == CUPEL_ROW)
        matrix_add_row(texts, row);
    return rc;
}

/* Several of them at once: how many. */
static size_t
fetch_many(const struct handle *handle, struct matrix_texts *texts)
{
    const cupel_row *const *rows;
    const cupel_value *values;
    size_t found;

    if (handle->scalars != NULL) {
        CHECK_OK(
            cupel_scalar_result_fetchmany(handle->scalars, 2, &values, &found));
        matrix_add_values(texts, values, found);
        return found;
    }
    if (handle->rows != NULL)
        CHECK_OK(cupel_result_fetchmany(handle->rows, 2, &rows, &found));
    else
        CHECK_OK(
            cupel_mapping_result_fetchmany(handle->mappings, 2, &rows, &found));
    matrix_add_rows(texts, rows, found);
    return found;
}

static cupel_status
fetch_partition(const struct handle *handle, struct matrix_texts *texts)
{
    const cupel_row *const *rows;
    const cupel_value *values;
    cupel_status rc;
    size_t found;

    if (handle->scalars != NULL) {
        rc = cupel_scalar_result_partition(handle->scalars, 2, &values, &found);
        matrix_add_values(texts, values, found);
    } else {
        rc = handle->rows != NULL
                 ? cupel_result_partition(handle->rows, 2, &rows, &found)
                 : cupel_mapping_result_partition(handle->mappings, 2, &rows,
                                                  &found);
        matrix_add_rows(texts, rows, found);
    }
    CHECK_INT(rc, found > 0 ? CUPEL_ROW : CUPEL_OK);
    return rc;
}

static void
fetch_all(const struct handle *handle, struct matrix_texts *texts)
{
    const cupel_row *const *rows;
    const cupel_value *values;
    size_t found;

    if (handle->scalars != NULL) {
        CHECK_OK(cupel_scalar_result_all(handle->scalars, &values, &found));
        matrix_add_values(texts, values, found);
        return;
    }
    if (handle->rows != NULL)
        CHECK_OK(cupel_result_all(handle->rows, &rows, &found));
    else
        CHECK_OK(cupel_mapping_result_all(handle->mappings, &rows, &found));
    matrix_add_rows(texts, rows, found);
}

enum way { ONE_BY_ONE, TWO_BY_TWO, PARTITIONS, ALL, ONE_THEN_ALL, WAYS };

static void
read_all(const struct handle *handle, enum way way, struct matrix_texts *texts)
{
    size_t found = 0;

    switch (way) {
    case ONE_BY_ONE:
        while (fetch_one(handle, texts) == CUPEL_ROW)
            continue;
        break;
    case TWO_BY_TWO:
        while ((found = fetch_many(handle, texts)) > 0)
            CHECK(found == 2 || texts->count % 2 == 1);
        break;
    case PARTITIONS:
        while (fetch_partition(handle, texts) == CUPEL_ROW)
            continue;
        break;
    case ONE_THEN_ALL:
        CHECK_INT(fetch_one(handle, texts), CUPEL_ROW);
        fetch_all(handle, texts);
        break;
    case ALL:
    case WAYS:
        fetch_all(handle, texts);
        break;
    }
}

static void
check_fetches(kind_fn *make, cupel_connection *conn,
              const struct matrix_filter *filter)
{
    struct matrix_texts expected, actual, more;
    struct handle handle;
    int way;

    matrix_expect(filter, &expected);
    for (way = 0; way < WAYS; way++) {
        handle = filtered(make(conn), filter);
        actual.count = more.count = 0;
        read_all(&handle, (enum way)way, &actual);
        matrix_check(&actual, &expected);
        CHECK_OK(fetch_one(&handle, &more)); /* soft closed */
        fetch_all(&handle, &more);
        CHECK_INT(more.count, 0);
        CHECK(!handle_closed(&handle));
        handle_free(&handle);
    }
}

TASK_TEST(every_filter_gives_its_rows_however_they_are_fetched)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    size_t kind, filter;

    matrix_fill(conn);
    for (kind = 0; kind < KINDS; kind++) {
        for (filter = 0; filter < MATRIX_FILTERS; filter++)
            check_fetches(kinds[kind], conn, &matrix_filters[filter]);
    }
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

enum single { FIRST, ONE, ONE_OR_NONE, SINGLES };

static cupel_status
fetch_single(const struct handle *handle, enum single which,
             struct matrix_texts *texts)
{
    static cupel_status (*const of_rows[])(cupel_result *,
                                           const cupel_row **) = {
        cupel_result_first, cupel_result_one, cupel_result_one_or_none
    };
    static cupel_status (*const of_scalars[])(
        cupel_scalar_result *,
        cupel_value *) = { cupel_scalar_result_first, cupel_scalar_result_one,
                           cupel_scalar_result_one_or_none };
    static cupel_status (*const of_mappings[])(cupel_mapping_result *,
                                               const cupel_row **) = {
        cupel_mapping_result_first, cupel_mapping_result_one,
        cupel_mapping_result_one_or_none
    };
    const cupel_row *row = NULL;
    cupel_value value;
    cupel_status rc;

    if (handle->scalars != NULL) {
        rc = of_scalars[which](handle->scalars, &value);
        if (rc == CUPEL_OK && value.type != CUPEL_NULL)
            matrix_add_value(texts, &value);
        return rc;
    }
    rc = handle->rows != NULL ? of_rows[which](handle->rows, &row)
                              : of_mappings[which](handle->mappings, &row);
    if (row != NULL)
        matrix_add_row(texts, row);
    return rc;
}

static void
check_singles(kind_fn *make, cupel_connection *conn,
              const struct matrix_filter *filter)
{
    struct matrix_texts expected, actual;
    struct handle handle;
    int which;

    matrix_expect(filter, &expected);
    for (which = 0; which < SINGLES; which++) {
        handle = filtered(make(conn), filter);
        actual.count = 0;
        if (which == FIRST) {
            CHECK_OK(fetch_single(&handle, FIRST, &actual));
            CHECK_INT(actual.count, 1);
            CHECK_STR(actual.items[0], expected.items[0]);
        } else {
            CHECK_FAILS(fetch_single(&handle, (enum single)which, &actual),
                        CUPEL_E_MULTIPLE);
            CHECK_INT(actual.count, 0);
        }
        CHECK(handle_closed(&handle));
        CHECK_FAILS(fetch_one(&handle, &actual), CUPEL_E_CLOSED);
        handle_free(&handle);
    }
}

TASK_TEST(every_filter_has_a_first_row_and_no_only_one)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    size_t kind, filter;

    matrix_fill(conn);
    for (kind = 0; kind < KINDS; kind++) {
        for (filter = 0; filter < MATRIX_FILTERS; filter++)
            check_singles(kinds[kind], conn, &matrix_filters[filter]);
    }
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}
