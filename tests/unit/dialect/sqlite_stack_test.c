/* SPDX-License-Identifier: MIT */
#include "dialect/sqlite/stack.h"

#include "../base/failing_alloc.h"
#include "task/task.h"

#include <cupel/task.h>

enum { FRAME = 1024 };

/* Uses about `frames` KiB of stack, and answers how many there were. */
static __attribute__((noinline)) size_t
dive(size_t frames, const volatile char *above)
{
    volatile char frame[FRAME];

    frame[0] = (char)(above != NULL ? above[0] : 0);
    if (frames == 0)
        return (size_t)frame[0];
    return dive(frames - 1, frame) + 1 + (size_t)frame[0];
}

static void
dive_deep(void *arg)
{
    size_t *depth = arg;

    *depth = dive(2000, NULL);
}

TASK_TEST(a_call_has_more_room_than_a_task)
{
    struct cup_sqlite_stack *stack;
    size_t depth = 0;
    int i;

    CHECK_OK(cup_sqlite_stack_new(&stack));
    for (i = 0; i < 3; i++) {
        CHECK_OK(cup_sqlite_stack_call(stack, dive_deep, &depth));
        CHECK_INT(depth, 2000);
    }
    cup_sqlite_stack_free(stack);
}

/* ---- Waiting inside a call ---------------------------------------------- */

struct visit {
    struct cup_sqlite_stack *stack;
    int turns;
    int *order;
    cupel_status rc;
};

static void
take_turns(void *arg)
{
    struct visit *visit = arg;
    int i;

    for (i = 0; i < visit->turns && visit->rc == CUPEL_OK; i++) {
        visit->rc = cupel_yield();
        CHECK_INT(dive(300, NULL), 300);
        ++*visit->order;
    }
}

static cupel_status
visit_stack(void *arg)
{
    struct visit *visit = arg;

    CHECK_OK(cup_sqlite_stack_call(visit->stack, take_turns, visit));
    return visit->rc;
}

TASK_TEST(tasks_wait_on_their_roomy_stacks_side_by_side)
{
    struct visit visits[4];
    cupel_group *group = cupel_group_new();
    int order = 0, i;

    for (i = 0; i < 4; i++) {
        visits[i] = (struct visit){ NULL, 10 + i, &order, CUPEL_OK };
        CHECK_OK(cup_sqlite_stack_new(&visits[i].stack));
        CHECK_OK(cupel_group_spawn(group, visit_stack, &visits[i]));
    }
    CHECK_OK(cupel_group_wait(group));
    CHECK_INT(order, 10 + 11 + 12 + 13);
    for (i = 0; i < 4; i++)
        cup_sqlite_stack_free(visits[i].stack);
}

TASK_TEST(a_task_is_cancelled_on_its_roomy_stack)
{
    int order = 0;
    struct visit visit = { NULL, 1000000, &order, CUPEL_OK };
    cupel_group *group = cupel_group_new();

    CHECK_OK(cup_sqlite_stack_new(&visit.stack));
    CHECK_OK(cupel_group_spawn(group, visit_stack, &visit));
    CHECK_OK(cupel_yield());
    CHECK_OK(cupel_yield());
    cupel_group_cancel(group);
    CHECK_FAILS(cupel_group_wait(group), CUPEL_E_CANCELLED);
    CHECK_INT(visit.rc, CUPEL_E_CANCELLED);
    CHECK(order > 0);
    cup_sqlite_stack_free(visit.stack);
}

TASK_TEST(after_a_call_the_task_is_where_it_was)
{
    struct cup_task *task = cup_task_current();
    void *low = task->context.stack_low;
    struct cup_sqlite_stack *stack;
    size_t depth;

    CHECK_OK(cup_sqlite_stack_new(&stack));
    CHECK_OK(cup_sqlite_stack_call(stack, dive_deep, &depth));
    CHECK(task->context.stack_low == low);
    CHECK(cup_task_current() == task);
    CHECK_OK(cupel_yield());
    cup_sqlite_stack_free(stack);
}

TEST(no_stack_is_freed_too)
{
    cup_sqlite_stack_free(NULL);
}

TEST(without_memory_there_is_no_stack)
{
    struct cup_sqlite_stack *stack = NULL;

    failing_alloc_install(1, true);
    CHECK_FAILS(cup_sqlite_stack_new(&stack), CUPEL_E_NOMEM);
    CHECK(stack == NULL);
    failing_alloc_end();
}
