/* SPDX-License-Identifier: MIT */
/* Connecting: who is trusted, what is said when it fails, and that nobody is
 * held up by a server that is silent. */
#include "postgresql_proxy.h"

#include "dialect/postgresql/connect.h"

#include "task/offload.h"
#include "task/wait.h"

static const char *
tcp_url(const char *query)
{
    static char url[1024];

    snprintf(url, sizeof url, "%s?%s", test_env("CUPEL_TEST_PG_TCP_URL"),
             query);
    return url;
}

static void
check_refused(const char *url, const char *sqlstate)
{
    const cupel_error *error;
    cupel_wire *wire;

    CHECK_FAILS(pg_connect_url(url, &wire), CUPEL_E_OPERATIONAL);
    CHECK(wire == NULL);
    error = cupel_error_last();
    CHECK_STR(cupel_error_sqlstate(error), sqlstate);
    CHECK(cupel_error_connection_lost(error));
    CHECK(strstr(cupel_error_message(error), "w/rd") == NULL);
    CHECK(strchr(cupel_error_message(error), '\n') == NULL);
}

TASK_TEST(a_password_is_proved_by_scram)
{
    cupel_wire *wire;

    CHECK_OK(pg_connect_url(tcp_url("sslmode=disable"), &wire));
    CHECK_INT(PQsslInUse(cup_pg_wire(wire)->conn), 0);
    CHECK_INT(pg_int(wire, "select 1"), 1);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_loopback_server_may_use_tls)
{
    cupel_wire *wire;

    CHECK_OK(pg_connect_url(test_env("CUPEL_TEST_PG_TCP_URL"), &wire));
    CHECK_INT(PQsslInUse(cup_pg_wire(wire)->conn), 1);
    CHECK_INT(pg_int(wire, "select 1"), 1);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_server_proves_itself_by_its_certificate)
{
    char query[512];
    cupel_wire *wire;

    snprintf(query, sizeof query, "sslmode=verify-full&sslrootcert=%s",
             test_env("CUPEL_TEST_PG_CA"));
    CHECK_OK(pg_connect_url(tcp_url(query), &wire));
    CHECK_INT(PQsslInUse(cup_pg_wire(wire)->conn), 1);
    CHECK_INT(pg_int(wire, "select 1"), 1);
    PG->close(wire, PG_SOON);

    snprintf(query, sizeof query, "sslmode=verify-full&sslrootcert=%s",
             test_env("CUPEL_TEST_PG_WRONG_CA"));
    check_refused(tcp_url(query), "");
    CHECK(strstr(cupel_error_text(), "ertificate") != NULL);
    CHECK(strstr(cupel_error_text(), "the default") == NULL);
}

/* The superuser is trusted without a password, so there is none to bind. */
TASK_TEST(a_server_that_asks_for_no_password_cannot_bind_one)
{
    char url[512];
    cupel_wire *wire;

    snprintf(url, sizeof url,
             "postgresql://postgres@127.0.0.1:%s/cupel?sslmode=verify-full&"
             "sslrootcert=%s",
             test_env("CUPEL_TEST_PG_PORT"), test_env("CUPEL_TEST_PG_CA"));
    check_refused(url, "");
    CHECK(strstr(cupel_error_text(), "channel_binding=require") != NULL);
    strcat(url, "&channel_binding=prefer");
    CHECK_OK(pg_connect_url(url, &wire));
    PG->close(wire, PG_SOON);
}

/* The test server stands in for one elsewhere: only the name counts. */
TASK_TEST(beyond_this_machine_tls_is_verified_unless_the_url_says_otherwise)
{
    char url[512];
    cupel_wire *wire;

    snprintf(url, sizeof url,
             "postgresql://cupel:p%%40ss%%3Aw%%2Frd@db.example:%s/cupel"
             "?hostaddr=127.0.0.1",
             test_env("CUPEL_TEST_PG_PORT"));
    check_refused(url, "");
    CHECK(strstr(cupel_error_text(), "db.example") != NULL);
    CHECK(strstr(cupel_error_text(), "sslmode=verify-full") != NULL);
    strcat(url, "&sslmode=require");
    CHECK_OK(pg_connect_url(url, &wire));
    CHECK_INT(PQsslInUse(cup_pg_wire(wire)->conn), 1);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_refusal_has_its_sqlstate)
{
    cupel_wire *wire = pg_wire();
    char url[256];

    snprintf(url, sizeof url, "postgresql://cupel:w%%2Frd@127.0.0.1:%s/cupel",
             test_env("CUPEL_TEST_PG_PORT"));
    check_refused(url, "28P01");
    CHECK(strstr(cupel_error_text(), "password") != NULL);
    CHECK(!cupel_error_retry_safe(cupel_error_last()));
    snprintf(url, sizeof url, "postgresql://postgres@/nowhere?host=%s&port=%s",
             test_env("CUPEL_TEST_PG_SOCKET_DIR"),
             test_env("CUPEL_TEST_PG_PORT"));
    check_refused(url, "3D000");
    CHECK_OK(pg_run(wire, "drop role if exists crowd"));
    CHECK_OK(pg_run(wire, "create role crowd login connection limit 0"));
    snprintf(url, sizeof url, "postgresql://crowd@/cupel?host=%s&port=%s",
             test_env("CUPEL_TEST_PG_SOCKET_DIR"),
             test_env("CUPEL_TEST_PG_PORT"));
    check_refused(url, "53300");
    CHECK(cupel_error_retry_safe(cupel_error_last()));
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_host_without_a_server_refuses)
{
    char url[128];
    int port, listener = proxy_listen(&port);

    close(listener);
    snprintf(url, sizeof url, "postgresql://u@127.0.0.1:%d/d", port);
    check_refused(url, "");
    CHECK(strstr(cupel_error_text(), "127.0.0.1") != NULL);
    check_refused("postgresql://u@/d?host=/nowhere", "");
}

/* Trap 2: the first address refuses, the second one's socket has the same
 * number. */
TASK_TEST(a_new_socket_under_the_same_number_is_watched)
{
    char url[512];
    cupel_wire *wire;

    snprintf(url, sizeof url,
             "postgresql://postgres@localhost:%s/cupel?sslmode=disable"
             "&hostaddr=127.0.0.2,127.0.0.3,127.0.0.1",
             test_env("CUPEL_TEST_PG_PORT"));
    CHECK_OK(pg_connect_url(url, &wire));
    CHECK_INT(pg_int(wire, "select 1"), 1);
    PG->close(wire, PG_SOON);
}

/* And once more: TLS breaks off, and libpq tries without. */
TASK_TEST(a_second_try_without_tls_is_watched)
{
    struct proxy proxy;
    char url[256];
    cupel_wire *wire;

    proxy_start(&proxy, "\x04\xd2\x16\x2f", PROXY_CUT); /* asks for TLS */
    snprintf(url, sizeof url,
             "postgresql://postgres@127.0.0.1:%d/cupel?sslmode=allow",
             proxy.port);
    CHECK_OK(pg_connect_url(url, &wire));
    CHECK_INT(pg_int(wire, "select 1"), 1);
    PG->close(wire, PG_SOON);
    proxy_stop(&proxy);
}

static cupel_status
connect_in_vain(void *arg)
{
    cupel_wire *wire = NULL;
    cupel_url *url;
    cupel_status rc;

    rc = cupel_url_parse(arg, &url);
    if (rc == CUPEL_OK) {
        rc = PG->connect(url, cupel_deadline_in(300), &wire);
        cupel_url_free(url);
    }
    PG->free(wire);
    return rc;
}

TASK_TEST(a_silent_server_ends_at_the_deadline_and_holds_no_thread)
{
    enum { COUNT = 100 };
    int port, listener = proxy_listen(&port);
    cupel_future *futures[COUNT];
    cupel_time start = cupel_now();
    cupel_wire *wire;
    char url[128];
    int i;

    listen(listener, COUNT);
    snprintf(url, sizeof url, "postgresql://u@127.0.0.1:%d/d", port);
    for (i = 0; i < COUNT; i++) {
        futures[i] = cupel_future_call(connect_in_vain, url);
        CHECK_OK(cupel_future_spawn(futures[i]));
    }
    CHECK_OK(cupel_yield());
    wire = pg_wire(); /* needs workers */
    CHECK(!cupel_future_done(futures[0]));
    PG->close(wire, PG_SOON);
    for (i = 0; i < COUNT; i++) {
        CHECK_FAILS(cupel_await(futures[i]), CUPEL_E_TIMEOUT);
        CHECK(strstr(cupel_error_text(), "127.0.0.1") != NULL);
    }
    CHECK(cupel_now() - start < 5000);
    close(listener);
}

/* Packets that are dropped: where the queue of who wants to be accepted is
 * full, the first one of a connection already is. */
TASK_TEST(a_host_that_drops_packets_ends_at_the_deadline)
{
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    int port, listener = proxy_listen(&port), others[4];
    cupel_time start;
    char url[128];
    size_t i;

    listen(listener, 0);
    CHECK_INT(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    for (i = 0; i < 4; i++) {
        others[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)!connect(others[i], (struct sockaddr *)&address, size);
    }
    snprintf(url, sizeof url, "postgresql://u@127.0.0.1:%d/d", port);
    start = cupel_now();
    CHECK_FAILS(connect_in_vain(url), CUPEL_E_TIMEOUT);
    CHECK(cupel_now() - start >= 300 && cupel_now() - start <= 400);
    for (i = 0; i < 4; i++)
        close(others[i]);
    close(listener);
}

TASK_TEST(connect_timeout_counts_for_the_whole_connect)
{
    int port, listener = proxy_listen(&port);
    cupel_time start = cupel_now();
    cupel_wire *wire;
    char url[128];

    snprintf(url, sizeof url, "postgresql://u@127.0.0.1:%d/d?connect_timeout=1",
             port);
    CHECK_FAILS(pg_connect_url(url, &wire), CUPEL_E_TIMEOUT);
    CHECK(cupel_now() - start >= 900 && cupel_now() - start < 10000);
    close(listener);
}

TASK_TEST(a_server_that_hangs_up_refuses)
{
    struct proxy proxy;

    proxy_start(&proxy, "user", PROXY_CUT);
    check_refused(proxy_url(&proxy, ""), "");
    proxy_stop(&proxy);
}

TASK_TEST(the_session_is_set_up)
{
    cupel_wire *wire = pg_wire_with("&options=-c%20lock_timeout%3D1234");

    CHECK_INT(pg_int(wire, "select 1 where current_setting('application_name') "
                           "= 'cupel' and current_setting('DateStyle') like "
                           "'ISO%' and current_setting('client_encoding') = "
                           "'UTF8' and current_setting('lock_timeout') = "
                           "'1234ms' and current_setting("
                           "'client_connection_check_interval') = '500ms'"),
              1);
    PG->close(wire, PG_SOON);
    wire = pg_wire_with("&application_name=mine&pooler=transaction");
    CHECK_INT(pg_int(wire, "select 1 where current_setting('application_name') "
                           "= 'mine' and current_setting("
                           "'client_connection_check_interval') = '0'"),
              1);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_url_without_a_host_asks_the_environment)
{
    char url[128];
    cupel_wire *wire;

    CHECK_INT(setenv("PGHOST", test_env("CUPEL_TEST_PG_SOCKET_DIR"), 1), 0);
    snprintf(url, sizeof url, "postgresql://postgres@:%s/cupel",
             test_env("CUPEL_TEST_PG_PORT"));
    CHECK_OK(pg_connect_url(url, &wire));
    unsetenv("PGHOST");
    PG->close(wire, PG_SOON);
}

/* ---- Several hosts ------------------------------------------------------ */

/* A port at which nobody listens. */
static int
dead_port(void)
{
    int port, listener = proxy_listen(&port);

    close(listener);
    return port;
}

/* Connect by a url that names its hosts in its query. */
static cupel_status
connect_by(const char *query, int64_t span_ms, cupel_wire **out)
{
    char text[512];
    cupel_url *url;
    cupel_status rc;

    *out = NULL;
    snprintf(text, sizeof text,
             "postgresql://postgres@/cupel?sslmode=disable&%s", query);
    CHECK_OK(cupel_url_parse(text, &url));
    CHECK_OK(PG->check_url(url));
    rc = PG->connect(url, cupel_deadline_in(span_ms), out);
    cupel_url_free(url);
    return rc;
}

TASK_TEST(the_first_host_that_accepts_is_taken)
{
    const char *live = test_env("CUPEL_TEST_PG_PORT");
    int dead = dead_port();
    char query[256];
    cupel_wire *wire;

    snprintf(query, sizeof query, "host=127.0.0.1:%d&host=127.0.0.1:%s", dead,
             live);
    CHECK_OK(connect_by(query, 60000, &wire));
    CHECK_INT(pg_int(wire, "select 1"), 1);
    CHECK_STR(PQport(cup_pg_wire(wire)->conn), live);
    PG->close(wire, PG_SOON);

    snprintf(query, sizeof query,
             "host=nowhere.invalid,/nowhere,localhost,%s&port=%d,%d,%s,%s",
             test_env("CUPEL_TEST_PG_SOCKET_DIR"), dead, dead, live, live);
    CHECK_OK(connect_by(query, 60000, &wire));
    CHECK_STR(PQhost(cup_pg_wire(wire)->conn), "localhost");
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_silent_host_takes_its_share_of_the_time_only)
{
    int port, listener = proxy_listen(&port);
    cupel_time start = cupel_now();
    char query[256];
    cupel_wire *wire;

    snprintf(query, sizeof query, "host=127.0.0.1,127.0.0.1&port=%d,%s", port,
             test_env("CUPEL_TEST_PG_PORT"));
    CHECK_OK(connect_by(query, 8000, &wire));
    CHECK(cupel_now() - start >= 3000);
    CHECK_INT(pg_int(wire, "select 1"), 1);
    PG->close(wire, PG_SOON);
    close(listener);
}

TASK_TEST(a_silent_address_takes_its_share_of_its_hosts_time)
{
    int port, listener = proxy_listen(&port);
    char query[256];
    cupel_wire *wire;

    snprintf(query, sizeof query, "host=h&port=%d&hostaddr=127.0.0.1,127.0.0.2",
             port);
    CHECK_FAILS(connect_by(query, 1000, &wire), CUPEL_E_OPERATIONAL);
    CHECK(strstr(cupel_error_text(), "refused") != NULL);
    close(listener);
}

TASK_TEST(when_every_host_fails_each_has_its_say)
{
    int dead = dead_port();
    char query[256];
    cupel_wire *wire;

    snprintf(query, sizeof query, "host=127.0.0.1:%d&host=/nowhere", dead);
    CHECK_FAILS(connect_by(query, 60000, &wire), CUPEL_E_OPERATIONAL);
    CHECK(wire == NULL);
    CHECK(strstr(cupel_error_text(), "\"127.0.0.1\": ") != NULL);
    CHECK(strstr(cupel_error_text(), "; could not connect to \"/nowhere\"") !=
          NULL);
    CHECK(cupel_error_connection_lost(cupel_error_last()));
}

TASK_TEST(a_host_that_refuses_the_user_has_spoken_for_all)
{
    char text[512];
    cupel_wire *wire;

    snprintf(text, sizeof text,
             "postgresql://cupel:wrong@/cupel?host=127.0.0.1:%s&host=/nowhere",
             test_env("CUPEL_TEST_PG_PORT"));
    CHECK_FAILS(pg_connect_url(text, &wire), CUPEL_E_OPERATIONAL);
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "28P01");
    CHECK(strstr(cupel_error_text(), "nowhere") == NULL);
}

TASK_TEST(the_wanted_kind_of_server_is_looked_for_in_all_hosts)
{
    const char *live = test_env("CUPEL_TEST_PG_PORT");
    int dead = dead_port();
    char query[256];
    cupel_wire *wire;

    snprintf(query, sizeof query,
             "host=127.0.0.1:%d&host=127.0.0.1:%s&target_session_attrs=", dead,
             live);
    strcat(query, "read-write");
    CHECK_OK(connect_by(query, 60000, &wire));
    PG->close(wire, PG_SOON);
    strcpy(strstr(query, "read-write"), "prefer-standby");
    CHECK_OK(connect_by(query, 60000, &wire)); /* there is none to prefer */
    PG->close(wire, PG_SOON);
    strcpy(strstr(query, "prefer-standby"), "standby");
    CHECK_FAILS(connect_by(query, 60000, &wire), CUPEL_E_OPERATIONAL);
    CHECK(strstr(cupel_error_text(), "standby") != NULL);
}
