/* SPDX-License-Identifier: MIT */
/* One hook for the whole process. Its three parts are atomics so that any
 * thread may ask whether somebody listens; the level is stored last, so a
 * thread that sees it sees the hook too. */
#include "base/log.h"

#include "base/text.h"

#include <limits.h>
#include <stdatomic.h>

enum { LINE_SIZE = 1024, NOBODY = INT_MAX };

static _Atomic(cupel_log_fn *) hook;
static _Atomic(void *) hook_context;
static atomic_int hook_least = NOBODY;

void
cupel_log_set(cupel_log_fn *log, void *context, cupel_log_level least)
{
    atomic_store(&hook_least, NOBODY);
    atomic_store(&hook, log);
    atomic_store(&hook_context, context);
    if (log != NULL)
        atomic_store(&hook_least, (int)least);
}

bool
cup_log_on(cupel_log_level level)
{
    return (int)level >=
           atomic_load_explicit(&hook_least, memory_order_relaxed);
}

void
cup_log(cupel_log_level level, const char *logger, const char *format, ...)
{
    char line[LINE_SIZE];
    cupel_log_fn *log;
    va_list args;

    if ((int)level < atomic_load(&hook_least))
        return;
    log = atomic_load(&hook);
    if (log == NULL)
        return;
    va_start(args, format);
    cup_text_vline(line, sizeof line, format, args);
    va_end(args);
    log(atomic_load(&hook_context), level, logger, line);
}
