/* SPDX-License-Identifier: MIT */
/* The error record. One list of codes makes the classes, the short codes and
 * the records used when there is no memory for one of our own: those are static
 * and shared by all threads, so nobody writes to them. */
#include "base/error.h"

#include "base/alloc.h"
#include "base/text.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

enum { MESSAGE_SIZE = 1024 };

#define CLASS_OF(name, number, class_name, code) [-(number)] = (class_name),
#define CODE_OF(name, number, class_name, code) [-(number)] = (code),
#define FALLBACK_OF(name, number, class_name, code) \
    [-(number)] = { .status = CUPEL_E_##name },

static const char *const classes[] = { CUPEL_STATUS_LIST(CLASS_OF) };
static const char *const codes[] = { CUPEL_STATUS_LIST(CODE_OF) };
static struct cupel_error fallbacks[] = { CUPEL_STATUS_LIST(FALLBACK_OF) };

enum { STATUS_COUNT = sizeof classes / sizeof classes[0] };

/* Of a thread: its slot, and whether its end will free what is there. */
static _Thread_local struct cupel_error *thread_error;
static _Thread_local bool thread_end_known;

static pthread_key_t thread_end_key;
static pthread_once_t thread_end_once = PTHREAD_ONCE_INIT;
static bool thread_end_works;

static _Atomic(cup_error_slot_fn *) slot_fn = cup_error_thread_slot;

bool
cup_status_is_failure(cupel_status status)
{
    return (int)status < 0 && (int)status > -STATUS_COUNT;
}

static bool
is_fallback(const struct cupel_error *error)
{
    return (uintptr_t)error >= (uintptr_t)fallbacks &&
           (uintptr_t)error < (uintptr_t)(fallbacks + STATUS_COUNT);
}

/* Another destructor may still fail and leave a record: then this one is
 * wanted once more. */
static void
free_thread_error(void *unused)
{
    (void)unused;
    cup_error_free(thread_error);
    thread_error = NULL;
    thread_end_known = false;
}

static void
make_thread_end_key(void)
{
    thread_end_works =
        pthread_key_create(&thread_end_key, free_thread_error) == 0;
}

struct cupel_error **
cup_error_thread_slot(void)
{
    if (!thread_end_known) {
        pthread_once(&thread_end_once, make_thread_end_key);
        thread_end_known =
            thread_end_works &&
            pthread_setspecific(thread_end_key, &thread_error) == 0;
    }
    return &thread_error;
}

void
cup_error_slot_set(cup_error_slot_fn *slot)
{
    atomic_store(&slot_fn, slot != NULL ? slot : cup_error_thread_slot);
}

static struct cupel_error **
current_slot(void)
{
    return atomic_load_explicit(&slot_fn, memory_order_acquire)();
}

static struct cupel_error *
fallback_for(cupel_status status)
{
    assert(cup_status_is_failure(status));
    return &fallbacks[cup_status_is_failure(status) ? -(int)status : 1];
}

cupel_status
cup_nomem(void)
{
    cup_error_give(fallback_for(CUPEL_E_NOMEM));
    return CUPEL_E_NOMEM;
}

static struct cupel_error *
new_record(cupel_status status, const char *code, const char *message)
{
    struct cupel_error *error = cup_alloc(sizeof *error);

    if (error == NULL)
        return NULL;
    error->status = status;
    error->code = code;
    error->message = cup_strdup(message);
    if (error->message == NULL) {
        cup_free(error);
        return NULL;
    }
    return error;
}

/* The message is complete before the old record goes, since the arguments may
 * point into that. */
static void
set(cupel_status status, const char *code, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

static void
set(cupel_status status, const char *code, const char *format, va_list args)
{
    char message[MESSAGE_SIZE];
    struct cupel_error *error;

    assert(cup_status_is_failure(status));
    cup_text_vline(message, sizeof message, format, args);
    error = new_record(status, code, message);
    cup_error_give(error != NULL ? error : fallback_for(status));
}

cupel_status
cup_error_set(cupel_status status, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    set(status, NULL, format, args);
    va_end(args);
    return status;
}

cupel_status
cup_error_set_code(cupel_status status, const char *code, const char *format,
                   ...)
{
    va_list args;

    va_start(args, format);
    set(status, code, format, args);
    va_end(args);
    return status;
}

cupel_status
cupel_error_raise(cupel_status status, const char *message)
{
    if (!cup_status_is_failure(status))
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "an error is raised with a failure's status");
    return cup_error_set(status, "%s", message != NULL ? message : "");
}

cupel_status
cup_error_deadline(void)
{
    cupel_status rc = cup_error_set(CUPEL_E_TIMEOUT, "the deadline passed");
    struct cupel_error *record = cup_error_current();

    if (record != NULL)
        record->vague = true;
    return rc;
}

struct cupel_error *
cup_error_current(void)
{
    struct cupel_error *error = *current_slot();

    return is_fallback(error) ? NULL : error;
}

void
cup_error_field(char **field, const char *text)
{
    char *copy = cup_strdup(text);

    cup_free(*field);
    *field = copy;
}

struct cupel_error *
cup_error_take(void)
{
    struct cupel_error **slot = current_slot();
    struct cupel_error *error = *slot;

    *slot = NULL;
    return error;
}

void
cup_error_give(struct cupel_error *error)
{
    struct cupel_error **slot = current_slot();
    struct cupel_error *old = *slot;

    *slot = error;
    if (old != error)
        cup_error_free(old);
}

void
cup_error_free(struct cupel_error *error)
{
    if (error == NULL || is_fallback(error))
        return;
    cup_free(error->message);
    cup_free(error->statement);
    cup_free(error->parameters);
    cup_free(error->detail);
    cup_free(error->hint);
    cup_free(error->table);
    cup_free(error->column);
    cup_free(error->constraint);
    cup_free(error);
}

const char *
cupel_status_class(cupel_status status)
{
    if (status == CUPEL_OK)
        return "OK";
    if (status == CUPEL_ROW)
        return "Row";
    return cup_status_is_failure(status) ? classes[-(int)status]
                                         : "UnknownError";
}

const cupel_error *
cupel_error_last(void)
{
    return *current_slot();
}

const char *
cupel_error_text(void)
{
    return cupel_error_message(cupel_error_last());
}

cupel_status
cupel_error_status(const cupel_error *error)
{
    return error == NULL ? CUPEL_OK : error->status;
}

const char *
cupel_error_message(const cupel_error *error)
{
    if (error == NULL)
        return "no error";
    if (error->message != NULL)
        return error->message;
    if (error->status == CUPEL_E_NOMEM)
        return "out of memory";
    return "out of memory while reporting an error";
}

const char *
cupel_error_code(const cupel_error *error)
{
    if (error == NULL)
        return "";
    if (error->code != NULL)
        return error->code;
    return cup_status_is_failure(error->status) ? codes[-(int)error->status]
                                                : "";
}

const char *
cupel_error_sqlstate(const cupel_error *error)
{
    return error == NULL ? "" : error->sqlstate;
}

int
cupel_error_vendor_code(const cupel_error *error)
{
    return error == NULL ? 0 : error->vendor_code;
}

const char *
cupel_error_statement(const cupel_error *error)
{
    return error == NULL ? NULL : error->statement;
}

int
cupel_error_position(const cupel_error *error)
{
    return error == NULL ? 0 : error->position;
}

const char *
cupel_error_detail(const cupel_error *error)
{
    return error == NULL ? NULL : error->detail;
}

const char *
cupel_error_hint(const cupel_error *error)
{
    return error == NULL ? NULL : error->hint;
}

const char *
cupel_error_table(const cupel_error *error)
{
    return error == NULL ? NULL : error->table;
}

const char *
cupel_error_column(const cupel_error *error)
{
    return error == NULL ? NULL : error->column;
}

const char *
cupel_error_constraint(const cupel_error *error)
{
    return error == NULL ? NULL : error->constraint;
}

bool
cupel_error_connection_lost(const cupel_error *error)
{
    return error != NULL && error->connection_lost;
}

bool
cupel_error_retry_safe(const cupel_error *error)
{
    return error != NULL && error->retry_safe;
}

cupel_outcome
cupel_error_outcome(const cupel_error *error)
{
    return error == NULL ? CUPEL_OUTCOME_NOT_APPLIED : error->outcome;
}
