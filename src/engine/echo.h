/* SPDX-License-Identifier: MIT */
/* Statements and rows in the log. */
#ifndef CUP_ENGINE_ECHO_H
#define CUP_ENGINE_ECHO_H

#include "engine/execution.h"

/* The statement, and where it came from with its parameters: two lines, if the
 * level is on. */
void
cup_echo_statement(const struct cup_execution *run);

/* A warning, if it took longer than the engine finds right. */
void
cup_echo_slow(const struct cup_execution *run, int64_t duration_us);

/* The parameters of a request as an error record keeps them; NULL: they are
 * hidden, or there was no memory. Owned by the caller. */
char *
cup_echo_params(const struct cupel_connection *conn,
                const cupel_request *request);

/* What shows the rows of one result, to whoever fetches them. */
struct cup_echo;

/* The columns are shown now, each row by cup_echo_row(). NULL: nobody wants to
 * see them (the usual case), or there was no memory. */
struct cup_echo *
cup_echo_rows(const struct cupel_connection *conn, const cupel_rows *rows);

/* A row of the batch is handed out. */
void
cup_echo_row(const struct cup_echo *echo, cupel_rows *rows, size_t line);

/* NULL is allowed. */
void
cup_echo_free(struct cup_echo *echo);

#endif
