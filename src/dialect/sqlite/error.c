/* SPDX-License-Identifier: MIT */
/* Errors: sqlite's codes and messages on their way into our record.
 *
 * While a statement is being prepared, sqlite's messages quote the statement
 * only. While one runs, functions and virtual tables quote what they were given
 * ("fts5: syntax error near ..."), which may be a value of somebody's: what
 * stands in quotes is then left out of the message and kept in the detail. */
#include "dialect/sqlite/error.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/utf8.h"

enum {
    PRIMARY = 0xff /* the part of an extended code that is the plain one */
};

static void
copy_message(char out[CUP_SQLITE_MESSAGE_SIZE], const char *message)
{
    size_t len = strlen(message);

    if (len >= CUP_SQLITE_MESSAGE_SIZE) {
        len = CUP_SQLITE_MESSAGE_SIZE - 1;
        while (len > 0 && ((unsigned char)message[len] & 0xC0) == 0x80)
            len--; /* not through the middle of a character */
    }
    memcpy(out, message, len);
    out[len] = '\0';
}

void
cup_sqlite_fault_note(struct cup_sqlite_fault *fault, sqlite3 *db, int code)
{
    int extended = db == NULL ? code : sqlite3_extended_errcode(db);
    bool is_its = (extended & PRIMARY) == (code & PRIMARY);

    memset(fault, 0, sizeof *fault);
    fault->code = is_its ? extended : code;
    fault->status = cup_sqlite_status(fault->code);
    fault->offset = -1;
    if (db == NULL || !is_its) {
        copy_message(fault->message, sqlite3_errstr(code));
        return;
    }
    copy_message(fault->message, sqlite3_errmsg(db));
    fault->offset = sqlite3_error_offset(db);
    if ((code & PRIMARY) == SQLITE_CANTOPEN || (code & PRIMARY) == SQLITE_IOERR)
        fault->os_error = sqlite3_system_errno(db);
}

void
cup_sqlite_fault_say(struct cup_sqlite_fault *fault, cupel_status status,
                     const char *message)
{
    memset(fault, 0, sizeof *fault);
    fault->status = status;
    fault->offset = -1;
    copy_message(fault->message, message);
}

cupel_status
cup_sqlite_status(int code)
{
    switch (code & PRIMARY) {
    case SQLITE_NOMEM:
        return CUPEL_E_NOMEM;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
        return CUPEL_E_INTEGRITY;
    case SQLITE_ERROR:
    case SQLITE_PERM:
    case SQLITE_ABORT:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_READONLY:
    case SQLITE_INTERRUPT:
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_CANTOPEN:
    case SQLITE_PROTOCOL:
    case SQLITE_SCHEMA:
        return CUPEL_E_OPERATIONAL;
    case SQLITE_TOOBIG:
        return CUPEL_E_DATA;
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
        return CUPEL_E_INTERFACE;
    case SQLITE_INTERNAL:
    case SQLITE_NOTFOUND:
        return CUPEL_E_INTERNAL;
    default:
        return CUPEL_E_DATABASE;
    }
}

bool
cup_sqlite_breaks(int code)
{
    switch (code & PRIMARY) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_IOERR:
        return true;
    default:
        return code == SQLITE_READONLY_DBMOVED;
    }
}

/* ---- The record --------------------------------------------------------- */

/* The quote that closes what `c` opens, or NUL. */
static char
closing_quote(char c)
{
    if (c == '\'' || c == '"')
        return c;
    return c == '[' ? ']' : '\0';
}

/* Leave out what stands in quotes, up to the last closing one. True if there
 * was any. */
static bool
hide_quoted(const char *message, char *out)
{
    const char *end;
    bool hidden = false;

    while (*message != '\0') {
        end = NULL;
        if (closing_quote(*message) != '\0')
            end = strrchr(message + 1, closing_quote(*message));
        *out++ = *message++;
        if (end != NULL && end > message) {
            memcpy(out, "...", 3); /* may be longer than what it stands for */
            out += 3;
            message = end;
            *out++ = *message++;
            hidden = true;
        }
    }
    *out = '\0';
    return hidden;
}

/* "table.column" or "table.column, table.other": the names, in place. */
static void
set_table_and_column(struct cupel_error *error, char *names)
{
    char *dot = strchr(names, '.');
    char *comma = strstr(names, ", ");

    if (dot == NULL)
        return;
    *dot = '\0';
    if (comma != NULL)
        *comma = '\0';
    cup_error_field(&error->table, names);
    if (comma == NULL)
        cup_error_field(&error->column, dot + 1);
}

/* Sqlite has no fields for these, only texts, the same since 2013. A key of
 * several columns has no one column to name. */
static void
set_constraint(struct cupel_error *error, const struct cup_sqlite_fault *fault)
{
    char text[CUP_SQLITE_MESSAGE_SIZE];
    char *names, *space;

    copy_message(text, fault->message);
    if (fault->code == SQLITE_CONSTRAINT_DATATYPE) {
        space = strrchr(text, ' ');
        if (space != NULL)
            set_table_and_column(error, space + 1);
        return;
    }
    names = strstr(text, " constraint failed: ");
    if (names == NULL)
        return;
    names += strlen(" constraint failed: ");
    if (fault->code == SQLITE_CONSTRAINT_CHECK)
        cup_error_field(&error->constraint, names);
    else if (strncmp(names, "index '", 7) == 0 && strlen(names) > 8) {
        names[strlen(names) - 1] = '\0';
        cup_error_field(&error->constraint, names + 7);
    } else {
        set_table_and_column(error, names);
    }
}

static bool
is_retry_safe(int code)
{
    return (code & PRIMARY) == SQLITE_BUSY || (code & PRIMARY) == SQLITE_LOCKED;
}

static void
fill_record(struct cupel_error *error, const struct cup_sqlite_fault *fault,
            const char *sql)
{
    size_t len;

    error->vendor_code = fault->code;
    error->retry_safe = is_retry_safe(fault->code);
    error->connection_lost = cup_sqlite_breaks(fault->code);
    if (sql != NULL) {
        cup_error_field(&error->statement, sql);
        len = strlen(sql);
        if (fault->offset >= 0 && (size_t)fault->offset <= len)
            error->position =
                (int)cup_utf8_count(sql, (size_t)fault->offset) + 1;
    }
    if ((fault->code & PRIMARY) == SQLITE_CONSTRAINT)
        set_constraint(error, fault);
}

cupel_status
cup_sqlite_fault_raise(const struct cup_sqlite_fault *fault, const char *sql)
{
    /* Every quoted byte may become three dots. */
    char shown[2 * CUP_SQLITE_MESSAGE_SIZE];
    bool hidden = false;

    if (fault->status == CUPEL_E_NOMEM)
        return cup_nomem();
    if (fault->stepping && (fault->code & PRIMARY) == SQLITE_ERROR)
        hidden = hide_quoted(fault->message, shown);
    else
        copy_message(shown, fault->message);
    if (fault->os_error != 0)
        cup_ignore(cup_error_set(fault->status, "%s: %s", shown,
                                 strerror(fault->os_error)),
                   "returned below");
    else
        cup_ignore(cup_error_set(fault->status, "%s", shown), "returned below");
    if (cup_error_current() != NULL)
        fill_record(cup_error_current(), fault, sql);
    if (hidden && cup_error_current() != NULL)
        cup_error_field(&cup_error_current()->detail, fault->message);
    return fault->status;
}
