/* SPDX-License-Identifier: MIT */
/* Listeners and the order they are told in. */
#include "base/event.h"

#include <pthread.h>
#include <stdio.h>

#include "base/error.h"
#include "support/test.h"
#include "unit/base/failing_alloc.h"

static char heard[256];

/* Writes down its name, which is its arg. */
static cupel_status
note(cupel_event *event, void *arg)
{
    (void)event;
    strcat(heard, (const char *)arg);
    return CUPEL_OK;
}

static cupel_status
refuse(cupel_event *event, void *arg)
{
    CHECK_OK(note(event, arg));
    return cupel_error_raise(CUPEL_E_VALUE, (const char *)arg);
}

static cupel_status
fire(struct cup_events *events, enum cup_event_kind kind)
{
    cupel_event event = { .struct_size = 0 };

    heard[0] = '\0';
    return cup_events_fire(events, kind, NULL, &event);
}

static void
add(struct cup_events *events, enum cup_event_kind kind, cupel_event_fn *fn,
    const char *name, unsigned flags)
{
    CHECK_OK(cup_events_add(events, kind, fn, (void *)(uintptr_t)name, flags));
}

static struct cup_events *
new_list(void)
{
    struct cup_events *events;

    events = cup_events_new(NULL, cup_events_every(CUP_EVENTS_ENGINE));
    CHECK(events != NULL);
    return events;
}

TEST(names_are_found)
{
    enum cup_event_kind kind, each;

    CHECK(!cup_event_find("before_lunch", &kind));
    for (each = 0; each < CUP_EVENT_KINDS; each++) {
        CHECK(cup_event_find(cup_event_name(each), &kind));
        CHECK_INT(kind, each);
    }
    CHECK_INT(cup_event_family_of(CUP_EVENT_CHECKIN), CUP_EVENTS_POOL);
    CHECK_INT(cup_event_family_of(CUP_EVENT_DO_CONNECT), CUP_EVENTS_DIALECT);
    CHECK(cup_event_is_of_connection(CUP_EVENT_COMMIT));
    CHECK(!cup_event_is_of_connection(CUP_EVENT_ENGINE_CONNECT));
    CHECK_INT(CUP_EVENT_KINDS, 33);
}

TEST(nobody_wants_what_nobody_listens_to)
{
    struct cup_events *events = new_list(), *other = new_list();

    CHECK(!cup_events_want(NULL, CUP_EVENT_BEGIN));
    CHECK(!cup_events_want(events, CUP_EVENT_BEGIN));
    add(events, CUP_EVENT_BEGIN, note, "a", 0);
    CHECK(cup_events_want(events, CUP_EVENT_BEGIN));
    CHECK(!cup_events_want(other, CUP_EVENT_BEGIN));
    CHECK(!cup_events_want(events, CUP_EVENT_COMMIT));
    CHECK(cup_events_any(UINT64_C(1) << CUP_EVENT_BEGIN));
    cup_events_unref(events);
    CHECK(!cup_events_any(UINT64_MAX));
    cup_events_unref(other);
}

TEST(listeners_are_told_in_order)
{
    struct cup_events *events = new_list();

    add(events, CUP_EVENT_BEGIN, note, "b", 0);
    add(events, CUP_EVENT_COMMIT, note, "-", 0);
    add(events, CUP_EVENT_BEGIN, note, "c", 0);
    add(events, CUP_EVENT_BEGIN, note, "a", CUPEL_EVENT_INSERT);
    CHECK_OK(fire(events, CUP_EVENT_BEGIN));
    CHECK_STR(heard, "abc");
    cup_events_unref(events);
}

TEST(everyone_comes_before_child_and_parent_and_after_the_connection)
{
    struct cup_events *parent = new_list();
    struct cup_events *child, *conn;
    struct cup_events *every = cup_events_every(CUP_EVENTS_ENGINE);
    static char name[] = "every ";

    child = cup_events_new(parent, every);
    conn = cup_events_new(child, NULL);
    add(parent, CUP_EVENT_BEGIN, note, "parent ", 0);
    add(every, CUP_EVENT_BEGIN, note, name, 0);
    add(conn, CUP_EVENT_BEGIN, note, "conn ", 0);
    add(child, CUP_EVENT_BEGIN, note, "child ", 0);
    CHECK_OK(fire(conn, CUP_EVENT_BEGIN));
    CHECK_STR(heard, "conn every child parent ");
    CHECK_OK(fire(parent, CUP_EVENT_BEGIN));
    CHECK_STR(heard, "every parent ");
    CHECK_OK(cup_events_remove(every, CUP_EVENT_BEGIN, note, name));
    cup_events_unref(parent);
    cup_events_unref(child);
    CHECK_OK(fire(conn, CUP_EVENT_BEGIN));
    CHECK_STR(heard, "conn child parent ");
    cup_events_unref(conn);
}

TEST(a_listener_is_added_once_and_removed)
{
    struct cup_events *events = new_list();
    static char name[] = "a";

    add(events, CUP_EVENT_BEGIN, note, name, 0);
    add(events, CUP_EVENT_BEGIN, note, name, 0);
    CHECK_OK(fire(events, CUP_EVENT_BEGIN));
    CHECK_STR(heard, "a");
    CHECK(cup_events_contain(events, CUP_EVENT_BEGIN, note, name));
    CHECK(!cup_events_contain(events, CUP_EVENT_COMMIT, note, name));
    CHECK_OK(cup_events_remove(events, CUP_EVENT_BEGIN, note, name));
    CHECK(!cup_events_contain(events, CUP_EVENT_BEGIN, note, name));
    CHECK_FAILS(cup_events_remove(events, CUP_EVENT_BEGIN, note, name),
                CUPEL_E_INVALID);
    cup_events_unref(events);
}

TEST(flags_are_checked)
{
    struct cup_events *events = new_list();

    CHECK_FAILS(
        cup_events_add(events, CUP_EVENT_BEGIN, note, NULL, CUPEL_EVENT_RETVAL),
        CUPEL_E_ARGUMENT);
    CHECK_FAILS(cup_events_add(events, CUP_EVENT_BEGIN, note, NULL, 64),
                CUPEL_E_ARGUMENT);
    CHECK_OK(cup_events_add(events, CUP_EVENT_BEFORE_EXECUTE, note, NULL,
                            CUPEL_EVENT_RETVAL));
    cup_events_unref(events);
}

TEST(a_failure_ends_the_telling)
{
    struct cup_events *events = new_list();

    add(events, CUP_EVENT_BEGIN, note, "a", 0);
    add(events, CUP_EVENT_BEGIN, refuse, "b", 0);
    add(events, CUP_EVENT_BEGIN, note, "c", 0);
    CHECK_FAILS(fire(events, CUP_EVENT_BEGIN), CUPEL_E_VALUE);
    CHECK_STR(heard, "ab");
    CHECK_STR(cupel_error_text(), "b");
    cup_events_unref(events);
}

static cupel_status
answer(cupel_event *event, void *arg)
{
    (void)event;
    return *(cupel_status *)arg;
}

TEST(a_failure_without_a_record_gets_one)
{
    struct cup_events *events = new_list();
    cupel_status rc = CUPEL_E_DATA;

    cup_error_give(NULL);
    CHECK_OK(cup_events_add(events, CUP_EVENT_BEGIN, answer, &rc, 0));
    CHECK_FAILS(fire(events, CUP_EVENT_BEGIN), CUPEL_E_DATA);
    CHECK_STR(cupel_error_text(), "a listener for begin failed");
    rc = (cupel_status)-4711;
    CHECK_FAILS(fire(events, CUP_EVENT_BEGIN), CUPEL_E_ARGUMENT);
    rc = CUPEL_ROW;
    CHECK_OK(fire(events, CUP_EVENT_BEGIN));
    cup_events_unref(events);
}

TEST(a_listener_for_once_is_called_once_even_if_it_fails)
{
    struct cup_events *events = new_list();

    add(events, CUP_EVENT_BEGIN, refuse, "x", CUPEL_EVENT_ONCE);
    CHECK_FAILS(fire(events, CUP_EVENT_BEGIN), CUPEL_E_VALUE);
    CHECK(!cup_events_want(events, CUP_EVENT_BEGIN));
    CHECK_OK(fire(events, CUP_EVENT_BEGIN));
    CHECK_STR(heard, "");
    cup_events_unref(events);
}

TEST(each_part_of_an_event_uses_up_its_own_listeners_only)
{
    struct cup_events *events = new_list();
    static char inserted[] = "i", other[] = "o";
    cupel_event event = { 0 };

    add(events, CUP_EVENT_CONNECT, note, other, CUPEL_EVENT_ONCE);
    add(events, CUP_EVENT_CONNECT, note, inserted,
        CUPEL_EVENT_ONCE | CUPEL_EVENT_INSERT);
    heard[0] = '\0';
    CHECK_OK(cup_events_fire_part(events, CUP_EVENT_CONNECT, true, &event));
    CHECK_STR(heard, "i");
    CHECK_OK(cup_events_fire_part(events, CUP_EVENT_CONNECT, false, &event));
    CHECK_STR(heard, "io");
    CHECK(!cup_events_want(events, CUP_EVENT_CONNECT));
    cup_events_unref(events);
}

/* ---- Changes during the call ------------------------------------------- */

struct change {
    struct cup_events *events;
    struct change *other;
};

static cupel_status
remove_both(cupel_event *event, void *arg)
{
    struct change *change = arg;

    (void)event;
    strcat(heard, "x");
    CHECK_OK(cup_events_remove(change->events, CUP_EVENT_BEGIN, remove_both,
                               change));
    CHECK_OK(cup_events_remove(change->events, CUP_EVENT_BEGIN, remove_both,
                               change->other));
    return CUPEL_OK;
}

static cupel_status
add_another(cupel_event *event, void *arg)
{
    struct cup_events *events = arg;
    static char late[] = "l", early[] = "e";

    (void)event;
    strcat(heard, "y");
    add(events, CUP_EVENT_BEGIN, note, late, 0);
    add(events, CUP_EVENT_BEGIN, note, early, CUPEL_EVENT_INSERT);
    return CUPEL_OK;
}

TEST(one_that_is_removed_during_the_call_is_not_called)
{
    struct cup_events *events = new_list();
    struct change first = { events, NULL }, second = { events, &first };

    first.other = &second;
    CHECK_OK(cup_events_add(events, CUP_EVENT_BEGIN, remove_both, &first, 0));
    CHECK_OK(cup_events_add(events, CUP_EVENT_BEGIN, remove_both, &second, 0));
    add(events, CUP_EVENT_BEGIN, note, "z", 0);
    CHECK_OK(fire(events, CUP_EVENT_BEGIN));
    CHECK_STR(heard, "xz");
    CHECK_OK(fire(events, CUP_EVENT_BEGIN));
    CHECK_STR(heard, "z");
    cup_events_unref(events);
}

TEST(one_that_is_added_during_the_call_hears_of_the_next)
{
    struct cup_events *events = new_list();

    CHECK_OK(cup_events_add(events, CUP_EVENT_BEGIN, add_another, events, 0));
    CHECK_OK(fire(events, CUP_EVENT_BEGIN));
    CHECK_STR(heard, "y");
    CHECK_OK(fire(events, CUP_EVENT_BEGIN));
    CHECK_STR(heard, "eyl");
    cup_events_unref(events);
}

static cupel_status
let_go(cupel_event *event, void *arg)
{
    (void)event;
    cup_events_unref(arg);
    return CUPEL_OK;
}

TEST(the_list_outlives_the_call_that_drops_it)
{
    struct cup_events *events = new_list();

    CHECK_OK(cup_events_add(events, CUP_EVENT_BEGIN, let_go, events, 0));
    add(events, CUP_EVENT_BEGIN, note, "still here", 0);
    CHECK_OK(fire(events, CUP_EVENT_BEGIN));
    CHECK_STR(heard, "still here");
    CHECK(!cup_events_any(UINT64_MAX));
}

/* ---- Replacements ------------------------------------------------------ */

static cupel_status
replace(cupel_event *event, void *arg)
{
    char *sql = cupel_event_alloc(event, 32);

    CHECK(sql != NULL);
    snprintf(sql, 32, "%s%s", event->sql, (char *)arg);
    event->sql = sql;
    return CUPEL_OK;
}

TEST(only_listeners_with_retval_replace)
{
    struct cup_events *events = new_list();
    struct cup_arena arena = { NULL, NULL, NULL };
    cupel_event event = { .sql = "x" };

    add(events, CUP_EVENT_BEFORE_CURSOR_EXECUTE, replace, "a", 0);
    add(events, CUP_EVENT_BEFORE_CURSOR_EXECUTE, replace, "b",
        CUPEL_EVENT_RETVAL);
    add(events, CUP_EVENT_BEFORE_CURSOR_EXECUTE, replace, "c",
        CUPEL_EVENT_RETVAL);
    CHECK_OK(cup_events_fire(events, CUP_EVENT_BEFORE_CURSOR_EXECUTE, &arena,
                             &event));
    CHECK_STR(event.sql, "xbc");
    CHECK_STR(event.name, "before_cursor_execute");
    CHECK_INT(event.struct_size, sizeof event);
    cup_arena_fini(&arena);
    cup_events_unref(events);
}

TEST(an_event_without_memory_gives_none)
{
    cupel_event event = { .struct_size = sizeof event };

    CHECK(cupel_event_alloc(&event, 8) == NULL);
    CHECK(cupel_event_alloc(NULL, 8) == NULL);
    CHECK_INT(cupel_error_status(cupel_error_last()), CUPEL_E_NOMEM);
}

TEST(what_is_announced_cannot_fail)
{
    struct cup_events *events = new_list();
    cupel_event event = { .struct_size = 0 };

    heard[0] = '\0';
    add(events, CUP_EVENT_CHECKIN, refuse, "a", 0);
    add(events, CUP_EVENT_CHECKIN, note, "b", 0);
    CHECK_FAILS(cupel_error_raise(CUPEL_E_KEY, "from before"), CUPEL_E_KEY);
    cup_events_announce(events, CUP_EVENT_CHECKIN, &event);
    CHECK_STR(heard, "ab");
    CHECK_STR(cupel_error_text(), "from before");
    cup_events_unref(events);
}

/* ---- handle_error ------------------------------------------------------ */

static cupel_status
put_in_its_place(cupel_event *event, void *arg)
{
    const cupel_failure *failure = event->failure;

    CHECK_STR(cupel_error_message(failure->original), "the driver's");
    CHECK_INT(failure->status, CUPEL_E_OPERATIONAL);
    snprintf(heard + strlen(heard), 64, "%s;",
             failure->chained == NULL ? "none"
                                      : cupel_error_message(failure->chained));
    if (arg != NULL)
        event->failure->replacement =
            cupel_error_raise(CUPEL_E_VALUE, (const char *)arg);
    event->failure->is_disconnect = true;
    return CUPEL_OK;
}

static cupel_status
fail_with(struct cup_events *events, cupel_failure *failure)
{
    cupel_event event = { .struct_size = 0 };
    cupel_status rc;

    heard[0] = '\0';
    rc = cupel_error_raise(CUPEL_E_OPERATIONAL, "the driver's");
    return cup_events_fire_failure(events, &event, failure, true, rc);
}

TEST(a_replaced_error_is_shown_to_the_next_listener)
{
    struct cup_events *events = new_list();
    cupel_failure failure = { .is_disconnect = false };

    CHECK_FAILS(fail_with(events, &failure), CUPEL_E_OPERATIONAL);
    CHECK_STR(cupel_error_text(), "the driver's");
    add(events, CUP_EVENT_HANDLE_ERROR, put_in_its_place, "one", 0);
    add(events, CUP_EVENT_HANDLE_ERROR, put_in_its_place, "two", 0);
    CHECK_OK(cup_events_add(events, CUP_EVENT_HANDLE_ERROR, put_in_its_place,
                            NULL, 0));
    CHECK_FAILS(fail_with(events, &failure), CUPEL_E_VALUE);
    CHECK_STR(heard, "none;one;two;");
    CHECK_STR(cupel_error_text(), "two");
    CHECK(failure.is_disconnect);
    cup_events_unref(events);
}

TEST(a_failing_handler_ends_the_handling)
{
    struct cup_events *events = new_list();
    cupel_failure failure = { .is_disconnect = false };

    add(events, CUP_EVENT_HANDLE_ERROR, put_in_its_place, "one", 0);
    add(events, CUP_EVENT_HANDLE_ERROR, refuse, "mine", 0);
    add(events, CUP_EVENT_HANDLE_ERROR, put_in_its_place, "never", 0);
    CHECK_FAILS(fail_with(events, &failure), CUPEL_E_VALUE);
    CHECK_STR(heard, "none;mine");
    CHECK_STR(cupel_error_text(), "mine");
    cup_events_unref(events);
}

TEST(without_memory_nothing_is_added)
{
    struct cup_events *events;
    size_t n;

    for (n = 1; failing_alloc_begin(n); n++) {
        events = cup_events_new(NULL, NULL);
        if (events != NULL &&
            cup_events_add(events, CUP_EVENT_BEGIN, note, NULL, 0) != CUPEL_OK)
            CHECK(!cup_events_any(UINT64_MAX));
        cup_events_unref(events);
        failing_alloc_end();
    }
}

/* ---- Threads ----------------------------------------------------------- */

enum { THREADS = 4, ROUNDS = 500 };

static cupel_status
count(cupel_event *event, void *arg)
{
    (void)event;
    atomic_fetch_add((atomic_int *)arg, 1);
    return CUPEL_OK;
}

/* One thread's work. Its count outlives it: another thread may be in a call
 * that began before the listener was removed. */
struct worker {
    struct cup_events *events;
    atomic_int calls;
};

static void *
listen_and_fire(void *arg)
{
    struct worker *worker = arg;
    struct cup_events *events = worker->events;
    cupel_event event = { .struct_size = 0 };
    int i;

    for (i = 0; i < ROUNDS; i++) {
        CHECK_OK(
            cup_events_add(events, CUP_EVENT_BEGIN, count, &worker->calls, 0));
        CHECK_OK(cup_events_fire(events, CUP_EVENT_BEGIN, NULL, &event));
        CHECK(atomic_load(&worker->calls) > i);
        CHECK_OK(
            cup_events_remove(events, CUP_EVENT_BEGIN, count, &worker->calls));
    }
    return NULL;
}

TEST(threads_listen_and_fire_at_the_same_time)
{
    struct cup_events *events = new_list();
    struct worker workers[THREADS];
    pthread_t threads[THREADS];
    int i;

    for (i = 0; i < THREADS; i++) {
        workers[i].events = events;
        atomic_init(&workers[i].calls, 0);
        CHECK_INT(
            pthread_create(&threads[i], NULL, listen_and_fire, &workers[i]), 0);
    }
    for (i = 0; i < THREADS; i++)
        CHECK_INT(pthread_join(threads[i], NULL), 0);
    CHECK(!cup_events_any(UINT64_MAX));
    cup_events_unref(events);
}
