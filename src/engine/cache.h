/* SPDX-License-Identifier: MIT */
/* The compiled cache: text to its compiled form, least recently used last. It
 * may grow to half as much again as its capacity, then it is cut back. */
#ifndef CUP_ENGINE_CACHE_H
#define CUP_ENGINE_CACHE_H

#include "base/list.h"
#include "base/map.h"
#include "sql/text.h"

struct cup_logger;

struct cup_text_cache {
    struct cup_map entries;          /* of struct entry, by source text */
    struct cup_list recent;          /* of entry.link, the latest first */
    size_t capacity;                 /* 0: nothing is kept */
    const struct cup_logger *logger; /* told of each cut; may be NULL */
};

void
cup_text_cache_init(struct cup_text_cache *cache, size_t capacity);

void
cup_text_cache_fini(struct cup_text_cache *cache);

/* Forget everything. */
void
cup_text_cache_clear(struct cup_text_cache *cache);

/* The compiled form of `sql`, from the cache or made now. The caller owns a
 * reference. COMPILE, NOMEM. */
cupel_status
cup_text_cache_get(struct cup_text_cache *cache, const cupel_dialect *dialect,
                   const char *sql, size_t len, struct cup_compiled **out);

#endif
