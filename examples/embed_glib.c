/* SPDX-License-Identifier: MIT */
/* cupel inside a GLib main loop: a GSource of some thirty lines, so that tasks
 * run between the callbacks of a GTK or D-Bus program. */
#include <cupel/task.h>

#include <glib-unix.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>

enum { TASKS = 3 };

/* ---- The source --------------------------------------------------------- */

struct cupel_source {
    GSource source;
    cupel_loop *loop;
};

static cupel_loop *
loop_of(GSource *source)
{
    return ((struct cupel_source *)source)->loop;
}

static gboolean
is_due(GSource *source)
{
    return cupel_loop_deadline(loop_of(source)) <= cupel_now();
}

static gboolean
prepare(GSource *source, gint *timeout)
{
    cupel_time until = cupel_loop_deadline(loop_of(source));

    *timeout = -1;
    if (until != CUPEL_FOREVER)
        *timeout = (gint)CLAMP(until - cupel_now(), 0, G_MAXINT);
    return *timeout == 0;
}

/* GLib asks this after its poll; it watches the descriptor by itself. */
static gboolean
check(GSource *source)
{
    return is_due(source);
}

static gboolean
dispatch(GSource *source, GSourceFunc callback, gpointer data)
{
    (void)callback;
    (void)data;
    if (cupel_loop_step(loop_of(source)) != CUPEL_OK)
        g_warning("%s", cupel_error_text());
    return G_SOURCE_CONTINUE;
}

static GSourceFuncs functions = { prepare, check, dispatch, NULL, NULL, NULL };

/* Attach `loop` to the main loop of this thread. */
static GSource *
attach(cupel_loop *loop)
{
    GSource *source = g_source_new(&functions, sizeof(struct cupel_source));

    ((struct cupel_source *)source)->loop = loop;
    g_source_add_unix_fd(source, cupel_loop_fd(loop), G_IO_IN);
    g_source_attach(source, NULL);
    return source;
}

/* ---- A program that uses it --------------------------------------------- */

struct program {
    GMainLoop *main_loop;
    int left; /* tasks */
    int ticks;
};

static cupel_status
nap(void *arg)
{
    int *span_ms = arg;
    cupel_status rc = cupel_sleep(*span_ms);

    if (rc == CUPEL_OK)
        rc = cupel_sleep(*span_ms);
    return rc;
}

static void
count_down(cupel_status status, const cupel_error *error, void *arg)
{
    struct program *program = arg;

    if (status != CUPEL_OK)
        g_warning("%s", cupel_error_message(error));
    if (--program->left == 0)
        g_main_loop_quit(program->main_loop);
}

static gboolean
tick(gpointer data)
{
    struct program *program = data;

    program->ticks++;
    return G_SOURCE_CONTINUE;
}

int
main(void)
{
    struct program program = { g_main_loop_new(NULL, FALSE), TASKS, 0 };
    int spans_ms[TASKS] = { 10, 20, 30 }, i;
    cupel_loop *loop;
    GSource *source;
    guint timer;

    if (cupel_loop_new(&loop) != CUPEL_OK) {
        fprintf(stderr, "%s\n", cupel_error_text());
        return EXIT_FAILURE;
    }
    source = attach(loop);
    timer = g_timeout_add(5, tick, &program);
    for (i = 0; i < TASKS; i++)
        cupel_future_then(cupel_future_call(nap, &spans_ms[i]), count_down,
                          &program);
    g_main_loop_run(program.main_loop);

    g_source_remove(timer);
    g_source_destroy(source);
    g_source_unref(source);
    g_main_loop_unref(program.main_loop);
    if (cupel_loop_free(loop) != CUPEL_OK || program.ticks == 0)
        return EXIT_FAILURE;
    printf("%d tasks slept in a GLib loop beside %d ticks\n", TASKS,
           program.ticks);
    return EXIT_SUCCESS;
}
