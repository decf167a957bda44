/* SPDX-License-Identifier: MIT */
#include "unit/dialect/fake_support.h"

static void
fill(cupel_wire *wire, int count)
{
    cupel_value number;

    CHECK_OK(fake_run(wire, "CREATE TABLE t (a INT)"));
    for (int i = 0; i < count; i++) {
        number = cupel_int(i);
        CHECK_OK(
            fake_execute(wire, "INSERT INTO t VALUES (?)", &number, 1, NULL));
    }
}

static cupel_rows *
stream(cupel_wire *wire, size_t first, size_t max)
{
    cupel_request request = { .sql = "SELECT a FROM t",
                              .sql_len = 15,
                              .set_count = 1,
                              .fetch_first = first,
                              .fetch_max = max };
    cupel_rows *rows;

    CHECK_OK(fake->execute(wire, &request, CUPEL_FOREVER, &rows));
    return rows;
}

FAKE_TEST(batches_grow_fivefold_up_to_the_largest)
{
    static const size_t sizes[] = { 2, 10, 20, 20, 8, 0 };
    cupel_rows *rows;

    fill(wire, 60);
    rows = stream(wire, 2, 20);
    for (size_t i = 0; i < 6; i++) {
        CHECK_INT(rows->row_count, sizes[i]);
        CHECK(rows->more == (i < 4));
        CHECK_OK(rows->ops->fetch(rows, CUPEL_FOREVER));
    }
    rows->ops->free(rows);
    CHECK_INT(fake->state(wire), CUPEL_WIRE_IDLE);
}

FAKE_TEST(the_batches_to_come_take_the_size_they_are_given)
{
    cupel_rows *rows;

    fill(wire, 20);
    rows = stream(wire, 1, 1000);
    rows->ops->set_batch(rows, 7);
    CHECK_OK(rows->ops->fetch(rows, CUPEL_FOREVER));
    CHECK_INT(rows->row_count, 7);
    CHECK_OK(rows->ops->fetch(rows, CUPEL_FOREVER));
    CHECK_INT(rows->row_count, 7);
    CHECK_OK(rows->ops->fetch(rows, CUPEL_FOREVER));
    CHECK_INT(rows->row_count, 5);
    rows->ops->free(rows);
}

FAKE_TEST(batches_of_one_size_end_with_an_empty_one)
{
    cupel_rows *rows;

    fill(wire, 6);
    rows = stream(wire, 3, 3);
    CHECK_STR(fake_text(rows), "0;1;2");
    CHECK_OK(rows->ops->fetch(rows, CUPEL_FOREVER));
    CHECK_STR(fake_text(rows), "3;4;5");
    CHECK(rows->more);
    CHECK_OK(rows->ops->fetch(rows, CUPEL_FOREVER));
    CHECK_INT(rows->row_count, 0);
    CHECK(!rows->more);
    rows->ops->free(rows);
}

FAKE_TEST(an_open_stream_keeps_its_wire_busy_until_it_is_closed)
{
    cupel_rows *rows;

    fill(wire, 6);
    rows = stream(wire, 3, 3);
    CHECK_INT(fake->state(wire), CUPEL_WIRE_BUSY);
    CHECK_OK(rows->ops->close(rows, CUPEL_FOREVER));
    CHECK_INT(fake->state(wire), CUPEL_WIRE_IDLE);
    CHECK_OK(rows->ops->close(rows, CUPEL_FOREVER));
    CHECK_INT(cup_fake_calls(CUP_FAKE_CLOSE_ROWS), 1);
    rows->ops->free(rows);
}

FAKE_TEST(a_stream_that_was_only_freed_leaves_its_wire_busy)
{
    cupel_rows *rows;

    fill(wire, 6);
    rows = stream(wire, 3, 3);
    rows->ops->free(rows);
    CHECK_INT(fake->state(wire), CUPEL_WIRE_BUSY);
    CHECK_OK(fake->cancel(wire, CUPEL_FOREVER));
    CHECK_INT(fake->state(wire), CUPEL_WIRE_IDLE);
}

FAKE_TEST(a_stream_ends_with_its_transaction)
{
    cupel_rows *rows;

    fill(wire, 6);
    CHECK_OK(fake_run(wire, "BEGIN"));
    rows = stream(wire, 3, 3);
    CHECK_INT(fake->state(wire), CUPEL_WIRE_IN_TRANSACTION);
    CHECK_OK(fake->rollback(wire, CUPEL_FOREVER));
    CHECK_SQLSTATE(rows->ops->fetch(rows, CUPEL_FOREVER), CUPEL_E_OPERATIONAL,
                   "34000");
    CHECK_OK(rows->ops->close(rows, CUPEL_FOREVER));
    rows->ops->free(rows);
}

TEST(rows_outlive_their_wire)
{
    cupel_wire *wire;
    cupel_rows *buffered, *streamed;

    cup_fake_reset();
    wire = fake_open("fake://test");
    fill(wire, 6);
    CHECK_OK(fake_execute(wire, "SELECT a FROM t", NULL, 0, &buffered));
    streamed = stream(wire, 2, 2);
    fake->free(wire);
    CHECK_STR(fake_text(buffered), "0;1;2;3;4;5");
    CHECK_STR(fake_text(streamed), "0;1");
    CHECK_FAILS(streamed->ops->fetch(streamed, CUPEL_FOREVER),
                CUPEL_E_OPERATIONAL);
    CHECK_OK(streamed->ops->close(streamed, CUPEL_FOREVER));
    buffered->ops->free(buffered);
    streamed->ops->free(streamed);
    buffered = NULL;
    cup_fake_reset();
}

FAKE_TEST(a_stream_without_rows_has_ended)
{
    cupel_rows *rows;

    fill(wire, 0);
    rows = stream(wire, 5, 5);
    CHECK_INT(rows->row_count, 0);
    CHECK_INT(rows->column_count, 1);
    CHECK(!rows->more);
    rows->ops->free(rows);
    CHECK_INT(fake->state(wire), CUPEL_WIRE_IDLE);
}

FAKE_TEST(a_lost_fetch_breaks_the_wire)
{
    cupel_rows *rows;

    fill(wire, 6);
    rows = stream(wire, 2, 2);
    cup_fake_fault(&(struct cup_fake_fault){ .op = CUP_FAKE_FETCH,
                                             .kind = CUP_FAKE_HANG_UP });
    CHECK_FAILS(rows->ops->fetch(rows, CUPEL_FOREVER), CUPEL_E_OPERATIONAL);
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    CHECK_INT(fake->state(wire), CUPEL_WIRE_BROKEN);
    CHECK_OK(rows->ops->close(rows, CUPEL_FOREVER));
    rows->ops->free(rows);
}
