/* SPDX-License-Identifier: MIT */
/* A table of numbers on the fake database, and results over it. */
#include "support/numbers.h"

#include <stdlib.h>

static const char select_all[] = "SELECT id, name FROM item ORDER BY id";

void
numbers_open(struct numbers *numbers, int64_t count)
{
    cupel_param *items = calloc((size_t)count + 1, sizeof *items);
    const cupel_params params = { items, 1, (size_t)count };
    int64_t i;

    CHECK(items != NULL);
    numbers->engine = fake_engine();
    numbers->conn = connect_with_items(numbers->engine);
    for (i = 0; i < count; i++)
        items[i] = (cupel_param){ "id", cupel_int(i + 1) };
    if (count > 0)
        CHECK_OK(cupel_connection_execute(
            numbers->conn, CUPEL_TEXT("INSERT INTO item VALUES (:id, 'n')"),
            &params, NULL, NULL));
    CHECK_OK(cupel_connection_commit(numbers->conn));
    free(items);
}

void
numbers_close(struct numbers *numbers)
{
    CHECK_OK(cupel_connection_exit(numbers->conn, CUPEL_OK));
    fake_engine_close(numbers->engine);
}

cupel_result *
numbers_buffered(struct numbers *numbers)
{
    cupel_result *result;

    CHECK_OK(cupel_connection_execute(numbers->conn, CUPEL_TEXT(select_all),
                                      NULL, NULL, &result));
    return result;
}

cupel_result *
numbers_stream(struct numbers *numbers, int64_t yield_per)
{
    cupel_result *result;

    CHECK_OK(cupel_connection_stream(
        numbers->conn, CUPEL_TEXT(select_all), NULL,
        CUPEL_WITH({ "yield_per", cupel_int(yield_per) }), &result));
    return result;
}
