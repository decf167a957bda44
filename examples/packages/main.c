/* SPDX-License-Identifier: MIT */
/* packages [URL [STATUS-FILE]]: put this machine's package database into a real
 * one and ask about it. Without a URL that is a SQLite file.
 *
 * Everything from run() on is in a task: it reads like blocking code, and where
 * it waits for the database, other tasks go on. dpkg.c reads the file, load.c
 * fills three tables, questions.c asks a thousand questions from a hundred
 * tasks; a stream and a savepoint are here. */
#include "packages.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void
progress(const char *what, size_t done, size_t total)
{
    if (isatty(STDERR_FILENO) != 1)
        return;
    fprintf(stderr, "\r\033[K");
    if (done < total)
        fprintf(stderr, "%s: %zu of %zu", what, done, total);
}

/* Read a join row by row, never holding more than a batch of it. Yields. */
static cupel_status
stream_join(cupel_connection *conn, void *arg)
{
    const char *sql = "SELECT p.name, r.kind, r.target, d.body"
                      " FROM cupel_package p"
                      " JOIN cupel_relation r ON r.package_id = p.id"
                      " JOIN cupel_description d ON d.package_id = p.id"
                      " ORDER BY p.name, r.kind, r.slot, r.alternative";
    size_t rows = 0, bytes = 0;
    cupel_result *result;
    const cupel_row *row;
    cupel_status rc;

    (void)arg;
    rc = cupel_connection_stream(conn, CUPEL_TEXT(sql), NULL,
                                 CUPEL_WITH({ "yield_per", cupel_int(100) }),
                                 &result);
    if (rc != CUPEL_OK)
        return rc;
    for (; (rc = cupel_result_next(&result, &row)) == CUPEL_ROW; rows++)
        bytes += cupel_row_text(row, 3).len;
    printf("Streamed %zu joined rows with %zu KiB of text, 100 at a time\n",
           rows, bytes / 1024);
    return rc;
}

/* Yields. */
static cupel_status
count(cupel_connection *conn, int64_t *out)
{
    cupel_value value;
    cupel_status rc;

    rc = cupel_connection_scalar(
        conn, CUPEL_TEXT("SELECT count(*) FROM cupel_relation"), NULL, NULL,
        &value);
    *out = value.as.integer;
    return rc;
}

/* Delete inside a savepoint and roll that back. Yields. */
static cupel_status
delete_in_vain(cupel_connection *conn, int64_t *left)
{
    cupel_transaction *savepoint;
    cupel_status rc;

    rc = cupel_connection_begin_nested(conn, &savepoint);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_connection_execute(
        conn, CUPEL_TEXT("DELETE FROM cupel_relation WHERE kind = :kind"),
        CUPEL_PARAMS({ "kind", cupel_string("Suggests") }), NULL, NULL);
    if (rc == CUPEL_OK)
        rc = count(conn, left);
    if (rc == CUPEL_OK)
        rc = cupel_transaction_rollback(savepoint);
    return cupel_transaction_exit(savepoint, rc);
}

/* The work of a transaction. Yields. */
static cupel_status
try_savepoint(cupel_connection *conn, void *arg)
{
    int64_t before = 0, between = 0, after = 0;
    cupel_status rc;

    (void)arg;
    rc = count(conn, &before);
    if (rc == CUPEL_OK)
        rc = delete_in_vain(conn, &between);
    if (rc == CUPEL_OK)
        rc = count(conn, &after);
    if (rc == CUPEL_OK)
        printf("Relations: %lld; with the suggestions deleted: %lld; with the "
               "savepoint rolled back: %lld\n",
               (long long)before, (long long)between, (long long)after);
    return rc;
}

static void
print_summary(struct program *program, cupel_time load_ms, cupel_time ask_ms)
{
    cupel_pool_status pool = { .struct_size = sizeof pool };

    cupel_engine_pool_status(program->engine, &pool);
    printf("\n%s\n", cupel_engine_url(program->engine));
    printf("%zu rows loaded in %lld ms, in one transaction\n", program->rows,
           (long long)load_ms);
    printf("%zu questions answered in %lld ms: %.0f a second\n",
           program->answers, (long long)ask_ms,
           (double)program->answers * 1000.0 / (double)(ask_ms + 1));
    printf("%llu connections opened, lent %llu times, %llu waits too long\n",
           (unsigned long long)pool.connects,
           (unsigned long long)pool.checkouts,
           (unsigned long long)pool.timeouts);
}

/* The program, once there is an engine. Yields. */
static cupel_status
run_on(struct program *program)
{
    cupel_time start = cupel_now(), loaded, asked;
    cupel_status rc;

    rc = load(program);
    loaded = cupel_now();
    if (rc == CUPEL_OK)
        rc = ask_questions(program);
    asked = cupel_now();
    if (rc == CUPEL_OK)
        rc = cupel_engine_begin(program->engine, stream_join, NULL);
    if (rc == CUPEL_OK)
        rc = cupel_engine_begin(program->engine, try_savepoint, NULL);
    if (rc == CUPEL_OK)
        print_summary(program, loaded - start, asked - loaded);
    return rc;
}

/* The first task. Yields. */
static cupel_status
run(void *arg)
{
    struct program *program = arg;
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_status rc;

    options.pool_size = 8;
    options.max_overflow = CUPEL_ZERO;
    rc = cupel_engine_create_async(program->url, &options, &program->engine);
    if (rc == CUPEL_OK)
        rc = run_on(program);
    progress("", 0, 0); /* takes away what a failure left there */
    if (rc != CUPEL_OK)
        fprintf(stderr, "packages: %s: %s\n", cupel_status_class(rc),
                cupel_error_text());
    cupel_engine_close(program->engine);
    return rc;
}

/* The url of a SQLite file of ours. */
static const char *
file_url(void)
{
    const char *folder = getenv("TMPDIR");
    static char url[512];

    snprintf(url, sizeof url, "sqlite:///%s/packages.db",
             folder == NULL ? "/tmp" : folder);
    return url;
}

int
main(int argc, char **argv)
{
    struct program program = { .url = NULL };
    cupel_status rc = CUPEL_E_VALUE;

    if (argc > 3 || (argc > 1 && argv[1][0] == '-')) {
        fputs("usage: packages [URL [STATUS-FILE]]\n", stderr);
        return EXIT_FAILURE;
    }
    program.url = argc > 1 ? argv[1] : file_url();
    if (dpkg_read(argc > 2 ? argv[2] : "/var/lib/dpkg/status", &program.dpkg))
        rc = cupel_run(run, &program);
    dpkg_free(&program.dpkg);
    return rc == CUPEL_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
