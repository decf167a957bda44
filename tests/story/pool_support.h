/* SPDX-License-Identifier: MIT */
/* What the stories about pools share: a pool on the fake database whose clock
 * is turned by hand, dice that fall the same way every time, and fewer rounds
 * where every step is watched by a sanitizer. */
#ifndef TESTS_STORY_POOL_SUPPORT_H
#define TESTS_STORY_POOL_SUPPORT_H

#include <cupel/task.h>

#include <stdlib.h>

#include "base/error.h"
#include "dialect/fake/fake.h"
#include "pool/pool.h"
#include "support/test.h"
#include "task/loop.h"
#include "task/task.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define STORY_WATCHED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define STORY_WATCHED 1
#endif
#endif
#ifndef STORY_WATCHED
#define STORY_WATCHED 0
#endif

static struct cupel_pool *pool;
static cupel_url *pool_url;

/* `rounds`, or what the environment says, or a tenth of it if watched. */
static inline unsigned long
story_rounds(const char *variable, unsigned long rounds)
{
    const char *text = getenv(variable);

    if (text != NULL)
        return strtoul(text, NULL, 10);
    return STORY_WATCHED ? rounds / 10 : rounds;
}

static inline uint64_t
roll(uint64_t *dice, uint64_t sides)
{
    *dice ^= *dice << 13;
    *dice ^= *dice >> 7;
    *dice ^= *dice << 17;
    return *dice % sides;
}

static inline void
open_pool_with(struct cup_pool_config config)
{
    cup_fake_reset();
    cup_clock_freeze(1000000);
    CHECK_OK(cupel_url_parse("fake://story", &pool_url));
    config.dialect = &cup_fake_dialect;
    config.url = pool_url;
    config.connect_timeout_ms = 500;
    CHECK_OK(cup_pool_new(&config, &pool));
}

static inline void
open_pool(size_t size, size_t overflow, int64_t timeout_ms)
{
    open_pool_with((struct cup_pool_config){
        .size = size, .max_overflow = overflow, .timeout_ms = timeout_ms });
}

static inline void
close_pool(void)
{
    cup_pool_close(pool);
    cup_pool_free(pool);
    cupel_url_free(pool_url);
    cup_clock_thaw();
    CHECK_INT(cup_fake_wire_count(), 0);
}

/* Until only the calling task is left. */
static inline void
wait_for_others(void)
{
    while (cupel_loop_task_count(cupel_loop_current()) > 1)
        CHECK_OK(cupel_sleep(10));
}

/* Nothing is on its way, and `count` wires can be had and used. */
static inline void
check_books(size_t count)
{
    struct cup_pool_figures figures = cup_pool_figures(pool);
    struct cup_slot *slots[32];

    CHECK_INT(figures.lent, 0);
    CHECK_INT(figures.connecting, 0);
    CHECK_INT(figures.closing, 0);
    CHECK_INT(figures.waiting, 0);
    CHECK_INT(figures.size, figures.idle);
    CHECK_INT(figures.size, cup_fake_wire_count());
    CHECK(count <= 32);
    for (size_t i = 0; i < count; i++)
        CHECK_OK(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &slots[i]));
    for (size_t i = 0; i < count; i++)
        cup_pool_checkin(slots[i], false);
}

#endif
