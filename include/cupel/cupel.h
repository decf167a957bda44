/* SPDX-License-Identifier: MIT */
/**
 * @file
 * All of cupel: `#include <cupel/cupel.h>`.
 */
#ifndef CUPEL_CUPEL_H
#define CUPEL_CUPEL_H

#include <cupel/async.h>
#include <cupel/common.h>
#include <cupel/connection.h>
#include <cupel/engine.h>
#include <cupel/error.h>
#include <cupel/event.h>
#include <cupel/handles.h>
#include <cupel/info.h>
#include <cupel/options.h>
#include <cupel/pool.h>
#include <cupel/result.h>
#include <cupel/sql.h>
#include <cupel/task.h>
#include <cupel/transaction.h>
#include <cupel/url.h>
#include <cupel/value.h>

#endif
