/* SPDX-License-Identifier: MIT */
/* The lists of listeners that an engine has: of its own events, of its
 * dialect's, of its pool's. */
#ifndef CUP_ENGINE_LISTEN_H
#define CUP_ENGINE_LISTEN_H

#include <cupel/engine.h>

/* Make the lists of a new engine. A child (`parent` not NULL) has its own list
 * in front of its parent's, and shares the other two. NOMEM: whatever was made
 * goes with cup_listeners_fini(). */
cupel_status
cup_listeners_init(cupel_engine *engine, const cupel_engine *parent);

void
cup_listeners_fini(cupel_engine *engine);

#endif
