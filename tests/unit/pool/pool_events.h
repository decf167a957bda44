/* SPDX-License-Identifier: MIT */
/* What a pool tells its listeners, as one line of names. */
#ifndef TESTS_UNIT_POOL_POOL_EVENTS_H
#define TESTS_UNIT_POOL_POOL_EVENTS_H

#include <cupel/event.h>

#include "support/pools.h"
#include "unit/pool/pool_support.h"

static char heard[2048];

static inline void
hear(const char *text)
{
    size_t len = strlen(heard);

    snprintf(heard + len, sizeof heard - len, "%s%s", len > 0 ? " " : "", text);
}

/* The name; behind it "-" if there is no connection; of a reset, its flags. */
static inline cupel_status
record_event(cupel_event *event, void *arg)
{
    char text[64];

    (void)arg;
    if (strcmp(event->name, "reset") == 0)
        snprintf(text, sizeof text, "reset(%s%s%s)",
                 event->transaction_was_reset ? "t" : "",
                 event->terminate_only ? "x" : "",
                 event->asyncio_safe ? "s" : "");
    else
        snprintf(text, sizeof text, "%s%s", event->name,
                 event->raw == NULL ? "-" : "");
    CHECK(event->pool == pool);
    hear(text);
    return CUPEL_OK;
}

/* Listen to everything that happens to the pool under test. */
static inline void
listen(void)
{
    static const char *const names[] = {
        "connect", "first_connect",   "checkout", "checkin",    "reset",
        "close",   "soft_invalidate", "detach",   "invalidate", "close_detached"
    };

    heard[0] = '\0';
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        CHECK_OK(cupel_event_listen(cupel_on_pool(pool), names[i], record_event,
                                    NULL, 0));
}

/* What was heard since the last time. */
#define CHECK_HEARD(expected)       \
    do {                            \
        CHECK_STR(heard, expected); \
        heard[0] = '\0';            \
    } while (0)

static inline void
give(struct cup_slot *slot)
{
    cup_pool_checkin(slot, false);
}

#endif
