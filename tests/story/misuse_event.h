/* SPDX-License-Identifier: MIT */
/* What listeners do that should not (misuse_event_deeds.c), and to whom. */
#ifndef TESTS_STORY_MISUSE_EVENT_H
#define TESTS_STORY_MISUSE_EVENT_H

#include <cupel/cupel.h>
#include <cupel/event.h>

/* What one run has. A handle that a listener freed is NULL. */
struct world {
    cupel_engine *engine;
    cupel_connection *conn;
    cupel_transaction *tx;
    cupel_transaction *savepoint;
    cupel_result *result;
    cupel_raw_connection *raw;
    const struct deed *deed;
    const char *event;
    bool fails; /* the listener answers a failure, too */
    int depth;  /* deeds that are under way */
    int done;
};

/* One thing that a listener does. */
struct deed {
    const char *name;
    cupel_status (*run)(struct world *world, cupel_event *event);
};

extern const struct deed misuse_deeds[];
extern const size_t misuse_deed_count;

/* The listener; `arg` is the world. */
cupel_status
misuse_listen(cupel_event *event, void *arg);

#endif
