/* SPDX-License-Identifier: MIT */
/* The context switch: x86-64 and aarch64 by hand, ucontext elsewhere. Told to
 * ASan and TSan here, so that no other file knows of them. */
#ifndef CUP_TASK_SWITCH_H
#define CUP_TASK_SWITCH_H

#include <stddef.h>

/* Something that can be switched to: a stack and where it was left. */
struct cup_context {
    void *sp;          /* saved stack pointer; gdb's helper reads it */
    void *stack_low;   /* lowest usable byte (the thread's own: unknown) */
    size_t stack_size; /* bytes */
    void *fake_stack;  /* ASan's, while switched away */
    void *tsan_fiber;  /* TSan's */
    void *platform;    /* the ucontext fallback keeps its state here */
};

/* Stand for the calling thread. */
void
cup_context_init_thread(struct cup_context *context);

/* Prepare `entry(arg)` on a fresh stack. `entry` never returns. 0 or -1 (no
 * memory; ucontext only). */
int
cup_context_init(struct cup_context *context, void *stack_low,
                 size_t stack_size, void (*entry)(void *arg), void *arg);

/* Leave `from`, go on in `to`. Returns when somebody switches back. */
void
cup_context_switch(struct cup_context *from, struct cup_context *to);

/* The same, for a context that will never be switched to again. */
void
cup_context_leave(struct cup_context *from, struct cup_context *to);

/* To be called first of all on a fresh stack; `from` is who switched here. */
void
cup_context_entered(struct cup_context *self, struct cup_context *from);

/* Release what the tools know of it. Its stack is the caller's business. */
void
cup_context_fini(struct cup_context *context);

#endif
