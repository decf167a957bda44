/* SPDX-License-Identifier: MIT */
/* For gdb_tasks.sh: tasks that wait, and a place to stop at. */
#include <cupel/task.h>

#include <stdio.h>

void
stop_here(void);

__attribute__((noinline)) void
stop_here(void)
{
    static volatile int stops;

    stops = stops + 1;
}

__attribute__((noinline)) static cupel_status
wait_for_news(cupel_condition *news)
{
    cupel_status rc = cupel_condition_wait(news, CUPEL_FOREVER);

    return rc == CUPEL_OK ? cupel_yield() : rc;
}

/* No call is the last thing done here, so that every frame can be seen. */
static cupel_status
read_the_news(void *arg)
{
    cupel_status rc;

    cupel_task_name_set("reader");
    rc = wait_for_news(arg);
    return rc == CUPEL_OK ? cupel_yield() : rc;
}

static cupel_status
sleep_long(void *arg)
{
    cupel_status rc;

    cupel_task_name_set("sleeper");
    rc = cupel_sleep(*(int *)arg);
    return rc == CUPEL_OK ? cupel_yield() : rc;
}

static cupel_status
never_begun(void *arg)
{
    (void)arg;
    return CUPEL_OK;
}

static cupel_status
stop_among_tasks(void *arg)
{
    cupel_condition *news = cupel_condition_new();
    cupel_group *group = cupel_group_new();
    int span_ms = 20;
    cupel_status rc;

    (void)arg;
    cupel_task_name_set("stopper");
    rc = cupel_group_spawn(group, read_the_news, news);
    if (rc == CUPEL_OK)
        rc = cupel_group_spawn(group, sleep_long, &span_ms);
    if (rc == CUPEL_OK)
        rc = cupel_yield();
    if (rc == CUPEL_OK)
        rc = cupel_group_spawn(group, never_begun, NULL);
    if (rc != CUPEL_OK)
        return rc;
    stop_here();
    cupel_condition_signal(news);
    rc = cupel_group_wait(group);
    cupel_condition_free(news);
    return rc;
}

int
main(void)
{
    if (cupel_run(stop_among_tasks, NULL) != CUPEL_OK)
        return 1;
    puts("all tasks went on");
    return 0;
}
