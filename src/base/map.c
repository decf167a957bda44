/* SPDX-License-Identifier: MIT */
/* Open addressing with linear probing. A removed entry leaves a tombstone
 * unless the slot behind it is free, in which case it and the tombstones before
 * it become free; entries never move except when the table is rebuilt, so
 * removing what a visit has just returned is safe.
 *
 * Keys come from strangers (statement texts, column names), so the hash is
 * SipHash-1-3 under a key drawn once per process. */
#include "base/map.h"

#include "base/alloc.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

enum { FIRST_SIZE = 16 };

struct cup_map_slot {
    uint64_t hash;
    const char *key; /* borrowed; NULL: free, `tombstone`: removed */
    size_t len;
    void *value;
};

static const char tombstone[1];

static uint64_t seed[2];
static pthread_once_t seed_once = PTHREAD_ONCE_INIT;

/* Without entropy (very early at boot) the clock and where the loader put us
 * must do; waiting for it would be worse. */
static void
draw_seed(void)
{
    struct timespec now = { 0, 0 };

    if (getrandom(seed, sizeof seed, GRND_NONBLOCK) == (ssize_t)sizeof seed)
        return;
    clock_gettime(CLOCK_REALTIME, &now);
    seed[0] ^= (uint64_t)now.tv_nsec << 32 ^ (uint64_t)now.tv_sec;
    seed[1] ^= (uint64_t)(uintptr_t)&now ^ (uint64_t)(uintptr_t)draw_seed << 17;
}

static uint64_t
rotate(uint64_t word, unsigned bits)
{
    return word << bits | word >> (64 - bits);
}

static void
sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[2] += v[3];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] = rotate(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] = rotate(v[2], 32);
}

uint64_t
cup_map_hash(const char *key, size_t len)
{
    unsigned char tail[sizeof(uint64_t)] = { 0 };
    uint64_t v[4], word;
    size_t i, rest;

    pthread_once(&seed_once, draw_seed);
    v[0] = seed[0] ^ 0x736f6d6570736575u;
    v[1] = seed[1] ^ 0x646f72616e646f6du;
    v[2] = seed[0] ^ 0x6c7967656e657261u;
    v[3] = seed[1] ^ 0x7465646279746573u;
    for (rest = len; rest >= sizeof word; rest -= sizeof word) {
        memcpy(&word, key, sizeof word);
        key += sizeof word;
        v[3] ^= word;
        sip_round(v);
        v[0] ^= word;
    }
    if (rest > 0)
        memcpy(tail, key, rest);
    tail[sizeof tail - 1] = (unsigned char)len;
    memcpy(&word, tail, sizeof word);
    v[3] ^= word;
    sip_round(v);
    v[0] ^= word;
    v[2] ^= 0xff;
    for (i = 0; i < 3; i++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

void
cup_map_fini(struct cup_map *map)
{
    cup_free(map->slots);
    memset(map, 0, sizeof *map);
}

static bool
is_entry(const struct cup_map_slot *slot)
{
    return slot->key != NULL && slot->key != tombstone;
}

/* The slot of the key, or NULL. The table always has a free slot, so probing
 * ends. */
static struct cup_map_slot *
find(const struct cup_map *map, const char *key, size_t len, uint64_t hash)
{
    size_t i;

    if (map->size == 0)
        return NULL;
    assert(map->used < map->size);
    for (i = (size_t)hash & (map->size - 1); map->slots[i].key != NULL;
         i = (i + 1) & (map->size - 1)) {
        struct cup_map_slot *slot = &map->slots[i];

        if (slot->hash == hash && slot->len == len && is_entry(slot) &&
            (len == 0 || memcmp(slot->key, key, len) == 0))
            return slot;
    }
    return NULL;
}

/* Where a new key goes: the first slot on its way that holds no entry. */
static struct cup_map_slot *
find_room(const struct cup_map *map, uint64_t hash)
{
    size_t i = (size_t)hash & (map->size - 1);

    while (is_entry(&map->slots[i]))
        i = (i + 1) & (map->size - 1);
    return &map->slots[i];
}

/* Move the entries to a table of which they fill at most half, leaving the
 * tombstones behind. Where most slots were tombstones it is no larger. */
static cupel_status
rebuild(struct cup_map *map)
{
    struct cup_map larger = { .size = FIRST_SIZE, .count = map->count };
    size_t i;

    while (larger.size / 2 <= map->count)
        larger.size *= 2;
    larger.slots = cup_alloc_array(larger.size, sizeof *larger.slots);
    if (larger.slots == NULL)
        return cup_nomem();
    for (i = 0; i < map->size; i++) {
        if (is_entry(&map->slots[i]))
            *find_room(&larger, map->slots[i].hash) = map->slots[i];
    }
    larger.used = map->count;
    cup_free(map->slots);
    *map = larger;
    return CUPEL_OK;
}

void *
cup_map_get(const struct cup_map *map, const char *key, size_t len)
{
    const struct cup_map_slot *slot;

    if (map->count == 0)
        return NULL;
    slot = find(map, key, len, cup_map_hash(key, len));
    return slot == NULL ? NULL : slot->value;
}

cupel_status
cup_map_put(struct cup_map *map, const char *key, size_t len, void *value)
{
    static const char empty[] = "";
    uint64_t hash = cup_map_hash(key, len);
    struct cup_map_slot *slot = find(map, key, len, hash);

    assert(value != NULL);
    assert(key != NULL || len == 0);
    if (slot == NULL) {
        /* Three quarters full, tombstones counted: probes stay short. */
        if (map->used + 1 > map->size / 4 * 3 && rebuild(map) != CUPEL_OK)
            return CUPEL_E_NOMEM;
        slot = find_room(map, hash);
        if (slot->key == NULL)
            map->used++;
        map->count++;
    }
    slot->hash = hash;
    slot->key = key != NULL ? key : empty;
    slot->len = len;
    slot->value = value;
    return CUPEL_OK;
}

void *
cup_map_remove(struct cup_map *map, const char *key, size_t len)
{
    struct cup_map_slot *slot;
    size_t i, mask;
    void *value;

    if (map->count == 0)
        return NULL;
    slot = find(map, key, len, cup_map_hash(key, len));
    if (slot == NULL)
        return NULL;
    value = slot->value;
    slot->key = tombstone;
    slot->value = NULL;
    map->count--;

    mask = map->size - 1;
    i = (size_t)(slot - map->slots);
    if (map->slots[(i + 1) & mask].key != NULL)
        return value;
    while (map->slots[i].key == tombstone) {
        map->slots[i].key = NULL;
        map->used--;
        i = (i - 1) & mask;
    }
    return value;
}
