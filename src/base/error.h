/* SPDX-License-Identifier: MIT */
/* The error record: made once, where the failure is first known, and passed up
 * untouched. It lives where the current task says (cup_error_slot_fn); outside
 * tasks, in the thread.
 *
 * A slot holds a pointer to a record, owned by the slot. When there is no
 * memory for a record, the slot points at a static "out of memory". */
#ifndef CUP_BASE_ERROR_H
#define CUP_BASE_ERROR_H

#include <cupel/error.h>
#include <stdarg.h>

/* One failure. Texts are owned by the record; any of them may be NULL. */
struct cupel_error {
    cupel_status status;
    char *message;
    const char *code; /* static; NULL: the status's own */
    char sqlstate[6];
    int vendor_code;
    int position; /* in `statement`, characters from 1; 0 unknown */
    char *statement;
    char *parameters; /* as text; NULL: there are none, or they are hidden */
    char *detail;
    char *hint;
    char *table;
    char *column;
    char *constraint;
    bool hides_parameters;
    bool vague; /* a deadline passed, and nobody has said yet for what */
    bool told;  /* the listeners for handle_error have seen it */
    bool connection_lost;
    bool retry_safe;
    cupel_outcome outcome;
};

/* Whether it is one of the codes of CUPEL_STATUS_LIST. */
bool
cup_status_is_failure(cupel_status status);

/* Where the current task (or thread) keeps its record. The task room installs
 * its own at start-up; base alone uses one slot per thread. Never NULL. */
typedef struct cupel_error **
cup_error_slot_fn(void);

/* NULL restores cup_error_thread_slot(). */
void
cup_error_slot_set(cup_error_slot_fn *slot);

/* The slot of the calling thread, for code outside tasks. Its record is freed
 * when the thread ends. */
struct cupel_error **
cup_error_thread_slot(void);

/* Set the record of the current task and return `status`. The message is one
 * line without values, passwords or urls. */
cupel_status
cup_error_set(cupel_status status, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same with the reference's short code, a static text. */
cupel_status
cup_error_set_code(cupel_status status, const char *code, const char *format,
                   ...) __attribute__((format(printf, 3, 4)));

/* TIMEOUT: the deadline passed. A caller who knows what for replaces the
 * message, once, as long as the record is `vague`. */
cupel_status
cup_error_deadline(void);

/* The record that was just set, to add fields to it with cup_error_field();
 * NULL when there was no memory for one. */
struct cupel_error *
cup_error_current(void);

/* Replace one of the texts of a record by a copy; without memory, by NULL. */
void
cup_error_field(char **field, const char *text);

/* Take the current record out of the task (it then has none). May be NULL. */
struct cupel_error *
cup_error_take(void);

/* Give a record to the current task, dropping the one it had. NULL clears. */
void
cup_error_give(struct cupel_error *error);

/* NULL, and the static record, are allowed. */
void
cup_error_free(struct cupel_error *error);

/* The one way to drop a status on purpose; `why` is for the reader. */
static inline void
cup_ignore(cupel_status status, const char *why)
{
    (void)status;
    (void)why;
}

#endif
