/* SPDX-License-Identifier: MIT */
/* Native errors become ours here and nowhere else. What decides is the
 * SQLSTATE, never the text, which servers write in many languages. */
#include "dialect/postgresql/error.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "dialect/postgresql/wire.h"
#include "sql/value.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* The first two characters of a SQLSTATE, and what they mean to us. */
struct family {
    char prefix[3];
    cupel_status status;
};

static const struct family families[] = {
    { "08", CUPEL_E_OPERATIONAL }, { "0A", CUPEL_E_NOTSUPPORTED },
    { "20", CUPEL_E_PROGRAMMING }, { "21", CUPEL_E_PROGRAMMING },
    { "22", CUPEL_E_DATA },        { "23", CUPEL_E_INTEGRITY },
    { "24", CUPEL_E_INTERNAL },    { "25", CUPEL_E_INTERNAL },
    { "26", CUPEL_E_PROGRAMMING }, { "27", CUPEL_E_OPERATIONAL },
    { "28", CUPEL_E_OPERATIONAL }, { "2B", CUPEL_E_INTERNAL },
    { "2D", CUPEL_E_INTERNAL },    { "2F", CUPEL_E_OPERATIONAL },
    { "34", CUPEL_E_PROGRAMMING }, { "38", CUPEL_E_OPERATIONAL },
    { "39", CUPEL_E_OPERATIONAL }, { "3B", CUPEL_E_OPERATIONAL },
    { "3D", CUPEL_E_PROGRAMMING }, { "3F", CUPEL_E_PROGRAMMING },
    { "40", CUPEL_E_OPERATIONAL }, { "42", CUPEL_E_PROGRAMMING },
    { "44", CUPEL_E_PROGRAMMING }, { "53", CUPEL_E_OPERATIONAL },
    { "54", CUPEL_E_OPERATIONAL }, { "55", CUPEL_E_OPERATIONAL },
    { "56", CUPEL_E_OPERATIONAL }, { "57", CUPEL_E_OPERATIONAL },
    { "58", CUPEL_E_OPERATIONAL }, { "F0", CUPEL_E_OPERATIONAL },
    { "HV", CUPEL_E_OPERATIONAL }, { "P0", CUPEL_E_PROGRAMMING },
    { "XX", CUPEL_E_INTERNAL },
};

/* After these the server closes the connection: shutdowns, idle timeouts. */
static const char *const fatal[] = { "57P01", "57P02", "57P03",
                                     "57P05", "25P03", NULL };

/* The same work may well succeed when it is run again: serialization failure,
 * deadlock, a lock that was not available. */
static const char *const transient[] = { "40001", "40P01", "55P03", NULL };

static bool
is_one_of(const char *sqlstate, const char *const *list)
{
    for (; *list != NULL; list++) {
        if (strcmp(sqlstate, *list) == 0)
            return true;
    }
    return false;
}

cupel_status
cup_pg_status_of(const char *sqlstate)
{
    size_t i;

    for (i = 0; i < sizeof families / sizeof families[0]; i++) {
        if (strncmp(sqlstate, families[i].prefix, 2) == 0)
            return families[i].status;
    }
    return CUPEL_E_DATABASE;
}

/* One field of an error, "" if the server left it out. */
static const char *
field(const PGresult *error, int code)
{
    const char *text = PQresultErrorField(error, code);

    return text != NULL ? text : "";
}

/* The severity in English, whatever the server speaks; a pooler may give only
 * the translated one, which is English then. */
static const char *
severity_of(const PGresult *error)
{
    const char *severity = field(error, PG_DIAG_SEVERITY_NONLOCALIZED);

    return *severity != '\0' ? severity : field(error, PG_DIAG_SEVERITY);
}

/* Class 08 as a mere ERROR is about another connection: that of a foreign
 * table, or of dblink. */
bool
cup_pg_is_farewell(const PGresult *error)
{
    const char *severity = severity_of(error);
    const char *sqlstate = field(error, PG_DIAG_SQLSTATE);

    if (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0)
        return true;
    return is_one_of(sqlstate, fatal) ||
           (strncmp(sqlstate, "08", 2) == 0 && strcmp(severity, "ERROR") != 0);
}

/* libpq's own errors have no fields at all. */
bool
cup_pg_is_breakdown(const PGresult *error)
{
    return *field(error, PG_DIAG_SEVERITY) == '\0' &&
           *field(error, PG_DIAG_SQLSTATE) == '\0';
}

bool
cup_pg_is_missing(const PGresult *error)
{
    return strcmp(field(error, PG_DIAG_SQLSTATE), "26000") == 0;
}

bool
cup_pg_is_syntax(const PGresult *error)
{
    return strncmp(field(error, PG_DIAG_SQLSTATE), "42", 2) == 0;
}

/* That the result's type has changed has no SQLSTATE of its own. */
bool
cup_pg_is_stale(const PGresult *error)
{
    return cup_pg_is_missing(error) ||
           (strcmp(field(error, PG_DIAG_SQLSTATE), "0A000") == 0 &&
            strcmp(field(error, PG_DIAG_SOURCE_FUNCTION),
                   "RevalidateCachedQuery") == 0);
}

/* The server's own message, or libpq's where the server said nothing. */
static const char *
message_of(const PGresult *error)
{
    const char *message = field(error, PG_DIAG_MESSAGE_PRIMARY);

    if (*message == '\0')
        message = PQresultErrorMessage(error);
    return *message != '\0' ? message : "the server gave no reason";
}

static void
copy_sqlstate(struct cupel_error *record, const char *sqlstate)
{
    snprintf(record->sqlstate, sizeof record->sqlstate, "%.5s", sqlstate);
}

/* Characters from 1; 0 if the server did not say. */
static int
position_of(const PGresult *error)
{
    const char *text = field(error, PG_DIAG_STATEMENT_POSITION);
    int64_t position;

    if (!cup_int_parse(text, strlen(text), &position) || position < 0 ||
        position > INT_MAX)
        return 0;
    return (int)position;
}

static void
copy_fields(struct cupel_error *record, const PGresult *error)
{
    const char *sqlstate = field(error, PG_DIAG_SQLSTATE);

    copy_sqlstate(record, sqlstate);
    record->position = position_of(error);
    record->retry_safe =
        is_one_of(sqlstate, transient) || cup_pg_is_stale(error);
    cup_error_field(&record->detail,
                    PQresultErrorField(error, PG_DIAG_MESSAGE_DETAIL));
    cup_error_field(&record->hint,
                    PQresultErrorField(error, PG_DIAG_MESSAGE_HINT));
    if (cup_pg_is_stale(error) && !cup_pg_is_missing(error))
        cup_error_field(&record->hint,
                        "a table was changed after the statement had been "
                        "prepared; roll back and run the transaction again");
    cup_error_field(&record->table,
                    PQresultErrorField(error, PG_DIAG_TABLE_NAME));
    cup_error_field(&record->column,
                    PQresultErrorField(error, PG_DIAG_COLUMN_NAME));
    cup_error_field(&record->constraint,
                    PQresultErrorField(error, PG_DIAG_CONSTRAINT_NAME));
}

/* COPY moves data outside of statements, which nothing here can carry. */
static bool
is_copy(const PGresult *error)
{
    ExecStatusType status = PQresultStatus(error);

    return status == PGRES_COPY_IN || status == PGRES_COPY_OUT ||
           status == PGRES_COPY_BOTH;
}

static cupel_status
report(const PGresult *error, const char *prefix)
{
    cupel_status status = cup_pg_status_of(field(error, PG_DIAG_SQLSTATE));
    struct cupel_error *record;

    cup_error_set(status, "%s%s", prefix, message_of(error));
    record = cup_error_current();
    if (record != NULL)
        copy_fields(record, error);
    return status;
}

cupel_status
cup_pg_error_set(const struct cup_pg_call *call)
{
    return report(call->error, "");
}

cupel_status
cup_pg_error_set_of(const struct cup_pg_call *call, size_t set)
{
    char prefix[40];

    snprintf(prefix, sizeof prefix, "in set %zu: ", set);
    return report(call->error, prefix);
}

static void
fill_farewell(struct cup_pg_farewell *out, const char *sqlstate,
              const char *message)
{
    snprintf(out->sqlstate, sizeof out->sqlstate, "%.5s", sqlstate);
    snprintf(out->message, sizeof out->message, "%s", message);
}

void
cup_pg_note_farewell(struct cup_pg_wire *wire, const PGresult *error)
{
    fill_farewell(&wire->farewell, field(error, PG_DIAG_SQLSTATE),
                  message_of(error));
}

void
cup_pg_note_silence(struct cup_pg_wire *wire, const char *message)
{
    fill_farewell(&wire->farewell, "08006", message);
}

/* Why the wire was lost, as far as anybody said. */
static void
find_reason(const struct cup_pg_wire *wire, const PGresult *error,
            struct cup_pg_farewell *out)
{
    if (error != NULL && *field(error, PG_DIAG_SQLSTATE) != '\0')
        fill_farewell(out, field(error, PG_DIAG_SQLSTATE), message_of(error));
    else if (wire->farewell.sqlstate[0] != '\0')
        *out = wire->farewell;
    else if (!wire->poisoned)
        fill_farewell(out, "08006", "the server closed it without a word");
    else if (error != NULL)
        fill_farewell(out, "08P01", message_of(error));
    else
        fill_farewell(out, "08P01", "the server broke the protocol");
}

cupel_status
cup_pg_error_lost(const struct cup_pg_wire *wire,
                  const struct cup_pg_call *call)
{
    const PGresult *error = call != NULL ? call->error : NULL;
    struct cup_pg_farewell reason;
    struct cupel_error *record;
    cupel_status rc;

    if (error != NULL && is_copy(error)) {
        fill_farewell(&reason, "0A000", "");
        rc = cup_error_set(CUPEL_E_NOTSUPPORTED,
                           "COPY to or from the client cannot be executed; "
                           "the connection was given up");
    } else {
        find_reason(wire, error, &reason);
        rc = cup_error_set(CUPEL_E_OPERATIONAL, "the connection was lost: %s",
                           reason.message);
    }
    record = cup_error_current();
    if (record != NULL) {
        copy_sqlstate(record, reason.sqlstate);
        record->connection_lost = true;
    }
    return rc;
}

void
cup_pg_error_unknown(void)
{
    struct cupel_error *record = cup_error_current();

    if (record != NULL)
        record->outcome = CUPEL_OUTCOME_UNKNOWN;
}

/* ---- Words of the server's that answer nothing ------------------------ */

static bool
is_sqlstate_at(const char *text)
{
    int i;

    for (i = 0; i < 5; i++) {
        if (!cup_is_digit(text[i]) && (text[i] < 'A' || text[i] > 'Z'))
            return false;
    }
    return true;
}

/* Each server that was tried may have left a line "...: FATAL:  28P01". */
bool
cup_pg_sqlstate_find(const char *message, char sqlstate[6])
{
    const char *line = message;
    bool found = false;

    while (*line != '\0') {
        size_t len = strcspn(line, "\n");
        const char *last = line + len - 5;

        if (len > 7 && memcmp(last - 2, "  ", 2) == 0 && is_sqlstate_at(last)) {
            snprintf(sqlstate, 6, "%.5s", last);
            found = true;
        }
        line += len;
        if (*line == '\n')
            line++;
    }
    return found;
}

static cupel_log_level
level_of(const char *severity)
{
    if (strcmp(severity, "WARNING") == 0)
        return CUPEL_LOG_WARNING;
    if (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0)
        return CUPEL_LOG_ERROR;
    return CUPEL_LOG_INFO;
}

/* A notice may hold row values, so its text is not logged. One without a
 * SQLSTATE is libpq's own: it received something that nobody had asked for. */
void
cup_pg_notice(void *arg, const PGresult *notice)
{
    struct cup_pg_wire *wire = arg;
    const char *sqlstate = field(notice, PG_DIAG_SQLSTATE);
    const char *severity = severity_of(notice);

    if (*sqlstate == '\0') {
        wire->poisoned = true;
        return;
    }
    if (cup_pg_is_farewell(notice))
        cup_pg_note_farewell(wire, notice);
    if (cup_log_on(level_of(severity)))
        cup_log(level_of(severity), "cupel.postgresql",
                "the server says %s with SQLSTATE %s", severity, sqlstate);
}
