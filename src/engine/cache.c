/* SPDX-License-Identifier: MIT */
/* The compiled cache of an engine. An entry's key is the source text inside the
 * compiled form it holds, so the two live and go together. */
#include "engine/cache.h"

#include <assert.h>
#include <string.h>

#include "base/alloc.h"
#include "base/logger.h"

/* One kept text. */
struct entry {
    struct cup_compiled *compiled; /* one reference */
    struct cup_list link;          /* in cup_text_cache.recent */
};

void
cup_text_cache_init(struct cup_text_cache *cache, size_t capacity)
{
    *cache = (struct cup_text_cache){ .capacity = capacity };
    cup_list_init(&cache->recent);
}

static void
drop_oldest(struct cup_text_cache *cache)
{
    struct entry *entry;
    struct cup_compiled *compiled;

    entry = CUP_CONTAINER(cache->recent.prev, struct entry, link);
    compiled = entry->compiled;
    cup_list_remove(&entry->link);
    cup_map_remove(&cache->entries, compiled->source, compiled->source_len);
    cup_compiled_unref(compiled);
    cup_free(entry);
}

void
cup_text_cache_clear(struct cup_text_cache *cache)
{
    while (!cup_list_empty(&cache->recent))
        drop_oldest(cache);
}

void
cup_text_cache_fini(struct cup_text_cache *cache)
{
    cup_text_cache_clear(cache);
    cup_map_fini(&cache->entries);
}

/* Cut it back to its capacity. */
static void
prune(struct cup_text_cache *cache)
{
    if (cache->logger != NULL)
        cup_logger_write(cache->logger, CUPEL_LOG_INFO,
                         "Compiled cache size pruning from %zu items to %zu.  "
                         "Increase cache size to reduce the frequency of "
                         "pruning.",
                         cache->entries.count, cache->capacity);
    while (cache->entries.count > cache->capacity)
        drop_oldest(cache);
}

/* Keep one reference to `compiled`. Without memory it is simply not kept. */
static void
keep(struct cup_text_cache *cache, struct cup_compiled *compiled)
{
    struct entry *entry;
    cupel_status rc;

    entry = cup_alloc(sizeof *entry);
    if (entry == NULL)
        return;
    rc = cup_map_put(&cache->entries, compiled->source, compiled->source_len,
                     entry);
    if (rc != CUPEL_OK) {
        cup_free(entry);
        return;
    }
    entry->compiled = cup_compiled_ref(compiled);
    cup_list_push_front(&cache->recent, &entry->link);
    if (cache->entries.count > cache->capacity + cache->capacity / 2)
        prune(cache);
}

/* What was asked for last is often asked for again: then no hash is needed. */
static struct entry *
find(struct cup_text_cache *cache, const char *sql, size_t len)
{
    struct entry *entry;

    if (cup_list_empty(&cache->recent))
        return NULL;
    entry = CUP_CONTAINER(cache->recent.next, struct entry, link);
    if (entry->compiled->source_len == len &&
        memcmp(entry->compiled->source, sql, len) == 0)
        return entry;
    entry = cup_map_get(&cache->entries, sql, len);
    if (entry != NULL) {
        cup_list_remove(&entry->link);
        cup_list_push_front(&cache->recent, &entry->link);
    }
    return entry;
}

cupel_status
cup_text_cache_get(struct cup_text_cache *cache, const cupel_dialect *dialect,
                   const char *sql, size_t len, struct cup_compiled **out)
{
    struct entry *entry;
    cupel_status rc;

    entry = find(cache, sql, len);
    if (entry != NULL) {
        *out = cup_compiled_ref(entry->compiled);
        return CUPEL_OK;
    }
    rc = cup_text_compile(sql, len, dialect->lexis, dialect->paramstyle, out);
    if (rc == CUPEL_OK && cache->capacity > 0)
        keep(cache, *out);
    return rc;
}
