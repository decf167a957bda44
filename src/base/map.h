/* SPDX-License-Identifier: MIT */
/* A map from byte strings to pointers: open addressing over a hash seeded at
 * random per process. Keys are borrowed: they must live as long as the entry
 * (usually inside the value). */
#ifndef CUP_BASE_MAP_H
#define CUP_BASE_MAP_H

#include <cupel/error.h>

struct cup_map_slot;

/* In place; zeroed memory is a valid empty map. */
struct cup_map {
    struct cup_map_slot *slots; /* owned; a power of two of them, or NULL */
    size_t size;                /* slots */
    size_t count;               /* entries */
    size_t used;                /* entries and tombstones */
};

void
cup_map_fini(struct cup_map *map);

/* The hash of a key: the same for equal bytes while the process lives. */
uint64_t
cup_map_hash(const char *key, size_t len);

/* The value of the key, or NULL. */
void *
cup_map_get(const struct cup_map *map, const char *key, size_t len);

/* Add or replace, the key as well: from now on the entry borrows this one.
 * `value` is not NULL. NOMEM, set, leaves the map as it was. */
cupel_status
cup_map_put(struct cup_map *map, const char *key, size_t len, void *value);

/* Take the entry out and return its value, or NULL. */
void *
cup_map_remove(struct cup_map *map, const char *key, size_t len);

#endif
