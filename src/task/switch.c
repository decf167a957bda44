/* SPDX-License-Identifier: MIT */
/* The context switch and what the tools have to be told about it.
 *
 * A context that is switched away is its stack pointer: what must survive is
 * pushed onto its own stack, and popped when it goes on. A fresh stack gets a
 * frame as if it had been switched away just before its first instruction.
 *
 * The functions of ASan and TSan are weak: a library that was built without a
 * sanitizer works inside a program that was built with one. */
#include "task/switch.h"

#include "base/assert.h"

#include <stdint.h>
#include <string.h>

#ifdef CUP_UCONTEXT
#include <ucontext.h>
#endif

#ifdef __ELF__
#define WEAK __attribute__((weak))

/* <sanitizer/common_interface_defs.h> */
void
__sanitizer_start_switch_fiber(void **save, const void *low, size_t size) WEAK;
void
__sanitizer_finish_switch_fiber(void *saved, const void **old_low,
                                size_t *old_size) WEAK;

/* <sanitizer/tsan_interface.h> */
void *
__tsan_get_current_fiber(void) WEAK;
void *
__tsan_create_fiber(unsigned flags) WEAK;
void
__tsan_destroy_fiber(void *fiber) WEAK;
void
__tsan_switch_to_fiber(void *fiber, unsigned flags) WEAK;
#else
static void (*const __sanitizer_start_switch_fiber)(void **, const void *,
                                                    size_t) = NULL;
static void (*const __sanitizer_finish_switch_fiber)(void *, const void **,
                                                     size_t *) = NULL;
static void *(*const __tsan_get_current_fiber)(void) = NULL;
static void *(*const __tsan_create_fiber)(unsigned) = NULL;
static void (*const __tsan_destroy_fiber)(void *) = NULL;
static void (*const __tsan_switch_to_fiber)(void *, unsigned) = NULL;
#endif

/* ---- The platform's part ------------------------------------------------ */

#ifdef CUP_UCONTEXT

/* The state of a context that was switched away lies on its own stack, in
 * switch_stacks(); that of a fresh one at the top of its stack. */
struct fresh {
    ucontext_t state;
    void (*entry)(void *arg);
    void *arg;
};

/* makecontext() passes ints, so the pointer comes in two halves. */
static void
enter(unsigned high, unsigned low)
{
    uintptr_t address = ((uintptr_t)high << 16 << 16) | (uintptr_t)low;
    struct fresh *fresh;

    memcpy(&fresh, &address, sizeof fresh);
    fresh->entry(fresh->arg);
}

static int
prepare(struct cup_context *context, void (*entry)(void *), void *arg)
{
    uintptr_t low = (uintptr_t)context->stack_low;
    uintptr_t end = low + context->stack_size;
    uintptr_t place = (end - sizeof(struct fresh)) & ~(uintptr_t)63;
    struct fresh *fresh = (void *)((char *)context->stack_low + (place - low));

    if (getcontext(&fresh->state) != 0)
        return -1;
    fresh->entry = entry;
    fresh->arg = arg;
    fresh->state.uc_stack.ss_sp = context->stack_low;
    fresh->state.uc_stack.ss_size = place - low;
    fresh->state.uc_link = NULL;
    place = (uintptr_t)fresh;
    makecontext(&fresh->state, (void (*)(void))enter, 2,
                (unsigned)(place >> 16 >> 16), (unsigned)place);
    context->platform = &fresh->state;
    return 0;
}

static void
switch_stacks(struct cup_context *from, struct cup_context *to)
{
    ucontext_t here;

    from->platform = &here;
    swapcontext(&here, to->platform);
}

#else

void
cup_switch(void **save_sp, void *load_sp);
void
cup_switch_entry(void);

/* The frame that cup_switch() pops, in words, and where in it the entry stub
 * looks for its function and argument. */
#if defined(__x86_64__)
enum { FRAME_WORDS = 7, FRAME_ARG = 2, FRAME_ENTRY = 3, FRAME_PC = 6 };
#elif defined(__aarch64__)
enum { FRAME_WORDS = 20, FRAME_ENTRY = 8, FRAME_ARG = 9, FRAME_PC = 19 };
#endif

/* Leaves the stack pointer a multiple of 16 at the entry stub, whose call makes
 * it what the ABI promises to a function. */
static int
prepare(struct cup_context *context, void (*entry)(void *), void *arg)
{
    uintptr_t low = (uintptr_t)context->stack_low;
    size_t size = ((low + context->stack_size) & ~(uintptr_t)15) - low;
    void (*pc)(void) = cup_switch_entry;
    void **frame;

    frame = (void *)((char *)context->stack_low + size - 16);
    frame -= FRAME_WORDS;
    memset(frame, 0, FRAME_WORDS * sizeof *frame);
    memcpy(&frame[FRAME_ENTRY], &entry, sizeof entry);
    memcpy(&frame[FRAME_PC], &pc, sizeof pc);
    frame[FRAME_ARG] = arg;
    context->sp = frame;
    return 0;
}

static void
switch_stacks(struct cup_context *from, struct cup_context *to)
{
    cup_switch(&from->sp, to->sp);
}

#endif

/* ---- For everybody ------------------------------------------------------ */

void
cup_context_init_thread(struct cup_context *context)
{
    memset(context, 0, sizeof *context);
    if (__tsan_get_current_fiber != NULL)
        context->tsan_fiber = __tsan_get_current_fiber();
}

int
cup_context_init(struct cup_context *context, void *stack_low,
                 size_t stack_size, void (*entry)(void *arg), void *arg)
{
    CUP_ASSERT(stack_size >= 4096);
    memset(context, 0, sizeof *context);
    context->stack_low = stack_low;
    context->stack_size = stack_size;
    if (prepare(context, entry, arg) != 0)
        return -1;
    if (__tsan_create_fiber != NULL)
        context->tsan_fiber = __tsan_create_fiber(0);
    return 0;
}

static void
switch_announced(struct cup_context *from, struct cup_context *to)
{
    if (__sanitizer_start_switch_fiber != NULL)
        __sanitizer_start_switch_fiber(&from->fake_stack, to->stack_low,
                                       to->stack_size);
    if (__tsan_switch_to_fiber != NULL)
        __tsan_switch_to_fiber(to->tsan_fiber, 0);
    switch_stacks(from, to);
    if (__sanitizer_finish_switch_fiber != NULL)
        __sanitizer_finish_switch_fiber(from->fake_stack, NULL, NULL);
}

/* The last call is a jump once compiled, so that the other side leaves straight
 * into the code of whoever called this: one mispredicted return less. */
void
cup_context_switch(struct cup_context *from, struct cup_context *to)
{
    if (__sanitizer_start_switch_fiber != NULL ||
        __tsan_switch_to_fiber != NULL)
        switch_announced(from, to);
    else
        switch_stacks(from, to);
}

/* No place to save the fake stack: that is how ASan knows it may free it. */
void
cup_context_leave(struct cup_context *from, struct cup_context *to)
{
    if (__sanitizer_start_switch_fiber != NULL)
        __sanitizer_start_switch_fiber(NULL, to->stack_low, to->stack_size);
    if (__tsan_switch_to_fiber != NULL)
        __tsan_switch_to_fiber(to->tsan_fiber, 0);
    switch_stacks(from, to);
}

/* ASan alone knows where the thread's own stack lies. */
void
cup_context_entered(struct cup_context *self, struct cup_context *from)
{
    const void *low;
    size_t size;

    if (__sanitizer_finish_switch_fiber == NULL)
        return;
    __sanitizer_finish_switch_fiber(self->fake_stack, &low, &size);
    memcpy(&from->stack_low, &low, sizeof low);
    from->stack_size = size;
}

void
cup_context_fini(struct cup_context *context)
{
    if (__tsan_destroy_fiber != NULL && context->tsan_fiber != NULL)
        __tsan_destroy_fiber(context->tsan_fiber);
    context->tsan_fiber = NULL;
}
