/* SPDX-License-Identifier: MIT */
/* Urls, called without what they need. */
#include <cupel/url.h>

#include "nulls.h"

static void
from_url_parse(void)
{
    REFUSED(cupel_url_parse(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_url_parse(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_url_parse("fake://unit", NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_url_make(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_url_make(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_url_make("fake://unit", NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_url_parts_set(NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_url_parts_set(NULL, "port", "5"), CUPEL_E_ARGUMENT);
    REFUSED(cupel_url_parts_set(&given.parts, NULL, "5"), CUPEL_E_ARGUMENT);
    REFUSED(cupel_url_create(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_url_create(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_url_create(&given.parts, NULL), CUPEL_E_ARGUMENT);
}

static void
from_url_set(void)
{
    REFUSED(cupel_url_set(NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_url_set(NULL, &given.parts, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_url_set(given.url, NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_url_set(given.url, &given.parts, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_url_update_query_pairs(NULL, NULL, 1, true, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(
        cupel_url_update_query_pairs(NULL, given.pairs, 1, true, given.place),
        CUPEL_E_ARGUMENT);
    REFUSED(cupel_url_update_query_pairs(given.url, NULL, 1, true, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_url_update_query_pairs(given.url, given.pairs, 1, true, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_url_update_query_string(NULL, NULL, true, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_url_update_query_string(NULL, "a=1", true, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_url_update_query_string(given.url, NULL, true, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_url_update_query_string(given.url, "a=1", true, NULL),
            CUPEL_E_ARGUMENT);
}

static void
from_url_difference_update_query(void)
{
    REFUSED(cupel_url_difference_update_query(NULL, NULL, 1, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(
        cupel_url_difference_update_query(NULL, given.names, 1, given.place),
        CUPEL_E_ARGUMENT);
    REFUSED(cupel_url_difference_update_query(given.url, NULL, 1, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_url_difference_update_query(given.url, given.names, 1, NULL),
            CUPEL_E_ARGUMENT);
    GIVES_NULL(cupel_url_ref(NULL));
    HARMLESS(cupel_url_free(NULL));
    GIVES_TEXT(cupel_url_drivername(NULL), "");
    GIVES_TEXT(cupel_url_get_backend_name(NULL), "");
    GIVES_NULL(cupel_url_get_driver_name(NULL));
    GIVES_NULL(cupel_url_username(NULL));
    GIVES_NULL(cupel_url_password(NULL));
    GIVES_NULL(cupel_url_host(NULL));
}

static void
from_url_port(void)
{
    GIVES(cupel_url_port(NULL), 0);
    GIVES_NULL(cupel_url_database(NULL));
    GIVES(cupel_url_query_count(NULL), 0);
    GIVES_NULL(cupel_url_query_key(NULL, 1));
    GIVES_NULL(cupel_url_query_value(NULL, 1));
    GIVES_NULL(cupel_url_query_get(NULL, NULL));
    GIVES_NULL(cupel_url_query_get(NULL, "id"));
    GIVES_NULL(cupel_url_query_get(given.url, NULL));
    GIVES_NULL(cupel_url_normalized_query_key(NULL, 1));
    GIVES(cupel_url_normalized_query_count(NULL, NULL), 0);
    GIVES_NULL(cupel_url_normalized_query_value(NULL, NULL, 1));
    GIVES_NULL(cupel_url_normalized_query_value(NULL, "id", 1));
    GIVES_NULL(cupel_url_normalized_query_value(given.url, NULL, 1));
}

static void
from_url_render(void)
{
    GIVES(cupel_url_render(NULL, true, NULL, 1), 0);
    GIVES(cupel_url_render(given.url, true, NULL, 1), 15);
    SAYS_YES(cupel_url_equal(NULL, NULL));
    SAYS_NO(cupel_url_equal(NULL, given.url));
    SAYS_NO(cupel_url_equal(given.url, NULL));
    GIVES(cupel_url_hash(NULL), 0);
}

void
nulls_to_url(void)
{
    from_url_parse();
    from_url_set();
    from_url_difference_update_query();
    from_url_port();
    from_url_render();
}
