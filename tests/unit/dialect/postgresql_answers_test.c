/* SPDX-License-Identifier: MIT */
/* The queue of answers: with servers that answer what they should, in any size
 * and piecemeal, and with servers that do not. */
#include "postgresql_fake_server.h"

/* ---- Good servers ---------------------------------------------------- */

static cupel_status
fetch_sizes(void *arg)
{
    cupel_wire *wire = arg;
    int64_t size;

    for (size = 500; size < 33000; size += 1900) {
        const cupel_value values[] = { cupel_int(size), cupel_int(20) };
        cupel_rows *rows =
            pg_rows(wire, "select repeat('x', $1) from generate_series(1, $2)",
                    values, 2);

        CHECK_INT(rows->row_count, 20);
        CHECK_INT(pg_cell(rows, 19, 0).as.bytes.len, size);
        pg_free(rows);
    }
    return CUPEL_OK;
}

/* Trap 1: libpq reads until its buffer is full, not until the socket is empty,
 * so a watch that tells of edges would leave the rest there for ever. */
TASK_TEST(rows_of_any_size_never_stall)
{
    enum { COUNT = 8 };
    cupel_future *futures[COUNT];
    cupel_wire *wires[COUNT];
    int i;

    for (i = 0; i < COUNT; i++) {
        wires[i] = pg_wire();
        futures[i] = cupel_future_call(fetch_sizes, wires[i]);
        CHECK_OK(cupel_future_spawn(futures[i]));
    }
    for (i = 0; i < COUNT; i++) {
        CHECK_OK(cupel_await(futures[i]));
        PG->close(wires[i], PG_SOON);
    }
}

/* A record holds more than libpq takes at once, and the socket says nothing
 * of the rest. */
TASK_TEST(what_tls_has_decrypted_is_never_waited_for)
{
    cupel_wire *wire;
    int64_t size;

    CHECK_OK(pg_connect_url(test_env("CUPEL_TEST_PG_TCP_URL"), &wire));
    CHECK(cup_pg_wire(wire)->tls);
    for (size = 1; size < 70000; size += 61) {
        const cupel_value value = cupel_int(size);
        cupel_rows *rows = pg_rows(wire, "select repeat('x', $1)", &value, 1);

        CHECK_INT(pg_cell(rows, 0, 0).as.bytes.len, size);
        pg_free(rows);
    }
    PG->close(wire, PG_SOON);
}

TASK_TEST(bytes_may_come_one_by_one)
{
    struct proxy proxy;
    cupel_wire *wire;
    cupel_rows *rows;

    proxy_start(&proxy, "", PROXY_NONE);
    proxy.slice = true;
    wire = proxy_wire(&proxy);
    rows = pg_rows(wire,
                   "select i, i::text, array[i] from "
                   "generate_series(1, 50) i",
                   NULL, 0);
    CHECK_INT(rows->row_count, 50);
    CHECK_INT(pg_cell(rows, 49, 2).as.array.items[0].as.integer, 50);
    pg_free(rows);
    CHECK_FAILS(pg_run(wire, "nonsense"), CUPEL_E_PROGRAMMING);
    PG->close(wire, PG_SOON);
    proxy_stop(&proxy);
}

TASK_TEST(notices_disturb_nothing)
{
    cupel_wire *wire = pg_wire();

    CHECK_OK(pg_run(wire, "do $$ begin for i in 1..1000 loop raise notice "
                          "'%', i; end loop; end $$"));
    CHECK_INT(pg_int(wire, "select 1"), 1);
    PG->close(wire, PG_SOON);
}

/* ---- The queue itself ------------------------------------------------- */

TEST(answers_of_one_kind_for_one_call_share_an_entry)
{
    struct cup_pg_wire wire = { 0 };
    struct cup_pg_call one = { 0 }, two = { 0 };
    int i;

    for (i = 0; i < 100; i++) {
        CHECK_OK(cup_pg_answers_reserve(&wire.answers));
        cup_pg_expect(&wire, CUP_PG_ROWS, &one);
    }
    CHECK_INT(wire.answers.count, 1);
    CHECK_INT(one.pending, 100);
    for (i = 0; i < 100; i++) {
        CHECK_OK(cup_pg_answers_reserve(&wire.answers));
        cup_pg_expect(&wire, CUP_PG_SYNC, i % 2 ? &one : &two);
    }
    CHECK_INT(wire.answers.count, 101);
    CHECK(!cup_pg_answers_orphaned(&wire.answers));
    cup_pg_leave(&wire, &one);
    CHECK_INT(one.pending, 0);
    CHECK_INT(two.pending, 50);
    CHECK(cup_pg_answers_orphaned(&wire.answers));
    cup_pg_answers_fini(&wire.answers);
}

/* ---- Bad servers ----------------------------------------------------- */

/* Whatever this server does, the statement fails and the wire is given up. */
static void
check_lost(struct fake_server *server)
{
    cupel_wire *wire = fake_wire(server);

    CHECK_FAILS(pg_run(wire, "select 1"), CUPEL_E_OPERATIONAL);
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    CHECK_STATE(wire, CUPEL_WIRE_BROKEN);
    PG->close(wire, PG_SOON);
    fake_stop(server);
}

TASK_TEST(garbage_ends_the_wire)
{
    static const char garbage[] = "\xff\xff\xff\xff\xff\xff\xff\xff garbage";
    struct fake_server server;

    fake_init(&server);
    fake_next(&server);
    fake_raw(&server, garbage, sizeof garbage);
    check_lost(&server);
}

TASK_TEST(a_row_of_negative_length_ends_the_wire)
{
    struct fake_server server;

    fake_init(&server);
    fake_described(&server, 23);
    fake_bound(&server, 23, 1);
    fake_raw(&server, "D\xff\xff\xff\xf0\0\1", 7);
    fake_complete(&server, "SELECT 1");
    check_lost(&server);
}

TASK_TEST(a_row_with_more_cells_than_columns_ends_the_wire)
{
    struct fake_server server;

    fake_init(&server);
    fake_described(&server, 23);
    fake_bound(&server, 23, 1);
    fake_message(&server, 'D', "\0\2\0\0\0\1x\0\0\0\1x", 12);
    fake_complete(&server, "SELECT 1");
    check_lost(&server);
}

TASK_TEST(an_answer_that_is_missing_ends_the_wire)
{
    struct fake_server server;

    fake_init(&server);
    fake_next(&server);
    fake_message(&server, 'Z', "I", 1); /* neither parsed nor described */
    check_lost(&server);

    fake_init(&server);
    fake_described(&server, 23);
    fake_next(&server);
    fake_message(&server, 'Z', "I", 1);
    check_lost(&server);
}

TASK_TEST(a_description_that_is_missing_ends_the_wire)
{
    struct fake_server server;

    fake_init(&server);
    fake_next(&server);
    fake_message(&server, '1', "", 0);
    fake_message(&server, 'Z', "I", 1);
    check_lost(&server);
}

static cupel_status
run_shortly(cupel_wire *wire, const char *sql)
{
    cupel_request request = pg_request(sql, NULL, 0);
    cupel_rows *rows;
    cupel_status rc =
        PG->execute(wire, &request, cupel_deadline_in(200), &rows);

    if (rc == CUPEL_OK)
        pg_free(rows);
    return rc;
}

TASK_TEST(an_endless_answer_ends_at_the_deadline)
{
    static const char notice[] = "SNOTICE\0VNOTICE\0C00000\0Mtalk\0";
    struct fake_server server;
    cupel_time start;
    cupel_wire *wire;
    int i;

    fake_init(&server);
    fake_next(&server);
    for (i = 0; i < 1000; i++)
        fake_message(&server, 'N', notice, sizeof notice);
    server.repeat_last = true;
    wire = fake_wire(&server);
    start = cupel_now();
    CHECK_FAILS(run_shortly(wire, "select 1"), CUPEL_E_TIMEOUT);
    CHECK(cupel_now() - start < 2000);
    PG->close(wire, PG_SOON);
    fake_stop(&server);
}

/* Rows without an end, each of them good. */
TASK_TEST(a_huge_length_is_waited_for_until_the_deadline)
{
    struct fake_server server;
    cupel_wire *wire;

    fake_init(&server);
    fake_described(&server, 23);
    fake_bound(&server, 23, 1);
    fake_raw(&server, "D\x3f\xff\xff\xf0\0\1\0\0\0\4", 11);
    wire = fake_wire(&server);
    CHECK_FAILS(run_shortly(wire, "select 1"), CUPEL_E_TIMEOUT);
    CHECK_STATE(wire, CUPEL_WIRE_BUSY);
    PG->close(wire, PG_SOON);
    fake_stop(&server);
}

TASK_TEST(words_that_answer_nothing_poison_the_wire)
{
    struct fake_server server;
    cupel_wire *wire;

    fake_init(&server);
    fake_cell(&server, 23, "\0\0\0\7", 4);
    fake_message(&server, 'Z', "I", 1); /* once too often */
    wire = fake_wire(&server);
    CHECK_INT(pg_int(wire, "select 7"), 7);
    while (PG->alive(wire)) /* until it comes */
        cup_pg_wire(wire)->quiet_since -= 1000;
    CHECK_STATE(wire, CUPEL_WIRE_BROKEN);
    CHECK_FAILS(pg_run(wire, "select 7"), CUPEL_E_OPERATIONAL);
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "08P01");
    PG->close(wire, PG_SOON);
    fake_stop(&server);
}

TASK_TEST(an_error_without_a_sqlstate_is_an_error)
{
    static const char error[] = "SERROR\0VERROR\0Mno reason\0";
    struct fake_server server;
    cupel_wire *wire;

    fake_init(&server);
    fake_next(&server);
    fake_message(&server, 'E', error, sizeof error);
    fake_message(&server, 'Z', "I", 1);
    wire = fake_wire(&server);
    CHECK_FAILS(pg_run(wire, "select 1"), CUPEL_E_DATABASE);
    CHECK_STR(cupel_error_text(), "no reason");
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    PG->close(wire, PG_SOON);
    fake_stop(&server);
}

static void
check_bad_cell(uint32_t oid, const void *cell, size_t len)
{
    struct fake_server server;
    cupel_wire *wire;
    cupel_rows *rows;
    cupel_value value;

    fake_init(&server);
    fake_cell(&server, oid, cell, len);
    wire = fake_wire(&server);
    rows = pg_rows(wire, "select 1", NULL, 0);
    CHECK_FAILS(rows->ops->cell(rows, 0, 0, &value), CUPEL_E_DATA);
    pg_free(rows);
    PG->close(wire, PG_SOON);
    fake_stop(&server);
}

TASK_TEST(a_malformed_cell_is_an_error_of_that_cell)
{
    check_bad_cell(23, "\0\0\1", 3);
    check_bad_cell(16, "", 0);
    check_bad_cell(2950, "short", 5);
    check_bad_cell(1007, "\0\0\0\1\0\0\0\0\0\0\0\x17\x7f\xff\xff\xff\0\0\0\1",
                   20);
    check_bad_cell(1700, "\x7f\xff\x7f\xff\0\0\0\0", 8);
}

/* The tag of an answer changes what this side remembers; that must not pull the
 * ground from under the statement that is running. */
TASK_TEST(a_lying_tag_does_no_harm)
{
    struct fake_server server;
    cupel_wire *wire;

    fake_init(&server);
    fake_described(&server, 23);
    fake_bound(&server, 23, 1);
    fake_row(&server, "\0\0\0\7", 4);
    fake_complete(&server, "DISCARD ALL");
    wire = fake_wire(&server);
    CHECK_INT(pg_int(wire, "select 7"), 7);
    PG->close(wire, PG_SOON);
    fake_stop(&server);
}

/* One session, cut off after each of its bytes in turn. */
TASK_TEST(a_server_may_break_off_anywhere)
{
    struct fake_server whole, server;
    size_t part, len;
    cupel_wire *wire;
    char url[128];

    fake_init(&whole);
    fake_cell(&whole, 23, "\0\0\0\7", 4);
    for (part = 0; part < whole.part_count; part++) {
        for (len = 0; len < whole.parts[part].len; len++) {
            server = whole;
            server.part_count = part + 1;
            server.parts[part].len = len;
            server.hang_up = true;
            fake_start(&server);
            snprintf(url, sizeof url,
                     "postgresql://u@127.0.0.1:%d/d?sslmode=disable",
                     server.port);
            if (pg_connect_url(url, &wire) == CUPEL_OK)
                CHECK_FAILS(pg_run(wire, "select 7"), CUPEL_E_OPERATIONAL);
            CHECK(cupel_error_connection_lost(cupel_error_last()));
            PG->free(wire);
            fake_end(&server);
        }
    }
    for (part = 0; part < whole.part_count; part++)
        cup_buf_fini(&whole.parts[part]);
}
