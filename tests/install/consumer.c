/* SPDX-License-Identifier: MIT */
/* A user's program, built against the installed library only. It also compiles
 * as C++. */
#include <cupel/cupel.h>

#include <stdio.h>

static cupel_status
wait_a_little(void *arg)
{
    *(bool *)arg = cupel_in_task();
    return cupel_sleep(1);
}

int
main(void)
{
    bool was_in_task = false;
    cupel_status rc;

    if (cupel_version_number() != CUPEL_VERSION_NUMBER)
        return 1;
    rc = cupel_run(wait_a_little, &was_in_task);
    if (rc != CUPEL_OK || !was_in_task)
        return 1;
    printf("cupel %s\n", cupel_version());
    return 0;
}
