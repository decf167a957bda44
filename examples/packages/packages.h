/* SPDX-License-Identifier: MIT */
/* The parts of the example: see main.c. */
#ifndef PACKAGES_PACKAGES_H
#define PACKAGES_PACKAGES_H

#include <cupel/cupel.h>

enum { KINDS_OF_RELATION = 4 };

/* One installed package. What the file does not say is NULL. */
struct package {
    char *status, *name, *version, *section, *maintainer, *size_kib;
    char *description; /* the first line is the summary */
    char *body;        /* the other lines */
    char *lists[KINDS_OF_RELATION];
};

/* One name in a package's list: "libc6 (>= 2.34) | musl" are two of the same
 * slot, the second of which is alternative 1. */
struct relation {
    size_t package; /* index of whose it is */
    const char *kind, *target, *version;
    int slot, alternative;
};

/* The package database of this machine. */
struct dpkg {
    char *text; /* the file's, cut into pieces that the others point at */
    struct package *packages;
    size_t package_count;
    struct relation *relations;
    size_t relation_count;
};

/* Read a status file. On failure the reason is printed. */
bool
dpkg_read(const char *path, struct dpkg *out);

void
dpkg_free(struct dpkg *dpkg);

/* What the parts hand to each other. */
struct program {
    const char *url;
    cupel_engine *engine;
    struct dpkg dpkg;
    size_t rows;    /* loaded */
    size_t answers; /* questions that were answered */
};

/* Make the tables and fill them, in one transaction. Yields. */
cupel_status
load(struct program *program);

/* Ask many questions from many tasks at once. Yields. */
cupel_status
ask_questions(struct program *program);

/* A line on the terminal that the next one replaces; nothing in a log. */
void
progress(const char *what, size_t done, size_t total);

#endif
