/* SPDX-License-Identifier: MIT */
/* What the server says of itself. */
#include "postgresql_fake_server.h"

TASK_TEST(a_server_says_its_version_schema_and_level)
{
    cupel_server_info info = CUPEL_OPTIONS(cupel_server_info);
    cupel_wire *wire = pg_wire();

    CHECK_OK(PG->initialize(wire, PG_SOON, &info));
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    CHECK_INT(info.version[0] * 10000 + info.version[1],
              pg_int(wire, "select current_setting('server_version_num')::int"
                           ""));
    CHECK_INT(info.version[2], 0);
    CHECK_STR(info.schema, "public");
    CHECK_STR(info.isolation_level, "READ COMMITTED");
    PG->close(wire, PG_SOON);
}

TASK_TEST(the_level_is_the_sessions_default)
{
    cupel_server_info info = CUPEL_OPTIONS(cupel_server_info);
    cupel_wire *wire = pg_wire_with("&options=-c%20default_transaction_"
                                    "isolation%3Dserializable%20-c%20"
                                    "search_path%3Dnone");

    CHECK_OK(PG->initialize(wire, PG_SOON, &info));
    CHECK_STR(info.isolation_level, "SERIALIZABLE");
    CHECK_STR(info.schema, "");
    PG->close(wire, PG_SOON);
}

TASK_TEST(what_is_no_postgresql_is_refused)
{
    cupel_server_info info = CUPEL_OPTIONS(cupel_server_info);
    struct fake_server server;
    cupel_wire *wire;

    fake_init(&server);
    fake_next(&server);
    fake_message(&server, '1', "", 0);
    fake_message(&server, '2', "", 0);
    fake_columns(&server, 25, 0);
    fake_row(&server, "public", 6);
    fake_complete(&server, "SELECT 1");
    wire = fake_wire(&server);
    CHECK_FAILS(PG->initialize(wire, PG_SOON, &info), CUPEL_E_NOTSUPPORTED);
    CHECK_INT(info.version[0], 13);
    PG->close(wire, PG_SOON);
    fake_stop(&server);
}
