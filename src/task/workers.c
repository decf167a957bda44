/* SPDX-License-Identifier: MIT */
/* The worker threads. A lane starts a thread when a job finds nobody parked, up
 * to its limit; a parked thread stays for the next job. Everything about a job,
 * the loops' done lists included, changes under the lock of its lane, so that a
 * job is always in exactly one place. */
#include "task/workers.h"

#include "base/alloc.h"
#include "base/assert.h"
#include "base/error.h"
#include "task/inner.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>

enum {
    SHORT_LEAST = 4, /* threads, even where there are fewer cores */
    LONG_MOST = 32,  /* threads */
    WORKER_STACK = 2 * 1024 * 1024 /* bytes */
};

/* One thread. Owned by who joins it: cup_workers_leave(). */
struct worker {
    pthread_t thread;
    struct lane *lane;
    struct cup_list link; /* in lane.workers */
    bool quit;            /* end when the queue is empty */
};

struct lane {
    pthread_mutex_t lock;
    pthread_cond_t news;     /* a job came, or somebody is to quit */
    struct cup_list queue;   /* of cup_job.link */
    struct cup_list workers; /* of worker.link */
    size_t queued;
    size_t parked;
    size_t count; /* workers */
    size_t limit; /* most of them; 0: not asked yet */
};

#define LANE(i)                                                              \
    {                                                                        \
        .lock = PTHREAD_MUTEX_INITIALIZER, .news = PTHREAD_COND_INITIALIZER, \
        .queue = { &lanes[i].queue, &lanes[i].queue },                       \
        .workers = { &lanes[i].workers, &lanes[i].workers },                 \
    }

static struct lane lanes[] = {
    [CUP_LANE_SHORT] = LANE(CUP_LANE_SHORT),
    [CUP_LANE_LONG] = LANE(CUP_LANE_LONG),
};

static pthread_mutex_t users_lock = PTHREAD_MUTEX_INITIALIZER;
static size_t users; /* loops */

/* ---- A worker's life ---------------------------------------------------- */

/* The loop lives as long as the job is not collected, which needs the lock. */
static void
hand_back(struct cup_job *job)
{
    struct cup_list *done = &job->loop->done[job->lane];
    bool first = cup_list_empty(done);

    job->state = CUP_JOB_DONE;
    cup_list_push(done, &job->link);
    if (first)
        uv_async_send(&job->loop->async);
}

static void *
worker_main(void *arg)
{
    struct worker *worker = arg;
    struct lane *lane = worker->lane;
    struct cup_list *link;
    struct cup_job *job;

    pthread_mutex_lock(&lane->lock);
    for (;;) {
        link = cup_list_pop(&lane->queue);
        if (link == NULL && worker->quit)
            break;
        if (link == NULL) {
            lane->parked++;
            pthread_cond_wait(&lane->news, &lane->lock);
            lane->parked--;
            continue;
        }
        lane->queued--;
        job = CUP_CONTAINER(link, struct cup_job, link);
        job->state = CUP_JOB_RUNNING;
        pthread_mutex_unlock(&lane->lock);
        job->work(job);
        pthread_mutex_lock(&lane->lock);
        hand_back(job);
    }
    pthread_mutex_unlock(&lane->lock);
    return NULL;
}

/* Signals are for the program's own threads, so all are blocked here. */
static int
start_thread(struct worker *worker)
{
    pthread_attr_t attr;
    sigset_t all, before;
    int failed = pthread_attr_init(&attr);

    if (failed != 0)
        return failed;
    pthread_attr_setstacksize(&attr, WORKER_STACK);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    failed = pthread_create(&worker->thread, &attr, worker_main, worker);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attr);
    return failed;
}

static size_t
limit_of(const struct lane *lane)
{
    size_t cores = uv_available_parallelism();

    if (lane == &lanes[CUP_LANE_LONG])
        return LONG_MOST;
    return cores > SHORT_LEAST ? cores : SHORT_LEAST;
}

/* Under the lane's lock. A failure matters only if nobody else is there. */
static cupel_status
add_worker(struct lane *lane)
{
    struct worker *worker = cup_alloc(sizeof *worker);
    int failed;

    if (worker == NULL)
        return lane->count > 0 ? CUPEL_OK : cup_nomem();
    worker->lane = lane;
    failed = start_thread(worker);
    if (failed != 0) {
        cup_free(worker);
        if (lane->count > 0)
            return CUPEL_OK;
        return cup_error_set(CUPEL_E_OPERATIONAL,
                             "cannot start a worker thread: %s",
                             strerror(failed));
    }
    cup_list_push(&lane->workers, &worker->link);
    lane->count++;
    return CUPEL_OK;
}

/* ---- Loops come and go -------------------------------------------------- */

void
cup_workers_enter(void)
{
    pthread_mutex_lock(&users_lock);
    users++;
    pthread_mutex_unlock(&users_lock);
}

/* Take the workers away and tell them; whoever submits now starts new ones. */
static void
dismiss(struct lane *lane, struct cup_list *gone)
{
    struct cup_list *link;

    pthread_mutex_lock(&lane->lock);
    while ((link = cup_list_pop(&lane->workers)) != NULL) {
        CUP_CONTAINER(link, struct worker, link)->quit = true;
        cup_list_push(gone, link);
    }
    lane->count = 0;
    pthread_cond_broadcast(&lane->news);
    pthread_mutex_unlock(&lane->lock);
}

void
cup_workers_leave(void)
{
    struct cup_list gone, *link;
    struct worker *worker;
    bool last;

    pthread_mutex_lock(&users_lock);
    last = --users == 0;
    pthread_mutex_unlock(&users_lock);
    if (!last)
        return;
    cup_list_init(&gone);
    dismiss(&lanes[CUP_LANE_SHORT], &gone);
    dismiss(&lanes[CUP_LANE_LONG], &gone);
    while ((link = cup_list_pop(&gone)) != NULL) {
        worker = CUP_CONTAINER(link, struct worker, link);
        pthread_join(worker->thread, NULL);
        cup_free(worker);
    }
}

/* In a child, which has none of the threads. Their memory is left alone. */
void
cup_workers_after_fork(void)
{
    for (size_t i = 0; i < sizeof lanes / sizeof lanes[0]; i++) {
        struct lane *lane = &lanes[i];

        pthread_mutex_init(&lane->lock, NULL);
        pthread_cond_init(&lane->news, NULL);
        cup_list_init(&lane->queue);
        cup_list_init(&lane->workers);
        lane->queued = lane->parked = lane->count = 0;
    }
    pthread_mutex_init(&users_lock, NULL);
    users = 0;
}

/* ---- A job's way -------------------------------------------------------- */

cupel_status
cup_workers_submit(struct cup_job *job)
{
    struct lane *lane = &lanes[job->lane];
    cupel_status rc = CUPEL_OK;

    pthread_mutex_lock(&lane->lock);
    CUP_ASSERT(job->state == CUP_JOB_OURS);
    if (lane->limit == 0)
        lane->limit = limit_of(lane);
    if (lane->queued >= lane->parked && lane->count < lane->limit)
        rc = add_worker(lane);
    if (rc == CUPEL_OK) {
        job->state = CUP_JOB_QUEUED;
        cup_list_push(&lane->queue, &job->link);
        lane->queued++;
    }
    pthread_mutex_unlock(&lane->lock);
    if (rc == CUPEL_OK)
        pthread_cond_signal(&lane->news);
    return rc;
}

enum cup_job_state
cup_workers_withdraw(struct cup_job *job)
{
    struct lane *lane = &lanes[job->lane];
    enum cup_job_state was;

    pthread_mutex_lock(&lane->lock);
    was = (enum cup_job_state)job->state;
    if (was == CUP_JOB_QUEUED)
        lane->queued--;
    if (was == CUP_JOB_QUEUED || was == CUP_JOB_DONE) {
        cup_list_remove(&job->link);
        job->state = CUP_JOB_OURS;
    }
    pthread_mutex_unlock(&lane->lock);
    return was;
}

static void
collect_lane(struct cupel_loop *loop, int i, struct cup_list *jobs)
{
    struct cup_list *link;

    pthread_mutex_lock(&lanes[i].lock);
    while ((link = cup_list_pop(&loop->done[i])) != NULL) {
        CUP_CONTAINER(link, struct cup_job, link)->state = CUP_JOB_OURS;
        cup_list_push(jobs, link);
    }
    pthread_mutex_unlock(&lanes[i].lock);
}

void
cup_workers_collect(struct cupel_loop *loop, struct cup_list *jobs)
{
    collect_lane(loop, CUP_LANE_SHORT, jobs);
    collect_lane(loop, CUP_LANE_LONG, jobs);
}
