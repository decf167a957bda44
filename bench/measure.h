/* SPDX-License-Identifier: MIT */
/* The clock and the result line that both sides of a comparison share. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

/* Elapsed and processor time at one moment, in seconds. */
struct measure {
    double elapsed;
    double cpu;
};

static inline double
measure_clock(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static inline struct measure
measure_now(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (struct measure){
        .elapsed = measure_clock(),
        .cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
               (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6,
    };
}

/* One line: operations, seconds, processor seconds, and a checksum that the
 * two sides must agree on. */
static inline void
measure_report(struct measure start, uint64_t operations, uint64_t checksum)
{
    struct measure end = measure_now();

    printf("%llu %.6f %.6f %llu\n", (unsigned long long)operations,
           end.elapsed - start.elapsed, end.cpu - start.cpu,
           (unsigned long long)checksum);
}

#endif
