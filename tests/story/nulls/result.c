/* SPDX-License-Identifier: MIT */
/* Results and rows, called without what they need. */
#include <cupel/result.h>

#include "nulls.h"

static void
from_mapping_result_keys(void)
{
    REFUSED(cupel_mapping_result_keys(NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_keys(NULL, given.place, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_keys(given.mappings, NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_keys(given.mappings, given.place, NULL),
            CUPEL_E_ARGUMENT);
    SAYS_NO(cupel_mapping_result_has_key(NULL, NULL));
    SAYS_NO(cupel_mapping_result_has_key(NULL, "id"));
    SAYS_NO(cupel_mapping_result_has_key(given.mappings, NULL));
    REFUSED(cupel_mapping_result_columns(NULL, NULL, 1), CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_columns(NULL, given.place, 1),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_columns(given.mappings, NULL, 1),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_columns_named(NULL, NULL, 1),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_columns_named(NULL, given.names, 1),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_columns_named(given.mappings, NULL, 1),
            CUPEL_E_ARGUMENT);
}

static void
from_mapping_result_unique(void)
{
    REFUSED(cupel_mapping_result_unique(NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_unique(NULL, nulls_row_key, &given.dummy),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_yield_per(NULL, 1), CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_fetchone(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_fetchone(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_fetchone(given.mappings, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_next(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_next(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_next(given.place, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_fetchmany(NULL, 1, NULL, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_fetchmany(NULL, 1, given.place, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(
        cupel_mapping_result_fetchmany(given.mappings, 1, NULL, given.place),
        CUPEL_E_ARGUMENT);
    REFUSED(
        cupel_mapping_result_fetchmany(given.mappings, 1, given.place, NULL),
        CUPEL_E_ARGUMENT);
}

static void
from_mapping_result_partition(void)
{
    REFUSED(cupel_mapping_result_partition(NULL, 1, NULL, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_partition(NULL, 1, given.place, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(
        cupel_mapping_result_partition(given.mappings, 1, NULL, given.place),
        CUPEL_E_ARGUMENT);
    REFUSED(
        cupel_mapping_result_partition(given.mappings, 1, given.place, NULL),
        CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_all(NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_all(NULL, given.place, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_all(given.mappings, NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_all(given.mappings, given.place, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_first(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_first(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_first(given.mappings, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_one(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_one(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_one(given.mappings, NULL), CUPEL_E_ARGUMENT);
}

static void
from_mapping_result_one_or_none(void)
{
    REFUSED(cupel_mapping_result_one_or_none(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_one_or_none(NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_mapping_result_one_or_none(given.mappings, NULL),
            CUPEL_E_ARGUMENT);
    SAYS_YES(cupel_mapping_result_closed(NULL));
    ALLOWED(cupel_mapping_result_close(NULL));
    ALLOWED(cupel_mapping_result_exit(NULL, CUPEL_OK));
    HARMLESS(cupel_mapping_result_free(NULL));
    SAYS_NO(cupel_result_returns_rows(NULL));
    GIVES(cupel_result_column_count(NULL), 0);
    GIVES_NULL(cupel_result_key(NULL, 1));
    REFUSED(cupel_result_keys(NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_keys(NULL, given.place, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_keys(given.result, NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_keys(given.result, given.place, NULL),
            CUPEL_E_ARGUMENT);
}

static void
from_result_has_key(void)
{
    SAYS_NO(cupel_result_has_key(NULL, NULL));
    SAYS_NO(cupel_result_has_key(NULL, "id"));
    SAYS_NO(cupel_result_has_key(given.result, NULL));
    REFUSED(cupel_result_find(NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_find(NULL, "id", given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_find(given.result, NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_find(given.result, "id", NULL), CUPEL_E_ARGUMENT);
    GIVES(cupel_result_rowcount(NULL), -1);
    GIVES(cupel_result_lastrowid(NULL), 0);
    REFUSED(cupel_result_columns(NULL, NULL, 1), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_columns(NULL, given.place, 1), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_columns(given.result, NULL, 1), CUPEL_E_ARGUMENT);
}

static void
from_result_columns_named(void)
{
    REFUSED(cupel_result_columns_named(NULL, NULL, 1), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_columns_named(NULL, given.names, 1), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_columns_named(given.result, NULL, 1),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_unique(NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_unique(NULL, nulls_row_key, &given.dummy),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_yield_per(NULL, 1), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_scalars(NULL, 1, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_scalars(NULL, 1, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_scalars(given.result, 1, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_scalars_named(NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_scalars_named(NULL, "id", given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_scalars_named(given.result, NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_scalars_named(given.result, "id", NULL),
            CUPEL_E_ARGUMENT);
}

static void
from_result_mappings(void)
{
    REFUSED(cupel_result_mappings(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_mappings(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_mappings(given.result, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_fetchone(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_fetchone(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_fetchone(given.result, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_next(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_next(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_next(given.place, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_fetchmany(NULL, 1, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_fetchmany(NULL, 1, given.place, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_fetchmany(given.result, 1, NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_fetchmany(given.result, 1, given.place, NULL),
            CUPEL_E_ARGUMENT);
}

static void
from_result_partition(void)
{
    REFUSED(cupel_result_partition(NULL, 1, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_partition(NULL, 1, given.place, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_partition(given.result, 1, NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_partition(given.result, 1, given.place, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_all(NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_all(NULL, given.place, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_all(given.result, NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_all(given.result, given.place, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_first(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_first(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_first(given.result, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_one(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_one(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_one(given.result, NULL), CUPEL_E_ARGUMENT);
}

static void
from_result_one_or_none(void)
{
    REFUSED(cupel_result_one_or_none(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_one_or_none(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_one_or_none(given.result, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_scalar(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_scalar(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_scalar(given.result, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_scalar_one(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_scalar_one(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_scalar_one(given.result, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_scalar_one_or_none(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_scalar_one_or_none(NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_scalar_one_or_none(given.result, NULL),
            CUPEL_E_ARGUMENT);
}

static void
from_result_freeze(void)
{
    REFUSED(cupel_result_freeze(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_freeze(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_freeze(given.result, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_frozen_result_thaw(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_frozen_result_thaw(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_frozen_result_thaw(given.frozen, NULL), CUPEL_E_ARGUMENT);
    HARMLESS(cupel_frozen_result_free(NULL));
    REFUSED(cupel_result_merge(NULL, 1, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_merge(NULL, 1, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_result_merge(&given.result, 1, NULL), CUPEL_E_ARGUMENT);
    SAYS_YES(cupel_result_closed(NULL));
    ALLOWED(cupel_result_close(NULL));
}

static void
from_result_exit(void)
{
    ALLOWED(cupel_result_exit(NULL, CUPEL_OK));
    HARMLESS(cupel_result_free(NULL));
    GIVES(cupel_row_len(NULL), 0);
    REFUSED(cupel_row_get(NULL, 1, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_get(NULL, 1, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_get(given.row, 1, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_at(NULL, 1, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_at(NULL, 1, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_at(given.row, 1, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_get_named(NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_get_named(NULL, "id", given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_get_named(given.row, NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_get_named(given.row, "id", NULL), CUPEL_E_ARGUMENT);
}

static void
from_row_key(void)
{
    GIVES_NULL(cupel_row_key(NULL, 1));
    SAYS_NO(cupel_row_has_key(NULL, NULL));
    SAYS_NO(cupel_row_has_key(NULL, "id"));
    SAYS_NO(cupel_row_has_key(given.row, NULL));
    SAYS_YES(cupel_row_is_null(NULL, 1));
    SAYS_NO(cupel_row_bool(NULL, 1));
    GIVES(cupel_row_int(NULL, 1), 0);
    GIVES(cupel_row_double(NULL, 1), 0);
    HARMLESS(cupel_row_text(NULL, 1));
    GIVES(cupel_row_format(NULL, 1, NULL, 1), 4);
    GIVES(cupel_row_format(NULL, 1, given.text, 1), 4);
    GIVES(cupel_row_format(given.row, 1, NULL, 1), 1);
}

static void
from_row_get_as(void)
{
    REFUSED(cupel_row_get_as(NULL, 1, (cupel_type)1, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_get_as(NULL, 1, (cupel_type)1, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_slice(NULL, 1, 1, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_slice(NULL, 1, 1, given.place, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_slice(given.row, 1, 1, NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_slice(given.row, 1, 1, given.place, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_count(NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_count(NULL, &given.value, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_count(given.row, NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_count(given.row, &given.value, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_index(NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_index(NULL, &given.value, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_index(given.row, NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_index(given.row, &given.value, NULL), CUPEL_E_ARGUMENT);
}

static void
from_row_contains(void)
{
    SAYS_NO(cupel_row_contains(NULL, NULL));
    SAYS_NO(cupel_row_contains(NULL, &given.value));
    SAYS_NO(cupel_row_contains(given.row, NULL));
    SAYS_NO(cupel_row_equal(NULL, NULL));
    SAYS_NO(cupel_row_equal(NULL, given.row));
    SAYS_NO(cupel_row_equal(given.row, NULL));
    SAYS_NO(cupel_row_equal_values(NULL, NULL, 1));
    SAYS_NO(cupel_row_equal_values(NULL, &given.value, 1));
    SAYS_NO(cupel_row_equal_values(given.row, NULL, 1));
    REFUSED(cupel_row_compare(NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_compare(NULL, given.row, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_compare(given.row, NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_compare(given.row, given.row, NULL), CUPEL_E_ARGUMENT);
}

static void
from_row_compare_values(void)
{
    REFUSED(cupel_row_compare_values(NULL, NULL, 1, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_compare_values(NULL, &given.value, 1, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_compare_values(given.row, NULL, 1, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_compare_values(given.row, &given.value, 1, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_hash(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_hash(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_row_hash(given.row, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_scalar_result_unique(NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_scalar_result_unique(NULL, nulls_value_key, &given.dummy),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_scalar_result_yield_per(NULL, 1), CUPEL_E_ARGUMENT);
    REFUSED(cupel_scalar_result_fetchone(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_scalar_result_fetchone(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_scalar_result_fetchone(given.scalars, NULL),
            CUPEL_E_ARGUMENT);
}

static void
from_scalar_result_next(void)
{
    REFUSED(cupel_scalar_result_next(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_scalar_result_next(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_scalar_result_next(given.place, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_scalar_result_fetchmany(NULL, 1, NULL, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_scalar_result_fetchmany(NULL, 1, given.place, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_scalar_result_fetchmany(given.scalars, 1, NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_scalar_result_fetchmany(given.scalars, 1, given.place, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_scalar_result_partition(NULL, 1, NULL, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_scalar_result_partition(NULL, 1, given.place, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_scalar_result_partition(given.scalars, 1, NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_scalar_result_partition(given.scalars, 1, given.place, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_scalar_result_all(NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_scalar_result_all(NULL, given.place, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_scalar_result_all(given.scalars, NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_scalar_result_all(given.scalars, given.place, NULL),
            CUPEL_E_ARGUMENT);
}

static void
from_scalar_result_first(void)
{
    REFUSED(cupel_scalar_result_first(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_scalar_result_first(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_scalar_result_first(given.scalars, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_scalar_result_one(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_scalar_result_one(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_scalar_result_one(given.scalars, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_scalar_result_one_or_none(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_scalar_result_one_or_none(NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_scalar_result_one_or_none(given.scalars, NULL),
            CUPEL_E_ARGUMENT);
    SAYS_YES(cupel_scalar_result_closed(NULL));
    ALLOWED(cupel_scalar_result_close(NULL));
    ALLOWED(cupel_scalar_result_exit(NULL, CUPEL_OK));
}

static void
from_scalar_result_free(void)
{
    HARMLESS(cupel_scalar_result_free(NULL));
}

void
nulls_to_result(void)
{
    from_mapping_result_keys();
    from_mapping_result_unique();
    from_mapping_result_partition();
    from_mapping_result_one_or_none();
    from_result_has_key();
    from_result_columns_named();
    from_result_mappings();
    from_result_partition();
    from_result_one_or_none();
    from_result_freeze();
    from_result_exit();
    from_row_key();
    from_row_get_as();
    from_row_contains();
    from_row_compare_values();
    from_scalar_result_next();
    from_scalar_result_first();
    from_scalar_result_free();
}
