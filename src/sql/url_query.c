/* SPDX-License-Identifier: MIT */
/* Urls that differ from another one in their query only. */
#include "sql/url.h"

#include "base/alloc.h"
#include "base/error.h"

#include <string.h>

static bool
has_key(const cupel_url_pair *pairs, size_t count, const char *key)
{
    for (; count > 0; count--, pairs++)
        if (strcmp(pairs->key, key) == 0)
            return true;
    return false;
}

/* The same url with another query. */
static cupel_status
with_query(const cupel_url *url, const cupel_url_pair *pairs, size_t count,
           cupel_url **out)
{
    cupel_url_parts parts = cup_url_parts(url);

    parts.query = pairs;
    parts.query_count = count;
    return cup_url_build(&parts, out);
}

cupel_status
cupel_url_update_query_pairs(const cupel_url *url, const cupel_url_pair *pairs,
                             size_t count, bool append, cupel_url **out)
{
    cupel_url_pair *all;
    cupel_status rc;
    size_t i, n = 0;

    if (url == NULL || out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no url, or no place for one");
    rc = cup_url_check_query(pairs, count);
    if (rc != CUPEL_OK)
        return rc;
    all = cup_alloc_array(url->pair_count + count, sizeof *all);
    if (all == NULL)
        return cup_nomem();
    for (i = 0; i < url->pair_count; i++)
        if (append || !has_key(pairs, count, url->pairs[i].key))
            all[n++] = url->pairs[i];
    for (i = 0; i < count; i++)
        all[n++] = pairs[i];
    rc = with_query(url, all, n, out);
    cup_free(all);
    return rc;
}

cupel_status
cupel_url_update_query_string(const cupel_url *url, const char *query,
                              bool append, cupel_url **out)
{
    cupel_url *parsed;
    cupel_status rc;

    if (query == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "expected a query as a string, got NULL");
    rc = cup_url_parse_query(query, &parsed);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_url_update_query_pairs(url, parsed->pairs, parsed->pair_count,
                                      append, out);
    cupel_url_free(parsed);
    return rc;
}

static bool
is_named(const char *const *names, size_t count, const char *key)
{
    for (; count > 0; count--, names++)
        if (strcmp(*names, key) == 0)
            return true;
    return false;
}

cupel_status
cupel_url_difference_update_query(const cupel_url *url,
                                  const char *const *names, size_t count,
                                  cupel_url **out)
{
    cupel_url_pair *left;
    cupel_status rc;
    size_t i, n = 0;

    if (url == NULL || out == NULL || (names == NULL && count > 0))
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "no url, no place for one, or no names");
    for (i = 0; i < count; i++)
        if (names[i] == NULL)
            return cup_error_set(CUPEL_E_TYPE,
                                 "a key in the query of a url must be a "
                                 "string");
    left = cup_alloc_array(url->pair_count, sizeof *left);
    if (left == NULL)
        return cup_nomem();
    for (i = 0; i < url->pair_count; i++)
        if (!is_named(names, count, url->pairs[i].key))
            left[n++] = url->pairs[i];
    rc = CUPEL_OK;
    if (n == url->pair_count)
        *out = cupel_url_ref(url);
    else
        rc = with_query(url, left, n, out);
    cup_free(left);
    return rc;
}
