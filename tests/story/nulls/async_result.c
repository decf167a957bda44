/* SPDX-License-Identifier: MIT */
/* The asyncio face: results, called without what they need. */
#include <cupel/async_result.h>

#include "nulls.h"

static void
from_async_result_sync_result(void)
{
    GIVES_NULL(cupel_async_result_sync_result(NULL));
    GIVES(cupel_async_result_column_count(NULL), 0);
    GIVES_NULL(cupel_async_result_key(NULL, 1));
    REFUSED(cupel_async_result_keys(NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_result_keys(NULL, given.place, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_result_keys(given.aresult, NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_result_keys(given.aresult, given.place, NULL),
            CUPEL_E_ARGUMENT);
    SAYS_NO(cupel_async_result_has_key(NULL, NULL));
    SAYS_NO(cupel_async_result_has_key(NULL, "id"));
    SAYS_NO(cupel_async_result_has_key(given.aresult, NULL));
    REFUSED(cupel_async_result_columns(NULL, NULL, 1), CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_result_columns(NULL, given.place, 1), CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_result_columns(given.aresult, NULL, 1),
            CUPEL_E_ARGUMENT);
}

static void
from_async_result_columns_named(void)
{
    REFUSED(cupel_async_result_columns_named(NULL, NULL, 1), CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_result_columns_named(NULL, given.names, 1),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_result_columns_named(given.aresult, NULL, 1),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_result_unique(NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_result_unique(NULL, nulls_row_key, &given.dummy),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_result_yield_per(NULL, 1), CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_result_scalars(NULL, 1, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_result_scalars(NULL, 1, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_result_scalars(given.aresult, 1, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_result_scalars_named(NULL, NULL, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_result_scalars_named(NULL, "id", given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_result_scalars_named(given.aresult, NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_result_scalars_named(given.aresult, "id", NULL),
            CUPEL_E_ARGUMENT);
}

static void
from_async_result_mappings(void)
{
    REFUSED(cupel_async_result_mappings(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_result_mappings(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_result_mappings(given.aresult, NULL), CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_result_fetchone(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_result_fetchone(NULL, given.place),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_result_fetchone(given.aresult, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_result_fetchmany(NULL, 1, NULL, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(
        cupel_async_result_fetchmany(NULL, 1, given.place, given.place),
        CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(
        cupel_async_result_fetchmany(given.aresult, 1, NULL, given.place),
        CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(
        cupel_async_result_fetchmany(given.aresult, 1, given.place, NULL),
        CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_result_partition(NULL, 1, NULL, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(
        cupel_async_result_partition(NULL, 1, given.place, given.place),
        CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(
        cupel_async_result_partition(given.aresult, 1, NULL, given.place),
        CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(
        cupel_async_result_partition(given.aresult, 1, given.place, NULL),
        CUPEL_E_ARGUMENT);
}

static void
from_async_result_all(void)
{
    REFUSED_FUTURE(cupel_async_result_all(NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_result_all(NULL, given.place, given.place),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_result_all(given.aresult, NULL, given.place),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_result_all(given.aresult, given.place, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_result_first(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_result_first(NULL, given.place),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_result_first(given.aresult, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_result_one(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_result_one(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_result_one(given.aresult, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_result_one_or_none(NULL, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_result_one_or_none(NULL, given.place),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_result_one_or_none(given.aresult, NULL),
                   CUPEL_E_ARGUMENT);
}

static void
from_async_result_scalar(void)
{
    REFUSED_FUTURE(cupel_async_result_scalar(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_result_scalar(NULL, given.place),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_result_scalar(given.aresult, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_result_scalar_one(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_result_scalar_one(NULL, given.place),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_result_scalar_one(given.aresult, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_result_scalar_one_or_none(NULL, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_result_scalar_one_or_none(NULL, given.place),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_result_scalar_one_or_none(given.aresult, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_result_freeze(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_result_freeze(NULL, given.place),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_result_freeze(given.aresult, NULL),
                   CUPEL_E_ARGUMENT);
}

static void
from_async_result_thaw(void)
{
    REFUSED(cupel_async_result_thaw(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_result_thaw(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_result_thaw(given.frozen, NULL), CUPEL_E_ARGUMENT);
    SAYS_YES(cupel_async_result_closed(NULL));
    REFUSED_FUTURE(cupel_async_result_close(NULL), CUPEL_E_ARGUMENT);
    ALLOWED_FUTURE(cupel_async_result_exit(NULL, CUPEL_OK));
    HARMLESS(cupel_async_result_free(NULL));
    REFUSED(cupel_async_scalar_result_unique(NULL, NULL, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(
        cupel_async_scalar_result_unique(NULL, nulls_value_key, &given.dummy),
        CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_scalar_result_yield_per(NULL, 1), CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_scalar_result_fetchone(NULL, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_scalar_result_fetchone(NULL, given.place),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_scalar_result_fetchone(given.ascalars, NULL),
                   CUPEL_E_ARGUMENT);
}

static void
from_async_scalar_result_fetchmany(void)
{
    REFUSED_FUTURE(cupel_async_scalar_result_fetchmany(NULL, 1, NULL, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(
        cupel_async_scalar_result_fetchmany(NULL, 1, given.place, given.place),
        CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_scalar_result_fetchmany(given.ascalars, 1, NULL,
                                                       given.place),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_scalar_result_fetchmany(given.ascalars, 1,
                                                       given.place, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_scalar_result_partition(NULL, 1, NULL, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(
        cupel_async_scalar_result_partition(NULL, 1, given.place, given.place),
        CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_scalar_result_partition(given.ascalars, 1, NULL,
                                                       given.place),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_scalar_result_partition(given.ascalars, 1,
                                                       given.place, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_scalar_result_all(NULL, NULL, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(
        cupel_async_scalar_result_all(NULL, given.place, given.place),
        CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(
        cupel_async_scalar_result_all(given.ascalars, NULL, given.place),
        CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(
        cupel_async_scalar_result_all(given.ascalars, given.place, NULL),
        CUPEL_E_ARGUMENT);
}

static void
from_async_scalar_result_first(void)
{
    REFUSED_FUTURE(cupel_async_scalar_result_first(NULL, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_scalar_result_first(NULL, given.place),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_scalar_result_first(given.ascalars, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_scalar_result_one(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_scalar_result_one(NULL, given.place),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_scalar_result_one(given.ascalars, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_scalar_result_one_or_none(NULL, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_scalar_result_one_or_none(NULL, given.place),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_scalar_result_one_or_none(given.ascalars, NULL),
                   CUPEL_E_ARGUMENT);
    SAYS_YES(cupel_async_scalar_result_closed(NULL));
    REFUSED_FUTURE(cupel_async_scalar_result_close(NULL), CUPEL_E_ARGUMENT);
    ALLOWED_FUTURE(cupel_async_scalar_result_exit(NULL, CUPEL_OK));
}

static void
from_async_scalar_result_free(void)
{
    HARMLESS(cupel_async_scalar_result_free(NULL));
    REFUSED(cupel_async_mapping_result_keys(NULL, NULL, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_mapping_result_keys(NULL, given.place, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_mapping_result_keys(given.amappings, NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_mapping_result_keys(given.amappings, given.place, NULL),
            CUPEL_E_ARGUMENT);
    SAYS_NO(cupel_async_mapping_result_has_key(NULL, NULL));
    SAYS_NO(cupel_async_mapping_result_has_key(NULL, "id"));
    SAYS_NO(cupel_async_mapping_result_has_key(given.amappings, NULL));
    REFUSED(cupel_async_mapping_result_columns(NULL, NULL, 1),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_mapping_result_columns(NULL, given.place, 1),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_mapping_result_columns(given.amappings, NULL, 1),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_mapping_result_columns_named(NULL, NULL, 1),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_mapping_result_columns_named(NULL, given.names, 1),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_mapping_result_columns_named(given.amappings, NULL, 1),
            CUPEL_E_ARGUMENT);
}

static void
from_async_mapping_result_unique(void)
{
    REFUSED(cupel_async_mapping_result_unique(NULL, NULL, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(
        cupel_async_mapping_result_unique(NULL, nulls_row_key, &given.dummy),
        CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_mapping_result_yield_per(NULL, 1), CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_mapping_result_fetchone(NULL, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_mapping_result_fetchone(NULL, given.place),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_mapping_result_fetchone(given.amappings, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_mapping_result_fetchmany(NULL, 1, NULL, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(
        cupel_async_mapping_result_fetchmany(NULL, 1, given.place, given.place),
        CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_mapping_result_fetchmany(given.amappings, 1,
                                                        NULL, given.place),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_mapping_result_fetchmany(given.amappings, 1,
                                                        given.place, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_mapping_result_partition(NULL, 1, NULL, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(
        cupel_async_mapping_result_partition(NULL, 1, given.place, given.place),
        CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_mapping_result_partition(given.amappings, 1,
                                                        NULL, given.place),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_mapping_result_partition(given.amappings, 1,
                                                        given.place, NULL),
                   CUPEL_E_ARGUMENT);
}

static void
from_async_mapping_result_all(void)
{
    REFUSED_FUTURE(cupel_async_mapping_result_all(NULL, NULL, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(
        cupel_async_mapping_result_all(NULL, given.place, given.place),
        CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(
        cupel_async_mapping_result_all(given.amappings, NULL, given.place),
        CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(
        cupel_async_mapping_result_all(given.amappings, given.place, NULL),
        CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_mapping_result_first(NULL, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_mapping_result_first(NULL, given.place),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_mapping_result_first(given.amappings, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_mapping_result_one(NULL, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_mapping_result_one(NULL, given.place),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_mapping_result_one(given.amappings, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_mapping_result_one_or_none(NULL, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_mapping_result_one_or_none(NULL, given.place),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(
        cupel_async_mapping_result_one_or_none(given.amappings, NULL),
        CUPEL_E_ARGUMENT);
}

static void
from_async_mapping_result_closed(void)
{
    SAYS_YES(cupel_async_mapping_result_closed(NULL));
    REFUSED_FUTURE(cupel_async_mapping_result_close(NULL), CUPEL_E_ARGUMENT);
    ALLOWED_FUTURE(cupel_async_mapping_result_exit(NULL, CUPEL_OK));
    HARMLESS(cupel_async_mapping_result_free(NULL));
}

void
nulls_to_async_result(void)
{
    from_async_result_sync_result();
    from_async_result_columns_named();
    from_async_result_mappings();
    from_async_result_all();
    from_async_result_scalar();
    from_async_result_thaw();
    from_async_scalar_result_fetchmany();
    from_async_scalar_result_first();
    from_async_scalar_result_free();
    from_async_mapping_result_unique();
    from_async_mapping_result_all();
    from_async_mapping_result_closed();
}
