/* SPDX-License-Identifier: MIT */
/* Tasks, the current one, and scopes. */
#include "support/test.h"
#include "task/loop.h"
#include "task/task.h"

#include "base/error.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static char luck[] = "luck", food[] = "food";

struct ending {
    cupel_status rc;
    int calls;
    bool in_task;
    char text[64];
};

static void
note_end(struct cup_task *task, cupel_status rc, void *arg)
{
    struct ending *ending = arg;

    ending->rc = rc;
    ending->calls++;
    ending->in_task = cupel_in_task();
    snprintf(ending->text, sizeof ending->text, "%s",
             cupel_error_message(task->error));
}

static cupel_status
give_up(void *arg)
{
    return cup_error_set(CUPEL_E_DATA, "bad %s", (const char *)arg);
}

static cupel_status
set_true(void *arg)
{
    *(bool *)arg = true;
    return CUPEL_OK;
}

TASK_TEST(spawned_task_runs_at_the_next_turn)
{
    bool ran = false;

    CHECK_OK(cup_task_spawn(set_true, &ran, NULL, NULL, NULL));
    CHECK(!ran);
    CHECK_INT(cupel_loop_task_count(cupel_loop_current()), 2);
    CHECK_OK(cupel_yield());
    CHECK(ran);
    CHECK_INT(cupel_loop_task_count(cupel_loop_current()), 1);
}

TASK_TEST(end_of_a_task_is_told_outside_tasks_with_its_error)
{
    struct ending ending = { 0 };

    CHECK_OK(cup_task_spawn(give_up, luck, note_end, &ending, NULL));
    CHECK_OK(cupel_yield());
    CHECK_INT(ending.calls, 1);
    CHECK_INT(ending.rc, CUPEL_E_DATA);
    CHECK(!ending.in_task);
    CHECK_STR(ending.text, "bad luck");
    CHECK(cupel_error_last() == NULL);
}

TEST(spawning_needs_a_loop)
{
    CHECK_FAILS(cup_task_spawn(give_up, NULL, NULL, NULL, NULL),
                CUPEL_E_INVALID);
}

static cupel_status
fail_and_look(void *arg)
{
    cup_ignore(give_up(arg), "the record is what this is about");
    cup_ignore(cupel_yield(), "the other one fails meanwhile");
    CHECK_INT(strcmp(cupel_error_text() + 4, arg), 0);
    return CUPEL_OK;
}

TASK_TEST(each_task_has_its_own_error_record)
{
    cupel_future *futures[] = { cupel_future_call(fail_and_look, luck),
                                cupel_future_call(fail_and_look, food) };

    CHECK_OK(cupel_await(cupel_future_gather(futures, 2)));
    CHECK(cupel_error_last() == NULL);
}

TASK_TEST(name_is_cut_at_whole_characters)
{
    char name[40];

    cupel_task_name_set("reader");
    CHECK_STR(cup_task_current()->name, "reader");
    cupel_task_name_set(NULL);
    CHECK_STR(cup_task_current()->name, "reader");
    memset(name, 'x', sizeof name);
    name[39] = '\0';
    cupel_task_name_set(name);
    CHECK_INT(strlen(cup_task_current()->name), 31);
    memcpy(name + 30, "\xc3\xa9", 2);
    cupel_task_name_set(name);
    CHECK_INT(strlen(cup_task_current()->name), 30);
}

TEST(outside_tasks_there_is_nothing_to_name_or_cancel)
{
    cupel_task_name_set("nobody");
    CHECK(!cupel_in_task());
    CHECK(!cupel_cancelled());
    CHECK(cup_task_current() == NULL);
    CHECK_FAILS(cupel_yield(), CUPEL_E_NOTASK);
    CHECK_FAILS(cupel_sleep(10), CUPEL_E_NOTASK);
    CHECK_FAILS(cupel_sleep(0), CUPEL_E_NOTASK);
}

static cupel_status
append(void *arg)
{
    char *text = arg;
    int i;

    for (i = 0; i < 3; i++) {
        strcat(text, "b");
        CHECK_OK(cupel_yield());
    }
    return CUPEL_OK;
}

TASK_TEST(yield_lets_every_other_ready_task_run_once)
{
    char text[16] = "";
    int i;

    CHECK_OK(cup_task_spawn(append, text, NULL, NULL, NULL));
    for (i = 0; i < 3; i++) {
        strcat(text, "a");
        CHECK_OK(cupel_yield());
    }
    CHECK_OK(cupel_yield());
    CHECK_STR(text, "ababab");
}

TASK_TEST(sleeping_no_time_still_lets_others_run)
{
    bool ran = false;

    CHECK_OK(cup_task_spawn(set_true, &ran, NULL, NULL, NULL));
    CHECK_OK(cupel_sleep(0));
    CHECK(ran);
}

TASK_TEST(sleep_lasts_as_long_as_it_says)
{
    cupel_time start = cupel_now();

    CHECK_OK(cupel_sleep(20));
    CHECK(cupel_now() - start >= 20);
}

/* ---- Scopes ------------------------------------------------------------- */

TASK_TEST(deadline_scope_caps_every_wait)
{
    struct cup_scope scope;

    cup_clock_freeze(1000);
    cup_deadline_begin(&scope, 1100);
    CHECK_FAILS(cupel_sleep(200), CUPEL_E_TIMEOUT);
    CHECK_INT(cupel_now(), 1100);
    CHECK_FAILS(cupel_sleep(200), CUPEL_E_TIMEOUT);
    CHECK_FAILS(cupel_yield(), CUPEL_E_TIMEOUT);
    cup_scope_end(&scope);
    CHECK_OK(cupel_sleep(200));
    CHECK_INT(cupel_now(), 1300);
    cup_clock_thaw();
}

TASK_TEST(earliest_of_nested_deadlines_counts)
{
    struct cup_scope outer, inner;

    cup_clock_freeze(1000);
    cup_deadline_begin(&outer, 1100);
    cup_deadline_begin(&inner, 1500);
    CHECK_FAILS(cupel_sleep(300), CUPEL_E_TIMEOUT);
    CHECK_INT(cupel_now(), 1100);
    cup_scope_end(&inner);
    cup_scope_end(&outer);
    cup_clock_thaw();
}

TASK_TEST(sleep_that_ends_with_its_scope_is_complete)
{
    struct cup_scope scope;

    cup_clock_freeze(1000);
    cup_deadline_begin(&scope, 1100);
    CHECK_OK(cupel_sleep(100));
    cup_scope_end(&scope);
    cup_clock_thaw();
}

TASK_TEST(shield_holds_cancellation_and_outer_deadlines_back)
{
    struct cup_scope outer, shield;

    cup_clock_freeze(1000);
    cup_deadline_begin(&outer, 1010);
    cup_shield_begin(&shield, 1100);
    cup_task_cancel(cup_task_current());
    CHECK(cupel_cancelled());
    CHECK_OK(cupel_sleep(50));
    CHECK_INT(cupel_now(), 1050);
    CHECK_FAILS(cupel_sleep(500), CUPEL_E_TIMEOUT);
    CHECK_INT(cupel_now(), 1100);
    cup_scope_end(&shield);
    CHECK_FAILS(cupel_sleep(1), CUPEL_E_CANCELLED);
    cup_scope_end(&outer);
    cup_clock_thaw();
}

static cupel_status
sleep_shielded(void *arg)
{
    struct cup_scope outer, inner;

    cup_shield_begin(&outer, CUPEL_FOREVER);
    cup_shield_begin(&inner, CUPEL_FOREVER);
    cup_scope_end(&inner);
    *(cupel_status *)arg = cupel_sleep(100);
    cup_scope_end(&outer);
    return cupel_sleep(100);
}

TASK_TEST(shielded_wait_is_not_woken_by_cancellation)
{
    struct ending ending = { 0 };
    cupel_status shielded = CUPEL_E_DATA;
    struct cup_task *task;

    cup_clock_freeze(1000);
    CHECK_OK(
        cup_task_spawn(sleep_shielded, &shielded, note_end, &ending, &task));
    CHECK_OK(cupel_yield());
    cup_task_cancel(task);
    CHECK_OK(cupel_yield());
    CHECK_INT(ending.calls, 0);
    CHECK_OK(cupel_sleep(150));
    CHECK_INT(shielded, CUPEL_OK);
    CHECK_INT(ending.rc, CUPEL_E_CANCELLED);
    cup_clock_thaw();
}

TEST(scopes_outside_tasks_are_the_threads)
{
    struct cup_scope outer, inner;

    CHECK_INT(cup_deadline_cap(7), 7);
    cup_deadline_begin(&outer, 5);
    CHECK_INT(cup_deadline_cap(7), 5);
    CHECK_INT(cup_deadline_cap(3), 3);
    cup_deadline_begin(&inner, 6);
    CHECK_INT(cup_deadline_cap(7), 5);
    cup_scope_end(&inner);
    cup_shield_begin(&inner, 9);
    CHECK_INT(cup_deadline_cap(CUPEL_FOREVER), 9);
    cup_scope_end(&inner);
    CHECK_INT(cup_deadline_cap(7), 5);
    cup_scope_end(&outer);
    CHECK_INT(cup_deadline_cap(CUPEL_FOREVER), CUPEL_FOREVER);
}

/* ---- The stack ---------------------------------------------------------- */

/* Each call looks at the page of the one before, so that all of them are
 * needed at once: a compiler must not make a loop of this. */
static int
dig(int depth, const volatile char *above)
{
    volatile char page[4096];

    page[0] = (char)depth;
    if (depth == 0)
        return page[0] + above[0];
    return dig(depth - 1, page) + page[0] + above[0];
}

static cupel_status
overflow(void *arg)
{
    const volatile char top = 0;

    return dig(*(int *)arg, &top) == 0 ? CUPEL_OK : CUPEL_E_DATA;
}

static int
status_of_digging(int depth)
{
    int status = 0;
    pid_t pid = fork();

    CHECK(pid >= 0);
    if (pid == 0) {
        signal(SIGSEGV, SIG_DFL); /* cmocka, or a sanitizer, has its own */
        cup_ignore(cupel_run(overflow, &depth), "it came back: that counts");
        _exit(0);
    }
    CHECK_INT(waitpid(pid, &status, 0), pid);
    return status;
}

TEST(stack_overflow_hits_the_guard)
{
    int status = status_of_digging(10000);

    CHECK_INT(status_of_digging(20), 0);
    CHECK(WIFSIGNALED(status));
    CHECK_INT(WTERMSIG(status), SIGSEGV);
}

static cupel_status
check_alignment(void *arg)
{
    _Alignas(16) volatile char vector[16];
    char text[64];

    vector[0] = 1;
    CHECK_INT((uintptr_t)vector % 16, 0);
    snprintf(text, sizeof text, "%.3f %Lf", 1.5, (long double)2);
    CHECK_STR(text, "1.500 2.000000");
    return *(cupel_status *)arg;
}

TEST(fresh_task_has_an_aligned_stack)
{
    cupel_status rc = CUPEL_OK;

    CHECK_OK(cupel_run(check_alignment, &rc));
}

/* The only pointer to it is on the stack of a task that never goes on. */
static cupel_status
keep_a_secret(void *arg)
{
    char *volatile secret = malloc(100);
    cupel_status rc;

    secret[0] = 1;
    rc = cupel_sleep_until(CUPEL_FOREVER);
    free(secret);
    (void)arg;
    return rc;
}

/* Clean-up takes its own time, or what is left of the deadline around it; when
 * that has passed, a moment. */
TASK_TEST(clean_up_keeps_the_deadline_around_it)
{
    cupel_time now = cupel_now();
    struct cup_scope scope;

    CHECK(cup_deadline_cleanup(2000) >= now + 2000);
    cup_deadline_begin(&scope, now + 1000);
    CHECK_INT(cup_deadline_cleanup(2000), now + 1000);
    CHECK(cup_deadline_cleanup(500) < now + 1000);
    cup_scope_end(&scope);
    cup_deadline_begin(&scope, now - 1000);
    CHECK(cup_deadline_cleanup(2000) >= now);
    CHECK(cup_deadline_cleanup(2000) < now + 1000);
    cup_scope_end(&scope);
}

static void
end_quietly(struct cup_task *task, cupel_status rc, void *arg)
{
    (void)task;
    (void)rc;
    (void)arg;
    exit(0);
}

static cupel_status
end_the_process(void *arg)
{
    (void)arg;
    return CUPEL_OK;
}

static cupel_status
leave_a_secret(void *arg)
{
    (void)arg;
    CHECK_OK(cup_task_spawn(keep_a_secret, NULL, NULL, NULL, NULL));
    CHECK_OK(cupel_yield());
    CHECK_OK(cup_task_spawn(end_the_process, NULL, end_quietly, NULL, NULL));
    return cupel_sleep_until(CUPEL_FOREVER);
}

TEST(memory_held_by_a_suspended_task_is_no_leak)
{
    int status = 0;
    pid_t pid = fork();

    CHECK(pid >= 0);
    if (pid == 0) {
        cup_ignore(cupel_run(leave_a_secret, NULL), "it does not come back");
        _exit(3);
    }
    CHECK_INT(waitpid(pid, &status, 0), pid);
    CHECK_INT(status, 0);
}
