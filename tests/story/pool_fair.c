/* SPDX-License-Identifier: MIT */
/* First come, first served: a million grants, with a third of those who wait
 * giving up, and the books compared with what the tasks know at every turn; and
 * nobody waits longer than the work ahead of him takes. */
#include "story/pool_support.h"

enum { PLAYERS = 200, SLOTS = 10 };

/* A task that asks for a slot again and again until it is cancelled. */
struct player {
    struct cup_task *task; /* NULL: it has ended */
    bool waiting;
    bool holding;
    uint64_t dice;
};

static struct player players[PLAYERS];
static unsigned long wanted, grants, inversions, cancelled, timeouts, strange;
static unsigned long wrong;
static unsigned long tickets, last_ticket;

/* Keep the slot for a turn or a few. A cancellation shows here. */
static cupel_status
hold(struct player *player)
{
    cupel_status rc = CUPEL_OK;
    uint64_t turns = roll(&player->dice, 4);

    for (uint64_t i = 0; rc == CUPEL_OK && i < turns; i++)
        rc = cupel_yield();
    return rc;
}

static cupel_status
ask_once(struct player *player)
{
    unsigned long ticket = ++tickets;
    cupel_time until = CUPEL_FOREVER;
    struct cup_slot *slot;
    cupel_status rc;

    if (roll(&player->dice, 10) == 0)
        until = cupel_deadline_in((int64_t)roll(&player->dice, 3));
    player->waiting = true;
    rc = cup_pool_checkout(pool, NULL, until, &slot);
    player->waiting = false;
    if (rc != CUPEL_OK)
        return rc;
    player->holding = true;
    grants++;
    inversions += ticket < last_ticket;
    last_ticket = ticket;
    rc = hold(player);
    player->holding = false;
    cup_pool_checkin(slot, false);
    return rc;
}

static cupel_status
play(void *arg)
{
    struct player *player = arg;
    cupel_status rc = CUPEL_OK;

    while (rc == CUPEL_OK && grants < wanted) {
        rc = ask_once(player);
        if (rc == CUPEL_E_TIMEOUT) {
            timeouts++;
            rc = CUPEL_OK;
        }
    }
    strange += rc != CUPEL_OK && rc != CUPEL_E_CANCELLED;
    player->task = NULL;
    return CUPEL_OK;
}

/* A few who wait are cancelled, in no order, and replaced. */
static void
disturb(uint64_t *dice)
{
    for (int i = 0; i < 40; i++) {
        struct player *player = &players[roll(dice, PLAYERS)];

        if (player->task == NULL) {
            CHECK_OK(cup_task_spawn(play, player, NULL, NULL, &player->task));
        } else if (player->waiting && roll(dice, 16) == 0) {
            cancelled += !player->task->cancelled;
            cup_task_cancel(player->task);
        }
    }
}

/* Between two turns everybody waits, holds, or is elsewhere. What was handed to
 * a task that has not run since is lent, while the task still waits. */
static void
compare_books(void)
{
    struct cup_pool_figures figures = cup_pool_figures(pool);
    size_t waiting = 0, holding = 0;

    for (size_t i = 0; i < PLAYERS; i++) {
        waiting += players[i].waiting;
        holding += players[i].holding;
    }
    wrong += figures.size !=
             figures.idle + figures.lent + figures.connecting + figures.closing;
    wrong += figures.size > SLOTS ||
             figures.size != cup_fake_wire_count() + figures.connecting;
    wrong += figures.lent + figures.waiting != holding + waiting;
    wrong += figures.waiting > 0 && figures.idle > 0;
}

TASK_TEST(a_million_grants_are_in_order)
{
    uint64_t dice = 88172645463325252;
    unsigned long turn = 0;

    wanted = story_rounds("CUPEL_STORY_GRANTS", 1000000);
    wrong = 0;
    grants = inversions = cancelled = timeouts = strange = 0;
    tickets = last_ticket = 0;
    open_pool(SLOTS, 0, 3600000);
    for (size_t i = 0; i < PLAYERS; i++) {
        players[i] = (struct player){ .dice = dice + i };
        CHECK_OK(
            cup_task_spawn(play, &players[i], NULL, NULL, &players[i].task));
    }
    while (grants < wanted) {
        disturb(&dice);
        compare_books();
        if (++turn % 4 == 0)
            cup_clock_advance(1);
        CHECK_OK(cupel_yield());
    }
    wait_for_others();
    print_message("%lu grants, %lu cancelled, %lu timed out\n", grants,
                  cancelled, timeouts);
    CHECK_INT(inversions, 0);
    CHECK_INT(wrong, 0);
    CHECK_INT(strange, 0);
    CHECK(cancelled + timeouts > wanted / 4);
    CHECK_INT(cup_fake_wire_peak(), SLOTS);
    check_books(SLOTS);
    close_pool();
}

/* ---- How long they wait ------------------------------------------------- */

enum { WAITERS = 1000, HOLD_MS = 10, IDEAL_MS = WAITERS / SLOTS * HOLD_MS };

static int64_t longest_wait_ms;

static cupel_status
wait_and_hold(void *arg)
{
    struct cup_slot *slot;
    cupel_time begun;

    (void)arg;
    for (int i = 0; i < 5; i++) {
        begun = cupel_now();
        if (cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &slot) != CUPEL_OK) {
            timeouts++;
            return CUPEL_OK;
        }
        if (cupel_now() - begun > longest_wait_ms)
            longest_wait_ms = cupel_now() - begun;
        cup_ignore(cupel_sleep(HOLD_MS), "nobody cancels");
        cup_pool_checkin(slot, false);
    }
    return CUPEL_OK;
}

TASK_TEST(a_thousand_on_ten_wait_no_longer_than_the_queue_takes)
{
    timeouts = 0;
    longest_wait_ms = 0;
    open_pool(SLOTS, 0, IDEAL_MS * 2);
    for (int i = 0; i < WAITERS; i++)
        CHECK_OK(cup_task_spawn(wait_and_hold, NULL, NULL, NULL, NULL));
    wait_for_others();
    print_message("longest wait %lld ms, ideal %d ms\n",
                  (long long)longest_wait_ms, (int)IDEAL_MS);
    CHECK_INT(timeouts, 0);
    CHECK(longest_wait_ms * 10 <= (int64_t)IDEAL_MS * 12);
    check_books(SLOTS);
    close_pool();
}
