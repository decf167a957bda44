/* SPDX-License-Identifier: MIT */
/* A thousand questions, asked by a hundred tasks at once. A task borrows a
 * connection for each question, so that a hundred of them share eight. */
#include "packages.h"

#include <stdio.h>
#include <string.h>

enum { TASKS = 100, QUESTIONS = 1000, ANSWER_SIZE = 160 };

/* The first round is about dpkg, later ones about other packages. */
static const struct {
    const char *title, *sql;
} questions[] = {
    { "What does dpkg need?",
      "SELECT r.target, r.version FROM cupel_relation r"
      " JOIN cupel_package p ON p.id = r.package_id"
      " WHERE p.name = :name AND r.kind IN ('Depends', 'Pre-Depends')"
      " ORDER BY r.kind, r.slot, r.alternative" },
    { "What needs dpkg? The largest first.",
      "SELECT p.name FROM cupel_package p WHERE p.id IN"
      " (SELECT package_id FROM cupel_relation"
      "  WHERE target = :name AND kind IN ('Depends', 'Pre-Depends'))"
      " ORDER BY p.size_kib DESC, p.name" },
    { "How many packages would go with dpkg?",
      "WITH RECURSIVE gone (name) AS (SELECT CAST(:name AS text) UNION"
      " SELECT p.name FROM gone g JOIN cupel_relation r ON r.target = g.name"
      " JOIN cupel_package p ON p.id = r.package_id"
      " WHERE r.kind IN ('Depends', 'Pre-Depends'))"
      " SELECT count(*) - 1 FROM gone" },
    { "Which descriptions mention dpkg?",
      "SELECT p.name, d.summary FROM cupel_package p"
      " JOIN cupel_description d ON d.package_id = p.id"
      " WHERE lower(d.body) LIKE '%' || CAST(:name AS text) || '%'"
      " ORDER BY p.name" },
    { "Which packages are the largest (KiB)?",
      "SELECT name, size_kib FROM cupel_package"
      " ORDER BY size_kib DESC, name LIMIT 10" },
    { "Which sections have most packages, and how large are they (MiB)?",
      "SELECT section, count(*), CAST(sum(size_kib) AS bigint) / 1024"
      " FROM cupel_package GROUP BY section ORDER BY 2 DESC, 1" },
    { "Who maintains most?",
      "SELECT maintainer, count(*) FROM cupel_package"
      " GROUP BY maintainer ORDER BY 2 DESC, 1 LIMIT 5" },
    { "What is suggested by most and not installed?",
      "SELECT r.target, count(*) FROM cupel_relation r"
      " WHERE r.kind = 'Suggests' AND NOT EXISTS"
      " (SELECT 1 FROM cupel_package p WHERE p.name = r.target)"
      " GROUP BY r.target ORDER BY 2 DESC, 1" },
};

enum { KINDS = sizeof questions / sizeof *questions };

/* What the tasks share. They take turns on one thread: nothing to lock. */
struct survey {
    struct program *program;
    size_t next; /* the question that nobody has taken yet */
    size_t rows; /* in all answers */
    char first_answers[KINDS][ANSWER_SIZE];
};

/* Add a row to an answer that is to be printed: "a 1, b 2". */
static void
write_row(char *answer, const cupel_row *row)
{
    const char *between = answer[0] == '\0' ? "" : ", ";
    size_t column, len;

    for (column = 0; column < cupel_row_len(row); column++) {
        if (cupel_row_is_null(row, column))
            continue;
        len = strlen(answer);
        snprintf(answer + len, ANSWER_SIZE - len, "%s", between);
        len = strlen(answer);
        cupel_row_format(row, column, answer + len, ANSWER_SIZE - len);
        between = " ";
    }
}

/* Yields. */
static cupel_status
read_answer(struct survey *survey, size_t number, cupel_result *result)
{
    const cupel_row *row;
    cupel_status rc;
    size_t rows = 0;

    while ((rc = cupel_result_next(&result, &row)) == CUPEL_ROW) {
        if (number < KINDS && rows < 3)
            write_row(survey->first_answers[number], row);
        rows++;
    }
    survey->rows += rows;
    return rc;
}

/* Yields. */
static cupel_status
ask(struct survey *survey, size_t number)
{
    const struct dpkg *dpkg = &survey->program->dpkg;
    const char *name = dpkg->packages[number % dpkg->package_count].name;
    cupel_connection *conn;
    cupel_result *result;
    cupel_status rc;

    if (number < KINDS)
        name = "dpkg";
    rc = cupel_engine_connect(survey->program->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_connection_execute(
        conn, CUPEL_TEXT(questions[number % KINDS].sql),
        CUPEL_PARAMS({ "name", cupel_string(name) }), NULL, &result);
    if (rc == CUPEL_OK)
        rc = read_answer(survey, number, result);
    return cupel_connection_exit(conn, rc);
}

/* One of the tasks. Yields. */
static cupel_status
ask_on(void *arg)
{
    struct survey *survey = arg;
    cupel_status rc = CUPEL_OK;

    while (rc == CUPEL_OK && survey->next < QUESTIONS) {
        rc = ask(survey, survey->next++);
        progress("asking", ++survey->program->answers, QUESTIONS);
    }
    return rc;
}

cupel_status
ask_questions(struct program *program)
{
    struct survey survey = { .program = program };
    cupel_group *group = cupel_group_new();
    cupel_status rc = CUPEL_OK, waited;
    size_t i;

    for (i = 0; i < TASKS && rc == CUPEL_OK; i++)
        rc = cupel_group_spawn(group, ask_on, &survey);
    waited = cupel_group_wait(group);
    if (rc != CUPEL_OK || waited != CUPEL_OK)
        return rc != CUPEL_OK ? rc : waited;
    for (i = 0; i < KINDS; i++)
        printf("%s\n    %s\n", questions[i].title, survey.first_answers[i]);
    printf("%d questions from %d tasks: %zu rows\n", QUESTIONS, TASKS,
           survey.rows);
    return CUPEL_OK;
}
