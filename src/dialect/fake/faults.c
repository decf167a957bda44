/* SPDX-License-Identifier: MIT */
/* The book that the fake server keeps for tests: faults that wait for their
 * call, how often everything was called, and the last statements. All of it is
 * static memory, so that keeping it cannot fail. */
#include "dialect/fake/server.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>

enum { FAULTS_MAX = 32, LOG_LINES = 128, LOG_LINE_SIZE = 1024 };

/* A fault, and how many calls have counted towards it. */
struct order {
    struct cup_fake_fault fault;
    unsigned long seen;
};

static struct {
    pthread_mutex_t lock;
    struct order orders[FAULTS_MAX];
    size_t order_count;
    unsigned long calls[CUP_FAKE_ANY + 1];
    int64_t latency_ms;
    unsigned long hang_ups;
    size_t wire_count;
    size_t wire_peak;
    char log[LOG_LINES][LOG_LINE_SIZE]; /* a ring */
    size_t log_count;                   /* ever written */
} book = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* ---- Faults ------------------------------------------------------------ */

void
cup_fake_fault(const struct cup_fake_fault *fault)
{
    struct order *order;

    pthread_mutex_lock(&book.lock);
    assert(book.order_count < FAULTS_MAX);
    order = &book.orders[book.order_count++];
    order->fault = *fault;
    order->seen = 0;
    if (order->fault.nth == 0)
        order->fault.nth = 1;
    pthread_mutex_unlock(&book.lock);
}

void
cup_fake_faults_clear(void)
{
    pthread_mutex_lock(&book.lock);
    book.order_count = 0;
    pthread_mutex_unlock(&book.lock);
}

static bool
concerns(const struct cup_fake_fault *fault, enum cup_fake_op op,
         const char *sql)
{
    if (fault->op != CUP_FAKE_ANY && fault->op != op)
        return false;
    return fault->sql == NULL ||
           (sql != NULL && strstr(sql, fault->sql) != NULL);
}

/* Count the call for every fault it concerns; the index of the first that is
 * due, or SIZE_MAX. */
static size_t
find_due(enum cup_fake_op op, const char *sql)
{
    size_t due = SIZE_MAX;

    for (size_t i = 0; i < book.order_count; i++) {
        struct order *order = &book.orders[i];

        if (!concerns(&order->fault, op, sql))
            continue;
        order->seen++;
        if (due == SIZE_MAX && order->seen >= order->fault.nth)
            due = i;
    }
    return due;
}

void
cup_fake_arrive(enum cup_fake_op op, const char *sql,
                struct cup_fake_fault *out)
{
    size_t due;

    pthread_mutex_lock(&book.lock);
    book.calls[op]++;
    book.calls[CUP_FAKE_ANY]++;
    memset(out, 0, sizeof *out);
    out->kind = CUP_FAKE_DELAY;
    due = find_due(op, sql);
    if (due != SIZE_MAX) {
        *out = book.orders[due].fault;
        if (!out->for_good) {
            book.order_count--;
            memmove(&book.orders[due], &book.orders[due + 1],
                    (book.order_count - due) * sizeof book.orders[0]);
        }
    }
    out->delay_ms += book.latency_ms;
    pthread_mutex_unlock(&book.lock);
}

void
cup_fake_latency(int64_t span_ms)
{
    pthread_mutex_lock(&book.lock);
    book.latency_ms = span_ms;
    pthread_mutex_unlock(&book.lock);
}

void
cup_fake_hang_up_all(void)
{
    pthread_mutex_lock(&book.lock);
    book.hang_ups++;
    pthread_mutex_unlock(&book.lock);
}

unsigned long
cup_fake_hang_ups(void)
{
    unsigned long count;

    pthread_mutex_lock(&book.lock);
    count = book.hang_ups;
    pthread_mutex_unlock(&book.lock);
    return count;
}

/* ---- Counts ------------------------------------------------------------ */

unsigned long
cup_fake_calls(enum cup_fake_op op)
{
    unsigned long count;

    pthread_mutex_lock(&book.lock);
    count = book.calls[op];
    pthread_mutex_unlock(&book.lock);
    return count;
}

void
cup_fake_wire_opened(void)
{
    pthread_mutex_lock(&book.lock);
    book.wire_count++;
    if (book.wire_count > book.wire_peak)
        book.wire_peak = book.wire_count;
    pthread_mutex_unlock(&book.lock);
}

void
cup_fake_wire_closed(void)
{
    pthread_mutex_lock(&book.lock);
    assert(book.wire_count > 0);
    book.wire_count--;
    pthread_mutex_unlock(&book.lock);
}

size_t
cup_fake_wire_count(void)
{
    size_t count;

    pthread_mutex_lock(&book.lock);
    count = book.wire_count;
    pthread_mutex_unlock(&book.lock);
    return count;
}

size_t
cup_fake_wire_peak(void)
{
    size_t count;

    pthread_mutex_lock(&book.lock);
    count = book.wire_peak;
    pthread_mutex_unlock(&book.lock);
    return count;
}

/* ---- The log ----------------------------------------------------------- */

void
cup_fake_log_add(const char *sql, size_t len)
{
    char *line;

    pthread_mutex_lock(&book.lock);
    line = book.log[book.log_count++ % LOG_LINES];
    if (len >= LOG_LINE_SIZE)
        len = LOG_LINE_SIZE - 1;
    memcpy(line, sql, len);
    line[len] = '\0';
    pthread_mutex_unlock(&book.lock);
}

size_t
cup_fake_log_count(void)
{
    size_t count;

    pthread_mutex_lock(&book.lock);
    count = book.log_count;
    pthread_mutex_unlock(&book.lock);
    return count;
}

const char *
cup_fake_log(size_t index)
{
    const char *line = NULL;

    pthread_mutex_lock(&book.lock);
    if (index < book.log_count && book.log_count - index <= LOG_LINES)
        line = book.log[index % LOG_LINES];
    pthread_mutex_unlock(&book.lock);
    return line;
}

void
cup_fake_log_clear(void)
{
    pthread_mutex_lock(&book.lock);
    book.log_count = 0;
    pthread_mutex_unlock(&book.lock);
}

void
cup_fake_reset(void)
{
    cup_fake_lock();
    cup_fake_databases_forget();
    cup_fake_unlock();
    pthread_mutex_lock(&book.lock);
    book.order_count = 0;
    book.latency_ms = 0;
    memset(book.calls, 0, sizeof book.calls);
    book.wire_peak = book.wire_count;
    book.log_count = 0;
    pthread_mutex_unlock(&book.lock);
    cup_fake_trace_reset();
}
