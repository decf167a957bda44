/* SPDX-License-Identifier: MIT */
/* A proxy in front of the test server, in a thread of its own, that does harm
 * on order: when the client's bytes hold a certain word, or at once. It listens
 * on the loopback and talks to the server's Unix socket. */
#ifndef TESTS_UNIT_DIALECT_POSTGRESQL_PROXY_H
#define TESTS_UNIT_DIALECT_POSTGRESQL_PROXY_H

#include "postgresql.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* What happens when the word was seen. */
enum proxy_harm {
    PROXY_NONE,
    PROXY_CUT,        /* it does not reach the server, and both sides end */
    PROXY_CUT_ANSWER, /* it does, but the client hears no more */
    PROXY_STALL,      /* it does, and the client waits for ever */
    PROXY_SILENT      /* nobody hears anything, from the first byte on */
};

enum { PROXY_PAIRS = 8, PROXY_CHUNK = 65536 };

/* A client and the connection to the server that was made for it. */
struct proxy_pair {
    int client; /* -1: free */
    int server; /* -1: not even asked */
    bool deaf;  /* the client hears no more */
};

struct proxy {
    pthread_t thread;
    int listener;
    int stop[2]; /* a pipe: 'f' freezes, 't' thaws, all else ends it */
    atomic_bool frozen;
    int port;
    atomic_int harm;
    char word[32];    /* set before the client connects */
    bool slice;       /* forward single bytes */
    atomic_int seen;  /* how often the word was */
    atomic_int pairs; /* accepted so far */
    struct proxy_pair pair[PROXY_PAIRS];
};

static inline int
proxy_dial(void)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "%.80s/.s.PGSQL.%.6s",
             test_env("CUPEL_TEST_PG_SOCKET_DIR"),
             test_env("CUPEL_TEST_PG_PORT"));
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        abort();
    return fd;
}

static inline void
proxy_end(struct proxy_pair *pair)
{
    if (pair->client >= 0)
        close(pair->client);
    if (pair->server >= 0)
        close(pair->server);
    pair->client = -1;
    pair->server = -1;
}

static inline void
proxy_write(const struct proxy *proxy, int fd, const char *data, ssize_t len)
{
    while (len > 0) {
        size_t some = proxy->slice ? 1 : (size_t)len;
        ssize_t sent = send(fd, data, some, MSG_NOSIGNAL);

        if (sent < 0)
            return; /* the reading side finds out */
        data += sent;
        len -= sent;
    }
}

static inline void
proxy_from_client(struct proxy *proxy, struct proxy_pair *pair)
{
    static char chunk[PROXY_CHUNK];
    ssize_t len = recv(pair->client, chunk, sizeof chunk, 0);
    int harm = PROXY_NONE;

    if (len <= 0) {
        proxy_end(pair);
        return;
    }
    if (proxy->word[0] != '\0' &&
        memmem(chunk, (size_t)len, proxy->word, strlen(proxy->word)) != NULL) {
        harm = atomic_load(&proxy->harm);
        atomic_fetch_add(&proxy->seen, 1);
    }
    if (pair->server < 0)
        return;
    if (harm == PROXY_STALL || harm == PROXY_CUT_ANSWER)
        pair->deaf = true;
    if (harm != PROXY_CUT)
        proxy_write(proxy, pair->server, chunk, len);
    if (harm == PROXY_CUT) {
        proxy_end(pair);
    } else if (harm == PROXY_CUT_ANSWER) {
        recv(pair->server, chunk, 1, MSG_PEEK); /* it has answered */
        proxy_end(pair);
    }
}

static inline void
proxy_from_server(struct proxy *proxy, struct proxy_pair *pair)
{
    static char chunk[PROXY_CHUNK];
    ssize_t len = recv(pair->server, chunk, sizeof chunk, 0);

    if (len <= 0 && !pair->deaf)
        proxy_end(pair);
    else if (len <= 0) {
        close(pair->server);
        pair->server = -1;
    } else if (!pair->deaf)
        proxy_write(proxy, pair->client, chunk, len);
}

static inline void
proxy_accept(struct proxy *proxy)
{
    int client = accept(proxy->listener, NULL, NULL);
    int i;

    for (i = 0; i < PROXY_PAIRS && proxy->pair[i].client >= 0; i++)
        continue;
    if (client < 0 || i == PROXY_PAIRS)
        abort();
    proxy->pair[i].client = client;
    proxy->pair[i].deaf = false;
    proxy->pair[i].server =
        atomic_load(&proxy->harm) == PROXY_SILENT ? -1 : proxy_dial();
    atomic_fetch_add(&proxy->pairs, 1);
}

/* What was written to the pipe; false if that is the end. */
static inline bool
proxy_obey(struct proxy *proxy)
{
    char order = '\0';

    if (read(proxy->stop[0], &order, 1) != 1 || order == '\0')
        return false;
    atomic_store(&proxy->frozen, order == 'f');
    return true;
}

/* A frozen proxy looks at nobody: a negative descriptor is passed over. */
static inline void
proxy_watch(const struct proxy *proxy, struct pollfd *fds)
{
    bool frozen = atomic_load(&proxy->frozen);
    int i;

    fds[1] = (struct pollfd){ frozen ? -1 : proxy->listener, POLLIN, 0 };
    for (i = 0; i < PROXY_PAIRS; i++) {
        const struct proxy_pair *pair = &proxy->pair[i];

        fds[2 + 2 * i] =
            (struct pollfd){ frozen ? -1 : pair->client, POLLIN, 0 };
        fds[3 + 2 * i] =
            (struct pollfd){ frozen ? -1 : pair->server, POLLIN, 0 };
    }
}

static inline void *
proxy_main(void *arg)
{
    struct proxy *proxy = arg;
    struct pollfd fds[2 + 2 * PROXY_PAIRS];
    int i;

    for (;;) {
        fds[0] = (struct pollfd){ proxy->stop[0], POLLIN, 0 };
        proxy_watch(proxy, fds);
        poll(fds, 2 + 2 * PROXY_PAIRS, -1);
        if (fds[0].revents != 0 && !proxy_obey(proxy))
            return NULL;
        if (atomic_load(&proxy->frozen))
            continue;
        for (i = 0; i < PROXY_PAIRS; i++) {
            if (fds[2 + 2 * i].revents != 0)
                proxy_from_client(proxy, &proxy->pair[i]);
            if (fds[3 + 2 * i].revents != 0 && proxy->pair[i].server >= 0)
                proxy_from_server(proxy, &proxy->pair[i]);
        }
        if (fds[1].revents != 0)
            proxy_accept(proxy);
    }
}

static inline int
proxy_listen(int *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int most = 64 * 1024; /* who does not read soon holds up the other end */

    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &most, sizeof most) != 0 ||
        bind(fd, (struct sockaddr *)&address, len) != 0 ||
        listen(fd, 16) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &len) != 0)
        abort();
    *port = ntohs(address.sin_port);
    return fd;
}

static inline void
proxy_start(struct proxy *proxy, const char *word, enum proxy_harm harm)
{
    int i;

    memset(proxy, 0, sizeof *proxy);
    snprintf(proxy->word, sizeof proxy->word, "%s", word);
    atomic_init(&proxy->harm, (int)harm);
    for (i = 0; i < PROXY_PAIRS; i++)
        proxy->pair[i] = (struct proxy_pair){ -1, -1, false };
    proxy->listener = proxy_listen(&proxy->port);
    CHECK_INT(pipe(proxy->stop), 0);
    CHECK_INT(pthread_create(&proxy->thread, NULL, proxy_main, proxy), 0);
}

static inline void
proxy_stop(struct proxy *proxy)
{
    int i;

    CHECK_INT(write(proxy->stop[1], "", 1), 1);
    pthread_join(proxy->thread, NULL);
    for (i = 0; i < PROXY_PAIRS; i++)
        proxy_end(&proxy->pair[i]);
    close(proxy->listener);
    close(proxy->stop[0]);
    close(proxy->stop[1]);
}

/* From now on nobody hears anything, as if the network were gone. Whoever
 * connects finds an open port that says nothing. */
static inline void
proxy_freeze(struct proxy *proxy)
{
    CHECK_INT(write(proxy->stop[1], "f", 1), 1);
    while (!atomic_load(&proxy->frozen))
        sched_yield();
}

/* And on it goes, with all that was waiting. */
static inline void
proxy_thaw(struct proxy *proxy)
{
    CHECK_INT(write(proxy->stop[1], "t", 1), 1);
    while (atomic_load(&proxy->frozen))
        sched_yield();
}

/* The url of the proxy, in a buffer of this function's. */
static inline const char *
proxy_url(const struct proxy *proxy, const char *query)
{
    static char url[256];

    snprintf(url, sizeof url,
             "postgresql://postgres@127.0.0.1:%d/cupel?sslmode=disable%s",
             proxy->port, query);
    return url;
}

/* A wire through the proxy. */
static inline cupel_wire *
proxy_wire(const struct proxy *proxy)
{
    cupel_wire *wire;

    CHECK_OK(pg_connect_url(proxy_url(proxy, ""), &wire));
    return wire;
}

#endif
