/* SPDX-License-Identifier: MIT */
/* The first program of README.md. */
#include <cupel/cupel.h>
#include <stdio.h>

static cupel_status
add(cupel_connection *conn, void *arg)
{
    cupel_result *result;
    const cupel_row *row;
    cupel_status rc;

    (void)arg;
    rc = cupel_connection_execute(conn, CUPEL_TEXT("SELECT 40 + :n"),
                                  CUPEL_PARAMS({ "n", cupel_int(2) }), NULL,
                                  &result);
    if (rc != CUPEL_OK)
        return rc;
    while ((rc = cupel_result_next(&result, &row)) == CUPEL_ROW)
        printf("%lld\n", (long long)cupel_row_int(row, 0));
    return rc;
}

static cupel_status
main_task(void *arg)
{
    cupel_engine *engine;
    cupel_status rc = cupel_engine_create_async("sqlite://", NULL, &engine);

    if (rc == CUPEL_OK)
        rc = cupel_engine_begin(engine, add, arg); /* and commit, and close */
    if (rc != CUPEL_OK)
        fprintf(stderr, "%s\n", cupel_error_text());
    cupel_engine_close(engine);
    return rc;
}

int
main(void)
{
    return cupel_run(main_task, NULL) == CUPEL_OK ? 0 : 1;
}
