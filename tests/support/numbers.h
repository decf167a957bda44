/* SPDX-License-Identifier: MIT */
/* A table of numbers on the fake database, and results over it. */
#ifndef TESTS_SUPPORT_NUMBERS_H
#define TESTS_SUPPORT_NUMBERS_H

#include "support/fake_engine.h"

/* An engine and a connection with a table item of `count` rows, ids from 1. */
struct numbers {
    cupel_engine *engine;
    cupel_connection *conn;
};

/* Yields. */
void
numbers_open(struct numbers *numbers, int64_t count);

/* Yields. */
void
numbers_close(struct numbers *numbers);

/* Their ids in order, buffered. Yields. */
cupel_result *
numbers_buffered(struct numbers *numbers);

/* The same as a stream with batches of `yield_per`. Yields. */
cupel_result *
numbers_stream(struct numbers *numbers, int64_t yield_per);

#endif
