/* SPDX-License-Identifier: MIT */
/* A server that says what the test has written down, in a thread of its own:
 * whatever it is, to the n-th Sync it answers with the n-th part of a script.
 * The first part answers the start of the session. */
#ifndef TESTS_UNIT_DIALECT_POSTGRESQL_FAKE_SERVER_H
#define TESTS_UNIT_DIALECT_POSTGRESQL_FAKE_SERVER_H

#include "postgresql_proxy.h"

#include "base/buf.h"

enum { FAKE_PARTS = 8 };

struct fake_server {
    pthread_t thread;
    int listener;
    int port;
    struct cup_buf parts[FAKE_PARTS];
    size_t part_count;
    bool repeat_last; /* say it again and again until nobody listens */
    bool hang_up;     /* after the last part, instead of listening on */
};

/* ---- Messages -------------------------------------------------------- */

static inline struct cup_buf *
fake_part(struct fake_server *server)
{
    return &server->parts[server->part_count - 1];
}

/* Begin what is said after the next Sync. */
static inline void
fake_next(struct fake_server *server)
{
    assert_true(server->part_count < FAKE_PARTS);
    cup_buf_init(&server->parts[server->part_count++], 1024 * 1024);
}

static inline void
fake_32(struct cup_buf *buf, uint32_t number)
{
    uint32_t bytes = htonl(number);

    cup_buf_add(buf, &bytes, sizeof bytes);
}

static inline void
fake_16(struct cup_buf *buf, uint16_t number)
{
    uint16_t bytes = htons(number);

    cup_buf_add(buf, &bytes, sizeof bytes);
}

static inline void
fake_raw(struct fake_server *server, const void *data, size_t len)
{
    cup_buf_add(fake_part(server), data, len);
}

static inline void
fake_message(struct fake_server *server, char type, const void *body,
             size_t len)
{
    struct cup_buf *buf = fake_part(server);

    cup_buf_add_char(buf, type);
    fake_32(buf, (uint32_t)len + 4);
    cup_buf_add(buf, body, len);
}

/* A row description of one column of this type, in this format. */
static inline void
fake_columns(struct fake_server *server, uint32_t oid, uint16_t format)
{
    struct cup_buf body;

    cup_buf_init(&body, 1024);
    fake_16(&body, 1);
    cup_buf_add(&body, "c", 2);
    fake_32(&body, 0);
    fake_16(&body, 0);
    fake_32(&body, oid);
    fake_16(&body, (uint16_t)-1);
    fake_32(&body, (uint32_t)-1);
    fake_16(&body, format);
    fake_message(server, 'T', body.data, body.len);
    cup_buf_fini(&body);
}

static inline void
fake_row(struct fake_server *server, const void *cell, size_t len)
{
    struct cup_buf body;

    cup_buf_init(&body, 1024 * 1024);
    fake_16(&body, 1);
    fake_32(&body, (uint32_t)len);
    cup_buf_add(&body, cell, len);
    fake_message(server, 'D', body.data, body.len);
    cup_buf_fini(&body);
}

/* The usual answers: to Parse and Describe ... */
static inline void
fake_described(struct fake_server *server, uint32_t oid)
{
    fake_next(server);
    fake_message(server, '1', "", 0);
    fake_message(server, 't', "\0\0", 2);
    fake_columns(server, oid, 0);
    fake_message(server, 'Z', "I", 1);
}

/* ... and to Bind and Execute, around the rows. */
static inline void
fake_bound(struct fake_server *server, uint32_t oid, uint16_t format)
{
    fake_next(server);
    fake_message(server, '2', "", 0);
    fake_columns(server, oid, format);
}

static inline void
fake_complete(struct fake_server *server, const char *tag)
{
    fake_message(server, 'C', tag, strlen(tag) + 1);
    fake_message(server, 'Z', "I", 1);
}

/* A whole statement that gives one cell, prepared first. */
static inline void
fake_cell(struct fake_server *server, uint32_t oid, const void *cell,
          size_t len)
{
    fake_described(server, oid);
    fake_bound(server, oid, 1);
    fake_row(server, cell, len);
    fake_complete(server, "SELECT 1");
}

/* ---- The server ------------------------------------------------------ */

static inline bool
fake_read(int fd, char *to, size_t len)
{
    while (len > 0) {
        ssize_t got = recv(fd, to, len, 0);

        if (got <= 0)
            return false;
        to += got;
        len -= (size_t)got;
    }
    return true;
}

/* Pass over the messages up to a Sync; false when the client is gone. */
static inline bool
fake_await_sync(int fd)
{
    static char body[256 * 1024];
    char head[5];
    uint32_t len;

    do {
        if (!fake_read(fd, head, sizeof head))
            return false;
        memcpy(&len, head + 1, sizeof len);
        len = ntohl(len) - 4;
        if (len > sizeof body || !fake_read(fd, body, len))
            return false;
    } while (head[0] != 'S');
    return true;
}

static inline bool
fake_say(int fd, const struct cup_buf *part)
{
    size_t sent = 0;

    while (sent < part->len) {
        ssize_t some =
            send(fd, part->data + sent, part->len - sent, MSG_NOSIGNAL);

        if (some < 0)
            return false;
        sent += (size_t)some;
    }
    return true;
}

static inline void
fake_serve(struct fake_server *server, int fd)
{
    static char body[4096];
    uint32_t len;
    size_t i;

    if (!fake_read(fd, (char *)&len, sizeof len) ||
        !fake_read(fd, body, ntohl(len) - 4))
        return;
    for (i = 0; i < server->part_count; i++) {
        if ((i > 0 && !fake_await_sync(fd)) || !fake_say(fd, &server->parts[i]))
            return;
    }
    while (server->repeat_last && fake_say(fd, fake_part(server)))
        continue;
    while (!server->hang_up && fake_read(fd, body, 1))
        continue;
}

static inline void *
fake_main(void *arg)
{
    struct fake_server *server = arg;
    int fd;

    while ((fd = accept(server->listener, NULL, NULL)) >= 0) {
        fake_serve(server, fd);
        close(fd);
    }
    return NULL;
}

/* A script that starts a session; the test goes on with fake_next(). */
static inline void
fake_init(struct fake_server *server)
{
    static const char version[] = "server_version\0"
                                  "13.0";

    memset(server, 0, sizeof *server);
    fake_next(server);
    fake_message(server, 'R', "\0\0\0", 4);
    fake_message(server, 'S', version, sizeof version);
    fake_message(server, 'K', "\0\0\0\1\0\0\0\2", 8);
    fake_message(server, 'Z', "I", 1);
}

static inline void
fake_start(struct fake_server *server)
{
    server->listener = proxy_listen(&server->port);
    CHECK_INT(pthread_create(&server->thread, NULL, fake_main, server), 0);
}

/* Start the server and connect to it. */
static inline cupel_wire *
fake_wire(struct fake_server *server)
{
    cupel_wire *wire;
    char url[128];

    fake_start(server);
    snprintf(url, sizeof url, "postgresql://u@127.0.0.1:%d/d?sslmode=disable",
             server->port);
    CHECK_OK(pg_connect_url(url, &wire));
    return wire;
}

/* After the wire was closed. Keeps the script. */
static inline void
fake_end(struct fake_server *server)
{
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->listener);
}

static inline void
fake_stop(struct fake_server *server)
{
    size_t i;

    fake_end(server);
    for (i = 0; i < server->part_count; i++)
        cup_buf_fini(&server->parts[i]);
}

#endif
