/* SPDX-License-Identifier: MIT */
/* libpq would ask for names inside its "nonblocking" connect and block there.
 * So we ask, on a worker that may hang for as long as the resolver does: who
 * waits goes at the deadline, and what the resolver finds later is dropped. */
#include "dialect/postgresql/resolve.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "task/offload.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <string.h>

enum { ADDRESSES_MAX = 16, LIST_MAX = 8192 };

/* One question. On the heap: the worker may still have it when we are gone. */
struct question {
    struct cup_job job;
    char *name;             /* owned */
    struct addrinfo *found; /* owned; NULL if `failure` is not 0 */
    int failure;            /* of getaddrinfo() */
};

static void
ask(struct cup_job *job)
{
    struct question *question = CUP_CONTAINER(job, struct question, job);
    struct addrinfo wanted = { .ai_family = AF_UNSPEC,
                               .ai_socktype = SOCK_STREAM };

    question->failure =
        getaddrinfo(question->name, NULL, &wanted, &question->found);
}

static void
drop(struct cup_job *job)
{
    struct question *question = CUP_CONTAINER(job, struct question, job);

    if (question->found != NULL)
        freeaddrinfo(question->found);
    cup_free(question->name);
    cup_free(question);
}

static bool
needs_no_answer(const char *host)
{
    unsigned char address[sizeof(struct in6_addr)];

    return host == NULL || host[0] == '/' || host[0] == '@' ||
           strchr(host, '%') != NULL ||
           inet_pton(AF_INET, host, address) == 1 ||
           inet_pton(AF_INET6, host, address) == 1;
}

/* As "a,b,c". */
static cupel_status
list_addresses(const struct addrinfo *found, char **out)
{
    char address[NI_MAXHOST];
    struct cup_buf list;
    size_t count = 0;
    cupel_status rc;

    cup_buf_init(&list, LIST_MAX);
    for (; found != NULL && count < ADDRESSES_MAX; found = found->ai_next) {
        if (getnameinfo(found->ai_addr, found->ai_addrlen, address,
                        sizeof address, NULL, 0, NI_NUMERICHOST) != 0)
            continue;
        if (count++ > 0)
            cup_buf_add_char(&list, ',');
        cup_buf_add_str(&list, address);
    }
    if (count > 0)
        *out = cup_buf_take(&list);
    rc = list.failed;
    cup_buf_fini(&list);
    return rc;
}

static cupel_status
unknown_host(const struct question *question)
{
    struct cupel_error *record;
    cupel_status rc;

    rc = cup_error_set(CUPEL_E_OPERATIONAL, "cannot resolve host \"%s\": %s",
                       question->name, gai_strerror(question->failure));
    record = cup_error_current();
    if (record != NULL) {
        record->connection_lost = true;
        record->retry_safe = question->failure == EAI_AGAIN;
    }
    return rc;
}

/* Yields. */
static cupel_status
ask_elsewhere(const char *host, cupel_time until, char **out)
{
    struct question *question = cup_alloc(sizeof *question);
    bool running = false;
    cupel_status rc;

    if (question == NULL)
        return cup_nomem();
    question->job.work = ask;
    question->job.drop = drop;
    question->name = cup_strdup(host);
    if (question->name == NULL)
        rc = cup_nomem();
    else
        rc = cup_offload(&question->job, CUP_LANE_LONG, until, &running);
    if (rc == CUPEL_OK)
        rc = question->failure == 0 ? list_addresses(question->found, out)
                                    : unknown_host(question);
    if (!running)
        drop(&question->job);
    return rc;
}

cupel_status
cup_pg_resolve(const char *host, cupel_time until, char **out)
{
    *out = NULL;
    return needs_no_answer(host) ? CUPEL_OK : ask_elsewhere(host, until, out);
}
