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
is_address(const char *host)
{
    unsigned char address[sizeof(struct in6_addr)];

    return strchr(host, '%') != NULL ||
           inet_pton(AF_INET, host, address) == 1 ||
           inet_pton(AF_INET6, host, address) == 1;
}

/* "host,host,host": libpq wants as many names as there are addresses. */
static cupel_status
repeat_host(struct cup_pg_options *options, size_t times)
{
    const char *host = cup_pg_options_get(options, "host");
    struct cup_buf list;
    cupel_status rc;

    if (host == NULL || times < 2)
        return CUPEL_OK;
    cup_buf_init(&list, LIST_MAX);
    for (; times > 0; times--) {
        cup_buf_add_str(&list, host);
        if (times > 1)
            cup_buf_add_char(&list, ',');
    }
    rc = list.failed;
    if (rc == CUPEL_OK)
        rc = cup_pg_options_set(options, "host", list.data);
    cup_buf_fini(&list);
    return rc;
}

static cupel_status
take_addresses(struct cup_pg_options *options, const struct addrinfo *found)
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
    rc = list.failed;
    if (rc == CUPEL_OK && count > 0)
        rc = cup_pg_options_set(options, "hostaddr", list.data);
    if (rc == CUPEL_OK)
        rc = repeat_host(options, count);
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

static size_t
count_of(const char *list)
{
    size_t count = 1;

    for (; *list != '\0'; list++)
        count += *list == ',';
    return count;
}

/* Yields. */
static cupel_status
ask_elsewhere(struct cup_pg_options *options, const char *host,
              cupel_time until)
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
        rc = question->failure == 0 ? take_addresses(options, question->found)
                                    : unknown_host(question);
    if (!running)
        drop(&question->job);
    return rc;
}

cupel_status
cup_pg_resolve(struct cup_pg_options *options, cupel_time until)
{
    const char *host = cup_pg_options_get(options, "host");
    const char *addresses = cup_pg_options_get(options, "hostaddr");

    if (addresses != NULL)
        return repeat_host(options, count_of(addresses));
    if (options->place == CUP_PG_SOCKET || is_address(host))
        return CUPEL_OK;
    return ask_elsewhere(options, host, until);
}
