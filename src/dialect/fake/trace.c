/* SPDX-License-Identifier: MIT */
/* The trace: which calls of the dialect were made, in order, whether they had
 * anything to send or not. Static memory, so that keeping it cannot fail. */
#include "dialect/fake/server.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { LINES = 256, LINE_SIZE = 256 };

static struct {
    pthread_mutex_t lock;
    struct {
        unsigned long wire;
        char text[LINE_SIZE];
    } lines[LINES]; /* a ring */
    size_t count;   /* ever written */
    unsigned long wires;
} trace = { .lock = PTHREAD_MUTEX_INITIALIZER };

unsigned long
cup_fake_trace_number(void)
{
    unsigned long number;

    pthread_mutex_lock(&trace.lock);
    number = ++trace.wires;
    pthread_mutex_unlock(&trace.lock);
    return number;
}

void
cup_fake_trace_add(unsigned long wire, const char *call, const char *what)
{
    size_t at;

    pthread_mutex_lock(&trace.lock);
    at = trace.count++ % LINES;
    trace.lines[at].wire = wire;
    snprintf(trace.lines[at].text, LINE_SIZE, "%s%s%s", call,
             what != NULL ? " " : "", what != NULL ? what : "");
    pthread_mutex_unlock(&trace.lock);
}

void
cup_fake_trace_note(const char *line)
{
    cup_fake_trace_add(0, line, NULL);
}

size_t
cup_fake_trace_count(void)
{
    size_t count;

    pthread_mutex_lock(&trace.lock);
    count = trace.count;
    pthread_mutex_unlock(&trace.lock);
    return count;
}

static bool
is_kept(size_t index)
{
    return index < trace.count && trace.count - index <= LINES;
}

const char *
cup_fake_trace(size_t index)
{
    const char *line = NULL;

    pthread_mutex_lock(&trace.lock);
    if (is_kept(index))
        line = trace.lines[index % LINES].text;
    pthread_mutex_unlock(&trace.lock);
    return line;
}

unsigned long
cup_fake_trace_wire(size_t index)
{
    unsigned long wire = 0;

    pthread_mutex_lock(&trace.lock);
    if (is_kept(index))
        wire = trace.lines[index % LINES].wire;
    pthread_mutex_unlock(&trace.lock);
    return wire;
}

const char *
cup_fake_trace_text(void)
{
    static char text[LINES * (LINE_SIZE + 2)];
    size_t len = 0, first;

    pthread_mutex_lock(&trace.lock);
    first = trace.count > LINES ? trace.count - LINES : 0;
    text[0] = '\0';
    for (size_t i = first; i < trace.count; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%s",
                                i > first ? "; " : "",
                                trace.lines[i % LINES].text);
    pthread_mutex_unlock(&trace.lock);
    return text;
}

void
cup_fake_trace_clear(void)
{
    pthread_mutex_lock(&trace.lock);
    trace.count = 0;
    pthread_mutex_unlock(&trace.lock);
}

void
cup_fake_trace_reset(void)
{
    pthread_mutex_lock(&trace.lock);
    trace.count = 0;
    trace.wires = 0;
    pthread_mutex_unlock(&trace.lock);
}
