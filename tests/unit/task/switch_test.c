/* SPDX-License-Identifier: MIT */
/* The context switch by itself, on a stack of the test's. */
#include "support/test.h"
#include "task/stack.h"
#include "task/switch.h"

#include <stdint.h>

static struct cup_stack_cache stacks;
static struct cup_stack *stack;
static struct cup_context here, there;

static void
begin(void (*entry)(void *arg), void *arg)
{
    cup_stack_cache_init(&stacks);
    CHECK_OK(cup_stack_get(&stacks, &stack));
    cup_context_init_thread(&here);
    CHECK_INT(cup_context_init(&there, stack->low, stack->size, entry, arg), 0);
}

static void
end(void)
{
    cup_context_fini(&there);
    cup_stack_put(&stacks, stack);
    cup_stack_cache_fini(&stacks);
}

static int steps;

static void
count_steps(void *arg)
{
    cup_context_entered(&there, &here);
    for (;;) {
        steps += *(int *)arg;
        cup_context_switch(&there, &here);
    }
}

TEST(fresh_context_runs_its_entry_with_its_argument)
{
    int step = 3;

    steps = 0;
    begin(count_steps, &step);
    CHECK_INT(steps, 0);
    cup_context_switch(&here, &there);
    CHECK_INT(steps, 3);
    cup_context_switch(&here, &there);
    CHECK_INT(steps, 6);
    end();
}

static uintptr_t vector_place;

/* Compilers trust the alignment they were promised for this. */
static void
take_place(void *arg)
{
    _Alignas(16) volatile char vector[16];

    (void)arg;
    cup_context_entered(&there, &here);
    vector[0] = 1;
    vector_place = (uintptr_t)vector;
    cup_context_leave(&there, &here);
}

TEST(fresh_stack_is_aligned)
{
    begin(take_place, NULL);
    CHECK_INT((uintptr_t)stack->low % 16, 0);
    cup_context_switch(&here, &there);
    CHECK_INT(vector_place % 16, 0);
    CHECK(vector_place > (uintptr_t)stack->low);
    CHECK(vector_place < (uintptr_t)stack->low + stack->size);
    end();
}

/* More live values than there are registers that a call destroys. */
static double
mix(int seed, struct cup_context *from, struct cup_context *to)
{
    const uint64_t first = (uint64_t)seed;
    uint64_t a = first, b = first * 3, c = first * 5, d = first * 7;
    uint64_t e = first * 11, f = first * 13;
    double x = seed * 0.5, y = seed * 0.25, z = seed * 0.125;
    int i;

    for (i = 0; i < 100; i++) {
        cup_context_switch(from, to);
        a += b ^ c;
        b += d;
        c ^= e + f;
        d -= (uint64_t)i;
        e += a;
        f ^= first;
        x += y;
        y = z - x / 3;
        z += 0.5;
    }
    return x + y + z + (double)((a ^ b ^ c ^ d ^ e ^ f) % 1000);
}

static double there_mixed;

static void
mix_there(void *arg)
{
    cup_context_entered(&there, &here);
    there_mixed = mix(*(int *)arg, &there, &here);
    cup_context_leave(&there, &here);
}

static double
mix_against(int here_seed, int there_seed)
{
    double mixed;

    begin(mix_there, &there_seed);
    mixed = mix(here_seed, &here, &there);
    cup_context_switch(&here, &there);
    end();
    return mixed;
}

TEST(registers_survive_the_switch)
{
    double first = mix_against(17, 4711), first_there = there_mixed;
    double second = mix_against(17, 99), second_there = there_mixed;
    double third = mix_against(4711, 17);

    CHECK(first == second);
    CHECK(there_mixed == first);
    CHECK(third == first_there);
    CHECK(second_there != first_there);
}
