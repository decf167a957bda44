/* SPDX-License-Identifier: MIT */
/* Maps. The first test must stay first: it looks at a process that has not
 * hashed anything yet. */
#include "base/error.h"
#include "base/map.h"
#include "unit/base/failing_alloc.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KEY_COUNT = 10000 };

static char keys[KEY_COUNT][20];

static void
make_keys(void)
{
    int i;

    for (i = 0; i < KEY_COUNT; i++)
        snprintf(keys[i], sizeof keys[i], "key %d", i);
}

static cupel_status
put(struct cup_map *map, char *key)
{
    return cup_map_put(map, key, strlen(key), key);
}

static char *
get(const struct cup_map *map, const char *key)
{
    return cup_map_get(map, key, strlen(key));
}

static char *
take(struct cup_map *map, const char *key)
{
    return cup_map_remove(map, key, strlen(key));
}

/* In a child: send what some keys hash to. */
static void
send_hashes(int fd)
{
    uint64_t hashes[8];
    size_t i;

    for (i = 0; i < 8; i++)
        hashes[i] = cup_map_hash(keys[i], strlen(keys[i]));
    _exit(write(fd, hashes, sizeof hashes) == sizeof hashes ? 0 : 1);
}

TEST(two_processes_hash_differently)
{
    uint64_t hashes[2][8];
    int i;

    make_keys();
    for (i = 0; i < 2; i++) {
        int ends[2], status;
        pid_t child;

        CHECK_INT(pipe(ends), 0);
        child = fork();
        if (child == 0)
            send_hashes(ends[1]);
        CHECK_INT(read(ends[0], hashes[i], sizeof hashes[i]), sizeof hashes[i]);
        CHECK_INT(waitpid(child, &status, 0), child);
        CHECK_INT(status, 0);
        close(ends[0]);
        close(ends[1]);
    }
    for (i = 0; i < 8; i++)
        CHECK(hashes[0][i] != hashes[1][i]);
}

TEST(an_empty_map_holds_nothing)
{
    struct cup_map map = { 0 };

    CHECK(get(&map, "x") == NULL);
    CHECK(take(&map, "x") == NULL);
    cup_map_fini(&map);
}

TEST(ten_thousand_keys_come_and_go)
{
    struct cup_map map = { 0 };
    size_t i;

    make_keys();
    for (i = 0; i < KEY_COUNT; i++)
        CHECK_OK(put(&map, keys[i]));
    CHECK_INT(map.count, KEY_COUNT);
    for (i = 0; i < KEY_COUNT; i++)
        CHECK(get(&map, keys[i]) == keys[i]);
    CHECK(get(&map, "key 10000") == NULL);

    for (i = 0; i < KEY_COUNT; i += 2)
        CHECK(take(&map, keys[i]) == keys[i]);
    CHECK_INT(map.count, KEY_COUNT / 2);
    for (i = 0; i < KEY_COUNT; i++)
        CHECK(get(&map, keys[i]) == (i % 2 == 0 ? NULL : keys[i]));
    for (i = 0; i < KEY_COUNT; i += 2)
        CHECK_OK(put(&map, keys[i]));
    for (i = 0; i < KEY_COUNT; i++)
        CHECK(take(&map, keys[i]) == keys[i]);
    CHECK_INT(map.count, 0);
    CHECK_INT(map.used, 0);
    cup_map_fini(&map);
}

TEST(coming_and_going_does_not_grow_the_map)
{
    struct cup_map map = { 0 };
    size_t i;

    make_keys();
    for (i = 0; i < KEY_COUNT; i++) {
        CHECK_OK(put(&map, keys[i]));
        if (i >= 10)
            CHECK(take(&map, keys[i - 10]) == keys[i - 10]);
        CHECK(map.used < map.size);
    }
    CHECK_INT(map.count, 10);
    CHECK(map.size <= 32);
    cup_map_fini(&map);
}

TEST(replacing_takes_the_new_key_as_well)
{
    struct cup_map map = { 0 };
    char first[] = "name", second[] = "name";

    CHECK_OK(put(&map, first));
    CHECK_OK(put(&map, second));
    memset(first, 'x', 4);
    CHECK_INT(map.count, 1);
    CHECK(get(&map, "name") == second);
    CHECK(get(&map, first) == NULL);
    cup_map_fini(&map);
}

TEST(keys_are_bytes_with_a_length)
{
    struct cup_map map = { 0 };
    char bytes[40] = { 0 };
    size_t len;

    CHECK_OK(cup_map_put(&map, NULL, 0, bytes));
    for (len = 1; len < sizeof bytes; len++)
        CHECK_OK(cup_map_put(&map, bytes, len, bytes + len));
    for (len = 0; len < sizeof bytes; len++)
        CHECK(cup_map_get(&map, bytes, len) == bytes + len);
    CHECK(cup_map_remove(&map, "", 0) == bytes);
    CHECK(cup_map_get(&map, NULL, 0) == NULL);
    cup_map_fini(&map);
}

TEST(a_map_survives_every_failed_allocation)
{
    size_t n, i;

    make_keys();
    for (n = 1; failing_alloc_begin(n); n++) {
        struct cup_map map = { 0 };
        size_t refused = 0;

        for (i = 0; i < 1000; i++) {
            cupel_status rc = put(&map, keys[i]);

            if (rc == CUPEL_OK)
                continue;
            CHECK_INT(rc, CUPEL_E_NOMEM);
            CHECK_STR(cupel_error_text(), "out of memory");
            CHECK_INT(map.count, i);
            CHECK(get(&map, keys[i]) == NULL);
            CHECK_OK(put(&map, keys[i]));
            refused++;
        }
        CHECK_INT(refused, failing_alloc.failed);
        for (i = 0; i < 1000; i++)
            CHECK(get(&map, keys[i]) == keys[i]);
        cup_map_fini(&map);
        failing_alloc_end();
    }
    CHECK(n > 5);
}

TEST(equal_keys_have_the_same_hash)
{
    char one[] = "a key that is longer than a word", two[sizeof one];

    memcpy(two, one, sizeof one);
    CHECK(cup_map_hash(one, sizeof one) == cup_map_hash(two, sizeof two));
    two[3] = 'K';
    CHECK(cup_map_hash(one, sizeof one) != cup_map_hash(two, sizeof two));
    CHECK(cup_map_hash(NULL, 0) == cup_map_hash("x", 0));
}
