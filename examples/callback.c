/* SPDX-License-Identifier: MIT */
/* The second program of README.md: the same on a libuv loop of the caller's. */
#include <cupel/cupel.h>
#include <stdio.h>
#include <uv.h>

struct request {
    cupel_async_engine *engine;
    cupel_value sum;
};

/* Runs in a task on the loop; uv's other handles go on meanwhile. */
static cupel_status
add(cupel_async_connection *conn, void *arg)
{
    struct request *request = arg;

    return cupel_await(cupel_async_connection_scalar(
        conn, CUPEL_TEXT("SELECT :a + :b"),
        CUPEL_PARAMS({ "a", cupel_int(40) }, { "b", cupel_int(2) }), NULL,
        &request->sum));
}

static void
on_added(cupel_status status, const cupel_error *error, void *arg)
{
    struct request *request = arg;

    if (status == CUPEL_OK)
        printf("%lld\n", (long long)request->sum.as.integer);
    else
        fprintf(stderr, "%s\n", cupel_error_message(error));
    cupel_future_then(cupel_async_engine_close(request->engine), NULL, NULL);
}

int
main(void)
{
    struct request request;
    cupel_loop *loop;

    if (cupel_loop_new_on(uv_default_loop(), &loop) != CUPEL_OK ||
        cupel_create_async_engine("sqlite://", NULL, &request.engine) !=
            CUPEL_OK) {
        fprintf(stderr, "%s\n", cupel_error_text());
        return 1;
    }
    cupel_future_then(cupel_async_engine_begin(request.engine, add, &request),
                      on_added, &request);
    uv_run(uv_default_loop(), UV_RUN_DEFAULT);
    return cupel_loop_free(loop) == CUPEL_OK ? 0 : 1;
}
