/* SPDX-License-Identifier: MIT */
#include "unit/dialect/fake_support.h"

#include <stdio.h>

FAKE_TEST(the_trace_has_every_call_in_order)
{
    cupel_request request = {
        .sql = "SELECT 1", .sql_len = 8, .set_count = 1, .begin = "BEGIN"
    };
    cupel_wire *other = fake_open("fake://test");
    cupel_rows *rows;

    CHECK_OK(fake->rollback(wire, CUPEL_FOREVER));
    CHECK_OK(fake->execute(wire, &request, CUPEL_FOREVER, &rows));
    rows->ops->free(rows);
    cup_fake_trace_note("an event");
    CHECK_OK(fake->commit(wire, CUPEL_FOREVER));
    fake->close(other, CUPEL_FOREVER);
    fake->free(fake_open("fake://test"));
    CHECK_STR(cup_fake_trace_text(),
              "connect; connect; rollback; begin; execute SELECT 1; an event; "
              "commit; close; connect; free");
    CHECK_INT(cup_fake_trace_count(), 10);
    CHECK_INT(cup_fake_trace_wire(0), 1);
    CHECK_INT(cup_fake_trace_wire(1), 2);
    CHECK_INT(cup_fake_trace_wire(4), 1);
    CHECK_INT(cup_fake_trace_wire(5), 0);
    CHECK_INT(cup_fake_trace_wire(7), 2);
    CHECK_INT(cup_fake_trace_wire(9), 3);
    CHECK_INT(cup_fake_calls(CUP_FAKE_ROLLBACK), 0);
    cup_fake_trace_clear();
    CHECK_STR(cup_fake_trace_text(), "");
    CHECK(cup_fake_trace(0) == NULL);
}

FAKE_TEST(the_trace_has_streams_batch_by_batch)
{
    cupel_request request = { .sql = "SELECT 1",
                              .sql_len = 8,
                              .set_count = 1,
                              .fetch_first = 1,
                              .fetch_max = 1 };
    cupel_rows *rows;

    cup_fake_trace_clear();
    CHECK_OK(fake->execute(wire, &request, CUPEL_FOREVER, &rows));
    CHECK_OK(rows->ops->fetch(rows, CUPEL_FOREVER));
    CHECK_OK(rows->ops->close(rows, CUPEL_FOREVER));
    rows->ops->free(rows);
    CHECK_OK(fake->cancel(wire, CUPEL_FOREVER));
    CHECK_STR(cup_fake_trace_text(), "execute SELECT 1; fetch; cancel");
}

FAKE_TEST(the_trace_keeps_the_newest_and_cuts_long_lines)
{
    char text[600] = "";

    (void)wire;
    for (int i = 0; i < 299; i++)
        cup_fake_trace_note(i == 44 ? "note 44" : "note");
    memset(text, 'x', sizeof text - 1);
    cup_fake_trace_note(text);
    CHECK_INT(cup_fake_trace_count(), 301);
    CHECK(cup_fake_trace(44) == NULL);
    CHECK_STR(cup_fake_trace(45), "note 44");
    CHECK_INT(strlen(cup_fake_trace(300)), 255);
    CHECK(strstr(cup_fake_trace_text(), "note 44; note") != NULL);
}
